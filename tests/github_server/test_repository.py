"""The repository itself: rules of its branches, refused pushes, other names, its quota."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.request

import pytest
from github import GithubException, UnknownObjectException

from tests.github_server.conftest import ALL


@pytest.fixture
def world(github_server):
    return github_server.world


@pytest.fixture
def push(world, tmp_path):
    """Push a new commit from a clone with git, as the bot does; gives what git said, or None."""

    def git(folder, *args):
        identity = ["-c", "user.name=bot", "-c", "user.email=bot@example.org"]
        env = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "LC_ALL": "C"}
        return subprocess.run(
            ["git", *identity, "-C", str(folder), *args],
            capture_output=True, text=True, check=False, env=env,
        )  # fmt: skip

    def send(branch):
        clone = tmp_path / f"clone-{len(list(tmp_path.iterdir()))}"
        git(tmp_path, "clone", "-q", f"file://{world.git.path}", str(clone))
        git(clone, "commit", "-q", "--allow-empty", "-m", "A commit")
        done = git(clone, "push", "origin", f"HEAD:refs/heads/{branch}")
        return done.stderr if done.returncode else None

    return send


@pytest.fixture
def call(github_server):
    """Send a raw request without following redirects; gives status, headers and body."""
    github_server.grant("raw", ALL)

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    def send(method, path, body=None):
        request = urllib.request.Request(
            github_server.base_url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "bearer raw"},
        )
        try:
            answer = urllib.request.build_opener(Stay).open(request)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, dict(answer.headers), json.loads(answer.read() or b"null")

    return send


# Rules


def test_f13_branch_protection_refuses_a_push_and_is_no_rule(world, push, repo, call):
    """https://docs.github.com/en/rest/repos/rules lists rulesets alone."""
    assert push("main") is None
    world.protect("main")
    said = push("main")
    assert "remote: error: GH006: Protected branch update failed for refs/heads/main." in said
    assert "! [remote rejected] HEAD -> main (protected branch hook declined)" in said
    assert push("kdbot/readme") is None
    assert repo.get_branch("main").protected
    status, _, rules = call("GET", "/repos/kd/demo/rules/branches/main")
    assert (status, rules) == (200, [])
    world.protect()
    assert push("main") is None
    assert not repo.get_branch("main").protected


def test_f13_a_ruleset_refuses_a_push_and_lists_its_rules(world, push, repo, call):
    """The words of the refusal stand in https://github.com/yshavit/mdq/pull/255.

    A branch is `protected` by a ruleset, too: https://github.com/hub4j/github-api/issues/2062.
    """
    world.protect("main", kind="ruleset")
    said = push("main")
    assert "remote: error: GH013: Repository rule violations found for refs/heads/main." in said
    assert "(push declined due to repository rule violations)" in said
    assert repo.get_branch("main").protected
    (rule,) = call("GET", "/repos/kd/demo/rules/branches/main")[2]
    assert (rule["type"], rule["ruleset_source"]) == ("pull_request", "kd/demo")
    assert call("GET", "/repos/kd/demo/rules/branches/nothing")[2] == []


@pytest.mark.parametrize("kind", ["classic", "ruleset"])
def test_who_may_bypass_pushes_and_the_rules_are_told_all_the_same(world, push, call, kind):
    world.protect("main", kind=kind, bypass=["github-actions[bot]"])
    assert push("main") is None
    rules = call("GET", "/repos/kd/demo/rules/branches/main")[2]
    assert bool(rules) == (kind == "ruleset")
    assert call("GET", "/repos/kd/demo/branches/main")[2]["protected"]


@pytest.mark.parametrize(
    ("kind", "login", "may"),
    [
        ("classic", "kd", True),
        ("classic", "maya", False),
        ("ruleset", "kd", False),
        ("ruleset", "maya", False),
    ],
)
def test_administrators_are_bound_by_rulesets_alone(connect, world, kind, login, may):
    """https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches"""
    world.set_role("maya", "write")
    world.push("kd", {"a": "a"})
    world.protect("main", kind=kind)
    someone = connect(login=login)
    if may:
        someone.create_file("b", "b", "b")
    else:
        with pytest.raises(GithubException, match="through a pull request"):
            someone.create_file("b", "b", "b")


@pytest.mark.parametrize("reason", ["Internal Server Error", "cannot lock ref 'refs/heads/main'"])
def test_f14_a_passing_refusal_is_no_protection(world, push, repo, call, reason):
    """As seen in https://github.com/ship-studio/ship-studio/issues/678."""
    world.refuse_pushes(reason, times=2, branch="main")
    assert push("other") is None
    for _ in range(2):
        assert f"! [remote rejected] HEAD -> main ({reason})" in push("main")
    assert push("main") is None
    assert not repo.get_branch("main").protected
    assert call("GET", "/repos/kd/demo/rules/branches/main")[2] == []


def test_a_refusal_outlasts_a_change_of_protection(world, push):
    world.refuse_pushes(times=2)
    assert "Internal Server Error" in push("main")
    world.protect("main")
    assert "Internal Server Error" in push("main")
    assert "GH006" in push("main")
    world.protect()
    assert push("main") is None


# Names


