"""The page of the list, and one page for each category."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from markupsafe import Markup

from kdbot.model.form import correction_inputs
from kdbot.model.settings import Settings
from kdbot.model.taxonomy import Category, path_with_ancestors
from kdbot.model.urls import repository_address
from kdbot.publish.charts import matrix_chart, month_chart, venue_chart
from kdbot.publish.exports.atom import FEED
from kdbot.publish.issue_form import CORRECTION_FORM, NEW_PAPER_FORM
from kdbot.publish.markdown import count, visible_text
from kdbot.publish.readme.tables import Piece
from kdbot.publish.site.rows import Filter, Row, Rows

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER = "c"
PAGE = "index.html"
_NEWEST = 100
"""Papers in the page itself; the script finds the others in the index."""

_BRANCH = 300
"""Papers in the page of a category with subcategories; the search shows all."""

_BYLINE = 3
"""Authors that every reader sees; the others are shown on demand."""

_ROOT = "\0"
"""Placeholder in a row for the path to the site's root, which differs from page to page."""


class _Node(NamedTuple):
    """A category as the page links it.

    Attributes:
        href: its page, seen from the site's root.
        label: its title.
        papers: how many are in it and below it.
        below: its subcategories.
    """

    href: str
    label: str
    papers: int
    below: tuple["_Node", ...]


def category_file(path: str, extension: str) -> str:
    """Return the path in the site of what a category has: its page, its feed, its BibTeX."""
    return f"{_FOLDER}/{path}.{extension}"


def read_file(folder: str, name: str) -> str:
    """Return the text of a template, style sheet or script of this package."""
    return (files("kdbot.publish.site") / folder / name).read_text("utf-8")


@dataclass(frozen=True, kw_only=True)
class Pages:
    """The pages of one list.

    Attributes:
        rows: all papers.
        filters: the controls; the first is the one by category, which has counted the papers.
        digests: of style sheet, script and index, so that no browser mixes two builds.
        settings: title, repository, survey.
    """

    rows: Rows
    filters: Sequence[Filter]
    digests: Mapping[str, str]
    settings: Settings

    @cached_property
    def _nodes(self) -> Mapping[str, _Node]:
        """The categories by path."""
        nodes: dict[str, _Node] = {}
        below: defaultdict[str, list[_Node]] = defaultdict(list)
        for path, label, papers, _ in reversed(self.filters[0].options):
            href = quote(category_file(path, "html"))
            nodes[path] = _Node(href, label, papers, tuple(reversed(below[path])))
            below[path.rpartition("/")[0]].append(nodes[path])
        return dict(reversed(nodes.items()))

    @cached_property
    def _fix(self) -> str:
        """Start of the form that corrects a paper, which is named at its end, or empty.

        GitHub fills in the question whose id a query names:
        https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/creating-an-issue
        """
        repository = repository_address(self.settings.repository)
        form, question = CORRECTION_FORM.rpartition("/")[2], correction_inputs()[0].id
        return f"{repository}/issues/new?template={form}&{question}=" if repository else ""

    def render_page(self, downloads: Mapping[str, str]) -> str:
        """Return the page of the whole list."""
        papers, collection = self.rows.papers, self.rows.collection
        figures = (
            month_chart(papers, collection),
            venue_chart(papers),
            matrix_chart(papers, collection, self.settings.summary),
        )
        newest = self._render_rows(self.rows.rows[:_NEWEST], whole=False)
        return self._render(
            "page.html.j2",
            newest,
            len(papers),
            updated=max((paper.added for paper in papers if paper.added), default=None),
            survey=self.settings.survey,
            repository=repository_address(self.settings.repository),
            form=NEW_PAPER_FORM.rpartition("/")[2],
            fix=self._fix,
            feed=FEED,
            filters=self.filters,
            figures=[figure for figure in figures if figure],
            nodes=[node for path, node in self._nodes.items() if "/" not in path],
            downloads=downloads,
        )

    def render_category_pages(self) -> dict[str, str]:
        """Return the page of each category by its path in the site.

        It has the papers in the category and below it, newest first. The page of a category with
        subcategories also shows them, and limits its papers.
        """
        rendered = self._render_rows(self.rows.rows, whole=True)
        rows = {paper.id: row for paper, row in zip(self.rows.papers, rendered, strict=True)}
        return {
            category_file(category.path, "html"): self._category_page(category, rows)
            for category in self.rows.collection.taxonomy.categories
        }

    def _category_page(self, category: Category, rows: Mapping[str, Markup]) -> str:
        node, papers = self._nodes[category.path], self.rows.by_branch[category.path]
        return self._render(
            "category.html.j2",
            [rows[paper.id] for paper in (papers if category.leaf else papers[:_BRANCH])],
            node.papers,
            up="../" * (category.depth + 1),
            trail=[self._nodes[step] for step in path_with_ancestors(category.path)],
            note=visible_text(category.note or ""),
            path=category.path,
            feed=quote(category_file(category.path, "xml")),
            bibtex=quote(category_file(category.path, "bib")),
            nodes=node.below,
        )

    def _render(
        self, template: str, rows: Sequence[Markup], total: int, up: str = "", **values: Any
    ) -> str:
        """Return a page with a table of some of so many papers; `up` leads to the site's root."""
        known = count(total, "paper")
        page = _environment().get_template(template)
        return page.render(
            title=self.settings.title,
            digests=self.digests,
            up=up,
            count=known,
            shown=known if len(rows) == total else f"The newest {len(rows)} of {known}",
            heads=self.rows.heads,
            rows=Markup("").join(rows).replace(_ROOT, up),
            **values,
        )

    def _render_rows(self, rows: Iterable[Row], *, whole: bool) -> list[Markup]:
        """Return rows of a table of papers, with `_ROOT` before each way into the site.

        Args:
            rows: in the order shown.
            whole: whether a row has all authors and the links that a script adds else. The page
                of the whole list, which has to load fast, leaves them to its script.
        """
        macros: Any = _environment().get_template("rows.html.j2").module
        places = {path: (one.label, f"{_ROOT}{one.href}") for path, one in self._nodes.items()}
        labels = [label for _, label in self.rows.heads[1:]]

        @cache
        def joined(pieces: tuple[Piece, ...], label: str = "") -> Markup:
            return macros.pieces(pieces, label)  # type: ignore[no-any-return]

        def render(row: Row) -> Markup:
            # The form takes an arXiv identifier for this very paper, or its title.
            name = row.paper.id if row.leads_to_own_arxiv else row.title
            text: Markup = macros.row(
                row.paper.id,
                row.paper.added,
                row.title,
                row.url,
                row.standing,
                ", ".join(row.authors[:_BYLINE]),
                row.authors[_BYLINE:],
                joined(tuple(places[path] for path in row.categories)),
                [(label, joined(tuple(pieces))) for label, pieces in row.details],
                f"{_ROOT}{PAGE}?paper={quote(row.paper.id)}" if whole else "",
                f"{self._fix}{quote(name, safe='')}" if whole and self._fix else "",
                [joined(tuple(cell), label) for cell, label in zip(row.cells, labels, strict=True)],
            )
            return text

        return list(map(render, rows))


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(lambda name: read_file("templates", name)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
