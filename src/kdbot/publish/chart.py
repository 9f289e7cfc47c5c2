"""The growth chart: how many papers the list held, day by day, as a small SVG."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kdbot.model.paper import Paper

_WIDTH, _HEIGHT = 720, 180
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 14, 26
_POINTS = 60
_TICKS = 4


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


def render_growth_chart(papers: Iterable[Paper], theme: Theme) -> str:
    """Return the chart as an SVG of about 2 kB; a list without days gets an empty frame.

    The step curve is thinned to sixty points, always with the first and the last day.
    """
    steps = _steps(p.added for p in papers if p.added)
    total = steps[-1][1] if steps else 0
    top = _ceiling(total)
    title = f"Papers in the list: {total:,}"
    if steps:
        title += f", from {steps[0][0].isoformat()} to {steps[-1][0].isoformat()}"
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{title}">',
            f"<title>{title}</title>",
            f'<g font-family="system-ui,sans-serif" font-size="11" fill="{theme.text}">',
            *_grid(top, theme),
            *_years(steps),
            "</g>",
            *_curve(steps, top, theme),
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
    """Return the round number at the top of the scale: 1, 2, 4 or 8 times a power of ten."""
    power = 4
    while power * 10 < total:
        power *= 10
    return next(step * power for step in (1, 2, 4, 10) if step * power >= total)


def _grid(top: int, theme: Theme) -> Iterable[str]:
    for tick in range(_TICKS + 1):
        value = top * tick // _TICKS
        y = _y(value, top)
        yield f'<path d="M{_LEFT} {y}H{_WIDTH - _RIGHT}" stroke="{theme.grid}"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{value:,}</text>'


def _years(steps: Sequence[tuple[date, int]]) -> Iterable[str]:
    if not steps:
        return
    first, last = steps[0][0], steps[-1][0]
    starts = [date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
    every = len(starts) // 10 + 1
    y = _HEIGHT - 8
    yield f'<text x="{_LEFT}" y="{y}">{first:%Y-%m}</text>'
    for start in starts[::every]:
        x = _x(start, first, last)
        if _LEFT + 60 < x < _WIDTH - _RIGHT - 80:
            yield f'<text x="{x}" y="{y}" text-anchor="middle">{start.year}</text>'
    if last > first:
        yield f'<text x="{_WIDTH - _RIGHT}" y="{y}" text-anchor="end">{last:%Y-%m}</text>'


def _curve(steps: Sequence[tuple[date, int]], top: int, theme: Theme) -> Iterable[str]:
    if not steps:
        return
    first, last = steps[0][0], steps[-1][0]
    every = -(-len(steps) // _POINTS)
    kept = [*steps[:-1:every], steps[-1]]
    bottom = _HEIGHT - _BOTTOM
    path = "".join(f"H{_x(day, first, last)}V{_y(total, top)}" for day, total in kept)
    path = f"M{_LEFT} {bottom}{path}H{_WIDTH - _RIGHT}"
    yield f'<path d="{path}V{bottom}Z" fill="{theme.line}" fill-opacity=".15"/>'
    yield f'<path d="{path}" fill="none" stroke="{theme.line}" stroke-width="2"/>'


def _x(day: date, first: date, last: date) -> int:
    return _LEFT + (day - first).days * (_WIDTH - _LEFT - _RIGHT) // max((last - first).days, 1)


def _y(value: int, top: int) -> int:
    return _HEIGHT - _BOTTOM - value * (_HEIGHT - _TOP - _BOTTOM) // top
