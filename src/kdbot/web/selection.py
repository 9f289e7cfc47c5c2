"""Select the links that a run requests, and those that a metadata service answers for."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from kdbot.model.evidence import (
    LinkResult,
    LinkState,
    NotFound,
    Outcome,
    Unavailable,
    found_records,
)
from kdbot.model.identifiers import ARXIV_DOI, IdentifierKind, parse_identifier
from kdbot.model.proposal import Origin

_ARXIV_PAGES = frozenset({"arxiv.org", "www.arxiv.org", "export.arxiv.org"})


def arxiv_identifiers(urls: Iterable[str]) -> dict[str, str]:
    """Return the identifier, without version, of each of arXiv's own pages and DOIs among links.

    One request for a hundred identifiers can judge them. That a paper exists says nothing of its
    page on another site.
    """
    found = ((url, _arxiv_identifier(url)) for url in dict.fromkeys(urls))
    return {url: identifier for url, identifier in found if identifier is not None}


def _arxiv_identifier(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = parts.hostname or ""
    is_doi = host in {"doi.org", "dx.doi.org"} and parts.path.lower().startswith(f"/{ARXIV_DOI}")
    if host not in _ARXIV_PAGES and not is_doi:
        return None
    found = parse_identifier(url)
    return found.canonical if found.kind is IdentifierKind.ARXIV else None


def judge_by_metadata(
    identifiers: Mapping[str, str], outcomes: Mapping[str, Sequence[Outcome]]
) -> tuple[LinkResult, ...]:
    """Return a result for each URL of an identifier.

    Only arXiv itself can say that a paper is not there: another service may learn of it later.
    """
    return tuple(
        _judge(url, identifier, outcomes.get(identifier, ()))
        for url, identifier in identifiers.items()
    )


def _judge(url: str, identifier: str, outcomes: Sequence[Outcome]) -> LinkResult:
    if found := found_records(outcomes):
        evidence = f"the metadata of {found[0].source} has {identifier}"
        return LinkResult(url=url, state=LinkState.OK, final_url=url, attempts=1, evidence=evidence)
    if any(isinstance(one, NotFound) and one.source is Origin.ARXIV for one in outcomes):
        evidence = f"arXiv does not know {identifier}"
        return LinkResult(url=url, state=LinkState.DEAD, attempts=1, evidence=evidence)
    reasons = [one.reason for one in outcomes if isinstance(one, Unavailable)]
    return LinkResult(
        url=url,
        state=LinkState.UNREACHABLE,
        attempts=1,
        evidence=f"arXiv could not be asked: {'; '.join(reasons) or 'no answer'}",
    )


def shard_links(urls: Iterable[str], *, index: int, count: int) -> tuple[str, ...]:
    """Return the links of one of `count` shards; the first has the index 1.

    A host is in only one shard, so that its rate limit works; the largest hosts are assigned first,
    each to the shard that has least. The same links give the same shards everywhere.

    Raises:
        ValueError: there is no such shard.
    """
    if not 1 <= index <= count:
        raise ValueError(f"there is no shard {index} of {count}")
    unique = list(dict.fromkeys(urls))
    sizes = Counter(_host(url) for url in unique)
    loads = [0] * count
    shard_of: dict[str, int] = {}
    for host, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        shard = loads.index(min(loads))
        loads[shard] += size
        shard_of[host] = shard
    return tuple(url for url in unique if shard_of[_host(url)] == index - 1)


def cap_links(urls: Iterable[str], *, limit: int, limit_per_host: int) -> tuple[str, ...]:
    """Return the links that one contributor may have asked."""
    kept: list[str] = []
    per_host: Counter[str] = Counter()
    for url in dict.fromkeys(urls):
        host = _host(url)
        if len(kept) < limit and per_host[host] < limit_per_host:
            per_host[host] += 1
            kept.append(url)
    return tuple(kept)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
