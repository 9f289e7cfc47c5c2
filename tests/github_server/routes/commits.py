"""Commits, comparisons, branches and commit statuses."""

from __future__ import annotations

from typing import Any

from tests.github_server.diff import changed_files
from tests.github_server.http import ApiError, Response, not_found, unprocessable
from tests.github_server.pagination import cut, page_of
from tests.github_server.routes.call import Call, route
from tests.github_server.state import Status
from tests.github_server.views.git import commit_view, file_view, status_view
from tests.github_server.views.people import repository_view
from tests.github_server.views.pulls import simple_pull_view

MAX_DESCRIPTION = 140


def _commit_sha(call: Call, name: str = "ref") -> str:
    sha = call.world.git.resolve(call.parameters[name].removeprefix("heads/"))
    if sha is None:
        raise ApiError(422, f"No commit found for SHA: {call.parameters[name]}", errors=[])
    return sha


def _view(call: Call, sha: str) -> dict[str, Any]:
    return commit_view(call.at, call.world, call.world.git.commit(sha))


@route("GET", "./commits")
def list_commits(call: Call) -> Response:
    call.need("contents")
    query, git = call.request.query, call.world.git
    tip = git.resolve(query.get("sha", git.default_branch))
    if tip is None:
        raise not_found()
    page, headers = cut(call.request, git.log(tip, limit=10_000, path=query.get("path", "")))
    return Response(body=[_view(call, sha) for sha in page], headers=headers)


@route("GET", "./commits/{ref}")
def get_commit(call: Call) -> Response:
    call.need("contents")
    sha, git = _commit_sha(call), call.world.git
    parents = git.commit(sha).parents
    files = changed_files(git, parents[0], sha) if parents else []
    additions, deletions = sum(f.additions for f in files), sum(f.deletions for f in files)
    stats = {"additions": additions, "deletions": deletions, "total": additions + deletions}
    shown = [file_view(call.at, change, sha) for change in files]
    return Response(body={**_view(call, sha), "stats": stats, "files": shown})


@route("GET", "./commits/{commit_sha}/pulls")
def list_pulls_of_commit(call: Call) -> Response:
    call.need("pull-requests", "contents")
    sha, world = _commit_sha(call, "commit_sha"), call.world
    found = [
        issue
        for issue in world.issues.values()
        if issue.pull and (issue.pull.merge_commit_sha == sha or sha in world.commits_of(issue))
    ]
    return page_of(call.request, [simple_pull_view(call.at, world, issue) for issue in found])


@route("GET", "./compare/{basehead}")
def compare(call: Call) -> Response:
    call.need("contents")
    git = call.world.git
    names = call.parameters["basehead"].split("...")
    base, head = [git.resolve(name.rpartition(":")[2]) for name in (names[0], names[-1])]
    if base is None or head is None or len(names) != 2:
        raise not_found()
    fork = git.merge_base(base, head)
    if fork is None:
        raise not_found()
    ahead, behind = git.log(f"{base}..{head}", limit=10_000), git.log(f"{head}..{base}")
    word = {(True, True): "diverged", (True, False): "ahead", (False, True): "behind"}
    url, html = f"{call.at.api}/compare/{'...'.join(names)}", f"{call.at.html}/compare"
    page, headers = cut(call.request, ahead[::-1])
    files = changed_files(git, fork, head)
    body = {
        "url": url,
        "html_url": f"{html}/{'...'.join(names)}",
        "permalink_url": f"{html}/{base[:7]}...{head[:7]}",
        "diff_url": f"{html}/{'...'.join(names)}.diff",
        "patch_url": f"{html}/{'...'.join(names)}.patch",
        "base_commit": _view(call, base),
        "merge_base_commit": _view(call, fork),
        "status": word.get((bool(ahead), bool(behind)), "identical"),
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [_view(call, sha) for sha in page],
        "files": [file_view(call.at, change, head) for change in files[:300]],
    }
    return Response(body=body, headers=headers)


