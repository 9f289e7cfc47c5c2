"""The words of a citation: title, venue and authors in one run of text."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from kdbot.model.venue import Venues, fold_venue
from kdbot.text.citation_dates import YEAR, YEAR_ALONE, normalize_date

_MAX_WRAPPINGS = 4
_MAX_COMMAS = 60
_LONGEST_TAIL = 90
_LONGEST_PART = 120
_LONGEST_NAME = 5
_ARTICLES = frozenset({"A", "An", "The"})

_EMPTY = frozenset(
    {"", "-", "–", "—", "--", "/", "n/a", "na", "none", "tbd", "✗", "✘", "❌", "×", "?", "~", "..."}
)
_VENUE_WITH_YEAR = re.compile(
    rf"([A-Z][\w&/+*:. -]{{1,60}}?)[\s,(]*(?:['’]?[0-9]{{2}}|{YEAR})\)?(?:\s+[\w ]{{0,24}})?"
)
_ACRONYM = re.compile(r"[A-Z][a-z]*[A-Z]")
_SENTENCE_END = re.compile(
    r"(?<=[?!])\s+(?=[A-Z\[(*])|(?<![\s.&-][A-Z])\.\s+(?=[^\W_]|[\[(*\"“])|\.\s*$"
)
_ABBREVIATION = re.compile(r"\b(?:vs|et al|e\.g|i\.e|cf|Dr|St|No|Vol)$")
_STOP = r"(?<![\s.&-][A-Z])\.(?:\s+|$)"
_PARTS = (
    re.compile(rf"{_STOP}|[;|()\[\]【】]|\s[-–—]\s"),
    re.compile(rf"{_STOP}|[,;|()\[\]【】]|\s[-–—]\s"),
)
_RUNS = re.compile(rf"{_STOP}|[|()\[\]]|,?\s(?={YEAR}\b)|\s[-–—]\s")
_LEAD_IN = re.compile(
    r"(?:in|at|in:|proceedings of(?: the)?|accepted (?:at|by|to|in)|published (?:at|in))\s+",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“]([^\"“”]{8,300})[\"”]")
_NAME_PART = re.compile(
    r"[A-ZÀ-ÞŁŚŻĆČĐŠŽĠİŞŘ][\w'’.-]*|de|da|di|dos|van|von|der|den|del|la|le|bin|ibn|al|el|ter"
)
_AUTHOR_MARKS = re.compile(r"[*†‡§¹²³⁴⁵0-9]+")
_CUT_LIST = re.compile(r"\be[lt]\.? al|\.\.\.|…", re.IGNORECASE)
_PREFIX = re.compile(
    r"\s*(?:[\[【]([^\[\]【】]{1,40})[\]】]|\(([^()]{1,40})\)|[0-9]{1,4}[.)]\s"
    rf"|{YEAR}(?:[-/.][0-9]{{1,2}}){{0,2}}\s*(?:[:|,-]|(?=[\[“\"])))\s*[-:–|,]?\s*"
)
_TAILS = (
    re.compile(rf"[\s,]+[(\[]?{YEAR}[)\]]?\s*$"),
    re.compile(r"[(\[]([^()\[\]]{2,60})[)\]]\s*$"),
    re.compile(r"[-–—|,]\s+([^-–—|,]{2,40})$"),
    re.compile(r"[-–—|,.]\s+([^-–—|,.]{2,40},\s[12][0-9]{3})$"),
    re.compile(r"\s([A-Z][A-Za-z]+ *(?:['’ ]?[0-9]{2}|20[0-9]{2}))\s*$"),
)
_EDGE = " \t\n,;:.|-–—•·>*_`~\u200b\ufeff"
_EMOJI = "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\ufe0f\u200d©®\U0001f000-\U0001faff"
_PICTURES = (
    "".join(
        chr(code)
        for first, last in re.findall("(.)-(.)", _EMOJI)
        for code in range(ord(first), ord(last) + 1)
    )
    + "\ufe0f\u200d©® \t\n"
)
_EMOJI_CODE = re.compile(r":[a-z0-9_+-]{2,40}:")
_HOLLOW = re.compile(rf"[\[(（]\s*[{_EMOJI},;|/]*\s*[\])）]")
_AFFILIATION = re.compile(r"\s*[(（]@[^()（）]{1,80}[)）]\s*$")


def is_empty(text: str) -> bool:
    """Tell whether a cell says that there is nothing (a dash, `N/A`)."""
    return text.strip().casefold() in _EMPTY


def trim_pictures(text: str) -> str:
    """Return a text without the emoji at its ends and empty brackets, on one line."""
    text = _HOLLOW.sub(" ", _EMOJI_CODE.sub(" ", text))
    return " ".join(text.split()).strip(_PICTURES)


def clean_title(text: str) -> str:
    """Return a title without the quotes, marks and pictures that a list puts around it."""
    text = _AFFILIATION.sub("", "".join(c for c in text if unicodedata.category(c) != "Cf"))
    for _ in range(_MAX_WRAPPINGS):
        text = trim_pictures(text).strip(_EDGE)
        if len(text) > 2 and text[0] + text[-1] in {'""', "“”", "''", "‘’", "``", "「」", "《》"}:
            text = text[1:-1]
        if text[:1] + text[-1:] in {"()", "[]"} and not set(text[1:-1]) & set("()[]"):
            text = text[1:-1]
    return _balanced(text)


def _balanced(text: str) -> str:
    """Cut a bracket at an end that has no partner."""
    for left, right in ("()", "[]"):
        if text.count(left) > text.count(right):
            head, _, tail = text.rpartition(left)
            text = head.rstrip(_EDGE) if len(tail) < 24 and head.strip() else text.lstrip(left)
        elif text.count(right) > text.count(left) and text.endswith(right):
            text = text[:-1].rstrip(_EDGE)
    return text


def strip_prefix(text: str, venues: Venues) -> tuple[str, str]:
    """Split what some lists put before a title (`[2023/05]`, `(ICLR 2024)`) from the rest."""
    prefix, text = "", trim_pictures(text)
    for _ in range(_MAX_WRAPPINGS):
        match = _PREFIX.match(text)
        if match is None or not text[match.end() :].strip(_EDGE):
            break
        round_brackets = match[2]
        if round_brackets and not (
            normalize_date(round_brackets) or venue_in(round_brackets, venues)
        ):
            break
        prefix += f" {match[0]}"
        text = trim_pictures(text[match.end() :])
    return prefix.strip(), text


def split_title(text: str, venues: Venues) -> tuple[str, str]:
    """Split a plain citation (`Title. Authors. Venue Year.`) into its title and the rest."""
    quoted = _QUOTED.search(text)
    if quoted and len(text[: quoted.start()].split()) <= 6:
        return clean_title(quoted[1]), f"{text[: quoted.start()]} {text[quoted.end() :]}".strip()
    for match in _SENTENCE_END.finditer(text):
        head = text[: match.start()]
        if not text[match.end() :].strip():
            text = head
            break
        if not _ABBREVIATION.search(head) and len(head.split()) >= 2:
            rest = text[match.end() :]
            if not head.endswith(("?", "!")) or _follows_title(rest, venues):
                return split_tail(head, rest, venues)
    for cut in islice(_outer_commas(text), _MAX_COMMAS):
        part, _, _ = text[cut + 1 :].partition(",")
        if _begins_with_names(text[cut + 1 :]) or venue_in(part, venues) == part.strip(_EDGE):
            return split_tail(text[:cut], text[cut + 1 :], venues)
    return split_tail(text, "", venues)


def split_tail(title: str, rest: str, venues: Venues) -> tuple[str, str]:
    """Take a venue or a year off the end of a title, and put it before the rest."""
    title = title.rstrip(_EDGE)
    for pattern in _TAILS:
        match = pattern.search(title, max(len(title) - _LONGEST_TAIL, 0))
        if match is None or len(title[: match.start()].split()) < 2:
            continue
        tail = match[0].strip(" ,()[]-–—|.")
        if YEAR_ALONE.fullmatch(tail) or venue_in(tail, venues) == tail:
            return clean_title(title[: match.start()]), f"{tail} | {rest}"
    return clean_title(title), rest


def venue_in(text: str, venues: Venues) -> str | None:
    """Find the venue in loose words, as written there with its year; None where there is none.

    A known name counts where it is a part of its own, or the end of one with a year; an unknown
    one only in the form of an acronym with a year (`EuroSys'25`).
    """
    parts = list(dict.fromkeys(_parts(text)))
    for part in parts:
        if (name := fold_venue(part)) and not name.isdecimal() and venues.canonical(part):
            return part
    for part in parts:
        if found := _known_ending(part, venues):
            return found
    for part in parts:
        match = _VENUE_WITH_YEAR.fullmatch(part)
        if match and len(match[1].split()) <= 6 and _ACRONYM.search(match[1]):
            return part
    return None


def _known_ending(part: str, venues: Venues) -> str | None:
    if not YEAR_ALONE.search(part):
        return None
    words = part.split()
    endings = (" ".join(words[start:]) for start in range(1, len(words) - 1))
    return next((ending for ending in endings if venues.canonical(ending)), None)


def _parts(text: str) -> Iterator[str]:
    """Yield the parts of a citation that a venue may fill, the longer ones first."""
    text = " ".join(text.split())
    for pattern in _PARTS:
        pieces = [part.strip(_EDGE) for part in pattern.split(text)]
        for part, following in zip(pieces, [*pieces[1:], ""], strict=True):
            if YEAR_ALONE.fullmatch(following) and len(part) <= _LONGEST_PART:
                yield f"{part}, {following}"
            if part and len(part) <= _LONGEST_PART:
                yield _LEAD_IN.sub("", part, count=1)


def _outer_commas(text: str) -> Iterator[int]:
    depth = 0
    for index, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth <= 0:
            yield index


def names_in(text: str) -> tuple[str, ...]:
    """Read a list of authors; empty where the words are anything else, or the list is cut."""
    text = " ".join(text.split()).strip(_EDGE + "()[]")
    if not text or _CUT_LIST.search(text):
        return ()
    text = _AUTHOR_MARKS.sub("", text)
    names = [n.strip(" .*") for n in re.split(r"\s*(?:,\s*(?:and\b|&)?|;|\band\b|&)\s*", text)]
    names = [name for name in names if name]
    return tuple(names) if names and all(map(_is_name, names)) else ()


def first_names(text: str) -> tuple[str, ...]:
    """Read the authors from the first part of a citation that is a list of names."""
    if _CUT_LIST.search(text):
        return ()
    return next((names for run in _RUNS.split(text) if run and (names := names_in(run))), ())


def _is_name(text: str) -> bool:
    words = text.split()
    is_short = 2 <= len(words) <= 5 and words[0] not in _ARTICLES
    return is_short and all(map(_NAME_PART.fullmatch, words))


def _follows_title(text: str, venues: Venues) -> bool:
    """Tell whether words begin with authors or a venue: a question mark may stand in a title."""
    part = re.split(r"[,.|]", text, maxsplit=1)[0].strip(_EDGE)
    return _begins_with_names(text) or _is_name(part) or venue_in(part, venues) == part


def _begins_with_names(text: str) -> bool:
    parts = [part.strip(" .*") for part in text.split(",", 2)]
    first, is_cut, _ = parts[0].partition("et al")
    if is_cut:
        return len(first.split()) <= _LONGEST_NAME
    return len(parts) >= 2 and all(map(_is_name, parts[:2]))
