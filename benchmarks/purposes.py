"""Train the scorer of purposes from the labelled texts, and say how well it reads unknown lists.

`python -m benchmarks.purposes` prints the figures of a cross-validation whose folds are whole
repositories; with `--write` it trains on all texts and writes the weights of the package.
"""

import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Any

import yaml

from kdbot.intake.issue_text import read_issue_text
from kdbot.intake.markdown.blocks import bound_text
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.intake.scorer import _PURPOSES, _WEIGHTS, Scorer
from kdbot.model.collection import Identities, identities_of
from kdbot.model.proposal import Intent
from tests.intake.texts import DATA, listed_paper, load

ROOT = Path(__file__).parents[1]
STATE = DATA / "intake/purposes.json"
_REAL = ("seen", "corrections_real", "unseen2", "unseen3", "unseen4", "unseen5")
_ADDITIONS = (
    "proposals", "proposals2", "additions", "additions_unseen2", "additions_unseen3",
    "additions_unseen4", "additions_unseen5",
)  # fmt: skip
_SAMPLE = 60
_FOLDS, _EPOCHS, _RATE, _DECAY, _SEED = 5, 10, 0.3, 2e-4, 1
_LEAST_WEIGHT = 0.15
_PLACES = {"P": "https://arxiv.org/abs/2501.00001", "D": "https://arxiv.org/abs/2402.12345"}
_LISTED = (
    ("MiniLLM: Knowledge Distillation of Large Language Models", "2306.08543"),
    ("DistiLLM: Towards Streamlined Distillation for Large Language Models", "2402.03898"),
    ("On-Policy Distillation of Language Models: Learning from Self-Generated Mistakes",
     "2306.13649"),
    ("Orca: Progressive Learning from Complex Explanation Traces of GPT-4", "2306.02707"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One text as one list sees it.

    Attributes:
        group: its repository, or its name where it was written for the tests.
        purposes: what it is for, of `_PURPOSES`.
        weight: how much it counts.
        features: as the scorer gets them.
        real: whether it is a real text beside the papers of its own list.
    """

    group: str
    purposes: tuple[str, ...]
    weight: float
    features: Mapping[str, float]
    real: bool


@dataclass(frozen=True)
class _Recorder(Scorer):
    """Keeps what it is asked about.

    Attributes:
        seen: the features of each text.
    """

    seen: list[Mapping[str, float]] = field(default_factory=list)

    def score(self, features: Mapping[str, float]) -> Mapping[Intent, float]:
        """Return that all purposes are as likely, and keep the features."""
        self.seen.append(features)
        return super().score(features)


def _reader() -> Callable[[str, str, Identities | None], Mapping[str, float]]:
    taxonomy = parse_taxonomy((ROOT / "schema/taxonomy.yaml").read_bytes(), "schema/taxonomy.yaml")
    venues = parse_venues((ROOT / "schema/venues.yaml").read_bytes(), "schema/venues.yaml")
    recorder = _Recorder({})

    def read(title: str, body: str, listed: Identities | None) -> Mapping[str, float]:
        heading = " ".join(title.split())
        read_issue_text(heading, bound_text(body), taxonomy, venues, listed, scorer=recorder)
        return recorder.seen.pop()

    return read


def _identities(papers: Iterable[tuple[str, str | None]]) -> Identities:
    return identities_of([listed_paper({"title": title, "url": url}) for title, url in papers])


def _purposes_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a real text is labelled for: its roles, or none where silence is right."""
    if row["public_act"] == "silence":
        return ("none",)
    roles = {paper["role"] for paper in row["expected"]}
    found = {"add": "add" in roles, "update": bool(roles - {"add"})}
    return tuple(name for name, is_one in found.items() if is_one) or ("none",)


@dataclass(frozen=True, slots=True)
class _Row:
    """A text beside the titles and addresses of a list, before its features are known."""

    text: Mapping[str, Any]
    listed: Sequence[tuple[str, str | None]] | None
    weight: float
    real: bool


def examples() -> Iterator[Example]:
    """Yield all labelled texts; a correction also without the list, an addition also as listed."""
    return _read_all(chain(_rows(), _written_rows()))


def _read_all(rows: Iterable[_Row]) -> Iterator[Example]:
    read = _reader()
    for row in rows:
        text = row.text
        listed = None if row.listed is None else _identities(row.listed)
        features = read(text["title"], text["body"] or "", listed)
        yield Example(text["group"], text["purposes"], row.weight, features, row.real)


def _rows() -> Iterator[_Row]:
    for name in _REAL:
        for row in load(DATA / f"texts/{name}.jsonl"):
            row |= {"group": row["id"].partition("#")[0], "purposes": _purposes_of(row)}
            listed = [(one["title"], one["url"]) for one in row["listed"]]
            yield _Row(row, listed, 1, real=True)
            if row["purposes"] != ("none",):
                yield _Row(row, None, 0.4, real=False)
    for name in _ADDITIONS:
        for row in load(DATA / f"{name}.jsonl"):
            intent = row.get("intent", "add")
            purpose = {"add": "add", "none": "none"}.get(intent, "update")
            row |= {"group": str(row["id"]).partition("#")[0], "purposes": (purpose,)}
            yield _Row(row, (), 1, real=True)
            yield _Row(row, None, 0.4, real=False)
            titled = [(p["title"], p.get("url")) for p in row["expected"] if p.get("title")]
            if titled:
                yield _Row(row, titled, 0.4, real=False)


def _written_rows() -> Iterator[_Row]:
    own = [(title, f"https://arxiv.org/abs/{arxiv}") for title, arxiv in _LISTED]
    for row, weight in _written():
        yield _Row(row, own, weight, real=False)
        yield _Row(row, None, 0.4 * weight, real=False)


def state_of(scorer: Scorer) -> dict[str, Any]:
    """Return what weights are made from: a digest of the real texts, and what a few come to."""
    texts = sha256()
    for name in (*(f"texts/{name}" for name in _REAL), *_ADDITIONS):
        texts.update((DATA / f"{name}.jsonl").read_bytes())
    sample = _read_all(islice(_rows(), 0, None, _SAMPLE))
    scores = (scorer.score(text.features) for text in sample)
    likely = [[round(chance, 2) for chance in score.values()] for score in scores]
    return {"texts": texts.hexdigest(), "likely": likely}


def _load(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text("utf-8"))


def _row(name: str, title: str, body: str, purpose: str) -> dict[str, Any]:
    return {"group": name, "title": title, "body": body, "purposes": (purpose,)}


def _written() -> Iterator[tuple[dict[str, Any], float]]:
    """Yield the texts that were written for the tests, with how much each counts."""
    for name, purpose in (("corrections", "update"), ("remarks", "none")):
        for number, text in enumerate(_load(f"texts/{name}.yaml")):
            yield _row(f"{name}{number}", text["title"], text["body"] or "", purpose), 0.5
    for text in _load("intake/written.yaml"):
        purpose = {"add": "add", "none": "none"}.get(text["intent"], "update")
        yield _row(text["id"], text["title"], text.get("body") or "", purpose), 0.5
    yield from _requests(_load("texts/requests.yaml"))


def _requests(texts: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], float]]:
    titles = {
        "others": "Add a paper",
        "both": "Add a paper",
        "one": "New paper",
        "none": "Question",
    }
    for kind, title in titles.items():
        for number, text in enumerate(texts[kind]):
            purpose = "none" if kind == "none" else "add"
            yield _row(f"{kind}{number}", title, text.format(**_PLACES), purpose), 0.4
    for kind, purpose in (("additions", "add"), ("remarks", "none")):
        for number, text in enumerate(texts[kind]):
            body = text["body"].format(**_PLACES)
            yield _row(f"asked {kind}{number}", text["title"], body, purpose), 0.5
    for number, title in enumerate(texts["titles"]):
        for place in texts["places"]:
            body = place.format(T=title, **_PLACES)
            yield _row(f"title{number}", "Add a paper", body, "add"), 0.1


