"""The review of a whole collection: every file by itself, and all of them against each other."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

from kdbot.model.collection import Collection, Identities, Identity
from kdbot.model.finding import Finding, quote, quote_long
from kdbot.model.identifiers import IdentifierKind, arxiv_month, arxiv_stem, is_arxiv_id
from kdbot.model.paper import path_of, stem_of
from kdbot.model.proposal import Candidate, Origin
from kdbot.model.schema import FieldKind, PaperSchema
from kdbot.model.titles import fold_title
from kdbot.review.checks import check_draft
from kdbot.review.draft import Draft, ordered
from kdbot.review.duplicates import (
    DUPLICATE_BY_KIND,
    DUPLICATE_KEY,
    DUPLICATE_TITLE,
    draft_identity,
)
from kdbot.review.file_name import WRONG_FILE_NAME, check_file_name, paper_key
from kdbot.review.identifiers import is_shared
from kdbot.review.normalize import normalize_candidate
from kdbot.review.schema_check import fits_schema, schema_validator
from kdbot.review.similarity import find_alike
from kdbot.text.hosts import is_repository


def review_collection(records: Iterable[Candidate], collection: Collection) -> tuple[Finding, ...]:
    """Return the findings of a collection's files, by file, errors first in each.

    Args:
        records: all files of `papers/` that could be read.
        collection: its schema, taxonomy and venues; its papers are not looked at.

    Raises:
        KdbotError: the schema is not valid.
    """
    schema_validator(collection.schema)
    fast_path = _FastPath.of(collection)
    identities: list[tuple[Candidate, Identity]] = []
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for record in records:
        file = str(record.file)
        if fast_path.passes(record):
            identity = _plain_identity(record)
        else:
            draft = normalize_candidate(record, collection)
            identity = draft_identity(draft, stem_of(file))
            found[file].extend(_check_file(draft, collection))
        identities.append((record, identity))
    for record, other, key in _duplicated(identities):
        draft, first = (normalize_candidate(r, collection) for r in (record, other))
        found[str(record.file)].append(_same(draft, first, key))
        for one, its_twin in ((draft, first), (first, draft)):
            if path_of(paper_key(one)) == its_twin.file:
                rest = [f for f in found[str(one.file)] if f.code != WRONG_FILE_NAME.code]
                found[str(one.file)] = [*rest, *check_file_name(one, listed=True, taken=True)]
    for record, listed in _same_citation_keys(identities):
        draft = normalize_candidate(record, collection)
        message = f"The key {quote(draft.text('key'))} is also in {quote(path_of(listed.id))}."
        found[str(record.file)].append(draft.finding(DUPLICATE_KEY, message, field="key"))
    return tuple(f for file in sorted(found) for f in ordered(found[file], collection.schema))


def _plain_identity(record: Candidate) -> Identity:
    """Return the identity of a record that has passed the fast path."""
    given = record.given
    keys = ((IdentifierKind.ARXIV, given["arxiv"].value),)
    return Identity(
        id=stem_of(str(record.file)),
        title=given["title"].value,
        keys=keys,
        citation_key=given["key"].value if "key" in given else None,
    )


def similar_pairs(identities: Identities) -> Iterator[tuple[Identity, Identity]]:
    """Yield each pair of listed papers whose titles are alike, for the weekly audit."""
    reported: set[frozenset[str]] = set()
    for identity in identities.all:
        for alike in find_alike(identity.title, identities):
            pair = frozenset({identity.id, alike.id})
            if len(pair) == 2 and pair not in reported:
                reported.add(pair)
                yield identity, alike


def _check_file(draft: Draft, collection: Collection) -> Iterator[Finding]:
    yield from draft.findings
    yield from check_draft(draft, collection)
    yield from check_file_name(draft, listed=True)


def _duplicated(
    identities: Iterable[tuple[Candidate, Identity]],
) -> Iterator[tuple[Candidate, Candidate, tuple[IdentifierKind, str]]]:
    """Yield each record that shares a key or a title with an earlier one, with that one."""
    first: dict[tuple[IdentifierKind, str], Candidate] = {}
    for record, identity in identities:
        keys = [key for key in identity.keys if not is_shared(key)]
        if folded := fold_title(identity.title):
            keys.append((IdentifierKind.NONE, folded))
        others = [(first.setdefault(key, record), key) for key in keys]
        for other, key in others:
            if other is not record:
                yield record, other, key
                break


def _same_citation_keys(
    identities: Iterable[tuple[Candidate, Identity]],
) -> Iterator[tuple[Candidate, Identity]]:
    """Yield each record whose citation key an earlier one has, with that one."""
    first: dict[str, Identity] = {}
    for record, identity in identities:
        if identity.citation_key:
            other = first.setdefault(identity.citation_key, identity)
            if other is not identity:
                yield record, other


def _same(draft: Draft, other: Draft, key: tuple[IdentifierKind, str]) -> Finding:
    kind, value = key
    where = f"{quote_long(other.file)}, line {{}}"
    if kind is IdentifierKind.NONE:
        place = where.format(other.line("title"))
        message = f"The title is the same as in {place}, ignoring case and punctuation."
        return draft.finding(
            DUPLICATE_TITLE, message, field="title", fix="Keep one of the two files."
        )
    field = kind.value
    place = where.format(other.line(field))
    return draft.finding(
        DUPLICATE_BY_KIND[kind],
        f"{quote(value)} is also in {place}.",
        field=field,
        fix="Keep one of the two files, with the categories of both.",
    )


_PAGE = re.compile(
    r"https://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[A-Za-z0-9._~@-]*)*"
    r"(?:\?[A-Za-z0-9=._-]+)?(?:#[A-Za-z0-9._-]+)?"
)
_TRACKING = re.compile(r"utm_|clid=", re.IGNORECASE)
# Latin letters and the punctuation of print: nothing that is invisible or passes for another.
_TEXT = re.compile(
    r"[A-Za-z0-9(][!-~\xc0-\u024f\u2010-\u2027]*(?: [!-~\xc0-\u024f\u2010-\u2027]+)*"
)
# Seldom in a record, and with forms that only the checks know.
_NEEDING_CHECKS = frozenset({"acl", "doi", "openreview", "url"})
_NEEDED = frozenset({"arxiv", "categories", "date", "title"})

_Test: TypeAlias = Callable[[Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class _FastPath:
    """Tests of a list's schema and names, made once for many records.

    Attributes:
        schema: what every record has to fit.
        forms: a test for each field that has a usual form; a record with any other field does not
            pass.
    """

    schema: PaperSchema
    forms: Mapping[str, _Test]

    @classmethod
    def of(cls, collection: Collection) -> Self:
        """Return the fast path of a list."""
        schema, forms = collection.schema, dict[str, _Test]()
        for field in schema.fields:
            if field.kind is FieldKind.LIST:
                forms[field.name] = _each(_is_page if field.holds_addresses else _is_text)
            elif field.kind is FieldKind.FLAG or field.kind is FieldKind.NUMBER:
                forms[field.name] = bool
            elif field.name not in _NEEDING_CHECKS:
                forms[field.name] = _is_text
        leaves = frozenset(leaf.path for leaf in collection.taxonomy.leaves)
        usual: dict[str, _Test] = {
            "arxiv": is_arxiv_id,
            "title": _is_title,
            "venue": frozenset(collection.venues.names).__contains__,
            "categories": lambda paths: bool(paths) and leaves.issuperset(paths),
            "code": _each(_is_code),
        }
        return cls(schema=schema, forms={**forms, **usual})

    def passes(self, record: Candidate) -> bool:
        """Tell whether a file is plainly right; False says nothing."""
        given, forms = record.given, self.forms
        if record.findings or not given.keys() >= _NEEDED or not given.keys() <= forms.keys():
            return False
        values = {name: field.value for name, field in given.items()}
        arxiv = values["arxiv"]
        return (
            all(field.origin is Origin.FILE for field in given.values())
            and fits_schema(self.schema, values)
            and all(forms[name](value) for name, value in values.items())
            and values["date"] == arxiv_month(arxiv)
            and record.file == path_of(arxiv_stem(arxiv))
        )


def _each(test: _Test) -> _Test:
    return lambda items: all(map(test, items))


def _is_text(text: str) -> bool:
    return _TEXT.fullmatch(text) is not None


def _is_title(text: str) -> bool:
    return _TEXT.fullmatch(text) is not None and not text.isupper()


def _is_page(text: str) -> bool:
    return _PAGE.fullmatch(text) is not None and not _TRACKING.search(text)


def _is_code(text: str) -> bool:
    return _is_page(text) and not text.endswith(".git") and is_repository(text)
