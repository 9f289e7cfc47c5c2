"""Text for LaTeX: nothing in it is a command, and it compiles with every engine and style.

What LaTeX reads by itself since 2018 (typographic quotes, dashes) stays as it is. Accented letters
become BibTeX's own special characters, because its styles cut names at the first byte:
https://ctan.org/pkg/bibtex, "BibTeXing", section 4.
"""

import re
import unicodedata

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
# Greek's own spellings of two names that LaTeX writes otherwise.
_GREEK_NAMES = {"lamda": "lambda", "Lamda": "Lambda"}

_CHANGED = re.compile(r"[\\{}~^<>|$&#%_]|[^\x00-\x7f]")
# A word with a capital behind its first letter; outside ASCII a capital is told by Python alone.
_WORD = re.compile(r"[^\W_]+")
_CAPITAL_WORD = re.compile(r"[a-z0-9]*[A-Z][a-z0-9]*[A-Z][A-Za-z0-9]*|[a-z0-9]+[A-Z][A-Za-z0-9]*")


def escape_latex(text: str) -> str:
    """Return text as LaTeX that prints it."""
    return _CHANGED.sub(_replace, unicodedata.normalize("NFC", text))


def protect_capitals(text: str) -> str:
    """Return text as LaTeX, with braces around the words that keep their capitals in every style.

    Those with a capital behind the first letter: `LLMs`, `MiniLLM`. A style that sets titles in
    lower case, as most do, leaves them alone.
    """
    text = unicodedata.normalize("NFC", text)
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
