"""The pass over the published branch: all that waits for it is done, whatever started the run.

GitHub keeps one running and one waiting run of a concurrency group and cancels the others, so each
run that may write to the branch does what every other one was started for: it stamps new papers and
rebuilds, adds what is accepted, applies ticked boxes, and thanks for what has arrived.
https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
"""

import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from kdbot.flows.list.checked_list import whole_collection
from kdbot.flows.proposal.accept import (
    AcceptedProposal,
    Committed,
    judge_acceptance,
    refuse,
    thank,
)
from kdbot.flows.proposal.commands import refuse_command
from kdbot.flows.proposal.decline import (
    REMEMBERED,
    DeclinedProposal,
    judge_decline,
    remember_declined,
)
from kdbot.flows.push import (
    Change,
    Outcomes,
    PullRequestText,
    PushedChange,
    Work,
    commit_message,
    push_changes,
    push_one_first,
    write_change,
)
from kdbot.flows.run import Run
from kdbot.flows.weekly.checkboxes import CheckBoxes, check_boxes_of
from kdbot.flows.weekly.tracking_issues import reconcile_broken_files
from kdbot.github.acceptance import (
    MIN_REVIEW_AGE,
    find_acceptance,
    is_waiting,
    waits_in_pull_request,
    why_void,
)
from kdbot.github.commands import open_decisions
from kdbot.github.errors import GitHubUnavailableError, ItemGoneError, RepositoryGoneError
from kdbot.github.item import Item
from kdbot.github.reconcile import is_tracking_issue
from kdbot.model.collection import Collection
from kdbot.model.command import Command
from kdbot.model.errors import KdbotError
from kdbot.model.paper import Paper, path_of, stem_of
from kdbot.publish.tracking_issues import BROKEN_FILES_MARKER
from kdbot.review.duplicates import DUPLICATE_KEY
from kdbot.storage.files import read_bytes
from kdbot.storage.repository import read_paper
from kdbot.text.names import stamped
from kdbot.text.record import render_record

T = TypeVar("T")
_PUBLISH = "publish"
_NEVER = "9999-99-99"  # after every day
_README_PULL = PullRequestText(
    branch="kdbot/readme",
    title="Rebuild the README",
    body="The branch is protected, so the files built from the papers wait here. "
    "Every push updates it.",
)


def reconcile_branch(run: Run, number: int | None = None) -> None:
    """Do everything that waits for the published branch; one API call if nothing waits.

    A failure is reported and stops nothing else.

    Args:
        run: the run.
        number: the issue that the run was started for, which GitHub's lists may not have yet.

    Raises:
        GitHubUnavailableError: GitHub could not be asked what waits.
        KdbotError: something could not be done; all else was.
    """
    proposals, own = run.client.waiting()
    issues = {item.number: item for item in proposals}
    tracking = {item.number: item for item in own}
    attempts = Attempts(run=run)
    if number is not None and number not in issues | tracking:
        item = attempts.do(f"#{number}", lambda: run.client.item(number))
        if item is not None:
            (tracking if item.is_own else issues)[number] = item
    declines = _answer_commands(run, issues, attempts)
    accepted = _accepted(run, issues.values(), attempts)
    for proposal in accepted:
        attempts.do(proposal.item.name, proposal.prepare)
    changes: list[AcceptedProposal | CheckBoxes] = list(accepted)
    changes += _check_boxes(run, tracking.values(), attempts)
    is_broken = True

    def rebuild(_alone: bool) -> Change | None:
        """Write the stamped papers and every derived file that is stale: all of it is derived."""
        nonlocal is_broken
        collection = whole_collection(run.root, run.checkout)
        is_broken = bool(collection.broken)
        stamps = _stamps(run, collection)
        ids = [stem_of(name) for name in stamps]
        subject = "papers: rebuild derived files"
        if ids:
            subject = f"papers: add {ids[0] if len(ids) == 1 else f'{len(ids)} papers'}"
        message = commit_message(subject, ids if len(ids) > 1 else ())
        return write_change(run, stamps, message, alone=False, collection=collection)

    works = [Work(name=_PUBLISH, pull=_README_PULL, make=rebuild)]
    works += [change.work for change in changes]
    works += [remember_declined(run, declines)] if any(one.papers for one in declines) else []
    turned_away = any(waits_in_pull_request(work.item) for work in accepted)
    outcomes = (push_one_first if turned_away else push_changes)(run, works)
    for name, outcome in outcomes.items():
        if isinstance(outcome, KdbotError):
            attempts.failed(name, outcome)
    if not run.dry_run:
        _finish(changes, declines, outcomes, attempts)
    marker = BROKEN_FILES_MARKER
    has_issue = any(is_tracking_issue(item, marker) for item in tracking.values())
    if is_broken or has_issue:
        attempts.do("the broken files", partial(reconcile_broken_files, run))
    attempts.raise_failures()


