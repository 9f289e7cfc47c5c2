"""Judge what is read of a README's change by the addresses on its changed lines alone.

The reader is not asked: an address that stands on an added line and on no removed one is an
addition, one that stands on both an edit. `python -m tests.intake.readme_edits FILE` measures a
file of changes, one JSON object a line with `lines`, a whole diff of a shortened README, or with
`diff` and `new`, the README after it.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kdbot.intake.readme_diff import parse_readme_diff
from kdbot.model.paper import IDENTIFIER_NAMES
from kdbot.model.proposal import Candidate, Proposal
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.venue import Venues

_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\]\[{}]+")
_ARXIV = re.compile(
    r"(?:arxiv\.org|alphaxiv\.org|huggingface\.co/papers)/\S*?(\d{4}\.\d{4,5}|[a-z-]+/\d{7})",
    re.IGNORECASE,
)
_PAPER = re.compile(
    r"openreview\.net|aclanthology|aclweb|doi\.org/10|\.pdf\b|ieeexplore\.ieee\.org/\D*document"
    r"|dl\.acm\.org/doi|link\.springer\.com/(?:chapter|article)|sciencedirect\.com/science/art"
    r"|nature\.com/articles|thecvf\.com/content|ecva\.net|proceedings\.mlr\.press/v"
    r"|proceedings\.neurips\.cc/paper|papers\.n\w+\.cc/paper|jmlr\.org/papers|rxiv\.org/content"
    r"|mdpi\.com/\d|ssrn\.com/",
    re.IGNORECASE,
)
_NO_PAPER = re.compile(r"shields\.io|badge|\.(?:png|jpe?g|svg|gif|webp)$", re.IGNORECASE)
_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
_NEAR = 0.65  # share of common words with which a line is another's edit
_REACH = 6  # lines behind the line of a finding that it speaks of


@dataclass(frozen=True, kw_only=True)
class Line:
    """A changed line: its number, its words, and what its addresses identify."""

    number: int
    text: str
    addresses: frozenset[str]
    papers: frozenset[str]
    pictures: frozenset[str]


@dataclass(kw_only=True)
class Tally:
    """What was right and wrong over many changes; `wrong` names each fault."""

    counts: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def share(self, good: str, bad: str) -> float:
        """Return which share of the cases was good."""
        whole = self.counts[good] + self.counts[bad]
        return self.counts[good] / whole if whole else 1.0

    def fault(self, kind: str, text: str) -> None:
        """Count and name a fault."""
        self.counts[kind] += 1
        self.wrong.append(f"{kind}: {text[:200]}")


def diff_of(lines: Sequence[str]) -> tuple[str, str]:
    """Return the diff and the README after it of a change that shows the whole README."""
    old, new = (sum(line[:1] != mark for line in lines) for mark in "+-")
    head = f"--- a/README.md\n+++ b/README.md\n@@ -1,{old} +1,{new} @@\n"
    return head + "\n".join(lines), "\n".join(line[1:] for line in lines if line[:1] != "-")


def identity(url: str) -> str:
    """Return what identifies the paper or page behind an address."""
    if match := _ARXIV.search(url):
        return f"arxiv:{match[1].lower()}"
    if match := re.search(r"openreview\.net/\w+\?.*?id=([\w-]+)", url):
        return f"openreview:{match[1]}"
    if match := re.search(r"10\.\d{4,9}/[^\s?#]+", url):
        return f"doi:{match[0].lower()}"
    bare = re.sub(r"^https?://(?:www\.)?", "", url).split("#")[0]
    return re.sub(r"(?:\.pdf|/|\.html)+$", "", bare).lower()


def fold(text: str) -> str:
    """Return the letters and digits of a text in lower case."""
    return "".join(re.findall(r"\w", text.lower()))


def changed_lines(diff: str) -> tuple[list[Line], list[Line]]:
    """Return the added and the removed lines of a unified diff."""
    sides: dict[str, list[Line]] = {"+": [], "-": []}
    numbers = {"+": 0, "-": 0}
    inside = False
    for text in diff.split("\n"):
        if match := _HUNK.match(text):
            numbers = {"-": int(match[1]), "+": int(match[2])}
            inside = True
        elif inside and not text.startswith("\\"):
            mark = text[:1] if text[:1] in sides else " "
            if mark in sides:
                sides[mark].append(_line(numbers[mark], text[1:]))
            for side in sides if mark == " " else mark:
                numbers[side] += 1
    return sides["+"], sides["-"]


def _line(number: int, text: str) -> Line:
    urls = [match.rstrip(").,;:*_!?") for match in _ADDRESS.findall(text)]
    urls = [url.split(")")[0] if "(" not in url else url for url in urls]
    papers = {
        identity(url)
        for url in urls
        if not _NO_PAPER.search(url) and (_ARXIV.search(url) or _PAPER.search(url))
    }
    addresses = frozenset(map(identity, urls))
    return Line(
        number=number,
        text=text,
        addresses=addresses,
        papers=frozenset(papers),
        pictures=frozenset(identity(url) for url in urls if _NO_PAPER.search(url)),
    )


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", _ADDRESS.sub(" ", text).lower()))


def _is_edit(line: Line, removed: Sequence[Line]) -> bool:
    words = _words(line.text)
    others = (_words(gone.text) for gone in removed)
    shares = (len(words & other) / len(words | other) for other in others if words | other)
    same = any(line.papers & gone.addresses for gone in removed)
    return same or (len(words) > 4 and any(share >= _NEAR for share in shares))


def _addresses(candidate: Candidate) -> frozenset[str]:
    given = candidate.given
    lists = (given[name].value for name in ("code", "project", "data") if name in given)
    urls = [given[name].value for name in ("url", *IDENTIFIER_NAMES) if name in given]
    return frozenset(map(identity, [*urls, *(url for found in lists for url in found)]))


def _title(candidate: Candidate) -> str:
    title = candidate.given.get("title")
    return str(title.value) if title else candidate.short_name or ""


def judge(record: dict, venues: Venues, tally: Tally) -> None:
    """Read one change and count what is right and wrong."""
    diff, after = diff_of(record["lines"]) if "lines" in record else (record["diff"], record["new"])
    start = time.process_time()
    proposal = parse_readme_diff(diff, after, Taxonomy(categories=()), venues)
    tally.seconds.append(time.process_time() - start)
    added, removed = changed_lines(diff)
    for candidate in proposal.candidates:
        is_added = any(_is_on(candidate, line) for line in added)
        if not is_added and not candidate.updates:
            tally.fault("false", _title(candidate))
    lines = [line for line in added if line.papers]
    for line in lines:
        _judge_line(line, removed, proposal, tally)
    known = frozenset().union(*(line.addresses for line in removed))
    held = known.union(*map(_addresses, proposal.candidates))
    named = {finding.line for finding in proposal.findings}
    for line in added:
        is_entry = any(_addresses(c) & line.addresses for c in proposal.candidates)
        lost = (line.addresses if is_entry else line.papers) - held - line.pictures
        if lost and line.number not in named:
            tally.fault("unaccounted", f"{sorted(lost)} in {line.text}")
    if not lines:
        new = [c for c in proposal.candidates if not c.updates and "url" in c.given]
        known = [c for c in new if _PAPER.search(str(c.given["url"].value))]
        kind = "loud" if known or proposal.findings else "quiet"
        tally.counts[kind] += 1
        if kind == "loud":
            tally.wrong.append(f"loud: {[_title(c) for c in known]} {proposal.findings[:1]}")
    for title in record.get("titles", ()):
        found = [_title(c) for c in proposal.candidates]
        if any(fold(title) == fold(other) for other in found):
            tally.counts["titled"] += 1
        else:
            tally.fault("untitled", f"{title} / {found[:2]}")


def _is_on(candidate: Candidate, line: Line) -> bool:
    title = fold(_title(candidate))
    return bool(_addresses(candidate) & line.addresses) or (
        len(title) >= 6 and title in fold(line.text)
    )


def _judge_line(line: Line, removed: Sequence[Line], proposal: Proposal, tally: Tally) -> None:
    kind = "edit" if _is_edit(line, removed) else "added"
    found = [c for c in proposal.candidates if _is_on(c, line)]
    if found:
        tally.counts[f"{kind} read"] += 1
        is_told = any(c.updates == (kind == "edit") for c in found)
        if is_told:
            tally.counts[f"{kind} told"] += 1
        else:
            tally.fault(f"{kind} mistaken", line.text)
        return
    tally.fault(f"{kind} unread", line.text)
    # A paragraph whose papers stood in it before is prose.
    known = frozenset().union(*(gone.addresses for gone in removed))
    if kind == "edit" and line.text[:1].isalpha() and line.papers <= known:
        return
    named = {f.line for f in proposal.findings if f.line}
    if named.isdisjoint(range(line.number - _REACH, line.number + 1)):
        tally.fault("silent", line.text)


def measure(records: Iterator[dict], venues: Venues) -> Tally:
    """Judge all changes."""
    tally = Tally()
    for record in records:
        judge(record, venues, tally)
    return tally


def read_records(path: Path) -> Iterator[dict]:
    """Yield the changes of a file."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main(name: str) -> None:
    """Print the figures of a file of changes, and each fault."""
    from kdbot.storage.repository import open_collection

    venues = open_collection(Path(__file__).parents[2]).venues
    tally = measure(read_records(Path(name)), venues)
    print(*tally.wrong, sep="\n")
    print(dict(tally.counts))
    print(f"95th percentile: {sorted(tally.seconds)[int(len(tally.seconds) * 0.95)]:.3f} s")


if __name__ == "__main__":
    main(sys.argv[1])
