"""Pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.github_server.http import ApiError, Response, not_found
from tests.github_server.pagination import cut, page_of
from tests.github_server.routes.call import Call, route
from tests.github_server.routes.issues import apply_edit
from tests.github_server.views.git import commit_view, file_view
from tests.github_server.views.pulls import pull_view, simple_pull_view

if TYPE_CHECKING:
    from tests.github_server.state import Issue

# GitHub lists no more files of a pull request than this.
MAX_FILES = 3000


def pull_of(call: Call) -> Issue:
    """Find the pull request that the path names, if the token may see or change it."""
    call.need("pull-requests")
    issue = call.world.issue(call.number("pull_number"))
    if issue.pull is None:
        raise not_found()
    return issue


@route("GET", "./pulls")
def list_pulls(call: Call) -> Response:
    call.need("pull-requests")
    query, world = call.request.query, call.world
    state, base, head = query.get("state", "open"), query.get("base"), query.get("head")
    found = [
        issue
        for issue in world.issues.values()
        if (pull := issue.pull)
        and issue.gone is None
        and issue.is_listed(world.requests, world.clock.now())
        and state in ("all", issue.state)
        and base in (None, pull.base_ref)
        and head in (None, f"{pull.head_owner.login if pull.head_owner else ''}:{pull.head_ref}")
    ]
    key = "updated_at" if query.get("sort") == "updated" else "created_at"
    direction = query.get("direction", "asc" if "sort" in query else "desc")
    found.sort(key=lambda i: (getattr(i, key), i.number), reverse=direction == "desc")
    page, headers = cut(call.request, found)
    return Response(body=[simple_pull_view(call.at, world, i) for i in page], headers=headers)


@route("POST", "./pulls")
def create_pull(call: Call) -> Response:
    call.need("pull-requests")
    if call.token.is_integration and not call.world.actions_may_open_pulls:
        message = "GitHub Actions is not permitted to create or approve pull requests."
        raise ApiError(403, message)
    body = call.body
    issue = call.world.create_pull(
        call.actor,
        body["title"],
        body.get("body"),
        head=body["head"],
        base=body["base"],
        draft=body.get("draft", False),
    )
    return Response(status=201, body=pull_view(call.at, call.world, issue))


@route("GET", "./pulls/{pull_number}")
def get_pull(call: Call) -> Response:
    return Response(body=pull_view(call.at, call.world, pull_of(call)))


@route("PATCH", "./pulls/{pull_number}")
def update_pull(call: Call) -> Response:
    issue = pull_of(call)
    apply_edit(call, issue, call.body)
    if issue.pull and "base" in call.body:
        issue.pull.base_ref = call.body["base"]
    return Response(body=pull_view(call.at, call.world, issue))


@route("GET", "./pulls/{pull_number}/files")
def list_files(call: Call) -> Response:
    issue = pull_of(call)
    head = call.world.head_sha(issue)
    page, headers = cut(call.request, call.world.files_of(issue)[:MAX_FILES])
    return Response(body=[file_view(call.at, change, head) for change in page], headers=headers)


@route("GET", "./pulls/{pull_number}/commits")
def list_commits(call: Call) -> Response:
    issue, world = pull_of(call), call.world
    commits = [world.git.commit(sha) for sha in world.commits_of(issue)[:250]]
    return page_of(call.request, [commit_view(call.at, world, commit) for commit in commits])
