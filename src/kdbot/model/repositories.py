"""Addresses of code repositories."""

import re

from kdbot.model.urls import parse_url

FORGES = frozenset(
    {
        "github.com",
        "gitlab.com",
        "bitbucket.org",
        "codeberg.org",
        "gitee.com",
        "git.sr.ht",
        "huggingface.co",
        "hf.co",
        "modelscope.cn",
        "gitcode.com",
    }
)
"""Hosts whose pages `/owner/name` are repositories."""

_FORGE_PREFIXES = ("gitlab.", "git.", "gitea.", "forge.", "code.")
_ANONYMOUS = frozenset({"anonymous.4open.science", "anonymous.4open.io"})
NO_OWNER = re.compile(
    r"about|apps|blog|collections|docs|enterprise|explore|features|issues|login|marketplace|orgs"
    r"|papers|posts|pricing|pulls|search|settings|spaces|sponsors|topics|trending",
    re.IGNORECASE,
)
"""First path segments of the forges that are no owners of repositories."""


def is_repository(text: str) -> bool:
    """Tell whether an address is that of a repository, or of a folder in one."""
    url = parse_url(text)
    if url is None:
        return False
    segments = [segment for segment in url.path.split("/") if segment]
    host = url.host.removeprefix("www.")
    if host in _ANONYMOUS:
        return len(segments) >= 2
    if host not in FORGES and not host.startswith(_FORGE_PREFIXES):
        return False
    return len(segments) >= 2 and not NO_OWNER.fullmatch(segments[0])
