"""The HTTP server: one loopback port, one lock, one log."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.github_server.clock import Clock, ManualClock, timestamp
from tests.github_server.faults import Effect, Faults
from tests.github_server.gitstore import GitStore
from tests.github_server.graphql import Context, Query
from tests.github_server.http import DOCUMENTATION, ApiError, Request, Response, not_found
from tests.github_server.oracle import load_oracle
from tests.github_server.payloads import render_payload, render_push
from tests.github_server.quota import JOB_LIMIT, Quota
from tests.github_server.routes import ROUTES, Call
from tests.github_server.scopes import Token
from tests.github_server.views.address import Address
from tests.github_server.views.issues import full_issue_view
from tests.github_server.views.people import REPOSITORY_ID
from tests.github_server.world_pulls import GitHubWorld

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.github_server.state import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One request that was served. `status` 0 means that the connection was dropped."""

    method: str
    path: str
    status: int
    is_write: bool
    operation: str
    body: Any


class GitHubServer:
    """A GitHub of one repository on loopback. Use as a context manager, or the pytest fixture."""

    def __init__(
        self,
        git_dir: Path,
        *,
        repository: str = "kd/demo",
        default_branch: str = "main",
        clock: Clock | None = None,
    ) -> None:
        owner, _, name = repository.partition("/")
        self.clock: Clock = clock or ManualClock()
        self.git = GitStore(git_dir, default_branch=default_branch)
        self.world = GitHubWorld(owner=owner, name=name, clock=self.clock, git=self.git)
        self.faults = Faults()
        self.tokens: dict[str, Token] = {}
        self.log: list[Logged] = []
        self.violations: list[str] = []
        self.lock = threading.RLock()
        self.quotas = {name: Quota(resource=name) for name in ("core", "graphql")}
        self._oracle = load_oracle()
        self._http = _Http(self)
        self._thread = threading.Thread(target=self._http.accept_all, daemon=True)
        self.world.payload = lambda issue, action, actor, parts: render_payload(
            self.address, self.world, issue, action, actor, parts
        )
        self.world.push_payload = lambda actor, branch, before, after, commits: render_push(
            self.address, self.world, actor, branch, before, after, commits
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.stop()
        self._thread.join()
        self._http.server_close()

    @property
    def base_url(self) -> str:
        """The API's address, for `GITHUB_API_URL` and PyGithub's `base_url`."""
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def address(self) -> Address:
        return Address(base=self.base_url, full_name=self.world.full_name)

    def grant(
        self,
        token: str,
        permissions: Mapping[str, str] | None = None,
        *,
        actor: str | User | None = None,
    ) -> str:
        """Make a token known: a job's, with these scopes; or with an actor alone a person's."""
        who = self.world.user(actor) if actor is not None else self.world.bot
        self.tokens[token] = Token(actor=who, permissions=permissions)
        return token

    @property
    def writes(self) -> list[Logged]:
        """The requests in the log that could change something."""
        return [logged for logged in self.log if logged.is_write]

    def limit_quota(self, requests: int = JOB_LIMIT, points: int = JOB_LIMIT) -> None:
        """Refuse more requests, or points of GraphQL, an hour of the clock than these."""
        self.quotas["core"].limit = requests
        self.quotas["graphql"].limit = points

    def forget_log(self) -> None:
        """Empty the log, to count what comes next."""
        self.log.clear()

    def serve(self, request: Request) -> Response | None:
        """Answer one request; None drops the connection."""
        with self.lock:
            self.world.requests += 1
            self.faults.run_hooks(request)
            fault = self.faults.strike(request)
            operation = "-"
            response: Response | None = None
            if fault is None or fault.effect is Effect.DONE:
                operation, response = self._answer(request)
            if fault is not None:
                response = fault.answer() if fault.answer else None
            self.log.append(
                Logged(
                    method=request.method,
                    path=request.path,
                    status=response.status if response else 0,
                    is_write=request.is_write,
                    operation=operation,
                    body=request.body,
                )
            )
            return response

    def _answer(self, request: Request) -> tuple[str, Response]:
        if request.path == "/graphql":
            return "graphql", self._guarded(lambda: self._graphql(request))
        request = self._by_number(request)
        matched = self._oracle.match(request.method, request.path)
        if matched is None and not request.path.startswith("/repositories/"):
            self.violations.append(f"no such operation: {request.method} {request.path}")
            return "-", not_found().response()
        if matched is None:
            return "issues/get", self._guarded(lambda: self._moved(request))
        operation, parameters = matched
        free = request.path == "/rate_limit"
        if not free and not self.quotas["core"].spend(1, self.clock.now()):
            message = "API rate limit exceeded for installation ID 1."
            return operation.id, ApiError(403, message).response()
        self.violations += self._oracle.check_request(operation, request.query, request.body)
        response = self._guarded(lambda: self._routed(request, operation.key, parameters))
        self.violations += self._oracle.check_response(operation, response.status, response.body)
        return operation.id, response

    def _guarded(self, answer: Callable[[], Response]) -> Response:
        try:
            return answer()
        except ApiError as error:
            if "X-Transferred" in error.headers:
                moved = f"{self.base_url}/repositories/7001/issues/{error.headers['X-Transferred']}"
                error.headers = {"Location": moved}
            if "X-Branch" in error.headers:
                moved = f"{self.address.api}/branches/{error.headers['X-Branch']}"
                error.headers = {"Location": moved}
            return error.response()
        except Exception as bug:
            self.violations.append(f"the stand-in failed: {bug!r}")
            raise

    def _token(self, request: Request) -> Token:
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() not in ("token", "bearer") or secret not in self.tokens:
            raise ApiError(401, "Bad credentials")
        return self.tokens[secret]

    def _routed(self, request: Request, key: str, parameters: Mapping[str, str]) -> Response:
        token = self._token(request)
        if "owner" in parameters:
            asked = f"{parameters['owner']}/{parameters['repo']}"
            if self.world.gone:
                raise not_found()
            if asked.lower() in self.world.former_names:
                return self._renamed(request)
            if asked.lower() != self.world.full_name.lower():
                raise not_found()
        call = Call(
            request=request, world=self.world, token=token, at=self.address, parameters=parameters
        )
        return ROUTES[key](call)

    def _graphql(self, request: Request) -> Response:
        token = self._token(request)
        query, quota, now = Query(request.body), self.quotas["graphql"], self.clock.now()
        if not quota.spend(query.cost.points, now):
            message = "API rate limit exceeded for installation ID 1."
            return Response(body={"errors": [{"type": "RATE_LIMITED", "message": message}]})
        rate = {
            "limit": quota.shown_limit,
            "cost": query.cost.points,
            "nodeCount": query.cost.nodes,
            "remaining": quota.remaining,
            "used": quota.used,
            "resetAt": timestamp(datetime.fromtimestamp(quota.reset, UTC)),
        }
        context = Context(world=self.world, token=token, at=self.address, rate=rate)
        response, complaints = query.answer(context)
        self.violations += complaints
        return response

    def _renamed(self, request: Request) -> Response:
        """Lead from a former name of the repository to its number, which no renaming changes.

        https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
        """
        rest = "/".join(request.path.split("/")[4:])
        url = f"{self.base_url}/repositories/{REPOSITORY_ID}" + (f"/{rest}" if rest else "")
        body = {"message": "Moved Permanently", "url": url, "documentation_url": DOCUMENTATION}
        status = 301 if request.method in ("GET", "HEAD") else 307
        query = urlencode(request.query)
        location = f"{url}?{query}" if query else url
        return Response(status=status, body=body, headers={"Location": location})

    def _by_number(self, request: Request) -> Request:
        """Read an address with the repository's number as one with its name."""
        start = f"/repositories/{REPOSITORY_ID}"
        if request.path != start and not request.path.startswith(f"{start}/"):
            return request
        path = f"/repos/{self.world.full_name}{request.path.removeprefix(start)}"
        return replace(request, path=path)

    def _moved(self, request: Request) -> Response:
        """Answer for the repository to which issues are transferred."""
        self._token(request)
        number = int(request.path.rpartition("/")[2])
        elsewhere = Address(base=self.base_url, full_name=f"{self.world.owner.login}/elsewhere")
        return Response(body=full_issue_view(elsewhere, self.world, self.world.issues[number]))


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, owner: GitHubServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.owner = owner
        self._stopped = False

    def accept_all(self) -> None:
        """Serve until it is stopped; `serve_forever` would wake up all the time to look."""
        while True:
            connection, address = self.get_request()
            if self._stopped:
                connection.close()
                return
            self.process_request(connection, address)

    def stop(self) -> None:
        """End the loop with one more connection."""
        self._stopped = True
        socket.create_connection(self.server_address).close()


class _Handler(BaseHTTPRequestHandler):
    """Reads and writes JSON. Without the two settings below a call costs 45 ms."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Http

    def log_message(self, *_: object) -> None:
        pass

    def parse_request(self) -> bool:
        """Read a request's head as `requests` writes it: `email` would take three times as long."""
        self.requestline = str(self.raw_requestline, "ascii").rstrip()
        self.command, self.path, self.request_version = self.requestline.split()
        self._headers: dict[str, str] = {}
        while line := self.rfile.readline().strip():
            name, _, value = line.decode("iso-8859-1").partition(":")
            self._headers[name.lower()] = value.strip()
        self.close_connection = self._headers.get("connection") == "close"
        return True

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self._headers.get("content-length", 0))
        raw = self.rfile.read(length) if length else b""
        request = Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers=self._headers,
            body=json.loads(raw) if raw else None,
        )
        response = self.server.owner.serve(request)
        if response is None:
            self.close_connection = True
            return
        payload = b"" if response.body is None else json.dumps(response.body).encode()
        self.send_response(response.status)
        resource = "graphql" if parts.path == "/graphql" else "core"
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            **self.server.owner.quotas[resource].headers(),
            **response.headers,
            "Content-Length": str(len(payload)),
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)
        self.wfile.flush()

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815
