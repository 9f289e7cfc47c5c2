"""The client against the stand-in: rate limits, refusals and faults as GitHub has them."""

from __future__ import annotations

import socket
import threading
from contextlib import closing

import github
import pytest

from kdbot.github.api import Api, _asking
from kdbot.github.client import GitHubClient
from kdbot.github.errors import (
    ForbiddenError,
    GitHubUnavailableError,
    ItemGoneError,
    RejectedError,
)
from kdbot.github.labels import LABELS
from kdbot.github.reconcile import Reconciler
from kdbot.github.writes import (
    Desired,
    _add_labels,
    _create_comment,
    _remove_label,
    create_issue,
    update_issue,
)
from kdbot.model.errors import KdbotError
from tests.rows import each


@pytest.fixture
def client(github_server):
    github_server.grant("t", {"issues": "write", "contents": "read"})
    made = GitHubClient(
        repository="kd/demo", token="t", api_url=github_server.base_url, user_agent="kdbot/test"
    )
    made.bot = 41898282
    with closing(made) as client:
        yield client


@pytest.fixture
def slept(monkeypatch):
    """The waits of a client, which does not wait for them."""
    waits = []
    monkeypatch.setattr(Api, "sleep", staticmethod(waits.append))
    return waits


@pytest.fixture
def issue(github_server):
    return github_server.world.open_issue("alice", "A paper", "A body")


def test_E11_a_secondary_limit_is_waited_for_as_told(client, github_server, issue, slept):
    github_server.faults.limit_secondary(retry_after=1)
    assert client.item(issue.number).title == "A paper"
    assert slept == [1.0]


def test_E11_a_primary_limit_that_resets_soon_is_waited_for(client, github_server, issue, slept):
    github_server.faults.limit_primary(reset_in=30)
    assert client.item(issue.number).title == "A paper"
    assert len(slept) == 1
    assert 25 < slept[0] <= 32


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


def reconcile(client, number):
    Reconciler(client=client).item(number, lambda _item: Desired(labels=frozenset({"x"})))


def test_E11_a_limited_write_is_made_after_the_wait_that_was_asked_for(
    client, github_server, issue, slept
):
    github_server.faults.limit_secondary(retry_after=7, at_write=1)
    reconcile(client, issue.number)
    assert slept == [7.0]
    assert [label.name for label in issue.labels] == ["x"]


def test_E11_without_a_word_a_limited_write_waits_a_minute(client, github_server, issue, slept):
    github_server.faults.limit_secondary(retry_after=None, at_write=1)
    reconcile(client, issue.number)
    assert slept == [60.0]


def test_E11_it_is_tried_three_times_and_then_left_to_the_sweep(
    client, github_server, issue, slept
):
    github_server.faults.limit_secondary(retry_after=7, at_write=1, times=9)
    with pytest.raises(GitHubUnavailableError):
        reconcile(client, issue.number)
    assert slept == [7.0, 7.0]


def test_E11_many_writes_are_made_a_second_apart(client, github_server, issue, slept):
    github_server.world.add_labels(issue, [f"l{n}" for n in range(6)], "kd")
    Reconciler(client=client).item(
        issue.number, lambda _item: Desired(not_labels=frozenset(f"l{n}" for n in range(6)))
    )
    assert slept == [1.0] * 5


def test_a_read_survives_a_fault_of_the_server(client, github_server, issue, slept):
    github_server.faults.fail(status=502, at_request=1)
    assert client.item(issue.number).title == "A paper"
    assert slept == [1.0]


def test_E12_a_write_is_never_repeated_by_the_client(client, github_server, issue):
    github_server.faults.fail(status=502, at_write=1, times=9)
    with pytest.raises(GitHubUnavailableError):
        client.write(issue.number, _add_labels(issue.number, ["x"]))
    assert len(github_server.writes) == 1


@pytest.mark.parametrize("status", [400, 409, 418, 422])
def test_G03_a_request_that_GitHub_rejects_is_an_error_of_ours(
    client, github_server, issue, status
):
    github_server.faults.fail(status=status, at_write=1)
    with pytest.raises(RejectedError, match=rf"issue {issue.number}: .*\({status}\)"):
        reconcile(client, issue.number)


