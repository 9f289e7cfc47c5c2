"""The harness itself, with small workflows of its own."""

from __future__ import annotations

import textwrap

import pytest

from tests.workflows.filters import Event, events_of
from tests.workflows.workflow_file import UnmappedActionError, load_workflow

CHECKOUT = "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683"

WRITE_COMMENT = """
import json, os, sys, urllib.error, urllib.request
number = json.load(open(os.environ["GITHUB_EVENT_PATH"]))["issue"]["number"]
repository = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}"
url = f"{repository}/issues/{number}/comments"
headers = {"Authorization": f"Bearer {os.environ['TOKEN']}"}
data = json.dumps({"body": "Thanks"}).encode()
try:
    urllib.request.urlopen(urllib.request.Request(url, data, headers)).close()
except urllib.error.HTTPError as error:
    sys.exit(f"{error.code} {json.load(error)['message']}")
"""

ISSUE = f"""
name: Issue
on:
  issues: {{types: [opened, labeled]}}
permissions: {{}}
jobs:
  review:
    if: github.event.action == 'opened'
    runs-on: ubuntu-24.04
    permissions: {{issues: write}}
    steps:
      - uses: {CHECKOUT} # v4.2.2
        with: {{persist-credentials: false}}
      - uses: $/.github/actions/setup-kdbot
      - run: python write_comment.py
        env: {{TOKEN: "${{{{ github.token }}}}"}}
  accept:
    if: github.event.action == 'labeled' && github.event.label.name == 'accepted'
    runs-on: ubuntu-24.04
    permissions: {{contents: write}}
    steps:
      - uses: {CHECKOUT} # v4.2.2
      - run: |
          echo added > added.txt
          git add added.txt
          git -c user.name=bot -c user.email=bot@example.org commit -q -m "Add"
          git push -q origin HEAD:main
"""


@pytest.fixture
def harness(workflow_harness):
    return workflow_harness


def _commit(harness, workflow, **files):
    text = textwrap.dedent(workflow)
    harness.server.git.commit_files(
        {".github/workflows/test.yml": text, "write_comment.py": WRITE_COMMENT, **files}, "Workflow"
    )


def test_an_event_runs_the_job_that_its_if_chooses(harness):
    _commit(harness, ISSUE)
    issue = harness.server.world.open_issue("alice", "t", "b")
    (outcome,) = harness.deliver_all()
    assert outcome.succeeded, outcome.log
    assert outcome.jobs.keys() == {"review"}
    comments = harness.server.world.comments_of(issue)
    assert [(c.body, c.user.login) for c in comments] == [("Thanks", "github-actions[bot]")]


@pytest.mark.parametrize(
    "install", ["uses: $/.github/actions/setup-kdbot", "run: make .venv/runtime"]
)
def test_installing_gives_the_environment_of_the_tests(harness, install):
    workflow = ISSUE.replace("uses: $/.github/actions/setup-kdbot", install)
    _commit(harness, workflow.replace("run: python write", "run: .venv/bin/python write"))
    harness.server.world.open_issue("alice", "t", "b")
    (outcome,) = harness.deliver_all()
    assert outcome.succeeded, outcome.log


def test_what_the_bot_wrote_starts_nothing(harness):
    _commit(harness, ISSUE.replace("issues: {types", "issue_comment:\n  issues: {types"))
    harness.server.world.open_issue("alice", "t", "b")
    assert len(harness.deliver_all()) == 1
    assert harness.server.world.deliveries[-1].event == "issue_comment"


def test_a_job_commits_to_the_origin(harness):
    _commit(harness, ISSUE)
    world = harness.server.world
    issue = world.open_issue("alice", "t", "b")
    harness.deliver_all()
    world.add_labels(issue, ["accepted"], "kd")
    (outcome,) = harness.deliver_all()
    assert outcome.succeeded, outcome.log
    assert world.git.read_file("added.txt") == "added\n"


def test_a_job_commits_under_the_repositorys_new_name(harness):
    _commit(harness, ISSUE)
    harness.server.world.rename(name="better")
    world = harness.server.world
    issue = world.open_issue("alice", "t", "b")
    harness.deliver_all()
    world.add_labels(issue, ["accepted"], "kd")
    (outcome,) = harness.deliver_all()
    assert outcome.succeeded, outcome.log
    assert world.git.read_file("added.txt") == "added\n"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{issues: write}", "{issues: read}", "403 Resource not accessible by integration"),
        ("{issues: write}", "{contents: write}", "403 Resource not accessible by integration"),
        ("${{ github.token }}", "ghs-1-test.yml-accept", "403 Resource not accessible"),
        ("${{ github.token }}", "made-up", "401 Bad credentials"),
    ],
)
def test_a04_a_job_has_the_scopes_of_its_workflow_file_and_no_others(harness, old, new, message):
    _commit(harness, ISSUE.replace(old, new))
    harness.server.world.open_issue("alice", "t", "b")
    (outcome,) = harness.deliver_all()
    assert outcome.jobs["review"].result == "failure"
    assert message in outcome.log


