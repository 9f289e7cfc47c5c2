"""A record against the list's JSON Schema, told in our own words with the place of the fault."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from kdbot.model.finding import Finding, Rule, Severity, quote
from kdbot.model.schema import PaperSchema
from kdbot.review.context import Context
from kdbot.review.draft import Draft, plain_values
from kdbot.review.identifiers import IDENTIFIER_NAMES
from kdbot.review.structure import Fault

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
_LINKS = frozenset({"url", "code", "project", "data"})
_REQUIRED_ELSEWHERE = frozenset({"title", "categories"})

Told: TypeAlias = tuple[Rule, str, str | None]


def check_schema(draft: Draft, context: Context) -> Iterator[Finding]:
    """Hold the record against the schema.

    Raises:
        KdbotError: the schema refers to another document, which is not fetched.
    """
    schema = context.collection.schema
    for name, value in draft.values.items():
        if value == "" and name not in _REQUIRED_ELSEWHERE:
            message = f"The field {quote(name)} is empty."
            yield draft.finding(TOO_SHORT, message, field=name, fix="Remove the line.")
    yield from _missing(draft, context)
    if not context.structure.fits(draft.values):
        for fault in context.validator.faults(plain_values(draft.values)):
            if not _is_told_elsewhere(fault):
                rule, message, fix = _TELLERS.get(fault.keyword, _tell_other)(fault, schema)
                item = _second(fault.value) if fault.keyword == "uniqueItems" else fault.item
                field = fault.name or None
                yield draft.finding(rule, message, field=field, item=item, fix=fix)


def _missing(draft: Draft, context: Context) -> Iterator[Finding]:
    schema = context.collection.schema
    absent = context.structure.required - draft.values.keys() - _REQUIRED_ELSEWHERE
    for name in sorted(absent):
        if not draft.has_error(name):
            example = schema.by_name[name].example if name in schema.by_name else ""
            yield draft.finding(
                MISSING_FIELD,
                f"The field {quote(name)} is missing, and every record of this list has it.",
                field=name,
                fix=f"Add it, such as {quote(example)}." if example else None,
            )


def _is_told_elsewhere(fault: Fault) -> bool:
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


def _tell_length(fault: Fault, _schema: PaperSchema) -> Told:
    longest, length = fault.bound, len(fault.value)
    message = f"{quote(fault.value, 40)} has {length:,} characters; at most {longest:,} fit."
    return TOO_LONG, message, f"Shorten it to {longest:,} characters."


def _tell_many(fault: Fault, _schema: PaperSchema) -> Told:
    most, number = fault.bound, len(fault.value)
    message = f"I read {number:,} values; the field holds at most {most:,}."
    return TOO_LONG, message, f"Keep the {most:,} that matter most."


def _tell_short(fault: Fault, schema: PaperSchema) -> Told:
    message = f"{quote(fault.value)} has fewer than {fault.bound} characters."
    return TOO_SHORT, message, _as_example(schema, fault.name)


def _tell_few(fault: Fault, schema: PaperSchema) -> Told:
    message = f"I read {len(fault.value)} values; the field needs {fault.bound}."
    return TOO_SHORT, message, _as_example(schema, fault.name)


def _tell_repeated(fault: Fault, _schema: PaperSchema) -> Told:
    twice = fault.value[_second(fault.value)]
    return REPEATED_VALUE, f"{quote(twice)} stands in the list more than once.", None


def _second(values: list[Any]) -> int:
    """Return the position of the first value that stands before it already."""
    return next(i for i, value in enumerate(values) if value in values[:i])


def _tell_pattern(fault: Fault, schema: PaperSchema) -> Told:
    if fault.name == "added":
        message = f"I read {quote(fault.value)}; a day is written YYYY-MM-DD."
        return INVALID_DATE, message, _as_example(schema, fault.name)
    message = (
        f"{quote(fault.value)} has not the form of this field. {_description(schema, fault.name)}"
    )
    return WRONG_FORM, message.strip(), _as_example(schema, fault.name)


def _tell_choice(fault: Fault, schema: PaperSchema) -> Told:
    choices = fault.bound
    known = choices if isinstance(choices, list) else [choices]
    message = f"I read {quote(fault.value)}; the field knows {_several(known)}."
    return WRONG_FORM, message, _as_example(schema, fault.name)


def _tell_other(fault: Fault, schema: PaperSchema) -> Told:
    what = quote(fault.value) if fault.name else "The record"
    message = f"{what} does not keep to the schema's rule {quote(fault.keyword)}."
    description = _description(schema, fault.name)
    return WRONG_FORM, f"{message} {description}".strip(), _as_example(schema, fault.name)


def _as_example(schema: PaperSchema, name: str) -> str | None:
    field = schema.by_name.get(name)
    return f"Write it like {quote(field.example)}." if field and field.example else None


def _description(schema: PaperSchema, name: str) -> str:
    field = schema.by_name.get(name)
    return field.description.replace("`", "'") if field else ""


def _several(values: list[Any]) -> str:
    return ", ".join(quote(value) for value in values)


_TELLERS: dict[str, Callable[[Fault, PaperSchema], Told]] = {
    "maxLength": _tell_length,
    "maxItems": _tell_many,
    "minLength": _tell_short,
    "minItems": _tell_few,
    "uniqueItems": _tell_repeated,
    "pattern": _tell_pattern,
    "enum": _tell_choice,
    "const": _tell_choice,
}
