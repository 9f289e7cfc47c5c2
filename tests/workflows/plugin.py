"""The fixture of the workflow harness, imported by tests/conftest.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.workflows.harness import WorkflowHarness

if TYPE_CHECKING:
    from pathlib import Path

    from tests.github_server import GitHubServer


@pytest.fixture
def workflow_harness(github_server: GitHubServer, tmp_path: Path) -> WorkflowHarness:
    """A harness over the stand-in GitHub; commit workflow files to its git before running them."""
    return WorkflowHarness(github_server, tmp_path / "act")
