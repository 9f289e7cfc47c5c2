"""`kdbot import`: an existing list's README to paper files, taxonomy and venues."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import kdbot
from kdbot.intake.importing.decisions import NO_DECISIONS, Decisions, parse_decisions
from kdbot.intake.importing.list_import import ImportedList, import_list
from kdbot.intake.lists.paper import ReadmeList
from kdbot.intake.lists.reader import parse_readme_list
from kdbot.intake.lists.readme_prose import read_prose
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding, Severity, has_errors
from kdbot.model.paper import FIELD_NAMES, path_of
from kdbot.model.schema import PaperSchema, parse_schema
from kdbot.model.venue import Venue, Venues
from kdbot.publish.new_list import render_taxonomy, render_venue_items, render_venues
from kdbot.storage.files import (
    SCHEMA,
    TAXONOMY,
    VENUES,
    find_root,
    read_bytes,
    read_file,
    write_files,
)
from kdbot.storage.repository import load_schema
from kdbot.text.record import render_record

_LISTED = 8
_PACKAGE = Path(kdbot.__file__).parent
_DEFAULT_VENUES = (_PACKAGE / "defaults", _PACKAGE.parents[1])  # in a wheel, in a checkout


def run(
    source: Path,
    out: Path,
    decisions: Path | None = None,
    output_format: str = "text",
) -> int:
    """Import a README, write the files below `out`, and print the report.

    Args:
        source: the README.
        out: folder that gets `papers/`, `schema/taxonomy.yaml` and `schema/venues.yaml`.
        decisions: what a person decided about earlier reports.
        output_format: `text` or `json`.

    Returns:
        1 where nothing at all was understood, else 0.

    Raises:
        KdbotError: a file cannot be read or written, or a file that is there says otherwise.
    """
    decided = NO_DECISIONS if decisions is None else _read_decisions(decisions)
    around = _list_around(Path.cwd())
    venues = _known_venues(out, around)
    text = _read_text(source)
    readme = parse_readme_list(text, venues)
    readme = replace(readme, texts=readme.texts or read_prose(text, readme).texts)
    schema = _schema(out, around)
    imported = import_list(
        readme,
        decisions=decided,
        known=venues,
        source_file=source.name,
        schema=schema,
    )
    findings = imported.findings
    _write(out, imported, schema)
    report = _report(readme, imported, findings)
    print(
        json.dumps(report, ensure_ascii=False, indent=1)
        if output_format == "json"
        else _text(readme, imported, findings)
    )
    return 1 if has_errors(findings) else 0


def _read_decisions(file: Path) -> Decisions:
    decided = parse_decisions(read_file(file), file.name)
    for name in decided.more:
        if Path(name).name != name:
            raise KdbotError(f"`more` names files beside it, not {name}", where=file.name)
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
                "is there and says otherwise; nothing was written",
                where=str(out / name),
                fix="name another folder with --out",
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
            fix="add the category, or name another folder with --out",
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


def _report(
    readme: ReadmeList, imported: ImportedList, findings: tuple[Finding, ...]
) -> dict[str, Any]:
    keys = ("code", "severity", "field", "message", "fix", "file", "line")
    return {
        "papers": len(imported.papers),
        "lines": {
            "understood": len(readme.papers),
            "not_understood": [
                {"line": unread.line, "text": unread.text, "reason": unread.reason}
                for unread in readme.unread
            ],
            "fraction": round(_fraction(readme), 4),
        },
        "dropped": [
            {"line": line, "title": title, "reason": reason}
            for line, title, reason in imported.dropped
        ],
        "findings": [{key: getattr(finding, key) for key in keys} for finding in findings],
    }


def _fraction(readme: ReadmeList) -> float:
    total = len(readme.papers) + len(readme.unread)
    return len(readme.papers) / total if total else 0.0


def _text(readme: ReadmeList, imported: ImportedList, findings: tuple[Finding, ...]) -> str:
    total = len(readme.papers) + len(readme.unread)
    lines = [
        (
            f"{len(imported.papers):,} papers in {len(imported.taxonomy.leaves):,} categories; "
            f"{len(readme.papers):,} of {total:,} lines understood ({_fraction(readme):.1%})."
        ),
    ]
    lines += [f"left out: line {n}: {title} ({reason})" for n, title, reason in imported.dropped]
    lines += [f"not understood: line {u.line}: {u.reason}: {u.text[:120]}" for u in readme.unread]
    counts = Counter(finding.code for finding in findings)
    shown: Counter[str] = Counter()
    for finding in sorted(findings, key=lambda found: list(Severity).index(found.severity)):
        shown[finding.code] += 1
        if finding.severity is not Severity.NOTICE or shown[finding.code] <= _LISTED:
            place = f"{finding.file}:{finding.line}" if finding.line else str(finding.file)
            lines.append(f"{finding.severity.value}: {place}: {finding.message} [{finding.code}]")
        elif shown[finding.code] == counts[finding.code]:
            lines.append(f"notice: {counts[finding.code] - _LISTED} more of [{finding.code}]")
    return "\n".join(lines)
