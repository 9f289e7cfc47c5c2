"""Tokens, and what a job's `permissions` let them do.

What an operation asks for is GitHub's documentation of fine-grained permissions, sharpened by what
people measured: the conversation of a pull request (comments, labels, reactions) is written with
`pull-requests`, not with `issues`, and a label that does not exist yet is created with `issues`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.github_server.http import ApiError

if TYPE_CHECKING:
    from tests.github_server.state import User

_LEVELS = {"none": 0, "read": 1, "write": 2}

# The scopes of GITHUB_TOKEN, as the workflow syntax lists them.
SCOPES = (
    "actions", "artifact-metadata", "attestations", "checks", "contents", "deployments",
    "discussions", "id-token", "issues", "models", "packages", "pages", "pull-requests",
    "security-events", "statuses",
)  # fmt: skip

# What a job gets in a repository with restricted defaults, where the workflow says nothing.
RESTRICTED: Mapping[str, str] = {"contents": "read", "packages": "read"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Who calls. `permissions` is None for a person, who may do what their role allows."""

    actor: User
    permissions: Mapping[str, str] | None = None

    @property
    def is_integration(self) -> bool:
        return self.permissions is not None

    def allows(self, scope: str, level: str) -> bool:
        if self.permissions is None or scope == "metadata":
            return True
        return _LEVELS[self.permissions.get(scope, "none")] >= _LEVELS[level]

    def demand(self, scopes: tuple[str, ...], level: str) -> None:
        """Refuse as GitHub does unless one of the scopes is held at this level."""
        if not any(self.allows(scope, level) for scope in scopes):
            needed = "; ".join(f"{scope.replace('-', '_')}={level}" for scope in scopes)
            raise ApiError(
                403,
                "Resource not accessible by integration",
                headers={"X-Accepted-GitHub-Permissions": needed},
            )


def job_permissions(workflow: Mapping[str, Any], job: str) -> dict[str, str]:
    """Read the scopes that GitHub would give to this job's GITHUB_TOKEN.

    A job's own `permissions` replace the workflow's; whatever one of them does not name is none.
    """
    declared = workflow["jobs"][job].get("permissions", workflow.get("permissions"))
    if declared is None:
        return dict(RESTRICTED)
    if declared in ("read-all", "write-all"):
        return dict.fromkeys(SCOPES, declared.removesuffix("-all"))
    if not isinstance(declared, Mapping):
        raise TypeError(f"job {job}: permissions are neither a mapping nor read-all or write-all")
    for scope, level in declared.items():
        if scope not in SCOPES or level not in _LEVELS:
            raise ValueError(f"job {job}: GitHub knows no permission {scope}: {level}")
    return dict(declared)
