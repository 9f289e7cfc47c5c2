"""Characters that nobody can see: they show a reader one text and hold another."""

import unicodedata
from collections.abc import Iterator

from kdbot.model.finding import Finding, quote
from kdbot.review.context import Context
from kdbot.review.draft import Draft
from kdbot.review.rules import HIDDEN_CHARACTER

_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_JOINER = "\u200d"
_SHOWN = 4
_LONGEST = 300


def check_characters(draft: Draft, _context: Context) -> Iterator[Finding]:
    """Ask every text of a record to hold nothing but what can be seen."""
    for name, value in draft.values.items():
        if isinstance(value, str):
            yield from _check_text(draft, name, value, None)
        elif isinstance(value, tuple):
            for item, text in enumerate(value):
                yield from _check_text(draft, name, text, item)


def _check_text(draft: Draft, name: str, text: str, item: int | None) -> Iterator[Finding]:
    if text.isprintable():
        return
    hidden = sorted({c for i, c in enumerate(text) if _is_hidden(text, i)})
    if hidden:
        names = ", ".join(_character_name(c) for c in hidden[:_SHOWN])
        clean = "".join(c for i, c in enumerate(text) if not _is_hidden(text, i))
        yield draft.finding(
            HIDDEN_CHARACTER,
            f"The text holds what nobody can see: {names}.",
            field=name,
            item=item,
            fix=f"Write {quote(clean, _LONGEST)}." if clean.strip() else None,
            replacement=draft.mended_line(name, clean, item=item) if clean.strip() else None,
        )


def _is_hidden(text: str, position: int) -> bool:
    if unicodedata.category(text[position]) not in _HIDDEN:
        return False
    # An emoji of several people or professions is held together by joiners.
    around = (text[max(position - 1, 0) : position], text[position + 1 : position + 2])
    return text[position] != _JOINER or not all(map(_is_pictograph, around))


def _is_pictograph(character: str) -> bool:
    return character == "\ufe0f" or (
        bool(character) and unicodedata.category(character) in {"So", "Sk"}
    )


def _character_name(character: str) -> str:
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}{f' ({name})' if name else ''}"
