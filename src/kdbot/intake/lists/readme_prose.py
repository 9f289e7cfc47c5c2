"""What an existing README says besides its papers, each line in its place.

Sections with papers become categories; their other lines stay below their headings. Everything
else is the maintainers' prose, before or after the categories, except a table of contents, which
is generated. Each line of the source has one fate, so that none is lost silently.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from kdbot.intake.lists.paper import ReadmeList
from kdbot.intake.lists.reader import BACK_TO_TOP, heading_title, is_contents
from kdbot.intake.markdown.blocks import Block, BlockKind
from kdbot.intake.markdown.fragments import balanced, closed, without_empty_parts
from kdbot.intake.markdown.inline import parse_inline
from kdbot.intake.markdown.readme_blocks import (
    BOLD_LEVEL,
    html_tables,
    is_delimiter,
    scan_readme,
)
from kdbot.model.regions import without_markers

_OPENING = re.compile(r"\s*<details\b[^<>]*>\s*(?:<summary\b.*)?", re.IGNORECASE)
_JUMP = re.compile(r"\s*(?:[-*+]|[0-9]{1,3}[.)])\s+.*(?:\]\(#|<a\s+href=[\"']#).*", re.IGNORECASE)
# No fence of a block of code, which the block would miss.
_BACK_TO_TOP = re.compile(rf"[^\w`~]*(?:{BACK_TO_TOP})?[^\w`~]*", re.IGNORECASE)
_LINKED_JUMP = re.compile(r"\]\(#[^()\s]*\)|<[^<>]*>")
_LABEL = r"\[([^\[\]]{1,99})\]"
_DEFINITION = re.compile(rf" {{0,3}}{_LABEL}:[ \t]*\S+.*")
_SETEXT = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*")
_ANY_TAG = re.compile(r"<[^<>]*>")
_PICTURE = re.compile(
    r"!\[[^\[\]]{0,300}\]\([^()\s]{0,2000}\)|\[!\[[^\[\]]{0,300}\]\([^()\s]{0,2000}\)\]\([^()\s]{0,2000}\)"
)
_HEADING_END = re.compile(r"</(?:h1|div|p|center|a)>", re.IGNORECASE)


class Fate(StrEnum):
    """What becomes of a line of the source; what is only reported is in no other place."""

    RECORD = "record"
    REPORTED = "reported"
    PROSE = "prose"
    GENERATED = "generated"
    DECORATION = "decoration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A README without its lists of papers.

    Attributes:
        heading: Markdown of the heading that names the list, or None.
        head: what is between that heading and the first category.
        tail: what follows the first category.
        texts: what a category contains besides papers, by the titles from the outermost heading.
        fates: what becomes of each line, the first line first.
    """

    heading: str | None
    head: str
    tail: str
    texts: Mapping[tuple[str, ...], str]
    fates: tuple[Fate, ...]


def read_prose(text: str, found: ReadmeList) -> Prose:
    """Separate the prose of a README from its papers.

    Args:
        text: the README.
        found: what was read of it.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    headings = [b for b in scan_readme(text).blocks if b.kind is BlockKind.HEADING]
    name = _name_of(headings)
    document = _Document(lines=lines, headings=headings, found=found, name=name)
    fates = document.fates()
    first = next((n for n, fate in enumerate(fates, 1) if n in document.category_lines), len(lines))
    outside: list[list[int]] = [[], []]
    below: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, fate in enumerate(fates, 1):
        if fate is not Fate.PROSE:
            continue
        section = document.section_of(number)
        if _folded(section) in document.listed:
            below[section].append(number)
        else:
            outside[number > first].append(number)
    head, tail = (_text(lines, numbers) for numbers in outside)
    texts = {
        section: closed(without_headings(_text(lines, numbers)))
        for section, numbers in below.items()
    }
    dropped = (line for line, fate in zip(lines, fates, strict=True) if fate is not Fate.PROSE)
    definitions = _used_definitions(dropped, "\n".join((head, tail, *texts.values())))
    return Prose(
        heading=_without_ends(name),
        head=balanced(head, opening=True),
        tail=(balanced(tail, opening=False) + definitions).strip("\n"),
        texts={section: words for section, words in texts.items() if _says_something(words)},
        fates=fates,
    )


def without_headings(text: str) -> str:
    """Return a category's words with bold lines for headings: below one, its papers would move."""
    lines = text.split("\n")
    for block in scan_readme(text).blocks:
        if block.kind is BlockKind.HEADING and block.level < BOLD_LEVEL:
            title = " ".join(_ANY_TAG.sub("", block.text).replace("*", "").split())
            lines[block.line - 1] = f"_**{title}**_" if title else ""
            if "".join(lines[block.line : block.line + 1]) and _SETEXT.fullmatch(lines[block.line]):
                lines[block.line] = ""
    return "\n".join(lines)


