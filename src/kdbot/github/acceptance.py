"""Whether a person's word counts: who set `accepted` or ticked a box, when, and what they had seen.

The label stands for exactly the proposal that the bot's report showed for a minute or longer: an
author who edits while a maintainer clicks loses that race. The first report of an item cannot have
replaced another one, so a label that is set soon after it, or before it, counts after a wait.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kdbot.github.item import REPORT_MARKER, Account, Comment, HistoryEvent, Item, TextEdit
from kdbot.github.labels import ACCEPTED, ADDED
from kdbot.publish.audit import ticked_boxes
from kdbot.publish.comment.notes import ACCEPTED_NOTE, WAITING_NOTE

MIN_REVIEW_AGE = timedelta(seconds=60)
"""How long a report stands before a label means it."""

_RECENT = timedelta(days=14)
_MARKER = re.compile(rf"{re.escape(REPORT_MARKER)} sha256=([0-9a-f]{{64}}) -->")
_STATE = re.compile(
    r"\n\[//\]: # \(input sha256=(?P<input>[0-9a-f]{64})?"
    r"(?P<replaced> replaced)?(?: since=(?P<since>[0-9T:Z-]{20}))?\)\s*\Z"
)
_EDITED = "The proposal was edited after `accepted` was set."


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """The label as it was set last.

    Attributes:
        by: who set it.
        set: when.
        report: the bot's report that they had before them, or None where there was none yet.
        ready: when it counts, None for at once; an edit of the proposal still wins until then.
    """

    by: Account
    set: datetime
    report: Comment | None
    ready: datetime | None = None

    @property
    def digest(self) -> str | None:
        """The digest of the proposal in that report."""
        return digest_of(self.report) if self.report else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why the label does not count.

    Attributes:
        reason: a sentence for people.
        set: when the label was set, or None where that is not known.
    """

    reason: str
    set: datetime | None = None


def find_acceptance(item: Item, bot_id: int) -> Acceptance | Refusal | None:
    """Return the acceptance of a proposal, or why the label does not count.

    Whether the person may write, and whether the author may accept, is asked of GitHub, later.

    Args:
        item: with its comments and history.
        bot_id: the bot's user id.

    Returns:
        None where the item has no such label.
    """
    if ACCEPTED not in item.labels:
        return None
    event = next(
        (e for e in reversed(item.history) if e.kind == "labeled" and e.label == ACCEPTED), None
    )
    if event is None:
        return Refusal(reason="I cannot see who set the label `accepted`.")
    if event.actor.bot:
        reason = "The label `accepted` was set by a bot; only a person can accept a proposal."
        return Refusal(reason=reason, set=event.created)
    report = next(iter(item.own_comments(bot_id)), None)
    why_not = _why_not(item, event, report)
    if why_not is not None:
        return Refusal(reason=why_not, set=event.created)
    ready = None
    if report is not None and event.created >= (since := _shown_since(report)):
        age = event.created - since
        ready = None if age >= MIN_REVIEW_AGE else since + MIN_REVIEW_AGE
    return Acceptance(by=event.actor, set=event.created, report=report, ready=ready)


def is_waiting(item: Item, bot_id: int, now: datetime) -> bool:
    """Tell whether an issue is accepted, or was merged, and not added.

    A closed one is only if it was reviewed.
    """
    if item.locked or item.pull_request or item.author.bot:
        return False
    if ACCEPTED not in item.labels:
        return _may_be_merged(item, bot_id, now)
    if ADDED in item.labels:
        # What was cut off between label and closing is completed; what a person reopened is theirs.
        return not _was_closed_since_added(item) if item.open else not _is_thanked(item, bot_id)
    if item.open:
        return True
    # What people closed long ago is theirs, whatever its labels say.
    found = find_acceptance(item, bot_id)
    recent = found is not None and found.set is not None and now - found.set < _RECENT
    return bool(item.own_comments(bot_id)) and (recent or waits_in_pull_request(item, bot_id))


def _may_be_merged(item: Item, bot_id: int, now: datetime) -> bool:
    """Tell whether a closed issue's pull request may have been merged, the label off or not."""
    notes = item.own_comments(bot_id, WAITING_NOTE)
    is_done = ADDED in item.labels or item.reason == "not_planned"
    return not item.open and not is_done and any(now - note.created < _RECENT for note in notes)


