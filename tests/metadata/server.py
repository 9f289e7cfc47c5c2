"""A stand-in for the metadata services: their known ways, and every fault, over real HTTP."""

from __future__ import annotations

import json
import re
import threading
from collections import defaultdict, deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_SERVICES = {
    "arxiv": "/api/query",
    "datacite": "/dois/",
    "semanticscholar": "/graph/v1/paper/",
    "crossref": "/works",
    "dblp": "/search/publ/api",
    "openreview": "/notes",
    "huggingface": "/api/papers/",
    "wayback": "/wayback/available",
}
_FEED = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" \
xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <title>arXiv Query</title>
  <opensearch:itemsPerPage>{page}</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
{entries}</feed>
"""
_ERROR = """  <entry>
    <id>https://arxiv.org/api/errors#incorrect_id_format_for_{id}</id>
    <title>Error</title>
    <summary>incorrect id format for {id}</summary>
  </entry>
"""
_UNKNOWN = {
    # Where others answer 404, these answer with an empty list.
    "dblp": {"result": {"status": {"@code": "200"}, "hits": {"@total": "0", "@sent": "0"}}},
    "openreview": {"notes": [], "count": 0},
    "wayback": {"archived_snapshots": {}},
}
_NO_MATCH = {"error": "Title match not found"}
_WELL_FORMED = re.compile(r"(?:[0-9]{4}\.[0-9]{4,5}|[a-z.-]+/[0-9]{7})(?:v[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back; `drip` sends one byte at a time, so many seconds apart."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: float = 0.0
    promised: int | None = None
    hangs: bool = False
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in."""

    service: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    connection: int


def atom_entry(identifier: str, title: str = "A Title", **parts: str) -> str:
    """Write an entry as arXiv does; `parts` are comment, journal_ref, doi and published."""
    own = "".join(
        f"    <arxiv:{name}>{escape(parts[name])}</arxiv:{name}>\n"
        for name in ("comment", "journal_ref", "doi")
        if name in parts
    )
    published = parts.get("published", "2023-06-14T14:44:03Z")
    return (
        f"  <entry>\n    <id>http://arxiv.org/abs/{identifier}v2</id>\n"
        f"    <title>{escape(title)}</title>\n    <published>{published}</published>\n{own}"
        f"    <updated>{parts.get('updated', published)}</updated>\n"
        f"    <summary>{escape(parts.get('summary', ''))}</summary>\n"
        "    <author><name>Ada Lovelace</name></author>\n  </entry>\n"
    )


