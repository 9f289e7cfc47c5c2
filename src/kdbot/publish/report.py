"""Findings and reports for programs and logs, and what a maintainer accepts of a report.

JSON is in ASCII; findings are lines for the terminal and workflow commands for GitHub's log. The
only place that writes lines which begin with `::`.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kdbot.model.finding import Finding, Severity
from kdbot.model.paper import json_values
from kdbot.model.report import WRITTEN, Report, Verdict
from kdbot.model.schema import PaperSchema
from kdbot.publish.markdown import visible_text
from kdbot.text.characters import INVISIBLE
from kdbot.text.record import render_record, without_stamps

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTICE: "36"}
_RECORD = re.compile(
    r"^`(?P<path>papers/[A-Za-z0-9.-]+\.yaml)`:\n\n(?P<fence>`{3,})yaml\n(?P<yaml>.*?)(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


def render_report_json(report: Report) -> str:
    """Return the report as one JSON object."""
    papers = [
        {
            "paper": json_values(paper.paper),
            "file": paper.file,
            "verdict": str(paper.verdict),
            "findings": [finding_object(finding) for finding in paper.findings],
        }
        for paper in report.papers
    ]
    findings = [finding_object(finding) for finding in report.findings]
    return dump_json({"verdict": str(report.verdict), "papers": papers, "findings": findings})


def render_findings_json(findings: Iterable[Finding]) -> str:
    """Return findings as one JSON array."""
    return dump_json([finding_object(finding) for finding in findings])


def finding_object(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain JSON values, every key always there."""
    names = ("code", "severity", "field", "message", "fix", "file", "line")
    values = {name: getattr(finding, name) for name in names}
    return {**values, "severity": str(finding.severity)}


def dump_json(value: Any) -> str:
    """Return a value as JSON for programs: indented, in ASCII."""
    return json.dumps(value, indent=2) + "\n"


def files_to_write(report: Report, schema: PaperSchema) -> Mapping[str, str]:
    """Return the canonical YAML of every paper that is ready, by its path in the repository."""
    return {
        paper.file: render_record(paper.paper, schema)
        for paper in report.papers
        if paper.verdict in WRITTEN
    }


def proposal_digest(report: Report, schema: PaperSchema) -> str:
    """Return the sha256 of the records that an acceptance leads to, as hex.

    Paths are part of it, their order and the stamps of a merge are not. A paper that the list has
    with all that is proposed counts as well: so the digest of a proposal is the same before and
    after it was merged, and a run that was cut off in between is recognised.
    """
    digest = hashlib.sha256()
    records = {
        paper.file: without_stamps(render_record(paper.paper, schema))
        for paper in report.papers
        if paper.verdict in WRITTEN or (paper.verdict is Verdict.DUPLICATE and paper.before)
    }
    for part in (part for record in sorted(records.items()) for part in record):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def shown_records(comment: str) -> Mapping[str, str]:
    """Return the YAML of each record that a comment of the bot's shows, by the record's path."""
    text = comment.replace("\r\n", "\n")
    return {match["path"]: match["yaml"] for match in _RECORD.finditer(text)}


def shows_all(comment: str, report: Report, schema: PaperSchema) -> bool:
    """Tell whether a comment shows everything that an acceptance of the report would write.

    Stamps do not count: a listed paper can get them while an update of it waits.

    Args:
        comment: text of the bot's own comment.
        report: the review whose papers would be written.
        schema: the list's, in whose order records are written.
    """
    shown = shown_records(comment)
    return all(
        without_stamps(shown.get(paper.file, ""))
        == without_stamps(shown_yaml(render_record(paper.paper, schema)))
        for paper in report.papers
        if paper.verdict in WRITTEN
    )


def shown_yaml(yaml: str) -> str:
    """Return YAML in which no comment opens and nothing is hidden; it reads as the same value.

    Such characters are only in double quotes, where YAML has escapes for them.
    """
    text = INVISIBLE.sub(lambda m: f"\\U{ord(m[0]):08x}", yaml)
    return text.replace("<!--", "\\x3c!--").replace("-->", "--\\x3e")


def render_findings_text(findings: Iterable[Finding], *, color: bool = False) -> str:
    """Return findings as compilers write them, `file:line: severity: message [code]`.

    Args:
        findings: in the order to be shown.
        color: whether the severity is coloured.
    """
    return _join(line for f in findings for line in _finding_lines(f, color=color))


def render_text(report: Report, *, color: bool = False) -> str:
    """Return a report: the verdict, then each paper with its verdict and findings."""
    lines = [report.verdict.outcome.words]
    for finding in report.findings:
        lines += _finding_lines(finding, color=color)
    for paper in report.papers:
        lines += ["", f"{visible_text(paper.file)}: {paper.verdict.outcome.words}"]
        if paper.paper.title:
            lines.append(f"  {visible_text(paper.paper.title)}")
        for finding in paper.findings:
            lines += _finding_lines(finding, color=color)
    return _join(lines)


def _finding_lines(finding: Finding, *, color: bool) -> Iterator[str]:
    place = ""
    if finding.file:
        line = f":{finding.line}" if finding.line else ""
        place = f"{visible_text(finding.file)}{line}: "
    severity = str(finding.severity)
    if color:
        severity = f"\x1b[{_COLORS[finding.severity]}m{severity}\x1b[0m"
    yield f"{place}{severity}: {visible_text(finding.message)} [{finding.code}]"
    if finding.fix:
        yield f"    {visible_text(finding.fix)}"


def _join(lines: Iterable[str]) -> str:
    """Return the lines with their ends; none passes for a workflow command in a log."""
    return "".join(
        f"\\{line.lstrip()}\n" if line.lstrip().startswith("::") else f"{line}\n" for line in lines
    )


def render_annotations(findings: Iterable[Finding]) -> str:
    """Return one workflow command a line.

    Escapes are those of GitHub's own toolkit: `%`, CR and LF in the message, `:` and `,` as well
    in the properties.
    """
    return "".join(map(_annotation, findings))


def _annotation(finding: Finding) -> str:
    line = finding.line if finding.file else None
    named = {"file": finding.file, "line": line, "title": finding.code}
    shown = {name: visible_text(str(value)) for name, value in named.items() if value is not None}
    listed = ",".join(f"{name}={_escape(text, ':,')}" for name, text in shown.items())
    message = "\n".join(visible_text(text) for text in (finding.message, finding.fix) if text)
    return f"::{finding.severity} {listed}::{_escape(message)}\n"


def _escape(text: str, besides: str = "") -> str:
    for character in f"%\r\n{besides}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text
