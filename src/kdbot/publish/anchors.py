"""Anchors of headings, as GitHub gives them.

The rule is that of html-pipeline's table-of-contents filter, whose results github-slugger keeps
as fixtures: lower case, everything dropped but letters, marks, digits, connectors, hyphens and
spaces, each space a hyphen; a slug that is taken gets `-1`, `-2` and so on.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_KEPT = ("L", "M", "Nd", "Nl", "Pc")
_HTML_HEADING = re.compile(r"<h([1-6])(?:\s[^>]*)?>(.*?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One heading of a Markdown text.

    Attributes:
        level: 1 to 6.
        text: what a reader sees.
        line: where it stands, counted from 0.
        anchor: what stands behind `#` in a link to it.
    """

    level: int
    text: str
    line: int
    anchor: str


def slug(text: str) -> str:
    """Return the slug of a heading's text, before doubles are told apart."""
    return "".join(
        "-" if c == " " else c
        for c in text.strip().lower()
        if c in " -" or unicodedata.category(c).startswith(_KEPT)
    )


def anchors(texts: Iterable[str]) -> list[str]:
    """Return the anchors of headings that stand in one document, in their order."""
    taken: dict[str, int] = {}
    found = []
    for text in texts:
        base = anchor = slug(text)
        while anchor in taken:
            taken[base] += 1
            anchor = f"{base}-{taken[base]}"
        taken[anchor] = 0
        found.append(anchor)
    return found


def headings(markdown: str) -> tuple[Heading, ...]:
    """Return all headings of a Markdown text: `#`, underlined and HTML ones, not those in code."""
    found = list(_headings(_parser().parse(markdown)))
    names = anchors(text for _, text, _ in found)
    return tuple(
        Heading(level=level, text=text, line=line, anchor=anchor)
        for (level, text, line), anchor in zip(found, names, strict=True)
    )


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark")


def _headings(tokens: list[Token]) -> Iterator[tuple[int, str, int]]:
    for index, token in enumerate(tokens):
        line = token.map[0] if token.map else 0
        if token.type == "heading_open":
            yield int(token.tag[1:]), _text(tokens[index + 1].children or []), line
        elif token.type == "html_block":
            for match in _HTML_HEADING.finditer(token.content):
                text = " ".join(_TAG.sub("", match[2]).split())
                yield int(match[1]), text, line + token.content.count("\n", 0, match.start())


def _text(tokens: list[Token]) -> str:
    shown = {"text": None, "text_special": None, "code_inline": None, "softbreak": "\n"}
    return "".join(shown[t.type] or t.content for t in tokens if t.type in shown)
