"""The writes that lead from the present state to the desired state: pure functions.

The event that started a run says only which item to look at. A run that repeats another, comes
late or was cut off between two writes finds what is left to do by the same comparison, so the
order of the writes is fixed: first what the author reads, then the commit's status and the labels,
then the closing, and last what would be no loss.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

from kdbot.github.item import Item
from kdbot.model.report import StatusState
from kdbot.publish.comment.notes import NOTE_MARKER

CloseReason: TypeAlias = Literal["completed", "duplicate", "not_planned"]

STATUS_CONTEXT = "kdbot / review"
"""Name of the bot's commit status."""

_RUN_LINK = re.compile(r"/actions/runs/[0-9]+")
# While a comment is not edited its own time says since when it holds (`with_state()`).
_SINCE = re.compile(r"(?<= replaced) since=[0-9T:Z-]{20}(?=\)\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One call that changes something on GitHub.

    Attributes:
        kind: what the log calls it.
        words: what the job's summary says of it.
        verb: HTTP's.
        path: below the repository.
        body: what is sent; empty for nothing.
    """

    kind: str
    words: str
    verb: str
    path: str
    body: Mapping[str, Any]


def _write(kind: str, words: str, call: str, **body: Any) -> Write:
    verb, path = call.split(" ", 1)
    return Write(kind=kind, words=words, verb=verb, path=path, body=body)


def _create_comment(number: int, body: str) -> Write:
    """Write a new comment."""
    call = f"POST issues/{number}/comments"
    return _write("CreateComment", "wrote a comment", call, body=body)


def _edit_comment(comment: int, body: str) -> Write:
    """Replace the text of an own comment."""
    call = f"PATCH issues/comments/{comment}"
    return _write("EditComment", "edited my comment", call, body=body)


def _delete_comment(comment: int) -> Write:
    """Remove a duplicate of an own comment."""
    words = "removed a duplicate of my comment"
    return _write("DeleteComment", words, f"DELETE issues/comments/{comment}")


def _add_labels(number: int, names: Sequence[str]) -> Write:
    """Set labels."""
    words = f"set {', '.join(f'`{name}`' for name in names)}"
    return _write("AddLabels", words, f"POST issues/{number}/labels", labels=list(names))


def _remove_label(number: int, name: str) -> Write:
    """Remove one label."""
    call = f"DELETE issues/{number}/labels/{quote(name, safe='')}"
    return _write("RemoveLabel", f"removed `{name}`", call)


def _close(number: int, reason: CloseReason) -> Write:
    """Close the issue."""
    words, call = f"closed as {reason.replace('_', ' ')}", f"PATCH issues/{number}"
    return _write("Close", words, call, state="closed", state_reason=reason)


def _reopen(number: int) -> Write:
    """Reopen the issue."""
    call = f"PATCH issues/{number}"
    return _write("Reopen", "reopened it", call, state="open", state_reason="reopened")


def set_status(sha: str, state: StatusState, description: str, url: str | None = None) -> Write:
    """Set the result of a commit's review.

    Args:
        sha: the commit.
        state: what merging waits for.
        description: one line of our own words, at most 140 characters.
        url: page of the run, or None.
    """
    words = {"state": state, "context": STATUS_CONTEXT, "description": description}
    if url:
        words["target_url"] = url
    summary = f"commit status {state}: {description}"
    return _write("SetStatus", summary, f"POST statuses/{sha}", **words)


def line_comment(path: str, start: int, end: int, body: str) -> dict[str, Any]:
    """Return a comment on the lines of a pull request's head from `start` to `end`."""
    comment = {"path": path, "line": end, "side": "RIGHT", "body": body}
    return comment | ({"start_line": start, "start_side": "RIGHT"} if start != end else {})


def create_review(number: int, sha: str, body: str, comments: Sequence[dict[str, Any]]) -> Write:
    """Comment on lines of a pull request, all at once, without approving or requesting changes.

    Args:
        number: of the pull request.
        sha: the head that was read.
        body: Markdown above the comments.
        comments: what `line_comment` returns, at least one.
    """
    words, call = f"commented on {len(comments)} places", f"POST pulls/{number}/reviews"
    more = {"commit_id": sha, "event": "COMMENT", "comments": list(comments)}
    return _write("CreateReview", words, call, body=body, **more)


def create_issue(title: str, body: str, label: str) -> Write:
    """Open an issue of the bot's own."""
    words = f"open the issue {title!r}"
    return _write("CreateIssue", words, "POST issues", title=title, body=body, labels=[label])


def update_issue(number: int, changes: Mapping[str, str]) -> Write:
    """Change text or state of an own issue, or the text of an own pull request, at once."""
    words = f"change {', '.join(changes)}"
    return _write("UpdateIssue", words, f"PATCH issues/{number}", **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """What an item should look like.

    Attributes:
        comment: text of the one comment, marker first; None leaves it as it is.
        labels: labels that it should have.
        not_labels: labels that it should not have; all others are left alone.
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
    status: Write | None = None
    review: Write | None = None


def difference(present: Item, desired: Desired) -> tuple[Write, ...]:
    """Return the writes that make the item what it should be, in the order to be made."""
    return (
        *_comment_writes(present, desired.comment),
        *duplicated_comments(present),
        *((desired.status,) if desired.status else ()),
        *_label_writes(present, desired),
        *_note_writes(present, desired.note),
        *((_close(present.number, desired.close),) if desired.close and present.open else ()),
        *((_reopen(present.number),) if desired.reopen and not present.open else ()),
        *((desired.review,) if desired.review else ()),
    )


def duplicated_comments(item: Item) -> tuple[Write, ...]:
    """Return the deletions of the bot's comments that say again what an older one says."""
    duplicated = list(item.own_comments()[1:])
    known: set[str] = set()
    for note in item.own_comments(NOTE_MARKER):
        marker = note.body.partition("\n")[0].strip()
        if marker in known:
            duplicated.append(note)
        known.add(marker)
    return tuple(_delete_comment(comment.id) for comment in duplicated)


def _comment_writes(present: Item, body: str | None) -> tuple[Write, ...]:
    if body is None:
        return ()
    own = present.own_comments()
    if not own:
        return (_create_comment(present.number, body),)
    return () if same_text(own[0].body, body) else (_edit_comment(own[0].id, body),)


def _label_writes(present: Item, desired: Desired) -> tuple[Write, ...]:
    missing = tuple(sorted(desired.labels - present.labels))
    surplus = sorted(desired.not_labels & present.labels - desired.labels)
    add = (_add_labels(present.number, missing),) if missing else ()
    return (*add, *(_remove_label(present.number, name) for name in surplus))


def _note_writes(present: Item, body: str | None) -> tuple[Write, ...]:
    """Return the note unless it is there: its first line is what it is known by."""
    if body is None:
        return ()
    marker = body.partition("\n")[0]
    notes = present.own_comments(NOTE_MARKER)
    known = any(comment.body.partition("\n")[0].strip() == marker for comment in notes)
    return () if known else (_create_comment(present.number, body),)


def same_text(one: str, other: str) -> bool:
    """Tell whether two comments say the same, whichever run wrote them, and since when."""
    return _normalize(one) == _normalize(other)


def _normalize(text: str) -> str:
    text = _SINCE.sub("", text.replace("\r\n", "\n").strip())
    return _RUN_LINK.sub("/actions/runs/0", text)
