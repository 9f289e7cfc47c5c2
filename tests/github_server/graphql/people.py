"""Accounts in GraphQL. A bot's login has no `[bot]` here; a deleted account is null."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.github_server.clock import timestamp
from tests.github_server.views.address import HTML, node_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.github_server.graphql.asking import Resolver


_ACCOUNT: Mapping[str, Resolver] = {
    "databaseId": lambda user, _: user.id,
    "id": lambda user, _: node_id(user.kind, user.id),
    "login": lambda user, _: user.login.removesuffix("[bot]"),
    "url": lambda user, _: (
        f"{HTML}/{'apps/' if user.kind == 'Bot' else ''}{user.login.removesuffix('[bot]')}"
    ),
}

USERS: Mapping[str, Mapping[str, Resolver]] = {
    # An installation is its own viewer, under the login that REST knows.
    "User": {
        **_ACCOUNT,
        "createdAt": lambda user, _: timestamp(user.created_at),
        "login": lambda user, _: user.login,
    },
    "Bot": _ACCOUNT,
    "Organization": _ACCOUNT,
}
