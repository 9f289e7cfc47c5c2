"""JSON forms of issues, their comments and their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.github_server.clock import timestamp
from tests.github_server.views.address import Address, node_id
from tests.github_server.views.people import association, label_view, reaction_counts, user_view

if TYPE_CHECKING:
    from datetime import datetime

    from tests.github_server.state import Comment, Issue, IssueEvent
    from tests.github_server.world_issues import IssueWorld


def moment(value: datetime | None) -> str | None:
    return timestamp(value) if value else None


def issue_view(at: Address, world: IssueWorld, issue: Issue) -> dict[str, Any]:
    """Write an issue, or a pull request as the issues API shows it."""
    url = f"{at.api}/issues/{issue.number}"
    html = f"{at.html}/{'pull' if issue.pull else 'issues'}/{issue.number}"
    out: dict[str, Any] = {
        "url": url,
        "repository_url": at.api,
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": html,
        "id": issue.id,
        "node_id": (
            node_id("PullRequest", issue.pull.id) if issue.pull else node_id("Issue", issue.id)
        ),
        "number": issue.number,
        "title": issue.title,
        "user": user_view(at, issue.user),
        "labels": [label_view(at, label) for label in issue.labels],
        "state": issue.state,
        "state_reason": issue.state_reason,
        "locked": issue.locked,
        "active_lock_reason": issue.lock_reason,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": len(world.comments_of(issue)),
        "created_at": timestamp(issue.created_at),
        "updated_at": timestamp(issue.updated_at),
        "closed_at": moment(issue.closed_at),
        "author_association": association(world, issue.user),
        "body": issue.body,
        "reactions": reaction_counts(url, issue.reactions),
        "performed_via_github_app": None,
    }
    if issue.pull:
        out["draft"] = issue.pull.draft
        out["pull_request"] = {
            "url": f"{at.api}/pulls/{issue.number}",
            "html_url": html,
            "diff_url": f"{html}.diff",
            "patch_url": f"{html}.patch",
            "merged_at": moment(issue.pull.merged_at),
        }
    return out


def full_issue_view(at: Address, world: IssueWorld, issue: Issue) -> dict[str, Any]:
    """Write what `GET …/issues/{issue_number}` tells beyond a list's entry."""
    return {**issue_view(at, world, issue), "closed_by": user_view(at, issue.closed_by)}


def comment_view(at: Address, world: IssueWorld, comment: Comment) -> dict[str, Any]:
    issue = world.issues[comment.issue]
    url = f"{at.api}/issues/comments/{comment.id}"
    kind = "pull" if issue.pull else "issues"
    return {
        "url": url,
        "html_url": f"{at.html}/{kind}/{issue.number}#issuecomment-{comment.id}",
        "issue_url": f"{at.api}/issues/{issue.number}",
        "id": comment.id,
        "node_id": node_id("IssueComment", comment.id),
        "user": user_view(at, comment.user),
        "created_at": timestamp(comment.created_at),
        "updated_at": timestamp(comment.updated_at),
        "author_association": association(world, comment.user),
        "body": comment.body,
        "reactions": reaction_counts(url, comment.reactions),
        "performed_via_github_app": None,
    }


def event_view(at: Address, event: IssueEvent) -> dict[str, Any]:
    commit_url = f"{at.api}/commits/{event.commit_id}" if event.commit_id else None
    return {
        "id": event.id,
        "node_id": node_id("Event", event.id),
        "url": f"{at.api}/issues/events/{event.id}",
        "actor": user_view(at, event.actor),
        "event": event.event,
        "commit_id": event.commit_id,
        "commit_url": commit_url,
        "created_at": timestamp(event.created_at),
        "performed_via_github_app": None,
        **event.details,
    }


def timeline_comment_view(at: Address, world: IssueWorld, comment: Comment) -> dict[str, Any]:
    """Write a comment as an entry of the timeline."""
    author = user_view(at, comment.user or world.user("ghost"))
    view = comment_view(at, world, comment)
    return {**view, "event": "commented", "user": author, "actor": author}
