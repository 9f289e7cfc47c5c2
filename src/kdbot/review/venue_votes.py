"""Where a paper was published, by the votes of those who know it."""

from collections.abc import Iterable
from dataclasses import dataclass

from kdbot.model.metadata import MetadataRecord
from kdbot.model.proposal import Origin
from kdbot.model.venue import Venues
from kdbot.text.venues import venue_of_acl, venue_of_name, venues_in_remark

_TRUST = (Origin.DBLP, Origin.OPENREVIEW, Origin.SEMANTIC_SCHOLAR, Origin.ARXIV, Origin.DATACITE)

_AUTHORS = frozenset({Origin.ARXIV, Origin.DATACITE})


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedVenue:
    """A venue with those who name it.

    Attributes:
        name: canonical name.
        origins: the sources, each once; authors count as one, wherever they say it.
    """

    name: str
    origins: tuple[Origin, ...]

    @property
    def is_confirmed(self) -> bool:
        """Tell whether two sources name it, as it takes to change what the list says."""
        return len(self.origins) > 1


def published_venues(
    records: Iterable[MetadataRecord], venues: Venues
) -> tuple[PublishedVenue, ...]:
    """Return the venues that the records name, those of most sources first."""
    votes = _join_findings(_votes(records, venues), venues)
    named: dict[str, list[Origin]] = {}
    for origin, name in votes.items():
        named.setdefault(name, []).append(origin)
    found = (PublishedVenue(name=name, origins=tuple(said)) for name, said in named.items())
    return tuple(sorted(found, key=lambda v: (-len(v.origins), _rank(v.origins[0]))))


def _votes(records: Iterable[MetadataRecord], venues: Venues) -> dict[Origin, str]:
    votes: dict[Origin, str] = {}
    for record in records:
        name = _vote(record, venues)
        # DataCite repeats what the authors wrote on arXiv.
        is_heard = record.source in _AUTHORS and not votes.keys().isdisjoint(_AUTHORS)
        if name is not None and not is_heard:
            votes.setdefault(record.source, name)
    return votes


def _vote(record: MetadataRecord, venues: Venues) -> str | None:
    if record.acl and (name := venue_of_acl(record.acl, venues)):
        return name
    for text in record.venues:
        if name := venue_of_name(text, venues):
            return name
    said = (
        *venues_in_remark(record.journal_ref or "", venues, needs_cue=False),
        *venues_in_remark(record.comment or "", venues),
    )
    return said[0] if said else None


def _join_findings(votes: dict[Origin, str], venues: Venues) -> dict[Origin, str]:
    """Let Semantic Scholar, which files Findings under their conference, agree with the others."""
    conference = votes.get(Origin.SEMANTIC_SCHOLAR)
    findings = venues.canonical(f"Findings of {conference}") if conference else None
    if findings is None or findings not in votes.values():
        return votes
    return {**votes, Origin.SEMANTIC_SCHOLAR: findings}


def _rank(origin: Origin) -> int:
    return _TRUST.index(origin) if origin in _TRUST else len(_TRUST)
