"""Identities of a whole collection, read by a scan instead of a YAML parser.

The canonical form keeps the title and each identifier on one line. A file that is not in that form
is parsed, so the answer is the same, only later.
"""

import json
import os
import re
from pathlib import Path

from kdbot.intake.record import parse_record
from kdbot.model.collection import IDENTIFIER_FIELDS, Identities, Identity
from kdbot.model.finding import Finding
from kdbot.model.identifiers import IdentifierKind, canonical_url
from kdbot.storage.files import PAPERS, paper_files

_NAMES = "|".join(["title", "url", *(name for _, name in IDENTIFIER_FIELDS)])
_LINE = re.compile(rf'^({_NAMES}): (?:"((?:[^"\\\n]|\\.)*)"|([a-z][^\s"\'#]*))$', re.MULTILINE)
_KEY = re.compile(rf"^({_NAMES})[ ]*:", re.MULTILINE)


def scan_identities(root: Path) -> Identities:
    """Return the identities of all papers that can be read, in the order of their files."""
    folder = os.path.join(root, PAPERS)  # noqa: PTH118 - a Path for each of 10,000 files is slow
    found = []
    for name in paper_files(root):
        if name.endswith(".yaml"):
            with open(os.path.join(folder, name), "rb") as stream:  # noqa: PTH118, PTH123
                identity = _identity(name, stream.read())
            if identity is not None:
                found.append(identity)
    return Identities(all=tuple(found))


def _identity(name: str, data: bytes) -> Identity | None:
    values = _scan(data)
    if values is None or "title" not in values:
        candidate = parse_record(data, f"{PAPERS}/{name}")
        if isinstance(candidate, Finding):
            return None
        values = {k: g.value for k, g in candidate.given.items() if isinstance(g.value, str)}
    keys = [(kind, values[field]) for kind, field in IDENTIFIER_FIELDS if values.get(field)]
    if url := canonical_url(values.get("url", "")):
        keys.append((IdentifierKind.URL, url))
    title = values.get("title", "")
    return Identity(id=name.removesuffix(".yaml"), title=title, keys=tuple(keys))


def _scan(data: bytes) -> dict[str, str] | None:
    """Return the values of the canonical lines, or None where a key stands in another form."""
    try:
        text = data.decode("utf-8")
        values = {
            name: json.loads(f'"{quoted}"') if quoted else plain
            for name, quoted, plain in _LINE.findall(text)
        }
    except ValueError:
        return None
    return values if len(_KEY.findall(text)) == len(values) else None
