"""The pictures of a list, as SVG: its growth, and papers by month, by venue and in two branches."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from markupsafe import Markup, escape

from kdbot.model.collection import Collection
from kdbot.model.paper import Paper
from kdbot.model.settings import SummarySettings
from kdbot.model.taxonomy import Category
from kdbot.publish.markdown import visible_text

_LABEL_LENGTH = 26

_WIDTH, _HEIGHT = 720, 180
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 48, 26, 26
_POINTS = 60
_ROWS = 4
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
_MAX_MONTHS = 8

_SERIES = 6
"""Colours of the style sheet; further branches are drawn as one."""

_PAGE_WIDTH = 400
_MAX_BARS = 120
_PERIODS = ((1, "month"), (3, "quarter"), (12, "year"))
_VENUES = 12
_VENUE_ROWS = 30

_MATRIX_LEFT, _MATRIX_TOP, _CELL = 160, 164, 25


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
        head: head of the table with the same numbers.
        rows: its rows, the first cell of each being its head.
    """

    name: str
    title: str
    description: str
    width: int = _PAGE_WIDTH
    height: int
    shapes: Markup
    legend: Sequence[str] = ()
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def _text(x: float, y: float, text: str, *, anchor: str = "", turn: bool = False) -> str:
    """Return a label, cut to `_LABEL_LENGTH`.

    Args:
        x: where it begins, or what it is anchored to.
        y: its base line.
        text: shown; it is escaped here.
        anchor: SVG's `text-anchor`, if not the start.
        turn: whether it runs upwards.
    """
    place = f'transform="translate({x:g} {y:g})rotate(-90)"' if turn else f'x="{x:g}" y="{y:g}"'
    aligned = f' text-anchor="{anchor}"' if anchor else ""
    return f"<text {place}{aligned}>{escape(_shorten(text))}</text>"


def _shorten(text: str) -> str:
    """Return text that fits next to a bar."""
    return text if len(text) <= _LABEL_LENGTH else text[: _LABEL_LENGTH - 1].rstrip() + "…"


class Theme(NamedTuple):
    """Colours of a chart.

    Attributes:
        line: the curve; the area under it is the same, thinner.
        text: labels.
        grid: lines behind the curve.
    """

    line: str
    text: str
    grid: str


LIGHT = Theme(line="#0969da", text="#59636e", grid="#d1d9e0")
DARK = Theme(line="#4493f8", text="#9198a1", grid="#3d444d")


