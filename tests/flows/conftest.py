"""A list in a repository of the stand-in GitHub, and runs of the bot on it."""

from __future__ import annotations

import subprocess
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from kdbot.flows.act import _obey_comment
from kdbot.flows.run import Run, open_run
from kdbot.github.api import Api
from kdbot.github.events import Event
from kdbot.github.item import Account
from kdbot.github.labels import LABELS
from tests.flows.sample_list import sample_files

TOKEN = "a-token-of-a-job"


def git(folder, *arguments):
    command = ["git", "-c", "user.name=P", "-c", "user.email=p@example.org", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


class Bot:
    """Runs of the bot, each in a fresh clone, as in Actions."""

    def __init__(self, server, folder):
        self.server = server
        self.folder = folder
        self.probe = lambda _urls: ()
        self.ask = lambda _proposal, _collection: {}
        self.slept = []
        self._clones = 0
        self._clients = []
        server.grant(
            TOKEN,
            {"issues": "write", "contents": "write", "pull-requests": "write", "statuses": "write"},
        )

    @property
    def world(self):
        return self.server.world

    def run(self, *, dry_run=False, shallow=False) -> Run:
        """Put a run together in a fresh clone of the default branch, of one commit if asked."""
        self._clones += 1
        root = self.folder / f"clone-{self._clones}"
        if shallow:
            origin = self.server.git.path.as_uri()
            git(self.folder, "clone", "--quiet", "--template=", "--depth=1", origin, str(root))
        else:
            self.server.git.clone(root)
        environment = {
            "GITHUB_REPOSITORY": "kd/demo",
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_API_URL": self.server.base_url,
            "GITHUB_RUN_ID": str(self._clones),
            "KDBOT_PROBE_LINKS": "false",
            "KDBOT_ASK_SERVICES": "false",
        }
        run = open_run(root, environment, dry_run=dry_run)
        run.client.sleep = self.sleep
        self._clients.append(run.client)
        return replace(
            run,
            checkout=replace(run.checkout, token=None),
            now=self.server.clock.now,
            probe=self.probe,
            ask=self.ask,
        )

    def obey(self, comment, action="created"):
        """Handle the event of a comment, as its job does."""
        user = comment.user
        sender = Account(login=user.login, id=user.id, bot=user.kind == "Bot")
        number, kind = comment.issue, "comment"
        event = Event(kind=kind, action=action, number=number, comment=comment.id, sender=sender)
        _obey_comment(self.run(), event)

    def close(self):
        for client in self._clients:
            client.close()

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.server.clock.advance(seconds)

    def comments(self, issue):
        """The texts of the bot's comments on an issue, oldest first."""
        return [c.body for c in self.world.comments_of(issue) if c.user is self.world.bot]

    def labels(self, issue):
        return {label.name for label in issue.labels}

    def file(self, name):
        """A file of the published branch."""
        return self.server.git.git("show", f"main:{name}")

    def later(self, **delta):
        self.server.clock.advance(timedelta(**delta).total_seconds())

    def state(self, issue):
        """Everything of an issue and of the branch that a second run must not change."""
        comments = [(c.id, c.body) for c in self.world.comments_of(issue)]
        tree = self.server.git.git("rev-parse", "main^{tree}")
        return comments, sorted(self.labels(issue)), issue.state, tree


@pytest.fixture(autouse=True)
def _waits(monkeypatch):
    """Let no run in this process wait for a GitHub that does not answer."""
    monkeypatch.setattr(Api, "sleep", staticmethod(lambda _seconds: None))


@pytest.fixture
def bot(github_server, tmp_path):
    for label in LABELS:
        color, words = label.color, label.description
        github_server.world.create_label(label.name, color=color, description=words)
    github_server.world.push("kd", sample_files(), "Start the list")
    folder = tmp_path / "clones"
    folder.mkdir()
    with closing(Bot(github_server, folder)) as bot:
        yield bot
