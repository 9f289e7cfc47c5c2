"""A sieve for records that are plainly right, so that a check of thousands costs little.

What passes here is valid by the list's schema and has the usual form of every value; all else,
right or wrong, goes through the checks. A test holds that what passes has no finding.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kdbot.model.arxiv import arxiv_month, arxiv_stem, parse_arxiv_id
from kdbot.model.collection import Collection
from kdbot.model.proposal import Candidate, Given, Origin
from kdbot.model.schema import FieldKind
from kdbot.review.canonical import is_link_list
from kdbot.review.file_name import path_of
from kdbot.review.structure import Structure, Test
from kdbot.text.hosts import NO_CODE, NO_OWNER

_PAGE = re.compile(
    r"https://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[A-Za-z0-9._~@-]*)*"
    r"(?:\?[A-Za-z0-9=._-]+)?(?:#[A-Za-z0-9._-]+)?"
)
_TRACKING = re.compile(r"utm_|clid=", re.IGNORECASE)
_REPOSITORY = re.compile(
    r"https://(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)/([A-Za-z0-9-]+)"
    r"/[A-Za-z0-9._-]+(?:/([A-Za-z0-9._-]*)[A-Za-z0-9._/-]*)?(?:\?[A-Za-z0-9=._-]+)?"
    r"(?:#[A-Za-z0-9._-]+)?"
)
# Latin letters and the punctuation of print: nothing that is invisible or passes for another.
_TEXT = re.compile(
    r"[A-Za-z0-9(][!-~\xc0-\u024f\u2010-\u2027]*(?: [!-~\xc0-\u024f\u2010-\u2027]+)*"
)
# Seldom in a record, and with forms that only the checks know.
_NEEDING_CHECKS = frozenset({"acl", "doi", "openreview", "url"})
_NEEDED = frozenset({"arxiv", "categories", "date", "title"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """Tests of a list's schema and names, made once for many records.

    Attributes:
        tests: a test for each field that has one; a record with any other field does not pass.
        required: fields that a record must have.
    """

    tests: Mapping[str, Test]
    required: frozenset[str]

    def passes(self, record: Candidate) -> bool:
        """Tell whether a file is plainly right; False says nothing."""
        given, tests = record.given, self.tests
        if record.findings or not given.keys() >= self.required:
            return False
        for name, field in given.items():
            test = tests.get(name)
            if test is None or field.origin is not Origin.FILE or not test(field.value):
                return False
        return _agrees(given, record.file)


def sieve_of(collection: Collection, structure: Structure) -> Sieve:
    """Return the sieve of a list; nothing passes where its schema is of an unusual kind."""
    forms = _forms(collection)
    tests = {
        name: _both(test, forms[name])
        for name, test in structure.tests.items()
        if structure.is_whole and name in forms
    }
    return Sieve(tests=tests, required=structure.required | _NEEDED)


def _agrees(given: Mapping[str, Given], file: str | None) -> bool:
    arxiv = given["arxiv"].value
    return given["date"].value == arxiv_month(arxiv) and file == path_of(arxiv_stem(arxiv))


def _forms(collection: Collection) -> dict[str, Test]:
    """Return the test of each field's usual form, beyond what the schema asks."""
    venues = frozenset(collection.venues.names)
    leaves = frozenset(leaf.path for leaf in collection.taxonomy.leaves)
    forms: dict[str, Test] = {}
    for field in collection.schema.fields:
        if field.kind is FieldKind.LIST:
            links = is_link_list(field.name, collection)
            forms[field.name] = _each(_is_page if links else _is_text)
        elif field.kind is not FieldKind.FLAG and field.name not in _NEEDING_CHECKS:
            forms[field.name] = _is_text
    return forms | {
        "arxiv": _is_arxiv,
        "title": _is_title,
        "venue": venues.__contains__,
        "categories": lambda items: bool(items) and leaves.issuperset(items),
        "code": _each(_is_repository),
    }


def _each(test: Test) -> Test:
    return lambda items: all(map(test, items))


def _both(one: Test, other: Test) -> Test:
    return lambda value: one(value) and other(value)


def _is_text(text: str) -> bool:
    return _TEXT.fullmatch(text) is not None


def _is_title(text: str) -> bool:
    return _TEXT.fullmatch(text) is not None and not text.isupper()


def _is_arxiv(text: str) -> bool:
    parsed = parse_arxiv_id(text)
    return parsed is not None and parsed.canonical == text


def _is_page(text: str) -> bool:
    return _PAGE.fullmatch(text) is not None and not _TRACKING.search(text)


def _is_repository(text: str) -> bool:
    plain = _REPOSITORY.fullmatch(text)
    return (
        plain is not None
        and not text.endswith(".git")
        and not NO_OWNER.fullmatch(plain[1])
        and plain[2] not in NO_CODE
        and not _TRACKING.search(text)
    )
