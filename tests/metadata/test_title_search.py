"""A paper without an identifier is searched for by its title, and only an equal one is taken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kdbot.flows.list.enrich import fetch_for_proposal
from kdbot.model.collection import Collection, identities_of
from kdbot.model.evidence import MetadataRecord, NotFound, Unavailable, found_records
from kdbot.model.proposal import Candidate, Given, Intent, Origin, Proposal
from kdbot.model.schema import parse_schema
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.venue import Venues
from kdbot.web.metadata.service import Question, fetch_metadata
from tests.metadata.server import Answer

TITLE = "MiniLLM: Knowledge Distillation of Large Language Models"
WORDS = "MiniLLM Knowledge Distillation of Large Language Models"
QUESTION = Question(key="a", title=TITLE, search=True)
SHARED = Path(__file__).parents[1] / "data/metadata/s2_search_match_title.json"


def ask(client, question=QUESTION):
    return fetch_metadata([question], client)["a"]


def test_arxiv_is_asked_for_the_title_as_a_phrase_and_the_others_for_what_it_found(
    services, client
):
    services.knows("2306.08543", "MiniLLM: Knowledge Distillation of LLMs")
    services.answers["semanticscholar", "ARXIV:2306.08543"] = {
        "title": TITLE,
        "venue": "ICLR",
        "externalIds": {"ArXiv": "2306.08543"},
    }
    found = found_records(
        ask(client, Question(key="a", title="MiniLLM: Knowledge Distillation of LLMs", search=True))
    )
    assert [(one.source, one.arxiv) for one in found] == [
        ("arXiv", "2306.08543"),
        ("Semantic Scholar", "2306.08543"),
    ]
    asked = services.calls[0]
    assert asked.query["search_query"] == 'ti:"MiniLLM Knowledge Distillation of LLMs"'
    assert found[1].venues == ("ICLR",)


def test_what_arxiv_does_not_know_semantic_scholar_may(services, client):
    services.answers["semanticscholar", f"TITLE:{WORDS}"] = {
        "title": TITLE,
        "venue": "ICLR",
        "externalIds": {"DOI": "10.1145/3643735"},
    }
    (record,) = found_records(ask(client))
    assert (record.source, record.doi) == ("Semantic Scholar", "10.1145/3643735")
    assert services.count("dblp") == 1, "its venue is worth a question once a paper is found"


@pytest.mark.parametrize(
    "other",
    [
        "MiniLLM: On-Policy Distillation of Large Language Models",
        "MiniLLM 2: Knowledge Distillation of Large Language Models",
        "Knowledge Distillation of Large Language Models",
        "MiniLLM: Knowledge Distillation of Large Language Models and Others",
    ],
)
def test_a_title_that_is_only_alike_is_not_taken(services, client, other):
    services.knows("2306.08543", other)
    services.answers["semanticscholar", f"TITLE:{WORDS}"] = {
        "title": other,
        "externalIds": {"ArXiv": "2306.08543"},
    }
    assert [type(one) for one in ask(client)] == [NotFound, NotFound]
    assert services.count("dblp") == 0, "without a paper nobody else is asked"


def test_two_papers_of_one_title_are_none(services, client):
    services.knows("2306.08543", TITLE)
    services.knows("2306.08544", TITLE)
    assert not found_records(ask(client))


def test_a_paper_with_an_identifier_is_not_searched_for(services, client):
    services.knows("2306.08543", TITLE)
    assert found_records(ask(client, Question(key="a", arxiv="2306.08543", title=TITLE)))
    assert found_records(ask(client, Question(key="a", title=TITLE))) == ()
    assert all("search_query" not in call.query for call in services.calls)
    assert not any(call.path.endswith("/match") for call in services.calls)


def test_an_identifier_and_a_title_in_one_batch_do_not_cost_each_other(services, client):
    services.knows("2306.08543", "Another Title of a Paper")
    services.always["semanticscholar"] = Answer(500)
    services.faults["arxiv"].append(lambda answer: answer)
    services.faults["arxiv"] += [Answer(400, b"no")] * 5
    outcomes = fetch_metadata([Question(key="b", arxiv="2306.08543"), QUESTION], client)
    assert isinstance(outcomes["b"][0], MetadataRecord)
    assert all(isinstance(one, Unavailable) for one in outcomes["a"])


def test_searches_keep_the_pace_of_the_service(services, client, time):
    questions = [
        Question(key=str(n), title=f"A Title with the Number {n}", search=True) for n in range(3)
    ]
    fetch_metadata(questions, client)
    assert services.count("arxiv") == 3
    assert sum(time.sleeps) >= 2 * 3.0 + 2 * 1.0


def test_a_proposal_of_many_titles_costs_a_bounded_number_of_questions(services, client):
    root = Path(__file__).parents[2]
    schema = parse_schema(json.loads((root / "schema/paper.schema.json").read_bytes()))
    collection = Collection(
        papers={},
        identities=identities_of(()),
        schema=schema,
        taxonomy=Taxonomy(categories=()),
        venues=Venues(venues=()),
    )
    candidates = tuple(
        Candidate(given={"title": Given(value=f"A Title with the Number {n}", origin=Origin.TEXT)})
        for n in range(19)
    )
    proposal = Proposal(intent=Intent.ADD, candidates=candidates)
    assert len(fetch_for_proposal(proposal, collection, client)) == 5
    assert (services.count("arxiv"), services.count("semanticscholar")) == (5, 5)


def test_a_recorded_answer_of_semantic_scholar_is_read(services, client):
    recorded = json.loads(SHARED.read_text("utf-8"))
    title = recorded["data"][0]["title"]
    services.always["semanticscholar"] = Answer(200, SHARED.read_bytes())
    outcomes = ask(client, Question(key="a", title=title, search=True))
    (record,) = found_records(outcomes)
    assert (record.source, record.title) == ("Semantic Scholar", title)
    assert not found_records(ask(client, Question(key="a", title=f"{title} again", search=True)))


@pytest.mark.parametrize("body", [b"{}", b'{"data": []}', b'{"data": 3}', b"[]", b"<html>"])
def test_an_answer_of_a_wrong_form_is_no_absence(services, client, body):
    services.always["semanticscholar"] = Answer(200, body)
    assert isinstance(ask(client)[1], Unavailable)


def test_a_paper_that_is_not_on_arxiv_is_asked_about_even_where_its_venue_is_known(
    services, client
):
    services.answers["semanticscholar", "ACL:2024.emnlp-main.1147"] = {"title": TITLE}
    note = {"id": "SaRj2ka1XZ3", "content": {"title": {"value": TITLE}}}
    services.answers["openreview", "SaRj2ka1XZ3"] = {"notes": [note]}
    for known in ({"acl": "2024.emnlp-main.1147"}, {"openreview": "SaRj2ka1XZ3"}):
        (record,) = found_records(ask(client, Question(key="a", venue=False, **known)))
        assert record.title == TITLE
