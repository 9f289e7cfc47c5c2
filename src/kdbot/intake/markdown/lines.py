"""Runs of text with their links and styles, and the lines that they make."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

_SPACES = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of words in one style, a link, an image or a line break.

    Attributes:
        text: what a reader sees; an image's alternative text; a line feed for a break.
        url: the address behind the words, or None where they are no link.
        images: addresses of the images that are a link's only content; of an image its own.
        strong: whether it is bold.
        emphasis: whether it is in italics, or code.
        inserted: whether it is underlined (`<ins>`, `<u>`), as some lists set the venue.
    """

    text: str
    url: str | None = None
    images: tuple[str, ...] = ()
    strong: bool = False
    emphasis: bool = False
    inserted: bool = False

    @property
    def address(self) -> str:
        """The address behind the words, or an empty text."""
        return self.url or ""

    @property
    def is_break(self) -> bool:
        """Whether it is a line break."""
        return self.text == "\n"

    @property
    def is_image(self) -> bool:
        """Whether it is an image that is no link."""
        return self.url is None and bool(self.images)

    @property
    def is_words(self) -> bool:
        """Whether it is neither link nor image nor break."""
        return self.url is None and not self.images and self.text != "\n"

    def saying(self, text: str) -> "Run":
        """Return a run of the same style with another text."""
        return Run(
            text=text,
            url=self.url,
            strong=self.strong,
            emphasis=self.emphasis,
            inserted=self.inserted,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as a reader sees it.

    Attributes:
        spans: its runs.
        text: the words without links and styles; kept, since readers ask for it at every place.
    """

    spans: tuple[Run, ...]
    text: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Join the words."""
        object.__setattr__(self, "text", "".join(span.text for span in self.spans))


def plain_line(text: str) -> Line:
    """Return words without links and styles as a line."""
    return Line(spans=(Run(text=text),))


def split_lines(spans: Iterable[Run]) -> Iterator[Line]:
    """Cut spans at their line breaks; empty lines are left out, runs of spaces become one."""
    current: list[Run] = []
    for span in spans:
        head, *rest = _SPACES.sub(" ", span.text).split("\n")
        if head:
            current.append(span.saying(head))
        for part in rest:
            if any(s.text.strip() for s in current):
                yield Line(spans=tuple(current))
            current = [span.saying(part)] if part else []
    if any(s.text.strip() for s in current):
        yield Line(spans=tuple(current))


def split_cells(line: Line, limit: int) -> tuple[Line, ...]:
    """Cut a line at its first `limit` bars, the outer ones dropped."""
    cells: list[list[Run]] = [[]]
    for span in line.spans:
        parts = [span.text] if span.url else span.text.split("|", max(limit - len(cells), 0))
        for number, part in enumerate(parts):
            if number:
                cells.append([])
            if part:
                cells[-1].append(span.saying(part))
    lines = [Line(spans=tuple(cell)) for cell in cells]
    if len(lines) > 1 and not lines[0].text.strip():
        lines = lines[1:]
    if len(lines) > 1 and not lines[-1].text.strip():
        lines = lines[:-1]
    return tuple(lines)


class LineCutter:
    """Cuts parts out of one line; each costs no more than the spans that are in it.

    Args:
        line: the line.
    """

    def __init__(self, line: Line) -> None:
        self._spans = line.spans
        lengths = (len(span.text) for span in line.spans)
        self._starts = [0, *accumulate(lengths)][:-1] if line.spans else []

    def cut(self, start: int, end: int) -> Line:
        """Return the part between two positions of the line's text."""
        spans: list[Run] = []
        index = max(bisect_right(self._starts, start) - 1, 0)
        while index < len(self._starts) and (position := self._starts[index]) < end:
            span = self._spans[index]
            text = span.text[max(start - position, 0) : end - position]
            if text:
                spans.append(span.saying(text))
            index += 1
        return Line(spans=tuple(spans))
