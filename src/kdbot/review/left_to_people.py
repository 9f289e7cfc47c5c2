"""What a text says about a paper that only people can handle: names, complaints, doubts."""

from collections.abc import Iterator
from dataclasses import replace

from kdbot.model.finding import Finding, notice_rule, quote_long, warning_rule
from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.model.proposal import Intent, Origin
from kdbot.review.draft import Draft
from kdbot.review.identifiers import field_of
from kdbot.text.hosts import is_paper_address

NOT_LISTED = notice_rule(
    "not-listed",
    "A correction is about a listed paper.",
    "Write the paper's identifier, or its title as listed.",
)

NOT_UNDERSTOOD = warning_rule(
    "not-understood",
    "Everything that a text says about a paper is a value that the bot can read.",
    "Write the new value on a line of its own, such as `Venue: ICLR 2024`, "
    "`Date: 2023-07` or `Code: https://github.com/owner/name`.",
    since="0.2.0",
)
_TITLE_WORDS = 4


def named_draft(draft: Draft) -> Draft:
    """Return what a text calls a paper that is not listed, as values of its record."""
    values = dict(draft.values)
    short_name = draft.candidate.short_name
    for name in draft.candidate.names:
        found = parse_identifier(name)
        field = field_of(found)
        if field is not None and found.canonical is not None:
            values.setdefault(field, name if field == "url" else found.canonical)
        elif _is_full_name(name, pages=True):
            values.setdefault("title", name)
        else:
            short_name = short_name or name
    candidate = replace(draft.candidate, short_name=short_name)
    return replace(draft, values=values, candidate=candidate)


def names_a_paper(draft: Draft) -> bool:
    """Tell whether a text names a paper, known or not; the form asks for one."""
    candidate = draft.candidate
    stated = (str(given.value) for given in candidate.given.values())
    names = (*candidate.names, *(str(value) for value in draft.values.values()), *stated)
    pages = candidate.intent is not Intent.UNSURE
    is_asked = candidate.read_from is Origin.FORM or candidate.asked
    return is_asked or any(_is_full_name(name, pages=pages) for name in names)


def _is_full_name(name: str, *, pages: bool) -> bool:
    """Tell whether a name is an identifier, or long enough for a title.

    Args:
        name: as the text has it.
        pages: whether the address of a paper's page counts.
    """
    kind = parse_identifier(name).kind
    if kind is not IdentifierKind.NONE:
        return kind is not IdentifierKind.URL or (pages and is_paper_address(name))
    return len(name.split()) >= _TITLE_WORDS


def not_understood(draft: Draft) -> Iterator[Finding]:
    """Yield what the text says about the paper and the bot could not read, all of it."""
    if draft.candidate.intent is Intent.REMOVE:
        return  # what is left is the reason, which people read
    for text in draft.candidate.unread:
        message = f"I could not read a value from {quote_long(text)}."
        asked = draft.candidate.intent is Intent.ADD and draft.candidate.read_from is Origin.FORM
        fix = "Write it under the matching heading of the form." if asked else None
        yield draft.finding(NOT_UNDERSTOOD, message, fix=fix)
