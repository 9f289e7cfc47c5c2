"""Checks of identifiers, venue, date and links."""

from collections.abc import Iterator

from kdbot.model.finding import Finding, Severity, quote
from kdbot.model.identifiers import arxiv_month
from kdbot.model.proposal import Origin
from kdbot.review.canonical import is_link_list
from kdbot.review.context import Context
from kdbot.review.draft import Draft
from kdbot.review.identifiers import IDENTIFIER_NAMES, fault_of, field_of, read_identifier
from kdbot.review.nearest import nearest
from kdbot.review.rules import (
    DATE_DISAGREES,
    INVALID_DATE,
    INVALID_LINK,
    MISSING_DATE,
    MISSING_LINK,
    NOT_A_REPOSITORY,
    UNKNOWN_VENUE,
    VENUE_IS_PUBLISHER,
)
from kdbot.text.addresses import address_fault
from kdbot.text.dates import parse_year
from kdbot.text.hosts import is_repository
from kdbot.text.publishers import is_publisher


def check_identifiers(draft: Draft, _context: Context) -> Iterator[Finding]:
    """Ask each identifier to be one, and a record to have one or an address."""
    for name in (*IDENTIFIER_NAMES, "url"):
        text = draft.text(name)
        if text and field_of(read_identifier(name, text)) is None:
            rule, form, fix = fault_of(name, text)
            yield draft.finding(rule, f"I read {quote(text)}; {form}.", field=name, fix=fix)
    places = (draft.values, draft.candidate.given)
    if not any(name in place for name in (*IDENTIFIER_NAMES, "url") for place in places):
        yield draft.finding(
            MISSING_LINK, "The paper has no identifier and no link, so its title leads nowhere."
        )


def check_venue(draft: Draft, context: Context) -> Iterator[Finding]:
    """Ask for a venue that the list knows."""
    venue, venues = draft.text("venue"), context.collection.venues
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


def check_date(draft: Draft, _context: Context) -> Iterator[Finding]:
    """Ask for a month, and for that of the arXiv identifier."""
    date, arxiv = draft.text("date"), draft.text("arxiv")
    known = arxiv and field_of(read_identifier("arxiv", arxiv)) == "arxiv"
    month = arxiv_month(arxiv) if known else None
    if not date:
        yield from _missing_date(draft, month)
    elif len(date) != 7 or date[4] != "-" or not "01" <= date[5:] <= "12" or not date[:4].isascii():
        yield from _unreadable_date(draft, date, month)
    elif (
        month is not None and month != date and draft.given["date"].origin is not Origin.IDENTIFIER
    ):
        yield draft.finding(
            DATE_DISAGREES,
            f"I read {quote(date)}, but {quote(arxiv)} was given out in {quote(month)}.",
            field="date",
            fix=f"Write {quote(month)}, unless the paper was public elsewhere before.",
            replacement=draft.mended_line("date", month),
        )


def _missing_date(draft: Draft, month: str | None) -> Iterator[Finding]:
    if "date" in draft.candidate.given and draft.file is not None:
        return
    yield draft.finding(
        MISSING_DATE,
        "I read no date, so the paper stands last in its table.",
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
        replacement=draft.mended_line("date", month) if month else None,
    )


def check_links(draft: Draft, context: Context) -> Iterator[Finding]:
    """Ask each link to be a public address, and code links to be repositories."""
    for name, value in draft.values.items():
        if isinstance(value, tuple) and is_link_list(name, context.collection):
            for item, text in enumerate(value):
                if (fault := address_fault(text)) is not None:
                    yield draft.finding(
                        INVALID_LINK, f"I read {quote(text)}; {fault}.", field=name, item=item
                    )
                elif name == "code" and not is_repository(text):
                    yield draft.finding(
                        NOT_A_REPOSITORY,
                        f"{quote(text)} is a page and no repository.",
                        field=name,
                        item=item,
                    )
        elif isinstance(value, str) and value and _is_own_address(name, context):
            fault = address_fault(value)
            if fault is not None:
                yield draft.finding(INVALID_LINK, f"I read {quote(value)}; {fault}.", field=name)
    url = draft.text("url")
    if url and field_of(read_identifier("url", url)) == "url" and (fault := address_fault(url)):
        yield draft.finding(INVALID_LINK, f"I read {quote(url)}; {fault}.", field="url")


def _is_own_address(name: str, context: Context) -> bool:
    """Tell whether a field that is one text holds an address; `url` has rules of its own."""
    field = context.collection.schema.by_name.get(name)
    return field is not None and field.holds_addresses and name != "url"
