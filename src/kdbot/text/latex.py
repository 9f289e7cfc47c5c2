"""Text to LaTeX and back, by one table of letters and accents.

The output contains only commands from this table, and compiles with every engine and style. What
LaTeX reads since 2018 (typographic quotes, dashes) stays as it is. Accented letters become
BibTeX's own special characters, because its styles cut names at the first byte:
https://ctan.org/pkg/bibtex, "BibTeXing", section 4.
"""

import re
import unicodedata
from collections.abc import Iterable

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
} | {character: f"\\{character}" for character in "$&#%_"}

_LETTERS = {
    "ß": r"{\ss}", "ø": r"{\o}", "Ø": r"{\O}", "æ": r"{\ae}", "Æ": r"{\AE}", "œ": r"{\oe}",
    "Œ": r"{\OE}", "ł": r"{\l}", "Ł": r"{\L}", "ı": r"{\i}",
}  # fmt: skip
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u",
    "\u0307": ".", "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d",
    "\u0327": "c", "\u0328": "k", "\u0331": "b",
}  # fmt: skip
_GREEK = {
    chr(point): unicodedata.name(chr(point)).rpartition(" ")[2].lower()
    for point in range(0x3B1, 0x3CA)
    if "FINAL" not in unicodedata.name(chr(point))
}
_CAPITAL_GREEK = {
    chr(point): unicodedata.name(chr(point)).rpartition(" ")[2].capitalize()
    for point in (0x393, 0x394, 0x398, 0x39B, 0x39E, 0x3A0, 0x3A3, 0x3A6, 0x3A8, 0x3A9)
}
# Letters that are written in another way than people may write them.
_MORE_LETTERS = {"aa": "å", "AA": "Å", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ"}
# Greek's own spellings of two names that LaTeX writes otherwise.
_GREEK_NAMES = {"lamda": "lambda", "Lamda": "Lambda"}

_LETTER_OF = _MORE_LETTERS | {text[2:-1]: letter for letter, text in _LETTERS.items()}
_SIGN_OF = {text[1:].removesuffix("{}"): sign for sign, text in _SPECIAL.items()}
_MARK_OF = {accent: mark for mark, accent in _ACCENTS.items()}
_GREEK_OF = {
    _GREEK_NAMES.get(name, name): letter for letter, name in (_GREEK | _CAPITAL_GREEK).items()
} | {"infty": "∞", "times": "×"}


def _one_of(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


_LETTER_COMMAND = re.compile(rf"\\({_one_of(_LETTER_OF)})(?![A-Za-z])[ \t]*(?:\{{\}})?")
_SIGN_COMMAND = re.compile(
    rf"\\(?:([&$#%_])|({_one_of(s for s in _SIGN_OF if s.isalpha())})(?![A-Za-z]) *(?:\{{\}})?)"
)
# The braces around a letter go in the end, so that they need not be paired here.
_ACCENT_COMMAND = re.compile(
    rf"\\(?:({_one_of(a for a in _MARK_OF if not a.isalpha())})"
    rf"|({_one_of(a for a in _MARK_OF if a.isalpha())})(?![A-Za-z]))[\s{{]*([^\W\d_])"
)
_GREEK_COMMAND = re.compile(rf"\$\s*\\({_one_of(_GREEK_OF)})\s*\$")
_STYLE_COMMAND = re.compile(
    r"\\(?:emph|text(?:it|bf|sc|tt|rm|sf|up)?|math(?:rm|bf|it|cal|sf)|url|it|bf|em|sc|tt|rm)"
    r"(?![A-Za-z])[ \t]*"
)
# Several characters above or below the line stay together: `M_{23}` is not `M_23`.
_BRACES = re.compile(r"([_^]\{[^{}\s]{2,40}\})|[{}]")
_DOTTED = {"ı": "i", "ȷ": "j"}
_MAX_ACCENTS = 3  # on one letter

_CHANGED = re.compile(r"[\\{}~^<>|$&#%_]|[^\x00-\x7f]")
# A word with a capital after its first letter; outside ASCII only Python recognises a capital.
_WORD = re.compile(r"[^\W_]+")
_CAPITAL_WORD = re.compile(r"[a-z0-9]*[A-Z][a-z0-9]*[A-Z][A-Za-z0-9]*|[a-z0-9]+[A-Z][A-Za-z0-9]*")


def decode_latex(text: str) -> str:
    """Return what LaTeX prints of a text: its accents, letters and signs, without its braces.

    Commands that are not known stay as they are. The time is linear in the length of the text.
    """
    if "\\" in text:
        text = _LETTER_COMMAND.sub(lambda m: _LETTER_OF[m[1]], text)
        for _ in range(_MAX_ACCENTS):
            text = _ACCENT_COMMAND.sub(_put_accent, text)
        text = _GREEK_COMMAND.sub(lambda m: _GREEK_OF[m[1]], text)
        text = _SIGN_COMMAND.sub(lambda m: m[1] or _SIGN_OF[m[2]], text)
        text = _STYLE_COMMAND.sub("", text)
    return _BRACES.sub(lambda m: m[1] or "", text)


def _put_accent(match: re.Match[str]) -> str:
    letter = _DOTTED.get(match[3], match[3])
    return unicodedata.normalize("NFC", letter + _MARK_OF[match[1] or match[2]])


def escape_latex(text: str) -> str:
    """Return text as LaTeX that prints it."""
    return _CHANGED.sub(_replace, unicodedata.normalize("NFC", text))


def protect_capitals(text: str) -> str:
    """Return text as LaTeX, with braces around the words that keep their capitals in every style.

    Those with a capital behind the first letter: `LLMs`, `MiniLLM`. A style that sets titles in
    lower case, as most do, leaves them unchanged.
    """
    text = unicodedata.normalize("NFC", text)
    if text.isascii() and not _CHANGED.search(text):
        return _CAPITAL_WORD.sub(r"{\g<0>}", text)
    words = (_CAPITAL_WORD if text.isascii() else _WORD).finditer(text)
    parts: list[str] = []
    end = 0
    for word in words:
        if any(character.isupper() for character in word[0][1:]):
            parts += (escape_latex(text[end : word.start()]), "{", escape_latex(word[0]), "}")
            end = word.end()
    return "".join(parts) + escape_latex(text[end:])


def _replace(match: re.Match[str]) -> str:
    character = match[0]
    if found := _SPECIAL.get(character) or _LETTERS.get(character):
        return found
    if name := _GREEK.get(character) or _CAPITAL_GREEK.get(character):
        return f"{{$\\{_GREEK_NAMES.get(name, name)}$}}"
    decomposed = unicodedata.normalize("NFD", character)
    letter, accent = decomposed[0], _ACCENTS.get(decomposed[1:])
    if accent is None or not letter.isascii():
        return character
    return f"{{\\{accent}{{{letter}}}}}" if accent.isalpha() else f"{{\\{accent}{letter}}}"
