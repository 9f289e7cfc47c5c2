"""`audit.json` and the artifacts of the probe on disk, each held against its schema."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from kdbot.model.audit import Audit, AuditSummary, parse_audit_file, parse_audit_summary
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import LinkRecord, LinkResult
from kdbot.model.json_text import from_json
from kdbot.storage.files import AUDIT, json_of, read_json, schema_error

_T = TypeVar("_T")

_MAX_BYTES = 64 * 1024 * 1024
_FIX = "remove the file; the next weekly run writes it again"


def load_audit(root: Path) -> Audit:
    """Read the audit; empty if there was none yet.

    Raises:
        KdbotError: the file is there and is not what the weekly run writes.
    """
    return _load(root, _audit_of, Audit())


def parse_audit(data: bytes, where: str) -> Audit:
    """Read an audit from the bytes of its file.

    Raises:
        KdbotError: they are not what the weekly run writes.
    """
    return _read(json_of(data, where, _FIX), where, _audit_of)


def load_audit_summary(root: Path) -> AuditSummary | None:
    """Read only the numbers of the last audit, which is all that readers see.

    Raises:
        KdbotError: the file is there and cannot be read.
    """
    return _load(root, lambda document, _: parse_audit_summary(document), None)


def load_link_records(root: Path) -> dict[str, LinkRecord]:
    """Read what the last audit knew of each address; empty if there was none yet.

    Raises:
        KdbotError: the file is there and cannot be read.
    """

    def read(document: Any, _where: str) -> dict[str, LinkRecord]:
        links = document.get("links", {})
        return {url: from_json(LinkRecord, record) for url, record in links.items()}

    return _load(root, read, {})


def _audit_of(document: Any, where: str) -> Audit:
    _check_document(document, "audit", where)
    return parse_audit_file(document)


def _load(root: Path, parse: Callable[[Any, str], _T], empty: _T) -> _T:
    return _read(read_json(root, AUDIT, _FIX), AUDIT, parse) if (root / AUDIT).exists() else empty


def _read(document: Any, where: str, parse: Callable[[Any, str], _T]) -> _T:
    try:
        return parse(document, where)
    except (ValueError, AttributeError) as error:
        why = error if isinstance(error, ValueError) else "it does not match its schema"
        raise KdbotError(f"cannot be read: {why}", where=where, fix=_FIX) from error


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
            raise KdbotError("is larger than any result of `kdbot links`", where=where)
        document = read_json(Path(), where)
        _check_document(document, "links", where)
        for record in document:
            result = from_json(LinkResult, record, whole=True)
            # An address with half a character cannot work, and is not written.
            if "\ufffd" not in f"{result.url}{result.final_url}":
                found[result.url] = result
    return found


def _check_document(document: Any, name: str, where: str) -> None:
    """Hold a document against one of our schemas: `audit` or `links`.

    Raises:
        KdbotError: it does not fit.
    """
    error = schema_error(document, "audit.schema.json", name)
    if error is not None:
        place = "/".join(map(str, error.instance_path))
        raise KdbotError(
            f"does not match its schema, at `{place[:200]}` ({error.kind.name})",
            where=where,
        )
