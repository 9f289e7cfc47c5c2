"""A README without its papers: the prose of its maintainers, as they wrote it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.intake.lists.reader import parse_readme_list
from kdbot.intake.lists.readme_prose import read_heading, read_prose, without_headings
from kdbot.model.venue import Venues
from tests.rows import each

PAPER = "- [A Paper of Some Kind](https://arxiv.org/abs/2401.00001)"


def prose_of(text):
    found = parse_readme_list(text, Venues(venues=()))
    assert found.papers
    return read_prose(text, found)


@each(
    ("readme", "head", "tail"),
    [
        (f"# L\n\nFirst.\n\n## A\n\n{PAPER}\n\n## Thanks\n\nB.\n", "First.", "## Thanks\n\nB."),
        (f"## A\n\n{PAPER}\n", "", ""),
        (f"# L\n\n## A\n\n### B\n\n{PAPER}\n\n### Legend\n\nA: b.\n", "", "### Legend\n\nA: b."),
        (f"# L\n\n## Contents\n\n- [A](#a)\n\n## A\n\n{PAPER}\n", "", ""),
        (f"# L\n\nSee:\n\n1. [A](#a)\n\n## A\n\n{PAPER}\n", "See:", ""),
        (
            f"# L\n\n<details>\n<summary>A</summary>\n\n{PAPER}\n\n</details>\n\n## End\n\nMIT\n",
            "",
            "## End\n\nMIT",
        ),
        (
            f"# L\n\n<div>\n\n## A\n\n{PAPER}\n\n</div>\n\n## Licence\n\nMIT\n",
            "",
            "## Licence\n\nMIT",
        ),
        (
            f"# L\n\nSee [us][u].\n\n## A\n\n{PAPER}\n\n[u]: https://a.org\n[v]: https://b.org\n",
            "See [us][u].",
            "[u]: https://a.org",
        ),
        (f"# L\r\n\r\nBefore.\r\n\r\n## A\r\n\r\n{PAPER}\r\n", "Before.", ""),
        (f"L\n=\n\nBefore.\n\nA\n---\n\n{PAPER}\n", "Before.", ""),
        (f"# L\n\n```\n## no heading\n```\n\n## A\n\n{PAPER}\n", "```\n## no heading\n```", ""),
        (
            f"# L\n\n<!-- kdbot:begin tables -->\nold\n\n## A\n\n{PAPER}\n",
            "old",
            "",
        ),
    ],
    ids=[
        "before-and-behind", "papers-alone", "aside-within", "contents", "contents-without-heading",
        "folded", "tag-around", "link-definitions", "windows-line-ends", "underlined-headings",
        "code", "markers",
    ],
)  # fmt: skip
def test_what_is_no_paper_stays(readme, head, tail):
    prose = prose_of(readme)
    assert (prose.head, prose.tail) == (head, tail)


@each(
    ("readme", "heading"),
    [
        ("# The *List* 📚\n\n## A\n", "The *List* 📚"),
        ('<h1 align="center">The List</h1>\n\n## A\n', "The List"),
        ("## A\n\n# Late\n", None),
        ("# One\n\n# Two\n", "One"),
        ("", None),
    ],
)
def test_the_first_heading_names_the_list(readme, heading):
    assert read_heading(readme) == heading


@given(st.lists(st.sampled_from(["# L", "## A", PAPER, "Words.", "", "<details>", "</details>"])))
def test_no_paper_is_left_in_the_prose(lines):
    text = "\n".join(lines)
    found = parse_readme_list(text, Venues(venues=()))
    prose = read_prose(text, found)
    kept = "\n".join((prose.head, prose.tail, *prose.texts.values()))
    assert kept.count("arxiv.org") == text.count("arxiv.org") - len(found.papers)
    assert kept.count("<details>") == kept.count("</details>")


N = 65_536
COSTLY = {
    "headings": "# a\n" * (N // 4),
    "folds": "<details><summary>s</summary>\n" * (N // 30),
    "open folds in a line": "<details><summary>" * (N // 18),
    "spaces": "x" + " " * N + "<details>",
    "empty lines in a fold": "<details>" + "\n" * N + "x",
    "lone ends": "</div>\n" * (N // 7),
    "definitions": "".join(f"[{n}]: https://x.org\n" for n in range(N // 20)) + PAPER,
    "papers without a heading": f"{PAPER}\n" * (N // 60),
}


@pytest.mark.parametrize("kind", COSTLY)
def test_C08_reading_takes_bounded_time(kind):
    text = f"# L\n\n{COSTLY[kind]}"
    found = parse_readme_list(text, Venues(venues=()))
    start = time.process_time()
    read_prose(text, found)
    assert time.process_time() - start < 4  # measured: at most 1.2 s


def test_code_among_papers_stays_code() -> None:
    code = "```yaml\nx: 1\n```"

    assert prose_of(f"# L\n\n## A\n\n{PAPER}\n\n{code}\n").texts == {("A",): code}


def test_heading_within_the_words_of_a_category_is_none_there() -> None:
    hidden = "<!---\n## Hidden\n- [x](https://example.org)\n--->"
    found = prose_of(f"# L\n\n## A\n\n{PAPER}\n\n{hidden}\n")
    assert found.texts == {("A",): hidden}

    text = without_headings("## [B](#b)\n\nC\n--\n\n```\n# D\n```\n\n<h2 align=left>E</h2>")
    assert text == "_**[B](#b)**_\n\n_**C**_\n\n\n```\n# D\n```\n\n_**E**_"
