"""Commands in comments: one word, alone on the first line."""

import re
from datetime import datetime, timedelta

from kdbot.github.item import Comment, Item

RECHECK = "/recheck"
COOLDOWN = timedelta(seconds=60)

_COMMAND = re.compile(r"/[a-z][a-z-]*")


def parse_command(body: str) -> str | None:
    """Return the command of a comment, or None.

    It stands alone on the first line, at its start: not behind a blank, in a quotation, a code
    span, a fence or an HTML comment, all of which start with something else.
    """
    first = body.replace("\r\n", "\n").partition("\n")[0].rstrip()
    return first if _COMMAND.fullmatch(first) else None


def is_too_soon(item: Item, comment: Comment, now: datetime) -> bool:
    """Tell whether another command was given to the item within the cooldown before this one."""
    earlier = (
        other
        for other in item.comments
        if other.id < comment.id and parse_command(other.body) == RECHECK and not other.author.bot
    )
    return any(now - other.created < COOLDOWN for other in earlier)