@dataclass(slots=True, kw_only=True)
class Attempts:
    """Several attempts; a failure of one does not stop the others.

    Attributes:
        run: the run.
        failures: what a person has to fix; the next run retries what GitHub could not answer.
    """

    run: Run
    failures: list[str] = field(default_factory=list)

    def do(self, name: str, do: Callable[[], T]) -> T | None:
        """Do one thing; report a failure and return None."""
        try:
            return do()
        except KdbotError as error:
            self.failed(name, error)
        except Exception as error:  # noqa: BLE001 - a bug that one item meets stops no other
            for line in traceback.format_exc().splitlines():
                self.run.log(line)
            self.failures.append(f"{name}: a bug in kdbot, {type(error).__name__}: {error}")
            self.run.message(self.failures[-1])
        return None

    def failed(self, name: str, error: KdbotError) -> None:
        """Report one thing that could not be done."""
        if isinstance(error, RepositoryGoneError):
            raise error
        if isinstance(error, (GitHubUnavailableError, ItemGoneError)):
            self.run.message(f"{name}: could not check: {error}")
            return
        self.run.message(f"{name}: {error}")
        self.failures.append(f"{name}: {error}")

    def raise_failures(self) -> None:
        """Raise what failed, if anything did.

        Raises:
            KdbotError: with all failures.
        """
        if self.failures:
            raise KdbotError("\n".join(dict.fromkeys(self.failures)))


def _finish(
    changes: Iterable[AcceptedProposal | CheckBoxes],
    declines: Iterable[DeclinedProposal],
    outcomes: Outcomes,
    attempts: Attempts,
) -> None:
    """Report the outcome of each change; a decline that was not recorded stays open."""
    if isinstance(published := outcomes.get(_PUBLISH), PushedChange):
        attempts.run.message(f"rebuilt the derived files: {published.url}")
    for work in changes:
        if not isinstance(outcome := outcomes.get(work.item.name), KdbotError):
            attempts.do(work.item.name, partial(work.finish, outcome))
    for one in declines:
        if not (one.papers and isinstance(outcomes.get(REMEMBERED), KdbotError)):
            attempts.do(one.item.name, one.finish)


def _answer_commands(
    run: Run, items: dict[int, Item], attempts: Attempts
) -> list[DeclinedProposal]:
    """Answer the commands that a later word, or the state of their item, makes void.

    Args:
        run: the run.
        items: the items by number; they lose the comments that were answered.
        attempts: hears what failed.

    Returns:
        The proposals whose last word is that they are declined.
    """
    declined = []
    for number in sorted(items):
        found = attempts.do(f"#{number}", partial(_judge_commands, run, items[number]))
        if found is None:
            del items[number]
            continue
        items[number], proposal = found
        declined += [proposal] if proposal else []
    return declined


def _judge_commands(run: Run, item: Item) -> tuple[Item, DeclinedProposal | None]:
    """Return an item without the commands that were answered, and what its last word declines."""
    decisions = () if item.locked else open_decisions(item, run.client.may_write)
    if not decisions:
        return item, None
    found = find_acceptance(item, run.client.may_write)
    counts = decisions[-1] if found is None or found.said is not None else None
    for said in decisions:
        reason = why_void(item, said)
        if reason is None and said is not counts:
            reason = "A later decision counts: the last of `/accept`, `/decline` and the label."
        if reason is not None:
            refuse_command(run, item, said, reason)
            counts = None if said is counts else counts
            kept = tuple(one for one in item.comments if one is not said.comment)
            item = replace(item, comments=kept)
    if counts is None or counts.command is not Command.DECLINE:
        return item, None
    return item, judge_decline(run, item, counts)


