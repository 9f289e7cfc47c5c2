"""Reports and findings as lines: for the terminal, and as workflow commands for GitHub's log.

The only place that writes lines which begin with `::`.
"""

from collections.abc import Iterable, Iterator

from kdbot.model.finding import Finding, Severity
from kdbot.model.report import Report
from kdbot.publish.markdown import visible_text

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTICE: "36"}

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTICE: "notice",
}


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
    properties = {
        "file": finding.file,
        "line": finding.line if finding.file else None,
        "title": finding.code,
    }
    listed = ",".join(
        f"{name}={_escape_property(visible_text(str(value)))}"
        for name, value in properties.items()
        if value is not None
    )
    lines = [visible_text(text) for text in (finding.message, finding.fix) if text]
    message = _escape("\n".join(lines))
    return f"::{_COMMANDS[finding.severity]} {listed}::{message}\n"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