def test_G03_a_text_that_is_too_long_is_told_with_the_number_of_its_item(client, issue):
    with pytest.raises(RejectedError, match="too long"):
        client.write(issue.number, _create_comment(issue.number, "x" * 65_537))


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"null", b'"x"', b"[" * 900, b'{"number": "x"}', b"\xff"]
)
def test_G03_whatever_GitHub_answers_no_exception_of_its_library_comes_through(body, slept):
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
        made = GitHubClient(
            repository="kd/demo", token="t", api_url=f"http://127.0.0.1:{port}", user_agent="x"
        )

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                    connection.sendall(head % len(body) + body)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with closing(made) as client:
            for ask in (client.item, client.head_sha):
                with pytest.raises(KdbotError):
                    ask(1)
        assert set(slept) <= {1.0, 2.0}
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def test_a_permission_that_is_missing_is_named(github_server, issue):
    github_server.grant("reader", {"issues": "read"})
    reader = GitHubClient(
        repository="kd/demo", token="reader", api_url=github_server.base_url, user_agent="kdbot"
    )
    with closing(reader), pytest.raises(ForbiddenError, match="Resource not accessible"):
        reader.write(issue.number, _add_labels(issue.number, ["x"]))


JOB = ("Resource not accessible by integration", "issues=write; pull_requests=write")
REFUSALS = [
    (403, *JOB, "grant `issues: write` in the `permissions` of the workflow's job", True),
    (403, JOB[0], "", "grant the permission in the `permissions` of the workflow's job", True),
    (403, JOB[0], "administration=read", "a workflow's token may not do this", True),
    (
        403,
        "GitHub Actions is not permitted to create or approve pull requests.",
        "",
        "run `kdbot setup`, or allow it in the repository's settings",
        False,
    ),
    (
        403,
        "You do not have permission to create labels on this repository.",
        "",
        "run `kdbot setup` to create the missing labels",
        False,
    ),
    (403, "Must have admin rights to Repository.", "", "the token of a repository owner", False),
    (403, "Resource not accessible by personal access token", "", "give the token", False),
    (403, "Repository was archived so is read-only.", "", "unarchive", False),
    (403, "Something new", "", "a token with more permissions", False),
    (409, "Repository rule violations found\n\nX", "", "only accepts pull requests", False),
    (422, "Changes must be made through a pull request.", "", "only accepts pull requests", False),
    (403, "Protected branch update failed for refs/heads/main.", "", "docs/maintainers", False),
]


@each(
    ("status", "message", "wanted", "fix", "by_job"),
    [pytest.param(*row, id=f"{row[0]}-{row[1][:30]}-{row[2]}") for row in REFUSALS],
)
def test_refusals_are_told_apart_by_what_would_help(status, message, wanted, fix, by_job):
    headers = {"X-Accepted-GitHub-Permissions": wanted} if wanted else {}
    with pytest.raises(ForbiddenError) as refused, _asking("it"):
        raise github.GithubException(status, {"message": message}, headers)
    assert fix in refused.value.fix
    assert refused.value.by_job is by_job
    assert message in refused.value.what


@pytest.mark.parametrize("status", [409, 422])
def test_a_conflict_that_is_no_rule_of_a_branch_is_no_refusal(status):
    with pytest.raises(RejectedError), _asking("it"):
        raise github.GithubException(status, {"message": "Validation Failed"}, {})


def test_a_setting_of_the_repository_is_told_from_the_jobs_permission(client, github_server):
    github_server.world.actions_may_open_pulls = False
    github_server.world.push("kd", {"a.txt": "a"}, branch="kdbot/readme")
    github_server.grant("t", {"pull-requests": "write", "contents": "write"})
    with pytest.raises(ForbiddenError) as refused:
        client.open_pull_request(branch="kdbot/readme", base="main", title="T", body="B")
    assert "kdbot setup" in refused.value.fix


def test_a_label_that_a_job_may_not_create_is_told(client, github_server):
    pull = github_server.world.open_pull("bob", "A pull request", files={"a.txt": "a"})
    github_server.grant("t", {"pull-requests": "write"})
    with pytest.raises(ForbiddenError) as refused:
        client.write(pull.number, _add_labels(pull.number, ["x"]))
    assert refused.value.fix == "run `kdbot setup` to create the missing labels"


def test_F16_an_issue_that_never_was_is_gone(client):
    with pytest.raises(ItemGoneError):
        client.item(99)


@pytest.mark.parametrize(
    "write",
    [create_issue("T", "B", "x"), update_issue(1, {"state": "closed"})],
    ids=lambda write: write.kind,
)
def test_where_there_are_no_issues_that_is_told_and_not_waited_for(client, github_server, write):
    # What GitHub answers where issues are switched off.
    github_server.faults.fail(status=410, at_write=1)
    with pytest.raises(ItemGoneError):
        client.write(1, write)


def test_a_label_that_somebody_took_off_meanwhile_is_read_again(client, issue):
    with pytest.raises(GitHubUnavailableError) as again:
        client.write(issue.number, _remove_label(issue.number, "gone"))
    assert again.value.wait == 0


def test_only_older_items_are_read(client, github_server):
    for number in range(150):
        github_server.world.open_issue("alice", f"Paper {number}", "x")
    github_server.forget_log()
    assert len(client.open_items_before(60, pulls=False)) == 59
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
