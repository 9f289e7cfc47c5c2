"""Labels of the repository and of issues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.github_server.http import ApiError, Response, not_found
from tests.github_server.pagination import page_of
from tests.github_server.routes.call import Call, route
from tests.github_server.views.people import label_view

if TYPE_CHECKING:
    from tests.github_server.state import Issue, Label


def label_names(body: Any) -> list[str]:
    """Read the names in any of the forms that GitHub takes: a list, or a list under `labels`."""
    items = body.get("labels", []) if isinstance(body, dict) else body
    return [item if isinstance(item, str) else item["name"] for item in items]


def _label(call: Call) -> Label:
    label = call.world.labels.get(call.parameters["name"].lower())
    if label is None:
        raise not_found()
    return label


def _need_creation(call: Call, names: list[str]) -> None:
    """Refuse a label that does not exist yet to a token that may not write issues.

    https://github.com/actions/labeler/issues/870
    """
    unknown = [name for name in names if name.lower() not in call.world.labels]
    if unknown and not call.token.allows("issues", "write"):
        error = {"resource": "Repository", "field": "label", "code": "unauthorized"}
        message = "You do not have permission to create labels on this repository."
        raise ApiError(403, message, errors=[error])


def replace_labels(call: Call, issue: Issue, names: list[str]) -> None:
    """Give an issue exactly these labels."""
    _need_creation(call, names)
    wanted = {name.lower() for name in names}
    for label in list(issue.labels):
        if label.name.lower() not in wanted:
            call.world.remove_label(issue, label.name, call.actor)
    call.world.add_labels(issue, names, call.actor)


def _all_of(call: Call, issue: Issue) -> Response:
    return Response(body=[label_view(call.at, label) for label in issue.labels])


@route("GET", "./labels")
def list_labels(call: Call) -> Response:
    call.need("issues", "pull-requests")
    return page_of(call.request, [label_view(call.at, x) for x in call.world.labels.values()])


@route("POST", "./labels")
def create_label(call: Call) -> Response:
    call.need("issues")
    color = call.body.get("color", "ededed")
    label = call.world.create_label(
        call.body["name"], color=color, description=call.body.get("description")
    )
    return Response(status=201, body=label_view(call.at, label))


@route("GET", "./labels/{name}")
def get_label(call: Call) -> Response:
    call.need("issues", "pull-requests")
    return Response(body=label_view(call.at, _label(call)))


@route("PATCH", "./labels/{name}")
def update_label(call: Call) -> Response:
    call.need("issues")
    label, world, name = _label(call), call.world, call.body.get("new_name")
    if name and name.lower() != label.name.lower() and name.lower() in world.labels:
        error = {"resource": "Label", "field": "name", "code": "already_exists"}
        raise ApiError(422, "Validation Failed", errors=[error])
    world.describe_label(
        label, color=call.body.get("color"), description=call.body.get("description")
    )
    if name:
        del world.labels[label.name.lower()]
        label.name = name
        world.labels[name.lower()] = label
    return Response(body=label_view(call.at, label))


@route("DELETE", "./labels/{name}")
def delete_label(call: Call) -> Response:
    call.need("issues")
    call.world.delete_label(_label(call))
    return Response(status=204)


@route("GET", "./issues/{issue_number}/labels")
def list_issue_labels(call: Call) -> Response:
    return page_of(call.request, [label_view(call.at, label) for label in call.item().labels])


@route("POST", "./issues/{issue_number}/labels")
def add_issue_labels(call: Call) -> Response:
    issue, names = call.item(), label_names(call.body)
    _need_creation(call, names)
    call.world.add_labels(issue, names, call.actor)
    return _all_of(call, issue)


@route("PUT", "./issues/{issue_number}/labels")
def set_issue_labels(call: Call) -> Response:
    issue = call.item()
    replace_labels(call, issue, label_names(call.body))
    return _all_of(call, issue)


@route("DELETE", "./issues/{issue_number}/labels")
def remove_issue_labels(call: Call) -> Response:
    replace_labels(call, call.item(), [])
    return Response(status=204)


@route("DELETE", "./issues/{issue_number}/labels/{name}")
def remove_issue_label(call: Call) -> Response:
    issue = call.item()
    call.world.remove_label(issue, call.parameters["name"], call.actor)
    return _all_of(call, issue)
