"""Every file of the site: pages, exports, and `index.json` for the search.

The index holds all papers as columns. Its form is the page's own business: other programs read
`papers.json`.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from kdbot.model.collection import Collection
from kdbot.model.form import correction_inputs
from kdbot.model.settings import Settings
from kdbot.model.taxonomy import Category
from kdbot.publish.charts import matrix_chart, month_chart, venue_chart
from kdbot.publish.exports.addresses import repository_address
from kdbot.publish.exports.atom import FEED, render_category_feeds, render_feed
from kdbot.publish.exports.bibtex import PAPERS_BIB, render_bibtex
from kdbot.publish.exports.citations import (
    CITATION,
    PAPERS_CSL,
    PAPERS_RIS,
    render_citation,
    render_csl,
    render_ris,
)
from kdbot.publish.exports.records import (
    BADGE,
    PAPERS_CSV,
    PAPERS_JSON,
    PAPERS_SCHEMA,
    paper_records,
    render_badge,
    render_papers_csv,
    render_papers_json,
    render_papers_schema,
)
from kdbot.publish.issue_form import CORRECTION_FORM, NEW_PAPER_FORM
from kdbot.publish.markdown import visible_text
from kdbot.publish.site.rows import Filter, Row, Rows, Text, make_filters

if TYPE_CHECKING:
    from jinja2 import Environment


_PACKAGE = files("kdbot.publish.site")

_FOLDER = "c"

_PAGE = "index.html"
_NEWEST = 100
"""Papers that stand in the page itself; the script finds the others in the index."""


_INDEX = "index.json"
_FOLDER_INDEX = "folder.js"
"""The same index as a script: browsers let a page in a folder load scripts, but fetch nothing."""

_ARXIV = "https://arxiv.org/abs/"

_STYLE = "site.css"
_SCRIPT = "site.js"


def _render_template(name: str, **values: Any) -> str:
    """Return a template of this package filled with values.

    A value that the template names and nobody gives is an error.
    """
    return _environment().get_template(name).render(values)


def _macro(template: str, name: str) -> Callable[..., Markup]:
    """Return a macro of a template of this package as a function."""
    found: Callable[..., Markup] = getattr(_environment().get_template(template).module, name)
    return found


def _read_asset(name: str) -> str:
    """Return the text of a style sheet or script of this package."""
    return (_PACKAGE / "assets" / name).read_text("utf-8")


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    def read(name: str) -> str:
        return (_PACKAGE / "templates" / name).read_text("utf-8")

    return Environment(
        loader=FunctionLoader(read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    """A category as the page links it.

    Attributes:
        href: its page, seen from the site's root.
        label: its title.
        count: papers in it and below it.
        below: its subcategories.
    """

    href: str
    label: str
    count: int
    below: tuple["_Node", ...] = ()


def _category_path(category: Category) -> str:
    """Return the path of a category's page in the site."""
    return f"{_FOLDER}/{category.path}.html"


def _count_papers(number: int) -> str:
    """Return how many papers, in words."""
    return f"{number:,} {'paper' if number == 1 else 'papers'}"


def _make_nodes(rows: Rows, categories: Filter) -> Mapping[str, _Node]:
    """Return a node for each category by its path.

    Args:
        rows: all papers.
        categories: the filter by category, which has counted them.
    """
    nodes: dict[str, _Node] = {}
    below: defaultdict[str | None, list[_Node]] = defaultdict(list)
    listed = zip(rows.collection.taxonomy.categories, categories.options, strict=True)
    for category, option in reversed(list(listed)):
        node = _Node(
            href=quote(_category_path(category)),
            label=option.label,
            count=option.count,
            below=tuple(reversed(below[category.path])),
        )
        nodes[category.path] = node
        below[category.parent].append(node)
    return nodes


def _render_category_pages(
    rows: Rows, nodes: Mapping[str, _Node], digests: Mapping[str, str], settings: Settings
) -> dict[str, str]:
    """Return the page of each category by its path.

    That of a leaf lists its papers, newest first; that of a branch its subcategories.
    """
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows.rows:
        for path in row.categories:
            found[path].append(row)
    # A paper stands in several lists, whose links differ only in the way up.
    rendered: defaultdict[str, dict[str, Markup]] = defaultdict(dict)
    fix = _correction_address(settings)
    pages = {}
    for category in rows.collection.taxonomy.categories:
        up = "../" * (category.depth + 1)
        known = rendered[up]
        papers = found[category.path]
        new = [row for row in papers if row.id not in known]
        known.update(zip((row.id for row in new), _render_rows(new, nodes, up, fix), strict=True))
        listed = Markup("").join([known[row.id] for row in papers])
        pages[_category_path(category)] = _page(
            category, listed, _render_head(rows), nodes, up, digests, settings.title
        )
    return pages


