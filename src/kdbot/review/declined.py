"""What is against a new paper: a retraction, or an earlier no; and which no may be remembered."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kdbot.model.collection import Collection, Identity, identity_of
from kdbot.model.evidence import Evidence, found_records
from kdbot.model.finding import Finding, Severity, quote, warning_rule
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.paper import Paper, paper_values
from kdbot.model.report import PaperReport
from kdbot.model.titles import fold_title
from kdbot.review.duplicates import same_paper
from kdbot.review.metadata import titled_records
from kdbot.review.metadata_check import (
    EDITORIAL_NOTICE,
    TITLE_MISMATCH,
    WITHDRAWN_PAPER,
    metadata_key,
    notice_finding,
)

DECLINED_BEFORE = warning_rule(
    "declined-before",
    "A maintainer decides on a paper that was declined before.",
    "Say what has changed since; a maintainer can accept it.",
    since="0.2.0",
)

_MAX_QUOTE = 600
_AGAINST = frozenset({WITHDRAWN_PAPER.code, EDITORIAL_NOTICE.code})


def warn_of_paper(paper: PaperReport, collection: Collection) -> PaperReport:
    """Add, after a new paper's errors, what is against it: a retraction, or an earlier decline.

    What a service said is among the findings; what a record says is said again.
    """
    if paper.before is not None:
        return paper
    found = [f for f in paper.findings if f.code in _AGAINST and f.severity is Severity.WARNING]
    if not found and paper.paper.standing not in {"", "corrected"}:
        found = [notice_finding(paper.paper)]
    found += _declined_before(paper.paper, collection)
    others = (finding for finding in paper.findings if finding not in found)
    findings = sorted((*found, *others), key=lambda f: f.severity is not Severity.ERROR)
    return replace(paper, findings=tuple(findings), warning=next(iter(found), None))


def _declined_before(paper: Paper, collection: Collection) -> Iterator[Finding]:
    """Say why a paper was declined the last time, and where that was discussed."""
    identity = identity_of(paper)
    for known in reversed(collection.declined):
        if same_paper(identity, Identity(id="", title=known.title, keys=(known.key,))):
            yield DECLINED_BEFORE.finding(
                f"It was declined on {known.day.isoformat()} in #{known.number}: "
                f"{quote(known.reason, _MAX_QUOTE)}."
            )
            return


def paper_marks(papers: Iterable[PaperReport], evidence: Evidence) -> tuple[str, ...]:
    """Return a mark of each new paper whose identifier and title agree by a service's word.

    Where the text has another title than the service, the record may have the service's.
    """
    return tuple(
        paper_mark(paper.paper)
        for paper in papers
        if paper.before is None
        and all(finding.code != TITLE_MISMATCH.code for finding in paper.findings)
        and _is_confirmed(paper.paper, evidence)
    )


def paper_mark(paper: Paper) -> str:
    """Return what tells a paper's identifier and title from any other two, in 16 characters."""
    text = f"{identifier_of(paper)}\n{fold_title(paper.title)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def identifier_of(paper: Paper) -> str | None:
    """Return the strongest identifier of a paper with its kind, or None without one."""
    keys = (key for key in identity_of(paper).keys if key[0] is not IdentifierKind.URL)
    return next((f"{kind}:{value}" for kind, value in keys), None)


def _is_confirmed(paper: Paper, evidence: Evidence) -> bool:
    outcomes = evidence.metadata.get(metadata_key(paper_values(paper)) or "", ())
    title = fold_title(paper.title)
    records = titled_records(found_records(outcomes))
    return bool(title) and any(fold_title(record.title) == title for record in records)