@pytest.mark.parametrize("way", ["renamed", "transferred"])
def test_a_former_name_leads_on_in_rest_and_in_graphql(world, call, way):
    """https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api

    A write is answered with 307: https://github.com/18F/charlie/pull/85. GraphQL follows unless
    it is told not to.
    """
    world.open_issue("alice", "One")
    pull = world.open_pull("kd", "Two", files={"a": "a"}, branch="x", fork=False)
    if way == "renamed":
        world.rename(name="better")
    else:
        world.rename(owner="org")
    now = world.full_name
    assert now == {"renamed": "kd/better", "transferred": "org/demo"}[way]
    status, headers, body = call("GET", "/repos/kd/demo/issues?state=all")
    assert (status, body["message"]) == (301, "Moved Permanently")
    assert headers["Location"].endswith("/repositories/7000/issues?state=all")
    at = headers["Location"].partition("/repositories")[2]
    status, _, found = call("GET", f"/repositories{at}")
    assert status == 200
    assert [one["number"] for one in found] == [2, 1]
    assert found[0]["url"].endswith(f"/repos/{now}/issues/2")
    status, headers, _ = call("POST", "/repos/kd/demo/issues/1/comments", {"body": "x"})
    assert status == 307
    assert not world.comments
    assert call("POST", headers["Location"].partition(":")[2].partition("/repo")[1] + "sitories"
                "/7000/issues/1/comments", {"body": "x"})[0] == 201  # fmt: skip
    assert call("GET", "/repositories/7000")[2]["full_name"] == now
    assert call("GET", f"/repos/{now}")[0] == 200
    assert pull.pull.fork == now
    query = '{ repository(owner: "kd", name: "demo"%s) { nameWithOwner } }'
    answer = call("POST", "/graphql", {"query": query % ""})[2]
    assert answer == {"data": {"repository": {"nameWithOwner": now}}}
    answer = call("POST", "/graphql", {"query": query % ", followRenames: false"})[2]
    assert answer["errors"][0]["type"] == "NOT_FOUND"


def test_a_repository_that_is_gone_answers_404_to_everything(world, call):
    world.open_issue("alice", "One")
    world.gone = True
    assert call("GET", "/repos/kd/demo")[0] == 404
    assert call("GET", "/repos/kd/demo/issues/1")[0] == 404
    assert call("POST", "/repos/kd/demo/issues/1/comments", {"body": "x"})[0] == 404
    answer = call("POST", "/graphql", {"query": '{ repository(owner: "kd", name: "demo") {id} }'})
    assert answer[2]["errors"][0]["type"] == "NOT_FOUND"


def test_the_default_branch_is_renamed_with_what_hangs_on_it(world, repo, call, push):
    """https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-branches-in-your-repository/renaming-a-branch"""
    world.push("kd", {"a": "a"})
    pull = world.open_pull("alice", "One", files={"b": "b"})
    world.protect("main")
    world.rename_default_branch("trunk")
    assert call("GET", "/repos/kd/demo")[2]["default_branch"] == "trunk"
    assert repo.get_branch("trunk").protected
    status, headers, _ = call("GET", "/repos/kd/demo/branches/main")
    assert status == 301
    assert headers["Location"].endswith("/repos/kd/demo/branches/trunk")
    assert pull.pull.base_ref == "trunk"
    assert "GH006" in push("trunk")
    world.protect()
    world.merge_pull(pull, "kd")
    assert world.git.read_file("b") == "b"


def test_a_deleted_branch_closes_its_pull_request(world, repo):
    """https://github.blog/changelog/2019-07-26-pull-request-head-branches"""
    pull = world.open_pull("kd", "One", files={"a": "a"}, branch="x", fork=False)
    repo.get_git_ref("heads/x").complete().delete()
    assert (pull.state, pull.pull.merged_at) == ("closed", None)
    assert [event.event for event in pull.events] == ["closed", "head_ref_deleted"]
    assert world.files_of(pull)[0].path == "a"
    assert repo.get_pull(1).state == "closed"


@pytest.mark.parametrize("default_branch", ["master"])
def test_the_default_branch_may_have_any_name(world, repo, push):
    pull = world.open_pull("alice", "One", files={"a": "a"})
    world.merge_pull(pull, "kd")
    assert repo.get_branch("master").commit.sha == pull.pull.merge_commit_sha
    assert world.deliveries[-1].payload["ref"] == "refs/heads/master"
    assert push("master") is None
    with pytest.raises(UnknownObjectException):
        repo.get_branch("main")


# The quota


def test_f11_a_thousand_requests_an_hour_and_no_more(github_server, call):
    """https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api"""
    github_server.limit_quota(requests=2)
    status, headers, _ = call("GET", "/repos/kd/demo")
    assert (status, headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == (
        200,
        "2",
        "1",
    )
    assert headers["X-RateLimit-Resource"] == "core"
    assert int(headers["X-RateLimit-Reset"]) == github_server.clock.now().timestamp() + 3600
    call("GET", "/repos/kd/demo")
    status, headers, body = call("GET", "/repos/kd/demo")
    assert (status, headers["X-RateLimit-Remaining"]) == (403, "0")
    assert body["message"].startswith("API rate limit exceeded for installation")
    assert call("GET", "/rate_limit")[0] == 200
    status, headers, _ = call("POST", "/graphql", {"query": "{ viewer { login } }"})
    assert (status, headers["X-RateLimit-Resource"]) == (200, "graphql")
    github_server.clock.advance(3600)
    assert call("GET", "/repos/kd/demo")[0] == 200


def test_nothing_is_refused_unless_a_test_asks_for_it(github_server, call):
    github_server.quotas["core"].used = 9999
    github_server.quotas["core"].began = github_server.clock.now()
    assert call("GET", "/repos/kd/demo")[0] == 200
