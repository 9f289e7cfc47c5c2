"""Events: real payloads to values, checked at the door."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kdbot.github.events import parse_event
from kdbot.github.item import GHOST
from kdbot.model.errors import KdbotError
from tests.rows import each

WEBHOOKS = Path(__file__).parents[1] / "data" / "webhooks"


def payload(name):
    return json.loads((WEBHOOKS / f"{name}.json").read_text())


ITEMS = ["issues.opened", "issues.edited", "issues.labeled", "issues.reopened"]
PULLS = ["pull_request.opened", "pull_request.reopened", "pull_request.synchronize"]


@each("name", ITEMS + PULLS)
def test_a_real_payload_names_item_action_and_sender(name):
    kind, _, action = name.partition(".")
    data = payload(name)
    event = parse_event(kind, data)
    item = data["pull_request" if kind == "pull_request" else "issue"]
    assert (event.action, event.number) == (action, item["number"])
    assert event.sender.id == data["sender"]["id"]
    assert event.kind == ("pull_request" if kind == "pull_request" else "issue")


def test_pull_request_target_is_read_as_pull_request():
    data = payload("pull_request.opened")
    assert parse_event("pull_request_target", data) == parse_event("pull_request", data)


def test_the_label_that_was_set_is_named():
    data = payload("issues.labeled")
    assert parse_event("issues", data).label == data["label"]["name"]


def test_a_comment_names_its_item_and_itself():
    data = payload("issue_comment.created")
    event = parse_event("issue_comment", data)
    assert event.kind == "comment"
    assert (event.number, event.comment) == (data["issue"]["number"], data["comment"]["id"])


def test_a_push_names_its_branch():
    event, data = parse_event("push", payload("push")), payload("push")
    assert (event.kind, event.ref, event.before) == ("push", data["ref"], data["before"])


def test_F16_a_sender_that_is_gone_is_a_ghost():
    assert parse_event("issues", payload("issues.opened") | {"sender": None}).sender == GHOST


@each("name", ["schedule", "star", ""])
def test_what_asks_for_nothing_is_none(name):
    assert parse_event(name, {}) is None


MALFORMED = [
    ("issues", {}),
    ("issues", []),
    ("issues", None),
    ("issues", {"issue": {"number": "x"}, "action": "opened"}),
    ("issues", {"issue": {"number": 1}, "action": None}),
    ("issue_comment", {"issue": {"number": 1}, "action": "created"}),
    ("push", {"ref": 1}),
]


@each(("name", "data"), MALFORMED)
def test_a_payload_of_another_form_is_refused_by_name(name, data):
    with pytest.raises(KdbotError, match=f"`{name}` is not in GitHub's form"):
        parse_event(name, data)
