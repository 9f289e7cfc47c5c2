"""The shape of values: one text, a list of texts, or true/false, as the schema says."""

import re
from collections.abc import Iterator
from typing import Any

from kdbot.model.finding import Finding, error_rule, quote, quote_long
from kdbot.model.paper import FieldValue
from kdbot.model.proposal import Candidate, Given
from kdbot.model.schema import Field, FieldKind, PaperSchema
from kdbot.review.draft import Draft, is_file
from kdbot.review.similarity import nearest
from kdbot.text.labels import says_nothing

UNKNOWN_FIELD = error_rule(
    "unknown-field",
    "A record has only the fields that the schema defines.",
    "Rename the field to one that the schema defines, or remove the line.",
)
WRONG_SHAPE = error_rule(
    "wrong-shape",
    "A value has the type that the schema defines: one text, a list of texts, or true/false.",
    "Write the value with the type that the schema defines.",
)

_YES = frozenset({"true", "yes", "x", "[x]", "on", "1"})
_NO = frozenset({"false", "no", "[ ]", "off", "0"})
_BETWEEN_WORDS = re.compile(r"\s*[;\n]\s*|\s*,\s+")
_BETWEEN_LINKS = re.compile(r"[\s,;]+(?=https?://|git@)|\s+")
_SHAPES = {
    FieldKind.TEXT: "one text",
    FieldKind.LIST: "a list of texts",
    FieldKind.FLAG: "`true`",
    FieldKind.NUMBER: "a number",
}


def shape_draft(candidate: Candidate, schema: PaperSchema) -> Draft:
    """Return the draft whose values have the shape that the schema gives their fields.

    What a person wrote in a form or a text is brought into shape without a word. In a file a value
    of another shape is a finding, and left out where its meaning is unsure.
    """
    draft = Draft(candidate=candidate, values={}, given={}, findings=candidate.findings)
    values: dict[str, FieldValue] = {}
    findings: list[Finding] = []
    for name, given in candidate.given.items():
        field = schema.by_name.get(name)
        if field is None:
            findings.extend(_check_unknown(draft, name, schema))
            value = _as_extra(given.value, schema)
        else:
            value = _shape_value(field, given)
            findings.extend(_check_shape(draft, field, given, value))
        if value is not None:
            values[name] = value
    kept = {name: candidate.given[name] for name in values}
    return Draft(
        candidate=candidate,
        values=values,
        given=kept,
        findings=(*candidate.findings, *findings),
    )


def _shape_value(field: Field, given: Given) -> FieldValue | None:
    """Return a value in the shape of its field; None where there is nothing, or it has no such."""
    if field.kind is FieldKind.LIST:
        return _as_list(field, given)
    value = given.value
    if field.kind is FieldKind.FLAG:
        return _as_flag(value)
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str) or is_file(given):
        return value if isinstance(value, str) else None
    text = value.strip()
    return None if says_nothing(text) else text


def _as_list(field: Field, given: Given) -> tuple[str, ...] | None:
    value = given.value
    if isinstance(value, str):
        between = _BETWEEN_LINKS if field.holds_addresses else _BETWEEN_WORDS
        value = [value] if is_file(given) else between.split(value.strip())
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        return None
    if is_file(given):
        return tuple(value)
    items = [item.strip() for item in value]
    return tuple(item for item in items if not says_nothing(item.strip("<> "))) or None


def _as_flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = value.strip().casefold() if isinstance(value, str) else None
    return True if word in _YES else False if word in _NO else None


def _as_extra(value: Any, schema: PaperSchema) -> FieldValue | None:
    """Return the value of a field that the schema does not name, where it lets such fields be."""
    if schema.document.get("additionalProperties", True) is False:
        return None
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return value if isinstance(value, str | bool) else None


def _check_unknown(draft: Draft, name: str, schema: PaperSchema) -> Iterator[Finding]:
    if schema.document.get("additionalProperties", True) is not False:
        return
    close = nearest(name, schema.by_name)
    known = ", ".join(f"`{field}`" for field in schema.by_name)
    fix = f"Write {quote(close)} instead." if close else "Remove the line."
    value = draft.candidate.given[name].value
    is_renamed = close is not None and isinstance(value, str)
    yield draft.finding(
        UNKNOWN_FIELD,
        f"I read the field {quote(name)}; a record has the fields {known}.",
        field=name,
        fix=fix,
        replacement=draft.fixed_line(name, value, key=close) if is_renamed else None,
    )


def _check_shape(
    draft: Draft, field: Field, given: Given, value: FieldValue | None
) -> Iterator[Finding]:
    if value is None and (given.value in (None, "", [], ()) or not is_file(given)):
        return
    in_shape = {
        FieldKind.TEXT: isinstance(given.value, str),
        FieldKind.NUMBER: isinstance(given.value, str),
        FieldKind.FLAG: isinstance(given.value, bool),
        FieldKind.LIST: isinstance(given.value, list | tuple) and value is not None,
    }
    if not is_file(given) or in_shape[field.kind]:
        return
    yield draft.finding(
        WRONG_SHAPE,
        f"I read {_described(given.value)}, but the field {quote(field.name)} "
        f"takes {_SHAPES[field.kind]}.",
        field=field.name,
        fix=f"Write {quote_long(_example(field, value))}.",
    )


def _described(value: Any) -> str:
    if isinstance(value, str):
        return f"the text {quote(value)}"
    if isinstance(value, bool):
        return f"`{'true' if value else 'false'}`"
    if isinstance(value, list | tuple):
        return "a list with values that are not texts" if value else "an empty list"
    return "nested fields"


def _example(field: Field, value: FieldValue | None) -> str:
    match value:
        case bool():
            return f"{field.name}: {str(value).lower()}"
        case str():
            return f"{field.name}: {value}"
        case tuple() if value:
            return f"{field.name}: [{', '.join(value)}]"
    shown = "true" if field.kind is FieldKind.FLAG else field.example
    return f"{field.name}: [{shown}]" if field.kind is FieldKind.LIST else f"{field.name}: {shown}"
