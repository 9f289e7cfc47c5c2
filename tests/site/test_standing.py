"""A paper that was retracted says so wherever it is shown, with day, reason and successor."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest

from kdbot.intake.lists.own_readme import read_region
from kdbot.model.paper import Paper, read_standing_mark, standing_mark
from kdbot.publish.readme.tables import render_head, render_row
from kdbot.publish.site.files import site_files
from tests.rows import each

CATEGORY = "misc"

RETRACTED = Paper(
    id="2306.08543",
    title="A Paper",
    arxiv="2306.08543",
    doi="10.1000/paper",
    date="2023-06",
    authors=("Ada Lovelace",),
    categories=(CATEGORY,),
    added="2024-01-02",
    key="lovelace2023paper",
    status="retracted",
    status_date="2024-03-18",
    status_reason="Retraction: https://doi.org/10.1000/notice",
    successor="arXiv:2405.00001",
)
NOTE = (
    "Retracted 2024-03-18. Retraction: https://doi.org/10.1000/notice. Successor: arXiv:2405.00001"
)


@pytest.fixture
def files(collect, settings):
    return site_files(collect(RETRACTED), settings)


def test_every_export_says_it(files):
    assert f"note = {{{NOTE}}}" in files["papers.bib"]
    (item,) = json.loads(files["papers.csl.json"])
    assert (item["status"], item["note"]) == ("retracted", NOTE)
    assert f"N1  - {NOTE}\r\n" in files["papers.ris"]
    assert f'    notes: "{NOTE}"\n' in files["CITATION.cff"]
    fields = {
        "status": "retracted",
        "status_date": "2024-03-18",
        "status_reason": "Retraction: https://doi.org/10.1000/notice",
        "successor": "arXiv:2405.00001",
    }
    (record,) = json.loads(files["papers.json"])["papers"]
    assert fields.items() <= record.items()
    (row,) = csv.DictReader(io.StringIO(files["papers.csv"]))
    assert fields.items() <= row.items()
    assert NOTE in files["feed.xml"]


def test_the_page_and_its_search_say_it(files):
    for name in ("index.html", f"c/{CATEGORY}.html"):
        assert "<em>retracted 2024-03-18</em>" in files[name]
        assert "Reason: Retraction: https://doi.org/10.1000/notice" in files[name]
        successor = '<a href="https://arxiv.org/abs/2405.00001">arXiv:2405.00001</a>'
        assert f"Successor: {successor}" in files[name]
    index = json.loads(files["index.json"])
    assert index["standing"] == {"0": "retracted 2024-03-18"}
    assert ["Successor", ["arXiv:2405.00001", "https://arxiv.org/abs/2405.00001"]] in index[
        "details"
    ]["0"]


@each(
    "paper",
    [
        RETRACTED,
        replace(RETRACTED, status="expression of concern", status_date=None),
        replace(RETRACTED, status=None, withdrawn=True, status_date="2024"),
        replace(RETRACTED, status=None, withdrawn=True, status_date=None, arxiv=None),
        replace(RETRACTED, status="corrected"),
    ],
)
def test_a_row_says_it_and_is_read_back(paper, schema):
    columns = ("title", "venue", "date")
    row = render_row(paper, columns, schema)
    assert f" *({standing_mark(paper)})*" in row
    (read,) = read_region(f"## A\n\n{render_head(columns, schema)}{row}").papers
    assert read.title == paper.title
    shown = {name: getattr(paper, name) for name in ("withdrawn", "status", "status_date")}
    assert read.standing == {name: value for name, value in shown.items() if value}


@each("mark", ["", "retractedly", "rejected 2024", "spotlight"])
def test_other_words_in_brackets_are_no_standing(mark):
    assert read_standing_mark(mark) == {}


def test_a_paper_of_which_nothing_is_said_has_no_word_of_it(collect, settings):
    plain = replace(
        RETRACTED, status=None, status_date=None, status_reason=None, successor="arXiv:2405.00001"
    )
    shown = site_files(collect(plain), settings)
    assert json.loads(shown["index.json"])["standing"] == {}
    assert not re.search("note|Successor|status", shown["papers.bib"] + shown["papers.ris"])
