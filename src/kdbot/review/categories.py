"""Categories: each is a leaf of the taxonomy, there is at least one, the likeliest are named."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import nlargest

from kdbot.model.collection import Collection
from kdbot.model.finding import (
    Finding,
    Severity,
    error_rule,
    name_some,
    notice_rule,
    quote,
    quote_long,
)
from kdbot.model.proposal import Origin
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.review.draft import Draft
from kdbot.review.similarity import nearest_categories

MISSING_CATEGORY = error_rule(
    "missing-category",
    "Every record has at least one category. For an issue, a maintainer can choose it.",
    "Add at least one category.",
)
UNKNOWN_CATEGORY = error_rule(
    "unknown-category",
    "A category is a path in schema/taxonomy.yaml.",
    "Write one of the list's categories.",
)
CATEGORY_NOT_A_LEAF = error_rule(
    "category-not-a-leaf",
    "Papers are listed only in categories that have no subcategories.",
    "Choose one of its subcategories.",
)

_MAX_NAMES = 16


def check_categories(draft: Draft, collection: Collection) -> Iterator[Finding]:
    """Ask for known categories, and a file or a README row for at least one."""
    categories = draft.items("categories")
    yield from _misnamed(draft, collection.taxonomy)
    if categories or any(finding.field == "categories" for finding in draft.findings):
        return
    if draft.has_error("categories"):
        return
    if draft.in_pull_request:
        yield draft.finding(
            MISSING_CATEGORY,
            f"I found no category. The list has {_branches(collection.taxonomy)}.",
            field="categories",
            fix="Write one or more of them in the field `categories`.",
        )
    else:
        yield draft.finding(
            MISSING_CATEGORY,
            "I found no category of this list, so a maintainer will choose one.",
            field="categories",
            fix=_how_to_choose(draft, collection),
            severity=Severity.NOTICE,
        )


def _how_to_choose(draft: Draft, collection: Collection) -> str:
    """Return where an author who knows the category writes it."""
    name = collection.schema.title("categories")
    if draft.candidate.read_from is Origin.FORM:
        return f"If you know it, write it under {quote(name)}."
    line = f"{name}: {_example(collection.taxonomy)}"
    return f"If you know it, add a line such as {quote(line)}."


def _example(taxonomy: Taxonomy) -> str:
    return taxonomy.short_title(taxonomy.leaves[0].path) if taxonomy.leaves else "NAME"


def _misnamed(
    draft: Draft, taxonomy: Taxonomy, severity: Severity | None = None
) -> Iterator[Finding]:
    """Yield a finding for each category that no paper can be listed in."""
    listed = False
    for item, text in enumerate(draft.items("categories")):
        known = taxonomy.by_path.get(text)
        if known is None:
            yield _unknown(draft, taxonomy, item, listing=not listed, severity=severity)
            listed = True
        elif not known.leaf:
            below = taxonomy.under(text)
            yield draft.finding(
                CATEGORY_NOT_A_LEAF,
                f"{quote(known.title)} has subcategories: {_names(draft, taxonomy, below)}.",
                field="categories",
                item=item,
                fix=f"Choose one of these {len(below)}." if len(below) > 1 else None,
                severity=severity,
            )


def leave_categories_open(draft: Draft, taxonomy: Taxonomy) -> Draft:
    """Return a new paper's draft with only known categories, and a warning for each other one.

    Its author need not know the names of this list: a maintainer chooses. What a file or a README
    row says stays as it is, since it is merged as it is.
    """
    categories = draft.items("categories")
    kept = tuple(path for path in categories if _holds_papers(path, taxonomy))
    if draft.in_pull_request or kept == categories:
        return draft
    findings = (*draft.findings, *_misnamed(draft, taxonomy, Severity.WARNING))
    values = {name: value for name, value in draft.values.items() if name != "categories"}
    if kept:
        values["categories"] = kept
    return replace(draft, values=values, findings=findings)


def _holds_papers(path: str, taxonomy: Taxonomy) -> bool:
    category = taxonomy.by_path.get(path)
    return category is not None and category.leaf


def _meant(text: str, taxonomy: Taxonomy) -> tuple[Category, ...]:
    """Return the categories that an unknown name may mean, the nearest first."""
    several = tuple(category for category in taxonomy.named(text) if category.leaf)
    return several or nearest_categories(text, taxonomy)


def _unknown(
    draft: Draft, taxonomy: Taxonomy, item: int, *, listing: bool, severity: Severity | None
) -> Finding:
    text = draft.items("categories")[item]
    several = any(category.leaf for category in taxonomy.named(text))
    close = _meant(text, taxonomy)
    reason = "it may mean more than one category" if several else "the list has no such category"
    only = close[0] if len(close) == 1 else None
    fix = f"Write {_names(draft, taxonomy, close)}." if only else None
    if len(close) > 1:
        fix = f"Write one of {_names(draft, taxonomy, close)}."
    names_all = listing and not close and severity is None
    known = f" It has {_branches(taxonomy)}." if names_all else ""
    return draft.finding(
        UNKNOWN_CATEGORY,
        f"I read {quote(text)}; {reason}.{known}",
        field="categories",
        item=item,
        fix=fix,
        replacement=draft.fixed_line("categories", only.path, item=item) if only else None,
        severity=severity,
    )


def _branches(taxonomy: Taxonomy) -> str:
    """Return the titles of the categories, those of each branch together."""
    branches: dict[str, list[str]] = {}
    for leaf in taxonomy.leaves:
        branches.setdefault(leaf.parent or "", []).append(leaf.title)
    parts = []
    for parent, titles in branches.items():
        above = " > ".join(taxonomy.titles(parent)) if parent else ""
        names = ", ".join(quote(title) for title in titles)
        parts.append(f"{quote_long(above)}: {names}" if above else names)
    return "; ".join(parts)


def _names(draft: Draft, taxonomy: Taxonomy, categories: Iterable[Category]) -> str:
    """Return categories as their author writes them: paths in a file, titles in a form."""
    names = (c.path if draft.file else " > ".join(taxonomy.titles(c.path)) for c in categories)
    return name_some([quote_long(name) for name in names], _MAX_NAMES)


CATEGORY_HINT = notice_rule(
    "category-hint",
    "A paper without a category gets suggestions from papers with similar titles.",
    "Use any that fit; this is a guess from the titles.",
)


def likely_categories(draft: Draft, collection: Collection) -> tuple[str, ...]:
    """Return up to three likely categories of a paper that has none, the likeliest first.

    Those that a misspelled name may mean, or else those of papers with similar titles.
    """
    taxonomy, identities = collection.taxonomy, collection.identities
    if any(_holds_papers(path, taxonomy) for path in draft.items("categories")):
        return ()
    meant, title = _meant_by_author(draft, taxonomy), draft.text("title")
    if meant or not title:
        return meant[:_HINTS]
    papers = collection.papers
    titles = {identity.id: identity.title for identity in identities.all}
    votes = _suggest_categories(title, titles, lambda paper: papers[paper].categories)
    return tuple(path for path in votes if path in taxonomy.by_path)[:_HINTS]


def _meant_by_author(draft: Draft, taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the categories that a proposal's misspelled names may mean.

    None for a file: there the finding names them, beside the line to write.
    """
    said = None if draft.in_pull_request else draft.given.get("categories")
    names = said.value if said is not None and isinstance(said.value, list | tuple) else ()
    found = (category.path for name in names for category in _meant(str(name), taxonomy))
    return tuple(dict.fromkeys(found))


