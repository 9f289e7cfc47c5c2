"""Short new comments for what people must get a notice of; an edited comment gives none."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from kdbot.model.paper import Paper
from kdbot.model.report import PaperReport, Report
from kdbot.publish.comment.context import CommentContext
from kdbot.publish.comment.sections import COMMENT_LIMIT, fit_items
from kdbot.publish.comment.values import (
    Extent,
    comment_value,
    message_text,
    title_link,
    title_text,
)
from kdbot.publish.comment.words import BUILT_IN, Markdown, Words, paragraph

ACCEPTED_NOTE = "<!-- kdbot:note accepted"
"""How the note starts that says what was added."""
WAITING_NOTE = "<!-- kdbot:note waiting"
"""How the note starts that says that an accepted proposal waits in a pull request."""

_NOTES = "notes.md.j2"
_ROOM = COMMENT_LIMIT // 4
"""Characters of each of the three lists that a note of thanks may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Some:
    """As many papers as there is room for, and how many more there are."""

    shown: tuple[Markdown, ...]
    more: int
    total: int


def render_accepted(
    added: Sequence[Paper],
    updated: Sequence[Paper],
    left: Sequence[Paper],
    *,
    key: str,
    commit: str,
    words: Words = BUILT_IN,
) -> str:
    """Return the thanks for what a commit holds, with what it does not.

    Args:
        added: papers that it brought.
        updated: papers that were listed before.
        left: papers of the proposal that it does not hold.
        key: what tells this acceptance from others; each is thanked for once.
        commit: address of the commit or of the merged pull request.
        words: the list's templates.
    """
    lists = [_some([title_link(paper) for paper in papers]) for papers in (added, updated)]
    waiting = _some([title_text(paper) for paper in left], len("- "))
    return render_note("accepted", words.say(_NOTES, "accepted", *lists, waiting, commit), key)


def render_waiting(pull_request: str, *, words: Words = BUILT_IN) -> str:
    """Return that an accepted proposal waits in a pull request, whose address is given."""
    text = paragraph(words.say(_NOTES, "waiting", pull_request))
    return render_note("waiting", text, pull_request)


def render_pushed_instead(commit: str, *, words: Words = BUILT_IN) -> str:
    """Return why a pull request of the bot's own is closed: its change is on the branch."""
    return render_note("pushed", paragraph(words.say(_NOTES, "pushed", commit)))


def render_duplicate_note(paper: PaperReport, *, context: CommentContext) -> str:
    """Return why a duplicate is closed, what it is a double of, and how to disagree."""
    report = Report(verdict=paper.verdict, papers=(paper,))
    value = comment_value(report, context, Extent(findings=0, records=0, papers=1))
    return render_note("duplicate", paragraph(context.words.say(_NOTES, "duplicate", value.paper)))


def render_acceptance_reset(label: str, reason: str, *, words: Words = BUILT_IN) -> str:
    """Return that `accepted` does not count.

    Args:
        label: what tells this setting of the label from others; each is told once.
        reason: a finding-like sentence, values between backticks.
        words: the list's templates.
    """
    text = paragraph(words.say(_NOTES, "acceptance_reset", message_text(reason)))
    return render_note("acceptance-reset", text, label)


def render_review(number: int, *, words: Words = BUILT_IN) -> str:
    """Return the words above a review that carries so many suggestions on lines."""
    return paragraph(words.say(_NOTES, "suggestions", number))


def render_note(name: str, text: str, key: str | None = None) -> str:
    """Return a note that people get a notice of; its first line is what it is known by.

    Args:
        name: what it is about, in lower case with hyphens.
        text: Markdown that is safe already.
        key: what tells it from other notes about the same; each is told once.
    """
    told = "" if key is None else f" sha256={hashlib.sha256(key.encode('utf-8')).hexdigest()}"
    return f"<!-- kdbot:note {name}{told} -->\n{text}"


def _some(items: Sequence[Markdown], before: int = 1) -> _Some:
    """Return the first items that fit, each with so many characters of its own around it."""
    shown = items[: len(fit_items([f"{' ' * before}{item}" for item in items], _ROOM))]
    return _Some(shown=tuple(shown), more=len(items) - len(shown), total=len(items))
