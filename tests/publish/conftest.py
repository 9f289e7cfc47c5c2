"""A small list to publish: a taxonomy of three levels, a schema and a few papers."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kdbot.model.collection import Collection, identities_of
from kdbot.model.paper import Paper
from kdbot.model.schema import PaperSchema, parse_schema
from kdbot.model.settings import Settings, SummarySettings
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.model.venue import Venue, Venues

ROOT = Path(__file__).resolve().parents[2]


def _category(path: str, title: str, *, leaf: bool = True, note: str | None = None) -> Category:
    return Category(path=path, title=title, note=note, depth=path.count("/"), leaf=leaf)


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return Taxonomy(
        categories=(
            _category("methods", "Methods", leaf=False),
            _category("methods/search", "Search & Sampling", leaf=False),
            _category("methods/search/beam", "Beam", note="Only the <best> stand here."),
            _category("methods/search/random", "Random"),
            _category("tasks", "Tasks", leaf=False),
            _category("tasks/code", "Code"),
            _category("tasks/law", "Law"),
            _category("misc", "Misc."),
        )
    )


@pytest.fixture(scope="session")
def schema() -> PaperSchema:
    return parse_schema(json.loads((ROOT / "schema/paper.schema.json").read_text("utf-8")))


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(
        title="Awesome Examples",
        survey="2402.13116",
        summary=SummarySettings(rows="tasks", columns=("methods/search",)),
    )


@pytest.fixture(scope="session")
def collect(taxonomy: Taxonomy, schema: PaperSchema) -> Callable[..., Collection]:
    def build(*papers: Paper, **other: Any) -> Collection:
        values = {
            "papers": {paper.id: paper for paper in papers},
            "identities": identities_of(papers),
            "schema": schema,
            "taxonomy": taxonomy,
            "venues": Venues(venues=(Venue(name="ICLR"),)),
        }
        return Collection(**{**values, **other})

    return build


@pytest.fixture(scope="session")
def papers() -> tuple[Paper, ...]:
    return (
        Paper(
            id="2402.12030",
            title="Cross-Tokenizer Distillation: the Universal Loss",
            arxiv="2402.12030",
            venue="arXiv",
            date="2024-02",
            code=("https://github.com/o/r", "https://github.com/o/s"),
            project=("https://o.github.io/r/",),
            data=("https://huggingface.co/o",),
            categories=("methods/search/beam", "tasks/code"),
            added="2024-03-18",
        ),
        Paper(
            id="2306.08543",
            title="MiniLLM",
            arxiv="2306.08543",
            venue="ICLR",
            date="2023-06",
            categories=("methods/search/beam", "methods/search/random", "tasks/law"),
            added="2024-02-20",
        ),
        Paper(id="zeta", title="zeta: no link", date="2023-06", categories=("misc",)),
        Paper(
            id="alpha",
            title="Alpha",
            url="https://example.org/a(b) c?x=1&y=2",
            date="2023-06",
            categories=("misc", "methods/search/random"),
            added="2024-03-18",
            withdrawn=True,
        ),
        Paper(id="undated", title="Undated", doi="10.1145/1.2", categories=("tasks/law",)),
    )


@pytest.fixture(scope="session")
def readme() -> str:
    return (ROOT / "tests/data/publish/readme.md").read_text("utf-8")


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with its golden file; KDBOT_GOLDEN=write takes the text as the new one."""

    def compare(name: str, text: str) -> None:
        path = ROOT / "tests/data/publish/golden" / name
        if os.environ.get("KDBOT_GOLDEN") == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="")
        assert path.read_text("utf-8") == text

    return compare
