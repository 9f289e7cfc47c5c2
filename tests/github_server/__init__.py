"""A stand-in GitHub for tests: HTTP on loopback, real git, GitHub's own description as judge."""

from tests.github_server.clock import ManualClock, SystemClock
from tests.github_server.faults import Effect, Faults
from tests.github_server.gitdata import Signature
from tests.github_server.gitstore import GitStore
from tests.github_server.scopes import Token, job_permissions
from tests.github_server.server import GitHubServer, Logged
from tests.github_server.state import Comment, Delivery, Issue, Label, Pull, User
from tests.github_server.world_pulls import GitHubWorld

__all__ = [
    "Comment",
    "Delivery",
    "Effect",
    "Faults",
    "GitHubServer",
    "GitHubWorld",
    "GitStore",
    "Issue",
    "Label",
    "Logged",
    "ManualClock",
    "Pull",
    "Signature",
    "SystemClock",
    "Token",
    "User",
    "job_permissions",
]
