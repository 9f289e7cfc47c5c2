"""What the stand-in GitHub remembers: plain mutable records, without behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

ACTIONS_BOT_LOGIN = "github-actions[bot]"
ACTIONS_BOT_ID = 41898282


@dataclass(slots=True, kw_only=True)
class User:
    """An account; `kind` is GitHub's `type`: User, Bot or Organization."""

    login: str
    id: int
    kind: str = "User"
    created_at: datetime = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Label:
    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(slots=True, kw_only=True)
class Reaction:
    id: int
    user: User
    content: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One version of a text that was edited: the whole of it, by whom, and since when."""

    id: int
    editor: User | None
    edited_at: datetime
    text: str


@dataclass(slots=True, kw_only=True)
class Comment:
    """A comment of an issue or of a pull request's conversation; a ghost's user is None."""

    id: int
    issue: int
    user: User | None
    body: str
    created_at: datetime
    updated_at: datetime
    last_edited_at: datetime | None = None
    editor: User | None = None
    edits: list[Edit] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class IssueEvent:
    """An entry of an issue's history: labeled, unlabeled, closed, reopened, renamed, locked…"""

    id: int
    event: str
    actor: User | None
    created_at: datetime
    details: dict[str, Any] = field(default_factory=dict)
    commit_id: str | None = None


@dataclass(slots=True, kw_only=True)
class ReviewComment:
    id: int
    review: int
    user: User
    path: str
    body: str
    commit_id: str
    hunk: str
    position: int
    line: int
    start_line: int | None
    side: str
    start_side: str | None
    created_at: datetime


@dataclass(slots=True, kw_only=True)
class Review:
    id: int
    user: User
    body: str
    state: str
    commit_id: str
    submitted_at: datetime


@dataclass(slots=True, kw_only=True)
class Pull:
    """What a pull request has beyond an issue. Its commits live in the bare repository.

    `fork` is the full name of the repository the head lives in; None once that was deleted;
    equal to the base's name for a branch of the repository itself.
    """

    id: int
    head_owner: User | None
    head_ref: str
    fork: str | None
    base_ref: str
    draft: bool = False
    merged_at: datetime | None = None
    merged_by: User | None = None
    merge_commit_sha: str | None = None
    base_sha_at_merge: str | None = None
    reviews: list[Review] = field(default_factory=list)
    review_comments: list[ReviewComment] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Issue:
    """An issue, or with `pull` a pull request. `gone` is "deleted" or "transferred"."""

    id: int
    number: int
    title: str
    body: str | None
    user: User | None
    created_at: datetime
    updated_at: datetime
    labels: list[Label] = field(default_factory=list)
    state: str = "open"
    state_reason: str | None = None
    closed_at: datetime | None = None
    closed_by: User | None = None
    locked: bool = False
    lock_reason: str | None = None
    last_edited_at: datetime | None = None
    editor: User | None = None
    edits: list[Edit] = field(default_factory=list)
    gone: str | None = None
    listed_after: int = 0
    events: list[IssueEvent] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    pull: Pull | None = None

    def is_listed(self, requests: int, now: datetime) -> bool:
        """Tell whether lists have it; they lag by some requests, but by no more than a minute."""
        return self.listed_after < requests or now - self.created_at > timedelta(minutes=1)


@dataclass(slots=True, kw_only=True)
class Status:
    """A commit status: error, failure, pending or success, under a context."""

    id: int
    sha: str
    state: str
    context: str
    description: str | None
    target_url: str | None
    creator: User
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event as GitHub would send it to workflows and webhooks.

    `starts_workflows` is False for what was caused with a job's own GITHUB_TOKEN.
    """

    event: str
    action: str | None
    actor: User
    number: int | None
    payload: dict[str, Any]
    starts_workflows: bool
