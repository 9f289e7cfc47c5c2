"""The metadata of a draft: what it lacks is filled in, what contradicts it is said."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kdbot.model.collection import IDENTIFIER_FIELDS, Collection
from kdbot.model.evidence import Evidence
from kdbot.model.finding import Finding
from kdbot.model.proposal import Given
from kdbot.review.draft import Draft
from kdbot.review.metadata import complete
from kdbot.review.metadata_check import check_metadata


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
    }
    return replace(
        draft, values=completion.values, given={**draft.given, **added}, findings=findings
    )


def _at_their_places(draft: Draft, findings: Iterable[Finding]) -> Iterable[Finding]:
    return (
        replace(finding, file=draft.file, line=draft.line(finding.field)) for finding in findings
    )
