"""The changed files of a pull request, read as data from one commit of its head."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kdbot.github.client import GitHubClient
from kdbot.github.item import REGULAR, SUBMODULE, SYMLINK, ChangedFile, PullRequest, TreeEntry
from kdbot.github.rules import (
    FILE_MODE,
    FILE_TOO_LARGE,
    FILES_OUTSIDE_PAPERS,
    NO_PAPER_FILE,
    TOO_MANY_FILES,
)
from kdbot.intake.record import parse_record
from kdbot.model.finding import Finding, name_some, quote
from kdbot.model.paper import PAPERS, stem_of
from kdbot.model.proposal import Candidate
from kdbot.model.regions import README

_MAX_PAPERS = 20
"""Files of papers that are read of one pull request."""
_MAX_BYTES = 64 * 1024
"""Size of a paper's file that is read."""
_MAX_README = 1024 * 1024
_NAMED = 5  # files that a finding names
_KINDS = {SYMLINK: "a symbolic link", SUBMODULE: "a submodule", "100755": "an executable file"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeChange:
    """What a pull request does to the README.

    Attributes:
        patch: the hunks of the change.
        text: the README in the head.
    """

    patch: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PullFiles:
    """What a pull request changes, as far as it may be read.

    Attributes:
        candidates: the papers in its files, in the order of their paths.
        findings: what a person should know about the files.
        added: paths of papers that the pull request's own base does not have.
        removed: ids of papers whose files go away, those that get another name included.
        renamed: the path that a paper's file gets, by the id that it had.
        shown: lines of each file that its diff shows, by path.
        readme: the change of the README, or None.
    """

    candidates: tuple[Candidate, ...]
    findings: tuple[Finding, ...]
    added: frozenset[str]
    removed: frozenset[str]
    renamed: Mapping[str, str]
    shown: Mapping[str, frozenset[int]]
    readme: ReadmeChange | None


def read_pull_files(client: GitHubClient, pull: PullRequest) -> PullFiles:
    """Read the papers and the README in a pull request's head, and sort out all else.

    A file is read where the head's tree says that it is a plain one of moderate size, and its blob
    is asked for by name. Five calls and one for each paper at most, however many files there are.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
    """
    files = client.changed_files(pull.number)
    tree = client.tree(pull.head_sha, PAPERS)
    papers = [file for file in files if _is_paper(file.path) and file.status != "removed"]
    read = papers[:_MAX_PAPERS]
    refused = {file.path: list(_check_entry(file.path, tree, _MAX_BYTES)) for file in read}
    plain = [tree[file.path] for file in read if not refused[file.path]]
    changed = next((file for file in files if file.path == README), None)
    readme, readme_findings = _read_readme(client, changed, tree)
    findings = (
        *_check_bounds(pull, files, papers),
        *(finding for path in refused for finding in refused[path]),
        *_check_names(files),
        *_check_outside(files),
        *readme_findings,
    )
    return PullFiles(
        candidates=tuple(_candidate(client.blob(entry.sha), entry.path) for entry in plain),
        findings=findings,
        added=frozenset(file.path for file in read if file.status == "added"),
        removed=frozenset(stem_of(path) for path in _lost(files)),
        renamed={
            stem_of(file.previous): file.path
            for file in files
            if file.status == "renamed" and file.previous and _is_paper(file.previous)
        },
        shown={file.path: file.shown_lines for file in files},
        readme=readme,
    )


def _candidate(data: bytes, path: str) -> Candidate:
    record = parse_record(data, path)
    if isinstance(record, Finding):
        return Candidate(given={}, file=path, findings=(record,))
    return record


def _read_readme(
    client: GitHubClient, changed: ChangedFile | None, tree: Mapping[str, TreeEntry]
) -> tuple[ReadmeChange | None, tuple[Finding, ...]]:
    if changed is None or changed.status == "removed":
        return None, ()
    findings = tuple(_check_entry(README, tree, _MAX_README))
    if findings:
        return None, findings
    if changed.patch is None:
        message = "GitHub does not show the change of the README: it is very long, or no text."
        return None, (FILE_TOO_LARGE.finding(message, file=README),)
    text = client.blob(tree[README].sha).decode("utf-8", "replace")
    return ReadmeChange(patch=changed.patch, text=text), ()


def _check_bounds(
    pull: PullRequest, files: tuple[ChangedFile, ...], papers: list[ChangedFile]
) -> Iterator[Finding]:
    if pull.changed_files > len(files):
        yield TOO_MANY_FILES.finding(
            f"This changes {pull.changed_files:,} files; I looked at the first {len(files)}."
        )
    elif len(papers) > _MAX_PAPERS:
        yield TOO_MANY_FILES.finding(
            f"This brings {len(papers)} files of papers; I read the first {_MAX_PAPERS}."
        )


def _check_entry(path: str, tree: Mapping[str, TreeEntry], limit: int) -> Iterator[Finding]:
    """Ask a file to be a plain one of moderate size, before anybody reads it."""
    entry = tree.get(path)
    if entry is None or entry.mode != REGULAR:
        yield FILE_MODE.finding(f"{quote(path)} is {_kind(entry)}.", file=path)
    elif entry.size > limit:
        yield FILE_TOO_LARGE.finding(
            f"{quote(path)} has {entry.size:,} bytes; I read files of up to {limit:,}.", file=path
        )


def _kind(entry: TreeEntry | None) -> str:
    return "no file of the commit that I read" if entry is None else _KINDS.get(
        entry.mode, f"of mode {entry.mode}"
    )  # fmt: skip


def _check_names(files: Iterable[ChangedFile]) -> Iterator[Finding]:
    for file in files:
        inside = file.path.startswith(f"{PAPERS}/") or file.path == PAPERS
        if inside and not _is_paper(file.path) and file.status != "removed":
            yield NO_PAPER_FILE.finding(
                f"{quote(file.path)} is not directly in `{PAPERS}/` or does not end with `.yaml`.",
                file=file.path,
            )


def _check_outside(files: Iterable[ChangedFile]) -> Iterator[Finding]:
    paths = [path for file in files for path in (file.path, file.previous) if path]
    removed = {file.path for file in files if file.status == "removed"}
    outside = [
        path
        for path in dict.fromkeys(paths)
        if not path.startswith(f"{PAPERS}/") and (path != README or path in removed)
    ]
    if outside:
        named = name_some([quote(path) for path in outside], _NAMED)
        yield FILES_OUTSIDE_PAPERS.finding(f"This changes {named}.")


def _lost(files: Iterable[ChangedFile]) -> Iterator[str]:
    for file in files:
        path = file.path if file.status == "removed" else file.previous
        if path and _is_paper(path) and file.status in {"removed", "renamed"}:
            yield path


def _is_paper(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return folder == PAPERS and name.endswith(".yaml") and not name.startswith(".")
