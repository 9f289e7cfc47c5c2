"""What the page shows of a paper, a cell a column, and by what readers can narrow the list."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kdbot.model.paper import Paper, standing_mark
from kdbot.model.schema import Field, FieldKind
from kdbot.publish.markdown import is_address, visible_text
from kdbot.publish.readme.tables import (
    ShownPapers,
    field_value,
    paper_address,
    render_row,
    successor_address,
    with_venue_year,
)

_KNOWN_FIELDS = frozenset(Paper.__slots__)
"""Fields of the model; every other field is one that this list's schema alone knows."""

_BYLINE = 3

_MAX_OPTIONS = 60
"""A field with more different values is no filter, but part of what the search looks at."""


class Text(NamedTuple):
    """A piece of a cell: text, and where it leads, if anywhere."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One paper as the page shows it; every text is visible, every address http or https.

    Attributes:
        id: the paper's id.
        title: its title, with the address where that leads.
        standing: `retracted` and the like with the day, or empty.
        authors: names in order.
        added: the day it entered the list.
        categories: paths.
        cells: the content of each column but the first.
        details: fields that no column shows, as (label, pieces).
    """

    id: str
    title: Text
    standing: str
    authors: tuple[str, ...]
    added: str | None
    categories: tuple[str, ...]
    cells: tuple[tuple[Text, ...], ...]
    details: tuple[tuple[str, tuple[Text, ...]], ...]

    @property
    def first_authors(self) -> str:
        """The names of the first authors, which every reader sees."""
        return ", ".join(self.authors[:_BYLINE])

    @property
    def more_authors(self) -> tuple[str, ...]:
        """The names that a reader sees on demand."""
        return self.authors[_BYLINE:]


class Rows(ShownPapers):
    """All papers of a list as rows, newest first."""

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """A row for each paper, in the order of `papers`."""
        return tuple(map(self._row, self.papers))

    @cached_property
    def cell_names(self) -> tuple[str, ...]:
        """Fields that have a column of their own."""
        return tuple(name for name in self.columns if name != "title")

    @cached_property
    def heads(self) -> tuple[tuple[str, str], ...]:
        """(name, label) of each column."""
        names = ("title", *self.cell_names)
        return tuple((name, visible_text(self.collection.schema.title(name))) for name in names)

    @cached_property
    def own_fields(self) -> tuple[Field, ...]:
        """Fields that this list's schema alone knows, in its order."""
        return tuple(f for f in self.collection.schema.fields if f.name not in _KNOWN_FIELDS)

    def _row(self, paper: Paper) -> Row:
        address = paper_address(paper) or ""
        shown = with_venue_year(paper) if self.venue_year else paper
        known = self.collection.taxonomy.by_path
        return Row(
            id=paper.id,
            title=Text(visible_text(paper.title), address if is_address(address) else ""),
            standing=standing_mark(paper),
            authors=() if "authors" in self.columns else tuple(map(visible_text, paper.authors)),
            added=paper.added,
            categories=tuple(path for path in paper.categories if path in known),
            cells=tuple(self._cell(shown, name) for name in self.cell_names),
            details=tuple(self._details(paper)) if paper.extra or paper.standing else (),
        )

    def _details(self, paper: Paper) -> Iterator[tuple[str, tuple[Text, ...]]]:
        title = self.collection.schema.title
        for name, text, address in (
            ("status_reason", paper.status_reason, ""),
            ("successor", paper.successor, successor_address(paper)),
        ):
            if paper.standing and text:
                yield visible_text(title(name)), (Text(visible_text(text), address),)
        for field in self.own_fields:
            if field.name not in self.columns and (cell := self._cell(paper, field.name)):
                yield visible_text(field.title), cell

    def _cell(self, paper: Paper, name: str) -> tuple[Text, ...]:
        if name == "categories":
            return (Text(", ".join(self._titles(paper.categories))),)
        value = field_value(paper, name)
        if isinstance(value, bool):
            return (Text("yes"),) if value else ()
        values = (value,) if isinstance(value, str) else value or ()
        if name == "code":
            # Project pages are next to the code.
            return self._links(paper, name) if paper.code or paper.project else ()
        if values and all(map(is_address, values)):
            return self._links(paper, name)
        text = visible_text(", ".join(values))
        return (Text(text),) if text else ()

    def _links(self, paper: Paper, name: str) -> tuple[Text, ...]:
        """Return a cell's links, named as the README names them."""
        found: list[Text] = []

        def collect(text: str, url: str) -> str:
            if is_address(url):
                found.append(Text(visible_text(text), url))
            return ""

        render_row(paper, (name,), self.collection.schema, collect)
        return tuple(found)

    def _titles(self, paths: Iterable[str]) -> Sequence[str]:
        known = self.collection.taxonomy.by_path
        return [visible_text(known[path].title) for path in paths if path in known]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a filter.

    Attributes:
        value: its text in the address.
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

    @property
    def count(self) -> int:
        """How many papers have a value, which is what a box leaves."""
        return sum(map(bool, self.values or ()))


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
    options = [
        Option(
            value=category.path,
            label=visible_text(category.title),
            count=len(rows.by_branch.get(category.path, ())),
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
    return _choice(rows, field, at_most=_MAX_OPTIONS)


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
