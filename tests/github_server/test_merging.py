"""What GitHub's buttons do: merges, their commits, and the issues that a merge closes.

https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges
https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
"""

from __future__ import annotations

import pytest

from tests.github_server.closing import closing_numbers
from tests.github_server.http import ApiError
from tests.rows import each


@pytest.fixture
def world(github_server):
    world = github_server.world
    world.push("kd", {"README.md": "# List\n", "papers/old.yaml": "a: 1\n"}, "Begin")
    world.set_role("maya", "write")
    return world


@pytest.fixture
def pull(world):
    """A pull request of two commits, on a base that went on since."""
    pull = world.open_pull("alice", "Add two papers", files={"papers/a.yaml": "a\n"}, branch="add")
    world.push_to_pull(pull, {"papers/b.yaml": "b\n"}, "And another\n\nBecause it is good")
    world.push("kd", {"README.md": "# A list\n"}, "Title")
    return pull


def _line(commit):
    return (commit.message, commit.author.name, commit.committer.name, len(commit.parents))


def test_a_merge_commit_is_the_mergers_and_githubs(world, pull):
    sha = world.merge_pull(pull, "maya")
    commit = world.git.commit(sha)
    message = "Merge pull request #1 from alice/add\n\nAdd two papers"
    assert _line(commit) == (message, "maya", "GitHub", 2)
    assert commit.committer.email == "noreply@github.com"
    assert pull.pull.merge_commit_sha == world.git.resolve("main") == sha
    assert world.git.read_file("papers/b.yaml") == "b\n"
    assert world.git.read_file("README.md") == "# A list\n"


def test_a_squash_is_one_commit_of_the_author(world, pull):
    commit = world.git.commit(world.merge_pull(pull, "maya", "squash"))
    message = "Add two papers (#1)\n\n* Add two papers\n\n* And another\n\nBecause it is good"
    assert _line(commit) == (message, "alice", "GitHub", 1)
    assert world.git.read_file("papers/b.yaml") == "b\n"
    assert len(world.commits_of(pull)) == 2


def test_a_squash_of_one_commit_keeps_its_words(world):
    pull = world.open_pull("alice", "First words", files={"papers/a.yaml": "a\n"})
    world.edit_issue(pull, "alice", title="Other words")
    commit = world.git.commit(world.merge_pull(pull, "maya", "squash"))
    assert commit.message == "First words (#1)"


def test_a_rebase_keeps_the_commits_and_names_the_merger(world, pull):
    sha = world.merge_pull(pull, "maya", "rebase")
    commits = [world.git.commit(one) for one in world.git.log("main", limit=2)]
    assert commits[0].sha == sha
    assert [_line(commit) for commit in commits] == [
        ("And another\n\nBecause it is good", "alice", "maya", 1),
        ("Add two papers", "alice", "maya", 1),
    ]
    assert world.git.read_file("README.md") == "# A list\n"
    assert world.deliveries[-1].payload["after"] == sha
    assert len(world.deliveries[-1].payload["commits"]) == 2


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_conflict_cannot_be_merged(world, method):
    pull = world.open_pull("alice", "A", files={"papers/old.yaml": "a: 2\n"})
    world.push("kd", {"papers/old.yaml": "a: 3\n"})
    with pytest.raises(ApiError, match="not mergeable"):
        world.merge_pull(pull, "maya", method)
    assert pull.state == "open"


def test_what_is_closed_or_merged_cannot_be_merged(world, pull):
    world.close(pull, "maya")
    with pytest.raises(ApiError, match="not mergeable"):
        world.merge_pull(pull, "maya")
    world.reopen(pull, "maya")
    world.merge_pull(pull, "maya")
    with pytest.raises(ApiError, match="not mergeable"):
        world.merge_pull(pull, "maya")


