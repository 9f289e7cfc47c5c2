"""The client against the stand-in: rate limits, refusals and faults as GitHub has them."""

from __future__ import annotations

from contextlib import closing

import pytest

from kdbot.github.client import GitHubClient
from kdbot.github.errors import ForbiddenError, GitHubUnavailableError, ItemGoneError
from kdbot.github.labels import LABELS
from kdbot.github.reconcile import AddLabels, Desired
from kdbot.github.settle import settle


@pytest.fixture
def client(github_server):
    github_server.grant("t", {"issues": "write", "contents": "read"})
    made = GitHubClient(
        repository="kd/demo", token="t", api_url=github_server.base_url, user_agent="kdbot/test"
    )
    with closing(made) as client:
        yield client


@pytest.fixture
def issue(github_server):
    return github_server.world.open_issue("alice", "A paper", "A body")


def test_E11_a_secondary_limit_is_waited_for_as_told(client, github_server, issue):
    github_server.faults.limit_secondary(retry_after=1)
    assert client.item(issue.number).title == "A paper"


def test_E11_a_primary_limit_that_resets_soon_is_waited_for(client, github_server, issue):
    github_server.faults.limit_primary(reset_in=1)
    assert client.item(issue.number).title == "A paper"


@pytest.mark.parametrize("status", [403, 429])
def test_E11_a_wait_that_is_too_long_ends_the_run_without_a_fault(client, github_server, status):
    github_server.faults.limit_primary(reset_in=3600, status=status, times=9)
    with pytest.raises(GitHubUnavailableError) as refused:
        client.item(1)
    assert refused.value.exit_status == 0


def test_E11_a_long_retry_after_is_not_waited_for(client, github_server):
    github_server.faults.limit_secondary(retry_after=3600, times=9)
    with pytest.raises(GitHubUnavailableError) as refused:
        client.item(1)
    assert refused.value.wait == 3600


def run_settle(client, number, slept, labels=("x",)):
    return settle(
        client,
        number,
        lambda _item: Desired(labels=frozenset(labels)),
        bot_id=41898282,
        sleep=slept.append,
        tell=lambda _write: None,
    )


def test_E11_a_limited_write_is_made_after_the_wait_that_was_asked_for(
    client, github_server, issue
):
    github_server.faults.limit_secondary(retry_after=7, at_write=1)
    slept = []
    run_settle(client, issue.number, slept)
    assert slept == [7.0]
    assert [label.name for label in issue.labels] == ["x"]


def test_E11_without_a_word_a_limited_write_waits_a_minute(client, github_server, issue):
    github_server.faults.limit_secondary(retry_after=None, at_write=1)
    slept = []
    run_settle(client, issue.number, slept)
    assert slept == [60.0]


def test_E11_it_is_tried_three_times_and_then_left_to_the_sweep(client, github_server, issue):
    github_server.faults.limit_secondary(retry_after=7, at_write=1, times=9)
    slept = []
    with pytest.raises(GitHubUnavailableError):
        run_settle(client, issue.number, slept)
    assert slept == [7.0, 7.0]


def test_E11_many_writes_are_made_a_second_apart(client, github_server, issue):
    slept = []
    github_server.world.add_labels(issue, [f"l{n}" for n in range(6)], "kd")
    settle(
        client,
        issue.number,
        lambda _item: Desired(not_labels=frozenset(f"l{n}" for n in range(6))),
        bot_id=41898282,
        sleep=slept.append,
        tell=lambda _write: None,
    )
    assert slept == [1.0] * 5


def test_a_read_survives_a_fault_of_the_server(client, github_server, issue):
    github_server.faults.fail(status=502, at_request=1)
    assert client.item(issue.number).title == "A paper"


def test_E12_a_write_is_never_repeated_by_the_client(client, github_server, issue):
    github_server.faults.fail(status=502, at_write=1, times=9)
    with pytest.raises(GitHubUnavailableError):
        client.write(issue.number, AddLabels(names=("x",)))
    assert len(github_server.writes) == 1


def test_a_permission_that_is_missing_is_named(github_server, issue):
    github_server.grant("reader", {"issues": "read"})
    reader = GitHubClient(
        repository="kd/demo", token="reader", api_url=github_server.base_url, user_agent="kdbot"
    )
    with closing(reader), pytest.raises(ForbiddenError, match="Resource not accessible"):
        reader.write(issue.number, AddLabels(names=("x",)))


def test_F16_an_issue_that_never_was_is_gone(client):
    with pytest.raises(ItemGoneError):
        client.item(99)


def test_only_older_items_are_read(client, github_server):
    for number in range(150):
        github_server.world.open_issue("alice", f"Paper {number}", "x")
    github_server.forget_log()
    assert len(list(client.open_items_before(60))) == 59
    assert len(github_server.log) == 1


def test_setup_creates_and_mends_labels_and_leaves_others_alone(client, github_server):
    world = github_server.world
    world.create_label("Ready", color="000000", description="Another description")
    world.create_label("mine", color="123456", description="Mine")
    present = client.labels()
    for label in LABELS:
        known = present.get(label.name.casefold())
        if known != label:
            client.put_label(label, known)
    assert set(client.labels().values()) >= set(LABELS)
    assert client.labels()["mine"].color == "123456"
