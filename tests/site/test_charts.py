"""The numbers behind the pictures."""

from dataclasses import replace

from kdbot.model.paper import Paper
from kdbot.model.settings import SummarySettings
from kdbot.publish.charts import (
    _round_ceiling,
    _shorten,
    _show_number,
    matrix_chart,
    month_chart,
    venue_chart,
)
from tests.rows import each


def dated(number, date, *categories, venue=None):
    return Paper(id=f"p{number}", title=f"P{number}", date=date, categories=categories, venue=venue)


def test_months_stack_top_categories_and_divide_a_paper_among_them(collect):
    papers = [
        dated(1, "2024-01", "methods/search/beam", "methods/search/random"),
        dated(2, "2024-01", "methods/search/beam", "tasks/law"),
        dated(3, "2024-03", "misc"),
        dated(4, None, "misc"),
    ]
    figure = month_chart(papers, collect(*papers))
    assert figure.head == ("Month", "Methods", "Tasks", "Misc.")
    assert figure.rows == (("2024-01", "1.5", "0.5", "0"), ("2024-03", "0", "0", "1"))
    assert "3 papers" in figure.description


@each(
    ("first", "last", "period", "labels"),
    [
        ("2014-01", "2023-12", "Month", ("2014-01", "2023-12")),
        ("2014-01", "2024-01", "Quarter", ("2014-01", "2024-01")),
        ("2013-05", "2024-08", "Quarter", ("2013-04", "2024-07")),
        ("1980-01", "2024-01", "Year", ("1980", "2024")),
    ],
)
def test_a_long_span_is_counted_by_quarters_or_years(collect, first, last, period, labels):
    papers = [dated(1, first, "misc"), dated(2, last, "misc")]
    figure = month_chart(papers, collect(*papers))
    assert figure.head[0] == period
    assert tuple(row[0] for row in figure.rows) == labels


def test_branches_past_the_sixth_are_one(collect):
    papers = [dated(n, "2024-01", f"root{n}") for n in range(8)]
    collection = collect(*papers)
    root = collection.taxonomy.categories[-1]
    roots = tuple(replace(root, path=f"root{n}", title=f"Root {n}") for n in range(8))
    collection = replace(collection, taxonomy=replace(collection.taxonomy, categories=roots))
    figure = month_chart(papers, collection)
    assert figure.legend[-2:] == ("Root 4", "Others")
    assert figure.rows[0][-1] == "3"


def test_venues_stand_by_number_then_name_and_the_rest_is_one_bar():
    papers = [dated(n, None, "misc", venue=f"V{n % 15:02}") for n in range(31)]
    figure = venue_chart([*papers, dated(99, None, "misc")])
    assert figure.rows[:3] == (("V00", "3"), ("V01", "2"), ("V02", "2"))
    assert "3 others" in figure.shapes
    assert len(figure.rows) == 15
    assert venue_chart([]) is None


def test_a_name_in_a_picture_is_text():
    figure = venue_chart([dated(1, None, "misc", venue="<script>")])
    assert "&lt;script&gt;" in figure.shapes
    assert "<script>" not in figure.shapes


def test_the_matrix_counts_papers_that_stand_in_both(collect):
    papers = [
        dated(1, None, "tasks/law", "methods/search/beam"),
        dated(2, None, "tasks/law", "methods/search/beam", "methods/search/random"),
        dated(3, None, "tasks/code"),
    ]
    settings = SummarySettings(rows="tasks", columns=("methods/search",))
    figure = matrix_chart(papers, collect(*papers), settings)
    assert figure.head == ("Tasks", "Beam", "Random")
    assert figure.rows == (("Code", "", ""), ("Law", "2", "1"))
    assert matrix_chart(papers, collect(*papers), SummarySettings()) is None


@each(("number", "top"), [(0.5, 2), (1, 2), (3, 4), (9, 10), (10, 10), (27, 30), (101, 200)])
def test_a_scale_ends_at_a_round_even_number(number, top):
    assert _round_ceiling(number) == top


def test_numbers_and_labels():
    assert [_show_number(n) for n in (0, 1, 1.5, 2 / 3, 0.9999999, 1234)] == [
        "0", "1", "1.5", "0.7", "1", "1,234"
    ]  # fmt: skip
    assert _shorten("x" * 27) == "x" * 25 + "…"
