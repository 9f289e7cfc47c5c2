"""Texts of a record: a title, written out, and characters that show what they are."""

import unicodedata
from collections.abc import Iterator

from kdbot.model.collection import Collection
from kdbot.model.finding import Finding, error_rule, name_some, notice_rule, quote, warning_rule
from kdbot.model.paper import IDENTIFIER_NAMES
from kdbot.review.draft import Draft
from kdbot.text.characters import mixed_script_words, refused_positions, without_refused

MISSING_TITLE = error_rule(
    "missing-title", "Every record has the paper's title.", "Write the title as published."
)
SHORT_TITLE = error_rule(
    "short-title",
    "The title is written out; an acronym does not stand for it.",
    "Write the full title as published.",
)
MIXED_SCRIPT = warning_rule(
    "mixed-script",
    "A word of the title keeps to one script, and to that of its neighbours.",
    "Type the word anew.",
)
SHOUTING_TITLE = notice_rule(
    "shouting-title",
    "A title is not in capitals throughout.",
    "Write the title in the case that the paper uses.",
)
_SHOUTED_WORDS = 4
HIDDEN_CHARACTER = error_rule(
    "hidden-character",
    "No text of a record holds control, invisible or private characters.",
    "Type the text anew instead of copying it.",
)
_SHOWN = 4
_MAX_TEXT = 300


def check_title(draft: Draft, _collection: Collection) -> Iterator[Finding]:
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
        message = f"I found {quote(short)}, which is a short name. The list shows full titles."
        has_link = any(draft.text(name) for name in (*IDENTIFIER_NAMES, "url"))
        fix = None if has_link else "Write the paper's link, or its full title as published."
        yield draft.finding(SHORT_TITLE, message, field="title", fix=fix)
    elif not draft.has_error("title"):
        identifier = next((v for name in IDENTIFIER_NAMES if (v := draft.text(name))), None)
        known = f"I found {quote(identifier)} but no title." if identifier else "I found no title."
        message = f"{known} The list shows every paper by its title."
        yield draft.finding(MISSING_TITLE, message, field="title")


def check_characters(draft: Draft, _collection: Collection) -> Iterator[Finding]:
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
            f"The text holds what nobody can see: {names}.",
            field=name,
            item=item,
            fix=f"Write {quote(clean, _MAX_TEXT)}." if clean.strip() else None,
            replacement=draft.fixed_line(name, clean, item=item) if clean.strip() else None,
        )


def _character_name(character: str) -> str:
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}{f' ({name})' if name else ''}"
