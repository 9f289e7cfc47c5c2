"""The wheel alone, apart from this folder: it says its version, and it starts a list."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import kdbot

ROOT = Path(kdbot.__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (file,) = out.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def run(wheel, tmp_path_factory):
    """Run the wheel's kdbot; only its dependencies come from the environment of the tests."""
    site = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    away = tmp_path_factory.mktemp("away")

    def call(*arguments):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "kdbot", *arguments],
            cwd=away,
            env={"PYTHONPATH": str(site), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return call


def test_it_says_the_version_of_the_project_and_of_the_change_log(run):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert run("--version") == f"kdbot {version}\n"
    released = re.findall(r"^## \[([0-9.]+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert released[0] == version


@pytest.mark.parametrize(
    "arguments",
    [("--from", str(ROOT / "tests/data/initialize/README.md")), ("--title", "A List")],
    ids=["from-a-readme", "from-nothing"],
)
def test_it_starts_a_list_that_is_in_order(run, tmp_path, arguments):
    folder = str(tmp_path / "list")
    run("init", folder, "--bot", f"octo/kdbot@{'1' * 40}", *arguments)
    run("--root", folder, "validate")
    run("--root", folder, "build", "--check")


def test_it_carries_what_every_list_shares(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    workflows = {path.name for path in (ROOT / ".github/workflows").glob("*.yml")}
    assert {f"kdbot/defaults/.github/workflows/{name}" for name in workflows} <= names
    assert "kdbot/defaults/tests/data/cases/dead-link/bad.form.yaml" in names
    assert "kdbot/templates/schema/paper.schema.json" in names
    assert "kdbot/storage/audit.schema.json" in names
    assert "kdbot/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "papers/"))]
