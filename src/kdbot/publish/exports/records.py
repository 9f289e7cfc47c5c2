"""`papers.json`, `papers.csv` and `badge.json`: the records, a row for each, and their number.

Several values of a cell are separated by `; `; a semicolon or backslash inside one has a backslash
before it. A cell that a spreadsheet would take for a formula begins with an apostrophe, as
https://owasp.org/www-community/attacks/CSV_Injection asks; a reader drops one apostrophe of every
cell that matches `_FORMULA`.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any, TypeAlias

from kdbot.model.collection import Collection
from kdbot.model.paper import Paper, json_values
from kdbot.model.schema import PaperSchema
from kdbot.model.settings import Settings
from kdbot.publish.readme.tables import paper_address

PAPERS_SCHEMA = "papers.schema.json"
_VERSION = 1
"""Grows when a reader of the file has to change; a further field does not make it grow."""

Record: TypeAlias = dict[str, Any]
"""A paper as plain values, in the order of its fields."""

_LINK = "link"
"""A field that no record has: the link of the paper's title."""

_SEPARATOR = "; "

_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n＝＋－＠]")
"""How a cell begins that a spreadsheet may calculate; full-width signs count in some."""

_SPECIAL = re.compile(r"[\\;]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_encode = json.JSONEncoder(ensure_ascii=False).encode


def render_papers_json(
    records: Sequence[Record], collection: Collection, settings: Settings
) -> str:
    """Return the papers in the order given, one a line.

    Args:
        records: those of all papers of the collection.
        collection: for schema and categories.
        settings: for the list's title and repository.
    """
    head = {
        "$schema": PAPERS_SCHEMA,
        "version": _VERSION,
        "title": settings.title,
        "repository": settings.repository,
    }
    lines = [f"{dump_line(k)}: {dump_line(v)}" for k, v in head.items() if v is not None]
    nodes = (
        {"path": c.path, "title": c.title, "note": c.note} for c in collection.taxonomy.categories
    )
    categories = ({key: value for key, value in node.items() if value} for node in nodes)
    for name, values in (("categories", categories), ("papers", records)):
        dumped = ",".join([f"\n{dump_line(value)}" for value in values])
        lines.append(f'"{name}": [{dumped}\n]' if dumped else f'"{name}": []')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def dump_line(value: Any) -> str:
    """Return a value as JSON on one line, in Unicode."""
    text = _encode(value)
    # A lone surrogate is no Unicode text: it can be written as an escape alone.
    is_text = text.isascii() or not _SURROGATE.search(text)
    return text if is_text else json.dumps(value)


def paper_records(papers: Iterable[Paper], schema: PaperSchema) -> list[Record]:
    """Return each paper's values behind its id and, where it leads somewhere, its link."""
    has_link = _derives_link(schema)
    records = []
    for paper in papers:
        record: Record = {"id": paper.id}
        if has_link and (address := paper_address(paper)):
            record[_LINK] = address
        records.append(record | json_values(paper))
    return records


def _derives_link(schema: PaperSchema) -> bool:
    """Tell whether the exports add a link; a list that has a field of this name keeps its own."""
    return _LINK not in schema.by_name


def render_papers_schema(schema: PaperSchema) -> str:
    """Return the JSON Schema of `papers.json`: that of `pages/` with the record's own in it."""
    text = (files("kdbot.publish") / "pages" / PAPERS_SCHEMA).read_text("utf-8")
    document = json.loads(text)
    own = {k: v for k, v in schema.document.items() if not k.startswith("$")}
    known = document["$defs"]["paper"]
    own["properties"] = known["properties"] | dict(own["properties"])
    own["required"] = [*known["required"], *own.get("required", ())]
    document["$defs"]["paper"] = own
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def render_badge(count: int) -> str:
    """Return the badge of a list with so many papers."""
    badge = {"schemaVersion": 1, "label": "papers", "message": f"{count:,}", "color": "blue"}
    return json.dumps(badge) + "\n"


def render_papers_csv(records: Iterable[Record], schema: PaperSchema) -> str:
    """Return the papers in the order given, in columns that follow the schema."""
    derived = ["id", _LINK] if _derives_link(schema) else ["id"]
    columns = derived + [field.name for field in schema.fields]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(columns)
    writer.writerows(
        [_cell(record[name]) if name in record else "" for name in columns] for record in records
    )
    return stream.getvalue()


def _cell(value: str | bool | int | list[str]) -> str:
    """Return a value as a cell, with an apostrophe before what could be a formula."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, list):
        text = _SEPARATOR.join(value)
        if "\\" in text or text.count(";") > len(value) - 1:
            text = _SEPARATOR.join(_SPECIAL.sub(r"\\\g<0>", item) for item in value)
    else:
        text = "true" if value is True else str(value)
    # Most cells begin with a letter or digit, which tells enough.
    is_formula = not text[:1].isalnum() and _FORMULA.match(text)
    return f"'{text}" if is_formula else text