def render_growth_chart(papers: Iterable[Paper], theme: Theme) -> str:
    """Return the chart as an SVG of at most about 2 kB; a list without days gets an empty frame.

    The step curve is thinned to sixty points, always with the first and the last day.
    """
    days = sorted(Counter(p.added for p in papers if p.added).items())
    totals = accumulate(count for _, count in days)
    steps = [(date.fromisoformat(day), total) for (day, _), total in zip(days, totals, strict=True)]
    total = steps[-1][1] if steps else 0
    title = f"Papers in the list: {total:,}"
    if steps:
        title += f", from {days[0][0]} to {days[-1][0]}"
    # The top of the scale is the next number of which every row is a round part.
    unit = _ROWS * int("1".ljust(len(str(total)) - 1, "0"))
    top, bottom, right = max(-(-total // unit), 1) * unit, _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{title}">',
        f"<title>{title}</title>",
        f'<g font-family="system-ui,sans-serif" font-size="11" fill="{theme.text}">',
        _text(_LEFT, 12, "Papers in the list"),
    ]

    def x(day: date) -> int:
        span = max((steps[-1][0] - steps[0][0]).days, 1)
        return _LEFT + (day - steps[0][0]).days * (right - _LEFT) // span

    def y(count: int) -> int:
        return bottom - count * (bottom - _TOP) // top

    for count in range(0, top + 1, top // _ROWS):
        lines.append(f'<path d="M{_LEFT} {y(count)}H{right}" stroke="{theme.grid}"/>')
        lines.append(_text(_LEFT - 6, y(count) + 4, f"{count:,}", anchor="end"))
    if steps:
        lines += [
            _text(x(day), _HEIGHT - 8, f"{day:%Y-%m}", anchor="middle")
            for day in _months(steps[0][0], steps[-1][0])
        ]
    lines.append("</g>")
    if steps:
        kept = [*steps[: -1 : -(-len(steps) // _POINTS)], steps[-1]]
        path = "".join(f"H{x(day)}V{y(count)}" for day, count in kept)
        path = f"M{_LEFT} {bottom}{path}H{right}"
        place = f'x="{right + 4}" y="{y(total) + 4}" fill="{theme.line}" font-size="12"'
        lines += [
            f'<path d="{path}V{bottom}Z" fill="{theme.line}" fill-opacity=".15"/>',
            f'<path d="{path}" fill="none" stroke="{theme.line}" stroke-width="2"/>',
            f'<text {place} font-family="system-ui,sans-serif" font-weight="bold">{total:,}</text>',
        ]
    return "\n".join([*lines, "</svg>\n"])


def _months(since: date, until: date) -> Iterator[date]:
    """Yield the first days of whole months, at most eight of them, so that they are round."""
    first, last = (day.year * 12 + day.month - 1 for day in (since, until))
    fitting = (step for step in _MONTH_STEPS if (last - first) // step < _MAX_MONTHS)
    every = next(fitting, _MONTH_STEPS[-1])
    for month in range(first + 1, last + 1):
        if month % every == 0:
            yield date(month // 12, month % 12 + 1, 1)


def month_chart(papers: Sequence[Paper], collection: Collection) -> Figure | None:
    """Return papers by month of first appearance, stacked by top category; None without months.

    A paper in several branches is divided evenly among them, so that the height of a bar is its
    number of papers. Over more than ten years the bars are quarters, or years.
    """
    dated = [(paper, paper.date) for paper in papers if paper.date]
    if not dated:
        return None
    ends = min(day for _, day in dated), max(day for _, day in dated)
    span = _bucket(ends[1], 1) - _bucket(ends[0], 1) + 1
    fitting = (found for found in _PERIODS if span <= found[0] * _MAX_BARS)
    months, period = next(fitting, _PERIODS[-1])
    buckets = range(_bucket(ends[0], months), _bucket(ends[1], months) + 1)
    roots = [c for c in collection.taxonomy.categories if c.depth == 0]
    series = [c.path for c in roots[:_SERIES]]
    shares: defaultdict[int, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for paper, day in dated:
        found = {path.partition("/")[0] for path in paper.categories}
        for root in sorted(found):
            name = root if root in series else series[-1]
            shares[_bucket(day, months)][name] += 1 / len(found)
    names = [visible_text(c.title) for c in roots[:_SERIES]]
    if len(roots) > _SERIES:
        names[-1] = "Others"
    labels = {bucket: _label(bucket, months) for bucket in buckets}
    return Figure(
        name="months",
        title=f"Papers by {period}",
        description=(
            f"{len(dated):,} papers by the {period} of their first appearance, from "
            f"{labels[buckets[0]]} to {labels[buckets[-1]]}. A paper in several branches is "
            "divided evenly among them."
        ),
        height=190,
        shapes=Markup("").join(map(Markup, _stacks(buckets, shares, series, months))),
        legend=tuple(names),
        head=(period.capitalize(), *names),
        rows=tuple(
            (labels[bucket], *(_show_number(shares[bucket][name]) for name in series))
            for bucket in buckets
            if shares[bucket]
        ),
    )


def _bucket(date: str, months: int) -> int:
    return (int(date[:4]) * 12 + int(date[5:7] or 1) - 1) // months


def _label(bucket: int, months: int) -> str:
    year, month = divmod(bucket * months, 12)
    return f"{year}" if months == 12 else f"{year}-{month + 1:02}"


def _round_ceiling(number: float) -> int:
    """Return the top of a scale: one digit and zeros, and even, so that its half is whole too."""
    power = 1
    while power * 10 < number:
        power *= 10
    top = math.ceil(number / power) * power
    return top + top % 2


def _show_number(number: float) -> str:
    """Return a number with at most one decimal, and none where it is whole."""
    return f"{number:,.0f}" if abs(number - round(number)) < 0.05 else f"{number:,.1f}"


def _stacks(
    buckets: range,
    shares: Mapping[int, Mapping[str, float]],
    series: Sequence[str],
    months: int,
) -> Iterator[str]:
    left, right, top, bottom = 26, 398, 8, 168
    most = max(sum(shares[bucket].values()) for bucket in buckets)
    ceiling = _round_ceiling(most)
    step, unit = (right - left) / len(buckets), (bottom - top) / ceiling
    for tick in (0, ceiling // 2, ceiling):
        y = bottom - unit * tick
        yield f'<path class="grid" d="M{left} {y:g}H{right}"/>'
        yield _text(left - 5, y + 4, f"{tick:,}", anchor="end")
    base = dict.fromkeys(buckets, 0.0)
    for number, name in enumerate(series):
        bars = ""
        for index, bucket in enumerate(buckets):
            if share := shares[bucket].get(name):
                x, height = left + index * step, share * unit
                y = bottom - base[bucket] * unit
                bars += f"M{x:.1f} {y:.1f}v{-height:.1f}h{step * 0.8:.1f}v{height:.1f}z"
                base[bucket] += share
        if bars:
            yield f'<path class="s{number}" d="{bars}"/>'
    starts = [b for b in buckets if b * months % 12 == 0] or [buckets[0]]
    # A label of four digits needs about thirty units.
    for start in starts[:: max(1, -(-30 // int(max(step * 12 / months, 1))))]:
        x = left + (start - buckets[0]) * step
        yield _text(min(x, _PAGE_WIDTH - 28), 184, str(start * months // 12))


def venue_chart(papers: Sequence[Paper]) -> Figure | None:
    """Return papers by venue, the twelve with most papers as bars; None without venues."""
    counts = Counter(visible_text(paper.venue) for paper in papers if paper.venue)
    if not counts:
        return None
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0].casefold(), item[0]))
    shown = _first(ordered, _VENUES)
    return Figure(
        name="venues",
        title="Papers by venue",
        description=f"{counts.total():,} papers at {len(counts):,} venues and archives.",
        height=20 * len(shown),
        shapes=Markup("").join(map(Markup, _bars(shown))),
        head=("Venue", "Papers"),
        rows=tuple((name, f"{count:,}") for name, count in _first(ordered, _VENUE_ROWS)),
    )


def _first(ordered: Sequence[tuple[str, int]], most: int) -> list[tuple[str, int]]:
    """Return the first venues, and the others as one."""
    rest = ordered[most:]
    others = [(f"{len(rest)} others", sum(count for _, count in rest))] if rest else []
    return [*ordered[:most], *others]


def _bars(shown: Sequence[tuple[str, int]]) -> Iterator[str]:
    left, right = 148, 358
    most = max(count for _, count in shown)
    for y, (name, count) in zip(range(0, 20 * len(shown), 20), shown, strict=True):
        width = (right - left) * count / most
        yield _text(left - 8, y + 14, name, anchor="end")
        yield f'<path class="s0" d="M{left} {y + 4}h{max(width, 1):.1f}v12h-{max(width, 1):.1f}z"/>'
        yield _text(left + width + 6, y + 14, f"{count:,}")


def matrix_chart(
    papers: Sequence[Paper], collection: Collection, settings: SummarySettings
) -> Figure | None:
    """Return how many papers are in each pair of categories of the summary's branches.

    None for a list without a summary.
    """
    taxonomy, known = collection.taxonomy, collection.taxonomy.by_path
    rows = taxonomy.under(settings.rows) if settings.rows else ()
    columns = [c for branch in settings.columns for c in taxonomy.under(branch)]
    if not rows or not columns:
        return None
    counts = Counter(
        (row, column) for paper in papers for row in paper.categories for column in paper.categories
    )
    across = " and ".join(visible_text(known[p].title) for p in settings.columns if p in known)
    down = visible_text(known[settings.rows].title)
    return Figure(
        name="matrix",
        title=f"{down} by {across}",
        description="Papers in both categories; an empty cell has none yet.",
        width=_MATRIX_LEFT + len(columns) * _CELL,
        height=_MATRIX_TOP + len(rows) * _CELL,
        shapes=Markup("").join(map(Markup, _cells(rows, columns, counts))),
        head=(down, *(visible_text(column.title) for column in columns)),
        rows=tuple(
            (visible_text(r.title), *(str(counts[r.path, c.path] or "") for c in columns))
            for r in rows
        ),
    )


def _cells(
    rows: Sequence[Category], columns: Sequence[Category], counts: Mapping[tuple[str, str], int]
) -> Iterator[str]:
    most = max((counts[r.path, c.path] for r in rows for c in columns), default=0) or 1
    middle = _CELL / 2
    for index, column in enumerate(columns):
        x = _MATRIX_LEFT + index * _CELL
        yield _text(x + middle + 4, _MATRIX_TOP - 8, visible_text(column.title), turn=True)
    for down, row in enumerate(rows):
        y = _MATRIX_TOP + down * _CELL
        yield _text(_MATRIX_LEFT - 8, y + middle + 4, visible_text(row.title), anchor="end")
        for across, column in enumerate(columns):
            x, count = _MATRIX_LEFT + across * _CELL, counts[row.path, column.path]
            shade = f' fill-opacity="{0.12 + 0.48 * count / most:.2f}"' if count else ""
            kind = "cell" if count else "none"
            yield f'<path class="{kind}"{shade} d="M{x + 1} {y + 1}h23v23h-23z"/>'
            if count:
                yield _text(x + middle, y + middle + 4, str(count), anchor="middle")
