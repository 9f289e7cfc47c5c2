"""arXiv asked over HTTP: few questions, at its pace, and none of its ways taken for an answer."""

from __future__ import annotations

import pytest

from kdbot.model.evidence import MetadataRecord, NotFound, Unavailable
from kdbot.web.metadata.arxiv import ARXIV, search_arxiv
from kdbot.web.services import RetryPolicy
from tests.metadata.server import Answer

HTML = Answer(200, b"<!DOCTYPE html><html><body>Rate exceeded.</body></html>")


def identifiers(count):
    return [f"2306.{number:05}" for number in range(1, count + 1)]


def kinds(outcomes):
    return {identifier: type(outcome) for identifier, outcome in outcomes.items()}


@pytest.mark.parametrize(("papers", "most"), [(1, 1), (100, 1), (216, 3), (10_000, 101)])
def test_a_hundred_papers_a_question(services, new_client, tmp_path, papers, most):
    wanted = identifiers(papers)
    for identifier in wanted:
        services.knows(identifier)
    outcomes = ARXIV.fetch(wanted, new_client(tmp_path / "cache"))
    assert list(outcomes) == wanted
    assert set(kinds(outcomes).values()) == {MetadataRecord}
    assert services.count("arxiv") <= most
    ARXIV.fetch(wanted, new_client(tmp_path / "cache"))
    assert services.count("arxiv") <= most, "the second run asks nobody"


def test_E10_three_seconds_between_questions_on_one_connection(services, client, time):
    for identifier in identifiers(216):
        services.knows(identifier)
    ARXIV.fetch(identifiers(216), client)
    assert time.sleeps == [3.0, 3.0]
    assert len({call.connection for call in services.calls}) == 1


def test_E08_a_question_carries_nothing_but_who_asks(services, client):
    services.knows("2306.08543")
    ARXIV.fetch(["2306.08543"], client)
    (call,) = services.calls
    assert call.headers["User-Agent"] == "kdbot/0 (+https://github.com/kd/demo)"
    assert call.headers.keys() == {"Host", "User-Agent", "Accept", "Accept-Encoding"}


def test_the_list_is_not_cut_at_ten(services, client):
    wanted = identifiers(12)
    for identifier in wanted:
        services.knows(identifier)
    assert set(kinds(ARXIV.fetch(wanted, client)).values()) == {MetadataRecord}
    assert services.calls[0].query["max_results"] == "12"


def test_a_paper_left_out_of_a_whole_feed_is_not_there(services, client):
    services.knows("2306.00001")
    outcomes = ARXIV.fetch(["2306.00001", "2306.00002"], client)
    assert kinds(outcomes) == {"2306.00001": MetadataRecord, "2306.00002": NotFound}


def test_nothing_at_all_is_believed_when_said_twice(services, client):
    services.knows("2306.00001")
    services.faults["arxiv"].append(lambda answer: Answer(200, _emptied(answer.body)))
    assert kinds(ARXIV.fetch(["2306.00001"], client)) == {"2306.00001": MetadataRecord}
    assert kinds(ARXIV.fetch(["2306.00002"], client)) == {"2306.00002": NotFound}
    assert services.count("arxiv") == 4


def _emptied(body):
    text = body.decode()
    start, end = text.index("  <entry>"), text.index("</feed>")
    return (
        (text[:start] + text[end:]).replace(">1</opensearch:total", ">0</opensearch:total").encode()
    )


def test_a_malformed_identifier_is_not_even_asked_for(services, client):
    services.knows("2306.00001")
    outcomes = ARXIV.fetch(["2306.00001", "abc", "2306.00001v2", "2313.00001"], client)
    assert kinds(outcomes) == {
        "2306.00001": MetadataRecord,
        "abc": NotFound,
        "2306.00001v2": NotFound,
        "2313.00001": NotFound,
    }
    assert services.calls[0].query["id_list"] == "2306.00001"


@pytest.mark.parametrize("named", [True, False], ids=["named", "not-named"])
@pytest.mark.parametrize("place", [0, 37, 99])
def test_one_rejected_identifier_does_not_cost_the_other_99(services, client, place, named):
    services.names_bad_identifier = named
    wanted = identifiers(99)
    for identifier in wanted:
        services.knows(identifier)
    # Of a good form for us, but not for this arXiv.
    wanted.insert(place, "hep-th/9901001")
    services.rejects.add("hep-th/9901001")
    outcomes = ARXIV.fetch(wanted, client)
    assert kinds(outcomes).pop("hep-th/9901001") is (NotFound if named else Unavailable)
    assert sum(isinstance(outcome, MetadataRecord) for outcome in outcomes.values()) == 99
    assert services.count("arxiv") <= (2 if named else 16)


