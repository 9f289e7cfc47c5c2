"""What the list's JSON Schema says about a record's fields."""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from kdbot.model.errors import KdbotError
from kdbot.model.paper import NUMBERS


class FieldKind(StrEnum):
    """Shape of a field's value."""

    TEXT = "text"
    FLAG = "flag"
    LIST = "list"
    NUMBER = "number"


WHERE = "the paper schema"
"""What errors call it."""
_T = TypeVar("_T", dict[str, Any], list[Any])
_KINDS = {
    "string": FieldKind.TEXT,
    "boolean": FieldKind.FLAG,
    "array": FieldKind.LIST,
    "integer": FieldKind.NUMBER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One property of the record.

    Attributes:
        name: key in the YAML file.
        kind: shape of the value.
        title: label shown to people, the same in form, comment and table.
        description: one sentence that says what belongs there.
        example: a value as a person would write it, or an empty text.
        required: whether every record must have it.
        holds_addresses: whether its values are addresses (`"format": "uri"`).
        choices: the only texts that it takes (`enum`); empty for any.
    """

    name: str
    kind: FieldKind
    title: str
    description: str
    example: str
    required: bool
    holds_addresses: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class PaperSchema:
    """The record's JSON Schema (draft 2020-12) with its fields in their canonical order.

    Two are never equal, so that what is made of one is kept by it.

    Attributes:
        document: the schema as parsed JSON.
        fields: one for each property, in the document's order, which is the canonical key order.
    """

    document: Mapping[str, Any]
    fields: tuple[Field, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Fields by their key."""
        return {field.name: field for field in self.fields}

    def fitting(self, name: str, texts: Iterable[str]) -> tuple[str, ...]:
        """Return the texts that are short enough for a field, as many as it takes."""
        rule = self.document["properties"].get(name, {})
        longest = rule.get("items", rule).get("maxLength", sys.maxsize)
        return tuple(text for text in texts if len(text) <= longest)[: rule.get("maxItems")]

    @cached_property
    def takes_years(self) -> bool:
        """Whether a date may be only a year, which sorts after the months of that year."""
        properties = self.document.get("properties", {})
        pattern = properties.get("date", {}).get("pattern")
        return isinstance(pattern, str) and re.search(pattern, "2013") is not None

    def lists_addresses(self, name: str) -> bool:
        """Tell whether a field is a list of addresses."""
        field = self.by_name.get(name)
        return field is not None and field.kind is FieldKind.LIST and field.holds_addresses

    def title(self, name: str) -> str:
        """Return the label of a field, or its name if the schema has none."""
        field = self.by_name.get(name)
        return field.title if field else name


def parse_schema(document: Any) -> PaperSchema:
    """Read the fields out of a JSON Schema document.

    Raises:
        KdbotError: the document is not an object schema, or a property is of a type that a record
            cannot hold (text, list of text, true or false).
    """
    if not isinstance(document, dict):
        raise KdbotError("must be a JSON object", where=WHERE)
    properties = _part(document, "properties", dict, "the schema")
    required = _part(document, "required", list, "the schema") if "required" in document else []
    fields = tuple(_field(name, spec, name in required) for name, spec in properties.items())
    return PaperSchema(document=document, fields=fields)


def _part(spec: Any, keyword: str, kind: type[_T], of: str) -> _T:
    value = spec.get(keyword) if isinstance(spec, dict) else None
    if not isinstance(value, kind):
        what = {dict: "an object", list: "an array"}[kind]
        raise KdbotError(f"`{keyword}` of {of} must be {what}", where=WHERE)
    return value


def _field(name: str, spec: Any, required: bool) -> Field:
    kind = _KINDS.get(str(spec.get("type"))) if isinstance(spec, dict) else None
    if kind is None or (kind is FieldKind.NUMBER and name not in NUMBERS):
        raise KdbotError(
            f"the property `{name}` must be an object with a `type`",
            where=WHERE,
            fix="a field is a string, a boolean or an array of strings",
        )
    of = f"`{name}`"
    example: Any = next(iter(_part(spec, "examples", list, of) if "examples" in spec else ()), "")
    if isinstance(example, list):
        example = next(iter(example), "")
    value = _part(spec, "items", dict, of) if kind is FieldKind.LIST and "items" in spec else spec
    return Field(
        name=name,
        kind=kind,
        title=str(spec.get("title", name)),
        description=str(spec.get("description", "")),
        example=str(example),
        required=required,
        holds_addresses=value.get("format") == "uri",
        choices=tuple(map(str, _part(value, "enum", list, of) if "enum" in value else ())),
    )
