"""What an existing README says besides its papers: the words before, and those behind them.

Sections that hold papers become categories and are rendered again; everything else is its
maintainers' prose and stays as they wrote it, but for a table of contents, which is generated.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from kdbot.intake.lists.reader import is_contents
from kdbot.intake.markdown.blocks import Block, BlockKind
from kdbot.intake.markdown.readme_blocks import scan_readme
from kdbot.model.regions import without_markers

_OPENING = re.compile(r"\s*<details\b[^<>]*>\s*(?:<summary\b.*)?", re.IGNORECASE)
_JUMP = re.compile(r"\s*(?:[-*+]|[0-9]{1,3}[.)])\s+.*(?:\]\(#|<a\s+href=[\"']#).*", re.IGNORECASE)
_EMPTY_FOLD = re.compile(
    r"(?:^[ \t]*)?<details\b[^<>]*>\s*+(?:<summary\b[^<>]*>.{0,500}?</summary>\s*+)?"
    r"</details>[ \t]*+\n?",
    re.IGNORECASE | re.MULTILINE,
)
_LAST_SUMMARY = re.compile(
    r"(?:^[ \t]*)?<summary\b[^<>]*>(?:(?!<summary\b).)*</summary>\s*\Z",
    re.IGNORECASE | re.MULTILINE,
)
_LABEL = r"\[([^\[\]]{1,99})\]"
_DEFINITION = re.compile(rf" {{0,3}}{_LABEL}:[ \t]*\S+.*")
_SETEXT = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*")
_TAG = re.compile(r"<(/?)(details|div|center|ul|ol)\b[^<>]*>", re.IGNORECASE)
_HEADING_END = re.compile(r"</(?:h1|div|p|center|a)>", re.IGNORECASE)
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A README without its lists of papers.

    Attributes:
        heading: Markdown of the heading that names the list, or None where there is none.
        head: what is between that heading and the first category.
        tail: what follows the first category.
    """

    heading: str | None
    head: str
    tail: str


def read_prose(text: str, paper_lines: Collection[int]) -> Prose:
    """Cut the sections that hold papers out of a README.

    Args:
        text: the README.
        paper_lines: the lines, counted from 1, in which papers were found.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    papers = frozenset(paper_lines)
    sections = _sections(lines)
    # The heading that names the list is the first; where that is of a lower level, none does.
    name = sections.pop(0) if sections and sections[0].level == 1 else None
    listed = {n for s in sections if not papers.isdisjoint(s.words) for n in s.whole}
    cut = listed | _loose_papers(lines, papers - listed)
    for section in sections:
        if papers.isdisjoint(section.words) and any(lines[n - 1].strip() for n in section.words):
            cut -= set(section.whole)
    for section in sections:
        if is_contents(section.heading) and _is_contents(section, lines):
            cut |= set(section.own)
    cut |= {number for number, line in enumerate(lines, 1) if _JUMP.fullmatch(line)}
    if name is not None:
        cut |= set(range(name.line, name.words.start))
    first = min(cut & listed, default=min(papers, default=len(lines) + 1))
    head = _text(lines, (n for n in range(1, first) if n not in cut))
    tail = _text(lines, (n for n in range(first, len(lines) + 1) if n not in cut))
    definitions = _used_definitions((lines[n - 1] for n in sorted(cut)), head + tail)
    return Prose(
        heading=_HEADING_END.sub("", name.heading).strip() if name else None,
        head=_balanced(head, opening=True),
        tail=_balanced(tail + definitions, opening=False),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """A heading with what is below it.

    Attributes:
        heading: its Markdown.
        level: its depth.
        line: its line.
        whole: all its lines.
        words: those below the heading.
        own: those before the next heading of any depth.
    """

    heading: str
    level: int
    line: int
    whole: range
    words: range
    own: range


def _sections(lines: Sequence[str]) -> list[_Section]:
    kinds = {BlockKind.HEADING, BlockKind.CLOSING}
    marks = [block for block in scan_readme("\n".join(lines)).blocks if block.kind in kinds]
    starts = [*(_start(lines, mark.line) for mark in marks), len(lines) + 1]
    ends = [len(lines) + 1] * len(marks)
    open_marks: list[int] = []
    for index, mark in enumerate(marks):
        closes = mark.kind is BlockKind.CLOSING
        while open_marks and marks[open_marks[-1]].level >= mark.level:
            ends[open_marks.pop()] = mark.line + 1 if closes else starts[index]
        if not closes:
            open_marks.append(index)
    return [
        _section(lines, mark, starts[index], ends[index], starts[index + 1])
        for index, mark in enumerate(marks)
        if mark.kind is BlockKind.HEADING
    ]


def _section(lines: Sequence[str], block: Block, first: int, end: int, following: int) -> _Section:
    words = block.end + 1
    if words <= len(lines) and _SETEXT.fullmatch(lines[words - 1]):
        words += 1
    return _Section(
        heading=block.text,
        level=block.level,
        line=block.line,
        whole=range(first, end),
        words=range(words, end),
        own=range(first, min(following, end)),
    )


def _start(lines: Sequence[str], line: int) -> int:
    """Return the line of the `<details>` that holds a foldable part's title, or the line."""
    above = line - 1
    if "<summary" in lines[line - 1].lower() and above and _OPENING.fullmatch(lines[above - 1]):
        return above
    return line


def _loose_papers(lines: Sequence[str], papers: Collection[int]) -> set[int]:
    """Return the lines around papers directly below the list's name, to the next empty line."""
    cut: set[int] = set()
    numbered = enumerate(lines, 1)
    for filled, group in groupby(numbered, key=lambda item: bool(item[1].strip())):
        numbers = {number for number, _ in group}
        if filled and not numbers.isdisjoint(papers):
            cut |= numbers
    return cut


def _is_contents(section: _Section, lines: Sequence[str]) -> bool:
    words = [lines[n - 1] for n in range(section.words.start, section.own.stop)]
    return all(_JUMP.fullmatch(line) or not line.strip() or "<" in line for line in words)


def _text(lines: Sequence[str], numbers: Iterator[int]) -> str:
    text = "\n".join(lines[number - 1].rstrip() for number in numbers)
    text = without_markers(_EMPTY_FOLD.sub("", text))
    return _EMPTY_LINES.sub("\n\n", text).strip("\n")


def _used_definitions(lines: Iterator[str], text: str) -> str:
    """Return the link definitions among lines that were cut, as far as the text refers to them."""
    labels = set(re.findall(_LABEL, text.casefold()))
    found = ((line, _DEFINITION.fullmatch(line)) for line in lines)
    used = [line for line, match in found if match and match[1].casefold() in labels]
    return "\n\n" + "\n".join(used) if used else ""


def _balanced(text: str, *, opening: bool) -> str:
    """Drop the tags that the cut has left alone: ends without beginning, or the reverse."""
    open_tags: list[re.Match[str]] = []
    lone: list[re.Match[str]] = []
    for match in _TAG.finditer(text):
        if not match[1]:
            open_tags.append(match)
        elif open_tags and open_tags[-1][2].casefold() == match[2].casefold():
            open_tags.pop()
        else:
            lone.append(match)
    kept, position = [], 0
    for match in sorted([*lone, *open_tags], key=lambda m: m.start()):
        kept.append(text[position : match.start()])
        position = match.end()
    text = "".join((*kept, text[position:]))
    text = _LAST_SUMMARY.sub("", text) if opening else text
    return _EMPTY_LINES.sub("\n\n", text).strip("\n")
