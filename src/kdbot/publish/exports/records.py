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
from typing import Any, TypeAlias

from kdbot.model.collection import Collection
from kdbot.model.paper import Paper, json_values
from kdbot.model.schema import PaperSchema
from kdbot.model.settings import Settings
from kdbot.model.taxonomy import Category
from kdbot.publish.readme.tables import paper_address

PAPERS_JSON = "papers.json"
PAPERS_SCHEMA = "papers.schema.json"
_VERSION = 1
"""Grows when a reader of the file has to change; a further field does not make it grow."""

Record: TypeAlias = dict[str, Any]
"""A paper as plain values, in the order of its fields."""

_LINK = "link"
"""A field that no record has: the link of the paper's title."""


BADGE = "badge.json"


PAPERS_CSV = "papers.csv"
_SEPARATOR = "; "

_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n＝＋－＠]")
"""How a cell begins that a spreadsheet may calculate; full-width signs count in some."""

_SPECIAL = re.compile(r"[\\;]")


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
    known = {name: value for name, value in head.items() if value is not None}
    categories = [_category(category) for category in collection.taxonomy.categories]
    lines = [f"{_dump(name)}: {_dump(value)}" for name, value in known.items()]
    lines += [f'"categories": {_list(categories)}', f'"papers": {_list(records)}']
    return "{\n" + ",\n".join(lines) + "\n}\n"


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
    """Return the JSON Schema of `papers.json`, made of the record's own."""
    record = {k: v for k, v in schema.document.items() if not k.startswith("$")}
    derived = {
        "id": {
            "title": "Identifier",
            "description": "Stem of the paper's file, and its key in BibTeX.",
            "type": "string",
            "pattern": "^[a-z0-9.-]+(?![\\s\\S])",
        },
        _LINK: {
            "title": "Link",
            "description": "Link of the title: `url`, else the page of an identifier.",
            "type": "string",
        },
    }
    record["properties"] = derived | dict(schema.document["properties"])
    record["required"] = ["id", *schema.document.get("required", ())]
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Papers",
        "description": "A list of papers with its tree of categories.",
        "type": "object",
        "required": ["version", "title", "categories", "papers"],
        "properties": {
            "$schema": {"type": "string"},
            "version": {"description": "Version of this format.", "const": _VERSION},
            "title": {"description": "Title of the list.", "type": "string"},
            "repository": {"description": "`owner/name` on GitHub.", "type": "string"},
            "categories": {"type": "array", "items": {"$ref": "#/$defs/category"}},
            "papers": {"type": "array", "items": {"$ref": "#/$defs/paper"}},
        },
        "$defs": {"category": _CATEGORY, "paper": record},
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


_ENCODER = json.JSONEncoder(ensure_ascii=False)
_SURROGATE = re.compile("[\ud800-\udfff]")
_CATEGORY = {
    "description": "A node of the tree; papers are in its leaves.",
    "type": "object",
    "required": ["path", "title"],
    "properties": {
        "path": {"description": "Ids from the root, joined by slashes.", "type": "string"},
        "title": {"type": "string"},
        "note": {"type": "string"},
    },
}


def _category(category: Category) -> dict[str, str]:
    values = {"path": category.path, "title": category.title, "note": category.note}
    return {name: value for name, value in values.items() if value}


def _list(values: Sequence[Any]) -> str:
    return "[" + ",".join(f"\n{_dump(value)}" for value in values) + "\n]" if values else "[]"


def _dump(value: Any) -> str:
    text = _ENCODER.encode(value)
    # A lone surrogate is no Unicode text: it can be written as an escape alone.
    return json.dumps(value) if _SURROGATE.search(text) else text


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
