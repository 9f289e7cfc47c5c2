"""Characters that nobody can see: they show a reader one text and hold another."""

import unicodedata
from collections.abc import Iterator

from kdbot.model.collection import Collection
from kdbot.model.finding import Finding, Rule, Severity, name_some, quote
from kdbot.review.draft import Draft
from kdbot.text.characters import refused_positions, without_refused

HIDDEN_CHARACTER = Rule(
    code="hidden-character",
    severity=Severity.ERROR,
    summary="No text of a record holds control, invisible or private characters.",
    remedy="Type the text anew instead of copying it.",
)

_SHOWN = 4
_LONGEST = 300


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
            fix=f"Write {quote(clean, _LONGEST)}." if clean.strip() else None,
            replacement=draft.mended_line(name, clean, item=item) if clean.strip() else None,
        )


def _character_name(character: str) -> str:
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}{f' ({name})' if name else ''}"
