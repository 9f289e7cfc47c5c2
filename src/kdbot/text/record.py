"""The canonical YAML of a paper: one writer, so that a rewrite of an untouched file is no change.

Keys are in the schema's order. The title and each identifier are on one line in double quotes, so
that the identities of thousands of papers can be read by a scan, without a YAML parser. The output
is YAML 1.1 that every reader reads as the same text, with two exceptions: the day in `added` and
the number in `year` have no quotes, and PyYAML returns them as a date and a number
(https://yaml.org/type/timestamp.html, https://yaml.org/type/int.html).
"""

import json
import re
from datetime import date
from functools import lru_cache
from typing import Any

from kdbot.model.paper import NUMBERS, QUOTED, STAMPED, Paper, is_year, paper_values
from kdbot.model.schema import PaperSchema

_WIDTH = 100
_BLOCK = frozenset({"categories"})  # what updates add to: one a line, so that two additions merge
_ONE_LINE = frozenset({"other_titles"})  # read by the scan of identities
# Without `?`, at which PyYAML ends a bare text in square brackets, unlike libyaml.
_PLAIN = re.compile(r"[^\W\d_](?:[\w ./~%&=+@():'-]*[\w./~%&=+@()'-])?")
_WORD = re.compile(r"y|n|yes|no|on|off|true|false|null", re.IGNORECASE)
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def render_record(paper: Paper, schema: PaperSchema) -> str:
    """Return the paper's file: UTF-8 text with a final newline.

    Empty fields are left out. A field that the schema does not know comes last, by name.
    """
    values = paper_values(paper)
    known = [field.name for field in schema.fields if field.name in values]
    names = known + sorted(values.keys() - set(known))
    return "".join(render_field(name, values[name]) for name in names)


def without_stamps(yaml: str) -> str:
    """Return a record without the lines of the fields that the bot stamps."""
    lines = yaml.splitlines(keepends=True)
    return "".join(line for line in lines if line.partition(":")[0] not in STAMPED)


def render_field(name: str, value: Any) -> str:
    """Return the line, or the lines, of one field, each with its newline."""
    if isinstance(value, bool):
        return f"{name}: {'true' if value else 'false'}\n"
    if isinstance(value, str):
        return f"{name}: {render_scalar(value, name)}\n"
    items = [render_scalar(item, name) for item in value]
    line = f"{name}: [{', '.join(items)}]\n"
    if name in _BLOCK or (len(line) > _WIDTH and name not in _ONE_LINE):
        return f"{name}:\n" + "".join(f"  - {item}\n" for item in items)
    return line


def render_text(name: str, text: str) -> str:
    """Return a text of several lines as YAML has it: line by line where that is possible."""
    lines = text.split("\n")
    is_literal = all(line.isprintable() or not line for line in lines) and not text[:1].isspace()
    if not is_literal or text != text.rstrip():
        return f"{name}: {double_quoted(text)}\n"
    return f"{name}: |-\n" + "".join(f"  {line}\n" if line else "\n" for line in lines)


def render_scalar(text: str, name: str) -> str:
    """Return a text of a field as YAML, in double quotes where the bare text is not usual."""
    # A day and a number have no quotes, although PyYAML does not take them for texts.
    is_value = (name == "added" and is_day(text)) or (name in NUMBERS and is_year(text))
    is_bare = is_plain(text) or is_value
    return text if is_bare and name not in QUOTED else double_quoted(text)


@lru_cache(maxsize=4096)
def is_plain(text: str) -> bool:
    """Tell whether every YAML reader takes the bare text, in brackets too, for this very text."""
    if _MONTH.fullmatch(text):
        return True
    return (
        _PLAIN.fullmatch(text) is not None
        and _WORD.fullmatch(text) is None
        and ": " not in text
        and "  " not in text
        and text.isprintable()
    )


def is_day(text: str) -> bool:
    """Tell whether a text is a day of the calendar, `YYYY-MM-DD`."""
    if _DAY.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def double_quoted(text: str) -> str:
    """Return a text as a YAML scalar in double quotes, with invisible characters as escapes."""
    # JSON's escapes are YAML's too, but YAML knows no pairs of surrogates.
    quoted = json.dumps(text, ensure_ascii=False)
    if quoted.isprintable():
        return quoted
    return "".join(c if c.isprintable() else _escape(ord(c)) for c in quoted)


def _escape(point: int) -> str:
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"
