"""What people write wrongly in Markdown, yet plainly enough for a reader."""

import re

_BOLD_LINK = re.compile(r"\[(\*{2,3}|__)(?![*_\s])([^\[\]]{1,400}?)(?<![\s\\])\1\](?=\()")
_BLANK_IN_ADDRESS = re.compile(r"\]\((?=\s*https?://)([^()<>\"]{1,2000})\)")
_STRAY = re.compile(r"\]\((?:[^\S\n]+https?://[^()\s]+[^\S\n]*|https?://[^()\s]+[^\S\n]+)\)")
_NESTED_LINK = re.compile(r"\]\(\[(?:[^\[\]()]{0,2000})\]\((https?://[^()\s]{1,2000})\)\)")
_MATH = re.compile(r"(?<![\\$\w])\$(?![\s$])((?:[^$\n\\]|\\.){1,200}?)(?<!\s)\$(?![\w$])")
_MATH_SPECIAL = re.compile(r"([\\*_`\[\]<>~|])")


def mend_markdown(text: str) -> str:
    """Return a line in which a Markdown parser finds what its author meant.

    Mathematics is escaped as GitHub reads it, a bold link's stars are dropped, since one star more
    inside would change their sense, a link inside an address is the address, and an address has no
    blanks.
    """
    text = _MATH.sub(_protect_math, text)
    text = _NESTED_LINK.sub(r"](\1)", _BOLD_LINK.sub(r"[\2]", text))
    return _BLANK_IN_ADDRESS.sub(_without_blanks, text)


def has_stray_blank(text: str) -> bool:
    """Tell whether a link's address has a blank before, in or behind it."""
    return _STRAY.search(text) is not None or any(
        " " in match[1].strip() for match in _BLANK_IN_ADDRESS.finditer(text)
    )


def _protect_math(match: re.Match[str]) -> str:
    if "](" in match[1] or "http" in match[1] or "</" in match[1]:
        return match[0]
    return "$" + _MATH_SPECIAL.sub(r"\\\1", match[1]) + "$"


def _without_blanks(match: re.Match[str]) -> str:
    return "](" + "".join(match[1].split()) + ")"
