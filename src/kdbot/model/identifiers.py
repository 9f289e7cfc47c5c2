"""Identifiers of papers: which paper a link or a number names, whatever form it was written in.

A text is taken whole or not at all. Looked for inside a longer text, `202605.0776` of another
preprint server and `3636534.3649361` of a DOI would pass for arXiv identifiers.

The schemes are those of https://info.arxiv.org/help/arxiv_identifier.html: since April 2007
``YYMM.NNNN`` (five digits since January 2015), before that ``archive/YYMMNNN``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Self
from urllib.parse import quote, unquote

from kdbot.model.sites import Scheme, find_dblp_arxiv, find_reference
from kdbot.model.urls import MAX_URL_LENGTH, canonical_url, parse_url, trim_end

# fmt: off
_OLD_ARCHIVES = frozenset({
    "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn",
    "chem-ph", "cmp-lg", "comp-gas", "cond-mat", "cs", "dg-ga", "funct-an", "gr-qc", "hep-ex",
    "hep-lat", "hep-ph", "hep-th", "math", "math-ph", "mtrl-th", "nlin", "nucl-ex", "nucl-th",
    "patt-sol", "physics", "plasm-ph", "q-alg", "q-bio", "quant-ph", "solv-int", "supr-con",
})
# fmt: on
"""The archives that numbered papers before April 2007, the later subsumed ones included."""

_VERSION = r"(?:v(?P<version>[1-9][0-9]{0,3}))?"
_NEW_STYLE = re.compile(
    rf"(?P<year>[0-9]{{2}})(?P<month>0[1-9]|1[0-2])\.(?P<number>[0-9]{{4,5}}){_VERSION}",
    re.IGNORECASE | re.ASCII,
)
_OLD_STYLE = re.compile(
    r"(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2,8}(?:-[a-z]{2,8})?)?"
    rf"/(?P<year>[0-9]{{2}})(?P<month>0[1-9]|1[0-2])(?P<number>[0-9]{{3}}){_VERSION}",
    re.IGNORECASE | re.ASCII,
)


class IdentifierKind(StrEnum):
    """The schemes by which a paper is named, the strongest first.

    Attributes:
        label: what people call an identifier of the kind.
        site: where its pages are; empty where it is an address itself.
    """

    label: str
    site: str

    def __new__(cls, name: str, label: str = "", site: str = "") -> Self:
        """Make a kind of its row."""
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.label, kind.site = label, site
        return kind

    ARXIV = "arxiv", "arXiv identifier", "https://arxiv.org/abs/"
    DOI = "doi", "DOI", "https://doi.org/"
    ACL = "acl", "ACL Anthology identifier", "https://aclanthology.org/"
    OPENREVIEW = "openreview", "OpenReview forum", "https://openreview.net/forum?id="
    URL = "url", "address"
    NONE = "none"

    def page(self, canonical: str) -> str:
        """Return the address of the page that an identifier of this kind leads to."""
        return f"{self.site}{quote(canonical, safe='/:;()')}" if self.site else canonical


LANDING_KINDS = (
    IdentifierKind.ARXIV,
    IdentifierKind.ACL,
    IdentifierKind.OPENREVIEW,
    IdentifierKind.DOI,
)
"""The kinds in the order in which a title takes its link from them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """What a text names.

    Attributes:
        kind: the scheme; NONE where the text names nothing.
        canonical: the one form of all aliases, without version; None only for NONE.
        version: the version that the text named, where the scheme has versions.
    """

    kind: IdentifierKind
    canonical: str | None
    version: int | None = None


_NONE = Identifier(kind=IdentifierKind.NONE, canonical=None)


def parse_arxiv_id(text: str) -> Identifier | None:
    """Parse a bare arXiv identifier, with or without version; None if it is not one.

    A month is 01 to 12, a number is never 0, and each scheme is valid only in its years.
    """
    if match := _NEW_STYLE.fullmatch(text):
        number = match["number"]
        since = match["year"] + match["month"]
        if since < "0704" or int(number) == 0 or len(number) != (4 if since < "1501" else 5):
            return None
        canonical = f"{since}.{number}"
    elif match := _OLD_STYLE.fullmatch(text):
        archive, number = match["archive"].lower(), match["number"]
        since = match["year"] + match["month"]
        in_use = since >= "9101" or since <= "0703"
        if archive not in _OLD_ARCHIVES or not in_use or int(number) == 0:
            return None
        canonical = f"{archive}/{since}{number}"
    else:
        return None
    return _versioned(IdentifierKind.ARXIV, canonical, match["version"])


def is_arxiv_id(text: str) -> bool:
    """Tell whether a text is an arXiv identifier in its canonical form, without version."""
    parsed = parse_arxiv_id(text)
    return parsed is not None and parsed.canonical == text


