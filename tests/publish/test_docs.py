"""The documentation: its links lead somewhere, and what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kdbot.cli import _reference
from kdbot.github.labels import LABELS
from kdbot.publish.readme.contents import headings

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"])
LINK = re.compile(r"\]\((?!https?:|\.\./\.\./)([^)#\s]*)(?:#([^)\s]+))?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_repository_lead_somewhere(page):
    for path, anchor in LINK.findall(page.read_text("utf-8")):
        target = (page.parent / path) if path else page
        assert target.exists(), path
        if anchor and target.suffix == ".md":
            text = target.read_text("utf-8")
            known = {heading.anchor for heading in headings(text)}
            assert anchor in known | set(re.findall(r'<a id="([^"]+)"', text))


@pytest.mark.parametrize("name", ["maintainers.md", "contributors.md", "developers.md"])
def test_commands_that_are_named_exist(name):
    text = (ROOT / "docs" / name).read_text("utf-8")
    known = set(re.findall(r"^## (\w+)$", _reference()["docs/commands.md"], re.MULTILINE))
    # In code alone: a sentence may go on after the name.
    for code in re.findall(r"```console\n(.*?)```|`([^`\n]+)`", text, re.DOTALL):
        for word in re.findall(r"(?<![\w/@.-])kdbot ([a-z]+)\b", "".join(code)):
            assert word in known, word


def test_each_label_is_explained_to_contributors():
    text = (ROOT / "docs/contributors.md").read_text("utf-8")
    set_by_others = {
        *("new paper", "not a duplicate", "audit", "candidates", "doctor", "broken file"),
    }
    assert {label.name for label in LABELS} - set_by_others <= set(re.findall("`([a-z ]+)`", text))


def test_maintainers_learn_what_a_jobs_own_token_does_not_start_F22():
    text = (ROOT / "docs/maintainers.md").read_text("utf-8")
    assert "starts no workflow" in text
    assert "KDBOT_ENABLED" in text
