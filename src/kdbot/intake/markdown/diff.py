"""A unified diff of Markdown files: which lines were added, and where they stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HUNK = re.compile(r"@@ -([0-9]{1,7})(?:,([0-9]{1,7}))? \+([0-9]{1,7})(?:,([0-9]{1,7}))? @@ ?(.*)")
_FILE = re.compile(r"\+\+\+ (?:[a-z]/)?([^\t\n]*)")
_MARKDOWN = (".md", ".markdown", ".mdown")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """One line of a hunk.

    Attributes:
        mark: `+` added, `-` removed, a space for what was there before and after.
        text: the line without its mark.
        old: its number before, for what was there.
        new: its number after, for what is there.
        after: its number after, for what is gone the number of the line that follows it.
    """

    mark: str
    text: str
    old: int = 0
    new: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Neighbouring changes.

    Attributes:
        heading: the words behind the hunk's numbers, where the diff shows what is above it.
        lines: in their order.
    """

    heading: str
    lines: tuple[DiffLine, ...]

    @property
    def added(self) -> tuple[DiffLine, ...]:
        """The lines that are new."""
        return tuple(line for line in self.lines if line.mark == "+")

    @property
    def removed(self) -> tuple[DiffLine, ...]:
        """The lines that are gone."""
        return tuple(line for line in self.lines if line.mark == "-")


def parse_diff(text: str) -> tuple[Hunk, ...]:
    """Read the hunks of all Markdown files of a diff.

    A text without hunks is a bare list of added lines, with or without a `+` before each.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    if not any(_HUNK.match(line) for line in lines):
        return (_bare(lines),)
    return tuple(_hunks(lines))


def added_to(readme: str, hunks: tuple[Hunk, ...]) -> tuple[str, frozenset[int]] | None:
    """Return the README after the change, and the numbers of its added lines.

    Args:
        readme: the README after the change or before it.
        hunks: the change.

    Returns:
        None where the README is neither.
    """
    lines = readme.replace("\r\n", "\n").split("\n")
    if not all(line.new or line.old for hunk in hunks for line in hunk.lines):
        return None
    if _fits(lines, hunks, after=True):
        return readme, frozenset(line.new for hunk in hunks for line in hunk.added)
    if not _fits(lines, hunks, after=False):
        return None
    changed: list[str] = []
    added: set[int] = set()
    position = 0
    for hunk in hunks:
        start = next((line.old for line in hunk.lines if line.old), 0)
        start = start - 1 if start else min(len(lines), position)
        changed += lines[position:start]
        position = start
        for line in hunk.lines:
            if line.mark == "+":
                changed.append(line.text)
                added.add(len(changed))
            else:
                position += 1
                if line.mark == " ":
                    changed.append(line.text)
    return "\n".join([*changed, *lines[position:]]), frozenset(added)


def _fits(lines: list[str], hunks: tuple[Hunk, ...], *, after: bool) -> bool:
    for hunk in hunks:
        for line in hunk.lines:
            number = line.new if after else line.old
            if number and (number > len(lines) or lines[number - 1] != line.text):
                return False
    return True


def _bare(lines: list[str]) -> Hunk:
    filled = [line for line in lines if line.strip()]
    is_marked = bool(filled) and all(line.startswith(("+", "-", "\\")) for line in filled)
    # A list item of Markdown may begin with either mark; then a space follows.
    is_list = all(line.startswith("- ") or line[:1].isspace() for line in filled)
    if not is_marked or is_list or not any(line.startswith("+") for line in filled):
        added = [line.removeprefix("+") for line in lines]
        return Hunk(heading="", lines=tuple(DiffLine(mark="+", text=text) for text in added))
    return Hunk(
        heading="",
        lines=tuple(
            DiffLine(mark="-" if line.startswith("-") else "+", text=line[1:])
            for line in lines
            if not line.startswith("\\")
        ),
    )


def _hunks(lines: list[str]) -> Iterator[Hunk]:
    is_markdown = True
    following = iter(lines)
    for line in following:
        if match := _FILE.match(line):
            is_markdown = match[1].strip().strip('"').lower().endswith(_MARKDOWN)
        elif match := _HUNK.match(line):
            hunk = _hunk(match, following)
            if is_markdown:
                yield hunk


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
        in_old, in_new = mark != "+", mark != "-"
        text, number = line[1:], new * in_new
        lines.append(DiffLine(mark=mark, text=text, old=old * in_old, new=number, after=new))
        old, new = old + in_old, new + in_new
    return Hunk(heading=head[5], lines=tuple(lines))
