"""Commits and pushes with real git, two working copies and one bare origin."""

import os
import subprocess
from datetime import date

import pytest

from kdbot.storage.git import Author, Checkout, Push, noreply_address, published_branch

BOT = Author(
    name="github-actions[bot]", email="41898282+github-actions[bot]@users.noreply.github.com"
)


def git(folder, *arguments):
    done = subprocess.run(
        ["git", "-c", "user.name=P", "-c", "user.email=p@example.org", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@pytest.fixture
def origin(tmp_path):
    bare = tmp_path / "origin.git"
    git(tmp_path, "init", "--quiet", "--bare", "-b", "main", str(bare))
    first = tmp_path / "first"
    git(tmp_path, "clone", "--quiet", str(bare), str(first))
    (first / "README.md").write_text("one\n")
    git(first, "checkout", "--quiet", "-B", "main")
    git(first, "add", ".")
    git(first, "commit", "--quiet", "-m", "start")
    git(first, "push", "--quiet", "origin", "main")
    return bare


@pytest.fixture
def clone(origin, tmp_path):
    def make(name):
        folder = tmp_path / name
        git(tmp_path, "clone", "--quiet", str(origin), str(folder))
        return Checkout(root=folder, author=BOT)

    return make


def test_nothing_changed_is_no_commit(clone):
    checkout = clone("a")
    before = checkout.head()
    assert checkout.commit(["README.md", "never-existed"], "message") is None
    assert checkout.head() == before


def test_commits_as_the_bot_and_only_what_is_named(clone):
    checkout = clone("a")
    (checkout.root / "README.md").write_text("two\n")
    (checkout.root / "other").write_text("x\n")
    commit = checkout.commit(["README.md"], "papers: add 2402.12030\n\nCo-authored-by: x <y@z>\n")
    shown = git(checkout.root, "show", "--format=%an %ae %cn%n%B", "--name-only", commit)
    assert "github-actions[bot] 41898282+github-actions[bot]@users.noreply.github.com" in shown
    assert "Co-authored-by: x <y@z>" in shown
    assert "other" not in shown


def test_a_removed_file_is_committed(clone):
    checkout = clone("a")
    (checkout.root / "README.md").unlink()
    assert checkout.commit(["README.md"], "remove") is not None
    assert git(checkout.root, "ls-files") == ""


def test_F12_the_second_push_loses_the_race_and_starts_anew(clone):
    one, two = clone("one"), clone("two")
    for checkout, name in [(one, "a"), (two, "b")]:
        (checkout.root / name).write_text("x\n")
        checkout.commit([name], f"add {name}")
    assert one.push("main") is Push.DONE
    assert two.push("main") is Push.LOST_RACE
    two.start_from("main")
    assert (two.root / "a").exists()
    assert not (two.root / "b").exists()


def test_F13_a_protected_branch_refuses(clone, origin):
    hook = origin / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'GH006: Protected branch update failed' >&2\nexit 1\n")
    hook.chmod(0o755)
    checkout = clone("a")
    (checkout.root / "a").write_text("x\n")
    checkout.commit(["a"], "add a")
    assert checkout.push("main") is Push.REFUSED


def test_what_is_staged_by_its_blobs(clone):
    checkout = clone("a")
    before = checkout.head()
    (checkout.root / "é b").write_text("x\n")
    (checkout.root / "README.md").unlink()
    changed = checkout.stage(["README.md", "é b", "never-existed"])
    checkout.commit_staged("change")
    blob = git(checkout.root, "rev-parse", "HEAD:é b").strip()
    assert changed == {"README.md": None, "é b": blob}
    assert checkout.stage(["é b"]) == {}
    (checkout.root / "é b").write_text("y\n")
    (checkout.root / "c").write_text("new\n")
    checkout.stage(["é b", "c"])
    checkout.reset(before)
    assert (checkout.root / "README.md").exists()
    assert not (checkout.root / "c").exists()


def test_H10_a_merge_of_the_base_alone_is_clean_and_one_with_more_is_not(clone):
    bot, person = clone("bot"), clone("person")
    (bot.root / "paper").write_text("x\n")
    bot.commit(["paper"], "papers: add")
    bot.push("kdbot/accept-1", lease="")
    (person.root / "other").write_text("y\n")
    person.commit(["other"], "meanwhile")
    person.push("main")
    merges = []
    for extra in ("", "mine\n"):
        git(person.root, "fetch", "--quiet", "origin")
        git(person.root, "checkout", "--quiet", "--detach", "origin/kdbot/accept-1")
        git(person.root, "merge", "--quiet", "--no-commit", "--no-ff", "origin/main")
        if extra:
            (person.root / "paper").write_text(extra)
            git(person.root, "add", "paper")
        git(person.root, "commit", "--quiet", "-m", "Merge branch 'main'")
        merges.append(person.head())
        git(person.root, "push", "--quiet", "--force", "origin", "HEAD:kdbot/accept-1")
        assert bot.is_clean_merge("kdbot/accept-1", merges[-1]) is not bool(extra)
        git(person.root, "push", "--quiet", "--force", "origin", "HEAD^:kdbot/accept-1")


def test_a_file_of_another_branch(clone):
    checkout = clone("a")
    assert checkout.read_file("kdbot/weekly", "README.md") is None
    (checkout.root / "audit.json").write_text("{}")
    checkout.commit(["audit.json"], "audit")
    checkout.push("kdbot/weekly", lease="")
    other = clone("b")
    assert other.read_file("kdbot/weekly", "audit.json") == b"{}"
    assert other.read_file("kdbot/weekly", "none") is None


@pytest.mark.parametrize("depth", [None, 1], ids=["full", "shallow"])
def test_H02_the_day_on_which_a_file_came_is_that_of_its_merge(origin, tmp_path, depth):
    first = tmp_path / "first"

    def at(day, *arguments):
        moment = f"2026-03-{day:02}T23:30:00-05:00"
        environment = {**os.environ, "GIT_COMMITTER_DATE": moment, "GIT_AUTHOR_DATE": moment}
        command = ["git", "-c", "user.name=P", "-c", "user.email=p@example.org", *arguments]
        subprocess.run(command, cwd=first, check=True, env=environment, capture_output=True)

    at(1, "checkout", "--quiet", "-b", "proposal")
    (first / "paper").write_text("x\n")
    at(1, "add", "paper")
    at(1, "commit", "--quiet", "-m", "Propose")
    at(2, "checkout", "--quiet", "main")
    at(9, "merge", "--quiet", "--no-ff", "-m", "Merge", "proposal")
    for day in range(10, 13):
        at(day, "commit", "--quiet", "--allow-empty", "-m", "later")
    at(13, "push", "--quiet", "origin", "main")
    folder = tmp_path / "clone"
    flags = [] if depth is None else [f"--depth={depth}"]
    git(tmp_path, "clone", "--quiet", *flags, origin.as_uri(), str(folder))
    checkout = Checkout(root=folder, author=BOT)
    assert checkout.day_added("paper", "main") == date(2026, 3, 10)
    assert checkout.day_added("never", "main") is None


def test_restoring_leaves_what_was_there_before(clone):
    checkout = clone("a")
    folder = checkout.root / "papers"
    folder.mkdir()
    (folder / "mine.yaml").write_text("x\n")
    present = frozenset({"mine.yaml"})
    (folder / "new.yaml").write_text("y\n")
    (checkout.root / "README.md").write_text("changed\n")
    checkout.restore("papers", present)
    assert sorted(path.name for path in folder.iterdir()) == ["mine.yaml"]
    assert (checkout.root / "README.md").read_text() == "one\n"


def test_a_lease_holds_against_what_was_not_seen(clone):
    one, two = clone("one"), clone("two")
    for checkout in (one, two):
        (checkout.root / "a").write_text(checkout.root.name)
        checkout.commit(["a"], "add a")
    tip = one.remote_tip("kdbot/readme")
    assert tip == ""
    assert one.push("kdbot/readme", lease=tip) is Push.DONE
    assert two.push("kdbot/readme", lease=tip) is Push.LOST_RACE
    assert two.push("kdbot/readme", lease=two.remote_tip("kdbot/readme")) is Push.DONE


@pytest.mark.parametrize(
    ("login", "user_id", "address"),
    [
        ("octocat", 583231, "583231+octocat@users.noreply.github.com"),
        ("dependabot[bot]", 49699333, "49699333+dependabot[bot]@users.noreply.github.com"),
    ],
)
def test_F17_a_person_is_credited_by_id(login, user_id, address):
    assert noreply_address(login, user_id) == address


def test_A06_the_token_is_in_no_file_and_no_argument(clone):
    checkout = clone("a")
    secret = Checkout(root=checkout.root, author=BOT, token="very-secret")
    secret.start_from("main")
    config = (checkout.root / ".git" / "config").read_text()
    assert "very-secret" not in config
    assert "extraheader" not in config.lower()


# Versions of a file


@pytest.fixture
def history(origin, tmp_path):
    """Commits of a file, oldest first, in an origin that has much besides."""
    folder = tmp_path / "history"
    git(tmp_path, "clone", "--quiet", str(origin), str(folder))
    commits = []
    for number in range(3):
        (folder / "papers").mkdir(exist_ok=True)
        (folder / "papers" / "ä b.yaml").write_bytes(b"\xff\r\n%d\n" % number)
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "-m", f"number {number}")
        commits.append(git(folder, "rev-parse", "HEAD").strip())
        for other in range(30):
            git(folder, "commit", "--quiet", "--allow-empty", "-m", f"other {other}")
    git(folder, "push", "--quiet", "origin", "HEAD:main")
    return commits


@pytest.mark.parametrize("depth", [None, 1, 40])
def test_G01_versions_are_newest_first_to_the_byte(history, origin, tmp_path, depth):
    folder = tmp_path / "clone"
    shallow = [f"--depth={depth}"] if depth else []
    git(tmp_path, "clone", "--quiet", *shallow, origin.as_uri(), str(folder))
    name = "papers/ä b.yaml"
    found = Checkout(root=folder, author=BOT).versions((name, "papers/none.yaml"))
    assert list(found) == [name]
    assert [v.commit for v in found[name]] == history[::-1]
    assert [v.data for v in found[name]] == [b"\xff\r\n2\n", b"\xff\r\n1\n", b"\xff\r\n0\n"]


def test_G01_a_list_in_a_folder_of_the_repository_has_versions(history, clone):
    folder = clone("inside").root / "papers"
    found = Checkout(root=folder, author=BOT).versions(("ä b.yaml",))
    assert [v.commit for v in found["ä b.yaml"]] == history[::-1]


def test_G01_a_merge_that_leaves_markers_is_a_version(clone):
    root = clone("merge").root
    (root / "a.yaml").write_text("good\n")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "good")
    good = git(root, "rev-parse", "HEAD").strip()
    git(root, "checkout", "--quiet", "-b", "side")
    (root / "a.yaml").write_text("side\n")
    git(root, "commit", "--quiet", "-am", "side")
    git(root, "checkout", "--quiet", "main")
    (root / "a.yaml").write_text("main\n")
    git(root, "commit", "--quiet", "-am", "main")
    subprocess.run(["git", "merge", "side"], cwd=root, check=False, capture_output=True)
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "merged")
    merge = git(root, "rev-parse", "HEAD").strip()
    versions = Checkout(root=root, author=BOT).versions(("a.yaml",))["a.yaml"]
    assert versions[0].commit == merge
    assert b"<<<<<<<" in versions[0].data
    assert versions[-1].commit == good


