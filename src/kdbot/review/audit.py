"""The weekly audit as a function of the list, the evidence, and the audit before."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kdbot.model.audit import (
    FLAG_SET,
    OF_SERVICES,
    Audit,
    AuditFinding,
    AuditSummary,
    Edit,
    EditKind,
    EditState,
    ProposedEdit,
    Unchecked,
    WaitingProposal,
    index_edits,
    still_applies,
    week_of,
)
from kdbot.model.collection import Collection
from kdbot.model.evidence import (
    LinkRecord,
    LinkResult,
    LinkState,
    MetadataRecord,
    Outcome,
    Unavailable,
    found_records,
    judge_over_time,
)
from kdbot.model.finding import Severity, quote
from kdbot.model.paper import LINK_LISTS, NOTICE_FIELDS, Paper
from kdbot.model.proposal import Origin
from kdbot.model.schema import PaperSchema
from kdbot.model.urls import is_front_page
from kdbot.review.collection import similar_pairs
from kdbot.review.links import DEAD_LINK
from kdbot.review.metadata import (
    gravest_notice,
    matching_records,
    notice_values,
    suggested_links,
    titled_records,
    venue_upgrade,
)
from kdbot.review.metadata_check import TITLE_MISMATCH, UNKNOWN_PAPER, check_metadata, check_title
from kdbot.review.new_papers import offer_new_papers
from kdbot.review.updates import listed_values
from kdbot.text.addresses import address_fault, clean_address, same_site


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvidence:
    """What services and sites answered for one audit, so that the audit itself makes no request.

    Attributes:
        links: what was found at each address.
        metadata: what services say of each paper, by its id.
        snapshots: for addresses that are gone, the snapshot that is known of each.
        found: what the list's query finds, the newest first.
        unchecked: what else could not be asked.
        waiting: proposals that wait for long.
        declined: keys of boxes, and identifiers of new papers, that a person has said no to.
    """

    links: Mapping[str, LinkResult] = field(default_factory=dict)
    metadata: Mapping[str, tuple[Outcome, ...]] = field(default_factory=dict)
    snapshots: Mapping[str, str] = field(default_factory=dict)
    found: Sequence[MetadataRecord] = ()
    unchecked: Mapping[str, Unchecked] = field(default_factory=dict)
    waiting: tuple[WaitingProposal, ...] = ()
    declined: frozenset[str] = frozenset()


def audit_collection(
    collection: Collection,
    urls: Mapping[str, list[str]],
    evidence: AuditEvidence,
    previous: Audit,
    day: date,
) -> Audit:
    """Return the audit of a day.

    The same evidence on the same list, in the same week, gives the same audit.

    Args:
        collection: all papers.
        urls: the papers' addresses, each with the ids of its papers.
        evidence: what was asked.
        previous: the audit before.
        day: today, in UTC.
    """
    week = week_of(day)
    records = judge_links(urls, evidence.links, previous.links, day)
    boxes = _boxes(collection, evidence, previous, week, records)
    return Audit(
        summary=AuditSummary(
            week=week,
            papers=len(collection.papers),
            links=sum(url in evidence.links for url in urls),
            dead=sum(record.is_confirmed_dead for record in records.values()),
            moved=sum(record.state is LinkState.MOVED for record in records.values()),
            upgraded=sum(
                box.kind is EditKind.VENUE and box.state is not EditState.DECLINED
                for box in boxes.values()
            ),
        ),
        links=records,
        papers=_audit_findings(collection, urls, evidence, previous, records),
        boxes=boxes,
        new_papers=offer_new_papers(
            evidence.found, collection, previous.new_papers, week, evidence.declined
        ),
        unchecked={
            **dict(_unchecked_services(evidence.metadata.values())),
            **dict(_unchecked_links(urls, evidence.links)),
            **evidence.unchecked,
        },
        waiting=evidence.waiting,
    )


def _boxes(
    collection: Collection,
    evidence: AuditEvidence,
    previous: Audit,
    week: str,
    records: Mapping[str, LinkRecord],
) -> dict[str, ProposedEdit]:
    papers = collection.papers
    offered = index_edits(_offers(collection, evidence, records))
    boxes = {
        key: box
        for key, box in {**_kept(previous, evidence, offered, week), **offered}.items()
        if box.state is EditState.DONE or still_applies(box, papers)
    }
    return {key: _with_answer(key, box, previous, evidence) for key, box in boxes.items()}


def _offers(
    collection: Collection, evidence: AuditEvidence, records: Mapping[str, LinkRecord]
) -> Iterator[ProposedEdit]:
    papers = collection.papers
    yield from _link_boxes(records, papers, evidence.snapshots)
    for paper in papers.values():
        if outcomes := evidence.metadata.get(paper.id):
            yield from _metadata_boxes(paper, outcomes, collection)
    for one, other in similar_pairs(collection.identities):
        yield ProposedEdit(kind=EditKind.DISTINCT, papers=(one.id, other.id))


def _kept(
    previous: Audit, evidence: AuditEvidence, offered: Mapping[str, ProposedEdit], week: str
) -> dict[str, ProposedEdit]:
    """Return what stays of the audit before: answers, and what could not be asked again."""
    same_week = previous.summary is not None and previous.summary.week == week
    return {
        key: box
        for key, box in previous.boxes.items()
        if key not in offered
        and (
            box.state is EditState.DECLINED
            or (box.state is EditState.DONE and same_week)
            or (
                box.state is EditState.OPEN
                and box.kind in OF_SERVICES
                and not all(_is_wholly_asked(evidence.metadata.get(p, ())) for p in box.papers)
            )
        )
    }


def _with_answer(
    key: str, box: ProposedEdit, previous: Audit, evidence: AuditEvidence
) -> ProposedEdit:
    known = previous.boxes.get(key)
    is_answered = known is not None and (
        known.state is EditState.DECLINED
        or (known.state is EditState.DONE and known.kind is EditKind.DISTINCT)
    )
    if box.state is EditState.OPEN and (is_answered or key in evidence.declined):
        return replace(box, state=EditState.DECLINED)
    return box


def _audit_findings(
    collection: Collection,
    urls: Mapping[str, list[str]],
    evidence: AuditEvidence,
    previous: Audit,
    records: Mapping[str, LinkRecord],
) -> dict[str, tuple[AuditFinding, ...]]:
    """Return what is to be said of each paper; what could not be asked again stays said."""
    of_links: defaultdict[str, list[AuditFinding]] = defaultdict(list)
    for paper_id, remark in _findings_of_links(records, collection.papers, urls):
        of_links[paper_id].append(remark)
    remarks: dict[str, tuple[AuditFinding, ...]] = {}
    for paper in collection.papers.values():
        outcomes = evidence.metadata.get(paper.id, ())
        # What only a person can settle: the wrong identifier, or the wrong title.
        said = [
            AuditFinding(code=finding.code, message=finding.message)
            for finding in check_metadata(listed_values(paper), outcomes, collection.venues)
            if finding.code in _METADATA_CODES and finding.severity is not Severity.NOTICE
        ]
        if not said and not _is_wholly_asked(outcomes):
            before = previous.papers.get(paper.id, ())
            said = [remark for remark in before if remark.code in _METADATA_CODES]
        if all_said := (*said, *of_links[paper.id]):
            remarks[paper.id] = all_said
    return remarks


_MAX_QUOTE = 200


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


def _link_boxes(
    records: Mapping[str, LinkRecord],
    papers: Mapping[str, Paper],
    snapshots: Mapping[str, str],
) -> Iterator[ProposedEdit]:
    """Yield what can be done about links that have moved or are gone."""
    places = _places(papers.values())
    for url, record in records.items():
        where = places.get(url, ())
        if where and record.state is LinkState.MOVED and record.final_url:
            yield from _moved(url, clean_address(record.final_url), where)
        elif where and record.is_confirmed_dead:
            if snapshot := snapshots.get(url):
                yield _box(EditKind.ARCHIVED, where, url, snapshot)
            yield _box(EditKind.DROPPED, where, url, None)


def _findings_of_links(
    records: Mapping[str, LinkRecord], papers: Mapping[str, Paper], urls: Mapping[str, list[str]]
) -> Iterator[tuple[str, AuditFinding]]:
    """Yield paper and remark for each dead page that no field names: an identifier's."""
    places = _places(papers.values())
    for url, record in records.items():
        if record.is_confirmed_dead and url not in places:
            message = f"The page of its identifier, {quote(url, _MAX_QUOTE)}, is gone."
            for paper in urls.get(url, ()):
                yield paper, AuditFinding(code=DEAD_LINK.code, message=message)


