"""All files of a list against its rules and each other, and the fast path that makes it quick."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kdbot.intake.record import parse_record
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.model.collection import Collection
from kdbot.model.finding import Severity
from kdbot.model.proposal import Candidate, Given, Origin
from kdbot.model.schema import parse_schema
from kdbot.review.checks import check_draft
from kdbot.review.collection import _FastPath, review_collection
from kdbot.review.file_name import check_file_name
from kdbot.review.normalize import normalize_candidate
from tests.rows import each

CASES = Path(__file__).parents[1] / "data" / "cases"
RIGHT = """title: "A New Title"
arxiv: "2402.11176"
venue: EMNLP
date: 2024-02
code: [https://github.com/a/b]
categories:
  - surveys
added: 2024-03-18
"""


def test_a_right_list_has_no_finding(
    records: tuple[Candidate, ...], collection: Collection
) -> None:
    assert review_collection(records, collection) == ()


@each(
    ("text", "path", "code", "line"),
    [
        (RIGHT.replace("surveys", "nowhere"), "2402.11176", "unknown-category", 7),
        (RIGHT.replace("2024-02", "2024-13"), "2402.11176", "invalid-date", 4),
        (RIGHT.replace("2402.11176", "2306.08543"), "2306.08543b", "duplicate-arxiv", 2),
        (
            RIGHT.replace(
                "A New Title",
                "orca -- progressive learning from complex explanation traces of gpt-4",
            ),
            "2402.11176",
            "duplicate-title",
            1,
        ),
        (RIGHT, "a-new-title", "wrong-file-name", 1),
        (
            RIGHT.replace(
                'arxiv: "2402.11176"', "url: http://crfm.stanford.edu/2023/03/13/alpaca.html"
            ),
            "a-new-title",
            "duplicate-url",
            2,
        ),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    text: str,
    path: str,
    code: str,
    line: int,
    records: tuple[Candidate, ...],
    collection: Collection,
    file: Callable[..., Candidate],
) -> None:
    wrong = file(text, f"papers/{path}.yaml")
    found = [f for f in review_collection([*records, wrong], collection) if f.code == code]
    assert [(f.file, f.line) for f in found] == [(f"papers/{path}.yaml", line)]


def test_findings_stand_by_file(collection: Collection, file: Callable[..., Candidate]) -> None:
    wrong = [file(RIGHT.replace("EMNLP", "X"), f"papers/{n}.yaml") for n in ("b", "a", "c")]
    found = review_collection(wrong, collection)
    assert [f.file for f in found] == sorted(str(f.file) for f in found)


def test_the_fast_path_lets_the_usual_record_pass(
    collection: Collection, file: Callable[..., Candidate]
) -> None:
    assert _fast_path(collection).passes(file(RIGHT))


PIECES = {
    "title": st.sampled_from(
        ["A New Title", "A  New Title", "A NEW TITLE OF ALL", "“A”", "x", "A \u202e"]
    ),
    "arxiv": st.sampled_from(["2402.11176", "2402.11176v1", "2413.00001", "math/0309136", "x"]),
    "venue": st.sampled_from(["EMNLP", "NIPS", "PMLR", "Elsewhere", ""]),
    "date": st.sampled_from(["2024-02", "2024-03", "2003-09", "2024-13", "2024", ""]),
    "code": st.lists(
        st.sampled_from(
            [
                "https://github.com/a/b",
                "https://github.com/topics/b",
                "https://github.com/a/b.git",
                "https://github.com/a/b?utm_source=x",
                "https://a.github.io/b",
                "http://github.com/a/b",
                "https://e.org/p?x=1#y",
                "x",
            ]
        ),
        max_size=2,
    ),
    "data": st.lists(
        st.sampled_from(
            [
                "https://e.org/p",
                "https://127.0.0.1/",
                "https://e.org/p?gclid=1",
                "https://E.org",
                "x",
            ]
        ),
        max_size=2,
    ),
    "categories": st.lists(st.sampled_from(["surveys", "tasks/other", "tasks", "x"]), max_size=3),
    "note": st.sampled_from(["A note.", "no", "", "x" * 301]),
    "added": st.sampled_from(["2024-03-18", "2024-3-18", "1999-01-01"]),
    "proposed_by": st.sampled_from(["octocat", "-x", "two words"]),
    "withdrawn": st.booleans(),
    "extra": st.just("x"),
}


@given(st.data())
def test_what_passes_the_fast_path_has_no_finding(
    collection: Collection, data: st.DataObject
) -> None:
    names = data.draw(st.sets(st.sampled_from(sorted(PIECES)), min_size=1))
    values = {
        "title": "A New Title",
        "arxiv": "2402.11176",
        "date": "2024-02",
        "categories": ["surveys"],
    }
    values |= {name: data.draw(PIECES[name], label=name) for name in names}
    record = Candidate(
        given={
            name: Given(value=value, origin=Origin.FILE, line=1) for name, value in values.items()
        },
        file=data.draw(
            st.sampled_from(["papers/2402.11176.yaml", "papers/math.0309136.yaml", "x"])
        ),
    )
    if _fast_path(collection).passes(record):
        draft = normalize_candidate(record, collection)
        checked = check_draft(draft, collection)
        assert (*draft.findings, *checked, *check_file_name(draft, listed=True)) == ()


@each("case", sorted(CASES.glob("*/bad.yaml")), ids=lambda case: str(case.parent.name))
def test_no_bad_case_that_a_check_finds_passes_the_fast_path(
    case: Path, collection: Collection, file: Callable[..., Candidate]
) -> None:
    text = case.read_text("utf-8")
    path = text.partition("\n")[0].removeprefix("# ")
    record = file(text, path)
    draft = normalize_candidate(record, collection)
    found = (*draft.findings, *check_draft(draft, collection))
    assert not (found and _fast_path(collection).passes(record))


@each(
    "change",
    [
        {"allOf": [{"required": ["note"]}]},
        {"minProperties": 20},
        {"properties": {"title": {"type": "string", "not": {}}}},
        {"properties": {"title": {"type": "string", "pattern": "^B"}}},
        {"properties": {"title": {"type": "string", "maxLength": 5}}},
        {"required": ["note"]},
    ],
)
def test_what_does_not_fit_the_schema_does_not_pass_the_fast_path(
    change: dict[str, Any], collection: Collection, file: Callable[..., Candidate]
) -> None:
    document = json.loads(json.dumps(collection.schema.document))
    document["properties"] |= change.pop("properties", {})
    other = replace(collection, schema=parse_schema({**document, **change}))
    assert not _fast_path(other).passes(file(RIGHT))


def test_the_committed_list_is_right(collection: Collection) -> None:
    root = Path(__file__).parents[2]
    files = sorted((root / "papers").glob("*.yaml"))
    records = [parse_record(p.read_bytes(), f"papers/{p.name}") for p in files]
    assert all(isinstance(record, Candidate) for record in records)
    living = replace(
        collection,
        taxonomy=parse_taxonomy((root / "schema" / "taxonomy.yaml").read_bytes(), "taxonomy"),
        venues=parse_venues((root / "schema" / "venues.yaml").read_bytes(), "venues"),
    )
    found = review_collection((r for r in records if isinstance(r, Candidate)), living)
    assert [f for f in found if f.severity is Severity.ERROR] == []


def _fast_path(collection: Collection) -> _FastPath:
    return _FastPath.of(collection)
