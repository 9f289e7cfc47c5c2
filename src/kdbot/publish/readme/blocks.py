"""The README's smaller regions: badges, update log, summary table, diagram of the taxonomy.

Addresses are relative, so that the README's bytes do not depend on where it is built; GitHub
resolves them against the repository.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from kdbot.model.collection import Collection
from kdbot.model.paper import Paper
from kdbot.model.settings import Settings, SummarySettings
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.publish.markdown import escape_text
from kdbot.publish.readme.tables import newest_first, paper_link, with_venue_year

LIGHT_CHART = "assets/growth-light.svg"
DARK_CHART = "assets/growth-dark.svg"

_SHIELD = "https://img.shields.io/badge"
_WORKFLOWS = "../../actions/workflows"
_DEPLOYMENTS = "../../deployments/github-pages"
_DOWNLOADS = (
    ("BibTeX", "papers.bib"),
    ("CSL", "papers.csl.json"),
    ("RIS", "papers.ris"),
    ("CSV", "papers.csv"),
    ("JSON", "papers.json"),
    ("feed", "feed.xml"),
)

_OPEN_DAYS = 3
_NEWEST = 5


def render_badges(papers: Sequence[Paper], settings: Settings) -> str:
    """Return the badges, and where to search the list."""
    count = f"{len(papers):,}"
    updated = max((p.added for p in papers if p.added), default="")
    badges = [_badge("papers", count, "blue", "../../tree/HEAD/papers")]
    if updated:
        badges.append(_badge("updated", updated, "blue", "../../commits"))
    if settings.survey:
        address = f"https://arxiv.org/abs/{settings.survey}"
        badges.append(_badge("survey", f"arXiv {settings.survey}", "b31b1b", address))
    # That of the audit shows whether its schedule still runs: GitHub stops one after sixty days.
    badges += [_status("Tests", "ci.yml"), _status("Audit", "weekly.yml")]
    return "\n".join((*badges, "", _reading(settings.page)))


def _reading(page: str | None) -> str:
    """Return where to search the list and where to get it for other programs."""
    if page is None:
        return f"[Search, filter, cite and download]({_DEPLOYMENTS}) on the list's page."
    links = [f"[{name}]({page}{file})" for name, file in _DOWNLOADS]
    return f"[Search, filter and cite]({page}) · {' · '.join(links)}"


def _badge(name: str, value: str, color: str, target: str) -> str:
    return f"[![{name}: {value}]({_SHIELD}/{_part(name)}-{_part(value)}-{color})]({target})"


def _status(name: str, workflow: str) -> str:
    return f"[![{name}]({_WORKFLOWS}/{workflow}/badge.svg)]({_WORKFLOWS}/{workflow})"


def _part(text: str) -> str:
    """Return a part of a shield's address, in which `-` and `_` are doubled."""
    return quote(text.replace("-", "--").replace("_", "__"), safe="")


def render_update_log(papers: Iterable[Paper], page: str | None) -> str:
    """Return one line for each day that brought papers, the newest first, the older ones folded.

    Args:
        papers: all papers.
        page: address of the published page, which finds the papers of a day; where it is unknown,
            GitHub's search for the files does.
    """
    days = Counter(paper.added for paper in papers if paper.added)
    lines = [
        f"- **{day}**: [{_count(days[day])} added]({_papers_of(day, page)})"
        for day in sorted(days, reverse=True)
    ]
    recent, older = lines[:_OPEN_DAYS], lines[_OPEN_DAYS:]
    if older:
        heading = "Earlier day" if len(older) == 1 else "Earlier days"
        fold = f"<details>\n<summary>{heading} ({len(older):,})</summary>\n"
        recent += ["", fold, *older, "", "</details>"]
    # A list that began with most of its papers has a step, and no growth that a chart could show.
    if days and 2 * days[min(days)] <= days.total():
        recent += ["", *_chart(papers)]
    return "\n".join(recent)


def render_newest(papers: Iterable[Paper]) -> str:
    """Return the papers that entered last, the latest day first, with their venues."""
    dated = newest_first(paper for paper in papers if paper.added)
    latest = sorted(dated, key=lambda paper: paper.added or "", reverse=True)
    return "\n".join(f"- {_named(paper)}" for paper in latest[:_NEWEST])


def _named(paper: Paper) -> str:
    about = with_venue_year(paper).venue or ""
    return f"{paper_link(paper)} ({escape_text(about)})" if about else paper_link(paper)


def _papers_of(day: str, page: str | None) -> str:
    if page is not None:
        return f"{page}?q={day}"
    query = quote(f'path:papers "added: {day}"', safe="")
    return f"../../search?type=code&q={query}"


def _chart(papers: Iterable[Paper]) -> tuple[str, ...]:
    added = [paper.added for paper in papers]
    until = f" by {max(filter(None, added))}"
    return (
        "<picture>",
        f'  <source media="(prefers-color-scheme: dark)" srcset="{DARK_CHART}">',
        f'  <img alt="Growth of the list: {_count(len(added))}{until}" src="{LIGHT_CHART}">',
        "</picture>",
    )


def _count(number: int) -> str:
    return f"{number:,} {'paper' if number == 1 else 'papers'}"


def summary_papers(papers: Sequence[Paper], settings: SummarySettings) -> list[Paper]:
    """Return the papers below the branch of rows that are also below a branch of columns."""
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


def render_diagram(taxonomy: Taxonomy, title: str) -> str:
    """Return a fenced Mermaid flow chart of the tree, from left to right.

    The categories of one parent that hold papers share a box, so that the picture stays as high as
    a screen.
    """
    lines = ["```mermaid", "flowchart LR", f"  list[{_label(title)}]"]
    numbers = {category.path: f"c{n}" for n, category in enumerate(taxonomy.categories)}
    boxes: dict[str, list[Category]] = {}
    for category in taxonomy.categories:
        parent = category.parent
        if category.leaf and parent is not None:
            boxes.setdefault(parent, []).append(category)
            continue
        source = numbers[parent] if parent else "list"
        lines.append(f"  {source} --> {numbers[category.path]}[{_label(category.title)}]")
    for parent, leaves in boxes.items():
        text = "<br>".join(_text(leaf.title) for leaf in leaves)
        lines.append(f'  {numbers[parent]} --- {numbers[leaves[0].path]}["{text}"]')
    return "\n".join((*lines, "```"))


def _label(text: str) -> str:
    return f'"{_text(text)}"'


def _text(text: str) -> str:
    """Return text for a quoted label; Mermaid writes entities as `#quot;` or by number."""
    return "".join(c if c.isalnum() or c in " -.,'/()" else f"#{ord(c)};" for c in text)
