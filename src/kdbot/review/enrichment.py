"""What the services change in a listed record, and what they only offer.

One service is not enough for a change, unless the field is empty or the service is the conference
itself. Where services differ, the change says whom it follows and who differs.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from kdbot.model.evidence import MetadataRecord, Outcome
from kdbot.model.finding import Finding
from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.model.paper import NOTICE_FIELDS, FieldValue, Paper, paper_from_values, path_of
from kdbot.model.proposal import Origin
from kdbot.model.schema import PaperSchema
from kdbot.model.titles import fold_title, is_stand_in
from kdbot.model.venue import Venues
from kdbot.review.metadata import (
    MARKUP,
    PREPRINT_SOURCES,
    PublishedVenue,
    complete,
    matching_records,
    published_venues,
)
from kdbot.review.metadata_check import PUBLISHED_SINCE, TITLE_MISMATCH, check_metadata
from kdbot.review.updates import listed_values
from kdbot.text.venues import is_preprint

_IDENTIFIERS = ("doi", "acl", "openreview")
_TITLED = frozenset({Origin.ARXIV, Origin.SEMANTIC_SCHOLAR, Origin.OPENREVIEW})
"""Services whose titles are those of the newest version of what an identifier names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field that the services change, or would.

    Attributes:
        field: its name.
        before: the value in the list, or None.
        after: the value by the services.
        origins: who says so.
        others: who says something else, and what.
    """

    field: str
    before: FieldValue | None
    after: FieldValue
    origins: tuple[Origin, ...]
    others: tuple[tuple[Origin, FieldValue], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment:
    """A listed paper with what the services know of it.

    Attributes:
        paper: the record as it is.
        after: the record with all changes.
        changes: what they are, by field.
        offers: what only one service says, which a maintainer may accept.
        findings: where the services contradict the record, with its file.
    """

    paper: Paper
    after: Paper
    changes: tuple[Change, ...]
    offers: tuple[Change, ...]
    findings: tuple[Finding, ...]


def enrich_paper(
    paper: Paper, outcomes: Sequence[Outcome], venues: Venues, schema: PaperSchema
) -> Enrichment:
    """Compare a record with the services.

    What is missing is filled: authors, date, a retraction and the venue by the service that is
    believed first, an identifier where two services agree. A listed venue gives way to another one
    that two services name, or the conference itself instead of a preprint; a title to that on
    which two services agree, as long as it is known to be a title of the same paper, and stays as
    one of the other titles; a name given instead of a title gives way to one service. All else
    is offered, or becomes a finding.
    """
    values = listed_values(paper)
    records = matching_records(values, outcomes)
    known = chain(
        _fill(values, outcomes, venues),
        _identifiers(values, records),
        _venue(values, outcomes, venues),
        _title(values, records),
    )
    found = [(change, is_sure) for change, is_sure in known if change.field in schema.by_name]
    changes = {change.field: change for change, is_sure in found if is_sure}
    after = {**values, **{name: change.after for name, change in changes.items()}}
    settled = {PUBLISHED_SINCE.code: "venue", TITLE_MISMATCH.code: "title"}
    findings = (
        replace(finding, file=path_of(paper.id))
        for finding in check_metadata(values, outcomes, venues)
        if settled.get(finding.code) not in changes
    )
    return Enrichment(
        paper=paper,
        after=paper_from_values(paper.id, {k: v for k, v in after.items() if v}),
        changes=tuple(changes[name] for name in sorted(changes)),
        offers=tuple(change for change, is_sure in found if not is_sure),
        findings=tuple(findings),
    )


def _fill(
    values: Mapping[str, FieldValue], outcomes: Sequence[Outcome], venues: Venues
) -> Iterator[tuple[Change, bool]]:
    """Yield what is missing and is taken from the service that is believed first."""
    completion = complete(values, outcomes, venues)
    records = matching_records(values, outcomes)
    for name, origin in completion.origins.items():
        if name in {"venue", "year"}:
            continue
        if name in NOTICE_FIELDS:
            # They are one service's words, which go together.
            yield _change(values, name, completion.values[name], [origin]), True
            continue
        after = completion.values[name]
        said = {record.source: getattr(record, name) for record in records}
        # Ignoring case, accents and punctuation, on which services differ.
        origins = [one for one, value in said.items() if value and _folded(value) == _folded(after)]
        others = [(one, value) for one, value in said.items() if value and one not in origins]
        yield _change(values, name, after, origins or [origin], others), True


def _identifiers(
    values: Mapping[str, FieldValue], records: Sequence[MetadataRecord]
) -> Iterator[tuple[Change, bool]]:
    """Yield the identifiers that are missing, sure where two services give the same."""
    for name in _IDENTIFIERS:
        said = {r.source: value for r in records if (value := _identifiers_of(r).get(name))}
        if said and not values.get(name):
            after = Counter(said.values()).most_common(1)[0][0]
            origins = [origin for origin, value in said.items() if value == after]
            others = [(origin, value) for origin, value in said.items() if value != after]
            yield _change(values, name, after, origins, others), len(origins) > 1


def _identifiers_of(record: MetadataRecord) -> Mapping[str, str | None]:
    """Return a record's identifiers; the DOI of a paper in the ACL Anthology is the one there."""
    doi = parse_identifier(record.doi or "")
    return {
        "doi": doi.canonical if doi.kind is IdentifierKind.DOI else None,
        "acl": record.acl or (doi.canonical if doi.kind is IdentifierKind.ACL else None),
        "openreview": record.openreview,
    }


