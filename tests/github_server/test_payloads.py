"""The stand-in's event payloads against GitHub's own examples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "data" / "webhooks"

# Only where the example was recorded: installations, organisations; `draft` of an issue is a relic.
_SURROUNDINGS = {"installation", "organization", "enterprise"}
_PECULIAR = {"issue": {"draft"}, "repository": {"organization"}}

_PARTS = ("issue", "comment", "pull_request", "repository", "sender", "label", "head_commit")


@pytest.fixture
def deliveries(github_server):
    """Make one delivery of each kind; the last of a kind counts."""
    world = github_server.world
    world.create_label("accepted")
    issue = world.open_issue("alice", "t", "b")
    world.edit_issue(issue, "alice", body="c")
    world.add_labels(issue, ["accepted"], "kd")
    world.comment(issue, "alice", "/recheck")
    world.close(issue, "kd")
    world.reopen(issue, "alice")
    pull = world.open_pull("bob", "t", "b", files={"a.txt": "a\n"})
    world.push_to_pull(pull, {"a.txt": "b\n"})
    world.close(pull, "kd")
    world.reopen(pull, "kd")
    world.merge_pull(pull, "kd")
    return {(d.event, d.action): json.loads(json.dumps(d.payload)) for d in world.deliveries}


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_payloads_have_every_field_of_githubs_examples(deliveries, example):
    event, _, action = example.stem.partition(".")
    theirs = json.loads(example.read_text(encoding="utf-8"))
    ours = deliveries[event, action or None]
    assert theirs.keys() - _SURROUNDINGS - ours.keys() == set()
    for part in _PARTS:
        if theirs.get(part):
            missing = theirs[part].keys() - ours[part].keys()
            assert missing - _PECULIAR.get(part, set()) == set(), part
