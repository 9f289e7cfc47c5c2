"""`papers.bib`: an entry for each paper, under a key that never changes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from kdbot.model.paper import Paper
from kdbot.model.venue import Venue, VenueKind, Venues
from kdbot.publish.exports.addresses import encode_address
from kdbot.publish.markdown import visible_text
from kdbot.publish.readme.tables import paper_address, standing_note
from kdbot.text.latex import escape_latex, protect_capitals
from kdbot.text.venues import year_of_acl

PAPERS_BIB = "papers.bib"

_HEAD = """\
% Generated from the list's records. The year is that of the venue; a preprint has year and month
% of its first public appearance.

"""
_TYPE_OF_KIND = {
    VenueKind.CONFERENCE: "inproceedings",
    VenueKind.WORKSHOP: "inproceedings",
    VenueKind.JOURNAL: "article",
    VenueKind.PREPRINT: "misc",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PREPRINT = re.compile(r"\b(?:preprints?|e-prints?|\w*rxiv)\b", re.IGNORECASE)
_UNREVIEWED = re.compile(r"\b(?:report|blog(?: ?posts?)?)\b", re.IGNORECASE)
_JOURNAL = re.compile(r"\b(?:journal|transactions|letters|magazine|surveys)\b", re.IGNORECASE)
# Titles of journals are abbreviated word by word (ISO 4), those of conferences by initials.
_ABBREVIATED = re.compile(r"(?<!\w)(?!Proc\.)[A-Z][a-z]*\.(?=\s|$)")
_CONFERENCE = re.compile(
    r"\b(?:conference|workshops?|symposium|meeting|proceedings|findings|advances)\b", re.IGNORECASE
)
_INITIALS = re.compile(r"[A-Z].*[A-Z]")


def render_entries(papers: Iterable[Paper], venues: Venues) -> dict[str, str]:
    """Return the entry of each paper by its id, in the order given, with a final newline."""
    return {paper.id: _render_entry(paper, venues) for paper in papers}


def join_entries(entries: Iterable[str]) -> str:
    """Return a file of these entries, with blank lines between them."""
    return _HEAD + "\n".join(entries)


def _render_entry(paper: Paper, venues: Venues) -> str:
    """Return one paper's entry.

    Its key is the record's, which never changes; a record without one has that of its file.
    """
    kind = entry_type_of(paper, venues)
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(paper, kind, venues))
    return f"@{kind}{{{paper.key or paper.id},\n{fields}}}\n"


def _fields(paper: Paper, kind: str, venues: Venues) -> Iterator[tuple[str, str]]:
    yield "title", _braced(protect_capitals(visible_text(paper.title)))
    if paper.authors:
        yield "author", _braced(" and ".join(map(_author, paper.authors)))
    else:
        # What sorts and labels an entry without authors: https://ctan.org/pkg/bibtex, btxdoc.
        yield "key", _braced(escape_latex(visible_text(paper.title)))
    if paper.venue and not (kind == "misc" and paper.arxiv):
        name = {"article": "journal", "inproceedings": "booktitle"}.get(kind, "howpublished")
        yield name, _braced(escape_latex(visible_text(venue_in_full(paper.venue, venues))))
    yield from _year_and_month(paper, kind)
    if paper.arxiv:
        yield "eprint", _braced(paper.arxiv)
        yield "archiveprefix", "{arXiv}"
    if paper.doi:
        yield "doi", _braced(encode_address(paper.doi))
    if address := citation_address(paper):
        yield "url", _braced(encode_address(address))
    if note := standing_note(paper):
        yield "note", _braced(escape_latex(visible_text(note)))


def venue_in_full(name: str, venues: Venues) -> str:
    """Return the full name of a venue where the list has one, else the name."""
    venue = venues.by_name.get(name)
    return venue.full_name or name if venue else name


def citation_address(paper: Paper) -> str | None:
    """Return the page of the published version: that of the ACL Anthology before a preprint's."""
    return paper_address(replace(paper, arxiv=None) if paper.acl else paper)


def publication_year(paper: Paper) -> str:
    """Return the year in which a paper counts as published, or an empty text.

    That of its venue; else the one in which the ACL Anthology has it; else that of its first
    public appearance.
    """
    anthology = year_of_acl(paper.acl) if paper.acl else None
    return paper.year or anthology or (paper.date or "")[:4]


def _year_and_month(paper: Paper, kind: str) -> Iterator[tuple[str, str]]:
    year, month = publication_year(paper), (paper.date or "")[5:]
    if year:
        yield "year", _braced(year)
        # The month of a preprint is not that of the conference.
        if month and not paper.year and (kind == "misc" or year == (paper.date or "")[:4]):
            yield "month", _MONTHS[int(month) - 1]


def entry_type_of(paper: Paper, venues: Venues) -> str:
    """Tell the BibTeX type of a paper: by its venue, `misc` without one."""
    if not paper.venue:
        return "misc"
    venue = venues.by_name.get(paper.venue)
    return _entry_type(venue) if venue else "inproceedings"


@lru_cache(maxsize=65_536)
def _author(name: str) -> str:
    """Return a name in BibTeX's syntax; one that it would take apart is kept whole by braces."""
    shown = visible_text(name)
    latex = escape_latex(shown)
    is_plain = "," not in shown and "and" not in shown.casefold().split()
    return latex if is_plain else _braced(latex)


def _braced(text: str) -> str:
    return f"{{{text}}}"


@lru_cache(maxsize=1024)
def _entry_type(venue: Venue) -> str:
    """Tell the BibTeX type of what appears at a venue: by its kind, or else by its names.

    `misc` for preprints, reports and blogs, `article` for what is named or abbreviated as journals
    are, `inproceedings` for the rest.
    """
    if venue.kind is not None:
        return _TYPE_OF_KIND[venue.kind]
    names = (venue.name, *venue.aliases)
    if any(map(_PREPRINT.search, names)) or any(map(_UNREVIEWED.search, names)):
        return "misc"
    if any(map(_JOURNAL.search, names)) or any(map(_ABBREVIATED.search, names)):
        return "article"
    if any(map(_CONFERENCE.search, names)) or any(map(_INITIALS.search, names)):
        return "inproceedings"
    return "article"
