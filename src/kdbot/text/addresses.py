"""Addresses of code, data and pages: cleaned, told apart, and checked for their form."""

import re
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING

from kdbot.model.urls import canonical_url, parse_url
from kdbot.text.hosts import FORGES

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_TRACKING = re.compile(r"utm_[a-z]+=|fbclid=|gclid=", re.IGNORECASE)
_SSH = re.compile(r"(?:ssh://)?git@(?P<host>[A-Za-z0-9.-]+)[:/](?P<path>[!-~]+)")
_SCHEMELESS = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:[/?#][!-~]*)?")
_ORIGIN = re.compile(r"https?://[^/?#]*", re.IGNORECASE)

# Services that give everybody a name of their own and are not in the Public Suffix List.
_SHARED = frozenset(
    [
        "4everland.app",
        "backblazeb2.com",
        "beehiiv.com",
        "codesandbox.io",
        "ghost.io",
        "gitee.io",
        "glitch.me",
        "gradio.live",
        "hashnode.dev",
        "jimdosite.com",
        "koyeb.app",
        "livejournal.com",
        "medium.com",
        "modelscope.cn",
        "myportfolio.com",
        "mystrikingly.com",
        "neocities.org",
        "rtfd.io",
        "squarespace.com",
        "stackblitz.io",
        "strikingly.com",
        "substack.com",
        "super.site",
        "tilda.ws",
        "tistory.com",
        "tumblr.com",
        "webnode.page",
        "weebly.com",
        "wordpress.com",
    ]
)

_WRAPPING = re.compile(r"\A[\s<>]+|[\s<>]+\Z")


def clean_address(text: str) -> str:
    """Return an address without blanks around it and tracking parameters, with a scheme.

    Scheme and host are brought into lower case, the path is left as it is written. A text that
    is no address is returned with nothing but its outer blanks taken off.
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
    kept = [part for part in query.split("&") if part and not _TRACKING.match(part)]
    if len(kept) == len(query.split("&")):
        return text
    return page + ("?" + "&".join(kept) if kept else "") + mark + fragment


def address_fault(text: str) -> str | None:
    """Return what keeps a text from being a link of the list, or None where nothing does."""
    if not text.lower().startswith(("http://", "https://")):
        return "it does not begin with `https://`"
    if " " in text or not text.isprintable():
        return "it has a blank or an unprintable character inside"
    url = parse_url(text)
    if url is None:
        return "its host, port or user part is not that of a public page"
    if "." not in url.host or _is_ip(url.host):
        return "it names a machine and not a public site"
    return None


def is_public_address(text: str) -> bool:
    """Tell whether a text can be a link of the list: a page on a public site."""
    return address_fault(text) is None


def same_address(text: str) -> str:
    """Return what two spellings of one address share."""
    return canonical_url(text) or text


def _registrable_domain(host: str) -> str:
    """Return the part of a host's name that somebody has registered, or was given by a service.

    The Public Suffix List tells it (https://publicsuffix.org, as PyPI's publicsuffixlist ships it),
    its private part included, with the services beside it that the list lacks. An address, and a
    name that belongs to nobody, stays itself.
    """
    name = host.lower().strip(".")
    if _is_ip(name):
        return host
    domain = _public_suffixes().privatesuffix(name) or name
    if domain not in _SHARED or name == domain:
        return domain
    return f"{name.removesuffix(f'.{domain}').rpartition('.')[2]}.{domain}"


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses are in one hand: on one registrable domain."""
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
