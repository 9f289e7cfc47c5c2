"""The tables of papers: one for each category, newest first; and where a title leads."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias
from urllib.parse import urlsplit

from kdbot.model.collection import Collection
from kdbot.model.identifiers import LANDING_KINDS, Identifier, landing_url, parse_identifier
from kdbot.model.paper import IDENTIFIER_NAMES, LINK_LISTS, FieldValue, Paper, standing_mark
from kdbot.model.regions import NO_PAPER, PAPERS_BELOW
from kdbot.model.schema import PaperSchema
from kdbot.model.taxonomy import Category, path_with_ancestors
from kdbot.publish.markdown import escape_text, is_address, link

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
_PAGE = "Page"
_CENTERED = frozenset({"venue", "date"})
_MAX_HEADING = 6
_PADDING = {"date": "&nbsp;" * 3}
"""Spaces that widen a head: browsers break `2024-02` at its hyphen where a column is narrower."""


def paper_address(paper: Paper) -> str | None:
    """Return `url`, else the page of the arXiv, ACL, OpenReview or DOI identifier, else None."""
    return paper.url or next((page for _, page in _pages_of(paper)), None)


def _pages_of(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield the pages of a paper's identifiers with their fields, the first to land on first."""
    for kind in LANDING_KINDS:
        if canonical := getattr(paper, kind):
            yield kind.value, landing_url(Identifier(kind=kind, canonical=canonical))


def _other_page(paper: Paper, name: str) -> str | None:
    """Return the page of an identifier, where the title does not lead there already."""
    page = dict(_pages_of(paper)).get(name)
    return page if page != paper_address(paper) else None


def newest_first(papers: Iterable[Paper]) -> list[Paper]:
    """Sort papers by month, the newest first and those without month last; ties by title, id."""
    by_title = sorted(papers, key=lambda p: (p.title.casefold(), p.title, p.id))
    return sorted(by_title, key=lambda p: p.date or "", reverse=True)


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
    parts = (mark[:1].upper() + mark[1:], paper.status_reason, _successor(paper))
    return ". ".join(part.rstrip(".") for part in parts if part) if mark else ""


def successor_address(paper: Paper) -> str:
    """Return the page of the paper that takes its place, or an empty text."""
    named = parse_identifier(paper.successor or "")
    address = "" if named.canonical is None else landing_url(named)
    return address if is_address(address) else ""


def _successor(paper: Paper) -> str:
    return f"Successor: {paper.successor}" if paper.successor else ""


@dataclass(frozen=True, kw_only=True)
class ShownPapers:
    """The papers of a collection, and what is shown of each.

    Attributes:
        collection: the papers.
        columns: fields shown, the title first.
        venue_year: whether the cell of the venue also shows its year.
    """

    collection: Collection
    columns: tuple[str, ...]
    venue_year: bool = False

    @cached_property
    def papers(self) -> tuple[Paper, ...]:
        """All papers, newest first."""
        return tuple(newest_first(self.collection.papers.values()))

    @cached_property
    def by_branch(self) -> Mapping[str, Sequence[Paper]]:
        """The papers in each category or below it, newest first, each of them once."""
        found: defaultdict[str, list[Paper]] = defaultdict(list)
        for paper in self.papers:
            branches = {branch for c in paper.categories for branch in path_with_ancestors(c)}
            for branch in branches:
                found[branch].append(paper)
        return found


@dataclass(frozen=True, kw_only=True)
class PaperTables(ShownPapers):
    """The rows of a collection, each rendered once for all tables.

    Attributes:
        style: `table`, or `list`.
        other_style: paths of the categories that are shown in the other style.
    """

    style: str = "table"
    other_style: tuple[str, ...] = ()

    @cached_property
    def by_category(self) -> Mapping[str, Sequence[Paper]]:
        """The papers of each category, newest first."""
        found: defaultdict[str, list[Paper]] = defaultdict(list)
        for paper in self.papers:
            for path in paper.categories:
                found[path].append(paper)
        return found

    @cached_property
    def _rendered(self) -> dict[tuple[str, tuple[str, ...]], str]:
        return {}

    def table(self, papers: Iterable[Paper]) -> str:
        """Return the table of some of the papers, in the order given; no column of it is empty."""
        papers = tuple(papers)
        columns = self._filled(papers)
        schema, years = self.collection.schema, self.venue_year
        rows = []
        for paper in papers:
            key = (paper.id, columns)
            if key not in self._rendered:
                self._rendered[key] = render_row(paper, columns, schema, venue_year=years)
            rows.append(self._rendered[key])
        return render_head(columns, schema, padded=True) + "".join(rows)

    def items(self, papers: Iterable[Paper]) -> str:
        """Return some of the papers as the items of a list, in the order given."""
        schema, years = self.collection.schema, self.venue_year
        return "".join(_render_item(p, self.columns, schema, venue_year=years) for p in papers)

    def shown(self, papers: Sequence[Paper], category: Category) -> str:
        """Return the papers of a category in its style, or that there are none."""
        if not papers:
            return f"{NO_PAPER}\n"
        is_list = (self.style == "list") is (category.path not in self.other_style)
        return self.items(papers) if is_list else self.table(papers)

    def _filled(self, papers: Sequence[Paper]) -> tuple[str, ...]:
        title, *others = self.columns
        return (title, *(name for name in others if any(_has(paper, name) for paper in papers)))

    def count(self, category: Category) -> int:
        """Return how many papers are in a category or below it, each counted once."""
        return len(self.by_branch.get(category.path, ()))


