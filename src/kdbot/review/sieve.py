"""A sieve for records that are plainly right, so that a check of thousands costs little.

A JSON Schema validator takes longer over a record than reading it does. What passes here has been
compared with the same schema, read into plain comparisons, and with the usual form of every value;
all else, right or wrong, goes through the checks. A test holds that what passes has no finding.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from kdbot.model.arxiv import arxiv_month, arxiv_stem, parse_arxiv_id
from kdbot.model.collection import Collection
from kdbot.model.proposal import Candidate, Given, Origin
from kdbot.review.file_name import path_of
from kdbot.review.links import NO_OWNER

Test: TypeAlias = Callable[[Any], bool]

_ANNOTATIONS = frozenset({"$comment", "$id", "$schema", "description", "examples", "title"})
_RECORD_KEYWORDS = _ANNOTATIONS | {"additionalProperties", "properties", "required", "type"}
_TEXT_KEYWORDS = _ANNOTATIONS | {"format", "maxLength", "minLength", "pattern", "type"}
_LIST_KEYWORDS = _ANNOTATIONS | {"items", "maxItems", "minItems", "type", "uniqueItems"}

_PAGE = re.compile(
    r"https://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[A-Za-z0-9._~@-]*)*"
    r"(?:\?[A-Za-z0-9=._-]+)?(?:#[A-Za-z0-9._-]+)?"
)
_TRACKING = re.compile(r"utm_|clid=", re.IGNORECASE)
_REPOSITORY = re.compile(
    r"https://(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)/([A-Za-z0-9-]+)/[A-Za-z0-9._-]+"
    r"(?:/[A-Za-z0-9._/-]*)?(?:\?[A-Za-z0-9=._-]+)?(?:#[A-Za-z0-9._-]+)?"
)
# Latin letters and the punctuation of print: nothing that is invisible or passes for another.
_TITLE = re.compile(
    r"[A-Za-z0-9(][!-~\xc0-\u024f\u2010-\u2027]*(?: [!-~\xc0-\u024f\u2010-\u2027]+)*"
)


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


def sieve_of(collection: Collection) -> Sieve:
    """Return the sieve of a list; it lets nothing pass where the schema is of an unusual kind."""
    document = collection.schema.document
    usual = _RECORD_KEYWORDS.issuperset(document) and document.get("type") == "object"
    named = _named_tests(collection)
    tests = {
        name: _both(test, named[name]) if name in named else test
        for name, spec in document["properties"].items()
        if usual and (test := _test_of(name, spec)) is not None
    }
    required = frozenset(document.get("required", ())) | {"arxiv", "categories", "date", "title"}
    return Sieve(tests=tests, required=required)


def _agrees(given: Mapping[str, Given], file: str | None) -> bool:
    arxiv = given["arxiv"].value
    return given["date"].value == arxiv_month(arxiv) and file == path_of(arxiv_stem(arxiv))


def _named_tests(collection: Collection) -> dict[str, Test]:
    venues = frozenset(collection.venues.names)
    leaves = frozenset(leaf.path for leaf in collection.taxonomy.leaves)
    return {
        "arxiv": _is_arxiv,
        "title": _is_title,
        "venue": venues.__contains__,
        "categories": lambda items: bool(items) and leaves.issuperset(items),
        "code": lambda items: all(map(_is_repository, items)),
    }


def _is_arxiv(text: str) -> bool:
    parsed = parse_arxiv_id(text)
    return parsed is not None and parsed.canonical == text


def _is_title(text: str) -> bool:
    return _TITLE.fullmatch(text) is not None and not text.isupper()


def _is_repository(text: str) -> bool:
    plain = _REPOSITORY.fullmatch(text)
    return plain is not None and not text.endswith(".git") and not NO_OWNER.fullmatch(plain[1])


def _is_page(text: str) -> bool:
    return _PAGE.fullmatch(text) is not None and not _TRACKING.search(text)


def _both(one: Test, other: Test) -> Test:
    return lambda value: one(value) and other(value)


def _test_of(name: str, spec: Mapping[str, Any]) -> Test | None:
    """Return the test of a property, or None where its schema says more than is read here."""
    match spec.get("type"):
        case "string" if name not in _NEEDING_CHECKS:
            return _text_test(spec)
        case "array":
            return _list_test(spec)
    return None


# Seldom in a record, and with forms that only the checks know.
_NEEDING_CHECKS = frozenset({"acl", "doi", "openreview", "url"})


def _text_test(spec: Mapping[str, Any]) -> Test | None:
    if not _TEXT_KEYWORDS.issuperset(spec) or spec.get("format", "uri") != "uri":
        return None
    shortest, longest = max(spec.get("minLength", 0), 1), spec.get("maxLength", 2**31)
    found = re.compile(spec.get("pattern", "")).search
    whole = _is_page if "format" in spec else _TITLE.fullmatch

    def test(value: Any) -> bool:
        return (
            isinstance(value, str)
            and shortest <= len(value) <= longest
            and bool(whole(value))
            and found(value) is not None
        )

    return test


def _list_test(spec: Mapping[str, Any]) -> Test | None:
    items = spec.get("items")
    if not _LIST_KEYWORDS.issuperset(spec) or not isinstance(items, Mapping):
        return None
    item = _text_test(items) if items.get("type") == "string" else None
    if item is None:
        return None
    fewest, most = spec.get("minItems", 0), spec.get("maxItems", 2**31)

    def test(value: Any) -> bool:
        return (
            isinstance(value, list)
            and fewest <= len(value) <= most
            and all(map(item, value))
            and len(set(value)) == len(value)
        )

    return test
