"""HTML tables inside Markdown: their rows, cell by cell, with the line of each."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

_TABLE = re.compile(
    r"<table\b.*?(?:</table\s*>|\Z)|<tr\b[^<>]*>.*?</tr\s*>", re.IGNORECASE | re.DOTALL
)
_MAX_CELLS = 40
_MAX_ROWS_SPANNED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlRow:
    """One `<tr>`.

    Attributes:
        line: where it begins, counted from 1.
        cells: the HTML inside each `<td>`, on one line; a cell that spans rows stands in each.
        header: text of the table's `<th>` row, empty where there is none.
    """

    line: int
    cells: tuple[str, ...]
    header: tuple[str, ...]


def blank_html_tables(text: str) -> tuple[str, Mapping[int, tuple[HtmlRow, ...]]]:
    """Take the HTML tables out of a text, line numbers kept; those that lay out one cell stay.

    Returns:
        The text without them, and the rows by the line in which their table ends.
    """
    rows: defaultdict[int, list[HtmlRow]] = defaultdict(list)

    def take(match: re.Match[str]) -> str:
        first = text.count("\n", 0, match.start()) + 1
        reader = _TableReader(first)
        reader.feed(match[0])
        reader.close()
        if all(len(row.cells) < 2 for row in reader.rows):
            return match[0]
        rows[first + match[0].count("\n")] += reader.rows
        return "\n" * match[0].count("\n")

    blanked = _TABLE.sub(take, text)
    return blanked, {line: tuple(found) for line, found in rows.items()}


class _TableReader(HTMLParser):
    """Collects rows; what stands inside a cell is kept as it was written."""

    def __init__(self, first_line: int) -> None:
        super().__init__(convert_charrefs=False)
        self.rows: list[HtmlRow] = []
        self._first_line = first_line
        self._line = first_line
        self._cells: list[list[str]] = []
        self._spans: list[int] = []
        self._spanning: dict[int, tuple[str, int]] = {}
        self._header: tuple[str, ...] = ()
        self._is_header = False
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._end_row()
            self._line = self._first_line + self.getpos()[0] - 1
        elif tag in {"td", "th"}:
            self._in_cell = len(self._cells) < _MAX_CELLS
            self._is_header = tag == "th" and (self._is_header or not self._cells)
            if self._in_cell:
                self._cells.append([])
                self._spans.append(_number(dict(attrs).get("rowspan")))
        else:
            self._keep(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag, attrs
        self._keep(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._in_cell = False
        elif tag in {"tr", "table"}:
            self._end_row()
        else:
            self._keep(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")

    def close(self) -> None:
        super().close()
        self._end_row()

    def _keep(self, text: str) -> None:
        if self._in_cell:
            self._cells[-1].append(text)

    def _end_row(self) -> None:
        own = [" ".join("".join(cell).split()) for cell in self._cells]
        if own and self._is_header:
            self._header = tuple(own)
        elif own:
            cells = self._with_spanning(own)
            self.rows.append(HtmlRow(line=self._line, cells=cells, header=self._header))
        self._cells, self._spans = [], []
        self._in_cell = self._is_header = False

    def _with_spanning(self, own: list[str]) -> tuple[str, ...]:
        """Put the cells that began in a row above between the row's own."""
        cells: list[str] = []
        fresh = list(zip(own, self._spans, strict=True))
        while fresh or len(cells) in self._spanning:
            column = len(cells)
            is_spanned = column in self._spanning
            text, left = self._spanning.pop(column) if is_spanned else fresh.pop(0)
            cells.append(text)
            if left > 1:
                self._spanning[column] = (text, left - 1)
        return tuple(cells[:_MAX_CELLS])


def _number(text: str | None) -> int:
    return min(int(text), _MAX_ROWS_SPANNED) if text and text.isascii() and text.isdigit() else 1
