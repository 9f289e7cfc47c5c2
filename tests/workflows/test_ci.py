"""What CI says of a pull request with a token that reads alone: its step, run in a merge commit."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.flows.conftest import git
from tests.flows.sample_list import sample_files
from tests.workflows.workflow_file import load_workflow

ROOT = Path(__file__).resolve().parents[2]
(STEP,) = [
    step["run"]
    for step in load_workflow((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))["jobs"][
        "validate"
    ]["steps"]
    if "kdbot validate" in step.get("run", "")
]
RECORD = 'title: "A Paper"\narxiv: "2403.00001"\ndate: {date}\ncategories:\n  - methods/labeling\n'
GOOD, FAULTY = RECORD.format(date="2024-03"), RECORD.format(date="2024-13")
BROKEN = {"papers/broken.yaml": "title: [\n"}


@pytest.fixture
def check(tmp_path):
    """Runs the step for a pull request that changes files, on a branch that holds others."""
    root = tmp_path / "list"
    summary = tmp_path / "summary.md"

    def write(files):
        for name, text in files.items():
            path = root / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)

    def commit(files):
        write(files)
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--allow-empty", "-m", "Change")

    def run(files, *, base=None, event="pull_request"):
        sample_files(root)
        git(root, "init", "--quiet", "--initial-branch", "trunk")
        (root / ".gitignore").write_text(".venv/\n")
        commit(base or {})
        git(root, "switch", "--quiet", "--create", "topic")
        commit(files)
        git(root, "switch", "--quiet", "trunk")
        git(root, "merge", "--quiet", "--no-ff", "-m", "Merge", "topic")
        (root / ".venv/bin").mkdir(parents=True)
        (root / ".venv/bin/kdbot").symlink_to(Path(sysconfig.get_path("scripts"), "kdbot"))
        done = subprocess.run(
            ["bash", "-e", "-c", STEP],
            cwd=root,
            env={
                **os.environ,
                "GITHUB_EVENT_NAME": event,
                "GITHUB_STEP_SUMMARY": str(summary),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        said = summary.read_text("utf-8") if summary.exists() else ""
        return done.returncode, done.stdout, said

    return run


def test_a_fault_is_annotated_and_stands_in_the_summary(check):
    status, printed, said = check({"papers/2403.00001.yaml": FAULTY})
    assert status == 1
    assert printed.startswith("::error file=papers/2403.00001.yaml,line=3,")
    assert "3: error: I read `2024-13`" in said
    assert "- 1 error\n" in said


def test_a_pull_request_answers_for_its_own_papers_alone(check):
    status, printed, said = check({"papers/2403.00001.yaml": GOOD}, base=BROKEN)
    assert (status, printed) == (0, "")
    assert "no findings" in said


def test_a_change_of_the_rules_answers_for_every_paper(check):
    status, printed, _ = check({"kdbot.toml": 'title = "Another Name"\n'}, base=BROKEN)
    assert status == 1
    assert "papers/broken.yaml" in printed


def test_nothing_is_said_where_no_paper_has_changed(check):
    assert check({"CONTRIBUTING.md": "Words.\n"}, base=BROKEN) == (0, "", "")


def test_a_deleted_paper_is_not_looked_for(check):
    assert check({"papers/broken.yaml": None}, base=BROKEN)[0] == 0


@pytest.mark.parametrize(
    "name", ["--help.yaml", "a b.yaml", "$(touch planted).yaml", "new\nline.yaml"]
)
def test_A02_a_files_name_is_a_name_whatever_it_holds(check, name):
    status, printed, _ = check({f"papers/{name}": FAULTY})
    assert status == 1
    assert printed.startswith("::error file=papers/")


def test_a_push_validates_the_whole_list(check):
    status, printed, _ = check({}, base=BROKEN, event="push")
    assert status == 1
    assert "papers/broken.yaml" in printed
