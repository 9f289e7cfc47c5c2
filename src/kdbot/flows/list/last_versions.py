"""Papers whose files are broken, as readers saw them last: from git, else from the README."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise, product
from pathlib import Path
from typing import TypeVar

from kdbot.intake.lists.paper import ListedPaper
from kdbot.intake.lists.reader import parse_readme_list
from kdbot.intake.record import parse_record
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.model.collection import BrokenFile, Collection, identities_of, identity_of
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Severity
from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.model.paper import PAPERS, Paper, RecordChange, paper_from_values, path_of
from kdbot.model.proposal import Candidate
from kdbot.model.regions import README
from kdbot.model.taxonomy import Category
from kdbot.model.titles import fold_title, title_slug
from kdbot.model.urls import canonical_url
from kdbot.review.collection import review_collection
from kdbot.review.duplicates import same_paper
from kdbot.storage.files import SCHEMA, TAXONOMY, VENUES, read_text
from kdbot.storage.git import Author, Checkout, Version
from kdbot.storage.repository import paper_of, read_paper, schema_of

_MAX_FILES = 100
"""Broken files that are looked up in the history; a schema that breaks more is put back sooner."""
_RULE_FILES = (SCHEMA, TAXONOMY, VENUES)
_MAX_STEPS = 4  # changes of the rules that are gone back, all three files together
_NOBODY = Author(name="kdbot", email="kdbot@invalid")

_Value = TypeVar("_Value")
_History = Mapping[str, tuple[Version, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Last:
    """The version of a file that was in order last.

    Attributes:
        paper: its record.
        commit: the commit of that version.
        since: the commit that changed the rules, where the file itself is as it was.
        categories: those of its categories, and above them, that the taxonomy no longer has.
    """

    paper: Paper
    commit: str
    since: str | None
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """Rules that the list had once, without papers, and the commit that ended them."""

    collection: Collection
    until: str | None


def with_last_versions(
    root: Path, collection: Collection, checkout: Checkout | None = None
) -> Collection:
    """Return the collection with a paper for each broken file, as far as one can be had.

    The version of a file that was in order last stands for it, by the rules of today or else by
    those that it was written under; its categories are kept in `outdated`. Where the history tells
    of none, the paper is what its rows in the README say.

    Args:
        root: the list.
        collection: its papers that are in order, and the files that are not.
        checkout: the working copy with the right to fetch, or None.
    """
    if checkout is None:
        checkout = Checkout(root=root, author=_NOBODY)
    looked_up = [broken.file for broken in collection.broken.values()][:_MAX_FILES]
    history = checkout.versions((*_RULE_FILES, *looked_up))
    broken = {stem: _dated(root, one, history) for stem, one in collection.broken.items()}
    last = dict(_from_history(collection, history))
    lost = {stem: one for stem, one in broken.items() if stem not in last}
    papers = [*(one.paper for one in last.values()), *_from_readme(root, lost, collection)]
    whole = {**collection.papers, **{p.id: p for p in papers if not _is_double(p, collection)}}
    ordered = {stem: whole[stem] for stem in sorted(whole, key=path_of)}
    outdated: dict[str, Category] = {}
    for stem in last.keys() & whole.keys():
        since = last[stem].since or broken[stem].commit
        broken[stem] = replace(broken[stem], commit=since, kept=last[stem].commit)
        outdated |= {category.path: category for category in last[stem].categories}
    return replace(
        collection,
        papers=ordered,
        identities=identities_of(ordered.values()),
        broken=broken,
        outdated=tuple(outdated[path] for path in sorted(outdated)),
    )


def record_changes(root: Path) -> Iterator[RecordChange]:
    """Yield the changes of records in the latest commits, of those that can be read on both sides.

    A folder without git has none.
    """
    history = Checkout(root=root, author=_NOBODY).versions((PAPERS,))
    for name, versions in history.items():
        readable = [(one, _paper_in(one, name)) for one in versions] if versions[1:] else []
        for (new, after), (_, before) in pairwise(readable):
            if before is not None and after is not None:
                time = datetime.fromtimestamp(new.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                yield RecordChange(
                    before=before, after=after, commit=new.commit, time=time, credit=new.credit
                )


def _paper_in(version: Version, name: str) -> Paper | None:
    try:
        return read_paper(version.data, name)
    except KdbotError:
        return None


def _dated(root: Path, broken: BrokenFile, history: _History) -> BrokenFile:
    """Return the file with the commit that wrote it as it is; a change of one's own has none."""
    versions = history.get(broken.file, ())
    path = root / broken.file
    is_regular = path.is_file() and not path.is_symlink()
    if versions and is_regular and versions[0].data == path.read_bytes():
        return replace(broken, commit=versions[0].commit)
    return broken


