"""Weeks of the sample list: what links and services answer, and what a run makes of it."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest

from kdbot.flows.act import act
from kdbot.flows.weekly.audit import weekly
from kdbot.model.evidence import LinkResult, LinkState
from kdbot.model.json_text import to_json
from kdbot.model.settings import ServiceSettings
from kdbot.web.services import ServiceClient
from tests.flows.sample_list import SETTINGS
from tests.metadata.server import serving

MINILLM = "MiniLLM: Knowledge Distillation of Large Language Models"
CODE = "https://github.com/microsoft/LMOps/tree/main/minillm"


def record(title, arxiv, *lines, categories=("methods/labeling",)):
    fields = [f'title: "{title}"', f'arxiv: "{arxiv}"', *lines, "categories:"]
    fields += [f"  - {path}" for path in categories]
    return "".join(f"{line}\n" for line in [*fields, "added: 2024-02-22"])


class Weeks:
    """The list's weeks. `results` is what the probe finds, `services` what is known elsewhere."""

    def __init__(self, bot, services, folder):
        self.bot = bot
        self.services = services
        self.results = {}
        self.artifacts = folder / "artifacts"
        settings = (
            'query = "all:distillation"\n'
            + SETTINGS
            + f'\n[services]\nwayback = "{services.url}"\n'
        )
        bot.world.push("kd", {"kdbot.toml": settings}, "Name the services")
        bot.world.set_role("maria", "write")
        services.knows("2306.08543", MINILLM)
        self.link(CODE, LinkState.OK)

    @property
    def world(self):
        return self.bot.world

    def link(self, url, state, **parts):
        """Say what the probe finds at an address."""
        self.results[url] = LinkResult(url=url, state=state, attempts=1, seconds=0.2, **parts)

    def list(self, name, text):
        """Put a record on the list."""
        self.world.push("kd", {f"papers/{name}.yaml": text}, "Change the list")

    @contextmanager
    def client(self):
        bases = ServiceSettings(
            **dict.fromkeys(ServiceSettings.__dataclass_fields__, self.services.url)
        )
        clock = self.bot.server.clock
        client = ServiceClient(
            bases,
            user_agent="kdbot/0",
            clock=lambda: clock.now().timestamp(),
            sleep=lambda _seconds: None,
        )
        try:
            yield client
        finally:
            client.close()

    def run(self, **options):
        """Audit the list."""
        self.artifacts.mkdir(exist_ok=True)
        records = [to_json(result, whole=True) for result in self.results.values()]
        half = len(records) // 2
        for number, part in enumerate((records[:half], records[half:])):
            (self.artifacts / f"{number}.json").write_text(json.dumps(part))
        return weekly(
            self.bot.run(**options),
            artifacts=[self.artifacts],
            environment={},
            services=self.client,
        )

    def issue(self, title="Weekly audit"):
        """The bot's issue of a title, or None."""
        found = [i for i in self.world.issues.values() if i.title == title and i.pull is None]
        assert len(found) <= 1
        return found[0] if found else None

    def tick(self, words, *, who="maria", issue=None):
        """Tick the one box whose line holds some words, and let the event be handled."""
        issue = issue or self.issue()
        lines = issue.body.split("\n")
        (place,) = [i for i, line in enumerate(lines) if words in line and "kdbot:box" in line]
        lines[place] = lines[place].replace("[ ]", "[x]", 1)
        self.edit(issue, "\n".join(lines), who)

    def edit(self, issue, body, who):
        self.world.edit_issue(issue, who, body=body)
        self.handle(issue, who)

    def handle(self, issue, who):
        """Handle the edit of an issue, as `kdbot act` does."""
        from kdbot.flows.act import _dispatch
        from kdbot.github.events import Event
        from kdbot.github.item import Account

        user = self.world.user(who)
        sender = Account(login=user.login, id=user.id, bot=user.kind == "Bot")
        run = self.bot.run()
        author = Account(login=run.settings.bot.login, id=run.client.bot, bot=True)
        event = Event(
            kind="issue", action="edited", number=issue.number, sender=sender, author=author
        )
        _dispatch(run, event)

    def state(self):
        """Everything that a second run must not change."""
        git = self.bot.server.git
        issues = {
            i.number: (i.title, i.body, i.state, sorted(label.name for label in i.labels))
            for i in self.world.issues.values()
        }
        comments = [(c.id, c.body) for c in self.world.comments.values()]
        refs = git.git("for-each-ref", "--format=%(refname) %(objectname)")
        return issues, comments, refs


@pytest.fixture
def weeks(bot, tmp_path):
    with serving() as services:
        yield Weeks(bot, services, tmp_path)


__all__ = ["CODE", "MINILLM", "act", "record"]
