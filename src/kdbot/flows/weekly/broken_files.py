"""What people are told where files of the list are broken: one issue, and an answer to authors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from kdbot.flows.list.checked_list import whole_collection
from kdbot.flows.run import Run
from kdbot.flows.weekly.tracking_issues import settle_issue
from kdbot.github.item import Item
from kdbot.github.labels import ACCEPTED, BROKEN_FILE, COULD_NOT_CHECK, NEW_PAPER, STATES
from kdbot.github.reconcile import Desired, SetStatus
from kdbot.github.standing import StandingIssue
from kdbot.intake.proposal import parse_proposal
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.intake.yaml_text import NOT_READABLE
from kdbot.model.collection import BrokenFile, Collection
from kdbot.model.errors import KdbotError
from kdbot.model.form import form_fields
from kdbot.model.proposal import Intent
from kdbot.model.schema import parse_schema
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.venue import Venues
from kdbot.publish.comment.render import render_rules_broken
from kdbot.publish.tracking_issues import (
    BROKEN_FILES_MARKER,
    BROKEN_FILES_TITLE,
    render_broken_files_issue,
)
from kdbot.storage.files import SCHEMA, TAXONOMY, VENUES
from kdbot.storage.repository import schema_of


def broken_files_issue(
    broken: Sequence[BrokenFile], shown: frozenset[str], repository_url: str
) -> StandingIssue:
    """Return the issue of broken files; it is open as long as there is one.

    Args:
        broken: the files.
        shown: the paths of those whose paper readers still see.
        repository_url: page of the repository.
    """
    return StandingIssue(
        marker=BROKEN_FILES_MARKER,
        label=BROKEN_FILE,
        title=BROKEN_FILES_TITLE,
        open=bool(broken),
        render=lambda _body: render_broken_files_issue(broken, shown, repository_url),
    )


def settle_broken_files(run: Run, collection: Collection | KdbotError | None = None) -> None:
    """Bring the issue of broken files to what the list is at present.

    Args:
        run: the run.
        collection: what `whole_collection` returned or raised, where the caller has asked it.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
    """
    if collection is None:
        try:
            collection = whole_collection(run.root, run.checkout)
        except KdbotError as error:
            collection = error
    if isinstance(collection, KdbotError):
        broken: tuple[BrokenFile, ...] = (_file_of(run, collection),)
        shown: frozenset[str] = frozenset()
    else:
        broken = tuple(collection.broken.values())
        listed = collection.papers
        shown = frozenset(b.file for stem, b in collection.broken.items() if stem in listed)
    url = f"{run.checkout.server}/{run.settings.repository}"
    settle_issue(run, broken_files_issue(broken, shown, url))


def answer_unchecked(run: Run, number: int, error: KdbotError) -> None:
    """Tell an author that the rules of the list cannot be read, so that nothing was checked.

    Args:
        run: the run.
        number: of the issue or pull request.
        error: what `open_collection` raised.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        ItemGoneError: the item is not there.
    """
    run.say(f"#{number}: could not check: {error}")
    run.settle(number, _Unchecked(run=run, error=error).decide)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unchecked:
    """Decides what an item should look like that could not be read; its state is kept."""

    run: Run
    error: KdbotError

    def decide(self, item: Item) -> Desired | None:
        if not item.open or item.locked or item.author.bot or ACCEPTED in item.labels:
            return None
        status = None
        if item.pull_request:
            pull = item.pull
            if pull is None or pull.base != self.run.settings.branch:
                return None
            status = SetStatus(
                sha=pull.head_sha,
                state="pending",
                description="Could not check, on my side; I look again when it is fixed",
                url=self.run.run_url,
            )
            bot_id = self.run.settings.bot.id
            said = next((said for account, said in pull.statuses if account == bot_id), None)
            if said and (said.state, said.description) == (status.state, status.description):
                status = None
        elif not self._is_proposal(item):
            return None
        comment = render_rules_broken(
            self.error, version=version("kdbot"), run_url=self.run.run_url
        )
        return Desired(comment=comment, labels=frozenset({COULD_NOT_CHECK}), status=status)

    def _is_proposal(self, item: Item) -> bool:
        """Tell by labels, or by a reading without rules, whether an issue proposes a paper."""
        if item.own_comments(self.run.settings.bot.id):
            return True
        if not item.labels.isdisjoint(STATES | {NEW_PAPER, COULD_NOT_CHECK}):
            return True
        schema, taxonomy = parse_schema({"properties": {}}), Taxonomy(categories=())
        proposal = parse_proposal(
            item.title,
            item.body,
            form=form_fields(self.run.settings, schema, taxonomy),
            taxonomy=taxonomy,
            venues=Venues(venues=()),
        )
        return proposal.intent is not Intent.NONE


def _file_of(run: Run, error: KdbotError) -> BrokenFile:
    """Return the file that an error names; the schema where it names none."""
    file, _, line = (error.where or SCHEMA).partition(":")
    is_there = (run.root / file).exists()
    fix = error.fix if is_there else "Put the file back."
    finding = NOT_READABLE.finding(
        error.what, fix=fix, file=file, line=int(line) if line.isdecimal() else None
    )
    history = run.checkout.versions((file,)).get(file, ())
    return BrokenFile(
        file=file,
        findings=(finding,),
        commit=history[0].commit if history and is_there else None,
        kept=next((v.commit for v in history if _is_readable(file, v.data)), None),
    )


def _is_readable(file: str, data: bytes) -> bool:
    readers: dict[str, Callable[[], object]] = {
        SCHEMA: lambda: schema_of(data),
        TAXONOMY: lambda: parse_taxonomy(data, file),
        VENUES: lambda: parse_venues(data, file),
    }
    try:
        return file in readers and readers[file]() is not None
    except KdbotError:
        return False
