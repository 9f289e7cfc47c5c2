"""How much a line of a list looks like a paper, and how many papers it names."""

from collections.abc import Sequence
from enum import StrEnum

from kdbot.intake.lists.badges import is_badge
from kdbot.intake.lists.items import split_plain, title_link
from kdbot.intake.lists.listed_paper import has_paper_link, is_label, is_link, is_title, words_of
from kdbot.intake.lists.paper_links import label_role, may_be_paper, names_paper
from kdbot.intake.markdown.inline import Piece
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


def sign_of_item(pieces: Sequence[Piece], venues: Venues) -> Sign:
    """Tell whether a list item is about a paper.

    It is where a link leads to a paper or says that it does, where a linked title is followed by
    authors or a year, and where a title is followed by a known venue. A linked title alone may be.
    """
    if has_paper_link(pieces):
        return Sign.PAPER
    head = next((p for p in pieces if is_link(p) and not is_badge(p) and is_title(p.text)), None)
    if head is not None and may_be_paper(head.url):
        index = next(i for i, piece in enumerate(pieces) if piece is head)
        after = words_of([p for p in pieces[index + 1 :] if not is_label(p)])
        return Sign.PAPER if normalize_date(after) else Sign.MAYBE
    title, rest = split_plain(pieces, venues)
    venue = venue_in(rest, venues) if rest.strip(" |") else None
    is_citation = venue is not None and venues.canonical(venue) is not None
    return Sign.PAPER if is_citation and reads_like_title(title) else Sign.NONE


def sign_of_text(pieces: Sequence[Piece], venues: Venues) -> Sign:
    """Tell whether a paragraph is about a paper as a list's line is, or a sentence of prose."""
    if not has_paper_link(pieces) or not words_of([p for p in pieces if not is_label(p)]):
        return Sign.NONE
    if title_link(pieces, venues) is not None:
        return Sign.PAPER
    title, _ = split_plain(pieces, venues)
    is_marked = any(p.strong and clean_title(p.text) == title for p in pieces)
    return Sign.PAPER if is_marked or reads_like_title(title) else Sign.PROSE


def named_papers(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return the links of a line that each name a paper of their own by a name or a title."""
    found: dict[str, Piece] = {}
    for piece in pieces:
        named = is_link(piece) and not is_badge(piece) and label_role(piece.text) is None
        if named and clean_title(piece.text) and names_paper(piece.url):
            found.setdefault(parse_identifier(piece.url).canonical or "", piece)
    return tuple(found.values())
