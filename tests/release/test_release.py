"""What a tag releases: the files and the notes, and nothing where tag and version differ."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest

from tests.rows import each

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / ".ci" / "release.py"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

LOG = """\
# Changelog

## [Unreleased]

## [1.1.0] - 2026-12-01

### Added

- One thing.

## [1.0.0] - 2026-11-01

- The first.

[1.0.0]: https://example.org
"""


def release(tag, folder):
    return subprocess.run(
        [sys.executable, str(SCRIPT), tag, str(folder)], capture_output=True, text=True, check=False
    )


def test_a_tag_becomes_a_wheel_a_source_distribution_and_the_notes(tmp_path):
    done = release(f"v{VERSION}", tmp_path)
    assert done.returncode == 0, done.stderr
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        f"kdbot-{VERSION}-py3-none-any.whl",
        f"kdbot-{VERSION}.tar.gz",
        "notes.md",
    }
    notes = (tmp_path / "notes.md").read_text("utf-8")
    assert notes.startswith("### ")
    assert not re.search(r"^## ", notes, re.MULTILINE)
    with tarfile.open(tmp_path / f"kdbot-{VERSION}.tar.gz") as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "pyproject.toml", "src/kdbot/cli.py", ".github/workflows/issue.yml"} <= held


@pytest.mark.parametrize("tag", [VERSION, f"v{VERSION}.1", "v0.0.0", "main"])
def test_a_tag_that_is_not_the_version_releases_nothing(tmp_path, tag):
    done = release(tag, tmp_path / "dist")
    assert done.returncode == 1
    assert f"is not v{VERSION}" in done.stderr
    assert not (tmp_path / "dist").exists()


@each(
    ("version", "notes"),
    [("1.1.0", "### Added\n\n- One thing.\n"), ("1.0.0", "- The first.\n"), ("1x1.0", "")],
)
def test_the_notes_are_the_section_of_the_version(version, notes):
    assert runpy.run_path(str(SCRIPT))["notes_of"](version, LOG) == notes
