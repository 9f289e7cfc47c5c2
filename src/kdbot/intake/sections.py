"""Categories that a text states in words."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from kdbot.model.taxonomy import Taxonomy
from kdbot.model.titles import plain_words
from kdbot.text.titles import clean_title

_GROUP = r"(?:category|categories|section|sections|subsection|topic|part|chapter)"
_QUOTE = r"[\"“”'‘’`*_]{1,3}"
_QUOTED = rf"{_QUOTE}([^\"“”`*_]{{2,80}}?){_QUOTE}"
_STATED = (
    re.compile(rf"{_QUOTED}\s+{_GROUP}\b", re.IGNORECASE),
    re.compile(rf"\b{_GROUP}\s*(?:named |called |of |on |for |: ?)?{_QUOTED}", re.IGNORECASE),
    re.compile(rf"\b(?:under|into|in|to|within)\s+(?:the\s+)?{_QUOTED}", re.IGNORECASE),
    re.compile(
        r"\b(?:under|into|in|to|within)\s+(?:the\s+)?"
        rf"((?:[A-Z][\w&.-]*(?:\s+(?:and|of|&|for)\s+|\s+)?){{1,6}}){_GROUP}\b"
    ),
    re.compile(
        r"\b(?:belongs?|fits?|classified|placed|listed|moved?)\s+(?:\w+\s+){0,2}"
        r"(?:in|under|to|into)\s+(?:the\s+)?((?:[A-Z][\w&.-]*\s?){1,5})"
    ),
)
# These count only where the words are a category of this list.
_KNOWN = (
    re.compile(_QUOTED),
    re.compile(
        r"\b(?:to|in|under|into)\s+(?:the\s+)?([A-Z][\w&/.-]*(?:\s+[\w&/.-]+){0,4}?)"
        r"(?=\s*[.,;!?]|\s*$)"
    ),
)
_NOT_A_CATEGORY = re.compile(r"\b(?:your|list|repo|this)\b")
_SEPARATORS = re.compile(r"\s*(?:,|;|\||/|\band\b)\s*")
_MAX_WORDS = 6
_MAX_HINTS = 6
_MAX_LENGTH = 600


def section_hints(heading: str, sentences: Iterable[str], taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return category words as stated, in their order; a path where the words are a category's."""
    known = _known(taxonomy)
    hints: dict[str, None] = {}
    for text in (heading, *sentences):
        for pattern in _STATED:
            for match in pattern.finditer(text[:_MAX_LENGTH]):
                words = clean_title(match.group(1))
                short = len(words) > 1 and len(words.split()) <= _MAX_WORDS
                if short and not _NOT_A_CATEGORY.search(words):
                    hints[known.get(_fold(words), words)] = None
        for pattern in _KNOWN:
            for match in pattern.finditer(text[:_MAX_LENGTH]):
                if path := known.get(_fold(match.group(1))):
                    hints[path] = None
    return tuple(hints)[:_MAX_HINTS]


def section_categories(heading: str, taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the categories that a heading, or a line that announces papers, names."""
    whole = _known(taxonomy).get(_fold(heading[:_MAX_LENGTH]))
    line = heading.rstrip(" :：")
    return (whole,) if whole else section_hints("", (line,), taxonomy)


def resolve_categories(texts: Iterable[str], taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the paths of categories given by title or by titles from the root, else the words."""
    known = _known(taxonomy)
    resolved: dict[str, None] = {}
    for text in texts:
        parts = [text] if _fold(text) in known else _SEPARATORS.split(text)
        if all(_fold(part) in known for part in parts):
            resolved |= dict.fromkeys(known[_fold(part)] for part in parts)
        else:
            resolved[text] = None
    return tuple(resolved)


@lru_cache(maxsize=4)  # each paper of a text asks
def _known(taxonomy: Taxonomy) -> Mapping[str, str]:
    """Return paths of categories by folded title, and by folded titles from the root down.

    A title that several categories have identifies none of them; a parent's title stays words,
    since a parent has no papers.
    """
    titles = [_fold(category.title) for category in taxonomy.categories]
    known = {}
    for category in taxonomy.categories:
        if titles.count(_fold(category.title)) == 1:
            known[_fold(category.title)] = category.path if category.leaf else category.title
    for leaf in taxonomy.leaves:
        known[_fold(" ".join(taxonomy.titles(leaf.path)))] = leaf.path
        known[_fold(leaf.path)] = leaf.path
    return known


def _fold(text: str) -> str:
    return plain_words(text.casefold())
