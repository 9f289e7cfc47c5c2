"""The review: what a proposal asks for, held against the list."""

from collections.abc import Sequence

from kdbot.model.collection import Collection, Identity
from kdbot.model.evidence import Evidence
from kdbot.model.finding import has_errors
from kdbot.model.proposal import Intent, Proposal
from kdbot.model.report import Report, Verdict, worst
from kdbot.review.context import Context
from kdbot.review.duplicates import draft_identity
from kdbot.review.file_name import paper_key
from kdbot.review.normalize import normalize_candidate
from kdbot.review.occasion import Occasion, OpenProposal
from kdbot.review.paper_review import review_draft
from kdbot.review.repeats import unite_repeats
from kdbot.review.rules import NO_PAPER_FOUND

__all__ = ["OpenProposal", "identities_in", "review"]

_NO_EVIDENCE = Evidence()


def review(
    proposal: Proposal,
    collection: Collection,
    *,
    evidence: Evidence = _NO_EVIDENCE,
    others: Sequence[OpenProposal] = (),
    distinct: bool = False,
) -> Report:
    """Return the verdict on a proposal.

    Pure, and never raises for any proposal.

    Args:
        proposal: what a person asks for.
        collection: the list as it is.
        evidence: what was asked of the world beforehand.
        others: older open proposals.
        distinct: whether a person has said that this is no duplicate; an equal title is no reason
            then, while an equal identifier stays what it is.
    """
    if proposal.intent in {Intent.NONE, Intent.CATEGORY} and not proposal.candidates:
        return Report(verdict=Verdict.NOT_A_PROPOSAL, findings=proposal.findings)
    if not proposal.candidates:
        return _nothing_found(proposal)
    occasion = Occasion(
        context=Context(collection=collection), evidence=evidence, others=others, distinct=distinct
    )
    drafts = unite_repeats([normalize_candidate(c, collection) for c in proposal.candidates])
    papers = tuple(review_draft(draft, occasion) for draft in drafts)
    verdicts = [paper.verdict for paper in papers]
    if has_errors(proposal.findings):
        verdicts.append(Verdict.NEEDS_CHANGES)
    return Report(verdict=worst(verdicts), papers=papers, findings=proposal.findings)


def identities_in(proposal: Proposal, collection: Collection) -> tuple[Identity, ...]:
    """Return the identities of the papers that a proposal names, to hold younger ones against."""
    drafts = (normalize_candidate(c, collection) for c in proposal.candidates)
    return tuple(draft_identity(draft, paper_key(draft)) for draft in drafts)


def _nothing_found(proposal: Proposal) -> Report:
    finding = NO_PAPER_FOUND.finding(
        "I found no paper in this proposal: no identifier, no link to a paper, no full title."
    )
    findings = (*proposal.findings, finding)
    return Report(verdict=Verdict.NEEDS_CHANGES, findings=findings)
