"""A README cut into headings, table rows, list items and paragraphs, each with its line.

Read by lines, since hand-kept lists are only nearly Markdown: rows lack pipes or cells, a blank
line interrupts a table, a bold line does a heading's work. Code blocks and HTML comments are no
part of what a reader sees and are left out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kdbot.intake.html_tables import blank_html_tables
from kdbot.intake.inline import parse_definition

PSEUDO_LEVEL = 7
"""Level of the first heading that is none to Markdown: below all that are."""

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|(?<=##)(?=\w))(.*?)[ \t]*#*[ \t]*")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_HTML_HEADING = re.compile(r"\s*(?:<(?:div|p|center|a)\b[^<>]*>\s*)*<h([1-6])\b[^<>]*>(.*)", re.I)
_SUMMARY = re.compile(r"<summary\b[^<>]*>(.*?)(?:</summary>|\Z)", re.I | re.S)
_DETAILS_END = re.compile(r"</details>", re.I)
_ITEM = re.compile(r"([ \t]*)(?:[-*+•–]|[0-9]{1,4}[.)])[ \t]+(.*)")
_HTML_ITEM = re.compile(r"([ \t]*)(?:<[uo]l\b[^<>]*>\s*)*<li\b[^<>]*>(.*)", re.I)
_DELIMITER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*")
_BOLD_LINE = re.compile(
    r"\s*(?:(\*\*\*|\*\*|__)(?P<md>(?:(?!\1).)+)\1|<(b|strong)>(?P<html>[^<>]+)</\3>)"
    r"\s*[:：]?\s*(?:<br\s*/?>)?\s*",
    re.I,
)
_BAR = re.compile(r"(?<!\\)\|")


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
        text: its Markdown, lines joined by line ends; of a row the whole row.
        level: depth of a heading; indentation of an item.
        cells: cells of a row.
        header: cells of the table's first row, where it has one.
    """

    kind: BlockKind
    line: int
    text: str
    level: int = 0
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeBlocks:
    """A README's blocks in their order, and its link definitions."""

    blocks: tuple[ReadmeBlock, ...]
    references: Mapping[str, str]


