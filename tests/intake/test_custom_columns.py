"""Columns that kdbot does not know: which become fields of a list, and of which kind."""

from __future__ import annotations

import dataclasses

from kdbot.intake.importing.rows import custom_columns
from kdbot.intake.lists.paper import ListedPaper
from kdbot.model.paper import Paper
from tests.rows import each


def fields(*cells, others=0):
    """Return the fields that one column `Model` of these cells makes, beside papers without it."""
    papers = [
        ListedPaper(line=n, title="A", extra=(("Model", cell),)) for n, cell in enumerate(cells)
    ]
    papers += [ListedPaper(line=100 + n, title="B") for n in range(others)]
    return custom_columns(papers, ("title", "Task"))


@each(
    ("cells", "kind", "form"),
    [
        ([("7B",), ("13B",)], "string", None),
        ([("7B", "13B"), ("7B",)], "array", None),
        ([("https://example.org/a",)], "array", "uri"),
        ([("https://example.org/a",), ("none",)], "string", None),
    ],
    ids=["text", "several", "links", "mixed"],
)
def test_its_cells_say_what_a_field_holds(cells, kind, form):
    field = fields(*cells)["model"]
    assert field["type"] == kind
    assert field.get("items", {}).get("format") == form
    assert field["title"] == "Model"


@each("name", [field.name for field in dataclasses.fields(Paper)])
def test_no_column_takes_the_name_of_what_every_record_has(name):
    title = name.replace("_", " ").title()
    papers = [ListedPaper(line=n, title="A", extra=((title, ("x",)),)) for n in range(3)]
    assert name not in custom_columns(papers, ())


def test_a_column_with_such_a_name_is_a_field_of_another_where_it_says_more():
    code = ("https://github.com/a/b",)
    papers = [ListedPaper(line=n, title="A", code=code, extra=(("Extra", code),)) for n in range(3)]
    assert custom_columns(papers, ()) == {}
    papers = [ListedPaper(line=n, title="A", extra=(("Extra", ("Oral",)),)) for n in range(3)]
    assert list(custom_columns(papers, ())) == ["extra_column"]


@each("title", ["Institute (first)", "Size, in GB", "Is it open?", "F1 (%)", "Author's Lab"])
def test_a_head_may_have_marks(title):
    papers = [ListedPaper(line=1, title="A", extra=((title, ("x",)),))]
    assert [field["title"] for field in custom_columns(papers, ()).values()] == [title]


def test_numbers_of_the_rows_are_no_field():
    assert fields(("1",), ("2",), ("3",), ("4",)) == {}
    assert fields(("7",), ("13",), ("2",), ("70",)) != {}


def test_what_hardly_any_paper_has_is_no_field():
    assert fields(("7B",), others=30) == {}


def test_a_page_in_a_cell_is_no_field():
    assert fields(("word " * 1_000,)) == {}


def test_a_paragraph_in_a_cell_is_a_longer_text():
    assert fields(("word " * 100,))["model"]["maxLength"] == 4_000


def test_most_papers_of_one_section_make_a_field():
    def paper(section, *extra):
        return ListedPaper(line=1, title="A", section=(section,), extra=extra)

    rare = [paper("A") for _ in range(90)]
    usual = [paper("B", ("Keywords", ("x",))) for _ in range(4)]
    assert list(custom_columns([*rare, *usual, paper("B")], ())) == ["keywords"]


def test_addresses_of_no_other_field_are_kept():
    papers = [ListedPaper(line=n, title="A") for n in range(9)]
    papers.append(ListedPaper(line=9, title="B", links=("https://example.org/film",)))
    assert list(custom_columns(papers, ())) == ["links"]


@each("title", ["Task", "TITLE", "任务", "12", "x" * 40])
def test_a_known_or_unusable_head_is_no_field(title):
    papers = [ListedPaper(line=1, title="A", extra=((title, ("x",)),))]
    assert custom_columns(papers, ("title", "Task")) == {}
