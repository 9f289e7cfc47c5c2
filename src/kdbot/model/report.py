"""A report: the verdict on a proposal, as a value that renderers tell in their own way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kdbot.model.finding import Finding
from kdbot.model.paper import Paper
from kdbot.model.proposal import Origin


class Verdict(StrEnum):
    """The answer to a proposal, or to one paper of it."""

    NEEDS_CHANGES = "needs-changes"
    COULD_NOT_CHECK = "could-not-check"
    DUPLICATE = "duplicate"
    UPDATE = "update"
    READY = "ready"
    NOT_A_PROPOSAL = "not-a-proposal"


_WORST_FIRST = tuple(Verdict)

WRITTEN = frozenset({Verdict.READY, Verdict.UPDATE})
"""Verdicts of the papers that an acceptance writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperReport:
    """The verdict on one paper.

    Attributes:
        paper: the record as it would be written.
        file: its path in the repository.
        verdict: the answer.
        findings: what was noticed, errors first, then in field order.
        before: the listed record that an update or a duplicate is about, or None.
        origins: where each field of the record was read.
        original: number of the older open proposal of the same paper, or None.
    """

    paper: Paper
    file: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    before: Paper | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)
    original: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The verdict on a proposal: that of its worst paper.

    Attributes:
        verdict: the answer.
        papers: one for each paper, in the proposal's order.
        findings: what concerns the proposal as a whole.
    """

    verdict: Verdict
    papers: tuple[PaperReport, ...] = ()
    findings: tuple[Finding, ...] = ()


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that decides for a proposal of several papers."""
    return min(verdicts, key=_WORST_FIRST.index, default=Verdict.NOT_A_PROPOSAL)