def scan_blocks(text: str) -> ReadmeBlocks:
    """Cut a README into blocks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _COMMENT.sub(lambda m: "\n" * m[0].count("\n"), text)
    text, tables = blank_html_tables(text)
    scanner = _Scanner()
    for number, line in enumerate(text.split("\n"), 1):
        scanner.read(number, line)
        for table_row in tables.get(number, ()):
            scanner.add_row(table_row.line, table_row.cells, table_row.header)
    scanner.close()
    return ReadmeBlocks(
        blocks=tuple(_with_item_headings(scanner.blocks)), references=scanner.references
    )


def split_row(line: str, columns: int = 0) -> tuple[str, ...]:
    """Cut a row into cells, the outer pipes dropped.

    A pipe inside a link's text or between dollar signs ends a cell on GitHub; where that makes
    more cells than the table has columns, the cell is put together again.

    Args:
        line: the row.
        columns: how many columns the table has; 0 where that is not known.
    """
    text = line.strip()
    text = text[1:] if text.startswith("|") else text
    text = text[:-1] if text.endswith("|") and not text.endswith("\\|") else text
    cells = _BAR.split(text)
    if columns and len(cells) > columns:
        cells = list(_rejoined(cells, len(cells) - columns))
    return tuple(cell.strip().replace("\\|", "|") for cell in cells)


def _rejoined(cells: list[str], spare: int) -> Iterator[str]:
    current = ""
    for cell in cells:
        current = f"{current}\\|{cell}" if current else cell
        is_open = current.count("[") > current.count("]") or current.count("$") % 2
        if is_open and spare > 0:
            spare -= 1
            continue
        yield current
        current = ""
    if current:
        yield current


@dataclass(slots=True)
class _Scanner:
    """Reads line by line and keeps the block that is still open."""

    blocks: list[ReadmeBlock] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    _open: ReadmeBlock | None = None
    _fence: str = ""
    _header: tuple[str, ...] = ()
    _folds: list[bool] = field(default_factory=list)
    _after_blank: bool = False

    def read(self, number: int, line: str) -> None:
        if self._in_fence(line):
            return
        line = re.sub(r"^( {0,3}>[ \t]?)+", "", line)
        if not line.strip():
            self._after_blank = True
            if self._open is None or self._open.kind is not BlockKind.ITEM:
                self.close()
            return
        if definition := parse_definition(line):
            self.references.setdefault(*definition)
            return
        self._block(number, line)
        self._after_blank = False

    def _in_fence(self, line: str) -> bool:
        match = _FENCE.match(line)
        if not self._fence and match:
            self.close()
            self._fence = match[1]
            return True
        if self._fence:
            if match and match[1].startswith(self._fence) and not line.strip().strip(match[1][0]):
                self._fence = ""
            return True
        return False

    def _block(self, number: int, line: str) -> None:
        if match := _ATX.fullmatch(line):
            self._heading(number, len(match[1]), match[2])
        elif match := _HTML_HEADING.match(line):
            self._heading(number, int(match[1]), match[2])
        elif self._open and self._open.kind is BlockKind.TEXT and self._underlines(line):
            pass
        elif _RULE.fullmatch(line):
            self.close()
        elif match := _ITEM.fullmatch(line) or _HTML_ITEM.match(line):
            self.close()
            level = len(match[1].expandtabs(4))
            self._open = ReadmeBlock(kind=BlockKind.ITEM, line=number, text=match[2], level=level)
        elif self._fold(number, line):
            pass
        elif self._row(number, line):
            pass
        else:
            self._words(number, line)

    def _heading(self, number: int, level: int, text: str) -> None:
        self.close()
        self._header = ()
        self.blocks.append(
            ReadmeBlock(kind=BlockKind.HEADING, line=number, text=text.strip(), level=level)
        )

    def _underlines(self, line: str) -> bool:
        """Take the open paragraph for a heading or a table's first row where this line says so."""
        block = self._open
        if block is None or "\n" in block.text:
            return False
        if _DELIMITER.fullmatch(line) and _BAR.search(block.text):
            self._open = None
            self._header = split_row(block.text)
            return True
        match = _SETEXT.fullmatch(line)
        if match and "](" not in block.text and not self._after_blank:
            self._open = None
            self._heading(block.line, 1 if match[1].startswith("=") else 2, block.text)
            return True
        return False

    def _row(self, number: int, line: str) -> bool:
        """Read a table's row; a line with pipes behind a paragraph's first is not yet one."""
        if _DELIMITER.fullmatch(line) and "|" in line:
            if self._open and _BAR.search(self._open.text):
                self._underlines(line)
            elif self.blocks and self.blocks[-1].kind is BlockKind.ROW:
                row = self.blocks[-1]
                if row.line == number - 1 and not self._after_blank:
                    self._header = self.blocks.pop().cells
            return True
        stripped = line.lstrip()
        in_table = bool(self._header) and _BAR.search(line) and not self._after_blank
        if not stripped.startswith("|") and not (in_table and self._follows_row(number)):
            return False
        self.add_row(number, split_row(line, len(self._header)), self._header, line.strip())
        return True

    def _follows_row(self, number: int) -> bool:
        last = self.blocks[-1] if self.blocks else None
        return self._open is None and (
            last is None or last.kind is not BlockKind.ROW or last.line >= number - 1
        )

    def add_row(
        self, number: int, cells: tuple[str, ...], header: tuple[str, ...], text: str = ""
    ) -> None:
        self.close()
        text = text or " | ".join(cells)
        self.blocks.append(
            ReadmeBlock(kind=BlockKind.ROW, line=number, text=text, cells=cells, header=header)
        )

    def _fold(self, number: int, line: str) -> bool:
        """Read the title of a foldable part for a heading that ends with the part."""
        if self._open and self._open.kind is BlockKind.ITEM:
            inside = line[:1].isspace() or not self._after_blank
            if inside:
                return False
        if match := _SUMMARY.search(line):
            self._heading(number, PSEUDO_LEVEL + 1 + len(self._folds), match[1])
            self._folds.append(True)
        elif _DETAILS_END.search(line) and self._folds:
            self.close()
            self._folds.pop()
            self.blocks.append(
                ReadmeBlock(
                    kind=BlockKind.CLOSING,
                    line=number,
                    text="",
                    level=PSEUDO_LEVEL + 1 + len(self._folds),
                )
            )
        else:
            return "<details" in line.lower() or line.strip().lower() in {"<ul>", "</ul>", "</li>"}
        return True

    def _words(self, number: int, line: str) -> None:
        block = self._open
        indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        if block and block.kind is BlockKind.ITEM and self._after_blank and indent <= block.level:
            self.close()
            block = None
        match = _BOLD_LINE.fullmatch(line)
        if block is None and match and self._is_title(match["md"] or match["html"]):
            self._heading(number, PSEUDO_LEVEL, match["md"] or match["html"])
        elif block is None:
            self._open = ReadmeBlock(kind=BlockKind.TEXT, line=number, text=line.strip())
        else:
            self._open = replace(block, text=f"{block.text}\n{line.strip()}")

    def _is_title(self, text: str) -> bool:
        return "](" not in text and len(text) <= 80

    def close(self) -> None:
        if self._open is not None:
            self.blocks.append(self._open)
            self._open = None


def _with_item_headings(blocks: list[ReadmeBlock]) -> Iterator[ReadmeBlock]:
    """Take a list item without a link for a heading where deeper items follow."""
    for index, block in enumerate(blocks):
        below = blocks[index + 1] if index + 1 < len(blocks) else None
        is_heading = (
            block.kind is BlockKind.ITEM
            and below is not None
            and below.kind is BlockKind.ITEM
            and below.level > block.level
            and "](" not in block.text
            and "http" not in block.text
            and len(block.text) <= 120
        )
        level = PSEUDO_LEVEL + 20 + block.level
        yield replace(block, kind=BlockKind.HEADING, level=level) if is_heading else block
