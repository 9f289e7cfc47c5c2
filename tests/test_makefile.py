"""The Makefile: what it says of itself, and that it begins nothing that cannot be ended."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def make(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run make as a person would, not as part of another make."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_every_target_with_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()
    shown = make(ROOT, "help").stdout.splitlines()
    assert sorted(line.split()[1] for line in shown) == sorted(targets)
    for line in shown:
        assert re.fullmatch(r"make [a-z-]+ +\w.*", line), line


@pytest.mark.parametrize("answer", ["exit 1", "exit 127"])
def test_a_python_that_is_too_old_is_named_and_leaves_nothing(answer: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    old = tmp_path / "python3.9"
    # As an old interpreter it says no to the question of its age, and makes environments.
    old.write_text(f'#!/bin/sh\n[ "$1" = -c ] && {answer}\nexec {sys.executable} "$@"\n')
    old.chmod(0o755)
    done = make(tmp_path, "run", f"PYTHON={old}")
    assert done.returncode != 0
    assert f"{old} does not run, or is older than Python 3.11" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_interpreters_that_the_makefile_looks_for_are_new_enough(tmp_path: Path) -> None:
    """The test of its age is one that the interpreter of this suite passes."""
    line = re.findall(r"^NEW_ENOUGH := (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert (
        subprocess.run([sys.executable, "-c", line[0]], cwd=tmp_path, check=False).returncode == 0
    )
    aged = f"import sys; sys.version_info = (3, 10, 14); {line[0]}"
    assert subprocess.run([sys.executable, "-c", aged], cwd=tmp_path, check=False).returncode == 1
