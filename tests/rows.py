"""Tables that one test looks through: a small row costs pytest and xdist more than its check."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Test = Callable[..., None]

_LONGEST_NAME = 200


def each(
    arguments: str | tuple[str, ...],
    rows: Iterable[Any],
    ids: Iterable[str] | Callable[[Any], object] | None = None,
) -> Callable[[Test], Test]:
    """Check every row in one test, which fails with all rows that failed, each by its name.

    The arguments are those of `pytest.mark.parametrize`. All rows share the test's fixtures, so
    this is for tests that change nothing of them, and skip nothing.
    """
    asked = arguments.split(", ") if isinstance(arguments, str) else arguments
    is_single = asked == [arguments]
    table = [_named(row, ids, single=is_single) for row in rows]
    if ids is not None and not callable(ids):
        table = [(name, row) for name, (_, row) in zip(ids, table, strict=True)]
    if not table:
        raise ValueError("a table without rows checks nothing")

    def decorate(test: Test) -> Test:
        @functools.wraps(test)
        def check(**fixtures: Any) -> None:
            faults: dict[str, BaseException] = {}
            for number, (name, row) in enumerate(table, 1):
                try:
                    test(**fixtures, **dict(zip(asked, row, strict=True)))
                except (Exception, pytest.fail.Exception) as fault:  # noqa: BLE001
                    called = f"{number} ({name[:_LONGEST_NAME]})"
                    fault.add_note(f"in row {called}")
                    faults[called] = fault
            if faults:
                words = f"{len(faults)} of {len(table)} rows: {', '.join(faults)}"
                raise BaseExceptionGroup(words, list(faults.values()))

        signature = inspect.signature(test)
        others = [p for name, p in signature.parameters.items() if name not in asked]
        check.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        return check

    return decorate


def _named(row: Any, ids: object, *, single: bool) -> tuple[str, tuple[Any, ...]]:
    """Return the name and the values of a row as `parametrize` takes it."""
    if isinstance(row, type(pytest.param())):
        if row.marks:
            raise ValueError("a marked row needs a test of its own")
        return row.id or repr(row.values), row.values
    values = (row,) if single else row
    return ", ".join(str(ids(v)) if callable(ids) else repr(v) for v in values), values
