"""What every test gets: no network but loopback, and the stand-in GitHub."""

from __future__ import annotations

import ipaddress
import os
import sys
import unicodedata
from functools import cache

import pytest
from hypothesis import settings

from kdbot import cli
from tests.github_server.plugin import default_branch, github_server, repository_name
from tests.workflows.plugin import workflow_harness

__all__ = ["default_branch", "github_server", "repository_name", "workflow_harness"]

# A shared machine is no reason to fail, and the same commit passes each time; what is new is found
# by HYPOTHESIS_PROFILE=deep, which draws other examples in each run.
settings.register_profile("suite", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("deep", max_examples=2_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# A process makes its parser once, and the suite is one that runs hundreds of commands.
cli._make_parser = cache(cli._make_parser)

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
