"""`kdbot sweep`: catch up after an outage, a lost event or a replaced run; and after a push."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from kdbot.flows.proposal.accept import close_withdrawn
from kdbot.flows.proposal.issue import IssueReviewer, is_wrongly_closed
from kdbot.flows.proposal.pull_request import PullReviewer
from kdbot.flows.proposal.reviewer import Reviewer
from kdbot.flows.reconcile import Attempts, reconcile_branch
from kdbot.flows.run import Run
from kdbot.flows.weekly.tracking_issues import current_audit, waiting_words
from kdbot.github.commands import open_decisions
from kdbot.github.errors import ForbiddenError, GitHubUnavailableError
from kdbot.github.item import Item
from kdbot.github.labels import ACCEPTED, NOT_A_DUPLICATE, label_changes
from kdbot.model.audit import week_of
from kdbot.storage.repository import open_collection

_RULES = "schema/"
_WEEK_IS_LATE = timedelta(hours=12)
"""How long after the start of the week its audit should be there."""


def sweep(run: Run, event: Mapping[str, Any] | None = None) -> int:
    """Do what waits for the branch, review what no event has reviewed, and return the exit status.

    What cannot be done does not stop the others.

    Args:
        run: the run.
        event: the payload of the event that started it.

    Raises:
        GitHubUnavailableError: GitHub could not be asked at all.
    """
    attempts = Attempts(run=run)
    attempts.do("the labels", partial(_create_labels, run))
    attempts.do("the published branch", partial(reconcile_branch, run))
    attempts.do("open proposals", partial(_review_open, run, attempts))
    if _is_nightly(event):
        attempts.do("the weekly audit", partial(_look_for_week, run))
    return 1 if attempts.failures else 0


def publish(run: Run, before: str = "") -> None:
    """Do what waits for the branch after a push; new rules are held against open proposals.

    Args:
        run: the run.
        before: the tip of the branch before the push; empty for a run that was started by hand.

    Raises:
        GitHubUnavailableError: GitHub could not be asked what waits.
        KdbotError: something could not be done; all else was.
    """
    attempts = Attempts(run=run)
    attempts.do("the published branch", partial(reconcile_branch, run))
    changes = None
    if before.strip("0"):
        ask = partial(run.client.branch_changes, run.settings.branch, before)
        changes = attempts.do("the push", ask)
    if changes is not None and any(path.startswith(_RULES) for path in changes.files):
        attempts.do("open proposals", partial(_review_open, run, attempts))
    attempts.raise_failures()


def _review_open(run: Run, attempts: Attempts) -> None:
    """Review every open proposal whose report was not made from what a review would read now.

    The open items are read once, many at a time, so one that has not changed costs no call.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        KdbotError: the list cannot be read.
    """
    items = (*run.client.open_issues(), *_open_pulls(run))
    if waiting := waiting_words(items, run.now().date()):
        run.message(waiting)
    attempts.do("pull requests of my own", partial(close_withdrawn, run, items))
    for item in items:
        if _is_overlooked(run, item):
            attempts.do(item.name, partial(reconcile_branch, run, item.number))
    collection = open_collection(run.root)
    issues = IssueReviewer(run=run, collection=collection, items=items)
    pulls = PullReviewer(run=run, collection=collection, items=items)
    wrongly_closed = (
        item
        for item in run.client.issues_with(NOT_A_DUPLICATE, is_open=False)
        if is_wrongly_closed(item)
    )
    for item in (*items, *wrongly_closed):
        reviewer: Reviewer = pulls if item.pull_request else issues
        if item.author.bot or item.locked or (ACCEPTED in item.labels and not item.pull_request):
            continue
        attempts.do(item.name, partial(_review, run, reviewer, item))


def _is_overlooked(run: Run, item: Item) -> bool:
    """Tell whether an item has a command that the pass did not see, which reads those changed last.

    What was accepted has the label, by which the pass finds it.
    """
    if item.locked or item.author.bot or ACCEPTED in item.labels:
        return False
    return bool(open_decisions(item, run.client.may_write))


def _create_labels(run: Run) -> None:
    """Create the labels that are missing; one that people have changed stays as it is.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
    """
    for label, known in label_changes(run.client.labels()):
        if known is None:
            run.message(f"create the label `{label.name}`")
            if not run.dry_run:
                run.client.put_label(label, None)


def _open_pulls(run: Run) -> tuple[Item, ...]:
    try:
        return run.client.open_pulls()
    except (GitHubUnavailableError, ForbiddenError) as error:
        run.message(f"could not check pull requests: {error}")
        return ()


def _review(run: Run, reviewer: Reviewer, item: Item) -> None:
    if not reviewer.is_current(item):
        run.reconciler.item(item.number, reviewer.decide, item)


def _look_for_week(run: Run) -> None:
    """Ask for the weekly audit where it was lost; a list that never had one waits for its first.

    Raises:
        KdbotError: `audit.json` cannot be read.
    """
    due = week_of((run.now() - _WEEK_IS_LATE).date())
    summary = current_audit(run).summary
    if summary is not None and summary.week < due:
        run.message(f"the audit of {due} is missing: running it now")
        run.output("week-lost", "true")


def _is_nightly(event: Mapping[str, Any] | None) -> bool:
    """Tell whether this is no hourly run: its schedule names an hour, or it was started by hand."""
    if event is None:
        return False
    schedule = str(event.get("schedule") or "")
    return not schedule or schedule.split()[1:2] != ["*"]
