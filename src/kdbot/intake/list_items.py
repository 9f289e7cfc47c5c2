"""A list item or a paragraph about one paper.

The forms are those of well-known lists: a linked title, or a plain one in front of links with
labels; authors and venue behind it, in italics, in `<ins>`, in brackets or on a badge.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from kdbot.intake.citation_text import (
    clean_title,
    date_in,
    names_in,
    split_title,
    strip_prefix,
    venue_in,
)
from kdbot.intake.inline import Piece, PieceKind
from kdbot.intake.listed_paper import (
    ListedPaper,
    add_links,
    has_paper_link,
    is_badge,
    is_link,
    is_title,
    role_of,
    words_of,
)
from kdbot.intake.paper_links import LinkRole, is_paper_address, label_role, names_paper
from kdbot.model.venue import Venues

_BADGE_TEXT = re.compile(
    r"/badge/(?:[^/?]*?[-:])?([A-Za-z][^/?-]*(?:['’ _%]|%27)[^/?-]*[0-9]{2}|[A-Za-z]+[ _]?[0-9]{2,4})(?:-[0-9a-zA-Z]+)?(?:[/?.]|$)"
)
_BADGE_PARTS = re.compile(r"/badge/([^/?#]+)")
_COLOURS = re.compile(r"-[0-9A-Za-z]+(?:\.svg)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Citation:
    """A line taken apart: its title, and the words around it."""

    title: str
    before: str
    after: str


def reads_as_paper(pieces: Sequence[Piece]) -> bool:
    """Tell whether a line shows a sign of a paper: its address, or a link that says so."""
    return has_paper_link(pieces)


def read_item(pieces: Sequence[Piece], line: int, venues: Venues) -> ListedPaper:
    """Read what one line says of one paper; its title stays empty where none is found."""
    head = _title_link(pieces)
    paper = ListedPaper(line=line)
    citation = _cite_link(pieces, head, venues) if head else _cite_words(pieces, venues)
    if head and is_link(head) and role_of(head) is not LinkRole.CODE:
        paper = replace(paper, urls=(head.url,))
    paper = add_links(paper, [piece for piece in pieces if piece is not head])
    around = f"{citation.after} | {citation.before}"
    venue = _marked_venue(pieces, venues) or venue_in(around, venues)
    return replace(
        paper,
        title=citation.title,
        venue=venue,
        date=date_in(citation.before, venue) or date_in(citation.after, venue),
        authors=_authors(citation.after, pieces, venue),
    )


def _title_link(pieces: Sequence[Piece]) -> Piece | None:
    """Find the link whose words are the title."""
    links = [p for p in pieces if is_link(p) and not is_badge(p) and is_title(p.text)]
    leading = _words_before(pieces, links[0]) if links else ""
    if links and len(clean_title(strip_prefix(leading)[1]).split()) < 6:
        return links[0]
    named = [p for p in pieces if is_link(p) and not is_badge(p) and label_role(p.text) is None]
    for link in named:
        only = len(words_of([p for p in pieces if p.kind is PieceKind.TEXT]).split()) < 4
        if clean_title(link.text) and is_paper_address(link.url) and only:
            return link
    return None


def _words_before(pieces: Sequence[Piece], link: Piece) -> str:
    index = next(i for i, piece in enumerate(pieces) if piece is link)
    return words_of(pieces[:index])


def _cite_link(pieces: Sequence[Piece], head: Piece, venues: Venues) -> _Citation:
    index = next(i for i, piece in enumerate(pieces) if piece is head)
    prefix, text = strip_prefix(head.text)
    title = clean_title(text)
    if venue_in(title, venues) == title:
        title = clean_title(head.text)
    before = words_of([p for p in pieces[:index] if not _is_label(p)])
    after = words_of([p for p in pieces[index + 1 :] if not _is_label(p)])
    return _Citation(title=title, before=f"{before} {prefix}", after=after)


def _cite_words(pieces: Sequence[Piece], venues: Venues) -> _Citation:
    """Take the words in front of the links apart; the words behind them where there are none."""
    lead = _lead(pieces)
    text = words_of(lead)
    if len(clean_title(strip_prefix(text)[1])) < 3:
        words = [p for p in pieces if p.kind is PieceKind.TEXT or (is_link(p) and not _is_label(p))]
        lead, text = words, words_of(words)
    rest = words_of([p for p in pieces if all(p is not q for q in lead) and not _is_label(p)])
    marked = _marked_title(lead)
    if marked is not None:
        before, _, after = text.partition(words_of([marked]))
        prefix, title = strip_prefix(words_of([marked]))
        return _Citation(
            title=clean_title(title), before=f"{before} {prefix}", after=f"{after} {rest}"
        )
    prefix, text = strip_prefix(text)
    title, after = split_title(text, venues)
    return _Citation(title=title, before=prefix, after=f"{after} {rest}")


def _lead(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the words up to the first link, underlined word or line break that follows them."""
    lead: list[Piece] = []
    for piece in pieces:
        has_words = bool(clean_title(strip_prefix(words_of(lead))[1]))
        if piece.kind is PieceKind.BREAK and has_words:
            break
        if piece.inserted or is_badge(piece):
            if has_words:
                break
            continue
        if is_link(piece):
            if has_words and (_is_label(piece) or names_paper(piece.url)):
                break
            if _is_label(piece):
                continue
        lead.append(piece)
    return lead


