"""Bring an item to its desired state, through faults and beside other runs."""

from collections.abc import Callable, Sequence

from kdbot.github.asking import MAX_WAIT
from kdbot.github.client import GitHubClient
from kdbot.github.errors import ForbiddenError, GitHubUnavailableError
from kdbot.github.item import Item
from kdbot.github.reconcile import (
    AddLabels,
    CreateComment,
    Desired,
    Write,
    difference,
    doubled_comments,
)

_ROUNDS = 3
_FAULT_WAIT = 2.0  # seconds before the state is read again after a fault of the server
_MANY = 5
_PAUSE = 1.0  # seconds between writes that are many; GitHub asks for it


def settle(
    client: GitHubClient,
    number: int,
    decide: Callable[[Item], Desired | None],
    *,
    bot_id: int,
    sleep: Callable[[float], None],
    tell: Callable[[Write], None],
    dry_run: bool = False,
    known: Item | None = None,
    say: Callable[[str], None] = lambda _text: None,
) -> None:
    """Read the item, decide, and write the difference, serially.

    A write that meets a fault may have taken effect, so nothing is repeated blindly: the item is
    read again and the difference computed again, at most three times. Another run may write the
    same comment at the same moment, so after a new one the comments are read again, and of two
    that are the same the younger goes.

    Args:
        client: where the item is.
        number: which it is.
        decide: present state to desired state; None for an item that the bot leaves alone.
        bot_id: the bot's user id.
        sleep: waits for so many seconds.
        tell: hears of each write before it is made.
        dry_run: whether to make no write at all.
        known: the item as it was read a while ago; where nothing is to be written by it, it is not
            read again.
        say: hears what could not be done and stops nothing.

    Raises:
        GitHubUnavailableError: it did not work out, or GitHub asks for too long a wait.
        ItemGoneError: the item is not there.
    """

    def writes_for(item: Item) -> tuple[Write, ...]:
        return difference(item, decide(item) or Desired(), bot_id)

    def make_all(writes: Sequence[Write]) -> None:
        for index, write in enumerate(writes):
            tell(write)
            if dry_run:
                continue
            if index and len(writes) >= _MANY:
                sleep(_PAUSE)
            _make(client, number, write, say)

    def make_difference() -> None:
        writes = writes_for(client.item(number))
        make_all(writes)
        if not dry_run and any(isinstance(write, CreateComment) for write in writes):
            make_all(doubled_comments(client.item(number), bot_id))

    if known is None or writes_for(known):
        repeat(make_difference, sleep)


def _make(client: GitHubClient, number: int, write: Write, say: Callable[[str], None]) -> None:
    try:
        client.write(number, write)
    except ForbiddenError as error:
        # A job that may not write issues cannot create a label that the list lacks. The sweep
        # creates it and sets it; what else there is to say does not wait for that.
        if not isinstance(write, AddLabels):
            raise
        say(f"#{number}: {error}")


def repeat(do: Callable[[], None], sleep: Callable[[float], None]) -> None:
    """Do something, and after a fault of GitHub's again, at most three times.

    Args:
        do: reads the present state before it writes.
        sleep: waits for so many seconds.

    Raises:
        GitHubUnavailableError: it did not work out, or GitHub asks for too long a wait.
    """
    for attempt in range(1, _ROUNDS + 1):
        try:
            do()
        except GitHubUnavailableError as error:
            wait = _FAULT_WAIT * attempt if error.wait is None else error.wait
            if attempt == _ROUNDS or wait > MAX_WAIT:
                raise
            sleep(wait)
        else:
            return