WITHOUT = "4.2.2\n        with: {persist-credentials: false}\n"
HEADER = """
          secret=$(printf 'x-access-token:%s' "$TOKEN" | base64 -w 0)
          git -c http.https://github.com/.extraheader="AUTHORIZATION: basic $secret" push -q"""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, None),
        ({"{contents: write}": "{contents: read}"}, "error: 403"),
        ({"4.2.2\n      - run": f"{WITHOUT}      - run"}, "could not read Username"),
        (
            {
                "4.2.2\n      - run": f"{WITHOUT}"
                "      - env: {TOKEN: '${{ github.token }}'}\n        run",
                "\n          git push -q": HEADER,
            },
            None,
        ),
    ],
    ids=["persisted", "A04-read-only", "A06-no-credentials", "A06-one-command-header"],
)
def test_a_push_needs_the_credentials_of_a_job_that_may_write(harness, changes, message):
    workflow = ISSUE
    for old, new in changes.items():
        assert old in workflow
        workflow = workflow.replace(old, new)
    _commit(harness, workflow)
    issue = harness.server.world.open_issue("alice", "t", "b")
    harness.deliver_all()
    harness.server.world.add_labels(issue, ["accepted"], "kd")
    (outcome,) = harness.deliver_all()
    assert outcome.succeeded == (message is None), outcome.log
    assert message is None or message in outcome.log


def test_on_filters_are_judged(harness):
    _commit(harness, ISSUE)
    issue = harness.server.world.open_issue("alice", "t", "b")
    harness.server.world.close(issue, "alice")
    closed = events_of(harness.server.world.deliveries[-1])[0]
    assert harness.run_event("test.yml", closed).not_started == "not on issues closed"


def test_an_action_without_a_stand_in_fails(harness):
    _commit(harness, ISSUE.replace("actions/checkout@", "someone/else@"))
    harness.server.world.open_issue("alice", "t", "b")
    with pytest.raises(UnmappedActionError, match="someone/else"):
        harness.deliver_all()


def test_artifacts_outputs_and_annotations(harness):
    _commit(
        harness,
        """
        on: workflow_dispatch
        permissions: {}
        jobs:
          probe:
            runs-on: ubuntu-24.04
            outputs: {count: "${{ steps.count.outputs.count }}"}
            steps:
              - id: count
                run: |
                  mkdir out && echo '[1, 2]' > out/results.json
                  echo "count=2" >> "$GITHUB_OUTPUT"
                  echo "::error file=papers/a.yaml,line=3::Month 13"
              - uses: actions/upload-artifact@v4
                with: {name: results, path: out/}
          report:
            needs: probe
            runs-on: ubuntu-24.04
            steps:
              - uses: actions/download-artifact@v4
                with: {name: results, path: in}
              - run: cat in/results.json && echo "$COUNT results"
                env: {COUNT: "${{ needs.probe.outputs.count }}"}
        """,
    )
    outcome = harness.dispatch("test.yml")
    assert outcome.succeeded, outcome.log
    assert outcome.jobs["report"].output == "[1, 2]\n2 results\n"
    (error,) = [c for c in outcome.jobs["probe"].commands if c["command"] == "error"]
    assert (error["arg"], error["kvPairs"]) == (
        "Month 13",
        {"file": "papers/a.yaml", "line": "3"},
    )


def test_e08_no_token_is_in_a_steps_environment_unless_it_is_put_there(harness, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "of-the-machine")
    workflow = """
        on: workflow_dispatch
        jobs:
          probe:
            runs-on: ubuntu-24.04
            steps: [{run: env}]
    """
    _commit(harness, workflow)
    printed = harness.dispatch("test.yml").jobs["probe"].output
    assert "GITHUB_REPOSITORY=kd/demo" in printed
    assert "TOKEN" not in printed
    assert "of-the-machine" not in printed


