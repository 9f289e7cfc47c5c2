"""What metadata services add to a record.

Values that a record already has are not changed here. Where its title and its identifier name two
papers, nothing is taken from either: a maintainer decides which is meant. A proposal in words is
not a record: its title and authors are those that a service has under its identifier.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from kdbot.model.evidence import MetadataRecord, Outcome, found_records
from kdbot.model.paper import LINK_LISTS, NOTICE_FIELDS, STATUSES, FieldValue, is_graver, standing
from kdbot.model.proposal import Origin
from kdbot.model.titles import fold_title, is_stand_in
from kdbot.model.venue import Venues, year_of_venue
from kdbot.review.similarity import are_alike, title_of
from kdbot.text.addresses import same_address
from kdbot.text.venues import (
    ARXIV,
    is_preprint,
    published_venue,
    venue_of_acl,
    venues_in_remark,
    year_of_acl,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedVenue:
    """A venue with those who name it.

    Attributes:
        name: canonical name.
        origins: the sources, each once; authors count as one, wherever they say it.
        year: the year that most of those who tell one name; None where none does, or two say
            different ones.
    """

    name: str
    origins: tuple[Origin, ...]
    year: str | None = None

    @property
    def is_confirmed(self) -> bool:
        """Tell whether two sources name it, as it takes to change what the list says."""
        return len(self.origins) > 1


_MAX_AUTHORS = 500
BY_IDENTIFIER = frozenset(
    {
        Origin.ARXIV,
        Origin.DATACITE,
        Origin.SEMANTIC_SCHOLAR,
        Origin.OPENREVIEW,
        Origin.HUGGING_FACE,
    }
)
"""Services that were asked for the paper's own identifier, and not for its title."""

PREPRINT_SOURCES = (Origin.ARXIV, Origin.DATACITE)
"""Services that know every paper of arXiv."""


_SEARCHED = (Origin.ARXIV, Origin.SEMANTIC_SCHOLAR)
"""Services that are asked for a title where a proposal has no identifier."""

MARKUP = frozenset("$\\{}<>")
"""Characters of a title that is written in LaTeX or HTML."""


