"""Comments of issues and of pull requests' conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.github_server.http import ApiError, Response, not_found
from tests.github_server.pagination import cut
from tests.github_server.routes.call import Call, route
from tests.github_server.routes.issues import refuse_locked
from tests.github_server.views.issues import comment_view

if TYPE_CHECKING:
    from tests.github_server.state import Comment


def comment_of(call: Call) -> Comment:
    """Find the comment that the path names, if the token may see or change it."""
    comment = call.world.comments.get(call.number("comment_id"))
    if comment is None:
        raise not_found()
    call.need_item(call.world.issue(comment.issue))
    return comment


@route("GET", "./issues/{issue_number}/comments")
def list_comments(call: Call) -> Response:
    since = call.request.query.get("since", "")
    comments = [
        comment
        for comment in call.world.comments_of(call.item())
        if since <= comment.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    ]
    page, headers = cut(call.request, comments)
    return Response(body=[comment_view(call.at, call.world, c) for c in page], headers=headers)


@route("POST", "./issues/{issue_number}/comments")
def create_comment(call: Call) -> Response:
    issue = call.item()
    refuse_locked(call, issue, "comment")
    comment = call.world.comment(issue, call.actor, call.body["body"])
    return Response(status=201, body=comment_view(call.at, call.world, comment))


@route("GET", "./issues/comments/{comment_id}")
def get_comment(call: Call) -> Response:
    return Response(body=comment_view(call.at, call.world, comment_of(call)))


@route("PATCH", "./issues/comments/{comment_id}")
def update_comment(call: Call) -> Response:
    comment = comment_of(call)
    # An integration that may write issues may edit anybody's comment.
    stranger = not call.token.is_integration and call.world.role(call.actor) == "read"
    if stranger and comment.user is not call.actor:
        raise ApiError(403, "Must have admin rights to Repository.")
    call.world.edit_comment(comment, call.actor, call.body["body"])
    return Response(body=comment_view(call.at, call.world, comment))


@route("DELETE", "./issues/comments/{comment_id}")
def delete_comment(call: Call) -> Response:
    call.world.delete_comment(comment_of(call), call.actor)
    return Response(status=204)
