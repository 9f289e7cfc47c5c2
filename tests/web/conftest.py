"""A server on loopback that answers as it is told, and the checker pointed at it."""

import socket
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kdbot.model.evidence import LinkResult
from kdbot.web.addresses import AddressGuard, parse_networks
from kdbot.web.links import ProbeSettings, probe
from kdbot.web.pace import Pace

Act = Callable[[socket.socket, threading.Event], None]


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    method: str
    path: str
    fields: Mapping[str, str]


@dataclass
class Origin:
    """Answers by path, in turn; the last answer of a path goes on for ever."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    answers: defaultdict[str, list[bytes | Act]] = field(default_factory=lambda: defaultdict(list))
    heads: defaultdict[str, list[bytes | Act]] = field(default_factory=lambda: defaultdict(list))
    stopping: threading.Event = field(default_factory=threading.Event)
    tls: ssl.SSLContext | None = None
    asked_names: list[str | None] = field(default_factory=list)
    """Server names that TLS clients asked for."""

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def answer(self, path: str, *answers: bytes | Act) -> str:
        """Set the answers of a path, and give its URL."""
        self.answers[path] = list(answers)
        return self.url(path)

    def answer_head(self, path: str, *answers: bytes | Act) -> None:
        """Set other answers for HEAD."""
        self.heads[path] = list(answers)

    def methods(self, path: str) -> list[str]:
        return [asked.method for asked in self.asked if asked.path == path]

    def next_answer(self, asked: Asked) -> bytes | Act:
        own = self.heads.get(asked.path) if asked.method == "HEAD" else None
        answers = own or self.answers[asked.path]
        if not answers:
            return reply(404)
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def use_tls(self, certificate: Path) -> None:
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)
        self.tls.sni_callback = lambda _, name, __: self.asked_names.append(name)

    def serve(self, connection: socket.socket) -> None:
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True)
        with connection:
            while (asked := read_request(connection)) is not None:
                self.asked.append(asked)
                answer = self.next_answer(asked)
                if callable(answer):
                    answer(connection, self.stopping)
                    return
                head, separator, _ = answer.partition(b"\r\n\r\n")
                connection.sendall(head + separator if asked.method == "HEAD" else answer)
                if b"connection: close" in head.lower():
                    return


def reply(status: int, body: bytes = b"", **fields: str) -> bytes:
    """An answer; field names are written with underscores."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def read_request(connection: socket.socket) -> Asked | None:
    data = b""
    try:
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return None
            data += more
    except OSError:
        return None
    first, *lines = data.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    method, path, _ = first.split(" ")
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Asked(method, path, fields)


@pytest.fixture
def origin() -> Iterator[Origin]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    server = Origin(port=listener.getsockname()[1])
    threads = []

    def serve(connection: socket.socket) -> None:
        try:
            server.serve(connection)
        except OSError:
            connection.close()

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            if server.stopping.is_set():
                connection.close()
                return
            server.connections += 1
            threads.append(threading.Thread(target=serve, args=(connection,), daemon=True))
            threads[-1].start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    yield server
    server.stopping.set()
    with socket.create_connection(("127.0.0.1", server.port)):
        acceptor.join(5)
    listener.close()
    for thread in threads:
        thread.join(5)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> Path:
    """A certificate of `secure.example` with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "secure.example")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("secure.example")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "secure.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def answer() -> Callable[..., bytes]:
    return reply


@pytest.fixture
def names() -> dict[str, Any]:
    """What the resolver of the test knows: addresses or an error by name."""
    return {}


@pytest.fixture
def check(names) -> Callable[..., dict[str, LinkResult]]:
    """Check URLs quickly, with loopback allowed unless the test says otherwise."""

    def resolve(host: str) -> list[str]:
        found = names.get(host, [host])
        found = found() if callable(found) else found
        if isinstance(found, Exception):
            raise found
        return list(found)

    def run(*urls: str, allow=("127.0.0.0/8",), tls=None, known=None, **settings):
        bounds = {
            "timeout": 30.0,
            "backoff": 0.0,
            "pace": Pace(interval=0.0),
            "guard": AddressGuard(parse_networks(allow)),
            **settings,
        }
        results: list[LinkResult] = []
        probe(
            urls,
            ProbeSettings(**bounds),
            on_result=results.append,
            resolve=resolve,
            tls=tls,
            known=known,
        )
        return {result.url: result for result in results}

    return run
