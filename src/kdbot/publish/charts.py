"""The pictures of a list, as SVG: its growth, and papers by month, by venue and in two branches."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

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


_MATRIX_LEFT, _MATRIX_TOP, _MATRIX_CELL = 160, 164, 25


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
    width: int
    height: int
    shapes: Markup
    legend: tuple[str, ...] = ()
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _join_shapes(shapes: Iterable[str]) -> Markup:
    """Return shapes that are safe already as one piece."""
    return Markup("").join(map(Markup, shapes))


def _text_shape(x: float, y: float, text: str, *, anchor: str = "", turn: bool = False) -> str:
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


def _show_number(number: float) -> str:
    """Return a number with at most one decimal, and none where it is whole."""
    return f"{number:,.0f}" if abs(number - round(number)) < 0.05 else f"{number:,.1f}"


def _round_ceiling(number: float) -> int:
    """Return the top of a scale: one digit and zeros, and even, so that its half is whole too."""
    power = 1
    while power * 10 < number:
        power *= 10
    top = math.ceil(number / power) * power
    return top + top % 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """Days and counts to whole pixels."""

    first: date
    last: date
    top: int

    def x(self, day: date) -> int:
        days = max((self.last - self.first).days, 1)
        return _LEFT + (day - self.first).days * (_WIDTH - _LEFT - _RIGHT) // days

    def y(self, count: int) -> int:
        return _HEIGHT - _BOTTOM - count * (_HEIGHT - _TOP - _BOTTOM) // self.top


def render_growth_chart(papers: Iterable[Paper], theme: Theme) -> str:
    """Return the chart as an SVG of at most about 2 kB; a list without days gets an empty frame.

    The step curve is thinned to sixty points, always with the first and the last day.
    """
    steps = _steps(p.added for p in papers if p.added)
    total = steps[-1][1] if steps else 0
    today = steps[-1][0] if steps else date.min
    scale = _Scale(first=steps[0][0] if steps else today, last=today, top=_ceiling(total))
    title = f"Papers in the list: {total:,}"
    if steps:
        title += f", from {scale.first.isoformat()} to {scale.last.isoformat()}"
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{title}">',
            f"<title>{title}</title>",
            f'<g font-family="system-ui,sans-serif" font-size="11" fill="{theme.text}">',
            _text_shape(_LEFT, 12, "Papers in the list"),
            *_grid(scale, theme),
            *(_months(scale) if steps else ()),
            "</g>",
            *(_curve(steps, scale, theme) if steps else ()),
            "</svg>\n",
        )
    )


def _steps(days: Iterable[str]) -> list[tuple[date, int]]:
    total = 0
    steps = []
    for day, count in sorted(Counter(days).items()):
        total += count
        steps.append((date.fromisoformat(day), total))
    return steps


def _ceiling(total: int) -> int:
    """Return the top of the scale: the next number of which every row is a round part."""
    unit = _ROWS * int("1".ljust(len(str(total)) - 1, "0"))
    return max(-(-total // unit), 1) * unit


def _grid(scale: _Scale, theme: Theme) -> Iterable[str]:
    for row in range(_ROWS + 1):
        count = scale.top * row // _ROWS
        y = scale.y(count)
        yield f'<path d="M{_LEFT} {y}H{_WIDTH - _RIGHT}" stroke="{theme.grid}"/>'
        yield _text_shape(_LEFT - 6, y + 4, f"{count:,}", anchor="end")


def _months(scale: _Scale) -> Iterable[str]:
    """Label whole months, at most eight of them, so that their numbers are round."""
    first, last = (day.year * 12 + day.month - 1 for day in (scale.first, scale.last))
    span = last - first
    every = next((s for s in _MONTH_STEPS if span // s < _MAX_MONTHS), _MONTH_STEPS[-1])
    for month in range(first + 1, last + 1):
        if month % every == 0:
            day = date(month // 12, month % 12 + 1, 1)
            yield _text_shape(
                scale.x(day), _HEIGHT - 8, f"{day.year}-{day.month:02d}", anchor="middle"
            )


def _curve(steps: Sequence[tuple[date, int]], scale: _Scale, theme: Theme) -> Iterable[str]:
    every = -(-len(steps) // _POINTS)
    kept = [*steps[:-1:every], steps[-1]]
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    path = "".join(f"H{scale.x(day)}V{scale.y(count)}" for day, count in kept)
    path = f"M{_LEFT} {bottom}{path}H{right}"
    total = steps[-1][1]
    yield f'<path d="{path}V{bottom}Z" fill="{theme.line}" fill-opacity=".15"/>'
    yield f'<path d="{path}" fill="none" stroke="{theme.line}" stroke-width="2"/>'
    yield (
        f'<text x="{right + 4}" y="{scale.y(total) + 4}" fill="{theme.line}" font-size="12" '
        f'font-family="system-ui,sans-serif" font-weight="bold">{total:,}</text>'
    )


def month_chart(papers: Sequence[Paper], collection: Collection) -> Figure | None:
    """Return papers by month of first appearance, stacked by top category; None without months.

    A paper in several branches is divided evenly among them, so that the height of a bar is its
    number of papers. Over more than ten years the bars are quarters, or years.
    """
    dated = [paper for paper in papers if paper.date]
    if not dated:
        return None
    months, period = _period([paper.date or "" for paper in dated])
    first = min(_bucket(paper.date or "", months) for paper in dated)
    last = max(_bucket(paper.date or "", months) for paper in dated)
    roots = [c for c in collection.taxonomy.categories if c.depth == 0]
    series = [c.path for c in roots[:_SERIES]]
    shares: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for paper in dated:
        found = {path.partition("/")[0] for path in paper.categories}
        for root in sorted(found):
            name = root if root in series else series[-1]
            shares[_bucket(paper.date or "", months)][name] += 1 / len(found)  # type: ignore[assignment]
    names = [visible_text(c.title) for c in roots[:_SERIES]]
    if len(roots) > _SERIES:
        names[-1] = "Others"
    buckets = range(first, last + 1)
    return Figure(
        name="months",
        title=f"Papers by {period}",
        description=(
            f"{len(dated):,} papers by the {period} of their first appearance, from "
            f"{_label(first, months)} to {_label(last, months)}. A paper in several branches is "
            "divided evenly among them."
        ),
        width=_PAGE_WIDTH,
        height=190,
        shapes=_join_shapes(_stacks(buckets, shares, series, months)),
        legend=tuple(names),
        head=(period.capitalize(), *names),
        rows=tuple(
            (_label(bucket, months), *(_show_number(shares[bucket][name]) for name in series))
            for bucket in buckets
            if shares[bucket]
        ),
    )


def venue_chart(papers: Sequence[Paper]) -> Figure | None:
    """Return papers by venue, the twelve with most papers as bars; None without venues."""
    counts = Counter(visible_text(paper.venue) for paper in papers if paper.venue)
    if not counts:
        return None
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0].casefold(), item[0]))
    shown, rest = ordered[:_VENUES], ordered[_VENUES:]
    if rest:
        shown = [*shown, (f"{len(rest)} others", sum(count for _, count in rest))]
    listed, unlisted = ordered[:_VENUE_ROWS], ordered[_VENUE_ROWS:]
    if unlisted:
        listed = [*listed, (f"{len(unlisted)} others", sum(count for _, count in unlisted))]
    return Figure(
        name="venues",
        title="Papers by venue",
        description=f"{sum(counts.values()):,} papers at {len(counts):,} venues and archives.",
        width=_PAGE_WIDTH,
        height=20 * len(shown),
        shapes=_join_shapes(_bars(shown)),
        head=("Venue", "Papers"),
        rows=tuple((name, f"{count:,}") for name, count in listed),
    )


def matrix_chart(
    papers: Sequence[Paper], collection: Collection, settings: SummarySettings
) -> Figure | None:
    """Return how many papers are in each pair of categories of the summary's branches.

    None for a list without a summary.
    """
    rows = collection.taxonomy.under(settings.rows) if settings.rows else ()
    columns = [c for branch in settings.columns for c in collection.taxonomy.under(branch)]
    if not rows or not columns:
        return None
    counts = Counter(
        (row, column) for paper in papers for row in paper.categories for column in paper.categories
    )
    known = collection.taxonomy.by_path
    across = " and ".join(visible_text(known[p].title) for p in settings.columns if p in known)
    down = visible_text(known[settings.rows].title)
    return Figure(
        name="matrix",
        title=f"{down} by {across}",
        description="Papers in both categories; an empty cell has none yet.",
        width=_MATRIX_LEFT + len(columns) * _MATRIX_CELL,
        height=_MATRIX_TOP + len(rows) * _MATRIX_CELL,
        shapes=_join_shapes(_cells(rows, columns, counts)),
        head=(down, *(visible_text(column.title) for column in columns)),
        rows=tuple(
            (
                visible_text(row.title),
                *(str(counts[row.path, column.path] or "") for column in columns),
            )
            for row in rows
        ),
    )


def _period(dates: Sequence[str]) -> tuple[int, str]:
    span = _bucket(max(dates), 1) - _bucket(min(dates), 1) + 1
    fitting = [(months, name) for months, name in _PERIODS if span <= months * _MAX_BARS]
    return fitting[0] if fitting else _PERIODS[-1]


def _bucket(date: str, months: int) -> int:
    return (int(date[:4]) * 12 + int(date[5:7] or 1) - 1) // months


def _label(bucket: int, months: int) -> str:
    year, month = divmod(bucket * months, 12)
    return f"{year}" if months == 12 else f"{year}-{month + 1:02}"


def _stacks(
    buckets: range,
    shares: Mapping[int, Mapping[str, float]],
    series: Sequence[str],
    months: int,
) -> Iterator[str]:
    left, right, top, bottom = 26, 398, 8, 168
    ceiling = _round_ceiling(max(sum(shares[bucket].values()) for bucket in buckets))
    step = (right - left) / len(buckets)
    unit = (bottom - top) / ceiling
    for tick in (0, ceiling // 2, ceiling):
        y = bottom - unit * tick
        yield f'<path class="grid" d="M{left} {y:g}H{right}"/>'
        yield _text_shape(left - 5, y + 4, f"{tick:,}", anchor="end")
    base = dict.fromkeys(buckets, 0.0)
    for number, name in enumerate(series):
        bars = []
        for index, bucket in enumerate(buckets):
            if share := shares[bucket].get(name):
                x, height = left + index * step, share * unit
                y = bottom - base[bucket] * unit
                bars.append(f"M{x:.1f} {y:.1f}v{-height:.1f}h{step * 0.8:.1f}v{height:.1f}z")
                base[bucket] += share
        if bars:
            yield f'<path class="s{number}" d="{"".join(bars)}"/>'
    yield from _years(buckets, months, left, step)


def _years(buckets: range, months: int, left: float, step: float) -> Iterator[str]:
    starts = [b for b in buckets if b * months % 12 == 0] or [buckets[0]]
    # A label of four digits needs about thirty units.
    every = max(1, -(-30 // int(max(step * 12 / months, 1))))
    for start in starts[::every]:
        x = left + (start - buckets[0]) * step
        yield _text_shape(min(x, _PAGE_WIDTH - 28), 184, str(start * months // 12))


def _bars(shown: Sequence[tuple[str, int]]) -> Iterator[str]:
    left, right = 148, 358
    most = max(count for _, count in shown)
    for index, (name, count) in enumerate(shown):
        y = 20 * index
        width = (right - left) * count / most
        yield _text_shape(left - 8, y + 14, name, anchor="end")
        yield f'<path class="s0" d="M{left} {y + 4}h{max(width, 1):.1f}v12h-{max(width, 1):.1f}z"/>'
        yield _text_shape(left + width + 6, y + 14, f"{count:,}")


def _cells(
    rows: Sequence[Category],
    columns: Sequence[Category],
    counts: Mapping[tuple[str, str], int],
) -> Iterator[str]:
    most = max((counts[r.path, c.path] for r in rows for c in columns), default=0) or 1
    for index, column in enumerate(columns):
        x = _MATRIX_LEFT + index * _MATRIX_CELL
        yield _text_shape(
            x + _MATRIX_CELL / 2 + 4, _MATRIX_TOP - 8, visible_text(column.title), turn=True
        )
    for down, row in enumerate(rows):
        y = _MATRIX_TOP + down * _MATRIX_CELL
        yield _text_shape(
            _MATRIX_LEFT - 8, y + _MATRIX_CELL / 2 + 4, visible_text(row.title), anchor="end"
        )
        for across, column in enumerate(columns):
            count = counts[row.path, column.path]
            x = _MATRIX_LEFT + across * _MATRIX_CELL
            shade = f' fill-opacity="{0.12 + 0.48 * count / most:.2f}"' if count else ""
            kind = "cell" if count else "none"
            yield f'<path class="{kind}"{shade} d="M{x + 1} {y + 1}h23v23h-23z"/>'
            if count:
                yield _text_shape(
                    x + _MATRIX_CELL / 2, y + _MATRIX_CELL / 2 + 4, str(count), anchor="middle"
                )
