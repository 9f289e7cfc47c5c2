"""The marked parts of a README: `<!-- kdbot:begin NAME -->` to `<!-- kdbot:end NAME -->`.

Each marker has a line of its own. This module does not know which regions a README
needs or what they contain.
"""

import re
from dataclasses import dataclass

_MARKER = re.compile(r"^[ \t]*<!-- kdbot:(begin|end) ([a-z-]+) -->[ \t]*(\r?)$", re.MULTILINE)

README = "README.md"

NO_PAPER = "*No paper yet.*"
"""What a category without papers says."""

PAGE_NOTICE = "<!-- Generated from papers/ by `kdbot build`; edits are overwritten. -->"
"""The first line of a page with all papers of one category."""

PAGE_TITLES = " › "
"""What is between the titles of categories in the heading of such a page."""

PAPERS_BELOW = "<!-- papers -->"
"""The line between the words of a category and its papers, where it has both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """One marker line.

    Attributes:
        kind: `begin` or `end`.
        name: which region it marks.
        line: its number, counted from 1.
        start: offset of the line's first character.
        end: offset of the line feed after it, or the length of the text.
        newline: how the line ends.
    """

    kind: str
    name: str
    line: int
    start: int
    end: int
    newline: str

    def __str__(self) -> str:
        """Return the marker as it is written."""
        return write_marker(self.kind, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One marked part.

    Attributes:
        name: which region it is.
        start: offset of its first character, after the line of the begin marker.
        end: offset of the end marker's line.
        line: line of its begin marker, counted from 1.
        newline: how that line ends.
    """

    name: str
    start: int
    end: int
    line: int
    newline: str


def write_marker(kind: str, name: str) -> str:
    """Return the line that begins or ends a region."""
    return f"<!-- kdbot:{kind} {name} -->"


def read_markers(readme: str) -> tuple[Marker, ...]:
    """Return all markers of a README, whatever they name, in their order."""
    markers: list[Marker] = []
    line, position = 1, 0
    for match in _MARKER.finditer(readme):
        line += readme.count("\n", position, match.start())
        position = match.start()
        markers.append(
            Marker(
                kind=match[1],
                name=match[2],
                line=line,
                start=match.start(),
                end=match.end(),
                newline=f"{match[3]}\n",
            )
        )
    return tuple(markers)


def region_between(begin: Marker, end: Marker) -> Region:
    """Return the region between its two markers."""
    return Region(
        name=begin.name,
        start=begin.end + 1,
        end=end.start,
        line=begin.line,
        newline=begin.newline,
    )


def find_region(readme: str, name: str) -> Region | None:
    """Return the first region of a name, or None where one of its markers is missing."""
    begin: Marker | None = None
    for marker in read_markers(readme):
        if marker.name == name and marker.kind == "begin":
            begin = begin or marker
        elif marker.name == name and begin is not None:
            return region_between(begin, marker)
    return None


def without_markers(text: str) -> str:
    """Return a text without the lines that mark regions."""
    kept = []
    position = 0
    for marker in read_markers(text):
        kept.append(text[position : marker.start])
        position = marker.end + 1
    return "".join((*kept, text[position:]))