def train(texts: Sequence[Example]) -> dict[str, list[float]]:
    """Fit a multinomial logistic regression by gradient steps that shrink with use (Adagrad).

    A feature of one repository alone is left out.
    """
    groups = defaultdict(set)
    for text in texts:
        for name in text.features:
            groups[name].add(text.group)
    weights = {name: [0.0] * len(_PURPOSES) for name, known in groups.items() if len(known) > 1}
    used = {name: [1e-2] * len(_PURPOSES) for name in weights}
    labels = [str(purpose) for purpose in _PURPOSES]
    targets = [(text, labels.index(one)) for text in texts for one in text.purposes]
    order = random.Random(_SEED)
    for _ in range(_EPOCHS):
        order.shuffle(targets)
        for text, target in targets:
            likely = list(Scorer(weights).score(text.features).values())
            share = text.weight / len(text.purposes)
            for name, value in text.features.items():
                if (row := weights.get(name)) is None:
                    continue
                for at, chance in enumerate(likely):
                    step = share * (chance - (at == target)) * value + _DECAY * row[at]
                    used[name][at] += step * step
                    row[at] -= _RATE * step / math.sqrt(used[name][at])
    return weights


def cross_validate(texts: Sequence[Example]) -> Counter[tuple[str, str]]:
    """Return how often each purpose of a real text was taken for which, its repository unseen."""
    groups = sorted({text.group for text in texts})
    random.Random(_SEED).shuffle(groups)
    fold_of = {group: number % _FOLDS for number, group in enumerate(groups)}
    taken: Counter[tuple[str, str]] = Counter()
    for fold in range(_FOLDS):
        scorer = Scorer(train([text for text in texts if fold_of[text.group] != fold]))
        for text in (one for one in texts if one.real and fold_of[one.group] == fold):
            likely = scorer.score(text.features)
            taken[text.purposes[0], str(max(likely, key=lambda one: likely[one]))] += 1
    return taken


def main() -> None:
    """Print the figures, or write the weights."""
    texts = list(examples())
    if "--write" not in sys.argv:
        taken = cross_validate(texts)
        right = sum(count for (meant, read), count in taken.items() if meant == read)
        print(f"{right} of {taken.total()} purposes right in unseen repositories")
        for (meant, read), count in sorted(taken.items()):
            print(f"  {meant:>6} read as {read:<6} {count:>4}")
        return
    rows = sorted(train(texts).items())
    kept = {name: [round(one, 2) for one in row] for name, row in rows}
    lines = (
        f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(row, separators=(',', ':'))}"
        for name, row in kept.items()
        if max(map(abs, row)) >= _LEAST_WEIGHT
    )
    _WEIGHTS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    state = json.dumps(state_of(Scorer(json.loads(_WEIGHTS.read_bytes()))))
    STATE.write_text(state.replace("[[", "[\n[").replace("], [", "],\n[") + "\n", "utf-8")


if __name__ == "__main__":
    main()
