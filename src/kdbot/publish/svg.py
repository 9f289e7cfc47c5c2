"""A picture with its words and its numbers, and how numbers and labels are drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

LABEL_LENGTH = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture for the page.

    Attributes:
        name: short id, unique on the page.
        title: heading.
        description: one or two sentences that say what is to be seen.
        width: of the drawing, in its own units.
        height: of the drawing, in its own units.
        shapes: the drawing, as SVG.
        legend: names of the series, in the order of their colours.
        head: head of the table that holds the same numbers.
        rows: its rows, the first cell of each being its head.
    """

    name: str
    title: str
    description: str
    width: int
    height: int
    shapes: Markup
    legend: tuple[str, ...] = ()
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def join_shapes(shapes: Sequence[str]) -> Markup:
    """Return shapes that are safe already as one piece."""
    return Markup("").join(map(Markup, shapes))


def text_shape(x: float, y: float, text: str, *, anchor: str = "", turn: bool = False) -> str:
    """Return a label, cut to `LABEL_LENGTH`.

    Args:
        x: where it begins, or what it is anchored to.
        y: its base line.
        text: shown; it is escaped here.
        anchor: SVG's `text-anchor`, if not the start.
        turn: whether it runs upwards.
    """
    place = f'transform="translate({x:g} {y:g})rotate(-90)"' if turn else f'x="{x:g}" y="{y:g}"'
    aligned = f' text-anchor="{anchor}"' if anchor else ""
    return f"<text {place}{aligned}>{escape(shorten(text))}</text>"


def shorten(text: str) -> str:
    """Return text that fits beside a bar."""
    return text if len(text) <= LABEL_LENGTH else text[: LABEL_LENGTH - 1].rstrip() + "…"


def show_number(number: float) -> str:
    """Return a number with at most one decimal, and none where it is whole."""
    return f"{number:,.0f}" if abs(number - round(number)) < 0.05 else f"{number:,.1f}"


def round_ceiling(number: float) -> int:
    """Return the top of a scale: one digit and zeros, and even, so that its half is whole too."""
    power = 1
    while power * 10 < number:
        power *= 10
    top = math.ceil(number / power) * power
    return top + top % 2
