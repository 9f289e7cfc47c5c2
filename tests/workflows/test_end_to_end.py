"""The repository's own workflow files, run for events of the stand-in GitHub."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.sample_list import form, sample_files

ROOT = Path(__file__).resolve().parents[2]
FILE = "papers/2402.12030.yaml"


@pytest.fixture
def default_branch(request):
    """The branch that the list is published from."""
    return getattr(request, "param", "main")


@pytest.fixture
def github(github_server, workflow_harness):
    """The sample list with this repository's workflows."""
    workflows = {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for path in (ROOT / ".github" / "workflows").glob("*.yml")
        if path.name != "ci.yml"
    }
    github_server.world.push("kd", sample_files() | workflows, "Start the list")
    github_server.world.deliveries.clear()
    workflow_harness.env |= {"KDBOT_PROBE_LINKS": "false", "KDBOT_ASK_SERVICES": "false"}
    return workflow_harness


def comments(github, issue):
    world = github.server.world
    return [c.body for c in world.comments_of(issue) if c.user is world.bot]


def labels(issue):
    return {label.name for label in issue.labels}


def deliver(github):
    outcomes = github.deliver_all()
    assert all(outcome.succeeded for outcome in outcomes), "\n".join(o.log for o in outcomes)
    return [name for outcome in outcomes for name in outcome.jobs]


@pytest.mark.parametrize("default_branch", ["master"], indirect=True)
def test_an_issue_from_its_faults_to_the_list(github):
    world, git = github.server.world, github.server.git
    world.set_role("maria", "write")

    issue = world.open_issue("alice", "New paper", form(date="2024-13", categories=""))
    assert deliver(github) == ["review"]
    (comment,) = comments(github, issue)
    assert "**Needs 1 change**" in comment
    assert labels(issue) == {"needs changes"}

    world.edit_issue(issue, "alice", body=form())
    assert deliver(github) == ["review"]
    (comment,) = comments(github, issue)
    assert "**Ready for review**" in comment
    assert labels(issue) == {"ready"}

    github.server.clock.advance(120)
    before, branch = git.resolve(git.default_branch), git.default_branch
    world.add_labels(issue, ["accepted"], "maria")
    assert deliver(github) == ["accept", "deploy"]
    assert set(git.git("diff", "--name-only", before, branch).split()) >= {FILE, "README.md"}
    assert "Towards Cross-Tokenizer Distillation" in git.git("show", f"{branch}:README.md")
    assert issue.state == "closed"
    assert labels(issue) == {"accepted", "added"}

    # The first sweep creates the labels that the list lacks.
    assert github.dispatch("sweep.yml").succeeded
    tree = git.resolve(branch)
    github.server.forget_log()
    assert github.dispatch("sweep.yml").succeeded
    assert github.server.writes == []
    assert git.resolve(branch) == tree


@pytest.mark.parametrize("default_branch", ["master"], indirect=True)
def test_an_issue_on_a_protected_branch_waits_in_a_pull_request_and_is_thanked_for(github):
    world, git = github.server.world, github.server.git
    branch = git.default_branch
    world.set_role("maria", "write")
    world.protect(branch)
    issue = world.open_issue("alice", "New paper", form())
    assert deliver(github) == ["review"]
    github.server.clock.advance(120)
    world.add_labels(issue, ["accepted"], "maria")
    deliver(github)
    (pull,) = [one for one in world.issues.values() if one.pull]
    assert {change.path for change in world.files_of(pull)} == {FILE}
    world.merge_pull(pull, "maria")
    assert issue.state == "closed"
    deliver(github)
    assert labels(issue) == {"accepted", "added"}
    assert "**Added**" in comments(github, issue)[-1]
    readme = next(one for one in world.issues.values() if one.title == "Rebuild the README")
    world.merge_pull(readme, "maria")
    deliver(github)
    assert "Towards Cross-Tokenizer Distillation" in git.git("show", f"{branch}:README.md")
    assert "added: " in git.git("show", f"{branch}:{FILE}")


def test_a_recheck_in_a_comment(github):
    world = github.server.world
    issue = world.open_issue("alice", "New paper", form())
    world.deliveries.clear()
    comment = world.comment(issue, "bob", "/recheck")
    assert deliver(github) == ["review"]
    assert [reaction.content for reaction in comment.reactions] == ["eyes", "+1"]
    assert len(comments(github, issue)) == 1


def test_commands_of_a_maintainer_and_of_others(github):
    world, git = github.server.world, github.server.git
    world.set_role("maria", "write")
    issue = world.open_issue("alice", "New paper", form())
    assert deliver(github) == ["review"]
    github.server.clock.advance(120)
    tree = git.resolve("main")
    for who, text, job in (
        ("alice", "/accept", ["accept"]),
        ("mallory", "/decline spam", ["accept"]),
        ("mallory", "/category Planning", ["review"]),
        ("mallory", "/help", ["review"]),
        ("mallory", "/nothing", ["review"]),
        ("maria", "> /accept", []),
        ("maria", "I say /accept", []),
    ):
        world.comment(issue, who, text)
        assert deliver(github) == job
    assert (git.resolve("main"), issue.state) == (tree, "open")
    assert len(comments(github, issue)) == 2  # the report and the list of commands
    world.comment(issue, "alice", "/category Planning")
    assert deliver(github) == ["review"]
    github.server.clock.advance(120)
    world.comment(issue, "maria", "/accept Labeling")
    assert deliver(github) == ["accept", "deploy"]
    assert "methods/labeling" in git.git("show", f"main:{FILE}")
    assert labels(issue) == {"accepted", "added"}
    other = world.open_issue("alice", "New paper", form("2402.12031", "Another Paper"))
    pull = world.open_pull("alice", "Add", files={"papers/x.yaml": "title: X\n"})
    deliver(github)
    github.server.clock.advance(120)
    for item in (other, pull):
        world.comment(item, "maria", "/decline It is about vision models")
        assert deliver(github) == ["accept"]
        assert item.state == "closed"
        assert labels(item) == {"declined"}


def test_the_kill_switch_stops_every_flow(github):
    github.variables["KDBOT_ENABLED"] = "false"
    issue = github.server.world.open_issue("alice", "New paper", form())
    (outcome,) = github.deliver_all()
    assert outcome.succeeded
    assert "switched off" in outcome.jobs["review"].output
    assert comments(github, issue) == []


def test_A11_a_module_in_the_working_folder_is_not_imported(github):
    planted = "raise SystemExit('the planted module was imported')\n"
    names = ["yaml.py", "json.py", "github.py", "kdbot.py", "jsonschema_rs.py"]
    github.own_process = True
    github.server.world.push("kd", dict.fromkeys(names, planted), "Plant modules")
    github.server.world.deliveries.clear()
    issue = github.server.world.open_issue("alice", "New paper", form())
    assert deliver(github) == ["review"]
    assert len(comments(github, issue)) == 1


def test_F19_a_burst_on_one_issue_ends_in_the_last_state(github):
    world = github.server.world
    issue = world.open_issue("alice", "New paper", form(categories=""))
    for number in range(3):
        world.edit_issue(issue, "alice", body=form(remarks=f"Version {number}"))
    assert "review" in deliver(github)
    assert labels(issue) == {"ready"}
    assert len(comments(github, issue)) == 1
