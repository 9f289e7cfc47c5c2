"""The tables of papers: one for each category, newest first; and where a title leads."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import compress
from typing import TypeAlias

from kdbot.model.collection import Collection
from kdbot.model.identifiers import LANDING_KINDS, IdentifierKind, parse_identifier
from kdbot.model.paper import IDENTIFIER_NAMES, LINK_LISTS, FieldValue, Paper, standing_mark
from kdbot.model.regions import NO_PAPER, PAPERS_BELOW
from kdbot.model.schema import PaperSchema
from kdbot.model.settings import TableSettings
from kdbot.model.taxonomy import Category, path_with_ancestors
from kdbot.publish.markdown import escape_text, is_address, link

Piece: TypeAlias = tuple[str, str]
"""A text of a cell and the address that it leads to, which is empty where there is none."""

MakeLink: TypeAlias = Callable[[str, str], str]
"""Text and address to Markdown; what may be a link differs between the README and a comment."""

_HOST_NAMES = {
    "github.com": "GitHub",
    "gitlab.com": "GitLab",
    "bitbucket.org": "Bitbucket",
    "huggingface.co": "Hugging Face",
    "zenodo.org": "Zenodo",
    "kaggle.com": "Kaggle",
}
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#]*@)?(?:www\.)?([^/?#:@]+)", re.IGNORECASE)
_PAGE = "Page"
_CENTERED = frozenset({"venue", "date"})
_MAX_HEADING = 6
_PADDING = {"date": "&nbsp;" * 3}
"""Spaces that widen a head: browsers break `2024-02` at its hyphen where a column is narrower."""


def paper_address(paper: Paper, besides: str = "") -> str | None:
    """Return `url`, else the page of the arXiv, ACL, OpenReview or DOI identifier, else None.

    Args:
        paper: the paper.
        besides: an identifier whose page is passed over.
    """
    named = ((kind, getattr(paper, kind)) for kind in LANDING_KINDS if kind != besides)
    pages = (kind.page(identifier) for kind, identifier in named if identifier)
    return paper.url or next(pages, None)


def _newest_first(papers: Iterable[Paper]) -> list[Paper]:
    """Sort papers by month, the newest first and those without month last; ties by title, id."""
    by_title = sorted(papers, key=lambda p: (p.title.casefold(), p.title, p.id))
    return sorted(by_title, key=lambda p: p.date or "", reverse=True)


def last_added(newest_first: Iterable[Paper]) -> list[Paper]:
    """Return the papers of which the day is known, the latest first; those of a day as given."""
    dated = [paper for paper in newest_first if paper.added]
    return sorted(dated, key=lambda paper: paper.added or "", reverse=True)


def paper_link(paper: Paper, make_link: MakeLink = link) -> str:
    """Return the paper's title as a link to where readers should land, if there is a place."""
    address = paper_address(paper)
    title = make_link(paper.title, address) if address else escape_text(paper.title)
    return title + _mark(paper)


def _mark(paper: Paper) -> str:
    return f" *({mark})*" if (mark := standing_mark(paper)) else ""


def standing_note(paper: Paper) -> str:
    """Return in a line what readers have to know of a paper: its standing, why, and what to read.

    Empty for a paper without a notice.
    """
    mark = standing_mark(paper)
    successor = f"Successor: {paper.successor}" if paper.successor else ""
    parts = (mark[:1].upper() + mark[1:], paper.status_reason, successor)
    return ". ".join(part.rstrip(".") for part in parts if part) if mark else ""


def successor_address(paper: Paper) -> str:
    """Return the page of the paper that takes its place, or an empty text."""
    named = parse_identifier(paper.successor or "")
    address = "" if named.canonical is None else named.kind.page(named.canonical)
    return address if is_address(address) else ""


def edition(paper: Paper) -> str:
    """Return the venue with its year, as people write them: `ICLR 2024`; empty without a venue."""
    return " ".join(filter(None, (paper.venue, paper.year))) if paper.venue else ""


def field_value(paper: Paper, name: str) -> FieldValue | None:
    """Return a field's value, whether the model knows the field or this list's schema alone."""
    value: FieldValue | None = getattr(paper, name, None)
    return value if value is not None else dict(paper.extra).get(name)


