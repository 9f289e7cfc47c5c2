"""Issues, comments, labels, reactions and history, seen through PyGithub."""

from __future__ import annotations

import pytest
from github import GithubException, UnknownObjectException


@pytest.fixture
def world(github_server):
    return github_server.world


@pytest.fixture
def issue(world):
    return world.open_issue("alice", "New paper", "A body")


@pytest.mark.usefixtures("issue")
def test_an_issue_reads_as_it_was_written(repo):
    seen = repo.get_issue(1)
    assert (seen.title, seen.body, seen.state, seen.user.login) == (
        "New paper",
        "A body",
        "open",
        "alice",
    )
    assert seen.closed_by is None


def test_f16_ghosts_and_empty_bodies_are_null(repo, world):
    world.comment(world.open_issue(None, "By a ghost"), None, "Boo")
    seen = repo.get_issue(1)
    assert (seen.user, seen.body) == (None, None)
    assert next(iter(seen.get_comments())).user is None
    assert next(iter(seen.get_timeline())).event == "commented"


@pytest.mark.parametrize("gone", ["deleted", "transferred", "missing"])
def test_f16_issues_that_are_gone(repo, issue, gone):
    if gone == "missing":
        with pytest.raises(UnknownObjectException):
            repo.get_issue(2).complete()
        return
    issue.gone = gone
    assert list(repo.get_issues()) == []
    if gone == "deleted":
        with pytest.raises(GithubException) as refused:
            repo.get_issue(1).create_comment("Hello")
        assert refused.value.status == 410
    else:
        seen = repo.get_issue(1).complete()
        assert seen.repository_url.endswith("/repos/kd/elsewhere")


def test_f16_a_locked_issue_takes_no_comment_and_no_reaction_of_a_job(repo, world, issue):
    world.lock(issue, "kd", "spam")
    for write in (
        lambda: repo.get_issue(1).create_comment("x"),
        lambda: repo.get_issue(1).create_reaction("eyes"),
    ):
        with pytest.raises(GithubException, match="issue is locked") as refused:
            write()
        assert refused.value.status == 403
    repo.get_issue(1).add_to_labels("spam")
    assert [event.event for event in repo.get_issue(1).get_events()] == ["locked", "labeled"]


def test_b15_all_pages_of_250_comments(repo, world, issue, github_server):
    for number in range(250):
        world.comment(issue, "bob", f"Comment {number}")
    assert [c.body for c in repo.get_issue(1).get_comments()] == [
        f"Comment {number}" for number in range(250)
    ]
    assert len(github_server.log) == 9
    assert repo.get_issue(1).get_comments().totalCount == 250


def test_a_page_holds_at_most_100(connect, world, issue):
    for number in range(120):
        world.comment(issue, "bob", str(number))
    repo = connect({"issues": "read"})
    headers, body = repo.requester.requestJsonAndCheck(
        "GET", "/repos/kd/demo/issues/1/comments?per_page=1000&page=2"
    )
    assert len(body) == 20
    assert 'rel="prev"' in headers["link"]
    assert 'rel="next"' not in headers["link"]


@pytest.mark.usefixtures("issue")
def test_comments_are_edited_and_deleted(repo, github_server):
    comment = repo.get_issue(1).create_comment("One")
    github_server.clock.advance(5)
    comment.edit("Two")
    seen = repo.get_issue(1).get_comment(comment.id)
    assert seen.body == "Two"
    assert (seen.updated_at - seen.created_at).total_seconds() == 5
    assert (seen.user.login, seen.user.id, seen.user.type) == (
        "github-actions[bot]",
        41898282,
        "Bot",
    )
    comment.delete()
    assert list(repo.get_issue(1).get_comments()) == []


@pytest.mark.parametrize(
    "body",
    [" ", "x" * 65_537, "😀" * 40_000],
    ids=["blank", "B16-too-long", "B17-too-long-in-UTF-16"],
)
@pytest.mark.usefixtures("issue")
def test_bodies_that_github_refuses(repo, body):
    with pytest.raises(GithubException) as refused:
        repo.get_issue(1).create_comment(body)
    assert refused.value.status == 422


@pytest.mark.usefixtures("issue")
def test_c07_an_unknown_label_is_created_by_adding_it(repo):
    repo.get_issue(1).add_to_labels("fresh")
    assert repo.get_label("fresh").color == "ededed"
    repo.get_issue(1).remove_from_labels("fresh")
    with pytest.raises(GithubException, match="Label does not exist"):
        repo.get_issue(1).remove_from_labels("fresh")


def test_c07_the_form_sets_only_labels_that_exist(world):
    world.create_label("new paper")
    issue = world.open_issue("alice", "t", labels=["New Paper", "unknown"])
    assert [label.name for label in issue.labels] == ["new paper"]


