"""The update log: one line for each day on which papers entered the list, from `added` alone."""

from collections.abc import Iterable
from itertools import groupby

from kdbot.model.paper import Paper
from kdbot.publish.tables import newest_first, paper_link

_OPEN_DAYS = 3
_LINKED_BYTES = 40_000
"""So much of the log is links to papers; beyond it, days say how many papers they brought."""


def render_update_log(papers: Iterable[Paper]) -> str:
    """Return the log, the newest day first, the older days folded."""
    dated = sorted((p for p in papers if p.added), key=lambda p: p.added or "", reverse=True)
    lines = []
    left = _LINKED_BYTES
    for day, added in groupby(dated, key=lambda p: p.added):
        newest = newest_first(added)
        links, left = _links(newest, left)
        more = len(newest) - len(links)
        listed = "; ".join([*links, f"and {more:,} more"] if links and more else links)
        lines.append(f"- **{day}**: {_count(len(newest))}{': ' if listed else ''}{listed}")
    recent, older = lines[:_OPEN_DAYS], lines[_OPEN_DAYS:]
    if older:
        days = "Earlier day" if len(older) == 1 else "Earlier days"
        fold = f"<details>\n<summary>{days} ({len(older):,})</summary>\n"
        recent += ["", fold, *older, "", "</details>"]
    return "\n".join(recent)


def _links(papers: Iterable[Paper], left: int) -> tuple[list[str], int]:
    """Return links to the papers as far as the bytes that are left reach, and what is then left."""
    links = []
    for paper in papers:
        shown = paper_link(paper)
        left -= len(shown.encode("utf-8", "surrogatepass"))
        if left < 0:
            break
        links.append(shown)
    return links, left


def _count(number: int) -> str:
    return f"{number:,} {'paper' if number == 1 else 'papers'}"
