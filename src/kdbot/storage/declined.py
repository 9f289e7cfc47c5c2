"""`declined.yaml`: the papers that a list remembers to have declined, held against its schema."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from kdbot.intake.yaml_text import MAINTAINED, parse_yaml
from kdbot.model.collection import DeclinedPaper
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding
from kdbot.storage.files import read_bytes, schema_error
from kdbot.text.record import double_quoted

DECLINED = "declined.yaml"
_FIX = "correct the line that is named, or remove the entry"
_HEAD = "# Papers that were proposed and declined, by kdbot. Remove an entry to forget it.\n"


def load_declined(root: Path) -> tuple[DeclinedPaper, ...]:
    """Read the declined papers; none where there is no file.

    Raises:
        KdbotError: the file is there and does not match its schema.
    """
    if not (root / DECLINED).exists():
        return ()
    return parse_declined(read_bytes(root, DECLINED), DECLINED)


def readable_declined(
    root: Path, warn: Callable[[str], None] = lambda _message: None
) -> tuple[DeclinedPaper, ...]:
    """Return the declined papers; none, and a warning, where their file cannot be read.

    A slip in it stops no review and no rebuild; what would write over the file is stopped.
    """
    try:
        return load_declined(root)
    except KdbotError as error:
        warn(f"what was declined is not known: {error}")
        return ()


def parse_declined(data: bytes, where: str) -> tuple[DeclinedPaper, ...]:
    """Read declined papers from the bytes of their file.

    Raises:
        KdbotError: they do not match the schema.
    """
    document = parse_yaml(data, where, MAINTAINED)
    if isinstance(document, Finding):
        place = f"{where}:{document.line}" if document.line else where
        raise KdbotError(document.message, where=place, fix=document.fix)
    error = schema_error(document.value, "declined.schema.json")
    if error is not None:
        path = tuple(error.instance_path)
        line = document.lines.get(path) or document.lines.get(path[:-1])
        place = "/".join(map(str, path))
        raise KdbotError(
            f"does not match its schema at `{place[:200]}`: {error.message[:300]}",
            where=f"{where}:{line}" if line else where,
            fix=_FIX,
        )
    try:
        return tuple(map(_paper, document.value["declined"]))
    except ValueError as error:
        raise KdbotError(f"cannot be read: {error}", where=where, fix=_FIX) from error


def render_declined(papers: Iterable[DeclinedPaper]) -> str:
    """Return the file of declined papers, as `parse_declined` reads it."""
    entries = "".join(
        f"  - identifier: {double_quoted(paper.identifier)}\n"
        f"    title: {double_quoted(paper.title)}\n"
        f"    reason: {double_quoted(paper.reason)}\n"
        f"    day: {paper.day.isoformat()}\n"
        f"    number: {paper.number}\n"
        for paper in papers
    )
    return f"{_HEAD}declined:\n{entries}" if entries else f"{_HEAD}declined: []\n"


def _paper(entry: dict[str, Any]) -> DeclinedPaper:
    return DeclinedPaper(
        identifier=entry["identifier"],
        title=entry["title"],
        reason=entry["reason"],
        day=date.fromisoformat(entry["day"]),
        number=int(entry["number"]),
    )
