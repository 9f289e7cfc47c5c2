"""The one loop that brings an item, or a tracking issue, to its desired state.

Read, decide, write the difference. A write that meets a fault may have taken effect, so nothing is
repeated blindly: the state is read again and the difference computed again, at most three times.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kdbot.github.client import GitHubClient
from kdbot.github.errors import ForbiddenError
from kdbot.github.item import Item
from kdbot.github.writes import (
    Desired,
    Write,
    create_issue,
    difference,
    duplicated_comments,
    same_text,
    update_issue,
)

_FAULT_WAIT = 2.0  # seconds before the state is read again after a fault of the server
_MANY = 5
_PAUSE = 1.0  # seconds between writes that are many; GitHub asks for it


Decide: TypeAlias = Callable[[Item], Desired | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingIssue:
    """What a tracking issue should be: one of a kind, open as long as there is something to do.

    Attributes:
        marker: the first line of its text.
        label: a label that it has from the start; a closed one is found by it.
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
class Reconciler:
    """Makes the writes of one run, serially.

    Attributes:
        client: the repository.
        log: hears of each write before it is made, with the number of its item.
        warn: hears what could not be done and stops nothing.
        dry_run: whether to make no write at all.
    """

    client: GitHubClient
    log: Callable[[int, Write], None] = lambda _number, _write: None
    warn: Callable[[str], None] = lambda _text: None
    dry_run: bool = False

    def item(self, number: int, decide: Desired | Decide, known: Item | None = None) -> None:
        """Bring an issue or a pull request to a state; one that is locked is left alone.

        Another run may write the same comment at the same moment, so after a new one the comments
        are read again, and of two that are the same the younger goes.

        Args:
            number: which it is.
            decide: the state, or what makes it of the present one; None where that is left alone.
            known: the item as it was read a while ago; where nothing is to be written by it, it is
                not read again.

        Raises:
            GitHubUnavailableError: it did not work out, or GitHub asks for too long a wait.
            ItemGoneError: the item is not there.
        """

        def writes_for(item: Item) -> tuple[Write, ...]:
            wanted = decide if isinstance(decide, Desired) else decide(item)
            # A duplicate comment of another run is also removed from an item without other changes.
            if wanted is None or item.locked:
                wanted = Desired()
            return difference(item, wanted)

        def make_difference() -> None:
            writes = writes_for(self.client.item(number))
            self._make(number, writes)
            if not self.dry_run and any(write.kind == "CreateComment" for write in writes):
                self._make(number, duplicated_comments(self.client.item(number)))

        if known is None or writes_for(known):
            self.client.retry(make_difference, _FAULT_WAIT)

    def tracking_issue(self, wanted: TrackingIssue) -> None:
        """Open, rewrite or close a tracking issue.

        Raises:
            GitHubUnavailableError: it did not work out.
        """

        def make_difference() -> None:
            present = read_tracking_issue(self.client, wanted.marker, wanted.label)
            writes = _tracking_writes(present, wanted)
            self._make(present.number if present else 0, writes)
            if writes and present is not None and not self.dry_run:
                self._make(present.number, self._overwritten(present, wanted))

        self.client.retry(make_difference, _FAULT_WAIT)

    def _overwritten(self, present: Item, wanted: TrackingIssue) -> tuple[Write, ...]:
        """Return the text again where a person edited it between the bot's reading and writing.

        GitHub has no conditional update of an issue, so a tick of that moment would be lost.
        """
        edits = self.client.text_edits(present.node)
        ours = next((i for i, edit in enumerate(edits) if edit.editor.id != present.bot), None)
        if not ours:
            return ()
        edit, read = edits[ours], present.edited
        if edit.body is None or same_text(edit.body, present.body) or (read and edit.edited < read):
            return ()
        body = wanted.render(edit.body)
        if same_text(body, wanted.render(present.body)):
            return ()
        return (update_issue(present.number, {"body": body}),)

    def _make(self, number: int, writes: Sequence[Write]) -> None:
        for index, write in enumerate(writes):
            self.log(number, write)
            if self.dry_run:
                continue
            if index and len(writes) >= _MANY:
                self.client.sleep(_PAUSE)
            try:
                self.client.write(number, write)
            except ForbiddenError as error:
                # A job that may not write issues cannot create a label that the list lacks. The
                # sweep creates it and sets it; what else there is to say does not wait for that.
                if write.kind != "AddLabels":
                    raise
                self.warn(f"#{number}: {error}")


def is_tracking_issue(item: Item, marker: str) -> bool:
    """Tell whether an item is the bot's own issue of a marker; anybody can write a marker."""
    first = item.body.replace("\r", "\n").partition("\n")[0].strip()
    return not item.pull_request and item.author.id == item.bot and first == marker


def read_tracking_issue(client: GitHubClient, marker: str, label: str) -> Item | None:
    """Read the tracking issue of a marker: the oldest open one, else the one that was closed last.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
    """

    def own(items: Iterable[Item]) -> list[Item]:
        return [item for item in items if is_tracking_issue(item, marker)]

    # Somebody may have taken the label off.
    found = own(client.issues_with(label, is_open=True)) or own(
        client.open_items_before(sys.maxsize, pulls=False)
    )
    if found:
        return min(found, key=lambda item: item.number)
    return next(iter(own(client.issues_with(label, is_open=False))), None)


def _tracking_writes(present: Item | None, wanted: TrackingIssue) -> tuple[Write, ...]:
    """Return the one write that makes the issue what it should be, or none."""
    is_open = present is not None and present.open
    if not is_open and not wanted.open:
        return ()
    if present is None:
        return (create_issue(wanted.title, wanted.render(""), wanted.label),)
    changes = {}
    body = wanted.render(present.body)
    if not same_text(present.body, body):
        changes["body"] = body
    if is_open and not wanted.open:
        changes |= {"state": "closed", "state_reason": "completed"}
    elif wanted.open and not is_open:
        changes["state"] = "open"
    return (update_issue(present.number, changes),) if changes else ()
