"""Names of authors as people, lists and bibliographies write them, given name first."""

import re

_ARTICLES = frozenset({"A", "An", "The"})
_PARTICLES = frozenset({
    "al", "bin", "da", "dal", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "ibn",
    "la", "le", "ten", "ter", "van", "vom", "von", "y", "zu",
})  # fmt: skip
# A full stop stands behind an initial, or a short form such as `Chr.`
_WORD = re.compile(r"[^\W\d_a-z](?:[\w'’.-]{0,3}|[\w'’.-]*[\w'’-])")
_MARKS = re.compile(r"[*†‡§¹²³⁴⁵0-9]+")
_CUT = re.compile(r"\be[lt]\.? al\b|\.\.\.|…|\band others\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[,;、]\s*(?:and\b|&)?|\band\b|&|\n)\s*")
_EDGE = " \t\n,;:.|-–—•·>*_`~()[]\u200b\ufeff"
_NEXT_PART = re.compile(r"\.\s+[A-Z]{2}")  # `Ann Lee. ICML`
_BRACED = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")
_MAX_WORDS = 5
_MAX_LENGTH = 60
_MAX_NAMES = 500


def names_in(text: str, *, least: int = 1) -> tuple[str, ...] | None:
    """Read a text that is a list of people; None where it is anything else.

    Empty where the list is cut short (*et al.*): some of a paper's authors are not its authors.

    Args:
        text: the words.
        least: how many names make a list.
    """
    cut = _CUT.search(text)
    whole = " ".join((text[: cut.start()] if cut else text).split()).strip(_EDGE)
    names = _split(whole)
    among_others = len(names) > 1
    if _NEXT_PART.search(whole):
        return None
    if not least <= len(names) <= _MAX_NAMES or not all(is_name(n, among_others) for n in names):
        return None
    return () if cut else names


def split_names(text: str) -> tuple[str, ...]:
    """Split a list at commas, semicolons, *and* and line breaks, without asking what the parts are.

    A family name in front comes behind, where the list is plainly written so: `Doe, Ann; Roe, Bo`,
    `Doe, Ann and Roe, Bo`. Empty where the list is cut short.
    """
    return () if is_cut_short(text) else _split(text)


def is_cut_short(text: str) -> bool:
    """Tell whether a list of names says that it goes on: *et al.*, *and others*, three dots."""
    return _CUT.search(text) is not None


def _split(text: str) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in _MARKS.sub("", text).split("\n"))
    text = "\n".join(filter(None, lines))
    for separator in (";", " and "):
        parts = [part.strip() for part in text.split(separator) if part.strip()]
        if len(parts) > 1 and all(map(_is_family_first, parts)):
            return tuple(map(_given_name_first, parts))
    return tuple(name for part in _BETWEEN.split(text) if (name := part.strip(" .*†‡_")))


def bibtex_names(text: str) -> tuple[str, ...]:
    """Read BibTeX's list of names (https://ctan.org/pkg/bibtex), empty where it ends in *others*.

    `and` within braces separates nothing.
    """
    parts, depth, start = [], 0, 0
    for match in re.finditer(r"[{}]|\sand\s", text):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0 and len(match[0]) > 1:
            parts.append(text[start : match.start()])
            start = match.end()
    names = [" ".join(part.split()) for part in (*parts, text[start:]) if part.strip()]
    return () if names[-1:] == ["others"] else tuple(map(_given_name_first, names))


def _given_name_first(name: str) -> str:
    """Return `Ann Lee` for `Lee, Ann`, and `Ann Lee, Jr` for `Lee, Jr, Ann`."""
    family, *rest = (part.strip() for part in name.split(","))
    if not rest or _BRACED.fullmatch(name.strip()):
        return name.strip()
    suffix = f", {rest[0]}" if len(rest) > 1 and rest[0] else ""
    return f"{rest[-1]} {family}{suffix}".strip()


def is_name(text: str, among_others: bool = False) -> bool:
    """Tell whether words are written as a person's name is; `A Roe` is one among other names."""
    words = text.split()
    return (
        2 <= len(words) <= _MAX_WORDS
        and len(text) < _MAX_LENGTH
        and (words[0] not in _ARTICLES or (among_others and words[0] == "A" and len(words) == 2))
        and words[-1] not in _PARTICLES
        and all(word in _PARTICLES or _WORD.fullmatch(word) for word in words)
    )


def _is_family_first(text: str) -> bool:
    family, comma, given = text.partition(", ")
    words = [word for word in family.split() if word.casefold() not in _PARTICLES]
    return bool(comma) and len(words) == 1 and bool(given.strip()) and "," not in given