def _unchecked_links(
    urls: Iterable[str], results: Mapping[str, LinkResult]
) -> Iterator[tuple[str, Unchecked]]:
    """Yield how many links could not be checked, and why."""
    counts: defaultdict[LinkState | None, int] = defaultdict(int)
    for url in urls:
        counts[results[url].state if url in results else None] += 1
    for state, reason in (
        (LinkState.BLOCKED, "their sites block automated requests"),
        (LinkState.UNREACHABLE, "their sites gave no usable answer"),
        (LinkState.REFUSED, "their addresses are not on the public web"),
        (None, "part of the check was lost"),
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
        for name in LINK_LISTS:
            for url in getattr(paper, name):
                places[url].append((paper.id, name))
    return dict(places)


def _moved(url: str, target: str, where: Iterable[tuple[str, str]]) -> Iterator[ProposedEdit]:
    if target == url or address_fault(target) is not None:
        return
    if not same_site(url, target):
        yield _box(EditKind.MOVED_AWAY, where, url, target)
        return
    # A site that is rebuilt sends its lost pages to its front page.
    is_lost = is_front_page(target) and not is_front_page(url)
    yield _box(EditKind.MOVED, where, url, target, ticked=not is_lost)


def _box(
    kind: EditKind,
    where: Iterable[tuple[str, str]],
    before: str | None,
    after: str | None,
    *sources: str,
    ticked: bool = False,
) -> ProposedEdit:
    """Return the box that replaces `before` with `after` in fields of some papers."""
    edits = tuple(
        Edit(paper=paper, field=field, before=before, after=after) for paper, field in where
    )
    papers = tuple(dict.fromkeys(edit.paper for edit in edits))
    return ProposedEdit(kind=kind, papers=papers, edits=edits, sources=sources, ticked=ticked)


_METADATA_CODES = frozenset({TITLE_MISMATCH.code, UNKNOWN_PAPER.code})
"""Remarks that come of what services say."""

_MAX_LINKS = 3


def _metadata_boxes(
    paper: Paper, outcomes: Sequence[Outcome], collection: Collection
) -> Iterator[ProposedEdit]:
    """Yield the changes that services speak for."""
    values = listed_values(paper)
    records = matching_records(values, outcomes)
    upgrade = venue_upgrade(values, outcomes, collection.venues)
    if upgrade is not None:
        where = [(paper.id, "venue")]
        yield _box(EditKind.VENUE, where, paper.venue, upgrade.name, *map(str, upgrade.origins))
    finding = check_title(paper.title, found_records(outcomes))
    named = titled_records(records)
    if finding is not None and finding.severity is Severity.NOTICE and named:
        where, source = [(paper.id, "title")], str(named[0].source)
        yield _box(EditKind.TITLE, where, paper.title, named[0].title, source)
    if notice := gravest_notice(values, outcomes):
        yield _notice_box(paper, notice, collection.schema)
    for index, (name, address, origin) in enumerate(suggested_links(values, outcomes)):
        cleaned = clean_address(address)
        if index < _MAX_LINKS and address_fault(cleaned) is None:
            yield _box(EditKind.LINK, [(paper.id, name)], None, cleaned, str(origin))


def _notice_box(paper: Paper, notice: MetadataRecord, schema: PaperSchema) -> ProposedEdit:
    """Offer what is said against a paper; ticked where Crossref has it, under the paper's own DOI.

    arXiv has no field for a withdrawal: what its authors wrote is for people to read. A list whose
    schema has no `status` yet calls a retracted paper withdrawn.
    """
    values = notice_values(notice)
    if "status" not in schema.by_name and notice.standing == "retracted":
        values["withdrawn"] = True
    changes = (
        (name, _edit_text(getattr(paper, name)), _edit_text(values.get(name)))
        for name in NOTICE_FIELDS
        if name in schema.by_name and (name != "withdrawn" or name in values)
    )
    edits = (
        Edit(paper=paper.id, field=name, before=before, after=after)
        for name, before, after in changes
        if before != after
    )
    return ProposedEdit(
        kind=EditKind.WITHDRAWN,
        papers=(paper.id,),
        edits=tuple(edits),
        sources=(str(notice.source),),
        ticked=notice.source is Origin.CROSSREF and paper.doi is not None,
    )


def _edit_text(value: object) -> str | None:
    return FLAG_SET if value is True else str(value) if value else None


def _unchecked_services(
    outcomes: Iterable[Sequence[Outcome]],
) -> Iterator[tuple[str, Unchecked]]:
    """Yield each service that could not be asked, with the reason that it gave most often."""
    reasons: dict[str, Counter[str]] = {}
    for outcome in (one for paper in outcomes for one in paper):
        if isinstance(outcome, Unavailable):
            reasons.setdefault(str(outcome.source), Counter())[outcome.reason] += 1
    for name in sorted(reasons):
        (reason, _), *_ = sorted(reasons[name].items(), key=lambda item: (-item[1], item[0]))
        yield name, Unchecked(count=reasons[name].total(), reason=reason)


def _is_wholly_asked(outcomes: Sequence[Outcome]) -> bool:
    """Tell whether every service that was asked about a paper has answered."""
    return bool(outcomes) and not any(isinstance(outcome, Unavailable) for outcome in outcomes)