def arxiv_month(arxiv: str) -> str:
    """Tell the month in which an arXiv identifier was given out, as ``YYYY-MM``.

    Raises:
        ValueError: the text is not an arXiv identifier.
    """
    if parse_arxiv_id(arxiv) is None:
        raise ValueError(f"not an arXiv identifier: {arxiv!r}")
    archive, _, number = arxiv.rpartition("/")
    # Only the old scheme reaches back to the years 91 to 99.
    century = "19" if archive and number[0] == "9" else "20"
    return f"{century}{number[:2]}-{number[2:4]}"


def arxiv_stem(arxiv: str) -> str:
    """Turn a canonical arXiv identifier into the stem of a file name (``hep-th.9901001``)."""
    return arxiv.replace("/", ".")


def arxiv_from_stem(stem: str) -> str | None:
    """Read the canonical arXiv identifier that a file's stem spells, the inverse of `arxiv_stem`.

    None where the stem is anything else, a version or another case included.
    """
    arxiv = stem if stem[:1].isdecimal() else stem.replace(".", "/", 1)
    return arxiv if is_arxiv_id(arxiv) and "/" not in stem else None


_LINK_TARGET = re.compile(r"(?:<(?P<bracketed>[^<>]*)>|(?P<plain>[^\s<>]*))(?: (?:\".*\"|'.*'))?")
_PAIRS = {
    "<": ">", "(": ")", "[": "]", "{": "}", '"': '"', "'": "'", "`": "`", "*": "*", "_": "_",
    "“": "”", "‘": "’", "«": "»",
}  # fmt: skip
# Nobody wraps an identifier deeper than a bold link in brackets.
_MAX_LAYERS = 6

# A link of the greatest length, with a title in front of it.
_MAX_TEXT_LENGTH = 2 * MAX_URL_LENGTH
# Without ASCII, "K" (the Kelvin sign) and "ſ" would pass for Latin letters.
_ASCII_CASELESS = re.IGNORECASE | re.ASCII
_WEB = re.compile(r"https?://", _ASCII_CASELESS)
_ENCODED_WEB = re.compile(r"https?%3a%2f%2f", _ASCII_CASELESS)
_LABELLED_WEB = re.compile(r"(?:arxiv|doi)\s*:?\s*(?=https?://)", _ASCII_CASELESS)
_SCHEMELESS = re.compile(
    r"(?://)?(?P<address>[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?].*)?)", _ASCII_CASELESS
)

_ARXIV_TEXT = re.compile(
    r"(?:oai:arxiv\.org:|(?:arxiv\s+(?:preprint|e-?prints?),?\s+)?arxiv(?:\s+id)?(?:\s*[:：.]\s*|\s+)"
    r"|corr[,:]?\s+(?:vol\.?\s+)?abs/|(?:abs|pdf)/)?"
    r"(?P<id>[0-9]{4}\.[0-9]+(?:v[0-9]+)?|[a-z.-]+/[0-9]{7}(?:v[0-9]+)?)(?:\.pdf)?"
    r"(?:\s*\[[a-z-]+(?:\.[a-z-]+)?\](?:\s+[0-9]{1,2}\s+[a-z]{3}\s+[0-9]{4})?)?"
    r"(?:,\s*[0-9]{4}|\s*\([0-9]{4}\))?",
    _ASCII_CASELESS,
)
_DOI_TEXT = re.compile(
    r"(?:(?:info:|urn:)?doi\s*[:=/]?\s*)?(?P<doi>10\.[0-9]{4,9}(?:\.[0-9]+)*(?:/|%2f)[!-~]+)",
    _ASCII_CASELESS,
)
_ACL_TEXT = re.compile(r"(?:acl\s*:\s*)?(?P<acl>[a-z0-9.-]+?)(?:\.pdf)?", _ASCII_CASELESS)
_DBLP_TEXT = re.compile(r"(?:dblp:)?(?P<key>journals/corr/\S+)", _ASCII_CASELESS)

_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[!-~]+")
ARXIV_DOI = "10.48550/arxiv."
"""How a DOI begins that arXiv gives to a preprint, in lower case."""
_ACL_DOI = re.compile(r"10\.(?:18653|3115)/v1/(?P<acl>.+)")
# bioRxiv and medRxiv append the version, and their pages a view of it.
_PREPRINT_DOI = re.compile(
    r"(?P<doi>10\.(?:1101|64898)/(?:[0-9]{4}\.[0-9]{2}\.[0-9]{2}\.)?[0-9]{6,8})"
    r"(?:v(?P<version>[1-9][0-9]{0,3}))?(?:\.[a-z].*)?"
)
_NEW_ACL = re.compile(
    r"(?P<id>(?:19|20)[0-9]{2}\.[a-z0-9]+-[a-z0-9]+\.[0-9]{1,5})(?:v(?P<version>[1-9][0-9]?))?"
)
# The letters and years in which the Anthology gave out identifiers of the old form.
_OLD_ACL = re.compile(
    r"(?P<id>[ACDEFHIJKLMNOPQRSTUWXY](?:[6-9][0-9]|[01][0-9])-[0-9]{4})(?:V(?P<version>[1-9][0-9]?))?"
)
FORUM = re.compile(r"[A-Za-z0-9_-]{4,40}")