def render_tables(tables: PaperTables, newest: int | None, pages: Mapping[str, str]) -> str:
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


def render_headings(tables: PaperTables) -> str:
    """Return the headings that `render_tables` writes, without the tables between them."""
    return "\n".join(_heading(category) for category in tables.collection.taxonomy.categories)


def _heading_level(category: Category) -> int:
    """Return the level of a category's heading."""
    return min(category.depth + 2, _MAX_HEADING)


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
    if venue_year:
        paper = with_venue_year(paper)
    cells = [_cell(paper, name, schema, make_link) for name in columns]
    return f"| {' | '.join(cells)} |\n"


def _render_item(
    paper: Paper, columns: Sequence[str], schema: PaperSchema, *, venue_year: bool = False
) -> str:
    """Return the paper as an item of a list, with its newline; fields of the list's own below it.

    Args:
        paper: the record.
        columns: fields shown; links come last.
        schema: for the labels of links.
        venue_year: whether its year is next to its venue.
    """
    if venue_year:
        paper = with_venue_year(paper)
    title = paper_link(paper) if paper_address(paper) else f"**{escape_text(paper.title)}**"
    if not paper_address(paper):
        title += _mark(paper)
    parts, links, below = [title], [], ""
    for name in columns[1:]:
        cell = _cell(paper, name, schema, link) if name not in LINK_LISTS else ""
        if name == "venue" and cell:
            parts.append(f"*{cell}*")
        elif name in {"authors", "date"}:
            parts.append(cell)
        elif cell:
            below += f"  - {escape_text(schema.title(name))}: {cell}\n"
    for name in (n for n in columns if n in LINK_LISTS):
        links += _numbered([(schema.title(name), url) for url in getattr(paper, name)])
    if "code" in columns and "project" not in columns:
        links += _numbered(_pages(paper))
    parts.append(", ".join(link(name, url) for name, url in links))
    return f"- {' · '.join(filter(None, parts))}\n{below}"


def _numbered(named: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name if n == 1 else f"{name} {n}", url) for n, (name, url) in enumerate(named, 1)]


def _has(paper: Paper, name: str) -> bool:
    """Tell whether a column has something to show of a paper; pages are next to the code."""
    if name in IDENTIFIER_NAMES:
        return _other_page(paper, name) is not None
    return bool(field_value(paper, name)) or (name == "code" and bool(paper.project))


def with_venue_year(paper: Paper) -> Paper:
    """Return the paper with its year after its venue, as people write them: `ICLR 2024`."""
    if not paper.venue or not paper.year:
        return paper
    return replace(paper, venue=f"{paper.venue} {paper.year}")


def _section(
    tables: PaperTables, category: Category, newest: int | None, pages: Mapping[str, str]
) -> Iterable[str]:
    yield _heading(category)
    if category.note:
        yield f"> {escape_text(category.note)}\n"
    if category.text:
        yield f"{category.text}\n\n{PAPERS_BELOW}\n"
    if not category.leaf:
        return
    papers = tables.by_category.get(category.path, ())
    shown = papers if newest is None else papers[:newest]
    yield tables.shown(shown, category)
    if len(shown) < len(papers):
        page = pages[category.path]
        yield f"{len(shown):,} of {len(papers):,} papers; [all of them]({page}).\n"


def _heading(category: Category) -> str:
    return f"{'#' * _heading_level(category)} {escape_text(category.title)}\n"


def _cell(paper: Paper, name: str, schema: PaperSchema, make_link: MakeLink) -> str:
    if name == "title":
        return paper_link(paper, make_link)
    title = schema.title(name)
    if name in IDENTIFIER_NAMES:
        page = _other_page(paper, name)
        return make_link(title, page) if page else ""
    if name == "code":
        return _links([(title, url) for url in paper.code] + _pages(paper), make_link)
    if name == "project":
        return _links(_pages(paper), make_link)
    if name == "data":
        return _links([(title, url) for url in paper.data], make_link)
    value = field_value(paper, name)
    if isinstance(value, bool):
        return "yes" if value else ""
    values = (value,) if isinstance(value, str) else value or ()
    if all(map(_is_link, values)):
        return _links([(title, url) for url in values], make_link)
    return ", ".join(make_link(title, v) if _is_link(v) else escape_text(v) for v in values)


def field_value(paper: Paper, name: str) -> FieldValue | None:
    """Return a field's value, whether the model knows the field or this list's schema alone."""
    value: FieldValue | None = getattr(paper, name, None)
    return value if value is not None else dict(paper.extra).get(name)


def _pages(paper: Paper) -> list[tuple[str, str]]:
    return [(_PAGE, url) for url in paper.project]


def _links(named: Iterable[tuple[str, str]], make_link: MakeLink) -> str:
    """Return links, each named by its host where that is a known one; equal names are numbered."""
    seen: dict[str, int] = {}
    cells = []
    for title, url in named:
        name = title if title == _PAGE else _host_name(url) or title
        seen[name] = seen.get(name, 0) + 1
        cells.append(make_link(name if seen[name] == 1 else f"{name} {seen[name]}", url))
    return ", ".join(cells)


def _host_name(url: str) -> str | None:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    return _HOST_NAMES.get(host.removeprefix("www."))


def _is_link(value: str) -> bool:
    # A field of the list's own may hold words that begin with an address.
    return is_address(value) and not any(character.isspace() for character in value)
