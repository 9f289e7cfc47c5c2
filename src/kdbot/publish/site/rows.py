"""What the page shows of a paper, a cell a column, and by what readers can narrow the list."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from kdbot.model.identifiers import IdentifierKind
from kdbot.model.paper import Paper, standing_mark
from kdbot.model.schema import Field, FieldKind
from kdbot.publish.markdown import is_address, visible_text
from kdbot.publish.readme.tables import (
    Piece,
    ShownPapers,
    cell_pieces,
    field_texts,
    field_value,
    paper_address,
    successor_address,
)

_KNOWN_FIELDS = frozenset(Paper.__slots__)
"""Fields of the model; every other field is one that this list's schema alone knows."""

_MAX_OPTIONS = 60
"""A field with more different values is no filter, but part of what the search looks at."""


class Row(NamedTuple):
    """One paper as the page shows it; every text is visible, every address http or https.

    Attributes:
        paper: the record.
        title: its title.
        url: where the title leads, or empty.
        standing: `retracted` and the like with the day, or empty.
        authors: names in order.
        categories: paths.
        cells: the content of each column but the first.
        details: fields that no column shows, as (label, pieces).
    """

    paper: Paper
    title: str
    url: str
    standing: str
    authors: list[str]
    categories: list[str]
    cells: list[list[Piece]]
    details: list[tuple[str, list[Piece]]]

    @property
    def leads_to_own_arxiv(self) -> bool:
        """Tell whether the title leads to the page on arXiv that the paper's id names."""
        return self.url == IdentifierKind.ARXIV.page(self.paper.id)


class Rows(ShownPapers):
    """All papers of a list as rows, newest first."""

    @cached_property
    def rows(self) -> list[Row]:
        """A row for each paper, in the order of `papers`."""
        return list(map(self._row, self.papers))

    @cached_property
    def heads(self) -> list[tuple[str, str]]:
        """(name, label) of each column, of which the first is the title's."""
        names = ("title", *(name for name in self.settings.columns if name != "title"))
        return [(name, visible_text(self.collection.schema.title(name))) for name in names]

    @cached_property
    def own_fields(self) -> list[Field]:
        """Fields that this list's schema alone knows, in its order."""
        return [f for f in self.collection.schema.fields if f.name not in _KNOWN_FIELDS]

    def _row(self, paper: Paper) -> Row:
        address, columns = paper_address(paper) or "", self.settings.columns
        known, standing = self.collection.taxonomy.by_path, standing_mark(paper)
        return Row(
            paper=paper,
            title=visible_text(paper.title),
            url=address if is_address(address) else "",
            standing=standing,
            authors=[] if "authors" in columns else list(map(visible_text, paper.authors)),
            categories=[path for path in paper.categories if path in known],
            cells=[self._pieces(paper, name) for name, _ in self.heads[1:]],
            details=list(self._details(paper)) if paper.extra or standing else [],
        )

    def _details(self, paper: Paper) -> Iterator[tuple[str, list[Piece]]]:
        title = self.collection.schema.title
        for name, text, address in (
            ("status_reason", paper.status_reason, ""),
            ("successor", paper.successor, successor_address(paper)),
        ):
            if paper.standing and text:
                yield visible_text(title(name)), [(visible_text(text), address)]
        for field in self.own_fields:
            if field.name not in self.settings.columns and (
                cell := self._pieces(paper, field.name)
            ):
                yield visible_text(field.title), cell

    def _pieces(self, paper: Paper, name: str) -> list[Piece]:
        if name == "categories":
            known = self.collection.taxonomy.by_path
            titles = [visible_text(known[path].title) for path in paper.categories if path in known]
            return [(", ".join(titles), "")]
        texts = field_texts(paper, name, venue_year=self.settings.venue_year)
        if name == "code" or (texts and all(map(is_address, texts))):
            # Links are named as the README names them.
            pieces = cell_pieces(paper, name, self.collection.schema)
            return [(visible_text(text), url) for text, url in pieces if is_address(url)]
        text = visible_text(", ".join(texts))
        return [(text, "")] if text else []


class Option(NamedTuple):
    """One choice of a filter.

    Attributes:
        value: its text in the address.
        label: what a reader sees.
        papers: how many it leaves.
        depth: how far it is indented.
    """

    value: str
    label: str
    papers: int
    depth: int = 0


class Filter(NamedTuple):
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
    options: Sequence[Option] = ()
    values: Sequence[Sequence[str]] | None = None

    @property
    def papers(self) -> int:
        """How many papers have a value, which is what a box leaves."""
        return sum(map(bool, self.values or ()))


def make_filters(rows: Rows) -> list[Filter]:
    """Return the filters of a list; one that would leave no choice is left out."""
    return list(_filters(rows))


def _filters(rows: Rows) -> Iterator[Filter]:
    schema = rows.collection.schema
    options = [
        Option(c.path, visible_text(c.title), len(rows.by_branch[c.path]), c.depth)
        for c in rows.collection.taxonomy.categories
    ]
    yield Filter("category", visible_text(schema.title("categories")), options)
    if "venue" in schema.by_name:
        yield from _choice(rows, schema.by_name["venue"])
    years = Counter(paper.date[:4] for paper in rows.papers if paper.date)
    if "date" in schema.by_name and years:
        listed = sorted(years.items(), reverse=True)
        yield Filter("year", "Year", [Option(year, year, papers) for year, papers in listed])
    for field in rows.own_fields:
        values = [value for paper in rows.papers for value in _values(paper, field.name)]
        if field.kind is FieldKind.FLAG or (values and all(map(is_address, values))):
            yield from _box(rows, field)
        elif len(set(values)) <= _MAX_OPTIONS:
            yield from _choice(rows, field)
    for name in ("code", "data"):
        if name in schema.by_name:
            yield from _box(rows, schema.by_name[name])


def _choice(rows: Rows, field: Field) -> Iterator[Filter]:
    values = [_values(paper, field.name) for paper in rows.papers]
    counts = Counter(value for found in values for value in found)
    if counts:
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0].casefold(), item[0]))
        options = [Option(value, value, papers) for value, papers in ordered]
        yield Filter(field.name, visible_text(field.title), options, values)


def _box(rows: Rows, field: Field) -> Iterator[Filter]:
    values = [("1",) if field_value(paper, field.name) else () for paper in rows.papers]
    if any(values):
        yield Filter(field.name, visible_text(field.title), (), values)


def _values(paper: Paper, name: str) -> list[str]:
    value = field_value(paper, name)
    texts = (value,) if isinstance(value, str) else value
    return list(map(visible_text, texts)) if isinstance(texts, tuple) else []
