"""All checks of a single record, as pure functions in one tuple."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from kdbot.model.collection import Collection
from kdbot.model.finding import Finding, Severity, notice_rule, quote, warning_rule
from kdbot.model.identifiers import arxiv_month
from kdbot.model.paper import is_year
from kdbot.model.proposal import Origin
from kdbot.review.categories import check_categories
from kdbot.review.draft import Draft
from kdbot.review.identifiers import (
    check_identifiers,
    field_of,
    read_identifier,
)
from kdbot.review.links import check_links
from kdbot.review.schema_check import INVALID_DATE, check_schema
from kdbot.review.similarity import nearest
from kdbot.review.title_check import check_characters, check_title
from kdbot.text.dates import parse_year
from kdbot.text.venues import is_publisher

UNKNOWN_VENUE = notice_rule(
    "unknown-venue",
    "A venue is a name of schema/venues.yaml.",
    "Nothing to do; a maintainer decides whether the list takes up this venue.",
)
VENUE_IS_PUBLISHER = warning_rule(
    "venue-is-publisher",
    "A venue is a conference, workshop or journal, and not who printed its proceedings.",
    "Write the conference or journal, or leave the field empty.",
)
DATE_DISAGREES = warning_rule(
    "date-disagrees",
    "The date is the month that the arXiv identifier tells.",
    "Keep the month of the identifier, unless the paper was public before.",
)
MISSING_DATE = notice_rule(
    "missing-date",
    "A record tells the month in which the paper first appeared.",
    "Write the year and the month, such as `2024-02`.",
)


def _check_venue(draft: Draft, collection: Collection) -> Iterator[Finding]:
    """Ask for a venue that the list knows."""
    venue, venues = draft.text("venue"), collection.venues
    if not venue or venues.canonical(venue) == venue:
        return
    if is_publisher(venue):
        yield draft.finding(
            VENUE_IS_PUBLISHER,
            f"{quote(venue)} publishes or hosts papers and is no venue.",
            field="venue",
            severity=Severity.ERROR,
        )
        return
    close = nearest(venue, venues.names)
    hint = f"; the nearest name is {quote(close[0])}" if close else ""
    yield draft.finding(
        UNKNOWN_VENUE,
        f"The list has no venue {quote(venue)} yet{hint}.",
        field="venue",
        fix=f"Write {quote(close[0])} if that is meant." if close else None,
    )


def _check_date(draft: Draft, collection: Collection) -> Iterator[Finding]:
    """Ask for a month, and for that of the arXiv identifier."""
    date, arxiv = draft.text("date"), draft.text("arxiv")
    known = arxiv and field_of(read_identifier("arxiv", arxiv)) == "arxiv"
    month = arxiv_month(arxiv) if known else None
    if not date:
        yield from _missing_date(draft, month)
    elif is_year(date) and collection.schema.takes_years:
        return
    elif len(date) != 7 or date[4] != "-" or not "01" <= date[5:] <= "12" or not date[:4].isascii():
        yield from _unreadable_date(draft, date, month)
    elif month not in {None, date} and _is_stated(draft, "date"):
        yield draft.finding(
            DATE_DISAGREES,
            f"I read {quote(date)}, but {quote(arxiv)} was given out in {quote(month)}.",
            field="date",
            fix=f"Write {quote(month)}, unless the paper was public elsewhere before.",
            replacement=draft.fixed_line("date", str(month)),
        )


def _is_stated(draft: Draft, name: str) -> bool:
    """Tell whether the proposal itself states a value; the listed record may be where it is."""
    return name in draft.given and draft.given[name].origin is not Origin.IDENTIFIER


def _missing_date(draft: Draft, month: str | None) -> Iterator[Finding]:
    if "date" in draft.candidate.given and draft.file is not None:
        return
    yield draft.finding(
        MISSING_DATE,
        "I found no date, so the paper will be listed last.",
        field="date",
        fix=f"Add {quote(f'date: {month}')}." if month else None,
    )


def _unreadable_date(draft: Draft, date: str, month: str | None) -> Iterator[Finding]:
    if parse_year(date):
        message = f"I read the year {quote(date)} without a month."
    else:
        message = f"I read {quote(date)}, which tells no month of a year."
    yield draft.finding(
        INVALID_DATE,
        message,
        field="date",
        fix=f"Write {quote(month)}, the month of the arXiv identifier." if month else None,
        replacement=draft.fixed_line("date", month) if month else None,
    )


_Check: TypeAlias = Callable[[Draft, Collection], Iterator[Finding]]
"""A rule or a few of one kind, held against a draft of a list's record."""

_CHECKS: tuple[_Check, ...] = (
    check_title,
    check_characters,
    check_identifiers,
    _check_venue,
    _check_date,
    check_links,
    check_categories,
    check_schema,
)


def check_draft(draft: Draft, collection: Collection) -> tuple[Finding, ...]:
    """Return what all checks say of a draft."""
    return tuple(finding for check in _CHECKS for finding in check(draft, collection))
