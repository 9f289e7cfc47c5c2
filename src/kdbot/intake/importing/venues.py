"""Venues as lists write them, to canonical names."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kdbot.model.venue import Venue, Venues, fold_venue
from kdbot.text.venues import bare_venue, canonical_venue

_MAX_WORDS = 9
_MAX_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueNames:
    """What each spelling of a list stands for.

    Attributes:
        names: canonical names by spelling; None where the words name no venue.
        unknown: canonical names that no file had, in order of appearance.
    """

    names: Mapping[str, str | None]
    unknown: tuple[str, ...]


def read_venues(spellings: Iterable[str], known: Venues) -> VenueNames:
    """Find the canonical name of each spelling; spellings alike but for case and year are one."""
    counted = Counter(spellings)
    names: dict[str, str | None] = {}
    strangers: dict[str, Counter[str]] = {}
    for spelling, count in counted.items():
        name = canonical_venue(spelling, known)
        if name is None and (plain := _plain_name(spelling)):
            strangers.setdefault(fold_venue(plain), Counter())[plain] += count
        names[spelling] = name
    chosen = {folded: counts.most_common(1)[0][0] for folded, counts in strangers.items()}
    for spelling in counted:
        plain = _plain_name(spelling)
        if names[spelling] is None and plain:
            names[spelling] = chosen[fold_venue(plain)]
    return VenueNames(names=names, unknown=tuple(dict.fromkeys(chosen.values())))


def with_unknown(known: Venues, names: VenueNames) -> Venues:
    """Return the venues with those of the list that were not among them."""
    return Venues(venues=(*known.venues, *(Venue(name=name) for name in names.unknown)))


def used_venues(known: Venues, used: Iterable[str]) -> Venues:
    """Return the venues that stand for some name in use."""
    kept = frozenset(used)
    return Venues(venues=tuple(venue for venue in known.venues if venue.name in kept))


def _plain_name(spelling: str) -> str | None:
    """Return the name without what stands around it, or None where it is too long for one."""
    text = bare_venue(spelling)
    if not fold_venue(text) or len(text) > _MAX_LENGTH or len(text.split()) > _MAX_WORDS:
        return None
    return text if any(c.isalpha() for c in text) and len(text) > 1 else None
