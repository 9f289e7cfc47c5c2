"""Reports and findings for the terminal."""

from collections.abc import Iterable, Iterator

from kdbot.model.finding import Finding, Severity
from kdbot.model.report import Report, Verdict
from kdbot.publish.markdown import visible_text

VERDICT_WORDS = {
    Verdict.NEEDS_CHANGES: "needs changes",
    Verdict.COULD_NOT_CHECK: "could not check",
    Verdict.DUPLICATE: "already listed or proposed",
    Verdict.UPDATE: "ready: changes a listed paper",
    Verdict.READY: "ready",
    Verdict.NOT_A_PROPOSAL: "not a proposal",
}
_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTICE: "36"}


def render_findings_text(findings: Iterable[Finding], *, color: bool = False) -> str:
    """Return findings as compilers write them, `file:line: severity: message [code]`.

    Args:
        findings: in the order to be shown.
        color: whether the severity is coloured.
    """
    return "".join(f"{line}\n" for f in findings for line in _finding_lines(f, color=color))


def render_text(report: Report, *, color: bool = False) -> str:
    """Return a report: the verdict, then each paper with its verdict and findings."""
    parts = [f"{VERDICT_WORDS[report.verdict]}\n"]
    if report.findings:
        parts.append(render_findings_text(report.findings, color=color))
    for paper in report.papers:
        title = _line(paper.paper.title or paper.file)
        parts.append(f"\n{_line(paper.file)}: {VERDICT_WORDS[paper.verdict]}\n  {title}\n")
        parts.append(render_findings_text(paper.findings, color=color))
    return "".join(parts)


def _finding_lines(finding: Finding, *, color: bool) -> Iterator[str]:
    place = ""
    if finding.file:
        line = f":{finding.line}" if finding.line else ""
        place = f"{_line(finding.file)}{line}: "
    severity = str(finding.severity)
    if color:
        severity = f"\x1b[{_COLORS[finding.severity]}m{severity}\x1b[0m"
    yield f"{place}{severity}: {_line(finding.message)} [{finding.code}]"
    if finding.fix:
        yield f"    {_line(finding.fix)}"


def _line(text: str) -> str:
    """Return text on one line that no log takes for a workflow command."""
    shown = visible_text(text)
    return f"\\{shown}" if shown.startswith("::") else shown