def category_hint(draft: Draft, paths: Sequence[str], taxonomy: Taxonomy) -> Finding | None:
    """Return the finding that names the categories of papers with similar titles.

    None where there is none, or where another finding says already which category may be meant.
    """
    if not paths or _meant_by_author(draft, taxonomy):
        return None
    names = (" > ".join(taxonomy.titles(path)) for path in paths)
    shown = ", ".join(quote_long(name) for name in names)
    message = f"Papers with similar titles are listed under {shown}."
    return draft.finding(CATEGORY_HINT, message, field="categories")


_HINTS = 3
"""Categories that a hint names at most."""

_LEAST_VOTES = 0.15
"""Votes under which a category is not named. Measured on the list itself, each paper left out in
turn (`benchmarks/category_hint.py`): of the names above it three in five are right."""

_SIZES = (3, 4, 5)
_NEIGHBOURS = 12
_MAX_COMPARED = 500


class TitleIndex:
    """Titles made ready to be compared with others."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        """Weigh the n-grams of titles, which are given by key."""
        counts = {key: Counter(_grams(title)) for key, title in titles.items()}
        frequency: Counter[str] = Counter()
        for grams in counts.values():
            frequency.update(grams.keys())
        most = 1 + len(counts)
        self._rarity = {gram: math.log(most / (1 + n)) + 1 for gram, n in frequency.items()}
        self._postings: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        for key, grams in counts.items():
            for gram, weight in self._weigh(grams).items():
                self._postings[gram].append((key, weight))

    def nearest(self, title: str, *, without: str | None = None) -> list[tuple[str, float]]:
        """Return key and similarity (0 to 1) of the titles most like a title, the nearest first.

        Args:
            title: what they are compared with.
            without: a key that is left out, where the title is one of the index's own.
        """
        similarity: defaultdict[str, float] = defaultdict(float)
        for gram, weight in self._weigh(Counter(_grams(title))).items():
            for key, other in self._postings[gram]:
                similarity[key] += weight * other
        if without is not None:
            similarity.pop(without, None)
        return sorted(similarity.items(), key=lambda pair: (-pair[1], pair[0]))[:_NEIGHBOURS]

    def _weigh(self, grams: Counter[str]) -> dict[str, float]:
        rarity = self._rarity
        weights = {gram: n * rarity[gram] for gram, n in grams.items() if gram in rarity}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {gram: weight / length for gram, weight in weights.items()}


def _suggest_categories(
    title: str, titles: Mapping[str, str], categories_of: Callable[[str], Sequence[str]]
) -> tuple[str, ...]:
    """Return the likeliest categories of a new paper, the best first; none for an empty list.

    Args:
        title: the paper's title.
        titles: titles of the listed papers by key.
        categories_of: gives the categories of a listed paper; is asked for a dozen of them, so
            that thousands of records need not be read.
    """
    compared = _shortlist(title, titles) if len(titles) > _MAX_COMPARED else titles
    nearest = TitleIndex(compared).nearest(title)
    return elect_categories(nearest, categories_of, least=_LEAST_VOTES)


def elect_categories(
    neighbours: Iterable[tuple[str, float]],
    categories_of: Callable[[str], Sequence[str]],
    *,
    least: float = 0.0,
) -> tuple[str, ...]:
    """Return the categories for which the neighbours vote, the best first.

    A paper in several categories has less to say for each.

    Args:
        neighbours: key and similarity of the nearest papers.
        categories_of: gives the categories of a paper.
        least: votes under which a category is left out.
    """
    votes: defaultdict[str, float] = defaultdict(float)
    for key, similarity in neighbours:
        categories = categories_of(key)
        for category in categories:
            votes[category] += similarity * similarity / math.sqrt(len(categories))
    elected = (category for category, vote in votes.items() if vote >= least)
    return tuple(sorted(elected, key=lambda category: (-votes[category], category))[:_HINTS])


def _shortlist(title: str, titles: Mapping[str, str]) -> dict[str, str]:
    """Return the titles that share the rarest words with a title: those that can be near it."""
    words = {key: frozenset(_plain(listed).split()) for key, listed in titles.items()}
    wanted = frozenset(_plain(title).split())
    frequency = Counter(word for listed in words.values() for word in listed & wanted)
    score = {key: sum(1 / frequency[w] for w in listed & wanted) for key, listed in words.items()}
    kept = nlargest(_MAX_COMPARED, score, key=lambda key: (score[key], key))
    return {key: titles[key] for key in kept}


def _grams(title: str) -> Iterator[str]:
    # Not the folded form: it normalizes "language model" and similar terms, which helps to find
    # duplicates but removes what tells the categories apart.
    text = f" {_plain(title)} "
    for size in _SIZES:
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


def _plain(title: str) -> str:
    return " ".join(title.lower().split())
