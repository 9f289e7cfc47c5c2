"""How a run on GitHub begins and ends: whose word counts, what is switched off, what is said."""

from __future__ import annotations

import json
import re
from functools import partial

import pytest
from markdown_it import MarkdownIt

from kdbot.flows.act import act
from kdbot.flows.job import Job
from kdbot.flows.run import open_run, run_flow
from kdbot.flows.sweep import sweep
from kdbot.flows.weekly.audit import weekly
from kdbot.github.errors import GitHubUnavailableError, RepositoryGoneError
from kdbot.model.errors import KdbotError
from kdbot.storage.repository import load_settings
from tests.flows.conftest import TOKEN, git
from tests.flows.sample_list import SETTINGS, form, sample_files


class Actions:
    """A job of GitHub Actions: a checkout, an event and the files that GitHub reads afterwards."""

    def __init__(self, server, folder):
        self.server = server
        self.root = folder / "list"
        self.event = folder / "event.json"
        self.summary = folder / "summary.md"
        self.outputs = folder / "outputs"
        server.grant(TOKEN, {"contents": "write", "issues": "write", "pull-requests": "write"})
        sample_files(self.root)

    def environment(self, **more):
        return {
            "GITHUB_API_URL": self.server.base_url,
            "GITHUB_EVENT_PATH": str(self.event),
            "GITHUB_OUTPUT": str(self.outputs),
            "GITHUB_REPOSITORY": "kd/demo",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_TOKEN": TOKEN,
            "KDBOT_PROBE_LINKS": "false",
            "KDBOT_ASK_SERVICES": "false",
            **more,
        }

    def happens(self, *, branch="main", fork=False, **payload):
        repository = {"default_branch": branch, "fork": fork}
        self.event.write_text(json.dumps({"repository": repository, **payload}))

    def settings(self, text):
        (self.root / "kdbot.toml").write_text(text + SETTINGS)

    def run(self, flow=lambda _run: 0, **environment):
        return run_flow(self.root, self.environment(**environment), flow, dry_run=False)

    def said(self):
        return self.summary.read_text("utf-8") if self.summary.exists() else ""


@pytest.fixture
def actions(github_server, tmp_path):
    job = Actions(github_server, tmp_path)
    job.happens()
    return job


def opened(number, **more):
    author = {"login": "alice", "id": 5, "type": "User"}
    issue = {"number": number, "user": author}
    return {"action": "opened", "issue": issue, "sender": author, **more}


def test_the_published_branch_is_the_events_default_branch(actions):
    actions.happens(branch="master")
    actions.settings('branch = "main"\n')
    assert load_settings(actions.root, actions.environment()).branch == "master"
    assert actions.run() == 0
    assert "`branch` is `master` on GitHub, which counts; kdbot.toml names `main`" in actions.said()


def test_githubs_name_of_the_repository_counts_before_the_files(actions):
    actions.settings('repository = "kd/before-the-rename"\n')
    settings = load_settings(actions.root, actions.environment())
    assert settings.repository == "kd/demo"
    assert actions.run() == 0
    assert "kdbot.toml names `kd/before-the-rename`" in actions.said()
    assert load_settings(actions.root, {}).repository == "kd/before-the-rename"


@pytest.mark.parametrize("text", ["", 'branch = "main"\nrepository = "KD/Demo"\n'])
def test_a_file_that_agrees_is_no_word_worth(actions, text):
    actions.settings(text)
    assert actions.run() == 0
    assert actions.said() == ""


@pytest.mark.parametrize(
    ("stated", "found"), [("", "trunk"), ('branch = "release"\n', "release")], ids=["git", "file"]
)
def test_on_a_laptop_the_file_names_the_branch_or_else_git_does(actions, stated, found):
    actions.settings(stated)
    git(actions.root, "init", "--quiet", "--initial-branch", "trunk")
    assert load_settings(actions.root, {}).branch == found


def test_a_clone_on_another_branch_knows_the_one_that_its_origin_publishes(actions, tmp_path):
    git(actions.root, "init", "--quiet", "--initial-branch", "trunk")
    git(actions.root, "add", "--all")
    git(actions.root, "commit", "--quiet", "-m", "Start")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(actions.root), str(clone))
    git(clone, "switch", "--quiet", "--create", "my-paper")
    assert load_settings(clone, {}).branch == "trunk"