@lru_cache(maxsize=4_096)  # one line is parsed more than once
def parse_identifier(text: str) -> Identifier:
    """Tell which paper one line of text names, by identifier or by link.

    Bare identifiers, their usual prefixes, links of archives, publishers and front-ends, and
    Markdown, brackets or quotes around any of them are understood. Never raises.
    """
    if len(text) > _MAX_TEXT_LENGTH:
        return _NONE
    text = _strip_decoration(" ".join(text.split()))
    if _ENCODED_WEB.match(text):
        text = unquote(text)
    if label := _LABELLED_WEB.match(text):
        text = text[label.end() :]
    if _WEB.match(text):
        return _parse_link(text, is_url=True)
    found = _parse_bare(text)
    if found is None and (schemeless := _SCHEMELESS.fullmatch(text)):
        address = schemeless["address"]
        return _parse_link(f"https://{address}", is_url=address[:4].lower() == "www.")
    return found or _NONE


def address_key(url: str) -> str:
    """Return what two spellings of one address have in common: its identifier, else its URL."""
    return parse_identifier(url).canonical or canonical_url(url) or url


def _strip_decoration(text: str) -> str:
    """Take Markdown links, brackets, quotes, emphasis and sentence marks off a text.

    Of a Markdown link its target remains; an image is not taken for a link.
    """
    for _ in range(_MAX_LAYERS):
        if (target := _link_target(text)) is not None:
            text = target
        elif len(text) > 1 and text[-1] == _PAIRS.get(text[0]):
            text = text[1:-1].strip()
        elif (trimmed := text.rstrip(".,;:!?…") if text[:1] in _PAIRS else trim_end(text)) != text:
            text = trimmed.rstrip()
        else:
            break
    return text


def _link_target(text: str) -> str | None:
    if not (text.startswith("[") and text.endswith(")") and "](" in text):
        return None
    match = _LINK_TARGET.fullmatch(text.rpartition("](")[2][:-1].strip())
    return match and (match["plain"] or match["bracketed"] or "")


def _parse_link(text: str, *, is_url: bool) -> Identifier:
    canonical = _settled_url(text)
    url = canonical and parse_url(canonical)
    if not url:
        return _NONE
    reference = find_reference(url)
    if reference is not None:
        scheme, named = reference
        return _PARSERS[scheme](named) or _NONE
    return Identifier(kind=IdentifierKind.URL, canonical=canonical) if is_url else _NONE


def _settled_url(text: str) -> str | None:
    # What is cut off may lay bare another sentence mark; no real address has more than a few.
    for _ in range(8):
        before, text = text, canonical_url(trim_end(text)) or ""
        if text == before:
            return text or None
    return None


def _parse_bare(text: str) -> Identifier | None:
    if match := _ARXIV_TEXT.fullmatch(text):
        return _parse_arxiv(match["id"])
    if match := _DOI_TEXT.fullmatch(text):
        doi = match["doi"]
        return _parse_doi(doi if "/" in doi else unquote(doi)) or _NONE
    if match := _DBLP_TEXT.fullmatch(text):
        return _parse_arxiv(find_dblp_arxiv(match["key"]) or "")
    if match := _ACL_TEXT.fullmatch(text):
        return _parse_acl(match["acl"])
    return None


def _parse_arxiv(text: str) -> Identifier | None:
    return parse_arxiv_id(text.lower().removeprefix("arxiv:").strip())


def _parse_doi(text: str) -> Identifier | None:
    doi = text
    while (shorter := trim_end(doi).rstrip("/")) != doi:
        doi = shorter
    if _DOI.fullmatch(doi) is None:
        return None
    doi = doi.lower()
    if doi.startswith("10.48550/"):
        return _parse_arxiv(doi.removeprefix(ARXIV_DOI))
    if (match := _ACL_DOI.fullmatch(doi)) and (acl := _parse_acl(match["acl"])):
        return acl
    if match := _PREPRINT_DOI.fullmatch(doi):
        return _versioned(IdentifierKind.DOI, match["doi"], match["version"])
    return Identifier(kind=IdentifierKind.DOI, canonical=doi)


def _parse_acl(text: str) -> Identifier | None:
    if not text.isascii():
        return None
    if match := _NEW_ACL.fullmatch(text.lower()) or _OLD_ACL.fullmatch(text.upper()):
        return _versioned(IdentifierKind.ACL, match["id"], match["version"])
    return None


def _parse_openreview(text: str) -> Identifier | None:
    if FORUM.fullmatch(text) is None:
        return None
    return Identifier(kind=IdentifierKind.OPENREVIEW, canonical=text)


_PARSERS: dict[Scheme, Callable[[str], Identifier | None]] = {
    "arxiv": _parse_arxiv,
    "doi": _parse_doi,
    "acl": _parse_acl,
    "openreview": _parse_openreview,
}


def _versioned(kind: IdentifierKind, canonical: str, version: str | None) -> Identifier:
    return Identifier(kind=kind, canonical=canonical, version=int(version) if version else None)
