"""The blocks of a README that tell what a few of its lines say: a change is read in its place."""

from collections.abc import Collection, Iterator, Sequence

from kdbot.intake.markdown.blocks import Block, BlockKind
from kdbot.text.addresses import find_addresses
from kdbot.text.hosts import names_paper

_REACH = 12
"""Blocks before and behind a changed one that are read with it: an entry is rarely longer."""


def blocks_near(blocks: Sequence[Block], wanted: Collection[int]) -> Iterator[Block]:
    """Yield the blocks near some lines, and the headings and list items above each of them.

    Args:
        blocks: those of the whole document.
        wanted: numbers of lines.
    """
    near = _near(blocks, frozenset(wanted))
    above: list[Block] = []
    for index, block in enumerate(blocks):
        if index in near:
            yield from above
            above = []
            yield block
        elif block.kind in {BlockKind.ROW, BlockKind.TEXT} or _is_paper(block):
            above = [b for b in above if b.kind is not BlockKind.ITEM]
        else:
            above = [*(b for b in above if _is_above(b, block)), block]


def _near(blocks: Sequence[Block], wanted: frozenset[int]) -> frozenset[int]:
    found: set[int] = set()
    for index, block in enumerate(blocks):
        if not wanted.isdisjoint(range(block.line, block.end + 1)):
            found.update(range(max(index - _REACH, 0), index + _REACH + 1))
    return frozenset(found)


def _is_paper(block: Block) -> bool:
    """Tell whether a heading belongs to one paper and is above nothing else."""
    addresses = find_addresses(block.text) if block.kind is BlockKind.HEADING else ()
    return any(map(names_paper, addresses))


def _is_above(block: Block, below: Block) -> bool:
    """Tell whether a heading or an item is still the parent of what another block begins."""
    if below.kind is BlockKind.ITEM:
        return block.kind is not BlockKind.ITEM or block.level < below.level
    return block.kind is not BlockKind.ITEM and block.level < below.level
