"""A record against the list's JSON Schema.

jsonschema-rs tells in a microsecond whether a record is valid; what is wrong with one that is not,
jsonschema says, whose import and reading take a hundred milliseconds.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from kdbot.model.collection import Collection
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding, Rule, error_rule, quote
from kdbot.model.paper import ADDRESS_NAMES, IDENTIFIER_NAMES, FieldValue
from kdbot.model.schema import WHERE, PaperSchema
from kdbot.review.draft import Draft, plain_values

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError


@cache
def schema_validator(schema: PaperSchema) -> jsonschema_rs.Draft202012Validator:
    """Return the validator of a schema; it never fetches another document.

    Formats are not asserted, as the standard has it: addresses are checked by our own code.

    Raises:
        KdbotError: a keyword of the schema has a value that it cannot have, or the schema refers
            to what is not in it.
    """
    try:
        return jsonschema_rs.Draft202012Validator(dict(schema.document), retriever=_refuse)
    except jsonschema_rs.ValidationError as error:
        if error.kind.name == "$ref":
            raise KdbotError(
                f"a reference cannot be resolved: {error.message}",
                where=WHERE,
                fix="write the definition in the schema",
            ) from error
        path = "/".join(map(str, error.instance_path))
        raise KdbotError(
            f"`{path}` is {error.instance!r}, which is not valid JSON Schema",
            where=WHERE,
            fix="see JSON Schema draft 2020-12",
        ) from error


def _refuse(uri: str) -> Any:
    raise LookupError(f"`{uri}` is never fetched")


def fits_schema(schema: PaperSchema, values: Mapping[str, FieldValue]) -> bool:
    """Tell whether the values of a record are valid."""
    try:
        return schema_validator(schema).is_valid(plain_values(values))
    except UnicodeEncodeError:
        return False  # half a pair of surrogates


@cache
def _validator(schema: PaperSchema) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator
    from referencing import Registry

    return Draft202012Validator(schema.document, registry=Registry())


def _faults(schema: PaperSchema, values: Mapping[str, FieldValue]) -> "Iterator[ValidationError]":
    if not fits_schema(schema, values):
        yield from _validator(schema).iter_errors(plain_values(values))


MISSING_FIELD = error_rule(
    "missing-field", "A record has every field that the schema requires.", "Add the field."
)
TOO_LONG = error_rule(
    "too-long", "Values and lists are no longer than the schema allows.", "Shorten the value."
)
TOO_SHORT = error_rule(
    "too-short",
    "Values and lists are no shorter than the schema allows; empty ones are left out.",
    "Write the whole value, or remove the line.",
)
REPEATED_VALUE = error_rule(
    "repeated-value", "A list contains each value once.", "Remove the repetition."
)
WRONG_FORM = error_rule(
    "wrong-form",
    "A value matches the format that the schema defines.",
    "Write the value like the schema's example.",
)
INVALID_DATE = error_rule(
    "invalid-date",
    "A date is the month of the first public appearance, written YYYY-MM.",
    "Write the year and the month, such as `2024-02`.",
)

# These have checks of their own, which know more than the schema does.
_CHECKED_ELSEWHERE = frozenset({*IDENTIFIER_NAMES, "date", "title", "categories"})
_REQUIRED_ELSEWHERE = frozenset({"title", "categories"})


def check_schema(draft: Draft, collection: Collection) -> Iterator[Finding]:
    """Validate the record against the schema.

    Raises:
        KdbotError: the schema is not valid, or refers to another document, which is not fetched.
    """
    schema = collection.schema
    for name, value in draft.values.items():
        if value == "" and name not in _REQUIRED_ELSEWHERE:
            message = f"The field {quote(name)} is empty."
            yield draft.finding(TOO_SHORT, message, field=name, fix="Remove the line.")
    yield from _missing(draft, schema)
    for fault in _faults(schema, draft.values):
        path = fault.absolute_path
        field = str(path[0]) if path else ""
        if not _is_reported_elsewhere(fault, field):
            rule, message, fix = _message_of(fault, field, schema)
            item = next((step for step in path if isinstance(step, int)), _repeated(fault))
            yield draft.finding(rule, message, field=field or None, item=item, fix=fix)


def _missing(draft: Draft, schema: PaperSchema) -> Iterator[Finding]:
    required = frozenset(schema.document.get("required", ()))
    for name in sorted(required - draft.values.keys() - _REQUIRED_ELSEWHERE):
        if not draft.has_error(name):
            example = schema.by_name[name].example if name in schema.by_name else ""
            yield draft.finding(
                MISSING_FIELD,
                f"The field {quote(name)} is missing, and every record of this list has it.",
                field=name,
                fix=f"Add it, such as {quote(example)}." if example else None,
            )


def _is_reported_elsewhere(fault: "ValidationError", name: str) -> bool:
    """Tell whether another check says the same, and says it better."""
    value = fault.instance
    match fault.validator:
        case "required":
            return not name
        case "pattern":
            return name in _CHECKED_ELSEWHERE or not value
        case "minLength":
            return name in ADDRESS_NAMES or not value
        case "minItems":
            return name in _REQUIRED_ELSEWHERE and not value
    return False


# Of each keyword: the rule, what is said, and the fix; None for the field's example.
_MESSAGES: Mapping[str, tuple[Rule, str, str | None]] = {
    "maxLength": (
        TOO_LONG,
        "{start} has {size:,} characters; the limit is {bound:,}.",
        "Shorten it to {bound:,} characters.",
    ),
    "maxItems": (
        TOO_LONG,
        "I read {size:,} values; the field takes at most {bound:,}.",
        "Keep the {bound:,} that matter most.",
    ),
    "minLength": (TOO_SHORT, "{value} has fewer than {bound} characters.", None),
    "minItems": (TOO_SHORT, "I read {size} values; the field needs {bound}.", None),
    "uniqueItems": (REPEATED_VALUE, "{twice} is listed more than once.", ""),
    "pattern": (WRONG_FORM, "{value} does not match this field's format. {description}", None),
    "enum": (WRONG_FORM, "I read {value}; the field knows {choices}.", None),
    "const": (WRONG_FORM, "I read {value}; the field knows {choices}.", None),
}
_NOT_A_DAY = (INVALID_DATE, "I read {value}; a day is written YYYY-MM-DD.", None)
_OTHER = (WRONG_FORM, "{subject} does not match the schema's rule {keyword}. {description}", None)


def _message_of(
    fault: "ValidationError", name: str, schema: PaperSchema
) -> tuple[Rule, str, str | None]:
    """Return the rule that a fault breaks, the words for it, and a fix if one is known."""
    keyword, bound = str(fault.validator), fault.validator_value
    value: Any = fault.instance
    twice = _repeated(fault)
    rule, message, fix = _MESSAGES.get(keyword, _OTHER)
    if keyword == "pattern" and name == "added":
        rule, message, fix = _NOT_A_DAY
    field = schema.by_name.get(name)
    choices = bound if isinstance(bound, list) else [bound]
    places = {
        "value": quote(value),
        "start": quote(value, 40),
        "size": len(value) if isinstance(value, str | list) else 0,
        "bound": bound,
        "twice": "" if twice is None else quote(value[twice]),
        "choices": ", ".join(map(quote, choices)),
        "subject": quote(value) if name else "The record",
        "keyword": quote(keyword),
        "description": field.description.replace("`", "'") if field else "",
    }
    if fix is None and field and field.example:
        return rule, message.format(**places).strip(), f"Write it like {quote(field.example)}."
    return rule, message.format(**places).strip(), fix.format(**places) if fix else None


def _repeated(fault: "ValidationError") -> int | None:
    """Return the position of the first repeated value in a list."""
    values = fault.instance
    if fault.validator != "uniqueItems" or not isinstance(values, list):
        return None
    return next(i for i, value in enumerate(values) if value in values[:i])
