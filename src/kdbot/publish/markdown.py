"""Text that others wrote, made safe for GitHub's Markdown.

Markdown's own characters are escaped as CommonMark says. GitHub then reads the finished text once
more, for mentions, references, emoji, mathematics and bare addresses, where neither a backslash
nor an entity stops it; a character in an element of its own does, which is the way that GitHub's
documentation gives for the dollar sign.
"""

import re
from typing import Any
from urllib.parse import quote as percent_encode

from markupsafe import Markup

from kdbot.text.characters import INVISIBLE

_PICTURE = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_JOINER = f"(?<=[{_PICTURE}])\u200d(?=[{_PICTURE}])"

# One of these characters, where it would be alive; looking for the character first is much faster.
_ALIVE = re.compile(
    r"[\\\[\]*_~`<>|&$@#:.-](?:"
    r"(?P<escape>(?<=[\\\[\]*_~`]))"
    r"|(?P<entity>(?<=[<>|])|(?<=&)(?=\#?[0-9A-Za-z]+;))"
    r"|(?P<apart>(?<=\$)|(?<=@)(?=[0-9A-Za-z])|(?<=\#)(?=[0-9])|(?<=[Gg][Hh]-)(?=[0-9])"
    r"|(?<=:)(?=//)|(?<=:)(?=[0-9A-Za-z_+-]+:)|(?<=[Ww]{3}\.)))"
)
_HIDDEN = re.compile(
    rf"(?P<joiner>{_JOINER})"
    rf"|(?P<hidden>{INVISIBLE.pattern})"
    rf"|(?P<blank>[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]+)"
)
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;"}
_PLAIN_CODE = re.compile(r"""(?!.*-->)[^\W_][\w !"#%&'()*+,./:;=>?@\[\\\]^{}~…→-]*(?<! )""")
_IN_CODE = re.compile(r"[\\`*_~\[\]<>&|$@#:.!]")
_UNSAFE_IN_ADDRESS = re.compile(r"""[^!#%&'*+,\-./0-9:;=?@A-Z_a-z~]""")
_LINE_END = re.compile(r"\s*\n\s*")
_ADDRESS = re.compile(r"https?://[^\s/][^\r\n]*", re.IGNORECASE)
_TEXT_LIMIT = 200
"""Characters of a title or value that are shown."""


class Markdown(Markup):
    """Markdown in which everything that others wrote is escaped; what is added to it gets escaped.

    Attributes are those of `str`.
    """

    __slots__ = ()

    @classmethod
    def escape(cls, s: Any, /) -> "Markdown":
        """Return a value as Markdown, escaped unless it is marked safe."""
        if type(s) is cls:
            return s
        return cls(s if isinstance(s, Markup) else escape_text(str(s)))


def escape_text(text: str) -> str:
    """Return text for a line of Markdown: a table cell, a link's text, a paragraph.

    It reads as it was written, on one line, and nothing in it is alive. Characters that cannot be
    seen are shown by their code point, but for the joiner inside an emoji.
    """
    return _ALIVE.sub(_neutralize, visible_text(text))


def escape_message(text: str) -> str:
    """Return a finding's words: text between backticks as code, the rest as text."""
    return "".join(
        escape_code(part) if index % 2 else _ALIVE.sub(_neutralize, _HIDDEN.sub(_reveal, part))
        for index, part in enumerate(text.split("`"))
        if part
    )


def escape_code(text: str) -> str:
    """Return text as code that stays one piece inside any Markdown line or cell.

    It is a code span, or an HTML element where the text could end one or open a comment.
    """
    shown = visible_text(text)
    if _PLAIN_CODE.fullmatch(shown):
        return f"`{shown}`"
    return f"<code>{_IN_CODE.sub(_dead_in_code, shown)}</code>"


def visible_text(text: str) -> str:
    """Return the text on one line with what cannot be seen written out as code points."""
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    return _HIDDEN.sub(_reveal, text).strip()


def link(text: str, url: str) -> str:
    """Return a link, or the text alone where the address is not one of http or https."""
    if not is_address(url):
        return escape_text(text)
    return f"[{escape_text(text)}]({link_target(url)})"


def link_target(url: str) -> str:
    """Return an address for the round brackets of a link: percent-encoded, ampersands as entities.

    What is percent-encoded already stays as it is.
    """
    return _UNSAFE_IN_ADDRESS.sub(lambda m: percent_encode(m[0], errors="replace"), url).replace(
        "&", "&amp;"
    )


def fence(text: str, language: str = "") -> str:
    """Return a code block whose fence is longer than any run of backticks in the text."""
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


def count(number: int, noun: str) -> str:
    """Return how many there are, in words: `1 paper`, `2,000 papers`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def clip(text: str, limit: int = _TEXT_LIMIT) -> str:
    """Return a title or value cut to what is shown of it."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def paragraph(text: Markup) -> Markdown:
    """Return text as one line: the lines of a template become words of one paragraph."""
    return Markdown(_LINE_END.sub(" ", Markdown.escape(text).strip()))


def is_address(text: str) -> bool:
    """Tell whether the text is an absolute http or https address."""
    return _ADDRESS.fullmatch(text) is not None


def _neutralize(match: re.Match[str]) -> str:
    character = match[0]
    if match.lastgroup == "escape":
        return "\\" + character
    if match.lastgroup == "entity":
        return _ENTITIES[character]
    return f"<span>{character}</span>"


def _dead_in_code(match: re.Match[str]) -> str:
    # The autolink extension looks for mail addresses in what entities stand for, in an element
    # too; what it has no use for is a text that an element cuts.
    return "<span>@</span>" if match[0] == "@" else f"&#{ord(match[0])};"


def _reveal(match: re.Match[str]) -> str:
    if match.lastgroup == "hidden":
        return f"\\u{{{ord(match[0]):x}}}"
    return " " if match.lastgroup == "blank" else match[0]
