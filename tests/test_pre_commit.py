"""`.pre-commit-hooks.yaml`: what pre-commit would run on a list's changed papers."""

from __future__ import annotations

import re
import shlex
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml

from kdbot.flows.list.initialize import InitOptions, initialize
from tests.rows import each

ROOT = Path(__file__).resolve().parents[1]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
GOOD = 'title: "A Paper of Its Own"\narxiv: "2301.00001"\ndate: 2023-01\ncategories:\n  - papers\n'


def test_it_has_the_form_that_pre_commit_asks_for():
    """https://pre-commit.com/#creating-new-hooks"""
    assert {"id", "name", "entry", "language", "files"} <= set(HOOK)
    assert HOOK["language"] == "python"  # pre-commit installs the clone with pip
    assert HOOK["require_serial"] is True


@each(
    ("path", "is_looked_at"),
    [
        ("papers/2301.00001.yaml", True),
        ("papers/notes.txt", True),
        ("papers/.gitkeep", False),
        ("schema/taxonomy.yaml", False),
        ("old/papers/2301.00001.yaml", False),
    ],
)
def test_it_looks_at_papers_alone(path, is_looked_at):
    # As pre-commit's filter_by_include_exclude does.
    assert (re.search(HOOK["files"], path) is not None) is is_looked_at


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [(GOOD, 0, ""), (GOOD.replace("2301.00001", "2301.1"), 1, "[invalid-arxiv-id]")],
    ids=["good", "bad"],
)
def test_it_passes_or_stops_a_commit(tmp_path, text, status, said):
    initialize(tmp_path, InitOptions(title="A", bot=f"octo/kdbot@{'1' * 40}"), None)
    (tmp_path / "papers/2301.00001.yaml").write_text(text)
    command, *rest = shlex.split(HOOK["entry"])
    done = subprocess.run(
        [Path(sysconfig.get_path("scripts")) / command, *rest, "papers/2301.00001.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert said in done.stdout
