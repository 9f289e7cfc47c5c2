"""The tree of categories."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One node of the taxonomy.

    Attributes:
        path: ids from the root to this node, joined by `/`.
        title: heading shown to readers.
        note: one sentence shown under the heading, or None.
        depth: 0 for a root.
        leaf: whether papers can stand in it.
    """

    path: str
    title: str
    note: str | None = None
    depth: int
    leaf: bool

    @property
    def parent(self) -> str | None:
        """Path of the node above, or None for a root."""
        return self.path.rpartition("/")[0] or None


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
        parts = path.split("/")
        return tuple(
            self.by_path["/".join(parts[: depth + 1])].title for depth in range(len(parts))
        )

    def under(self, path: str) -> tuple[Category, ...]:
        """Return the leaves at or below a path, in reading order."""
        prefix = path + "/"
        return tuple(c for c in self.leaves if c.path == path or c.path.startswith(prefix))
