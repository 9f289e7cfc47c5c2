"""Snapshots of dead pages."""

import json

import pytest

from kdbot.web.wayback import fetch_snapshot, parse_snapshot

SNAPSHOT = "https://web.archive.org/web/20240101000000/https://example.org/"


def closest(**changes):
    known = {
        "available": True,
        "status": "200",
        "timestamp": "20240101000000",
        "url": "http://web.archive.org/web/20240101000000/https://example.org/",
    }
    return {"archived_snapshots": {"closest": {**known, **changes}}}


@pytest.mark.parametrize(
    ("document", "snapshot"),
    [
        (closest(), SNAPSHOT),
        (closest(status="404"), None),
        (closest(available=False), None),
        (closest(url="https://evil.example/web/"), None),
        (closest(url=None), None),
        ({"archived_snapshots": {}}, None),
        ({"archived_snapshots": {"closest": []}}, None),
        ([], None),
        (None, None),
    ],
)
def test_what_counts_as_a_snapshot(document, snapshot):
    assert parse_snapshot(document) == snapshot


def test_the_service_is_asked(origin, answer):
    path = "/wayback/available?url=https%3A%2F%2Fexample.org%2F"
    origin.answer(path, answer(200, json.dumps(closest()).encode(), Connection="close"))
    found = fetch_snapshot(
        "https://example.org/", user_agent="kdbot/1", base=origin.url("").rstrip("/")
    )
    assert found == SNAPSHOT
    assert origin.asked[0].fields["user-agent"] == "kdbot/1"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]"])
def test_a_service_that_is_out_knows_nothing(origin, answer, body):
    path = "/wayback/available?url=x"
    origin.answer(path, answer(200, body, Connection="close"))
    assert fetch_snapshot("x", user_agent="k", base=origin.url("").rstrip("/")) is None
    origin.answer(path, answer(503, Connection="close"))
    assert fetch_snapshot("x", user_agent="k", base=origin.url("").rstrip("/")) is None
