"""What an address leads to, by its host and path and by the words next to it.

To support another site, add it to a table here.
"""

import re
from enum import StrEnum

from kdbot.model.identifiers import LANDING_KINDS, parse_identifier
from kdbot.model.urls import Url, parse_url
from kdbot.text.titles import word_set


class LinkRole(StrEnum):
    """What a link leads to; `OTHER` is what no field is for (a video, a post, a model)."""

    PAPER = "paper"
    CODE = "code"
    PROJECT = "project"
    DATA = "data"
    OTHER = "other"


FORGES = word_set(
    "github.com gitlab.com bitbucket.org codeberg.org gitee.com git.sr.ht gitcode.com"
)
"""Hosts whose pages `/owner/name` are repositories."""
_FORGE_PREFIXES = ("gitlab.", "git.", "gitea.", "forge.", "code.")
_ANONYMOUS = frozenset({"anonymous.4open.science", "anonymous.4open.io"})
_NO_OWNER = re.compile(
    r"about|apps|blog|collections|docs|enterprise|explore|features|issues|login|marketplace|orgs"
    r"|papers|posts|pricing|pulls|search|settings|spaces|sponsors|topics|trending"
    r"|user-attachments",
    re.IGNORECASE,
)
"""First path segments of the forges that are no owners of repositories."""
_NO_CODE = word_set(
    "issues pull pulls commit commits discussions wiki releases actions stargazers compare projects"
    " graphs files"
)
"""Pages below a repository that show no code of it; *files* are attached to its issues."""

# Hosts of data sets, models and demonstrations: a model is in no field of a record.
_HUBS = frozenset({"huggingface.co", "hf.co", "modelscope.cn", "kaggle.com"})
_HUB_ROLES = {
    "datasets": LinkRole.DATA,
    "spaces": LinkRole.PROJECT,
    "studios": LinkRole.PROJECT,
}
_HUB_PAGES = frozenset({"blog", "collections", "docs", "learn", "organization", "papers", "posts"})

_PAGE_HOSTS = ("github.io", "gitlab.io", "sites.google.com", "hf.space")
_PAPER_HOSTS = (
    "aaai.org", "aclanthology.org", "aclweb.org", "aeaweb.org", "aip.org", "alphaxiv.org",
    "annualreviews.org", "arxiv.org", "biorxiv.org", "bmj.com", "bmva-archive.org.uk",
    "cambridge.org", "cell.com", "ceur-ws.org", "citeseerx.ist.psu.edu", "computer.org",
    "cv-foundation.org",
    "degruyter.com", "direct.mit.edu", "dl.acm.org", "drops.dagstuhl.de", "ecva.net", "emerald.com",
    "eprint.iacr.org", "eurasip.org", "frontiersin.org", "hal.archives-ouvertes.fr", "hal.inria.fr",
    "hal.science", "hindawi.com", "ieeexplore.ieee.org", "ijcai.org", "iopscience.iop.org",
    "iospress.com", "iospress.nl", "isca-archive.org", "isca-speech.org", "jair.org", "jmlr.org",
    "journals.aps.org", "journals.plos.org", "jstor.org", "link.springer.com", "mdpi.com",
    "medrxiv.org", "ml.cs.tsinghua.edu.cn", "nature.com", "nber.org", "ncbi.nlm.nih.gov",
    "neurips.cc", "openreview.net", "osapublishing.org", "osf.io", "oup.com", "papers.nips.cc",
    "paperswithcode.com", "par.nsf.gov", "pnas.org", "preprints.org", "projecteuclid.org",
    "proquest.com", "pubs.acs.org", "pubs.rsc.org", "rd.springer.com", "researchgate.net",
    "researchsquare.com", "roboticsproceedings.org", "royalsocietypublishing.org", "sagepub.com",
    "science.org",
    "sciencedirect.com", "sciencemag.org", "scitepress.org", "semanticscholar.org", "ssrn.com",
    "tandfonline.com", "techrxiv.org", "thecvf.com", "thelancet.com", "transacl.org", "usenix.org",
    "vldb.org", "wiley.com", "worldscientific.com",
)  # fmt: skip
_PAPER_NAME = re.compile(
    r"(?:publications?|proceedings)\.[a-z0-9.-]+|interspeech[0-9]*\.org|research\.google(?:\.com)?"
)
# Files that their owners share: a paper or data where the words say so.
_SHARED_FILES = frozenset({"docs.google.com", "drive.google.com"})
_DATA_DOI = re.compile(
    r"10\.(?:5281/zenodo\.|17605/|6084/m9|7910/dvn|5061/dryad|17632/|13026/|21227/|57967/)"
)
# A DOI, or what libraries' and journals' systems call the file of a paper, at any site.
_PAPER_PATH = re.compile(
    r"/(?P<doi>10\.[0-9]{4,9}/[^/]+)|/cgi/viewcontent\.cgi$|/article/(?:view|download)/[0-9]+"
)
_POST = re.compile(r"^blog\.|/(?:blogs?|posts?|news|tutorials?|courses?)/")
_LISTING = re.compile(
    r"/(?:volumes|events|venues|people|list|group|search|user|a)\b"
    r"|/[Cc]onferences?/(?!.*(?:\.(?:pdf|html?)$|/presentation/[^/]))"
    r"|/(?:journals?|loi|toc|home)/[^/]*(?:/current)?/?$|/xpl/(?:\w*Issue|aboutJournal|conhome|tocresult)"
)
_OTHER_HOSTS = (
    "amazon.com", "bilibili.com", "coursera.org", "discord.com", "discord.gg", "facebook.com",
    "gist.github.com", "githubusercontent.com", "google.com", "linkedin.com", "medium.com",
    "orcid.org", "pypi.org", "reddit.com", "shields.io", "slack.com", "slideshare.net",
    "star-history.com", "substack.com", "twitter.com", "udemy.com", "vimeo.com", "weixin.qq.com",
    "wikipedia.org", "x.com", "youtu.be", "youtube.com", "zhihu.com",
)  # fmt: skip


