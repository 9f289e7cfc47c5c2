"""A README cut into headings, table rows, list items and paragraphs, each with its line.

Read by lines and not by CommonMark's rules, since hand-kept lists are only nearly Markdown: rows
lack pipes or cells, an empty line interrupts a table, a bold line does a heading's work. Code and
HTML comments are no part of what a reader sees and are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kdbot.intake.markdown.blocks import Block, BlockKind
from kdbot.intake.markdown.inline import References, take_definition
from kdbot.intake.markdown.tables import has_bar, is_delimiter, split_row, take_html_tables

_PSEUDO_LEVEL = 7
"""Level of the first heading that is none to Markdown: below all that are."""

MAX_LEVEL = _PSEUDO_LEVEL + 19
"""Deepest level of such a heading: that of a part folded in many others."""

_MAX_HEADING = 80
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_QUOTE = re.compile(r"(?: {0,3}>[ \t]?)+")
_FOOTNOTE = re.compile(r" {0,3}\[\^([^\[\]\s]{1,40})\]:[ \t]*(.*)")
_FOOTNOTE_MARK = re.compile(r"(?<!\\)\[\^([^\[\]\s]{1,40})\](?!\()")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|(?<=##)(?=\w)|$)(.*)")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_HTML_HEADING = re.compile(
    r"\s*(?:<(?:div|p|center|a)\b[^<>]*>\s*)*<h([1-6])\b[^<>]*>(.*)", re.IGNORECASE
)
_BOLD_LINE = re.compile(
    r"\s*(?:(\*\*\*|\*\*|__)(?P<md>(?:(?!\1).)+)\1|<(b|strong)>(?P<html>[^<>]+)</\3>)\s*[:：]?\s*",
    re.IGNORECASE,
)
_BELOW_HEADING = re.compile(r"\s*(?:$|[|#<]|(?:[-*+•–]|[0-9]{1,4}[.)])\s)")
_SUMMARY = re.compile(r"<summary\b[^<>]*>(.*?)(?:</summary>|\Z)", re.IGNORECASE)
_DETAILS_END = re.compile(r"</details>", re.IGNORECASE)
_ITEM = re.compile(r"([ \t]*)(?:[-*+•–]|[0-9]{1,4}[.)])[ \t]+(.*)")
_HTML_ITEM = re.compile(r"([ \t]*)(?:<[uo]l\b[^<>]*>\s*)*<li\b[^<>]*>(.*)", re.IGNORECASE)
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*")
_NO_CONTENT = frozenset({"<ul>", "</ul>", "<ol>", "</ol>", "</li>", "</p>", "<p>", "</div>"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeBlocks:
    """A README's blocks in their order, and its link definitions."""

    blocks: tuple[Block, ...]
    references: References


