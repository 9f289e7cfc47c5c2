"""How much a line of a list looks like a paper, and how many papers it names."""

from collections.abc import Sequence
from enum import StrEnum

from kdbot.intake.lists.badges import is_badge
from kdbot.intake.lists.items import split_plain, title_link
from kdbot.intake.lists.listed_paper import has_paper_link, is_label, is_link, is_title, words_of
from kdbot.intake.lists.paper_links import label_role, may_be_paper, names_paper
from kdbot.intake.markdown.lines import Run
from kdbot.model.identifiers import parse_identifier
from kdbot.model.venue import Venues
from kdbot.text.citation_dates import normalize_date
from kdbot.text.citations import clean_title, venue_in
from kdbot.text.titles import is_title as reads_like_title


class Sign(StrEnum):
    """What a line's looks say."""

    PAPER = "paper"
    PROSE = "prose"
    MAYBE = "maybe"
    NONE = "none"


def sign_of_item(runs: Sequence[Run], venues: Venues) -> Sign:
    """Tell whether a list item is about a paper.

    It is where a link leads to a paper or says that it does, where a linked title is followed by
    authors or a year, and where a title is followed by a known venue. A linked title alone may be.
    """
    if has_paper_link(runs):
        return Sign.PAPER
    head = next((p for p in runs if is_link(p) and not is_badge(p) and is_title(p.text)), None)
    if head is not None and may_be_paper(head.address):
        index = next(i for i, run in enumerate(runs) if run is head)
        after = words_of([p for p in runs[index + 1 :] if not is_label(p)])
        return Sign.PAPER if normalize_date(after) else Sign.MAYBE
    title, rest = split_plain(runs, venues)
    venue = venue_in(rest, venues) if rest.strip(" |") else None
    is_citation = venue is not None and venues.canonical(venue) is not None
    return Sign.PAPER if is_citation and reads_like_title(title) else Sign.NONE


def sign_of_text(runs: Sequence[Run], venues: Venues) -> Sign:
    """Tell whether a paragraph is about a paper as a list's line is, or a sentence of prose."""
    if not has_paper_link(runs) or not words_of([p for p in runs if not is_label(p)]):
        return Sign.NONE
    if title_link(runs, venues) is not None:
        return Sign.PAPER
    title, _ = split_plain(runs, venues)
    is_marked = any(p.strong and clean_title(p.text) == title for p in runs)
    return Sign.PAPER if is_marked or reads_like_title(title) else Sign.PROSE


def named_papers(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return the links of a line that each name a paper of their own by a name or a title."""
    found: dict[str, Run] = {}
    for run in runs:
        named = is_link(run) and not is_badge(run) and label_role(run.text) is None
        if named and clean_title(run.text) and names_paper(run.address):
            found.setdefault(parse_identifier(run.address).canonical or "", run)
    return tuple(found.values())
