"""The review: what a proposal asks for, held against the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from kdbot.model.collection import Collection, Identities, Identity
from kdbot.model.evidence import Evidence
from kdbot.model.finding import Finding, Severity, has_errors, quote
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.paper import Paper, paper_from_values
from kdbot.model.proposal import Intent, Proposal
from kdbot.model.report import PaperReport, Report, Verdict, worst
from kdbot.review.checks import check_draft
from kdbot.review.context import Context, context_of
from kdbot.review.draft import Draft
from kdbot.review.duplicate_rules import DUPLICATE_PROPOSAL, NOT_LISTED, REPEATED_IN_PROPOSAL
from kdbot.review.duplicates import (
    Match,
    check_likeness,
    draft_identity,
    duplicate_finding,
    find_listed,
    same_paper,
)
from kdbot.review.file_name import check_file_name, paper_key, path_of, stem_of
from kdbot.review.link_evidence import check_evidence, draft_links
from kdbot.review.links import same_address
from kdbot.review.normalize import normalize_candidate
from kdbot.review.order import ordered
from kdbot.review.repeats import unite_repeats
from kdbot.review.rules import ADDED_BY_HAND, NO_PAPER_FOUND
from kdbot.review.updates import Merge, compare_edit, listed_values, merge_proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProposal:
    """Another proposal that waits, older than the one under review.

    Attributes:
        number: of its issue or pull request.
        identities: of the papers that it proposes.
    """

    number: int
    identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Occasion:
    """Everything a draft is held against."""

    context: Context
    evidence: Evidence
    others: Sequence[OpenProposal]
    distinct: bool
    taken: dict[str, Identity] = field(default_factory=dict)

    @property
    def identities(self) -> Identities:
        return self.context.collection.identities


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
    occasion = _Occasion(
        context=context_of(collection), evidence=evidence, others=others, distinct=distinct
    )
    drafts = unite_repeats([normalize_candidate(c, collection) for c in proposal.candidates])
    papers = tuple(_review_draft(draft, occasion) for draft in drafts)
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


def _review_draft(draft: Draft, occasion: _Occasion) -> PaperReport:
    if not draft.candidate.given and has_errors(draft.findings):
        return _report(
            draft, occasion, draft.findings, Verdict.NEEDS_CHANGES, stem_of(str(draft.file))
        )
    match = find_listed(draft, occasion.identities)
    if occasion.distinct and match is not None and match.kind is IdentifierKind.NONE:
        match = None
    stem = stem_of(draft.file) if draft.file else None
    if stem is not None and stem in occasion.identities.by_id:
        return _review_edit(draft, stem, match, occasion)
    if match is None:
        return _review_new(draft, occasion)
    if match.conflicts:
        return _review_conflict(draft, match, occasion)
    return _review_listed(draft, match, occasion)


def _review_new(draft: Draft, occasion: _Occasion) -> PaperReport:
    paper_id = _new_id(draft, occasion)
    identity = draft_identity(draft, paper_id)
    findings = [*draft.findings, *check_draft(draft, occasion.context)]
    findings += check_file_name(draft, listed=False)
    findings += check_likeness(draft, occasion.identities)
    findings += check_evidence(draft, occasion.evidence)
    if draft.file is not None and draft.text("added"):
        message = f"I read the day {quote(draft.text('added'))}, which is stamped at the merge."
        findings.append(draft.finding(ADDED_BY_HAND, message, field="added"))
    if draft.candidate.updates:
        message = "I found no such paper in the list, so I took it for a new one."
        findings.append(draft.finding(NOT_LISTED, message))
    repeated = _repeated(identity, occasion)
    occasion.taken.setdefault(identity.id, identity)
    if repeated is not None:
        message = f"This proposal names the same paper twice; the other is {quote(repeated)}."
        findings.append(draft.finding(REPEATED_IN_PROPOSAL, message))
    elif (older := _older(identity, occasion)) is not None:
        message = f"The same paper is proposed in #{older}, which was opened first."
        rest = [f for f in findings if f.severity is not Severity.ERROR]
        finding = draft.finding(DUPLICATE_PROPOSAL, message, fix=f"Say in #{older} what it lacks.")
        return _report(
            draft, occasion, [finding, *rest], Verdict.DUPLICATE, paper_id, original=older
        )
    verdict = Verdict.NEEDS_CHANGES if has_errors(findings) else Verdict.READY
    return _report(draft, occasion, findings, verdict, paper_id)


def _review_conflict(draft: Draft, match: Match, occasion: _Occasion) -> PaperReport:
    before = occasion.context.collection.papers[match.identity.id]
    checked = check_draft(draft, occasion.context)
    findings = (
        *draft.findings,
        *match.conflicts,
        *(finding for finding in checked if finding.field in draft.given),
    )
    paper_id = _new_id(draft, occasion)
    return _report(draft, occasion, findings, Verdict.NEEDS_CHANGES, paper_id, before=before)


def _review_listed(draft: Draft, match: Match, occasion: _Occasion) -> PaperReport:
    collection = occasion.context.collection
    before = collection.papers[match.identity.id]
    merge = merge_proposal(before, draft, collection)
    findings = [*draft.findings, *match.findings]
    if draft.file is not None:
        finding = duplicate_finding(draft, match)
        if merge.changed:
            fix = f"Add it to {quote(path_of(before.id))} and remove this file."
            finding = replace(finding, fix=fix)
        verdict = Verdict.NEEDS_CHANGES if merge.changed else Verdict.DUPLICATE
        return _report(
            draft, occasion, [*findings, finding], verdict, stem_of(draft.file), before=before
        )
    if not merge.changed and not has_errors(findings):
        findings += [duplicate_finding(draft, match), *merge.findings]
        return _report(
            draft, occasion, findings, Verdict.DUPLICATE, before.id, before=before, merge=merge
        )
    findings += merge.findings
    return _finish_update(draft, occasion, findings, before, merge)


def _review_edit(draft: Draft, stem: str, match: Match | None, occasion: _Occasion) -> PaperReport:
    collection = occasion.context.collection
    before = collection.papers[stem]
    merge = compare_edit(before, draft, collection)
    findings = [*draft.findings, *merge.findings, *check_file_name(draft, listed=True)]
    if match is not None and match.identity.id != stem:
        findings += [*match.conflicts, duplicate_finding(draft, match)]
    return _finish_update(draft, occasion, findings, before, merge)


def _finish_update(
    draft: Draft, occasion: _Occasion, findings: list[Finding], before: Paper, merge: Merge
) -> PaperReport:
    merged = draft.with_values(merge.values)
    proposed = {*draft.candidate.given, *draft.given, "categories", None}
    if draft.file is not None:
        proposed |= {"title"}
    findings += [f for f in check_draft(merged, occasion.context) if f.field in proposed]
    known = frozenset(same_address(a) for _, _, a in draft_links(_as_draft(before, draft)))
    findings += check_evidence(draft, occasion.evidence, known)
    verdict = Verdict.NEEDS_CHANGES if has_errors(findings) else Verdict.UPDATE
    paper_id = paper_key(merged) if merged.text("arxiv") else before.id
    return _report(draft, occasion, findings, verdict, paper_id, before=before, merge=merge)


def _as_draft(paper: Paper, draft: Draft) -> Draft:
    return replace(draft, values=listed_values(paper))


def _new_id(draft: Draft, occasion: _Occasion) -> str:
    """Return the stem of a new record; a slug gives way to those of other papers."""
    if draft.file is not None:
        return stem_of(draft.file)
    taken = occasion.identities.by_id.keys() | occasion.taken.keys()
    return paper_key(draft, taken)


def _repeated(identity: Identity, occasion: _Occasion) -> str | None:
    same = (i for i in occasion.taken.values() if same_paper(identity, i))
    return next((path_of(other.id) for other in same), None)


def _older(identity: Identity, occasion: _Occasion) -> int | None:
    return min(
        (
            other.number
            for other in occasion.others
            if any(_is_same(identity, i, by_title=not occasion.distinct) for i in other.identities)
        ),
        default=None,
    )


def _is_same(one: Identity, other: Identity, *, by_title: bool) -> bool:
    return same_paper(one if by_title else replace(one, title=""), other)


def _report(
    draft: Draft,
    occasion: _Occasion,
    findings: Iterable[Finding],
    verdict: Verdict,
    paper_id: str,
    *,
    before: Paper | None = None,
    merge: Merge | None = None,
    original: int | None = None,
) -> PaperReport:
    values = {"title": "", **(draft.values if merge is None else merge.values)}
    return PaperReport(
        paper=paper_from_values(paper_id, values),
        file=draft.file or path_of(paper_id),
        verdict=verdict,
        findings=ordered(findings, occasion.context.collection.schema),
        before=before,
        origins={name: given.origin for name, given in draft.given.items() if name in values},
        original=original,
    )
