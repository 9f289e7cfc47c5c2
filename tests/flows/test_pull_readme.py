"""Changes of the README: what stands inside a region and what outside, whatever the diff."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdbot.github.pull_files import ReadmeChange, _shown_lines, read_readme_edit
from kdbot.storage.repository import open_collection

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = "prose"
LINES = [
    "# A list",
    "",
    "Some words.",
    "<!-- kdbot:begin badges -->",
    "![x](https://img.shields.io/x)",
    "<!-- kdbot:end badges -->",
    "",
    "More words, and a [link](https://github.com/o/r).",
    "<!-- kdbot:begin tables -->",
    "## Methods",
    "",
    "| Title | Venue | Date | Code | Data |",
    "| :--- | :---: | :---: | :---: | :---: |",
    "| [An Old Paper](https://arxiv.org/abs/2301.00001) | arXiv | 2023-01 | | |",
    "| [Another Old Paper](https://arxiv.org/abs/2301.00002) | arXiv | 2023-01 | | |",
    "<!-- kdbot:end tables -->",
    "",
    "The last words.",
]
MARKERS = frozenset(n for n, line in enumerate(LINES) if line.startswith("<!--"))
# Whether a line, or the gap in front of it, is inside a region.
INSIDE_GAP = frozenset({4, 5, *range(9, 16)})
INSIDE_LINE = frozenset({4, *range(9, 15)})


@cache
def collection():
    return open_collection(ROOT)


def patch_of(before, after, context=3):
    lines = difflib.unified_diff(before, after, lineterm="", n=context)
    return "\n".join(list(lines)[2:])


def codes(before, after, *, newline="\n", context=3):
    change = ReadmeChange(
        patch=patch_of(before, after, context).replace("\n", newline), text=newline.join(after)
    )
    edit = read_readme_edit(change, newline.join(before), collection())
    return {finding.code for finding in edit.findings}, edit


edits = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "change"]),
        st.integers(min_value=0, max_value=len(LINES) - 1),
        st.sampled_from(["New words.", "| a | b | c | d | e |", "", "- an item", "@@ -1 +1 @@"]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda edit: edit[1],
)


@given(
    edits=edits,
    newline=st.sampled_from(["\n", "\r\n"]),
    context=st.integers(min_value=1, max_value=4),
)
@settings(deadline=None)
def test_an_edit_is_by_hand_where_it_is_inside_a_region_and_only_there(edits, newline, context):
    after, inside, changed = [], False, False
    planned = {place: (kind, text) for kind, place, text in edits}
    for number, line in enumerate(LINES):
        kind, text = planned.get(number, ("keep", ""))
        if kind == "add":
            after += [f"{text}{number}", line]
            inside |= number in INSIDE_GAP
            changed = True
        elif kind == "keep" or number in MARKERS:
            after.append(line)
        else:
            changed = True
            inside |= number in INSIDE_LINE
            if kind == "change":
                after.append(f"{text}{number}")
    found, edit = codes(LINES, after, newline=newline, context=context)
    if changed:
        assert ("readme-region-edited" in found) is inside
    assert inside or edit.candidates == ()


ROW = "| [Patient Students Learn](https://arxiv.org/abs/2402.12030) | arXiv | 2024-02 | | |"


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["C03-LF", "C03-CRLF"])
@pytest.mark.parametrize("context", [0, 3])
def test_a_row_is_read_whatever_the_line_ends(newline, context):
    after = [*LINES[:14], ROW, *LINES[14:]]
    _, edit = codes(LINES, after, newline=newline, context=context)
    (candidate,) = edit.candidates
    assert candidate.given["title"].value == "Patient Students Learn"


def test_a_row_beside_prose_that_links_a_paper_is_the_only_paper():
    words = "See [Not a Row](https://arxiv.org/abs/2402.99999)."
    after = [*LINES[:2], words, *LINES[2:14], ROW, *LINES[14:]]
    _, edit = codes(LINES, after)
    assert [c.given["title"].value for c in edit.candidates] == ["Patient Students Learn"]


BROKEN = {
    "a marker that is gone": ([n for n in LINES if n != LINES[8]], "region-missing"),
    "a marker twice": ([*LINES, LINES[8], LINES[15]], "region-doubled"),
    "all markers gone": ([n for n in LINES if "kdbot:" not in n], "readme-without-regions"),
    "a whole region gone": ([*LINES[:8], *LINES[16:]], "region-missing"),
    "crossed": ([*LINES[:3], LINES[8], *LINES[3:8], *LINES[9:]], "region-crossed"),
}


@pytest.mark.parametrize(("after", "code"), BROKEN.values(), ids=list(BROKEN))
def test_markers_that_are_broken_by_a_change_are_told(after, code):
    found, edit = codes(LINES, after)
    assert found == {code}
    assert edit.candidates == ()


def test_markers_that_were_broken_before_are_nobodys_fault():
    before = [n for n in LINES if "kdbot:" not in n]
    found, edit = codes(before, [*before, "words"])
    assert (found, edit.candidates) == (set(), ())


# Lines that a diff shows


@given(
    before=st.lists(st.sampled_from("abc"), max_size=12),
    after=st.lists(st.sampled_from("abc"), max_size=12),
    context=st.integers(min_value=0, max_value=3),
)
def test_shown_lines_are_those_of_the_head_that_the_diff_holds(before, after, context):
    patch = patch_of(before, after, context)
    shown = _shown_lines(patch)
    assert shown <= set(range(1, len(after) + 1))
    changed = {
        number
        for tag, _, _, start, end in difflib.SequenceMatcher(a=before, b=after).get_opcodes()
        for number in range(start + 1, end + 1)
        if tag in {"insert", "replace"}
    }
    assert changed <= shown
    texts = [line[1:] for line in patch.split("\n") if line[:1] in {"+", " "} and line != ""]
    assert [after[number - 1] for number in sorted(shown)] == texts


def test_a_new_file_is_shown_whole():
    patch = "@@ -0,0 +1,3 @@\n+a\n+\n+c\n\\ No newline at end of file"
    assert _shown_lines(patch) == {1, 2, 3}


def test_a_file_without_a_patch_shows_nothing():
    assert _shown_lines(None) == frozenset()
