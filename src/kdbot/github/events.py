"""Webhook events and commands in comments: what asks the bot for something, as values.

Only numbers, names and actions are read from an event; texts are read from the API, since an event
may be old. https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from kdbot.github.item import GHOST, Account, Comment, Item
from kdbot.model.errors import KdbotError

RECHECK = "/recheck"
COOLDOWN = timedelta(seconds=60)

_COMMAND = re.compile(r"/[a-z][a-z-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEvent:
    """Something happened to an issue or a pull request.

    Attributes:
        action: GitHub's word, such as `opened`.
        number: the item's number.
        sender: who did it.
        label: the label that was set or taken off, or None.
        pull_request: whether the item is a pull request.
        author: who opened the item.
    """

    action: str
    number: int
    sender: Account
    label: str | None = None
    pull_request: bool = False
    author: Account = GHOST


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEvent:
    """Somebody wrote a comment.

    Attributes:
        action: GitHub's word, such as `created`.
        number: number of the issue or pull request.
        comment: id of the comment.
        sender: who wrote it.
        pull_request: whether the item is a pull request.
    """

    action: str
    number: int
    comment: int
    sender: Account
    pull_request: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PushEvent:
    """Commits arrived on a branch, or a person asks to publish it by hand.

    Attributes:
        ref: full name of the branch, such as `refs/heads/main`.
        paths: files that the commits changed, as far as GitHub names them.
    """

    ref: str
    paths: frozenset[str] = frozenset()


Event: TypeAlias = ItemEvent | CommentEvent | PushEvent


def parse_event(name: str, payload: Any) -> Event | None:
    """Read an event.

    Args:
        name: value of `GITHUB_EVENT_NAME`.
        payload: the parsed JSON of `GITHUB_EVENT_PATH`.

    Returns:
        The event, or None for one that asks nothing of the bot.

    Raises:
        KdbotError: the payload is not what GitHub sends for such an event.
    """
    try:
        match name:
            case "issues":
                return _item(payload, "issue")
            case "pull_request" | "pull_request_target":
                return _item(payload, "pull_request")
            case "issue_comment":
                return _comment(payload)
            case "push" | "workflow_dispatch":
                return PushEvent(ref=_text(payload, "ref"), paths=_paths(payload))
            case _:
                return None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise KdbotError(
            f"the event `{name}` is not in GitHub's form: {error!r}", where="GITHUB_EVENT_PATH"
        ) from error


def parse_command(body: str) -> str | None:
    """Return the command of a comment, or None.

    It stands alone on the first line, at its start: not after a space, in a quotation, a code
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


def account(value: Mapping[str, Any] | None) -> Account:
    """Read a user object; an account that is gone is a ghost."""
    if not value:
        return GHOST
    return Account(
        login=str(value["login"]), id=int(value["id"]), bot=value.get("type", "User") == "Bot"
    )


def _item(payload: Any, key: str) -> ItemEvent:
    item = payload[key]
    label = payload.get("label")
    return ItemEvent(
        action=_text(payload, "action"),
        number=int(item["number"]),
        sender=account(payload.get("sender")),
        label=str(label["name"]) if label else None,
        pull_request=key == "pull_request" or "pull_request" in item,
        author=account(item.get("user")),
    )


def _comment(payload: Any) -> CommentEvent:
    return CommentEvent(
        action=_text(payload, "action"),
        number=int(payload["issue"]["number"]),
        comment=int(payload["comment"]["id"]),
        sender=account(payload.get("sender")),
        pull_request="pull_request" in payload["issue"],
    )


def _paths(payload: Any) -> frozenset[str]:
    return frozenset(
        str(path)
        for commit in payload.get("commits") or ()
        for kind in ("added", "modified", "removed")
        for path in commit.get(kind) or ()
    )


def _text(payload: Any, key: str) -> str:
    value = payload[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} is no text")
    return value
