"""What stands behind a title on its line: venue, date, and words that say nothing."""

import re

from kdbot.intake.venue_text import find_arxiv_date, find_venue, is_date
from kdbot.model.venue import Venues
from kdbot.text.titles import is_generic

_BRACKET = re.compile(r"\s*\[([^\[\]]{2,60})\]\s*$")
SPLIT = re.compile(r"\s*(?:\s[-–—|]\s|[|·•]|,\s|;\s|\.\s+(?=[A-Z])|\s[(\[（]|[（【])\s*")


def without_details(text: str, venues: Venues) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Cut venue, date and generic words off the end of a title."""
    head, values = text, dict[str, tuple[str, ...]]()
    bracket = _BRACKET.search(text)
    parts = bracket[1].split(",") if bracket else []
    if bracket and any(is_detail(part.strip(), venues) for part in parts):
        head = text = text[: bracket.start()]
        if venue := find_venue(bracket[1], venues):
            values["venue"] = (venue.text,)
    for cut in reversed(list(SPLIT.finditer(text))):
        tail = head[cut.end() :].strip(" .,()[]（）")
        if not is_detail(tail, venues):
            break
        head = head[: cut.start()]
        if is_date(tail):
            values.setdefault("date", (tail,))
        elif venue := find_venue(tail, venues):
            values["venue"] = (venue.text,)
    return head, values


def is_detail(text: str, venues: Venues) -> bool:
    """Tell whether words behind a title are a venue, a date or a generic word."""
    if not text or is_generic(text) or is_date(text) or find_arxiv_date(text) is not None:
        return True
    found = find_venue(text, venues) if len(text) < 80 else None
    return venues.canonical(text) is not None or (
        found is not None and len(found.text) >= 0.6 * len(text)
    )
