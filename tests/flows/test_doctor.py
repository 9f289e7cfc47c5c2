"""`kdbot doctor` against the stand-in: a healthy repository, and each thing that can be wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from importlib.metadata import version

import pytest

from kdbot.flows.list.doctor import doctor
from kdbot.flows.list.setup import setup
from kdbot.github.diagnosis import _RULES
from kdbot.github.labels import DOCTOR, LABELS
from kdbot.model.errors import KdbotError
from kdbot.publish.new_list import PIN_FILE
from kdbot.publish.tracking_issues import DOCTOR_MARKER, DOCTOR_TITLE
from tests.flows.conftest import git
from tests.flows.sample_list import sample_files
from tests.github_server.clock import START
from tests.github_server.settings import Policy, WorkflowFile, WorkflowRun

FILES = ("ci", "doctor", "issue", "pages", "publish", "pull-request", "sweep", "weekly")
JOB = {"actions": "read", "contents": "read", "issues": "write"}
PULL_REQUEST = ".github/workflows/pull-request.yml"


class Patient:
    """A repository that an owner has set up, and what the doctor says of it."""

    def __init__(self, server, folder, capsys):
        self.server, self.world, self.settings = server, server.world, server.world.settings
        self.root = folder / "clone"
        self.summary = folder / "summary.md"
        self._capsys = capsys
        server.grant("owner", actor="kd")
        server.grant("job", JOB)
        self.environment = {
            "GITHUB_REPOSITORY": "kd/demo",
            "GITHUB_TOKEN": "owner",
            "GITHUB_API_URL": server.base_url,
        }
        self.job = {
            **self.environment,
            "GITHUB_TOKEN": "job",
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(self.summary),
        }

    def push(self, files, message="Change"):
        self.world.push("kd", files, message)

    def clone(self):
        self.server.git.clone(self.root)

    def set_up(self):
        assert setup("kd/demo", self.environment, dry_run=False) == 0
        self._capsys.readouterr()

    def pull(self):
        git(self.root, "pull", "--quiet")

    def ask(self, environment=None, *, form="json", keep_issue=False, **more):
        status = doctor(
            self.root,
            environment or self.environment,
            form,
            keep_issue=keep_issue,
            now=self.server.clock.now(),
            **more,
        )
        said = self._capsys.readouterr()
        return status, json.loads(said.out) if form == "json" else said

    def codes(self, environment=None):
        _, said = self.ask(environment)
        return [found["code"] for found in said["findings"]]

    def unknown(self, environment=None):
        return {entry["what"] for entry in self.ask(environment)[1]["unknown"]}

    def later(self, **delta):
        self.server.clock.advance(timedelta(**delta).total_seconds())

    def run_of(self, name, conclusion, event="push"):
        run = WorkflowRun(
            id=self.world.new_id(),
            path=f".github/workflows/{name}.yml",
            event=event,
            conclusion=conclusion,
            created_at=self.server.clock.now(),
            head_sha=self.server.git.resolve("main"),
        )
        self.settings.runs.append(run)
        return run

    def workflow(self, name):
        return next(w for w in self.settings.workflows if w.path.endswith(f"/{name}.yml"))

    def policy(self, events, *, include=(PULL_REQUEST,), **more):
        number = self.world.new_id()
        rule = {"type": "restrict_action_events", "parameters": {"allowed_events": events}}
        path = {"include": list(include), "exclude": []}
        self.settings.policies[number] = Policy(
            id=number,
            name="a policy",
            conditions={"workflow_path": path},
            rules=[rule],
            created_at=START,
            updated_at=START,
            **{"enforcement": "active", **more},
        )

    def tracking(self):
        found = [i for i in self.world.issues.values() if i.title == DOCTOR_TITLE]
        assert len(found) <= 1
        return found[0] if found else None


@pytest.fixture
def patient(github_server, tmp_path, capsys):
    patient = Patient(github_server, tmp_path, capsys)
    patient.push(sample_files(), "Start the list")
    patient.clone()
    patient.set_up()
    for name in FILES:
        path = f".github/workflows/{name}.yml"
        made = WorkflowFile(id=github_server.world.new_id(), path=path, created_at=START)
        patient.settings.workflows.append(made)
    return patient


def test_of_a_repository_that_is_set_up_it_says_nothing(patient):
    patient.later(days=1)
    assert patient.ask() == (0, {"repository": "kd/demo", "findings": [], "unknown": []})


def test_it_writes_nothing(patient):
    patient.server.forget_log()
    patient.ask()
    assert patient.server.writes == []


def edit(name, old, new):
    def change(patient):
        text = patient.server.git.git("show", f"main:{name}")
        assert old in text or not old
        patient.push({name: text.replace(old, new) if old else text + new})
        patient.pull()

    return change


def settle(**values):
    def change(patient):
        for name, value in values.items():
            setattr(patient.settings, name, value)

    return change


def fork(**variables):
    def change(patient):
        patient.world.is_fork = True
        patient.settings.variables |= variables

    return change


def rename(patient):
    edit("kdbot.toml", "title =", 'repository = "kd/demo"\ntitle =')(patient)
    patient.world.rename(name="new-name")


def pin(text):
    return lambda patient: (patient.push({PIN_FILE: f"runs:\n  - uses: {text}\n"}), patient.pull())


def tag(patient, *names):
    for name in names:
        patient.server.git.set_ref(f"refs/tags/{name}", patient.server.git.resolve("main"))


def disable(patient):
    patient.workflow("sweep").state = "disabled_inactivity"


def stale(patient):
    name = "papers/2306.08543.yaml"
    text = patient.server.git.git("show", f"main:{name}")
    patient.push({name: text.replace("ICLR", "NeurIPS")})
    patient.pull()
    patient.later(minutes=61)


def cancel(name, *, then=None):
    def change(patient):
        patient.run_of(name, "cancelled")
        patient.later(minutes=5)
        if then:
            patient.run_of(name, then)

    return change


def without_label(patient):
    patient.world.delete_label(patient.world.labels["accepted"])


def forbid_pulls(patient):
    patient.world.actions_may_open_pulls = False


SHA = "1" * 40
WRONG = [
    (
        "repository-name",
        edit("kdbot.toml", "title =", 'repository = "kd/old-name"\ntitle ='),
        "kd/old-name",
    ),
    ("repository-name", rename, "now called `kd/new-name`; `kdbot.toml` names `kd/demo`"),
    ("default-branch", edit("kdbot.toml", "title =", 'branch = "master"\ntitle ='), "master"),
    ("repository-archived", settle(archived=True), "archived"),
    ("fork-switched-off", fork(), "fork"),
    ("switched-off", settle(variables={"KDBOT_ENABLED": "False"}), "KDBOT_ENABLED"),
    ("kdbot-not-pinned", pin(f"OWNER/kdbot@{'0' * 40} # v0.1.0"), "OWNER/kdbot@000"),
    ("kdbot-not-pinned", pin("someone/kdbot@main"), "someone/kdbot@main"),
    ("missing-label", without_label, "1 label is missing: `accepted`"),
    ("pages-off", settle(page_source=None), "off"),
    ("pages-from-branch", settle(page_source="legacy"), "branch"),
    ("pull-requests-forbidden", forbid_pulls, "create pull requests"),
    ("actions-off", settle(allowed_actions=None), "is disabled"),
    ("actions-off", settle(allowed_actions="local_only"), "same owner"),
    ("token-may-write", settle(default_permissions="write"), "write"),
    ("actions-policy-missing", settle(policies={}), "pull_request_target"),
    (
        "actions-policy-events",
        lambda p: p.policy(["pull_request_target"]),
        "`a policy` does not allow `issue_comment`",
    ),
    (
        "actions-policy-events",
        lambda p: p.policy(["push"], include=(".github/workflows/*.yml",)),
        "`issue_comment`, `pull_request_target`",
    ),
    (
        "actions-policy-events",
        lambda p: p.policy(["push"], include=("~ALL",), source_type="Organization"),
        "set by the organization",
    ),
    ("protected-branch", settle(rules={"main": ["pull_request"]}), "`main` is protected"),
    ("signed-commits", settle(rules={"main": ["required_signatures"]}), "signed"),
    ("low-quota", settle(remaining=499), "499 of 5,000"),
    ("stale-readme", stale, "`README.md`"),
    ("superseded-run", cancel("publish"), "no later run succeeded"),
    ("superseded-run", cancel("weekly", then="failure"), "`weekly.yml`"),
    ("workflow-disabled", disable, "disabled_inactivity"),
]
NOTICES = {"pages-off", "protected-branch"}
WARNINGS = {"default-branch", "switched-off", "token-may-write", "low-quota", "superseded-run"}


@pytest.mark.parametrize(
    ("code", "spoil", "word"), [pytest.param(*w, id=f"{w[0]}-{n}") for n, w in enumerate(WRONG)]
)
def test_what_is_wrong_is_named_with_place_and_remedy(patient, code, spoil, word):
    spoil(patient)
    status, said = patient.ask()
    (found,) = said["findings"]
    assert found["code"] == code
    assert word in found["message"]
    assert found["fix"].endswith(".")
    assert found["place"].startswith(("https://github.com/kd/", "kdbot.toml", PIN_FILE))
    severity = "notice" if code in NOTICES else "warning" if code in WARNINGS else "error"
    assert (found["severity"], status) == (severity, int(severity == "error"))
    status, said = patient.ask(form="text")
    assert f"{severity}: " in said.out
    assert f"[{code}]" in said.out
    assert found["place"].partition(":")[0] in said.out


def test_every_rule_has_a_case():
    tested = {code for code, _, _ in WRONG} | {"repository-gone", "kdbot-outdated"}
    assert set(_RULES) == tested


RIGHT = {
    "a fork that is switched on": fork(KDBOT_FORK="true"),
    "a list that is not switched off": settle(variables={"KDBOT_ENABLED": "true"}),
    "a private repository without a policy": settle(private=True, policies={}),
    "a policy for other files": lambda p: p.policy(["push"], include=("ci.yml",)),
    "a policy that only evaluates": lambda p: p.policy(["push"], enforcement="evaluate"),
    "rules that do not concern the bot": settle(rules={"main": ["non_fast_forward", "deletion"]}),
    "rules of other branches": settle(rules={"next": ["pull_request"]}),
    "chosen actions": settle(allowed_actions="selected"),
    "enough requests": settle(remaining=500),
    "the right branch": edit("kdbot.toml", "title =", 'branch = "main"\ntitle ='),
    "the right name": edit("kdbot.toml", "title =", 'repository = "KD/demo"\ntitle ='),
    "a change that publish is about to show": lambda p: (
        stale(p),
        p.server.clock.advance(-120),
    ),
    "runs that were cancelled long ago": lambda p: (cancel("publish")(p), p.later(days=8)),
    "failures that everybody sees": lambda p: p.run_of("publish", "failure"),
    "a foreign workflow that is off": lambda p: p.settings.workflows.append(
        WorkflowFile(
            id=1, path=".github/workflows/mine.yml", created_at=START, state="disabled_manually"
        )
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_not_named(patient, name):
    RIGHT[name](patient)
    assert patient.ask()[0] == 0
    assert patient.codes() == []


def test_a_run_that_was_made_up_for_is_a_notice(patient):
    cancel("publish", then="success")(patient)
    status, said = patient.ask()
    assert status == 0
    assert [(f["code"], f["severity"], f["fix"]) for f in said["findings"]] == [
        ("superseded-run", "notice", "Nothing to do.")
    ]


def test_an_old_pin_is_told_from_the_newest_tag(patient):
    tag(patient, "v0.2.0", "v0.10.0", "v0.9.9", "vnext")
    pin(f"kd/demo@{SHA} # v0.2.0")(patient)
    _, said = patient.ask()
    (found,) = said["findings"]
    assert (found["code"], found["line"]) == ("kdbot-outdated", 2)
    assert found["message"] == "The workflows run `v0.2.0`; `v0.10.0` is available."
    assert found["place"] == f"{PIN_FILE}:2"


def test_another_release_than_the_pinned_one_leaves_the_readme_unknown(patient):
    stale(patient)
    pin(f"kd/demo@{SHA} # v9.9.9")(patient)
    assert patient.codes() == []
    assert patient.unknown() == {"README"}


@pytest.mark.parametrize("text", [f"kd/demo@{SHA} # v{version('kdbot')}", f"kd/demo@{SHA}"])
def test_a_pin_that_is_new_or_names_no_release_is_no_fault(patient, text):
    tag(patient, "v0.0.1")
    pin(text)(patient)
    assert (patient.codes(), patient.unknown()) == ([], set())


def test_a_release_that_cannot_be_read_is_unknown(patient):
    pin(f"someone/kdbot@{SHA} # v0.1.0")(patient)
    assert patient.codes() == []
    assert "newest release of kdbot" in patient.unknown()


def test_the_older_protection_of_a_branch_counts_too(patient):
    patient.world.protect("main")
    assert patient.codes() == ["protected-branch"]
    patient.settings.signed.add("main")
    assert patient.codes() == ["signed-commits", "protected-branch"]


def test_a_branch_that_is_protected_by_rules_alone_is_no_riddle(patient):
    patient.world.protect("main", kind="ruleset")
    assert (patient.codes(), patient.unknown()) == (["protected-branch"], set())
    assert "protection of `main`" not in patient.unknown(patient.job)


def test_a_protection_that_a_job_may_not_read_is_unknown(patient):
    patient.world.protect("main")
    assert patient.codes(patient.job) == []
    assert "protection of `main`" in patient.unknown(patient.job)


def test_a_repository_that_is_not_there_is_an_error(patient):
    status, said = patient.ask(repository="kd/gone")
    assert status == 1
    assert [f["code"] for f in said["findings"]] == ["repository-gone"]
    assert "`kd/gone`" in said["findings"][0]["message"]


def test_a_list_that_cannot_be_built_leaves_the_readme_unknown(patient):
    edit("papers/2306.08543.yaml", "date: 2023-06", "date: soon")(patient)
    patient.later(hours=2)
    assert patient.codes() == []
    assert patient.unknown() == {"README"}


def test_a_repository_before_its_first_push_is_read_as_far_as_it_goes(patient):
    patient.server.faults.fail(
        status=409, times=9, matches=lambda request: request.path.endswith("/commits")
    )
    assert patient.codes() == []
    assert "last change of the papers" in patient.unknown()


def test_a_checkout_that_is_behind_leaves_the_readme_unknown(patient):
    patient.push({"papers/x.txt": "x"})
    patient.later(hours=2)
    assert patient.codes() == []
    assert patient.unknown() == {"README"}


# What a job may not read


def test_what_a_job_may_not_read_is_unknown_and_no_fault(patient):
    status, said = patient.ask(patient.job)
    assert (status, said["findings"]) == (0, [])
    unknown = {entry["what"]: entry["reason"] for entry in said["unknown"]}
    assert set(unknown) == {
        "source of the page",
        "workflow permissions",
        "Actions permissions",
        "Actions policies",
    }
    assert "Resource not accessible by integration" in unknown["workflow permissions"]
    assert "owner's token" in unknown["Actions policies"]


def test_what_a_job_may_not_read_is_never_fine(patient):
    settle(default_permissions="write", page_source="legacy", policies={})(patient)
    forbid_pulls(patient)
    _, said = patient.ask(patient.job, form="text")
    assert said.out.count("unknown: ") == 4
    assert "no problems found" in said.err
    assert len(patient.codes()) == 4


def test_a_job_sees_that_the_page_is_off(patient):
    settle(page_source=None)(patient)
    assert patient.codes(patient.job) == ["pages-off"]


def test_a_job_is_handed_the_variables(patient):
    fork()(patient)
    assert patient.codes(patient.job) == ["fork-switched-off"]
    assert patient.codes({**patient.job, "KDBOT_FORK": "true"}) == []


def test_variables_that_cannot_be_read_are_unknown(patient):
    fork()(patient)
    patient.server.grant("integration", {**JOB})
    unknown = patient.unknown({**patient.environment, "GITHUB_TOKEN": "integration"})
    assert {"variable `KDBOT_FORK`", "variable `KDBOT_ENABLED`"} <= unknown


def test_without_any_permission_everything_is_unknown(patient):
    patient.server.grant("nothing", {})
    status, said = patient.ask({**patient.job, "GITHUB_TOKEN": "nothing"})
    assert (status, said["findings"]) == (0, [])
    assert {"labels", "branch `main`", "workflows"} <= {e["what"] for e in said["unknown"]}


# What is inferred of the Actions policy


def open_pull(patient, author="alice"):
    return patient.world.open_pull(author, "A paper", files={f"{author}.txt": "x"})


def test_a_pull_request_that_started_no_run_tells_of_the_policy(patient):
    settle(policies={})(patient)
    patient.later(days=1)
    patient.run_of("pull-request", "success", "pull_request_target")
    patient.later(days=1)
    open_pull(patient)
    patient.later(minutes=5)
    assert patient.codes(patient.job) == []  # its run may still come
    patient.later(minutes=6)
    status, said = patient.ask(patient.job)
    assert status == 1
    (found,) = said["findings"]
    assert found["code"] == "actions-policy-missing"
    assert "2026-03-04 09:00 UTC" in found["message"]


def test_a_pull_request_before_any_run_tells_too(patient):
    patient.later(days=1)
    patient.run_of("pull-request", "success", "issue_comment")
    open_pull(patient)
    patient.later(hours=1)
    assert patient.codes(patient.job) == ["actions-policy-missing"]


def test_a_refused_run_tells_of_the_policy(patient):
    patient.later(days=1)
    open_pull(patient)
    run = patient.run_of("pull-request", "startup_failure", "pull_request_target")
    _, said = patient.ask(patient.job)
    (found,) = said["findings"]
    assert found["code"] == "actions-policy-missing"
    assert f"actions/runs/{run.id}" in found["message"]


@pytest.mark.parametrize("author", ["alice", "dependabot[bot]"])
def test_pull_requests_that_say_nothing_of_the_policy(patient, author):
    patient.later(days=1)
    open_pull(patient, author)
    if author == "alice":
        patient.later(seconds=20)
        patient.run_of("pull-request", "failure", "pull_request_target")
    patient.later(hours=1)
    assert patient.codes(patient.job) == []


def test_a_pull_request_older_than_the_workflow_says_nothing(patient):
    open_pull(patient)
    patient.later(hours=1)
    patient.workflow("pull-request").created_at = patient.server.clock.now()
    patient.later(hours=1)
    assert patient.codes(patient.job) == []


# The tracking issue and the summary


def keep(patient, **more):
    return patient.ask({**patient.job, **more}, keep_issue=True)


def test_what_is_wrong_stands_in_one_issue_that_closes_itself(patient):
    keep(patient)
    assert patient.tracking() is None
    without_label(patient)
    assert keep(patient)[0] == 1
    issue = patient.tracking()
    assert issue.user is patient.world.bot
    assert [label.name for label in issue.labels] == [DOCTOR]
    assert issue.body.startswith(f"{DOCTOR_MARKER}\n**Action needed**")
    assert "(https://github.com/kd/demo/labels)" in issue.body
    assert "kdbot setup" in issue.body
    patient.server.forget_log()
    keep(patient)
    assert patient.server.writes == []
    patient.set_up()
    keep(patient)
    assert (issue.state, issue.state_reason) == ("closed", "completed")
    assert "No problems found" in issue.body
    without_label(patient)
    keep(patient)
    assert patient.tracking().state == "open"


def test_a_job_that_may_not_keep_an_issue_fails_and_says_why(patient, capsys):
    patient.server.grant("job", {**JOB, "issues": "read"})
    without_label(patient)
    capsys.readouterr()
    assert doctor(patient.root, patient.job, "json", keep_issue=True) == 1
    assert "grant `issues: write`" in capsys.readouterr().err


@pytest.mark.parametrize("spoil", [lambda _patient: None, without_label])
def test_an_issue_that_could_not_be_written_hides_nothing(patient, spoil):
    spoil(patient)
    patient.server.faults.fail(times=99, matches=lambda request: request.path.endswith("/issues"))
    status, said = keep(patient)
    assert status == int(bool(said["findings"]))
    assert status == int(spoil is without_label)


def test_a_notice_alone_opens_no_issue(patient):
    settle(page_source=None)(patient)
    keep(patient)
    assert patient.tracking() is None


def test_another_ones_issue_with_our_marker_is_left_alone(patient):
    forged = patient.world.open_issue("mallory", "x", f"{DOCTOR_MARKER}\nall is well")
    without_label(patient)
    keep(patient)
    assert forged.body == f"{DOCTOR_MARKER}\nall is well"
    assert patient.tracking().user is patient.world.bot


def test_names_of_others_are_dead_text_in_the_issue(patient):
    name = "<!-- x --> @everyone [a](https://evil.example)"
    patient.policy(["push"])
    next(reversed(patient.settings.policies.values())).name = name
    settle(default_permissions="write")(patient)
    _, said = patient.ask({**patient.environment, "GITHUB_STEP_SUMMARY": str(patient.summary)})
    assert name in said["findings"][0]["message"]
    text = patient.summary.read_text()
    assert "@everyone" not in text
    assert "](https://evil" not in text
    assert "<!--" not in text


def test_the_summary_of_the_job_says_it_too(patient):
    without_label(patient)
    patient.ask(patient.job)
    text = patient.summary.read_text()
    assert text.startswith("**Action needed**")
    assert "1 label is missing: `accepted`." in text
    assert "<summary>Unknown (4)</summary>" in text


def test_the_kill_switch_stops_it(patient):
    patient.server.forget_log()
    without_label(patient)
    assert (
        doctor(patient.root, {**patient.job, "KDBOT_ENABLED": "false"}, "text", keep_issue=True)
        == 0
    )
    assert patient.server.log == []


# A world that fails


def test_github_that_does_not_answer_is_no_fault(patient, capsys):
    patient.server.faults.fail(times=999)
    status = doctor(patient.root, patient.environment, "text")
    assert status == 0
    assert "could not check" in capsys.readouterr().err


@pytest.mark.parametrize(
    "part", ["labels", "pages", "policies", "permissions/workflow", "runs", "rate_limit"]
)
def test_a_read_that_fails_leaves_its_subject_unknown(patient, part):
    patient.server.faults.fail(times=999, matches=lambda request: request.path.endswith(part))
    status, said = patient.ask()
    assert (status, said["findings"]) == (0, [])
    assert said["unknown"]


def test_without_a_name_or_a_token_it_says_what_to_do(patient):
    with pytest.raises(KdbotError, match="OWNER/NAME"):
        doctor(patient.root, {"GITHUB_TOKEN": "owner"}, "text")
    with pytest.raises(KdbotError, match="gh auth token"):
        doctor(patient.root, {"GITHUB_REPOSITORY": "kd/demo"}, "text")


def test_a_token_that_is_wrong_is_told(patient):
    with pytest.raises(KdbotError, match="gh auth token"):
        doctor(patient.root, {**patient.environment, "GITHUB_TOKEN": "x"}, "text")


def test_it_costs_few_requests(patient):
    patient.server.forget_log()
    patient.ask(patient.job)
    assert len(patient.server.log) <= 20


def test_the_command_ends_with_one_where_something_is_wrong(patient):
    without_label(patient)
    done = subprocess.run(
        [sys.executable, "-m", "kdbot", "--root", str(patient.root), "doctor"],
        env={**patient.environment, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "error: 1 label is missing: `accepted`. [missing-label]" in done.stdout
    assert len(LABELS) == len(patient.world.labels) + 1
