"""A bounded amount of Markdown as blocks of lines: the words of a proposal.

The text is untrusted, so the cost of everything here is linear in its length, with a small factor:
the text is cut first, nesting is low, and the parser's rules that look far ahead are off where
they would look too often. Tables are read from their lines, not by the parser's rule, which fills
up every short row. A whole README is read by `readme_blocks`.
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
    """What a block is."""

    HEADING = "heading"
    CLOSING = "closing"
    ROW = "row"
    ITEM = "item"
    TEXT = "text"
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines of a text that form one block.

    Attributes:
        kind: heading, end of a foldable part, table row, list item, paragraph or code.
        line: where it begins, counted from 1.
        end: its last line.
        text: its Markdown, lines joined by line ends, empty ones left out; of a row the whole row.
        numbers: of the lines of `text`, where some were left out or several were read.
        lines: what a reader sees of it; only blocks of a proposal have it, at least one line.
        items: serial numbers of the list items around it, the outermost first.
        level: depth of a heading; indentation of an item.
        cells: cells of a row.
        header: cells of the table's first row, where it has one.
        quoted: whether it is a quotation.
    """

    kind: BlockKind
    line: int
    end: int
    text: str
    numbers: tuple[int, ...] = ()
    lines: tuple[Line, ...] = ()
    items: tuple[int, ...] = ()
    level: int = 0
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundedText:
    """The part of a text that is read.

    Attributes:
        text: with the line feed as its only line break.
        cut: whether anything came after it.
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
    kind = BlockKind.TEXT
    first, last = 0, 0
    for token in parse_tokens(text):
        first, last = token.map or (first, last)
        if token.type == "list_item_open":
            serial += 1
            items.append(serial)
        elif token.type == "list_item_close":
            items.pop()
        elif token.type in {"blockquote_open", "blockquote_close"}:
            quotes += token.nesting
        elif token.type in {"heading_open", "heading_close"}:
            kind = BlockKind.HEADING if token.nesting > 0 else BlockKind.TEXT
        elif lines := tuple(split_lines(_runs(token))):
            is_code = token.type in {"fence", "code_block"}
            blocks.append(
                Block(
                    kind=BlockKind.CODE if is_code else kind,
                    line=first + 1,
                    end=last,
                    text=token.content,
                    lines=lines,
                    items=tuple(items),
                    quoted=quotes > 0,
                )
            )
    return tuple(blocks)


def _runs(token: Token) -> Iterator[Run]:
    if token.type == "inline":
        yield from token_runs(token.children or ())
    elif token.type == "html_block":
        yield from html_runs(token.content)
    elif token.type in {"fence", "code_block"}:
        yield Run(text=token.content)
