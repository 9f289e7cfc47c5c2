"""What changed between two commits, file by file, and which lines a diff shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.github_server.gitstore import GitStore

# git's letter → GitHub's word.
_STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "T": "changed"}
_HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@", re.MULTILINE)
# By two trees, whose names are their contents: the same in each repository of this process.
_COMPARED: dict[tuple[str, str], tuple[FileChange, ...]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One file of a diff; `patch` is None for a binary file or a mere rename."""

    path: str
    previous: str | None
    status: str
    sha: str
    patch: str | None

    @property
    def additions(self) -> int:
        return sum(line.startswith("+") for line in (self.patch or "").split("\n"))

    @property
    def deletions(self) -> int:
        return sum(line.startswith("-") for line in (self.patch or "").split("\n"))

    def hunk_starts(self) -> list[int]:
        """Give the positions of the lines that open a hunk."""
        lines = (self.patch or "").split("\n")
        return [position for position, line in enumerate(lines) if _HUNK.match(line)]

    def positions(self) -> dict[tuple[str, int], int]:
        """Map the lines that the diff shows, ("RIGHT", 3), to their position in the patch."""
        out: dict[tuple[str, int], int] = {}
        left = right = 0
        for position, line in enumerate((self.patch or "").split("\n")):
            if hunk := _HUNK.match(line):
                left, right = int(hunk[1]), int(hunk[2])
            elif line.startswith("-"):
                out["LEFT", left] = position
                left += 1
            elif line.startswith("+"):
                out["RIGHT", right] = position
                right += 1
            elif line.startswith(" "):
                out["LEFT", left] = out["RIGHT", right] = position
                left, right = left + 1, right + 1
        return out


def changed_files(git: GitStore, base: str, head: str) -> list[FileChange]:
    """List the files that differ between two commits, in git's order."""
    trees = git.tree_of(base), git.tree_of(head)
    if trees not in _COMPARED:
        _COMPARED[trees] = _compared(git, *trees)
    return list(_COMPARED[trees])


def _compared(git: GitStore, base: str, head: str) -> tuple[FileChange, ...]:
    flags = ("-r", "-M", "--raw", "-p", "-z", "--no-abbrev", "--no-color")
    text = git.git_bytes("diff-tree", *flags, base, head).decode("utf-8", "replace")
    raw, _, text = text.partition("\0\0")
    fields = iter(raw.split("\0"))
    patches = _patches(text)
    out: list[FileChange] = []
    for meta in filter(None, fields):
        _, _, old_sha, new_sha, letter = meta.split(" ")
        first = next(fields)
        path, previous = (next(fields), first) if letter[0] in "RC" else (first, None)
        out.append(
            FileChange(
                path=path,
                previous=previous,
                status=_STATUS[letter[0]],
                sha=old_sha if letter[0] == "D" else new_sha,
                patch=patches[len(out)] if len(out) < len(patches) else None,
            )
        )
    return tuple(out)


def _patches(text: str) -> list[str | None]:
    out: list[str | None] = []
    for part in re.split(r"^diff --git .*\n", text, flags=re.MULTILINE)[1:]:
        start = _HUNK.search(part)
        out.append(part[start.start() :].removesuffix("\n") if start else None)
    return out
