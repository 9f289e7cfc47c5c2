"""A list on disk: its settings, its rules, its papers and those that it has declined."""

import os
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from kdbot.intake.record import parse_record
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.intake.yaml_values import YamlValues
from kdbot.model.collection import Collection, DeclinedPaper, Identities, identities_of
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding
from kdbot.model.json_text import from_json
from kdbot.model.paper import PAPERS, Paper, paper_from_values, path_of, stem_of
from kdbot.model.proposal import Candidate
from kdbot.model.schema import PaperSchema, parse_schema
from kdbot.model.settings import SETTINGS, Settings, parse_settings
from kdbot.storage.files import (
    SCHEMA,
    TAXONOMY,
    VENUES,
    json_of,
    load_event_repository,
    paper_files,
    read_bytes,
    schema_error,
)
from kdbot.storage.git import published_branch
from kdbot.storage.identity_scan import scan_identities, unfit_field
from kdbot.text.record import double_quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """All files of `papers/`, read.

    Attributes:
        candidates: the files that could be read, in order of their names.
        findings: one for each that could not be read, or is not a file.
    """

    candidates: tuple[Candidate, ...]
    findings: tuple[Finding, ...]


def load_settings(root: Path, environment: Mapping[str, str]) -> Settings:
    """Read `kdbot.toml`, or `[tool.kdbot]` of `pyproject.toml`.

    What GitHub says counts before the file: `GITHUB_REPOSITORY` is the repository, and the default
    branch of the event is the one that is published. Where neither names the branch, git does.

    Raises:
        KdbotError: the file cannot be read, has an unknown or ill-typed setting, or names a field
            that the list's schema does not know.
    """
    name, document = settings_document(root)
    if repository := environment.get("GITHUB_REPOSITORY"):
        document["repository"] = repository
    branch = load_event_repository(environment).get("default_branch")
    if branch := branch or document.get("branch") or published_branch(root):
        document["branch"] = branch
    settings = parse_settings(document, name)
    try:
        schema = load_schema(root)
    except KdbotError:
        # A run that needs the schema reads it again and reports its errors; a run that has to
        # tell an author so cannot begin without settings.
        return settings
    settings.check_fields(schema, name)
    return settings


