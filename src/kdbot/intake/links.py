"""The links of a line, and what each of them leads to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from kdbot.intake.labels import IGNORED, PAPER, field_of_label
from kdbot.intake.lines import Line
from kdbot.model.identifiers import Identifier, IdentifierKind, parse_identifier


class Role(StrEnum):
    """What a link leads to; the values of all but the last two are record fields."""

    PAPER = "url"
    CODE = "code"
    PROJECT = "project"
    DATA = "data"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One address in a line.

    Attributes:
        address: as it was written.
        text: the words of the link; the address itself where it stands bare.
        start: position in the line's text.
        end: position behind it.
        bare: whether the address itself is what a reader sees.
        identifier: what it identifies, or None.
    """

    address: str
    text: str
    start: int
    end: int
    bare: bool
    identifier: Identifier | None = None


_OPENING = re.compile(
    r"https?://|www\.|(?<![\w./@-])(?:arxiv\.org|github\.com|huggingface\.co|aclanthology\.org"
    r"|openreview\.net|doi\.org|(?:dx|www)\.doi\.org|alphaxiv\.org)/",
    re.IGNORECASE,
)
_PERHAPS = re.compile(r"[0-9]|[\w/]\.\w|://")
_END = re.compile(r"[\s<>\"“”‘’「」『』《》（）【】，。；、：！？|`\\^{}]|[,;](?=https?:)")
_MAX_ADDRESS = 2_000
_TRAILING = ".,;:!?'*_~"
_PAIRS = {")": "(", "]": "["}
_TOKEN = re.compile(r"[^\s,;()\[\]{}<>\"“”（）【】，。；、|]+")
_NEW_STYLE = re.compile(r"[0-9]{4}\.[0-9]{5}(?:v[0-9]{1,2})?")
_ARXIV_WORD = re.compile(r"arxiv(?:\.org)?(?: preprint)?(?: id)?[\s:#(\[]*$", re.IGNORECASE)
_CODE_HOSTS = frozenset({"github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitee.com"})
_NOT_CODE = frozenset(
    {
        "issues", "pull", "pulls", "commit", "commits", "discussions", "wiki", "releases",
        "actions", "stargazers", "compare", "projects", "graphs",
    }
)  # fmt: skip
_NOT_OWNERS = frozenset(
    {"orgs", "topics", "features", "sponsors", "search", "marketplace", "about"}
)
_PAPER_HOSTS = (
    "thecvf.com", "proceedings.mlr.press", "papers.nips.cc", "neurips.cc", "dl.acm.org",
    "ieeexplore.ieee.org", "link.springer.com", "sciencedirect.com", "nature.com", "preprints.org",
    "biorxiv.org", "medrxiv.org", "ssrn.com", "jmlr.org", "aaai.org", "ijcai.org",
    "isca-archive.org", "isca-speech.org", "oup.com", "mdpi.com", "tandfonline.com", "wiley.com",
    "semanticscholar.org", "paperswithcode.com", "researchgate.net", "hal.science", "techrxiv.org",
    "usenix.org", "direct.mit.edu", "science.org", "cell.com", "openreview.net", "aclweb.org",
    "aclanthology.org", "researchsquare.com", "ecva.net", "vldb.org", "osf.io", "arxiv.org",
    "alphaxiv.org",
)  # fmt: skip
_LISTING = re.compile(r"/(?:volumes|events|venues|people|list|group|search|user|a)\b")
_OTHER_HOSTS = (
    "shields.io", "twitter.com", "x.com", "youtube.com", "youtu.be", "linkedin.com", "medium.com",
    "scholar.google.com", "zhihu.com", "weixin.qq.com", "discord.gg", "discord.com", "reddit.com",
    "githubusercontent.com", "google.com", "wikipedia.org", "substack.com", "facebook.com",
    "star-history.com", "colab.research.google.com", "gist.github.com", "slack.com", "orcid.org",
)  # fmt: skip


def find_links(line: Line) -> tuple[Link, ...]:
    """Return the links of a line in their order: marked ones, bare addresses, bare identifiers."""
    found: list[Link] = []
    position = 0
    previous: str | None = None
    for span in line.spans:
        end = position + len(span.text)
        if span.url is None:
            if _PERHAPS.search(span.text):
                found += _bare_links(span.text, position)
        elif span.url == previous and found and found[-1].end == position:
            head = found.pop()
            found.append(_link(span.url, head.text + span.text, head.start, end, bare=head.bare))
        elif span.url and not span.url.startswith(("#", "mailto:", "/")):
            bare = "://" in span.text
            found.append(_link(span.url, span.text, position, end, bare=bare))
        previous, position = span.url, end
    return tuple(found)


