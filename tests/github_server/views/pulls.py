"""JSON forms of pull requests and their reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.github_server.clock import timestamp
from tests.github_server.views.address import Address, node_id
from tests.github_server.views.issues import moment
from tests.github_server.views.people import association, label_view, repository_view, user_view

if TYPE_CHECKING:
    from tests.github_server.state import Issue, Pull, Review, ReviewComment
    from tests.github_server.world_pulls import GitHubWorld


def _links(**addresses: str) -> dict[str, Any]:
    return {name: {"href": href} for name, href in addresses.items()}


def _side(
    at: Address, world: GitHubWorld, *, owner: Any, repository: str | None, ref: str, sha: str
) -> dict[str, Any]:
    login = owner.login if owner else "unknown repository"
    where = Address(base=at.base, full_name=repository) if repository else None
    return {
        "label": f"{login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user_view(at, owner),
        "repo": repository_view(where, world) if where else None,
    }


def simple_pull_view(at: Address, world: GitHubWorld, issue: Issue) -> dict[str, Any]:
    """Write a pull request as a list shows it."""
    pull = _pull(issue)
    url, html = f"{at.api}/pulls/{issue.number}", f"{at.html}/pull/{issue.number}"
    issue_url, head = f"{at.api}/issues/{issue.number}", world.head_sha(issue)
    review_comment = f"{at.api}/pulls/comments{{/number}}"
    return {
        "url": url,
        "id": pull.id,
        "node_id": node_id("PullRequest", pull.id),
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "issue_url": issue_url,
        "commits_url": f"{url}/commits",
        "review_comments_url": f"{url}/comments",
        "review_comment_url": review_comment,
        "comments_url": f"{issue_url}/comments",
        "statuses_url": f"{at.api}/statuses/{head}",
        "number": issue.number,
        "state": issue.state,
        "locked": issue.locked,
        "title": issue.title,
        "user": user_view(at, issue.user),
        "body": issue.body,
        "labels": [label_view(at, label) for label in issue.labels],
        "milestone": None,
        "active_lock_reason": issue.lock_reason,
        "created_at": timestamp(issue.created_at),
        "updated_at": timestamp(issue.updated_at),
        "closed_at": moment(issue.closed_at),
        "merged_at": moment(pull.merged_at),
        "merge_commit_sha": pull.merge_commit_sha,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "head": _side(
            at, world, owner=pull.head_owner, repository=pull.fork, ref=pull.head_ref, sha=head
        ),
        "base": _side(
            at,
            world,
            owner=world.owner,
            repository=world.full_name,
            ref=pull.base_ref,
            sha=world.base_sha(issue),
        ),
        "_links": _links(
            self=url,
            html=html,
            issue=issue_url,
            comments=f"{issue_url}/comments",
            review_comments=f"{url}/comments",
            review_comment=review_comment,
            commits=f"{url}/commits",
            statuses=f"{at.api}/statuses/{head}",
        ),
        "author_association": association(world, issue.user),
        "auto_merge": None,
        "draft": pull.draft,
    }


def pull_view(at: Address, world: GitHubWorld, issue: Issue) -> dict[str, Any]:
    """Write a pull request by itself, with its counts."""
    pull, files = _pull(issue), world.files_of(issue)
    merged = pull.merged_at is not None
    return {
        **simple_pull_view(at, world, issue),
        "merged": merged,
        "mergeable": None if merged else True,
        "rebaseable": None if merged else True,
        "mergeable_state": "unknown" if merged else "clean",
        "merged_by": user_view(at, pull.merged_by),
        "comments": len(world.comments_of(issue)),
        "review_comments": len(pull.review_comments),
        "maintainer_can_modify": pull.fork not in (None, world.full_name),
        "commits": len(world.commits_of(issue)),
        "additions": sum(change.additions for change in files),
        "deletions": sum(change.deletions for change in files),
        "changed_files": len(files),
    }


def review_view(at: Address, world: GitHubWorld, issue: Issue, review: Review) -> dict[str, Any]:
    html = f"{at.html}/pull/{issue.number}#pullrequestreview-{review.id}"
    url = f"{at.api}/pulls/{issue.number}"
    return {
        "id": review.id,
        "node_id": node_id("PullRequestReview", review.id),
        "user": user_view(at, review.user),
        "body": review.body,
        "state": review.state,
        "html_url": html,
        "pull_request_url": url,
        "author_association": association(world, review.user),
        "_links": _links(html=html, pull_request=url),
        "submitted_at": timestamp(review.submitted_at),
        "commit_id": review.commit_id,
    }


def review_comment_view(
    at: Address, world: GitHubWorld, issue: Issue, comment: ReviewComment
) -> dict[str, Any]:
    """Write a review's comment; one whose lines changed since has no line any more."""
    url, html = f"{at.api}/pulls/comments/{comment.id}", f"{at.html}/pull/{issue.number}"
    pull_url = f"{at.api}/pulls/{issue.number}"
    outdated = comment.commit_id != world.head_sha(issue) and world.git.ref(
        f"{comment.commit_id}:{comment.path}"
    ) != world.git.ref(f"{world.head_sha(issue)}:{comment.path}")
    return {
        "url": url,
        "pull_request_review_id": comment.review,
        "id": comment.id,
        "node_id": node_id("PullRequestReviewComment", comment.id),
        "diff_hunk": comment.hunk,
        "path": comment.path,
        "commit_id": comment.commit_id,
        "original_commit_id": comment.commit_id,
        "user": user_view(at, comment.user),
        "body": comment.body,
        "created_at": timestamp(comment.created_at),
        "updated_at": timestamp(comment.created_at),
        "html_url": f"{html}#discussion_r{comment.id}",
        "pull_request_url": pull_url,
        "author_association": association(world, comment.user),
        "_links": _links(self=url, html=f"{html}#discussion_r{comment.id}", pull_request=pull_url),
        "start_line": None if outdated else comment.start_line,
        "original_start_line": comment.start_line,
        "start_side": comment.start_side,
        "line": None if outdated else comment.line,
        "original_line": comment.line,
        "side": comment.side,
        "position": None if outdated else comment.position,
        "original_position": comment.position,
        "subject_type": "line",
    }


def _pull(issue: Issue) -> Pull:
    if issue.pull is None:
        raise ValueError(f"#{issue.number} is no pull request")
    return issue.pull
