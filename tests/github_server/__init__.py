"""A stand-in GitHub for tests: real HTTP on loopback, real git, GitHub's own description as judge."""

from tests.github_server.clock import ManualClock, SystemClock
from tests.github_server.faults import Effect, Faults
from tests.github_server.gitstore import GitStore, Signature
from tests.github_server.scopes import Token, job_permissions
from tests.github_server.server import GitHubServer, Logged
from tests.github_server.state import Comment, Delivery, Issue, Label, Pull, User
from tests.github_server.world import World

__all__ = [
    "Comment",
    "Delivery",
    "Effect",
    "Faults",
    "GitHubServer",
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
    "World",
    "job_permissions",
]
