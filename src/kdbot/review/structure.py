"""The record's JSON Schema, read into plain comparisons.

A validator takes longer over a record than reading it does, and longer to import than most runs
of kdbot take. A record that fits here is valid by the same schema; one that does not, and a schema
that says more than is read here, go to the validator, which alone can tell what is wrong.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from kdbot.model.paper import is_year
from kdbot.model.schema import PaperSchema

Test: TypeAlias = Callable[[Any], bool]

_NOTES = frozenset({"$comment", "$id", "$schema", "description", "examples", "title"})
_RECORD_KEYWORDS = _NOTES | {"additionalProperties", "properties", "required", "type"}
_TEXT_KEYWORDS = _NOTES | {"format", "maxLength", "minLength", "pattern", "type"}
_LIST_KEYWORDS = _NOTES | {"items", "maxItems", "minItems", "type", "uniqueItems"}
_FLAG_KEYWORDS = _NOTES | {"type"}
_NUMBER_KEYWORDS = _NOTES | {"maximum", "minimum", "type"}
_NO_LIMIT = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """Tests of a schema.

    Attributes:
        is_whole: whether the tests say all that the schema says.
        tests: a test for each property.
        required: properties that a record must have; whether it has them is asked apart.
    """

    is_whole: bool
    tests: Mapping[str, Test]
    required: frozenset[str]

    def fits(self, values: Mapping[str, Any]) -> bool:
        """Tell whether values are valid; False where they are not, or it cannot be told here."""
        tests = self.tests
        return self.is_whole and all(
            name in tests and tests[name](value) for name, value in values.items()
        )


class Fault(NamedTuple):
    """What a validator has against a value.

    Attributes:
        keyword: the keyword of the schema that is broken.
        bound: what it asks for.
        value: what was there.
        name: the field, empty for the record as a whole.
        item: position in a list, or None.
    """

    keyword: str
    bound: Any
    value: Any
    name: str
    item: int | None


def structure_of(schema: PaperSchema) -> Structure:
    """Return the tests of a schema."""
    document = schema.document
    usual = _RECORD_KEYWORDS.issuperset(document) and document.get("type") == "object"
    tests = {name: _test_of(spec) for name, spec in document["properties"].items()}
    known = {name: test for name, test in tests.items() if test is not None}
    required = document.get("required", [])
    return Structure(
        is_whole=usual and len(known) == len(tests) and isinstance(required, list),
        tests=known,
        required=frozenset(map(str, required)),
    )


def _test_of(spec: Any) -> Test | None:
    """Return the test of a property, or None where its schema says what is not read here."""
    if not isinstance(spec, Mapping):
        return None
    match spec.get("type"):
        case "string" if _TEXT_KEYWORDS.issuperset(spec):
            return _text_test(spec)
        case "array" if _LIST_KEYWORDS.issuperset(spec):
            return _list_test(spec)
        case "boolean" if _FLAG_KEYWORDS.issuperset(spec):
            return _is_flag
        case "integer" if _NUMBER_KEYWORDS.issuperset(spec):
            return _number_test(spec)
    return None


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _text_test(spec: Mapping[str, Any]) -> Test | None:
    fewest, most = spec.get("minLength", 0), spec.get("maxLength", _NO_LIMIT)
    try:
        found = re.compile(spec.get("pattern", "")).search
    except (re.error, TypeError):
        return None
    if not _is_number(fewest) or not _is_number(most):
        return None

    def test(value: Any) -> bool:
        return isinstance(value, str) and fewest <= len(value) <= most and found(value) is not None

    return test


def _number_test(spec: Mapping[str, Any]) -> Test | None:
    least, most = spec.get("minimum", 0), spec.get("maximum", _NO_LIMIT)
    if not _is_number(least) or not _is_number(most):
        return None

    def test(value: Any) -> bool:
        # A number is kept as its text, which `plain_values` makes one again for a validator.
        return isinstance(value, str) and is_year(value) and least <= int(value) <= most

    return test


def _list_test(spec: Mapping[str, Any]) -> Test | None:
    items = spec.get("items")
    item = _test_of(items) if isinstance(items, Mapping) and items.get("type") == "string" else None
    fewest, most = spec.get("minItems", 0), spec.get("maxItems", _NO_LIMIT)
    unique = spec.get("uniqueItems", False)
    if item is None or not _is_number(fewest) or not _is_number(most):
        return None

    def test(value: Any) -> bool:
        return (
            isinstance(value, list | tuple)
            and fewest <= len(value) <= most
            and all(map(item, value))
            and (unique is False or len(set(value)) == len(value))
        )

    return test


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
