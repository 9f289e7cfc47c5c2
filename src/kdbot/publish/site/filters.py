"""By what readers can narrow the list: categories, venues, years, and a list's own fields."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kdbot.model.paper import Paper
from kdbot.model.schema import Field, FieldKind
from kdbot.publish.markdown import is_address, visible_text
from kdbot.publish.site.rows import Rows
from kdbot.publish.tables import PaperTables, field_value

MOST_OPTIONS = 60
"""A field with more different values is no filter, but part of what the search looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a filter.

    Attributes:
        value: what stands in the address.
        label: what a reader sees.
        count: papers that it leaves.
        depth: how far it is indented.
    """

    value: str
    label: str
    count: int
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One control of the page.

    Attributes:
        name: the field, which is its name in the address too.
        label: what a reader sees.
        options: choices; none for a box to be ticked.
        values: for each paper, newest first, the values by which it is found; None where the
            index holds them already, as categories or months.
    """

    name: str
    label: str
    options: tuple[Option, ...] = ()
    values: tuple[tuple[str, ...], ...] | None = None


def make_filters(rows: Rows) -> tuple[Filter, ...]:
    """Return the filters of a list; one that would leave no choice is left out."""
    return tuple(_filters(rows))


def _filters(rows: Rows) -> Iterator[Filter]:
    schema = rows.collection.schema
    yield _categories(rows)
    if "venue" in schema.by_name:
        yield from _choice(rows, schema.by_name["venue"])
    years = Counter(paper.date[:4] for paper in rows.papers if paper.date)
    if "date" in schema.by_name and years:
        options = [Option(value=y, label=y, count=n) for y, n in sorted(years.items())]
        yield Filter(name="year", label="Year", options=tuple(reversed(options)))
    for field in rows.own_fields:
        yield from _own(rows, field)
    for name in ("code", "data"):
        if name in schema.by_name:
            yield from _box(rows, schema.by_name[name])


def _categories(rows: Rows) -> Filter:
    tables = PaperTables(collection=rows.collection, columns=rows.columns)
    options = [
        Option(
            value=category.path,
            label=visible_text(category.title),
            count=tables.count(category),
            depth=category.depth,
        )
        for category in rows.collection.taxonomy.categories
    ]
    label = visible_text(rows.collection.schema.title("categories"))
    return Filter(name="category", label=label, options=tuple(options))


def _own(rows: Rows, field: Field) -> Iterator[Filter]:
    values = [v for paper in rows.papers for v in _values(paper, field.name)]
    if field.kind is FieldKind.FLAG or (values and all(map(is_address, values))):
        return _box(rows, field)
    return _choice(rows, field, at_most=MOST_OPTIONS)


def _choice(rows: Rows, field: Field, at_most: int | None = None) -> Iterator[Filter]:
    values = tuple(_values(paper, field.name) for paper in rows.papers)
    counts = Counter(value for found in values for value in found)
    if counts and (at_most is None or len(counts) <= at_most):
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0].casefold(), item[0]))
        options = [Option(value=v, label=v, count=n) for v, n in ordered]
        label = visible_text(field.title)
        yield Filter(name=field.name, label=label, options=tuple(options), values=values)


def _box(rows: Rows, field: Field) -> Iterator[Filter]:
    values = tuple(("1",) if field_value(paper, field.name) else () for paper in rows.papers)
    if any(values):
        yield Filter(name=field.name, label=visible_text(field.title), values=values)


def _values(paper: Paper, name: str) -> tuple[str, ...]:
    value = field_value(paper, name)
    if isinstance(value, str):
        return (visible_text(value),)
    return tuple(map(visible_text, value)) if isinstance(value, tuple) else ()