@pytest.mark.usefixtures("issue")
def test_labels_of_the_repository(repo):
    label = repo.create_label("ready", "0E8A16", "Everything is there")
    with pytest.raises(GithubException, match="already_exists"):
        repo.create_label("READY", "000000")
    label.edit("ready to go", "ffffff", "Go")
    assert [(x.name, x.color, x.description) for x in repo.get_labels()] == [
        ("ready to go", "ffffff", "Go")
    ]
    repo.get_issue(1).set_labels("ready to go", "other")
    repo.get_label("ready to go").delete()
    assert [x.name for x in repo.get_issue(1).labels] == ["other"]


def test_who_set_a_label_and_when_stands_in_the_events(repo, world, issue, github_server):
    github_server.clock.advance(61)
    world.add_labels(issue, ["accepted"], "kd")
    (event,) = repo.get_issue(1).get_events()
    assert (event.event, event.actor.login, event.label.name) == ("labeled", "kd", "accepted")
    assert (event.created_at - repo.get_issue(1).created_at).total_seconds() == 61


def test_closing_and_reopening(repo, world, issue):
    repo.get_issue(1).edit(state="closed", state_reason="not_planned")
    seen = repo.get_issue(1)
    assert (seen.state, seen.state_reason, seen.closed_by.login) == (
        "closed",
        "not_planned",
        "github-actions[bot]",
    )
    world.reopen(issue, "alice")
    assert repo.get_issue(1).state_reason == "reopened"
    assert [(e.event, e.actor.login) for e in repo.get_issue(1).get_events()] == [
        ("closed", "github-actions[bot]"),
        ("reopened", "alice"),
    ]


def test_lists_are_filtered_and_sorted(repo, world):
    for title in ("a", "b", "c"):
        world.open_issue("alice", title)
    world.create_label("ready")
    world.add_labels(world.issue(2), ["ready"], "kd")
    world.close(world.issue(3), "alice")
    assert [i.number for i in repo.get_issues()] == [2, 1]
    assert [i.number for i in repo.get_issues(state="all", direction="asc")] == [1, 2, 3]
    assert [i.number for i in repo.get_issues(labels=["ready"])] == [2]


def test_f04_a_new_issue_can_be_missing_from_lists_for_a_while(repo, world):
    world.listing_lag = 2
    world.open_issue("alice", "late")
    assert [len(list(repo.get_issues())) for _ in range(4)] == [0, 0, 1, 1]
    assert repo.get_issue(1).title == "late"


def test_f10_reactions_are_counted_once_an_account(repo, world, issue):
    comment = world.comment(issue, "bob", "/recheck")
    seen = repo.get_issue(1).get_comment(comment.id)
    first, again = seen.create_reaction("eyes"), seen.create_reaction("eyes")
    assert first.id == again.id
    world.react(comment, "bob", "eyes")
    assert len(list(seen.get_reactions())) == 2
    assert seen.delete_reaction(first.id)
    assert not seen.delete_reaction(first.id)
    repo.get_issue(1).create_reaction("+1")
    assert [r.content for r in repo.get_issue(1).get_reactions()] == ["+1"]


@pytest.mark.parametrize(
    ("role", "permission"),
    [
        ("admin", "admin"),
        ("maintain", "write"),
        ("write", "write"),
        ("triage", "read"),
        ("read", "read"),
        ("none", "none"),
    ],
)
def test_f08_the_permission_of_an_account(repo, world, role, permission):
    world.set_role("carol", role)
    assert repo.get_collaborator_permission("carol") == permission
    assert repo.get_collaborator_role_name("carol") == role


def test_f08_a_stranger_reads_and_a_missing_account_is_404(repo, world):
    world.user("stranger")
    assert repo.get_collaborator_permission("stranger") == "read"
    with pytest.raises(UnknownObjectException):
        repo.get_collaborator_permission("nobody")


def test_deliveries_tell_what_happened_and_what_starts_workflows(repo, world, issue):
    world.edit_issue(issue, "alice", body="New")
    world.comment(issue, "alice", "/recheck")
    repo.get_issue(1).create_comment("Answer")
    told = [(d.event, d.action, d.actor.login, d.starts_workflows) for d in world.deliveries]
    assert told == [
        ("issues", "opened", "alice", True),
        ("issues", "edited", "alice", True),
        ("issue_comment", "created", "alice", True),
        ("issue_comment", "created", "github-actions[bot]", False),
    ]
    assert world.deliveries[0].payload["issue"]["body"] == "A body"
    assert world.deliveries[1].payload["changes"] == {"body": {"from": "A body"}}
