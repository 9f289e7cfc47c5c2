"""Anchors of headings, as GitHub gives them, and the table of contents that links to them.

The rule of anchors is that of html-pipeline's table-of-contents filter, whose results
github-slugger keeps as fixtures: lower case, everything dropped but letters, marks, digits,
connectors, hyphens and spaces, each space a hyphen; a slug that is taken gets `-1`, `-2` and so on.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kdbot.model.taxonomy import Category
from kdbot.publish.markdown import escape_text
from kdbot.publish.readme.tables import PaperTables

_KEPT = ("L", "M", "Nd", "Nl", "Pc")
_HTML_HEADING = re.compile(r"<h([1-6])(?:\s[^>]*)?>(.*?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")

_SECTION = 2


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


def _slug(text: str) -> str:
    """Return the slug of a heading's text, before doubles are told apart."""
    return "".join(
        "-" if c == " " else c
        for c in text.strip().lower()
        if c in " -" or unicodedata.category(c).startswith(_KEPT)
    )


def _anchors(texts: Iterable[str]) -> list[str]:
    """Return the anchors of headings that stand in one document, in their order."""
    taken: dict[str, int] = {}
    found = []
    for text in texts:
        base = anchor = _slug(text)
        while anchor in taken:
            taken[base] += 1
            anchor = f"{base}-{taken[base]}"
        taken[anchor] = 0
        found.append(anchor)
    return found


def headings(markdown: str) -> tuple[Heading, ...]:
    """Return all headings of a Markdown text: `#`, underlined and HTML ones, not those in code."""
    found = list(_headings(_parser().parse(markdown)))
    names = _anchors(text for _, text, _ in found)
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


def render_contents(
    headings: Sequence[Heading], categories: range, tables: PaperTables, first_line: int
) -> str:
    """Return the list of links.

    Args:
        headings: all headings of the README.
        categories: which of them are the categories', in the order of the taxonomy.
        tables: the papers, for the counts.
        first_line: headings above this line are not listed; it is the region's own.
    """
    return "".join(_lines(headings, categories, tables, first_line))


def _lines(
    headings: Sequence[Heading], categories: range, tables: PaperTables, first_line: int
) -> Iterator[str]:
    taxonomy = tables.collection.taxonomy
    by_heading = dict(zip(categories, taxonomy.categories, strict=True))
    for index, heading in enumerate(headings):
        category = by_heading.get(index)
        if category is not None:
            yield _category_line(category, heading, tables.count(category))
        elif heading.level == _SECTION and heading.line > first_line:
            yield f"- {_anchor_link(heading)}\n"


def _category_line(category: Category, heading: Heading, count: int) -> str:
    return f"{'  ' * category.depth}- {_anchor_link(heading)} ({count:,})\n"


def _anchor_link(heading: Heading) -> str:
    return f"[{escape_text(heading.text)}](#{heading.anchor})"
