"""What no workflow file may hold, and what each must: read from all of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.rows import each
from tests.workflows.workflow_file import load_workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.rows import Test

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".github" / "workflows"
TEXTS = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.y*ml"))}
WORKFLOWS = {name: load_workflow(text) for name, text in TEXTS.items()}

# Triggers whose runs hold a token that writes, or start from what a stranger wrote.
PRIVILEGED = {"issues", "issue_comment", "pull_request_target", "workflow_run", "schedule", "push",
              "workflow_dispatch", "workflow_call"}  # fmt: skip

# What each job may do, and nothing else. A grant is added here when it is added there.
ALLOWED = {
    "ci.yml": {
        "scope": {"contents": "read"},
        "validate": {"contents": "read"},
        "tests": {"contents": "read"},
        "browser": {"contents": "read"},
    },
    "documents.yml": {"links": {"contents": "read"}},
    "issue.yml": {
        "review": {"contents": "read", "issues": "write"},
        "accept": {
            "contents": "write",
            "issues": "write",
            "pull-requests": "write",
            "statuses": "read",
        },
        "tick": {"contents": "write", "issues": "write", "pull-requests": "write"},
    },
    "pull-request.yml": {
        "review": {
            "contents": "read",
            "issues": "read",
            "pull-requests": "write",
            "statuses": "write",
        },
    },
    "publish.yml": {
        "publish": {
            "contents": "write",
            "issues": "write",
            "pull-requests": "write",
            "statuses": "write",
        },
    },
    "sweep.yml": {
        "sweep": {
            "contents": "write",
            "issues": "write",
            "pull-requests": "write",
            "statuses": "write",
        },
    },
    "weekly.yml": {
        "probe": {"contents": "read"},
        "report": {"contents": "write", "issues": "write", "pull-requests": "write"},
    },
    "doctor.yml": {"doctor": {"actions": "read", "contents": "read", "issues": "write"}},
    "release.yml": {"build": {"contents": "read"}, "publish": {"contents": "write"}},
    "pages.yml": {
        "none": {},
        "deploy": {"contents": "read", "pages": "write", "id-token": "write"},
    },
}
CALLED = {
    "./.github/workflows/pages.yml": ALLOWED["pages.yml"]["deploy"],
    "./.github/workflows/weekly.yml": ALLOWED["weekly.yml"]["report"]
    | {"pages": "write", "id-token": "write"},
}


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, workflow in WORKFLOWS.items():
        for job, data in workflow["jobs"].items():
            yield name, job, data


def steps() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, job, data in jobs():
        for step in data.get("steps", []):
            yield name, job, step


def triggers(name: str) -> set[str]:
    on = WORKFLOWS[name]["on"]
    return {on} if isinstance(on, str) else set(on)


def checkouts() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, job, step in steps():
        if str(step.get("uses", "")).startswith("actions/checkout@"):
            yield name, job, step.get("with", {})


def every_workflow(ids: str) -> Callable[[Test], Test]:
    return each("name", TEXTS, ids=lambda name: f"{ids}-{name}")


def test_the_workflows_of_the_design_are_there() -> None:
    assert {"ci.yml", "issue.yml", "pull-request.yml", "publish.yml", "sweep.yml"} <= set(TEXTS)


@every_workflow("A01")
def test_A01_no_privileged_workflow_takes_up_anything_of_a_head(name: str) -> None:
    if not triggers(name) & PRIVILEGED:
        return
    unsafe = re.compile(
        r"refs/pull|pull/.*/(?:head|merge)|gh +pr +checkout|allow-unsafe-pr-checkout"
        r"|workflow_run\.head|\.head\.(?:ref|sha|repo)|github\.head_ref|git +fetch"
    )
    # `ci.yml` runs without secrets for `pull_request`; what it reads of the event is the base.
    lines = [line for line in TEXTS[name].splitlines() if not line.lstrip().startswith("#")]
    assert [line for line in lines if unsafe.search(line)] == []


def test_A01_a_checkout_names_no_other_repository_and_no_ref_of_a_stranger() -> None:
    refs = {str(given.get("ref")) for _, _, given in checkouts() if "ref" in given}
    assert refs <= {"${{ github.event.repository.default_branch }}"}
    assert not [given for _, _, given in checkouts() if "repository" in given]


def test_A01_pull_requests_of_strangers_start_one_privileged_workflow() -> None:
    assert [name for name in TEXTS if "pull_request_target" in triggers(name)] == [
        "pull-request.yml"
    ]


def test_A02_A03_no_expression_stands_inside_a_command() -> None:
    for name, job, step in steps():
        for key in ("run", "script"):
            text = str(step.get(key, "")) + str(step.get("with", {}).get(key, ""))
            assert "${{" not in text, f"{name} {job}: {key}"


def test_A02_what_goes_into_an_environment_is_no_text_of_a_stranger() -> None:
    known = {
        "${{ github.token }}",
        "${{ vars.KDBOT_ENABLED }}",
        "${{ vars.KDBOT_FORK }}",
        "${{ vars.KDBOT_BOT_LOGIN }}",
        "${{ matrix.part }}",
        "${{ github.repository }}",
        "${{ github.event.pull_request.base.sha || github.event.before }}",
    }
    for name, job, step in steps():
        for variable, value in step.get("env", {}).items():
            if "${{" in str(value):
                assert value in known, f"{name} {job}: {variable}"


@every_workflow("A04")
def test_A04_every_job_has_exactly_the_permissions_that_are_listed_here(name: str) -> None:
    workflow = WORKFLOWS[name]
    assert workflow["permissions"] == {}
    for job, data in workflow["jobs"].items():
        if "uses" in data:
            assert data["permissions"] == CALLED[data["uses"]]
        else:
            assert data["permissions"] == ALLOWED[name][job], f"{name} {job}"


@every_workflow("A04")
def test_A04_every_grant_says_what_it_is_for(name: str) -> None:
    grants = re.findall(r"^ +[a-z-]+: (?:read|write)\b(.*)$", TEXTS[name], re.MULTILINE)
    assert grants
    assert all(re.match(r" # .+", reason) for reason in grants)


@every_workflow("A05")
def test_A05_every_action_is_pinned_by_commit_with_its_version_beside(name: str) -> None:
    for line in TEXTS[name].splitlines():
        if match := re.match(r" *-? *uses: *(\S+)(.*)", line):
            local = match[1].startswith("./")
            pinned = re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", match[1])
            assert local or (pinned and re.match(r" # v\d+\.\d+\.\d+$", match[2])), line


def test_A05_one_action_has_one_version_everywhere() -> None:
    used = {
        tuple(str(step["uses"]).split("@"))
        for _, _, step in steps()
        if "@" in str(step.get("uses", ""))
    }
    assert len({action for action, _ in used}) == len(used)


def test_A06_no_checkout_leaves_its_credential_behind() -> None:
    found = list(checkouts())
    assert found
    for name, job, given in found:
        assert given.get("persist-credentials") is False, f"{name} {job}"


@every_workflow("A07")
def test_A07_nothing_is_cached(name: str) -> None:
    kept = re.sub(r"^ *cache-mode: none\b.*$", "", TEXTS[name], flags=re.MULTILINE)
    assert not re.search(r"actions/cache|^ *cache(?:-[a-z-]+)?:", kept, re.MULTILINE)


@every_workflow("A08")
def test_A08_nobody_is_known_by_the_name_of_who_acted(name: str) -> None:
    assert not re.search(r"github\.(?:actor|triggering_actor)|sender\.login", TEXTS[name])


def test_A08_F17_accounts_are_compared_by_their_id_in_the_code() -> None:
    sources = (ROOT / "src" / "kdbot" / "github").glob("*.py")
    compared = re.compile(r"\.login\s*[!=]=|[!=]=\s*[\w.]*\.login")
    # A record's `proposed_by` is a login, and decides nothing but who may take it back.
    kept = [
        f"{path.name}: {line.strip()}"
        for path in sources
        for line in path.read_text("utf-8").splitlines()
        if compared.search(line) and "proposer.casefold() ==" not in line
    ]
    assert kept == []


@every_workflow("A09")
def test_A09_no_workflow_starts_from_another_ones_artifacts(name: str) -> None:
    assert "workflow_run" not in triggers(name)
    assert "repository_dispatch" not in triggers(name)


@every_workflow("A10")
def test_A10_a_fork_does_nothing_until_a_variable_says_so_and_tells(name: str) -> None:
    """`kdbot` knows a fork and says what to set; a job without it is left out by its `if`."""
    if not triggers(name) & PRIVILEGED - {"push", "workflow_call"} or name == "pages.yml":
        return
    for job, data in WORKFLOWS[name]["jobs"].items():
        condition = str(data.get("if"))
        told = [s for s in data.get("steps", []) if "KDBOT_FORK" in s.get("env", {})]
        left_out = "!github.event.repository.fork || vars.KDBOT_FORK == 'true'" in condition
        follows = "outputs." in condition and "uses" in data
        assert told or left_out or follows, job


def test_A10_no_job_is_left_out_in_a_fork_without_one_that_says_so() -> None:
    for name, workflow in WORKFLOWS.items():
        alone = name in {"doctor.yml", "documents.yml"}
        if not alone and "github.event.repository.fork" in TEXTS[name]:
            (probe,) = [j for j, d in workflow["jobs"].items() if "fork" in str(d.get("if"))]
            teller = workflow["jobs"]["report"]
            assert (teller["needs"], teller["if"]) == (probe, "${{ !cancelled() }}")


@every_workflow("A12")
def test_A12_nothing_is_written_to_the_environment_of_later_steps(name: str) -> None:
    assert not re.search(r"GITHUB_ENV|GITHUB_PATH|set-env|add-path", TEXTS[name])


def test_A12_A13_the_bot_sets_no_variable_and_writes_outputs_in_one_place() -> None:
    named = set()
    for path in (ROOT / "src").rglob("*.py"):
        text = path.read_text("utf-8")
        assert not re.search(r"GITHUB_(?:ENV|PATH|STATE)\b", text), path.name
        if "GITHUB_OUTPUT" in text:
            named.add(path.name)
    assert named == {"job.py"}


def test_A13_an_output_of_a_step_holds_words_of_ours_alone() -> None:
    for name, job, step in steps():
        for line in str(step.get("run", "")).splitlines():
            if "GITHUB_OUTPUT" in line:
                words = re.search(r"echo [a-z-]+=[a-z]+ >> \"\$GITHUB_OUTPUT\"", line)
                assert words, f"{name} {job}: {line}"


@every_workflow("A15")
def test_A15_everything_is_installed_from_hashed_locks(name: str) -> None:
    for _, _, step in steps():
        command = str(step.get("run", ""))
        assert not re.search(r"\b(?:pip|uv|npm|npx|pipx|curl|wget)\b", command), name


def test_A15_the_locks_are_hashed_and_the_installer_asks_for_it() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for command in re.findall(r"pip (?:sync|install)(?:.*\\\n)*.*", makefile):
        assert "--require-hashes" in command or "--no-deps" in command
    for lock in (ROOT / "requirements").glob("*.txt"):
        lines = lock.read_text("utf-8").splitlines()
        pins = [line for line in lines if re.match(r"[A-Za-z0-9]", line)]
        assert pins
        assert all("==" in line and line.endswith("\\") for line in pins), lock.name


def test_E08_a_token_is_handed_to_the_one_step_that_needs_it() -> None:
    for name, job, data in jobs():
        assert "env" not in data, f"{name} {job}"
        holders = [s for s in data.get("steps", []) if "github.token" in json.dumps(s)]
        for step in holders:
            if name == "release.yml":
                assert step["run"].startswith("gh release create ")
                continue
            assert re.fullmatch(
                r"\.venv/bin/kdbot (?:act|sweep|weekly|doctor)(?: .*)?", str(step["run"]).strip()
            ), f"{name} {job}"
    assert not [name for name, text in TEXTS.items() if "secrets." in text]


# F: order and races


def groups(name: str) -> dict[str, Any]:
    found = {}
    for job, data in WORKFLOWS[name]["jobs"].items():
        if "concurrency" in data:
            found[job] = data["concurrency"]
    return found


PUBLISHED = "github.ref_name == github.event.repository.default_branch"


@every_workflow("branch")
def test_the_published_branch_is_the_repositorys_word_and_no_name(name: str) -> None:
    assert not re.search(r"\b(?:main|master)\b(?!-)", TEXTS[name].replace("kdbot-main", ""))
    if "push" not in triggers(name) or "tags" in WORKFLOWS[name]["on"]["push"]:
        return
    assert WORKFLOWS[name]["on"]["push"].get("branches") == ["**"]
    for data in WORKFLOWS[name]["jobs"].values():
        assert "needs" in data or PUBLISHED in data["if"]


@every_workflow("page")
def test_a_page_is_deployed_where_something_was_pushed_and_never_needs_pages(name: str) -> None:
    for data in WORKFLOWS[name]["jobs"].values():
        if data.get("uses") != "./.github/workflows/pages.yml":
            continue
        needed = data["needs"] if isinstance(data["needs"], list) else [data["needs"]]
        for job in needed:
            assert f"needs.{job}.outputs.pushed == 'true'" in data["if"]
            outputs = WORKFLOWS[name]["jobs"][job]["outputs"]
            assert outputs["pushed"] == "${{ steps.kdbot.outputs.pushed }}"


def test_a_repository_without_pages_is_told_and_not_red() -> None:
    jobs = WORKFLOWS["pages.yml"]["jobs"]
    assert jobs["deploy"]["if"] == "github.event.repository.has_pages"
    assert jobs["none"]["if"] == "${{ !github.event.repository.has_pages }}"
    assert "environment" not in jobs["none"]
    assert "GITHUB_STEP_SUMMARY" in jobs["none"]["steps"][0]["run"]


WRITERS = [
    (name, job)
    for name, allowed in ALLOWED.items()
    for job, scopes in allowed.items()
    # A release writes to no branch.
    if name != "release.yml"
    and scopes.get("contents") == "write"
    and job in WORKFLOWS.get(name, {}).get("jobs", {})
]


@each(("name", "job"), [pytest.param(*w, id=f"F12-{'-'.join(w)}") for w in WRITERS])
def test_F12_F19_all_that_write_to_the_branch_wait_for_each_other(name: str, job: str) -> None:
    # The week takes an hour and pushes through races, so nobody waits for it.
    group = "kdbot-week" if name == "weekly.yml" else "kdbot-main"
    assert groups(name)[job] == {"group": group, "cancel-in-progress": False}


@pytest.mark.parametrize("name", ["issue.yml", "pull-request.yml"])
def test_F19_reviews_of_one_item_wait_for_each_other_job_by_job(name: str) -> None:
    group = groups(name)["review"]
    assert group["group"].startswith("kdbot-item-${{ github.event.")
    assert group["cancel-in-progress"] is False
    # A group of the whole workflow would be entered by events that start no job.
    assert "concurrency" not in WORKFLOWS[name]


@every_workflow("F19")
def test_F19_no_run_is_kept_in_a_queue_that_act_does_not_know(name: str) -> None:
    assert "queue:" not in TEXTS[name]


@every_workflow("F21")
def test_F21_a_schedule_is_at_an_odd_minute_and_can_be_started_by_hand(name: str) -> None:
    on = WORKFLOWS[name]["on"]
    if "schedule" not in triggers(name):
        return
    assert "workflow_dispatch" in on
    for entry in on["schedule"]:
        minute = entry["cron"].split()[0]
        assert minute.isdigit()
        assert int(minute) % 15 != 0


@every_workflow("F21")
def test_every_job_comes_to_an_end_by_itself(name: str) -> None:
    for data in WORKFLOWS[name]["jobs"].values():
        assert "uses" in data or data["timeout-minutes"] <= 120


@every_workflow("kill-switch")
def test_the_kill_switch_reaches_every_run_that_writes(name: str) -> None:
    for data in WORKFLOWS[name]["jobs"].values():
        for step in data.get("steps", []):
            if "GITHUB_TOKEN" in step.get("env", {}):
                assert step["env"]["KDBOT_ENABLED"] == "${{ vars.KDBOT_ENABLED }}"


def test_F22_what_follows_a_push_of_the_bot_happens_in_the_same_run() -> None:
    """A push with the job's own token starts no workflow, so the page is called, not awaited."""
    page = WORKFLOWS["publish.yml"]["jobs"]["page"]
    assert (page["needs"], page["uses"]) == ("publish", "./.github/workflows/pages.yml")


