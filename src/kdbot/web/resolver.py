"""Names to addresses, each name once a run.

The first answer is kept for the whole run, so a name that changes its mind between the check and
the connection (DNS rebinding) changes nothing.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

Resolve = Callable[[str], Sequence[str]]
"""Give the addresses of a host, or raise `socket.gaierror` as `getaddrinfo` does."""


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
    """Resolve names on threads of their own and remember what was found.

    The threads are daemons: the system's resolver cannot be interrupted, and a run that is over
    must not wait for it.
    """

    def __init__(self, resolve: Resolve = resolve_host) -> None:
        self._resolve = resolve
        self._found: dict[str, asyncio.Future[tuple[str, ...] | _Failure]] = {}

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Give the addresses of a host.

        Raises:
            NoSuchNameError: it has none, and that was said with authority.
            NameServiceError: the name service failed; a later call asks again.
        """
        if host not in self._found:
            self._found[host] = self._look_up(host)
        found = await asyncio.shield(self._found[host])
        if isinstance(found, _Failure):
            self._found.pop(host, None)
            raise found.error
        return found

    def _look_up(self, host: str) -> asyncio.Future[tuple[str, ...] | _Failure]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[tuple[str, ...] | _Failure] = loop.create_future()

        def deliver(found: tuple[str, ...] | _Failure | Exception) -> None:
            if answer.done():
                return
            if isinstance(found, Exception):
                answer.set_exception(found)
            else:
                answer.set_result(found)

        def work() -> None:
            found: tuple[str, ...] | _Failure | Exception
            try:
                found = _ask(self._resolve, host)
            except Exception as error:  # noqa: BLE001 - whoever waits for the answer raises it
                found = error
            with suppress(RuntimeError):  # the run is over and its loop closed
                loop.call_soon_threadsafe(deliver, found)

        threading.Thread(target=work, name=f"resolve {host}", daemon=True).start()
        return answer


def _ask(resolve: Resolve, host: str) -> tuple[str, ...] | _Failure:
    try:
        found = tuple(dict.fromkeys(resolve(host)))
    except socket.gaierror as error:
        absent = error.errno == socket.EAI_NONAME
        return _Failure(NoSuchNameError if absent else NameServiceError)
    except (OSError, UnicodeError):
        return _Failure(NameServiceError)
    return found or _Failure(NoSuchNameError)
