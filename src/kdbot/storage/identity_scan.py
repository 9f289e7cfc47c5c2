"""Identities of a whole collection, read by a scan instead of a YAML parser.

The canonical form keeps the title and each identifier on one line. A file that is not in that form
is parsed, so the answer is the same, only later.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kdbot.intake.record import parse_record
from kdbot.intake.yaml_text import MAX_BYTES, NOT_READABLE
from kdbot.model.collection import IDENTIFIER_FIELDS, BrokenFile, Identities, Identity
from kdbot.model.finding import Finding
from kdbot.model.identifiers import (
    IdentifierKind,
    arxiv_from_stem,
    parse_identifier,
)
from kdbot.model.paper import FIELD_NAMES, LISTS, PAPERS, stem_of
from kdbot.model.proposal import Candidate
from kdbot.model.titles import fold_title
from kdbot.model.urls import canonical_url
from kdbot.storage.files import paper_files

_NAMES = "|".join(["title", "url", "key", *(name for _, name in IDENTIFIER_FIELDS)])
# A key's canonical line, or only the key where its line is not canonical.
_LINE = re.compile(
    rf'^({_NAMES})(?:: (?:"((?:[^"\\\n]|\\.)*)"|([a-z][^\s"\'#]*))$|[ ]*:)', re.MULTILINE
)
_OTHER_TITLES = re.compile(r'^other_titles:(?: (\["[^\n]*"\])$)?', re.MULTILINE)
# The same keys where a line is broken, or between the markers of a conflict.
_LOOSE_LINE = re.compile(rf"^[^\w\n]*({_NAMES})\b[ \t]*[:=]?[ \t]*(.*)$", re.MULTILINE)
_QUOTED = r'"(?:[^"\\\n]|\\.)*"'
_BARE = r"(?!(?:true|false|null)\b)[^\W_](?:[^\n\[\]{}#:\"%s]|:(?! ))*"
_TEXT = f"(?:{_QUOTED}|{_BARE % ''})"
_ITEM = f"(?:{_QUOTED}|{_BARE % ','})"
_TEXTS = rf"(?: \[{_ITEM}(?:, {_ITEM})*\]\n|\n(?:  - {_TEXT}\n)+)"
# A file whose every value is of the kind that its field has; one in another form is parsed.
_REGULAR = re.compile(
    rf"(?:(?:{'|'.join(LISTS)}):{_TEXTS}"
    rf"|withdrawn: (?:true|false)\n"
    rf"|(?:{'|'.join(sorted({*FIELD_NAMES} - {*LISTS, 'withdrawn'}))}): {_TEXT}\n"
    rf"|(?!(?:{'|'.join(FIELD_NAMES)}):)\w+:(?: {_TEXT}\n|{_TEXTS}))*"
)
_ADDED = re.compile(rb"^added: ([0-9]{4}-[0-9]{2}-[0-9]{2})[ \r]*$", re.MULTILINE)
_KEY = re.compile(rb"^key: ([a-z][a-z0-9-]*)[ \r]*$", re.MULTILINE)


def scan_identities(root: Path) -> tuple[Identities, Mapping[str, BrokenFile]]:
    """Return what tells the papers apart, in the order of their files.

    Returns:
        The identities of all papers that can be read, and the files that cannot by their stem.
    """
    folder = os.path.join(root, PAPERS)  # noqa: PTH118 - a Path for each of 10,000 files is slow
    found = []
    names, odd = paper_files(root)
    broken = {stem_of(str(f.file)): broken_file(b"", (f,)) for f in odd}
    for name in names:
        if name.endswith(".yaml"):
            data = _read(os.path.join(folder, name))  # noqa: PTH118
            identity = _identity(name, data)
            if isinstance(identity, Identity):
                found.append(identity)
            else:
                broken[stem_of(name)] = broken_file(data, (identity,))
    return Identities(all=tuple(found)), broken


def broken_file(data: bytes, findings: tuple[Finding, ...]) -> BrokenFile:
    """Return what a file that cannot be used is known by: its name, and what lines still tell.

    Args:
        data: its bytes.
        findings: its problems, with its path.
    """
    file = str(findings[0].file)
    titles: set[str] = set()
    keys: set[tuple[IdentifierKind, str]] = set()
    if arxiv := arxiv_from_stem(stem_of(file)):
        keys.add((IdentifierKind.ARXIV, arxiv))
    # Bytes that are not UTF-8 come from an editor that writes the Western code page.
    for encoding in ("utf-8", "cp1252"):
        for name, rest in _LOOSE_LINE.findall(data[:MAX_BYTES].decode(encoding, "replace")):
            value = rest.strip().strip("\"'").strip()
            if name == "title":
                titles.add(fold_title(value))
                continue
            identifier = parse_identifier(value)
            if identifier.canonical:
                keys.add((identifier.kind, identifier.canonical))
            if name == "url" and (url := canonical_url(value)):
                keys.add((IdentifierKind.URL, url))
    return BrokenFile(
        file=file,
        findings=findings,
        titles=frozenset(titles - {""}),
        keys=frozenset(keys),
        added=_first(_ADDED, data),
        citation_key=_first(_KEY, data),
    )


def _first(pattern: re.Pattern[bytes], data: bytes) -> str | None:
    found = pattern.search(data)
    return found[1].decode() if found else None


def unfit_field(candidate: Candidate) -> str | None:
    """Return the first field whose value is of another kind than a record's, or None.

    What every reader of a record relies on: text, lists of text, and a flag for `withdrawn`; a
    field of the list's own may be any of them.
    """
    for name, given in candidate.given.items():
        if not _fits(name, given.value):
            return name
    return None


def _fits(name: str, value: Any) -> bool:
    if name in LISTS or (isinstance(value, list) and name not in FIELD_NAMES):
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, bool if name == "withdrawn" else str) or (
        isinstance(value, bool) and name not in FIELD_NAMES
    )


def _read(path: str) -> bytes:
    # A stream for each of 10,000 small files costs more than reading them.
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, MAX_BYTES + 1)
    finally:
        os.close(descriptor)


def _identity(name: str, data: bytes) -> Identity | Finding:
    values = _scan(data)
    if values is None or "title" not in values or not _REGULAR.fullmatch(data.decode("utf-8")):
        candidate = parse_record(data, f"{PAPERS}/{name}")
        if isinstance(candidate, Finding):
            return candidate
        values = {k: given.value for k, given in candidate.given.items()}
        if not values.get("title") or not isinstance(values["title"], str):
            message = "The file has no title."
            return NOT_READABLE.finding(message, file=f"{PAPERS}/{name}", line=1)
        if unfit := unfit_field(candidate):
            line = candidate.given[unfit].line
            message = f"`{unfit}` has a value of the wrong type."
            return NOT_READABLE.finding(message, file=f"{PAPERS}/{name}", line=line)
    keys = [(kind, values[field]) for kind, field in IDENTIFIER_FIELDS if values.get(field)]
    if url := canonical_url(values.get("url", "")):
        keys.append((IdentifierKind.URL, url))
    title = values.get("title", "")
    return Identity(
        id=stem_of(name),
        title=title,
        keys=tuple(keys),
        other_titles=tuple(values.get("other_titles", ())),
        citation_key=values.get("key") or None,
    )


def _scan(data: bytes) -> dict[str, Any] | None:
    """Return the values of the canonical lines, or None where a key's line is not canonical."""
    values: dict[str, Any] = {}
    try:
        text = data.decode("utf-8")
        if other := _OTHER_TITLES.search(text):
            if not other[1]:
                return None
            values["other_titles"] = json.loads(other[1])
        for name, quoted, plain in _LINE.findall(text):
            value = json.loads(f'"{quoted}"') if "\\" in quoted else quoted or plain
            if not value or name in values:
                return None
            values[name] = value
    except ValueError:
        return None
    return values
