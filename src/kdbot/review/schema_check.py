"""A record against the list's JSON Schema: plain tests first, then the validator."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from kdbot.model.collection import Collection
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding, Rule, Severity, quote
from kdbot.model.paper import IDENTIFIER_NAMES, LINK_LISTS, is_year
from kdbot.model.schema import PaperSchema
from kdbot.review.draft import Draft, plain_values

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

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


class _Fault(NamedTuple):
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


@cache
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


_WHERE = "the paper schema"


@cache
def _validator(schema: PaperSchema) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator
    from referencing import Registry

    check_document(schema)
    return Draft202012Validator(schema.document, registry=Registry())


def _faults(schema: PaperSchema, values: Mapping[str, Any]) -> Iterator[_Fault]:
    """Yield each fault of the values, at the deepest place that the schema names.

    A reference that leaves the document is never fetched. Formats are not asserted, as the
    standard has it: addresses are checked by our own code.

    Raises:
        KdbotError: a keyword of the schema has a value that it cannot have, or the schema refers to
            another document, or to itself without end.
    """
    from referencing.exceptions import Unresolvable

    try:
        errors = list(_validator(schema).iter_errors(values))
    except Unresolvable as error:
        raise KdbotError(
            f"it refers to `{error.ref}`, which is never fetched",
            where=_WHERE,
            fix="write the definition into the schema",
        ) from error
    except RecursionError as error:
        raise KdbotError("it refers to itself without end", where=_WHERE) from error
    yield from map(_fault_of, errors)


def _fault_of(error: Any) -> _Fault:
    path = list(error.absolute_path)
    item = path[1] if len(path) > 1 else None
    return _Fault(
        keyword=str(error.validator),
        bound=error.validator_value,
        value=error.instance,
        name=str(path[0]) if path else "",
        item=item if isinstance(item, int) else None,
    )


def check_document(schema: PaperSchema) -> None:
    """Ask a schema to be one.

    Raises:
        KdbotError: a keyword of the schema has a value that it cannot have.
    """
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema.document, format_checker=FormatChecker(["regex"]))
    except SchemaError as error:
        path = "/".join(map(str, error.absolute_path))
        raise KdbotError(
            f"`{path}` is {error.instance!r}, which no JSON Schema can say",
            where=_WHERE,
            fix="see the draft 2020-12 of JSON Schema",
        ) from error


MISSING_FIELD = Rule(
    code="missing-field",
    severity=Severity.ERROR,
    summary="A record has every field that the schema requires.",
    remedy="Add the field.",
)
TOO_LONG = Rule(
    code="too-long",
    severity=Severity.ERROR,
    summary="A value, and a list, is no longer than the schema allows.",
    remedy="Shorten the value.",
)
TOO_SHORT = Rule(
    code="too-short",
    severity=Severity.ERROR,
    summary="A value, and a list, is no shorter than the schema allows; an empty one is left out.",
    remedy="Write the whole value, or remove the line.",
)
REPEATED_VALUE = Rule(
    code="repeated-value",
    severity=Severity.ERROR,
    summary="A list holds each value once.",
    remedy="Remove the second one.",
)
WRONG_FORM = Rule(
    code="wrong-form",
    severity=Severity.ERROR,
    summary="A value has the form that the schema gives its field.",
    remedy="Write the value in the form of the schema's example.",
)
INVALID_DATE = Rule(
    code="invalid-date",
    severity=Severity.ERROR,
    summary="A date is the month of the first public appearance, written YYYY-MM.",
    remedy="Write the year and the month, such as `2024-02`.",
)

# These have checks of their own, which know more than the schema does.
_CHECKED_ELSEWHERE = frozenset({*IDENTIFIER_NAMES, "date", "title", "categories"})
_LINKS = frozenset({"url", *LINK_LISTS})
_REQUIRED_ELSEWHERE = frozenset({"title", "categories"})


def check_schema(draft: Draft, collection: Collection) -> Iterator[Finding]:
    """Hold the record against the schema.

    Raises:
        KdbotError: the schema refers to another document, which is not fetched.
    """
    schema = collection.schema
    for name, value in draft.values.items():
        if value == "" and name not in _REQUIRED_ELSEWHERE:
            message = f"The field {quote(name)} is empty."
            yield draft.finding(TOO_SHORT, message, field=name, fix="Remove the line.")
    yield from _missing(draft, collection)
    if not structure_of(schema).fits(draft.values):
        for fault in _faults(schema, plain_values(draft.values)):
            if not _is_reported_elsewhere(fault):
                rule, message, fix = _message_of(fault, schema)
                item = _second(fault.value) if fault.keyword == "uniqueItems" else fault.item
                field = fault.name or None
                yield draft.finding(rule, message, field=field, item=item, fix=fix)


def _missing(draft: Draft, collection: Collection) -> Iterator[Finding]:
    schema = collection.schema
    absent = structure_of(schema).required - draft.values.keys() - _REQUIRED_ELSEWHERE
    for name in sorted(absent):
        if not draft.has_error(name):
            example = schema.by_name[name].example if name in schema.by_name else ""
            yield draft.finding(
                MISSING_FIELD,
                f"The field {quote(name)} is missing, and every record of this list has it.",
                field=name,
                fix=f"Add it, such as {quote(example)}." if example else None,
            )


def _is_reported_elsewhere(fault: _Fault) -> bool:
    """Tell whether another check says the same, and says it better."""
    match fault.keyword:
        case "required":
            return not fault.name
        case "pattern":
            return fault.name in _CHECKED_ELSEWHERE or not fault.value
        case "minLength":
            return fault.name in _LINKS or not fault.value
        case "minItems":
            return fault.name in _REQUIRED_ELSEWHERE and not fault.value
    return False


# Of each keyword: the rule, what is said, and the fix; None for the field's example.
_MESSAGES: Mapping[str, tuple[Rule, str, str | None]] = {
    "maxLength": (
        TOO_LONG,
        "{start} has {size:,} characters; at most {bound:,} fit.",
        "Shorten it to {bound:,} characters.",
    ),
    "maxItems": (
        TOO_LONG,
        "I read {size:,} values; the field holds at most {bound:,}.",
        "Keep the {bound:,} that matter most.",
    ),
    "minLength": (TOO_SHORT, "{value} has fewer than {bound} characters.", None),
    "minItems": (TOO_SHORT, "I read {size} values; the field needs {bound}.", None),
    "uniqueItems": (REPEATED_VALUE, "{twice} stands in the list more than once.", ""),
    "pattern": (WRONG_FORM, "{value} has not the form of this field. {description}", None),
    "enum": (WRONG_FORM, "I read {value}; the field knows {choices}.", None),
    "const": (WRONG_FORM, "I read {value}; the field knows {choices}.", None),
}
_NOT_A_DAY = (INVALID_DATE, "I read {value}; a day is written YYYY-MM-DD.", None)
_OTHER = (WRONG_FORM, "{subject} does not keep to the schema's rule {keyword}. {description}", None)


def _message_of(fault: _Fault, schema: PaperSchema) -> tuple[Rule, str, str | None]:
    """Return the rule that a fault breaks, the words for it, and a fix if one is known."""
    rule, message, fix = _MESSAGES.get(fault.keyword, _OTHER)
    if fault.keyword == "pattern" and fault.name == "added":
        rule, message, fix = _NOT_A_DAY
    field, value = schema.by_name.get(fault.name), fault.value
    choices = fault.bound if isinstance(fault.bound, list) else [fault.bound]
    is_repeated = fault.keyword == "uniqueItems"
    places = {
        "value": quote(value),
        "start": quote(value, 40),
        "size": len(value) if isinstance(value, str | list) else 0,
        "bound": fault.bound,
        "twice": quote(value[_second(value)]) if is_repeated else "",
        "choices": ", ".join(map(quote, choices)),
        "subject": quote(value) if fault.name else "The record",
        "keyword": quote(fault.keyword),
        "description": field.description.replace("`", "'") if field else "",
    }
    if fix is None and field and field.example:
        return rule, message.format(**places).strip(), f"Write it like {quote(field.example)}."
    return rule, message.format(**places).strip(), fix.format(**places) if fix else None


def _second(values: list[Any]) -> int:
    """Return the position of the first value that stands before it already."""
    return next(i for i, value in enumerate(values) if value in values[:i])
