"""Read a bounded amount of Markdown as lines of text with their links.

A stranger writes the text, so nothing here may cost more than a small multiple of its length:
what is read is cut first, nesting is low, and the parser's rules that nothing needs are off.
Tables are read from their lines, not by the parser's rule, which fills up every short row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from markdown_it.token import Token

from kdbot.intake.markdown.inline import html_runs, make_parser, token_runs
from kdbot.intake.markdown.lines import Line, Run, split_lines

MAX_CHARACTERS = 20_000
MAX_LINES = 1_000
# Matching a tag or a link looks ahead to the end of the text from each `<` and each `[`; no
# proposal that is read to its end has so many.
_MAX_TAG_STARTS = 400
_MAX_BRACKETS = 1_000

_BREAKS = str.maketrans(dict.fromkeys("\r\u0085\u2028\u2029", "\n") | dict.fromkeys("\v\f\0", " "))


class BlockKind(StrEnum):
    """What a block of lines is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that stand together.

    Attributes:
        kind: paragraph, heading or code.
        lines: at least one.
        items: serial numbers of the list items around it, the outermost first.
        quoted: whether it is quoted from somebody else.
    """

    kind: BlockKind
    lines: tuple[Line, ...]
    items: tuple[int, ...] = ()
    quoted: bool = False


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
    few_tags, few_links = text.count("<") <= _MAX_TAG_STARTS, text.count("[") <= _MAX_BRACKETS
    return make_parser(tags=few_tags, links=few_links).parse(text)


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
        yield from split_lines(token_runs(token.children or ()))
    elif token.type == "html_block":
        yield from split_lines(html_runs(token.content))
    elif token.type in {"fence", "code_block"}:
        yield from split_lines([Run(text=token.content)])
