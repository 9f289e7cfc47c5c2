"""One block of a README, and the headings that are none to Markdown."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from kdbot.intake.lists.listed_paper import is_label, is_link, words_of
from kdbot.intake.markdown.inline import parse_inline

PSEUDO_LEVEL = 7
"""Level of the first heading that is none to Markdown: below all that are."""

ITEM_LEVEL = PSEUDO_LEVEL + 20
"""Level of a list item at the left edge that does a heading's work; an indented one is deeper."""

_MAX_HEADING = 80
_MAX_ITEM_HEADING = 120
_MAX_LINK_LINE = 600
_MAX_LABEL_WORDS = 4
_BOLD_LINE = re.compile(
    r"\s*(?:(\*\*\*|\*\*|__)(?P<md>(?:(?!\1).)+)\1|<(b|strong)>(?P<html>[^<>]+)</\3>)\s*[:：]?\s*",
    re.IGNORECASE,
)
_FOOTNOTE_MARK = re.compile(r"(?<!\\)\[\^([^\[\]\s]{1,40})\](?!\()")
_BELOW_HEADING = re.compile(r"\s*(?:$|[|#<]|(?:[-*+•–]|[0-9]{1,4}[.)])\s)")


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    CLOSING = "closing"
    ROW = "row"
    ITEM = "item"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeBlock:
    """One block of a README.

    Attributes:
        kind: heading, end of a foldable part, table row, list item or paragraph.
        line: where it begins, counted from 1.
        end: its last line.
        text: its Markdown, lines joined by line ends; of a row the whole row.
        level: depth of a heading; indentation of an item.
        cells: cells of a row.
        header: cells of the table's first row, where it has one.
        quoted: whether a quotation's mark stands before its first line.
    """

    kind: BlockKind
    line: int
    end: int
    text: str
    level: int = 0
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    quoted: bool = False


def bold_heading(line: str, below: str) -> str | None:
    """Return the words of a bold line that does a heading's work; `below` is the next line."""
    match = _BOLD_LINE.fullmatch(line) if len(line) <= 4 * _MAX_HEADING else None
    text = (match["md"] or match["html"]) if match else None
    is_heading = text and "](" not in text and len(text) <= _MAX_HEADING
    return text if is_heading and _BELOW_HEADING.match(below) else None


def with_link_lines(blocks: Sequence[ReadmeBlock]) -> Iterator[ReadmeBlock]:
    """Join an item with the deeper items below it that hold nothing but its links.

    (`- Title. Venue` with `- Paper: https://…` and `- [code](…)` below.)
    """
    last: ReadmeBlock | None = None
    for block in blocks:
        is_more = (
            last is not None
            and last.kind is block.kind is BlockKind.ITEM
            and block.level > last.level
            and _holds_only_links(block.text)
        )
        if is_more and last is not None:
            last = replace(last, text=f"{last.text}\n{block.text}", end=block.end)
            continue
        if last is not None:
            yield last
        last = block
    if last is not None:
        yield last


def _holds_only_links(text: str) -> bool:
    if "http" not in text or len(text) > _MAX_LINK_LINE:
        return False
    runs = parse_inline(text)
    links = [run for run in runs if is_link(run)]
    words = words_of([run for run in runs if not is_label(run)])
    return bool(links) and all(map(is_label, links)) and len(words.split()) <= _MAX_LABEL_WORDS


def with_item_headings(blocks: Sequence[ReadmeBlock]) -> Iterator[ReadmeBlock]:
    """Take a list item without a link for a heading where deeper items follow."""
    for block, below in zip_longest(blocks, blocks[1:]):
        is_heading = (
            block.kind is BlockKind.ITEM
            and below is not None
            and below.kind is BlockKind.ITEM
            and below.level > block.level
            and "](" not in block.text
            and "http" not in block.text
            and len(block.text) <= _MAX_ITEM_HEADING
        )
        level = ITEM_LEVEL + block.level
        yield replace(block, kind=BlockKind.HEADING, level=level) if is_heading else block


def with_footnotes(
    blocks: Iterable[ReadmeBlock], footnotes: Mapping[str, str]
) -> Iterator[ReadmeBlock]:
    """Put a footnote that holds an address in the place of its mark; other marks go."""

    def note(match: re.Match[str]) -> str:
        text = footnotes.get(match[1], "")
        return f" {text}" if "http" in text and text not in match.string else ""

    for block in blocks:
        if "[^" not in block.text:
            yield block
            continue
        yield replace(
            block,
            text=_FOOTNOTE_MARK.sub(note, block.text),
            cells=tuple(_FOOTNOTE_MARK.sub(note, cell) for cell in block.cells),
        )
