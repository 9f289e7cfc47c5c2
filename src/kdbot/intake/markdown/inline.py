"""Inline Markdown to a flat row of pieces: words, links, images and line breaks.

A list's line is read for what a reader sees and where its links lead. HTML that GitHub renders
(`<a>`, `<img>`, `<br>`, `<ins>`, `<b>`, …) counts as the Markdown it stands for.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from kdbot.intake.lists.inline_tokens import read_steps
from kdbot.intake.lists.mended_markdown import mend_markdown

MAX_CHARACTERS = 8_000
"""Longest line that is read; the rest of a longer one is left out."""

MAX_PIECES = 600
"""Most pieces that a line is cut into."""

_MAX_NESTING = 12
_WRITTEN_OUT = re.compile(
    r"https?://[^\s<>|\[\]{}\"'`]{4,2000}"
    r"|(?<![\w/-])(?:arxiv\s+preprint\s+)?arxiv[:\s]\s{0,2}(?P<id>[0-9]{4}\.[0-9]{4,5})(?:v[0-9]{1,2})?"
    r"(?![\w.]*\w)(?:\s*\[[a-z.-]{2,12}\])?",
    re.IGNORECASE,
)
_DEFINITION = re.compile(r" {0,3}\[([^\[\]^]{1,100})\]:\s*<?(https?://[^\s<>]+)>?")

_STRONG = frozenset({"strong", "b"})
_INSERTED = frozenset({"ins", "u"})
_BREAKS = frozenset({"br", "p", "div", "li", "hr"})


class PieceKind(StrEnum):
    """What a piece is."""

    TEXT = "text"
    LINK = "link"
    IMAGE = "image"
    BREAK = "break"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of words, a link, an image or a line break.

    Attributes:
        kind: which of them.
        text: what a reader sees; an image's alternative text.
        url: where the link leads, or the image's address.
        images: addresses of the images inside a link.
        strong: whether it is bold.
        emphasis: whether it is in italics.
        inserted: whether it is underlined (`<ins>`, `<u>`), as some lists set the venue.
    """

    kind: PieceKind
    text: str = ""
    url: str = ""
    images: tuple[str, ...] = ()
    strong: bool = False
    emphasis: bool = False
    inserted: bool = False


References: TypeAlias = dict[str, dict[str, str]]
"""Link definitions of a document, as markdown-it keeps them."""


def parse_inline(text: str, references: References | None = None) -> tuple[Piece, ...]:
    """Read one cell, list item or paragraph; line ends in it are breaks.

    Args:
        text: Markdown, without block syntax.
        references: addresses of the document's link definitions, by their label.
    """
    text = mend_markdown(text[:MAX_CHARACTERS])
    tokens = _parser().parseInline(text, {"references": references or {}})[0].children or []
    return tuple(islice(_with_bare_links(_merged(_pieces(tokens))), MAX_PIECES))


def plain_text(text: str, references: References | None = None) -> str:
    """Return what a reader sees of a line, without markup, on one line."""
    words = (" " if p.kind is PieceKind.BREAK else p.text for p in parse_inline(text, references))
    return " ".join("".join(words).split())


def take_definition(line: str, references: References) -> bool:
    """Keep a link definition (`[label]: https://…`); tell whether the line is one.

    The first of two definitions of one label counts.
    """
    match = _DEFINITION.match(line)
    if match is not None:
        definition = {"href": match[2], "title": ""}
        references.setdefault(normalizeReference(match[1]), definition)
    return match is not None


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _MAX_NESTING})
    # Addresses stay as they were written.
    parser.normalizeLink = _as_written  # type: ignore[method-assign]
    return parser


def _as_written(url: str) -> str:
    return url


def _pieces(tokens: list[Token]) -> Iterator[Piece]:
    """Yield pieces in order; links hold what stands between their two ends."""
    style = Piece(kind=PieceKind.TEXT)
    inside: list[Piece] | None = None
    address = ""
    for name, attributes in (step for token in tokens for step in read_steps(token)):
        if name in {"a", "/a"}:
            if inside is not None:
                yield _link(address, inside)
            inside, address = ([], attributes.get("href", "")) if name == "a" else (None, "")
            continue
        if name.lstrip("/") in _STYLES:
            style = _restyled(style, _STYLES[name.lstrip("/")], not name.startswith("/"))
            continue
        piece = _piece(name, attributes, style)
        if piece is None:
            continue
        if inside is None:
            yield piece
        else:
            inside.append(piece)
    if inside is not None:
        yield _link(address, inside)


_STYLES = {
    **dict.fromkeys(_STRONG, "strong"),
    **dict.fromkeys(("em", "i"), "emphasis"),
    **dict.fromkeys(_INSERTED, "inserted"),
}


def _restyled(style: Piece, attribute: str, value: bool) -> Piece:
    return Piece(
        kind=style.kind,
        strong=value if attribute == "strong" else style.strong,
        emphasis=value if attribute == "emphasis" else style.emphasis,
        inserted=value if attribute == "inserted" else style.inserted,
    )


def _piece(name: str, attributes: Mapping[str, str], style: Piece) -> Piece | None:
    if name == "":
        return replace(style, text=attributes["text"])
    if name == "img":
        return Piece(
            kind=PieceKind.IMAGE, text=attributes.get("alt", ""), url=attributes.get("src", "")
        )
    if name.lstrip("/") in _BREAKS:
        return Piece(kind=PieceKind.BREAK)
    return None


def _link(address: str, inside: list[Piece]) -> Piece:
    words = [piece for piece in inside if piece.kind is PieceKind.TEXT]
    shown = [p for p in inside if p.kind is not PieceKind.IMAGE] if words else inside
    seen = "".join(" " if p.kind is PieceKind.BREAK else p.text for p in shown)
    return Piece(
        kind=PieceKind.LINK,
        text="" if seen.lstrip().startswith(("http://", "https://")) else " ".join(seen.split()),
        url=address,
        images=tuple(piece.url for piece in inside if piece.kind is PieceKind.IMAGE),
        strong=any(piece.strong for piece in words),
        emphasis=any(piece.emphasis for piece in words),
        inserted=any(piece.inserted for piece in words),
    )


def _merged(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join neighbouring words of one style."""
    last: Piece | None = None
    for piece in pieces:
        is_more = last is not None and last.kind is piece.kind is PieceKind.TEXT
        if is_more and last and replace(last, text="") == replace(piece, text=""):
            last = replace(last, text=last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _with_bare_links(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Make a link of each address and arXiv identifier that is written out."""
    for piece in pieces:
        if piece.kind is not PieceKind.TEXT:
            yield piece
            continue
        start = 0
        for match in _WRITTEN_OUT.finditer(piece.text):
            url = f"https://arxiv.org/abs/{match['id']}" if match["id"] else _trimmed(match[0])
            if before := piece.text[start : match.start()]:
                yield replace(piece, text=before)
            yield replace(piece, kind=PieceKind.LINK, text="", url=url)
            start = match.end() if match["id"] else match.start() + len(url)
        if rest := piece.text[start:]:
            yield replace(piece, text=rest)


def _trimmed(url: str) -> str:
    """Leave out the punctuation that follows an address, as GitHub's autolinks do."""
    while url[-1] in ".,;:!?*_~)":
        if url[-1] == ")" and url.count("(") >= url.count(")"):
            break
        url = url[:-1]
    return url
