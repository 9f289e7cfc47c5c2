"""What can go wrong between a client and GitHub."""

from __future__ import annotations

import pytest
import requests
from github import GithubException, GithubRetry, RateLimitExceededException

from tests.github_server import Effect


@pytest.fixture
def issue(github_server):
    return github_server.world.open_issue("alice", "t", "b")


@pytest.mark.parametrize("effect", Effect)
def test_e12_a_502_before_or_after_the_effect(github_server, repo, issue, effect):
    github_server.faults.fail(at_write=2, effect=effect)
    repo.get_issue(1).create_comment("first")
    repo.get_issue(1).complete()
    with pytest.raises(GithubException) as failed:
        repo.get_issue(1).create_comment("second")
    assert failed.value.status == 502
    repo.get_issue(1).create_comment("third")
    bodies = [comment.body for comment in github_server.world.comments_of(issue)]
    assert bodies == ["first", *(["second"] if effect is Effect.DONE else []), "third"]


def test_e12_a_client_that_repeats_blindly_writes_twice(github_server, connect, issue):
    github_server.faults.fail(at_write=1, effect=Effect.DONE)
    retry = GithubRetry(total=1, backoff_factor=0)
    connect({"issues": "write"}, retry=retry).get_issue(1).create_comment("x")
    assert len(github_server.world.comments_of(issue)) == 2


@pytest.mark.parametrize("effect", Effect)
def test_a_dropped_connection(github_server, repo, issue, effect):
    github_server.faults.drop(at_write=1, effect=effect)
    with pytest.raises(requests.ConnectionError):
        repo.get_issue(1).create_comment("x")
    assert len(github_server.world.comments_of(issue)) == (effect is Effect.DONE)
    assert github_server.log[-1].status == 0


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.usefixtures("issue")
def test_e11_the_primary_limit(github_server, repo, status):
    github_server.faults.limit_primary(reset_in=3600, status=status)
    with pytest.raises((RateLimitExceededException, GithubException)) as limited:
        repo.get_issue(1).create_comment("x")
    assert limited.value.status == status
    assert limited.value.headers["x-ratelimit-remaining"] == "0"
    assert "API rate limit exceeded" in str(limited.value)
    repo.get_issue(1).create_comment("x")


@pytest.mark.parametrize("retry_after", [None, 1])
def test_e11_the_secondary_limit(github_server, repo, issue, retry_after):
    github_server.faults.limit_secondary(retry_after=retry_after, times=2)
    for _ in range(2):
        with pytest.raises(RateLimitExceededException) as limited:
            repo.get_issue(1).create_comment("x")
        assert limited.value.headers.get("retry-after") == (retry_after and str(retry_after))
    repo.get_issue(1).create_comment("x")
    assert len(github_server.world.comments_of(issue)) == 1


def test_f03_a_hook_runs_before_the_nth_request(github_server, repo, issue):
    world = github_server.world
    github_server.faults.before(
        lambda: world.edit_issue(issue, "alice", body="moved"), at_request=2
    )
    assert [repo.get_issue(1).body for _ in range(3)] == ["b", "moved", "moved"]


@pytest.mark.usefixtures("issue")
def test_faults_can_be_bound_to_a_kind_of_request(github_server, repo):
    github_server.faults.fail(matches=lambda request: request.path.endswith("/labels"), times=2)
    repo.get_issue(1).create_comment("x")
    for _ in range(2):
        with pytest.raises(GithubException):
            repo.get_issue(1).add_to_labels("a")
    repo.get_issue(1).add_to_labels("a")


@pytest.mark.usefixtures("issue")
def test_the_log_counts_requests_and_writes(github_server, repo):
    repo.get_issue(1).complete()
    repo.get_issue(1).create_comment("x")
    assert [(entry.operation, entry.status) for entry in github_server.log] == [
        ("issues/get", 200),
        ("issues/create-comment", 201),
    ]
    assert [entry.body for entry in github_server.writes] == [{"body": "x"}]
    github_server.forget_log()
    assert github_server.log == []


def test_a_call_that_github_does_not_have_is_a_violation(github_server, repo):
    with pytest.raises(GithubException):
        repo.requester.requestJsonAndCheck("GET", "/repos/kd/demo/papers")
    assert github_server.violations == ["no such operation: GET /repos/kd/demo/papers"]
    github_server.violations.clear()
