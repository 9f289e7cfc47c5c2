"""Reports and findings as JSON, in ASCII, and the digest of what a maintainer accepts."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from kdbot.model.finding import Finding
from kdbot.model.paper import json_values
from kdbot.model.report import WRITTEN, PaperReport, Report, Verdict
from kdbot.model.schema import PaperSchema
from kdbot.text.record import render_record


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
    records = {p.file: _unstamped(p, schema) for p in report.papers if _leads_to_record(p)}
    for path, text in sorted(records.items()):
        for part in (path, text):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _leads_to_record(paper: PaperReport) -> bool:
    listed = paper.verdict is Verdict.DUPLICATE and paper.before is not None
    return paper.verdict in WRITTEN or listed


def _unstamped(paper: PaperReport, schema: PaperSchema) -> str:
    return render_record(replace(paper.paper, added=None, key=None, proposed_by=None), schema)
