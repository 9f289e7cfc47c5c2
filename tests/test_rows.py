"""A table in one test says as much as a test for each of its rows."""

from __future__ import annotations

import pytest

from tests.rows import each


def faults_of(check, **fixtures):
    with pytest.raises(BaseExceptionGroup) as raised:
        check(**fixtures)
    return str(raised.value), [fault.__notes__ for fault in raised.value.exceptions]


def test_every_row_that_fails_is_named():
    @each("value, square", [(1, 2), pytest.param(2, 4, id="two"), (3, 8)])
    def check(one, value, square):
        if value == 3:
            pytest.fail("a third")
        assert one * value**2 == square

    words, notes = faults_of(check, one=1)
    assert words.startswith("2 of 3 rows: 1 (1, 2), 3 (3, 8)")
    assert notes == [["in row 1 (1, 2)"], ["in row 3 (3, 8)"]]


@pytest.mark.parametrize("ids", [["first", "second"], {2: "first", 3: "second"}.get])
def test_rows_have_the_names_that_they_are_given(ids):
    @each("value", [2, 3], ids=ids)
    def check(value):
        assert value > 3

    words, _ = faults_of(check)
    assert words.startswith("2 of 2 rows: 1 (first), 2 (second)")


@each("first", [1, 2])
@each(("second",), iter([(3,), (4,)]))
def test_tables_multiply_and_fixtures_are_given(tmp_path, first, second):
    assert tmp_path.is_dir()
    assert first < second


def test_a_table_without_rows_is_refused():
    with pytest.raises(ValueError, match="without rows"):
        each("value", [])


def test_a_marked_row_is_refused():
    with pytest.raises(ValueError, match="marked"):
        each("value", [pytest.param(1, marks=pytest.mark.skip)])
