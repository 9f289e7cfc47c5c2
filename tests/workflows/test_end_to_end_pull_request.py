"""Pull requests from their faults to the list, with the repository's own workflow files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kdbot.github.labels import LABELS
from tests.flows.sample_list import sample_files

ROOT = Path(__file__).resolve().parents[2]
GOOD = "papers/2402.12030.yaml"
DOUBLE = "papers/minillm.yaml"
FAULTY = "papers/2403.00001.yaml"


# The deployment of the page has tests of its own.
PAGES = """\
on: {workflow_call: }
permissions: {}
jobs: {deploy: {runs-on: ubuntu-24.04, steps: [{run: "true"}]}}
"""


def record(arxiv, title, date, category):
    return f'title: "{title}"\narxiv: "{arxiv}"\ndate: {date}\ncategories:\n  - {category}\n'


FILES = {
    GOOD: record(
        "2402.12030", "Towards Cross-Tokenizer Distillation", "2024-02", "methods/labeling"
    ),
    DOUBLE: record(
        "2306.08543",
        "MiniLLM: Knowledge Distillation of Large Language Models",
        "2023-06",
        "methods/divergence-and-similarity",
    ),
    FAULTY: record("2403.00001", "Patient Students Learn", "2024-13", "methods/planing"),
}
FIXED = {
    DOUBLE: None,
    FAULTY: record("2403.00001", "Patient Students Learn", "2024-03", "skills/planning"),
}


@pytest.fixture
def default_branch(request):
    """The branch that the list is published from."""
    return getattr(request, "param", "main")


@pytest.fixture
def github(github_server, workflow_harness):
    """The sample list with this repository's workflows and labels."""
    workflows = {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for path in (ROOT / ".github" / "workflows").glob("*.yml")
        if path.name != "ci.yml"
    }
    workflows[".github/workflows/pages.yml"] = PAGES
    for label in LABELS:
        github_server.world.create_label(label.name)
    github_server.world.push("kd", sample_files() | workflows, "Start the list")
    github_server.world.deliveries.clear()
    workflow_harness.env |= {"KDBOT_PROBE_LINKS": "false", "KDBOT_ASK_SERVICES": "false"}
    return workflow_harness


def comments(github, pull):
    world = github.server.world
    return [c for c in world.comments_of(pull) if c.user is world.bot]


def labels(pull):
    return {label.name for label in pull.labels}


def statuses(github, sha):
    return [s.state for s in github.server.world.statuses if s.sha == sha]


def deliver(github):
    outcomes = github.deliver_all()
    assert all(outcome.succeeded for outcome in outcomes), "\n".join(o.log for o in outcomes)
    return outcomes


def jobs(outcomes):
    return [(outcome.workflow, name) for outcome in outcomes for name in outcome.jobs]