def field_texts(paper: Paper, name: str, *, venue_year: bool = False) -> tuple[str, ...]:
    """Return what a field has to show; `venue_year` asks for the year beside the venue."""
    value = edition(paper) if name == "venue" and venue_year else field_value(paper, name)
    if isinstance(value, bool):
        return ("yes",) if value else ()
    return value if isinstance(value, tuple) else (value,) if value else ()


def cell_pieces(
    paper: Paper, name: str, schema: PaperSchema, *, venue_year: bool = False
) -> list[Piece]:
    """Return what a column other than the title's shows of a paper.

    Args:
        paper: the record.
        name: the column's field.
        schema: for the labels of links.
        venue_year: whether the cell of the venue also shows its year.
    """
    title = schema.title(name)
    if name in IDENTIFIER_NAMES:
        # Where the title leads there already, the cell has nothing to add.
        identifier = getattr(paper, name)
        page = IdentifierKind(name).page(identifier) if identifier else paper_address(paper)
        return [(title, page)] if page and page != paper_address(paper) else []
    if name in LINK_LISTS:
        # Project pages are next to the code.
        pages = paper.project if name != "data" else ()
        own = () if name == "project" else getattr(paper, name)
        return _named_by_host([*((title, url) for url in own), *((_PAGE, url) for url in pages)])
    texts = field_texts(paper, name, venue_year=venue_year)
    if all(map(_is_link, texts)):
        return _named_by_host([(title, url) for url in texts])
    return [(title, text) if _is_link(text) else (text, "") for text in texts]


def _named_by_host(links: Iterable[Piece]) -> list[Piece]:
    """Name each link by its host where that is a known one; equal names are numbered."""
    named = [(t if t == _PAGE else _host_name(url) or t, url) for t, url in links]
    return _numbered(named)


def _numbered(links: Iterable[Piece]) -> list[Piece]:
    seen: Counter[str] = Counter()
    found = []
    for name, url in links:
        seen[name] += 1
        found.append((name if seen[name] == 1 else f"{name} {seen[name]}", url))
    return found


def _host_name(url: str) -> str | None:
    host = _HOST.match(url)
    return _HOST_NAMES.get(host[1].lower()) if host else None


def _is_link(value: str) -> bool:
    # A field of the list's own may hold words that begin with an address.
    return is_address(value) and not any(character.isspace() for character in value)


def render_head(columns: Sequence[str], schema: PaperSchema, *, padded: bool = False) -> str:
    """Return the two lines above the rows, with their newlines; `padded` for a page."""
    padding = [_PADDING.get(name, "") if padded else "" for name in columns]
    titles = [
        f"{pad}{escape_text(schema.title(name))}{pad}"
        for name, pad in zip(columns, padding, strict=True)
    ]
    lines = [":---:" if name in _CENTERED else ":---" for name in columns]
    return f"| {' | '.join(titles)} |\n| {' | '.join(lines)} |\n"


def render_row(
    paper: Paper,
    columns: Sequence[str],
    schema: PaperSchema,
    make_link: MakeLink = link,
    *,
    venue_year: bool = False,
) -> str:
    """Return the paper's row, with its newline; with the year beside its venue where that is asked.

    Args:
        paper: the record.
        columns: fields shown, in order.
        schema: for the labels of links.
        make_link: how a link is written.
        venue_year: whether the cell of the venue also shows its year.
    """
    cells = [_cell(paper, name, schema, make_link, venue_year=venue_year) for name in columns]
    return f"| {' | '.join(cells)} |\n"


def _cell(
    paper: Paper, name: str, schema: PaperSchema, make_link: MakeLink, *, venue_year: bool
) -> str:
    if name == "title":
        return paper_link(paper, make_link)
    pieces = cell_pieces(paper, name, schema, venue_year=venue_year)
    return ", ".join(make_link(text, url) if url else escape_text(text) for text, url in pieces)


