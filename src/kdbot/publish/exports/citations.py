"""The papers for programs that manage references: CSL-JSON, RIS, and references of a CFF file.

- `papers.csl.json`: https://docs.citationstyles.org/en/stable/specification.html, which Zotero,
  pandoc and citeproc read.
- `papers.ris`: https://en.wikipedia.org/wiki/RIS_(file_format), which EndNote and Zotero read.
- References of `CITATION.cff`:
  https://github.com/citation-file-format/citation-file-format/blob/1.2.0/schema-guide.md.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kdbot.model.paper import Paper
from kdbot.model.venue import Venues
from kdbot.publish.exports.addresses import encode_address
from kdbot.publish.exports.bibtex import (
    citation_address,
    entry_type_of,
    publication_year,
    venue_in_full,
)
from kdbot.publish.markdown import visible_text
from kdbot.text.citation_keys import split_name
from kdbot.text.record import double_quoted

PAPERS_CSL = "papers.csl.json"
PAPERS_RIS = "papers.ris"

# By BibTeX's type; a preprint and a page are told apart by the identifier.
_CSL_TYPES = {"inproceedings": "paper-conference", "article": "article-journal"}
_RIS_TYPES = {"inproceedings": "CPAPER", "article": "JOUR"}
_CFF_TYPES = {"inproceedings": "conference-paper", "article": "article"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Citation:
    """What is cited of a paper; every text is visible, every address of plain characters.

    Attributes:
        key: its key.
        type: BibTeX's type.
        title: on one line.
        authors: (given names, surname) in order; an organisation has no given names.
        container: conference or journal in full, or None.
        issued: year and, for what never was published, month; empty where nothing is known.
        doi: DOI of the published version, or None.
        arxiv: arXiv identifier, or None.
        url: its page, or None.
    """

    key: str
    type: str
    title: str
    authors: tuple[tuple[str, str], ...]
    container: str | None
    issued: tuple[int, ...]
    doi: str | None
    arxiv: str | None
    url: str | None


def render_csl(papers: Iterable[Paper], venues: Venues) -> str:
    """Return the papers in the order given as CSL-JSON, one a line."""
    items = [json.dumps(_csl(_cite(paper, venues)), ensure_ascii=False) for paper in papers]
    return "[\n" + ",\n".join(items) + "\n]\n" if items else "[]\n"


def render_ris(papers: Iterable[Paper], venues: Venues) -> str:
    """Return the papers in the order given as RIS, whose lines end as the format has it."""
    citations = (_cite(paper, venues) for paper in papers)
    return "".join(f"{tag}  - {value}\r\n" for one in citations for tag, value in _ris(one))


def render_cff_references(papers: Iterable[Paper], venues: Venues) -> Iterator[str]:
    """Yield the lines of the papers as references of a CFF file; those without authors cannot be.

    Every reference has a type, a title and authors, as the format asks.
    """
    for paper in papers:
        if paper.authors:
            yield from _cff(_cite(paper, venues))


def _cite(paper: Paper, venues: Venues) -> _Citation:
    kind = entry_type_of(paper, venues)
    year, month = publication_year(paper), (paper.date or "")[5:]
    issued = [int(year)] if year else []
    if month and kind == "misc" and not paper.year:
        issued.append(int(month))
    address = citation_address(paper)
    container = paper.venue and kind != "misc" and venue_in_full(paper.venue, venues)
    return _Citation(
        key=paper.key or paper.id,
        type=kind,
        title=visible_text(paper.title),
        authors=tuple(split_name(visible_text(name)) for name in paper.authors),
        container=visible_text(container) if container else None,
        issued=tuple(issued),
        doi=encode_address(paper.doi) if paper.doi else None,
        arxiv=paper.arxiv,
        url=encode_address(address) if address else None,
    )


def _csl(one: _Citation) -> dict[str, Any]:
    preprint = one.type == "misc" and one.arxiv
    item = {
        "id": one.key,
        "type": _CSL_TYPES.get(one.type, "article" if one.arxiv else "webpage"),
        "title": one.title,
        "author": [
            {"family": family, "given": given} if given else {"literal": family}
            for given, family in one.authors
        ],
        "container-title": one.container,
        "publisher": "arXiv" if preprint else None,
        "number": f"arXiv:{one.arxiv}" if preprint else None,
        "issued": {"date-parts": [list(one.issued)]} if one.issued else None,
        "DOI": one.doi,
        "URL": one.url,
    }
    return {name: value for name, value in item.items() if value}


def _ris(one: _Citation) -> Iterator[tuple[str, str]]:
    yield "TY", _RIS_TYPES.get(one.type, "UNPB" if one.arxiv else "ELEC")
    yield "ID", one.key
    yield "TI", one.title
    for given, family in one.authors:
        yield "AU", f"{family}, {given}" if given else family
    if one.container:
        yield "T2", one.container
    if one.issued:
        yield "PY", str(one.issued[0])
    if len(one.issued) > 1:
        yield "DA", f"{one.issued[0]}/{one.issued[1]:02}//"
    if one.doi:
        yield "DO", one.doi
    if one.url:
        yield "UR", one.url
    yield "ER", ""


def _cff(one: _Citation) -> Iterator[str]:
    yield f"  - type: {_CFF_TYPES.get(one.type, 'generic')}"
    yield f"    title: {double_quoted(one.title)}"
    yield "    authors:"
    for given, family in one.authors:
        if given:
            yield f"      - family-names: {double_quoted(family)}"
            yield f"        given-names: {double_quoted(given)}"
        else:
            yield f"      - name: {double_quoted(family)}"
    if one.container and one.type == "inproceedings":
        yield "    conference:"
        yield f"      name: {double_quoted(one.container)}"
    elif one.container:
        yield f"    journal: {double_quoted(one.container)}"
    if one.issued:
        yield f"    year: {one.issued[0]}"
    if one.doi:
        yield f"    doi: {double_quoted(one.doi)}"
    if one.url:
        yield f"    url: {double_quoted(one.url)}"
