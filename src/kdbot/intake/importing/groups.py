"""Which rows of a list are about one paper."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kdbot.intake.importing.rows import IDENTIFIERS, Row
from kdbot.model.titles import fold_title


def group_rows(rows: Sequence[Row]) -> list[list[Row]]:
    """Join the rows of one paper: an identifier or address in common, else the folded title.

    Rows of one title whose identifiers of one kind differ are left apart.
    """
    groups = _Groups(count=len(rows))
    by_key: dict[tuple[str, str], int] = {}
    by_title: defaultdict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        for key in row.keys:
            groups.join(by_key.setdefault(key, index), index)
        by_title[fold_title(row.text("title"))].append(index)
    for title, indices in by_title.items():
        if title:
            _join_compatible(groups, rows, indices)
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for index, row in enumerate(rows):
        found[groups.root(index)].append(row)
    return sorted(found.values(), key=lambda group: group[0].line)


def conflicting(first: Iterable[Row], second: Iterable[Row]) -> tuple[str, str, str] | None:
    """Return the field and the two values by which rows of one title differ, or None."""
    second = list(second)
    for name in IDENTIFIERS.values():
        left = next((row.text(name) for row in first if row.text(name)), "")
        right = next((row.text(name) for row in second if row.text(name)), "")
        if left and right and left != right:
            return name, left, right
    return None


def _join_compatible(groups: "_Groups", rows: Sequence[Row], indices: Sequence[int]) -> None:
    for position, index in enumerate(indices):
        for earlier in indices[:position]:
            if groups.root(earlier) == groups.root(index):
                break
            members = [groups.members(root) for root in (earlier, index)]
            left, right = ([rows[i] for i in part] for part in members)
            if conflicting(left, right) is None:
                groups.join(earlier, index)
                break


@dataclass(slots=True)
class _Groups:
    """Disjoint sets of row numbers."""

    count: int
    _parent: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._parent = list(range(self.count))

    def root(self, index: int) -> int:
        while self._parent[index] != index:
            self._parent[index] = self._parent[self._parent[index]]
            index = self._parent[index]
        return index

    def join(self, first: int, second: int) -> None:
        low, high = sorted((self.root(first), self.root(second)))
        self._parent[high] = low

    def members(self, index: int) -> Iterator[int]:
        root = self.root(index)
        return (i for i in range(self.count) if self.root(i) == root)
