"""One run of the bot on GitHub: where it is, who it is, what it can reach and what it writes."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from kdbot.flows.job import Job, is_set, open_job
from kdbot.github.client import GitHubClient, Reaction, connect, server_of
from kdbot.github.errors import GitHubUnavailableError, ItemGoneError
from kdbot.github.reconcile import Reconciler
from kdbot.github.writes import Write
from kdbot.model.collection import Collection
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import LinkResult, Outcome
from kdbot.model.proposal import Proposal
from kdbot.model.settings import BotSettings, Settings
from kdbot.publish.comment.words import BUILT_IN, OVERRIDES, Words
from kdbot.publish.markdown import visible_text
from kdbot.storage.files import load_event_repository, load_templates
from kdbot.storage.git import Author, Checkout, noreply_address
from kdbot.storage.repository import load_settings, settings_document

_Probe = Callable[[Iterable[str]], tuple[LinkResult, ...]]
_Ask = Callable[[Proposal, Collection], Mapping[str, tuple[Outcome, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Job):
    """What every flow on GitHub is handed; it says what it does in the log of its job.

    Attributes:
        root: the list, checked out at the tip of its branch.
        settings: those of the list, with the repository.
        client: the repository on GitHub.
        checkout: the same for git.
        probe: looks at the addresses of a proposal.
        ask: asks the metadata services about the papers of a proposal.
        now: the time, in UTC.
        run_url: page of this run, or None.
        dry_run: whether to say what would be written, and to write nothing.
        other_branches: what a file of another branch of origin held when this run read it, until
            it pushes to that branch.
        words: templates of what it says to people.
    """

    root: Path
    settings: Settings
    client: GitHubClient
    checkout: Checkout
    probe: _Probe
    ask: _Ask
    now: Callable[[], datetime]
    run_url: str | None
    dry_run: bool
    other_branches: dict[str, bytes | None] = field(default_factory=dict)
    words: Words = BUILT_IN

    def close(self) -> None:
        """Close the connection to GitHub."""
        self.client.close()

    def react(self, comment: int, reaction: Reaction) -> None:
        """Acknowledge a comment; GitHub keeps one reaction of each kind.

        Raises:
            GitHubUnavailableError: GitHub could not be asked.
        """
        self.log(f"comment {comment}: {reaction}")
        if not self.dry_run:
            self.client.react(comment, reaction)

    @property
    def repository_url(self) -> str:
        """Page of the repository."""
        return f"{self.checkout.server}/{self.settings.repository}"

    @property
    def reconciler(self) -> Reconciler:
        """What writes to items and tracking issues, and says so."""
        return Reconciler(
            client=self.client,
            log=self._log_write,
            warn=self.message,
            dry_run=self.dry_run,
        )

    def _log_write(self, number: int, write: Write) -> None:
        """Say what is written: in the log all of it, in the summary a few words."""
        detail = {name: value for name, value in write.body.items() if name != "body"}
        if lines := detail.pop("comments", ()):
            detail["lines"] = [f"{comment['path']}:{comment['line']}" for comment in lines]
        where = f"#{number}: " if number else ""
        self.log(f"{where}{write.kind} {write.path} {detail or ''}")
        self.summarize(f"{where}{'would be: ' if self.dry_run else ''}{write.words}")
        if self.dry_run and (text := write.body.get("body")) is not None:
            print("".join(f"    | {visible_text(line)}\n" for line in text.split("\n")))


def open_run(root: Path, environment: Mapping[str, str], *, dry_run: bool) -> Run:
    """Put a run together from the environment that GitHub Actions gives.

    https://docs.github.com/en/actions/reference/workflows-and-actions/variables

    Raises:
        KdbotError: a variable or the settings are missing or wrong.
    """
    settings = load_settings(root, environment)
    if settings.repository is None:
        raise KdbotError("GITHUB_REPOSITORY is not set", fix="set `repository` in kdbot.toml")
    token = environment.get("GITHUB_TOKEN")
    if not token:
        raise KdbotError("GITHUB_TOKEN is not set", fix="pass it to the step in `env:`")
    client, server = connect(settings.repository, token, environment), server_of(environment)
    settings = replace(settings, bot=_bot(settings.bot, environment, client))
    bot = settings.bot
    client.bot = bot.id
    author = Author(name=bot.login, email=noreply_address(bot.login, bot.id))
    run_id = environment.get("GITHUB_RUN_ID")
    job = open_job(environment)
    return Run(
        root=root,
        settings=settings,
        client=client,
        checkout=Checkout(root=root, author=author, server=server, token=token),
        probe=_probe(environment, client.user_agent),
        ask=_ask(environment, settings),
        now=lambda: datetime.now(UTC),
        run_url=f"{server}/{settings.repository}/actions/runs/{run_id}" if run_id else None,
        dry_run=dry_run,
        summary=job.summary,
        outputs=job.outputs,
        words=Words(load_templates(root, OVERRIDES), warn=job.message),
    )


def run_flow(
    root: Path, environment: Mapping[str, str], flow: Callable[[Run], int], *, dry_run: bool
) -> int:
    """Open a run, hand it to a flow and return the exit status; the summary says how it went.

    What GitHub could not answer, and an item that is gone, end the run without a fault: the item
    keeps its state and the next sweep looks again. A repository that is gone is one.

    Raises:
        KdbotError: the event, the settings or the list are not in order.
    """
    if is_switched_off(environment):
        return 0
    job = open_job(environment)
    try:
        with closing(open_run(root, environment, dry_run=dry_run)) as run:
            for warning in _contradictions(run.settings, root):
                run.message(f"warning: {warning}")
            try:
                return flow(run)
            except ItemGoneError as error:
                run.message(f"could not check: {error}")
                return error.exit_status
    except GitHubUnavailableError as error:
        job.message(f"could not check: {error}")
        return error.exit_status
    except KdbotError as error:
        # The command line says it to the log.
        job.summarize(f"error: {error}")
        raise


def _contradictions(settings: Settings, root: Path) -> Iterator[str]:
    """Yield what the list's file says otherwise than GitHub, whose word counts."""
    name, document = settings_document(root)
    for key, counts in (("repository", settings.repository), ("branch", settings.branch)):
        stated = document.get(key)
        if stated is not None and str(stated).casefold() != str(counts).casefold():
            yield f"`{key}` is `{counts}` on GitHub, which counts; {name} names `{stated}`"


