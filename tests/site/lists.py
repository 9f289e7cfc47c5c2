"""A list to publish: the real one, and a small one with what is hostile or odd."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from kdbot.model.collection import Collection, identities_of
from kdbot.model.paper import Paper
from kdbot.model.schema import PaperSchema, parse_schema
from kdbot.model.settings import Settings, SummarySettings
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.model.venue import Venue, Venues
from kdbot.storage.repository import load_records, load_rules, load_settings, with_papers

ROOT = Path(__file__).resolve().parents[2]
COUNT = sum(1 for _ in (ROOT / "papers").glob("*.yaml"))
"""How many papers this repository lists."""


@pytest.fixture(scope="session")
def listed() -> Collection:
    """The papers of this repository."""
    return with_papers(load_rules(ROOT), load_records(ROOT).candidates)


@pytest.fixture(scope="session")
def listed_settings() -> Settings:
    return load_settings(ROOT, {"GITHUB_REPOSITORY": "Octo-Org/papers"})


@pytest.fixture(scope="session")
def many(listed: Collection) -> Collection:
    """Ten thousand papers like those of this repository, with authors."""
    papers = tuple(listed.papers.values())
    copies = {}
    for number in range(10_000):
        paper = papers[number % len(papers)]
        year, month = 2016 + number // 1000, 1 + number // 84 % 12
        copy = replace(
            paper,
            id=f"{year % 100:02}{month:02}.{number % 100_000:05}",
            arxiv=f"{year % 100:02}{month:02}.{number % 100_000:05}",
            title=f"{paper.title} {number}",
            key=f"{paper.key}{number}",
            date=f"{year}-{month:02}",
            authors=(
                *(f"Given{number * 7 % 997} Family{(number + n) % 4999}" for n in range(5)),
                *(("Furu Wei",) if number % 1000 == 1 else ()),
            ),
        )
        copies[copy.id] = copy
    return replace_papers(listed, copies)


def replace_papers(collection: Collection, papers: dict[str, Paper]) -> Collection:
    return replace(
        collection,
        papers=MappingProxyType(papers),
        identities=identities_of(papers.values()),
    )


@pytest.fixture(scope="session")
def schema() -> PaperSchema:
    """The schema of this repository with three fields that the code does not know."""
    document = json.loads((ROOT / "schema/paper.schema.json").read_text("utf-8"))
    document["properties"] |= {
        "license": {"title": "Licence", "type": "string", "enum": ["MIT", "CC-BY-4.0"]},
        "weights": {"title": "Open weights", "type": "boolean"},
        "talks": {"title": "Talk", "type": "array", "items": {"type": "string", "format": "uri"}},
    }
    return parse_schema(document)


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(
        title='Examples & <i>"more"</i>',
        repository="Octo-Org/papers",
        survey="2402.13116",
        summary=SummarySettings(rows="tasks", columns=("methods/search",)),
    )


@pytest.fixture(scope="session")
def collect(schema: PaperSchema) -> Callable[..., Collection]:
    def category(path: str, title: str, *, leaf: bool = True, note: str | None = None) -> Category:
        return Category(path=path, title=title, note=note, depth=path.count("/"), leaf=leaf)

    taxonomy = Taxonomy(
        categories=(
            category("methods", "Methods", leaf=False),
            category("methods/search", "Search & Sampling", leaf=False),
            category("methods/search/beam", "Beam", note="Only the <best> stand here."),
            category("methods/search/random", "Random"),
            category("tasks", "Tasks", leaf=False),
            category("tasks/code", "Code"),
            category("tasks/law", "Law"),
            category("misc", "Misc."),
        )
    )
    venues = Venues(
        venues=(
            Venue(name="ICLR", aliases=("International Conference on Learning Representations",)),
            Venue(name="TACL", aliases=("Transactions of the ACL",)),
            Venue(name="arXiv", aliases=("arXiv preprint",)),
        )
    )

    def build(*papers: Paper) -> Collection:
        return Collection(
            papers={paper.id: paper for paper in papers},
            identities=identities_of(papers),
            schema=schema,
            taxonomy=taxonomy,
            venues=venues,
        )

    return build


@pytest.fixture(scope="session")
def papers() -> tuple[Paper, ...]:
    return (
        Paper(
            id="2402.12030",
            title="MiniLLM: 90%* of $5 {for} C# & A_B ~ x^2 \\ <GPT-4>",
            arxiv="2402.12030",
            venue="arXiv",
            date="2024-02",
            authors=("Łukasz Kaiser", "Étienne Brunet", "Yann Ångström, Jr.", "Bob and Co"),
            code=("https://github.com/o/r", "https://gitlab.com/o;s\\x"),
            project=("https://o.github.io/r/",),
            data=("https://huggingface.co/o",),
            categories=("methods/search/beam", "tasks/code"),
            added="2024-03-18",
            proposed_by="octocat",
            note="=1+1",
            extra=(("license", "MIT"), ("weights", True), ("talks", ("https://example.org/t",))),
        ),
        Paper(
            id="hep-th.9901001",
            title='=HYPERLINK("https://example.org"; "x")',
            arxiv="hep-th/9901001",
            venue="TACL",
            date="1999-01",
            acl="2003.tacl-1.7",
            categories=("methods/search/random", "tasks/law"),
            added="2024-02-20",
            extra=(("license", "CC-BY-4.0"),),
        ),
        Paper(
            id="script",
            title='</script><script>alert(1)</script>"><img src=x onerror=alert(1)>',
            url="https://example.org/a(b)?x=1&y={2}#<z>",
            date="2023-06",
            venue="ICLR",
            categories=("misc", "methods/search/random"),
            added="2024-03-18",
            withdrawn=True,
        ),
        Paper(
            id="bidi",
            title="Bidi \u202etxet\u202c \u0e2d\u0e31 \U0001f600 $\\alpha$ β-VAE \ufffe",
            url="javascript:alert(1)",
            code=("javascript:alert(2)",),
            categories=("misc",),
        ),
        Paper(id="long", title="W" * 300, doi="10.1145/1.2_3", categories=("tasks/law",)),
        Paper(id="quote", title="'=Quoted", authors=("-Dash",), categories=("misc",)),
    )
