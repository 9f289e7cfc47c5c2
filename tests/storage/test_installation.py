"""Where kdbot was installed from, as its installer recorded it."""

from __future__ import annotations

import json
import subprocess

from kdbot.storage.package_data import installed_kdbot
from tests.rows import each

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Installed:
    """A distribution with the record that an installer leaves."""

    def __init__(self, record):
        self.record = record

    def read_text(self, name):
        return self.record if name == "direct_url.json" else None


def from_git(url, commit=COMMIT):
    return json.dumps({"url": url, "vcs_info": {"vcs": "git", "commit_id": commit}})


@each(
    ("record", "found"),
    [
        (from_git("https://github.com/octo/kdbot.git"), f"octo/kdbot@{COMMIT}"),
        (from_git("https://github.com/octo/kdbot"), f"octo/kdbot@{COMMIT}"),
        (from_git("ssh://git@github.com/octo/kdbot.git"), f"octo/kdbot@{COMMIT}"),
        (from_git("https://example.org/octo/kdbot"), None),
        (from_git("https://github.com.example.org/octo/kdbot"), None),
        (from_git("https://github.com/octo/kdbot", "main"), None),
        ('{"url": "https://files.example.org/kdbot.whl", "archive_info": {}}', None),
        (None, None),
        ("no JSON", None),
    ],
    ids=[
        "git", "git-without-ending", "ssh", "elsewhere", "look-alike", "no-commit",
        "wheel", "index", "garbage",
    ],
)  # fmt: skip
def test_a_commit_on_github_is_named_and_nothing_else(record, found):
    assert installed_kdbot(Installed(record)) == ((found, None) if found else None)


@each(("asked", "tag"), [("v0.2.0", "v0.2.0"), ("main", None), ("v", None)])
def test_the_release_that_was_asked_for_is_named(asked, tag):
    record = json.loads(from_git("https://github.com/octo/kdbot"))
    record["vcs_info"]["requested_revision"] = asked
    found = installed_kdbot(Installed(json.dumps(record)))
    assert found == (f"octo/kdbot@{COMMIT}", tag)


def test_a_checkout_is_asked_for_its_commit_and_its_origin(tmp_path):
    def git(*arguments):
        command = ["git", "-c", "user.name=P", "-c", "user.email=p@example.org", *arguments]
        done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "Start")
    record = json.dumps({"url": tmp_path.as_uri(), "dir_info": {"editable": True}})
    assert installed_kdbot(Installed(record)) is None
    git("remote", "add", "origin", "git@github.com:octo/kdbot.git")
    first = git("rev-parse", "HEAD")
    assert installed_kdbot(Installed(record)) == (f"octo/kdbot@{first}", None)
    git("tag", "-a", "-m", "A release", "v0.2.0")
    git("tag", "nightly")
    git("commit", "-q", "--allow-empty", "-m", "Not on GitHub")
    assert installed_kdbot(Installed(record)) == (f"octo/kdbot@{first}", "v0.2.0")
