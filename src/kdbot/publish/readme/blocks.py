"""The README's smaller regions: badges, update log, summary table, diagram of the taxonomy.

Addresses are relative, so that the README's bytes do not depend on where it is built; GitHub
resolves them against the repository.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from kdbot.model.collection import Collection
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.paper import Paper
from kdbot.model.settings import Settings, SummarySettings
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.publish.markdown import count, escape_text
from kdbot.publish.readme.tables import edition, last_added, paper_link

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
    """Return the badges, and where to search the list and get it for other programs."""
    updated = max((p.added for p in papers if p.added), default="")
    badges = [_badge("papers", f"{len(papers):,}", "blue", "../../tree/HEAD/papers")]
    if updated:
        badges.append(_badge("updated", updated, "blue", "../../commits"))
    if survey := settings.survey:
        page = IdentifierKind.ARXIV.page(survey)
        badges.append(_badge("survey", f"arXiv {survey}", "b31b1b", page))
    # That of the audit shows whether its schedule still runs: GitHub stops one after sixty days.
    for name, workflow in (("Tests", "ci.yml"), ("Audit", "weekly.yml")):
        page = f"{_WORKFLOWS}/{workflow}"
        badges.append(f"[![{name}]({page}/badge.svg)]({page})")
    reading = f"[Search, filter, cite and download]({_DEPLOYMENTS}) on the list's page."
    if (home := settings.page) is not None:
        links = " · ".join(f"[{name}]({home}{file})" for name, file in _DOWNLOADS)
        reading = f"[Search, filter and cite]({home}) · {links}"
    return "\n".join((*badges, "", reading))


def _badge(name: str, value: str, color: str, target: str) -> str:
    # In a shield's address `-` and `_` are doubled.
    parts = (quote(part.replace("-", "--").replace("_", "__"), safe="") for part in (name, value))
    return f"[![{name}: {value}]({_SHIELD}/{'-'.join(parts)}-{color})]({target})"


def render_update_log(papers: Sequence[Paper], page: str | None) -> str:
    """Return one line for each day that brought papers, the newest first, the older ones folded.

    Args:
        papers: all papers.
        page: address of the published page, which finds the papers of a day; where it is unknown,
            GitHub's search for the files does.
    """
    days = Counter(paper.added for paper in papers if paper.added)
    lines = [
        f"- **{day}**: [{count(days[day], 'paper')} added]({_papers_of(day, page)})"
        for day in sorted(days, reverse=True)
    ]
    recent, older = lines[:_OPEN_DAYS], lines[_OPEN_DAYS:]
    if older:
        heading = "Earlier day" if len(older) == 1 else "Earlier days"
        fold = f"<details>\n<summary>{heading} ({len(older):,})</summary>\n"
        recent += ["", fold, *older, "", "</details>"]
    # A list that began with most of its papers has a step, and no growth that a chart could show.
    if days and 2 * days[min(days)] <= days.total():
        growth = f"Growth of the list: {count(len(papers), 'paper')} by {max(days)}"
        recent += [
            "",
            "<picture>",
            f'  <source media="(prefers-color-scheme: dark)" srcset="{DARK_CHART}">',
            f'  <img alt="{growth}" src="{LIGHT_CHART}">',
            "</picture>",
        ]
    return "\n".join(recent)


def _papers_of(day: str, page: str | None) -> str:
    if page is not None:
        return f"{page}?q={day}"
    query = quote(f'path:papers "added: {day}"', safe="")
    return f"../../search?type=code&q={query}"


def render_newest(newest_first: Iterable[Paper]) -> str:
    """Return the papers that entered last, the latest day first, with their venues."""
    return "\n".join(
        f"- {paper_link(paper)}" + (f" ({escape_text(venue)})" if (venue := edition(paper)) else "")
        for paper in last_added(newest_first)[:_NEWEST]
    )


def summary_papers(papers: Sequence[Paper], settings: SummarySettings) -> list[Paper]:
    """Return the papers below the branch of rows that are also below a branch of columns."""
    rows = [p for p in papers if settings.rows and _below(p, settings.rows)]
    return [p for p in rows if any(_below(p, branch) for branch in settings.columns)]


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
    shown, branches = papers[:newest], (settings.rows, *settings.columns)
    known = collection.taxonomy.by_path
    heads = [known[path].title if path in known else path for path in branches]
    heads = [escape_text(text) for text in (collection.schema.title("title"), *heads)]
    titles = {c.path: escape_text(c.title) for c in collection.taxonomy.leaves}
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join([':---'] * len(heads))} |"]
    for paper in shown:
        below = [_below(paper, branch) for branch in branches]
        cells = [", ".join(title for path, title in titles.items() if path in one) for one in below]
        lines.append(f"| {' | '.join([paper_link(paper), *cells])} |")
    if len(shown) < len(papers):
        lines += ["", f"{len(shown):,} of {len(papers):,} papers; [all of them]({page})."]
    return "\n".join(lines)


def _below(paper: Paper, branch: str) -> set[str]:
    """Return the categories of a paper that are a branch or below it."""
    return {p for p in paper.categories if p == branch or p.startswith(branch + "/")}


def render_diagram(taxonomy: Taxonomy, title: str) -> str:
    """Return a fenced Mermaid flow chart of the tree, from left to right.

    The categories of one parent that hold papers share a box, so that the picture stays as high as
    a screen.
    """
    lines = ["```mermaid", "flowchart LR", f'  list["{_label(title)}"]']
    numbers = {category.path: f"c{n}" for n, category in enumerate(taxonomy.categories)}
    boxes: dict[str, list[Category]] = {}
    for category in taxonomy.categories:
        parent = category.parent
        if category.leaf and parent is not None:
            boxes.setdefault(parent, []).append(category)
            continue
        source = numbers[parent] if parent else "list"
        lines.append(f'  {source} --> {numbers[category.path]}["{_label(category.title)}"]')
    for parent, leaves in boxes.items():
        text = "<br>".join(_label(leaf.title) for leaf in leaves)
        lines.append(f'  {numbers[parent]} --- {numbers[leaves[0].path]}["{text}"]')
    return "\n".join((*lines, "```"))


def _label(text: str) -> str:
    """Return text for a quoted label; Mermaid writes entities as `#quot;` or by number."""
    return "".join(c if c.isalnum() or c in " -.,'/()" else f"#{ord(c)};" for c in text)
