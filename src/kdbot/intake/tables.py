"""Tables that people paste: a row for each paper, or a row for each field of one."""

from collections.abc import Sequence
from dataclasses import dataclass

from kdbot.intake.links import find_links
from kdbot.intake.markdown.lines import Line, split_cells
from kdbot.text.labels import field_of_label

MAX_ROW = 40
_MAX_FIELDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The lines of a table.

    Attributes:
        header: the field of each column, None where a title names none; empty without a header.
        rows: the lines below it.
        taken: how many lines the table takes, header and rule included.
        upright: whether the first column names the fields of one paper.
    """

    header: tuple[str | None, ...] = ()
    rows: tuple[Line, ...] = ()
    taken: int = 1
    upright: bool = False


def cut_table(lines: Sequence[Line]) -> Table | None:
    """Return the table that begins with the first of these lines, or None."""
    first = lines[0].text
    if first.count("|") < 1 or (first.count("|") == 1 and len(lines) < 2):
        return None
    cells = split_cells(lines[0], MAX_ROW)
    header = tuple(field_of_label(cell.text) for cell in cells)
    ruled = len(lines) > 1 and _is_rule(lines[1].text)
    known = 0 if find_links(lines[0]) else sum(name is not None for name in header)
    upright = ruled and known < 2 and len(cells) == 2 and _names_fields(lines[2 : 2 + _MAX_FIELDS])
    if known >= 2 or (ruled and known) or upright:
        rows = _rows(lines[1:], 1 if len(cells) == 1 else 2)
        return Table(header=header, rows=rows, taken=1 + int(ruled) + len(rows), upright=upright)
    if first.lstrip().startswith("|") and len(cells) >= 2 and find_links(lines[0]):
        return Table(rows=(lines[0],))
    return Table() if _is_rule(first) else None


def _rows(lines: Sequence[Line], columns: int) -> tuple[Line, ...]:
    rows = []
    for line in lines:
        if _is_rule(line.text):
            continue
        if "|" not in line.text and columns > 1:
            break
        rows.append(line)
    return tuple(rows)


def _names_fields(lines: Sequence[Line]) -> bool:
    """Tell whether at least two rows begin with the name of a field."""
    labels = [split_cells(line, MAX_ROW)[0].text for line in lines if "|" in line.text]
    return sum(field_of_label(label) is not None for label in labels) >= 2


def _is_rule(text: str) -> bool:
    return "-" in text and not text.strip(" |:-\t")
