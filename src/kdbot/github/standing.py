"""Standing issues: one of a kind, open as long as there is something to do.

An issue is known by its author's id and the marker on its first line; anybody can write a marker.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kdbot.github.asking import MAX_WAIT
from kdbot.github.client import GitHubClient
from kdbot.github.errors import GitHubUnavailableError
from kdbot.github.item import Item
from kdbot.github.reconcile import same_text

_ROUNDS = 3
_FAULT_WAIT = 2.0


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
    found = find_standing(client.open_items(), marker, bot_id)
    if found is not None:
        return found
    closed = client.issues.closed_with(label)
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
    for attempt in range(1, _ROUNDS + 1):
        try:
            present = read_standing(client, wanted.marker, wanted.label, bot_id)
            write = standing_write(present, wanted)
            if write is not None:
                tell(write)
                if not dry_run:
                    _write(client, write)
        except GitHubUnavailableError as error:
            wait = _FAULT_WAIT * attempt if error.wait is None else error.wait
            if attempt == _ROUNDS or wait > MAX_WAIT:
                raise
            sleep(wait)
        else:
            return


def _write(client: GitHubClient, write: CreateIssue | UpdateIssue) -> None:
    match write:
        case CreateIssue():
            client.issues.create(write.title, write.body, write.label)
        case UpdateIssue():
            client.issues.update(write.number, write.changes)
