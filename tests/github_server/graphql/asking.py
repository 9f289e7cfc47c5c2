"""What a resolver is asked, and how lists become connections."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql import GraphQLResolveInfo

    from tests.github_server.scopes import Token
    from tests.github_server.views.address import Address
    from tests.github_server.world_pulls import GitHubWorld

MAX_FIRST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Whom a query is answered for, and what the quota says of it."""

    world: GitHubWorld
    token: Token
    at: Address
    rate: Mapping[str, Any]
    complaints: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One field that is to be resolved."""

    context: Context
    info: GraphQLResolveInfo
    args: Mapping[str, Any]

    @property
    def world(self) -> GitHubWorld:
        return self.context.world

    @property
    def at(self) -> Address:
        return self.context.at

    def need(self, *scopes: str) -> None:
        """Refuse the field unless the token may read one of these scopes."""
        if not any(self.context.token.allows(scope, "read") for scope in scopes):
            raise failure("FORBIDDEN", "Resource not accessible by integration")

    def refuse(self, kind: str, message: str) -> GraphQLError:
        """Build an error that a query of ours must never meet."""
        self.context.complaints.append(f"graphql: {message}")
        return failure(kind, message)


Resolver = Callable[[Any, Ask], Any]


def failure(kind: str, message: str) -> GraphQLError:
    """Build an error with GitHub's `type`."""
    return GraphQLError(message, extensions={"type": kind})


def _cursor(key: Iterable[Any]) -> str:
    return base64.b64encode(b"cursor:v2:" + json.dumps(list(key)).encode()).decode()


def _key(ask: Ask, name: str) -> list[Any] | None:
    """Read where a cursor stands: the sort key of its item, whether that is still there or not."""
    text = ask.args.get(name)
    if text is None:
        return None
    try:
        raw = base64.b64decode(text, validate=True).removeprefix(b"cursor:v2:")
        return list(json.loads(raw))
    except (binascii.Error, ValueError) as error:
        message = f"`{text}` does not appear to be a valid cursor."
        raise ask.refuse("INVALID_CURSOR_ARGUMENTS", message) from error


def connection(
    ask: Ask,
    items: Iterable[Any],
    key: Callable[[Any], tuple[Any, ...]],
    *,
    descending: bool = False,
) -> dict[str, Any]:
    """Give the page of a list that `first`, `last`, `after` and `before` ask for.

    Args:
        ask: the field.
        items: all of the list, in any order.
        key: what the list is sorted by: JSON values, no two alike.
        descending: whether the greatest comes first.
    """
    every = sorted(((list(key(item)), item) for item in items), key=lambda pair: pair[0])
    if descending:
        every.reverse()
    after, before = _key(ask, "after"), _key(ask, "before")
    within = [
        pair
        for pair in every
        if (after is None or (pair[0] < after if descending else pair[0] > after))
        and (before is None or (pair[0] > before if descending else pair[0] < before))
    ]
    size = _size(ask)
    if size is None:
        return _unbounded(ask, len(every))
    name, count = size
    shown = within[:count] if name == "first" else within[max(0, len(within) - count) :]
    cut = len(shown) < len(within)
    return {
        "totalCount": len(every),
        "nodes": [item for _, item in shown],
        "edges": [{"cursor": _cursor(place), "node": item} for place, item in shown],
        "pageInfo": {
            "startCursor": _cursor(shown[0][0]) if shown else None,
            "endCursor": _cursor(shown[-1][0]) if shown else None,
            "hasNextPage": cut if name == "first" else before is not None,
            "hasPreviousPage": cut if name == "last" else after is not None,
        },
    }


def _size(ask: Ask) -> tuple[str, int] | None:
    """Read `first` or `last`; GitHub gives at most a hundred."""
    name = ask.info.field_name
    for bound in ("first", "last"):
        count = ask.args.get(bound)
        if count is None:
            continue
        if count < 0:
            message = f"`{bound}` on the `{name}` connection cannot be less than zero."
            raise ask.refuse("ARGUMENT_LIMIT", message)
        if count > MAX_FIRST:
            message = (
                f"Requesting {count} records on the `{name}` connection exceeds the `{bound}` "
                f"limit of {MAX_FIRST} records."
            )
            raise ask.refuse("EXCESSIVE_PAGINATION", message)
        return bound, count
    return None


def _unbounded(ask: Ask, total: int) -> dict[str, Any]:
    """Give what may be asked of a connection without bounds: how long it is."""

    def missing(_info: GraphQLResolveInfo) -> None:
        message = (
            "You must provide a `first` or `last` value to properly paginate the "
            f"`{ask.info.field_name}` connection."
        )
        raise ask.refuse("MISSING_PAGINATION_BOUNDARIES", message)

    return {"totalCount": total, **dict.fromkeys(("nodes", "edges", "pageInfo"), missing)}
