"""`on:` as GitHub judges it."""

from __future__ import annotations

from tests.rows import each
from tests.workflows.filters import Event, chosen, refusal


@each(
    ("globs", "name", "fits"),
    [
        (["main"], "main", True),
        (["release/*"], "release/1", True),
        (["release/*"], "release/1/2", False),
        (["release/**"], "release/1/2", True),
        (["papers/**"], "papers/2402.12030.yaml", True),
        (["papers/**"], "other/papers/x", False),
        (["**/*.py"], "a.py", True),
        (["**/*.py"], "src/kdbot/a.py", True),
        (["*.yml"], "a/b.yml", False),
        (["**", "!docs/**"], "docs/x.md", False),
        (["!docs/**", "docs/keep.md"], "docs/keep.md", True),
        (["v[12].x"], "v2.x", True),
        (["README.md"], "READMEzmd", False),
    ],
)
def test_patterns(globs, name, fits):
    assert chosen(globs, name) is fits


ISSUES = {"issues": {"types": ["opened", "edited"]}}
PUSH = {"push": {"branches": ["main"], "paths": ["papers/**", "README.md"]}}


def _issue(action):
    return Event(name="issues", payload={"action": action})


def _push(branch, *paths):
    return Event(name="push", payload={"ref": f"refs/heads/{branch}"}, paths=paths)


def _pull(action, base="main", name="pull_request_target"):
    payload = {"action": action, "pull_request": {"base": {"ref": base}}}
    return Event(name=name, payload=payload)


@each(
    ("on", "event", "reason"),
    [
        (ISSUES, _issue("opened"), None),
        (ISSUES, _issue("labeled"), "not on issues labeled"),
        ({"issues": {"types": "opened"}}, _issue("edited"), "not on issues edited"),
        ("issues", _issue("labeled"), None),
        (["push", "issues"], _issue("labeled"), None),
        ({"issues": None}, _issue("labeled"), None),
        (ISSUES, Event(name="issue_comment", payload={}), "not on issue_comment"),
        ("pull_request_target", _pull("edited"), "not on pull_request_target edited"),
        ("pull_request_target", _pull("synchronize"), None),
        ("pull_request", _pull("opened"), "not on pull_request"),
        ({"pull_request_target": {"branches": ["main"]}}, _pull("opened", "next"), "branches"),
        (PUSH, _push("main", "papers/a.yaml"), None),
        (PUSH, _push("main", "docs/a.md"), "filtered by paths"),
        (PUSH, _push("main", "docs/a.md", "README.md"), None),
        (PUSH, _push("topic", "papers/a.yaml"), "filtered by branches"),
        ({"push": {"paths-ignore": ["docs/**"]}}, _push("x", "docs/a"), "filtered by paths-ignore"),
        ({"push": {"paths-ignore": ["docs/**"]}}, _push("x", "docs/a", "b"), None),
        ({"push": {"tags": ["v*"]}}, _push("v1", "a"), "filtered by tags"),
        ({"push": {"tags": ["v*"], "branches": ["main"]}}, _push("main", "a"), None),
    ],
)
def test_events_start_workflows_or_not(on, event, reason):
    found = refusal(on, event)
    assert (found is None) == (reason is None)
    assert reason is None or reason in found


@each(("name", "starts"), [("issues", False), ("push", False), ("workflow_dispatch", True)])
def test_f11_f22_what_a_job_did_with_its_token_starts_nothing(name, starts):
    event = Event(name=name, payload={}, by_job_token=True)
    assert (refusal([name], event) is None) is starts
