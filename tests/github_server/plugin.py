"""Fixtures of the stand-in GitHub, imported by tests/conftest.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.github_server.server import GitHubServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def repository_name() -> str:
    """The repository that the stand-in serves. Override this fixture to serve another."""
    return "kd/demo"


@pytest.fixture
def default_branch() -> str:
    """The branch that the stand-in's repository publishes. Override this fixture for another."""
    return "main"


@pytest.fixture
def github_server(
    tmp_path: Path, repository_name: str, default_branch: str
) -> Iterator[GitHubServer]:
    """A running server for one repository, whose git lives in tmp_path/origin.git.

    At the end of the test no request may have been one that GitHub does not have, and no answer
    one that it does not give.
    """
    with GitHubServer(
        tmp_path / "origin.git", repository=repository_name, default_branch=default_branch
    ) as server:
        yield server
    if server.violations:
        pytest.fail("not GitHub:\n" + "\n".join(server.violations))
