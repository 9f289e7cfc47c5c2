"""The client with which the stand-in is tested: PyGithub, without its pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from github import Auth, Github, GithubRetry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from github.Repository import Repository

    from tests.github_server import GitHubServer

ALL = {"contents": "write", "issues": "write", "pull-requests": "write", "statuses": "write"}


@pytest.fixture
def connect(github_server: GitHubServer) -> Iterator[Callable[..., Repository]]:
    """Give a repository as seen with a job's scopes, or with a person's login."""
    clients: list[Github] = []

    def open_repository(
        permissions: dict[str, str] | None = None,
        *,
        login: str | None = None,
        retry: GithubRetry | None = None,
    ) -> Repository:
        token = f"token-{len(clients)}"
        github_server.grant(token, None if login else permissions or {}, actor=login)
        client = Github(
            base_url=github_server.base_url,
            auth=Auth.Token(token),
            retry=retry,
            seconds_between_requests=None,
            seconds_between_writes=None,
            lazy=True,
        )
        clients.append(client)
        return client.get_repo("kd/demo")

    yield open_repository
    for client in clients:
        client.close()


@pytest.fixture
def repo(connect: Callable[..., Repository]) -> Repository:
    """The repository as seen by a job with every scope."""
    return connect(ALL)
