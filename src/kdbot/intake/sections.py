"""Categories that a text states in words."""

import re
from collections.abc import Iterable

from kdbot.intake.title_text import clean_title
from kdbot.model.taxonomy import Taxonomy

_GROUP = r"(?:category|categories|section|sections|subsection|topic|part|chapter)"
_QUOTE = r"[\"“”'‘’`*_]{1,3}"
_PATTERNS = (
    re.compile(rf"{_QUOTE}([^\"“”`*_]{{2,80}}?){_QUOTE}\s+{_GROUP}\b", re.IGNORECASE),
    re.compile(
        rf"\b{_GROUP}\s*(?:named |called |of |on |for |: ?)?{_QUOTE}([^\"“”`*_]{{2,80}}?){_QUOTE}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:under|into|in|to|within)\s+(?:the\s+)?{_QUOTE}([^\"“”`*_]{{2,80}}?){_QUOTE}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:under|into|in|to|within)\s+(?:the\s+)?((?:[A-Z][\w&.-]*(?:\s+(?:and|of|&|for)\s+|\s+)?){{1,6}}){_GROUP}\b"
    ),
    re.compile(
        r"\b(?:belongs?|fits?|classified|placed|listed|moved?)\s+(?:\w+\s+){0,2}(?:in|under|to|into)\s+(?:the\s+)?"
        r"((?:[A-Z][\w&.-]*\s?){1,5})"
    ),
)
_MAX_HINTS = 6


def section_hints(heading: str, sentences: Iterable[str], taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return category words as stated, in their order; a path where the words are a category's."""
    by_title = {_fold(c.title): c.path if c.leaf else c.title for c in taxonomy.categories}
    hints: dict[str, None] = {}
    for text in (heading, *sentences):
        for pattern in _PATTERNS:
            for match in pattern.finditer(text[:600]):
                words = clean_title(match.group(1))
                if (
                    len(words) > 1
                    and len(words.split()) <= 6
                    and not re.search(r"\b(?:your|list|repo|this)\b", words)
                ):
                    hints[by_title.get(_fold(words), words)] = None
        for match in _ENDING.finditer(text[:600]):
            if path := by_title.get(_fold(match.group(1))):
                hints[path] = None
    return tuple(hints)[:_MAX_HINTS]


_ENDING = re.compile(
    r"\b(?:to|in|under|into)\s+(?:the\s+)?([A-Z][\w&/.-]*(?:\s+[\w&/.-]+){0,4}?)(?=\s*[.,;!?]|\s*$)"
)


def _fold(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
