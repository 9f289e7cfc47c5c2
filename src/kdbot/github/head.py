"""A pull request as it stands on GitHub: its head, its files, and what was said of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

StatusState: TypeAlias = Literal["success", "failure", "pending"]

REGULAR = "100644"
"""Mode of a plain file."""
SYMLINK = "120000"
SUBMODULE = "160000"
_TREE = "040000"

_HUNK = re.compile(r"@@ -[0-9]+(?:,[0-9]+)? \+([0-9]+)(?:,[0-9]+)? @@")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitStatus:
    """What the bot said last of a commit.

    Attributes:
        state: GitHub's word.
        description: one line for people.
    """

    state: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull request beyond what an issue has.

    Attributes:
        number: its number.
        head_sha: the commit that it asks to be merged.
        head_branch: the branch that the commit is on, in its author's words.
        head_repository: `owner/name` of that branch's repository, or None where it is gone.
        base: the branch that it is to be merged into.
        changed_files: how many files it changes.
        new_paths: paths that it adds, of its first hundred files, where they were read.
        statuses: what was said of its head under the bot's context, with the account that said it.
    """

    number: int
    head_sha: str
    head_branch: str
    head_repository: str | None
    base: str
    changed_files: int
    new_paths: tuple[str, ...] = ()
    statuses: tuple[tuple[int, CommitStatus], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """One file that a pull request changes.

    Attributes:
        path: its path in the head.
        status: GitHub's word: `added`, `modified`, `removed`, `renamed`, `copied` or `changed`.
        previous: its path before a renaming, or None.
        patch: its hunks; None for a binary or a very long one.
        blob: its blob in the head, None for one that is removed.
    """

    path: str
    status: str
    previous: str | None = None
    patch: str | None = None
    blob: str | None = None

    @property
    def shown_lines(self) -> frozenset[int]:
        """Lines of the head's file that the diff shows; a comment beside them is refused."""
        shown: set[int] = set()
        line = 0
        for text in (self.patch or "").split("\n"):
            if hunk := _HUNK.match(text):
                line = int(hunk[1])
            elif text.startswith(("+", " ")):
                shown.add(line)
                line += 1
        return frozenset(shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEntry:
    """One name in a commit.

    Attributes:
        path: from the root of the repository.
        mode: git's six digits.
        sha: name of the blob or tree.
        size: bytes of a blob; 0 for anything else.
    """

    path: str
    mode: str
    sha: str
    size: int = 0

    @property
    def is_tree(self) -> bool:
        """Whether it is a folder."""
        return self.mode == _TREE


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Names of a commit.

    Attributes:
        entries: by their path.
    """

    entries: Mapping[str, TreeEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A comment on lines that the bot wrote earlier.

    Attributes:
        id: its number; the lower is the older.
        sha: the commit that it was written for.
        body: its text.
    """

    id: int
    sha: str
    body: str
