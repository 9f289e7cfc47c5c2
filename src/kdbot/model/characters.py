"""Characters that deceive a reader: invisible ones, and letters that look like others."""

import unicodedata
from itertools import groupby

_ZERO_WIDTH_JOINER = "\u200d"
# Letters and marks that show nothing, though their category is not among the refused ones.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})

# Scripts whose letters are mistaken for one another.
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
# A Greek letter is a symbol beside Latin ones (μTransfer), unless it looks like one of them.
_GREEK_LOOK_ALIKES = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοιρυνκϲϳ")
_CYRILLIC_LOOK_ALIKES = frozenset("АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁԛԝ")


def refused_characters(text: str) -> tuple[str, ...]:
    """List the characters that no title may hold, each once, as ``U+202E RIGHT-TO-LEFT OVERRIDE``.

    Control, format, private-use and surrogate characters, line and paragraph separators, and
    blank letters. The zero-width joiner may join two emoji.
    """
    refused = [
        character
        for index, character in enumerate(text)
        if _is_refused(character) and not _joins_emoji(text, index)
    ]
    return tuple(dict.fromkeys(map(_name_character, refused)))


def mixed_script_words(text: str) -> tuple[str, ...]:
    """List the words that mix look-alike scripts, or are of look-alikes amid Latin words.

    Words are runs of letters; Greek letters that resemble no Latin one count as symbols.
    """
    runs = groupby(unicodedata.normalize("NFKC", text), key=_is_letter)
    words = ["".join(run) for is_word, run in runs if is_word]
    scripts = [_scripts(word) for word in words]
    has_latin = any(found == {"LATIN"} for found in scripts)
    suspicious = [
        word
        for word, found in zip(words, scripts, strict=True)
        if len(found) > 1
        or (has_latin and len(word) > 1 and _CYRILLIC_LOOK_ALIKES.issuperset(word))
    ]
    return tuple(dict.fromkeys(suspicious))


def _is_refused(character: str) -> bool:
    return (
        unicodedata.category(character) in _REFUSED_CATEGORIES
        or character in _BLANK_LETTERS
        # The variation selectors' supplement hides text; emoji use the first block alone.
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def _joins_emoji(text: str, index: int) -> bool:
    if text[index] != _ZERO_WIDTH_JOINER:
        return False
    before = text[max(index - 2, 0) : index].removesuffix("\ufe0f")[-1:]
    return _is_emoji(before) and _is_emoji(text[index + 1 : index + 2])


def _is_emoji(character: str) -> bool:
    # Skin tones are modifiers (Sk), all other members of a sequence symbols (So).
    return character != "" and (
        unicodedata.category(character) == "So" or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _name_character(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    return f"{code} {name}".rstrip()


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"


def _scripts(word: str) -> set[str]:
    found = {unicodedata.name(c, "").partition(" ")[0]: c for c in word if _counts(c)}
    return found.keys() & _SCRIPTS


def _counts(character: str) -> bool:
    is_greek = unicodedata.name(character, "").startswith("GREEK")
    return not is_greek or character in _GREEK_LOOK_ALIKES
