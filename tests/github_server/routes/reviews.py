"""Reviews of pull requests, with comments on lines of the diff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.github_server.diff import changed_files
from tests.github_server.http import Response, unprocessable
from tests.github_server.pagination import page_of
from tests.github_server.routes.call import Call, route
from tests.github_server.routes.pulls import pull_of
from tests.github_server.state import Review, ReviewComment
from tests.github_server.views.pulls import review_comment_view, review_view
from tests.github_server.world import check_body

if TYPE_CHECKING:
    from tests.github_server.state import Issue

# GitHub's own words: https://github.com/parkerbxyz/suggest-changes/issues/28
_REFUSED = "Unprocessable Entity"
_THREAD = "Pull request review thread"
_BLANK = f" and {_THREAD} diff hunk can't be blank"

_STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


@route("GET", "./pulls/{pull_number}/reviews")
def list_reviews(call: Call) -> Response:
    issue = pull_of(call)
    reviews = issue.pull.reviews if issue.pull else []
    return page_of(call.request, [review_view(call.at, call.world, issue, r) for r in reviews])


@route("POST", "./pulls/{pull_number}/reviews")
def create_review(call: Call) -> Response:
    issue, body, world = pull_of(call), call.body, call.world
    event, comments = body.get("event", "PENDING"), body.get("comments", [])
    text = body.get("body") or ""
    check_body("PullRequestReview", text, required=False)
    if event in ("REQUEST_CHANGES", "COMMENT") and not text.strip() and not comments:
        raise unprocessable("Unprocessable Entity")
    if event in ("REQUEST_CHANGES", "APPROVE") and issue.user is call.actor:
        raise unprocessable("Review Can not approve or request changes on your own pull request")
    commit_id = body.get("commit_id", world.head_sha(issue))
    if commit_id not in world.commits_of(issue):
        raise unprocessable("commit_id is not part of the pull request")
    review = Review(
        id=world.new_id(),
        user=call.actor,
        body=text,
        state=_STATES.get(event, "PENDING"),
        commit_id=commit_id,
        submitted_at=world.clock.now(),
    )
    placed = [_placed(call, issue, review, comment) for comment in comments]
    if issue.pull:
        issue.pull.reviews.append(review)
        issue.pull.review_comments += placed
    issue.updated_at = world.clock.now()
    return Response(body=review_view(call.at, world, issue, review))


def _placed(call: Call, issue: Issue, review: Review, comment: dict[str, Any]) -> ReviewComment:
    """Find the place of a comment in the diff, or refuse the whole review as GitHub does."""
    world, git = call.world, call.world.git
    check_body("PullRequestReviewComment", comment["body"])
    base = git.merge_base(world.base_sha(issue), review.commit_id) or world.base_sha(issue)
    changes = {change.path: change for change in changed_files(git, base, review.commit_id)}
    if comment["path"] not in changes:
        raise unprocessable(_REFUSED, "Path could not be resolved")
    positions = changes[comment["path"]].positions()
    side = comment.get("side", "RIGHT")
    if "position" in comment:
        lines = {place: key for key, place in positions.items()}
        side, line = lines.get(comment["position"], (side, 0))
    else:
        line = comment.get("line", 0)
    if (side, line) not in positions:
        raise unprocessable(_REFUSED, f"{_THREAD} line must be part of the diff{_BLANK}")
    start = comment.get("start_line")
    if start is not None:
        place = positions.get((comment.get("start_side", side), start), positions[side, line])
        hunks = changes[comment["path"]].hunk_starts()
        between = range(place + 1, positions[side, line] + 1)
        if not between or any(hunk in between for hunk in hunks):
            reason = "start line must be part of the same hunk as the line."
            raise unprocessable(_REFUSED, f"{_THREAD} {reason}")
    patch = changes[comment["path"]].patch or ""
    return ReviewComment(
        id=world.new_id(),
        review=review.id,
        user=call.actor,
        path=comment["path"],
        body=comment["body"],
        commit_id=review.commit_id,
        hunk="\n".join(patch.split("\n")[: positions[side, line] + 1]),
        position=positions[side, line],
        line=line,
        start_line=start,
        side=side,
        start_side=comment.get("start_side", side) if start is not None else None,
        created_at=world.clock.now(),
    )


@route("GET", "./pulls/{pull_number}/comments")
def list_review_comments(call: Call) -> Response:
    issue = pull_of(call)
    comments = issue.pull.review_comments if issue.pull else []
    views = [review_comment_view(call.at, call.world, issue, comment) for comment in comments]
    return page_of(call.request, views)


@route("GET", "./pulls/{pull_number}/reviews/{review_id}/comments")
def list_comments_of_review(call: Call) -> Response:
    issue, wanted = pull_of(call), call.number("review_id")
    comments = [c for c in (issue.pull.review_comments if issue.pull else []) if c.review == wanted]
    shown = []
    for comment in comments:
        view = review_comment_view(call.at, call.world, issue, comment)
        shown.append({name: value for name, value in view.items() if value is not None})
    return page_of(call.request, shown)
