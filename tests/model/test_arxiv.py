"""arXiv identifiers: validity of both schemes, month, and file stem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.identifiers import (
    _OLD_ARCHIVES,
    arxiv_from_stem,
    arxiv_month,
    arxiv_stem,
    parse_arxiv_id,
)
from tests.rows import each

NEW_STYLE = st.builds(
    lambda year, month, number: (
        f"{year:02}{month:02}.{number:0{4 if (year, month) < (15, 1) else 5}}"
    ),
    st.integers(8, 99),
    st.integers(1, 12),
    st.integers(1, 9999),
)
OLD_STYLE = st.builds(
    lambda archive, year, month, number: f"{archive}/{year % 100:02}{month:02}{number:03}",
    st.sampled_from(sorted(_OLD_ARCHIVES)),
    st.integers(91, 106),
    st.integers(1, 12),
    st.integers(1, 999),
)


@each(
    ("text", "canonical"),
    [
        ("0704.0001", "0704.0001"),
        ("0703.0001", None),
        ("1412.9999", "1412.9999"),
        ("1412.99999", None),
        ("1501.00001", "1501.00001"),
        ("1501.0001", None),
        ("2402.00000", None),
        ("hep-th/9101001", "hep-th/9101001"),
        ("hep-th/9012001", None),
        ("hep-th/0703999", "hep-th/0703999"),
        ("hep-th/0704001", None),
        ("hep-th/9901000", None),
        ("stat/0701001", None),
        ("cmp-lg/9404001", "cmp-lg/9404001"),
        ("cs.CL/0001001", "cs/0001001"),
        ("arXiv:2402.13116", None),
        (" 2402.13116", None),
        ("2402.13116\n", None),
    ],
)
def test_validity_D15(text, canonical):
    parsed = parse_arxiv_id(text)
    assert (parsed.canonical if parsed else None) == canonical


@each(
    ("arxiv", "month"),
    [
        ("2402.13116", "2024-02"),
        ("0704.0001", "2007-04"),
        ("9912.12345", "2099-12"),
        ("hep-th/9901001", "1999-01"),
        ("hep-th/0001001", "2000-01"),
        ("math/0309136", "2003-09"),
    ],
)
def test_month(arxiv, month):
    assert arxiv_month(arxiv) == month


def test_month_of_anything_else_is_a_mistake():
    with pytest.raises(ValueError, match="not an arXiv identifier"):
        arxiv_month("minillm")


@given(NEW_STYLE | OLD_STYLE)
def test_stem_and_back(arxiv):
    stem = arxiv_stem(arxiv)
    assert "/" not in stem
    assert arxiv_from_stem(stem) == arxiv


@each(
    "stem",
    [
        "2402.13116v1",
        "HEP-TH.9901001",
        "math.GT.0309136",
        "hep-th/9901001",
        "2513.00001",
        "minillm",
    ],
)
def test_other_stems_spell_no_identifier(stem):
    assert arxiv_from_stem(stem) is None


@given(st.text())
def test_any_stem_is_answered(stem):
    arxiv = arxiv_from_stem(stem)
    assert arxiv is None or arxiv_stem(arxiv) == stem
