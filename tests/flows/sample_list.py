"""A small list of its own, as the files of a repository."""

from __future__ import annotations

import io
import tempfile
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kdbot.flows.list.build import build

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]

SETTINGS = """\
title = "A List of Papers"

[summary]
rows = "skills"
columns = ["methods"]

[bot]
login = "github-actions[bot]"
id = 41898282
"""

TAXONOMY = """\
categories:
  - id: methods
    title: Methods
    categories:
      - id: labeling
        title: Labeling
      - id: divergence-and-similarity
        title: Divergence and Similarity
  - id: skills
    title: Skills
    categories:
      - id: planning
        title: Planning
"""

REGIONS = ("badges", "update-log", "audit", "contents", "tables", "summary")

README = "# A List of Papers\n\n" + "\n".join(
    f"<!-- kdbot:begin {name} -->\n<!-- kdbot:end {name} -->\n" for name in REGIONS
)

LISTED = """\
title: "MiniLLM: Knowledge Distillation of Large Language Models"
arxiv: "2306.08543"
venue: ICLR
date: 2023-06
code: [https://github.com/microsoft/LMOps/tree/main/minillm]
categories:
  - methods/divergence-and-similarity
added: 2024-02-22
"""

FILES = {
    "kdbot.toml": SETTINGS,
    "README.md": README,
    "papers/2306.08543.yaml": LISTED,
    "schema/taxonomy.yaml": TAXONOMY,
    "schema/paper.schema.json": (ROOT / "schema" / "paper.schema.json").read_text("utf-8"),
    "schema/venues.yaml": (ROOT / "schema" / "venues.yaml").read_text("utf-8"),
}


def sample_files(folder: Path | None = None) -> dict[str, str]:
    """Return the list's files with everything derived from them, and write them below a folder."""
    files = dict(_built())
    if folder is not None:
        _write(files, folder)
    return files


@cache
def _built() -> Mapping[str, str]:
    """Build the list once for all tests of a process."""
    with tempfile.TemporaryDirectory(prefix="kdbot-") as name:
        folder = Path(name)
        _write(FILES, folder)
        with redirect_stdout(io.StringIO()):
            assert build(folder, check=False, environment={"GITHUB_REPOSITORY": "kd/demo"}) == 0
        return {
            path.relative_to(folder).as_posix(): path.read_text("utf-8")
            for path in folder.rglob("*")
            if path.is_file() and not path.is_relative_to(folder / "site")
        }


def _write(files: Mapping[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def form(
    paper: str = "https://arxiv.org/abs/2402.12030",
    title: str = "Towards Cross-Tokenizer Distillation",
    categories: str = "Methods > Labeling",
    **answers: str,
) -> str:
    """Return the body that GitHub writes for an answered form."""
    fields = {
        "Paper link or identifier": paper,
        "Title": title,
        "Venue": answers.get("venue", ""),
        "Date": answers.get("date", ""),
        "Code": answers.get("code", ""),
        "Data": answers.get("data", ""),
        "Categories": categories,
        "Remarks": answers.get("remarks", ""),
    }
    return "\n\n".join(f"### {k}\n\n{v or '_No response_'}" for k, v in fields.items())
