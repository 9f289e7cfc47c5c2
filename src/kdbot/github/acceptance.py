"""Whether a decision counts: who accepted or ticked a box, when, and what they had seen.

The label, and `/accept`, stand for exactly the proposal that the bot's report showed for a
minute or longer: an author who edits while a maintainer clicks loses that race. The first report
of an item cannot have replaced another one, so a label that is set soon after it, or before it,
counts after a wait. A command comes after the report, and counts once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kdbot.github.commands import MayWrite, Said, last_edit, open_decisions
from kdbot.github.item import GHOST, Account, Comment, HistoryEvent, Item
from kdbot.github.labels import ACCEPTED, ADDED
from kdbot.model.command import Command
from kdbot.publish.comment.notes import ACCEPTED_NOTE, REPORT_MARKER, RESET_NOTE, WAITING_NOTE

MIN_REVIEW_AGE = timedelta(seconds=60)
"""Age of a report from which a label refers to it."""

_RECENT = timedelta(days=14)
_MARKER = re.compile(rf"{re.escape(REPORT_MARKER)} sha256=([0-9a-f]{{64}}) -->")
_STATE = re.compile(
    r"\n\[//\]: # \(input sha256=(?P<input>[0-9a-f]{64})?"
    r"(?P<replaced> replaced)?(?: since=(?P<since>[0-9T:Z-]{20}))?"
    r"(?: confirmed=(?P<confirmed>[0-9a-f,]{1,2000}))?\)\s*\Z"
)
_MAX_CONFIRMED = 100
_BY_LABEL = "`accepted` was set"
_BY_COMMAND = "`/accept` was given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """The label as it was set last, or a command that asks for the same.

    Attributes:
        by: who accepted.
        set: when, or None where that is not known.
        report: the bot's report that they had before them, or None where there was none yet.
        ready: when it counts, None for at once; an edit of the proposal still wins until then.
        said: the command, or None for the label.
        refusal: why it does not count, in a sentence for people, or None where it does.
    """

    by: Account
    set: datetime | None
    report: Comment | None = None
    ready: datetime | None = None
    said: Said | None = None
    refusal: str | None = None

    @property
    def how(self) -> str:
        """How it was accepted, as the middle of a sentence."""
        return _BY_COMMAND if self.said else _BY_LABEL

    @property
    def digest(self) -> str | None:
        """The digest of the proposal in that report."""
        return digest_of(self.report) if self.report else None


def find_acceptance(item: Item, may_write: MayWrite) -> Acceptance | None:
    """Return the acceptance of a proposal, whether it counts or not.

    A command that counts goes before the label, since it may name categories. Whether the person
    who set the label may write, and whether the author may accept, is asked of GitHub, later.

    Args:
        item: with its comments and history.
        may_write: asks GitHub who may give a command.

    Returns:
        None where nobody accepted it, and where a `/decline` came later.
    """
    decisions = open_decisions(item, may_write)
    event = item.last_event("labeled", ACCEPTED) if ACCEPTED in item.labels else None
    if decisions and decisions[-1].command is Command.DECLINE:
        declined = decisions[-1].comment.created
        if event is None or event.actor.id == item.bot or event.created <= declined:
            return None
        return _of_label(item, event)
    if decisions:
        found = _of_command(item, decisions[-1], may_write)
        if found.refusal is None or event is None or event.actor.bot:
            return found
        by_label = _of_label(item, event)
        return by_label if by_label.refusal is None else found
    if ACCEPTED not in item.labels:
        return None
    if event is None:
        reason = "I cannot see who set the label `accepted`."
        return Acceptance(by=GHOST, set=None, refusal=reason)
    return _of_label(item, event)


def _of_label(item: Item, event: HistoryEvent) -> Acceptance:
    moment, report = event.created, item.report
    edited_after = item.edited is not None and item.edited > moment
    if event.actor.id == item.bot:
        reason: str | None = "The comment with `/accept` was deleted or edited."
    elif event.actor.bot:
        reason = "The label `accepted` was set by a bot; only a person can accept a proposal."
    else:
        reason = _why_not(moment, report, edited_after=edited_after, how=_BY_LABEL)
    ready = _ready(moment, report)
    return Acceptance(by=event.actor, set=moment, report=report, ready=ready, refusal=reason)


def _of_command(item: Item, said: Said, may_write: MayWrite) -> Acceptance:
    """Hold a command against all that it has to be newer than."""
    moment = said.comment.created
    report = item.report
    edited = last_edit(item, may_write)
    resets = item.own_comments(RESET_NOTE)
    if report is None:
        reason: str | None = f"I had not reported on the proposal when {_BY_COMMAND}."
    elif edited is not None and edited >= moment:
        reason = _edited(_BY_COMMAND)
    elif moment < _shown_since(report):
        reason = f"My report changed after {_BY_COMMAND}."
    elif any(note.created >= moment for note in resets):
        reason = f"An acceptance was reset after {_BY_COMMAND}."
    else:
        reason = _why_not(moment, report, edited_after=False, how=_BY_COMMAND)
    return Acceptance(
        by=said.by,
        set=moment,
        report=report,
        ready=_ready(moment, report),
        said=said,
        refusal=reason,
    )


def _ready(moment: datetime, report: Comment | None) -> datetime | None:
    """Return when an acceptance of a moment counts, None for at once."""
    if report is None or moment < (since := _shown_since(report)):
        return None
    return None if moment - since >= MIN_REVIEW_AGE else since + MIN_REVIEW_AGE


def why_void(item: Item, said: Said) -> str | None:
    """Return why an item is none to which a command can be given, or None."""
    is_accept = said.command is Command.ACCEPT
    if item.author.bot:
        return "Commands work only on proposals by people."
    if item.pull_request and is_accept:
        return "The papers are in the files of this pull request: merge it instead."
    if not said.argument and not is_accept:
        return "Give a reason: `/decline REASON`."
    if ADDED in item.labels and not _completes(item):
        return "Its papers are in the list. To remove one, delete its file."
    if item.report is None:
        return "I have not reported on this yet. Comment `/recheck`, and I will check it."
    return None


def acceptance_key(found: Acceptance | None) -> str:
    """Return what tells one acceptance from another, for the notes about it."""
    if found is not None and found.said is not None:
        return found.said.key
    return "unknown" if found is None or found.set is None else _text(found.set)


def _edited(how: str) -> str:
    return f"The proposal was edited after {how}."


def is_waiting(item: Item, now: datetime, may_write: MayWrite) -> bool:
    """Tell whether an issue is accepted, or was merged, and not added.

    A closed one is only if it was reviewed.
    """
    if item.locked or item.pull_request or item.author.bot:
        return False
    if ACCEPTED not in item.labels:
        found = find_acceptance(item, may_write)
        is_recent = found is not None and found.set is not None and now - found.set < _RECENT
        is_said = found is not None and (item.open or is_recent)
        return is_said or _may_be_merged(item, now)
    if ADDED in item.labels:
        return _completes(item)
    if item.open:
        return True
    # What people closed long ago is theirs, whatever its labels say.
    found = find_acceptance(item, may_write)
    recent = found is not None and found.set is not None and now - found.set < _RECENT
    return bool(item.own_comments()) and (recent or waits_in_pull_request(item))


def _completes(item: Item) -> bool:
    """Tell whether the end of an addition was cut off; what a person reopened is theirs."""
    return not _was_closed_since_added(item) if item.open else not _is_thanked(item)


def _may_be_merged(item: Item, now: datetime) -> bool:
    """Tell whether a closed issue's pull request may have been merged, the label off or not."""
    notes = item.own_comments(WAITING_NOTE)
    is_done = ADDED in item.labels or item.reason == "not_planned"
    return not item.open and not is_done and any(now - note.created < _RECENT for note in notes)


