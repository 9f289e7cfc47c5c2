"""A unified diff of Markdown files: which lines were added, and where."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, groupby
from operator import attrgetter

_HUNK = re.compile(r"@@ -([0-9]{1,7})(?:,([0-9]{1,7}))? \+([0-9]{1,7})(?:,([0-9]{1,7}))? @@ ?(.*)")
_FILE = re.compile(r"\+\+\+ (?:[a-z]/)?([^\t\n]*)")
_MARKDOWN = (".md", ".markdown", ".mdown")
_MAX_CHARACTERS = 100_000
"""Most that is read of a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """One line of a hunk.

    Attributes:
        mark: `+` added, `-` removed, a space for what was there before and after.
        text: the line without its mark.
        old: its number before the change; of an added line that of the line that follows it.
        new: its number after the change; of a removed line that of the line that follows it.
            Both are 0 where the diff does not say where its lines stand.
    """

    mark: str
    text: str
    old: int = 0
    new: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Neighbouring changes.

    Attributes:
        heading: the words behind the hunk's numbers, where the diff shows what is above it.
        lines: in their order.
        path: of the file, where the diff names it.
    """

    heading: str
    lines: tuple[DiffLine, ...]
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A text before and after a change, whole or as far as its diff shows it.

    Attributes:
        before: the text before.
        lines: those of the text after.
        removed: numbers of the lines of `before` that are gone and said something.
        added: numbers of the lines of `after` that are new and say something.
        kept: for a line of `after` that is not new, its number in `before`.
        numbers: for a line of `after`, its number in the file.
    """

    before: str
    lines: tuple[str, ...]
    removed: frozenset[int]
    added: frozenset[int]
    kept: Mapping[int, int]
    numbers: Mapping[int, int]


