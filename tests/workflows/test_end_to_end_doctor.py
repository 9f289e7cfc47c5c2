"""doctor.yml as it stands: with the permissions of its job, from its schedule to the one issue."""

from __future__ import annotations

from pathlib import Path

import pytest

from kdbot.flows.list.setup import setup
from kdbot.publish.tracking_issues import DOCTOR_TITLE
from tests.flows.sample_list import sample_files

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = ".github/workflows/doctor.yml"


@pytest.fixture
def github(github_server, workflow_harness):
    """The sample list with doctor.yml, set up by its owner."""
    files = sample_files() | {WORKFLOW: (ROOT / WORKFLOW).read_text("utf-8")}
    github_server.world.push("kd", files, "Start the list")
    github_server.grant("owner", actor="kd")
    environment = {"GITHUB_TOKEN": "owner", "GITHUB_API_URL": github_server.base_url}
    assert setup("kd/demo", environment, dry_run=False) == 0
    return workflow_harness


def tracking(github):
    found = [i for i in github.server.world.issues.values() if i.title == DOCTOR_TITLE]
    assert len(found) <= 1
    return found[0] if found else None


def test_the_week_says_what_is_wrong_in_one_issue_that_closes_itself(github):
    world = github.server.world
    healthy = github.schedule("doctor.yml")
    assert healthy.succeeded, healthy.log
    assert tracking(github) is None

    label = world.labels["accepted"]
    world.delete_label(label)
    ill = github.schedule("doctor.yml")
    assert not ill.succeeded
    issue = tracking(github)
    assert issue.state == "open"
    assert "1 label is missing: `accepted`." in issue.body

    world.create_label(label.name, color=label.color, description=label.description)
    assert github.dispatch("doctor.yml").succeeded
    assert issue.state == "closed"


def test_the_kill_switch_reaches_it(github):
    github.variables["KDBOT_ENABLED"] = "false"
    github.server.world.delete_label(github.server.world.labels["accepted"])
    assert github.dispatch("doctor.yml").succeeded
    assert tracking(github) is None
