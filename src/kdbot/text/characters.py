"""Characters that deceive a reader: invisible ones, and letters that look like others."""

import re
import unicodedata
from collections.abc import Callable
from itertools import groupby

_ZERO_WIDTH_JOINER = "\u200d"
# Letters and marks that show nothing, though their category is not among the refused ones.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# What GitHub and browsers draw as nothing, or what turns the direction: a text of others shows it
# by code point. Some characters of the category Cf are drawn, so they are not among these.
_INVISIBLE = (
    "\u17b4\u17b5\u2800\ue000-\uf8ff\U000f0000-\U0010ffff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff"
)
EAST_ASIAN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
"""Ranges of the letters of Chinese, Japanese and Korean, for a class of a pattern."""
EAST_ASIAN_LETTER = re.compile(f"[{EAST_ASIAN}]")
"""One letter of a language that writes no spaces between its words, or few."""
INVISIBLE = re.compile(f"[{_INVISIBLE}]")
"""One character that shows nothing, or turns the direction of others."""
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})

# Letters of other scripts that pass for a letter of ASCII, by Unicode's table of confusables
# (https://www.unicode.org/Public/security/latest/confusables.txt).
_LOOK_ALIKES = {
    "ARMENIAN": frozenset("ՍՏՕագզհոռսցքօ"),
    "CHEROKEE": frozenset("ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᎽᏀᏂᏃᏏᏒᏔᏕᏙᏚᏞᏟᏢᏦᏧᏳᏴꭵꮁꮃꮓꮩꮪꮯ"),
    "COPTIC": frozenset("ⲅⲎⲒⲔⲘⲚⲞⲟⲢⲣⲤⲥⲦⲨⲬⳐ"),
    "CYRILLIC": frozenset("ЅІЈАВЕКМНОРСТУХЬагеорсухѕіјѡѴѵҮүһҽӀӏԁԌԛԜԝꙇ"),
    "GREEK": frozenset("ͺͿΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγινορσυϒϜϱϲϳϹϺᴦ"),
    "LISU": frozenset("ꓐꓑꓒꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ"),
}
_SCRIPTS = _LOOK_ALIKES.keys() | {"LATIN"}
# A Greek letter is a symbol beside Latin ones (αNLI, μTransfer), but for these.
_GREEK_IN_WORDS = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοιρυνκϲϳ")


def refused_positions(text: str) -> tuple[int, ...]:
    """List the positions of the characters that no text of a record may contain.

    Control, format, private-use and surrogate characters, line and paragraph separators, and
    blank letters. The zero-width joiner may join two emoji.
    """
    if text.isascii() and text.isprintable():
        return ()
    return tuple(
        index
        for index, character in enumerate(text)
        if _is_refused(character) and not _joins_emoji(text, index)
    )


def without_refused(text: str) -> str:
    """Return a text without the characters that no text of a record may contain."""
    refused = frozenset(refused_positions(text))
    return "".join(c for n, c in enumerate(text) if n not in refused) if refused else text


def mixed_script_words(text: str) -> tuple[str, ...]:
    """List the words that mix look-alike scripts, or are of look-alikes in a Latin text.

    Words are runs of letters; Greek letters beside Latin ones count as symbols, unless they are
    mistaken for them. A text that has a word in which a script shows itself is in that script, so
    that its short words deceive nobody.
    """
    if text.isascii():
        return ()
    letters = unicodedata.normalize("NFKC", text)
    runs = groupby(letters, key=lambda c: unicodedata.category(c)[0] in "LM")
    words = ["".join(run) for is_word, run in runs if is_word]
    scripts = [_scripts(word, _counts_in_words) for word in words]
    has_latin = any(found == {"LATIN"} for found in scripts)
    disguised = {word: script for word in words if has_latin and (script := _disguised(word))}
    plain = (_scripts(word) for word in words if word not in disguised)
    shown = {script for found in plain if len(found) == 1 for script in found}
    suspicious = [
        word
        for word, found in zip(words, scripts, strict=True)
        if len(found) > 1 or (word in disguised and disguised[word] not in shown)
    ]
    return tuple(dict.fromkeys(suspicious))


def _disguised(word: str) -> str | None:
    """Return the script of a word that passes for a Latin one as a whole, or None."""
    for script, letters in _LOOK_ALIKES.items():
        # A single Greek letter is a symbol; one of another script stands for an article.
        if letters.issuperset(word) and (len(word) > 1 or script != "GREEK"):
            return script
    return None


def _is_refused(character: str) -> bool:
    return (
        unicodedata.category(character) in _REFUSED_CATEGORIES
        or character in _BLANK_LETTERS
        # The variation selectors' supplement hides text; emoji use only the first block.
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


def _scripts(word: str, counts: Callable[[str], bool] = bool) -> set[str]:
    found = {unicodedata.name(c, "").partition(" ")[0] for c in set(word) if counts(c)}
    return found & _SCRIPTS


def _counts_in_words(character: str) -> bool:
    is_greek = unicodedata.name(character, "").startswith("GREEK")
    return not is_greek or character in _GREEK_IN_WORDS