def role_of_address(link: Link) -> Role:
    """Say what an address leads to, by its host and path alone."""
    if link.identifier is not None:
        return Role.DATA if "/zenodo." in (link.identifier.canonical or "") else Role.PAPER
    host, path = _host_path(link.address)
    if host in _CODE_HOSTS:
        return _repository_role(path)
    if path.lower().endswith(".pdf"):
        return Role.PAPER
    if host in {"huggingface.co", "hf.co", "modelscope.cn", "kaggle.com"}:
        return Role.DATA if path.startswith("/datasets/") else Role.OTHER
    if host == "anonymous.4open.science":
        return Role.CODE
    if host.endswith((".github.io", "sites.google.com", ".gitlab.io")):
        return Role.PROJECT
    if _under(host, _OTHER_HOSTS) or (_under(host, _PAPER_HOSTS) and _LISTING.match(path)):
        return Role.OTHER
    return Role.PAPER if _under(host, _PAPER_HOSTS) and path not in {"", "/"} else Role.UNKNOWN


def role_of_link(link: Link, label: str | None) -> Role:
    """Say what a link leads to: by its address, else by its own words or the label before it."""
    own = "" if link.bare else field_of_label(link.text) or ""
    role = role_of_address(link)
    named = own if label is None or own not in {"", "url"} else label
    if role is Role.UNKNOWN or (role is Role.PROJECT and named in {"data", "code"}):
        return {
            PAPER: Role.PAPER,
            "title": Role.PAPER,
            "url": Role.PAPER,
            "code": Role.CODE,
            "data": Role.DATA,
            "project": Role.PROJECT,
            IGNORED: Role.OTHER,
        }.get(named or "", role)
    if role is Role.OTHER and named == "data" and "huggingface.co" in link.address:
        return Role.DATA
    return role


def _repository_role(path: str) -> Role:
    parts = [part for part in path.split("/") if part]
    if len(parts) < 2 or parts[0] in _NOT_OWNERS or (len(parts) > 2 and parts[2] in _NOT_CODE):
        return Role.OTHER
    if path.lower().endswith(".pdf"):
        return Role.PAPER
    # A single file may be a paper, and a list of papers is rarely a paper's code: words decide.
    a_list = parts[1].lower().startswith("awesome")
    return Role.UNKNOWN if "blob" in parts[2:3] or a_list else Role.CODE


def _host_path(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError:
        return "", ""
    return parts.netloc.rpartition("@")[2].lower().removeprefix("www."), parts.path


def _under(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == known or host.endswith("." + known) for known in hosts)


def _link(address: str, text: str, start: int, end: int, *, bare: bool) -> Link:
    identifier = parse_identifier(address)
    known = identifier.kind not in {IdentifierKind.NONE, IdentifierKind.URL}
    return Link(
        address=address,
        text=text,
        start=start,
        end=end,
        bare=bare,
        identifier=identifier if known else None,
    )


def _bare_links(text: str, offset: int) -> Iterator[Link]:
    position = 0
    while True:
        opening = _OPENING.search(text, position)
        yield from _bare_identifiers(
            text, position, opening.start() if opening else len(text), offset
        )
        if opening is None:
            return
        end = _END.search(text, opening.end())
        stop = min(end.start() if end else len(text), opening.start() + _MAX_ADDRESS)
        address = _trim(text[opening.start() : stop])
        position = opening.start() + max(len(address), 1)
        if len(address) > len(opening.group()):
            yield _link(address, address, opening.start() + offset, position + offset, bare=True)


def _trim(address: str) -> str:
    while address:
        last = address[-1]
        unbalanced = last in _PAIRS and address.count(_PAIRS[last]) < address.count(last)
        if last not in _TRAILING and not unbalanced:
            break
        address = address[:-1]
    return address


def _bare_identifiers(text: str, start: int, end: int, offset: int) -> Iterator[Link]:
    for token in _TOKEN.finditer(text, start, end):
        word = token.group().strip("'*_:.!?‘’")
        if not 6 < len(word) < 80 or not any(c.isdigit() for c in word):
            continue
        begin = token.start() + token.group().find(word)
        named = bool(_ARXIV_WORD.search(text[max(begin - 30, 0) : begin]))
        link = _link(word, word, begin + offset, begin + len(word) + offset, bare=True)
        if link.identifier and _plain(word, link.identifier.kind, named, text):
            yield link


def _plain(word: str, kind: IdentifierKind, named: bool, text: str) -> bool:
    """Tell whether a bare word is an identifier beyond doubt."""
    if kind is IdentifierKind.ARXIV:
        lowered = word.lower()
        return named or "arxiv" in lowered or "/" in word or bool(_NEW_STYLE.fullmatch(word))
    if kind is IdentifierKind.ACL:
        return word[0].isdigit() or "acl" in text.lower() or "anthology" in text.lower()
    return kind is IdentifierKind.DOI