@dataclass(frozen=True, kw_only=True)
class ShownPapers:
    """The papers of a collection, and what is shown of each, a cell rendered once for all tables.

    Attributes:
        collection: the papers.
        settings: columns and style of the tables.
    """

    collection: Collection
    settings: TableSettings
    _rows: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def papers(self) -> tuple[Paper, ...]:
        """All papers, newest first."""
        return tuple(_newest_first(self.collection.papers.values()))

    @cached_property
    def by_branch(self) -> Mapping[str, Sequence[Paper]]:
        """The papers in each category or below it, newest first, each of them once."""
        found: defaultdict[str, list[Paper]] = defaultdict(list)
        ancestors = cache(path_with_ancestors)
        for paper in self.papers:
            for branch in {branch for path in paper.categories for branch in ancestors(path)}:
                found[branch].append(paper)
        return {c.path: found[c.path] for c in self.collection.taxonomy.categories}

    def shown(self, papers: Sequence[Paper], category: Category) -> str:
        """Return the papers of a category in its style, or that there are none."""
        if not papers:
            return f"{NO_PAPER}\n"
        is_other = category.path in self.settings.other_style
        is_list = (self.settings.style == "list") is not is_other
        return "".join(map(self._item, papers)) if is_list else self.table(papers)

    def table(self, papers: Sequence[Paper]) -> str:
        """Return the table of some of the papers, in the order given; no column of it is empty."""
        rows = list(map(self._cells, papers))
        columns = self.settings.columns
        shown = [name == "title" or any(cells) for name, *cells in zip(columns, *rows, strict=True)]
        lines = (" | ".join(compress(cells, shown)) for cells in rows)
        head = render_head([*compress(columns, shown)], self.collection.schema, padded=True)
        return head + "".join([f"| {line} |\n" for line in lines])

    def _cells(self, paper: Paper) -> list[str]:
        """Return the cells of a paper, one for each column."""
        if paper.id not in self._rows:
            schema, venue_year = self.collection.schema, self.settings.venue_year
            self._rows[paper.id] = [
                _cell(paper, name, schema, link, venue_year=venue_year)
                for name in self.settings.columns
            ]
        return self._rows[paper.id]

    def _item(self, paper: Paper) -> str:
        """Return the paper as an item of a list, its links last, fields of the list's own below."""
        columns, label = self.settings.columns, self.collection.schema.title
        parts, links, below = [], list[Piece](), ""
        for name, cell in zip(columns, self._cells(paper), strict=True):
            if name == "title":
                unlinked = f"**{escape_text(paper.title)}**{_mark(paper)}"
                parts.append(cell if paper_address(paper) else unlinked)
            elif name in {"venue", "authors", "date"}:
                parts.append(f"*{cell}*" if cell and name == "venue" else cell)
            elif cell and name not in LINK_LISTS:
                below += f"  - {escape_text(label(name))}: {cell}\n"
        for name in (n for n in columns if n in LINK_LISTS):
            links += _numbered([(label(name), url) for url in getattr(paper, name)])
        if "code" in columns and "project" not in columns:
            links += _numbered([(_PAGE, url) for url in paper.project])
        parts.append(", ".join(link(name, url) for name, url in links))
        return f"- {' · '.join(filter(None, parts))}\n{below}"


def render_tables(tables: ShownPapers, newest: int | None, pages: Mapping[str, str]) -> str:
    """Return the headings of all categories with their tables.

    Args:
        tables: the papers.
        newest: how many papers a category shows; None for all.
        pages: path of the full list of each category that has more.
    """
    return "\n".join(
        part
        for category in tables.collection.taxonomy.categories
        for part in _section(tables, category, newest, pages)
    )


def render_heading(category: Category) -> str:
    """Return the heading of a category, with its newline."""
    return f"{'#' * min(category.depth + 2, _MAX_HEADING)} {escape_text(category.title)}\n"


def _section(
    tables: ShownPapers, category: Category, newest: int | None, pages: Mapping[str, str]
) -> Iterator[str]:
    yield render_heading(category)
    if category.note:
        yield f"> {escape_text(category.note)}\n"
    if category.text:
        yield f"{category.text}\n\n{PAPERS_BELOW}\n"
    if not category.leaf:
        return
    papers = tables.by_branch[category.path]
    shown = papers[:newest]
    yield tables.shown(shown, category)
    if len(shown) < len(papers):
        page = pages[category.path]
        yield f"{len(shown):,} of {len(papers):,} papers; [all of them]({page}).\n"
