"""Identities of a whole collection, read by a scan instead of a YAML parser.

The canonical form keeps the title and each identifier on one line. A file that is not in that form
is parsed, so the answer is the same, only later.
"""

import json
import os
import re
from pathlib import Path

from kdbot.intake.record import parse_record
from kdbot.intake.yaml_text import MAX_BYTES
from kdbot.model.collection import IDENTIFIER_FIELDS, Identities, Identity
from kdbot.model.finding import Finding
from kdbot.model.identifiers import IdentifierKind, canonical_url
from kdbot.storage.files import PAPERS, paper_files

_NAMES = "|".join(["title", "url", *(name for _, name in IDENTIFIER_FIELDS)])
# A key's canonical line, or the key alone where it stands in another form.
_LINE = re.compile(
    rf'^({_NAMES})(?:: (?:"((?:[^"\\\n]|\\.)*)"|([a-z][^\s"\'#]*))$|[ ]*:)', re.MULTILINE
)


def scan_identities(root: Path) -> Identities:
    """Return the identities of all papers that can be read, in the order of their files."""
    folder = os.path.join(root, PAPERS)  # noqa: PTH118 - a Path for each of 10,000 files is slow
    found = []
    for name in paper_files(root):
        if name.endswith(".yaml"):
            identity = _identity(name, _read(os.path.join(folder, name)))  # noqa: PTH118
            if identity is not None:
                found.append(identity)
    return Identities(all=tuple(found))


def _read(path: str) -> bytes:
    # A stream for each of 10,000 small files costs more than reading them.
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, MAX_BYTES + 1)
    finally:
        os.close(descriptor)


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
    values = {}
    try:
        for name, quoted, plain in _LINE.findall(data.decode("utf-8")):
            value = json.loads(f'"{quoted}"') if "\\" in quoted else quoted or plain
            if not value or name in values:
                return None
            values[name] = value
    except ValueError:
        return None
    return values
