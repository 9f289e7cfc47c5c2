"""Decide which addresses the bot may request (SSRF protection).

A contributor writes a URL and a machine of the project requests it: without a guard that opens a
way into everything the machine can reach. This module parses a URL with a narrower grammar than the
library's, resolves its host once, requires every address found to be public, and connects to such
an address, never to the name again (DNS rebinding).

The table is our own because `ipaddress.is_global` calls 168.63.129.16, 224.0.0.1 and 2002::/16
global and changes between versions of Python. It follows IANA's special-purpose registries (RFC
6890) and is stricter where no public server should be: only 2000::/3 counts as public IPv6.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_PORTS = {"http": 80, "https": 443}
_MAX_URL = 4096
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_.])?")
_UNWANTED = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\\]")
_SAFE_IN_PATH = "/%:@!$&'()*+,;=~-._?[]|"

_NOT_PUBLIC_4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, and a cloud's metadata at 100.100.100.200
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's host agent, on an address that looks public
        "169.254.0.0/16",  # link-local, and the metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_PUBLIC_6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # Teredo, benchmarking, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries any IPv4 address, private ones too
        "3fff::/20",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL that may be asked, taken apart."""

    scheme: str
    """`http` or `https`."""
    host: str
    """In lower case and ASCII; an IPv6 address without its brackets."""
    port: int
    path: str
    """Path and query, percent-encoded: what is in the request line."""

    @property
    def authority(self) -> str:
        """Return host and port as the `Host` header wants them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Return the URL that this target was read from, in its plain form."""
        return f"{self.scheme}://{self.authority}{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a URL is not asked."""

    reason: str


def parse_target(url: str) -> Target | Refusal:
    """Parse a URL, or say why it will not be requested.

    `urlsplit` drops tabs and line breaks and lets a backslash stand, so that two readers can see
    two hosts in one URL: such a URL is refused before it is parsed.
    """
    if len(url) > _MAX_URL:
        return Refusal(reason=f"longer than {_MAX_URL} characters")
    if has_unwanted_characters(url):
        return Refusal(reason="white space, a control character or a backslash in the URL")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return Refusal(reason=f"not a valid URL: {error}")
    if parts.scheme not in _PORTS:
        return Refusal(reason="neither http nor https")
    if "@" in parts.netloc:
        return Refusal(reason="a user name in the URL")
    host = _parse_host(parts.hostname or "")
    if host is None:
        return Refusal(reason="no valid host name")
    path = quote(parts.path or "/", safe=_SAFE_IN_PATH)
    query = f"?{quote(parts.query, safe=_SAFE_IN_PATH)}" if parts.query else ""
    return Target(
        scheme=parts.scheme,
        host=host,
        port=_PORTS[parts.scheme] if port is None else port,
        path=path + query,
    )


def has_unwanted_characters(text: str) -> bool:
    """Tell whether a text has white space, controls, surrogates or a backslash: no URL may."""
    return _UNWANTED.search(text) is not None


def _parse_host(host: str) -> str | None:
    if ":" in host:
        try:
            return None if "%" in host else str(ipaddress.IPv6Address(host))
        except ValueError:
            return None
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return None
    return host if _HOST.fullmatch(host) else None


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Decide which addresses may be connected to.

    `allowed` are networks that are taken for public whatever the table says, on any port: for
    tests and for mirrors inside an organization.
    """

    allowed: tuple[IPNetwork, ...] = ()

    def check_target(self, target: Target) -> Refusal | None:
        """Refuse a bad target before its name is resolved."""
        if target.port not in _PORTS.values() and not self.allowed:
            return Refusal(reason=f"port {target.port}, where only 80 and 443 are asked")
        return None

    def check_addresses(self, target: Target, addresses: Sequence[str]) -> Refusal | None:
        """Refuse a target if any address of its host is bad (DNS rebinding)."""
        for text in addresses:
            address = ipaddress.ip_address(text)
            if any(address in network for network in self.allowed):
                continue
            if not _is_public(address):
                place = "" if target.host == str(address) else f"{target.host} is at "
                return Refusal(reason=f"{place}{address}, not a public address")
            if target.port not in _PORTS.values():
                return Refusal(reason=f"port {target.port}, where only 80 and 443 are asked")
        return None


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Tell whether an address is one of the public internet, the same on every Python.

    An IPv4 address that is carried in a mapped or NAT64 address is where the packets go, so it is
    what is judged; a 6to4 or Teredo address goes through somebody else's relay and is not public.
    """
    if isinstance(address, ipaddress.IPv6Address):
        carried = address.ipv4_mapped
        if carried is None and address in _NAT64:
            carried = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if carried is None:
            return address in _PUBLIC_6 and not any(address in n for n in _NOT_PUBLIC_6)
        address = carried
    return not any(address in network for network in _NOT_PUBLIC_4)


def parse_networks(texts: Iterable[str]) -> tuple[IPNetwork, ...]:
    """Read networks in CIDR notation.

    Raises:
        ValueError: one of them is not a network.
    """
    return tuple(ipaddress.ip_network(text) for text in texts)
