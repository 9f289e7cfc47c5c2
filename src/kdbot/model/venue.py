"""Venues: canonical names with their aliases."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from kdbot.model.titles import plain_words

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])|['’] ?[0-9]{2}(?![0-9])")
_DIGIT = re.compile(r"[0-9]")
_GLUED_YEAR = re.compile(r"(?<=[a-z])-?[0-9]{2}(?![0-9])", re.IGNORECASE)


class VenueKind(StrEnum):
    """What kind of place a venue is, which decides how its papers are cited."""

    CONFERENCE = "conference"
    WORKSHOP = "workshop"
    JOURNAL = "journal"
    PREPRINT = "preprint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """Where papers appear.

    Attributes:
        name: canonical name, without year.
        aliases: other ways people write it.
        full_name: name in full, as a citation has it, without year and number; or None.
        kind: conference, workshop, journal or preprint; None if unknown.
    """

    name: str
    aliases: tuple[str, ...] = ()
    full_name: str | None = None
    kind: VenueKind | None = None

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every way to write it that the list knows."""
        full = (self.full_name,) if self.full_name else ()
        return (self.name, *self.aliases, *full)


@dataclass(frozen=True, kw_only=True)
class Venues:
    """The venues that the list knows."""

    venues: tuple[Venue, ...]

    def __hash__(self) -> int:
        """Return a hash that costs nothing: caches of what is read with one instance ask for it."""
        return hash(len(self.venues))

    @cached_property
    def _by_folded(self) -> Mapping[str, str]:
        return {fold_venue(n): v.name for v in self.venues for n in v.all_names}

    @cached_property
    def by_name(self) -> Mapping[str, Venue]:
        """Venues by their canonical name."""
        return {venue.name: venue for venue in self.venues}

    @cached_property
    def first_words(self) -> frozenset[str]:
        """First words of all names and aliases, folded: where a search in a text can begin."""
        return frozenset(name.partition(" ")[0] for name in self._by_folded)

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """The first two words of all names and aliases that have several, folded."""
        return frozenset(" ".join(name.split(" ", 2)[:2]) for name in self._by_folded)

    @cached_property
    def _last_words(self) -> frozenset[str]:
        return frozenset(name.rpartition(" ")[2] for name in self._by_folded)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Canonical names, in the file's order."""
        return tuple(venue.name for venue in self.venues)

    def canonical(self, text: str) -> str | None:
        """Return the canonical name that a text stands for, years dropped, or None."""
        last = text.rpartition(" ")[2]
        if last.isascii() and last.isalpha() and last.lower() not in self._last_words:
            return None
        return self._by_folded.get(fold_venue(text))


def year_of_venue(text: str) -> str | None:
    """Return the year written beside a venue's name (`ICLR 2024`, `ACL'23`, `EMNLP22`), or None.

    Two years, as of a journal's volume, tell no single one.
    """
    text = unicodedata.normalize("NFKC", text)
    found = {m[0].lstrip("'’ ") for m in _YEAR.finditer(text)}
    found |= {m[0].lstrip("-") for m in _GLUED_YEAR.finditer(text)}
    years = {year if len(year) == 4 else f"20{year}" for year in found}
    return years.pop() if len(years) == 1 else None


@lru_cache(maxsize=4096)  # the words of a text are looked up one by one
def fold_venue(text: str) -> str:
    """Return a venue's name without year, case and punctuation, only for comparison."""
    text = unicodedata.normalize("NFKC", text)
    if _DIGIT.search(text):
        text = _GLUED_YEAR.sub("", _YEAR.sub(" ", text))
    return plain_words(text.casefold())
