"""arXiv identifiers: their two schemes, the month they tell, and their form as a file name.

The schemes are those of https://info.arxiv.org/help/arxiv_identifier.html: since April 2007
``YYMM.NNNN`` (five digits since January 2015), before that ``archive/YYMMNNN``.
"""

import re
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ArxivId:
    """An arXiv identifier.

    Attributes:
        canonical: the identifier without version, the archive in lower case, without subject
            class: ``2402.13116``, ``math/0309136``.
        version: the version that was named, or None.
    """

    canonical: str
    version: int | None = None


def parse_arxiv_id(text: str) -> ArxivId | None:
    """Parse a bare arXiv identifier, with or without version; None where it is none.

    A month is 01 to 12, a number is never 0, and each scheme holds only for its years.
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
    version = match["version"]
    return ArxivId(canonical=canonical, version=int(version) if version else None)


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
    parsed = parse_arxiv_id(arxiv)
    is_canonical = parsed is not None and parsed.canonical == arxiv
    return arxiv if is_canonical and "/" not in stem else None