def read_heading(text: str) -> str | None:
    """Return the Markdown of the heading that names a list, or None."""
    headings = [b for b in scan_readme(text).blocks if b.kind is BlockKind.HEADING]
    return _without_ends(_name_of(headings))


def _name_of(headings: Sequence[Block]) -> Block | None:
    """Return the heading that names the list: the first, where it is of the first level."""
    return headings[0] if headings and headings[0].level == 1 else None


def _without_ends(name: Block | None) -> str | None:
    return _HEADING_END.sub("", name.text).strip() if name else None


class _Document:
    """The lines of a README, and what they belong to."""

    def __init__(
        self,
        *,
        lines: Sequence[str],
        headings: Sequence[Block],
        found: ReadmeList,
        name: Block | None,
    ) -> None:
        self.lines = lines
        self._found = found
        self._starts = [place.line for place in found.places]
        self.listed = frozenset(
            _folded(paper.section[: depth + 1])
            for paper in found.papers
            for depth in range(len(paper.section))
        )
        self._first_papers: dict[tuple[str, ...], int] = {}
        for paper in found.papers:
            self._first_papers.setdefault(_folded(paper.section), paper.line)
        self._papers = {n for p in found.papers for n in range(p.line, p.end + 1)}
        tables = [table for table in html_tables("\n".join(lines)) if self._holds(table)]
        self._cells = {n for table in tables for n in table} - self._papers
        starts = frozenset(self._starts)
        notes = {n for numbers in found.note_lines.values() for n in numbers}
        self._headings = {n: block for block in headings for n in self._lines_of(block)}
        category_headings = {
            n
            for n, block in self._headings.items()
            if block.line in starts and _folded(self.section_of(block.line)) in self.listed
        }
        heads, dividers = self._heads_of_tables()
        self._cells |= dividers
        self._generated = category_headings | self._contents(headings) | heads
        if name is not None:
            self._generated |= set(self._lines_of(name))
        self._notes = {n for n in notes if _folded(self.section_of(n)) in self.listed}
        self.category_lines = category_headings | self._papers | self._cells

    def section_of(self, line: int) -> tuple[str, ...]:
        """Return the titles of the headings above a line."""
        index = bisect_right(self._starts, line) - 1
        return self._found.places[index].section if index >= 0 else ()

    def fates(self) -> tuple[Fate, ...]:
        """Tell what becomes of each line."""
        return tuple(self._fate(number, line) for number, line in enumerate(self.lines, 1))

    def _fate(self, number: int, line: str) -> Fate:
        if number in self._papers:
            return Fate.RECORD
        if number in self._cells:
            is_empty = not any(map(str.isalnum, _ANY_TAG.sub("", line)))
            return Fate.GENERATED if is_empty else Fate.REPORTED
        is_listed = _folded(self.section_of(number)) in self.listed
        is_definition = is_listed and _DEFINITION.fullmatch(line) is not None
        if number in self._generated or number in self._notes or is_definition:
            return Fate.GENERATED
        if is_listed and self._is_decoration(number, line):
            return Fate.DECORATION
        if "http" in line:
            return Fate.PROSE
        is_back = _BACK_TO_TOP.fullmatch(_LINKED_JUMP.sub("", line)) and line.strip()
        is_comment = "<" in line or ">" in line
        return Fate.GENERATED if is_listed and is_back and not is_comment else Fate.PROSE

    def _is_decoration(self, number: int, line: str) -> bool:
        """Tell whether a line below a section's first paper contains only images."""
        first = self._first_papers.get(_folded(self.section_of(number)))
        if first is None or number < first or ("![" not in line and "<img" not in line):
            return False
        return not any(map(str.isalnum, _ANY_TAG.sub("", _PICTURE.sub("", line))))

    def _holds(self, table: range) -> bool:
        return not self._papers.isdisjoint(table)

    def _lines_of(self, block: Block) -> Iterator[int]:
        """Yield the lines of a heading: underlined, or the title of a foldable part."""
        above, following = block.line - 1, block.end
        if (
            "<summary" in self.lines[above].lower()
            and above
            and _OPENING.fullmatch(self.lines[above - 1])
        ):
            yield above
        yield from range(block.line, block.end + 1)
        if following < len(self.lines) and _SETEXT.fullmatch(self.lines[following]):
            yield following + 1

    def _contents(self, headings: Sequence[Block]) -> set[int]:
        """Return the lines of tables of contents, which are generated."""
        found: set[int] = set()
        ends = [block.line for block in headings[1:]] + [len(self.lines) + 1]
        for block, end in zip(headings, ends, strict=False):
            words = range(block.end + 1, end)
            if is_contents(heading_title(parse_inline(block.text))) and all(
                self._is_jump(n) or "<" in self.lines[n - 1] for n in words
            ):
                found |= {*self._lines_of(block), *(n for n in words if self._is_jump(n))}
        for _, group in groupby(range(1, len(self.lines) + 1), key=self._is_jump):
            found |= {n for n in group if self._is_jump(n) and self.lines[n - 1].strip()}
        return found

    def _is_jump(self, number: int) -> bool:
        line = self.lines[number - 1]
        return not line.strip() or (_JUMP.fullmatch(line) is not None and "http" not in line)

    def _heads_of_tables(self) -> tuple[set[int], set[int]]:
        """Return the first two rows of the tables that have no other rows left, and dividers."""
        heads: set[int] = set()
        dividers: set[int] = set()
        number = 2
        while number <= len(self.lines):
            if not (is_delimiter(self.lines[number - 1]) and "|" in self.lines[number - 1]):
                number += 1
                continue
            end = number + 1
            while end <= len(self.lines) and "|" in self.lines[end - 1]:
                end += 1
            rows = range(number + 1, end)
            others = [row for row in rows if row not in self._papers]
            if len(others) < len(rows) and not any(_has_cells(self.lines[n - 1]) for n in others):
                heads |= {number - 1, number}
                dividers.update(others)
            number = end
        return heads, dividers


def _has_cells(line: str) -> bool:
    """Tell whether a row says something: one filled cell only divides a table."""
    return "http" in line or sum(bool(cell.strip(" *_-:")) for cell in line.split("|")) > 1


def _folded(section: Iterable[str]) -> tuple[str, ...]:
    return tuple(title.casefold() for title in section)


def _text(lines: Sequence[str], numbers: Iterable[int]) -> str:
    """Join lines; an empty one replaces those that were removed."""
    parts: list[str] = []
    last = 0
    for number in numbers:
        if number > last + 1:
            parts.append("")
        parts.append(lines[number - 1].rstrip())
        last = number
    return without_empty_parts(without_markers("\n".join(parts)))


def _says_something(text: str) -> bool:
    bare = _ANY_TAG.sub("", text)
    return "http" in text or "<img" in text or any(map(str.isalnum, bare))


def _used_definitions(lines: Iterable[str], text: str) -> str:
    """Return the link definitions among lines that were cut, as far as the text refers to them."""
    labels = set(re.findall(_LABEL, text.casefold()))
    found = ((line, _DEFINITION.fullmatch(line)) for line in lines)
    used = [line for line, match in found if match and match[1].casefold() in labels]
    return "\n\n" + "\n".join(used) if used else ""