def parse_diff(text: str) -> tuple[Hunk, ...]:
    """Read the hunks of all Markdown files of a diff.

    A text without hunks is a bare list of added lines, with or without a `+` before each.
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = text.replace("\r\n", "\n").split("\n")
    if not any(_HUNK.match(line) for line in lines):
        return (_bare(lines),)
    return tuple(_hunks(lines))


def bound_hunks(hunks: Sequence[Hunk]) -> tuple[Hunk, ...]:
    """Return the hunks as far as the bound on their length allows."""
    left = _MAX_CHARACTERS
    kept: list[Hunk] = []
    for hunk in hunks:
        sizes = accumulate(len(line.text) + 1 for line in hunk.lines)
        lines = tuple(line for line, size in zip(hunk.lines, sizes, strict=True) if size <= left)
        left -= sum(len(line.text) + 1 for line in lines)
        kept.append(replace(hunk, lines=lines))
        if len(lines) < len(hunk.lines):
            break
    return tuple(kept)


def read_change(hunks: Sequence[Hunk], text: str | None) -> Change:
    """Return both sides of a change.

    Args:
        hunks: the change.
        text: the file after the change or before it; None where it is not at hand. Where it is
            neither, both sides are what the hunks show, each below the heading that git names.
    """
    lines = (text or "").replace("\r\n", "\n").split("\n")
    has_places = text is not None and all(line.new for hunk in hunks for line in hunk.lines)
    for is_after in (True, False):
        if has_places and _fits(lines, hunks, is_after=is_after):
            return _change(_whole(lines, hunks, is_after=is_after))
    return _change(_shown(hunks))


def _change(lines: Iterable[DiffLine]) -> Change:
    sides: dict[str, list[str]] = {"-": [], "+": []}
    marked: dict[str, set[int]] = {"-": set(), "+": set()}
    kept: dict[int, int] = {}
    numbers: dict[int, int] = {}
    for line in lines:
        for mark in sides if line.mark == " " else (line.mark,):
            sides[mark].append(line.text)
        if line.mark == " ":
            kept[len(sides["+"])] = len(sides["-"])
        elif line.text.strip():
            marked[line.mark].add(len(sides[line.mark]))
        if line.mark != "-":
            numbers[len(sides["+"])] = line.new
    return Change(
        before="\n".join(sides["-"]),
        lines=tuple(sides["+"]),
        removed=frozenset(marked["-"]),
        added=frozenset(marked["+"]),
        kept=kept,
        numbers=numbers,
    )


def _whole(lines: Sequence[str], hunks: Iterable[Hunk], *, is_after: bool) -> Iterator[DiffLine]:
    """Yield a file after or before the change, with the lines of the other side in their places."""
    mark, place = ("+", attrgetter("new")) if is_after else ("-", attrgetter("old"))
    changed = [line for hunk in hunks for line in hunk.lines if line.mark != " "]
    own = {place(line) for line in changed if line.mark == mark}
    others = groupby((line for line in changed if line.mark != mark), key=place)
    waiting = {at: list(found) for at, found in others}
    new = 0
    for number, text in enumerate((*lines, None), 1):
        found = waiting.pop(number, []) if text is not None else chain(*waiting.values())
        here = [] if text is None else [DiffLine(mark=mark if number in own else " ", text=text)]
        for line in (*found, *here):
            new += line.mark != "-"
            yield replace(line, new=new)


def _shown(hunks: Iterable[Hunk]) -> Iterator[DiffLine]:
    """Yield the lines of the hunks, so that no heading is above those of the next."""
    for hunk in hunks:
        heading = hunk.heading if hunk.heading.startswith("#") else ""
        yield from (DiffLine(mark=" ", text=text) for text in ("", "#", heading, ""))
        yield from hunk.lines


def _fits(lines: Sequence[str], hunks: Iterable[Hunk], *, is_after: bool) -> bool:
    """Tell whether a file has the lines of one side of a change in their places."""
    gone, place = ("-", attrgetter("new")) if is_after else ("+", attrgetter("old"))
    numbered = ((place(line), line) for hunk in hunks for line in hunk.lines if line.mark != gone)
    return all(at <= len(lines) and lines[at - 1] == line.text for at, line in numbered)


def _bare(lines: list[str]) -> Hunk:
    """Read added lines, which may have marks: all of them, and not those of Markdown's lists."""
    filled = [line for line in lines if line.strip()]
    is_list = all(line.startswith("- ") or line[:1].isspace() for line in filled)
    is_marked = all(line[:1] in {"+", "-", "\\"} for line in filled) and not is_list
    if not is_marked or not any(line.startswith("+") for line in filled):
        lines = [f"+{line.removeprefix('+')}" for line in lines]
    marked = (line for line in lines if not line.startswith("\\"))
    return Hunk(
        heading="",
        lines=tuple(
            DiffLine(mark="-" if line.startswith("-") else "+", text=line[1:]) for line in marked
        ),
    )


def _hunks(lines: list[str]) -> Iterator[Hunk]:
    path = ""
    following = iter(lines)
    for line in following:
        if match := _FILE.match(line):
            path = match[1].strip().strip('"')
        elif match := _HUNK.match(line):
            hunk = _hunk(match, following)
            if not path or path.lower().endswith(_MARKDOWN):
                yield replace(hunk, path=path)


def _hunk(head: re.Match[str], following: Iterator[str]) -> Hunk:
    """Take the lines that the head of a hunk announces."""
    old_count, new_count = int(head[2] or 1), int(head[4] or 1)
    # Of a side without lines, the number is that of the line before.
    old, new = int(head[1]) + (old_count == 0), int(head[3]) + (new_count == 0)
    old_end, new_end = old + old_count, new + new_count
    lines: list[DiffLine] = []
    while (old < old_end or new < new_end) and (line := next(following, None)) is not None:
        if line.startswith("\\"):
            continue
        mark = line[:1] if line[:1] in {"+", "-"} else " "
        lines.append(DiffLine(mark=mark, text=line[1:], old=old, new=new))
        old, new = old + (mark != "+"), new + (mark != "-")
    return Hunk(heading=head[5], lines=tuple(lines))
