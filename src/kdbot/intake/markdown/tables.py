"""Tables as people write them: rows between pipes, and HTML tables with the line of each row.

Of HTML only the tags that make a table are read; the content of a cell stays as it was
written.
They are read by one expression that never looks twice at a character: the standard library's parser
takes quadratic time for tags that do not close.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

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


def has_bar(line: str) -> bool:
    """Tell whether a pipe in the line could end a cell."""
    return _BAR.search(line) is not None


def is_delimiter(line: str) -> bool:
    """Tell whether a line is that below a table's first row (`|:--|--|`)."""
    return len(line) <= _MAX_DELIMITER and _DELIMITER.fullmatch(line) is not None


def split_row(line: str, columns: int = 0) -> tuple[str, ...]:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlRow:
    """One `<tr>`.

    Attributes:
        line: where it begins, counted from 1.
        cells: the HTML inside each `<td>`, on one line; a cell that spans rows is in each.
        header: the cells of the table's `<th>` row, empty where there is none.
    """

    line: int
    cells: tuple[str, ...]
    header: tuple[str, ...]


@dataclass(slots=True)
class _OpenRow:
    line: int
    cells: list[tuple[str, int]] = field(default_factory=list)
    is_header: bool = True


def take_html_tables(text: str) -> tuple[str, Mapping[int, tuple[HtmlRow, ...]]]:
    """Take the HTML tables out of a text, line numbers kept; those that lay out one cell stay.

    Returns:
        The text without them, and the rows by the line in which their table ends.
    """
    rows: defaultdict[int, list[HtmlRow]] = defaultdict(list)
    parts: list[str] = []
    position, line = 0, 1
    for match in _TABLE.finditer(text):
        before = text[position : match.start()]
        line += before.count("\n")
        found = list(_rows(match[0], line))
        breaks = match[0].count("\n")
        is_table = any(len(row.cells) > 1 for row in found)
        parts += [before, "\n" * breaks if is_table else match[0]]
        position, line = match.end(), line + breaks
        if is_table:
            rows[line] += found
    parts.append(text[position:])
    return "".join(parts), {number: tuple(found) for number, found in rows.items()}


def _rows(table: str, line: int) -> Iterator[HtmlRow]:
    header: tuple[str, ...] = ()
    spanning: dict[int, tuple[str, int]] = {}
    for row in _open_rows(table, line):
        if row.is_header:
            header = tuple(text for text, _ in row.cells)
        else:
            cells = _with_spanning(row.cells, spanning)
            yield HtmlRow(line=row.line, cells=cells, header=header)


def _open_rows(table: str, line: int) -> Iterator[_OpenRow]:
    """Yield the rows that hold a cell."""
    row = _OpenRow(line)
    cell: tuple[int, int] | None = None
    position = 0
    for tag in _TAG.finditer(table):
        line += table.count("\n", position, tag.start())
        position = tag.start()
        if cell is not None:
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