def _render_head(rows: Rows) -> Markup:
    """Return the head of a table of papers."""
    return _macro("rows.html.j2", "head")(rows.heads)


def _correction_address(settings: Settings) -> str:
    """Return the start of the form that corrects a paper, which is named at its end, or nothing.

    GitHub fills in the question whose id a query names:
    https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/creating-an-issue
    """
    repository = repository_address(settings.repository)
    form, question = CORRECTION_FORM.rpartition("/")[2], correction_inputs()[0].id
    return f"{repository}/issues/new?template={form}&{question}=" if repository else ""


def _name_of(row: Row) -> str:
    """Return what the form takes for this very paper: its arXiv identifier, or its title."""
    return row.id if row.title.url == _ARXIV + row.id else row.title.text


def _render_rows(
    papers: Iterable[Row], nodes: Mapping[str, _Node], up: str, fix: str = ""
) -> list[Markup]:
    """Return the rows of a table of papers.

    Args:
        papers: in the order shown.
        nodes: categories by path.
        up: way from the page to the site's root, empty or with a slash at its end. The page at
            the root, which has to load fast, leaves all but the first authors to its script.
        fix: start of the form that corrects a paper; empty where a script adds the link.
    """
    anchor, row = _macro("rows.html.j2", "anchor"), _macro("rows.html.j2", "row")
    links = {path: anchor(node, up) for path, node in nodes.items()}
    comma = Markup(", ")
    found = ((paper, comma.join([links[path] for path in paper.categories])) for paper in papers)
    return [
        row(paper, categories, bool(up), fix and f"{fix}{quote(_name_of(paper), safe='')}")
        for paper, categories in found
    ]


