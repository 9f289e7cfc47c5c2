"""Dates as people write them, to the month or to the year."""

import re
import unicodedata

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_NUMBER_OF = {
    name[:length]: number
    for number, name in enumerate(MONTHS, 1)
    for length in range(3, len(name) + 1)
}
_NAME = "|".join(sorted(_NUMBER_OF, key=len, reverse=True))
_ANY_YEAR = r"(?:19|20)[0-9]{2}"
_CENTURY = re.compile(_ANY_YEAR)
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_DAY = r"[0-3]?[0-9](?:st|nd|rd|th)?"

YEAR = r"(?:19[5-9][0-9]|20[0-4][0-9])"
"""Pattern of a year among other words; `RTX 2080` does not match."""

YEAR_ALONE = re.compile(rf"{YEAR}(?<![0-9][0-9]{{4}})(?![0-9])")
"""A year among other words."""

_YEAR = f"(?P<year>{_ANY_YEAR})"
# In loose words and as a whole text.
_NUMERIC = (
    rf"(?<![0-9]){_YEAR}\s?[-/.年년]\s?{_MONTH}"
    r"(?:[-/.][0-3]?[0-9](?:T\S*)?|\s?[月월](?:\s?[0-3]?[0-9]\s?[日일])?)?(?![0-9])"
)
_DAY_AND_MONTH = (
    r"(?<![0-9/.-])(?P<first>[0-9]{1,2})(?P<mark>[/.-])(?P<second>[0-9]{1,2})(?P=mark)"
    rf"{_YEAR}(?![0-9])"
)
_MONTH_AND_YEAR = rf"(?<![0-9/.-]){_MONTH}[/-]{_YEAR}(?![0-9])"
_NAMED = (
    rf"(?:\b{_DAY}[\s-]+(?:of\s+)?)?\b(?P<name>{_NAME})\b[.,]?[\s,-]*(?:{_DAY},?\s+)?"
    rf"{_YEAR}(?![0-9])"
)
# Behind a year, "may" in lower case is the verb.
_YEAR_AND_NAMED = (
    rf"(?<![0-9]){_YEAR},?[\s-]+(?P<name>(?!(?-i:may\s))(?:{_NAME}))\b\.?"
    rf"(?:[\s-]+{_DAY}(?!\w))?"
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (_NUMERIC, _DAY_AND_MONTH, _MONTH_AND_YEAR, _NAMED, _YEAR_AND_NAMED)
)
_WHOLE_FORMS = (
    re.compile(rf"{_YEAR} {_MONTH}(?: [0-9]{{1,2}})?"),
    re.compile(rf"{_YEAR}(?P<month>0[1-9]|1[0-2])(?:[0-9]{{2}})?"),
    re.compile(rf"{_MONTH}\.{_YEAR}"),
)
# Two digits come before the month, as in arXiv's identifiers.
_SHORT_YEAR = re.compile(r"(?P<year>1[3-9]|[2-9][0-9])[./-](?P<month>0[1-9]|1[0-2])")
_ARXIV_DATE = re.compile(r"arxiv[\s,]{0,2}((?:20)?[0-9]{2}[./-][0-9]{2})(?![0-9])", re.IGNORECASE)
# What a page of a paper says around its date.
_AROUND = re.compile(
    r"\A[\s([]*(?:(?:submitted|published|released)(?: on)?:?\s+)?"
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
    r"|\s*\(v[0-9]{1,2}\)\s*\Z|[\s.,)\]]+\Z",
    re.IGNORECASE,
)
_MAX_TEXT = 40
_DIGIT = re.compile(r"\d")


def parse_date(text: str) -> str | None:
    """Return a text that is a date as `YYYY-MM`, or as `YYYY` if it has no month.

    None for anything else. Where day and month could be either way round (`02/03/2024`), neither
    is guessed.
    """
    if _DIGIT.search(text) is None:
        return None
    text = unicodedata.normalize("NFKC", text).strip()
    text = _AROUND.sub("", text) if len(text) <= 2 * _MAX_TEXT else text
    if len(text) > _MAX_TEXT:
        return None
    for pattern in (*_FORMS, *_WHOLE_FORMS) if _CENTURY.search(text) else ():
        if match := pattern.fullmatch(text):
            return _date_of(match)
    if match := _SHORT_YEAR.fullmatch(text):
        return f"20{match['year']}-{match['month']}"
    return parse_year(text)


def parse_month(text: str) -> str | None:
    """Return the month of a date as `YYYY-MM`, or None if it has no month."""
    date = parse_date(text)
    return date if date and len(date) > 4 else None


def parse_year(text: str) -> str | None:
    """Return the year of a text that is a year and nothing more, or None."""
    text = unicodedata.normalize("NFKC", text).strip()
    return text if re.fullmatch(_ANY_YEAR, text) else None


def find_date(text: str) -> str | None:
    """Return the date in loose words, as `parse_date` gives it, or None."""
    if _DIGIT.search(text) is None:
        return None
    if whole := parse_date(text):
        return whole
    text = unicodedata.normalize("NFKC", text)
    if _CENTURY.search(text) is None:
        return None
    match = next(filter(None, (pattern.search(text) for pattern in _FORMS)), None)
    if match is not None:
        return _date_of(match)
    alone = YEAR_ALONE.search(text)
    return alone[0] if alone else None


def find_arxiv_date(text: str) -> str | None:
    """Return the month beside the word, as written: `24.02` of `arXiv 24.02`."""
    match = _ARXIV_DATE.search(text)
    return match[1] if match else None


def is_date(text: str) -> bool:
    """Tell whether a text is a date and nothing else."""
    return parse_date(text) is not None


def _date_of(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    month = _NUMBER_OF.get((parts.get("name") or "").lower()) or int(parts.get("month") or 0)
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        day_first = parts["mark"] == "." or first > 12 or first == second
        month = second if day_first else first if second > 12 else 0
        if max(first, second) > 31 or month > 12:
            return None
    return f"{parts['year']}-{month:02}" if month else parts["year"]
