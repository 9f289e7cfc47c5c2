"""The table of contents: the README's own sections, and the tree of categories with counts."""

from collections.abc import Iterator, Sequence

from kdbot.model.taxonomy import Category
from kdbot.publish.anchors import Heading
from kdbot.publish.markdown import escape_text
from kdbot.publish.tables import PaperTables

_SECTION = 2


def render_contents(
    headings: Sequence[Heading], categories: range, tables: PaperTables, first_line: int
) -> str:
    """Return the list of links.

    Args:
        headings: all headings of the README.
        categories: which of them are the categories', in the order of the taxonomy.
        tables: the papers, for the counts.
        first_line: headings above this line are not listed; it is the region's own.
    """
    return "".join(_lines(headings, categories, tables, first_line))


def _lines(
    headings: Sequence[Heading], categories: range, tables: PaperTables, first_line: int
) -> Iterator[str]:
    taxonomy = tables.collection.taxonomy
    by_heading = dict(zip(categories, taxonomy.categories, strict=True))
    for index, heading in enumerate(headings):
        category = by_heading.get(index)
        if category is not None:
            yield _category_line(category, heading, tables.count(category))
        elif heading.level == _SECTION and heading.line > first_line:
            yield f"- {_anchor_link(heading)}\n"


def _category_line(category: Category, heading: Heading, count: int) -> str:
    return f"{'  ' * category.depth}- {_anchor_link(heading)} ({count:,})\n"


def _anchor_link(heading: Heading) -> str:
    return f"[{escape_text(heading.text)}](#{heading.anchor})"
