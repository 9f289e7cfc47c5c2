"""The README's regions: marked parts that are generated, between prose that is never touched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import product

from kdbot.model.finding import Finding, error_rule, quote
from kdbot.model.regions import (
    README,
    Marker,
    Region,
    read_markers,
    region_between,
    write_marker,
)

REGIONS = ("badges", "audit", "update-log", "contents", "tables", "summary")
"""The regions that every README has."""
OPTIONAL_REGIONS = ("newest", "taxonomy")
"""Regions that are filled where they are there."""

WITHOUT_REGIONS = error_rule(
    "readme-without-regions",
    "The README marks the parts that are generated.",
    "Put each region's two marker lines where you want the region.",
)
MISSING = error_rule(
    "region-missing",
    "Every region of the README has a begin and an end marker.",
    "Write the missing marker on a line of its own.",
)
DUPLICATED = error_rule(
    "region-doubled",
    "Every region is in the README once.",
    "Keep one pair of markers for each region and delete the other.",
)
CROSSED = error_rule(
    "region-crossed",
    "A region ends before the next one begins.",
    "Move the end marker above the next begin marker.",
)
UNKNOWN = error_rule(
    "region-unknown",
    "Every marked region has a known name.",
    f"Use one of: {', '.join(REGIONS + OPTIONAL_REGIONS)}.",
)


def split_regions(
    readme: str, required: Sequence[str] = REGIONS, file: str = README
) -> tuple[Region, ...] | tuple[Finding, ...]:
    """Find the regions of a README, in their order, or say what is wrong with its markers.

    Args:
        readme: the file's text, with its line ends.
        required: regions that must be there.
        file: the README's path, for the findings.
    """
    markers = read_markers(readme)
    findings = [*_check_pairs(markers, required)] or [*_check_order(markers)]
    if findings:
        placed = (replace(finding, file=file) for finding in findings)
        return tuple(sorted(placed, key=lambda f: (f.line or 0, f.code, f.message)))
    pairs = zip(markers[::2], markers[1::2], strict=True)
    return tuple(region_between(begin, end) for begin, end in pairs)


def replace_regions(
    readme: str, texts: Mapping[str, str], required: Sequence[str] = REGIONS, file: str = README
) -> str | tuple[Finding, ...]:
    """Return the README with new texts in its regions; every other byte stays.

    A text is given with line feeds and takes the line ends of its region. A region that
    `texts` does not name stays as it is.
    """
    regions = split_regions(readme, required, file)
    parts = []
    position = 0
    for region in regions:
        if isinstance(region, Finding):
            return tuple(f for f in regions if isinstance(f, Finding))
        if region.name not in texts:
            continue
        text = texts[region.name].strip("\n").replace("\n", region.newline)
        parts += [readme[position : region.start], text, region.newline if text else ""]
        position = region.end
    return "".join((*parts, readme[position:]))


def _check_pairs(markers: Sequence[Marker], required: Sequence[str]) -> Iterator[Finding]:
    """Hold the markers to: every name is known, and every region has one pair of them."""
    if not markers:
        pairs = (f"`{write_marker('begin', n)}` `{write_marker('end', n)}`" for n in required)
        fix = f"Put each marker on a line of its own where you want the region: {' '.join(pairs)}"
        yield WITHOUT_REGIONS.finding("The README has no region markers.", fix=fix, line=1)
        return
    known = REGIONS + OPTIONAL_REGIONS
    for marker in markers:
        if marker.name not in known:
            near = get_close_matches(marker.name, known, n=1)
            nearest = f"Write `{write_marker(marker.kind, near[0])}`." if near else None
            message = f"There is no region {quote(marker.name)}."
            yield UNKNOWN.finding(message, fix=nearest, line=marker.line)
    names = dict.fromkeys((*(m.name for m in markers), *required))
    for name, kind in product((name for name in names if name in known), ("begin", "end")):
        found = [m for m in markers if (m.kind, m.name) == (kind, name)]
        if not found:
            other = next((m for m in markers if m.name == name), None)
            place = f"where you want the region {quote(name)} to begin or end."
            if other is not None:
                place = f"{'above' if kind == 'begin' else 'below'} line {other.line}."
            yield MISSING.finding(
                f"The README has no `{write_marker(kind, name)}`.",
                fix=f"Write `{write_marker(kind, name)}` on a line of its own, {place}",
                line=other.line if other else 1,
            )
        for again in found[1:]:
            message = f"`{again}` is repeated here; it is already in line {found[0].line}."
            yield DUPLICATED.finding(message, line=again.line)


def _check_order(markers: Sequence[Marker]) -> Iterator[Finding]:
    """Hold the markers to: a region ends before the next one begins."""
    opened: Marker | None = None
    for marker in markers:
        if opened is None and marker.kind == "begin":
            opened = marker
        elif opened is not None and (marker.kind, marker.name) == ("end", opened.name):
            opened = None
        else:
            message = f"`{marker}` comes before the begin marker of its region."
            expected = write_marker("begin", marker.name)
            if opened is not None:
                message = (
                    f"`{marker}` is inside the region {quote(opened.name)}, "
                    f"which begins in line {opened.line}."
                )
                expected = write_marker("end", opened.name)
            fix = f"Write `{expected}` above line {marker.line}, and keep only one."
            yield CROSSED.finding(message, fix=fix, line=marker.line)
            return
