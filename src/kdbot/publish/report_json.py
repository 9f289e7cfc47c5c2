"""Reports and findings as JSON, in ASCII: no terminal, locale or log can garble it."""

import json
from collections.abc import Iterable
from typing import Any

from kdbot.model.finding import Finding
from kdbot.model.paper import json_values
from kdbot.model.report import PaperReport, Report


def render_report_json(report: Report) -> str:
    """Return the report as one JSON object."""
    return _dump(
        {
            "verdict": str(report.verdict),
            "papers": [_paper_object(paper) for paper in report.papers],
            "findings": [finding_object(finding) for finding in report.findings],
        }
    )


def render_findings_json(findings: Iterable[Finding]) -> str:
    """Return findings as one JSON array."""
    return _dump([finding_object(finding) for finding in findings])


def finding_object(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain JSON values, every key always there."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "field": finding.field,
        "message": finding.message,
        "fix": finding.fix,
        "file": finding.file,
        "line": finding.line,
    }


def _paper_object(report: PaperReport) -> dict[str, Any]:
    return {
        "paper": json_values(report.paper),
        "file": report.file,
        "verdict": str(report.verdict),
        "findings": [finding_object(finding) for finding in report.findings],
    }


def _dump(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"