@each(
    ("name", "event", "types"),
    [
        (
            "pull-request.yml",
            "pull_request_target",
            ["opened", "synchronize", "reopened", "edited"],
        ),
        ("pull-request.yml", "issue_comment", ["created"]),
        ("issue.yml", "issue_comment", ["created"]),
    ],
)
def test_F09_workflows_start_from_the_events_of_the_design(
    name: str, event: str, types: list[str]
) -> None:
    assert WORKFLOWS[name]["on"][event]["types"] == types


def test_F11_a_comment_of_a_bot_starts_no_job() -> None:
    for name in TEXTS:
        if "issue_comment" in triggers(name):
            condition = WORKFLOWS[name]["jobs"]["review"]["if"]
            assert "github.event.comment.user.type != 'Bot'" in condition
            assert "startsWith(github.event.comment.body, '/')" in condition
            for word in ("/accept", "/decline"):
                assert f"!startsWith(github.event.comment.body, '{word}')" in condition
    condition = WORKFLOWS["issue.yml"]["jobs"]["accept"]["if"]
    assert "github.event.comment.user.type != 'Bot'" in condition


def test_a_release_is_built_without_a_token_that_writes_and_published_at_once() -> None:
    assert WORKFLOWS["release.yml"]["on"] == {"push": {"tags": ["v*"]}}
    jobs = WORKFLOWS["release.yml"]["jobs"]
    assert not [step for step in jobs["publish"]["steps"] if "checkout" in step.get("uses", "")]
    (command,) = [step["run"] for step in jobs["publish"]["steps"] if "run" in step]
    # With its files, gh makes a draft, uploads, and publishes last; nothing comes behind it.
    assert "dist/*.whl dist/*.tar.gz" in command
    assert "release upload" not in command
