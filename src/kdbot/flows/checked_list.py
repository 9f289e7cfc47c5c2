"""A list on disk, read and reviewed: the start of every flow that needs all of its papers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kdbot.intake.record import parse_record
from kdbot.model.collection import Collection
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding, Severity, has_errors
from kdbot.model.paper import Paper
from kdbot.model.proposal import Candidate
from kdbot.publish.record import render_record
from kdbot.publish.text import render_findings_text
from kdbot.review.collection_review import review_collection
from kdbot.review.file_name import path_of
from kdbot.storage.files import PAPERS
from kdbot.storage.repository import Records, load_records, load_rules, with_papers


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
    records, rules = load_records(root), load_rules(root)
    findings = (*records.findings, *review_collection(records.candidates, rules))
    if has_errors(findings):
        return CheckedList(collection=None, findings=findings)
    return CheckedList(collection=with_papers(rules, records.candidates), findings=findings)


def whole_collection(root: Path) -> Collection:
    """Read and review all papers of a list that has to be without errors.

    Raises:
        KdbotError: it has errors, or its schema, taxonomy or venues cannot be read.
    """
    checked = check_list(root)
    if checked.collection is None:
        raise KdbotError(
            f"the list has errors:\n{render_findings_text(checked.findings)}",
            fix="`kdbot validate` names them; mend the files on the branch",
        )
    return checked.collection


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
    found = review_collection((*others, *given.candidates), load_rules(root))
    return (*given.findings, *(finding for finding in found if finding.file in names))


def acceptable(
    papers: Iterable[Paper], collection: Collection
) -> tuple[dict[str, str | None], tuple[Finding, ...]]:
    """Return the files of changed records to write, and why others are not.

    What comes from a service, or from a tick, is held to the rules that people are held to.
    """
    texts: dict[str, str | None] = {}
    candidates: list[Candidate] = []
    for paper in papers:
        name, text = path_of(paper.id), render_record(paper, collection.schema)
        read = parse_record(text.encode(), name)
        if isinstance(read, Candidate):
            texts[name] = text
            candidates.append(read)
    found = review_collection(candidates, collection)
    refused = tuple(finding for finding in found if finding.severity is Severity.ERROR)
    for finding in refused:
        texts.pop(str(finding.file), None)
    return texts, refused


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
