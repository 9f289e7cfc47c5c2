"""Addresses of code, data and pages: cleaned, compared, and checked for their form.

This also finds bare addresses among words, as people paste them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from kdbot.model.identifiers import Identifier, IdentifierKind, address_key, parse_identifier
from kdbot.model.urls import TRACKING, canonical_url, destination, parse_url, trim_end
from kdbot.text.hosts import FORGES
from kdbot.text.titles import word_set

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_SSH = re.compile(r"(?:ssh://)?git@(?P<host>[A-Za-z0-9.-]+)[:/](?P<path>[!-~]+)")
_SCHEMELESS = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:[/?#][!-~]*)?")
_ORIGIN = re.compile(r"https?://[^/?#]*", re.IGNORECASE)

# Services that give users a subdomain and are not in the Public Suffix List.
_SHARED = word_set(
    "4everland.app backblazeb2.com beehiiv.com codesandbox.io ghost.io gitee.io glitch.me"
    " gradio.live hashnode.dev jimdosite.com koyeb.app livejournal.com medium.com modelscope.cn"
    " myportfolio.com mystrikingly.com neocities.org rtfd.io squarespace.com stackblitz.io"
    " strikingly.com substack.com super.site tilda.ws tistory.com tumblr.com webnode.page"
    " weebly.com wordpress.com"
)

_SAFE = "!#%&'()*+,-./:;=?@_~"
_ENCODED_BRACKET = re.compile("%2[89]")
_WRAPPING = re.compile(r"\A[\s<>]+|(?<![\s<>])[\s<>]+\Z")
_PART = r"[^\s<>\"'`|\[\]\\()]"
# A bracket that the address does not open closes what is around it.
_WHOLE = re.compile(rf"https?://(?:{_PART}|\({_PART}{{0,300}}\)){{1,2000}}", re.IGNORECASE)
_PICTURE = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp)(?:[?#]|$)|img\.shields\.io|badge|/stargazers|star-history",
    re.IGNORECASE,
)
ANCILLARY = re.compile(
    r"arxiv\.org/src/[^/]+/anc(?:/|$)"
    r"|rxiv\.org/content/\S+(?:/DC[0-9]+/|\.(?:supplementary-material|article-metrics)$)"
)
"""A file that comes with a paper on arXiv or bioRxiv, an address of its own."""
_OPENING = re.compile(
    r"https?://|www\.|(?<![\w./@-])(?:arxiv\.org|github\.com|huggingface\.co|aclanthology\.org"
    r"|openreview\.net|doi\.org|(?:dx|www)\.doi\.org|alphaxiv\.org)/",
    re.IGNORECASE,
)
_PERHAPS = re.compile(r"[0-9]|[\w/]\.\w|://")
_END = re.compile(r"[\s<>\"“”‘’「」『』《》（）【】，。；、：！？|`\\^{}]|[,;](?=https?:)")
_MAX_ADDRESS = 2_000
_TOKEN = re.compile(r"[^\s,;()\[\]{}<>\"“”（）【】，。；、|]+")
_NEW_STYLE = re.compile(r"[0-9]{4}\.[0-9]{5}(?:v[0-9]{1,2})?")
_ARXIV_WORD = re.compile(r"arxiv(?:\.org)?(?: preprint)?(?: id)?[\s:#(\[]*$", re.IGNORECASE)


def stored_address(url: str) -> str:
    """Return an address as a record has it: it is the same after it was published in a README.

    Round brackets are plain, and all else that a Markdown link cannot contain is percent-encoded.
    """
    return quote(_ENCODED_BRACKET.sub(lambda m: unquote(m[0]), url), safe=_SAFE)


def clean_address(text: str) -> str:
    """Return an address with a scheme, without spaces around it and tracking parameters.

    Scheme and host are put in lower case; the path stays as written. Of text that is not an
    address, only the outer spaces are removed.
    """
    text = _WRAPPING.sub("", text)
    if ssh := _SSH.fullmatch(text):
        text = f"https://{ssh['host']}/{ssh['path'].removesuffix('.git')}"
    elif "://" not in text and _SCHEMELESS.fullmatch(text):
        text = f"https://{text}"
    url = parse_url(text)
    if url is None:
        return text
    if origin := _ORIGIN.match(text):
        text = origin.group().lower() + text[origin.end() :]
    if url.host in FORGES:
        text = text.replace("http://", "https://", 1).removesuffix(".git")
    return _without_tracking(text)


def _without_tracking(text: str) -> str:
    head, mark, fragment = text.partition("#")
    page, _, query = head.partition("?")
    kept = [part for part in query.split("&") if part and not TRACKING.match(part)]
    if len(kept) == len(query.split("&")):
        return text
    return page + ("?" + "&".join(kept) if kept else "") + mark + fragment


def address_fault(text: str) -> str | None:
    """Return why a text cannot be a link of the list, or None if it can."""
    if not text.lower().startswith(("http://", "https://")):
        return "it does not begin with `https://`"
    if " " in text or not text.isprintable():
        return "it contains a space or an unprintable character"
    url = parse_url(text)
    if url is None:
        return "its host, port or user part is not allowed for a public page"
    if "." not in url.host or _is_ip(url.host):
        return "its host is an IP address or a local name, not a public site"
    return None


def is_public_address(text: str) -> bool:
    """Tell whether a text can be a link of the list: a page on a public site."""
    return address_fault(text) is None


def same_address(text: str) -> str:
    """Return a key that is equal for two spellings of one address."""
    return canonical_url(text) or text


def _registrable_domain(host: str) -> str:
    """Return the part of a host's name that somebody has registered, or was given by a service.

    It is found with the Public Suffix List (https://publicsuffix.org, from PyPI's
    publicsuffixlist), including its private part, and with the services that this list lacks. An IP
    address, and a name without an owner, is returned unchanged.
    """
    name = host.lower().strip(".")
    if _is_ip(name):
        return host
    domain = _public_suffixes().privatesuffix(name) or name
    if domain not in _SHARED or name == domain:
        return domain
    return f"{name.removesuffix(f'.{domain}').rpartition('.')[2]}.{domain}"


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses have the same owner: one registrable domain."""
    first, second = parse_url(one), parse_url(other)
    if first is None or second is None:
        return False
    return _registrable_domain(first.host) == _registrable_domain(second.host)


