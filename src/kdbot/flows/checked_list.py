"""A list on disk, read and reviewed: the start of every flow that needs all of its papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kdbot.intake.record import parse_record
from kdbot.model.collection import Collection
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding, has_errors
from kdbot.model.proposal import Candidate
from kdbot.review.collection_review import review_collection
from kdbot.storage.files import PAPERS
from kdbot.storage.repository import Records, load_collection, load_records


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedList:
    """A list with what was found in it.

    Attributes:
        collection: all papers; None where an error keeps them from being read as such.
        findings: those of every file.
    """

    collection: Collection | None
    findings: tuple[Finding, ...]


def check_list(root: Path) -> CheckedList:
    """Read and review all papers of the list.

    Raises:
        KdbotError: the schema, the taxonomy or the venues cannot be read.
    """
    records = load_records(root)
    findings = (*records.findings, *_review(root, records.candidates))
    if has_errors(findings):
        return CheckedList(collection=None, findings=findings)
    return CheckedList(collection=load_collection(root, records.candidates), findings=findings)


def check_files(root: Path, files: Sequence[Path]) -> tuple[Finding, ...]:
    """Review the given files against all papers of the list.

    A file that is not in `papers/` is held to the rules as if it were there.

    Raises:
        KdbotError: a file cannot be read, or the schema, the taxonomy or the venues cannot.
    """
    given = _read(files)
    names = {candidate.file for candidate in given.candidates}
    others = (c for c in load_records(root).candidates if c.file not in names)
    # Of two files that share an identifier the later one is told so.
    found = _review(root, (*others, *given.candidates))
    return (*given.findings, *(finding for finding in found if finding.file in names))


def _review(root: Path, candidates: tuple[Candidate, ...]) -> tuple[Finding, ...]:
    return review_collection(candidates, load_collection(root, ()))


def _read(files: Sequence[Path]) -> Records:
    candidates, findings = [], []
    for path in files:
        try:
            read = parse_record(path.read_bytes(), f"{PAPERS}/{path.name}")
        except OSError as error:
            raise KdbotError(f"cannot be read: {error.strerror}", where=str(path)) from error
        if isinstance(read, Finding):
            findings.append(read)
        else:
            candidates.append(read)
    return Records(candidates=tuple(candidates), findings=tuple(findings))
