"""What the checks of a record need beside the record itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from kdbot.model.collection import Collection
from kdbot.model.finding import Finding
from kdbot.review.draft import Draft
from kdbot.review.structure import Structure, structure_of

if TYPE_CHECKING:
    from kdbot.review.validator import Validator


@dataclass(frozen=True, kw_only=True)
class Context:
    """The rules of a list, made ready once for many records.

    Attributes:
        collection: the list.
    """

    collection: Collection

    @cached_property
    def structure(self) -> Structure:
        """The list's schema as plain tests."""
        return structure_of(self.collection.schema)

    @cached_property
    def validator(self) -> "Validator":
        """The validator of the list's schema, for what the plain tests refuse."""
        from kdbot.review.validator import Validator

        return Validator(self.collection.schema)


Check: TypeAlias = Callable[[Draft, Context], Iterator[Finding]]
"""A rule or a few of one kind, held against a draft."""
