"""What every test gets: no network but loopback, and the stand-in GitHub."""

from __future__ import annotations

import gc
import ipaddress
import os
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.github_server import GitHubServer
    from tests.workflows.harness import WorkflowHarness

# A shared machine is no reason to fail, and the same commit passes each time; what is new is found
# by HYPOTHESIS_PROFILE=deep, which draws other examples in each run.
settings.register_profile("suite", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("deep", max_examples=2_000, deadline=None)
_PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "suite")
settings.load_profile(_PROFILE)
if _PROFILE == "suite":
    # Hypothesis also draws the constants of the modules that are loaded: each worker has others.
    providers._get_local_constants = lambda: providers._local_constants

# No test depends on the settings of the developer's own git.
os.environ["GIT_CONFIG_GLOBAL"] = str(Path(__file__).parent / "data" / "gitconfig")

# A developer's proxy is not asked for the loopback, and `requests` need not look for one each time.
os.environ["no_proxy"] = "127.0.0.1"


def _work_in_memory() -> None:
    """Put temporary files into memory where there is room: most of a disk's time is saved."""
    memory = Path("/dev/shm")  # noqa: S108 - pytest and tempfile make folders of their own in it
    if "TMPDIR" in os.environ or not memory.is_dir():
        return
    about = os.statvfs(memory)
    if not about.f_flag & os.ST_NOEXEC and about.f_bavail * about.f_frsize > 2**30:
        os.environ["TMPDIR"] = tempfile.tempdir = str(memory)


_work_in_memory()

_LOCAL_NAMES = {"", "localhost"}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in _LOCAL_NAMES


def _needs_no_lookup(host: str) -> bool:
    """Whether the resolver answers from the text alone: a local name, or a number in any form."""
    plain = unicodedata.normalize("NFKC", host).lower()
    return host in _LOCAL_NAMES or all(character in "0123456789abcdefx.:%" for character in plain)


def _forbid_network(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            pytest.fail(f"a test reached for the network: {address}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
        name = host.decode() if isinstance(host, bytes) else str(host or "")
        if not _needs_no_lookup(name):
            pytest.fail(f"a test asked the network for a name: {name}")


# An audit hook cannot be patched away, and sees sockets of every thread.
sys.addaudithook(_forbid_network)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests, so that no worker waits for one at the end."""
    items.sort(key=lambda item: item.path.parent.name not in ("life", "workflows"))


def pytest_collection_finish() -> None:
    """Look for cycles seldom, as `kdbot` does, and never among what all tests have loaded."""
    gc.freeze()
    gc.set_threshold(100_000)


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
    from tests.github_server import GitHubServer  # a second, for those alone who ask for it

    with GitHubServer(
        tmp_path / "origin.git", repository=repository_name, default_branch=default_branch
    ) as server:
        yield server
    if server.violations:
        pytest.fail("not GitHub:\n" + "\n".join(server.violations))


@pytest.fixture
def workflow_harness(github_server: GitHubServer, tmp_path: Path) -> WorkflowHarness:
    """A harness over the stand-in GitHub; commit workflow files to its git before running them."""
    from tests.workflows.harness import WorkflowHarness

    return WorkflowHarness(github_server, tmp_path / "act")
