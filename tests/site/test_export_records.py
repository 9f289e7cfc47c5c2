"""`papers.json` and `papers.csv` say what the records say, and nothing that a program runs."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kdbot.model.paper import Paper, json_values, paper_from_values
from kdbot.publish.exports.records import (
    _FORMULA,
    _cell,
    paper_records,
    render_badge,
    render_papers_csv,
    render_papers_json,
    render_papers_schema,
)
from tests.rows import each


def as_json(papers, collection, settings):
    records = paper_records(papers, collection.schema)
    return render_papers_json(records, collection, settings)


def as_csv(papers, schema):
    return render_papers_csv(paper_records(papers, schema), schema)


def read_json(text):
    """Read the papers back as their users would: `id` is the file, `link` is derived."""
    values = json.loads(text)["papers"]
    return [
        paper_from_values(
            v["id"],
            {k: str(x) if type(x) is int else x for k, x in v.items() if k not in {"id", "link"}},
        )
        for v in values
    ]


def read_csv(text, schema):
    """Read the papers back by the rules that the module states."""
    papers = []
    for row in csv.DictReader(io.StringIO(text, newline="")):
        cells = {k: v[1:] if _FORMULA.match(v) and v[0] == "'" else v for k, v in row.items()}
        values = {}
        for field in schema.fields:
            cell = cells[field.name]
            if cell and field.kind == "list":
                items = re.findall(r"((?:[^\\;]|\\.)+)(?:; |$)", cell, re.DOTALL)
                values[field.name] = [re.sub(r"\\(.)", r"\1", item) for item in items]
            elif cell:
                values[field.name] = True if field.kind == "flag" else cell
        papers.append(paper_from_values(cells["id"], values))
    return papers


def test_json_round_trips_to_the_collection(listed, listed_settings):
    papers = list(listed.papers.values())
    assert read_json(as_json(papers, listed, listed_settings)) == papers


def test_csv_round_trips_to_the_collection(listed):
    papers = list(listed.papers.values())
    assert read_csv(as_csv(papers, listed.schema), listed.schema) == papers


def test_odd_values_and_fields_that_only_the_schema_knows_round_trip(collect, papers, settings):
    collection = collect(*papers)
    assert read_json(as_json(papers, collection, settings)) == list(papers)
    assert read_csv(
        as_csv(papers, collection.schema),
        collection.schema,
    ) == list(papers)


texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40
) | st.sampled_from(["=1", "'=1", "''=1", " =1", "\t@", "'", ";", "; ", "\\", "\\;", "a; b", "＝1"])


@given(title=texts, items=st.lists(texts, max_size=3), note=texts)
def test_any_text_round_trips_through_csv(schema, title, items, note):
    paper = Paper(id="x", title=title, authors=tuple(items), note=note, categories=("misc",))
    assert read_csv(as_csv([paper], schema), schema) == [paper]


@given(title=texts, note=texts)
def test_any_text_round_trips_through_json(collect, settings, title, note):
    paper = Paper(id="x", title=title, note=note, categories=("misc",))
    assert read_json(as_json([paper], collect(paper), settings)) == [paper]


@each(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "'=1", "''@x"],
)
def test_what_a_spreadsheet_would_calculate_begins_with_an_apostrophe(text):
    assert _cell(text) == f"'{text}"


@each("text", ["", "a=1", "'quoted'", "2402.12030", "https://a/?b=-1"])
def test_other_cells_stay_as_they_are(text):
    assert _cell(text) == text


def test_no_cell_of_a_hostile_list_is_a_formula(papers, schema):
    rows = list(csv.reader(io.StringIO(as_csv(papers, schema), newline="")))
    assert rows[2][2] == '\'=HYPERLINK("https://example.org"; "x")'
    assert not [cell for row in rows for cell in row if re.match(r"\s*[=+\-@]", cell)]


@pytest.mark.parametrize("which", ["listed", "odd"])
def test_json_is_valid_against_its_own_schema(which, listed, collect, papers, settings):
    collection = listed if which == "listed" else collect(*papers)
    chosen = list(collection.papers.values())
    if which == "odd":
        # A link that is none is refused before it can be exported, and so is not the export's.
        chosen = [p for p in chosen if p.id != "bidi"]
    document = json.loads(as_json(chosen, collection, settings))
    schema = json.loads(render_papers_schema(collection.schema))
    Draft202012Validator.check_schema(schema)
    assert [e.message for e in Draft202012Validator(schema).iter_errors(document)] == []


def test_the_json_schema_refuses_what_no_record_may_hold(listed, listed_settings):
    paper = replace(next(iter(listed.papers.values())), date="2024")
    document = json.loads(as_json([paper], listed, listed_settings))
    schema = json.loads(render_papers_schema(listed.schema))
    assert list(Draft202012Validator(schema).iter_errors(document))


def test_json_has_one_paper_a_line_and_the_link_of_its_title(collect, papers, settings):
    text = as_json(papers[:1], collect(*papers), settings)
    line = next(line for line in text.splitlines() if '"id"' in line)
    assert json.loads(line.rstrip(",")) == {
        "id": "2402.12030",
        "link": "https://arxiv.org/abs/2402.12030",
        **json_values(papers[0]),
    }


def test_an_empty_list_is_valid(collect, settings):
    collection = collect()
    document = json.loads(render_papers_json([], collection, settings))
    assert document["papers"] == []
    assert render_papers_csv([], collection.schema).startswith("id,link,title,")


def test_the_badge_is_what_shields_reads():
    assert json.loads(render_badge(10_000)) == {
        "schemaVersion": 1,
        "label": "papers",
        "message": "10,000",
        "color": "blue",
    }
