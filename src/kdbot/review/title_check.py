"""Titles: written out, in letters that pass for no others, and not in capitals throughout."""

import unicodedata
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

_TELLING_LETTERS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})
_SHOUTED_WORDS = 4
_MATHEMATICAL = frozenset("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩµ")


def check_title(draft: Draft, _context: Context) -> Iterator[Finding]:
    """Ask for a title, written out and in letters of one script a word."""
    title = draft.text("title")
    if not title:
        yield from _missing(draft)
        return
    if not title.isascii():
        yield from _check_scripts(draft, title)
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


def _check_scripts(draft: Draft, title: str) -> Iterator[Finding]:
    for word in title.split():
        scripts = {s for c in word if c.isalpha() and (s := _script(c))}
        if len(scripts) > 1:
            names = " and ".join(sorted(name.capitalize() for name in scripts))
            yield draft.finding(
                MIXED_SCRIPT,
                f"The word {quote(word)} mixes {names} letters, some of which look alike.",
                field="title",
            )


def _script(character: str) -> str | None:
    """Return the script of a letter that another script could be taken for."""
    if character.isascii():
        return "LATIN"
    if character in _MATHEMATICAL:
        return None
    name = unicodedata.name(character, "").partition(" ")[0]
    return name if name in _TELLING_LETTERS else None