@route("GET", "./branches/{branch}")
def get_branch(call: Call) -> Response:
    """Show a branch. It is `protected` by a ruleset, too, which no `protection` tells of.

    https://github.com/hub4j/github-api/issues/2062
    """
    call.need("contents")
    name = call.parameters["branch"]
    sha = call.world.git.ref(f"refs/heads/{name}")
    if sha is None and name in call.world.former_branches:
        now = call.world.former_branches[name]
        raise ApiError(301, "Moved Permanently", headers={"X-Branch": now})
    if sha is None:
        raise ApiError(404, "Branch not found")
    url = f"{call.at.api}/branches/{name}"
    rule = call.world.protections.get(name)
    protected = rule is not None
    return Response(
        body={
            "name": name,
            "commit": _view(call, sha),
            "_links": {"self": url, "html": f"{call.at.html}/tree/{name}"},
            "protected": protected,
            "protection": {"enabled": rule is not None and rule.kind == "classic"},
            "protection_url": f"{url}/protection",
        }
    )


@route("GET", "./rules/branches/{branch}")
def get_branch_rules(call: Call) -> Response:
    """List the rules of active rulesets; branch protection is none, and a bypass lifts none.

    https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch
    """
    call.need("metadata")
    branch = call.parameters["branch"]
    source = {
        "ruleset_source_type": "Repository",
        "ruleset_source": call.world.full_name,
        "ruleset_id": 1,
    }
    others = [{"type": kind, **source} for kind in call.world.settings.rules.get(branch, [])]
    rule = call.world.protections.get(branch)
    if rule is None or rule.kind != "ruleset":
        return page_of(call.request, others)
    asked = dict.fromkeys(
        (
            "dismiss_stale_reviews_on_push",
            "require_code_owner_review",
            "require_last_push_approval",
            "required_review_thread_resolution",
        ),
        False,
    )
    one = {
        "type": "pull_request",
        "parameters": {**asked, "required_approving_review_count": 0},
        **source,
    }
    return page_of(call.request, [one, *others])


@route("POST", "./statuses/{sha}")
def create_status(call: Call) -> Response:
    call.need("statuses")
    sha, body = call.parameters["sha"], call.body
    if call.world.git.kind(sha) != "commit":
        raise unprocessable(f"No commit found for SHA: {sha}")
    if len(body.get("description") or "") > MAX_DESCRIPTION:
        error = {"resource": "Status", "field": "description", "code": "too_long"}
        raise ApiError(422, "Validation Failed", errors=[error])
    status = Status(
        id=call.world.new_id(),
        sha=sha,
        state=body["state"],
        context=body.get("context", "default"),
        description=body.get("description"),
        target_url=body.get("target_url"),
        creator=call.actor,
        created_at=call.world.clock.now(),
    )
    call.world.statuses.append(status)
    return Response(status=201, body=status_view(call.at, status))


@route("GET", "./commits/{ref}/statuses")
def list_statuses(call: Call) -> Response:
    call.need("statuses")
    sha = _commit_sha(call)
    newest_first = [s for s in reversed(call.world.statuses) if s.sha == sha]
    return page_of(call.request, [status_view(call.at, status) for status in newest_first])


@route("GET", "./commits/{ref}/status")
def get_combined_status(call: Call) -> Response:
    call.need("statuses")
    sha = _commit_sha(call)
    latest = {status.context: status for status in call.world.statuses if status.sha == sha}
    states = {status.state for status in latest.values()}
    combined = "pending" if not states or "pending" in states else "success"
    if states & {"error", "failure"}:
        combined = "failure"
    page, headers = cut(call.request, list(latest.values()))
    url = f"{call.at.api}/commits/{sha}"
    body = {
        "state": combined,
        "statuses": [status_view(call.at, status, simple=True) for status in page],
        "sha": sha,
        "total_count": len(latest),
        "repository": _minimal(repository_view(call.at, call.world)),
        "commit_url": url,
        "url": f"{url}/status",
    }
    return Response(body=body, headers=headers)


def _minimal(repository: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the combined status does not tell of a repository."""
    return {name: value for name, value in repository.items() if name != "license"}
