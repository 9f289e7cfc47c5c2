"""The operations that the stand-in serves, by their key in GitHub's description."""

from __future__ import annotations

from tests.github_server.routes import (  # noqa: F401  imported for what they register
    comments,
    commits,
    contents,
    git,
    issues,
    labels,
    pulls,
    reactions,
    repository,
    reviews,
    settings,
)
from tests.github_server.routes.call import ROUTES, Call

__all__ = ["ROUTES", "Call"]