class MetadataServer:
    """The services at one address, with what they know and how they misbehave next."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        self.found: list[str] = []
        self.answers: dict[tuple[str, str], Any] = {}
        self.faults: defaultdict[str, deque[Answer | Callable[[Answer], Answer]]] = defaultdict(
            deque
        )
        self.always: dict[str, Answer | Callable[[Answer], Answer]] = {}
        self.names_bad_identifier = True
        self.rejects: set[str] = set()
        self.calls: list[Call] = []
        self.released = threading.Event()
        self.url = ""

    def knows(self, identifier: str, title: str = "A Title", **parts: str) -> None:
        """Let arXiv know a paper."""
        self.entries[identifier] = atom_entry(identifier, title, **parts)

    def finds(self, identifier: str, title: str, **parts: str) -> None:
        """Let arXiv know a paper that a search finds, newer than those before."""
        self.knows(identifier, title, **parts)
        self.found.insert(0, identifier)

    def count(self, service: str) -> int:
        """Count the questions to a service."""
        return sum(call.service == service for call in self.calls)

    def answer(self, call: Call) -> Answer:
        """Say what comes back for a call: the service's own answer, or the fault that is due."""
        due = self.faults[call.service]
        fault = due.popleft() if due else self.always.get(call.service)
        if isinstance(fault, Answer):
            return fault
        answer = self._own_answer(call)
        return fault(answer) if fault else answer

    def _own_answer(self, call: Call) -> Answer:
        if call.service == "arxiv":
            return self._atom(call.query)
        if call.service == "semanticscholar":
            return self._scholar(call)
        if call.service == "crossref":
            return self._crossref(call)
        key = {
            "datacite": lambda: unquote(call.path).removeprefix("/dois/"),
            "dblp": lambda: call.query.get("q", ""),
            "openreview": lambda: call.query.get("forum", ""),
            "huggingface": lambda: unquote(call.path).removeprefix("/api/papers/"),
            "wayback": lambda: call.query.get("url", ""),
        }[call.service]()
        found = self.answers.get((call.service, key), _UNKNOWN.get(call.service))
        return _json({"error": "not found"}, 404) if found is None else _json(found)

    def _scholar(self, call: Call) -> Answer:
        if call.path.endswith("/search/match"):
            # The one paper whose title is nearest, which need not be the same.
            found = self.answers.get(("semanticscholar", f"TITLE:{call.query.get('query', '')}"))
            return _json({"data": [found]}) if found else _json(_NO_MATCH, 404)
        return _json([self.answers.get(("semanticscholar", key)) for key in call.body["ids"]])

    def _crossref(self, call: Call) -> Answer:
        dois = [one.removeprefix("doi:") for one in call.query["filter"].split(",")]
        works = [self.answers["crossref", doi] for doi in dois if ("crossref", doi) in self.answers]
        return _json({"message": {"total-results": len(works), "items": works}})

    def _atom(self, query: Mapping[str, str]) -> Answer:
        if query.get("search_query", "").startswith('ti:"'):
            phrase = query["search_query"].removeprefix('ti:"').removesuffix('"').lower()
            known = (entry for entry in self.entries.values() if f" {phrase} " in _title_of(entry))
            return self._feed(list(known), query)
        if "search_query" in query:
            return self._feed([self.entries[one] for one in self.found], query)
        wanted = query.get("id_list", "").split(",")
        bad = next((one for one in wanted if self._is_rejected(one)), None)
        if bad is not None:
            if not self.names_bad_identifier:
                return Answer(400, b"Bad Request")
            error = _FEED.format(page=1, total=1, entries=_ERROR.format(id=bad))
            return Answer(400, error.encode())
        return self._feed([self.entries[one] for one in wanted if one in self.entries], query)

    def _feed(self, known: list[str], query: Mapping[str, str]) -> Answer:
        page = int(query.get("max_results", "10"))
        feed = _FEED.format(page=page, total=len(known), entries="".join(known[:page]))
        return Answer(200, feed.encode(), {"Content-Type": "application/atom+xml"})

    def _is_rejected(self, identifier: str) -> bool:
        return identifier in self.rejects or not _WELL_FORMED.fullmatch(identifier)


def _title_of(entry: str) -> str:
    """Return the words of an entry's title, as a search for a phrase sees them."""
    words = re.findall(r"\w+", unescape(entry.partition("<title>")[2].partition("</title>")[0]))
    return f" {' '.join(words).lower()} "


def _json(value: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.number = next(self.server.numbers)

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        service = next(s for s, path in _SERVICES.items() if parts.path.startswith(path))
        length = int(self.headers.get("Content-Length", "0"))
        call = Call(
            service=service,
            method=self.command,
            path=parts.path,
            query={key: values[0] for key, values in parse_qs(parts.query).items()},
            headers=dict(self.headers),
            body=json.loads(self.rfile.read(length)) if length else None,
            connection=self.number,
        )
        self.server.world.calls.append(call)
        try:
            self._send(self.server.world.answer(call))
        except OSError:
            self.close_connection = True

    def _send(self, answer: Answer) -> None:
        if answer.hangs:
            self.server.world.released.wait(30)
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        promised = len(answer.body) if answer.promised is None else answer.promised
        self.send_header("Content-Length", str(promised))
        self.end_headers()
        if answer.drip:
            for byte in answer.body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if self.server.world.released.wait(answer.drip):
                    break
        else:
            self.wfile.write(answer.body)
        self.wfile.flush()
        if answer.closes or promised != len(answer.body):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, world: MetadataServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.world = world
        self.numbers = count()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: that a client hangs up is what some of the tests are about."""


@contextmanager
def serving() -> Iterator[MetadataServer]:
    """Serve on a free port of loopback until the block is left."""
    world = MetadataServer()
    server = _Server(world)
    world.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield world
    finally:
        world.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
