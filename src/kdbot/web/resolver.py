"""Names to addresses, each name once a run.

The first answer is kept for the whole run, so a name that changes its mind between the check and
the connection (DNS rebinding) changes nothing.
"""

import asyncio
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kdbot.web.aside import run_aside

Resolve = Callable[[str], Sequence[str]]
"""Give the addresses of a host, or raise `socket.gaierror` as `getaddrinfo` does."""


WITNESS = "github.com"
"""A name that exists: where it does not resolve either, it is the resolver that fails."""


class NoSuchNameError(Exception):
    """The name does not exist."""


class NameServiceError(Exception):
    """Nobody could say whether the name exists."""


def resolve_host(host: str) -> Sequence[str]:
    """Ask the system's resolver for a host's addresses, best first."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True, slots=True)
class _Failure:
    error: type[NoSuchNameError | NameServiceError]


class Resolver:
    """Resolve names on threads of their own and remember what was found."""

    def __init__(self, resolve: Resolve = resolve_host) -> None:
        self._resolve = resolve
        self._found: dict[str, asyncio.Future[tuple[str, ...] | _Failure]] = {}

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Give the addresses of a host.

        A resolver without a network says of every name that it does not exist. So this counts
        only where another name is found.

        Raises:
            NoSuchNameError: it has none, and that was said with authority.
            NameServiceError: the name service failed; a later call asks again.
        """
        found = await self._look_up(host)
        if not isinstance(found, _Failure):
            return found
        if found.error is NoSuchNameError and isinstance(await self._look_up(WITNESS), _Failure):
            raise NameServiceError
        raise found.error

    async def _look_up(self, host: str) -> tuple[str, ...] | _Failure:
        if host not in self._found:
            self._found[host] = run_aside(lambda: _ask(self._resolve, host))
        found = await asyncio.shield(self._found[host])
        if isinstance(found, _Failure):
            self._found.pop(host, None)
        return found


def _ask(resolve: Resolve, host: str) -> tuple[str, ...] | _Failure:
    try:
        found = tuple(dict.fromkeys(resolve(host)))
    except socket.gaierror as error:
        absent = error.errno == socket.EAI_NONAME
        return _Failure(NoSuchNameError if absent else NameServiceError)
    except (OSError, UnicodeError):
        return _Failure(NameServiceError)
    return found or _Failure(NoSuchNameError)