def settings_document(root: Path) -> tuple[str, dict[str, Any]]:
    """Return the name of the settings file, and its table of settings unchanged.

    Raises:
        KdbotError: the file cannot be read.
    """
    elsewhere = not (root / SETTINGS).exists() and (root / "pyproject.toml").exists()
    name = "pyproject.toml" if elsewhere else SETTINGS
    try:
        document = tomllib.loads(read_bytes(root, name).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise KdbotError(f"cannot be read as TOML: {error}", where=name) from error
    for table in () if name == SETTINGS else ("tool", "kdbot"):
        document = document.get(table, {})
        if not isinstance(document, dict):
            raise KdbotError(f"`{table}` must be a table", where=name)
    return name, document


def load_schema(root: Path) -> PaperSchema:
    """Read the record's JSON Schema.

    Raises:
        KdbotError: it cannot be read, or describes no record.
    """
    return schema_of(read_bytes(root, SCHEMA))


@lru_cache(maxsize=4)  # a run reads the same file for each item
def schema_of(data: bytes) -> PaperSchema:
    """Read the record's JSON Schema from its bytes.

    Raises:
        KdbotError: it cannot be read, or describes no record.
    """
    return parse_schema(json_of(data, SCHEMA))


def load_records(root: Path) -> Records:
    """Read every file of `papers/`."""
    names, findings = paper_files(root)
    folder = os.path.join(root, PAPERS)  # noqa: PTH118 - a Path for each of 10,000 files is slow

    def read() -> Iterator[tuple[str, bytes]]:
        for name in names:
            with open(os.path.join(folder, name), "rb") as stream:  # noqa: PTH118, PTH123
                yield f"{PAPERS}/{name}", stream.read()

    return read_records(read(), findings)


def read_records(files: Iterable[tuple[str, bytes]], findings: Iterable[Finding] = ()) -> Records:
    """Read the records in some files.

    Args:
        files: path and bytes of each.
        findings: what is known to be wrong with other files.
    """
    read = [parse_record(data, name) for name, data in files]
    broken = (one for one in read if isinstance(one, Finding))
    return Records(
        candidates=tuple(one for one in read if isinstance(one, Candidate)),
        findings=(*findings, *broken),
    )


def paper_of(candidate: Candidate) -> Paper:
    """Build the paper of a record; whether its values are right is the review's question."""
    values = {name: given.value for name, given in candidate.given.items()}
    return paper_from_values(stem_of(str(candidate.file)), {"title": "", **values})


def unreviewed_paper_of(candidate: Candidate) -> Paper:
    """Build the paper of a file that nobody has reviewed.

    Raises:
        KdbotError: a value is of another kind than a record's, or the title is missing.
    """
    if unfit_field(candidate) or "title" not in candidate.given:
        raise KdbotError(
            "is not a paper's record",
            where=candidate.file,
            fix="run `kdbot validate` for details",
        )
    return paper_of(candidate)


def read_paper(data: bytes, name: str) -> Paper:
    """Read the paper of a file that nobody has reviewed.

    Raises:
        KdbotError: it cannot be read, or is not a paper's record.
    """
    record = parse_record(data, name)
    if isinstance(record, Finding):
        raise KdbotError(record.message, where=name, fix=record.fix)
    return unreviewed_paper_of(record)


def load_rules(root: Path) -> Collection:
    """Read a collection with only schema, taxonomy and venues, without papers.

    Raises:
        KdbotError: schema, taxonomy or venues cannot be read.
    """
    return Collection(
        papers={},
        identities=Identities(all=()),
        schema=load_schema(root),
        taxonomy=parse_taxonomy(read_bytes(root, TAXONOMY), TAXONOMY),
        venues=parse_venues(read_bytes(root, VENUES), VENUES),
    )


def with_papers(rules: Collection, candidates: Iterable[Candidate]) -> Collection:
    """Return the collection of records that have passed the review."""
    papers = {paper.id: paper for paper in map(paper_of, candidates)}
    return replace(rules, papers=papers, identities=identities_of(papers.values()))


def open_collection(root: Path) -> Collection:
    """Open the collection for a look-up: identities by a scan, records on demand.

    A file that cannot be read, or is not a record, is only in `broken`.

    Raises:
        KdbotError: schema, taxonomy or venues cannot be read.
    """
    identities, broken = scan_identities(root)
    papers = _PapersOnDemand(root, tuple(identities.by_id))
    rules = replace(load_rules(root), declined=readable_declined(root))
    return replace(rules, papers=papers, identities=identities, broken=broken)


class _PapersOnDemand(Mapping[str, Paper]):
    """Records that are read from disk when they are asked for, each once."""

    def __init__(self, root: Path, ids: tuple[str, ...]) -> None:
        self._root = root
        self._ids = ids
        self._known = frozenset(ids)
        self._read: dict[str, Paper] = {}

    def __getitem__(self, paper_id: str) -> Paper:
        if paper_id not in self._known:
            raise KeyError(paper_id)
        if paper_id not in self._read:
            name = path_of(paper_id)
            self._read[paper_id] = read_paper(read_bytes(self._root, name), name)
        return self._read[paper_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


DECLINED = "declined.yaml"
_FIX = "correct the line that is named, or remove the entry"
_HEAD = "# Papers that were proposed and declined, by kdbot. Remove an entry to forget it.\n"


def load_declined(root: Path) -> tuple[DeclinedPaper, ...]:
    """Read the declined papers; empty if there is no file.

    Raises:
        KdbotError: the file is there and does not match its schema.
    """
    if not (root / DECLINED).exists():
        return ()
    return parse_declined(read_bytes(root, DECLINED), DECLINED)


def readable_declined(
    root: Path, warn: Callable[[str], None] = lambda _message: None
) -> tuple[DeclinedPaper, ...]:
    """Return the declined papers; empty, with a warning, if their file cannot be read.

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
    values = YamlValues(data, where)
    error = schema_error(values.root, "declined.schema.json")
    if error is not None:
        path = tuple(error.instance_path)
        line = values.lines.get(path) or values.lines.get(path[:-1])
        place = "/".join(map(str, path))
        raise KdbotError(
            f"does not match its schema at `{place[:200]}`: {error.message[:300]}",
            where=f"{where}:{line}" if line else where,
            fix=_FIX,
        )
    try:
        return tuple(
            from_json(DeclinedPaper, {**entry, "number": int(entry["number"])})
            for entry in values.root["declined"]
        )
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
