"""`kdbot import`: convert an existing list to paper files, taxonomy and venues, with a report."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kdbot
from kdbot.intake.importing.accounting import Accounting, account
from kdbot.intake.importing.decisions import NO_DECISIONS, Decisions, parse_decisions
from kdbot.intake.importing.list_import import ImportedList, import_list
from kdbot.intake.importing.report import build_report
from kdbot.intake.importing.sources import Sources, read_sources
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.model.errors import KdbotError
from kdbot.model.finding import has_errors
from kdbot.model.import_report import ImportReport
from kdbot.model.paper import FIELD_NAMES, path_of
from kdbot.model.schema import PaperSchema, parse_schema
from kdbot.model.venue import Venue, Venues
from kdbot.publish.import_report import IMPORT_REPORT, first_lines, render_import_report
from kdbot.publish.new_list import render_taxonomy, render_venue_items, render_venues
from kdbot.publish.report import finding_object
from kdbot.storage.files import (
    SCHEMA,
    TAXONOMY,
    VENUES,
    find_root,
    read_bytes,
    read_file,
    write_files,
)
from kdbot.storage.git import ask_git
from kdbot.storage.repository import load_schema
from kdbot.text.record import render_record

_PACKAGE = Path(kdbot.__file__).parent
_DEFAULT_VENUES = (_PACKAGE / "defaults", _PACKAGE.parents[1])  # in a wheel, in a checkout


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """An import that has been written.

    Attributes:
        sources: the files it came from.
        result: its records.
        schema: the record's schema that they keep to.
    """

    sources: Sources
    result: ImportedList
    schema: PaperSchema


def run(
    sources: Sequence[Path],
    out: Path,
    decisions: Path | None = None,
    output_format: str = "text",
) -> int:
    """Import the files of a list, write the files below `out`, and print the report.

    Args:
        sources: the README, and further files of the same list.
        out: folder that gets `papers/`, `schema/taxonomy.yaml`, `schema/venues.yaml` and the
            report.
        decisions: a maintainer's decisions about earlier reports.
        output_format: `text` or `json`.

    Returns:
        1 where nothing at all was understood, else 0.

    Raises:
        KdbotError: a file cannot be read or written, or a file that is there says otherwise.
    """
    imported = import_files(sources, out, decisions)
    accounting = account(imported.sources, imported.result.papers)
    report = build_report(imported.sources, imported.result, accounting, imported.schema)
    write_report(out, report, line_addresses(sources, None))
    if output_format == "json":
        print(json.dumps(_report(imported, accounting), ensure_ascii=False, indent=1))
    else:
        print("\n".join(first_lines(report, str(out / IMPORT_REPORT))))
    return 1 if has_errors(imported.result.findings) else 0


def import_files(sources: Sequence[Path], out: Path, decisions: Path | None = None) -> Imported:
    """Import the files of a list and write the files below `out`.

    Raises:
        KdbotError: a file cannot be read or written, or a file that is there says otherwise.
    """
    decided = NO_DECISIONS if decisions is None else _read_decisions(decisions)
    around = _list_around(Path.cwd())
    venues = _known_venues(out, around)
    read = read_sources([(_source_name(p, sources), _read_text(p)) for p in sources], venues)
    schema = _schema(out, around)
    imported = import_list(
        read.joined,
        decisions=decided,
        known=venues,
        source_file=read.files[0].name,
        schema=schema,
    )
    _write(out, imported, schema)
    return Imported(sources=read, result=imported, schema=schema)


def _source_name(path: Path, sources: Sequence[Path]) -> str:
    """Return how a file is called in reports: by its name, or by its place beside the first."""
    try:
        return path.resolve().relative_to(sources[0].resolve().parent).as_posix()
    except ValueError:
        return path.name


def write_report(out: Path, report: ImportReport, address_of: Callable[[str, int], str]) -> None:
    """Write the report beside the list."""
    write_files(out, {IMPORT_REPORT: render_import_report(report, address_of)})


def line_addresses(sources: Sequence[Path], repository: str | None) -> Callable[[str, int], str]:
    """Return what gives the address of a line: on GitHub at the commit that is checked out."""
    folder = sources[0].resolve().parent
    commit = ask_git(folder, "rev-parse", "HEAD") if repository else ""
    prefix = ask_git(folder, "rev-parse", "--show-prefix") if commit else ""
    base = f"https://github.com/{repository}/blob/{commit}/{prefix}" if commit else ""
    return lambda file, line: f"{base}{file}?plain=1#L{line}".replace(" ", "%20")


def _read_decisions(file: Path) -> Decisions:
    decided = parse_decisions(read_file(file), file.name)
    for name in decided.more:
        if Path(name).name != name:
            raise KdbotError(f"`more` names files in the same folder, not {name}", where=file.name)
        decided = decided.followed_by(parse_decisions(read_file(file.with_name(name)), name))
    return decided


def _read_text(path: Path) -> str:
    # A list of other hands may hold a stray byte; the line that has it is still worth reading.
    return read_file(path).decode("utf-8-sig", "replace")


def _list_around(folder: Path) -> Path | None:
    """Return the list that contains a folder: its venues and its schema are known here."""
    try:
        return find_root(folder)
    except KdbotError:
        return None


def _known_venues(out: Path, around: Path | None) -> Venues:
    """Return the venues to start from: the list's own before those that every list may use.

    An import leaves out what its papers do not use, so its own file alone would read the same
    words otherwise the next time.
    """
    own: tuple[Venue, ...] = ()
    if (out / VENUES).exists():
        own = parse_venues(read_bytes(out, VENUES), VENUES).venues
    taken = Venues(venues=own)
    for root in (around, *_DEFAULT_VENUES):
        if root and root.resolve() != out.resolve() and (root / VENUES).is_file():
            others = parse_venues(read_bytes(root, VENUES), VENUES).venues
            free = (v for v in others if not any(map(taken.canonical, (v.name, *v.aliases))))
            return Venues(venues=(*own, *free))
    return taken


def _schema(out: Path, around: Path | None) -> PaperSchema:
    for root in (out, around):
        if root is not None and (root / SCHEMA).is_file():
            return load_schema(root)
    return parse_schema({"properties": {name: {"type": "string"} for name in FIELD_NAMES}})


def _write(out: Path, imported: ImportedList, schema: PaperSchema) -> None:
    files = {path_of(paper.id): render_record(paper, schema) for paper in imported.papers}
    for name, text in files.items():
        if (out / name).exists() and read_bytes(out, name) != text.encode("utf-8"):
            raise KdbotError(
                "exists already and differs; nothing was written",
                where=str(out / name),
                fix="choose another folder with --out",
            )
    files |= _taxonomy_file(out, imported) | _venues_file(out, imported)
    write_files(out, files)


def _taxonomy_file(out: Path, imported: ImportedList) -> dict[str, str]:
    if not (out / TAXONOMY).exists():
        return {TAXONOMY: render_taxonomy(imported.taxonomy)}
    present = parse_taxonomy(read_bytes(out, TAXONOMY), TAXONOMY)
    missing = [c.path for c in imported.taxonomy.leaves if c.path not in present.by_path]
    if missing:
        raise KdbotError(
            f"has no category `{missing[0]}`; nothing was written",
            where=str(out / TAXONOMY),
            fix="add the category, or choose another folder with --out",
        )
    return {}


def _venues_file(out: Path, imported: ImportedList) -> dict[str, str]:
    """Write the venues; where the file is there, put those that it lacks at its end."""
    if not (out / VENUES).exists():
        return {VENUES: render_venues(imported.venues)}
    data = read_bytes(out, VENUES)
    present = frozenset(parse_venues(data, VENUES).names)
    missing = [venue for venue in imported.venues.venues if venue.name not in present]
    if not missing:
        return {}
    return {VENUES: data.decode("utf-8").rstrip("\n") + "\n" + render_venue_items(missing)}


def _report(imported: Imported, accounting: Accounting) -> dict[str, Any]:
    sources, result = imported.sources, imported.result
    unread = [(*sources.locate(u.line), u.text, u.reason) for u in sources.joined.unread]
    left_out = [(*sources.locate(u.line), u.text, u.reason) for u in accounting.left_out]
    return {
        "papers": len(result.papers),
        "lines": {
            "understood": len(sources.joined.papers),
            "not_understood": [_located(*place) for place in unread],
            "fraction": round(accounting.kept, 4),
            **{str(fate): count for fate, count in sorted(accounting.lines.items())},
        },
        "addresses": {
            "total": accounting.addresses,
            "in_records": accounting.in_records,
            "in_prose": accounting.in_prose,
            "left_out": [_located(*place) for place in left_out],
        },
        "dropped": [
            {"line": line, "title": title, "reason": reason}
            for line, title, reason in result.dropped
        ],
        "findings": [finding_object(sources.located(finding)) for finding in result.findings],
    }


def _located(file: str, line: int, text: str, reason: str) -> dict[str, Any]:
    return {"file": file, "line": line, "text": text, "reason": reason}
