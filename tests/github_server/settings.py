"""What the owner of a repository sets: permissions, policies, Pages, rules, variables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(slots=True, kw_only=True)
class Policy:
    """An Actions policy. `source_type` is GitHub's: Repository, Organization or Enterprise."""

    id: int
    name: str
    enforcement: str
    conditions: dict[str, Any]
    rules: list[dict[str, Any]]
    created_at: datetime
    updated_at: datetime
    source_type: str = "Repository"


@dataclass(slots=True, kw_only=True)
class WorkflowFile:
    """A workflow that Actions knows; `state` is GitHub's, such as `disabled_inactivity`."""

    id: int
    path: str
    created_at: datetime
    state: str = "active"


@dataclass(slots=True, kw_only=True)
class WorkflowRun:
    """One run of a workflow; a run that has not ended has no conclusion."""

    id: int
    path: str
    event: str
    conclusion: str | None
    created_at: datetime
    head_sha: str


@dataclass(slots=True, kw_only=True)
class RepositorySettings:
    """The settings of a repository, and what a test changes of them.

    Without `allowed_actions` Actions is switched off.
    `locked` names settings that the owning organization forbids to change, `rules` kinds of rules
    by branch beside those of `protect`, `signed` branches whose protection asks for signatures.
    """

    allowed_actions: str | None = "all"
    default_permissions: str = "read"
    page_source: str | None = None
    private: bool = False
    archived: bool = False
    policies: dict[int, Policy] = field(default_factory=dict)
    workflows: list[WorkflowFile] = field(default_factory=list)
    runs: list[WorkflowRun] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    rules: dict[str, list[str]] = field(default_factory=dict)
    signed: set[str] = field(default_factory=set)
    locked: set[str] = field(default_factory=set)
    remaining: int = 5000
    description: str | None = None
    topics: tuple[str, ...] = ()
