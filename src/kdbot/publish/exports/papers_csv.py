"""`papers.csv`: a row for each paper, for spreadsheets and data frames, as RFC 4180 has it.

Several values of a cell stand between `; `; a semicolon or backslash inside one has a backslash
before it. A cell that a spreadsheet would take for a formula begins with an apostrophe, as
https://owasp.org/www-community/attacks/CSV_Injection asks; a reader drops one apostrophe of every
cell that matches `_FORMULA`.
"""

import csv
import io
import re
from collections.abc import Iterable

from kdbot.model.schema import PaperSchema
from kdbot.publish.exports.papers_json import LINK, Record, derives_link

PAPERS_CSV = "papers.csv"
_SEPARATOR = "; "

_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n＝＋－＠]")
"""How a cell begins that a spreadsheet may calculate; full-width signs count in some."""

_SPECIAL = re.compile(r"[\\;]")


def render_papers_csv(records: Iterable[Record], schema: PaperSchema) -> str:
    """Return the papers in the order given, in columns that follow the schema."""
    derived = ["id", LINK] if derives_link(schema) else ["id"]
    columns = derived + [field.name for field in schema.fields]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(columns)
    for record in records:
        cells = (record.get(name) for name in columns)
        writer.writerow([_guard_cell(_cell(value)) if value else "" for value in cells])
    return stream.getvalue()


def _guard_cell(text: str) -> str:
    """Return a cell's text with an apostrophe before what could be a formula."""
    # Most cells begin with a letter or digit, which tells enough.
    is_formula = not text[:1].isalnum() and _FORMULA.match(text)
    return f"'{text}" if is_formula else text


def _cell(value: str | bool | int | list[str]) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true"
    if isinstance(value, int):
        return str(value)
    joined = _SEPARATOR.join(value)
    if "\\" not in joined and joined.count(";") == len(value) - 1:
        return joined
    return _SEPARATOR.join(_SPECIAL.sub(r"\\\g<0>", item) for item in value)