def _from_history(collection: Collection, history: _History) -> Iterator[tuple[str, _Last]]:
    rules = tuple(_rules_of(collection, history))
    waiting = {stem: history.get(one.file, ()) for stem, one in collection.broken.items()}
    for age in range(max(map(len, waiting.values()), default=0)):
        read = {
            stem: (versions[age], candidate)
            for stem, versions in waiting.items()
            if len(versions) > age
            and isinstance(candidate := parse_record(versions[age].data, path_of(stem)), Candidate)
        }
        for old in rules if read else ():
            refused = _refused((candidate for _, candidate in read.values()), old.collection)
            for stem in [stem for stem in read if path_of(stem) not in refused]:
                version, candidate = read.pop(stem)
                waiting.pop(stem)
                paper = paper_of(candidate)
                yield (
                    stem,
                    _Last(
                        paper=paper,
                        commit=version.commit,
                        since=old.until if age == 0 else None,
                        categories=tuple(_gone(paper, old.collection, collection)),
                    ),
                )
            if not read:
                break


def _refused(candidates: Iterable[Candidate], rules: Collection) -> frozenset[str]:
    found = review_collection(candidates, rules)
    return frozenset(str(f.file) for f in found if f.severity is Severity.ERROR)


def _rules_of(collection: Collection, history: _History) -> Iterator[_Rules]:
    """Yield the rules of today, then those of before, the latest change undone first."""
    yield _Rules(collection=collection, until=None)
    versions = [history.get(name, ())[: _MAX_STEPS + 1] for name in _RULE_FILES]
    schemas = [_read(schema_of, version) for version in versions[0]]
    trees = [_read(lambda data: parse_taxonomy(data, TAXONOMY), v) for v in versions[1]]
    venues = [_read(lambda data: parse_venues(data, VENUES), v) for v in versions[2]]
    for chosen in sorted(product(*(range(len(v)) for v in versions)), key=sum):
        schema, tree, names = schemas[chosen[0]], trees[chosen[1]], venues[chosen[2]]
        if 0 < sum(chosen) <= _MAX_STEPS and schema and tree and names:
            old = replace(collection, schema=schema, taxonomy=tree, venues=names)
            ended = [v[i - 1].commit for v, i in zip(versions, chosen, strict=True) if i]
            yield _Rules(collection=old, until=ended[0])


def _read(reader: Callable[[bytes], _Value], version: Version) -> _Value | None:
    try:
        return reader(version.data)
    except KdbotError:
        return None


def _gone(paper: Paper, old: Collection, collection: Collection) -> Iterator[Category]:
    for path in paper.categories:
        steps = path.split("/")
        for depth in range(1, len(steps) + 1):
            above = "/".join(steps[:depth])
            if above not in collection.taxonomy.by_path and above in old.taxonomy.by_path:
                yield old.taxonomy.by_path[above]


def _from_readme(
    root: Path, lost: Mapping[str, BrokenFile], collection: Collection
) -> tuple[Paper, ...]:
    """Return what the rows of the README say of some papers, in their fields' words."""
    if not lost:
        return ()
    rows: dict[str, list[ListedPaper]] = {}
    for row in parse_readme_list(read_text(root, README), collection.venues).papers:
        for stem, one in lost.items():
            if _is_row_of(row, stem, one):
                rows.setdefault(stem, []).append(row)
    return tuple(_paper_of_rows(stem, lost[stem], rows[stem], collection) for stem in rows)


def _is_row_of(row: ListedPaper, stem: str, broken: BrokenFile) -> bool:
    found = [parse_identifier(url) for url in row.urls]
    keys = {(one.kind, one.canonical) for one in found}
    keys |= {(IdentifierKind.URL, canonical_url(url)) for url in row.urls}
    same_title = fold_title(row.title) in broken.titles or title_slug(row.title) == stem
    return same_title or not keys.isdisjoint(broken.keys)


def _paper_of_rows(
    stem: str, broken: BrokenFile, rows: list[ListedPaper], collection: Collection
) -> Paper:
    first = rows[0]
    named = (collection.taxonomy.named(" > ".join(row.section)) for row in rows)
    values = {
        "title": first.title,
        "url": first.urls[0] if first.urls else None,
        "venue": first.venue,
        "date": first.date,
        "authors": first.authors,
        "code": first.code,
        "project": first.project,
        "data": first.data,
        **first.standing,
        "categories": [found[0].path for found in named if len(found) == 1],
        "added": broken.added,
    }
    return paper_from_values(stem, {name: value for name, value in values.items() if value})


def _is_double(paper: Paper, collection: Collection) -> bool:
    """Tell whether a file in order stands for the paper; of two files one is broken for that."""
    known, identity = collection.identities, identity_of(paper)
    others = [other for key in identity.keys for other in known.by_key.get(key, ())]
    others += known.by_title.get(fold_title(paper.title), ())
    return any(same_paper(identity, other) for other in others)
