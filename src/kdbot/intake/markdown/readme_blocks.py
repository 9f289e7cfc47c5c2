"""A README cut into headings, table rows, list items and paragraphs, each with its line.

It is read by lines, not by CommonMark's rules, since hand-kept lists are only nearly Markdown: rows
lack pipes or cells, an empty line interrupts a table, a bold line does a heading's work. Code and
HTML comments are no part of what a reader sees and are left out.

Of HTML only the tags that make a table are read; the content of a cell stays as it was
written.
They are read by one expression that never looks twice at a character: the standard library's parser
takes quadratic time for tags that do not close.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kdbot.intake.markdown.blocks import Block, BlockKind
from kdbot.intake.markdown.inline import References, parse_inline, take_definition
from kdbot.intake.markdown.lines import Run

BOLD_LEVEL = 7
"""Level of the first heading that Markdown does not know: below all that it does."""

MAX_LEVEL = BOLD_LEVEL + 19
"""Deepest level of such a heading: that of a part folded in many others."""

_MAX_HEADING = 80
# One that begins inside a paragraph or a block of HTML ends with it, at an empty line.
_COMMENT = re.compile(
    r"^ {0,3}<!--.*?(?:-->|\Z)|<!--(?:(?!\n[ \t]*\n).)*?(?:-->|(?=\n[ \t]*\n)|\Z)",
    re.DOTALL | re.MULTILINE,
)
_QUOTE = re.compile(r"(?: {0,3}>[ \t]?)+")
_FOOTNOTE = re.compile(r" {0,3}\[\^([^\[\]\s]{1,40})\]:[ \t]*(.*)")
_FOOTNOTE_MARK = re.compile(r"(?<!\\)\[\^([^\[\]\s]{1,40})\](?!\()")
# Behind backticks that open a block of code none follow: "```2023/06``` [paper]" is words.
_FENCE = re.compile(r" {0,3}(`{3,}(?!.*`)|~{3,})")
# A no-break space, or no space after several marks, makes no heading but is meant to.
_ATX = re.compile(r" {0,3}(#{1,6})(?:\s+|(?<=##)(?=[\w\[])|$)(.*)")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_HTML_HEADING = re.compile(
    r"\s*(?:<(?:div|p|center|a)\b[^<>]*>\s*)*<h([1-6])\b[^<>]*>(.*)", re.IGNORECASE
)
_BOLD_LINE = re.compile(
    r"\s*(?::[a-z0-9_+-]{2,40}:\s*)?(?:(\*\*\*|\*\*|__)(?P<md>(?:(?!\1).)+)\1|<(b|strong)>(?P<html>[^<>]+)</\3>)\s*[:：]?\s*",
    re.IGNORECASE,
)
_BELOW_HEADING = re.compile(r"\s*(?:$|[|#<]|(?:[-*+•–]|[0-9]{1,4}[.)])\s)")
_SUMMARY = re.compile(r"<summary\b[^<>]*>(.*?)(?:</summary>|\Z)", re.IGNORECASE)
_DETAILS_END = re.compile(r"</details>", re.IGNORECASE)
_ITEM = re.compile(r"([ \t]*)(?:--?|[*+•–]|[0-9]{1,4}[.)])[ \t]+(.*)")
# No Markdown, but meant as an item: a mark without a space, and no second star that it opens.
_TIGHT_ITEM = re.compile(
    r"([ \t]*)(?:(?:[-+]|[0-9]{1,3}[.)])(?=[\[(`\"“]|\*\*)"
    r"|\*(?=[\[A-Z])(?=[^*]*(?:\*[^*]*\*[^*]*)*$))(.*)"
)
_HTML_ITEM = re.compile(r"([ \t]*)(?:<[uo]l\b[^<>]*>\s*)*<li\b[^<>]*>(.*)", re.IGNORECASE)
_ITEMS = (_ITEM, _HTML_ITEM, _TIGHT_ITEM)
# Some write words into a rule: `--- Before 2020 ---`.
_RULE = re.compile(
    r" {0,3}(?:([-*_])(?:[ \t]*\1){2,}[ \t]*|([-=])\2{2,}[ \t]*\w[^\[\]|]{1,80}\2{3,}[ \t]*\\?)"
)
_NO_CONTENT = frozenset({"<ul>", "</ul>", "<ol>", "</ol>", "</li>", "</p>", "<p>", "</div>"})


_DELIMITER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*")
_MAX_DELIMITER = 1_000
_MAX_CELLS = 60
_BAR = re.compile(r"(?<!\\)\|")

_TABLE = re.compile(
    r"<table\b.*?(?:</table\s*>|\Z)|<tr\b[^<>]*>.*?(?:</tr\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<(?P<end>/?)(?P<name>table|tr|td|th)\b(?P<attributes>[^<>]*)>", re.IGNORECASE)
_ROWSPAN = re.compile(r"\browspan\s*=\s*[\"']?([0-9]{1,3})", re.IGNORECASE)
_MAX_HTML_CELLS = 40


@dataclass(slots=True, kw_only=True)
class Document:
    """A README's blocks in their order, its link definitions, and its lines without what is hidden.

    Comments and code are hidden, so that their lines are empty.
    """

    blocks: tuple[Block, ...]
    references: References
    seen: tuple[str, ...] = ()
    _runs: dict[str, tuple[Run, ...]] = field(default_factory=dict)

    def runs(self, text: str) -> tuple[Run, ...]:
        """Read a text of it: each is parsed once, though several readers ask for it."""
        if text not in self._runs:
            self._runs[text] = parse_inline(text, self.references)
        return self._runs[text]


@lru_cache(maxsize=1)  # the papers of a README and its prose are read of the same blocks
def scan_readme(text: str) -> Document:
    """Cut a README into blocks; a footnote takes the place of its mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _COMMENT.sub(lambda m: "\n" * m[0].count("\n"), text)
    rows: defaultdict[int, list[Block]] = defaultdict(list)
    starts = set()
    for start, lines_of_table, found in _html_tables(text):
        rows[lines_of_table[-1]] += found
        starts.add(start)
    seen = text.split("\n")
    text = _TABLE.sub(lambda m: "\n" * m[0].count("\n") if m.start() in starts else m[0], text)
    scanner = _Scanner()
    lines = text.split("\n")
    for number, (line, below) in enumerate(zip(lines, [*lines[1:], ""], strict=True), 1):
        if not scanner.read(number, line, below):
            seen[number - 1] = ""
        for row in rows.get(number, ()):
            scanner.add(row)
    scanner.close()
    blocks = tuple(scanner.with_footnotes())
    return Document(blocks=blocks, references=scanner.references, seen=tuple(seen))


