"""Event payloads in the form that GitHub sends to workflows and webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.github_server.views.issues import comment_view, issue_view
from tests.github_server.views.people import label_view, repository_view, user_view

if TYPE_CHECKING:
    from tests.github_server.state import Issue, User
    from tests.github_server.views.address import Address
    from tests.github_server.world import World


def render_payload(
    at: Address, world: World, issue: Issue, action: str, actor: User, parts: dict[str, Any]
) -> dict[str, Any]:
    """Write the payload of an event about an issue or pull request."""
    out: dict[str, Any] = {"action": action}
    if issue.pull and "comment" not in parts:
        from tests.github_server.views.pulls import pull_view

        out |= {"number": issue.number, "pull_request": pull_view(at, world, issue)}
    else:
        out["issue"] = issue_view(at, world, issue)
    if "comment" in parts:
        out["comment"] = comment_view(at, world, parts["comment"])
    if "label" in parts:
        out["label"] = label_view(at, parts["label"])
    out |= {name: parts[name] for name in ("changes", "before", "after") if name in parts}
    out["repository"] = repository_view(at, world)
    out["sender"] = user_view(at, actor)
    return out
