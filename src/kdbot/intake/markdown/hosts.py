"""The hosts that a page of Markdown links to, as a browser would find them.

The text is rendered first and the HTML read then, since there are too many ways to write an address
in the source: entities, escapes, reference definitions, attributes. An address is read by the rules
of browsers, which take `https:/host` and two backslashes for one:
https://url.spec.whatwg.org/#concept-basic-url-parser. Where a browser and this differ, this finds
more: `https:host` is a path on a page of https, and a host on another.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import unquote

from markdown_it import MarkdownIt

_MAX_NESTING = 100
_OUTER = "".join(map(chr, range(0x21)))
_REMOVED = re.compile(r"[\t\n\r]")
_ADDRESS = re.compile(
    r"(?:(?P<scheme>https?|ftp|wss?):/*|//+)(?P<authority>[^/?#]+)", re.IGNORECASE
)
_PLACE = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>[0-9]*))?")
_PORTS = {"80": "http", "443": "https"}
# What GitHub makes a link of in plain text: https://github.github.com/gfm/#autolinks-extension-
_BARE = re.compile(r"(?:(?:https?|ftp)://|www\.)[^\s<]+", re.IGNORECASE)
# One attribute may contain several addresses: `srcset`, `style`, `ping`.
_PIECES = re.compile(r"[\s,()'\"]+")
_UNLINKED = frozenset({"code", "pre", "script", "style"})


def hosts_in(markdown: str) -> frozenset[str]:
    """Return the hosts of all links, images and attributes, with ports that are unusual."""
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _MAX_NESTING})
    environment: dict[str, dict[str, dict[str, str]]] = {}
    reader = _Reader()
    reader.feed(parser.enable(["table", "strikethrough"]).render(markdown, environment))
    reader.close()
    defined = (reference["href"] for reference in environment.get("references", {}).values())
    return frozenset(filter(None, map(_browser_host, (*reader.addresses, *defined))))


def _browser_host(text: str) -> str | None:
    """Return the host that a browser asks for an address, or None where it stays on the page.

    It is in lower case and ASCII where it can be; a port follows it unless it is the usual one.
    """
    text = _REMOVED.sub("", text.strip(_OUTER)).replace("\\", "/")
    match = _ADDRESS.match(text)
    place = match and _PLACE.match(match["authority"].rpartition("@")[2])
    if not match or not place or not place["host"]:
        return None
    host = unicodedata.normalize("NFKC", unquote(place["host"])).lower().rstrip(".")
    with suppress(UnicodeError):
        host = host.encode("idna").decode("ascii")
    port = (place["port"] or "").lstrip("0")
    usual = not port or _PORTS.get(port) == (match["scheme"] or "https").lower()
    return host if usual else f"{host}:{port}"


class _Reader(HTMLParser):
    """Gathers what may be an address in HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.addresses: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in _UNLINKED
        for _, value in attrs:
            self.addresses += _pieces(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # A slash before the end says nothing in HTML, but `<code/>` is written to mean none.
        self.handle_starttag(tag, attrs)
        self._code -= tag in _UNLINKED

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in _UNLINKED and self._code > 0

    def handle_data(self, data: str) -> None:
        if not self._code:
            for match in _BARE.finditer(data):
                bare = match[0]
                self.addresses.append(f"//{bare}" if bare[:4].lower() == "www." else bare)


def _pieces(value: str) -> Iterator[str]:
    yield value
    parts = _PIECES.split(value)
    if len(parts) > 1:
        yield from parts
