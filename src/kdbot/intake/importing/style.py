"""How a list shows its papers: as tables or as items, and which fields."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from kdbot.intake.importing.list_import import ImportedList
from kdbot.intake.importing.sources import Sources
from kdbot.model.identifiers import LANDING_KINDS
from kdbot.model.paper import IDENTIFIER_NAMES, Paper
from kdbot.model.settings import Settings

_ITEM = re.compile(r"\s*(?:[-*+•–]|[0-9]{1,4}[.)])\s|\s*[^\s|<]")


def source_style(sources: Sources, imported: ImportedList) -> tuple[str, tuple[str, ...]]:
    """Return the style of most papers of a list, and the categories that have the other one."""
    lines = [line for file in sources.files for line in _lines(file.text)]
    votes: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for paper in sources.joined.papers:
        is_item = _ITEM.match(lines[paper.line - 1]) is not None
        section = tuple(title.casefold() for title in paper.section)
        votes[section]["list" if is_item else "table"] += 1
    total = sum(votes.values(), Counter())
    style = "list" if total["list"] > total["table"] else "table"
    others = []
    for leaf in imported.taxonomy.leaves:
        titles = tuple(title.casefold() for title in imported.taxonomy.titles(leaf.path))
        counted = votes.get(titles) or votes.get(titles[:-1], Counter())
        if counted and counted[style] < counted.total() / 2:
            others.append(leaf.path)
    return style, tuple(others)


def shown_columns(papers: Collection[Paper], own: Mapping[str, object]) -> tuple[str, ...]:
    """Return the columns that show what a list has shown, the usual ones among them."""
    title, *usual = Settings(title="").tables.columns
    authors = ("authors",) if any(paper.authors for paper in papers) else ()
    # The title leads to one page; what else identifies the paper has a column of its own.
    others = [
        name
        for name in IDENTIFIER_NAMES
        if any(getattr(p, name) and _landing(p) != name for p in papers)
    ]
    return (title, *authors, *usual, *others, *own)


def _landing(paper: Paper) -> str:
    """Return the field that a paper's title leads to."""
    return next((name for name in ("url", *LANDING_KINDS) if getattr(paper, name)), "")


def _lines(text: str) -> Iterable[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
