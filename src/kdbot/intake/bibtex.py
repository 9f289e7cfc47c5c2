"""BibTeX entries that people paste, complete or not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kdbot.text.latex import decode_latex
from kdbot.text.names import bibtex_names
from kdbot.text.venues import ARXIV

_ENTRY = re.compile(r"@\s*([A-Za-z]{3,20})\s*\{")
_FIELD = re.compile(r"([A-Za-z][A-Za-z_-]{1,30})\s*=\s*(?=[{\"\w])")
_NOT_PAPERS = frozenset({"string", "comment", "preamble"})
_VENUES = ("booktitle", "journal", "howpublished")
_ARXIV_JOURNAL = re.compile(
    r"arxiv[^\d]{0,30}([0-9]{4}\.[0-9]{4,5}|[a-z-]+/[0-9]{7})", re.IGNORECASE
)
_ADDRESSES = frozenset({"url", "doi", "eprint", "howpublished", "note"})
_TIE = re.compile(r"(?<!\\)~")
_MAX_ENTRIES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class BibEntry:
    """What one entry says about a paper; every text is as LaTeX prints it.

    Attributes:
        title: the title, or None.
        authors: names, given name first.
        links: identifiers and addresses of the paper.
        venue: conference or journal, or None.
        date: date as BibLaTeX has it, else the year, or None.
    """

    title: str | None
    authors: tuple[str, ...]
    links: tuple[str, ...]
    venue: str | None
    date: str | None


def has_bibtex(text: str) -> bool:
    """Tell whether a block of text contains the beginning of an entry, or the fields of one."""
    if _ENTRY.search(text):
        return True
    names = {match.group(1).lower() for match in _FIELD.finditer(text[:2000])}
    return "title" in names and bool(names & {"author", "year", "journal", "booktitle", "url"})


def parse_bibtex(text: str) -> Iterator[BibEntry]:
    """Read the entries of a text; one that breaks off gives what it has."""
    starts = [m.end() for m in _ENTRY.finditer(text) if m.group(1).lower() not in _NOT_PAPERS]
    starts = starts[:_MAX_ENTRIES] or [0]
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(text)
        entry = _entry(dict(_fields(text[start:end])))
        if entry.title or entry.links:
            yield entry


def _fields(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while match := _FIELD.search(text, position):
        name = match.group(1).lower()
        value, position = _value(text, match.end())
        yield name, _read(name, value)


def _value(text: str, start: int) -> tuple[str, int]:
    if text[start] == '"':
        return _quoted(text, start + 1)
    if text[start] != "{":
        end = min((p for p in (text.find(c, start) for c in ",}\n") if p >= 0), default=len(text))
        return text[start:end].strip(), max(end, start + 1)
    depth = 0
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return text[start + 1 : position], position + 1
    return text[start + 1 :].partition("\n")[0].rstrip("},"), len(text)


def _quoted(text: str, start: int) -> tuple[str, int]:
    """Return a value up to its closing quote; one in braces or after a backslash does not count."""
    depth = 0
    for position in range(start, len(text)):
        character = text[position]
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == '"' and depth <= 0 and text[position - 1] != "\\":
            return text[start:position], position + 1
    return text[start:].partition("\n")[0].rstrip('",'), len(text)


def _read(name: str, value: str) -> str:
    """Return a value as it is printed, except names, which are split before.

    In an address a tilde is not a space.
    """
    if name in _ADDRESSES:
        return " ".join(decode_latex(value).split())
    return value if name == "author" else _printed(value)


def _printed(text: str) -> str:
    return " ".join(decode_latex(_TIE.sub(" ", text)).split())


def _entry(fields: Mapping[str, str]) -> BibEntry:
    journal = _ARXIV_JOURNAL.search(fields.get("journal", ""))
    links = [fields[name] for name in ("url", "doi") if fields.get(name)]
    if "arxiv" in (fields.get("archiveprefix", "") + fields.get("eprinttype", "")).lower():
        links.insert(0, f"arXiv:{fields.get('eprint', '')}")
    elif journal:
        links.insert(0, f"arXiv:{journal.group(1)}")
    venue = next((fields[name] for name in _VENUES if fields.get(name)), None)
    if venue and "arxiv" in venue.lower():
        venue = ARXIV
    return BibEntry(
        title=fields.get("title") or None,
        authors=tuple(_printed(name) for name in bibtex_names(fields.get("author", ""))),
        links=tuple(links),
        venue=venue,
        date=fields.get("date") or fields.get("year") or None,
    )
