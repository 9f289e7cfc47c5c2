"""Dates in the words of a list."""

import re

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
YEAR = r"(?:19[5-9][0-9]|20[0-4][0-9])"
"""Pattern of a year in which a paper of a list can have appeared."""

_ORDINAL = r"[0-3]?[0-9](?:st|nd|rd|th)?"
_NUMERIC_DATE = re.compile(
    rf"(?<![0-9])({YEAR})\s?[-/.年]\s?(0?[1-9]|1[0-2])(?:[-/.月][0-3]?[0-9]日?|月)?(?![0-9])"
)
_MONTH_FIRST_DATE = re.compile(rf"(?<![0-9])(0[1-9]|1[0-2])[-/]({YEAR})(?![0-9])")
_NAMED_DATE = re.compile(
    rf"\b({_MONTH_NAME})\b\.?,?\s*(?:{_ORDINAL},?\s+)?({YEAR})(?![0-9])", re.IGNORECASE
)
_YEAR_FIRST_DATE = re.compile(rf"(?<![0-9])({YEAR}),?\s+({_MONTH_NAME})\b", re.IGNORECASE)
YEAR_ALONE = re.compile(rf"(?<![0-9]){YEAR}(?![0-9])")
"""A year among other words."""

_ONLY_DATE = re.compile(
    rf"{YEAR}(?:[-/.年 ][0-9]{{1,2}}){{0,2}}[月日]?|(?:{_ORDINAL}\s)?(?:{_MONTH_NAME})\.?,?"
    rf"(?:\s{_ORDINAL},?)?\s{YEAR}|[0-9]{{1,2}}[/-]{YEAR}|{YEAR},? (?:{_MONTH_NAME})",
    re.IGNORECASE,
)


def normalize_date(text: str) -> str | None:
    """Return a date as `YYYY-MM`, or as `YYYY` where it names no month; None for anything else."""
    if match := _NUMERIC_DATE.search(text):
        return f"{match[1]}-{int(match[2]):02}"
    if match := _MONTH_FIRST_DATE.search(text):
        return f"{match[2]}-{match[1]}"
    if match := _NAMED_DATE.search(text):
        return f"{match[2]}-{_MONTHS[match[1].lower()]:02}"
    if match := _YEAR_FIRST_DATE.search(text):
        return f"{match[1]}-{_MONTHS[match[2].lower()]:02}"
    if match := YEAR_ALONE.search(text):
        return match[0]
    return None


def is_only_date(text: str) -> bool:
    """Tell whether a text is a date and nothing more."""
    return _ONLY_DATE.fullmatch(text.strip()) is not None


def date_in(text: str, venue: str | None) -> str | None:
    """Find a date in loose words; the year of the venue is none."""
    return normalize_date(text.replace(venue, " ") if venue else text)
