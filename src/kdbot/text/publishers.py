"""Who prints or hosts papers, and is no venue."""

import re

_NAMES = frozenset(
    {
        "aaai press",
        "acl anthology",
        "aclanthology",
        "acm",
        "acm digital library",
        "association for computing machinery",
        "cambridge university press",
        "cell press",
        "ceur",
        "ceur ws",
        "curran associates",
        "elsevier",
        "frontiers",
        "github",
        "ieee",
        "ieee xplore",
        "isca archive",
        "mdpi",
        "mit press",
        "openreview",
        "openreview net",
        "oxford university press",
        "pdf",
        "pmlr",
        "proceedings of machine learning research",
        "researchgate",
        "sciencedirect",
        "springer",
        "springer nature",
        "taylor and francis",
        "wiley",
    }
)
_YEAR = re.compile(
    r"[\s,(]*(?:(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])|['’][0-9]{2}(?![0-9])"
    r"|(?<=[A-Za-z]) [0-9]{2}(?![\s\S]))\)?"
)


def is_publisher(text: str) -> bool:
    """Tell whether a name is that of who prints or hosts papers, whatever year is with it."""
    return _fold(_YEAR.sub(" ", text)) in _NAMES


def _fold(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
