"""Short new comments for what people must get a notice of; an edited comment gives none.

With them the lists and sections of a comment or an issue, cut so that GitHub takes them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from kdbot.model.command import Command
from kdbot.model.paper import Paper
from kdbot.model.report import PaperReport
from kdbot.publish.comment.context import CommentContext
from kdbot.publish.comment.phrases import message_text, title_link, title_text
from kdbot.publish.comment.values import PaperValue
from kdbot.publish.comment.words import BUILT_IN, Words
from kdbot.publish.markdown import Markdown, paragraph

COMMENT_LIMIT = 60_000
"""Characters of a comment; GitHub refuses more than 65,536."""
_PER_SECTION = 160  # room for a heading, a fold and what is left out

REPORT_MARKER = "<!-- kdbot:report"
"""How the one comment on a proposal starts, by which the bot finds it again."""
NOTE_MARKER = "<!-- kdbot:note"
"""How every note starts."""
ACCEPTED_NOTE = f"{NOTE_MARKER} accepted"
"""How the note starts that says what was added."""
WAITING_NOTE = f"{NOTE_MARKER} waiting"
"""How the note starts that says that an accepted proposal waits in a pull request."""
RESET_NOTE = f"{NOTE_MARKER} acceptance-reset"
"""How the note starts that says that an acceptance does not count."""

Notice: TypeAlias = Literal["waiting", "pushed", "withdrawn", "no-category", "acceptance-reset"]
"""What a note of one paragraph tells."""

_NOTES = "notes.md.j2"
_ROOM = COMMENT_LIMIT // 4
"""Characters of each of the three lists that a note of thanks may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with the items under it.

    Attributes:
        heading: its words.
        items: Markdown blocks, each whole by itself.
        note: a sentence above the items, or empty.
        folded: whether readers have to open it.
    """

    heading: str
    items: Sequence[str]
    note: str = ""
    folded: bool = False


def render_sections(head: str, sections: Sequence[Section], foot: str) -> str:
    """Return the text of all sections that are not empty.

    Past `COMMENT_LIMIT` whole items are left out, the last ones of a section first, and the reader
    is told how many; the sections behind keep what there is room for.
    """
    shown = [section for section in sections if section.items]
    fixed = head + foot + "".join(section.heading + section.note for section in shown)
    left = COMMENT_LIMIT - comment_length(fixed) - _PER_SECTION * (len(shown) + 1)
    parts = [head]
    for section in shown:
        items = _fit_items(section.items, left)
        left -= sum(comment_length(item) + 1 for item in items)
        parts.append(_render(section, items))
    return "\n\n".join([*parts, foot])


def comment_length(text: str) -> int:
    """Return the length as GitHub may count it: code points or UTF-16 units, whichever is more."""
    return max(len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2)


def _fit_items(items: Sequence[str], room: int) -> list[str]:
    """Return the first items that fit into so many characters, with a separator of one each."""
    kept: list[str] = []
    for item in items:
        room -= comment_length(item) + 1
        if room < 0:
            break
        kept.append(item)
    return kept


def list_items(items: Sequence[str], room: int) -> str:
    """Return items on a line each, as many as fit into `room` characters, and how many do not."""
    kept = _fit_items(items, room)
    more = len(items) - len(kept)
    return "\n".join([*kept, *([f"- and {more:,} more"] if more else [])])


def _render(section: Section, items: list[str]) -> str:
    more = len(section.items) - len(items)
    blocks = [section.note, "\n".join(items), f"And {more:,} more." if more else ""]
    text = "\n\n".join(block for block in blocks if block)
    if section.folded:
        summary = f"{section.heading} ({len(section.items):,})"
        return f"<details>\n<summary>{summary}</summary>\n\n{text}\n\n</details>"
    return f"### {section.heading}\n\n{text}"


class _Some(NamedTuple):
    """As many papers as there is room for, and how many more there are."""

    shown: Sequence[Markdown]
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
    """Return the thanks for the papers in a commit, with those that are not in it.

    Args:
        added: papers that it brought.
        updated: papers that were listed before.
        left: papers of the proposal that are not in it.
        key: what tells this acceptance from others; each is thanked for once.
        commit: address of the commit or of the merged pull request.
        words: the list's templates.
    """
    lists = [_some([title_link(paper) for paper in papers]) for papers in (added, updated)]
    waiting = _some([title_text(paper) for paper in left], len("- "))
    return render_note("accepted", words.say(_NOTES, "accepted", *lists, waiting, commit), key)


def render_notice(
    notice: Notice, *values: str | int, key: str | None = None, words: Words = BUILT_IN
) -> str:
    """Return a note of one paragraph.

    Args:
        notice: which one.
        values: what its words are about: an address, a number, or a safe reason.
        key: what tells it from other notes about the same; each is told once.
        words: the list's templates.
    """
    said = words.say(_NOTES, notice.replace("-", "_"), *values)
    return render_note(notice, paragraph(said), key)


def render_duplicate_note(paper: PaperReport, *, context: CommentContext) -> str:
    """Return why a duplicate is closed, what it is a double of, and how to disagree."""
    said = context.words.say(_NOTES, "duplicate", PaperValue(paper, 1, context))
    return render_note("duplicate", paragraph(said))


def render_acceptance_reset(label: str, reason: str, *, words: Words = BUILT_IN) -> str:
    """Return that the acceptance `label` does not count, for a finding-like reason."""
    return render_notice("acceptance-reset", message_text(reason), key=label, words=words)


def render_declined(
    command: str, reason: str | None, criteria: Sequence[str], *, words: Words = BUILT_IN
) -> str:
    """Return why a proposal is declined.

    Args:
        command: what tells the command from others; each is answered once.
        reason: a maintainer's words; None where they say that it is spam.
        criteria: what a paper of the list has to be.
        words: the list's templates.
    """
    if reason is not None and not reason.endswith((".", "!", "?", "…")):
        reason += "."
    return render_note("declined", words.say(_NOTES, "declined", reason, tuple(criteria)), command)


def render_help(*, words: Words = BUILT_IN) -> str:
    """Return the list of commands; an item has it once."""
    return render_note("help", words.say(_NOTES, "help", tuple(Command)))


def render_not_done(command: str, reason: str, *, words: Words = BUILT_IN) -> str:
    """Return why a command was not obeyed.

    Args:
        command: what tells it from others; each is answered once.
        reason: finding-like sentences, values between backticks.
        words: the list's templates.
    """
    text = paragraph(words.say(_NOTES, "not_done", message_text(reason)))
    return render_note("command", text, command)


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
    return f"{NOTE_MARKER} {name}{_end_of_marker(key)}\n{text}"


def has_key(note: str, key: str) -> bool:
    """Tell whether a note's first line has the key."""
    return note.partition("\n")[0].strip().endswith(_end_of_marker(key))


def _end_of_marker(key: str | None) -> str:
    return " -->" if key is None else f" sha256={hashlib.sha256(key.encode()).hexdigest()} -->"


def _some(items: Sequence[Markdown], before: int = 1) -> _Some:
    """Return the first items that fit, each with so many characters of its own around it."""
    shown = items[: len(_fit_items([f"{' ' * before}{item}" for item in items], _ROOM))]
    return _Some(shown, more=len(items) - len(shown), total=len(items))
