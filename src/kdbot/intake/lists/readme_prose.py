"""What an existing README says besides its papers: the words before, and those behind them.

Sections that hold papers become categories and are rendered anew; everything else is its
maintainers' prose and stays as they wrote it, but for a table of contents, which is generated.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from kdbot.intake.lists.reader import heading_title
from kdbot.intake.markdown.blocks import Block, BlockKind
from kdbot.intake.markdown.readme_blocks import scan_readme
from kdbot.model.regions import without_markers

_OPENING = re.compile(r"\s*<details\b[^<>]*>\s*(?:<summary\b.*)?", re.IGNORECASE)
_CONTENTS = re.compile(r"\W*(?:table of )?contents?\W*|\W*(?:toc|outline|index)\W*", re.IGNORECASE)
_JUMP = re.compile(r"\s*(?:[-*+]|[0-9]{1,3}[.)])\s+.*(?:\]\(#|<a\s+href=[\"']#).*", re.IGNORECASE)
_EMPTY_FOLD = re.compile(
    r"[ \t]*<details\b[^<>]*>\s*(?:<summary\b[^<>]*>.*?</summary>)?\s*</details>[ \t]*\n?",
    re.IGNORECASE,
)
_DEFINITION = re.compile(r" {0,3}\[([^\[\]]{1,99})\]:[ \t]*\S+.*")
_TAG = re.compile(r"<(/?)(details|div|center|ul|ol)\b[^<>]*>", re.IGNORECASE)
_HEADING_END = re.compile(r"</(?:h1|div|p|center|a)>", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A README without its lists of papers.

    Attributes:
        heading: Markdown of the heading that names the list, or None where there is none.
        head: what stands between that heading and the first category.
        tail: what stands behind the first category.
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
    sections = _sections(lines)
    name = _name_of_list(sections)
    listed = [s for s in sections if s is not name and s.holds(paper_lines)]
    cut = {line for section in listed for line in range(section.first, section.last + 1)}
    cut |= _loose_papers(lines, {line for line in paper_lines if line not in cut})
    for section in sections:
        if section is not name and not section.holds(paper_lines) and section.says_something(lines):
            cut -= set(range(section.first, section.last + 1))
    for section in sections:
        if section is not name and _CONTENTS.fullmatch(heading_title(section.heading)):
            cut |= {n for n in section.own_lines if n not in cut and _is_contents(section, lines)}
    cut |= {number for number, line in enumerate(lines, 1) if _JUMP.fullmatch(line)}
    if name is not None:
        cut |= set(range(name.line, name.body))
    first = min(cut & {line for s in listed for line in range(s.first, s.last + 1)}, default=None)
    if first is None:
        first = min(paper_lines, default=len(lines) + 1)
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
    """A heading with all that stands below it: lines `first` to `last`, its own words from `body`.

    `own_end` is the line before the next heading of any depth.
    """

    heading: str
    level: int
    line: int
    first: int
    body: int
    own_end: int
    last: int

    @property
    def own_lines(self) -> range:
        return range(self.first, self.own_end + 1)

    def holds(self, wanted: Collection[int]) -> bool:
        return any(line in wanted for line in range(self.body, self.last + 1))

    def says_something(self, lines: Sequence[str]) -> bool:
        return any(lines[number - 1].strip() for number in range(self.body, self.last + 1))


def _sections(lines: Sequence[str]) -> list[_Section]:
    marks = [
        block
        for block in scan_readme("\n".join(lines)).blocks
        if block.kind in {BlockKind.HEADING, BlockKind.CLOSING}
    ]
    return [
        _section(lines, block, marks[index + 1 :])
        for index, block in enumerate(marks)
        if block.kind is BlockKind.HEADING
    ]


def _section(lines: Sequence[str], block: Block, later: Sequence[Block]) -> _Section:
    first = _start(lines, block.line)
    body = block.end + 1
    if body <= len(lines) and re.fullmatch(r" {0,3}(?:=+|-{2,})[ \t]*", lines[body - 1]):
        body += 1
    own_end = last = len(lines)
    if later:
        own_end = _start(lines, later[0].line) - 1
    for mark in later:
        if mark.level <= block.level:
            closes = mark.kind is BlockKind.CLOSING
            last = mark.line if closes else _start(lines, mark.line) - 1
            break
    return _Section(
        heading=block.text,
        level=block.level,
        line=block.line,
        first=first,
        body=body,
        own_end=min(own_end, last),
        last=last,
    )


def _start(lines: Sequence[str], line: int) -> int:
    """Return the line of the `<details>` that a foldable part's title stands in, or the line."""
    above = line - 1
    if "<summary" in lines[line - 1].lower() and above and _OPENING.fullmatch(lines[above - 1]):
        return above
    return line


def _name_of_list(sections: Sequence[_Section]) -> _Section | None:
    """Return the heading that names the list: the first, where no other is of its level."""
    first_level = [section for section in sections if section.level == 1]
    return first_level[0] if first_level and first_level[0] is sections[0] else None


def _loose_papers(lines: Sequence[str], papers: Collection[int]) -> set[int]:
    """Return the lines around papers that stand below the list's name alone, to the next blank."""
    cut: set[int] = set()
    for line in papers:
        for step in (-1, 1):
            number = line
            while 1 <= number <= len(lines) and lines[number - 1].strip():
                cut.add(number)
                number += step
    return cut


def _is_contents(section: _Section, lines: Sequence[str]) -> bool:
    words = [lines[n - 1] for n in range(section.body, section.own_end + 1)]
    return all(_JUMP.fullmatch(line) or not line.strip() or "<" in line for line in words)


def _text(lines: Sequence[str], numbers: Iterator[int]) -> str:
    text = "\n".join(lines[number - 1].rstrip() for number in numbers)
    text = without_markers(_EMPTY_FOLD.sub("", text))
    return _BLANK_LINES.sub("\n\n", text).strip("\n")


def _used_definitions(lines: Iterator[str], text: str) -> str:
    """Return the link definitions among lines that were cut, as far as the text refers to them."""
    used = [
        line
        for line in lines
        if (match := _DEFINITION.fullmatch(line)) and f"[{match[1].casefold()}]" in text.casefold()
    ]
    return "\n\n" + "\n".join(used) if used else ""


def _balanced(text: str, *, opening: bool) -> str:
    """Drop the tags that the cut has left alone: ends without beginning, or the reverse."""
    matches = list(_TAG.finditer(text))
    open_tags: list[re.Match[str]] = []
    lone: list[re.Match[str]] = []
    for match in matches:
        if not match[1]:
            open_tags.append(match)
        elif open_tags and open_tags[-1][2].casefold() == match[2].casefold():
            open_tags.pop()
        else:
            lone.append(match)
    for match in sorted([*lone, *open_tags], key=lambda m: m.start(), reverse=True):
        text = text[: match.start()] + text[match.end() :]
    text = re.sub(r"[ \t]*<summary\b[^<>]*>.*?</summary>\s*\Z", "", text) if opening else text
    return _BLANK_LINES.sub("\n\n", text).strip("\n")
