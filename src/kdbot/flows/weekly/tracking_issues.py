"""The bot's own issues and pull requests: the audit, new papers, venues, broken files.

And which proposals have waited longest.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from kdbot.flows.list.checked_list import acceptable, whole_collection
from kdbot.flows.push import (
    Change,
    PullRequestText,
    Work,
    commit_message,
    propose,
    write_change,
)
from kdbot.flows.run import Run
from kdbot.github.client import OwnPull
from kdbot.github.item import Item
from kdbot.github.labels import AUDIT, BROKEN_FILE, NEW_PAPERS, STATES
from kdbot.github.reconcile import TrackingIssue
from kdbot.github.writes import Desired, update_issue
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.intake.yaml_text import NOT_READABLE
from kdbot.model.audit import (
    Audit,
    EditState,
    WaitingProposal,
    apply_proposed_edit,
    render_audit_file,
    still_applies,
)
from kdbot.model.collection import BrokenFile, Collection
from kdbot.model.errors import KdbotError
from kdbot.model.paper import Paper
from kdbot.model.taxonomy import Taxonomy
from kdbot.publish.audit import (
    AUDIT_MARKER,
    AUDIT_TITLE,
    kept_ticks,
    needs_issue,
    render_audit_issue,
    render_refusals,
    render_ticks_wait,
    render_upgrades,
    upgrades_in,
)
from kdbot.publish.comment.words import Words
from kdbot.publish.tracking_issues import (
    BROKEN_FILES_MARKER,
    BROKEN_FILES_TITLE,
    NEW_PAPERS_MARKER,
    NEW_PAPERS_TITLE,
    is_waiting,
    render_broken_files_issue,
    render_new_papers_issue,
)
from kdbot.review.new_papers import shown_papers
from kdbot.storage.audit import load_audit, parse_audit
from kdbot.storage.files import AUDIT as AUDIT_FILE
from kdbot.storage.files import SCHEMA, TAXONOMY, VENUES
from kdbot.storage.repository import schema_of

WEEKLY_PULL = PullRequestText(
    branch="kdbot/weekly",
    title="The weekly audit",
    body="The branch is protected, so the results of the audit wait here. Every week updates it.",
)
"""The pull request with the audit of a protected branch."""

_WAITS_LONG = timedelta(days=30)
"""Age from which the audit lists an open proposal."""
_MAX_NAMED = 20
_MAX_TOLD = 5


def current_audit(run: Run, *, refresh: bool = False) -> Audit:
    """Return the last audit: that of the published branch, or a later one that waits for it.

    Args:
        run: the run.
        refresh: whether to ask origin for the later one although this run has done so already.

    Raises:
        KdbotError: `audit.json` cannot be read.
    """
    audit, branch = load_audit(run.root), WEEKLY_PULL.branch
    if refresh or branch not in run.other_branches:
        run.other_branches[branch] = run.checkout.read_file(branch, AUDIT_FILE)
    data = run.other_branches[branch]
    if data is None:
        return audit
    waiting = parse_audit(data, f"{AUDIT_FILE} of {branch}")
    return waiting if _age(waiting) > _age(audit) else audit


def keep_answers(run: Run, audit: Audit) -> None:
    """Bring answers that change no record to the audit that waits for a protected branch.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        KdbotError: git failed.
    """
    if _age(audit) > _age(current_audit(run, refresh=True)):
        make = partial(write_audit, run, audit)
        propose(run, Work(name="audit", pull=WEEKLY_PULL, make=make))


def write_audit(run: Run, audit: Audit, alone: bool) -> Change | None:
    """Write `audit.json`, and unless it goes alone what is built from it."""
    week = audit.summary.week if audit.summary else "of none"
    files = {AUDIT_FILE: render_audit_file(audit)}
    return write_change(run, files, commit_message(f"audit: week {week}", ()), alone=alone)


def _age(audit: Audit) -> tuple[str, int]:
    """Return what a later audit has more of: weeks, and answers within a week."""
    states = [box.state for box in audit.boxes.values()]
    done = [*states, *(paper.state for paper in audit.new_papers.values())].count(EditState.DONE)
    return audit.summary.week if audit.summary else "", done


def audit_issue(
    audit: Audit,
    papers: Mapping[str, Paper],
    words: Words,
    *,
    pull_request: str | None = None,
    refused: frozenset[str] = frozenset(),
) -> TrackingIssue:
    """Return the issue of the audit; the ticks of refused boxes are taken off."""

    def render(body: str) -> str:
        ticked = kept_ticks(body, audit.boxes.values()) - refused
        return render_audit_issue(audit, papers, ticked, pull_request, words=words)

    return TrackingIssue(
        marker=AUDIT_MARKER,
        label=AUDIT,
        title=AUDIT_TITLE,
        open=needs_issue(audit, papers),
        render=render,
    )


def new_papers_issue(
    audit: Audit, taxonomy: Taxonomy, words: Words, *, refused: frozenset[str] = frozenset()
) -> TrackingIssue:
    """Return the issue of new papers; the ticks of refused papers are taken off."""
    shown = shown_papers(audit.new_papers)
    return TrackingIssue(
        marker=NEW_PAPERS_MARKER,
        label=NEW_PAPERS,
        title=NEW_PAPERS_TITLE,
        open=is_waiting(shown),
        render=lambda body: render_new_papers_issue(shown, taxonomy, body, refused, words=words),
    )


def comment_refusals(
    run: Run, number: int, refused: Mapping[str, str], waits_in: str | None = None
) -> None:
    """Say in one short comment why ticked boxes were not applied, or where the change waits.

    Args:
        run: the run.
        number: of the issue.
        refused: sentences by the key of the box; nothing is said where there are none.
        waits_in: page of the pull request that holds the change, or None.
    """
    if not refused and not waits_in:
        return
    if waits_in:
        note = render_ticks_wait(waits_in, words=run.words)
    else:
        note = render_refusals(refused, words=run.words)
    run.reconciler.item(number, Desired(note=note))


def reconcile_broken_files(run: Run) -> None:
    """Bring the issue of broken files to what the list is at present: open while there is one.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
    """
    shown: frozenset[str] = frozenset()
    try:
        collection = whole_collection(run.root, run.checkout)
    except KdbotError as error:
        broken: tuple[BrokenFile, ...] = (_file_of(run, error),)
    else:
        broken, listed = tuple(collection.broken.values()), collection.papers
        shown = frozenset(b.file for stem, b in collection.broken.items() if stem in listed)
    url, words = run.repository_url, run.words
    wanted = TrackingIssue(
        marker=BROKEN_FILES_MARKER,
        label=BROKEN_FILE,
        title=BROKEN_FILES_TITLE,
        open=bool(broken),
        render=lambda _body: render_broken_files_issue(broken, shown, url, words=words),
    )
    run.reconciler.tracking_issue(wanted)


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


def long_waiting(items: Iterable[Item], now: datetime) -> tuple[WaitingProposal, ...]:
    """Return the proposals that the audit names: the oldest of those that have waited for long."""
    before = (now - _WAITS_LONG).date()
    return tuple(one for one in _oldest(items) if one.since < before)[:_MAX_NAMED]


def waiting_words(items: Iterable[Item], today: date) -> str | None:
    """Return which proposals have waited longest, and for how long, or None where none waits."""
    told = [
        f"#{one.number} ({one.label}) for {(today - one.since).days:,} days"
        for one in _oldest(items)[:_MAX_TOLD]
        if one.since < today
    ]
    return f"waiting longest: {', '.join(told)}" if told else None


def _oldest(items: Iterable[Item]) -> list[WaitingProposal]:
    waiting = [
        WaitingProposal(
            number=item.number, label=min(item.labels & STATES), since=item.created.date()
        )
        for item in items
        if not item.author.bot and item.labels & STATES and item.created
    ]
    return sorted(waiting, key=lambda one: (one.since, one.number))


VENUES_BRANCH = "kdbot/venues"


def declined_upgrades(pulls: Iterable[OwnPull]) -> frozenset[str]:
    """Return the keys of the boxes whose pull request a person closed unmerged."""
    closed = (pull for pull in pulls if pull.closed_at and not pull.merged_at)
    return frozenset(key for pull in closed for key in upgrades_in(pull.body or ""))


def open_upgrades(pulls: Iterable[OwnPull]) -> OwnPull | None:
    """Return the open pull request of the venues, or None."""
    return next((pull for pull in pulls if pull.closed_at is None), None)


def propose_upgrades(run: Run, audit: Audit, collection: Collection) -> str | None:
    """See that a pull request shows all venues that two sources name, and return its page.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        KdbotError: git failed.
    """
    boxes = [
        box
        for _, box in sorted(audit.boxes.items())
        if box.is_upgrade and box.state is EditState.OPEN and still_applies(box, collection.papers)
    ]
    if not boxes:
        return None
    body = render_upgrades(boxes, collection.papers, words=run.words)
    title = f"Venues of {len(boxes)} published papers" if len(boxes) > 1 else "Venue of a paper"
    pull = PullRequestText(branch=VENUES_BRANCH, title=title, body=body)

    def make(_alone: bool) -> Change | None:
        papers = collection.papers
        applied = (apply_proposed_edit(box, papers).values() for box in boxes)
        changed = {paper.id: paper for after in applied for paper in after}
        texts, _ = acceptable(changed.values(), collection)
        message = commit_message("papers: venues from two sources", changed)
        return write_change(run, texts, message, alone=True)

    pushed = propose(run, Work(name="venues", pull=pull, make=make))
    if pushed is None:
        return None
    shown = open_upgrades(run.client.own_pulls(VENUES_BRANCH))
    if shown is not None and (shown.body or "").replace("\r\n", "\n") != body:
        run.message(f"#{shown.number}: change body")
        changes = {"body": body, "title": title}
        run.client.write(shown.number, update_issue(shown.number, changes))
    return pushed.url