def test_without_git_the_branch_is_main(actions):
    assert load_settings(actions.root, {}).branch == "main"


def test_A10_a_fork_says_how_it_is_switched_on_and_does_nothing(actions, github_server):
    issue = github_server.world.open_issue("alice", "New paper", form())
    actions.happens(fork=True, **opened(issue.number))
    github_server.forget_log()
    environment = actions.environment(GITHUB_EVENT_NAME="issues")
    assert act(actions.root, environment, dry_run=False) == 0
    assert github_server.log == []
    assert "`KDBOT_FORK`" in actions.said()
    assert act(actions.root, environment | {"KDBOT_FORK": "true"}, dry_run=False) == 0
    assert len(github_server.world.comments_of(issue)) == 1


@pytest.mark.parametrize(
    "environment", [{"KDBOT_ENABLED": "false"}, {"KDBOT_FORK": "false"}], ids=["off", "fork"]
)
def test_a_flow_that_is_switched_off_is_not_begun(actions, environment):
    actions.happens(fork=True)
    begun = []
    assert actions.run(begun.append, **environment) == 0
    assert begun == []
    assert "; nothing to do" in actions.said()


def test_a_repository_that_is_gone_is_a_fault_with_its_remedy(actions, github_server):
    issue = github_server.world.open_issue("alice", "New paper", form())
    actions.happens(**opened(issue.number))
    environment = actions.environment(GITHUB_EVENT_NAME="issues", GITHUB_REPOSITORY="kd/no-more")
    with pytest.raises(RepositoryGoneError, match="correct `repository`") as error:
        act(actions.root, environment, dry_run=False)
    assert error.value.exit_status == 1
    assert "there is no repository kd/no-more on GitHub" in actions.said()


def test_a_repository_that_was_renamed_meanwhile_is_a_fault_with_its_new_name(
    actions, github_server
):
    issue = github_server.world.open_issue("alice", "New paper", form())
    actions.happens(**opened(issue.number))
    github_server.world.rename(name="renamed")
    environment = actions.environment(GITHUB_EVENT_NAME="issues")
    with pytest.raises(
        RepositoryGoneError, match="kd/demo was renamed or transferred to kd/renamed"
    ) as error:
        act(actions.root, environment, dry_run=False)
    assert error.value.exit_status == 1
    assert "repository = " in actions.said()


EVENTS = {
    "issue": ("issues", opened(1)),
    "accept": ("issues", opened(1) | {"action": "labeled", "label": {"name": "accepted"}}),
    "comment": (
        "issue_comment",
        opened(1) | {"action": "created", "comment": {"id": 1, "body": "/recheck"}},
    ),
    "pull request": (
        "pull_request_target",
        opened(1) | {"pull_request": opened(1)["issue"], "number": 1},
    ),
    "push": ("push", {"ref": "refs/heads/main", "commits": [{"added": ["papers/x.yaml"]}]}),
    "sweep": ("schedule", {}),
    "week": ("schedule", {}),
}
AWAY = {
    "renamed": (
        lambda world: world.rename(name="renamed"),
        "kd/demo was renamed or transferred to kd/renamed",
    ),
    "transferred": (
        lambda world: world.rename(owner="lab"),
        "kd/demo was renamed or transferred to lab/demo",
    ),
    "gone": (
        lambda world: setattr(world, "gone", True),
        "there is no repository kd/demo on GitHub",
    ),
}


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("flow", EVENTS)
def test_H13_a_repository_that_is_elsewhere_ends_every_flow_in_words(
    actions, github_server, flow, away
):
    github_server.world.open_issue("alice", "New paper", form())
    name, payload = EVENTS[flow]
    actions.happens(**payload)
    git(actions.root, "init", "--quiet", "--initial-branch=main")
    git(actions.root, "remote", "add", "origin", str(github_server.git.path))
    move, words = AWAY[away]
    move(github_server.world)
    environment = actions.environment(GITHUB_EVENT_NAME=name)
    begin = partial(act, actions.root, environment)
    if flow in ("sweep", "week"):
        week = partial(weekly, artifacts=[], environment={})
        begin = partial(run_flow, actions.root, environment, sweep if flow == "sweep" else week)
    with pytest.raises(RepositoryGoneError) as error:
        begin(dry_run=False)
    assert error.value.exit_status == 1
    assert words in actions.said()
    assert "repository" in str(error.value.fix)
    assert [one for one in github_server.writes if one.status < 300] == []