class TitleSimilarity(Enum):
    """How a title compares with those of the services."""

    SAME = "same"
    NEAR = "near"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A record with what the services add to it.

    Attributes:
        values: all values, the record's own unchanged.
        origins: where each value was found that the record lacked.
    """

    values: Mapping[str, FieldValue]
    origins: Mapping[str, Origin]


def complete(
    values: Mapping[str, FieldValue], outcomes: Sequence[Outcome], venues: Venues
) -> Completion:
    """Fill in title, authors, date, venue with its year, and retraction where a record has none.

    One source is enough for a venue that nobody has written; without any, a paper of arXiv is a
    preprint, as long as the list has that as a venue.
    """
    records = matching_records(values, outcomes)
    filled: dict[str, FieldValue] = {}
    origins: dict[str, Origin] = {}
    for name, value, origin in _offers(records, venues):
        if not values.get(name) and name not in filled:
            filled[name], origins[name] = value, origin
    venue = filled.get("venue") or values.get("venue")
    for published in published_venues(records, venues):
        if published.name == venue and published.year and not values.get("year"):
            filled["year"], origins["year"] = published.year, published.origins[0]
    named = {name: value for name, value in values.items() if name not in NOTICE_FIELDS}
    if notice := gravest_notice({**filled, **named}, outcomes):
        own = standing(values.get("withdrawn"), values.get("status"))
        graver, same = is_graver(notice.standing, own), notice.standing == own
        said = {
            name: value
            for name, value in notice_values(notice).items()
            if graver or (same and not values.get(name))
        }
        filled |= said
        origins |= dict.fromkeys(said, notice.source)
    return Completion(values={**values, **filled}, origins=origins)


def known_values(
    values: Mapping[str, FieldValue], outcomes: Iterable[Outcome]
) -> dict[str, tuple[FieldValue, Origin]]:
    """Return title and authors as a service has them under the paper's own identifier.

    They replace what was read in a text. A title with markup gives way to the same
    title without it.
    """
    records = [record for record in found_records(outcomes) if record.source in BY_IDENTIFIER]
    stated = str(values.get("title", ""))
    known: dict[str, tuple[FieldValue, Origin]] = {}
    for record in records:
        marks = MARKUP & set(record.title)
        is_marked_up = marks - set(stated) and fold_title(record.title) == fold_title(stated)
        if record.title and not is_marked_up:
            known.setdefault("title", (record.title, record.source))
        if record.authors:
            known.setdefault("authors", (record.authors[:_MAX_AUTHORS], record.source))
    return known


def record_of_title(
    values: Mapping[str, FieldValue], outcomes: Iterable[Outcome]
) -> MetadataRecord | None:
    """Return what a search for the title found: a paper of the same title with an identifier.

    None where it is by other people than the stated authors.
    """
    title, stated = values.get("title"), values.get("authors")
    names = _families(stated if isinstance(stated, tuple) else ())
    for record in found_records(outcomes):
        is_same = fold_title(record.title) == fold_title(str(title))
        others = names and record.authors and not names & _families(record.authors)
        is_named = record.source in _SEARCHED and (record.arxiv or record.acl or record.doi)
        if is_same and is_named and not others:
            return record
    return None


def matching_records(
    values: Mapping[str, FieldValue], outcomes: Iterable[Outcome]
) -> tuple[MetadataRecord, ...]:
    """Return the records of this paper; none if its title belongs to another paper.

    A record that was found only by title counts only if it shares an author with the others.
    """
    records = found_records(outcomes)
    title = values.get("title")
    titled = titled_records(records)
    if isinstance(title, str) and title_similarity(title, titled) is TitleSimilarity.OTHER:
        return ()
    known = [record for record in records if record.source in BY_IDENTIFIER]
    listed = values.get("authors")
    names = _families(listed if isinstance(listed, tuple) else ())
    names |= {name for record in known for name in _families(record.authors)}
    return tuple(
        record
        for record in records
        if record.source in BY_IDENTIFIER
        or not names
        or not record.authors
        or names & _families(record.authors)
    )


def titled_records(records: Iterable[MetadataRecord]) -> tuple[MetadataRecord, ...]:
    """Return the records that tell which titles the identifier is or was of.

    A record that was found by the listed title counts where it has the identifier: bibliographies
    keep the title of the first version.
    """
    listed = tuple(records)
    known = {r.arxiv for r in listed if r.source in BY_IDENTIFIER and r.arxiv}
    return tuple(
        r for r in listed if (r.source in BY_IDENTIFIER or r.arxiv in known) and fold_title(r.title)
    )


def title_similarity(title: str | None, records: Sequence[MetadataRecord]) -> TitleSimilarity:
    """Tell whether a title is one of the records', nearly so, or by all appearances another's."""
    if not title or not records:
        return TitleSimilarity.SAME
    if any(fold_title(title) == fold_title(record.title) for record in records):
        return TitleSimilarity.SAME
    ours = title_of(title)
    is_near = is_stand_in(title) or any(are_alike(ours, title_of(r.title)) for r in records)
    return TitleSimilarity.NEAR if is_near else TitleSimilarity.OTHER


def suggested_links(
    values: Mapping[str, FieldValue], outcomes: Iterable[Outcome]
) -> Iterator[tuple[str, str, Origin]]:
    """Yield field, address and source of each link that a service has and the record lacks."""
    known = {
        same_address(item)
        for name in LINK_LISTS
        if isinstance(items := values.get(name, ()), tuple)
        for item in items
    }
    for record in matching_records(values, outcomes):
        for name in LINK_LISTS:
            for address in getattr(record, name):
                if same_address(address) not in known:
                    known.add(same_address(address))
                    yield name, address, record.source


def venue_upgrade(
    values: Mapping[str, FieldValue], outcomes: Iterable[Outcome], venues: Venues
) -> PublishedVenue | None:
    """Return where a preprint has been published, by whomever it is said; None for any other."""
    venue = values.get("venue")
    if isinstance(venue, str) and venue and not is_preprint(venue):
        return None
    found = published_venues(matching_records(values, outcomes), venues)
    return found[0] if found else None


def _offers(
    records: Sequence[MetadataRecord], venues: Venues
) -> Iterator[tuple[str, FieldValue, Origin]]:
    """Yield field, value and source of all that can be filled in, the most trusted first."""
    for record in records:
        origin = record.source
        if record.title:
            yield "title", record.title, origin
        if record.authors:
            yield "authors", record.authors[:_MAX_AUTHORS], origin
        if record.date:
            yield "date", record.date, origin
    for published in published_venues(records, venues):
        yield "venue", published.name, published.origins[0]
    preprint = venues.canonical(ARXIV)
    for record in records:
        if preprint is not None and record.source in PREPRINT_SOURCES:
            yield "venue", preprint, record.source


def gravest_notice(
    values: Mapping[str, FieldValue], outcomes: Iterable[Outcome]
) -> MetadataRecord | None:
    """Return the record that says most against a paper, and more than its own record; or None.

    Crossref answers for a DOI, which another service may have given to the wrong paper: it counts
    for the record's own DOI, or where the titles agree.
    """
    own, title = standing(values.get("withdrawn"), values.get("status")), values.get("title")
    said = [
        record
        for record in matching_records(values, outcomes)
        if is_graver(record.standing, own)
        and (
            record.source is not Origin.CROSSREF
            or values.get("doi")
            or fold_title(record.title) == fold_title(str(title))
        )
    ]
    return max(said, key=lambda record: STATUSES.index(record.standing), default=None)


def notice_values(record: MetadataRecord) -> dict[str, FieldValue]:
    """Return the fields that tell what is said against a paper, as its record has them."""
    values = {name: getattr(record, name) for name in NOTICE_FIELDS}
    return {name: value for name, value in values.items() if value}


def _families(authors: Iterable[str]) -> frozenset[str]:
    """Return the last words of names, folded, which is where two sources mostly agree."""
    words = (fold_title(author).split() for author in authors)
    return frozenset(name[-1] for name in words if name)


_TRUST = (Origin.DBLP, Origin.OPENREVIEW, Origin.SEMANTIC_SCHOLAR, Origin.ARXIV, Origin.DATACITE)

_AUTHORS = frozenset({Origin.ARXIV, Origin.DATACITE})


def published_venues(
    records: Iterable[MetadataRecord], venues: Venues
) -> tuple[PublishedVenue, ...]:
    """Return the venues that the records name, those of most sources first."""
    listed = tuple(records)
    votes = _join_findings(_votes(listed, venues), venues)
    named: dict[str, list[Origin]] = {}
    for origin, name in votes.items():
        named.setdefault(name, []).append(origin)
    found = (
        PublishedVenue(name=name, origins=tuple(said), year=_year(listed, said))
        for name, said in named.items()
    )
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


def _year(records: Iterable[MetadataRecord], origins: Sequence[Origin]) -> str | None:
    """Return the year that most records of some sources give, or None without a majority."""
    said = Counter(
        year for record in records if record.source in origins and (year := _year_in(record))
    )
    (most, *others) = [*said.most_common(2), ("", 0)]
    is_clear = bool(most[0]) and not (others and others[0][1] == most[1])
    return most[0] if is_clear else None


def _year_in(record: MetadataRecord) -> str | None:
    """Return the year of publication of a record: stated, its identifier's, or in its words."""
    anthology = year_of_acl(record.acl) if record.acl else None
    words = (*record.venues, record.journal_ref or "", record.comment or "")
    return record.year or anthology or next(filter(None, map(year_of_venue, words)), None)


def _vote(record: MetadataRecord, venues: Venues) -> str | None:
    if record.acl and (name := venue_of_acl(record.acl, venues)):
        return name
    for text in record.venues:
        if name := published_venue(text, venues):
            return name
    said = (
        *venues_in_remark(record.journal_ref or "", venues, needs_cue=False),
        *venues_in_remark(record.comment or "", venues),
    )
    return said[0] if said else None


def _join_findings(votes: dict[Origin, str], venues: Venues) -> dict[Origin, str]:
    """Make Semantic Scholar agree with the others: it files Findings under their conference."""
    conference = votes.get(Origin.SEMANTIC_SCHOLAR)
    findings = venues.canonical(f"Findings of {conference}") if conference else None
    if findings is None or findings not in votes.values():
        return votes
    return {**votes, Origin.SEMANTIC_SCHOLAR: findings}


def _rank(origin: Origin) -> int:
    return _TRUST.index(origin) if origin in _TRUST else len(_TRUST)