def _was_closed_since_added(item: Item) -> bool:
    """Tell whether an item was closed after it got the label `added`: who reopened it owns it."""
    added, closed = item.last_event("labeled", ADDED), item.last_event("closed")
    return closed is not None and (added is None or closed.created >= added.created)


def _is_thanked(item: Item) -> bool:
    """Tell whether the bot has said what was added, since a person accepted it last."""
    accepted = item.last_event("labeled", ACCEPTED)
    notes = item.own_comments(ACCEPTED_NOTE)
    return any(accepted is None or note.created >= accepted.created for note in notes)


def waits_in_pull_request(item: Item) -> bool:
    """Tell whether the bot has said that the change waits in a pull request."""
    return bool(item.own_comments(WAITING_NOTE))


def _why_not(
    moment: datetime, report: Comment | None, *, edited_after: bool, how: str
) -> str | None:
    """Return why a decision of some moment does not apply to the proposal as it is, or None."""
    if report is None:
        return _edited(how) if edited_after else None
    if not report.is_as_written and report.updated > moment:
        return f"Somebody else edited my report after {how}."
    since = _shown_since(report)
    if moment - since >= MIN_REVIEW_AGE:
        return None
    if edited_after:
        return _edited(how)
    if since > moment > report.created:
        return f"My report changed after {how}."
    if _replaced_another(report):
        return (
            f"My report changed less than a minute before {how}, so this may refer to the "
            "earlier version."
        )
    return None


