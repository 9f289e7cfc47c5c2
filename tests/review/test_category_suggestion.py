"""The hint where a proposal has no category that the list knows."""

import pytest

from kdbot.review.categories import check_category_hint
from kdbot.review.normalize import normalize_candidate

TITLE = "Knowledge Distillation of Large Language Models with Another Divergence"


@pytest.fixture
def hints(form, collection):
    def told(fields):
        draft = normalize_candidate(form(fields), collection)
        return list(check_category_hint(draft, collection))

    return told


@pytest.mark.parametrize("categories", [[], ["Nowhere near anything"]])
def test_a_paper_without_a_known_category_is_given_a_hint(hints, categories):
    (hint,) = hints({"title": TITLE, "categories": categories})
    assert hint.code == "category-hint"
    assert hint.field == "categories"
    assert 1 <= hint.message.count("`") // 2 <= 3


def test_no_hint_beside_a_category_or_without_a_title(hints, collection):
    leaf = collection.taxonomy.leaves[0].path
    assert hints({"title": TITLE, "categories": [leaf]}) == []
    assert hints({"url": "2306.08543"}) == []
