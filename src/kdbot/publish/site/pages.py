"""The pages: `index.html` with the newest papers, and `c/<category>.html`, a full list for each."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from kdbot.model.settings import Settings
from kdbot.model.taxonomy import Category
from kdbot.publish.charts import matrix_chart, month_chart, venue_chart
from kdbot.publish.exports.addresses import repository_address
from kdbot.publish.issue_form import NEW_PAPER_FORM
from kdbot.publish.markdown import visible_text
from kdbot.publish.site.rows import Filter, Row, Rows

if TYPE_CHECKING:
    from jinja2 import Environment


_PACKAGE = files("kdbot.publish.site")

_FOLDER = "c"

PAGE = "index.html"
_NEWEST = 100
"""Papers that stand in the page itself; the script finds the others in the index."""


def _render_template(name: str, **values: Any) -> str:
    """Return a template of this package filled with values.

    A value that the template names and nobody gives is an error.
    """
    return _environment().get_template(name).render(values)


def _macro(template: str, name: str) -> Callable[..., Markup]:
    """Return a _macro of a template of this package as a function."""
    found: Callable[..., Markup] = getattr(_environment().get_template(template).module, name)
    return found


def read_asset(name: str) -> str:
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
class Node:
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
    below: tuple["Node", ...] = ()


def _category_path(category: Category) -> str:
    """Return the path of a category's page in the site."""
    return f"{_FOLDER}/{category.path}.html"


def _count_papers(number: int) -> str:
    """Return how many papers, in words."""
    return f"{number:,} {'paper' if number == 1 else 'papers'}"


def make_nodes(rows: Rows, categories: Filter) -> Mapping[str, Node]:
    """Return a node for each category by its path.

    Args:
        rows: all papers.
        categories: the filter by category, which has counted them.
    """
    nodes: dict[str, Node] = {}
    below: defaultdict[str | None, list[Node]] = defaultdict(list)
    listed = zip(rows.collection.taxonomy.categories, categories.options, strict=True)
    for category, option in reversed(list(listed)):
        node = Node(
            href=quote(_category_path(category)),
            label=option.label,
            count=option.count,
            below=tuple(reversed(below[category.path])),
        )
        nodes[category.path] = node
        below[category.parent].append(node)
    return nodes


def render_category_pages(
    rows: Rows, nodes: Mapping[str, Node], digests: Mapping[str, str], settings: Settings
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
    pages = {}
    for category in rows.collection.taxonomy.categories:
        up = "../" * (category.depth + 1)
        known = rendered[up]
        papers = found[category.path]
        new = [row for row in papers if row.id not in known]
        known.update(zip((row.id for row in new), _render_rows(new, nodes, up), strict=True))
        listed = Markup("").join([known[row.id] for row in papers])
        pages[_category_path(category)] = _page(
            category, listed, _render_head(rows), nodes, up, digests, settings.title
        )
    return pages


def _render_head(rows: Rows) -> Markup:
    """Return the head of a table of papers."""
    return _macro("rows.html.j2", "head")(rows.heads)


def _render_rows(papers: Iterable[Row], nodes: Mapping[str, Node], up: str) -> list[Markup]:
    """Return the rows of a table of papers.

    Args:
        papers: in the order shown.
        nodes: categories by path.
        up: way from the page to the site's root, empty or with a slash at its end. The page at
            the root, which has to load fast, leaves all but the first authors to its script.
    """
    anchor, row = _macro("rows.html.j2", "anchor"), _macro("rows.html.j2", "row")
    links = {path: anchor(node, up) for path, node in nodes.items()}
    comma = Markup(", ")
    found = ((paper, comma.join([links[path] for path in paper.categories])) for paper in papers)
    return [row(paper, categories, bool(up)) for paper, categories in found]


def _page(
    category: Category,
    rows: Markup,
    head: Markup,
    nodes: Mapping[str, Node],
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
        count=_count_papers(node.count),
        leaf=category.leaf,
        head=head,
        rows=rows,
        nodes=node.below,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file beside the page.

    Attributes:
        href: its name.
        says: what it is good for.
    """

    href: str
    says: str


def render_page(
    rows: Rows,
    filters: Sequence[Filter],
    nodes: Mapping[str, Node],
    downloads: Sequence[Download],
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
        filters=filters,
        head=_render_head(rows),
        rows=Markup("").join(_render_rows(newest, nodes, "")),
        figures=[figure for figure in figures if figure],
        nodes=[n for path, n in nodes.items() if "/" not in path][::-1],
        downloads=downloads,
        digests=digests,
    )
