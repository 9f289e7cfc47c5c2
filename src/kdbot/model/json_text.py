"""Parse untrusted JSON into typed values; a value that does not fit is a `ValueError`.

The library's reader passes what no other reader takes, and lets the depth of a text end the
program: https://docs.python.org/3/library/json.html#standard-compliance-and-interoperability
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, NoReturn, TypeVar, Union, cast, get_args, get_origin, get_type_hints

_T = TypeVar("_T")

_HALF_A_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")


def parse_json(data: bytes | str) -> Any:
    """Return the value of a JSON text; half a pair of surrogates in it becomes U+FFFD.

    Raises:
        ValueError: it is not JSON in UTF-8, is nested too deep, or has a number that is not
            finite.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    try:
        value = json.loads(raw, parse_constant=_refuse, parse_float=_finite)
        return _writable(value) if _HALF_A_PAIR.search(raw) else value
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_writable(item) for item in value]
    if isinstance(value, dict):
        return {_writable(key): _writable(item) for key, item in value.items()}
    return value


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _refuse(text)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number")


class FormError(ValueError):
    """A value of JSON or TOML does not match its type.

    Attributes:
        path: keys and positions that lead to the value.
        value: what was there.
        kind: the type that was asked for, or None where a key is missing or unknown.
        known: the keys of the record, where one of them is missing or another is there.
    """

    def __init__(
        self, value: object, kind: Any, path: tuple[str, ...] = (), known: tuple[str, ...] = ()
    ) -> None:
        super().__init__(value, kind, path, known)
        self.value, self.kind, self.path, self.known = value, kind, path, known

    def __str__(self) -> str:
        """Name the place and the problem."""
        place = "/".join(self.path) or "it"
        if self.kind is None:
            return f"`{place}` is missing or unknown; a record has {', '.join(self.known)}"
        return f"`{place}` has the wrong type or value"


def from_json(kind: type[_T], value: object, *, whole: bool = False) -> _T:
    """Build a value of a dataclass from parsed JSON, as its annotations say.

    Texts, numbers, true and false are taken as they are, a list becomes a tuple, a text an
    enumeration's value or a day.

    Args:
        kind: the dataclass.
        value: an object with the names of its fields and no others.
        whole: whether every field has to be there, and not only those without a default.

    Raises:
        FormError: the value has another form.
    """
    found: _T = _record_reader(cast("Any", kind), whole)(value)
    return found


def to_json(value: Any, *, whole: bool = False) -> Any:
    """Return a dataclass, or what it is made of, as `from_json` reads it.

    A number is rounded to the `digits` that the metadata of its field name.

    Args:
        value: the value.
        whole: whether to write fields that have their default.
    """
    if is_dataclass(value):
        items = ((field, getattr(value, field.name)) for field in fields(value))
        return {
            field.name: _rounded(to_json(item), field)
            for field, item in items
            if whole or item != _default_of(field)
        }
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _rounded(value: Any, field: "Field[Any]") -> Any:
    digits = field.metadata.get("digits")
    return value if digits is None else round(value, digits)


def _default_of(field: "Field[Any]") -> object:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


def _reader(hint: Any) -> Callable[[object], Any]:
    """Return what reads a value of one type; a container is read by what reads its items."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (some,) = (argument for argument in arguments if argument is not NoneType)
        read = _reader(some)
        return lambda value: None if value is None else read(value)
    if origin is tuple:
        return partial(_read_items, hint, _reader(arguments[0]))
    if origin is Mapping:
        return partial(_read_values, hint, _reader(arguments[1]))
    if is_dataclass(hint):
        return _record_reader(cast("Any", hint), False)
    if hint is date:
        return partial(_read_text, hint, date.fromisoformat)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return partial(_read_text, hint, hint)
    return partial(_read_plain, hint, (int, float) if hint is float else (hint,))


@cache
def _record_reader(kind: Any, whole: bool) -> Callable[[object], Any]:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    needed = {
        field.name
        for field in fields(kind)
        if whole or (field.default is MISSING and field.default_factory is MISSING)
    }

    def read(value: object) -> Any:
        if not isinstance(value, Mapping):
            raise FormError(value, kind)
        for name in (*(value.keys() - readers), *(needed - value.keys())):
            raise FormError(value, None, (str(name),), tuple(readers))
        return kind(**{name: _at(name, readers[name], item) for name, item in value.items()})

    return read


def _at(name: str, read: Callable[[object], Any], value: object) -> Any:
    try:
        return read(value)
    except FormError as error:
        raise FormError(error.value, error.kind, (name, *error.path), error.known) from None


def _read_items(hint: Any, read: Callable[[object], Any], value: object) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise FormError(value, hint)
    return tuple(_at(str(index), read, item) for index, item in enumerate(value))


def _read_values(hint: Any, read: Callable[[object], Any], value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise FormError(value, hint)
    return {str(key): _at(str(key), read, item) for key, item in value.items()}


def _read_text(hint: Any, make: Callable[[str], Any], value: object) -> Any:
    try:
        return make(_read_plain(str, (str,), value))
    except ValueError:
        raise FormError(value, hint) from None


def _read_plain(hint: Any, kinds: tuple[type, ...], value: object) -> Any:
    # In Python a boolean is an integer; in JSON it is not.
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise FormError(value, hint)
    return value