def test_G01_what_has_no_history_has_no_versions(tmp_path):
    assert Checkout(root=tmp_path, author=BOT).versions(("a.yaml",)) == {}
    git(tmp_path, "init", "--quiet")
    assert Checkout(root=tmp_path, author=BOT).versions(("a.yaml",)) == {}


def test_a_worktree_and_a_folder_below_know_the_same_as_their_clone(origin, tmp_path):
    first, shallow, tree = tmp_path / "first", tmp_path / "shallow", tmp_path / "tree"
    for text in ("two\n", "three\n"):
        (first / "README.md").write_text(text)
        git(first, "commit", "--quiet", "-a", "-m", "change")
    git(first, "push", "--quiet", "origin", "main")
    git(tmp_path, "clone", "--quiet", "--depth=1", origin.as_uri(), str(shallow))
    git(shallow, "worktree", "add", "--quiet", "-b", "other", str(tree))
    (shallow / "below").mkdir()
    for folder in (shallow, shallow / "below", tree):
        assert published_branch(folder) == "main"
    for folder in (shallow / "below", tree, shallow):
        assert Checkout(root=folder, author=BOT)._boundary() == {
            git(tree, "rev-parse", "HEAD").strip()
        }
    (found,) = Checkout(root=tree, author=BOT).versions(["README.md"]).values()
    assert [version.data for version in found] == [b"three\n", b"two\n", b"one\n"]


def test_without_an_origin_the_branch_that_is_checked_out_is_published(tmp_path):
    git(tmp_path, "init", "--quiet", "-b", "trunk", "alone")
    assert published_branch(tmp_path / "alone") == "trunk"
    assert published_branch(tmp_path) is None
