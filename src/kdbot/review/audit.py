"""The weekly audit as a function: the list, what was asked of the world, and the audit before."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kdbot.model.audit import (
    Audit,
    AuditSummary,
    Box,
    BoxKind,
    BoxState,
    Remark,
    Unchecked,
    WaitingProposal,
    box_index,
    week_of,
)
from kdbot.model.collection import Collection
from kdbot.model.evidence import LinkResult, LinkState
from kdbot.model.link_history import LinkRecord
from kdbot.model.metadata import MetadataRecord, Outcome
from kdbot.review.audit_links import judge_links, link_boxes, link_remarks, unchecked_links
from kdbot.review.audit_metadata import (
    METADATA_CODES,
    METADATA_KINDS,
    is_wholly_asked,
    metadata_boxes,
    metadata_remarks,
    unchecked_services,
)
from kdbot.review.box_effects import still_applies
from kdbot.review.collection_review import similar_pairs
from kdbot.review.new_papers import offer_new_papers


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvidence:
    """What was asked of the world for one audit, so that the audit itself asks nobody.

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
                box.kind is BoxKind.VENUE and box.state is not BoxState.DECLINED
                for box in boxes.values()
            ),
        ),
        links=records,
        papers=_remarks(collection, evidence, previous, _link_remarks(records, collection, urls)),
        boxes=boxes,
        new_papers=offer_new_papers(
            evidence.found, collection, previous.new_papers, week, evidence.declined
        ),
        unchecked={
            **dict(unchecked_services(evidence.metadata.values())),
            **dict(unchecked_links(urls, evidence.links)),
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
) -> dict[str, Box]:
    papers = collection.papers
    offered = box_index(_offers(collection, evidence, records))
    boxes = {
        key: box
        for key, box in {**_kept(previous, evidence, offered, week), **offered}.items()
        if box.state is BoxState.DONE or still_applies(box, papers)
    }
    return {key: _with_answer(key, box, previous, evidence) for key, box in boxes.items()}


def _offers(
    collection: Collection, evidence: AuditEvidence, records: Mapping[str, LinkRecord]
) -> Iterator[Box]:
    papers = collection.papers
    yield from link_boxes(records, papers, evidence.snapshots)
    for paper in papers.values():
        if outcomes := evidence.metadata.get(paper.id):
            yield from metadata_boxes(paper, outcomes, collection.venues)
    for one, other in similar_pairs(collection.identities):
        yield Box(kind=BoxKind.DISTINCT, papers=(one.id, other.id))


def _kept(
    previous: Audit, evidence: AuditEvidence, offered: Mapping[str, Box], week: str
) -> dict[str, Box]:
    """Return what stays of the audit before: answers, and what could not be asked again."""
    same_week = previous.summary is not None and previous.summary.week == week
    return {
        key: box
        for key, box in previous.boxes.items()
        if key not in offered
        and (
            box.state is BoxState.DECLINED
            or (box.state is BoxState.DONE and same_week)
            or (box.state is BoxState.OPEN and _was_not_asked(box, evidence))
        )
    }


def _was_not_asked(box: Box, evidence: AuditEvidence) -> bool:
    return box.kind in METADATA_KINDS and not all(
        is_wholly_asked(evidence.metadata.get(paper, ())) for paper in box.papers
    )


def _with_answer(key: str, box: Box, previous: Audit, evidence: AuditEvidence) -> Box:
    known = previous.boxes.get(key)
    is_answered = known is not None and (
        known.state is BoxState.DECLINED
        or (known.state is BoxState.DONE and known.kind is BoxKind.DISTINCT)
    )
    if box.state is BoxState.OPEN and (is_answered or key in evidence.declined):
        return replace(box, state=BoxState.DECLINED)
    return box


def _link_remarks(
    records: Mapping[str, LinkRecord], collection: Collection, urls: Mapping[str, list[str]]
) -> dict[str, list[Remark]]:
    found: defaultdict[str, list[Remark]] = defaultdict(list)
    for paper, remark in link_remarks(records, collection.papers, urls):
        found[paper].append(remark)
    return found


def _remarks(
    collection: Collection,
    evidence: AuditEvidence,
    previous: Audit,
    of_links: Mapping[str, list[Remark]],
) -> dict[str, tuple[Remark, ...]]:
    """Return what is to be said of each paper; what could not be asked again stays said."""
    remarks: dict[str, tuple[Remark, ...]] = {}
    for paper in collection.papers.values():
        outcomes = evidence.metadata.get(paper.id, ())
        said = list(metadata_remarks(paper, outcomes, collection.venues))
        if not said and not is_wholly_asked(outcomes):
            before = previous.papers.get(paper.id, ())
            said = [remark for remark in before if remark.code in METADATA_CODES]
        if all_said := (*said, *of_links.get(paper.id, ())):
            remarks[paper.id] = all_said
    return remarks