def html_tables(text: str) -> Iterator[range]:
    """Return the lines of each HTML table that has rows of several cells."""
    return (lines for _, lines, _ in _html_tables(text))


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

    def read(self, number: int, line: str, below: str) -> bool:
        """Read a line; tell whether it is seen as text, not as code."""
        if self._in_fence(line):
            return False
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
        return True

    def close(self) -> None:
        block = self._open
        if block is not None and self._more:
            text = "\n".join([block.text, *(line for _, line in self._more)])
            numbers = (block.line, *(number for number, _ in self._more))
            block = replace(block, text=text, end=numbers[-1], numbers=numbers)
        if block is not None:
            self.blocks.append(block)
        self._open = None
        self._more = []

    def with_footnotes(self) -> Iterator[Block]:
        """Replace the mark of a footnote that contains an address; remove other marks."""

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

    def add(self, block: Block) -> None:
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
        elif match := next(filter(None, (form.match(line) for form in _ITEMS)), None):
            self.close()
            if heading := _ATX.fullmatch(match[2]):
                self._heading(number, len(heading[1]), heading[2].rstrip("# \t"))
                return
            level = len(match[1].expandtabs(4))
            self._open = self._block(BlockKind.ITEM, number, match[2], level)
        elif not self._fold(number, line) and not self._row(number, line):
            self._words(number, line, below)

    def _heading(self, number: int, level: int, text: str) -> None:
        self._header = ()
        self.add(self._block(BlockKind.HEADING, number, text.strip(), level))

    def _underlines(self, line: str) -> bool:
        """Take the open line for a heading or a table's first row where this line says so."""
        block = self._open
        if block is None or block.kind is not BlockKind.TEXT or self._more:
            return False
        if is_delimiter(line) and _has_bar(block.text):
            self._open = None
            self._header = _split_row(block.text)
            return True
        match = _SETEXT.fullmatch(line)
        if match and "](" not in block.text:
            self._open = None
            self._heading(block.line, 1 if match[1].startswith("=") else 2, block.text)
        return match is not None

    def _row(self, number: int, line: str) -> bool:
        """Read a table's row; a line without an outer pipe is one only behind another row."""
        last = self.blocks[-1] if self.blocks and self._open is None else None
        if is_delimiter(line) and _has_bar(line):
            if last and last.kind is BlockKind.ROW and last.end == number - 1:
                self._header = self.blocks.pop().cells
            return True
        in_table = bool(self._header) and _has_bar(line) and not self._after_empty
        if not line.lstrip().startswith("|") and not (in_table and self._open is None):
            return False
        cells = _split_row(line, len(self._header))
        row = replace(
            self._block(BlockKind.ROW, number, line.strip()), cells=cells, header=self._header
        )
        is_rest = in_table and not line.lstrip().startswith("|")
        whole = (*last.cells, *cells) if last and is_rest and last.end == number - 1 else ()
        if last and whole and last.header == row.header and len(whole) <= len(self._header):
            # A row that is broken in two.
            text = f"{last.text} {row.text}"
            self.blocks[-1] = replace(last, end=number, text=text, cells=whole)
        else:
            self.add(row)
        return True

    def _fold(self, number: int, line: str) -> bool:
        """Read the title of a foldable part for a heading that ends with the part."""
        if self._in_item and (line[:1].isspace() or not self._after_empty):
            return False
        level = min(BOLD_LEVEL + 1 + self._folds, MAX_LEVEL)
        if match := _SUMMARY.search(line):
            self._folds += 1
            self._heading(number, level, match[1])
        elif _DETAILS_END.search(line) and self._folds:
            self._folds -= 1
            level = min(BOLD_LEVEL + 1 + self._folds, MAX_LEVEL)
            self.add(self._block(BlockKind.CLOSING, number, "", level))
        elif "<details" in line.lower():
            self.close()
        else:
            return line.strip().lower() in _NO_CONTENT
        return True

    def _words(self, number: int, line: str, below: str) -> None:
        expanded = line.expandtabs(4)
        indent = len(expanded) - len(expanded.lstrip())
        if self._open and self._in_item and self._after_empty and indent < self._open.level + 2:
            self.close()
        if self._open is not None:
            self._more.append((number, line.strip()))
        elif title := _bold_heading(line, below):
            self._heading(number, BOLD_LEVEL, title)
        else:
            self._open = self._block(BlockKind.TEXT, number, line.strip())


