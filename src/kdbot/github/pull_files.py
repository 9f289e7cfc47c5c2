"""The changed files of a pull request, read as data from one commit of its head.

Of a change of the README rows by hand come back as papers, and prose passes.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from github.File import File
from github.GitTreeElement import GitTreeElement

from kdbot.github.client import GitHubClient
from kdbot.github.item import PullRequest
from kdbot.github.rules import (
    FILE_MODE,
    FILE_TOO_LARGE,
    FILES_OUTSIDE_PAPERS,
    NEW_README_HOST,
    NO_PAPER_FILE,
    README_REGION_EDITED,
    TOO_MANY_FILES,
)
from kdbot.intake.markdown.diff import DiffLine, Hunk, parse_diff
from kdbot.intake.markdown.hosts import hosts_in
from kdbot.intake.readme_diff import ROW_NOT_UNDERSTOOD, parse_readme_rows
from kdbot.intake.record import parse_record
from kdbot.model.collection import Collection
from kdbot.model.finding import Finding, name_some, quote
from kdbot.model.paper import PAPERS, is_record, stem_of
from kdbot.model.proposal import Candidate
from kdbot.model.regions import README, Region
from kdbot.publish.readme.regions import split_regions

_MAX_PAPERS = 20
"""Files of papers that are read of one pull request."""
_MAX_BYTES = 64 * 1024
"""Size of a paper's file that is read."""
_MAX_README = 1024 * 1024
_NAMED = 5  # files that a finding names
_REGULAR = "100644"
_KINDS = {"120000": "a symbolic link", "160000": "a submodule", "100755": "an executable file"}
"""What an entry of another mode is; git's six digits."""


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
    """Read the papers and the README in a pull request's head, and report all other files.

    A file is read where the head's tree says that it is a plain one of moderate size, and its blob
    is asked for by name. Five calls and one for each paper at most, however many files there are.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
    """
    files = client.changed_files(pull.number)
    tree = client.tree(pull.head_sha, PAPERS)
    papers = [file for file in files if is_record(file.filename) and file.status != "removed"]
    read = papers[:_MAX_PAPERS]
    refused = {f.filename: list(_check_entry(f.filename, tree, _MAX_BYTES)) for f in read}
    plain = {path: tree[path].sha for path, why in refused.items() if not why}
    changed = next((file for file in files if file.filename == README), None)
    readme, readme_findings = _read_readme(client, changed, tree)
    findings = (
        *_check_bounds(pull, files, papers),
        *(finding for path in refused for finding in refused[path]),
        *_check_names(files),
        *_check_outside(files),
        *readme_findings,
    )
    return PullFiles(
        candidates=tuple(_candidate(client.blob(blob), path) for path, blob in plain.items()),
        findings=findings,
        added=frozenset(file.filename for file in read if file.status == "added"),
        removed=frozenset(stem_of(path) for path in _lost(files)),
        renamed={
            stem_of(file.previous_filename): file.filename
            for file in files
            if file.status == "renamed" and is_record(file.previous_filename or "")
        },
        shown={file.filename: _shown_lines(file.patch) for file in files},
        readme=readme,
    )


def _shown_lines(patch: str | None) -> frozenset[int]:
    """Return the lines of the head's file that a diff shows; a comment beside them is refused."""
    lines = (line for hunk in parse_diff(patch or "") for line in hunk.lines)
    return frozenset(line.new for line in lines if line.mark != "-" and line.new)


def _candidate(data: bytes, path: str) -> Candidate:
    record = parse_record(data, path)
    if isinstance(record, Finding):
        return Candidate(given={}, file=path, findings=(record,))
    return record


def _read_readme(
    client: GitHubClient, changed: File | None, tree: Mapping[str, GitTreeElement]
) -> tuple[ReadmeChange | None, tuple[Finding, ...]]:
    if changed is None or changed.status == "removed":
        return None, ()
    findings = tuple(_check_entry(README, tree, _MAX_README))
    if findings:
        return None, findings
    if not changed.patch:
        message = "GitHub does not show the change to the README: it is very long, or not text."
        return None, (FILE_TOO_LARGE.finding(message, file=README),)
    text = client.blob(tree[README].sha).decode("utf-8", "replace")
    return ReadmeChange(patch=changed.patch, text=text), ()


def _check_bounds(
    pull: PullRequest, files: tuple[File, ...], papers: list[File]
) -> Iterator[Finding]:
    if pull.changed_files > len(files):
        yield TOO_MANY_FILES.finding(
            f"This changes {pull.changed_files:,} files; I read the first {len(files)}."
        )
    elif len(papers) > _MAX_PAPERS:
        yield TOO_MANY_FILES.finding(
            f"This contains {len(papers)} paper files; I read the first {_MAX_PAPERS}."
        )


def _check_entry(path: str, tree: Mapping[str, GitTreeElement], limit: int) -> Iterator[Finding]:
    """Check that a file is regular and not too large, before it is read."""
    entry = tree.get(path)
    if entry is None or entry.mode != _REGULAR:
        yield FILE_MODE.finding(f"{quote(path)} is {_kind(entry)}.", file=path)
    elif entry.size > limit:
        yield FILE_TOO_LARGE.finding(
            f"{quote(path)} has {entry.size:,} bytes; I read files of up to {limit:,}.", file=path
        )


def _kind(entry: GitTreeElement | None) -> str:
    return "not a file of the commit that I read" if entry is None else _KINDS.get(
        entry.mode, f"of mode {entry.mode}"
    )  # fmt: skip


def _check_names(files: Iterable[File]) -> Iterator[Finding]:
    for file in files:
        path = file.filename
        inside = path.startswith(f"{PAPERS}/") or path == PAPERS
        if inside and not is_record(path) and file.status != "removed":
            yield NO_PAPER_FILE.finding(
                f"{quote(path)} is not directly in `{PAPERS}/` or does not end with `.yaml`.",
                file=path,
            )


