"""All checks of a single record, as pure functions in one tuple."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import TypeAlias

from kdbot.model.collection import Collection
from kdbot.model.finding import (
    Finding,
    Severity,
    error_rule,
    name_some,
    notice_rule,
    quote,
    warning_rule,
)
from kdbot.model.identifiers import arxiv_month
from kdbot.model.paper import IDENTIFIER_NAMES, IDENTITY_NAMES, is_year
from kdbot.model.proposal import Origin
from kdbot.model.venue import Venues
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
from kdbot.text.characters import mixed_script_words, refused_positions, without_refused
from kdbot.text.dates import parse_year
from kdbot.text.venues import canonical_venue, is_in_review, is_publisher

MISSING_TITLE = error_rule(
    "missing-title", "Every record has the paper's title.", "Write the title as published."
)
SHORT_TITLE = error_rule(
    "short-title",
    "A title is the full title, not an acronym.",
    "Write the full title as published.",
)
MIXED_SCRIPT = warning_rule(
    "mixed-script",
    "Every word of a title uses one script, the same as the words around it.",
    "Type the word again.",
)
SHOUTING_TITLE = notice_rule(
    "shouting-title",
    "A title is not all in capitals.",
    "Write the title with the paper's own capitalization.",
)
_SHOUTED_WORDS = 4
HIDDEN_CHARACTER = error_rule(
    "hidden-character",
    "A record contains no control, invisible or private-use characters.",
    "Type the text again instead of copying it.",
)
_SHOWN = 4
_MAX_TEXT = 300
UNKNOWN_VENUE = notice_rule(
    "unknown-venue",
    "A venue is a name in schema/venues.yaml.",
    "Nothing to do; a maintainer decides whether to add this venue.",
)
VENUE_IS_PUBLISHER = warning_rule(
    "venue-is-publisher",
    "A venue is a conference, workshop or journal that has accepted the paper, not a publisher.",
    "Write the conference or journal, or leave the field empty.",
)
DATE_DISAGREES = warning_rule(
    "date-disagrees",
    "The date is the month in the arXiv identifier.",
    "Use the month of the identifier, unless the paper was public before.",
)
MISSING_DATE = notice_rule(
    "missing-date",
    "A record has the month in which the paper first appeared.",
    "Write the year and the month, such as `2024-02`.",
)


def no_venue(text: str, venues: Venues) -> str | None:
    """Say why the text of a venue field is not a venue, or return None."""
    if is_in_review(text):
        return "says that the paper is not accepted yet"
    if is_publisher(text) and canonical_venue(text, venues) is None:
        return "publishes or hosts papers and is not a venue"
    return None


def _check_title(draft: Draft, _collection: Collection) -> Iterator[Finding]:
    """Ask for a title, written out and in letters of one script a word."""
    title = draft.text("title")
    if not title:
        yield from _missing_title(draft)
        return
    for word in mixed_script_words(title):
        yield draft.finding(
            MIXED_SCRIPT,
            f"The word {quote(word)} has letters of another script that look like Latin ones.",
            field="title",
        )
    if title.isupper() and len(title.split()) >= _SHOUTED_WORDS:
        yield draft.finding(SHOUTING_TITLE, f"{quote(title)} is all in capitals.", field="title")


def _missing_title(draft: Draft) -> Iterator[Finding]:
    if short := draft.candidate.short_name:
        message = f"I found {quote(short)}, which is a short name. The list shows full titles."
        has_link = any(draft.text(name) for name in IDENTITY_NAMES)
        fix = None if has_link else "Write the paper's link, or its full title as published."
        yield draft.finding(SHORT_TITLE, message, field="title", fix=fix)
    elif not draft.has_error("title"):
        identifier = next((v for name in IDENTIFIER_NAMES if (v := draft.text(name))), None)
        known = f"I found {quote(identifier)} but no title." if identifier else "I found no title."
        message = f"{known} The list shows every paper by its title."
        yield draft.finding(MISSING_TITLE, message, field="title")


def _check_characters(draft: Draft, _collection: Collection) -> Iterator[Finding]:
    """Ask every text of a record to hold nothing but what can be seen."""
    for name, value in draft.values.items():
        if isinstance(value, str):
            yield from _check_text(draft, name, value, None)
        elif isinstance(value, tuple):
            for item, text in enumerate(value):
                yield from _check_text(draft, name, text, item)


def _check_text(draft: Draft, name: str, text: str, item: int | None) -> Iterator[Finding]:
    hidden = frozenset(refused_positions(text))
    if hidden:
        kinds = sorted({text[position] for position in hidden})
        names = name_some([_character_name(c) for c in kinds], _SHOWN)
        clean = without_refused(text)
        yield draft.finding(
            HIDDEN_CHARACTER,
            f"The text contains invisible characters: {names}.",
            field=name,
            item=item,
            fix=f"Write {quote(clean, _MAX_TEXT)}." if clean.strip() else None,
            replacement=draft.fixed_line(name, clean, item=item) if clean.strip() else None,
        )


def _character_name(character: str) -> str:
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}{f' ({name})' if name else ''}"


def _check_venue(draft: Draft, collection: Collection) -> Iterator[Finding]:
    """Ask for a venue that the list knows."""
    venue, venues = draft.text("venue"), collection.venues
    if not venue or venues.canonical(venue) == venue:
        return
    if (reason := no_venue(venue, venues)) is not None:
        yield draft.finding(
            VENUE_IS_PUBLISHER,
            f"{quote(venue)} {reason}.",
            field="venue",
            severity=Severity.ERROR,
        )
        return
    close = nearest(venue, venues.names)
    hint = f"; the nearest name is {quote(close)}" if close else ""
    yield draft.finding(
        UNKNOWN_VENUE,
        f"The list has no venue {quote(venue)} yet{hint}.",
        field="venue",
        fix=f"Write {quote(close)} if you mean that." if close else None,
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
            f"I read {quote(date)}, but {quote(arxiv)} is from {quote(month)}.",
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
        message = f"I read {quote(date)}, but not a year and a month."
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
    _check_title,
    _check_characters,
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