def _venue(
    values: Mapping[str, FieldValue], outcomes: Sequence[Outcome], venues: Venues
) -> Iterator[tuple[Change, bool]]:
    """Yield the venue and its year, which are believed together."""
    listed = values.get("venue")
    found = published_venues(matching_records(values, outcomes), venues)
    same = next((venue for venue in found if venue.name == listed), None)
    if same is not None:
        if same.year and same.year != values.get("year"):
            is_sure = _is_sure(same) and not values.get("year")
            yield _change(values, "year", same.year, same.origins), is_sure
        return
    if not listed and not found:
        completed = complete(values, outcomes, venues)
        if origin := completed.origins.get("venue"):
            yield _change(values, "venue", completed.values["venue"], [origin]), True
    if not found:
        return
    best = found[0]
    is_free = isinstance(listed, str) and is_preprint(listed)
    is_sure = not listed or (_is_sure(best) if is_free else best.is_confirmed)
    others = [(origin, venue.name) for venue in found[1:] for origin in venue.origins]
    yield _change(values, "venue", best.name, best.origins, others), is_sure
    if best.year != values.get("year"):
        yield _change(values, "year", best.year or "", best.origins), is_sure


def _is_sure(venue: PublishedVenue) -> bool:
    """Tell whether two services name a venue, or the conference itself by its decision."""
    return venue.is_confirmed or Origin.OPENREVIEW in venue.origins


def _title(
    values: Mapping[str, FieldValue], records: Sequence[MetadataRecord]
) -> Iterator[tuple[Change, bool]]:
    """Yield the title that two services have for the identifier, and the listed one as another."""
    listed = values.get("title")
    said: dict[Origin, str] = {}
    for record in records:
        # DataCite repeats what arXiv says, and so does Hugging Face.
        origin = Origin.ARXIV if record.source in PREPRINT_SOURCES else record.source
        if origin in _TITLED and record.title and MARKUP.isdisjoint(record.title):
            said.setdefault(origin, record.title)
    counted = Counter(said.values()).most_common(1)
    if not isinstance(listed, str) or not counted or counted[0][0] == listed:
        return
    if counted[0][1] < 2 and not is_stand_in(listed):
        return
    title = counted[0][0]
    origins = [origin for origin, one in said.items() if one == title]
    yield _change(values, "title", title, origins), True
    if is_stand_in(listed):
        return
    known = values.get("other_titles")
    others = known if isinstance(known, tuple) else ()
    kept = tuple(one for one in (*others, listed) if fold_title(one) != fold_title(title))
    if kept != others:
        yield _change(values, "other_titles", kept, origins), True


def _folded(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(fold_title(str(item)) for item in value)
    return fold_title(value) if isinstance(value, str) else value


def _change(
    values: Mapping[str, FieldValue],
    name: str,
    after: FieldValue,
    origins: Sequence[Origin],
    others: Sequence[tuple[Origin, FieldValue]] = (),
) -> Change:
    return Change(
        field=name,
        before=values.get(name),
        after=after,
        origins=tuple(origins),
        others=tuple(others),
    )
