"""The validator of the list's schema; imported where a record does not plainly fit."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError, ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable

from kdbot.model.errors import KdbotError
from kdbot.model.schema import PaperSchema
from kdbot.review.structure import Fault

_WHERE = "the paper schema"


class Validator:
    """Tells what a schema has against values.

    A reference that leaves the document is never fetched. Formats are not asserted, as the
    standard has it: addresses are checked by our own code.
    """

    def __init__(self, schema: PaperSchema) -> None:
        """Take a schema.

        Raises:
            KdbotError: a keyword of the schema has a value that it cannot have.
        """
        check_document(schema)
        self._validator = Draft202012Validator(schema.document, registry=Registry())

    def faults(self, values: Mapping[str, Any]) -> Iterator[Fault]:
        """Yield each fault of the values, at the deepest place that the schema names.

        Raises:
            KdbotError: the schema refers to another document, or to itself without end.
        """
        try:
            errors = list(self._validator.iter_errors(values))
        except Unresolvable as error:
            raise KdbotError(
                f"it refers to `{error.ref}`, which is never fetched",
                where=_WHERE,
                fix="write the definition into the schema",
            ) from error
        except RecursionError as error:
            raise KdbotError("it refers to itself without end", where=_WHERE) from error
        yield from map(_fault_of, errors)


def _fault_of(error: ValidationError) -> Fault:
    path = list(error.absolute_path)
    item = path[1] if len(path) > 1 else None
    return Fault(
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
    try:
        Draft202012Validator.check_schema(schema.document, format_checker=FormatChecker(["regex"]))
    except SchemaError as error:
        path = "/".join(map(str, error.absolute_path))
        raise KdbotError(
            f"`{path}` is {error.instance!r}, which no JSON Schema can say",
            where=_WHERE,
            fix="see the draft 2020-12 of JSON Schema",
        ) from error
