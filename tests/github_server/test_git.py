"""The git database, contents, commits and statuses over a real bare repository."""

from __future__ import annotations

import base64
import subprocess

import pytest
from github import GithubException, InputGitAuthor, InputGitTreeElement, UnknownObjectException


@pytest.fixture
def tip(github_server):
    return github_server.git.commit_files(
        {"README.md": "# List\n", "papers/a.yaml": "title: A\n", "x.sh": "#!\n"},
        "Add files",
        modes={"x.sh": "100755"},
    )


@pytest.mark.usefixtures("tip")
def test_one_commit_of_several_files_through_the_api(github_server, repo):
    ref = repo.get_git_ref("heads/main").complete()
    base = repo.get_git_commit(ref.object.sha)
    tree = repo.create_git_tree(
        [
            InputGitTreeElement("papers/b.yaml", "100644", "blob", content="title: B\n"),
            InputGitTreeElement("papers/a.yaml", "100644", "blob", sha=None),
        ],
        base.tree,
    )
    author = InputGitAuthor("alice", "1+alice@users.noreply.github.com", "2026-03-02T10:00:00Z")
    commit = repo.create_git_commit("papers: add b", tree, [base], author=author)
    ref.edit(commit.sha)
    assert github_server.git.read_file("papers/b.yaml") == "title: B\n"
    assert github_server.git.commit(commit.sha).author.name == "alice"
    names = [entry.path for entry in repo.get_git_tree("main", recursive=True).tree]
    assert names == ["README.md", "papers", "papers/b.yaml", "x.sh"]


def test_commits_without_an_author_are_the_bots(repo, tip):
    base = repo.get_git_commit(tip)
    commit = repo.create_git_commit("again", base.tree, [base])
    assert commit.author.name == "github-actions[bot]"
    assert commit.author.email == "41898282+github-actions[bot]@users.noreply.github.com"


def test_f12_a_push_that_lost_the_race_is_refused(github_server, repo, tip):
    base = repo.get_git_commit(tip)
    mine = repo.create_git_commit("mine", base.tree, [base])
    github_server.world.push("carol", {"other.txt": "x"})
    with pytest.raises(GithubException, match="not a fast forward") as refused:
        repo.get_git_ref("heads/main").complete().edit(mine.sha)
    assert refused.value.status == 422
    repo.get_git_ref("heads/main").complete().edit(mine.sha, force=True)
    assert github_server.git.resolve("main") == mine.sha


def test_refs_are_created_listed_and_deleted(repo, tip):
    repo.create_git_ref("refs/heads/kdbot/readme", tip)
    with pytest.raises(GithubException, match="already exists"):
        repo.create_git_ref("refs/heads/kdbot/readme", tip)
    with pytest.raises(GithubException, match="does not exist"):
        repo.create_git_ref("refs/heads/x", "0" * 39 + "1")
    assert [r.ref for r in repo.get_git_matching_refs("heads/kdbot/")] == [
        "refs/heads/kdbot/readme"
    ]
    repo.get_git_ref("heads/kdbot/readme").complete().delete()
    with pytest.raises(UnknownObjectException):
        repo.get_git_ref("heads/kdbot/readme").complete()


@pytest.mark.parametrize("way", ["ref", "contents", "push"])
def test_f13_a_protected_branch_is_changed_by_nobody_but_pull_requests(
    github_server, repo, tip, tmp_path, way
):
    github_server.world.protect("main")
    if way == "ref":
        base = repo.get_git_commit(tip)
        commit = repo.create_git_commit("x", base.tree, [base])
        with pytest.raises(GithubException, match="through a pull request"):
            repo.get_git_ref("heads/main").complete().edit(commit.sha)
    elif way == "contents":
        with pytest.raises(GithubException, match="through a pull request"):
            repo.create_file("new.txt", "x", "x")
    else:
        clone = _clone(github_server, tmp_path)
        done = _git(clone, "push", "origin", "HEAD:main")
        assert done.returncode
        assert "GH006: Protected branch update failed" in done.stderr
        assert _git(clone, "push", "origin", "HEAD:kdbot/readme").returncode == 0
    assert github_server.git.resolve("main") == tip


def _clone(server, folder):
    clone = folder / "clone"
    subprocess.run(["git", "clone", "-q", str(server.git.path), str(clone)], check=True)
    _git(clone, "config", "user.name", "x")
    _git(clone, "config", "user.email", "x@example.org")
    _git(clone, "commit", "-q", "--allow-empty", "-m", "x")
    return clone


def _git(clone, *args):
    return subprocess.run(
        ["git", "-C", str(clone), *args], capture_output=True, text=True, check=False
    )


def test_d20_trees_tell_the_modes_of_links_submodules_and_executables(repo, tip):
    submodule = "1" * 40
    tree = repo.create_git_tree(
        [
            InputGitTreeElement("papers/link.yaml", "120000", "blob", content="../README.md"),
            InputGitTreeElement("vendored", "160000", "commit", sha=submodule),
        ],
        repo.get_git_commit(tip).tree,
    )
    entries = repo.get_git_tree(tree.sha, recursive=True).tree
    assert {entry.path: (entry.mode, entry.type) for entry in entries} == {
        "README.md": ("100644", "blob"),
        "papers": ("040000", "tree"),
        "papers/a.yaml": ("100644", "blob"),
        "papers/link.yaml": ("120000", "blob"),
        "vendored": ("160000", "commit"),
        "x.sh": ("100755", "blob"),
    }