@pytest.mark.parametrize("fork", [True, False])
def test_update_branch_merges_the_base_in_the_persons_name(world, fork):
    pull = world.open_pull("alice", "A", files={"papers/a.yaml": "a\n"}, branch="add", fork=fork)
    before = world.head_sha(pull)
    world.push("kd", {"README.md": "# A list\n"})
    base = world.git.resolve("main")
    sha = world.update_branch(pull, "maya")
    commit = world.git.commit(sha)
    assert _line(commit) == ("Merge branch 'main' into add", "maya", "GitHub", 2)
    assert commit.parents == (before, base)
    assert world.head_sha(pull) == sha
    assert world.git.ref("refs/heads/add") == (None if fork else sha)
    last = world.deliveries[-1]
    assert (last.event, last.action, last.actor.login) == ("pull_request", "synchronize", "maya")
    assert (last.payload["before"], last.payload["after"]) == (before, sha)
    assert [change.path for change in world.files_of(pull)] == ["papers/a.yaml"]
    with pytest.raises(ApiError, match="no new commits"):
        world.update_branch(pull, "maya")


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_f26_a_merge_closes_what_the_text_names(world, repo, method):
    """In REST such an event has no commit; GraphQL names the pull request.

    https://github.com/PyGithub/PyGithub/issues/1295
    """
    issue, other = world.open_issue("bob", "A proposal"), world.open_issue("bob", "Another")
    pull = world.open_pull("alice", "Add", f"Closes #{issue.number}", files={"a": "a"})
    world.merge_pull(pull, "maya", method)
    assert (issue.state, issue.state_reason, issue.closed_by.login) == (
        "closed",
        "completed",
        "maya",
    )
    assert other.state == "open"
    (event,) = repo.get_issue(issue.number).get_events()
    assert (event.event, event.actor.login, event.commit_id) == ("closed", "maya", None)
    _, answer = repo.requester.graphql_query(
        """{ repository(owner: "kd", name: "demo") { issue(number: 1) {
        timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) { nodes { ... on ClosedEvent {
        closer { ... on PullRequest { number merged } } } } } } } }""",
        {},
    )
    (node,) = answer["data"]["repository"]["issue"]["timelineItems"]["nodes"]
    assert node["closer"] == {"number": pull.number, "merged": True}
    told = [(d.event, d.action, d.number) for d in world.deliveries[-3:]]
    assert told == [
        ("pull_request", "closed", pull.number),
        ("push", None, None),
        ("issues", "closed", issue.number),
    ]


def test_a_commit_that_names_an_issue_stands_in_the_event(world, repo):
    """https://docs.github.com/en/rest/using-the-rest-api/issue-event-types#closed"""
    world.open_issue("bob", "A proposal")
    sha = world.push("kd", {"a": "a"}, "Add a\n\nFixes #1")
    (event,) = repo.get_issue(1).get_events()
    assert event.commit_id == sha


def test_another_branch_closes_nothing(world):
    issue = world.open_issue("bob", "A proposal")
    world.push("kd", {"b": "b"}, "Fixes #1", branch="next")
    pull = world.open_pull("alice", "Add", "Closes #1", files={"a": "a"}, base="next")
    world.merge_pull(pull, "maya")
    assert issue.state == "open"


def test_closing_unmerged_closes_nothing_else(world):
    issue = world.open_issue("bob", "A proposal")
    pull = world.open_pull("alice", "Add", "Closes #1", files={"a": "a"})
    world.close(pull, "maya")
    assert (issue.state, pull.pull.merged_at) == ("open", None)


@each(
    ("text", "numbers"),
    [
        ("Closes #1", [1]),
        ("closes: #1, fixes #2 and Resolved #3", [1, 2, 3]),
        ("FIXED kd/demo#4", [4]),
        ("fix https://github.com/kd/demo/issues/5.", [5]),
        ("close other/repo#6", []),
        ("Closes #1, #2", [1]),
        ("Related to #7", []),
        ("discloses #8", []),
        ("`closes #9` and <!-- closes #10 -->", []),
        ("Closes #1\nCloses #1", [1]),
        ("Closes  #11x", []),
    ],
)
def test_closing_words(text, numbers):
    assert closing_numbers(text, "kd/demo") == numbers
