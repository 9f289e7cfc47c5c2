"""The scorer of purposes: its features, and what it makes of them."""

import json

import pytest

from benchmarks.purposes import STATE, state_of
from kdbot.intake.scorer import _PURPOSES, Scorer, _tokens_of, default_scorer, features_of
from kdbot.model.proposal import Intent
from tests.rows import each


@each(
    ("text", "tokens"),
    [
        ("Please add https://arxiv.org/abs/2306.08543!", ["please", "add", "<arxiv>"]),
        ("See https://github.com/a/b and https://a.org", ["see", "<git>", "and", "<url>"]),
        ("更正链接", ["更正", "正链", "链接"]),
        ("Published in 2024?", ["published", "in", "#", "?"]),
    ],
)
def test_words_are_cut_for_any_script(text, tokens):
    assert _tokens_of(text) == tokens


def test_a_scorer_weighs_the_features_that_it_knows():
    scorer = Scorer({"b:add": [4.0, 0.0, 0.0], "e:says": [0.0, 4.0, 0.0]})
    adds = scorer.score(features_of("", ["add"], []))
    says = scorer.score(features_of("", ["unknown"], ["says"]))
    assert max(adds, key=adds.get) is Intent.ADD
    assert max(says, key=says.get) is Intent.UPDATE
    assert sum(says.values()) == pytest.approx(1)
    assert len(set(scorer.score(features_of("", ["unknown"], [])).values())) == 1


def test_the_weights_of_the_package_have_one_number_for_each_purpose():
    weights = default_scorer().weights
    assert len(weights) > 1_000
    assert {len(row) for row in weights.values()} == {len(_PURPOSES)}


def test_the_weights_are_made_from_the_present_texts_and_rules():
    """If not: `python -m benchmarks.purposes --write`. What texts come to may differ a little."""
    kept, now = json.loads(STATE.read_bytes()), state_of(default_scorer())
    assert now["texts"] == kept["texts"]
    pairs = zip(now["likely"], kept["likely"], strict=True)
    moved = [max(abs(a - b) for a, b in zip(*pair, strict=True)) for pair in pairs]
    assert sum(one > 0.1 for one in moved) <= len(moved) // 10
