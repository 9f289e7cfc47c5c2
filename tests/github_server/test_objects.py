"""What the stand-in writes and reads without git is what git writes and reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.github_server import Signature
from tests.github_server.gitdata import GitError
from tests.github_server.gitstore import GitStore

FILES = {
    "a.txt": "a\n",
    "a/b.txt": "b\n",
    "a/é.txt": "c\n",
    "a-b": "",
    "deep/er/x": "d",
    "z.sh": "#!\n",
}


@pytest.fixture
def git(tmp_path):
    return GitStore(tmp_path / "one.git")


@pytest.fixture
def told_git(tmp_path, monkeypatch):
    """A store that leaves everything to git."""
    store = GitStore(tmp_path / "other.git")
    for name in ("write_tree", "write_commit", "read", "ref", "at", "listing", "entries", "line"):
        monkeypatch.setattr(store._store, name, lambda *_, **__: None)
    monkeypatch.setattr(store._store, "set_ref", lambda *_: False)
    monkeypatch.setattr(store._store, "is_plain_ref", lambda _: False)
    return store


def _history(git):
    """Write commits of every kind; gives what is seen of them."""
    seen = []
    tip = git.commit_files(FILES, "Add\n\nfiles", modes={"z.sh": "100755"})
    tip = git.commit_files({"a/b.txt": None, "a.txt": "other", "new/one": "1"}, "Change")
    tip = git.commit_files({"deep": None, "a": "a file now"}, "A folder goes, a file takes a name")
    zone = timezone(timedelta(hours=-3, minutes=-30))
    odd = Signature(name="Zoë <x>, Ö.", email="z@x.org", date=datetime(2026, 1, 1, tzinfo=zone))
    east = Signature(name="bot[bot]", email="1+b@x.org", date=datetime(2026, 1, 1, 5, tzinfo=UTC))
    for who, message in ((odd, "no newline"), (east, "a\nb\n\n"), (east, "")):
        tip = git.write_commit(git.commit(tip).tree, [tip, tip], message, who, east)
    git.set_ref("refs/heads/side", tip)
    git.set_ref("refs/pull/1/head", tip, old="0" * 40)
    names = ("main", "side", "refs/pull/1/head", "nothing", tip, tip[:8], "0" * 40)
    seen += [(name, git.resolve(name), git.ref(name)) for name in names]
    paths = ("a", "z.sh", "new", "new/one", "no", "new/one/no")
    seen += [(path, git.ref(f"{tip}:{path}")) for path in paths]
    for recursive in (False, True):
        seen += git.tree("main", recursive=recursive) + git.tree(tip, recursive=recursive)
    seen += [git.kind(entry.sha) for entry in git.tree("main", recursive=True)]
    seen += [git.commit(sha) for sha in git.log("side")]
    seen += [git.read_file("a"), git.blob("main:z.sh"), git.log("main..side")]
    seen += [git.merge_base("main", "side"), git.is_ancestor("side", "main")]
    with pytest.raises(GitError):
        git.commit_files({"gone.txt": None}, "Wrong")
    for path in ("../x", ".git/config", "a//b"):  # git leaves them out
        git.commit_files({path: "x"}, "Wrong")
    with pytest.raises(GitError):
        git.set_ref("refs/heads/main", tip, old="1" * 40)
    for name in ("refs/heads/main/below", "refs/heads/a..b", "refs/heads/x.lock"):
        with pytest.raises(GitError):
            git.set_ref(name, tip)
    return [*seen, git.refs("refs/"), git.resolve("main")]


def test_the_stand_in_writes_what_git_writes(git, told_git):
    assert _history(git) == _history(told_git)
    assert "dangling" not in git.git("fsck", "--strict", "--no-dangling")


def test_what_was_packed_is_still_found(git):
    tip = git.commit_files(FILES, "Add")
    git.git("gc", "--quiet", "--prune=now")
    again = GitStore(git.path)
    assert again.resolve("main") == tip
    assert again.read_file("a/b.txt") == "b\n"
    assert [entry.path for entry in again.tree("main")] == ["a-b", "a.txt", "a", "deep", "z.sh"]
    more = again.commit_files({"a.txt": "2"}, "More")
    assert again.log("main")[:2] == [more, tip]
    again.git("fsck", "--strict")
