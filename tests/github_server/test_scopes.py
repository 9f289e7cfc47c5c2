"""What a token may do, and how GitHub refuses the rest."""

from __future__ import annotations

import pytest
from github import BadCredentialsException, GithubException, InputGitTreeElement

from tests.github_server.scopes import SCOPES, job_permissions
from tests.rows import each

INTEGRATION = "Resource not accessible by integration"


@pytest.fixture
def world(github_server):
    world = github_server.world
    world.open_issue("alice", "An issue")
    world.open_pull("bob", "A pull request", files={"a.txt": "a\n"})
    world.create_label("ready")
    return world


WRITES = {
    "comment on an issue": (
        {"issues": "write"},
        lambda repo: repo.get_issue(1).create_comment("x"),
    ),
    "label an issue": ({"issues": "write"}, lambda repo: repo.get_issue(1).add_to_labels("ready")),
    "close an issue": ({"issues": "write"}, lambda repo: repo.get_issue(1).edit(state="closed")),
    "react to an issue": (
        {"issues": "write"},
        lambda repo: repo.get_issue(1).create_reaction("eyes"),
    ),
    "create a label": ({"issues": "write"}, lambda repo: repo.create_label("x", "000000")),
    "comment on a pull request": (
        {"pull-requests": "write"},
        lambda repo: repo.get_issue(2).create_comment("x"),
    ),
    "label a pull request": (
        {"pull-requests": "write"},
        lambda repo: repo.get_issue(2).add_to_labels("ready"),
    ),
    "review a pull request": (
        {"pull-requests": "write"},
        lambda repo: repo.get_pull(2).create_review(body="x", event="COMMENT"),
    ),
    "write a tree": (
        {"contents": "write"},
        lambda repo: repo.create_git_tree([InputGitTreeElement("a", "100644", "blob", "a")]),
    ),
    "set a status": (
        {"statuses": "write"},
        lambda repo: repo._requester.requestJsonAndCheck(
            "POST", f"{repo.url}/statuses/{TIP[0]}", input={"state": "success"}
        ),
    ),
}
TIP: list[str] = []


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.usefixtures("world")
def test_a04_a_write_needs_its_scope(github_server, connect, name):
    TIP[:] = [github_server.git.resolve("main")]
    needed, write = WRITES[name]
    others = {scope: "write" for scope in SCOPES if scope not in needed}
    read_only = dict.fromkeys(needed, "read")
    for permissions in (others, read_only, {}):
        with pytest.raises(GithubException, match=INTEGRATION) as refused:
            write(connect(permissions))
        assert refused.value.status == 403
    write(connect(needed))


@pytest.mark.usefixtures("world")
def test_a_label_that_does_not_exist_is_not_created_with_pull_requests_alone(connect):
    with pytest.raises(GithubException, match="do not have permission to create labels"):
        connect({"pull-requests": "write"}).get_issue(2).add_to_labels("fresh")
    connect({"pull-requests": "write", "issues": "write"}).get_issue(2).add_to_labels("fresh")


@pytest.mark.usefixtures("world")
def test_reading_needs_a_scope_too_but_not_for_the_repository(connect):
    repo = connect({})
    assert repo.default_branch == "main"
    assert repo.get_collaborator_permission("alice") == "read"
    with pytest.raises(GithubException, match=INTEGRATION):
        list(repo.get_issues())


def test_a_person_is_not_bound_by_scopes(connect, world):
    connect(login="kd").get_issue(1).create_comment("By hand")
    assert [c.user.login for c in world.comments_of(world.issue(1))] == ["kd"]


def test_an_unknown_token_is_refused(github_server, connect):
    repo = connect({"issues": "read"})
    github_server.tokens.clear()
    with pytest.raises(BadCredentialsException):
        repo.complete()


@each(
    ("workflow", "granted"),
    [
        ({"jobs": {"j": {}}}, {"contents": "read", "packages": "read"}),
        ({"permissions": {}, "jobs": {"j": {}}}, {}),
        ({"permissions": {"issues": "write"}, "jobs": {"j": {}}}, {"issues": "write"}),
        (
            {
                "permissions": {"issues": "write"},
                "jobs": {"j": {"permissions": {"pages": "write"}}},
            },
            {"pages": "write"},
        ),
        ({"permissions": "write-all", "jobs": {"j": {}}}, dict.fromkeys(SCOPES, "write")),
        ({"jobs": {"j": {"permissions": "read-all"}}}, dict.fromkeys(SCOPES, "read")),
    ],
)
def test_the_scopes_of_a_job(workflow, granted):
    assert job_permissions(workflow, "j") == granted


@each("declared", [{"issue": "write"}, {"issues": "admin"}, "all", ["issues"]])
def test_permissions_that_github_does_not_know(declared):
    with pytest.raises((TypeError, ValueError)):
        job_permissions({"jobs": {"j": {"permissions": declared}}}, "j")
