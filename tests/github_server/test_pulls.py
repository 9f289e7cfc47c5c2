"""Pull requests, their files, reviews and merges."""

from __future__ import annotations

import pytest
from github import GithubException

GOOD = "title: A\nvenue: arXiv\n"


@pytest.fixture
def world(github_server):
    world = github_server.world
    world.push("kd", {"papers/old.yaml": GOOD, "README.md": "# List\n"})
    return world


@pytest.fixture
def pull(world):
    return world.open_pull("bob", "Add a paper", "Please", files={"papers/a.yaml": GOOD})


def test_a_pull_request_from_a_fork(repo, world, pull):
    seen = repo.get_pull(1)
    assert (seen.head.label, seen.head.repo.full_name) == ("bob:patch-1", "bob/demo")
    assert (seen.base.ref, seen.base.repo.full_name) == ("main", "kd/demo")
    assert (seen.commits, seen.additions, seen.changed_files) == (1, 2, 1)
    assert seen.head.sha == world.head_sha(pull)
    assert repo.get_issue(1).pull_request is not None
    assert [p.number for p in repo.get_pulls()] == [1]


def test_f16_a_deleted_fork_leaves_no_repository_and_no_user(repo, world, pull):
    world.delete_fork(pull)
    seen = repo.get_pull(1)
    assert (seen.head.repo, seen.head.user) == (None, None)
    assert [f.filename for f in seen.get_files()] == ["papers/a.yaml"]


def test_files_tell_what_happened_to_them(repo, world):
    world.open_pull(
        "bob",
        "Many things",
        files={
            "papers/new.yaml": GOOD.replace("A", "B"),
            "papers/old.yaml": None,
            "papers/moved.yaml": GOOD,
            "README.md": "# List\nmore\n",
            "img.png": b"\x00\x01",
        },
    )
    files = {f.filename: f for f in repo.get_pull(1).get_files()}
    assert {name: f.status for name, f in files.items()} == {
        "README.md": "modified",
        "img.png": "added",
        "papers/moved.yaml": "renamed",
        "papers/new.yaml": "added",
    }
    assert files["papers/moved.yaml"].previous_filename == "papers/old.yaml"
    assert files["README.md"].patch == "@@ -1 +1,2 @@\n # List\n+more"
    assert files["img.png"].patch is None


def test_d21_more_than_a_hundred_files_take_pages(repo, world):
    world.open_pull("bob", "Flood", files={f"papers/{n}.yaml": GOOD for n in range(130)})
    assert len(list(repo.get_pull(1).get_files())) == 130


@pytest.mark.usefixtures("pull")
def test_the_base_moves_without_changing_the_files(repo, world):
    world.push("kd", {"papers/other.yaml": GOOD})
    assert [f.filename for f in repo.get_pull(1).get_files()] == ["papers/a.yaml"]


def test_f03_a_push_moves_the_head(repo, world, pull, github_server):
    old = repo.get_pull(1).head.sha
    github_server.faults.before(
        lambda: world.push_to_pull(pull, {"papers/a.yaml": "title: AA\n"}), at_request=1
    )
    assert repo.get_pull(1).head.sha != old
    assert next(c.sha for c in repo.get_pull(1).get_commits()) == old
    assert world.deliveries[-1].payload["before"] == old


def test_f13_the_bot_opens_one_pull_request_from_a_branch(repo, world):
    tip = world.git.resolve("main")
    repo.create_git_ref("refs/heads/kdbot/readme", tip)
    arguments = {"base": "main", "head": "kdbot/readme", "title": "README", "body": "x"}
    with pytest.raises(GithubException, match="No commits between main and kdbot/readme"):
        repo.create_pull(**arguments)
    repo.create_file("README.md2", "readme", "x", branch="kdbot/readme")
    pull = repo.create_pull(**arguments)
    assert (pull.head.repo.full_name, pull.user.login) == ("kd/demo", "github-actions[bot]")
    with pytest.raises(GithubException, match="already exists for kd:kdbot/readme"):
        repo.create_pull(**arguments)
    assert [p.number for p in repo.get_pulls(head="kd:kdbot/readme", base="main")] == [1]
    world.actions_may_open_pulls = False
    with pytest.raises(GithubException, match="not permitted to create"):
        repo.create_pull(**arguments)


