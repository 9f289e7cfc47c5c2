"""The services that answer in JSON: what is read, what is missing, what is no answer."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.evidence import MetadataRecord
from kdbot.model.json_text import to_json
from kdbot.web.http import Reply
from kdbot.web.metadata.crossref import _parse_crossref
from kdbot.web.metadata.datacite import _parse_datacite
from kdbot.web.metadata.dblp import _parse_dblp
from kdbot.web.metadata.hugging_face import _parse_hugging_face
from kdbot.web.metadata.openreview import _parse_openreview
from kdbot.web.metadata.semantic_scholar import _parse_semantic_scholar
from kdbot.web.services import UnusableAnswerError
from tests.rows import each


def reply(value, status=200):
    return Reply(status=status, body=json.dumps(value).encode())


PARSERS = {
    "datacite": lambda r: _parse_datacite(r, "2306.08543"),
    "semantic-scholar": lambda r: _parse_semantic_scholar(r, ["ARXIV:2306.08543"]),
    "crossref": lambda r: _parse_crossref(r, ["10.1000/one"]),
    "dblp": lambda r: _parse_dblp(r, "MiniLLM"),
    "openreview": lambda r: _parse_openreview(r, "5h0qf7IBZZ"),
    "hugging-face": lambda r: _parse_hugging_face(r, "2306.08543"),
}


@each("parse", PARSERS.values(), ids=PARSERS)
@each(
    ("body", "status"),
    [
        pytest.param(b"", 200, id="empty"),
        pytest.param(b"<!DOCTYPE html><title>Login</title>", 200, id="html-with-200"),
        pytest.param(b"<html>Not Found</html>", 404, id="html-with-404"),
        pytest.param(b'{"data": {"attrib', 200, id="truncated"),
        pytest.param(b"[" * 100_000, 200, id="deep"),
        pytest.param(b"\xff\xfe{}", 200, id="no-utf-8"),
        pytest.param(b"42", 200, id="a-number"),
        pytest.param(b"[]", 200, id="a-list"),
        pytest.param(b"{}", 200, id="an-empty-object"),
        pytest.param(b'{"error": "Bad request"}', 400, id="bad-request"),
    ],
)
def test_what_is_no_answer_is_unusable(parse, body, status):
    with pytest.raises(UnusableAnswerError):
        parse(Reply(status=status, body=body))


_KEYS = """
data attributes doi titles title creators dates date result hits hit info status @code notes id
content venue venueid externalIds authors author linkedDatasets type key ee year name
publicationVenue
"""
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "data",
                    "attributes",
                    "doi",
                    "titles",
                    "title",
                    "creators",
                    "dates",
                    "date",
                    "result",
                    "hits",
                    "hit",
                    "info",
                    "status",
                    "@code",
                    "notes",
                    "id",
                    "content",
                    "venue",
                    "venueid",
                    "externalIds",
                    "authors",
                    "author",
                    "linkedDatasets",
                    "type",
                    "key",
                    "ee",
                    "year",
                    "publicationVenue",
                    "name",
                    "message",
                    "items",
                    "DOI",
                    "updated-by",
                    "updated",
                    "date-parts",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
@given(value=_JSON)
def test_any_json_is_an_outcome_or_unusable(parse, value):
    for answer in (
        value,
        [value],
        {"notes": [value]},
        {"result": {"hits": {"hit": value}}},
        {"message": {"total-results": 1, "items": [value]}},
    ):
        try:
            parse(reply(answer))
        except UnusableAnswerError:
            continue


@each("name", ["datacite", "openreview", "hugging-face"])
def test_an_absence_told_in_json_is_believed(name):
    assert PARSERS[name](reply({"error": "Paper not found"}, 404)) is None


# DataCite


DATACITE = {
    "data": {
        "attributes": {
            "doi": "10.48550/arxiv.2306.08543",
            "titles": [{"title": "MiniLLM: On-Policy Distillation"}, {"title": "other"}],
            "creators": [
                {"name": "Gu, Yuxian", "givenName": "Yuxian", "familyName": "Gu"},
                {"name": "Dong, Li"},
                {"name": "The MiniLLM Team"},
            ],
            "dates": [
                {"date": "2024-04-10T01:00:00Z", "dateType": "Updated"},
                {"date": "2023-06-14T14:44:03Z", "dateType": "Submitted"},
                {"date": "2024-04-10T01:00:00Z", "dateType": "Submitted"},
                {"date": "2023-06", "dateType": "Available"},
            ],
            "descriptions": [
                {"description": "An abstract.", "descriptionType": "Abstract"},
                {"description": "Published at ICLR 2024", "descriptionType": "Other"},
            ],
        }
    }
}


def test_datacite():
    record = _parse_datacite(reply(DATACITE), "2306.08543")
    assert to_json(record) == {
        "source": "DataCite",
        "arxiv": "2306.08543",
        "title": "MiniLLM: On-Policy Distillation",
        "authors": ["Yuxian Gu", "Li Dong", "The MiniLLM Team"],
        "date": "2023-06",
        "comment": "Published at ICLR 2024",
    }


def test_datacite_about_another_paper_is_unusable():
    with pytest.raises(UnusableAnswerError):
        _parse_datacite(reply(DATACITE), "2306.08544")


# Semantic Scholar


def test_a_recorded_batch_with_an_unknown_paper(recorded):
    keys = ["CorpusId:211530585", "CorpusId:470667", "DOI:10.2139/ssrn.2250500", "0f40b1f0"]
    body = recorded("s2_paper_batch_with_nulls.json")
    outcomes = _parse_semantic_scholar(Reply(status=200, body=body), keys)
    assert outcomes[keys[0]] is None
    record = outcomes[keys[1]]
    assert record.title == "How Much Should We Trust Differences-in-Differences Estimates?"
    assert record.date == "2001-10"
    assert record.doi == "10.2139/ssrn.288970"
    assert record.venues == ("Experimental & Empirical Studies eJournal",)
    assert record.authors == ("Marianne Bertrand", "E. Duflo", "S. Mullainathan")


def test_a_batch_of_another_length_is_unusable(recorded):
    body = recorded("s2_paper_batch.json")
    with pytest.raises(UnusableAnswerError):
        _parse_semantic_scholar(Reply(status=200, body=body), ["a", "b"])


def test_the_refusal_of_a_whole_batch_says_that_none_is_known():
    refusal = reply({"error": "No valid paper ids given"}, 400)
    outcomes = _parse_semantic_scholar(refusal, ["ARXIV:2306.99999"])
    assert outcomes["ARXIV:2306.99999"] is None


def scholar(**fields):
    return {"title": "MiniLLM", "externalIds": {"ArXiv": "2306.08543"}, **fields}


def test_semantic_scholar_tells_venues_and_identifiers():
    paper = scholar(
        venue="International Conference on Learning Representations",
        publicationVenue={"name": "International Conference on Learning Representations"},
        journal={"name": "ArXiv"},
        externalIds={
            "ArXiv": "2306.08543",
            "DOI": "10.48550/arXiv.2306.08543",
            "ACL": "2024.acl-long.1",
        },
    )
    name = "ARXIV:2306.08543"
    record = _parse_semantic_scholar(reply([paper]), [name])[name]
    assert record.venues == ("International Conference on Learning Representations", "ArXiv")
    assert (record.doi, record.acl) == (None, "2024.acl-long.1")


def test_a_paper_that_was_joined_with_another_is_not_there():
    outcomes = _parse_semantic_scholar(reply([scholar()]), ["ARXIV:2402.12030"])
    assert outcomes["ARXIV:2402.12030"] is None


# DBLP


def hits(*papers, total=None):
    count = str(len(papers))
    return reply(
        {
            "result": {
                "status": {"@code": "200", "text": "OK"},
                "hits": {
                    "@total": total or count,
                    "@sent": count,
                    "hit": [{"info": paper} for paper in papers],
                },
            }
        }
    )


TITLE = "MiniLLM: Knowledge Distillation of Large Language Models"
CORR = {
    "title": f"{TITLE}.",
    "venue": "CoRR",
    "year": "2023",
    "type": "Informal and Other Publications",
    "doi": "10.48550/ARXIV.2306.08543",
}
ICLR = {
    # As in the recorded bibliography of the conference.
    "authors": {"author": [{"text": "Yuxian Gu"}, {"text": "Li Dong 0004"}]},
    "title": f"{TITLE}.",
    "venue": "ICLR",
    "year": "2024",
    "type": "Conference and Workshop Papers",
    "ee": "https://openreview.net/forum?id=5h0qf7IBZZ",
}
JOURNAL = {**CORR, "venue": ["TACL", "Trans. ACL"], "type": "Journal Articles", "doi": "10.1/X"}


def test_dblp_puts_the_conference_before_the_preprint():
    record = _parse_dblp(hits(CORR, JOURNAL, ICLR), TITLE)
    assert to_json(record) == {
        "source": "DBLP",
        "arxiv": "2306.08543",
        "title": TITLE,
        "authors": ["Yuxian Gu", "Li Dong"],
        "venues": ["ICLR", "TACL", "Trans. ACL", "CoRR"],
        "year": "2024",
        "openreview": "5h0qf7IBZZ",
    }


def test_dblp_takes_an_equal_title_alone():
    other = {**ICLR, "title": "MiniLLM 2: Knowledge Distillation of Large Language Models."}
    assert _parse_dblp(hits(other), TITLE) is None


@pytest.mark.parametrize("total", ["0", None])
def test_dblp_without_a_hit(total):
    empty = {"result": {"status": {"@code": "200"}, "hits": {"@total": "0", "@sent": "0"}}}
    assert _parse_dblp(hits(total=total) if total else reply(empty), TITLE) is None


def test_dblp_says_nothing_of_a_title_behind_the_cut():
    with pytest.raises(UnusableAnswerError):
        _parse_dblp(hits({**ICLR, "title": "Distillation."}, total="400"), TITLE)


# OpenReview


def notes(venue, venueid, **note):
    content = {"title": {"value": TITLE}, "authors": {"value": ["Yuxian Gu"]}}
    if venue is not None:
        content |= {"venue": {"value": venue}, "venueid": {"value": venueid}}
    review = {"id": "review", "content": {"rating": {"value": 8}}}
    paper = {"id": "5h0qf7IBZZ", "content": content, "cdate": 1695381000000, **note}
    return reply({"notes": [review, paper], "count": 2})


@each(
    ("venue", "venueid", "venues"),
    [
        ("ICLR 2024 poster", "ICLR.cc/2024/Conference", ("ICLR 2024 poster",)),
        ("Accepted by TMLR", "TMLR", ("Accepted by TMLR",)),
        ("Submitted to ICLR 2024", "ICLR.cc/2024/Conference/Rejected_Submission", ()),
        ("ICLR 2024", "ICLR.cc/2024/Conference/Desk_Rejected_Submission", ()),
        ("ICLR 2024 Conference Withdrawn Submission", "ICLR.cc/2024/Conference/Withdrawn", ()),
        ("NeurIPS 2024 Conference Submission", "NeurIPS.cc/2024/Conference/Submission", ()),
        ("Under review for TMLR", "TMLR/Under_Review", ()),
        (None, None, ()),
    ],
)
def test_openreview_tells_a_venue_that_accepted(venue, venueid, venues):
    record = _parse_openreview(notes(venue, venueid), "5h0qf7IBZZ")
    assert record.venues == venues
    assert (record.title, record.authors, record.date) == (TITLE, ("Yuxian Gu",), "2023-09")


def test_openreview_of_the_first_interface_and_of_no_known_forum():
    old = {"id": "x1", "content": {"title": TITLE, "venue": "ICLR 2021 Poster"}, "pdate": 1}
    assert _parse_openreview(reply({"notes": [old]}), "x1").venues == ("ICLR 2021 Poster",)
    assert _parse_openreview(reply({"notes": []}), "x1") is None


# Hugging Face


def test_hugging_face_tells_links():
    page = {
        "id": "2306.08543",
        "title": "MiniLLM",
        "publishedAt": "2023-06-14T14:44:03.000Z",
        "githubRepo": "https://github.com/microsoft/LMOps",
        "projectPage": "javascript:alert(1)",
        "linkedDatasets": [{"id": "MiniLLM/dolly"}, {"id": "../../evil"}, {"id": "a/b?c"}],
    }
    record = _parse_hugging_face(reply(page), "2306.08543")
    assert record.code == ("https://github.com/microsoft/LMOps",)
    assert record.project == ()
    assert record.data == ("https://huggingface.co/datasets/MiniLLM/dolly",)
    assert record.date == "2023-06"


def test_no_more_than_eight_data_sets():
    page = {"id": "2306.08543", "linkedDatasets": [{"id": f"a/{n}"} for n in range(100)]}
    outcome = _parse_hugging_face(reply(page), "2306.08543")
    assert isinstance(outcome, MetadataRecord)
    assert len(outcome.data) == 8
