"""Issues and their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.github_server.http import ApiError, Response, invalid
from tests.github_server.pagination import cut, page_of
from tests.github_server.routes.call import Call, route
from tests.github_server.routes.labels import label_names, replace_labels
from tests.github_server.views.issues import (
    event_view,
    full_issue_view,
    issue_view,
    timeline_comment_view,
)

if TYPE_CHECKING:
    from tests.github_server.state import Issue

_IN_TIMELINE_ALONE = {"head_ref_force_pushed"}


def _listed(call: Call) -> list[Issue]:
    query, world = call.request.query, call.world
    state = query.get("state", "open")
    wanted = [name.lower() for name in query.get("labels", "").split(",") if name]
    creator = query.get("creator")
    found = [
        issue
        for issue in world.issues.values()
        if issue.gone is None
        and issue.is_listed(world.requests, world.clock.now())
        and state in ("all", issue.state)
        and set(wanted) <= {label.name.lower() for label in issue.labels}
        and (creator is None or (issue.user and issue.user.login.lower() == creator.lower()))
        and query.get("since", "") <= issue.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    ]
    key = "updated_at" if query.get("sort") == "updated" else "created_at"
    return sorted(
        found,
        key=lambda issue: (getattr(issue, key), issue.number),
        reverse=query.get("direction", "desc") == "desc",
    )


@route("GET", "./issues")
def list_issues(call: Call) -> Response:
    call.need("issues", "pull-requests")
    page, headers = cut(call.request, _listed(call))
    return Response(body=[issue_view(call.at, call.world, i) for i in page], headers=headers)


@route("POST", "./issues")
def create_issue(call: Call) -> Response:
    call.need("issues")
    title = call.body.get("title")
    if not isinstance(title, str) or not title.strip():
        raise invalid("Issue", "title", "missing_field")
    issue = call.world.open_issue(call.actor, title, call.body.get("body"))
    names = [
        item if isinstance(item, str) else item["name"] for item in call.body.get("labels", [])
    ]
    call.world.add_labels(issue, names, call.actor)
    return Response(status=201, body=full_issue_view(call.at, call.world, issue))


@route("GET", "./issues/{issue_number}")
def get_issue(call: Call) -> Response:
    return Response(body=full_issue_view(call.at, call.world, call.item()))


@route("PATCH", "./issues/{issue_number}")
def update_issue(call: Call) -> Response:
    issue, world, body = call.item(), call.world, call.body
    apply_edit(call, issue, body)
    if "labels" in body:
        replace_labels(call, issue, label_names({"labels": body["labels"]}))
    return Response(body=full_issue_view(call.at, world, issue))


def apply_edit(call: Call, issue: Issue, body: dict[str, Any]) -> None:
    """Change title, body and state as a PATCH of an issue or pull request asks."""
    world = call.world
    if "title" in body or "body" in body:
        text = body["body"] or "" if "body" in body else None
        world.edit_issue(issue, call.actor, title=body.get("title"), body=text)
    if body.get("state") == "closed":
        world.close(issue, call.actor, body.get("state_reason") or "completed")
    elif body.get("state") == "open":
        if issue.pull and issue.pull.merged_at:
            raise invalid("PullRequest", "state", "invalid", "merged pull requests stay closed")
        world.reopen(issue, call.actor)


@route("GET", "./issues/{issue_number}/events")
def list_events(call: Call) -> Response:
    events = [e for e in call.item().events if e.event not in _IN_TIMELINE_ALONE]
    page, headers = cut(call.request, events)
    return Response(body=[event_view(call.at, event) for event in page], headers=headers)


@route("GET", "./issues/{issue_number}/timeline")
def list_timeline(call: Call) -> Response:
    issue, at, world = call.item(), call.at, call.world
    entries = [(e.created_at, e.id, event_view(at, e)) for e in issue.events]
    entries += [
        (c.created_at, c.id, timeline_comment_view(at, world, c)) for c in world.comments_of(issue)
    ]
    return page_of(call.request, [entry for _, _, entry in sorted(entries, key=lambda e: e[:2])])


@route("PUT", "./issues/{issue_number}/lock")
def lock_issue(call: Call) -> Response:
    call.world.lock(call.item(), call.actor, call.body.get("lock_reason"))
    return Response(status=204)


@route("DELETE", "./issues/{issue_number}/lock")
def unlock_issue(call: Call) -> Response:
    call.world.unlock(call.item(), call.actor)
    return Response(status=204)


def refuse_locked(call: Call, issue: Issue, what: str) -> None:
    """Refuse a new comment or reaction of an integration in a locked conversation."""
    if issue.locked and call.token.is_integration:
        raise ApiError(403, f"Unable to create {what} because issue is locked.")
