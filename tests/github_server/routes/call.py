"""What a route gets, and how it registers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.github_server.http import Request, Response

if TYPE_CHECKING:
    from tests.github_server.scopes import Token
    from tests.github_server.state import Issue, User
    from tests.github_server.views.address import Address
    from tests.github_server.world_pulls import GitHubWorld


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One matched request: who calls, with what, on which world."""

    request: Request
    world: GitHubWorld
    token: Token
    at: Address
    parameters: Mapping[str, str]

    @property
    def actor(self) -> User:
        return self.token.actor

    @property
    def body(self) -> Any:
        return self.request.body if self.request.body is not None else {}

    @property
    def level(self) -> str:
        return "write" if self.request.is_write else "read"

    def number(self, name: str) -> int:
        """Read a numeric path parameter; GitHub answers 404 where it is none."""
        from tests.github_server.http import not_found

        text = self.parameters[name]
        if not text.isdigit():
            raise not_found()
        return int(text)

    def need(self, *scopes: str) -> None:
        """Refuse the call unless the token holds one of the scopes at the call's level."""
        self.token.demand(scopes, self.level)

    def need_item(self, issue: Issue) -> None:
        """Ask for the scope of an issue's or a pull request's conversation."""
        if self.level == "read":
            self.need("issues", "pull-requests")
        else:
            self.need("pull-requests" if issue.pull else "issues")

    def item(self, name: str = "issue_number") -> Issue:
        """Find the issue that the path names, if the token may see or change it."""
        issue = self.world.issue(self.number(name))
        self.need_item(issue)
        return issue


Route = Callable[[Call], Response]
ROUTES: dict[str, Route] = {}

_REPOSITORY = "/repos/{owner}/{repo}"


def route(method: str, path: str) -> Callable[[Route], Route]:
    """Register a route; a path that starts with a dot is below the repository."""
    full = _REPOSITORY + path[1:] if path.startswith(".") else path

    def register(function: Route) -> Route:
        ROUTES[f"{method} {full}"] = function
        return function

    return register
