"""A list on disk, read and reviewed: the start of every flow that needs all of its papers.

And `kdbot validate`: are all papers, or the given files, as they should be?
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kdbot.flows.job import open_job
from kdbot.flows.output import use_color
from kdbot.intake.record import parse_record
from kdbot.model.collection import Collection
from kdbot.model.finding import Finding, Severity, has_errors
from kdbot.model.paper import PAPERS, Paper, path_of, stem_of
from kdbot.model.proposal import Candidate
from kdbot.publish.comment.words import OVERRIDES, check_templates
from kdbot.publish.report import render_annotations, render_findings_json, render_findings_text
from kdbot.review.collection import review_collection
from kdbot.storage.files import load_templates, read_bytes, read_file
from kdbot.storage.git import Checkout
from kdbot.storage.identity_scan import broken_file
from kdbot.storage.repository import (
    load_declined,
    load_records,
    load_rules,
    load_settings,
    read_records,
    with_papers,
)
from kdbot.text.record import render_record


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedList:
    """A list with what was found in it.

    Attributes:
        collection: the papers whose files are in order; the other files are in `broken`.
        findings: those of every file.
    """

    collection: Collection
    findings: tuple[Finding, ...]


def check_list(root: Path) -> CheckedList:
    """Read and review all papers of the list.

    Raises:
        KdbotError: the schema, the taxonomy or the venues cannot be read.
    """
    records, rules = load_records(root), load_rules(root)
    findings = (*records.findings, *review_collection(records.candidates, rules))
    errors: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity is Severity.ERROR:
            errors.setdefault(str(finding.file), []).append(finding)
    good = with_papers(rules, (c for c in records.candidates if c.file not in errors))
    broken = {
        stem_of(file): broken_file(_data(root, file), tuple(found))
        for file, found in sorted(errors.items())
    }
    return CheckedList(collection=replace(good, broken=broken), findings=findings)


def whole_collection(root: Path, checkout: Checkout | None = None) -> Collection:
    """Read and review all papers; a broken file stands as its last version that was in order.

    Args:
        root: the list.
        checkout: its working copy with the right to fetch; None for what anybody may fetch.

    Returns:
        The collection as readers are to see it; `broken` says which papers are not to be written.

    Raises:
        KdbotError: the schema, the taxonomy or the venues cannot be read.
    """
    collection = check_list(root).collection
    if not collection.broken:
        return collection
    from kdbot.flows.list.last_versions import with_last_versions

    return with_last_versions(root, collection, checkout)


def _check_files(root: Path, files: Sequence[Path]) -> tuple[Finding, ...]:
    """Review the given files against all papers of the list.

    A file that is not in `papers/` is held to the rules as if it were there.

    Raises:
        KdbotError: a file cannot be read, or the schema, the taxonomy or the venues cannot.
    """
    given = read_records((f"{PAPERS}/{path.name}", read_file(path)) for path in files)
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
    refused += tuple(
        replace(finding, message=f"The file in the list is broken: {finding.message}")
        for candidate in candidates
        if (broken := collection.broken.get(stem_of(str(candidate.file))))
        for finding in broken.findings[:1]
    )
    for finding in refused:
        texts.pop(str(finding.file), None)
    return texts, refused


def _data(root: Path, file: str) -> bytes:
    path = root / file
    is_regular = path.is_file() and not path.is_symlink()
    return read_bytes(root, file) if is_regular else b""


def validate(root: Path, files: Sequence[Path], form: str, environment: Mapping[str, str]) -> int:
    """Print what is found, by file and line, and return the exit status.

    The text names a given file as the call does; the other formats by its place in the list.

    Args:
        root: the list.
        files: the files to look at; none for all.
        form: `text`, `json` or `github`.
        environment: for NO_COLOR, and for the job's summary, which `github` writes: of annotations
            GitHub shows ten of a kind.

    Raises:
        KdbotError: the settings, the schema, the taxonomy, the venues or the declined papers cannot
            be read.
    """
    load_settings(root, environment)
    load_declined(root)
    if files:
        findings = _check_files(root, files)
    else:
        findings = (*check_list(root).findings, *check_templates(load_templates(root, OVERRIDES)))
    findings = tuple(sorted(findings, key=lambda found: (found.file or "", found.line or 0)))
    if form == "json":
        sys.stdout.write(render_findings_json(findings))
    elif form == "github":
        sys.stdout.write(render_annotations(findings))
        job = open_job(environment)
        for line in (*render_findings_text(findings).splitlines(), _summary(findings)):
            job.summarize(line)
    else:
        given = {f"{PAPERS}/{path.name}": str(path) for path in files}
        shown = (replace(f, file=given.get(str(f.file), f.file)) for f in findings)
        sys.stdout.write(render_findings_text(shown, color=use_color(sys.stdout, environment)))
    print(_summary(findings), file=sys.stderr)
    return 1 if has_errors(findings) else 0


def _summary(findings: Sequence[Finding]) -> str:
    counts = [
        f"{count} {severity}{'' if count == 1 else 's'}"
        for severity in Severity
        if (count := sum(finding.severity is severity for finding in findings))
    ]
    return ", ".join(counts) or "no findings"
