"""Titles: written out, in letters that pass for no others, and not in capitals throughout."""

from collections.abc import Iterator

from kdbot.model.finding import Finding, quote
from kdbot.review.context import Context
from kdbot.review.draft import Draft
from kdbot.review.identifiers import IDENTIFIER_NAMES
from kdbot.review.rules import (
    MISSING_TITLE,
    MIXED_SCRIPT,
    SHORT_TITLE,
    SHOUTING_TITLE,
)
from kdbot.text.characters import mixed_script_words

_SHOUTED_WORDS = 4


def check_title(draft: Draft, _context: Context) -> Iterator[Finding]:
    """Ask for a title, written out and in letters of one script a word."""
    title = draft.text("title")
    if not title:
        yield from _missing(draft)
        return
    for word in mixed_script_words(title):
        yield draft.finding(
            MIXED_SCRIPT,
            f"The word {quote(word)} has letters of another script that pass for Latin ones.",
            field="title",
        )
    if title.isupper() and len(title.split()) >= _SHOUTED_WORDS:
        yield draft.finding(
            SHOUTING_TITLE, f"{quote(title)} is in capitals throughout.", field="title"
        )


def _missing(draft: Draft) -> Iterator[Finding]:
    if short := draft.candidate.short_name:
        message = f"I read {quote(short)}, which is a short name; the list shows full titles."
        yield draft.finding(SHORT_TITLE, message, field="title")
    elif not draft.has_error("title"):
        identifier = next((v for name in IDENTIFIER_NAMES if (v := draft.text(name))), None)
        known = f"I read {quote(identifier)} but no title." if identifier else "I read no title."
        message = f"{known} The list shows every paper by its title."
        yield draft.finding(MISSING_TITLE, message, field="title")
