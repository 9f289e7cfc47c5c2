"""The one way to the web: a request to an address that the guard has passed, within bounds.

urllib3's connections, with sockets of our own. A name is resolved once and every address that it
has must pass the guard (DNS rebinding, SSRF); the socket goes to such an address while the name
stays in `Host` and SNI. Nothing is sent that is not named here: no cookie, no `.netrc`, no proxy of
the environment. No redirect is followed and no body decompressed. One deadline applies to all of a
request, from the name to the last byte, and one bound for its bytes.
"""

import math
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http.client import (
    BadStatusLine,
    HTTPException,
    HTTPResponse,
    IncompleteRead,
    NotConnected,
    RemoteDisconnected,
)
from typing import Any, Literal, TypeVar
from weakref import WeakSet

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from kdbot.web.addresses import AddressGuard, Target

Method = Literal["HEAD", "GET", "POST"]
Resolve = Callable[[str], Sequence[str]]
"""Return the addresses of a host, or raise `socket.gaierror` as `getaddrinfo` does."""

GONE = frozenset({404, 410})
"""Answers that say that a page is not there."""
_MAX_HEAD = 64 * 1024
"""Bytes of headers that are read before the server is given up."""
_MAX_RANGE = 64 * 1024
"""Bytes that a GET asks for whose body is not read."""
_WITNESS = "github.com"
"""A name that exists: where it does not resolve either, it is the resolver that fails."""

_MAX_CONNECT = 10.0
_MAX_IDLE = 256

Result = TypeVar("Result")


class FailureKind(StrEnum):
    """Why a request got no answer, in the words of the evidence."""

    TIMEOUT = "no answer in time"
    CONNECTION = "no connection"
    TLS = "TLS failed"
    MALFORMED = "no valid HTTP answer"
    REDIRECTS = "too many redirects"
    NO_NAME = "could not be resolved: it does not exist"
    NAME_SERVICE = "could not be resolved"
    REFUSED = "not asked"


