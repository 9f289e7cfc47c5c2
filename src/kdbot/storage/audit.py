"""`audit.json` and the artifacts of the probe on disk, each held against its schema."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from kdbot.model.audit import Audit, AuditSummary, parse_audit_file, parse_audit_summary
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import LinkRecord, LinkResult
from kdbot.model.json_text import from_json, parse_json
from kdbot.storage.files import AUDIT, read_json

_SCHEMA = Path(__file__).with_name("audit.schema.json")
_MAX_BYTES = 64 * 1024 * 1024
_FIX = "remove the file; the next weekly run writes it anew"


def load_audit(root: Path) -> Audit:
    """Read the audit; an empty one where there was none yet.

    Raises:
        KdbotError: the file is there and is not what the weekly run writes.
    """
    if not (root / AUDIT).exists():
        return Audit()
    return _parse_audit(_object(root), AUDIT)


def parse_audit(data: bytes, where: str) -> Audit:
    """Read an audit from the bytes of its file.

    Raises:
        KdbotError: they are not what the weekly run writes.
    """
    try:
        return _parse_audit(parse_json(data), where)
    except ValueError as error:
        raise KdbotError(f"cannot be read as JSON: {error}", where=where, fix=_FIX) from error


def _parse_audit(document: Any, where: str) -> Audit:
    _check_document(document, "audit", where)
    try:
        return parse_audit_file(document)
    except ValueError as error:
        raise KdbotError(f"cannot be read: {error}", where=where, fix=_FIX) from error


def load_audit_summary(root: Path) -> AuditSummary | None:
    """Read the numbers of the last audit alone, which is all that readers are told.

    Raises:
        KdbotError: the file is there and cannot be read.
    """
    if not (root / AUDIT).exists():
        return None
    try:
        return parse_audit_summary(_object(root))
    except ValueError as error:
        raise KdbotError(f"cannot be read: {error}", where=AUDIT, fix=_FIX) from error


def load_link_records(root: Path) -> dict[str, LinkRecord]:
    """Read what the last audit knew of each address; nothing where there was none yet.

    Raises:
        KdbotError: the file is there and cannot be read.
    """
    if not (root / AUDIT).exists():
        return {}
    links = _object(root).get("links", {})
    try:
        return {url: from_json(LinkRecord, record) for url, record in links.items()}
    except (ValueError, AttributeError) as error:
        raise KdbotError(f"cannot be read: {error}", where=AUDIT, fix=_FIX) from error


def load_link_results(files: Iterable[Path]) -> dict[str, LinkResult]:
    """Read what the shards of the probe found and put it together.

    The files come from a job that others' servers talked to, so they are data and nothing else.

    Raises:
        KdbotError: a file is not what `kdbot links --format json` writes.
    """
    found: dict[str, LinkResult] = {}
    for file in files:
        where = str(file)
        if file.is_file() and file.stat().st_size > _MAX_BYTES:
            raise KdbotError("is larger than any probe's result", where=where)
        document = read_json(Path(), where)
        _check_document(document, "links", where)
        for record in document:
            result = from_json(LinkResult, record, whole=True)
            # Half a character leads nowhere, and is written nowhere.
            if "\ufffd" not in f"{result.url}{result.final_url}":
                found[result.url] = result
    return found


def _check_document(document: Any, name: str, where: str) -> None:
    """Hold a document against one of our schemas: `audit` or `links`.

    Raises:
        KdbotError: it does not fit.
    """
    error = next(_validator(name).iter_errors(document), None)
    if error is not None:
        place = "/".join(map(str, error.instance_path))
        raise KdbotError(
            f"has not the form that its schema asks for, at `{place[:200]}` ({error.kind.name})",
            where=where,
        )


@cache
def _validator(name: str) -> Any:
    from jsonschema_rs import Draft202012Validator

    schema = json.loads(_SCHEMA.read_bytes())
    return Draft202012Validator({**schema, "$ref": f"#/$defs/{name}"})


def _object(root: Path) -> dict[str, Any]:
    document = read_json(root, AUDIT, _FIX)
    if not isinstance(document, dict):
        raise KdbotError("is JSON of another form", where=AUDIT, fix=_FIX)
    return document
