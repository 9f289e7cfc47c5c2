"""Commits and pushes with real git, two working copies and one bare origin."""

import subprocess

import pytest

from kdbot.storage.git import Author, Checkout, Push, noreply_address

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


def test_the_bots_branch_is_compared_by_its_files(clone):
    one, two = clone("one"), clone("two")
    for checkout in (one, two):
        (checkout.root / "a").write_text("x\n")
        checkout.commit(["a"], f"add a from {checkout.root.name}")
    assert one.push("kdbot/readme", lease="") is Push.DONE
    assert two.same_tree("kdbot/readme")
    (two.root / "a").write_text("y\n")
    two.commit(["a"], "change a")
    assert not two.same_tree("kdbot/readme")


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
