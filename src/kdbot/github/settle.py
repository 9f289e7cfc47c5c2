"""Bring an item to its desired state, through faults."""

from collections.abc import Callable

from kdbot.github.asking import MAX_WAIT
from kdbot.github.client import GitHubClient
from kdbot.github.errors import GitHubUnavailableError
from kdbot.github.item import Item
from kdbot.github.reconcile import Desired, Write, difference

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
) -> Item:
    """Read the item, decide, and write the difference, serially.

    A write that meets a fault may have taken effect, so nothing is repeated blindly: the item is
    read again and the difference computed anew, at most three times.

    Args:
        client: where the item is.
        number: which it is.
        decide: present state to desired state; None for an item that the bot leaves alone.
        bot_id: the bot's user id.
        sleep: waits for so many seconds.
        tell: hears of each write before it is made.
        dry_run: whether to make no write at all.

    Returns:
        The item as it was before the last round's writes.

    Raises:
        GitHubUnavailableError: it did not work out, or GitHub asks for too long a wait.
        ItemGoneError: the item is not there.
    """
    for attempt in range(1, _ROUNDS + 1):
        try:
            present = client.item(number)
            desired = decide(present)
            writes = () if desired is None else difference(present, desired, bot_id)
            for index, write in enumerate(writes):
                tell(write)
                if dry_run:
                    continue
                if index and len(writes) >= _MANY:
                    sleep(_PAUSE)
                client.write(number, write)
        except GitHubUnavailableError as error:
            wait = _FAULT_WAIT * attempt if error.wait is None else error.wait
            if attempt == _ROUNDS or wait > MAX_WAIT:
                raise
            sleep(wait)
        else:
            return present
    raise AssertionError("unreachable: the last round returns or raises")