@pytest.mark.parametrize("default_branch", ["master"], indirect=True)
def test_a_pull_request_of_three_files_from_its_faults_to_the_readme(github):
    world, git = github.server.world, github.server.git

    pull = world.open_pull("alice", "Add three papers", "They are new.", files=FILES)
    first = world.head_sha(pull)
    (outcome,) = deliver(github)
    assert jobs([outcome]) == [("pull-request.yml", "review")]
    told = {
        (c["command"], c["kvPairs"]["file"], c["kvPairs"]["line"], c["kvPairs"]["title"])
        for c in outcome.jobs["review"].commands
        if c["command"] in {"error", "warning", "notice"}
    }
    assert told == {
        ("error", FAULTY, "3", "invalid-date"),
        ("error", FAULTY, "5", "unknown-category"),
        ("error", DOUBLE, "2", "duplicate-arxiv"),
    }
    (comment,) = comments(github, pull)
    number = comment.id
    for _, file, line, _ in told:
        assert f"blob/{first}/{file}#L{line}" in comment.body
    assert labels(pull) == {"needs changes"}
    assert statuses(github, first) == ["failure"]

    world.push_to_pull(pull, FIXED)
    second = world.head_sha(pull)
    deliver(github)
    (comment,) = comments(github, pull)
    assert comment.id == number
    assert "**2 papers ready for review**" in comment.body
    assert labels(pull) == {"ready"}
    assert statuses(github, first) == ["failure"]
    assert statuses(github, second) == ["success"]

    merged = world.merge_pull(pull, "kd")
    assert ("publish.yml", "publish") in jobs(deliver(github))
    assert git.git("rev-list", "--count", f"{merged}..{git.default_branch}") == "1"
    assert git.git("log", "-1", "--format=%s", git.default_branch).startswith("papers: ")
    readme = git.git("show", f"{git.default_branch}:README.md")
    log = readme.partition("kdbot:begin update-log")[2].partition("kdbot:end update-log")[0]
    assert re.search(r"\*\*[0-9-]{10}\*\*: \[2 papers added\]\(", log)
    assert readme.count("[Patient Students Learn](") == 1
    assert re.search(
        r"^added: [0-9-]{10}$", git.git("show", f"{git.default_branch}:{GOOD}"), re.MULTILINE
    )

    tip = git.resolve(git.default_branch)
    world.push("kd", {"papers/.keep": ""}, "Touch the papers")
    assert ("publish.yml", "publish") in jobs(deliver(github))
    assert git.git("rev-list", "--count", f"{tip}..{git.default_branch}") == "1"

    github.server.forget_log()
    assert github.dispatch("sweep.yml").succeeded
    assert github.server.writes == []


def test_a_recheck_in_a_comment_on_a_pull_request(github):
    world = github.server.world
    pull = world.open_pull("alice", "Add", files={GOOD: FILES[GOOD]})
    world.deliveries.clear()
    comment = world.comment(pull, "bob", "/recheck")
    assert jobs(deliver(github)) == [("pull-request.yml", "review")]
    assert [reaction.content for reaction in comment.reactions] == ["eyes", "+1"]
    assert labels(pull) == {"ready"}


def test_A01_code_of_a_pull_request_is_never_run(github):
    github.own_process = True
    world = github.server.world
    planted = "raise SystemExit('the head was run')\n"
    names = ["yaml.py", "github.py", "kdbot.py", "src/kdbot/flows/act.py", "sitecustomize.py"]
    workflow = (
        "on: pull_request_target\njobs: {x: {runs-on: ubuntu-24.04, steps: [{run: exit 1}]}}\n"
    )
    files = {GOOD: FILES[GOOD], ".github/workflows/pull-request.yml": workflow}
    pull = world.open_pull("mallory", "Add", files=files | dict.fromkeys(names, planted))
    deliver(github)
    assert labels(pull) == {"needs a maintainer"}
    assert statuses(github, world.head_sha(pull)) == ["pending"]


def test_the_kill_switch_stops_reviews_and_publishing(github):
    github.variables["KDBOT_ENABLED"] = "false"
    world = github.server.world
    pull = world.open_pull("alice", "Add", files={GOOD: FILES[GOOD]})
    deliver(github)
    assert comments(github, pull) == []
    merged = world.merge_pull(pull, "kd")
    deliver(github)
    assert github.server.git.resolve(github.server.git.default_branch) == merged


def test_an_edit_of_the_readme_by_hand_comes_back_as_a_file(github):
    world, git = github.server.world, github.server.git
    lines = git.git("show", f"{git.default_branch}:README.md").split("\n")
    place = next(i for i, text in enumerate(lines) if text.startswith("|") and "MiniLLM" in text)
    row = "| [Patient Students Learn](https://arxiv.org/abs/2403.00001) | arXiv | 2024-03 | | |"
    text = "\n".join([*lines[: place + 1], row, *lines[place + 1 :], ""])
    pull = world.open_pull("alice", "Update README.md", files={"README.md": text})
    deliver(github)
    (comment,) = comments(github, pull)
    assert 'title: "Patient Students Learn"\narxiv: "2403.00001"\n' in comment.body
    assert "https://github.com/alice/demo/new/patch-1/papers?filename=2403.00001" in comment.body
    assert labels(pull) == {"needs changes"}