def digest_of(comment: Comment) -> str | None:
    """Return the digest of the proposal that a report of the bot's was written for."""
    marker = _MARKER.match(comment.body)
    return marker.group(1) if marker else None


def _shown_since(report: Comment) -> datetime:
    """Return since when a report has shown the digest that it shows, by GitHub's clock.

    A report that somebody else edited is not believed: it shows what it shows since then.
    """
    if not _replaced_another(report):
        return report.created
    state = _STATE.search(report.body) if report.is_as_written else None
    since = state["since"] if state else None
    return datetime.fromisoformat(since) if since else report.updated


def input_of(report: Comment) -> str | None:
    """Return the digest of all that a report was made from, or None where it was not complete."""
    state = _STATE.search(report.body)
    return state["input"] if state and report.is_as_written else None


def confirmed_in(report: Comment) -> frozenset[str]:
    """Return the marks of the papers whose identifier and title agreed when a report was made."""
    state = _STATE.search(report.body) if report.is_as_written else None
    return frozenset((state["confirmed"] or "").split(",")) - {""} if state else frozenset()


def with_state(
    body: str, *, source: str | None, present: Comment | None, confirmed: Sequence[str] = ()
) -> str:
    """Return a report with a last line that says what it was made from, and since when it holds.

    The line is a link definition, which is shown nowhere, and has no words of others. It tells the
    sweep which reports are out of date without another review, and the accept job whether the
    digest on the first line has replaced another one. The time of that change is the comment's own,
    and is written down when the comment is edited again.

    Args:
        body: the report, its marker on the first line.
        source: sha256 of all that the report was made from; None where something was missing.
        present: the report that it replaces, or None.
        confirmed: marks of the papers whose identifier and title agree by a service's word.
    """
    more = ""
    if present is not None:
        marker = _MARKER.match(body)
        if marker is None or digest_of(present) != marker.group(1):
            more = " replaced"
        elif _replaced_another(present):
            more = f" replaced since={_text(_shown_since(present))}"
    if confirmed:
        more += f" confirmed={','.join(confirmed[:_MAX_CONFIRMED])}"
    return f"{body.rstrip()}\n\n[//]: # (input sha256={source or ''}{more})"


def _replaced_another(report: Comment) -> bool:
    """Tell whether the report has shown another digest before, or may have."""
    state = _STATE.search(report.body)
    return not report.is_as_written or (state is not None and state["replaced"] is not None)


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