def scan_readme(text: str) -> ReadmeBlocks:
    """Cut a README into blocks; a footnote takes the place of its mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _COMMENT.sub(lambda m: "\n" * m[0].count("\n"), text)
    text, tables = take_html_tables(text)
    scanner = _Scanner()
    lines = text.split("\n")
    for number, (line, below) in enumerate(zip(lines, [*lines[1:], ""], strict=True), 1):
        scanner.read(number, line, below)
        for row in tables.get(number, ()):
            scanner.add_row(row.line, " | ".join(row.cells), row.cells, row.header)
    scanner.close()
    return ReadmeBlocks(blocks=tuple(scanner.with_footnotes()), references=scanner.references)


@dataclass(slots=True)
class _Scanner:
    """Reads line by line and keeps the block that is still open."""

    blocks: list[Block] = field(default_factory=list)
    references: References = field(default_factory=dict)
    _footnotes: dict[str, str] = field(default_factory=dict)
    _open: Block | None = None
    _more: list[tuple[int, str]] = field(default_factory=list)
    _fence: str = ""
    _header: tuple[str, ...] = ()
    _folds: int = 0
    _after_empty: bool = True
    _quoted: bool = False

    def read(self, number: int, line: str, below: str) -> None:
        if self._in_fence(line):
            return
        if quote := _QUOTE.match(line):
            line = line[quote.end() :]
        self._quoted = quote is not None
        if not line.strip():
            self._after_empty = True
            if not self._in_item:
                self.close()
        elif footnote := _FOOTNOTE.match(line):
            self._footnotes.setdefault(footnote[1], footnote[2])
        elif not take_definition(line, self.references):
            self._line(number, line, below)
            self._after_empty = False

    def close(self) -> None:
        block = self._open
        if block is not None and self._more:
            text = "\n".join([block.text, *(line for _, line in self._more)])
            block = replace(block, text=text, end=self._more[-1][0])
        if block is not None:
            self.blocks.append(block)
        self._open = None
        self._more = []

    def add_row(
        self, number: int, text: str, cells: tuple[str, ...], header: tuple[str, ...]
    ) -> None:
        self._add(replace(self._block(BlockKind.ROW, number, text), cells=cells, header=header))

    def with_footnotes(self) -> Iterator[Block]:
        """Put a footnote that holds an address in the place of its mark; other marks go."""

        def note(match: re.Match[str]) -> str:
            text = self._footnotes.get(match[1], "")
            return f" {text}" if "http" in text and text not in match.string else ""

        for block in self.blocks:
            if "[^" not in block.text:
                yield block
                continue
            cells = tuple(_FOOTNOTE_MARK.sub(note, cell) for cell in block.cells)
            yield replace(block, text=_FOOTNOTE_MARK.sub(note, block.text), cells=cells)

    @property
    def _in_item(self) -> bool:
        return self._open is not None and self._open.kind is BlockKind.ITEM

    def _block(self, kind: BlockKind, number: int, text: str, level: int = 0) -> Block:
        return Block(
            kind=kind, line=number, end=number, text=text, level=level, quoted=self._quoted
        )

    def _add(self, block: Block) -> None:
        self.close()
        self.blocks.append(block)

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
            self._open = self._block(BlockKind.ITEM, number, match[2], level)
        elif not self._fold(number, line) and not self._row(number, line):
            self._words(number, line, below)

    def _heading(self, number: int, level: int, text: str) -> None:
        self._header = ()
        self._add(self._block(BlockKind.HEADING, number, text.strip(), level))

    def _underlines(self, line: str) -> bool:
        """Take the open line for a heading or a table's first row where this line says so."""
        block = self._open
        if block is None or block.kind is not BlockKind.TEXT or self._more:
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
        in_table = bool(self._header) and has_bar(line) and not self._after_empty
        if not line.lstrip().startswith("|") and not (in_table and self._open is None):
            return False
        self.add_row(number, line.strip(), split_row(line, len(self._header)), self._header)
        return True

    def _fold(self, number: int, line: str) -> bool:
        """Read the title of a foldable part for a heading that ends with the part."""
        if self._in_item and (line[:1].isspace() or not self._after_empty):
            return False
        level = min(_PSEUDO_LEVEL + 1 + self._folds, MAX_LEVEL)
        if match := _SUMMARY.search(line):
            self._folds += 1
            self._heading(number, level, match[1])
        elif _DETAILS_END.search(line) and self._folds:
            self._folds -= 1
            level = min(_PSEUDO_LEVEL + 1 + self._folds, MAX_LEVEL)
            self._add(self._block(BlockKind.CLOSING, number, "", level))
        else:
            return "<details" in line.lower() or line.strip().lower() in _NO_CONTENT
        return True

    def _words(self, number: int, line: str, below: str) -> None:
        expanded = line.expandtabs(4)
        indent = len(expanded) - len(expanded.lstrip())
        if self._open and self._in_item and self._after_empty and indent <= self._open.level:
            self.close()
        if self._open is not None:
            self._more.append((number, line.strip()))
        elif title := _bold_heading(line, below):
            self._heading(number, _PSEUDO_LEVEL, title)
        else:
            self._open = self._block(BlockKind.TEXT, number, line.strip())


def _bold_heading(line: str, below: str) -> str | None:
    """Return the words of a bold line that does a heading's work; `below` is the next line."""
    match = _BOLD_LINE.fullmatch(line) if len(line) <= 4 * _MAX_HEADING else None
    text = (match["md"] or match["html"]) if match else None
    is_heading = text and "](" not in text and len(text) <= _MAX_HEADING
    return text if is_heading and _BELOW_HEADING.match(below) else None
