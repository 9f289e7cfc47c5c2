"""What a free text is for, by a small linear model: its words, and what is known of its papers.

The weights in `purposes.json` are made from labelled texts by `benchmarks/purposes.py`; they are
read when the first free text is.
"""

import json
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from pathlib import Path

from kdbot.model.proposal import Intent
from kdbot.text.characters import EAST_ASIAN

_PURPOSES = (Intent.ADD, Intent.UPDATE, Intent.NONE)
_WEIGHTS = Path(__file__).with_name("purposes.json")
_MAX_SENTENCES = 60
_MAX_TEXT = 600
_MAX_TOKEN = 10
_TOKEN = re.compile(
    rf"https?://(?P<host>[^\s/]*)\S*|(?P<wide>[{EAST_ASIAN}]+)|[^\W_]+(?:['’][^\W_]+)?|[?？→…]|->"
)
_KINDS = {"arxiv": "<arxiv>", "git": "<git>", "doi.org": "<doi>", "huggingface": "<hf>"}


def _tokens_of(text: str) -> list[str]:
    """Return the words of a sentence; each two neighbouring letters of a script without spaces."""
    found: list[str] = []
    for match in _TOKEN.finditer(text[:_MAX_TEXT]):
        word = match[0].casefold()
        if match["host"] is not None:
            host = match["host"].casefold()
            found.append(next((k for part, k in _KINDS.items() if part in host), "<url>"))
        elif match["wide"]:
            found += (word[at : at + 2] for at in range(max(len(word) - 1, 1)))
        else:
            found.append("#" if word.isdecimal() else word[:_MAX_TOKEN])
    return found


def features_of(
    title: str, sentences: Sequence[str], evidence: Collection[str]
) -> Mapping[str, float]:
    """Return the features of a text with their values.

    Args:
        title: the issue's title, without the titles of papers in it.
        sentences: the own sentences of the body, likewise.
        evidence: what is known of the papers and of the values in it.
    """
    body = [_tokens_of(text) for text in islice(sentences, _MAX_SENTENCES)]
    head = {f"t:{gram}" for gram in _grams(_tokens_of(title))}
    words = {f"b:{gram}" for tokens in body for gram in _grams(tokens)}
    words |= {f"1:{word}" for tokens in body[:2] for word in tokens}
    features = dict.fromkeys(head, 1 / math.sqrt(len(head) or 1))
    features |= dict.fromkeys(words, 1.5 / math.sqrt(len(words) or 1))
    return features | dict.fromkeys((f"e:{one}" for one in evidence), 0.5) | {"": 1.0}


def _grams(tokens: Sequence[str]) -> Iterator[str]:
    yield from tokens
    yield from (f"{one} {other}" for one, other in pairwise(("^", *tokens)))


@dataclass(frozen=True, slots=True)
class Scorer:
    """A linear model over features; those that it does not know count nothing.

    Attributes:
        weights: of each feature, one for each of `_PURPOSES`.
    """

    weights: Mapping[str, Sequence[float]]

    def score(self, features: Mapping[str, float]) -> Mapping[Intent, float]:
        """Return how likely each purpose is."""
        sums = [0.0] * len(_PURPOSES)
        for name, value in features.items():
            for at, weight in enumerate(self.weights.get(name, ())):
                sums[at] += weight * value
        top = max(sums)
        powers = [math.exp(one - top) for one in sums]
        return dict(zip(_PURPOSES, (one / sum(powers) for one in powers), strict=True))


@lru_cache(maxsize=1)
def default_scorer() -> Scorer:
    """Return the model with the weights of the package."""
    return Scorer(json.loads(_WEIGHTS.read_text("utf-8")))