def _page(
    category: Category,
    rows: Markup,
    head: Markup,
    nodes: Mapping[str, _Node],
    up: str,
    digests: Mapping[str, str],
    title: str,
) -> str:
    steps = category.path.split("/")
    node = nodes[category.path]
    return _render_template(
        "category.html.j2",
        title=title,
        up=up,
        digests=digests,
        trail=[nodes["/".join(steps[: depth + 1])] for depth in range(len(steps))],
        note=visible_text(category.note or ""),
        path=category.path,
        feed=node.href.removesuffix(".html") + ".xml",
        count=_count_papers(node.count),
        leaf=category.leaf,
        head=head,
        rows=rows,
        nodes=node.below,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Download:
    """A file beside the page.

    Attributes:
        href: its name.
        description: what it is good for.
    """

    href: str
    description: str


_DOWNLOADS = (
    _Download(
        href=PAPERS_BIB, description="BibTeX: an entry for each paper, under keys that stay."
    ),
    _Download(href=PAPERS_CSL, description="CSL-JSON, for Zotero, pandoc and citeproc."),
    _Download(href=PAPERS_RIS, description="RIS, for EndNote and Zotero."),
    _Download(
        href=PAPERS_CSV, description="A row for each paper, for spreadsheets and data frames."
    ),
    _Download(
        href=PAPERS_JSON, description="All records and the tree of categories, for programs."
    ),
    _Download(href=PAPERS_SCHEMA, description="The JSON Schema of papers.json."),
    _Download(href=FEED, description="Atom feed: subscribe to be told of new papers."),
    _Download(href=CITATION, description="How to cite the list itself."),
)


def _render_page(
    rows: Rows,
    filters: Sequence[Filter],
    nodes: Mapping[str, _Node],
    downloads: Sequence[_Download],
    digests: Mapping[str, str],
    settings: Settings,
) -> str:
    """Return the page.

    Args:
        rows: all papers.
        filters: the controls.
        nodes: categories by path.
        downloads: files to be linked.
        digests: of style sheet, script and index, so that no browser mixes two builds.
        settings: title, repository, survey.
    """
    papers, collection = rows.papers, rows.collection
    figures = (
        month_chart(papers, collection),
        venue_chart(papers),
        matrix_chart(papers, collection, settings.summary),
    )
    newest = rows.rows[:_NEWEST]
    count = _count_papers(len(papers))
    return _render_template(
        "page.html.j2",
        up="",
        title=settings.title,
        count=count,
        shown=count if len(newest) == len(papers) else f"The newest {len(newest)} of {count}",
        updated=max((paper.added for paper in papers if paper.added), default=None),
        survey=settings.survey,
        repository=repository_address(settings.repository),
        form=NEW_PAPER_FORM.rpartition("/")[2],
        fix=_correction_address(settings),
        filters=filters,
        head=_render_head(rows),
        rows=Markup("").join(_render_rows(newest, nodes, "")),
        figures=[figure for figure in figures if figure],
        nodes=[n for path, n in nodes.items() if "/" not in path][::-1],
        downloads=downloads,
        digests=digests,
    )


def _render_index(rows: Rows, filters: Sequence[Filter]) -> str:
    """Return the index, newest paper first; what is empty is 0, so that it weighs little.

    An address of 1 is that of the id's page on arXiv. Pieces of a cell stand in a row, each text
    followed by its address.
    """
    paths = {c.path: n for n, c in enumerate(rows.collection.taxonomy.categories)}
    found = rows.rows
    index = {
        "heads": rows.heads,
        "categories": [
            [c.path, option.label]
            for c, option in zip(
                rows.collection.taxonomy.categories, filters[0].options, strict=True
            )
        ],
        "id": [row.id for row in found],
        "title": [row.title.text for row in found],
        "address": [_address(row) for row in found],
        "authors": [row.authors or 0 for row in found],
        "key": [row.key or 0 for row in found],
        "known": [" ".join(row.other_titles) or 0 for row in found],
        "added": [paper.added or 0 for paper in rows.papers],
        "withdrawn": [number for number, row in enumerate(found) if row.withdrawn],
        "in": [[paths[path] for path in row.categories] for row in found],
        "cells": {
            name: [_flat(row.cells[column]) or 0 for row in found]
            for column, name in enumerate(rows.cell_names)
        },
        "details": {
            str(number): [[label, _flat(pieces)] for label, pieces in row.details]
            for number, row in enumerate(found)
            if row.details
        },
        "year": [(paper.date or "")[:4] for paper in rows.papers],
        "filters": {f.name: _values(f) for f in filters if f.values is not None},
    }
    return json.dumps(index, ensure_ascii=False, separators=(",", ":")) + "\n"


def _render_folder_index(index: str, bibtex: str) -> str:
    """Return index and BibTeX as a script, for a page that was opened from a folder."""
    text = json.dumps(bibtex, ensure_ascii=False)
    # Two line ends of JSON's texts once were none of JavaScript's.
    script = f"globalThis.kdbotFolder={{index:{index.rstrip()},bibtex:{text}}};\n"
    return script.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _address(row: Row) -> str | int:
    if row.title.url == _ARXIV + row.id:
        return 1
    return row.title.url or 0


def _flat(pieces: Sequence[Text]) -> list[str]:
    return [part for piece in pieces for part in piece]


def _values(chosen: Filter) -> Any:
    values = chosen.values or ()
    if not chosen.options:
        return "".join("1" if found else "0" for found in values)
    return [found[0] if len(found) == 1 else list(found) or 0 for found in values]


def site_files(collection: Collection, settings: Settings) -> Mapping[str, str]:
    """Return the text of every file of the site by its path in it.

    The same collection and settings give the same bytes: nothing asks for the day or the machine.
    """
    rows = Rows(
        collection=collection,
        columns=settings.tables.columns,
        venue_year=settings.tables.venue_year,
    )
    papers = rows.papers
    filters = make_filters(rows)
    nodes = _make_nodes(rows, filters[0])
    records = paper_records(papers, collection.schema)
    bibtex = render_bibtex(papers, collection.venues)
    files = {
        _STYLE: _read_asset(_STYLE),
        _SCRIPT: _read_asset(_SCRIPT),
        _INDEX: _render_index(rows, filters),
        PAPERS_BIB: bibtex,
        PAPERS_CSL: render_csl(papers, collection.venues),
        PAPERS_RIS: render_ris(papers, collection.venues),
        PAPERS_CSV: render_papers_csv(records, collection.schema),
        PAPERS_JSON: render_papers_json(records, collection, settings),
        PAPERS_SCHEMA: render_papers_schema(collection.schema),
        FEED: render_feed(papers, collection, settings),
        **render_category_feeds(
            papers,
            collection,
            settings,
            {c.path: _category_path(c) for c in collection.taxonomy.categories},
        ),
        BADGE: render_badge(len(papers)),
        CITATION: render_citation(papers, collection.venues, settings),
    }
    digests = {
        "css": _digest(files[_STYLE]),
        "js": _digest(files[_SCRIPT]),
        "index": _digest(files[_INDEX] + bibtex),
    }
    return {
        _PAGE: _render_page(rows, filters, nodes, _DOWNLOADS, digests, settings),
        _FOLDER_INDEX: _render_folder_index(files[_INDEX], bibtex),
        **files,
        **_render_category_pages(rows, nodes, digests, settings),
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
