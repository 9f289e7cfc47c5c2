"""Check boxes of an issue that people tick: each bears its key in a comment that nobody sees.

GitHub writes a tick into the issue's text. The text says which boxes are ticked and nothing else:
what a box does is looked up by its key.
"""

import re
from collections.abc import Iterable, Mapping

from kdbot.model.audit import Box, BoxState

ALL = "all"
"""Key of the box that applies everything that is ticked."""

_BOX = re.compile(
    r"[ \t]*[-*+] \[(?P<tick>[ xX])\] <!-- kdbot:box (?P<key>[0-9a-z.:]{1,40}) -->", re.ASCII
)


def render_box(key: str, text: str, *, ticked: bool, depth: int = 0) -> str:
    """Return the line of a box; the text is Markdown that is safe already."""
    return f"{'  ' * depth}- [{'x' if ticked else ' '}] <!-- kdbot:box {key} --> {text}"


def offered_boxes(body: str) -> frozenset[str]:
    """Return the keys of all boxes in an issue's text."""
    return frozenset(key for key, _ in _boxes(body))


def ticked_boxes(body: str) -> frozenset[str]:
    """Return the keys of the ticked boxes in an issue's text."""
    return frozenset(key for key, ticked in _boxes(body) if ticked)


def kept_ticks(body: str, boxes: Iterable[Box]) -> frozenset[str]:
    """Return which boxes to show with a tick: as a person left them, else as they are offered."""
    offered, ticked = offered_boxes(body), ticked_boxes(body)
    return (ticked & {ALL}) | frozenset(
        box.key for box in boxes if (box.key in ticked if box.key in offered else box.ticked)
    )


def chosen_boxes(boxes: Mapping[str, Box], body: str) -> tuple[Box, ...]:
    """Return the open boxes that a person has ticked, or all that are ticked where they say so.

    A box that was offered with a tick is no choice by itself.
    """
    ticked = ticked_boxes(body)
    return tuple(
        box
        for key, box in sorted(boxes.items(), key=lambda item: (item[1].kind, item[0]))
        if key in ticked and box.state is BoxState.OPEN and (ALL in ticked or not box.ticked)
    )


def _boxes(body: str) -> list[tuple[str, bool]]:
    lines = body.replace("\r", "\n").split("\n")
    found = (_BOX.match(line) for line in lines)
    return [(match["key"], match["tick"] != " ") for match in found if match]