def test_a_called_workflow_may_not_ask_for_more_than_its_caller_has(harness):
    caller = """
        on: workflow_dispatch
        permissions: {}
        jobs:
          pages:
            permissions: {pages: read}
            uses: ./.github/workflows/pages.yml
    """
    called = """
        on: workflow_call
        permissions: {}
        jobs:
          deploy:
            runs-on: ubuntu-24.04
            permissions: {pages: write}
            steps: [{run: echo deployed}]
    """
    _commit(harness, caller, **{".github/workflows/pages.yml": textwrap.dedent(called)})
    with pytest.raises(ValueError, match="asks for pages: write"):
        harness.dispatch("test.yml")
    _commit(harness, caller.replace("pages: read", "pages: write"))
    outcome = harness.dispatch("test.yml")
    assert outcome.succeeded, outcome.log
    assert "deployed" in outcome.log


BURST = """
on: issues
permissions: {}
jobs:
  review:
    if: github.event.action != 'labeled'
    runs-on: ubuntu-24.04
    concurrency: item-${{ github.event.issue.number }}
    steps: [{run: echo reviewed}]
  accept:
    if: github.event.action == 'labeled'
    runs-on: ubuntu-24.04
    concurrency: main
    steps: [{run: echo accepted}]
"""


@pytest.mark.parametrize(
    ("workflow", "ran"),
    [
        (BURST, [{"review"}, set(), {"accept"}, {"review"}]),
        (
            BURST.replace("permissions: {}", "permissions: {}\nconcurrency: all"),
            [{"review"}, set(), set(), {"review"}],
        ),
    ],
    ids=["a group a job", "a group a workflow"],
)
def test_f19_a_burst_of_events_runs_as_its_groups_allow(harness, workflow, ran):
    _commit(harness, workflow)
    world = harness.server.world
    issue = world.open_issue("alice", "t", "b")
    world.edit_issue(issue, "alice", body="c")
    world.add_labels(issue, ["accepted"], "kd")
    world.edit_issue(issue, "alice", body="d")
    events = [events_of(delivery)[0] for delivery in world.deliveries]
    outcomes = harness.run_burst("test.yml", events)
    assert [set(outcome.jobs) for outcome in outcomes] == ran


def test_pull_request_events_run_the_default_branchs_workflow(harness):
    workflow = """
        on: pull_request_target
        permissions: {}
        jobs:
          review:
            runs-on: ubuntu-24.04
            steps:
              - uses: actions/checkout@v4
                with: {persist-credentials: false}
              - run: git config --get-all http.https://github.com/.extraheader || ls
    """
    _commit(harness, workflow)
    harness.server.world.open_pull(
        "bob", "t", files={".github/workflows/test.yml": workflow.replace("ls", "echo stolen")}
    )
    (outcome,) = harness.deliver_all()
    assert outcome.succeeded, outcome.log
    assert "write_comment.py" in outcome.jobs["review"].output


def test_an_event_that_a_policy_blocks_fails_before_its_first_job(harness):
    """The default policy of public repositories blocks `pull_request_target`.

    https://docs.github.com/en/actions/concepts/about-actions-policies
    """
    _commit(harness, "on: [pull_request_target, issues]\njobs: {}\n")
    harness.server.world.blocked_events.add("pull_request_target")
    harness.server.world.open_pull("alice", "t", files={"a": "a"})
    (outcome,) = harness.deliver_all()
    assert not outcome.succeeded
    assert outcome.not_started is None
    assert outcome.jobs == {}
    assert outcome.log == (
        "Event 'pull_request_target' is not allowed to trigger Actions workflows. "
        "Workflow file: '.github/workflows/test.yml'."
    )


def test_schedules_start_by_themselves(harness):
    _commit(
        harness,
        """
        on: {schedule: [{cron: "17 3 * * *"}]}
        jobs:
          sweep:
            runs-on: ubuntu-24.04
            steps: [{run: 'echo "$GITHUB_EVENT_NAME"'}]
        """,
    )
    assert harness.schedule("test.yml").jobs["sweep"].output == "schedule\n"


def test_on_is_a_word_and_not_a_truth_value():
    assert load_workflow("on: push\njobs: {}\nx: true\n") == {"on": "push", "jobs": {}, "x": True}
    with pytest.raises(ValueError, match="not a workflow"):
        load_workflow("jobs: {}")


def test_events_know_the_files_of_a_push(harness):
    harness.server.world.push("kd", {"papers/a.yaml": "a", "README.md": "b"})
    (event,) = events_of(harness.server.world.deliveries[-1])
    assert event.paths == ("README.md", "papers/a.yaml")
    assert isinstance(event, Event)
    assert event.branch == "main"
