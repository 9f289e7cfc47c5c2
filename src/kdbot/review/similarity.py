"""How much two titles are alike, which listed ones are like a new one, and the nearest name.

The rules and bounds were measured on pairs of real titles: a ratio of sorted words over folded
titles finds most true pairs, and a difference in numbers tells a sequel from its original.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from kdbot.model.collection import Identities, Identity
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.model.titles import acronym_head, fold_title, title_numbers

_ALIKE = 85.0
"""Ratio of sorted words from which two titles are probably one."""

_ALIKE_DESPITE_NUMBERS = 90.0
"""The same for titles whose numbers differ."""

OTHER_PAPER = 60.0
"""Ratio under which one identifier with two titles is a conflict."""

_LOOKED_UP_WORDS = 5
_ENOUGH = 3_000
_HEAD_WORDS = 3
_MIN_SIMILARITY = 70
_BEHIND = 12
_MANY = 400
_MAX_CATEGORIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title made ready for comparison.

    Attributes:
        folded: in the form in which two spellings are equal.
        numbers: the numbers in it.
        head: folded name before its colon, or empty.
        tail: folded title without that name.
    """

    folded: str
    numbers: tuple[str, ...]
    head: str
    tail: str


def title_of(text: str) -> Title:
    """Make a title ready for comparison."""
    folded = fold_title(text)
    head = fold_title(acronym_head(text) or "")
    tail = folded.removeprefix(head).strip() if head else folded
    return Title(folded=folded, numbers=title_numbers(text), head=head, tail=tail)


def title_ratio(one: str, other: str) -> float:
    """Return how much two titles are alike, from 0 to 100, ignoring the order of words."""
    return fuzz.token_sort_ratio(fold_title(one), fold_title(other))


def are_alike(one: Title, other: Title) -> bool:
    """Tell whether a person should look whether two different titles are of one paper."""
    ratio = fuzz.token_sort_ratio(one.folded, other.folded)
    if one.numbers != other.numbers:
        differ_in_numbers_alone = _without_numbers(one) == _without_numbers(other)
        return ratio >= _ALIKE_DESPITE_NUMBERS and not differ_in_numbers_alone
    return ratio >= _ALIKE or _share_a_part(one, other)


def find_alike(title: str, identities: Identities) -> Iterator[Identity]:
    """Yield the listed papers whose titles are like a new one, in the list's order.

    Two titles that are alike share their rare words, so only papers that have one of those are
    compared.
    """
    new = title_of(title)
    told: dict[str, Identity] = {}
    for folded in _near(new, identities):
        for identity, listed in identities.by_any_title[folded]:
            # An equal title is another question, unless it is one that the paper has no longer.
            is_alike = folded != new.folded and are_alike(new, title_of(listed))
            if is_alike or (folded == new.folded and listed != identity.title):
                told.setdefault(identity.id, identity)
    yield from told.values()


def _near(new: Title, identities: Identities) -> list[str]:
    by_word = identities.by_word
    words = sorted(set(new.folded.split()) & by_word.keys(), key=lambda w: (len(by_word[w]), w))
    near: dict[str, None] = {}
    for word in words[:_LOOKED_UP_WORDS]:
        if not near or len(near) + len(by_word[word]) <= _ENOUGH:
            near.update(dict.fromkeys(by_word[word]))
    titles = list(near)
    scored = process.extract(
        new.folded, titles, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE, limit=None
    )
    alike = {titles[index] for _, _, index in scored}
    return [title for title in titles if title in alike or _may_share_a_part(new, title)]


def _may_share_a_part(new: Title, folded: str) -> bool:
    """Prefilter with only the folded title; `are_alike` decides."""
    if folded.startswith(new.folded) or new.folded.startswith(folded):
        return True
    same_head = bool(new.head) and folded.startswith(f"{new.head} ")
    return same_head or new.folded.endswith(f" {folded}") or folded.endswith(f" {new.tail}")


def _share_a_part(one: Title, other: Title) -> bool:
    if one.head and one.head == other.head:
        return True
    if one.tail == other.folded or other.tail == one.folded:
        return len(min(one.folded, other.folded, key=len).split()) >= _HEAD_WORDS
    short, long = sorted((one.folded, other.folded), key=len)
    return long.startswith(f"{short} ") and len(short.split()) >= _HEAD_WORDS


def _without_numbers(title: Title) -> str:
    words = title.folded.split()
    return " ".join(w for w in words if w.strip("0123456789ivx") or not title_numbers(w))


def nearest(text: str, names: Iterable[str]) -> str | None:
    """Return the name most like a text; None where nothing is alike."""
    plain = utils.default_process
    found = process.extractOne(
        text[:_MANY], list(names), scorer=fuzz.ratio, processor=plain, score_cutoff=_MIN_SIMILARITY
    )
    return found[0] if found else None


def nearest_categories(text: str, taxonomy: Taxonomy) -> tuple[Category, ...]:
    """Return the categories that hold papers whose title, id or path is most like a text."""
    text = text[:_MANY]
    last = text.replace(">", "/").rpartition("/")[2]
    scores = {leaf.path: _similarity(text, last, leaf, taxonomy) for leaf in taxonomy.leaves}
    bound = max(_MIN_SIMILARITY, max(scores.values(), default=0) - _BEHIND)
    best = sorted(taxonomy.leaves, key=lambda leaf: -scores[leaf.path])
    return tuple(leaf for leaf in best if scores[leaf.path] >= bound)[:_MAX_CATEGORIES]


def _similarity(text: str, last: str, leaf: Category, taxonomy: Taxonomy) -> float:
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
