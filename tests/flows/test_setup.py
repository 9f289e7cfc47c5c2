"""`kdbot setup` against the stand-in: every step by itself, once, and in words."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from kdbot.flows.list.setup import pull_request_events, setup
from kdbot.github.labels import LABELS
from kdbot.github.settings import _POLICY_NAME
from kdbot.model.errors import KdbotError
from kdbot.publish.new_list import PULL_REQUEST_WORKFLOW
from tests.github_server import Effect
from tests.github_server.clock import START
from tests.github_server.settings import Policy

EVENTS = ["issue_comment", "pull_request_target"]
PAGES = "/repos/kd/demo/pages"


@pytest.fixture
def settings(github_server):
    return github_server.world.settings


@pytest.fixture
def environment(github_server):
    # As in a new repository of a person.
    github_server.world.actions_may_open_pulls = False
    github_server.grant("owner", actor="kd")
    return {"GITHUB_TOKEN": "owner", "GITHUB_API_URL": github_server.base_url}


@pytest.fixture
def run(environment, capsys):
    def set_up(repository="kd/demo", *, dry_run=False, root=None, **more):
        status = setup(repository, {**environment, **more}, root=root, dry_run=dry_run)
        return status, capsys.readouterr().out

    return set_up


def policy(settings, *, name, events, **more):
    values = {
        "enforcement": "active",
        "conditions": {"workflow_path": {"include": [PULL_REQUEST_WORKFLOW], "exclude": []}},
        **more,
    }
    rule = {"type": "restrict_action_events", "parameters": {"allowed_events": events}}
    number = len(settings.policies) + 1
    made = Policy(id=number, name=name, rules=[rule], created_at=START, updated_at=START, **values)
    settings.policies[number] = made
    return made


def test_an_owner_gets_everything_that_the_bot_needs(run, settings, github_server):
    status, said = run()
    assert status == 0
    assert {label.name for label in github_server.world.labels.values()} == {
        label.name for label in LABELS
    }
    (written,) = settings.policies.values()
    assert (written.name, written.enforcement) == (_POLICY_NAME, "active")
    assert written.conditions == {
        "workflow_path": {"include": [PULL_REQUEST_WORKFLOW], "exclude": []}
    }
    assert written.rules == [
        {"type": "restrict_action_events", "parameters": {"allowed_events": EVENTS}}
    ]
    assert settings.default_permissions == "read"
    assert github_server.world.actions_may_open_pulls
    assert settings.page_source == "workflow"
    assert [line.partition(":")[0] for line in said.splitlines()] == [
        "labels",
        "Actions policy",
        "workflow permissions",
        "Pages",
        "topics",
        "description",
    ]
    assert settings.topics == ("awesome-list", "papers", "bibliography")


def test_a_second_run_writes_nothing_and_says_so(run, github_server):
    run()
    github_server.forget_log()
    status, said = run()
    assert (status, github_server.writes) == (0, [])
    assert said.count("nothing to do") == 6


def test_a_dry_run_shows_what_it_would_do_and_writes_nothing(run, github_server):
    status, said = run(dry_run=True)
    assert (status, github_server.writes) == (0, [])
    assert "labels: would create `new paper`" in said
    assert f"Actions policy: would create the policy for `{PULL_REQUEST_WORKFLOW}`" in said
    assert "workflow permissions: would let jobs read by default" in said
    assert "Pages: would enable Pages" in said


def test_the_policy_is_renewed_when_its_events_change(run, settings, github_server):
    old = policy(settings, name=_POLICY_NAME, events=["pull_request_target"])
    _, said = run()
    assert "Actions policy: done: renew" in said
    assert list(settings.policies) == [old.id]
    assert old.rules[0]["parameters"]["allowed_events"] == EVENTS
    github_server.forget_log()
    assert run()[0] == 0
    assert github_server.writes == []


@pytest.mark.parametrize(
    "more",
    [
        {"enforcement": "disabled"},
        {"enforcement": "evaluate"},
        {"conditions": {}},
        {"conditions": {"workflow_path": {"include": ["a.yml"], "exclude": []}}},
    ],
)
def test_a_policy_of_ours_that_was_changed_is_put_right(run, settings, more):
    changed = policy(settings, name=_POLICY_NAME, events=EVENTS, **more)
    run()
    assert changed.enforcement == "active"
    assert changed.conditions["workflow_path"]["include"] == [PULL_REQUEST_WORKFLOW]
    assert len(settings.policies) == 1


def test_policies_of_others_are_left_alone(run, settings):
    mine = policy(settings, name="mine", events=["push"])
    inherited = policy(settings, name=_POLICY_NAME, events=["push"], source_type="Organization")
    run()
    assert len(settings.policies) == 3
    assert {mine.rules[0]["parameters"]["allowed_events"][0], inherited.enforcement} == {
        "push",
        "active",
    }


def test_a_private_repository_needs_no_policy(run, settings):
    settings.private = True
    status, said = run()
    assert (status, settings.policies) == (0, {})
    assert "Actions policy: nothing to do" in said


def test_a_page_from_a_branch_is_turned_over_to_actions(run, settings, github_server):
    settings.page_source = "legacy"
    run()
    assert settings.page_source == "workflow"
    assert [w.method for w in github_server.writes if w.path == PAGES] == ["PUT"]


def test_a_job_may_create_labels_alone_and_the_rest_is_told(run, github_server, settings, tmp_path):
    (tmp_path / "kdbot.toml").write_text('title = "Awesome Soil"\n')
    github_server.grant("job", {"issues": "write", "contents": "write", "actions": "write"})
    status, said = run(GITHUB_TOKEN="job", root=tmp_path)
    assert len(github_server.world.labels) == len(LABELS)
    assert (settings.policies, settings.page_source) == ({}, None)
    assert not github_server.world.actions_may_open_pulls
    assert (settings.description, settings.topics) == (None, ())
    assert said.count(": could not: ") == 5
    assert "workflow permissions: could not: GitHub refused (403): Resource not accessible" in said
    assert "gh auth token" in said
    assert status == 0


def test_who_is_no_owner_is_told_whose_token_is_needed(run, github_server):
    github_server.world.set_role("helper", "write")
    github_server.grant("helper", actor="helper")
    status, said = run(GITHUB_TOKEN="helper")
    assert status == 1
    assert "Must have admin rights to Repository. (use the token of a repository owner" in said


def test_what_the_organization_forbids_is_told_and_stops_nothing(run, settings):
    settings.locked.add("permissions")
    status, said = run()
    assert status == 1
    assert "workflow permissions: could not: GitHub refused (409)" in said
    assert "its owner can allow it" in said
    assert settings.page_source == "workflow"


STEPS = {
    "labels": "/labels",
    "Actions policy": "/actions/policies",
    "workflow permissions": "/actions/permissions/workflow",
    "Pages": "/pages",
    "topics": "/topics",
}


@pytest.mark.parametrize("verb", ["read", "write"])
@pytest.mark.parametrize("name", STEPS)
def test_no_step_stops_the_next(run, github_server, tmp_path, name, verb):
    (tmp_path / "kdbot.toml").write_text('title = "Awesome Soil"\n')
    github_server.faults.fail(
        times=99,
        matches=lambda request: (
            request.path.endswith(STEPS[name]) and request.is_write == (verb == "write")
        ),
    )
    status, said = run(root=tmp_path)
    assert status == 1
    lines = dict(line.split(": ", 1) for line in said.splitlines() if "done" not in line)
    assert list(lines) == [name]
    assert re.fullmatch(r"could not: GitHub .+ \(run `kdbot setup` again\)", lines[name])
    assert said.count(": done: ") == 5
    github_server.faults.clear()
    assert run(root=tmp_path)[0] == 0
    assert run(root=tmp_path)[1].count("nothing to do") == 6


@pytest.mark.parametrize("path", STEPS.values())
def test_a_write_whose_answer_is_lost_is_not_made_twice(run, github_server, settings, path):
    github_server.faults.drop(
        effect=Effect.DONE,
        matches=lambda request: request.is_write and request.path.endswith(path),
    )
    assert run()[0] == 1
    assert run()[0] == 0
    assert len(settings.policies) == 1
    assert len(github_server.world.labels) == len(LABELS)


def test_a_repository_that_is_not_there_is_told(environment, capsys):
    assert setup("kd/gone", environment, dry_run=False) == 1
    assert "kd/gone: the repository: does not exist" in capsys.readouterr().err


def test_a_repository_that_was_renamed_is_named(environment, github_server, capsys):
    github_server.world.rename(name="new")
    assert setup("kd/demo", environment, dry_run=False) == 1
    assert "kd/demo was renamed to kd/new" in capsys.readouterr().err
    assert github_server.writes == []


def test_a_token_that_is_wrong_is_told(environment, capsys):
    assert setup("kd/demo", {**environment, "GITHUB_TOKEN": "x"}, dry_run=False) == 1
    assert "gh auth token" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["demo", "kd/", "/demo", "kd/demo/x"])
def test_what_is_no_name_of_a_repository_is_refused(environment, name):
    with pytest.raises(KdbotError, match="OWNER/NAME"):
        setup(name, environment, dry_run=False)


def test_without_a_token_it_says_where_one_comes_from():
    with pytest.raises(KdbotError, match="gh auth token"):
        setup("kd/demo", {}, dry_run=False)


def test_the_events_are_those_of_the_workflow_file(run, settings, tmp_path):
    assert pull_request_events(None) == set(EVENTS)
    file = tmp_path / PULL_REQUEST_WORKFLOW
    file.parent.mkdir(parents=True)
    file.write_text("on:\n  pull_request_target:\n    types: [opened]\n  push:\njobs: {}\n")
    run(root=tmp_path)
    (written,) = settings.policies.values()
    assert written.rules[0]["parameters"]["allowed_events"] == ["pull_request_target", "push"]


def test_it_runs_outside_of_any_checkout(environment, tmp_path, settings):
    done = subprocess.run(
        [sys.executable, "-m", "kdbot", "setup", "--repository", "kd/demo"],
        cwd=tmp_path,
        env={"GH_TOKEN": "owner", "GITHUB_API_URL": environment["GITHUB_API_URL"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert settings.page_source == "workflow"
    assert list(tmp_path.iterdir()) == [tmp_path / "origin.git"]


def test_a_list_is_described_by_its_title(run, settings, tmp_path):
    (tmp_path / "kdbot.toml").write_text('title = "Awesome Soil"\n')
    _, said = run(root=tmp_path)
    assert settings.description == "Awesome Soil: a list of papers, maintained by its readers"
    assert f"description: done: describe the repository as `{settings.description}`" in said
    (tmp_path / "kdbot.toml").write_text(f'title = "{"Soil " * 200}"\n')
    settings.description = None
    run(root=tmp_path)
    assert len(settings.description) == 350


@pytest.mark.parametrize(("named", "described"), [("KD/Demo", True), ("kd/other", False)])
def test_a_checkout_counts_where_it_is_of_this_repository(
    run, settings, tmp_path, monkeypatch, named, described
):
    (tmp_path / "kdbot.toml").write_text(f'title = "Awesome Soil"\nrepository = "{named}"\n')
    monkeypatch.chdir(tmp_path)
    run()
    assert (settings.description is not None) is described


def test_words_and_topics_of_the_owner_stay(run, settings, tmp_path):
    (tmp_path / "kdbot.toml").write_text('title = "Awesome Soil"\n')
    settings.description, settings.topics = "Soil, by hand", ("soil",)
    _, said = run(root=tmp_path)
    assert (settings.description, settings.topics) == ("Soil, by hand", ("soil",))
    assert "topics: nothing to do\ndescription: nothing to do\n" in said
