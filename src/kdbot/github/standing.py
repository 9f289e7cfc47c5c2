"""Standing issues: one of a kind, open as long as there is something to do.

An issue is known by its author's id and the marker on its first line; anybody can write a marker.
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kdbot.github.client import GitHubClient
from kdbot.github.item import Item
from kdbot.github.reconcile import same_text
from kdbot.github.settle import repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingIssue:
    """What a standing issue should be.

    Attributes:
        marker: the first line of its text.
        label: a label that it bears from the start; a closed one is found by it.
        title: its title; people may change it.
        open: whether there is something to do.
        render: makes its text of the text that it has; of an empty one where there is none.
    """

    marker: str
    label: str
    title: str
    open: bool
    render: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateIssue:
    """Open it."""

    title: str
    body: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateIssue:
    """Change its text, its state or both at once."""

    number: int
    changes: dict[str, str]


def find_standing(items: Iterable[Item], marker: str, bot_id: int) -> Item | None:
    """Return the oldest issue that is the bot's and bears the marker on its first line."""
    own = [item for item in items if is_standing(item, marker, bot_id)]
    return min(own, key=lambda item: item.number, default=None)


def is_standing(item: Item, marker: str, bot_id: int) -> bool:
    """Tell whether an item is the bot's own issue of a marker."""
    first = item.body.replace("\r", "\n").partition("\n")[0].strip()
    return not item.pull_request and item.author.id == bot_id and first == marker


def read_standing(client: GitHubClient, marker: str, label: str, bot_id: int) -> Item | None:
    """Read the standing issue of a marker: the open one, else the one that was closed last.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
    """
    open_ones = client.issues_with(label, is_open=True)
    # Somebody may have taken the label off.
    found = find_standing(open_ones, marker, bot_id) or find_standing(
        client.open_items_before(sys.maxsize, pulls=False), marker, bot_id
    )
    if found is not None:
        return found
    closed = client.issues_with(label, is_open=False)
    return next((item for item in closed if is_standing(item, marker, bot_id)), None)


def standing_write(present: Item | None, wanted: StandingIssue) -> CreateIssue | UpdateIssue | None:
    """Return the one write that makes the issue what it should be, or None."""
    if present is None:
        if not wanted.open:
            return None
        return CreateIssue(title=wanted.title, body=wanted.render(""), label=wanted.label)
    if not present.open and not wanted.open:
        return None
    changes = {}
    body = wanted.render(present.body)
    if not same_text(present.body, body):
        changes["body"] = body
    if present.open and not wanted.open:
        changes |= {"state": "closed", "state_reason": "completed"}
    elif wanted.open and not present.open:
        changes["state"] = "open"
    return UpdateIssue(number=present.number, changes=changes) if changes else None


def settle_standing(
    client: GitHubClient,
    wanted: StandingIssue,
    *,
    bot_id: int,
    sleep: Callable[[float], None],
    tell: Callable[[CreateIssue | UpdateIssue], None],
    dry_run: bool = False,
) -> None:
    """Read the issue and write what differs; after a fault it is read again before a repetition.

    Raises:
        GitHubUnavailableError: it did not work out.
    """

    def make_difference() -> None:
        present = read_standing(client, wanted.marker, wanted.label, bot_id)
        write = standing_write(present, wanted)
        if write is None:
            return
        tell(write)
        if dry_run:
            return
        _write(client, write)
        if isinstance(write, UpdateIssue) and present is not None:
            _restore_overwritten(client, present, wanted, bot_id, tell)

    repeat(make_difference, sleep)


def _restore_overwritten(
    client: GitHubClient,
    present: Item,
    wanted: StandingIssue,
    bot_id: int,
    tell: Callable[[CreateIssue | UpdateIssue], None],
) -> None:
    """Write the text again where a person edited it between the bot's reading and its writing.

    GitHub has no conditional update of an issue, so a tick of that moment would be lost.
    """
    edits = client.text_edits(present.node)
    ours = next((i for i, edit in enumerate(edits) if edit.editor.id != bot_id), None)
    if not ours:
        return
    edit = edits[ours]
    read = present.edited
    if edit.body is None or same_text(edit.body, present.body) or (read and edit.edited < read):
        return
    body = wanted.render(edit.body)
    if not same_text(body, wanted.render(present.body)):
        write = UpdateIssue(number=present.number, changes={"body": body})
        tell(write)
        _write(client, write)


def _write(client: GitHubClient, write: CreateIssue | UpdateIssue) -> None:
    match write:
        case CreateIssue():
            client.issues.create(write.title, write.body, write.label)
        case UpdateIssue():
            client.issues.update(write.number, write.changes)
