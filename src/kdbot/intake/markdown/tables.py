"""The rows of pipe tables, cut into cells."""

import re
from collections.abc import Iterator

_DELIMITER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*")
_MAX_DELIMITER = 1_000
_MAX_CELLS = 60
_BAR = re.compile(r"(?<!\\)\|")


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
