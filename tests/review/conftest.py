"""A small list of its own, and ways to propose something to it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kdbot.intake.record import parse_record
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.model.collection import Collection, identities_of
from kdbot.model.finding import Finding
from kdbot.model.paper import paper_from_values
from kdbot.model.proposal import Candidate, Given, Intent, Origin, Proposal
from kdbot.model.schema import PaperSchema, parse_schema

ROOT = Path(__file__).parents[2]
LIST = ROOT / "tests" / "data" / "cases" / "list"


@pytest.fixture(scope="session")
def schema() -> PaperSchema:
    return parse_schema(json.loads((ROOT / "schema" / "paper.schema.json").read_bytes()))


@pytest.fixture(scope="session")
def records() -> tuple[Candidate, ...]:
    """The files of the small list."""
    read = (parse_record(p.read_bytes(), f"papers/{p.name}") for p in sorted(LIST.glob("papers/*")))
    return tuple(record for record in read if isinstance(record, Candidate))


@pytest.fixture(scope="session")
def collection(schema: PaperSchema, records: tuple[Candidate, ...]) -> Collection:
    papers = {}
    for record in records:
        stem = Path(str(record.file)).stem
        papers[stem] = paper_from_values(stem, {k: g.value for k, g in record.given.items()})
    return Collection(
        papers=papers,
        identities=identities_of(papers.values()),
        schema=schema,
        taxonomy=parse_taxonomy((LIST / "taxonomy.yaml").read_bytes(), "taxonomy.yaml"),
        venues=parse_venues((LIST / "venues.yaml").read_bytes(), "venues.yaml"),
    )


@pytest.fixture(scope="session")
def form() -> Callable[..., Candidate]:
    """Make a candidate of what a person wrote into a form."""

    def make(fields: dict[str, Any], **known: Any) -> Candidate:
        given = {k: Given(value=v, origin=Origin.FORM) for k, v in fields.items()}
        return Candidate(given=given, **known)

    return make


@pytest.fixture(scope="session")
def file() -> Callable[..., Candidate]:
    """Make a candidate of a file's text, with the text as its source."""

    def make(text: str, path: str = "papers/2402.11176.yaml", *, source: bool = True) -> Candidate:
        record = parse_record(text.encode(), path)
        if isinstance(record, Finding):
            return Candidate(given={}, file=path, findings=(record,))
        known = text if source else None
        return Candidate(given=record.given, file=path, source=known)

    return make


@pytest.fixture(scope="session")
def propose() -> Callable[..., Proposal]:
    def make(*candidates: Candidate, intent: Intent = Intent.ADD) -> Proposal:
        return Proposal(intent=intent, candidates=candidates)

    return make
