"""One run of the bot on GitHub: where it is, who it is and what it can reach."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from kdbot.flows.proposals import comment_context
from kdbot.github.client import GitHubClient
from kdbot.github.item import Item
from kdbot.github.reconcile import Desired, Write
from kdbot.github.settle import settle
from kdbot.model.collection import Collection
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import LinkResult
from kdbot.model.metadata import Outcome
from kdbot.model.proposal import Proposal
from kdbot.model.settings import BotSettings, Settings
from kdbot.publish.comment_context import CommentContext
from kdbot.publish.markdown import visible_text
from kdbot.storage.git import Author, Checkout, noreply_address
from kdbot.storage.repository import load_settings

Probe = Callable[[Iterable[str]], tuple[LinkResult, ...]]
Ask = Callable[[Proposal, Collection], Mapping[str, tuple[Outcome, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What every flow on GitHub is handed.

    Attributes:
        root: the list, checked out at the tip of its branch.
        settings: those of the list, with the repository.
        client: the repository on GitHub.
        checkout: the same for git.
        probe: looks at the addresses of a proposal.
        ask: asks the metadata services about the papers of a proposal.
        now: the time, in UTC.
        sleep: waits for so many seconds.
        run_url: page of this run, or None.
        dry_run: whether to say what would be written, and to write nothing.
    """

    root: Path
    settings: Settings
    client: GitHubClient
    checkout: Checkout
    probe: Probe
    ask: Ask
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    run_url: str | None
    dry_run: bool

    def close(self) -> None:
        """Let go of the connection to GitHub."""
        self.client.close()

    def say(self, text: str) -> None:
        """Write one line to the log; no text of others can become a workflow command there."""
        print(f"kdbot: {visible_text(' '.join(text.split()))}", flush=True)

    def tell(self, number: int, write: Write) -> None:
        """Log a write to an item, in a dry run with its whole text."""
        name = type(write).__name__
        detail = {field.name: getattr(write, field.name) for field in fields(write)}
        body = detail.pop("body", None)
        if lines := detail.pop("comments", ()):
            detail["lines"] = [f"{comment.path}:{comment.line}" for comment in lines]
        self.say(f"#{number}: {name} {detail or ''}")
        if body is not None and self.dry_run:
            print("".join(f"    | {visible_text(line)}\n" for line in body.split("\n")))

    def settle(self, number: int, decide: Callable[[Item], Desired | None]) -> None:
        """Bring an issue or a pull request to the state that `decide` asks for.

        Raises:
            GitHubUnavailableError: GitHub could not be asked.
            ItemGoneError: the item is not there.
        """
        settle(
            self.client,
            number,
            decide,
            bot_id=self.settings.bot.id,
            sleep=self.sleep,
            tell=lambda write: self.tell(number, write),
            dry_run=self.dry_run,
        )

    def comment_context(self, collection: Collection) -> CommentContext:
        """Return the context of this run's comments."""
        context = comment_context(collection, self.settings)
        return replace(context, run_url=self.run_url)


def open_run(root: Path, environment: Mapping[str, str], *, dry_run: bool) -> Run:
    """Put a run together from the environment that GitHub Actions gives.

    https://docs.github.com/en/actions/reference/workflows-and-actions/variables

    Raises:
        KdbotError: a variable or the settings are missing or wrong.
    """
    settings = load_settings(root, environment)
    if settings.repository is None:
        raise KdbotError("GITHUB_REPOSITORY is not set", fix="name `repository` in kdbot.toml")
    token = environment.get("GITHUB_TOKEN")
    if not token:
        raise KdbotError("GITHUB_TOKEN is not set", fix="hand it to the step in `env:`")
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    agent = f"kdbot/{version('kdbot')} (+{server}/{settings.repository})"
    client = GitHubClient(
        repository=settings.repository,
        token=token,
        api_url=environment.get("GITHUB_API_URL", "https://api.github.com"),
        user_agent=agent,
    )
    settings = replace(settings, bot=_bot(settings.bot, environment, client))
    bot = settings.bot
    author = Author(name=bot.login, email=noreply_address(bot.login, bot.id))
    run_id = environment.get("GITHUB_RUN_ID")
    return Run(
        root=root,
        settings=settings,
        client=client,
        checkout=Checkout(root=root, author=author, server=server, token=token),
        probe=_probe(environment, agent),
        ask=_ask(environment, settings),
        now=lambda: datetime.now(UTC),
        sleep=time.sleep,
        run_url=f"{server}/{settings.repository}/actions/runs/{run_id}" if run_id else None,
        dry_run=dry_run,
    )


def _bot(known: BotSettings, environment: Mapping[str, str], client: GitHubClient) -> BotSettings:
    """Return the account that KDBOT_BOT_LOGIN names, whose number GitHub says, else the known one.

    Comments are recognised by the number, so it has to be that of the login.
    """
    login = environment.get("KDBOT_BOT_LOGIN", "").strip()
    if login.lower() in {"", known.login.lower()}:
        return known
    return BotSettings(login=login, id=client.account_id(login))


def is_switched_off(environment: Mapping[str, str]) -> bool:
    """Tell, and say, whether the kill switch is set."""
    off = _is_off(environment, "KDBOT_ENABLED")
    if off:
        print("kdbot: switched off (KDBOT_ENABLED=false); nothing is done", file=sys.stderr)
    return off


def _probe(environment: Mapping[str, str], agent: str) -> Probe:
    if _is_off(environment, "KDBOT_PROBE_LINKS"):
        return lambda _urls: ()

    def probe(urls: Iterable[str]) -> tuple[LinkResult, ...]:
        from kdbot.web.child import probe_in_child

        return probe_in_child(urls, user_agent=agent, environment=os.environ)

    return probe


def _ask(environment: Mapping[str, str], settings: Settings) -> Ask:
    if _is_off(environment, "KDBOT_ASK_SERVICES"):
        return lambda _proposal, _collection: {}

    def ask(proposal: Proposal, collection: Collection) -> Mapping[str, tuple[Outcome, ...]]:
        from kdbot.flows.ask_services import fetch_for_proposal, open_services

        with open_services(settings, environment) as client:
            return fetch_for_proposal(proposal, collection, client)

    return ask


def _is_off(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").strip().lower() == "false"
