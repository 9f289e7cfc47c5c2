"""What the services change in a listed record: what is missing is filled, a preprint upgraded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kdbot.model.finding import Finding
from kdbot.model.metadata import Outcome
from kdbot.model.paper import Paper, paper_from_values, path_of
from kdbot.model.proposal import Origin
from kdbot.model.venue import Venues
from kdbot.review.draft import Value
from kdbot.review.metadata import complete, venue_upgrade
from kdbot.review.metadata_check import PUBLISHED_SINCE, check_metadata
from kdbot.review.updates import listed_values


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field that the services fill in or upgrade.

    Attributes:
        field: its name.
        before: the value in the list, or None.
        after: the value by the services.
        origins: who says so.
    """

    field: str
    before: Value | None
    after: Value
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment:
    """A listed paper with what the services know of it.

    Attributes:
        paper: the record as it is.
        after: the record with all changes.
        changes: what they are, in the order of the fields.
        findings: where the services contradict the record, with its file.
    """

    paper: Paper
    after: Paper
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


def enrich_paper(paper: Paper, outcomes: Sequence[Outcome], venues: Venues) -> Enrichment:
    """Fill what a record lacks; put a venue in the place of a preprint where two sources agree.

    Whatever else differs is told and left as it is.
    """
    values = listed_values(paper)
    upgrade = venue_upgrade(values, outcomes, venues)
    is_upgraded = upgrade is not None and upgrade.is_confirmed and bool(values.get("venue"))
    completion = complete(values, outcomes, venues)
    after: dict[str, Value] = dict(completion.values)
    origins: dict[str, tuple[Origin, ...]] = {
        name: (origin,) for name, origin in completion.origins.items()
    }
    if upgrade is not None and (is_upgraded or origins.get("venue")):
        after["venue"], origins["venue"] = upgrade.name, upgrade.origins
    findings = (
        replace(finding, file=path_of(paper.id))
        for finding in check_metadata(values, outcomes, venues)
        if not (is_upgraded and finding.code == PUBLISHED_SINCE.code)
    )
    return Enrichment(
        paper=paper,
        after=paper_from_values(paper.id, after),
        changes=tuple(
            Change(field=name, before=values.get(name), after=after[name], origins=origins[name])
            for name in sorted(origins)
        ),
        findings=tuple(findings),
    )