@cache
def _public_suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def _is_ip(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return host.rpartition(".")[2].isdecimal()
    return True


def find_addresses(text: str) -> Iterator[str]:
    """Yield all addresses of a text with their scheme, whatever markup is around them."""
    return (trim_address(match[0]) for match in _WHOLE.finditer(text))


def listed_key(url: str) -> str:
    """Return what two spellings of one address in a list have in common."""
    return url if ANCILLARY.search(url) else address_key(destination(url).removesuffix(".git"))


def is_picture(url: str) -> bool:
    """Tell whether an address is that of an image, a badge or a count of stars."""
    return _PICTURE.search(url) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class BareLink:
    """An address, or an identifier in the place of one.

    Attributes:
        address: as it was written.
        start: position in the text.
        identifier: what it identifies, or None.
    """

    address: str
    start: int
    identifier: Identifier | None


def find_bare_links(text: str) -> Iterator[BareLink]:
    """Yield the bare addresses and identifiers of a text in their order."""
    if not _PERHAPS.search(text):
        return
    position = 0
    while True:
        opening = _OPENING.search(text, position)
        yield from _identifiers(text, position, opening.start() if opening else len(text))
        if opening is None:
            return
        end = _END.search(text, opening.end())
        stop = min(end.start() if end else len(text), opening.start() + _MAX_ADDRESS)
        address = trim_address(text[opening.start() : stop])
        position = opening.start() + max(len(address), 1)
        if len(address) > len(opening[0]):
            found = identify(address)
            yield BareLink(address=address, start=opening.start(), identifier=found)


def trim_address(text: str) -> str:
    """Drop what follows a bare address but is not part of it, as GitHub's autolinks do.

    https://github.github.com/gfm/#extended-autolink-path-validation
    """
    while (shorter := trim_end(text).rstrip("_~")) != text:
        text = shorter
    return text


def identify(address: str) -> Identifier | None:
    """Return the identifier of the paper that an address or a word names, or None."""
    found = parse_identifier(address)
    return None if found.kind in {IdentifierKind.NONE, IdentifierKind.URL} else found


def _identifiers(text: str, start: int, end: int) -> Iterator[BareLink]:
    for token in _TOKEN.finditer(text, start, end):
        word = token[0].strip("'*_:.!?‘’")
        if not 6 < len(word) < 80 or not any(c.isdigit() for c in word):
            continue
        begin = token.start() + token[0].find(word)
        found = identify(word)
        if found and _is_plain(word, found.kind, text, begin):
            yield BareLink(address=word, start=begin, identifier=found)


def _is_plain(word: str, kind: IdentifierKind, text: str, begin: int) -> bool:
    """Tell whether a bare word is an identifier beyond doubt."""
    if kind is IdentifierKind.ARXIV:
        is_named = "arxiv" in word.lower() or "/" in word or _NEW_STYLE.fullmatch(word)
        return bool(is_named or _ARXIV_WORD.search(text[max(begin - 30, 0) : begin]))
    if kind is IdentifierKind.ACL:
        return word[0].isdigit() or "acl" in text.lower() or "anthology" in text.lower()
    return kind is IdentifierKind.DOI