def _was_closed_since_added(item: Item) -> bool:
    """Tell whether an item was closed after it got the label `added`: who reopened it owns it."""
    added = [e.created for e in item.history if e.kind == "labeled" and e.label == ADDED]
    closed = [e.created for e in item.history if e.kind == "closed"]
    return bool(closed) and (not added or closed[-1] >= added[-1])


def _is_thanked(item: Item, bot_id: int) -> bool:
    """Tell whether the bot has said what was added, since a person accepted it last."""
    accepted = [e.created for e in item.history if e.kind == "labeled" and e.label == ACCEPTED]
    notes = item.own_comments(bot_id, ACCEPTED_NOTE)
    return any(not accepted or note.created >= accepted[-1] for note in notes)


def waits_in_pull_request(item: Item, bot_id: int) -> bool:
    """Tell whether the bot has said that the change waits in a pull request."""
    return bool(item.own_comments(bot_id, WAITING_NOTE))


def _why_not(item: Item, event: HistoryEvent, report: Comment | None) -> str | None:
    """Return why a person's label does not mean the proposal as it is, or None."""
    edited_after = item.edited is not None and item.edited > event.created
    if report is None:
        return _EDITED if edited_after else None
    if not report.is_as_written and report.updated > event.created:
        return "Somebody else edited my report after `accepted` was set."
    since = _shown_since(report)
    if event.created - since >= MIN_REVIEW_AGE:
        return None
    if edited_after:
        return _EDITED
    if since > event.created > report.created:
        return "My report changed after `accepted` was set."
    if _replaced_another(report):
        return (
            "The label `accepted` was set within a minute of a change of my report, so it may mean "
            "the earlier version."
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


def label_key(set_at: datetime | None) -> str:
    """Return what tells one setting of the label from another, for the notes about it."""
    return "unknown" if set_at is None else _text(set_at)


def input_of(report: Comment) -> str | None:
    """Return the digest of all that a report was made from, or None where it was not complete."""
    state = _STATE.search(report.body)
    return state["input"] if state and report.is_as_written else None


def with_state(body: str, *, source: str | None, present: Comment | None) -> str:
    """Return a report with a last line that says what it was made from, and since when it holds.

    The line is a link definition, which is shown nowhere, and has no words of others. It tells the
    sweep which reports are out of date without another review, and the accept job whether the
    digest on the first line has replaced another one. The time of that change is the comment's own,
    and is written down when the comment is edited again.

    Args:
        body: the report, its marker on the first line.
        source: sha256 of all that the report was made from; None where something was missing.
        present: the report that it replaces, or None.
    """
    more = ""
    if present is not None:
        marker = _MARKER.match(body)
        if marker is None or digest_of(present) != marker.group(1):
            more = " replaced"
        elif _replaced_another(present):
            more = f" replaced since={_text(_shown_since(present))}"
    return f"{body.rstrip()}\n\n[//]: # (input sha256={source or ''}{more})"


def _replaced_another(report: Comment) -> bool:
    """Tell whether the report has shown another digest before, or may have."""
    state = _STATE.search(report.body)
    return not report.is_as_written or (state is not None and state["replaced"] is not None)


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def who_ticked(
    edits: Sequence[TextEdit], ticked: frozenset[str], bot_id: int
) -> Mapping[str, str | None]:
    """Return the login of the person who ticked each box, None where it was no person.

    A later edit of the text leaves a tick as it is, so it is whoever made the first of the edits
    after which the box has been ticked. The bot's own last edits are looked past: it may have
    written over a tick and restored it. An edit whose text GitHub does not tell ends the search.
    """
    found: dict[str, str | None] = {}
    for key in ticked:
        login: str | None = None
        seen_other = False
        for edit in edits:
            is_ticked = edit.body is not None and key in ticked_boxes(edit.body)
            if edit.editor.id == bot_id and not seen_other:
                continue
            if not is_ticked:
                break
            seen_other = True
            login = None if edit.editor.bot or edit.editor.id == 0 else edit.editor.login
        found[key] = login
    return found
