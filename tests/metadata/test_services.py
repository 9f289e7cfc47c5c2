"""The way to a service: which addresses it may lead to, and what comes back over it."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace

import pytest

from kdbot.model.errors import KdbotError
from kdbot.web.http import FailureKind, RequestFailure, resolve_host
from kdbot.web.services import _open_service
from tests.metadata.server import Answer
from tests.rows import each


def ask(base, path="/api/papers/x", *, resolve=resolve_host, seconds=5.0, max_bytes=1000):
    http, target = _open_service(base, user_agent="kdbot", resolve=resolve)
    target = replace(target, path=target.path.rstrip("/") + path)
    try:
        return http.ask("GET", target, accept="*/*", seconds=seconds, max_bytes=max_bytes)
    finally:
        http.close()


def failure_of(base, **options):
    with pytest.raises(RequestFailure) as raised:
        ask(base, **options)
    return raised.value


@each("base", ["", "ftp://x.org", "https://", "x.org", "http://a b", "file:///x"])
def test_a_base_address_that_is_none_is_an_error_of_the_settings(base):
    with pytest.raises(KdbotError, match=r"\[services\]"):
        _open_service(base, user_agent="kdbot")


@each(
    ("base", "address"),
    [
        ("http://10.0.0.1", "10.0.0.1"),
        ("http://169.254.169.254", "169.254.169.254"),
        ("http://[fd00::1]", "fd00::1"),
        ("http://services.example.org", "127.0.0.1"),
        ("http://services.example.org", "192.168.1.1"),
        ("http://services.example.org:8080", "93.184.216.34"),
    ],
)
def test_E01_a_service_elsewhere_must_be_at_a_public_address(base, address):
    assert failure_of(base, resolve=lambda _host: [address]).kind is FailureKind.REFUSED


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_loopback_service_is_asked_when_the_settings_say_so(services, name):
    services.answers["huggingface", "x"] = {"id": "x"}
    base = services.url.replace("127.0.0.1", name)
    assert ask(base, resolve=lambda _host: ["127.0.0.1"]).body == b'{"id": "x"}'


def test_a_base_address_may_have_a_path(services):
    ask(f"{services.url}/api/", "/papers/x")
    assert services.calls[0].path == "/api/papers/x"


def test_a_name_that_is_not_found_and_a_closed_port_are_unreachable():
    def nowhere(_host):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    base = "https://services.example.org"
    assert failure_of(base, resolve=nowhere).kind is FailureKind.NAME_SERVICE
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        assert failure_of(f"http://127.0.0.1:{port}").kind is FailureKind.CONNECTION


def test_what_is_no_tls_is_unreachable(services):
    assert failure_of(services.url.replace("http:", "https:")).kind is FailureKind.TLS


def test_E07_an_answer_is_read_up_to_its_bound_and_no_further(services):
    services.always["huggingface"] = Answer(200, b"x" * 1000)
    assert len(ask(services.url).body) == 1000
    services.always["huggingface"] = Answer(200, b"x" * 1001)
    assert failure_of(services.url).detail == "the answer is larger than 1000 bytes"


@each(
    "raw",
    [
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", id="no-http"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200_000, id="E07-endless-headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", id="E07-a-long-one"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", id="a-cut-chunk"
        ),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_is_no_whole_answer_is_told_as_such(raw):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            for _ in range(2):
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        connection.recv(4096)
                        connection.sendall(raw)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        failure = failure_of(f"http://127.0.0.1:{port}")
        # A thread that still waits here would take the connections of whoever gets the descriptor.
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        assert not thread.is_alive()
    assert failure.kind in {FailureKind.MALFORMED, FailureKind.CONNECTION}
