"""Web addresses: which text is one, its canonical form, and the addresses of a list.

Parsed here rather than by `urllib.parse`, which silently removes tabs and newlines and accepts
a user name or a backslash before the host: ways to show one address and to reach another.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import quote, unquote

from kdbot import own_version

MAX_URL_LENGTH = 2048
"""Maximum length of an address in characters: the limit of browsers and sitemaps."""

_URL = re.compile(
    r"https?://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:\#.*)?",
    re.IGNORECASE | re.ASCII,
)
_AUTHORITY = re.compile(r"(?P<host>[^:\[\]@]+|\[[^\[\]]*\])(?::(?P<port>[0-9]{0,5}))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
TRACKING = re.compile(r"utm_|(?:fbclid|gclid)(?:=|$)", re.IGNORECASE | re.ASCII)
"""The parameters of an address that say from where somebody came."""
_REDIRECT = re.compile(
    r"https?://(?:www|scholar)\.google\.[a-z.]{2,6}/(?:scholar_)?url\?(?:[^#&\s]*&)*?(?:amp;)?(?:url|q)="
    r"(https?(?::|%3A)[^&#\s]+)",
    re.IGNORECASE,
)
_OPENING_OF = {")": "(", "]": "[", "}": "{", ">": "<"}
_SENTENCE_MARKS = ".,;:!?…'\"*”’"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPED_AMPERSAND = re.compile(r"&(?:amp;)+")

# What RFC 3986 allows in a path or a query; the rest is percent-encoded.
_NOT_RFC_3986 = re.compile(r"[^!#-;=?-\[\]_a-z~]")
_PATH_SAFE = "/%:@!$&'()*+,;=~"
_QUERY_SAFE = _PATH_SAFE + "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Url:
    """A web address in canonical form, in its parts.

    Attributes:
        host: in lower case, `www.` kept.
        port: None for 80 and 443, the ports that the schemes imply.
        path: begins with a slash, ends with one only where it is the root.
        query: without question mark and tracking parameters; may be empty.
    """

    host: str
    port: int | None
    path: str
    query: str

    def __str__(self) -> str:
        """Spell the address out."""
        port = "" if self.port is None else f":{self.port}"
        query = f"?{self.query}" if self.query else ""
        return f"https://{self.host}{port}{self.path}{query}"


@lru_cache(maxsize=4_096)  # one line is parsed more than once
def parse_url(text: str) -> Url | None:
    """Parse an http or https address into canonical parts; None if the text is not an address.

    Refused are a user name, control, format and blank characters, a backslash, a host that
    is not an ASCII host name or IP address, a bad port, and more than `MAX_URL_LENGTH`
    characters. An internationalized host is accepted only in its ``xn--`` form, so that no
    look-alike letter passes for another.
    """
    text = text.strip()
    if len(text) > MAX_URL_LENGTH or "\\" in text or not text.isprintable() or " " in text:
        return None
    match = _URL.fullmatch(text)
    authority = match and _AUTHORITY.fullmatch(match["authority"])
    if match is None or authority is None:
        return None
    host, port = _normalize_host(authority["host"]), int(authority["port"] or 443)
    if host is None or not 0 < port < 2**16:
        return None
    parameters = _ESCAPED_AMPERSAND.sub("&", match["query"] or "").split("&")
    kept = [part for part in parameters if part and not TRACKING.match(part)]
    return Url(
        host=host,
        port=None if port in {80, 443} else port,
        path=_encode(match["path"], _PATH_SAFE).rstrip("/") or "/",
        query=_encode("&".join(kept), _QUERY_SAFE),
    )


def canonical_url(text: str) -> str | None:
    """Convert an http or https address to the canonical form of all its spellings.

    The scheme becomes https, the host lower case; a default port, fragment, tracking
    parameters (``utm_*``, ``fbclid``, ``gclid``) and the trailing slash fall away; the path
    keeps its case. None where `parse_url` refuses the text.
    """
    url = parse_url(text)
    return None if url is None else str(url)


def destination(url: str) -> str:
    """Return the address to which a link that was copied from a search's results redirects.

    Any other address is returned as it is.
    """
    match = _REDIRECT.match(url)
    return unquote(match[1]) if match else url


def is_front_page(text: str) -> bool:
    """Tell whether an address leads to the front page of its site."""
    url = parse_url(text)
    return url is not None and url.path == "/" and not url.query


def trim_end(text: str) -> str:
    """Drop the marks with which a sentence, not the address in it, ends.

    A closing bracket stays where it closes one of the text's own, as in GitHub's bare links:
    https://github.github.com/gfm/#extended-autolink-path-validation.
    """
    while text:
        last = text[-1]
        opening = _OPENING_OF.get(last)
        if last not in _SENTENCE_MARKS and (
            opening is None or text.count(last) <= text.count(opening)
        ):
            break
        text = text[:-1]
    return text


def _normalize_host(host: str) -> str | None:
    if host.startswith("["):
        try:
            return f"[{IPv6Address(host[1:-1])}]" if "%" not in host else None
        except AddressValueError:
            return None
    # Lower-casing turns the Kelvin sign into a k: look before.
    if not host.isascii():
        return None
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    return host


def _encode(text: str, safe: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", text), safe=safe)


def repository_address(repository: str | None) -> str | None:
    """Return the repository's address on GitHub, or None where the repository is unknown."""
    return f"https://github.com/{repository}" if repository else None


def page_address(repository: str | None) -> str | None:
    """Return the address of the published page, with a slash at its end, or None.

    A repository that is named like its own host is at the root:
    https://docs.github.com/en/pages/getting-started-with-github-pages/what-is-github-pages.
    """
    if not repository:
        return None
    owner, _, name = repository.partition("/")
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def encode_address(url: str) -> str:
    """Return an address in the characters of RFC 3986 alone; what is encoded stays as it is.

    So it holds no blank, quote, brace or angle bracket by which a format could end it.
    """
    return _NOT_RFC_3986.sub(lambda match: quote(match[0], errors="replace"), url)


def user_agent(repository: str | None, server: str = "https://github.com") -> str:
    """Return the `User-Agent`: the program, its version, and where its maintainers can be found."""
    name = f"kdbot/{own_version()}"
    return f"{name} (+{server}/{repository})" if repository else name
