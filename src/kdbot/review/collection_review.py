"""The review of a whole collection: every file by itself, and all of them against each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kdbot.model.collection import Collection, Identities, Identity
from kdbot.model.finding import Finding, quote
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.proposal import Candidate
from kdbot.model.titles import fold_title
from kdbot.review.checks import check_draft
from kdbot.review.context import Context
from kdbot.review.draft import Draft
from kdbot.review.duplicate_rules import (
    DUPLICATE_BY_KIND,
    DUPLICATE_TITLE,
    FIELD_BY_KIND,
    SIMILAR_TITLE,
)
from kdbot.review.duplicates import draft_identity
from kdbot.review.file_name import check_file_name, path_of, stem_of
from kdbot.review.identifiers import is_shared_page
from kdbot.review.normalize import normalize_candidate
from kdbot.review.order import ordered
from kdbot.review.sieve import sieve_of
from kdbot.review.title_likeness import find_alike


def review_collection(records: Iterable[Candidate], collection: Collection) -> tuple[Finding, ...]:
    """Return what is wrong in the files of a collection, by file, errors first in each.

    Args:
        records: all files of `papers/` that could be read.
        collection: its schema, taxonomy and venues; its papers are not looked at.

    Raises:
        KdbotError: the schema is none.
    """
    context = Context(collection=collection)
    if not context.structure.is_whole:
        _check_schema(collection)
    sieve = sieve_of(collection, context.structure)
    identities: list[tuple[Candidate, Identity]] = []
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for record in records:
        file = str(record.file)
        if sieve.passes(record):
            identity = _plain_identity(record)
        else:
            draft = normalize_candidate(record, collection)
            identity = draft_identity(draft, stem_of(file))
            found[file].extend(_check_file(draft, context))
        identities.append((record, identity))
    for record, other, key in _doubled(identities):
        draft, first = (normalize_candidate(r, collection) for r in (record, other))
        found[str(record.file)].append(_same(draft, first, key))
    return tuple(f for file in sorted(found) for f in ordered(found[file], collection.schema))


def _check_schema(collection: Collection) -> None:
    """Ask a schema that says more than usual to be one; its validator is slow to import."""
    from kdbot.review.validator import check_document

    check_document(collection.schema)


def _plain_identity(record: Candidate) -> Identity:
    """Return the identity of a record that has passed the sieve."""
    given = record.given
    keys = ((IdentifierKind.ARXIV, given["arxiv"].value),)
    return Identity(id=stem_of(str(record.file)), title=given["title"].value, keys=keys)


def similar_pairs(identities: Identities) -> Iterator[tuple[Identity, Identity]]:
    """Yield each pair of listed papers whose titles are alike, for the weekly audit."""
    told: set[frozenset[str]] = set()
    for identity in identities.all:
        for alike in find_alike(identity.title, identities):
            pair = frozenset({identity.id, alike.id})
            if len(pair) == 2 and pair not in told:
                told.add(pair)
                yield identity, alike


def similar_titles(identities: Identities) -> Iterator[Finding]:
    """Yield a finding for each such pair."""
    for identity, alike in similar_pairs(identities):
        yield SIMILAR_TITLE.finding(
            f"The titles {quote(identity.title, 160)} (`{path_of(identity.id)}`) and "
            f"{quote(alike.title, 160)} (`{path_of(alike.id)}`) are much alike.",
            fix="If they are one paper, merge the two files.",
            field="title",
            file=path_of(identity.id),
        )


def _check_file(draft: Draft, context: Context) -> Iterator[Finding]:
    yield from draft.findings
    yield from check_draft(draft, context)
    yield from check_file_name(draft, listed=True)


def _doubled(
    identities: Iterable[tuple[Candidate, Identity]],
) -> Iterator[tuple[Candidate, Candidate, tuple[IdentifierKind, str]]]:
    """Yield each record that shares a key or a title with an earlier one, with that one."""
    first: dict[tuple[IdentifierKind, str], Candidate] = {}
    for record, identity in identities:
        keys = [key for key in identity.keys if not _is_shared(key)]
        if folded := fold_title(identity.title):
            keys.append((IdentifierKind.NONE, folded))
        others = [(first.setdefault(key, record), key) for key in keys]
        for other, key in others:
            if other is not record:
                yield record, other, key
                break


def _is_shared(key: tuple[IdentifierKind, str]) -> bool:
    return key[0] is IdentifierKind.URL and is_shared_page(key[1])


def _same(draft: Draft, other: Draft, key: tuple[IdentifierKind, str]) -> Finding:
    kind, value = key
    where = f"{quote(other.file, 160)}, line {{}}"
    if kind is IdentifierKind.NONE:
        place = where.format(other.line("title"))
        message = f"The title is that of {place}, case and punctuation aside."
        return draft.finding(
            DUPLICATE_TITLE, message, field="title", fix="Keep one of the two files."
        )
    field = FIELD_BY_KIND[kind]
    place = where.format(other.line(field))
    return draft.finding(
        DUPLICATE_BY_KIND[kind],
        f"{quote(value)} stands in {place} as well.",
        field=field,
        fix="Keep one of the two files, with the categories of both.",
    )
