"""Webhook events: what asks the bot for something, as values.

Only numbers, names and actions are read from an event; texts are read from the API, since an event
may be old. https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kdbot.github.item import GHOST, Account
from kdbot.model.errors import KdbotError


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened on GitHub; what its kind does not have is empty.

    Attributes:
        kind: what it happened to: an `issue`, a `pull_request`, a `comment` on either; a `push`
            is also a person who publishes a branch by hand.
        action: GitHub's name for it, such as `opened`.
        number: number of the issue or pull request.
        sender: who did it.
        author: who opened the item.
        label: the label that was set or removed, or None.
        comment: id of the comment.
        ref: full name of the branch that was pushed, such as `refs/heads/main`.
        before: the commit that was its tip before the push. Which files a push changed is not in
            the events that GitHub Actions gets.
            https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#push
    """

    kind: Literal["issue", "pull_request", "comment", "push"]
    action: str = ""
    number: int = 0
    sender: Account = GHOST
    author: Account = GHOST
    label: str | None = None
    comment: int = 0
    ref: str = ""
    before: str = ""


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
                return _item("issue", payload, payload["issue"])
            case "pull_request" | "pull_request_target":
                return _item("pull_request", payload, payload["pull_request"])
            case "issue_comment":
                return _item("comment", payload, payload["issue"], int(payload["comment"]["id"]))
            case "push" | "workflow_dispatch":
                before = str(payload.get("before") or "")
                return Event(kind="push", ref=_text(payload, "ref"), before=before)
            case _:
                return None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise KdbotError(
            f"the event `{name}` is not in GitHub's form: {error!r}", where="GITHUB_EVENT_PATH"
        ) from error


def _account(value: Mapping[str, Any] | None) -> Account:
    """Read a user object; an account that is gone is a ghost."""
    if not value:
        return GHOST
    return Account(
        login=str(value["login"]), id=int(value["id"]), bot=value.get("type", "User") == "Bot"
    )


def _item(
    kind: Literal["issue", "pull_request", "comment"], payload: Any, item: Any, comment: int = 0
) -> Event:
    label = payload.get("label")
    return Event(
        kind=kind,
        action=_text(payload, "action"),
        number=int(item["number"]),
        sender=_account(payload.get("sender")),
        author=_account(item.get("user")),
        label=str(label["name"]) if label else None,
        comment=comment,
    )


def _text(payload: Any, key: str) -> str:
    value = payload[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} is no text")
    return value