@pytest.mark.usefixtures("tip")
def test_d20_the_contents_api_follows_links_and_the_blob_does_not(github_server, repo):
    github_server.git.commit_files(
        {"papers/link.yaml": "../README.md", "papers/out.yaml": "../../etc/passwd"},
        "Add links",
        modes={"papers/link.yaml": "120000", "papers/out.yaml": "120000"},
    )
    assert repo.get_contents("papers/link.yaml").decoded_content == b"# List\n"
    assert repo.get_contents("papers/out.yaml").type == "symlink"
    links = {e.path: e.sha for e in repo.get_git_tree("main", recursive=True).tree}
    blob = repo.get_git_blob(links["papers/link.yaml"])
    assert base64.b64decode(blob.content) == b"../README.md"


def test_blobs_keep_their_bytes(repo, tip):
    data = bytes(range(256))
    created = repo.create_git_blob(base64.b64encode(data).decode(), "base64")
    seen = repo.get_git_blob(created.sha)
    assert (base64.b64decode(seen.content), seen.size) == (data, 256)
    assert base64.b64decode(repo.get_git_blob(repo.create_git_blob("é", "utf-8").sha).content) == (
        "é".encode()
    )
    with pytest.raises(UnknownObjectException):
        repo.get_git_blob(tip).complete()


@pytest.mark.usefixtures("tip")
def test_d21_a_tree_can_be_cut_short(github_server, repo):
    github_server.world.tree_limit = 2
    tree = repo.get_git_tree("main", recursive=True)
    assert len(tree.tree) == 2
    assert tree.raw_data["truncated"] is True


@pytest.mark.usefixtures("tip")
def test_files_are_created_changed_and_listed(github_server, repo):
    assert [c.path for c in repo.get_contents("papers")] == ["papers/a.yaml"]
    old = repo.get_contents("papers/a.yaml")
    repo.update_file("papers/a.yaml", "change", "title: AA\n", old.sha)
    with pytest.raises(GithubException) as stale:
        repo.update_file("papers/a.yaml", "change", "title: AAA\n", old.sha)
    assert stale.value.status == 409
    repo.create_file("papers/c.yaml", "add", "title: C\n", branch="main")
    assert github_server.git.read_file("papers/c.yaml") == "title: C\n"
    with pytest.raises(UnknownObjectException):
        repo.get_contents("papers/none.yaml")


@pytest.mark.usefixtures("tip")
def test_commits_are_listed_and_compared(github_server, repo):
    github_server.world.push("carol", {"papers/b.yaml": "title: B\n"}, "add b", branch="topic")
    assert [c.commit.message for c in repo.get_commits("topic")] == ["add b", "Add files", "Start"]
    comparison = repo.compare("main", "topic")
    assert (comparison.status, comparison.ahead_by) == ("ahead", 1)
    assert [(f.filename, f.status) for f in comparison.files] == [("papers/b.yaml", "added")]
    assert repo.compare("topic", "main").status == "behind"
    commit = repo.get_commit("topic").complete()
    assert (commit.author.login, commit.stats.additions) == ("carol", 1)


def test_statuses_are_combined_by_context(repo, tip):
    commit = repo.get_commit(tip)
    assert commit.get_combined_status().state == "pending"
    commit.create_status("failure", context="kdbot / review", description="Two errors")
    commit.create_status("success", context="ci")
    assert commit.get_combined_status().state == "failure"
    commit.create_status("success", context="kdbot / review")
    assert commit.get_combined_status().state == "success"
    _, listed = repo.requester.requestJsonAndCheck("GET", f"{commit.url}/statuses")
    assert [status["state"] for status in listed] == ["success", "success", "failure"]
    with pytest.raises(GithubException, match="too_long"):
        commit.create_status("success", description="x" * 141)


@pytest.mark.usefixtures("tip")
def test_a_branch_says_whether_it_is_protected(github_server, repo):
    assert not repo.get_branch("main").protected
    github_server.world.protect("main")
    assert repo.get_branch("main").protected


def test_a_lazy_ref_is_changed_at_an_address_that_github_lacks(github_server, repo, tip):
    """PyGithub's lazy ref knows only the address for reading: complete it before writing."""
    with pytest.raises(UnknownObjectException):
        repo.get_git_ref("heads/main").edit(tip)
    assert github_server.violations == [
        "no such operation: PATCH /repos/kd/demo/git/ref/heads/main"
    ]
    github_server.violations.clear()


def test_a_clone_is_what_git_makes(github_server, tip, tmp_path):
    github_server.git.commit_files({"b.txt": "b"}, "b", branch="kdbot/readme")
    github_server.git.set_ref("refs/tags/v1", tip)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    github_server.git.clone(ours)
    origin = str(github_server.git.path)
    subprocess.run(
        ["git", "clone", "-q", "--template=", "--shared", origin, str(theirs)], check=True
    )
    for question in (
        ("for-each-ref",),
        ("config", "--local", "--list"),
        ("symbolic-ref", "HEAD"),
        ("symbolic-ref", "refs/remotes/origin/HEAD"),
        ("ls-files", "--stage"),
        ("status", "--porcelain=v2", "--branch"),
        ("rev-parse", "@{upstream}"),
        ("fsck", "--strict"),
    ):
        found, wanted = (_git(clone, *question) for clone in (ours, theirs))
        assert (found.returncode, found.stdout) == (0, wanted.stdout)
    assert (ours / ".git/objects/info/alternates").read_bytes() == (
        theirs / ".git/objects/info/alternates"
    ).read_bytes()
    assert (ours / "papers/a.yaml").read_text("utf-8") == "title: A\n"
