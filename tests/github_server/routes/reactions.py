"""Reactions to issues and to comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.github_server.http import Response, not_found
from tests.github_server.pagination import page_of
from tests.github_server.routes.call import Call, route
from tests.github_server.routes.comments import comment_of
from tests.github_server.routes.issues import refuse_locked
from tests.github_server.views.people import reaction_view

if TYPE_CHECKING:
    from tests.github_server.state import Comment, Issue


def _list(call: Call, target: Issue | Comment) -> Response:
    wanted = call.request.query.get("content")
    found = [r for r in target.reactions if wanted in (None, r.content)]
    return page_of(call.request, [reaction_view(call.at, reaction) for reaction in found])


def _create(call: Call, target: Issue | Comment, issue: Issue) -> Response:
    refuse_locked(call, issue, "reaction")
    reaction, new = call.world.react(target, call.actor, call.body["content"])
    return Response(status=201 if new else 200, body=reaction_view(call.at, reaction))


def _delete(call: Call, target: Issue | Comment) -> Response:
    number = call.number("reaction_id")
    mine = [r for r in target.reactions if r.id == number and r.user is call.actor]
    if not mine:
        raise not_found()
    target.reactions.remove(mine[0])
    return Response(status=204)


@route("GET", "./issues/{issue_number}/reactions")
def list_for_issue(call: Call) -> Response:
    return _list(call, call.item())


@route("POST", "./issues/{issue_number}/reactions")
def create_for_issue(call: Call) -> Response:
    issue = call.item()
    return _create(call, issue, issue)


@route("DELETE", "./issues/{issue_number}/reactions/{reaction_id}")
def delete_for_issue(call: Call) -> Response:
    return _delete(call, call.item())


@route("GET", "./issues/comments/{comment_id}/reactions")
def list_for_comment(call: Call) -> Response:
    return _list(call, comment_of(call))


@route("POST", "./issues/comments/{comment_id}/reactions")
def create_for_comment(call: Call) -> Response:
    comment = comment_of(call)
    return _create(call, comment, call.world.issue(comment.issue))


@route("DELETE", "./issues/comments/{comment_id}/reactions/{reaction_id}")
def delete_for_comment(call: Call) -> Response:
    return _delete(call, comment_of(call))
