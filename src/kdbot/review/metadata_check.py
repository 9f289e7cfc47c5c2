"""Where metadata services contradict a record, as findings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kdbot.model.collection import IDENTIFIER_FIELDS, Collection
from kdbot.model.evidence import (
    Evidence,
    Found,
    MetadataRecord,
    NotFound,
    Outcome,
    Unavailable,
    found_records,
)
from kdbot.model.finding import Finding, Rule, Severity, quote
from kdbot.model.proposal import Given, Origin
from kdbot.model.venue import Venues
from kdbot.review.draft import Draft, Value
from kdbot.review.metadata import (
    BY_IDENTIFIER,
    PREPRINT_SOURCES,
    TitleSimilarity,
    complete,
    matching_records,
    suggested_links,
    title_similarity,
    titled_records,
    venue_upgrade,
)

TITLE_MISMATCH = Rule(
    code="title-mismatch",
    severity=Severity.WARNING,
    summary="The title is that of the paper which the identifier names.",
    remedy="Check which of the two is meant, and correct the other one.",
)
UNKNOWN_PAPER = Rule(
    code="unknown-paper",
    severity=Severity.ERROR,
    summary="An arXiv identifier is one that arXiv has given out.",
    remedy="Copy the identifier from the paper's page on arXiv.",
)
WITHDRAWN_PAPER = Rule(
    code="withdrawn-paper",
    severity=Severity.WARNING,
    summary="A paper that its authors have taken back is marked as withdrawn.",
    remedy="Nothing to do; a maintainer decides whether the list keeps the paper.",
)
PUBLISHED_SINCE = Rule(
    code="published-since",
    severity=Severity.NOTICE,
    summary="A paper that has been published bears the venue and not the preprint server.",
    remedy="Write the venue, if it is this paper's.",
)
SUGGESTED_LINK = Rule(
    code="suggested-link",
    severity=Severity.NOTICE,
    summary="Links that others tie to a paper are told, and are added by people alone.",
    remedy="Add the link if it is the authors' own.",
)
METADATA_NOT_CHECKED = Rule(
    code="metadata-not-checked",
    severity=Severity.NOTICE,
    summary="What a service that could not be asked would say of a paper is not known.",
    remedy="Nothing to do; this is on my side, and is checked again by the weekly audit.",
)

_MAX_QUOTE = 300


def check_metadata(
    values: Mapping[str, Value], outcomes: Sequence[Outcome], venues: Venues
) -> Iterator[Finding]:
    """Say where the services contradict a record, and what they know beside it."""
    title = values.get("title")
    if isinstance(title, str) and (finding := check_title(title, found_records(outcomes))):
        yield finding
    yield from _check_existence(outcomes)
    for record in matching_records(values, outcomes):
        if record.withdrawn and not values.get("withdrawn"):
            remark = f": {quote(record.comment, _MAX_QUOTE)}" if record.comment else ""
            message = f"Its authors have withdrawn this paper{remark}."
            yield WITHDRAWN_PAPER.finding(message, field="arxiv")
            break
    upgrade = venue_upgrade(values, outcomes, venues)
    if upgrade is not None and values.get("venue"):
        message = f"It was published at {quote(upgrade.name)}, by {_joined(upgrade.origins)}."
        yield PUBLISHED_SINCE.finding(message, field="venue", fix=f"Write {quote(upgrade.name)}.")
    for name, address, origin in suggested_links(values, outcomes):
        message = f"{origin} ties {quote(address, _MAX_QUOTE)} to this paper."
        yield SUGGESTED_LINK.finding(message, field=name)
    yield from _check_answers(outcomes)


def check_title(title: str | None, records: Iterable[MetadataRecord]) -> Finding | None:
    """Say that a title is not the one that the identifier names, with both of them.

    A warning where they are two papers by all appearances, a notice where the words differ little:
    titles change between versions. One record that agrees is enough.
    """
    named = titled_records(records)
    similarity = title_similarity(title, named)
    if not title or similarity is TitleSimilarity.SAME:
        return None
    is_near = similarity is TitleSimilarity.NEAR
    return TITLE_MISMATCH.finding(
        f"I read the title {quote(title, _MAX_QUOTE)}, but by {named[0].source} the identifier "
        f"is that of {quote(named[0].title, _MAX_QUOTE)}.",
        field="title",
        severity=Severity.NOTICE if is_near else None,
        fix="Keep the title that the authors give the paper now." if is_near else None,
    )


def could_not_ask(outcomes: Iterable[Outcome]) -> bool:
    """Tell whether nobody could say anything of a paper, and one that should could not be asked."""
    listed = tuple(outcomes)
    return not found_records(listed) and any(isinstance(one, Unavailable) for one in listed)


def _check_existence(outcomes: Sequence[Outcome]) -> Iterator[Finding]:
    asked = [outcome for outcome in outcomes if outcome.source in PREPRINT_SOURCES]
    known = any(isinstance(o, Found) and o.source in BY_IDENTIFIER for o in outcomes)
    if not known and any(isinstance(outcome, NotFound) for outcome in asked):
        message = "arXiv has no paper of this identifier, unless it was announced in these days."
        yield UNKNOWN_PAPER.finding(message, field="arxiv")


def _check_answers(outcomes: Sequence[Outcome]) -> Iterator[Finding]:
    failed = [outcome for outcome in outcomes if isinstance(outcome, Unavailable)]
    found = any(isinstance(o, Found) and o.source is Origin.DATACITE for o in outcomes)
    # DataCite stands in for arXiv.
    failed = [o for o in failed if not (found and o.source is Origin.ARXIV)]
    if failed:
        said = "; ".join(f"{outcome.source}: {quote(outcome.reason, 120)}" for outcome in failed)
        yield METADATA_NOT_CHECKED.finding(f"I could not check all of the metadata ({said}).")


def _joined(origins: Sequence[Origin]) -> str:
    return " and ".join(map(str, origins))


def metadata_key(values: Mapping[str, object]) -> str | None:
    """Return the name under which the metadata of a record is gathered, or None without one."""
    for _, name in IDENTIFIER_FIELDS:
        if value := values.get(name):
            return f"{name}:{value}"
    return None


def complete_draft(draft: Draft, evidence: Evidence, collection: Collection) -> Draft:
    """Return the draft with what services know of it, each value with its origin.

    A file is its author's: nothing is added to it, and it is only held against what they say.
    Without evidence of this paper the draft is returned as it is.
    """
    outcomes = evidence.metadata.get(metadata_key(draft.values) or "", ())
    if not outcomes:
        return draft
    found = check_metadata(draft.values, outcomes, collection.venues)
    findings = (*draft.findings, *_at_their_places(draft, found))
    if draft.file is not None:
        return replace(draft, findings=findings)
    completion = complete(draft.values, outcomes, collection.venues)
    added = {
        name: Given(value=completion.values[name], origin=origin)
        for name, origin in completion.origins.items()
        if name in collection.schema.by_name
    }
    values = {**draft.values, **{name: completion.values[name] for name in added}}
    return replace(draft, values=values, given={**draft.given, **added}, findings=findings)


def _at_their_places(draft: Draft, findings: Iterable[Finding]) -> Iterable[Finding]:
    return (
        replace(finding, file=draft.file, line=draft.line(finding.field)) for finding in findings
    )