def _bot(known: BotSettings, environment: Mapping[str, str], client: GitHubClient) -> BotSettings:
    """Return the account that KDBOT_BOT_LOGIN names, whose number GitHub says, else the known one.

    Comments are recognised by the number, so it has to be that of the login.
    """
    login = environment.get("KDBOT_BOT_LOGIN", "").strip()
    if login.lower() in {"", known.login.lower()}:
        return known
    return BotSettings(login=login, id=client.account_id(login))


def is_switched_off(environment: Mapping[str, str], *, forks: bool = True) -> bool:
    """Tell whether the bot is switched off here, and log why.

    The kill switch is set, or this is a fork, which is most often a contributor's, and nobody has
    said that a list lives in it.

    Args:
        environment: the variables, and the event.
        forks: whether a fork counts.

    Raises:
        KdbotError: the event cannot be read.
    """
    reason = None
    if is_set(environment, "KDBOT_ENABLED", "false"):
        reason = "switched off (`KDBOT_ENABLED=false`)"
    elif (
        forks
        and load_event_repository(environment).get("fork") is True
        and not is_set(environment, "KDBOT_FORK", "true")
    ):
        reason = (
            "this is a fork; if it is a list of its own, set the repository variable `KDBOT_FORK` "
            "to `true` (Settings, Secrets and variables, Actions, Variables)"
        )
    if reason is not None:
        open_job(environment).message(f"{reason}; nothing to do")
    return reason is not None


def _probe(environment: Mapping[str, str], agent: str) -> _Probe:
    if is_set(environment, "KDBOT_PROBE_LINKS", "false"):
        return lambda _urls: ()

    def probe(urls: Iterable[str]) -> tuple[LinkResult, ...]:
        from kdbot.web.child import probe_in_child

        return probe_in_child(urls, user_agent=agent, environment=os.environ)

    return probe


def _ask(environment: Mapping[str, str], settings: Settings) -> _Ask:
    if is_set(environment, "KDBOT_ASK_SERVICES", "false"):
        return lambda _proposal, _collection: {}

    def ask(proposal: Proposal, collection: Collection) -> Mapping[str, tuple[Outcome, ...]]:
        from kdbot.flows.list.enrich import fetch_for_proposal, open_services

        with open_services(settings, environment) as client:
            return fetch_for_proposal(proposal, collection, client)

    return ask
