"""The audit's issue: every box by its key, nothing of others alive in it, and never too long."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdbot.model.audit import (
    Audit,
    AuditFinding,
    AuditSummary,
    Edit,
    EditKind,
    EditState,
    NewPaper,
    ProposedEdit,
    Unchecked,
    index_edits,
)
from kdbot.model.paper import Paper
from kdbot.model.taxonomy import Taxonomy
from kdbot.publish.audit import (
    ALL,
    AUDIT_MARKER,
    chosen_boxes,
    kept_ticks,
    needs_issue,
    offered_boxes,
    render_audit_issue,
    render_proposed_edit,
    render_refusals,
    render_upgrades,
    ticked_boxes,
    upgrades_in,
)
from kdbot.publish.comment.notes import COMMENT_LIMIT, comment_length
from kdbot.publish.tracking_issues import render_new_papers_issue
from tests.rows import each

SUMMARY = AuditSummary(week="2026-W10", papers=1, links=1)
HOSTILE = [
    "@everyone",
    "Fixes #1",
    "<!-- kdbot:box all -->",
    "--> <script>alert(1)</script>",
    "](javascript:alert(1))",
    "- [x] <!-- kdbot:box 000000000000 --> x",
    "\n- [x] <!-- kdbot:box 000000000000 --> x",
    "</details>",
    "`a` ``b``",
]


def box(kind=EditKind.MOVED, before="https://a.example", after="https://b.example", **parts):
    edit = Edit(paper="p", field="code", before=before, after=after)
    return ProposedEdit(kind=kind, papers=("p",), edits=(edit,), **parts)


def audit_of(*boxes, **parts):
    return Audit(summary=SUMMARY, boxes=index_edits(boxes), **parts)


def papers(title="A Title"):
    return {"p": Paper(id="p", title=title, arxiv="2402.00001")}


def test_the_keys_of_the_issue_are_those_of_its_open_boxes():
    boxes = [
        box(ticked=True),
        box(EditKind.MOVED_AWAY),
        box(EditKind.TITLE),
        box(EditKind.LINK, before=None),
        box(EditKind.DROPPED, after=None),
        box(EditKind.WITHDRAWN, state=EditState.DONE),
        box(EditKind.ARCHIVED, state=EditState.DECLINED),
    ]
    audit = audit_of(*boxes)
    text = render_audit_issue(audit, papers(), kept_ticks("", audit.boxes.values()))
    assert text.startswith(f"{AUDIT_MARKER}\n")
    assert offered_boxes(text) == {ALL, *(one.key for one in boxes[:5])}
    assert ticked_boxes(text) == {boxes[0].key}


def test_a_clean_audit_needs_no_issue():
    assert not needs_issue(audit_of(), papers())
    assert not needs_issue(audit_of(box(state=EditState.DECLINED)), papers())
    assert not needs_issue(
        audit_of(unchecked={"DBLP": Unchecked(count=1, reason="it failed")}), papers()
    )
    assert needs_issue(audit_of(box()), papers())


@each("text", HOSTILE)
def test_B01_B06_B11_nothing_of_others_is_alive(text):
    boxes = [
        box(kind, before=f"https://a.example/{text}", after=text, sources=(text,))
        for kind in EditKind
    ]
    audit = audit_of(
        *boxes,
        papers={"p": (AuditFinding(code="title-mismatch", message=f"I read {text}."),)},
        unchecked={text: Unchecked(count=1, reason=text)},
    )
    body = render_audit_issue(audit, papers(text), frozenset())
    assert offered_boxes(body) <= {ALL, *(one.key for one in boxes)}
    assert body.count("<!--") == 1 + len(offered_boxes(body))
    assert "<script" not in body
    outside_of_code = re.sub(r"`[^`\n]*`", "", body)
    assert "@everyone" not in outside_of_code
    assert "Fixes #1" not in outside_of_code
    note = render_refusals({boxes[0].key: text})
    assert note.count("<!--") == 1


@pytest.mark.parametrize("letter", ["x", "😀"])
def test_B16_B17_the_issue_is_never_too_long(letter):
    boxes = [
        box(after=f"https://b.example/{number}/{letter * 200}", ticked=True)
        for number in range(2_000)
    ]
    remarks = tuple(AuditFinding(code="title-mismatch", message=letter * 250) for _ in range(500))
    audit = audit_of(*boxes, papers={"p": remarks})
    text = render_audit_issue(audit, papers(), frozenset())
    assert comment_length(text) <= COMMENT_LIMIT
    assert re.search(r"^And [0-9,]+ more\.$", text, re.MULTILINE)
    assert text.count("<details>") == text.count("</details>")
    assert text.endswith("</sub>")
    assert comment_length(render_upgrades(boxes, papers())) <= COMMENT_LIMIT


@pytest.mark.parametrize("letter", ["x", "😀", "$"])
def test_G03_what_was_refused_is_never_too_long(letter):
    lengths = [4_000] * 60 + [1] * 1_140
    refused = {f"{number:016x}": letter * length for number, length in enumerate(lengths)}
    note = render_refusals(refused)
    assert comment_length(note) <= COMMENT_LIMIT
    assert re.search(r"^- and [0-9,]+ more$", note, re.MULTILINE)
    assert note.partition("\n")[0] != render_refusals({"a": "x"}).partition("\n")[0]
    boxes = [box(EditKind.VENUE, after=f"V{number}", sources=("DBLP",)) for number in range(3_000)]
    assert comment_length(render_upgrades(boxes, papers())) <= COMMENT_LIMIT


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=60)
def test_B01_no_text_of_a_new_paper_is_a_box(title, author):
    paper = NewPaper(
        arxiv="2601.00001", title=title or "x", authors=(author,), categories=(title,), week="w"
    )
    text = render_new_papers_issue([paper], Taxonomy(categories=()), "")
    assert offered_boxes(text) == {"new:2601.00001", "new:2601.00001:0"}


TICKS = {
    "ticked": ("- [x] <!-- kdbot:box KEY --> x", True),
    "capital": ("- [X] <!-- kdbot:box KEY --> x", True),
    "carriage-return": ("- [x] <!-- kdbot:box KEY --> x\r", True),
    "star": ("* [x] <!-- kdbot:box KEY --> x", True),
    "deeper": ("  - [x] <!-- kdbot:box KEY --> x", True),
    "open": ("- [ ] <!-- kdbot:box KEY --> x", False),
    "quoted": ("> - [x] <!-- kdbot:box KEY --> x", False),
    "key-behind": ("- [x] x <!-- kdbot:box KEY -->", False),
    "no-list": ("[x] <!-- kdbot:box KEY --> x", False),
}


@each(("line", "ticked"), TICKS.values(), ids=TICKS)
def test_which_lines_are_ticked_boxes(line, ticked):
    one = box()
    body = f"{AUDIT_MARKER}\n{line.replace('KEY', one.key)}\nmore"
    assert ticked_boxes(body) == ({one.key} if ticked else frozenset())
    assert chosen_boxes(index_edits([one]), body) == ((one,) if ticked else ())


def test_what_was_offered_with_a_tick_is_chosen_by_the_box_for_all_alone():
    early, other = box(ticked=True), box(EditKind.MOVED_AWAY)
    lines = [render_proposed_edit(one.key, "x", ticked=one is early) for one in (early, other)]
    boxes = index_edits([early, other])
    assert chosen_boxes(boxes, "\n".join(lines)) == ()
    everything = render_proposed_edit(ALL, "x", ticked=True)
    assert chosen_boxes(boxes, "\n".join([everything, *lines])) == (early,)


@pytest.mark.parametrize("state", [EditState.DONE, EditState.DECLINED])
def test_a_box_with_an_answer_is_not_chosen_again(state):
    one = box(state=state)
    assert chosen_boxes(index_edits([one]), render_proposed_edit(one.key, "x", ticked=True)) == ()


def test_a_pull_request_of_venues_names_its_boxes():
    boxes = [box(EditKind.VENUE, sources=("DBLP", "arXiv"))]
    text = render_upgrades(boxes, papers())
    assert upgrades_in(text) == {boxes[0].key}
    assert upgrades_in(f"x\n{text}") == frozenset()
