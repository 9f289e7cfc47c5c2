"""What the checks of a record need beside the record itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from jsonschema import Draft202012Validator

from kdbot.model.collection import Collection
from kdbot.model.finding import Finding
from kdbot.review.draft import Draft
from kdbot.review.schema_check import schema_validator


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The rules of a list, made ready once for many records.

    Attributes:
        collection: the list.
        validator: of the list's schema.
    """

    collection: Collection
    validator: Draft202012Validator


Check: TypeAlias = Callable[[Draft, Context], Iterator[Finding]]
"""A rule or a few of one kind, held against a draft."""


def context_of(collection: Collection) -> Context:
    """Return the context of a list."""
    return Context(collection=collection, validator=schema_validator(collection.schema))
