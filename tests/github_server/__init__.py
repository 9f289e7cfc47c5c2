"""A stand-in GitHub for tests: HTTP on loopback, real git, GitHub's own description as judge.

The fixture `github_server` gives a `GitHubServer`. People act on `server.world` (open_issue,
edit_issue, comment, add_labels, open_pull, push_to_pull, merge_pull, push, protect, set_role…); a
bot gets `server.base_url` and a token from `server.grant("t", {"issues": "write"})`. What goes
wrong is armed on `server.faults`, time is `server.clock`; `server.log` and `server.writes` count.

To serve one more operation: add it to `OPERATIONS` in tests/data/openapi/trim.py, run that script,
and register a route under the same path in `routes/`; a test holds the two together.
"""

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
