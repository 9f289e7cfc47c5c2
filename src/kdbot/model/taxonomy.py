"""The tree of categories."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kdbot.model.titles import plain_words

_STEP = re.compile(r">|/|→|»|::")


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One node of the taxonomy.

    Attributes:
        path: ids from the root to this node, joined by `/`.
        title: heading shown to readers.
        note: one sentence shown under the heading, or None.
        text: Markdown shown below it, above the papers, or None.
        depth: 0 for a root.
        leaf: whether papers can be listed in it.
    """

    path: str
    title: str
    note: str | None = None
    text: str | None = None
    depth: int
    leaf: bool

    @property
    def parent(self) -> str | None:
        """Path of the node above, or None for a root."""
        return self.path.rpartition("/")[0] or None


def path_with_ancestors(path: str) -> tuple[str, ...]:
    """Return the paths from the root to this one, which is the last."""
    steps = path.split("/")
    return tuple("/".join(steps[: depth + 1]) for depth in range(len(steps)))


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """All categories, parents before children, in the order readers see them."""

    categories: tuple[Category, ...]

    @cached_property
    def by_path(self) -> Mapping[str, Category]:
        """Categories by their path."""
        return {category.path: category for category in self.categories}

    @cached_property
    def leaves(self) -> tuple[Category, ...]:
        """The categories that hold papers, in reading order."""
        return tuple(category for category in self.categories if category.leaf)

    def titles(self, path: str) -> tuple[str, ...]:
        """Return the titles from the root to the category."""
        return tuple(self.by_path[step].title for step in path_with_ancestors(path))

    def short_title(self, path: str) -> str:
        """Return what a person writes for a category: its title, with those above where needed."""
        titles = self.titles(path)
        for first in range(len(titles) - 1, -1, -1):
            name = " > ".join(titles[first:])
            if self.named(name) == (self.by_path[path],):
                return name
        return path

    def with_categories(self, others: Iterable[Category]) -> "Taxonomy":
        """Return the tree with more categories, each the last below its parent.

        Args:
            others: parents before children; one whose path is taken adds nothing.
        """
        found = list(self.categories)
        known = set(self.by_path)
        for other in others:
            if other.path in known:
                continue
            known.add(other.path)
            above = (other.parent or "") + "/"
            near = [i for i, c in enumerate(found) if f"{c.path}/".startswith(above)]
            found.insert(near[-1] + 1 if near and other.parent else len(found), other)
        return Taxonomy(categories=tuple(found))

    def under(self, path: str) -> tuple[Category, ...]:
        """Return the leaves at or below a path, in reading order."""
        prefix = path + "/"
        return tuple(c for c in self.leaves if c.path == path or c.path.startswith(prefix))

    def named(self, text: str) -> tuple[Category, ...]:
        """Return the categories that a text may mean, in reading order.

        The text is a path, or titles or ids from above to below with `>`, `/` or an arrow between
        them; those above may be left out. Case and punctuation do not count. Where leaves and
        branches share a name, only the leaves are meant.
        """
        if (exact := self.by_path.get(text.strip().strip("/"))) is not None:
            return (exact,)
        found = self._by_name.get(_fold(text))
        if not found:
            *above, name = [_fold(step) for step in _STEP.split(text)]
            named = self._by_name.get(name, ())
            found = [c for c in named if _in_order(above, self._names(c.parent))]
        return tuple([c for c in found if c.leaf] or found)

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[Category]]:
        found: defaultdict[str, list[Category]] = defaultdict(list)
        for category in self.categories:
            for name in _own_names(category):
                found[name].append(category)
        return found

    def _names(self, path: str | None) -> list[frozenset[str]]:
        paths = path_with_ancestors(path) if path else ()
        return [_own_names(self.by_path[step]) for step in paths]


def _own_names(category: Category) -> frozenset[str]:
    return frozenset({_fold(category.title), _fold(category.path.rpartition("/")[2])})


def _in_order(names: Sequence[str], chain: Sequence[frozenset[str]]) -> bool:
    """Tell whether the chain contains each name, in this order."""
    rest = iter(chain)
    return all(any(name in step for step in rest) for name in names)


def _fold(text: str) -> str:
    return plain_words(unicodedata.normalize("NFKC", text).casefold().replace("&", " and "))
