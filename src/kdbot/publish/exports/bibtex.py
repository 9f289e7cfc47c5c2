"""`papers.bib`: an entry for each paper, under its id, which never changes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from kdbot.model.paper import Paper
from kdbot.model.venue import Venue, Venues
from kdbot.publish.exports.addresses import encode_address
from kdbot.publish.markdown import visible_text
from kdbot.publish.readme.tables import paper_address
from kdbot.text.latex import escape_latex, protect_capitals

PAPERS_BIB = "papers.bib"

_HEAD = """\
% Generated from the list's records. Year and month are those of the first public appearance,
% or the year in which the ACL Anthology counts a paper.

"""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ACL_YEAR = re.compile(r"((?:19|20)[0-9]{2})\.")
_PREPRINT = re.compile(r"\b(?:preprints?|e-prints?|\w*rxiv)\b", re.IGNORECASE)
_UNREVIEWED = re.compile(r"\b(?:report|blog(?: ?posts?)?)\b", re.IGNORECASE)
_JOURNAL = re.compile(r"\b(?:journal|transactions|letters|magazine|surveys)\b", re.IGNORECASE)
# Titles of journals are abbreviated word by word (ISO 4), those of conferences by initials.
_ABBREVIATED = re.compile(r"(?<!\w)(?!Proc\.)[A-Z][a-z]*\.(?=\s|$)")
_CONFERENCE = re.compile(
    r"\b(?:conference|workshops?|symposium|meeting|proceedings|findings|advances)\b", re.IGNORECASE
)
_INITIALS = re.compile(r"[A-Z].*[A-Z]")


def render_bibtex(papers: Iterable[Paper], venues: Venues) -> str:
    """Return the entries in the order given, with blank lines between them."""
    kinds = _entry_types(venues)
    return _HEAD + "\n".join(_entry(paper, kinds) for paper in papers)


def render_entry(paper: Paper, venues: Venues) -> str:
    """Return one paper's entry, with a final newline."""
    return _entry(paper, _entry_types(venues))


def _entry(paper: Paper, kinds: Mapping[str, str]) -> str:
    kind = kinds.get(paper.venue, "inproceedings") if paper.venue else "misc"
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(paper, kind))
    return f"@{kind}{{{paper.id},\n{fields}}}\n"


def _fields(paper: Paper, kind: str) -> Iterator[tuple[str, str]]:
    yield "title", _braced(protect_capitals(visible_text(paper.title)))
    if paper.authors:
        yield "author", _braced(" and ".join(map(_author, paper.authors)))
    if paper.venue and not (kind == "misc" and paper.arxiv):
        name = {"article": "journal", "inproceedings": "booktitle"}.get(kind, "howpublished")
        yield name, _braced(escape_latex(visible_text(paper.venue)))
    yield from _year_and_month(paper)
    if paper.arxiv:
        yield "eprint", _braced(paper.arxiv)
        yield "archiveprefix", "{arXiv}"
    if paper.doi:
        yield "doi", _braced(encode_address(paper.doi))
    if address := paper_address(paper):
        yield "url", _braced(encode_address(address))
    if paper.withdrawn:
        yield "note", "{Withdrawn by its authors}"


def _year_and_month(paper: Paper) -> Iterator[tuple[str, str]]:
    year, _, month = (paper.date or "").partition("-")
    published = _ACL_YEAR.match(paper.acl or "")
    if published and published[1] != year:
        yield "year", _braced(published[1])
    elif year:
        yield "year", _braced(year)
        if month:
            yield "month", _MONTHS[int(month) - 1]


@lru_cache(maxsize=65_536)
def _author(name: str) -> str:
    """Return a name in BibTeX's syntax; one that it would take apart is kept whole by braces."""
    shown = visible_text(name)
    latex = escape_latex(shown)
    is_plain = "," not in shown and "and" not in shown.casefold().split()
    return latex if is_plain else _braced(latex)


def _braced(text: str) -> str:
    return f"{{{text}}}"


def _entry_types(venues: Venues) -> dict[str, str]:
    return {venue.name: entry_type(venue) for venue in venues.venues}


def entry_type(venue: Venue) -> str:
    """Tell the BibTeX type of what appears at a venue, from its names alone.

    `misc` for preprints, reports and blogs, `article` for what is named or abbreviated as journals
    are, `inproceedings` for the rest.
    """
    names = (venue.name, *venue.aliases)
    if any(map(_PREPRINT.search, names)) or any(map(_UNREVIEWED.search, names)):
        return "misc"
    if any(map(_JOURNAL.search, names)) or any(map(_ABBREVIATED.search, names)):
        return "article"
    if any(map(_CONFERENCE.search, names)) or any(map(_INITIALS.search, names)):
        return "inproceedings"
    return "article"