def test_a_review_with_a_suggestion_on_a_line_of_the_diff(repo, world, pull):
    suggestion = {"path": "papers/a.yaml", "line": 2, "body": "```suggestion\nvenue: ICLR\n```"}
    head = repo.get_commit(world.head_sha(pull))
    repo.get_pull(1).create_review(head, "See", "COMMENT", [suggestion])
    (review,) = repo.get_pull(1).get_reviews()
    assert (review.state, review.commit_id, review.user.login) == (
        "COMMENTED",
        head.sha,
        "github-actions[bot]",
    )
    (comment,) = repo.get_pull(1).get_review_comments()
    assert (comment.line, comment.side, comment.position) == (2, "RIGHT", 2)
    (same,) = repo.get_pull(1).get_single_review_comments(review.id)
    assert same.body == suggestion["body"]
    world.push_to_pull(pull, {"papers/a.yaml": "title: B\n"})
    (outdated,) = repo.get_pull(1).get_review_comments()
    assert (outdated.line, outdated.original_line) == (None, 2)


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ({"path": "papers/a.yaml", "line": 9, "body": "x"}, "line must be part of the diff"),
        ({"path": "papers/zzz.yaml", "line": 1, "body": "x"}, "Path could not be resolved"),
        ({"path": "papers/a.yaml", "line": 1, "start_line": 2, "body": "x"}, "same hunk"),
    ],
)
def test_a_review_beside_the_diff_is_refused_whole(repo, world, pull, comment, reason):
    with pytest.raises(GithubException, match=reason):
        repo.get_pull(1).create_review(
            repo.get_commit(world.head_sha(pull)), "See", "COMMENT", [comment]
        )
    assert list(repo.get_pull(1).get_reviews()) == []


def test_a_suggestion_over_several_lines_stays_in_one_hunk(repo, world):
    lines = [f"line {number}\n" for number in range(1, 41)]
    world.push("kd", {"papers/long.yaml": "".join(lines)})
    lines[1], lines[2], lines[35] = "two\n", "three\n", "thirty-six\n"
    pull = world.open_pull("bob", "Edit", files={"papers/long.yaml": "".join(lines)})
    head = repo.get_commit(world.head_sha(pull))
    comment = {"path": "papers/long.yaml", "side": "RIGHT", "body": "x"}
    good = {**comment, "start_line": 2, "line": 3, "start_side": "RIGHT"}
    repo.get_pull(1).create_review(head, "", "COMMENT", [good])
    assert [c.start_line for c in repo.get_pull(1).get_review_comments()] == [2]
    with pytest.raises(GithubException, match="same hunk"):
        repo.get_pull(1).create_review(head, "", "COMMENT", [{**good, "line": 36}])


def test_a_merge_closes_and_pushes(repo, world, pull):
    sha = world.merge_pull(pull, "kd")
    seen = repo.get_pull(1)
    assert (seen.state, seen.merged, seen.merge_commit_sha) == ("closed", True, sha)
    assert world.git.read_file("papers/a.yaml") == GOOD
    assert [f.filename for f in seen.get_files()] == ["papers/a.yaml"]
    push = world.deliveries[-1]
    assert (push.event, push.payload["ref"], push.payload["after"]) == (
        "push",
        "refs/heads/main",
        sha,
    )
    assert push.payload["commits"][0]["added"] == ["papers/a.yaml"]
    assert world.deliveries[-2].payload["pull_request"]["merged"] is True
    assert [p.number for p in repo.get_commit(sha).get_pulls()] == [1]


@pytest.mark.usefixtures("repo")
def test_two_pull_requests_of_one_path_conflict(world, pull):
    other = world.open_pull("eve", "The same", files={"papers/a.yaml": "title: E\n"})
    world.merge_pull(pull, "kd")
    with pytest.raises(Exception, match="not mergeable"):
        world.merge_pull(other, "kd")
