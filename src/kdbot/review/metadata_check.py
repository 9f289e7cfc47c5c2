"""Where metadata services contradict a record, as findings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kdbot.model.collection import IDENTIFIER_FIELDS, Collection
from kdbot.model.evidence import (
    Evidence,
    MetadataRecord,
    NotFound,
    Outcome,
    Unavailable,
    found_records,
)
from kdbot.model.finding import Finding, Severity, error_rule, notice_rule, quote, warning_rule
from kdbot.model.paper import FieldValue, Paper
from kdbot.model.proposal import Given, Origin
from kdbot.model.titles import fold_title
from kdbot.model.venue import Venues
from kdbot.review.draft import Draft
from kdbot.review.metadata import (
    BY_IDENTIFIER,
    PREPRINT_SOURCES,
    TitleSimilarity,
    complete,
    gravest_notice,
    known_values,
    record_of_title,
    suggested_links,
    title_similarity,
    titled_records,
    venue_upgrade,
)
from kdbot.review.normalize import date_by_identifier

TITLE_MISMATCH = warning_rule(
    "title-mismatch",
    "The title and the identifier belong to the same paper.",
    "Check which one is right, and correct the other.",
)
UNKNOWN_PAPER = error_rule(
    "unknown-paper",
    "An arXiv identifier belongs to a paper on arXiv.",
    "Copy the identifier from the paper's page on arXiv.",
)
WITHDRAWN_PAPER = warning_rule(
    "withdrawn-paper",
    "A withdrawn or retracted paper is marked, and a maintainer decides on it.",
    "Nothing to do; a maintainer decides whether to list the paper.",
)
EDITORIAL_NOTICE = warning_rule(
    "editorial-notice",
    "A paper with an expression of concern or a correction is marked.",
    "Nothing to do; a maintainer decides on a paper with an expression of concern.",
    since="0.2.0",
)
PUBLISHED_SINCE = notice_rule(
    "published-since",
    "A published paper has its venue, not the preprint server.",
    "Write the venue if it is right for this paper.",
)
FOUND_BY_TITLE = warning_rule(
    "found-by-title",
    "A paper without an identifier is looked up by its title; an exact match is used.",
    "Nothing to do if it is this paper; otherwise write its identifier or its link.",
    since="0.2.0",
)
SUGGESTED_LINK = notice_rule(
    "suggested-link",
    "Links that other sites give for a paper are suggested, and only people add them.",
    "Add the link if it is the authors' own.",
)
METADATA_NOT_CHECKED = notice_rule(
    "metadata-not-checked",
    "The metadata services answer, so that the bot can check a paper.",
    "Nothing to do; this is on my side, and the weekly audit checks it again.",
)

_MAX_QUOTE = 300
_SEARCHED_WORDS = 3


def check_metadata(
    values: Mapping[str, FieldValue], outcomes: Sequence[Outcome], venues: Venues
) -> Iterator[Finding]:
    """Yield where the services contradict a record, and what else they know."""
    title = values.get("title")
    if isinstance(title, str) and (finding := check_title(title, found_records(outcomes))):
        yield finding
    yield from _check_existence(outcomes)
    if notice := gravest_notice(values, outcomes):
        yield notice_finding(notice)
    upgrade = venue_upgrade(values, outcomes, venues)
    if upgrade is not None and values.get("venue"):
        message = f"It was published at {quote(upgrade.name)}, per {' and '.join(upgrade.origins)}."
        yield PUBLISHED_SINCE.finding(message, field="venue", fix=f"Write {quote(upgrade.name)}.")
    for name, address, origin in suggested_links(values, outcomes):
        message = f"{origin} lists {quote(address, _MAX_QUOTE)} for this paper."
        yield SUGGESTED_LINK.finding(message, field=name)
    yield from _check_answers(outcomes)


def notice_finding(record: MetadataRecord | Paper) -> Finding:
    """Say what a service, or a record, says against a paper."""
    by = f" ({record.source})" if isinstance(record, MetadataRecord) else ""
    day = f" on {record.status_date}" if record.status_date else ""
    reason = f": {quote(record.status_reason, _MAX_QUOTE)}" if record.status_reason else ""
    then = f" Its successor is {quote(record.successor)}." if record.successor else ""
    if record.standing in {"withdrawn", "retracted"}:
        message = f"This paper was {record.standing}{day}{by}{reason}.{then}"
        return WITHDRAWN_PAPER.finding(message, field="arxiv" if record.withdrawn else "doi")
    what = "A correction of" if record.status == "corrected" else "An expression of concern about"
    message = f"{what} this paper was published{day}{by}{reason}.{then}"
    severity = Severity.NOTICE if record.status == "corrected" else None
    return EDITORIAL_NOTICE.finding(message, field="doi", severity=severity)


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
        f"I read the title {quote(title, _MAX_QUOTE)}, but on {named[0].source} the identifier "
        f"belongs to {quote(named[0].title, _MAX_QUOTE)}.",
        field="title",
        severity=Severity.NOTICE if is_near else None,
        fix="Use the title that the authors use now." if is_near else None,
    )


def could_not_ask(outcomes: Iterable[Outcome]) -> bool:
    """Tell whether no service knew the paper and at least one could not be asked."""
    listed = tuple(outcomes)
    return not found_records(listed) and any(isinstance(one, Unavailable) for one in listed)


def _check_existence(outcomes: Sequence[Outcome]) -> Iterator[Finding]:
    asked = [outcome for outcome in outcomes if outcome.source in PREPRINT_SOURCES]
    known = any(record.source in BY_IDENTIFIER for record in found_records(outcomes))
    if not known and any(isinstance(outcome, NotFound) for outcome in asked):
        message = "arXiv has no paper with this identifier. New papers take a few days to appear."
        yield UNKNOWN_PAPER.finding(message, field="arxiv")


def _check_answers(outcomes: Sequence[Outcome]) -> Iterator[Finding]:
    failed = [outcome for outcome in outcomes if isinstance(outcome, Unavailable)]
    found = any(record.source is Origin.DATACITE for record in found_records(outcomes))
    # DataCite replaces arXiv.
    failed = [o for o in failed if not (found and o.source is Origin.ARXIV)]
    if failed:
        said = "; ".join(f"{outcome.source}: {quote(outcome.reason, 120)}" for outcome in failed)
        yield METADATA_NOT_CHECKED.finding(f"I could not check all of the metadata ({said}).")


def metadata_key(values: Mapping[str, object]) -> str | None:
    """Return the name under which the metadata of a record is gathered, or None without one."""
    for _, name in IDENTIFIER_FIELDS:
        if value := values.get(name):
            return f"{name}:{value}"
    return None


def search_key(draft: Draft) -> str | None:
    """Return the name under which is gathered what a search for a title finds, or None.

    A file is its author's, and is not searched for; nor are one or two words, which many papers
    may have for a title.
    """
    folded = fold_title(draft.text("title"))
    is_open = draft.file is None and metadata_key(draft.values) is None
    return f"title:{folded}" if is_open and len(folded.split()) >= _SEARCHED_WORDS else None


def complete_draft(draft: Draft, evidence: Evidence, collection: Collection) -> Draft:
    """Return the draft with what services know of it, each value with its origin.

    A file is its author's: nothing is added to it, and it is only held against what they say. Title
    and authors of any other proposal are the services', and what was read is held against them.
    Without evidence of this paper the draft is returned as it is.
    """
    outcomes: Sequence[Outcome] = evidence.metadata.get(metadata_key(draft.values) or "", ())
    if not outcomes and (key := search_key(draft)) in evidence.metadata:
        draft, outcomes = _with_found_identifier(draft, evidence.metadata[str(key)])
    if not outcomes:
        return draft
    if draft.file is not None:
        found = check_metadata(draft.values, outcomes, collection.venues)
        placed = (replace(f, file=draft.file, line=draft.line(f.field)) for f in found)
        return draft.noting(*placed)
    known = known_values(draft.values, outcomes)
    values = {**draft.values, **{name: value for name, (value, _) in known.items()}}
    findings = [*draft.findings, *check_metadata(values, outcomes, collection.venues)]
    if finding := _check_stated_title(draft.text("title"), found_records(outcomes)):
        findings.append(finding)
    completion = complete(values, outcomes, collection.venues)
    origins = {**{name: origin for name, (_, origin) in known.items()}, **completion.origins}
    added = {
        name: Given(value=completion.values[name], origin=origin)
        for name, origin in origins.items()
        if name in collection.schema.by_name
    }
    values = {**draft.values, **{name: completion.values[name] for name in added}}
    return replace(draft, values=values, given={**draft.given, **added}, findings=tuple(findings))


def _with_found_identifier(
    draft: Draft, outcomes: Sequence[Outcome]
) -> tuple[Draft, Sequence[Outcome]]:
    """Return the draft with the identifier that a search found, and what is known of that paper."""
    record = record_of_title(draft.values, outcomes)
    if record is None:
        return draft.noting(*_check_answers(outcomes)), ()
    name = next(n for n in ("arxiv", "acl", "doi") if getattr(record, n))
    value = getattr(record, name)
    finding = draft.finding(
        FOUND_BY_TITLE,
        f"Is it this paper? I found {quote(value)} on {record.source} under the same title.",
        field=name,
        fix="If it is another paper, write its identifier or its link.",
    )
    draft = draft.with_value(name, value, Given(value=value, origin=record.source))
    return date_by_identifier(draft.noting(finding)), found_records(outcomes)


def _check_stated_title(title: str, records: Sequence[MetadataRecord]) -> Finding | None:
    """Compare the title that was read in a proposal with the one that replaces it.

    A title that was cut, or has words around it, is still the same title.
    """
    folded = f" {fold_title(title)} "
    named = titled_records(records)
    known = [f" {fold_title(record.title)} " for record in named]
    finding = check_title(title, records)
    if finding is None or any(one in folded or folded in one for one in known):
        return None
    is_other = finding.severity is Severity.WARNING
    return replace(
        finding,
        message=f"I read the title {quote(title, _MAX_QUOTE)}. {named[0].source} has "
        f"{quote(named[0].title, _MAX_QUOTE)} under this identifier, so I used that.",
        fix="Check that the identifier belongs to your paper." if is_other else None,
    )
