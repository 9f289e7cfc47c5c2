"""Dates as people write them, to the month."""

import re
import unicodedata

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_YEAR_FIRST = re.compile(r"((?:19|20)[0-9]{2})[-/. ]([0-9]{1,2})(?:[-/. ][0-9]{1,2}(?:T.*)?)?")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})(?:[0-9]{2})?")
_SHORT_YEAR = re.compile(r"([0-9]{2})[./-]([0-9]{2})")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[/.-]((?:19|20)[0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2((?:19|20)[0-9]{2})")
_IDEOGRAPHIC = re.compile(r"((?:19|20)[0-9]{2}) ?[年년] ?([0-9]{1,2}) ?[月월].*")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_WORD = re.compile(r"[a-z]{3,9}")
_DAY = re.compile(r"[0-9]{1,2}(?:st|nd|rd|th)?")
_LONGEST = 40


def parse_month(text: str) -> str | None:
    """Return the month that a date tells as `YYYY-MM`, or None where it tells none.

    Two-digit years come before the month (`24.02`), as arXiv's identifiers have it. Where day and
    month could be either way round (`02/03/2024`), neither is guessed.
    """
    text = unicodedata.normalize("NFKC", text).strip().casefold()[:_LONGEST]
    for pattern in (_YEAR_FIRST, _COMPACT, _IDEOGRAPHIC):
        if match := pattern.fullmatch(text.upper()):
            return _month(match[1], match[2])
    if match := _SHORT_YEAR.fullmatch(text):
        return _month(f"20{match[1]}", match[2]) if int(match[1]) > 12 else None
    if match := _MONTH_FIRST.fullmatch(text):
        return _month(match[2], match[1])
    if match := _DAY_FIRST.fullmatch(text):
        return _day_first(match[1], match[3], match[4], dotted=match[2] == ".")
    return _in_words(text)


def parse_year(text: str) -> str | None:
    """Return the year of a text that is a year and nothing more, or None."""
    text = unicodedata.normalize("NFKC", text).strip()
    return text if _YEAR.fullmatch(text) else None


def _month(year: str, month: str) -> str | None:
    return f"{year}-{int(month):02}" if 1 <= int(month) <= 12 else None


def _day_first(first: str, second: str, year: str, *, dotted: bool) -> str | None:
    if dotted or int(first) > 12 or first == second:
        return _month(year, second)
    return _month(year, first) if int(second) > 12 else None


def _in_words(text: str) -> str | None:
    words = text.replace(",", " ").replace(".", " ").replace("-", " ").split()
    years = [word for word in words if _YEAR.fullmatch(word)]
    months = [number for word in words if (number := _month_number(word))]
    others = [w for w in words if not _YEAR.fullmatch(w) and not _month_number(w)]
    if len(years) != 1 or len(months) != 1 or len(others) > 1:
        return None
    if not all(_DAY.fullmatch(word) for word in others):
        return None
    return _month(years[0], str(months[0]))


def _month_number(word: str) -> int | None:
    if not _WORD.fullmatch(word):
        return None
    return next((i for i, name in enumerate(_MONTHS, 1) if name.startswith(word)), None)
