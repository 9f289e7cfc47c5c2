"""The growth chart: how many papers the list held, day by day, as a small SVG."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kdbot.model.paper import Paper

_WIDTH, _HEIGHT = 720, 180
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 48, 26, 26
_POINTS = 60
_ROWS = 4
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
_MOST_MONTHS = 8


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
            f'<text x="{_LEFT}" y="12">Papers in the list</text>',
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
        yield f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{count:,}</text>'


def _months(scale: _Scale) -> Iterable[str]:
    """Label whole months, at most eight of them, so that their numbers are round."""
    first, last = (day.year * 12 + day.month - 1 for day in (scale.first, scale.last))
    span = last - first
    every = next((s for s in _MONTH_STEPS if span // s < _MOST_MONTHS), _MONTH_STEPS[-1])
    for month in range(first + 1, last + 1):
        if month % every == 0:
            day = date(month // 12, month % 12 + 1, 1)
            text = f"{day.year}-{day.month:02d}"
            yield f'<text x="{scale.x(day)}" y="{_HEIGHT - 8}" text-anchor="middle">{text}</text>'


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