class RequestFailure(Exception):  # noqa: N818 - the field's word; half of its kinds are not errors
    """A request got no answer.

    Attributes:
        kind: what failed.
        detail: more about it, or an empty text; for `REFUSED` the reason of the guard.
    """

    def __init__(self, kind: FailureKind, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else str(kind))
        self.kind = kind
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, with what is needed of its head."""

    status: int
    body: bytes = b""
    """Not decoded; empty where it was not asked for."""
    location: str | None = None
    retry_after: str | None = None
    is_challenge: bool = False
    """Whether a bot wall says of itself that it answered (Cloudflare's `cf-mitigated`)."""


def run_in_daemon_thread(work: Callable[[], Result]) -> "Future[Result]":
    """Start work on a thread of its own; the future gives its result or raises what it raised.

    The thread is a daemon, unlike those of an executor: the system's resolver cannot be
    interrupted, and a run must still be able to end.
    """
    future: Future[Result] = Future()

    def call() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised to the thread that waits
            future.set_exception(error)

    threading.Thread(target=call, daemon=True).start()
    return future


def resolve_host(host: str) -> Sequence[str]:
    """Ask the system's resolver for a host's addresses, best first."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class HttpClient:
    """Send requests under an address guard, from any number of threads.

    `resolve` and `tls` replace the system's resolver and its certificates.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        guard: AddressGuard,
        resolve: Resolve = resolve_host,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._guard = guard
        self._resolver = _Resolver(resolve)
        self._tls = tls
        self._lock = threading.Lock()
        self._idle: list[_Connection] = []
        self._sockets: WeakSet[_Socket] = WeakSet()

    def ask(
        self,
        method: Method,
        target: Target,
        *,
        accept: str,
        seconds: float,
        max_bytes: int = 0,
        body: bytes | None = None,
    ) -> Reply:
        """Send one request and give its answer; a kept connection that has gone costs nothing.

        Args:
            method: HEAD, GET or POST.
            target: what is asked for; its addresses must pass the guard.
            accept: media types that are asked for.
            seconds: time for all of it.
            max_bytes: size of the body past which the answer is given up; 0 to read no body.
            body: JSON to post.

        Raises:
            RequestFailure: there is no complete answer.
        """
        fields = {
            "Host": target.authority,
            "User-Agent": self._user_agent,
            "Accept": accept,
            "Accept-Encoding": "identity",
        }
        if body is not None:
            fields["Content-Type"] = "application/json"
        if method == "GET" and not max_bytes:
            fields |= {"Range": f"bytes=0-{_MAX_RANGE - 1}", "Connection": "close"}
        request = _Request(method, target.path, fields, body, max_bytes)
        deadline = time.monotonic() + seconds
        try:
            addresses = self._addresses(target, deadline)
            kept = self._take_idle(target)
            if kept is not None:
                try:
                    return self._exchange(kept, request, deadline)
                except BadStatusLine:
                    pass  # it was closed, or the rest of an earlier answer came over it
                except OSError as error:
                    if kept.own.received or isinstance(error, TimeoutError):
                        raise
            return self._exchange(self._connect(target, addresses, deadline), request, deadline)
        except (OSError, HTTPException, HTTPError) as error:
            raise _failure_of(error) from error

    def close(self) -> None:
        """Close the connections, those in use too."""
        with self._lock:
            idle, self._idle = self._idle, []
            sockets = list(self._sockets)
        for connection in idle:
            connection.close()
        for sock in sockets:
            with suppress(OSError):
                # The plain socket's: TLS would first say goodbye, and wait for an answer to that.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def _addresses(self, target: Target, deadline: float) -> Sequence[str]:
        refusal = self._guard.check_target(target)
        addresses: Sequence[str] = ()
        if refusal is None:
            addresses = self._resolver.addresses(target.host, deadline)
            refusal = self._guard.check_addresses(target, addresses)
        if refusal is not None:
            raise RequestFailure(FailureKind.REFUSED, refusal.reason)
        return addresses

    def _take_idle(self, target: Target) -> "_Connection | None":
        with self._lock:
            kept = next((one for one in self._idle if one.serves(target)), None)
            if kept is not None:
                self._idle.remove(kept)
        # A server that sends before the next request has closed the connection.
        if kept is None or kept.is_connected:
            return kept
        kept.close()
        return self._take_idle(target)

    def _connect(self, target: Target, addresses: Sequence[str], deadline: float) -> "_Connection":
        failure: OSError | None = None
        for address in _one_of_each_family(addresses):
            sock = self._track(_Socket(socket.AF_INET6 if ":" in address else socket.AF_INET))
            try:
                sock.settimeout(min(_seconds_to(deadline), _MAX_CONNECT))
                sock.connect((address, target.port))
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if target.scheme == "https":
                    sock.settimeout(_seconds_to(deadline))
                    sock = self._secure(sock, target.host)
                return _Connection(target, sock)
            except OSError as error:
                sock.close()
                failure = failure or error
        raise failure or OSError("no address")

    def _secure(self, sock: "_Socket", host: str) -> "_Socket":
        with self._lock:
            if self._tls is None:
                # One context for all: to make one costs more than a handshake.
                self._tls = ssl.create_default_context()
                self._tls.set_alpn_protocols(["http/1.1"])
            self._tls.sslsocket_class = _TlsSocket
        secured = self._tls.wrap_socket(sock, server_hostname=host.rstrip("."))
        assert isinstance(secured, _TlsSocket)  # noqa: S101 - narrows for the type checker
        return self._track(secured)

    def _track(self, sock: "_Socket") -> "_Socket":
        with self._lock:
            self._sockets.add(sock)
        return sock

    def _exchange(self, connection: "_Connection", request: "_Request", deadline: float) -> Reply:
        unwanted = [connection]
        try:
            reply = connection.exchange(request, deadline)
            if connection.sock is not None and (request.method == "HEAD" or request.max_bytes):
                with self._lock:
                    idle = [connection, *self._idle]
                    self._idle, unwanted = idle[:_MAX_IDLE], idle[_MAX_IDLE:]
            return reply
        finally:
            for one in unwanted:
                one.close()


@dataclass(frozen=True, slots=True)
class _Request:
    method: Method
    path: str
    fields: dict[str, str]
    body: bytes | None
    max_bytes: int


class _Connection(HTTPConnection):
    """A connection to an address that the guard has passed, TLS included."""

    def __init__(self, target: Target, sock: "_Socket") -> None:
        super().__init__(target.host, target.port)
        self.response_class = _Response
        self.sock = self.own = sock
        self._scheme = target.scheme

    def connect(self) -> None:
        """Refuse to connect by name, because the name was not checked."""
        raise NotConnected

    def serves(self, target: Target) -> bool:
        """Tell whether a target is at the other end."""
        return (self._scheme, self.host, self.port) == (target.scheme, target.host, target.port)

    def exchange(self, request: _Request, deadline: float) -> Reply:
        """Send a request and read its answer.

        Raises:
            OSError: no answer, or a bound was passed.
            HTTPException: no HTTP.
            HTTPError: no whole body.
        """
        self.own.start(deadline)
        self.request(
            request.method,
            request.path,
            body=request.body,
            headers=request.fields,
            preload_content=False,
            decode_content=False,
        )
        response = self.getresponse()
        try:
            self.own.expect_body(request.max_bytes)
            return _read(response, request)
        finally:
            response.close()


class _Response(HTTPResponse):
    """An answer whose interim ones, 103 among them, are passed over (RFC 9110, 15.2)."""

    def begin(self) -> None:
        super().begin()
        while 100 <= self.status < 200:
            self.headers = None  # type: ignore[assignment] # it has not begun
            super().begin()


class _Socket(socket.socket):
    """A socket whose reads end at a deadline and a number of bytes.

    A timeout of the socket starts again with every byte, so a slow sender would never meet it.
    """

    deadline = math.inf
    received = 0
    _bound = _MAX_HEAD
    _is_in_head = True

    def start(self, deadline: float) -> None:
        """Begin to count for the head of a further answer."""
        self.deadline = deadline
        self.received, self._bound, self._is_in_head = 0, _MAX_HEAD, True
        self.settimeout(_seconds_to(deadline))

    def expect_body(self, max_bytes: int) -> None:
        """Let so many bytes more come, and what frames them."""
        self._bound += 2 * max_bytes
        self._is_in_head = False

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        """Read within the bounds; the end of a head that has begun is no end of it."""
        if self.received > self._bound:
            what = "headers" if self._is_in_head else "an answer"
            raise RequestFailure(FailureKind.MALFORMED, f"{what} over {self._bound} bytes")
        self.settimeout(_seconds_to(self.deadline))
        size = len(memoryview(buffer)) if nbytes is None else nbytes
        count = super().recv_into(buffer, size, flags)
        if not count and self.received and self._is_in_head:
            raise ConnectionResetError(_CLOSED)
        self.received += count
        return count


class _TlsSocket(_Socket, ssl.SSLSocket):
    """The same under TLS."""


_CLOSED = "closed without an answer"


def _seconds_to(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def _one_of_each_family(addresses: Sequence[str]) -> list[str]:
    # IPv4 first: where a machine lacks it, the connection fails at once, while a broken IPv6
    # often swallows packets until the time is up.
    first = {":" in address: address for address in reversed(addresses)}
    return [first[family] for family in (False, True) if family in first]


def _read(response: BaseHTTPResponse, request: _Request) -> Reply:
    body = b""
    if request.method == "HEAD":
        response.read()
    elif request.max_bytes:
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding != "identity":
            reason = f"the answer is encoded as {encoding}, which was not asked for"
            raise RequestFailure(FailureKind.MALFORMED, reason)
        body = response.read(request.max_bytes + 1, decode_content=False)
        if len(body) > request.max_bytes:
            reason = f"the answer is larger than {request.max_bytes} bytes"
            raise RequestFailure(FailureKind.MALFORMED, reason)
        if response.length_remaining:
            raise RequestFailure(FailureKind.MALFORMED, _CUT_SHORT)
    return Reply(
        status=response.status,
        body=body,
        location=_first(response, "Location"),
        retry_after=_first(response, "Retry-After"),
        is_challenge=_first(response, "cf-mitigated") == "challenge",
    )


_CUT_SHORT = "the answer was cut short"


def _first(response: BaseHTTPResponse, name: str) -> str | None:
    values = response.headers.getlist(name)
    if not values:
        return None
    # Header fields are ASCII by the book, but servers write addresses in UTF-8.
    with suppress(UnicodeError):
        return values[0].encode("latin-1").decode("utf-8").strip()
    return values[0].strip()


def _failure_of(error: Exception) -> RequestFailure:
    if isinstance(error, HTTPError) and isinstance(error.__cause__, Exception):
        error = error.__cause__
    match error:
        case TimeoutError():
            return RequestFailure(FailureKind.TIMEOUT)
        case ssl.SSLCertVerificationError():
            return RequestFailure(FailureKind.TLS, error.verify_message)
        case ssl.SSLError():
            return RequestFailure(FailureKind.TLS, (error.reason or "").replace("_", " ").lower())
        case RemoteDisconnected():
            return RequestFailure(FailureKind.CONNECTION, _CLOSED)
        case OSError():
            return RequestFailure(FailureKind.CONNECTION, error.strerror or str(error))
        case IncompleteRead():
            return RequestFailure(FailureKind.MALFORMED, _CUT_SHORT)
        case _:
            return RequestFailure(FailureKind.MALFORMED)


class _Resolver:
    """Names to addresses, each name once a run.

    The first answer is kept for the whole run, so a name that changes its mind between the check
    and the connection (DNS rebinding) changes nothing.
    """

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._lock = threading.Lock()
        self._found: dict[str, Future[tuple[str, ...]]] = {}

    def addresses(self, host: str, deadline: float) -> tuple[str, ...]:
        """Return the addresses of a host.

        A resolver without a network says of every name that it does not exist. So this counts
        only where another name is found.

        Raises:
            RequestFailure: it has none (`NO_NAME`), or DNS did not answer (`NAME_SERVICE`); a later
                call asks again.
            TimeoutError: the time is up.
        """
        try:
            return self._look_up(host, deadline)
        except RequestFailure as failure:
            if failure.kind is FailureKind.NO_NAME and self._finds_any(deadline):
                raise
            raise RequestFailure(FailureKind.NAME_SERVICE) from failure

    def _finds_any(self, deadline: float) -> bool:
        try:
            return bool(self._look_up(_WITNESS, deadline))
        except RequestFailure:
            return False

    def _look_up(self, host: str, deadline: float) -> tuple[str, ...]:
        with self._lock:
            if host not in self._found:
                self._found[host] = run_in_daemon_thread(lambda: _resolve(self._resolve, host))
            future = self._found[host]
        try:
            return future.result(_seconds_to(deadline))
        except RequestFailure:
            with self._lock:
                self._found.pop(host, None)
            raise


def _resolve(resolve: Resolve, host: str) -> tuple[str, ...]:
    kind = FailureKind.NO_NAME
    try:
        if found := tuple(dict.fromkeys(resolve(host))):
            return found
    except (OSError, UnicodeError) as error:
        is_absent = isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME
        kind = FailureKind.NO_NAME if is_absent else FailureKind.NAME_SERVICE
    raise RequestFailure(kind)


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Read a `Retry-After` field as seconds from `now` (RFC 9110, 10.2.3), or None.

    A date whose year, time or zone Python cannot represent is not a date.
    """
    if value is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, OverflowError):
        return None
