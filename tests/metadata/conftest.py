"""The stand-in services, a clock that moves when somebody sleeps, and a client for both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kdbot.model.settings import ServiceSettings
from kdbot.web.cache import Cache
from kdbot.web.services import ServiceClient
from tests.metadata.server import MetadataServer, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA = Path(__file__).parents[1] / "data" / "metadata"


@dataclass
class Time:
    """A clock that stands still but for sleepers."""

    seconds: float = 1000.0
    sleeps: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.seconds += seconds

    def now(self) -> datetime:
        return datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(seconds=self.seconds)


@pytest.fixture
def services() -> Iterator[MetadataServer]:
    with serving() as world:
        yield world


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def new_client(services: MetadataServer, time: Time) -> Iterator[Callable[..., ServiceClient]]:
    """Make clients of the stand-in; `cache` is a path."""
    clients = []

    def make(cache: Path | None = None, **options: Any) -> ServiceClient:
        bases = ServiceSettings(**dict.fromkeys(ServiceSettings.__dataclass_fields__, services.url))
        client = ServiceClient(
            bases,
            user_agent="kdbot/0 (+https://github.com/kd/demo)",
            cache=Cache(cache, now=time.clock) if cache else None,
            clock=time.clock,
            sleep=time.sleep,
            now=time.now,
            **options,
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(new_client: Callable[..., ServiceClient]) -> ServiceClient:
    return new_client()


@pytest.fixture
def recorded() -> Callable[[str], bytes]:
    """Give a recorded answer by the name of its file."""
    return lambda name: (DATA / name).read_bytes()
