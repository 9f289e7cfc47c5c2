"""The words of a citation: title, venue, date and authors in one run of text."""

import re
from collections.abc import Iterator

from kdbot.model.venue import Venues, fold_venue

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sep sept", "october oct", "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:19[5-9][0-9]|20[0-4][0-9])"
_NUMERIC_DATE = re.compile(
    rf"({_YEAR})\s?[-/.年]\s?(0?[1-9]|1[0-2])(?:[-/.月][0-3]?[0-9]日?|月)?(?![0-9])"
)
_DAY_FIRST_DATE = re.compile(rf"(?:[0-3]?[0-9][-/.])?(0[1-9]|1[0-2])[-/]({_YEAR})(?![0-9])")
_NAMED_DATE = re.compile(
    rf"(?:[0-3]?[0-9](?:st|nd|rd|th)?\s+)?\b({_MONTH_NAME})\b\.?,?\s*(?:[0-3]?[0-9](?:st|nd|rd|th)?,?\s+)?({_YEAR})",
    re.IGNORECASE,
)
_YEAR_FIRST_DATE = re.compile(rf"({_YEAR}),?\s+({_MONTH_NAME})\b", re.IGNORECASE)
_YEAR_ALONE = re.compile(rf"(?<![0-9])({_YEAR})(?![0-9])")

_EMPTY = frozenset(
    {"", "-", "–", "—", "--", "/", "n/a", "na", "none", "tbd", "x", "✗", "❌", "?", "~"}
)
_VENUE_WITH_YEAR = re.compile(
    rf"(?=[^\W\d_])([A-Z][\w&/+*:. -]{{1,60}}?)[\s,(]*(?:['’]?[0-9]{{2}}|{_YEAR})\)?(?:\s+[\w ]{{0,24}})?"
)
_ACRONYM = re.compile(r"[A-Z][A-Za-z&/-]*[A-Z][A-Za-z&/-]*|arXiv|[A-Z][a-z]+")
_SENTENCE_END = re.compile(r"(?<=[?!])\s+(?=[A-Z\[(*])|\.\s+(?=[A-Z\[(*\d\"“])|\.\s*$")
_ABBREVIATION = re.compile(r"(?:\b(?:vs|et al|e\.g|i\.e|cf|Dr|St|No|Vol|[A-Z]))$")
_QUOTED = re.compile(r"[\"“]([^\"“”]{8,300})[\"”]")
_NAME_PART = re.compile(
    r"(?:[A-ZÀ-ÞŁŚŻ][\w'’.-]*|de|da|di|van|von|der|den|del|la|le|bin|ibn|al|el)"
)
_PREFIX = re.compile(
    r"\s*(?:[\[(【][^\[\]()【】]{1,40}[\])】]|\[?[0-9]{1,4}\][.:]?"
    rf"|{_YEAR}(?:[-/.][0-9]{{1,2}}){{0,2}}\s*(?:[:|,-]|(?=\[)))\s*[-:–|,]?\s*"
)
_EDGE = " \t\n,;:.|-–—•·>*_`~\u200b\ufeff"
_EMOJI = "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff"
_EMOJI_EDGE = re.compile(rf"^[{_EMOJI}\s]+|[{_EMOJI}\s]+$")
_CODES = re.compile(rf":[a-z0-9_+-]+:")


def normalize_date(text: str) -> str | None:
    """Return a date as `YYYY-MM`, or as `YYYY` where it names no month; None for anything else."""
    if match := _NUMERIC_DATE.search(text):
        return f"{match[1]}-{int(match[2]):02}"
    if match := _DAY_FIRST_DATE.search(text):
        return f"{match[2]}-{match[1]}"
    if match := _NAMED_DATE.search(text):
        return f"{match[2]}-{_MONTHS[match[1].lower()]:02}"
    if match := _YEAR_FIRST_DATE.search(text):
        return f"{match[1]}-{_MONTHS[match[2].lower()]:02}"
    if match := _YEAR_ALONE.search(text):
        return match[1]
    return None


def is_empty(text: str) -> bool:
    """Tell whether a cell says that there is nothing (a dash, `N/A`)."""
    return text.strip().casefold() in _EMPTY


def trim_pictures(text: str) -> str:
    """Return a text without the emoji at its ends, on one line."""
    return _EMOJI_EDGE.sub("", " ".join(_CODES.sub(" ", text).split()))


def clean_title(text: str) -> str:
    """Return a title without the quotes, marks and pictures that a list puts around it."""
    text = " ".join(_CODES.sub(" ", text).split())
    before = None
    while before != text:
        before = text
        text = _EMOJI_EDGE.sub("", text).strip(_EDGE)
        if len(text) > 2 and text[0] + text[-1] in {'""', "“”", "''", "‘’", "``", "「」", "《》"}:
            text = text[1:-1]
        if text.startswith(("(", "[")) and text.endswith((")", "]")) and text[1:-1].isascii():
            inner = text[1:-1]
            text = inner if not set(inner) & set("()[]") else text
    return _balanced(text)