def test_an_issue_that_is_gone_is_none(actions):
    actions.happens(**opened(99))
    environment = actions.environment(GITHUB_EVENT_NAME="issues")
    assert act(actions.root, environment, dry_run=False) == 0
    assert "could not check: issue 99: does not exist" in actions.said()


def test_what_the_bot_did_to_an_item_stands_in_the_summary_in_words(actions, github_server):
    issue = github_server.world.open_issue("alice", "New paper", form())
    actions.happens(**opened(issue.number))
    assert act(actions.root, actions.environment(GITHUB_EVENT_NAME="issues"), dry_run=False) == 0
    said = actions.said()
    assert f"{issue.number}: wrote a comment\n" in said
    assert f"{issue.number}: set `ready`\n" in said
    assert "CreateComment" not in said


def test_an_outage_and_an_error_stand_in_the_summary(actions):
    def flow(_run):
        raise GitHubUnavailableError("GitHub answered 502", where="the open issues")

    assert actions.run(flow) == 0
    assert "could not check: the open issues: GitHub answered 502" in actions.said()
    actions.settings("colour = 1\n")
    with pytest.raises(KdbotError):
        actions.run()
    assert "error: kdbot.toml: unknown setting `colour`" in actions.said()


TEXTS = [
    "::add-mask::x",
    "\n::error::x",
    "<script>alert(1)</script>",
    "[x](https://example.org) @octocat #1",
    "\x1b[31m \u202e ![](https://example.org/a.png)",
    "`code` ` <b>",
]


@pytest.mark.parametrize("text", TEXTS, ids=[f"A14-{n}" for n in range(len(TEXTS))])
def test_A14_no_text_of_others_is_alive_in_log_or_summary(tmp_path, capsys, text):
    summary = tmp_path / "summary.md"
    Job(summary=summary).message(text)
    (line,) = summary.read_text("utf-8").splitlines()
    assert not re.search(r"@\w|(?<!&)#\d|\x1b|\u202e", line)
    for block in MarkdownIt().parse(line):
        for token in block.children or ():
            is_ours = token.content in {"<span>", "</span>", "<code>", "</code>"}
            assert is_ours or token.type in {"text", "code_inline"}
    (logged,) = capsys.readouterr().out.splitlines()
    assert logged.startswith("kdbot: ")


def test_a_summary_is_bounded_and_says_so(tmp_path, capsys):
    job = Job(summary=tmp_path / "summary.md")
    for _ in range(300):
        job.message("<" * 2_000)
    text = job.summary.read_text("utf-8")
    assert 256 * 1024 <= len(text) < 300 * 1024
    assert text.count("The rest is in the log.") == 1
    assert capsys.readouterr().out.count("kdbot: ") == 300


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pushed", "x\nEOF\nis_valid=true"),
        ("pushed", "true\nother=1"),
        ("pushed<<EOF", "true"),
        ("pushed", ""),
        ("pushed", "a b"),
        ("Pushed=x", "true"),
    ],
)
def test_A13_an_output_is_a_plain_word_and_sets_no_other(tmp_path, name, value):
    job = Job(outputs=tmp_path / "outputs")
    with pytest.raises(ValueError, match="not a valid step output"):
        job.output(name, value)
    assert not job.outputs.exists()


def test_an_output_is_written_where_github_reads_it(actions):
    run = open_run(actions.root, actions.environment(), dry_run=False)
    run.output("pushed", "true")
    run.close()
    assert actions.outputs.read_text() == "pushed=true\n"


@pytest.mark.parametrize(("ref", "published"), [("master", True), ("main", False)])
def test_a_push_publishes_the_default_branch_alone(actions, ref, published):
    git(actions.root, "init", "--quiet")
    git(actions.root, "add", "--all")
    git(actions.root, "commit", "--quiet", "-m", "Start the list")
    actions.happens(branch="master", ref=f"refs/heads/{ref}")
    environment = actions.environment(GITHUB_EVENT_NAME="workflow_dispatch")
    assert act(actions.root, environment, dry_run=False) == 0
    assert ("is not the published branch; nothing to do" in actions.said()) != published
