"""Present state and desired state to the writes that lead from one to the other.

The event that started a run says only which item to look at. A run that repeats another, comes
late or was cut off between two writes finds what is left to do by the same comparison, so the
order of the writes is fixed: first what the author reads, then the commit's status and the labels,
then the closing, and last what would be no loss.
"""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kdbot.github.head import StatusState
from kdbot.github.item import NOTE_MARKER, Item

CloseReason: TypeAlias = Literal["completed", "duplicate", "not_planned"]

_RUN_LINK = re.compile(r"/actions/runs/[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateComment:
    """Write a new comment."""

    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditComment:
    """Replace the text of an own comment."""

    id: int
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteComment:
    """Remove an own comment that stands twice."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLabels:
    """Set labels."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveLabel:
    """Take one label off."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Close the issue."""

    reason: CloseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """Open the issue again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStatus:
    """Say of a commit how its review ended.

    Attributes:
        sha: the commit.
        state: what merging waits for.
        description: one line of our own words, at most 140 characters.
        url: page of the run, or None.
    """

    sha: str
    state: StatusState
    description: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineComment:
    """A comment on lines of a pull request's diff.

    Attributes:
        path: the file.
        line: its last line, in the head.
        start_line: its first line, where there is more than one.
        body: Markdown, marker first.
    """

    path: str
    line: int
    start_line: int | None = None
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateReview:
    """Comment on lines of a pull request, all at once.

    Attributes:
        sha: the head that was read.
        body: Markdown above the comments.
        comments: at least one.
    """

    sha: str
    body: str
    comments: tuple[LineComment, ...]


Write: TypeAlias = (
    CreateComment
    | EditComment
    | DeleteComment
    | SetStatus
    | AddLabels
    | RemoveLabel
    | Close
    | Reopen
    | CreateReview
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """What an item should look like.

    Attributes:
        comment: text of the one comment, marker first; None leaves it as it is.
        labels: labels that it should bear.
        not_labels: labels that it should not bear; all others are left alone.
        note: text of a short new comment that people get a notice of, marker first, or None.
        close: the reason to close it for, or None.
        reopen: whether to open it again.
        status: a commit status that is known to be missing, or None.
        review: comments on lines that are known to be missing, or None.
    """

    comment: str | None = None
    labels: frozenset[str] = frozenset()
    not_labels: frozenset[str] = frozenset()
    note: str | None = None
    close: CloseReason | None = None
    reopen: bool = False
    status: SetStatus | None = None
    review: CreateReview | None = None


def difference(present: Item, desired: Desired, bot_id: int) -> tuple[Write, ...]:
    """Return the writes that make the item what it should be, in the order to be made."""
    return (
        *_comment_writes(present, desired.comment, bot_id),
        *doubled_comments(present, bot_id),
        *((desired.status,) if desired.status else ()),
        *_label_writes(present, desired),
        *_note_writes(present, desired.note, bot_id),
        *((Close(reason=desired.close),) if desired.close and present.open else ()),
        *((Reopen(),) if desired.reopen and not present.open else ()),
        *((desired.review,) if desired.review else ()),
    )


def doubled_comments(item: Item, bot_id: int) -> tuple[DeleteComment, ...]:
    """Return the deletions of the bot's comments that say again what an older one says."""
    doubled = list(item.own_comments(bot_id)[1:])
    known: set[str] = set()
    for note in item.own_comments(bot_id, NOTE_MARKER):
        marker = note.body.partition("\n")[0].strip()
        if marker in known:
            doubled.append(note)
        known.add(marker)
    return tuple(DeleteComment(id=comment.id) for comment in doubled)


def _comment_writes(present: Item, body: str | None, bot_id: int) -> tuple[Write, ...]:
    if body is None:
        return ()
    own = present.own_comments(bot_id)
    if not own:
        return (CreateComment(body=body),)
    return () if same_text(own[0].body, body) else (EditComment(id=own[0].id, body=body),)


def _label_writes(present: Item, desired: Desired) -> tuple[Write, ...]:
    missing = tuple(sorted(desired.labels - present.labels))
    surplus = sorted(desired.not_labels & present.labels - desired.labels)
    add = (AddLabels(names=missing),) if missing else ()
    return (*add, *(RemoveLabel(name=name) for name in surplus))


def _note_writes(present: Item, body: str | None, bot_id: int) -> tuple[Write, ...]:
    """A note is told once: its first line is what it is known by."""
    if body is None:
        return ()
    marker = body.partition("\n")[0]
    told = present.own_comments(bot_id, NOTE_MARKER)
    known = any(comment.body.partition("\n")[0].strip() == marker for comment in told)
    return () if known else (CreateComment(body=body),)


def same_text(one: str, other: str) -> bool:
    """Tell whether two comments say the same; the address of the run that wrote them is nothing."""
    return _normalize(one) == _normalize(other)


def _normalize(text: str) -> str:
    return _RUN_LINK.sub("/actions/runs/0", text.replace("\r\n", "\n").strip())
