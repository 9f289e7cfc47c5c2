"""This list's own rules, the reading of a text, and services that know every paper of a text."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from kdbot.flows.list.enrich import fetch_for_proposal
from kdbot.intake.proposal import parse_proposal
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.model.collection import Collection, identities_of
from kdbot.model.evidence import Evidence
from kdbot.model.form import form_fields
from kdbot.model.schema import parse_schema
from kdbot.model.settings import ServiceSettings, parse_settings
from kdbot.model.titles import plain_words
from kdbot.review.metadata_check import complete_draft
from kdbot.review.normalize import normalize_candidate
from kdbot.web.services import ServiceClient
from tests.metadata.conftest import Time
from tests.metadata.server import serving

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def collection():
    schema = parse_schema(json.loads((ROOT / "schema/paper.schema.json").read_bytes()))
    taxonomy = parse_taxonomy((ROOT / "schema/taxonomy.yaml").read_bytes(), "schema/taxonomy.yaml")
    venues = parse_venues((ROOT / "schema/venues.yaml").read_bytes(), "schema/venues.yaml")
    return Collection(
        papers={}, identities=identities_of(()), schema=schema, taxonomy=taxonomy, venues=venues
    )


@pytest.fixture(scope="session")
def form(collection):
    settings = parse_settings(tomllib.loads((ROOT / "kdbot.toml").read_text("utf-8")), "kdbot.toml")
    return form_fields(settings, collection.schema, collection.taxonomy)


@pytest.fixture(scope="session")
def read(read_anew):
    """The same, with each text read once: several tests ask for the same ones."""
    known = {}

    def run(text):
        key = text["title"], text["body"]
        if key not in known:
            known[key] = read_anew(text)
        return known[key]

    return run


@pytest.fixture(scope="session")
def read_anew(collection, form):
    """Read a text, and return its proposal and the records that it makes offline."""

    def run(text):
        proposal = parse_proposal(
            text["title"],
            text["body"],
            form=form,
            taxonomy=collection.taxonomy,
            venues=collection.venues,
            listed=collection.identities,
        )
        return proposal, [normalize_candidate(c, collection) for c in proposal.candidates]

    return run


@pytest.fixture(scope="session")
def read_online(collection, read):
    """Read a text with services beside it that know its papers, and complete its records."""
    time, known = Time(), {}
    with serving() as services:
        bases = ServiceSettings(**dict.fromkeys(ServiceSettings.__dataclass_fields__, services.url))
        client = ServiceClient(
            bases, user_agent="kdbot/0", clock=time.clock, sleep=time.sleep, now=time.now
        )

        def ask(text):
            for number, paper in enumerate(text["expected"]):
                teach(services, paper, f"{text['id']} {number}")
            proposal, drafts = read(text)
            evidence = Evidence(metadata=fetch_for_proposal(proposal, collection, client))
            return proposal, [complete_draft(draft, evidence, collection) for draft in drafts]

        def run(text):
            key = text["id"], text["title"], text["body"]
            if key not in known:
                known[key] = ask(text)
            return known[key]

        yield run
        client.close()


def true_title(paper, key):
    """The title of a labelled paper: a made-up one where the text does not write it out."""
    return paper["title"] or f"What the Paper behind {plain_words(key)} Is Called"


def teach(services, paper, key):
    """Let the services know a paper by its identifier, or by its title where it has none."""
    title = true_title(paper, key)
    known = {"title": title, "externalIds": {}}
    if arxiv := paper["arxiv_id"]:
        services.knows(arxiv, title)
    if doi := paper.get("doi"):
        services.answers["semanticscholar", f"DOI:{doi}"] = known
    if acl := paper.get("acl"):
        services.answers["semanticscholar", f"ACL:{acl}"] = known
    if forum := paper.get("openreview"):
        note = {"id": forum, "content": {"title": {"value": title}}}
        services.answers["openreview", forum] = {"notes": [note]}
    if not any((arxiv, doi, acl, forum)) and paper["title"]:
        words = plain_words(title)
        known = {"title": title, "externalIds": {"DOI": f"10.1000/{len(services.answers)}"}}
        services.answers["semanticscholar", f"TITLE:{words}"] = known