def role_of_address(text: str) -> LinkRole | None:
    """Return what an address leads to; None if its words have to decide."""
    identifier = parse_identifier(text)
    if identifier.kind in LANDING_KINDS:
        is_data = _DATA_DOI.match(identifier.canonical or "") is not None
        return LinkRole.DATA if is_data else LinkRole.PAPER
    url = parse_url(text if "://" in text else f"https://{text}")
    if url is None:
        return LinkRole.OTHER
    host = url.host.removeprefix("www.")
    segments = _segments(url)
    if _is_forge(host):
        return _role_in_forge(segments)
    if host in _ANONYMOUS:
        return LinkRole.CODE if len(segments) > 1 else LinkRole.OTHER
    if host in _HUBS:
        return _HUB_ROLES.get(segments[0], LinkRole.OTHER) if len(segments) > 1 else LinkRole.OTHER
    return _role_of_page(host, url.path)


def link_role(said: LinkRole | None, url: str) -> LinkRole | None:
    """Return what a link leads to, by the words next to it and its address.

    A known address counts more, except for what only words can tell: that a repository contains
    data, that a page is about a video or a post. None if neither says anything.

    Args:
        said: what a label or the link's own words promise.
        url: where it leads.
    """
    leads_to = role_of_address(url)
    if said is None or (leads_to is LinkRole.PAPER and names_paper(url)):
        return leads_to
    match said:
        case LinkRole.CODE if is_repository(url):
            return said
        case LinkRole.CODE:
            return LinkRole.PROJECT if leads_to in {None, LinkRole.CODE} else leads_to
        case LinkRole.DATA:
            return leads_to if leads_to is LinkRole.PAPER else said
        case LinkRole.PAPER if (parts := parse_url(url)) and parts.host in _SHARED_FILES:
            return said
        case LinkRole.OTHER:
            return leads_to if leads_to is LinkRole.CODE else said
    return leads_to or said


def names_paper(url: str) -> bool:
    """Tell whether an address carries a paper's identifier."""
    return parse_identifier(url).kind in LANDING_KINDS


def is_paper_address(url: str) -> bool:
    """Tell whether an address is a paper's: by identifier, by publisher, or a PDF."""
    if names_paper(url):
        return True
    return parse_url(url) is not None and role_of_address(url) is LinkRole.PAPER


def may_be_paper(url: str) -> bool:
    """Tell whether an address could be a paper's: no repository's front page, film or post."""
    parts = parse_url(url)
    if parts is None or parts.path == "/":
        return False
    host = parts.host.removeprefix("www.")
    is_elsewhere = _is_under(host, _OTHER_HOSTS) and not _is_under(host, _PAGE_HOSTS)
    is_elsewhere = is_elsewhere or _POST.search(f"{host}{parts.path}") is not None
    if (is_elsewhere and not is_paper_address(url)) or host == "kaggle.com":
        return False
    return not is_repository(url) or any(f"/{kind}/" in parts.path for kind in ("blob", "raw"))


def is_repository(text: str) -> bool:
    """Tell whether an address is that of a repository, or of a folder or a file in one.

    A model on a hub has a repository of its own, so it is accepted as *code* where a person says
    so, but is never taken for a paper's code otherwise.
    """
    url = parse_url(text)
    if url is None:
        return False
    host, segments = url.host.removeprefix("www."), _segments(url)
    if host in _ANONYMOUS:
        return len(segments) > 1
    if host in _HUBS - {"kaggle.com"}:
        owner = segments[1:] if segments[:1] == ["models"] else segments
        return len(owner) > 1 and owner[0] not in _HUB_ROLES.keys() | _HUB_PAGES
    return _is_forge(host) and _is_in_repository(segments)


def _is_forge(host: str) -> bool:
    return host in FORGES or host.startswith(_FORGE_PREFIXES)


def _segments(url: Url) -> list[str]:
    return [segment for segment in url.path.split("/") if segment]


def _is_in_repository(segments: list[str]) -> bool:
    return (
        len(segments) > 1
        and _NO_OWNER.fullmatch(segments[0]) is None
        and _NO_CODE.isdisjoint(segments[2:3])
    )


def _role_in_forge(segments: list[str]) -> LinkRole | None:
    if not _is_in_repository(segments):
        return LinkRole.OTHER
    if segments[-1].lower().endswith(".pdf"):
        return LinkRole.PAPER
    # A single file may be a paper, and a list of papers is rarely a paper's code: words decide.
    is_list = segments[1].lower().startswith("awesome")
    return None if "blob" in segments[2:3] or is_list else LinkRole.CODE


def _role_of_page(host: str, path: str) -> LinkRole | None:
    found = _PAPER_PATH.search(path)
    if path.lower().endswith(".pdf") or (found and not _DATA_DOI.match(found["doi"] or "")):
        return LinkRole.PAPER
    if _is_under(host, _PAGE_HOSTS):
        return LinkRole.PROJECT
    is_publisher = _is_under(host, _PAPER_HOSTS) or _PAPER_NAME.fullmatch(host) is not None
    if is_publisher and path not in {"", "/"}:
        return LinkRole.OTHER if _LISTING.match(path) else LinkRole.PAPER
    return LinkRole.OTHER if _is_under(host, _OTHER_HOSTS) else None


def _is_under(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == known or host.endswith(f".{known}") for known in hosts)
