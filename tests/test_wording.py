"""The checks of words and of links in documents, which `make lint` runs."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rows import each

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".ci"))
WORDING = runpy.run_path(str(ROOT / ".ci/wording.py"))
LINKS = runpy.run_path(str(ROOT / ".ci/document_links.py"))
ROWS = WORDING["load_wording"]()


@each("row", ROWS, ids=lambda row: row["example"])
def test_a_phrase_that_is_put_back_is_found(row):
    text = f"Some words.\n\nSee: {row['example']} "
    assert {better for _, _, better in WORDING["find_wording"](text, [row])} == {row["better"]}
    wrapped = re.sub(" ", "\n# ", row["example"], count=1)
    assert list(WORDING["find_wording"](f"# {wrapped} ", [row]))


def test_titles_of_papers_are_no_words_of_ours():
    text = "<!-- kdbot:begin tables -->\n| Mending Models |\n| mend |\n<!-- kdbot:end tables -->\n"
    assert not list(WORDING["find_wording"](text, ROWS))


@pytest.mark.parametrize("name", ["wording", "document_links"])
def test_the_repository_passes(name):
    command = [sys.executable, f".ci/{name}.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


@each(
    ("target", "problem"),
    [
        ("maintainers.md", None),
        ("maintainers.md#a-protected-branch", None),
        ("#add-a-check", None),
        ("../src/kdbot/cli.py#L3", None),
        ("../../issues/new?template=new-paper.yml", None),
        ("maintainer.md", "no such file"),
        ("maintainers.md#a-protected-brunch", "no such heading"),
        ("#add-a-czech", "no such heading"),
        ("../../../other", "no page of GitHub"),
        ("../../issues/new?template=paper.yml", "no such issue form"),
    ],
)
def test_a_link_that_does_not_resolve_is_named(target, problem):
    page = ROOT / "docs" / "developers.md"
    assert LINKS["_problem"](page, target) == problem


def test_links_are_found_in_markdown_and_html():
    text = "[a](b.md)\n\n<img src='c.png'> ![d](e.png)\n\n`[f](g.md)`\n"
    assert list(LINKS["_targets"](text)) == [(1, "b.md"), (3, "c.png"), (3, "e.png")]


def test_external_links_are_listed_for_the_weekly_check(capsys):
    assert LINKS["main"](["--external"]) == 0
    listed = capsys.readouterr().out.split("\n")
    assert "https://arxiv.org/abs/2402.13116" in listed
    assert all(line.startswith("https://") for line in filter(None, listed))
