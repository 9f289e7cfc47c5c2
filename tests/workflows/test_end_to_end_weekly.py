"""The weekly workflow and its boxes, as the repository's own workflow files run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.flows.sample_list import FILES, SETTINGS, sample_files
from tests.metadata.server import serving

ROOT = Path(__file__).resolve().parents[2]
MINILLM = "MiniLLM: Knowledge Distillation of Large Language Models"
NEW_TITLE = "MiniLLM: On-Policy Knowledge Distillation of Large Language Models"
CODE = "https://code.example.org:8443/minillm"  # a port that the guard refuses, unasked


@pytest.fixture
def services():
    with serving() as world:
        world.knows("2306.08543", NEW_TITLE)
        world.finds("2601.00001", "Knowledge Distillation of Small Language Models")
        yield world


@pytest.fixture
def default_branch(request):
    """The branch that the list is published from."""
    return getattr(request, "param", "main")


@pytest.fixture
def github(github_server, workflow_harness, services, tmp_path):
    """The sample list with this repository's workflows, and services of its own."""
    folder = tmp_path / "sample"
    files = sample_files(folder)
    names = ("arxiv", "datacite", "semanticscholar", "dblp", "openreview", "huggingface", "wayback")
    bases = "".join(f'{name} = "{services.url}"\n' for name in names)
    files["kdbot.toml"] = f'query = "all:distillation"\n{SETTINGS}\n[services]\n{bases}'
    record = FILES["papers/2306.08543.yaml"]
    files["papers/2306.08543.yaml"] = record.replace(
        "https://github.com/microsoft/LMOps/tree/main/minillm", f'"{CODE}"'
    )
    workflows = {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for path in (ROOT / ".github" / "workflows").glob("*.yml")
    }
    world = github_server.world
    world.push("kd", files | workflows, "Start the list")
    world.set_role("maria", "write")
    world.deliveries.clear()
    return workflow_harness


def issue(github, title):
    (found,) = [i for i in github.server.world.issues.values() if i.title == title]
    return found


def tick(github, found, words, who="maria"):
    lines = found.body.split("\n")
    (place,) = [i for i, line in enumerate(lines) if words in line and "kdbot:box" in line]
    lines[place] = lines[place].replace("[ ]", "[x]", 1)
    github.server.world.edit_issue(found, who, body="\n".join(lines))


@pytest.mark.parametrize("default_branch", ["master"], indirect=True)
def test_a_week_from_the_schedule_to_the_ticked_boxes(github):
    world, git = github.server.world, github.server.git
    before = git.resolve(git.default_branch)
    outcome = github.schedule("weekly.yml")
    assert outcome.succeeded, outcome.log
    assert outcome.jobs.keys() >= {"probe", "report"}

    assert git.git("rev-list", "--count", f"{before}..{git.default_branch}") == "1"
    audit = json.loads(git.git("show", f"{git.default_branch}:audit.json"))
    assert audit["links"][CODE]["state"] == "refused"
    assert "Last audit, week" in git.git("show", f"{git.default_branch}:README.md")

    found = issue(github, "Weekly audit")
    assert "Titles that differ a little" in found.body
    tick(github, found, "On-Policy")
    (outcome,) = github.deliver_all()
    assert "tick" in outcome.jobs
    assert outcome.jobs.keys().isdisjoint({"review", "accept"})
    assert outcome.succeeded, outcome.log
    assert f'title: "{NEW_TITLE}"' in git.git(
        "show", f"{git.default_branch}:papers/2306.08543.yaml"
    )
    assert NEW_TITLE in git.git("show", f"{git.default_branch}:README.md")
    assert "Done since the audit" in found.body

    offered = issue(github, "New papers that may belong here")
    tick(github, offered, "Knowledge Distillation of Small")
    (outcome,) = github.deliver_all()
    assert outcome.succeeded, outcome.log
    assert "added: " in git.git("show", f"{git.default_branch}:papers/2601.00001.yaml")
    assert "Knowledge Distillation of Small Language Models" in git.git(
        "show", f"{git.default_branch}:README.md"
    )
    assert offered.state == "closed"

    tip = git.resolve(git.default_branch)
    github.server.forget_log()
    world.edit_issue(found, "mallory", body=found.body.replace("- ✅", "- [x] ✅"))
    github.deliver_all()
    assert git.resolve(git.default_branch) == tip


def test_E08_the_job_that_asks_the_links_is_handed_no_token():
    import yaml

    workflow = yaml.safe_load((ROOT / ".github/workflows/weekly.yml").read_text())
    probe = workflow["jobs"]["probe"]
    assert probe["permissions"] == {"contents": "read"}
    assert "env" not in probe
    for step in probe["steps"]:
        assert "token" not in json.dumps(step).lower().replace("persist-credentials", "")
        assert "secrets" not in json.dumps(step)


def test_F21_the_schedule_keeps_off_the_full_hour_and_can_be_started_by_hand():
    import yaml

    workflow = yaml.safe_load((ROOT / ".github/workflows/weekly.yml").read_text())
    on = workflow[True]
    (entry,) = on["schedule"]
    assert entry["cron"].split()[0] not in {"0", "15", "30", "45"}
    assert "workflow_dispatch" in on
    assert "weekly.yml/badge.svg" in (ROOT / "README.md").read_text()
