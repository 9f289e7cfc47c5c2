"""`audit.json`: the same audit back, one line for each thing, nothing but its schema's."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given
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
    WaitingProposal,
    index_edits,
    parse_audit_file,
    render_audit_file,
)
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import LinkRecord, LinkState
from kdbot.storage.audit import load_audit, load_audit_summary, load_link_results

SCHEMA = json.loads((Path(__file__).parents[2] / "src/kdbot/storage/audit.schema.json").read_text())
VALIDATOR = jsonschema_rs.Draft202012Validator({**SCHEMA, "$ref": "#/$defs/audit"})

texts = st.text(st.characters(codec="utf-8"), max_size=20)
days = st.dates(date(2024, 1, 1), date(2030, 1, 1))
counts = st.integers(0, 10_000)
ids = st.from_regex(r"[0-9]{4}\.[0-9]{5}", fullmatch=True)
records = st.builds(
    LinkRecord,
    state=st.sampled_from(LinkState),
    since=days,
    checked=days,
    seconds=st.integers(0, 200).map(lambda tenths: tenths / 10),
    dead_since=st.none() | days,
    status=st.none() | st.integers(100, 599),
    final_url=st.none() | texts,
)
edits = st.builds(
    Edit,
    paper=ids,
    field=st.sampled_from(["url", "code", "venue", "title"]),
    before=st.none() | texts.filter(bool),
    after=texts.filter(bool),
)
boxes = st.builds(
    ProposedEdit,
    kind=st.sampled_from(EditKind),
    papers=st.lists(ids, min_size=1, max_size=2).map(tuple),
    edits=st.lists(edits, max_size=2).map(tuple),
    sources=st.lists(texts, max_size=2).map(tuple),
    ticked=st.booleans(),
    state=st.sampled_from(EditState),
)
new_papers = st.builds(
    NewPaper,
    arxiv=ids,
    title=texts.filter(bool),
    authors=st.lists(texts, max_size=2).map(tuple),
    date=st.none() | st.just("2026-01"),
    categories=st.lists(texts, max_size=2).map(tuple),
    likeness=st.integers(0, 100),
    week=st.just("2026-W10"),
    state=st.sampled_from(EditState),
)
audits = st.builds(
    Audit,
    summary=st.none()
    | st.builds(
        AuditSummary,
        week=st.just("2026-W10"),
        papers=counts,
        links=counts,
        dead=counts,
        moved=counts,
        upgraded=counts,
    ),
    links=st.dictionaries(texts, records, max_size=3),
    papers=st.dictionaries(
        ids,
        st.lists(
            st.builds(AuditFinding, code=st.just("title-mismatch"), message=texts),
            min_size=1,
            max_size=2,
        ).map(tuple),
        max_size=3,
    ),
    boxes=st.lists(boxes, max_size=3).map(index_edits),
    new_papers=st.lists(new_papers, max_size=3).map(lambda found: {p.arxiv: p for p in found}),
    unchecked=st.dictionaries(texts, st.builds(Unchecked, count=counts, reason=texts), max_size=2),
    waiting=st.lists(
        st.builds(WaitingProposal, number=st.integers(1, 999), label=texts, since=days),
        max_size=3,
        unique_by=lambda one: one.number,
    ).map(lambda found: tuple(sorted(found, key=lambda one: one.number))),
)


@given(audits)
def test_what_is_written_is_read_back_and_fits_the_schema(audit):
    text = render_audit_file(audit)
    document = json.loads(text)
    assert parse_audit_file(document) == audit
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    assert render_audit_file(parse_audit_file(document)) == text


def test_each_thing_stands_on_a_line_of_its_own():
    audit = Audit(
        summary=AuditSummary(week="2026-W10", papers=1, links=1),
        links={
            "https://b.example": LinkRecord(
                state=LinkState.OK, since=date(2026, 3, 2), checked=date(2026, 3, 2), seconds=0.24
            ),
            "https://a.example": LinkRecord(
                state=LinkState.DEAD, since=date(2026, 3, 2), checked=date(2026, 3, 9), seconds=1
            ),
        },
    )
    assert render_audit_file(audit) == (
        '{\n"boxes": {},\n"links": {\n'
        '"https://a.example": {"checked": "2026-03-09", "seconds": 1, "since": "2026-03-02", '
        '"state": "dead"},\n'
        '"https://b.example": {"checked": "2026-03-02", "seconds": 0.2, "since": "2026-03-02", '
        '"state": "ok"}\n},\n"new_papers": {},\n"papers": {},\n'
        '"summary": {"dead": 0, "links": 1, "moved": 0, "papers": 1, "upgraded": 0, '
        '"week": "2026-W10"},\n"unchecked": {},\n"version": 1,\n"waiting": {}\n}\n'
    )


def test_a_list_without_audit_has_an_empty_one(tmp_path):
    assert load_audit(tmp_path) == Audit()
    assert load_audit_summary(tmp_path) is None


WRONG = {
    "no-json": "{",
    "no-object": "[]",
    "deep": "[" * 100_000,
    "version": '{"version": 2}',
    "unknown-key": '{"version": 1, "boxes": {}, "links": {}, "new_papers": {}, "papers": {}, '
    '"unchecked": {}, "waiting": {}, "more": 1}',
    "other-field": '{"version": 1, "boxes": {"000000000000": {"kind": "moved", '
    '"papers": ["a"], "edits": [{"paper": "a", "field": "added", "after": "x"}]}}, "links": {}, '
    '"new_papers": {}, "papers": {}, "unchecked": {}, "waiting": {}}',
    "path-as-id": '{"version": 1, "boxes": {"000000000000": {"kind": "moved", "papers": '
    '["../a"]}}, "links": {}, "new_papers": {}, "papers": {}, "unchecked": {}, "waiting": {}}',
    "impossible-day": '{"version": 1, "boxes": {}, "links": {}, "new_papers": {}, "papers": {}, '
    '"unchecked": {}, "waiting": {"1": {"label": "ready", "since": "2026-02-31"}}}',
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_a_file_of_another_form_is_one_clear_error(tmp_path, text):
    (tmp_path / "audit.json").write_text(text)
    with pytest.raises(KdbotError, match=r"audit\.json"):
        load_audit(tmp_path)


ARTIFACTS = {
    "no-json": "x",
    "no-array": "{}",
    "unknown-key": '[{"url": "https://a.example"}]',
    "wrong-type": '[{"url": 1, "state": "ok", "status": 200, "final_url": null, "attempts": 1, '
    '"seconds": 1, "evidence": ""}]',
    "wrong-state": '[{"url": "https://a", "state": "fine", "status": 200, "final_url": null, '
    '"attempts": 1, "seconds": 1, "evidence": ""}]',
}


@pytest.mark.parametrize("text", ARTIFACTS.values(), ids=ARTIFACTS)
def test_A09_an_artifact_is_data_of_one_form(tmp_path, text):
    (tmp_path / "links.json").write_text(text)
    with pytest.raises(KdbotError, match=r"links\.json"):
        load_link_results([tmp_path / "links.json"])


def test_half_a_character_in_an_artifact_is_left_out(tmp_path):
    record = {
        "url": "https://a.example",
        "state": "moved",
        "status": 200,
        "final_url": "https://a.example/\ud800",
        "attempts": 1,
        "seconds": 1,
        "evidence": "",
    }
    (tmp_path / "links.json").write_text(json.dumps([record]))
    assert load_link_results([tmp_path / "links.json"]) == {}
