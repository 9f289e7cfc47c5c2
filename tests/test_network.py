"""No test reaches further than loopback."""

from __future__ import annotations

import socket

import pytest

from tests.rows import each

FORBIDDEN = pytest.fail.Exception


@pytest.mark.parametrize("host", ["192.0.2.1", "169.254.169.254"])
def test_no_connection_leaves_the_machine(host):
    with socket.socket() as client, pytest.raises(FORBIDDEN, match="reached for the network"):
        client.connect((host, 80))


@each("name", ["arxiv.org", b"api.github.com", "localhost.example.org"])
def test_no_name_is_asked_of_the_network(name):
    with pytest.raises(FORBIDDEN, match="asked the network"):
        socket.getaddrinfo(name, 443)


@each("host", ["127.0.0.1", "localhost", "0x7f000001", "①②⑦.⓪.⓪.①"])
def test_loopback_in_any_form_is_open(host):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = socket.getaddrinfo(host, server.getsockname()[1], socket.AF_INET)[0][4]
        with socket.create_connection(address, timeout=5):
            pass
