"""The update log: one line for each day on which papers entered the list, from `added` alone."""

from collections.abc import Iterable
from itertools import groupby

from kdbot.model.paper import Paper
from kdbot.publish.tables import newest_first, paper_link

_OPEN_DAYS = 5
_LINKED_BYTES = 60_000
"""Beyond this size a day says how many papers it brought, and no longer which."""


def render_update_log(papers: Iterable[Paper]) -> str:
    """Return the log, the newest day first, the older days folded."""
    dated = sorted((p for p in papers if p.added), key=lambda p: p.added or "", reverse=True)
    lines = []
    size = 0
    for day, added in groupby(dated, key=lambda p: p.added):
        newest = newest_first(added)
        line = f"- **{day}**: {_count(len(newest))}"
        if size < _LINKED_BYTES:
            line += f": {'; '.join(map(paper_link, newest))}"
        size += len(line.encode())
        lines.append(line)
    recent, older = lines[:_OPEN_DAYS], lines[_OPEN_DAYS:]
    if older:
        days = "Earlier day" if len(older) == 1 else "Earlier days"
        fold = f"<details>\n<summary>{days} ({len(older):,})</summary>\n"
        recent += ["", fold, *older, "", "</details>"]
    return "\n".join(recent)


def _count(number: int) -> str:
    return f"{number:,} {'paper' if number == 1 else 'papers'}"
