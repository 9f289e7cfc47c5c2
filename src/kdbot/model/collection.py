"""The collection: all papers with the rules they live under."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TypeVar

from kdbot.model.finding import Finding
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.paper import IDENTIFIER_NAMES, Paper
from kdbot.model.schema import PaperSchema
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.model.titles import fold_title
from kdbot.model.urls import canonical_url
from kdbot.model.venue import Venues

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

BROKEN_FILE_CODE = "listed-file-broken"
"""Code of the finding that a paper could not be compared with its file in the list."""
IDENTIFIER_FIELDS = tuple((IdentifierKind(name), name) for name in IDENTIFIER_NAMES)
"""Identifiers of a paper, strongest first, with the field of each."""


def _group(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, tuple[_Value, ...]]:
    """Return all values of each key, in their order."""
    found: defaultdict[_Key, list[_Value]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What tells one paper from another, without the rest of its record.

    Attributes:
        id: stem of the paper's file.
        title: as written.
        keys: (kind, canonical form) of each identifier and of the address, strongest first.
        other_titles: earlier or other titles; they never prove that two papers are one.
        citation_key: its BibTeX key, or None.
    """

    id: str
    title: str
    keys: tuple[tuple[IdentifierKind, str], ...] = ()
    other_titles: tuple[str, ...] = ()
    citation_key: str | None = None

    @property
    def titles(self) -> tuple[str, ...]:
        """All titles that it is known by, the present one first."""
        return (self.title, *self.other_titles)


@dataclass(frozen=True, kw_only=True)
class Identities:
    """The identities of a collection, with look-ups by key and by folded title."""

    all: tuple[Identity, ...]

    def __hash__(self) -> int:
        """Return a hash that costs nothing: caches of what is read beside one list ask for it."""
        return hash(len(self.all))

    @cached_property
    def by_id(self) -> Mapping[str, Identity]:
        """Identities by the stem of their file."""
        return {identity.id: identity for identity in self.all}

    @cached_property
    def by_key(self) -> Mapping[tuple[IdentifierKind, str], tuple[Identity, ...]]:
        """Papers that have an identifier or an address; more than one is an error in the list."""
        return _group((key, identity) for identity in self.all for key in identity.keys)

    @cached_property
    def by_title(self) -> Mapping[str, tuple[Identity, ...]]:
        """Papers by folded title."""
        return _group((fold_title(identity.title), identity) for identity in self.all)

    @cached_property
    def by_any_title(self) -> Mapping[str, tuple[tuple[Identity, str], ...]]:
        """Papers by each of their folded titles, with that title as written."""
        return _group(
            (fold_title(title), (identity, title))
            for identity in self.all
            for title in identity.titles
        )

    @cached_property
    def citation_keys(self) -> frozenset[str]:
        """The BibTeX keys that are taken."""
        return frozenset(i.citation_key for i in self.all if i.citation_key)

    @cached_property
    def by_word(self) -> Mapping[str, tuple[str, ...]]:
        """Folded titles by each of their words: the index that finds titles alike."""
        return _group((word, title) for title in self.by_any_title for word in set(title.split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenFile:
    """A paper's file that cannot be read, or breaks a rule, and what its paper is known by.

    Attributes:
        file: its path in the repository.
        findings: its problems, at least one.
        titles: folded titles that can still be made out in it.
        keys: (kind, canonical form) of the identifiers and addresses in its name and its text.
        added: the day in its text, or None.
        citation_key: the BibTeX key in its text, which stays taken, or None.
        commit: full name of the commit that broke it, where the history tells.
        kept: full name of the commit whose version readers see instead, where there is one.
    """

    file: str
    findings: tuple[Finding, ...]
    titles: frozenset[str] = frozenset()
    keys: frozenset[tuple[IdentifierKind, str]] = frozenset()
    added: str | None = None
    citation_key: str | None = None
    commit: str | None = None
    kept: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinedPaper:
    """One paper that a maintainer declined.

    Attributes:
        identifier: kind and canonical form, such as `arxiv:2402.12030`.
        title: its title, by a service that knows the identifier.
        reason: why it was declined, in the maintainer's words.
        day: when, in UTC.
        number: the issue or pull request where it was discussed.
    """

    identifier: str
    title: str
    reason: str
    day: date
    number: int

    @property
    def key(self) -> tuple[IdentifierKind, str]:
        """The identifier as identities have it."""
        kind, _, value = self.identifier.partition(":")
        return IdentifierKind(kind), value


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """All papers of the list with its schema, taxonomy and venues.

    `papers` may read its records from disk on demand: a review needs the identities of all papers
    but the records of only those that a proposal touches.

    Attributes:
        papers: records by id.
        identities: what tells the papers apart.
        schema: the form of a record.
        taxonomy: the tree of categories.
        venues: canonical venue names.
        broken: files that cannot be read, or break a rule, by the stem of their name. A look-up
            knows only those that cannot be read. Where readers are to see the papers of such
            files, `papers` has their last readable versions.
        outdated: categories of such a version that the taxonomy no longer has, parents before
            children.
        declined: papers that were proposed and declined.
    """

    papers: Mapping[str, Paper]
    identities: Identities
    schema: PaperSchema
    taxonomy: Taxonomy
    venues: Venues
    broken: Mapping[str, BrokenFile] = field(default_factory=dict)
    outdated: tuple[Category, ...] = ()
    declined: tuple[DeclinedPaper, ...] = ()

    @property
    def citation_keys(self) -> frozenset[str]:
        """The BibTeX keys that are taken, by papers and by files that cannot be read."""
        broken = (one.citation_key for one in self.broken.values())
        return self.identities.citation_keys | {key for key in broken if key}

    @property
    def shown(self) -> "Collection":
        """The collection as readers see it: with the categories of papers that wait for a fix."""
        if not self.outdated:
            return self
        return replace(self, taxonomy=self.taxonomy.with_categories(self.outdated))


def identity_of(paper: Paper) -> Identity:
    """Return the identity of a record."""
    keys = [(kind, value) for kind, name in IDENTIFIER_FIELDS if (value := getattr(paper, name))]
    if paper.url and (url := canonical_url(paper.url)):
        keys.append((IdentifierKind.URL, url))
    return Identity(
        id=paper.id,
        title=paper.title,
        keys=tuple(keys),
        other_titles=paper.other_titles,
        citation_key=paper.key,
    )


def identities_of(papers: Iterable[Paper]) -> Identities:
    """Return the identities of records, in their order."""
    return Identities(all=tuple(identity_of(paper) for paper in papers))
