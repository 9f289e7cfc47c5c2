"""Another list than this repository's: other categories, columns of its own, another title.

It is what `kdbot init` makes of a README, with two fields more in its schema. Nothing but files of
the list is changed for it.
"""

from __future__ import annotations

import json
from pathlib import Path

from kdbot.flows.list.build import build
from kdbot.flows.list.initialize import InitOptions, initialize

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "tests/data/initialize/README.md"
BOT = f"octo/kdbot@{'1' * 40}"

OWN_FIELDS = {
    "method": {
        "title": "Method",
        "description": "How the soil is looked at.",
        "type": "array",
        "items": {"type": "string", "enum": ["probe", "simulation", "satellite"]},
        "maxItems": 3,
        "uniqueItems": True,
        "examples": [["probe"]],
    },
    "weights": {
        "title": "Weights",
        "description": "Addresses of trained weights.",
        "type": "array",
        "items": {"type": "string", "format": "uri", "minLength": 10, "maxLength": 500},
        "maxItems": 4,
        "uniqueItems": True,
        "examples": [["https://huggingface.co/octo/loam"]],
    },
}
COLUMNS = ["title", "venue", "date", "model", "task", "stars", "method", "weights"]


def second_list(folder: Path) -> None:
    """Start the list in a folder and give it its own fields, as its maintainer would."""
    options = InitOptions(source=(SOURCE,), repository="kd/demo", bot=BOT)
    assert initialize(folder, options, None) == 0
    schema_file = folder / "schema/paper.schema.json"
    schema = json.loads(schema_file.read_text("utf-8"))
    schema["properties"] |= OWN_FIELDS
    schema["properties"]["stars"]["pattern"] = "^[0-9]+(?![\\s\\S])"
    schema_file.write_text(json.dumps(schema, indent=2) + "\n", "utf-8")
    form = [*COLUMNS, "categories"]
    (folder / "kdbot.toml").write_text(
        'title = "Awesome Soil Models"\n'
        f"form = {json.dumps(form)}\n\n[tables]\ncolumns = {json.dumps(COLUMNS)}\n",
        "utf-8",
    )
    assert build(folder, check=False, environment={"GITHUB_REPOSITORY": "kd/demo"}) == 0


def files_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_relative_to(folder / "site")
    }
