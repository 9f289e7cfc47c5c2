"""Papers that were declined: which proposals bring one again, and which may be remembered."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from kdbot.model.collection import Collection, DeclinedPaper, Identity, identity_of
from kdbot.model.evidence import Evidence, found_records
from kdbot.model.finding import quote, warning_rule
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.paper import Paper, paper_values
from kdbot.model.report import PaperReport
from kdbot.model.titles import fold_title
from kdbot.review.duplicates import same_paper
from kdbot.review.metadata import titled_records
from kdbot.review.metadata_check import TITLE_MISMATCH, metadata_key

DECLINED_BEFORE = warning_rule(
    "declined-before",
    "A paper that was declined before is for a maintainer to decide on.",
    "Say what has changed since; a maintainer can accept it.",
    since="0.2.0",
)

_MAX_QUOTE = 600


def check_declined(
    papers: Iterable[PaperReport], collection: Collection
) -> tuple[PaperReport, ...]:
    """Say of each new paper that was declined before why, and where that was discussed."""
    found = []
    for paper in papers:
        told = paper
        known = _declined_as(paper.paper, collection) if paper.before is None else None
        if known is not None:
            message = (
                f"It was declined on {known.day.isoformat()} in #{known.number}: "
                f"{quote(known.reason, _MAX_QUOTE)}."
            )
            finding = DECLINED_BEFORE.finding(message)
            told = replace(paper, findings=(finding, *paper.findings), declined=known)
        found.append(told)
    return tuple(found)


def _declined_as(paper: Paper, collection: Collection) -> DeclinedPaper | None:
    identity = identity_of(paper)
    for known in reversed(collection.declined):
        if same_paper(identity, Identity(id="", title=known.title, keys=(known.key,))):
            return known
    return None


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