def _check_outside(files: Iterable[File]) -> Iterator[Finding]:
    paths = [path for file in files for path in (file.filename, file.previous_filename) if path]
    removed = {file.filename for file in files if file.status == "removed"}
    outside = [
        path
        for path in dict.fromkeys(paths)
        if not path.startswith(f"{PAPERS}/") and (path != README or path in removed)
    ]
    if outside:
        named = name_some([quote(path) for path in outside], _NAMED)
        yield FILES_OUTSIDE_PAPERS.finding(f"This changes {named}.")


def _lost(files: Iterable[File]) -> Iterator[str]:
    for file in files:
        path = file.filename if file.status == "removed" else file.previous_filename
        if path and is_record(path) and file.status in {"removed", "renamed"}:
            yield path


# A row of a table or an item of a list with something in it; no rule between head and rows.
_ROW = re.compile(r"(?:\||[-*+] )(?=.*\w)")
_PORT = re.compile(r":[0-9]+\Z")
_MAX_PROSE = 50_000  # characters whose links are followed; the worst of them take some seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeEdit:
    """What a change of the README proposes.

    Attributes:
        candidates: papers in the rows that were written by hand.
        findings: what is to be said of the change.
    """

    candidates: tuple[Candidate, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_readme_edit(change: ReadmeChange, base: str, collection: Collection) -> ReadmeEdit:
    """Tell what was changed inside and outside the regions.

    Args:
        change: the change.
        base: the README of the published branch.
        collection: the list, for its categories and venues.
    """
    regions, broken = _regions(change.text, base)
    if broken:
        return ReadmeEdit(findings=broken)
    changed = [line for hunk in parse_diff(change.patch) for line in hunk.lines if line.mark != " "]
    inside = [(r.line, change.text.count("\n", 0, r.end) + 1) for r in regions]
    by_hand = [line for line in changed if any(a < line.new <= z for a, z in inside)]
    outside = [line.text for line in changed if line not in by_hand]
    prose = _prose(change.text, regions)
    findings = list(_check_hosts(outside, changed, base, prose))
    if not by_hand:
        return ReadmeEdit(findings=tuple(findings))
    hunk = Hunk(heading="", lines=tuple(by_hand))
    read = parse_readme_rows((hunk,), change.text, collection.taxonomy, collection.venues)
    proposal = read.proposal
    region = _region_finding(by_hand, bool(proposal.candidates))
    unread = _check_unread(by_hand, read.lines)
    return ReadmeEdit(
        candidates=proposal.candidates, findings=(region, *proposal.findings, *unread, *findings)
    )


def _regions(text: str, base: str) -> tuple[tuple[Region, ...], tuple[Finding, ...]]:
    """Return the regions after the change, or what it breaks of those that were in order."""
    found = split_regions(text, ())
    before = split_regions(base, ())
    regions = tuple(region for region in found if isinstance(region, Region))
    broken = tuple(finding for finding in found if isinstance(finding, Finding))
    names = {region.name for region in regions}
    if not broken and any(isinstance(r, Region) and r.name not in names for r in before):
        required = [region.name for region in before if isinstance(region, Region)]
        broken = tuple(f for f in split_regions(text, required) if isinstance(f, Finding))
    was_in_order = all(isinstance(region, Region) for region in before)
    return regions, broken if was_in_order else ()


def _region_finding(by_hand: Sequence[DiffLine], papers: bool) -> Finding:
    added = any(line.mark == "+" and line.text.strip() for line in by_hand)
    message = (
        "The tables, the contents and the update log of the README are built from the files in "
        "`papers/`, so a change there would be overwritten, and two pull requests would conflict."
    )
    fix = "Remove the README from this pull request."
    if papers:
        fix += (
            " What you wrote is not lost: it is shown below, and the files of new papers are "
            "ready to be created."
        )
    elif not added:
        fix += " To remove a paper from the list, delete its file in `papers/`."
    first = next((line.new for line in by_hand if line.mark == "+"), by_hand[0].new)
    return README_REGION_EDITED.finding(message, fix=fix, file=README, line=first)


def _check_unread(by_hand: Sequence[DiffLine], read: Container[int]) -> Iterator[Finding]:
    """Report the rows that became no paper and have no other finding."""
    for line in by_hand:
        text = line.text.strip()
        if line.mark == "+" and line.new not in read and _ROW.match(text):
            yield ROW_NOT_UNDERSTOOD.finding(
                f"The row {quote(text)} was not understood.", file=README, line=line.new
            )


def _check_hosts(
    outside: Sequence[str], changed: Sequence[DiffLine], base: str, prose: str
) -> Iterator[Finding]:
    """Report the hosts that the README links to after the change, but not before it."""
    added = {line.text: line.new for line in changed if line.mark == "+"}
    lines = [text for text in dict.fromkeys(outside) if text in added]
    if not lines:
        return
    if len(prose) > _MAX_PROSE:
        message = "The README's text outside the tables is too long for me to check its links."
        yield FILE_TOO_LARGE.finding(message, file=README)
        return
    known = hosts_in(base)
    for host in sorted(hosts_in(prose) - known):
        # The port is of interest where the host alone is known.
        bare = _PORT.sub("", host)
        name = host if bare in known else bare
        yield NEW_README_HOST.finding(
            f"This adds a link to a new site, {quote(name)}.",
            file=README,
            line=added[next((line for line in lines if host in hosts_in(line)), lines[0])],
        )


def _prose(text: str, regions: Sequence[Region]) -> str:
    """Return the README with its regions empty."""
    for region in reversed(regions):
        text = text[: region.start] + "\n" + text[region.end :]
    return text
