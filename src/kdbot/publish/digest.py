"""The digest of a proposal: what a maintainer who accepts it has seen."""

import hashlib
from collections.abc import Mapping

from kdbot.model.report import Report, Verdict
from kdbot.model.schema import PaperSchema
from kdbot.publish.record import render_record


def files_to_write(report: Report, schema: PaperSchema) -> Mapping[str, str]:
    """Return the canonical YAML of every paper that is ready, by its path in the repository."""
    return {
        paper.file: render_record(paper.paper, schema)
        for paper in report.papers
        if paper.verdict in {Verdict.READY, Verdict.UPDATE}
    }


def proposal_digest(files: Mapping[str, str]) -> str:
    """Return the sha256 of the files to be written, paths included, in any order, as hex."""
    digest = hashlib.sha256()
    for path, text in sorted(files.items()):
        for part in (path, text):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
