"""Threats E01, E02, E05 and E06: which addresses are asked at all."""

import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.web.addresses import (
    AddressGuard,
    Refusal,
    Target,
    _is_public,
    parse_networks,
    parse_target,
)
from tests.rows import each

DATA = Path(__file__).parents[1] / "data" / "web"
NOT_PUBLIC = (DATA / "not-public.txt").read_text().split()
PUBLIC = (DATA / "public.txt").read_text().split()


@each("address", [pytest.param(a, id=f"E01-{a}") for a in NOT_PUBLIC])
def test_is_not_public(address):
    assert not _is_public(ipaddress.ip_address(address))


@each("address", [pytest.param(a, id=f"E01-{a}") for a in PUBLIC])
def test_is_public(address):
    assert _is_public(ipaddress.ip_address(address))


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_E01_whatever_passes_is_global_to_this_python_too(address):
    carried = getattr(address, "ipv4_mapped", None)
    if carried is None and address in ipaddress.ip_network("64:ff9b::/96", strict=False):
        carried = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if _is_public(address):
        judged = carried or address
        assert judged.is_global
        assert not judged.is_multicast


@pytest.mark.parametrize(
    "network",
    [
        *("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10", "172.16.0.0/12"),
        *("192.168.0.0/16", "224.0.0.0/4", "fc00::/7", "fe80::/10", "ff00::/8", "2002::/16"),
    ],
)
@given(data=st.data())
def test_E01_no_address_of_a_private_network_passes(network, data):
    net = ipaddress.ip_network(network)
    offset = data.draw(st.integers(0, net.num_addresses - 1))
    assert not _is_public(net[offset])


@each(
    ("url", "why"),
    [
        pytest.param("http://user:pass@example.org/", "user name", id="E06-userinfo"),
        pytest.param("http://user@example.org/", "user name", id="E06-user"),
        pytest.param("http://@example.org/", "user name", id="E06-empty-user"),
        pytest.param("file:///etc/passwd", "neither http", id="E06-file"),
        pytest.param("ftp://example.org/", "neither http", id="E06-ftp"),
        pytest.param("gopher://example.org/", "neither http", id="E06-gopher"),
        pytest.param("javascript:alert(1)", "neither http", id="E06-javascript"),
        pytest.param("//example.org/", "neither http", id="E06-no-scheme"),
        pytest.param("example.org", "neither http", id="E06-bare"),
        pytest.param("", "neither http", id="E06-empty"),
        pytest.param("http://example.org\\@127.0.0.1/", "backslash", id="E06-backslash-at"),
        pytest.param("http:\\\\example.org", "backslash", id="E06-backslashes"),
        pytest.param("http://exa\tmple.org/", "white space", id="E06-tab"),
        pytest.param("http://example.org/a\nb", "white space", id="E06-newline"),
        pytest.param("ht\ntp://example.org/", "white space", id="E06-newline-in-scheme"),
        pytest.param("http://example.org/\r\nHost: x", "white space", id="E06-header"),
        pytest.param(" http://example.org/", "white space", id="E06-leading-space"),
        pytest.param("http://example.org/a b", "white space", id="E06-space"),
        pytest.param("http://example.org/\x00", "white space", id="E06-nul"),
        pytest.param("http://example.org/\x85", "white space", id="E06-nel"),
        pytest.param("http://exam\u00a0ple.org/", "white space", id="E06-nbsp"),
        pytest.param("http://example.org:99999/", "not a valid URL", id="E06-port-range"),
        pytest.param("http://example.org:x/", "not a valid URL", id="E06-port-word"),
        pytest.param("http://[::1/", "not a valid URL", id="E06-bracket"),
        pytest.param("http://[fe80::1%25eth0]/", "no valid host", id="E06-zone"),
        pytest.param("http:///path", "no valid host", id="E06-no-host"),
        pytest.param("http://exa$mple.org/", "no valid host", id="E06-host-character"),
        pytest.param("http://-example.org/", "no valid host", id="E06-hyphen"),
        pytest.param(f"http://{'a' * 300}.org/", "no valid host", id="E06-long-host"),
        pytest.param(f"http://example.org/{'a' * 5000}", "longer than", id="E06-long"),
    ],
)
def test_url_is_refused_before_anything_is_asked(url, why):
    found = parse_target(url)
    assert isinstance(found, Refusal)
    assert why in found.reason


@each("port", [pytest.param(port, id=f"E06-port-{port}") for port in (1, 22, 25, 6379, 8080)])
def test_only_the_ports_of_the_web_are_asked(port):
    target = parse_target(f"http://example.org:{port}/")
    assert isinstance(target, Target)
    assert AddressGuard().check_target(target)
    # A network that is allowed for a test opens no port of the others.
    guard = AddressGuard(parse_networks(["127.0.0.0/8"]))
    assert guard.check_target(target) is None
    assert guard.check_addresses(target, ["8.8.8.8"])
    assert guard.check_addresses(target, ["127.0.0.1"]) is None


@each(
    ("url", "plain"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("https://example.org:443/a?b=c#d", "https://example.org/a?b=c"),
        ("http://example.org:443/", "http://example.org:443/"),
        (
            "https://example.org/知识?q=蒸馏",
            "https://example.org/%E7%9F%A5%E8%AF%86?q=%E8%92%B8%E9%A6%8F",
        ),
        ("https://example.org/a%20b%2Fc", "https://example.org/a%20b%2Fc"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[2001:4860::8888]/", "http://[2001:4860::8888]/"),
        ("https://example.org?x", "https://example.org/?x"),
    ],
)
def test_plain_form(url, plain):
    target = parse_target(url)
    assert isinstance(target, Target)
    assert target.url == plain
    assert parse_target(plain) == target


@given(st.text(max_size=80))
def test_E06_no_text_breaks_the_parser_or_the_request_line(text):
    for url in (text, f"http://{text}", f"https://example.org/{text}"):
        target = parse_target(url)
        if isinstance(target, Target):
            assert target.url.isascii()
            assert not set(target.url) & set(" \t\r\n\\")
            assert target.port in range(65536)


@each(
    "addresses",
    [
        pytest.param(["8.8.8.8", "10.0.0.1"], id="E05-private-last"),
        pytest.param(["127.0.0.1", "8.8.8.8"], id="E05-loopback-first"),
        pytest.param(["2606:4700::1111", "8.8.8.8", "fe80::1"], id="E05-other-family"),
    ],
)
def test_one_bad_address_condemns_a_name(addresses):
    target = parse_target("https://example.org/")
    assert AddressGuard().check_addresses(target, addresses)
    assert AddressGuard().check_addresses(target, ["8.8.8.8", "2606:4700::1111"]) is None
