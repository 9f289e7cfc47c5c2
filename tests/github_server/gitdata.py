"""The values that the git store reads and writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from tests.github_server.clock import START

ZERO = "0" * 40


class GitError(Exception):
    """git refused; `str()` is what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEntry:
    """One line of `git ls-tree -l`; `size` is None for what is no blob."""

    mode: str
    kind: str
    sha: str
    size: int | None
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who made a commit, and when."""

    name: str
    email: str
    date: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitData:
    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


# Who commits what is merged or edited on the web: https://github.com/web-flow.
WEB_FLOW = ("GitHub", "noreply@github.com")

SOMEBODY = Signature(name="Somebody", email="somebody@example.org", date=START)


def parse_signature(line: str) -> Signature:
    name, _, rest = line.partition(" <")
    email, _, when = rest.partition("> ")
    seconds = int(when.split()[0])
    return Signature(name=name, email=email, date=datetime.fromtimestamp(seconds, UTC))
