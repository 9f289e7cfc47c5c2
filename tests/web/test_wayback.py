"""Snapshots of dead pages."""

import json

import pytest

from kdbot.model.settings import ServiceSettings
from kdbot.web.services import ServiceClient, _parse_snapshot, fetch_snapshot
from tests.rows import each

SNAPSHOT = "https://web.archive.org/web/20240101000000/https://example.org/"


def closest(**changes):
    known = {
        "available": True,
        "status": "200",
        "timestamp": "20240101000000",
        "url": "http://web.archive.org/web/20240101000000/https://example.org/",
    }
    return {"archived_snapshots": {"closest": {**known, **changes}}}


@each(
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
    assert _parse_snapshot(document) == snapshot


@pytest.fixture
def client(origin):
    client = ServiceClient(
        ServiceSettings(wayback=origin.url("").rstrip("/")),
        user_agent="kdbot/1",
        sleep=lambda _seconds: None,
    )
    yield client
    client.close()


def test_the_service_is_asked(origin, answer, client):
    path = "/wayback/available?url=https%3A%2F%2Fexample.org%2F"
    origin.answer(path, answer(200, json.dumps(closest()).encode(), Connection="close"))
    assert fetch_snapshot("https://example.org/", client) == SNAPSHOT
    assert origin.asked[0].fields["user-agent"] == "kdbot/1"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"[" * 9000])
def test_a_service_that_is_out_knows_nothing(origin, answer, client, body):
    origin.answer("/wayback/available?url=x", answer(200, body, Connection="close"))
    assert fetch_snapshot("x", client) is None
    origin.answer("/wayback/available?url=y", answer(503, Connection="close"))
    assert fetch_snapshot("y", client) is None


def test_E01_E08_it_is_asked_under_the_guard_and_no_redirect_is_followed(
    origin, answer, client, monkeypatch
):
    monkeypatch.delenv("no_proxy")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    elsewhere = origin.answer("/elsewhere", answer(200, json.dumps(closest()).encode()))
    origin.answer("/wayback/available?url=x", answer(302, Location=elsewhere, Connection="close"))
    assert fetch_snapshot("x", client) is None
    assert [asked.path for asked in origin.asked] == ["/wayback/available?url=x"]
    private = ServiceClient(ServiceSettings(wayback="http://10.0.0.1"), user_agent="kdbot/1")
    assert fetch_snapshot("x", private) is None
