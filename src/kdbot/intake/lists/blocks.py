"""A README cut into headings, table rows, list items and paragraphs, each with its line.

Read by lines, since hand-kept lists are only nearly Markdown: rows lack pipes or cells, a blank
line interrupts a table, a bold line does a heading's work. Code blocks and HTML comments are no
part of what a reader sees and are left out.
"""

import re
from dataclasses import dataclass, field, replace

from kdbot.intake.lists.block import (
    PSEUDO_LEVEL,
    BlockKind,
    ReadmeBlock,
    bold_heading,
    with_footnotes,
    with_item_headings,
    with_link_lines,
)
from kdbot.intake.lists.html_tables import HtmlRow, blank_html_tables
from kdbot.intake.markdown.inline import References, take_definition
from kdbot.intake.markdown.tables import has_bar, is_delimiter, split_row

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_QUOTE = re.compile(r"(?: {0,3}>[ \t]?)+")
_FOOTNOTE = re.compile(r" {0,3}\[\^([^\[\]\s]{1,40})\]:[ \t]*(.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|(?<=##)(?=\w)|$)(.*)")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_HTML_HEADING = re.compile(
    r"\s*(?:<(?:div|p|center|a)\b[^<>]*>\s*)*<h([1-6])\b[^<>]*>(.*)", re.IGNORECASE
)
_SUMMARY = re.compile(r"<summary\b[^<>]*>(.*?)(?:</summary>|\Z)", re.IGNORECASE)
_DETAILS_END = re.compile(r"</details>", re.IGNORECASE)
_ITEM = re.compile(r"([ \t]*)(?:[-*+•–]|[0-9]{1,4}[.)])[ \t]+(.*)")
_HTML_ITEM = re.compile(r"([ \t]*)(?:<[uo]l\b[^<>]*>\s*)*<li\b[^<>]*>(.*)", re.IGNORECASE)
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*")
_NO_CONTENT = frozenset({"<ul>", "</ul>", "<ol>", "</ol>", "</li>", "</p>", "<p>", "</div>"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeBlocks:
    """A README's blocks in their order, and its link definitions."""

    blocks: tuple[ReadmeBlock, ...]
    references: References


def scan_blocks(text: str) -> ReadmeBlocks:
    """Cut a README into blocks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _COMMENT.sub(lambda m: "\n" * m[0].count("\n"), text)
    text, tables = blank_html_tables(text)
    scanner = _Scanner()
    lines = text.split("\n")
    for number, (line, below) in enumerate(zip(lines, [*lines[1:], ""], strict=True), 1):
        scanner.read(number, line, below)
        for row in tables.get(number, ()):
            scanner.add_html_row(row)
    scanner.close()
    joined = list(with_link_lines(scanner.blocks))
    blocks = with_footnotes(with_item_headings(joined), scanner.footnotes)
    return ReadmeBlocks(blocks=tuple(blocks), references=scanner.references)


@dataclass(slots=True)
class _Scanner:
    """Reads line by line and keeps the block that is still open."""

    blocks: list[ReadmeBlock] = field(default_factory=list)
    references: References = field(default_factory=dict)
    footnotes: dict[str, str] = field(default_factory=dict)
    _open: ReadmeBlock | None = None
    _fence: str = ""
    _header: tuple[str, ...] = ()
    _folds: int = 0
    _after_blank: bool = True
    _quoted: bool = False

    def read(self, number: int, line: str, below: str) -> None:
        if self._in_fence(line):
            return
        if quote := _QUOTE.match(line):
            line = line[quote.end() :]
        self._quoted = quote is not None
        if not line.strip():
            self._after_blank = True
            if self._open is None or self._open.kind is not BlockKind.ITEM:
                self.close()
            return
        if take_definition(line, self.references) or self._take_footnote(line):
            return
        self._line(number, line, below)
        self._after_blank = False

    def _take_footnote(self, line: str) -> bool:
        match = _FOOTNOTE.match(line)
        if match is not None:
            self.footnotes.setdefault(match[1], match[2])
        return match is not None

    def close(self) -> None:
        if self._open is not None:
            self.blocks.append(self._open)
            self._open = None

    def add_html_row(self, row: HtmlRow) -> None:
        text = " | ".join(row.cells)
        self._add(BlockKind.ROW, row.line, text, cells=row.cells, header=row.header)

    def _in_fence(self, line: str) -> bool:
        match = _FENCE.match(line)
        if self._fence:
            if match and match[1].startswith(self._fence) and not line.strip().strip(match[1][0]):
                self._fence = ""
            return True
        if match:
            self.close()
            self._fence = match[1]
        return match is not None

    def _line(self, number: int, line: str, below: str) -> None:
        if match := _ATX.fullmatch(line):
            self._heading(number, len(match[1]), match[2].rstrip("# \t"))
        elif match := _HTML_HEADING.match(line):
            self._heading(number, int(match[1]), match[2])
        elif self._underlines(line):
            pass
        elif _RULE.fullmatch(line):
            self.close()
        elif match := _ITEM.fullmatch(line) or _HTML_ITEM.match(line):
            self.close()
            level = len(match[1].expandtabs(4))
            self._open = ReadmeBlock(
                kind=BlockKind.ITEM, line=number, end=number, text=match[2], level=level
            )
        elif not self._fold(number, line) and not self._row(number, line):
            self._words(number, line, below)

    def _add(self, kind: BlockKind, number: int, text: str, **more: object) -> None:
        self.close()
        block = ReadmeBlock(kind=kind, line=number, end=number, text=text)
        self.blocks.append(replace(block, **more))  # type: ignore[arg-type]

    def _heading(self, number: int, level: int, text: str) -> None:
        self._header = ()
        self._add(BlockKind.HEADING, number, text.strip(), level=level)

    def _underlines(self, line: str) -> bool:
        """Take the open line for a heading or a table's first row where this line says so."""
        block = self._open
        if block is None or block.kind is not BlockKind.TEXT or block.end != block.line:
            return False
        if is_delimiter(line) and has_bar(block.text):
            self._open = None
            self._header = split_row(block.text)
            return True
        match = _SETEXT.fullmatch(line)
        if match and "](" not in block.text:
            self._open = None
            self._heading(block.line, 1 if match[1].startswith("=") else 2, block.text)
        return match is not None

    def _row(self, number: int, line: str) -> bool:
        """Read a table's row; a line without an outer pipe is one only behind another row."""
        last = self.blocks[-1] if self.blocks and self._open is None else None
        if is_delimiter(line) and has_bar(line):
            if last and last.kind is BlockKind.ROW and last.end == number - 1:
                self._header = self.blocks.pop().cells
            return True
        in_table = bool(self._header) and has_bar(line) and not self._after_blank
        if not line.lstrip().startswith("|") and not (in_table and self._open is None):
            return False
        cells = split_row(line, len(self._header))
        self._add(BlockKind.ROW, number, line.strip(), cells=cells, header=self._header)
        return True

    def _fold(self, number: int, line: str) -> bool:
        """Read the title of a foldable part for a heading that ends with the part."""
        in_item = self._open is not None and self._open.kind is BlockKind.ITEM
        if in_item and (line[:1].isspace() or not self._after_blank):
            return False
        level = PSEUDO_LEVEL + 1 + self._folds
        if match := _SUMMARY.search(line):
            self._folds += 1
            self._heading(number, level, match[1])
        elif _DETAILS_END.search(line) and self._folds:
            self._folds -= 1
            self._add(BlockKind.CLOSING, number, "", level=level - 1)
        else:
            return "<details" in line.lower() or line.strip().lower() in _NO_CONTENT
        return True

    def _words(self, number: int, line: str, below: str) -> None:
        block = self._open
        expanded = line.expandtabs(4)
        indent = len(expanded) - len(expanded.lstrip())
        if block and block.kind is BlockKind.ITEM and self._after_blank and indent <= block.level:
            self.close()
            block = None
        title = bold_heading(line, below) if block is None else None
        if title:
            self._heading(number, PSEUDO_LEVEL, title)
        elif block is None:
            self._open = ReadmeBlock(
                kind=BlockKind.TEXT,
                line=number,
                end=number,
                text=line.strip(),
                quoted=self._quoted,
            )
        else:
            self._open = replace(block, text=f"{block.text}\n{line.strip()}", end=number)
