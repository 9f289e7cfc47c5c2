"""Read a bounded amount of Markdown as lines of text with their links.

A stranger writes the text, so nothing here may cost more than a small multiple of its length:
what is read is cut first, nesting is low, and the parser's rules that nothing needs are off.
Tables are read from their lines, not by the parser's rule, which fills up every short row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kdbot.intake.markdown.html import read_html, tag_link
from kdbot.intake.markdown.lines import Block, BlockKind, Line, Run, split_lines

MAX_CHARACTERS = 20_000
MAX_LINES = 1_000
_MAX_NESTING = 12
# Matching a tag or a link looks ahead to the end of the text from each `<` and each `[`; no
# proposal that is read to its end has so many.
_MAX_TAG_STARTS = 400
_MAX_BRACKETS = 1_000

_BREAKS = str.maketrans(dict.fromkeys("\r\u0085\u2028\u2029", "\n") | dict.fromkeys("\v\f\0", " "))
_RULES = (
    "blockquote", "code", "fence", "heading", "hr", "html_block", "lheading", "list", "reference",
    "autolink", "backticks", "emphasis", "balance_pairs", "entity", "escape", "html_inline",
    "image", "link", "newline", "fragments_join",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundedText:
    """The part of a text that is read.

    Attributes:
        text: with the line feed as its only line break.
        cut: whether anything stood behind it.
    """

    text: str
    cut: bool


def bound_text(text: str) -> BoundedText:
    """Normalise line breaks and keep what the bounds allow, whole words only.

    A word cut in two could read as another paper's identifier.
    """
    head = text[: MAX_CHARACTERS + 2].replace("\r\n", "\n").translate(_BREAKS)
    head = head.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    cut = len(text) > MAX_CHARACTERS
    if cut:
        head = head[:MAX_CHARACTERS]
        end = max(head.rfind("\n"), head.rfind(" "), head.rfind("\t"))
        head = head[: max(end, 0)]
    lines = head.split("\n", MAX_LINES)
    if len(lines) > MAX_LINES:
        return BoundedText(text="\n".join(lines[:MAX_LINES]), cut=cut or bool(lines[-1].strip()))
    return BoundedText(text=head, cut=cut)


def parse_tokens(text: str) -> list[Token]:
    """Return markdown-it's tokens of a bounded text; tables stay paragraphs."""
    parser = MarkdownIt("zero", {"html": True, "maxNesting": _MAX_NESTING})
    parser.enable(list(_RULES))
    if text.count("<") > _MAX_TAG_STARTS:
        parser.disable("html_inline")
    if text.count("[") > _MAX_BRACKETS:
        parser.disable(["image", "link", "reference"])
    # Addresses stay as they were written: they are quoted back to their author.
    parser.normalizeLink = _as_written  # type: ignore[method-assign]
    return parser.parse(text)


def _as_written(url: str) -> str:
    return url


def parse_markdown(text: str) -> tuple[Block, ...]:
    """Return the blocks of a bounded text in reading order; HTML comments are left out."""
    blocks: list[Block] = []
    items: list[int] = []
    quotes = serial = 0
    kind = BlockKind.PARAGRAPH
    for token in parse_tokens(text):
        if token.type == "list_item_open":
            serial += 1
            items.append(serial)
        elif token.type == "list_item_close":
            items.pop()
        elif token.type in {"blockquote_open", "blockquote_close"}:
            quotes += token.nesting
        elif token.type == "heading_open":
            kind = BlockKind.HEADING
        elif token.type == "heading_close":
            kind = BlockKind.PARAGRAPH
        elif lines := tuple(_lines(token)):
            block_kind = BlockKind.CODE if token.type in {"fence", "code_block"} else kind
            blocks.append(
                Block(kind=block_kind, lines=lines, items=tuple(items), quoted=quotes > 0)
            )
    return tuple(blocks)


def _lines(token: Token) -> Iterator[Line]:
    if token.type == "inline":
        yield from split_lines(_spans(token.children or ()))
    elif token.type == "html_block":
        yield from split_lines(read_html(token.content))
    elif token.type in {"fence", "code_block"}:
        yield from split_lines([Run(text=token.content)])


def _spans(tokens: Sequence[Token]) -> Iterator[Run]:
    style = Run(text="")
    for token in tokens:
        if token.nesting:
            style = _restyled(style, token)
        elif token.type in {"softbreak", "hardbreak"}:
            yield style.saying("\n")
        elif token.type == "html_inline":
            style, text = tag_link(token.content, style)
            yield style.saying(text)
        elif token.type == "image":
            # A badge is a link's only text; any other image says nothing.
            if style.url:
                yield style.saying(token.content or "image")
        elif token.type == "code_inline":
            yield replace(style, text=token.content, emphasis=True)
        elif token.content:
            yield style.saying(token.content)


def _restyled(style: Run, token: Token) -> Run:
    """Return the style behind a token that opens or closes a link or an emphasis."""
    opens = token.nesting > 0
    if token.tag == "a":
        return replace(style, url=str(token.attrs.get("href", "")) if opens else None)
    if token.tag == "strong":
        return replace(style, strong=opens)
    return replace(style, emphasis=opens) if token.tag == "em" else style
