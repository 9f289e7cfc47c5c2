"""What a query costs: the nodes it may give, and its points of the hourly quota.

Both are reckoned from the query alone, as GitHub does:
https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api.
A connection counts as many nodes as its `first` or `last` says, times those of the connections
around it. Points are the requests that fill each connection once for each parent, by a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    VariableNode,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode, SelectionSetNode


MAX_NODES = 500_000


@dataclass(slots=True)
class Cost:
    """How many nodes a query asks for at most, and how many requests that would be."""

    nodes: int = 0
    requests: int = 1

    @property
    def points(self) -> int:
        return max(1, round(self.requests / 100))


class _Count:
    def __init__(self, document: DocumentNode, sizes: Mapping[str, int]) -> None:
        self.sizes = sizes
        self.fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self.cost = Cost()

    def walk(self, selections: SelectionSetNode | None, times: int) -> None:
        for node in selections.selections if selections else ():
            if isinstance(node, FragmentSpreadNode):
                self.walk(self.fragments[node.name.value].selection_set, times)
            elif isinstance(node, FieldNode):
                self.walk(node.selection_set, times * self._field(node, times))
            else:
                self.walk(node.selection_set, times)

    def _field(self, node: FieldNode, times: int) -> int:
        """Count one field for so many parents, and say how many it gives each."""
        for argument in node.arguments or ():
            value: Any = argument.value
            if isinstance(value, VariableNode):
                given = self.sizes.get(value.name.value)
            elif isinstance(value, IntValueNode):
                given = int(value.value)
            else:
                given = len(value.values) if isinstance(value, ListValueNode) else None
            if given is None:
                continue
            if argument.name.value in ("first", "last"):
                self.cost.nodes += times * given
                self.cost.requests += times
                return max(given, 1)
            if argument.name.value == "ids":
                self.cost.nodes += given
                return max(given, 1)
        return 1


def sizes(variables: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """Give what of the variables has a price: numbers, and how long lists are."""
    lengths = {k: len(v) if isinstance(v, list) else v for k, v in variables.items()}
    return tuple(sorted((k, v) for k, v in lengths.items() if isinstance(v, int)))


def cost_of(document: DocumentNode, sizes: Mapping[str, int]) -> Cost:
    """Reckon what a valid query costs with variables of these sizes."""
    count = _Count(document, sizes)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            count.walk(node.selection_set, 1)
    return count.cost
