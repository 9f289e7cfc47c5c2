"""What the audit offers to do about the links of the list."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from kdbot.model.audit import Box, BoxKind, Edit, Remark, Unchecked, week_of
from kdbot.model.evidence import LinkResult, LinkState
from kdbot.model.finding import quote
from kdbot.model.link_history import LinkRecord, judge_over_time
from kdbot.model.paper import Paper
from kdbot.model.urls import parse_url
from kdbot.review.rules import DEAD_LINK
from kdbot.text.addresses import address_fault, clean_address, same_site

LINK_FIELDS = ("code", "project", "data")
"""Fields that hold several addresses each; `url` holds one."""

_LONGEST_QUOTE = 200


def judge_links(
    urls: Iterable[str],
    results: Mapping[str, LinkResult],
    previous: Mapping[str, LinkRecord],
    day: date,
) -> dict[str, LinkRecord]:
    """Join what was known of each link with what was found today.

    What was not asked stays as it was. A second look in the same week that finds the same leaves
    the first one's record, so that it changes no file.
    """
    records: dict[str, LinkRecord] = {}
    for url in urls:
        result, known = results.get(url), previous.get(url)
        if result is not None:
            records[url] = _steady(known, judge_over_time(known, result, day))
        elif known is not None:
            records[url] = known
    return records


def link_boxes(
    records: Mapping[str, LinkRecord],
    papers: Mapping[str, Paper],
    snapshots: Mapping[str, str],
) -> Iterator[Box]:
    """Yield what can be done about links that have moved or are gone."""
    places = _places(papers.values())
    for url, record in records.items():
        where = places.get(url, ())
        if where and record.state is LinkState.MOVED and record.final_url:
            yield from _moved(url, clean_address(record.final_url), where)
        elif where and record.is_confirmed_dead:
            if snapshot := snapshots.get(url):
                yield _box(BoxKind.ARCHIVED, url, snapshot, where)
            yield _box(BoxKind.DROPPED, url, None, where)


def link_remarks(
    records: Mapping[str, LinkRecord], papers: Mapping[str, Paper], urls: Mapping[str, list[str]]
) -> Iterator[tuple[str, Remark]]:
    """Yield paper and remark for each dead page that no field names: an identifier's."""
    places = _places(papers.values())
    for url, record in records.items():
        if record.is_confirmed_dead and url not in places:
            message = f"The page of its identifier, {quote(url, _LONGEST_QUOTE)}, is gone."
            for paper in urls.get(url, ()):
                yield paper, Remark(code=DEAD_LINK.code, message=message)


def unchecked_links(
    urls: Iterable[str], results: Mapping[str, LinkResult]
) -> Iterator[tuple[str, Unchecked]]:
    """Yield what could not be learned of how many links; nobody is to blame for that."""
    counts: defaultdict[LinkState | None, int] = defaultdict(int)
    for url in urls:
        counts[results[url].state if url in results else None] += 1
    for state, reason in (
        (LinkState.BLOCKED, "their sites do not answer programs"),
        (LinkState.UNREACHABLE, "their sites gave no usable answer"),
        (LinkState.REFUSED, "their addresses are none of the public web"),
        (None, "a part of the check was lost"),
    ):
        if counts[state]:
            name = "links" if state is None else f"links ({state})"
            yield name, Unchecked(count=counts[state], reason=reason)


def _steady(known: LinkRecord | None, found: LinkRecord) -> LinkRecord:
    if known is None or week_of(known.checked) != week_of(found.checked):
        return found
    same = (known.state, known.status, known.final_url, known.is_confirmed_dead) == (
        found.state,
        found.status,
        found.final_url,
        found.is_confirmed_dead,
    )
    return known if same else found


def _places(papers: Iterable[Paper]) -> dict[str, list[tuple[str, str]]]:
    """Return where each address is written: paper and field."""
    places: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for paper in papers:
        if paper.url:
            places[paper.url].append((paper.id, "url"))
        for name in LINK_FIELDS:
            for url in getattr(paper, name):
                places[url].append((paper.id, name))
    return dict(places)


def _moved(url: str, target: str, where: Iterable[tuple[str, str]]) -> Iterator[Box]:
    if target == url or address_fault(target) is not None:
        return
    if not same_site(url, target):
        yield _box(BoxKind.MOVED_AWAY, url, target, where)
        return
    # A site that is rebuilt sends its lost pages to its front page.
    is_lost = _is_front_page(target) and not _is_front_page(url)
    yield _box(BoxKind.MOVED, url, target, where, ticked=not is_lost)


def _is_front_page(url: str) -> bool:
    parsed = parse_url(url)
    return parsed is not None and parsed.path == "/" and not parsed.query


def _box(
    kind: BoxKind,
    before: str,
    after: str | None,
    where: Iterable[tuple[str, str]],
    *,
    ticked: bool = False,
) -> Box:
    edits = tuple(
        Edit(paper=paper, field=field, before=before, after=after) for paper, field in where
    )
    papers = tuple(dict.fromkeys(edit.paper for edit in edits))
    return Box(kind=kind, papers=papers, edits=edits, ticked=ticked)
