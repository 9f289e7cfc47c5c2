"""What the audit offers to do about the metadata of the list."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from kdbot.model.audit import Box, BoxKind, Edit, Remark, Unchecked
from kdbot.model.finding import Severity
from kdbot.model.metadata import CouldNotAsk, Outcome, found_records
from kdbot.model.paper import Paper
from kdbot.model.venue import Venues
from kdbot.review.box_effects import FLAG_SET
from kdbot.review.metadata import (
    matching_records,
    suggested_links,
    titled_records,
    venue_upgrade,
)
from kdbot.review.metadata_check import check_metadata, check_title
from kdbot.review.metadata_rules import TITLE_MISMATCH, UNKNOWN_PAPER
from kdbot.review.updates import listed_values
from kdbot.text.addresses import address_fault, clean_address

METADATA_KINDS = frozenset({BoxKind.VENUE, BoxKind.TITLE, BoxKind.WITHDRAWN, BoxKind.LINK})
"""Boxes that come of what services say."""

METADATA_CODES = frozenset({TITLE_MISMATCH.code, UNKNOWN_PAPER.code})
"""Remarks that do."""

_MOST_LINKS = 3


def metadata_boxes(paper: Paper, outcomes: Sequence[Outcome], venues: Venues) -> Iterator[Box]:
    """Yield the changes that services speak for."""
    values = listed_values(paper)
    records = matching_records(values, outcomes)
    upgrade = venue_upgrade(values, outcomes, venues)
    if upgrade is not None:
        sources = tuple(map(str, upgrade.origins))
        yield _box(BoxKind.VENUE, paper, "venue", paper.venue, upgrade.name, sources)
    finding = check_title(paper.title, found_records(outcomes))
    named = titled_records(records)
    if finding is not None and finding.severity is Severity.NOTICE and named:
        title = named[0].title
        yield _box(BoxKind.TITLE, paper, "title", paper.title, title, (str(named[0].source),))
    taken_back = next((record for record in records if record.withdrawn), None)
    if taken_back is not None and not paper.withdrawn:
        source = str(taken_back.source)
        yield _box(BoxKind.WITHDRAWN, paper, "withdrawn", None, FLAG_SET, (source,))
    for index, (name, address, origin) in enumerate(suggested_links(values, outcomes)):
        cleaned = clean_address(address)
        if index < _MOST_LINKS and address_fault(cleaned) is None:
            yield _box(BoxKind.LINK, paper, name, None, cleaned, (str(origin),))


def metadata_remarks(paper: Paper, outcomes: Sequence[Outcome], venues: Venues) -> Iterator[Remark]:
    """Yield what a person alone can settle: the wrong identifier, or the wrong title."""
    for finding in check_metadata(listed_values(paper), outcomes, venues):
        if finding.code in METADATA_CODES and finding.severity is not Severity.NOTICE:
            yield Remark(code=finding.code, message=finding.message)


def unchecked_services(
    outcomes: Iterable[Sequence[Outcome]],
) -> Iterator[tuple[str, Unchecked]]:
    """Yield each service that could not be asked, with the reason that it gave most often."""
    reasons: dict[str, Counter[str]] = {}
    for outcome in (one for paper in outcomes for one in paper):
        if isinstance(outcome, CouldNotAsk):
            reasons.setdefault(str(outcome.source), Counter())[outcome.reason] += 1
    for name in sorted(reasons):
        (reason, _), *_ = sorted(reasons[name].items(), key=lambda item: (-item[1], item[0]))
        yield name, Unchecked(count=reasons[name].total(), reason=reason)


def is_wholly_asked(outcomes: Sequence[Outcome]) -> bool:
    """Tell whether every service that was asked about a paper has answered."""
    return bool(outcomes) and not any(isinstance(outcome, CouldNotAsk) for outcome in outcomes)


def _box(
    kind: BoxKind,
    paper: Paper,
    field: str,
    before: str | None,
    after: str,
    sources: tuple[str, ...],
) -> Box:
    edit = Edit(paper=paper.id, field=field, before=before, after=after)
    return Box(kind=kind, papers=(paper.id,), edits=(edit,), sources=sources)
