"""The page of the list, and one page for each category."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from markupsafe import Markup

from kdbot.model.form import correction_inputs
from kdbot.model.settings import Settings
from kdbot.model.taxonomy import Category, path_with_ancestors
from kdbot.publish.charts import matrix_chart, month_chart, venue_chart
from kdbot.publish.exports.addresses import repository_address
from kdbot.publish.exports.atom import FEED
from kdbot.publish.issue_form import CORRECTION_FORM, NEW_PAPER_FORM
from kdbot.publish.markdown import visible_text
from kdbot.publish.site.index import ARXIV
from kdbot.publish.site.rows import Filter, Row, Rows
from kdbot.publish.site.templates import render_template, template_macro

_FOLDER = "c"
PAGE = "index.html"
_NEWEST = 100
"""Papers in the page itself; the script finds the others in the index."""

_BRANCH = 300
"""Papers in the page of a category with subcategories; the search shows all."""

_ROOT = "\0"
"""Placeholder in a row for the path to the site's root, which differs from page to page."""


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


def category_file(path: str, extension: str) -> str:
    """Return the path in the site of what a category has: its page, its feed, its BibTeX."""
    return f"{_FOLDER}/{path}.{extension}"


def _count_papers(number: int) -> str:
    """Return how many papers, in words."""
    return f"{number:,} {'paper' if number == 1 else 'papers'}"


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
    return row.id if row.title.url == ARXIV + row.id else row.title.text


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
        return _make_nodes(self.rows, self.filters[0])

    def render_page(self, downloads: Mapping[str, str]) -> str:
        """Return the page of the whole list."""
        papers, collection = self.rows.papers, self.rows.collection
        figures = (
            month_chart(papers, collection),
            venue_chart(papers),
            matrix_chart(papers, collection, self.settings.summary),
        )
        newest = self.rows.rows[:_NEWEST]
        count = _count_papers(len(papers))
        return render_template(
            "page.html.j2",
            up="",
            title=self.settings.title,
            count=count,
            shown=count if len(newest) == len(papers) else f"The newest {len(newest)} of {count}",
            updated=max((paper.added for paper in papers if paper.added), default=None),
            survey=self.settings.survey,
            repository=repository_address(self.settings.repository),
            form=NEW_PAPER_FORM.rpartition("/")[2],
            fix=_correction_address(self.settings),
            feed=FEED,
            filters=self.filters,
            head=self._head(),
            rows=Markup("").join(self._rows(newest, whole=False)).replace(_ROOT, ""),
            figures=[figure for figure in figures if figure],
            nodes=[node for path, node in self._nodes.items() if "/" not in path],
            downloads=downloads,
            digests=self.digests,
        )

    def render_category_pages(self) -> dict[str, str]:
        """Return the page of each category by its path in the site.

        It has the papers in the category and below it, newest first. The page of a category with
        subcategories also shows them, and limits its papers.
        """
        rendered = dict(
            zip(
                (row.id for row in self.rows.rows),
                self._rows(self.rows.rows, whole=True),
                strict=True,
            )
        )
        pages = {}
        for category in self.rows.collection.taxonomy.categories:
            papers = self.rows.by_branch.get(category.path, ())
            shown = papers if category.leaf else papers[:_BRANCH]
            rows = [rendered[paper.id] for paper in shown]
            pages[category_file(category.path, "html")] = self._category_page(category, rows)
        return pages

    def _category_page(self, category: Category, rows: Sequence[Markup]) -> str:
        up = "../" * (category.depth + 1)
        node = self._nodes[category.path]
        count = _count_papers(node.count)
        page = render_template(
            "category.html.j2",
            title=self.settings.title,
            up=up,
            digests=self.digests,
            trail=[self._nodes[step] for step in path_with_ancestors(category.path)],
            note=visible_text(category.note or ""),
            path=category.path,
            feed=quote(category_file(category.path, "xml")),
            bibtex=quote(category_file(category.path, "bib")),
            count=count,
            shown=count if len(rows) == node.count else f"The newest {len(rows)} of {count}",
            head=self._head(),
            rows=Markup("").join(rows),
            nodes=node.below,
        )
        return page.replace(_ROOT, up)

    def _head(self) -> Markup:
        return template_macro("rows.html.j2", "head")(self.rows.heads)

    def _rows(self, papers: Iterable[Row], *, whole: bool) -> list[Markup]:
        """Return rows of a table of papers, with `_ROOT` before each way into the site.

        Args:
            papers: in the order shown.
            whole: whether a row has all authors and the links that a script adds else. The page
                of the whole list, which has to load fast, leaves them to its script.
        """
        anchor, row = (
            template_macro("rows.html.j2", "anchor"),
            template_macro("rows.html.j2", "row"),
        )
        links = {path: anchor(node, _ROOT) for path, node in self._nodes.items()}
        labels = [label for _, label in self.rows.heads[1:]]
        fix = _correction_address(self.settings) if whole else ""
        comma = Markup(", ")
        return [
            row(
                paper,
                comma.join([links[path] for path in paper.categories]),
                labels,
                f"{_ROOT}{PAGE}?paper={quote(paper.id)}" if whole else "",
                fix and f"{fix}{quote(_name_of(paper), safe='')}",
            )
            for paper in papers
        ]


def _make_nodes(rows: Rows, categories: Filter) -> Mapping[str, _Node]:
    nodes: dict[str, _Node] = {}
    below: defaultdict[str | None, list[_Node]] = defaultdict(list)
    listed = zip(rows.collection.taxonomy.categories, categories.options, strict=True)
    for category, option in reversed(list(listed)):
        node = _Node(
            href=quote(category_file(category.path, "html")),
            label=option.label,
            count=option.count,
            below=tuple(reversed(below[category.path])),
        )
        nodes[category.path] = node
        below[category.parent].append(node)
    return dict(reversed(nodes.items()))
