"""The documents for people: what they show is true, and what they link to is there."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest

from kdbot.flows.list.checked_list import _check_files
from kdbot.github.labels import ACCEPTED, ADDED, COULD_NOT_CHECK, STATES
from kdbot.model.finding import has_errors

ROOT = Path(__file__).resolve().parents[1]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["AGENTS.md", "CONTRIBUTING.md"])
def test_the_paper_that_is_shown_is_as_the_list_asks_for(tmp_path, name):
    text = (ROOT / name).read_text("utf-8")
    record = dedent(re.search(r"^( *```yaml\n.*?)```", text, re.DOTALL | re.MULTILINE)[1])
    record = record.removeprefix("```yaml\n")
    path = tmp_path / "2306.08543.yaml"
    path.write_text(record)
    assert not has_errors(_check_files(ROOT, [path]))


def test_every_label_of_the_bots_is_explained():
    for label in STATES | {COULD_NOT_CHECK, ACCEPTED, ADDED}:
        assert f"`{label}`" in CONTRIBUTING


def test_every_command_that_is_shown_is_a_target_of_make():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^\$ make ([a-z-]+)", CONTRIBUTING, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_nobody_is_named_an_owner_who_may_not_be_there():
    """GitHub takes a line of CODEOWNERS whose account has no access for an error."""
    assert not [path for path in ROOT.glob("**/CODEOWNERS") if ".venv" not in path.parts]


@pytest.mark.parametrize("folder", ["", "src/kdbot/templates/"])
def test_the_line_for_editors_is_no_fault_and_leads_to_the_schema(tmp_path, folder):
    text = (ROOT / f"{folder}CONTRIBUTING.md").read_text("utf-8").replace("$$", "$")
    line = re.search(r"`(# yaml-language-server: \$schema=(\S+))`", text)
    assert (ROOT / "papers" / line[2]).resolve() == ROOT / "schema/paper.schema.json"
    paper = ROOT / "papers/2306.08543.yaml"
    path = tmp_path / paper.name
    path.write_text(f"{line[1]}\n{paper.read_text('utf-8')}")
    assert _check_files(ROOT, [path]) == _check_files(ROOT, [paper])
