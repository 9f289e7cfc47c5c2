"""A change of the README in a pull request: rows by hand come back as papers, prose passes."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from kdbot.github.pull_files import ReadmeChange
from kdbot.github.rules import FILE_TOO_LARGE, NEW_README_HOST, README_REGION_EDITED
from kdbot.intake.markdown.diff import DiffLine, Hunk, parse_diff
from kdbot.intake.markdown.hosts import hosts_in
from kdbot.intake.readme_diff import ROW_NOT_UNDERSTOOD, parse_readme_rows
from kdbot.model.collection import Collection
from kdbot.model.finding import Finding, quote
from kdbot.model.proposal import Candidate
from kdbot.model.regions import README, Region
from kdbot.publish.readme.regions import split_regions

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
    fix = "Take the README out of this pull request."
    if papers:
        fix += (
            " What you wrote in it is not lost: it stands below, and the files of new papers are "
            "ready to be created."
        )
    elif not added:
        fix += " To take a paper off the list, remove its file in `papers/`."
    first = next((line.new for line in by_hand if line.mark == "+"), by_hand[0].new)
    return README_REGION_EDITED.finding(message, fix=fix, file=README, line=first)


def _check_unread(by_hand: Sequence[DiffLine], read: Container[int]) -> Iterator[Finding]:
    """Name the rows that became no paper and of which the reader says nothing."""
    for line in by_hand:
        text = line.text.strip()
        if line.mark == "+" and line.new not in read and _ROW.match(text):
            yield ROW_NOT_UNDERSTOOD.finding(
                f"The row {quote(text)} was not understood.", file=README, line=line.new
            )


def _check_hosts(
    outside: Sequence[str], changed: Sequence[DiffLine], base: str, prose: str
) -> Iterator[Finding]:
    """Name the hosts that the README leads to after the change, and not before it."""
    added = {line.text: line.new for line in changed if line.mark == "+"}
    lines = [text for text in dict.fromkeys(outside) if text in added]
    if not lines:
        return
    if len(prose) > _MAX_PROSE:
        message = "The README's text beside the tables is too long for me to follow its links."
        yield FILE_TOO_LARGE.finding(message, file=README)
        return
    known = hosts_in(base)
    for host in sorted(hosts_in(prose) - known):
        # The port is of interest where the host alone is known.
        bare = _PORT.sub("", host)
        name = host if bare in known else bare
        yield NEW_README_HOST.finding(
            f"The README would lead to {quote(name)}, to which it does not lead yet.",
            file=README,
            line=added[next((line for line in lines if host in hosts_in(line)), lines[0])],
        )


def _prose(text: str, regions: Sequence[Region]) -> str:
    """Return the README with its regions empty."""
    for region in reversed(regions):
        text = text[: region.start] + "\n" + text[region.end :]
    return text
