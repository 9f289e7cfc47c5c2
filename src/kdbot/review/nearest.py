"""The nearest of several known names, for a value that is none of them."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process, utils

from kdbot.model.taxonomy import Category, Taxonomy

_ALIKE = 70
_BEHIND = 12
_MANY = 400


def nearest(text: str, names: Iterable[str], *, limit: int = 1) -> tuple[str, ...]:
    """Return the names most like a text, best first; none where nothing is alike."""
    found = process.extract(
        text[:_MANY],
        list(names),
        scorer=fuzz.ratio,
        processor=utils.default_process,
        limit=limit,
        score_cutoff=_ALIKE,
    )
    return tuple(name for name, _, _ in found)


def nearest_categories(text: str, taxonomy: Taxonomy, *, limit: int = 3) -> tuple[Category, ...]:
    """Return the categories that hold papers whose title, id or path is most like a text."""
    text = text[:_MANY]
    last = text.replace(">", "/").rpartition("/")[2]
    scores = {leaf.path: _likeness(text, last, leaf, taxonomy) for leaf in taxonomy.leaves}
    bound = max(_ALIKE, max(scores.values(), default=0) - _BEHIND)
    best = sorted(taxonomy.leaves, key=lambda leaf: -scores[leaf.path])
    return tuple(leaf for leaf in best if scores[leaf.path] >= bound)[:limit]


def _likeness(text: str, last: str, leaf: Category, taxonomy: Taxonomy) -> float:
    names = (
        leaf.title,
        leaf.path.rpartition("/")[2],
        leaf.path,
        " ".join(taxonomy.titles(leaf.path)),
    )
    plain = utils.default_process
    return max(
        *(fuzz.ratio(text, name, processor=plain) for name in names),
        *(fuzz.ratio(last, name, processor=plain) for name in names[:2]),
        *(fuzz.token_sort_ratio(last, name, processor=plain) for name in names[:2]),
    )
