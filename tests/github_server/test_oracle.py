"""The judge: GitHub's own description of its operations."""

from __future__ import annotations

from tests.github_server.oracle import load_oracle
from tests.github_server.routes import ROUTES
from tests.github_server.state import Label
from tests.github_server.views.address import Address
from tests.github_server.views.people import label_view
from tests.rows import each

LABELS = "GET /repos/{owner}/{repo}/labels"


def _operation(key):
    return next(operation for operation in load_oracle().operations if operation.key == key)


def test_every_operation_of_the_description_is_served_and_no_other():
    described = {operation.key for operation in load_oracle().operations}
    assert described == ROUTES.keys()


@each(
    ("method", "path", "operation"),
    [
        ("GET", "/repos/kd/demo/issues/1", "issues/get"),
        ("GET", "/repos/kd/demo/issues/comments/1", "issues/get-comment"),
        ("GET", "/repos/kd/demo/git/ref/heads/a/b", "git/get-ref"),
        ("GET", "/repos/kd/demo/contents/papers/a%20b.yaml", "repos/get-content"),
        ("GET", "/repos/kd/demo/commits/main/status", "repos/get-combined-status-for-ref"),
        ("GET", "/repos/kd/demo/commits/feature/x", "repos/get-commit"),
        ("GET", "/repos/kd/demo/compare/main...kd:x", "repos/compare-commits-with-basehead"),
        ("DELETE", "/repos/kd/demo/issues/1/labels/new%20paper", "issues/remove-label"),
        ("GET", "/repos/kd/demo/issue/1", None),
        ("PUT", "/repos/kd/demo/issues/1", None),
    ],
)
def test_calls_find_their_operation(method, path, operation):
    found = load_oracle().match(method, path)
    assert (found and found[0].id) == operation


def test_path_parameters_are_decoded():
    _, parameters = load_oracle().match("GET", "/repos/kd/demo/labels/needs%20changes")
    assert parameters["name"] == "needs changes"


@each(
    ("key", "query", "body", "complaint"),
    [
        ("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {}, {"body": "x"}, None),
        ("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {}, None, "body is required"),
        ("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {}, {"text": "x"}, "text"),
        ("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {}, {"body": 1}, "string"),
        ("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", {}, ["a", "b"], None),
        ("POST /repos/{owner}/{repo}/statuses/{sha}", {}, {"state": "ready"}, "ready"),
        (LABELS, {"per_page": "100"}, None, None),
        (LABELS, {"per_page": "many"}, None, "many"),
        (LABELS, {"sort": "name"}, None, "no query parameter 'sort'"),
        (LABELS, {}, {"x": 1}, "takes no body"),
    ],
)
def test_requests_are_judged(key, query, body, complaint):
    found = load_oracle().check_request(_operation(key), query, body)
    assert bool(found) == bool(complaint)
    assert complaint is None or complaint in found[0]


def test_answers_may_neither_lack_nor_invent_a_field():
    at = Address(base="http://127.0.0.1", full_name="kd/demo")
    good = label_view(at, Label(id=1, name="ready"))
    without = {name: value for name, value in good.items() if name != "color"}
    judge = load_oracle().check_response
    assert judge(_operation(LABELS), 200, [good]) == []
    assert "color" in judge(_operation(LABELS), 200, [without])[0]
    assert "shade" in judge(_operation(LABELS), 200, [{**good, "shade": "dark"}])[0]
    assert judge(_operation(LABELS), 418, good) != []
    assert judge(_operation(LABELS), 202, [good]) != []
