"""The review: what a proposal asks for, held against the list."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kdbot.model.collection import Collection, Identity
from kdbot.model.evidence import Evidence
from kdbot.model.finding import Finding, error_rule, has_errors
from kdbot.model.proposal import Intent, Origin, Proposal
from kdbot.model.report import WRITTEN, PaperReport, Report, Verdict, worst
from kdbot.review.declined import warn_of_paper
from kdbot.review.duplicates import draft_identity, unite_repeats
from kdbot.review.file_name import paper_key
from kdbot.review.normalize import normalize_candidate
from kdbot.review.paper import OpenProposal, ReviewContext, listed_stem, review_draft
from kdbot.text.record import render_record

NO_PAPER_FOUND = error_rule(
    "no-paper-found",
    "A proposal names at least one paper.",
    "Write the paper's arXiv identifier or link, or its full title.",
)
TOO_MANY_RECORDS = error_rule(
    "too-many-records",
    "The records of a proposal fit in one comment, where a maintainer reads them.",
    "Split it into two proposals, or add the files in a pull request.",
    since="0.2.0",
)

_NO_EVIDENCE = Evidence()

_RECORDS_ROOM = 48_000
"""UTF-16 units that the records of a proposal may take in the bot's comment, of which four
fifths are theirs; `publish.comment` keeps that much free for them."""
_PER_RECORD = 400  # the text around a record there


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
        evidence: answers of the services and sites, asked before.
        others: older open proposals.
        distinct: whether a person has said that this is not a duplicate; an equal title is ignored
            then, while an equal identifier stays what it is.
    """
    if proposal.intent is Intent.NONE and not proposal.candidates:
        return Report(verdict=Verdict.NOT_A_PROPOSAL, findings=proposal.findings)
    if not proposal.candidates:
        return _nothing_found(proposal)
    context = ReviewContext(
        collection=collection, evidence=evidence, others=others, distinct=distinct
    )
    normalized = [normalize_candidate(candidate, collection) for candidate in proposal.candidates]
    drafts = unite_repeats(normalized, lambda draft: listed_stem(draft, context))
    papers = tuple(review_draft(draft, context) for draft in drafts)
    papers = tuple(paper for paper in papers if paper.verdict is not Verdict.NOT_A_PROPOSAL)
    if not papers:
        return Report(verdict=Verdict.NOT_A_PROPOSAL)
    papers, crowded = _hold_to_room(papers, collection)
    papers = tuple(warn_of_paper(paper, collection) for paper in papers)
    findings = (*proposal.findings, *crowded)
    verdicts = [paper.verdict for paper in papers]
    if any(paper.warning for paper in papers):
        # The papers themselves stay ready: a maintainer who accepts them accepts what is shown.
        verdicts.append(Verdict.NEEDS_MAINTAINER)
    if has_errors(findings):
        verdicts.append(Verdict.NEEDS_CHANGES)
    return Report(verdict=worst(verdicts), papers=papers, findings=findings)


def identities_in(proposal: Proposal, collection: Collection) -> tuple[Identity, ...]:
    """Return the identities of the papers that a proposal names, to hold younger ones against."""
    drafts = (normalize_candidate(c, collection) for c in proposal.candidates)
    return tuple(draft_identity(draft, paper_key(draft)) for draft in drafts)


def _hold_to_room(
    papers: tuple[PaperReport, ...], collection: Collection
) -> tuple[tuple[PaperReport, ...], tuple[Finding, ...]]:
    """Hold papers back if a comment could not show all the records that would be written.

    An acceptance commits what the comment shows. What a pull request brings is read in its files.
    """
    read = {Origin.FILE, Origin.ROW}
    shown = [p for p in papers if p.verdict in WRITTEN and read.isdisjoint(p.origins.values())]
    taken = sum(_room_of(render_record(paper.paper, collection.schema)) for paper in shown)
    if taken <= _RECORDS_ROOM:
        return papers, ()
    what = "The record" if len(shown) == 1 else f"The records of the {len(shown)} papers"
    finding = TOO_MANY_RECORDS.finding(
        f"{what} would need {taken:,} characters in my comment, which has room for "
        f"{_RECORDS_ROOM:,}; a maintainer can accept only what is shown there."
    )
    held = (replace(p, verdict=Verdict.NEEDS_CHANGES) if p in shown else p for p in papers)
    return tuple(held), (finding,)


def _room_of(record: str) -> int:
    """Return how many UTF-16 units a record takes in a comment, with its fence and its escapes."""
    units = len(record.encode("utf-16-le", "surrogatepass")) // 2
    ticks = max((len(run) for run in re.findall("`+", record)), default=0)
    marks = record.count("<!--") + record.count("-->")
    return units + 2 * ticks + 3 * marks + _PER_RECORD


def _nothing_found(proposal: Proposal) -> Report:
    finding = NO_PAPER_FOUND.finding(
        "I found no paper in this proposal: no identifier, no link to a paper, no full title."
    )
    findings = (*proposal.findings, finding)
    return Report(verdict=Verdict.NEEDS_CHANGES, findings=findings)