def _marked_title(lead: Sequence[Piece]) -> Piece | None:
    """Find the one bold, or else italic, run that is long enough for a title."""
    for attribute in ("strong", "emphasis"):
        marked = [p for p in lead if getattr(p, attribute) and is_title(p.text)]
        others = words_of([p for p in lead if all(p is not m for m in marked)])
        if len(marked) == 1 and (attribute == "strong" or len(others.split()) < 4):
            return marked[0]
    return None


def _is_label(piece: Piece) -> bool:
    return is_link(piece) and (
        not piece.text or is_badge(piece) or label_role(piece.text) is not None
    )


def _marked_venue(pieces: Sequence[Piece], venues: Venues) -> str | None:
    """Find the venue where the list sets it apart: underlined, or on a badge."""
    for piece in pieces:
        if piece.inserted and (text := piece.text.strip(" ,.;:()[]")):
            return text
    for piece in pieces:
        if piece.kind is PieceKind.LINK and is_badge(piece):
            addresses = piece.images
        elif piece.kind is PieceKind.IMAGE and is_badge(piece):
            addresses = (piece.url,)
        else:
            continue
        for address in addresses:
            if venue := _badge_venue(address, venues):
                return venue
    for piece in pieces:
        # `[[ACL 2023](…)]`: the label itself is the venue.
        if is_link(piece) and not is_badge(piece) and len(piece.text) <= 40:
            if (venue := venue_in(piece.text, venues)) == piece.text.strip():
                return venue
    return None


def _badge_venue(address: str, venues: Venues) -> str | None:
    """Read the venue off a badge (`…/badge/Conference-ICLR'24-blue`)."""
    match = _BADGE_PARTS.search(address)
    if match is None:
        return None
    text = unquote(_COLOURS.sub("", match[1]).replace("--", "\0"))
    parts = [part.replace("\0", "-").replace("_", " ").strip() for part in text.split("-")]
    for part in (*reversed(parts), " ".join(parts)):
        if part and (venue := venue_in(part, venues)):
            return venue
    return None


def _authors(after: str, pieces: Sequence[Piece], venue: str | None) -> tuple[str, ...]:
    """Read the authors from the words behind the title, or from a line of their own."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.kind is PieceKind.BREAK:
            lines.append([])
        else:
            lines[-1].append(piece)
    own_lines = [words_of(line) for line in lines if line and not any(map(is_link, line))]
    if venue:
        after = after.replace(venue, "|")
    runs = re.split(r"\.\s|[|()\[\]]|,?\s(?=(?:19|20)[0-9]{2}\b)|\s[-–—]\s", after)
    for text in (*runs, *own_lines):
        if names := names_in(text):
            return names
    return ()
