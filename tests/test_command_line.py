"""The command line itself: what it imports, and how it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def python(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


LOADED = """
import sys
from kdbot.cli import main
try:
    status = main(sys.argv[1:])
except SystemExit as left:
    status = left.code
heavy = {"github", "requests", "urllib3", "jinja2", "aiohttp"} & set(sys.modules)
sys.exit(f"loaded {heavy}" if heavy else status)
"""


@pytest.mark.parametrize("arguments", [["--version"], ["validate"], ["identify", "2402.12030"]])
def test_a_light_command_imports_nothing_heavy(arguments):
    done = python(LOADED, *arguments)
    assert (done.returncode, done.stderr.count("loaded")) == (0, 0), done.stderr


CALLS = [
    (["validate", "no-such-file.yaml"], 2, "no-such-file.yaml: cannot be read"),
    (["--root", "/", "validate"], 2, "kdbot.toml: cannot be read"),
    (["no-such-command"], 2, "invalid choice"),
    (["propose", "no-such-file.md"], 2, "no-such-file.md: cannot be read"),
    (["act"], 2, "GITHUB_EVENT_PATH is not set"),
]


@pytest.mark.parametrize(("arguments", "status", "message"), CALLS)
def test_a_call_that_makes_no_sense_says_so_and_ends_with_two(arguments, status, message):
    done = subprocess.run(
        [sys.executable, "-m", "kdbot", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert done.returncode == status
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_fault():
    command = f"{sys.executable} -m kdbot identify < {ROOT}/tests/data/identifiers.jsonl | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
