"""`papers.csv`: a row for each paper, for spreadsheets and data frames, as RFC 4180 has it.

Several values of a cell stand between `; `; a semicolon or backslash inside one has a backslash
before it. A cell that a spreadsheet would take for a formula begins with an apostrophe, as
https://owasp.org/www-community/attacks/CSV_Injection asks; a reader drops one apostrophe of every
cell that matches `FORMULA`.
"""

import csv
import io
import re
from collections.abc import Iterable

from kdbot.model.paper import Paper
from kdbot.model.schema import PaperSchema
from kdbot.publish.exports.papers_json import LINK, derives_link, paper_record

PAPERS_CSV = "papers.csv"
SEPARATOR = "; "

FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n＝＋－＠]")
"""How a cell begins that a spreadsheet may calculate; full-width signs count in some."""

_SPECIAL = re.compile(r"[\\;]")


def render_papers_csv(papers: Iterable[Paper], schema: PaperSchema) -> str:
    """Return the papers in the order given, in columns that follow the schema."""
    derived = ["id", LINK] if derives_link(schema) else ["id"]
    columns = derived + [field.name for field in schema.fields]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(columns)
    for paper in papers:
        record = paper_record(paper, schema)
        cells = (record.get(name) for name in columns)
        writer.writerow([guard_cell(_cell(value)) if value else "" for value in cells])
    return stream.getvalue()


def guard_cell(text: str) -> str:
    """Return a cell's text with an apostrophe before what could be a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def _cell(value: str | bool | list[str]) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true"
    return SEPARATOR.join(_SPECIAL.sub(r"\\\g<0>", item) for item in value)
