"""The digest of a proposal: what a maintainer who accepts it has seen."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from kdbot.model.report import WRITTEN, PaperReport, Report, Verdict
from kdbot.model.schema import PaperSchema
from kdbot.text.record import render_record


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
    return render_record(replace(paper.paper, added=None, proposed_by=None), schema)