def _bold_heading(line: str, below: str) -> str | None:
    """Return the words of a bold line that does a heading's work; `below` is the next line."""
    match = _BOLD_LINE.fullmatch(line) if len(line) <= 4 * _MAX_HEADING else None
    text = (match["md"] or match["html"]) if match else None
    is_heading = text and "](" not in text and len(text) <= _MAX_HEADING
    return text if is_heading and _BELOW_HEADING.match(below) else None


def _has_bar(line: str) -> bool:
    """Tell whether a pipe in the line could end a cell."""
    return _BAR.search(line) is not None


def is_delimiter(line: str) -> bool:
    """Tell whether a line is that below a table's first row (`|:--|--|`)."""
    return len(line) <= _MAX_DELIMITER and _DELIMITER.fullmatch(line) is not None


def _split_row(line: str, columns: int = 0) -> tuple[str, ...]:
    """Cut a row into cells, the outer pipes dropped.

    A pipe inside a link's text or between dollar signs ends a cell on GitHub; where that makes
    more cells than the table has columns, the cell is put together again.

    Args:
        line: the row.
        columns: how many columns the table has; 0 where that is not known.
    """
    text = line.strip().removeprefix("|")
    text = text if text.endswith("\\|") else text.removesuffix("|")
    cells = _BAR.split(text, maxsplit=_MAX_CELLS)
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
class _OpenRow:
    line: int
    end: int = 0
    cells: list[tuple[str, int]] = field(default_factory=list)
    is_header: bool = True


@lru_cache(maxsize=1)
def _html_tables(text: str) -> Sequence[tuple[int, range, list[Block]]]:
    """Return place, lines and rows of each HTML table; one with a single cell is only layout."""
    tables = []
    line, position = 1, 0
    for match in _TABLE.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        rows = list(_rows(match[0], line))
        if any(len(row.cells) > 1 for row in rows):
            lines = range(line, line + match[0].count("\n") + 1)
            tables.append((position, lines, rows))
    return tables


def _rows(table: str, line: int) -> Iterator[Block]:
    """Yield the rows of a table; a cell that spans rows is in each."""
    header: tuple[str, ...] = ()
    spanning: dict[int, tuple[str, int]] = {}
    for row in _open_rows(table, line):
        if row.is_header:
            header = tuple(text for text, _ in row.cells)
        else:
            cells = _with_spanning(row.cells, spanning)
            yield Block(
                kind=BlockKind.ROW,
                line=row.line,
                end=row.end,
                text=" | ".join(cells),
                cells=cells,
                header=header,
            )


def _open_rows(table: str, line: int) -> Iterator[_OpenRow]:
    """Yield the rows that have a cell."""
    row = _OpenRow(line)
    cell: tuple[int, int] | None = None
    position = 0
    for tag in _TAG.finditer(table):
        line += table.count("\n", position, tag.start())
        position = tag.start()
        if cell is not None:
            row.end = line
            start, rows = cell
            if len(row.cells) < _MAX_HTML_CELLS:
                row.cells.append((" ".join(table[start : tag.start()].split()), rows))
            cell = None
        name = tag["name"].lower()
        if name in {"tr", "table"}:
            if row.cells:
                yield row
            row = _OpenRow(line)
        elif not tag["end"]:
            row.is_header &= name == "th"
            span = _ROWSPAN.search(html.unescape(tag["attributes"]))
            cell = tag.end(), int(span[1]) if span else 1
    if row.cells:
        yield row


def _with_spanning(
    own: list[tuple[str, int]], spanning: dict[int, tuple[str, int]]
) -> tuple[str, ...]:
    """Put the cells that began in a row above between the row's own."""
    cells: list[str] = []
    fresh = iter(own)
    while len(cells) < _MAX_HTML_CELLS:
        column = len(cells)
        found = spanning.pop(column, None) or next(fresh, None)
        if found is None:
            break
        text, rows = found
        cells.append(text)
        if rows > 1:
            spanning[column] = (text, rows - 1)
    return tuple(cells)
