"""A list on disk: its settings, its rules and its papers."""

import json
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kdbot.intake.record import parse_record
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.model.collection import Collection, Identities, identities_of
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding
from kdbot.model.paper import Paper, paper_from_values
from kdbot.model.proposal import Candidate
from kdbot.model.schema import PaperSchema, parse_schema
from kdbot.model.settings import Settings, parse_settings
from kdbot.storage.files import (
    PAPERS,
    SCHEMA,
    SETTINGS,
    TAXONOMY,
    VENUES,
    paper_files,
    read_bytes,
)
from kdbot.storage.identity_scan import scan_identities


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """All files of `papers/`, read.

    Attributes:
        candidates: the files that could be read, in order of their names.
        findings: one for each file that could not.
    """

    candidates: tuple[Candidate, ...]
    findings: tuple[Finding, ...]


def load_settings(root: Path, environment: Mapping[str, str]) -> Settings:
    """Read `kdbot.toml`, or `[tool.kdbot]` of `pyproject.toml`.

    `GITHUB_REPOSITORY` says the repository where the file does not.

    Raises:
        KdbotError: the file cannot be read, holds an unknown or ill-typed setting, or names a field
            that the list's schema does not know.
    """
    name = SETTINGS if (root / SETTINGS).is_file() else "pyproject.toml"
    try:
        document = tomllib.loads(read_bytes(root, name).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KdbotError(f"cannot be read as TOML: {error}", where=name) from error
    if name != SETTINGS:
        document = document.get("tool", {}).get("kdbot", {})
    if repository := environment.get("GITHUB_REPOSITORY"):
        document.setdefault("repository", repository)
    settings = parse_settings(document, name)
    if (root / SCHEMA).is_file():
        settings.check_fields(load_schema(root), name)
    return settings


def load_schema(root: Path) -> PaperSchema:
    """Read the record's JSON Schema.

    Raises:
        KdbotError: it cannot be read, or describes no record.
    """
    try:
        document = json.loads(read_bytes(root, SCHEMA))
    except ValueError as error:
        raise KdbotError(f"cannot be read as JSON: {error}", where=SCHEMA) from error
    return parse_schema(document)


def load_records(root: Path) -> Records:
    """Read every file of `papers/`."""
    candidates, findings = [], []
    folder = os.path.join(root, PAPERS)  # noqa: PTH118 - a Path for each of 10,000 files is slow
    for name in paper_files(root):
        with open(os.path.join(folder, name), "rb") as stream:  # noqa: PTH118, PTH123
            read = parse_record(stream.read(), f"{PAPERS}/{name}")
        if isinstance(read, Finding):
            findings.append(read)
        else:
            candidates.append(read)
    return Records(candidates=tuple(candidates), findings=tuple(findings))


def paper_of(candidate: Candidate) -> Paper:
    """Build the paper of a file that has passed the review."""
    stem = str(candidate.file).rpartition("/")[2].removesuffix(".yaml")
    return paper_from_values(stem, {name: given.value for name, given in candidate.given.items()})


def load_rules(root: Path) -> Collection:
    """Read what the papers live under: a collection with schema, taxonomy and venues alone.

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

    Raises:
        KdbotError: schema, taxonomy or venues cannot be read.
    """
    identities = scan_identities(root)
    papers = _PapersOnDemand(root, tuple(identities.by_id))
    return replace(load_rules(root), papers=papers, identities=identities)


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
            name = f"{PAPERS}/{paper_id}.yaml"
            candidate = parse_record(read_bytes(self._root, name), name)
            if isinstance(candidate, Finding):
                raise KdbotError(candidate.message, where=name, fix=candidate.fix)
            self._read[paper_id] = paper_of(candidate)
        return self._read[paper_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)
