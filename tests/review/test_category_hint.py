"""The category hint: sensible on a small list, better than a floor on the real one."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kdbot.review.categories import (
    _LEAST_VOTES,
    TitleIndex,
    _suggest_categories,
    elect_categories,
)
from kdbot.storage.repository import load_records, paper_of

ROOT = Path(__file__).parents[2]

TITLES = {
    "a": "Teaching Small Models to Reason with Chains of Thought",
    "b": "Chains of Thought for Small Models",
    "c": "Divergence Measures for Sequence-Level Training",
    "d": "A Divergence for On-Policy Training",
}
CATEGORIES = {"a": ("reasoning",), "b": ("reasoning", "small"), "c": ("losses",), "d": ("losses",)}


def suggest(title, titles=TITLES):
    return _suggest_categories(title, titles, CATEGORIES.__getitem__)


def test_the_categories_of_the_most_similar_titles():
    assert suggest("Chains of Thought in Tiny Models")[0] == "reasoning"
    assert suggest("Which Divergence? Training Objectives Compared")[0] == "losses"


def test_nothing_is_suggested_without_a_list_or_a_likeness():
    assert suggest("Anything", {}) == ()
    assert suggest("日本語") == ()


@given(st.text(max_size=300))
def test_any_title_has_at_most_three_known_categories(title):
    hints = suggest(title)
    assert len(hints) <= 3
    assert set(hints) <= {"reasoning", "small", "losses"}


def test_an_index_finds_each_title_and_can_leave_it_out():
    index = TitleIndex(TITLES)
    for key, title in TITLES.items():
        assert index.nearest(title)[0][0] == key
        assert abs(index.nearest(title)[0][1] - 1) < 1e-9
        assert key not in dict(index.nearest(title, without=key))


def test_a_large_list_is_sifted_first_and_few_records_are_read():
    fillers = {f"x{n}": f"Unrelated Matter Number {n}" for n in range(3000)}
    asked = []

    def categories_of(key):
        asked.append(key)
        return CATEGORIES.get(key, ("other",))

    hints = _suggest_categories("Chains of Thought in Tiny Models", fillers | TITLES, categories_of)
    assert hints[0] == "reasoning"
    assert len(asked) <= 12


def test_the_floor_on_the_real_list():
    papers = [paper_of(candidate) for candidate in load_records(ROOT).candidates]
    index = TitleIndex({paper.id: paper.title for paper in papers})
    categories = {paper.id: paper.categories for paper in papers}
    first = among = hinted = names = right = 0
    for paper in papers:
        neighbours = index.nearest(paper.title, without=paper.id)
        hints = elect_categories(neighbours, categories.__getitem__)
        first += bool(hints) and hints[0] in paper.categories
        among += not set(hints).isdisjoint(paper.categories)
        named = elect_categories(neighbours, categories.__getitem__, least=_LEAST_VOTES)
        hinted += bool(named)
        names += len(named)
        right += len(set(named) & set(paper.categories))
    assert right >= 0.6 * names
    assert hinted >= 0.3 * len(papers)
    assert first >= 0.50 * len(papers)
    assert among >= 0.65 * len(papers)
