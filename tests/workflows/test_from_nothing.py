"""docs/maintainers.md, followed literally: from nothing to the first accepted paper on the page."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.github_server import GitHubServer
from tests.github_server.settings import WorkflowFile
from tests.workflows.act import scripts_folder
from tests.workflows.harness import WorkflowHarness

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/maintainers.md").read_text("utf-8")
(BLOCK,) = re.findall(
    r"^## Start a list, or migrate an existing one\n.*?```console\n(.*?)```",
    PAGE,
    re.MULTILINE | re.DOTALL,
)
COMMANDS = [line.removeprefix("$ ") for line in BLOCK.splitlines()]
PUSHED = 1 + next(n for n, line in enumerate(COMMANDS) if line.startswith("git push"))
ISSUE = "\n\n".join(
    f"### {label}\n\n{answer}"
    for label, answer in {
        "Paper link or identifier": "https://arxiv.org/abs/2405.00005",
        "Title": "Frost and the Smallest Pores",
        "Date": "2024-05",
        "Categories": "Models > Heat",
    }.items()
)

WRONG = {"pages-off", "actions-policy-missing", "pull-requests-forbidden", "repository-name"}

# What a maintainer has on their laptop: `gh`, signed in, and `uvx`, which runs a release.
GH = """\
#!/bin/sh
case "$1 $2" in
  "auth token") echo token-of-the-owner ;;
  "repo create") ;;
  *) exit 9 ;;
esac
"""
UVX = """\
#!/bin/sh
case "$1 $2 $3" in
  "--from git+https://github.com/OWNER/kdbot@v"*" kdbot") shift 3 ;;
  *) exit 9 ;;
esac
# An installer from git leaves the commit behind; this one is installed from a folder.
[ "$1" != init ] || set -- "$@" --bot octo/kdbot@1111111111111111111111111111111111111111
exec kdbot "$@"
"""


class Maintainer:
    """Types commands in one folder after another, and looks at what GitHub has."""

    def __init__(self, server, folder):
        self.server, self.world, self.settings = server, server.world, server.world.settings
        self.github = WorkflowHarness(server, folder / "act")
        self.github.env |= {"KDBOT_PROBE_LINKS": "false", "KDBOT_ASK_SERVICES": "false"}
        self.github.repository = {}
        self.home = folder / "home"
        self.home.mkdir()
        shutil.copy(ROOT / "tests/data/initialize/README.md", self.home)
        tools = folder / "tools"
        tools.mkdir()
        for name, text in (("gh", GH), ("uvx", UVX)):
            (tools / name).write_text(text)
            (tools / name).chmod(0o755)
        config = folder / "gitconfig"
        config.write_text(
            f"[include]\n\tpath = {self.github.git_config}\n[init]\n\tdefaultBranch = master\n"
            "[user]\n\tname = Me\n\temail = me@example.org\n"
        )
        server.grant("token-of-the-owner", actor="me")
        self.environment = {
            "PATH": f"{tools}:{scripts_folder()}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "GIT_CONFIG_GLOBAL": str(config),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GITHUB_API_URL": server.base_url,
            "LC_ALL": "C.UTF-8",
        }

    def type(self, commands, folder="."):
        """Run commands in one shell; gives status, standard output and all that was printed."""
        done = subprocess.run(
            ["bash", "-c", "set -e\n" + "\n".join(commands)],
            cwd=self.home / folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stdout + done.stderr

    def push_arrives(self):
        """What GitHub does with the first push: it knows the workflows, and starts them."""
        git = self.server.git
        tip = git.resolve("master")
        for entry in git.tree(tip, path=".github/workflows/"):
            made = WorkflowFile(
                id=self.world.new_id(), path=entry.path, created_at=self.server.clock.now()
            )
            self.settings.workflows.append(made)
        self.world.deliver_push(self.world.owner, "master", "0" * 40, tip)
        return self.deliver()

    def deliver(self):
        outcomes = self.github.deliver_all()
        assert all(outcome.succeeded for outcome in outcomes), "\n".join(o.log for o in outcomes)
        return {name: job for outcome in outcomes for name, job in outcome.jobs.items()}

    def doctor(self):
        """Give the codes of what `kdbot doctor` finds with the owner's token."""
        commands = ["export GH_TOKEN=$(gh auth token)", "kdbot doctor --format json"]
        _, printed, said = self.type(commands, "my-list")
        assert printed, said
        return {found["code"] for found in json.loads(printed)["findings"]}

    def page(self):
        """Give the titles on the page as it was last deployed."""
        sites = sorted(
            self.github.folder.glob("run-*/artifacts/github-pages/papers.json"),
            key=lambda path: path.stat().st_mtime,
        )
        return [paper["title"] for paper in json.loads(sites[-1].read_text("utf-8"))["papers"]]


@pytest.fixture
def me(tmp_path):
    with GitHubServer(
        tmp_path / "origin.git", repository="me/my-list", default_branch="master"
    ) as server:
        # A repository that was just created has no branch.
        server.git.git("update-ref", "-d", "refs/heads/master")
        yield Maintainer(server, tmp_path)
        assert server.violations == []


def test_the_commands_of_the_page_lead_to_the_first_accepted_paper(me):
    status, printed, said = me.type(COMMANDS[:PUSHED])
    assert status == 0, said
    assert "kdbot setup --repository me/my-list" in printed

    status, printed, said = me.type(COMMANDS[PUSHED:], "my-list")
    assert status == 0, said
    assert "no problems found" in said
    assert me.settings.page_source == "workflow"

    assert {"publish", "deploy"} <= me.push_arrives().keys()
    issue = me.world.open_issue("me", "New paper", ISSUE)
    assert me.deliver().keys() == {"review"}
    assert {label.name for label in issue.labels} == {"ready"}
    me.server.clock.advance(120)
    me.world.add_labels(issue, ["accepted"], "me")
    assert {"accept", "deploy"} <= me.deliver().keys()
    assert issue.state == "closed"
    git = me.server.git
    assert "Frost and the Smallest Pores" in git.git("show", "master:README.md")
    assert "Frost and the Smallest Pores" in me.page()
    assert git.git("for-each-ref", "--format=%(refname)", "refs/heads") == "refs/heads/master"

    # What goes wrong later is named, each by its own code.
    me.settings.page_source = None
    me.settings.policies.clear()
    me.world.actions_may_open_pulls = False
    me.world.rename(name="renamed")
    me.type(["git pull --quiet"], "my-list")
    assert me.doctor() >= WRONG
