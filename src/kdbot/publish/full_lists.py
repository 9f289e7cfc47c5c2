"""Full pages for what the README has no room for: one a category, and one for the summary."""

from collections.abc import Sequence

from kdbot.model.collection import Collection
from kdbot.model.paper import Paper
from kdbot.model.settings import SummarySettings
from kdbot.model.taxonomy import Category
from kdbot.publish.markdown import escape_text
from kdbot.publish.summary import render_summary
from kdbot.publish.tables import PaperTables

FOLDER = "lists"
"""Everything in this folder is derived; a page that is no longer needed is deleted."""
SUMMARY_PAGE = f"{FOLDER}/summary.md"

_NOTICE = "<!-- Generated from papers/ by `kdbot build`; edits are overwritten. -->"


def category_page(category: Category) -> str:
    """Return the path of a category's full page."""
    return f"{FOLDER}/{category.path.replace('/', '--')}.md"


def render_category_page(tables: PaperTables, category: Category, anchor: str) -> str:
    """Return the full page of a category; `anchor` is that of its heading in the README."""
    papers = tables.by_category.get(category.path, ())
    titles = " › ".join(map(escape_text, tables.collection.taxonomy.titles(category.path)))
    note = f"> {escape_text(category.note)}\n\n" if category.note else ""
    return (
        f"{_NOTICE}\n\n# {titles}\n\n{note}{len(papers):,} papers, newest first. "
        f"[Back to the list](../README.md#{anchor})\n\n{tables.table(papers)}"
    )


def render_summary_page(
    papers: Sequence[Paper], collection: Collection, settings: SummarySettings
) -> str:
    """Return the full page of the summary table."""
    table = render_summary(papers, collection, settings)
    return (
        f"{_NOTICE}\n\n# Summary\n\n{len(papers):,} papers, newest first. "
        f"[Back to the list](../README.md)\n\n{table}\n"
    )
