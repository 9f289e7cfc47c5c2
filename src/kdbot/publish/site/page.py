"""`index.html`: the newest papers, the controls of the search, pictures and downloads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kdbot.model.settings import Settings
from kdbot.publish.exports.addresses import repository_address
from kdbot.publish.issue_form import NEW_PAPER_FORM
from kdbot.publish.site.category_page import Node, count_papers, render_head, render_rows
from kdbot.publish.site.charts import matrix_chart, month_chart, venue_chart
from kdbot.publish.site.filters import Filter
from kdbot.publish.site.rows import Rows
from kdbot.publish.site.templates import render_template

PAGE = "index.html"
NEWEST = 100
"""Papers that stand in the page itself; the script finds the others in the index."""


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
    newest = rows.rows[:NEWEST]
    count = count_papers(len(papers))
    return render_template(
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
        head=render_head(rows),
        rows=Markup("").join(render_rows(newest, nodes, "")),
        figures=[figure for figure in figures if figure],
        nodes=[n for path, n in nodes.items() if "/" not in path][::-1],
        downloads=downloads,
        digests=digests,
    )
