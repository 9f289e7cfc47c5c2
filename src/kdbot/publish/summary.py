"""The summary table: branches of the taxonomy joined paper by paper."""

from collections.abc import Sequence

from kdbot.model.collection import Collection
from kdbot.model.paper import Paper
from kdbot.model.settings import SummarySettings
from kdbot.publish.markdown import escape_text
from kdbot.publish.tables import paper_link


def summary_papers(papers: Sequence[Paper], settings: SummarySettings) -> list[Paper]:
    """Return the papers below the branch of rows that also stand below a branch of columns."""
    rows, columns = (settings.rows,), settings.columns
    return [p for p in papers if settings.rows and _below(p, rows) and _below(p, columns)]


def render_summary(
    papers: Sequence[Paper],
    collection: Collection,
    settings: SummarySettings,
    newest: int | None = None,
    page: str = "",
) -> str:
    """Return the table: each paper with its categories in each of the branches.

    Args:
        papers: those of `summary_papers`, in order.
        collection: for the titles of the categories.
        settings: which branches are joined.
        newest: how many papers are shown; None for all.
        page: path of the full table, where there are more.
    """
    if not papers:
        return ""
    shown = papers if newest is None else papers[:newest]
    branches = (settings.rows, *settings.columns)
    heads = [escape_text(_title(collection, path)) for path in branches]
    titles = {c.path: escape_text(c.title) for c in collection.taxonomy.leaves}
    lines = [
        f"| {escape_text(collection.schema.title('title'))} | {' | '.join(heads)} |",
        f"| {' | '.join([':---'] * (len(branches) + 1))} |",
    ]
    for paper in shown:
        cells = [_cell(paper, path, titles) for path in branches]
        lines.append(f"| {paper_link(paper)} | {' | '.join(cells)} |")
    if len(shown) < len(papers):
        lines += ["", f"{len(shown):,} of {len(papers):,} papers; [all of them]({page})."]
    return "\n".join(lines)


def _cell(paper: Paper, branch: str, titles: dict[str, str]) -> str:
    found = {path for path in paper.categories if _under(path, branch)}
    return ", ".join(title for path, title in titles.items() if path in found)


def _below(paper: Paper, branches: Sequence[str]) -> bool:
    return any(_under(path, branch) for path in paper.categories for branch in branches)


def _under(path: str, branch: str) -> bool:
    return path == branch or path.startswith(branch + "/")


def _title(collection: Collection, path: str) -> str:
    category = collection.taxonomy.by_path.get(path)
    return category.title if category else path
