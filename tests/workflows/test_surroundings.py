"""Repositories as they are: a list on master, without Pages, in a fork, with a name of before."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from kdbot.model.audit import Audit, AuditSummary, render_audit_file
from kdbot.model.settings import ServiceSettings
from tests.flows.sample_list import LISTED, SETTINGS, form, sample_files
from tests.github_server import GitHubServer
from tests.metadata.server import serving
from tests.workflows.filters import Event
from tests.workflows.harness import WorkflowHarness

ROOT = Path(__file__).resolve().parents[2]
PAPER = "papers/2402.12030.yaml"
RECORD = """\
title: "Towards Cross-Tokenizer Distillation"
arxiv: "2402.12030"
date: 2024-02
categories:
  - methods/labeling
"""


@pytest.fixture
def github(tmp_path):
    """The sample list on master, whose file names another branch and another repository."""
    workflows = {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for path in (ROOT / ".github" / "workflows").glob("*.yml")
        if path.name != "ci.yml"
    }
    with GitHubServer(tmp_path / "origin.git", default_branch="master") as server:
        files = sample_files() | workflows
        files["kdbot.toml"] = f'branch = "main"\nrepository = "kd/before"\n{SETTINGS}'
        server.world.push("kd", files, "Start the list")
        server.world.set_role("maria", "write")
        server.world.deliveries.clear()
        harness = WorkflowHarness(server, tmp_path / "act")
        harness.env |= {"KDBOT_PROBE_LINKS": "false", "KDBOT_ASK_SERVICES": "false"}
        yield harness
        assert server.violations == []


@pytest.fixture
def services():
    with serving() as world:
        world.knows("2306.08543", "MiniLLM: Knowledge Distillation of Large Language Models")
        yield world


def deliver(github):
    outcomes = github.deliver_all()
    assert all(outcome.succeeded for outcome in outcomes), "\n".join(o.log for o in outcomes)
    return {name: job for outcome in outcomes for name, job in outcome.jobs.items()}


def branches(github):
    return github.server.git.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split()


def test_no_workflow_names_a_branch():
    """So the long flows run on `master` alone, the short ones on `main`."""
    folders = (ROOT / ".github/workflows", ROOT / "src/kdbot/templates/github")
    files = [path for folder in folders for path in folder.glob("*.yml")]
    assert len(files) > 8
    named = re.compile(r'(?<!kdbot-)\b(?:main|master)\b|branches: (?!\["\*\*"\]$)', re.MULTILINE)
    assert [path.name for path in files if named.search(path.read_text("utf-8"))] == []


def test_a_list_on_master_works_from_the_first_push_to_the_page(github):
    world, git = github.server.world, github.server.git
    world.push("kd", {PAPER: RECORD}, "Add a paper by hand")
    jobs = deliver(github)
    assert jobs.keys() == {"publish", "deploy"}
    assert "kdbot.toml names `main`" in jobs["publish"].output
    assert "kdbot.toml names `kd/before`" in jobs["publish"].output
    assert "Towards Cross-Tokenizer Distillation" in git.git("show", "master:README.md")
    assert "added: " in git.git("show", f"master:{PAPER}")

    issue = world.open_issue("alice", "New paper", form("2403.00001", "A Second Paper"))
    deliver(github)
    github.server.clock.advance(120)
    world.add_labels(issue, ["accepted"], "maria")
    assert deliver(github).keys() == {"accept", "deploy"}
    assert "A Second Paper" in git.git("show", "master:README.md")
    assert issue.state == "closed"
    assert branches(github) == ["master"]


def test_a_push_to_another_branch_publishes_nothing(github):
    world = github.server.world
    world.push("kd", {PAPER: RECORD}, "Try something", branch="main")
    assert deliver(github) == {}
    assert branches(github) == ["main", "master"]


def test_a_list_without_pages_is_green_and_says_so(github):
    github.repository["has_pages"] = False
    github.server.world.push("kd", {PAPER: RECORD}, "Add a paper by hand")
    assert deliver(github).keys() == {"publish", "none"}


def test_A10_a_fork_says_so_in_every_flow_until_its_variable_is_set(github):
    github.repository["fork"] = True
    world = github.server.world
    before = github.server.git.resolve("master")
    outcomes = [github.schedule("sweep.yml"), github.schedule("weekly.yml")]
    issue = world.open_issue("alice", "New paper", form())
    outcomes += github.deliver_all()
    assert [set(outcome.jobs) for outcome in outcomes] == [{"sweep"}, {"report"}, {"review"}]
    for outcome in outcomes:
        assert outcome.succeeded
        (job,) = outcome.jobs.values()
        assert "KDBOT_FORK" in job.output
    assert github.server.git.resolve("master") == before
    assert world.comments_of(issue) == []

    github.variables["KDBOT_FORK"] = "true"
    world.edit_issue(issue, "alice", body=form(remarks="Again"))
    assert deliver(github).keys() == {"review"}
    assert len(world.comments_of(issue)) == 1


def test_H14_where_the_event_is_blocked_the_hourly_sweep_answers(github):
    """Comment, label and status within the hour, and nothing more in the hour after it."""
    world, server = github.server.world, github.server
    world.blocked_events.add("pull_request_target")
    pull = world.open_pull("alice", "Add a paper", files={PAPER: RECORD})
    (blocked,) = github.deliver_all()
    assert not blocked.succeeded
    assert "not allowed to trigger Actions workflows" in blocked.log
    assert (world.comments_of(pull), world.statuses) == ([], [])
    (hourly, _) = (entry["cron"] for entry in github.workflows()["sweep.yml"]["on"]["schedule"])
    assert hourly.split()[1:] == ["*"] * 4

    assert github.schedule("sweep.yml").succeeded
    (comment,) = world.comments_of(pull)
    assert "kdbot:report" in comment.body
    assert "ready" in {label.name for label in pull.labels}
    (status,) = world.statuses
    assert (status.sha, status.state) == (world.head_sha(pull), "success")

    server.forget_log()
    assert github.schedule("sweep.yml").succeeded
    assert server.writes == []


def test_where_minutes_cost_the_sweep_runs_by_night_alone(github):
    hourly, nightly = (entry["cron"] for entry in github.workflows()["sweep.yml"]["on"]["schedule"])
    assert hourly.split()[1] == "*"
    assert nightly.split()[1].isdigit()
    github.variables["KDBOT_SWEEP"] = "nightly"
    assert github.schedule("sweep.yml").jobs == {}
    payload = {**github._surroundings(), "schedule": nightly}
    night = github.run_event("sweep.yml", Event(name="schedule", payload=payload))
    assert night.jobs.keys() == {"sweep"}


def test_H01_the_nightly_sweep_makes_up_for_a_week_that_was_lost(github, services):
    audit = Audit(summary=AuditSummary(week="2025-W01", papers=1, links=1))
    bases = "".join(f'{field.name} = "{services.url}"\n' for field in fields(ServiceSettings))
    old_week = {
        "audit.json": render_audit_file(audit),
        "kdbot.toml": f"{SETTINGS}\n[services]\n{bases}",
        "papers/2306.08543.yaml": LISTED.replace("https://github.com", "https://127.0.0.1"),
    }
    github.server.world.push("kd", old_week, "An old week")
    nightly = github.workflows()["sweep.yml"]["on"]["schedule"][1]["cron"]
    payload = {**github._surroundings(), "schedule": nightly}
    night = github.run_event("sweep.yml", Event(name="schedule", payload=payload))
    assert {"sweep", "probe", "report"} <= night.jobs.keys()


def test_a_maintainers_word_not_a_duplicate_starts_a_review(github):
    world = github.server.world
    issue = world.open_issue("alice", "New paper", form())
    world.deliveries.clear()
    github._delivered = 0
    world.add_labels(issue, ["not a duplicate", "help wanted"], "maria")
    outcomes = github.deliver_all()
    assert [set(outcome.jobs) for outcome in outcomes] == [{"review"}, set()]
    assert len(world.comments_of(issue)) == 1
