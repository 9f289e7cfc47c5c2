"""The repository's settings: Actions, Pages, workflows and their runs, rules, variables.

A job's token has no scope for administration; a person needs the role admin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.github_server.clock import timestamp
from tests.github_server.http import ApiError, Response, invalid, not_found
from tests.github_server.pagination import cut
from tests.github_server.routes.call import Call, route
from tests.github_server.settings import Policy, WorkflowFile, WorkflowRun
from tests.github_server.views.address import node_id
from tests.github_server.views.people import full_repository_view, repository_view

if TYPE_CHECKING:
    from collections.abc import Mapping

POLICY_VERSION = "2026-03-10"


def _administer(call: Call) -> None:
    if call.token.is_integration:
        call.token.demand(("administration",), call.level)
    if call.world.role(call.actor) != "admin":
        raise ApiError(403, "Must have admin rights to Repository.")


def _unlocked(call: Call, setting: str) -> None:
    if setting in call.world.settings.locked:
        raise ApiError(409, "Conflict: this setting is prevented by the owning organization")


# Actions and the permissions of workflows


@route("GET", "./actions/permissions")
def get_actions(call: Call) -> Response:
    _administer(call)
    allowed = call.world.settings.allowed_actions
    if allowed is None:
        return Response(body={"enabled": False, "sha_pinning_required": False})
    body = {"enabled": True, "allowed_actions": allowed, "sha_pinning_required": False}
    return Response(body=body)


@route("GET", "./actions/permissions/workflow")
def get_permissions(call: Call) -> Response:
    _administer(call)
    return Response(
        body={
            "default_workflow_permissions": call.world.settings.default_permissions,
            "can_approve_pull_request_reviews": call.world.actions_may_open_pulls,
        }
    )


@route("PUT", "./actions/permissions/workflow")
def set_permissions(call: Call) -> Response:
    _administer(call)
    _unlocked(call, "permissions")
    world, body = call.world, call.body
    world.settings.default_permissions = body.get(
        "default_workflow_permissions", world.settings.default_permissions
    )
    world.actions_may_open_pulls = body.get(
        "can_approve_pull_request_reviews", world.actions_may_open_pulls
    )
    return Response(status=204)


# Description and topics


@route("PATCH", ".")
def update_repository(call: Call) -> Response:
    _administer(call)
    call.world.settings.description = call.body["description"]
    return Response(body=full_repository_view(call.at, call.world))


@route("GET", "./topics")
def get_topics(call: Call) -> Response:
    call.need("metadata")
    return Response(body={"names": list(call.world.settings.topics)})


@route("PUT", "./topics")
def replace_topics(call: Call) -> Response:
    _administer(call)
    call.world.settings.topics = tuple(call.body["names"])
    return Response(body={"names": list(call.world.settings.topics)})


# Pages


def _page_view(call: Call) -> dict[str, Any]:
    source = call.world.settings.page_source
    view: dict[str, Any] = {
        "url": f"{call.at.api}/pages",
        "status": None,
        "cname": None,
        "custom_404": False,
        "html_url": f"https://{call.world.owner.login}.github.io/{call.world.name}/",
        "build_type": source,
        "public": True,
        "https_enforced": True,
    }
    if source == "legacy":
        view["source"] = {"branch": call.world.git.default_branch, "path": "/"}
    return view


@route("GET", "./pages")
def get_pages(call: Call) -> Response:
    call.need("pages")
    if call.world.settings.page_source is None:
        raise not_found()
    return Response(body=_page_view(call))


@route("POST", "./pages")
def create_pages(call: Call) -> Response:
    _administer(call)
    if call.world.settings.page_source is not None:
        raise ApiError(409, "GitHub Pages is already enabled.")
    call.world.settings.page_source = call.body.get("build_type", "legacy")
    return Response(status=201, body=_page_view(call))


@route("PUT", "./pages")
def update_pages(call: Call) -> Response:
    _administer(call)
    if call.world.settings.page_source is None:
        raise not_found()
    source = call.body.get("build_type", call.world.settings.page_source)
    call.world.settings.page_source = source
    return Response(status=204)


# Actions policies, of which a token that may not look learns nothing


def _policies(call: Call) -> dict[int, Policy]:
    may = not call.token.is_integration and call.world.role(call.actor) == "admin"
    if not may or call.request.headers.get("x-github-api-version") != POLICY_VERSION:
        raise not_found()
    return call.world.settings.policies


def _policy(call: Call) -> Policy:
    policy = _policies(call).get(call.number("policy_id"))
    if policy is None:
        raise not_found()
    return policy


def _policy_view(call: Call, policy: Policy, *, whole: bool = True) -> dict[str, Any]:
    own = policy.source_type == "Repository"
    href = f"{call.at.api}/actions/policies/{policy.id}"
    view: dict[str, Any] = {
        "id": policy.id,
        "name": policy.name,
        "target": "actions",
        "source_type": policy.source_type,
        "source": call.world.full_name if own else call.world.owner.login,
        "enforcement": policy.enforcement,
        "node_id": node_id("ActionsPolicy", policy.id),
        "_links": {"self": {"href": href}},
        "created_at": timestamp(policy.created_at),
        "updated_at": timestamp(policy.updated_at),
    }
    if whole:
        every = {"workflow_path": {"include": ["~ALL"], "exclude": []}}
        view |= {"conditions": policy.conditions or every, "rules": policy.rules}
    return view


def _check_conditions(body: Mapping[str, Any]) -> None:
    """Refuse what the schema leaves to the server: a condition without any pattern."""
    path = body.get("conditions", {}).get("workflow_path")
    if path is not None and not path["include"] + path["exclude"]:
        raise invalid("ActionsPolicy", "conditions", "invalid")


@route("GET", "./actions/policies")
def list_policies(call: Call) -> Response:
    policies = list(_policies(call).values())
    if call.request.query.get("has_parents") == "false":
        policies = [policy for policy in policies if policy.source_type == "Repository"]
    page, headers = cut(call.request, policies)
    # The list leaves conditions and rules out.
    views = [_policy_view(call, policy, whole=False) for policy in page]
    return Response(body={"total_count": len(policies), "policies": views}, headers=headers)


@route("POST", "./actions/policies")
def create_policy(call: Call) -> Response:
    policies, now = _policies(call), call.world.clock.now()
    _check_conditions(call.body)
    policy = Policy(
        id=call.world.new_id(),
        name=call.body["name"],
        enforcement=call.body["enforcement"],
        conditions=call.body.get("conditions", {}),
        rules=call.body.get("rules", []),
        created_at=now,
        updated_at=now,
    )
    policies[policy.id] = policy
    return Response(status=201, body=_policy_view(call, policy))


@route("GET", "./actions/policies/{policy_id}")
def get_policy(call: Call) -> Response:
    return Response(body=_policy_view(call, _policy(call)))


@route("PUT", "./actions/policies/{policy_id}")
def update_policy(call: Call) -> Response:
    policy = _policy(call)
    if policy.source_type != "Repository":
        raise not_found()
    _check_conditions(call.body)
    for name in ("name", "enforcement", "conditions", "rules"):
        setattr(policy, name, call.body.get(name, getattr(policy, name)))
    policy.updated_at = call.world.clock.now()
    return Response(body=_policy_view(call, policy))


# Workflows and their runs


def _workflow_view(call: Call, workflow: WorkflowFile) -> dict[str, Any]:
    name = workflow.path.rpartition("/")[2]
    return {
        "id": workflow.id,
        "node_id": node_id("Workflow", workflow.id),
        "name": name.removesuffix(".yml"),
        "path": workflow.path,
        "state": workflow.state,
        "created_at": timestamp(workflow.created_at),
        "updated_at": timestamp(workflow.created_at),
        "url": f"{call.at.api}/actions/workflows/{workflow.id}",
        "html_url": f"{call.at.html}/blob/{call.world.git.default_branch}/{workflow.path}",
        "badge_url": f"{call.at.html}/workflows/{name}/badge.svg",
    }


def _run_view(call: Call, run: WorkflowRun, workflow: WorkflowFile) -> dict[str, Any]:
    url = f"{call.at.api}/actions/runs/{run.id}"
    links = ("jobs", "logs", "cancel", "rerun", "artifacts")
    repository = repository_view(call.at, call.world)
    return {
        "id": run.id,
        "node_id": node_id("WorkflowRun", run.id),
        "head_branch": call.world.git.default_branch,
        "head_sha": run.head_sha,
        "path": run.path,
        "run_number": 1,
        "display_title": run.event,
        "event": run.event,
        "status": "completed" if run.conclusion else "in_progress",
        "conclusion": run.conclusion,
        "workflow_id": workflow.id,
        "url": url,
        "html_url": f"{call.at.html}/actions/runs/{run.id}",
        "pull_requests": [],
        "created_at": timestamp(run.created_at),
        "updated_at": timestamp(run.created_at),
        **{f"{name}_url": f"{url}/{name}" for name in links},
        "check_suite_url": f"{call.at.api}/check-suites/{run.id}",
        "workflow_url": f"{call.at.api}/actions/workflows/{workflow.id}",
        "head_commit": None,
        "head_repository": repository,
        "repository": repository,
    }


@route("GET", "./actions/workflows")
def list_workflows(call: Call) -> Response:
    call.need("actions")
    workflows = call.world.settings.workflows
    page, headers = cut(call.request, workflows)
    views = [_workflow_view(call, workflow) for workflow in page]
    return Response(body={"total_count": len(workflows), "workflows": views}, headers=headers)


@route("GET", "./actions/workflows/{workflow_id}/runs")
def list_runs(call: Call) -> Response:
    call.need("actions")
    asked, settings = call.parameters["workflow_id"], call.world.settings
    known = {w.path: w for w in settings.workflows if asked in (str(w.id), w.path[18:])}
    if not known:
        raise not_found()
    event, status = call.request.query.get("event"), call.request.query.get("status")
    runs = [
        run
        for run in sorted(settings.runs, key=lambda run: run.created_at, reverse=True)
        if run.path in known
        and event in (None, run.event)
        and status in (None, run.conclusion, "completed" if run.conclusion else "in_progress")
    ]
    page, headers = cut(call.request, runs)
    views = [_run_view(call, run, known[run.path]) for run in page]
    return Response(body={"total_count": len(runs), "workflow_runs": views}, headers=headers)


# Variables


@route("GET", "./actions/variables/{name}")
def get_variable(call: Call) -> Response:
    if call.token.is_integration:
        call.token.demand(("actions-variables",), "read")
    name = call.parameters["name"].upper()
    if name not in call.world.settings.variables:
        raise not_found()
    now = timestamp(call.world.clock.now())
    value = call.world.settings.variables[name]
    return Response(body={"name": name, "value": value, "created_at": now, "updated_at": now})


# The older protection of branches


@route("GET", "./branches/{branch}/protection")
def get_protection(call: Call) -> Response:
    _administer(call)
    branch = call.parameters["branch"]
    rule = call.world.protections.get(branch)
    if rule is None or rule.kind != "classic":
        raise ApiError(404, "Branch not protected")
    url = f"{call.at.api}/branches/{branch}/protection"
    view = {
        "url": url,
        "required_signatures": {
            "url": f"{url}/required_signatures",
            "enabled": branch in call.world.settings.signed,
        },
        "required_pull_request_reviews": {
            "url": f"{url}/required_pull_request_reviews",
            "dismiss_stale_reviews": False,
            "require_code_owner_reviews": False,
            "required_approving_review_count": 1,
        },
    }
    return Response(body=view)