def _balanced(text: str) -> str:
    for left, right in ("()", "[]"):
        if text.endswith(left) or (text.count(left) > text.count(right) and text.startswith(left)):
            text = text.strip(left + " ,")
        elif text.count(right) > text.count(left) and text.endswith(right):
            text = text[:-1].rstrip(_EDGE)
    return text


def strip_prefix(text: str) -> tuple[str, str]:
    """Split what some lists put before a title (`[2023/05]`, `(ICLR 2024)`) from the rest."""
    prefix = ""
    while (match := _PREFIX.match(text)) and text[match.end() :].strip():
        prefix += " " + match[0]
        text = text[match.end() :]
    return prefix.strip(), text


def split_title(text: str, venues: Venues) -> tuple[str, str]:
    """Split a plain citation (`Title. Authors. Venue Year.`) into its title and the rest."""
    if quoted := _QUOTED.search(text):
        before, rest = text[: quoted.start()], text[quoted.end() :]
        if len(before.split()) <= 6 or before.rstrip().endswith((".", ",")):
            return clean_title(quoted[1]), f"{before} {rest}".strip()
    for match in _SENTENCE_END.finditer(text):
        head = text[: match.start()]
        if _ABBREVIATION.search(head) or len(head.split()) < 2:
            continue
        return _without_tail(head, text[match.end() :], venues)
    parts = text.split(",")
    for index in range(1, len(parts)):
        tail = ",".join(parts[index:])
        if _is_names_then_rest(tail) or venue_in(parts[index], venues) == parts[index].strip(_EDGE):
            return _without_tail(",".join(parts[:index]), tail, venues)
    return _without_tail(text, "", venues)


def _without_tail(title: str, rest: str, venues: Venues) -> tuple[str, str]:
    """Take a venue or a year off the end of a title."""
    for pattern in (
        rf"[\s,]+[(\[]?{_YEAR}[)\]]?\s*$",
        r"[(\[]([^()\[\]]{2,60})[)\]]\s*$",
        r"[-–—|,]\s+([^-–—|,]{2,40})$",
        r"\s([A-Z][A-Za-z]+ *(?:['’ ]?[0-9]{2}|20[0-9]{2}))\s*$",
    ):
        match = re.search(pattern, title)
        if match is None or len(title[: match.start()].split()) < 2:
            continue
        tail = match[0].strip(" ,()[]-–—|")
        if _YEAR_ALONE.fullmatch(tail) or venue_in(tail, venues) == tail:
            return clean_title(title[: match.start()]), f"{tail}, {rest}"
    return clean_title(title), rest


def venue_in(text: str, venues: Venues) -> str | None:
    """Find the venue in loose words, as written there with its year; None where there is none.

    A known name counts wherever it stands as a part of its own; an unknown one only in the form
    of a name with a year behind it (`EuroSys'25`).
    """
    for part in _parts(text):
        if (name := fold_venue(part)) and venues.canonical(part) and not name.isdecimal():
            return part
    for part in _parts(text):
        match = _VENUE_WITH_YEAR.fullmatch(part)
        if match and len(match[1].split()) <= 6 and _ACRONYM.match(match[1]):
            return part
    return None


def _parts(text: str) -> Iterator[str]:
    """Yield the parts of a citation that a venue may fill, the longer ones first."""
    text = " ".join(text.split())
    for group in re.findall(r"[(\[【]([^()\[\]【】]{2,80})[)\]】]", text):
        yield group.strip(_EDGE)
    for cut in (r"(?<=[\w)])\.\s+|[;|()\[\]【】]|\s[-–—]\s", r"[,;|()\[\]【】]|\.\s|\s[-–—]\s"):
        pieces = [part.strip(_EDGE) for part in re.split(cut, text)]
        for index, part in enumerate(pieces):
            if index + 1 < len(pieces) and _YEAR_ALONE.fullmatch(pieces[index + 1]):
                yield f"{part}, {pieces[index + 1]}"
            if part and len(part) <= 120:
                yield re.sub(
                    r"^(?:in|at|in:|proceedings of(?: the)?|accepted (?:at|by|to))\s+",
                    "",
                    part,
                    flags=re.I,
                )


def date_in(text: str, venue: str | None) -> str | None:
    """Find a date in loose words; the year of the venue is none."""
    if venue:
        text = text.replace(venue, " ")
    return normalize_date(text)


def names_in(text: str) -> tuple[str, ...]:
    """Read a list of authors; empty where the words are anything else, or the list is cut."""
    text = " ".join(text.split()).strip(_EDGE + "()[]")
    if not text or re.search(r"\bet al|\.\.\.|…", text):
        return ()
    text = re.sub(r"[*†‡§¹²³⁴⁵0-9]+", "", text)
    names = [n.strip(" .*") for n in re.split(r"\s*(?:,\s*(?:and|&)?|;|\band\b|&)\s*", text)]
    names = [name for name in names if name]
    if not names or not all(_is_name(name) for name in names):
        return ()
    return tuple(names)


def _is_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 5 and all(_NAME_PART.fullmatch(word) for word in words)


def _is_names_then_rest(text: str) -> bool:
    parts = [part.strip(" .*") for part in text.split(",")]
    return len(parts) >= 2 and all(_is_name(part) for part in parts[:2]) or "et al" in parts[0]