def _accepted(run: Run, items: Iterable[Item], attempts: Attempts) -> list[AcceptedProposal]:
    """Return what is to be added, after one wait for all labels that do not count yet.

    What does not count is refused, and what has been merged is thanked for.
    """
    valid = _judge_all(run, items, attempts)
    now = run.now()
    early = {
        number: proposal.acceptance.ready
        for number, proposal in valid.items()
        if proposal.acceptance.ready is not None and proposal.acceptance.ready > now
    }
    ready = {number: proposal for number, proposal in valid.items() if number not in early}
    if early and not run.dry_run:
        wait = (max(early.values()) - now).total_seconds()
        run.message(f"waiting {wait:.0f} s: `accepted` was set within a minute of the first report")
        run.client.sleep(min(wait, MIN_REVIEW_AGE.total_seconds()))
    again = (attempts.do(f"#{n}", partial(run.client.item, n)) for n in sorted(early))
    ready |= _judge_all(run, (item for item in again if item is not None), attempts)
    return [ready[number] for number in sorted(ready)]


def _judge_all(run: Run, items: Iterable[Item], attempts: Attempts) -> dict[int, AcceptedProposal]:
    valid = {}
    for item in sorted(items, key=lambda item: item.number):
        if is_waiting(item, run.now(), run.client.may_write):
            found = attempts.do(item.name, partial(_judge, run, item))
            if found is not None:
                valid[item.number] = found
    return valid


def _judge(run: Run, item: Item) -> AcceptedProposal | None:
    acceptance = judge_acceptance(run, item)
    if isinstance(acceptance, Committed):
        thank(run, item, acceptance)
    elif acceptance is not None and acceptance.refusal is not None:
        refuse(run, item, acceptance)
    elif acceptance is not None:
        return AcceptedProposal(run=run, item=item, acceptance=acceptance)
    return None


def _check_boxes(run: Run, items: Iterable[Item], attempts: Attempts) -> list[CheckBoxes]:
    found = (
        attempts.do(item.name, partial(check_boxes_of, run, item))
        for item in sorted(items, key=lambda item: item.number)
    )
    return [boxes for boxes in found if boxes is not None]


def _stamps(run: Run, collection: Collection) -> dict[str, str]:
    """Return the files of papers without the day they were added, with that day and a key.

    The day is that of the merge, whenever this runs, so that a late run writes what an early one
    would have written.
    """
    stamps = {}
    taken = set(collection.citation_keys)
    losing = {paper.id: paper for paper in _losing_their_keys(run, collection)}
    for stem, paper in {**collection.papers, **losing}.items():
        if stem in losing or (paper.added is None and stem not in collection.broken):
            day = paper.added
            if day is None:
                merged = run.checkout.day_added(path_of(stem), run.settings.branch)
                day = (merged or run.now().date()).isoformat()
            stamps[path_of(stem)] = render_record(
                stamped(paper, day, taken, collection.schema), collection.schema
            )
    return stamps


def _losing_their_keys(run: Run, collection: Collection) -> Iterator[Paper]:
    """Yield the papers whose citation key another one had before, without it.

    Two merges can bring one key, neither of which knew the other. Where that is all that is
    wrong with a file it is no person's to fix. The paper that was added first keeps its key,
    which people may have cited.
    """
    doubled = {
        stem: read_paper(read_bytes(run.root, broken.file), broken.file)
        for stem, broken in collection.broken.items()
        if all(finding.code == DUPLICATE_KEY.code for finding in broken.findings)
    }
    sharing: dict[str | None, list[Paper]] = {paper.key: [] for paper in doubled.values()}
    good = (p for stem, p in collection.papers.items() if stem not in collection.broken)
    for paper in (*good, *doubled.values()):
        if paper.key in sharing:
            sharing[paper.key].append(paper)
    for papers in sharing.values():
        papers.sort(key=lambda paper: (paper.added or _NEVER, path_of(paper.id)))
        yield from (replace(paper, key=None) for paper in papers[1:])
