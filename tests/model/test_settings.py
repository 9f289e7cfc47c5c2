"""`kdbot.toml`: what is wrong in it is said with the names that are known."""

from __future__ import annotations

import pytest

from kdbot.model.errors import KdbotError
from kdbot.model.schema import FieldKind, parse_schema
from kdbot.model.settings import parse_settings
from tests.rows import each

SCHEMA = parse_schema(
    {"properties": {name: {"type": "string"} for name in ("title", "venue", "categories", "task")}}
)


def checked(**document):
    settings = parse_settings({"title": "A", "form": ["title"], **document}, "kdbot.toml")
    settings.check_fields(SCHEMA, "kdbot.toml")
    return settings


def test_fields_of_the_lists_own_schema_can_be_named():
    settings = checked(form=["title", "task"], tables={"columns": ["title", "task", "venue"]})
    assert settings.tables.columns == ("title", "task", "venue")


@each(
    ("document", "said"),
    [
        (
            {"tables": {"columns": ["title", "stars"]}},
            (
                "`tables.columns` names the field `stars`, which the schema does not define "
                "(known: title, venue, categories, task)"
            ),
        ),
        (
            {"tables": {"columns": ["title"]}, "form": ["title", "code"]},
            (
                "`form` names the field `code`, which the schema does not define "
                "(known: title, venue, categories, task)"
            ),
        ),
        ({"tables": {"columns": ["venue"]}}, "`tables.columns` must begin with `title`"),
        ({"tables": {"columns": []}}, "`tables.columns` must begin with `title`"),
        ({"colour": "red"}, "unknown setting `colour`"),
        ({"tables": {"columns": "title"}}, "`tables.columns` has a value of the wrong type"),
    ],
    ids=["column", "form", "title-not-first", "no-columns", "unknown-key", "wrong-type"],
)
def test_what_is_unknown_is_refused_with_what_is_known(document, said):
    with pytest.raises(KdbotError) as error:
        checked(**document)
    assert said in str(error.value)
    assert error.value.exit_status == 2


@each(
    ("spec", "kind", "addresses", "choices"),
    [
        ({"type": "string"}, FieldKind.TEXT, False, ()),
        ({"type": "string", "format": "uri"}, FieldKind.TEXT, True, ()),
        ({"type": "string", "enum": ["a", "b"]}, FieldKind.TEXT, False, ("a", "b")),
        ({"type": "array", "items": {"format": "uri"}}, FieldKind.LIST, True, ()),
        ({"type": "array", "items": {"enum": ["a"]}}, FieldKind.LIST, False, ("a",)),
        ({"type": "boolean"}, FieldKind.FLAG, False, ()),
    ],
)
def test_a_field_is_what_its_schema_says(spec, kind, addresses, choices):
    (field,) = parse_schema({"properties": {"own": spec}}).fields
    assert (field.kind, field.holds_addresses, field.choices) == (kind, addresses, choices)