def test_a_service_that_rejects_everything_is_left_alone(services, client):
    services.always["arxiv"] = Answer(400, b"Bad Request")
    outcomes = ARXIV.fetch(identifiers(100), client)
    assert set(kinds(outcomes).values()) == {Unavailable}
    assert services.count("arxiv") < 30


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(HTML, id="html-with-200"),
        pytest.param(Answer(200, b"<rss/>"), id="wrong-root"),
        pytest.param(lambda a: Answer(200, a.body[:-40]), id="truncated-xml"),
        pytest.param(lambda a: Answer(200, a.body[:-40], promised=len(a.body)), id="cut-short"),
        pytest.param(lambda a: Answer(200, a.body, {"Content-Encoding": "gzip"}), id="E07-encoded"),
        pytest.param(lambda a: Answer(200, b" " * 9_000_000 + a.body), id="E07-too-large"),
        pytest.param(Answer(429), id="E09-429-without-a-word"),
        pytest.param(Answer(429, headers={"Retry-After": "7"}), id="E09-429-with-retry-after"),
        pytest.param(Answer(503, headers={"Retry-After": "7"}), id="E09-503"),
        pytest.param(Answer(500), id="500"),
        pytest.param(Answer(200, b"", closes=True), id="empty"),
    ],
)
def test_a_fault_that_passes_costs_a_question_and_one_that_stays_is_no_answer(
    services, new_client, fault
):
    services.knows("2306.00001")
    services.faults["arxiv"].append(fault)
    assert kinds(ARXIV.fetch(["2306.00001"], new_client())) == {"2306.00001": MetadataRecord}
    assert services.count("arxiv") == 2
    services.always["arxiv"] = fault
    outcomes = ARXIV.fetch(["2306.00001"], new_client())
    assert kinds(outcomes) == {"2306.00001": Unavailable}
    assert services.count("arxiv") == 5


def test_E11_a_pause_is_kept_as_told(services, client, time):
    services.knows("2306.00001")
    services.faults["arxiv"].append(Answer(429, headers={"Retry-After": "7"}))
    moment = "Mon, 02 Mar 2026 09:17:27 GMT"
    services.faults["arxiv"].append(Answer(429, headers={"Retry-After": moment}))
    assert kinds(ARXIV.fetch(["2306.00001"], client)) == {"2306.00001": MetadataRecord}
    assert time.sleeps == [7.0, 40.0]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Answer(429, headers={"Retry-After": "3600"}), id="a-pause-of-an-hour"),
        pytest.param(Answer(403), id="refused"),
        pytest.param(Answer(301, headers={"Location": "http://169.254.169.254/"}), id="redirect"),
    ],
)
def test_E11_what_is_not_worth_waiting_for_ends_the_run_for_the_service(
    services, client, time, fault
):
    services.always["arxiv"] = fault
    outcomes = ARXIV.fetch(identifiers(250), client)
    assert set(kinds(outcomes).values()) == {Unavailable}
    assert services.count("arxiv") == 1
    assert time.sleeps == []


def test_one_batch_that_fails_leaves_the_others(services, client):
    for identifier in identifiers(216):
        services.knows(identifier)
    services.faults["arxiv"].extend([HTML] * 3)
    outcomes = ARXIV.fetch(identifiers(216), client)
    found = [i for i, outcome in outcomes.items() if isinstance(outcome, MetadataRecord)]
    assert found == identifiers(216)[100:]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Answer(hangs=True), id="E07-hanging"),
        pytest.param(Answer(200, b"<feed>" * 100, drip=0.05), id="E07-dripping"),
    ],
)
def test_a_silent_service_is_cut_off(services, new_client, fault):
    services.always["arxiv"] = fault
    client = new_client(retry_policy=RetryPolicy(timeout=0.2, attempts=1))
    outcome = ARXIV.fetch(["2306.00001"], client)["2306.00001"]
    assert outcome == Unavailable(source="arXiv", reason="no complete answer within 0.2 seconds")


def test_a_connection_that_was_closed_meanwhile_is_opened_again(services, client):
    for identifier in identifiers(200):
        services.knows(identifier)
    services.faults["arxiv"].append(lambda a: Answer(200, a.body, {"X": "y"}, closes=True))
    assert set(kinds(ARXIV.fetch(identifiers(200), client)).values()) == {MetadataRecord}
    assert services.count("arxiv") == 2


def test_what_was_answered_is_kept_when_the_rest_fails(services, new_client, tmp_path):
    wanted = identifiers(150)
    for identifier in wanted:
        services.knows(identifier)
    services.faults["arxiv"].extend([lambda a: a, *[Answer(500)] * 3])
    ARXIV.fetch(wanted, new_client(tmp_path / "cache"))
    services.calls.clear()
    outcomes = ARXIV.fetch(wanted, new_client(tmp_path / "cache"))
    assert set(kinds(outcomes).values()) == {MetadataRecord}
    assert services.calls[0].query["max_results"] == "50"


def test_a_search_gives_the_newest_papers(services, client, recorded):
    services.always["arxiv"] = Answer(200, recorded("arxiv_search_page.atom.xml"))
    feed = search_arxiv('cat:cs.CL AND abs:"distill"', client, limit=10)
    assert len(feed.records) == 10
    (call,) = services.calls
    assert call.query == {
        "search_query": 'cat:cs.CL AND abs:"distill"',
        "sortBy": "submittedDate",
        "sortOrder": "descending",
        "start": "0",
        "max_results": "10",
    }
