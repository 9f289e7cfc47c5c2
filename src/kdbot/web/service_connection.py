"""One kept connection to a metadata service: a question out, a bounded answer in, within a time.

The standard library's client, because the connection must go to an address that the guard has
passed while the name stands in SNI and `Host`, because nothing may be sent that was not put there
(no cookie, no `.netrc`), and because it starts up in a tenth of the time of the pooled clients.
"""

import http.client
import socket
import ssl
import threading
from dataclasses import dataclass
from typing import Self

from kdbot.model.errors import KdbotError
from kdbot.web.addresses import AddressGuard, Refusal, Target, parse_networks, parse_target
from kdbot.web.resolver import Resolve, resolve_host

_LOOPBACK = parse_networks(("127.0.0.0/8", "::1/128"))
_LONGEST_CONNECT = 10.0


class NoAnswerError(Exception):
    """The service gave no whole answer; the text says why, without a full stop."""


class UnreachableError(NoAnswerError):
    """The service is silent, or there is no way to it: other questions would fare the same."""


class ForbiddenAddressError(NoAnswerError):
    """The service's address is not one that is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole answer.

    Attributes:
        status: its HTTP status.
        body: its bytes, not decoded.
        retry_after: the field `Retry-After`, or None.
        location: the field `Location`, or None.
    """

    status: int
    body: bytes
    retry_after: str | None = None
    location: str | None = None


class ServiceConnection:
    """Ask one service, over one connection as long as the service keeps it.

    The base address comes from the list's settings and may be a loopback one there; any other
    must resolve to public addresses. Redirects are not followed.
    """

    def __init__(self, base: str, *, user_agent: str, resolve: Resolve = resolve_host) -> None:
        target = parse_target(base)
        if isinstance(target, Refusal):
            raise KdbotError(
                f"{base!r} is no address of a service: {target.reason}",
                where="[services]",
                fix="write an http or https address",
            )
        self._target = target
        self._user_agent = user_agent
        self._resolve = resolve
        self._guard = AddressGuard(allowed=_LOOPBACK if _is_loopback(target.host) else ())
        self._connection: http.client.HTTPConnection | None = None

    def ask(
        self, path: str, *, body: bytes | None, accept: str, seconds: float, most_bytes: int
    ) -> Reply:
        """Send a GET, or a POST of JSON where there is a body, and read the whole answer.

        Args:
            path: path and query behind the base address, percent-encoded.
            body: JSON to post, or None.
            accept: media type that is asked for.
            seconds: time for everything but the look-up of the name.
            most_bytes: size of the answer past which it is given up.

        Raises:
            UnreachableError: no connection, or not within the time.
            ForbiddenAddressError: the guard refuses the address.
            NoAnswerError: no HTTP, too large, or cut short.
        """
        headers = {
            "Host": self._target.authority,
            "User-Agent": self._user_agent,
            "Accept": accept,
            "Accept-Encoding": "identity",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        request = (
            "GET" if body is None else "POST",
            self._target.path.rstrip("/") + path,
            body,
            headers,
        )
        if self._connection is not None:
            try:
                return self._exchange(request, seconds, most_bytes)
            except _StaleConnectionError:
                self.close()
        self._connection = self._open(min(seconds, _LONGEST_CONNECT))
        try:
            return self._exchange(request, seconds, most_bytes)
        except _StaleConnectionError:
            self.close()
            raise UnreachableError("the connection was closed without an answer") from None

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self, seconds: float) -> http.client.HTTPConnection:
        target = self._target
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.auto_open = 0
        connection.sock = _secure(self._connect(seconds), target)
        return connection

    def _connect(self, seconds: float) -> socket.socket:
        target = self._target
        try:
            addresses = self._resolve(target.host)
        except OSError as error:
            raise UnreachableError(f"the name {target.host} could not be resolved") from error
        refusal = self._guard.check_target(target) or self._guard.check_addresses(target, addresses)
        if refusal is not None:
            raise ForbiddenAddressError(f"not asked: {refusal.reason}")
        failure = "no address"
        for address in addresses:
            try:
                return socket.create_connection((address, target.port), timeout=seconds)
            except OSError as error:
                failure = error.strerror or str(error)
        raise UnreachableError(f"no connection to {target.host}: {failure}")

    def _exchange(
        self, request: tuple[str, str, bytes | None, dict[str, str]], seconds: float, most: int
    ) -> Reply:
        connection = self._connection
        assert connection is not None  # noqa: S101 - narrows for the type checker
        with _Deadline(connection.sock, seconds) as deadline:
            try:
                connection.request(*request)
                response = connection.getresponse()
                reply = _read(response, most)
            except (http.client.HTTPException, OSError, NoAnswerError) as error:
                self.close()
                if deadline.is_over:
                    raise UnreachableError(f"no whole answer within {seconds:g} seconds") from error
                raise _reason_of(error) from error
        if response.will_close or deadline.is_over:
            self.close()
        return reply


class _StaleConnectionError(Exception):
    """The other side closed before it answered: what a kept connection does after a while."""


class _Deadline:
    """Cut a connection off when its time is up, however it drips.

    A timeout of the socket starts anew with every byte, so a slow sender would never meet it.
    """

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self._sock = sock
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self.is_over = False
        sock.settimeout(seconds)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.is_over = True
        try:
            # The plain socket's: TLS would first say goodbye, and wait for an answer to that.
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
        except OSError:
            return


def _read(response: http.client.HTTPResponse, most: int) -> Reply:
    encoding = response.getheader("Content-Encoding", "identity").strip().lower()
    if encoding != "identity":
        raise NoAnswerError(f"the answer is encoded as {encoding}, which was not asked for")
    body = response.read(most + 1)
    if len(body) > most:
        raise NoAnswerError(f"the answer is larger than {most} bytes")
    if response.length:
        raise NoAnswerError("the answer was cut short")
    return Reply(
        status=response.status,
        body=body,
        retry_after=response.getheader("Retry-After"),
        location=response.getheader("Location"),
    )


def _reason_of(error: http.client.HTTPException | OSError | NoAnswerError) -> Exception:
    if isinstance(error, NoAnswerError):
        return error
    if isinstance(error, http.client.RemoteDisconnected | ConnectionError):
        return _StaleConnectionError()
    if isinstance(error, http.client.IncompleteRead):
        return NoAnswerError("the answer was cut short")
    if isinstance(error, TimeoutError):
        return UnreachableError("no answer in time")
    if isinstance(error, http.client.HTTPException):
        return NoAnswerError(f"no valid HTTP answer ({type(error).__name__})")
    return NoAnswerError(f"the connection failed: {error.strerror or error}")


def _secure(sock: socket.socket, target: Target) -> socket.socket:
    if target.scheme != "https":
        return sock
    try:
        return ssl.create_default_context().wrap_socket(sock, server_hostname=target.host)
    except OSError as error:
        sock.close()
        reason = error.reason if isinstance(error, ssl.SSLError) else error.strerror
        raise UnreachableError(f"TLS with {target.host} failed: {reason or error}") from error


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")
