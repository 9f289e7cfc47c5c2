"""Lists of many shapes: each file in `tests/data/import/shapes` is one, its JSON what is read."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdbot.intake.lists.paper import ListedPaper
from kdbot.intake.lists.reader import parse_readme_list
from kdbot.model.venue import Venues
from tests.rows import each

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests/data/import"
SHAPES = sorted(path.stem for path in (DATA / "shapes").glob("*.md"))
NO_VENUES = Venues(venues=())


def shown(paper: ListedPaper) -> dict:
    values = {
        "line": paper.line,
        "section": list(paper.section),
        "title": paper.title,
        "urls": list(paper.urls),
        "venue": paper.venue,
        "date": paper.date,
        "authors": list(paper.authors),
        "code": list(paper.code),
        "project": list(paper.project),
        "data": list(paper.data),
        "findings": [finding.code for finding in paper.findings],
    }
    return {k: v for k, v in values.items() if v or k in {"section", "urls"}}


@each("shape", SHAPES)
def test_shape_is_read_as_a_person_reads_it(shape: str, venues: Venues) -> None:
    found = parse_readme_list((DATA / f"shapes/{shape}.md").read_text("utf-8"), venues)
    expected = json.loads((DATA / f"shapes/{shape}.json").read_text("utf-8"))

    assert [shown(paper) for paper in found.papers] == expected["papers"]
    assert [{"line": u.line, "reason": u.reason} for u in found.unread] == expected["unread"]


def test_original_list_is_read_row_by_row(venues: Venues) -> None:
    found = parse_readme_list((ROOT / "imports/upstream.md").read_text("utf-8"), venues)
    facts = (DATA / "upstream_rows.jsonl").read_text("utf-8")
    rows = [json.loads(line) for line in facts.strip().split("\n")]

    assert found.unread == ()
    assert [
        [
            " > ".join(paper.section),
            paper.title,
            paper.urls[0] if paper.urls else None,
            paper.venue or "-",
            paper.date,
            [*paper.code, *paper.project],
            list(paper.data),
        ]
        for paper in found.papers
    ] == rows


@each(
    ("line", "title"),
    [
        ("- [**A `b` of *C*: D & E**](URL)", "A b of C: D & E"),
        ("- [“Quoted Title of a Paper”](URL)", "Quoted Title of a Paper"),
        ("- [Is It? A Study of It](URL)", "Is It? A Study of It"),
        ("- [(Almost) Provable Error Bounds](URL)", "(Almost) Provable Error Bounds"),
        ("- [Attention &amp; Memory in Models](URL)", "Attention & Memory in Models"),
        ("- ⭐ [The Starred One of Them](URL) ⭐", "The Starred One of Them"),
        ("- [Soft\u00adHyphens in the Title](URL)", "SoftHyphens in the Title"),
        ("- *ReAct: Synergizing Reasoning* [[paper](URL)]", "ReAct: Synergizing Reasoning"),
        ("- (ICLR 2024) [Vines of the Forest](URL)", "Vines of the Forest"),
    ],
)
def test_title_is_free_of_markup(line: str, title: str, venues: Venues) -> None:
    line = line.replace("URL", "https://arxiv.org/abs/2401.00001")
    found = parse_readme_list(f"## Papers\n\n{line}\n", venues)

    assert [paper.title for paper in found.papers] == [title]


@each(
    ("line", "reason"),
    [
        ("- [[paper](https://arxiv.org/abs/2401.00001)]", "no title was found"),
        ("- [T](https://arxiv.org/abs/2401.00001)", "its title has fewer than 3 characters"),
        ("We have read [a paper](https://arxiv.org/abs/2401.00001) and liked it, mostly.", None),
    ],
)
def test_what_looks_like_a_paper_and_is_not_understood_is_named(
    line: str, reason: str | None, venues: Venues
) -> None:
    found = parse_readme_list(f"## Papers\n\n{line}\n", venues)

    assert found.papers == ()
    assert [unread.line for unread in found.unread] == [3]
    assert found.unread[0].reason == (reason or "it is a sentence, not an entry of a list")


def test_paper_without_a_heading_above_is_named(venues: Venues) -> None:
    found = parse_readme_list("- [A Title of a Paper](https://arxiv.org/abs/2401.00001)", venues)

    assert [unread.reason for unread in found.unread] == ["there is no heading above it"]


LINES = st.sampled_from(
    [
        "## A",
        "# B #",
        "| a | b |",
        "|--|--|",
        "- [a b c](https://arxiv.org/abs/2401.00001)",
        "  - x",
        "<table>",
        "<tr><td>a",
        "</table>",
        "<details><summary>s</summary>",
        "</details>",
        "```",
        "> q",
        "**bold**",
        "[a]: https://x.y/z",
        "[^1]: https://arxiv.org/abs/2401.00002",
        "x[^1]",
        "===",
        "---",
        "![x](y)",
        "$a|b$ [t](https://arxiv.org/abs/2401.00003)",
        "\\|",
        "<!--",
        "-->",
        "",
        "1. [a][b]",
    ]
)


@given(st.one_of(st.text(max_size=300), st.lists(LINES, max_size=25).map("\n".join)))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(text: str) -> None:
    found = parse_readme_list(text, NO_VENUES)

    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= paper.line <= lines and paper.title and paper.section for paper in found.papers)


N = 65_536
COSTLY = {
    "open brackets": "[" * N,
    "open pictures": "![" * (N // 2),
    "open cells": "<table><tr><td>" * (N // 15),
    "open rows": "<tr>" * (N // 4),
    "open tags": "<a " * (N // 3),
    "open comments": "<!--" * (N // 4),
    "marks of a heading": "# " + "#" * N + "x",
    "pipes": "|" * N,
    "blanks in a delimiter": "|" + " " * N + "x",
    "stars": "*a" * (N // 2),
    "dollars": "$a" * (N // 2),
    "marks without a space": "*A" + "*b" * (N // 2),
    "places": "- " + ", in A" * (N // 6) + " [paper](https://arxiv.org/abs/2401.00001)",
    "quotations": ("> " * 40 + "a\n") * (N // 82),
    "pictures": "- " + "😀" * N + "[x](https://arxiv.org/abs/2401.00001)",
    "commas": "- " + "a, " * (N // 3) + " [paper](https://arxiv.org/abs/2401.00001)",
    "one paragraph of 1 MB": "<div>\n" * 170_000,
    "deep items": "".join("  " * (i % 60) + "- a\n" for i in range(1_000)),
}


@pytest.mark.parametrize("kind", COSTLY)
def test_reading_takes_bounded_time(kind: str) -> None:
    start = time.process_time()
    parse_readme_list(COSTLY[kind], NO_VENUES)

    assert time.process_time() - start < 2.5  # measured: at most 0.8 s
