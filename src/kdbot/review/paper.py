"""The verdict on one paper: new, listed already, or an edit of a listed one's file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kdbot.model.collection import BrokenFile, Collection, Identities, Identity
from kdbot.model.evidence import Evidence
from kdbot.model.finding import Finding, Severity, error_rule, has_errors, quote, quote_long
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.paper import (
    IDENTITY_NAMES,
    Paper,
    paper_from_values,
    paper_values,
    path_of,
    stem_of,
)
from kdbot.model.proposal import Candidate, Given, Intent, Origin
from kdbot.model.report import PaperReport, Verdict
from kdbot.review.categories import category_hint, leave_categories_open, likely_categories
from kdbot.review.checks import MISSING_TITLE, SHORT_TITLE, check_draft
from kdbot.review.draft import Draft, ordered
from kdbot.review.duplicates import (
    REPEATED_IN_PROPOSAL,
    Match,
    broken_finding,
    check_citation_key,
    check_similarity,
    draft_identity,
    duplicate_finding,
    find_broken,
    find_listed,
    find_owner,
    same_paper,
)
from kdbot.review.file_name import check_file_name, paper_key
from kdbot.review.identifiers import MISSING_LINK
from kdbot.review.left_to_people import (
    NOT_LISTED,
    named_draft,
    names_a_paper,
    not_understood,
)
from kdbot.review.links import check_evidence, draft_links
from kdbot.review.metadata_check import complete_draft, could_not_ask, metadata_key
from kdbot.review.normalize import normalize_candidate
from kdbot.review.updates import ADDED_BY_HAND, Merge, compare_edit, listed_values, merge_proposal
from kdbot.text.addresses import same_address

DUPLICATE_PROPOSAL = error_rule(
    "duplicate-proposal",
    "A paper has only one open proposal.",
    "Add what is missing to the older proposal.",
)


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
class ReviewContext:
    """The list, the world, other proposals, and the papers of this one that came before.

    Attributes:
        collection: the list.
        evidence: answers of the services and sites, asked before.
        others: older open proposals.
        distinct: whether a person has said that this is not a duplicate.
        taken: new papers of this proposal by the stem of their file.
    """

    collection: Collection
    evidence: Evidence
    others: Sequence[OpenProposal]
    distinct: bool
    taken: dict[str, Identity] = field(default_factory=dict)

    @property
    def identities(self) -> Identities:
        """The identities of the list's papers."""
        return self.collection.identities

    def repeated(self, identity: Identity) -> str | None:
        """Return the file of the same paper in this proposal, or None."""
        same = (other for other in self.taken.values() if same_paper(identity, other))
        return next((path_of(other.id) for other in same), None)

    def older(self, identity: Identity) -> int | None:
        """Return the number of the oldest open proposal of the same paper, or None."""
        own = replace(identity, title="") if self.distinct else identity
        numbers = [
            other.number
            for other in self.others
            if any(same_paper(own, proposed) for proposed in other.identities)
        ]
        return min(numbers, default=None)


_FINDABLE = 30
"""Characters of a title from which a search finds the paper; a shorter one may be any name."""
_LEFT_TO_PEOPLE = frozenset({Intent.REMOVE, Intent.SPOKEN_OF, Intent.UNSURE})
_ASKED_ELSEWHERE = frozenset({MISSING_TITLE.code, SHORT_TITLE.code})


def review_draft(draft: Draft, context: ReviewContext) -> PaperReport:
    """Return the verdict on one paper of a proposal.

    Metadata services complete only new records: a listed paper does not change because
    somebody proposes it again.
    """
    if not draft.candidate.given and has_errors(draft.findings):
        stem = stem_of(str(draft.file))
        return _report(draft, context, draft.findings, Verdict.NEEDS_CHANGES, stem)
    if draft.candidate.intent in _LEFT_TO_PEOPLE:
        return _review_spoken_of(draft, context)
    completed = complete_draft(draft, context.evidence, context.collection)
    if draft.file is not None and stem_of(draft.file) in context.identities.by_id:
        return _review_edit(completed, stem_of(draft.file), context)
    match = _match(draft, context) or _match(completed, context)
    if match is None or match.conflicts or match.kind is IdentifierKind.NONE:
        broken = _find_broken(draft, context) or _find_broken(completed, context)
        if broken is not None:
            return _review_broken(draft, broken, context)
    if match is None and draft.candidate.updates and not draft.in_pull_request:
        return _review_spoken_of(draft, context)
    if match is None:
        return _review_new(completed, context)
    if faults := _faults_of(match.identity.id, context, draft):
        broken = BrokenFile(file=path_of(match.identity.id), findings=faults)
        return _review_broken(draft, broken, context)
    if match.conflicts:
        return _review_conflict(completed, match, context)
    return _review_listed(draft, match, context)


def _review_spoken_of(draft: Draft, context: ReviewContext) -> PaperReport:
    """Leave to a person what asks for no value to be written, with the listed record if any.

    Where neither the list nor the text itself tells a paper, there is nothing to say.
    """
    match = _match(draft, context)
    before = None if match is None else context.collection.papers[match.identity.id]
    draft = named_draft(draft) if before is None else draft.with_values(listed_values(before))
    findings = [f for f in draft.findings if f.severity is not Severity.ERROR]
    findings += match.findings if match else ()
    verdict = Verdict.NEEDS_MAINTAINER
    if before is None and not names_a_paper(draft):
        verdict = Verdict.NOT_A_PROPOSAL
    elif before is None and draft.candidate.updates:
        message = "I could not find this paper in the list, so I changed nothing."
        findings.append(draft.finding(NOT_LISTED, message))
    paper_id = _new_id(draft, context) if before is None else before.id
    return _report(draft, context, findings, verdict, paper_id, before=before)


def listed_stem(draft: Draft, context: ReviewContext) -> str | None:
    """Return the stem of the listed paper that a draft is beyond doubt, or None."""
    match = _match(draft, context)
    if match is None:
        completed = complete_draft(draft, context.evidence, context.collection)
        match = _match(completed, context)
    return None if match is None or match.conflicts else match.identity.id


def _match(draft: Draft, context: ReviewContext) -> Match | None:
    match = find_listed(draft, context.identities)
    by_name = match is not None and match.kind is IdentifierKind.NONE
    return None if context.distinct and by_name else match


def _find_broken(draft: Draft, context: ReviewContext) -> BrokenFile | None:
    return find_broken(draft, context.collection, distinct=context.distinct)


def _faults_of(paper_id: str, context: ReviewContext, fix: Draft) -> tuple[Finding, ...]:
    """Return the errors of a listed record that a merge with it would have as well.

    A correction takes the wrong value's place.
    """
    fixed = fix.candidate.given.keys() if fix.candidate.updates else set()
    listed = paper_values(context.collection.papers[paper_id])
    given = {name: Given(value=value, origin=Origin.FILE) for name, value in listed.items()}
    candidate = Candidate(given=given, file=path_of(paper_id))
    draft = normalize_candidate(candidate, context.collection)
    found = (*draft.findings, *check_draft(draft, context.collection))
    errors = (f for f in found if f.severity is Severity.ERROR and f.field not in fixed)
    return tuple(replace(finding, line=None) for finding in errors)


def _review_broken(draft: Draft, broken: BrokenFile, context: ReviewContext) -> PaperReport:
    """Answer that the listed file has to be fixed first; its own fix is held to the rules."""
    paper_id = _new_id(draft, context)
    findings = [*draft.findings, broken_finding(draft, broken)]
    if draft.file == broken.file:
        findings += [*check_draft(draft, context.collection), *check_file_name(draft, listed=True)]
        if has_errors(findings):
            return _report(draft, context, findings, Verdict.NEEDS_CHANGES, paper_id)
    findings = [f for f in findings if f.severity is not Severity.ERROR]
    return _report(draft, context, findings, Verdict.COULD_NOT_CHECK, paper_id)


def _review_new(draft: Draft, context: ReviewContext) -> PaperReport:
    draft = leave_categories_open(draft, context.collection.taxonomy)
    paper_id = _new_id(draft, context)
    identity = draft_identity(draft, paper_id)
    findings = [*draft.findings, *_check_new(draft, context)]
    if not draft.in_pull_request and any(_is_wrong_identifier(f) for f in findings):
        # With the right identifier a service knows the title.
        findings = [f for f in findings if f.code != MISSING_TITLE.code]
    if not _can_be_found(draft):
        findings = [_asked_for_a_link(f) if f.code == MISSING_LINK.code else f for f in findings]
    likely = likely_categories(draft, context.collection)
    if hint := category_hint(draft, likely, context.collection.taxonomy):
        findings.append(hint)
    repeated, older = context.repeated(identity), context.older(identity)
    context.taken.setdefault(identity.id, identity)
    if repeated is not None:
        message = f"This proposal names the same paper twice; the other is {quote(repeated)}."
        findings.append(draft.finding(REPEATED_IN_PROPOSAL, message))
    elif older is not None:
        message = f"The same paper is proposed in #{older}, which was opened first."
        fix = f"If #{older} lacks something, say so there."
        # What is missing is not asked for: there is nothing to complete.
        findings = [f for f in findings if f.severity is not Severity.ERROR]
        findings.append(draft.finding(DUPLICATE_PROPOSAL, message, fix=fix))
        return _report(draft, context, findings, Verdict.DUPLICATE, paper_id, original=older)
    elif _waits_for_the_world(draft, findings, context):
        findings = [f for f in findings if f.severity is not Severity.ERROR]
        return _report(draft, context, findings, Verdict.COULD_NOT_CHECK, paper_id)
    verdict = Verdict.NEEDS_CHANGES if has_errors(findings) else Verdict.READY
    report = _report(draft, context, findings, verdict, paper_id)
    return replace(report, likely_categories=likely)


def _is_wrong_identifier(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and finding.field in IDENTITY_NAMES


def _can_be_found(draft: Draft) -> bool:
    """Tell whether a maintainer can find the paper by its title, should it have no link."""
    is_sorted = draft.in_pull_request or bool(draft.items("categories"))
    title = draft.text("title")
    return is_sorted or not title or len(title) >= _FINDABLE


def _asked_for_a_link(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.ERROR, fix="Add the paper's link or its identifier.")


def _check_new(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    yield from check_draft(draft, context.collection)
    yield from check_file_name(draft, listed=False)
    yield from check_similarity(draft, context.identities)
    yield from check_evidence(draft, context.evidence)
    for name, words in (("added", "day"), ("key", "citation key")) if draft.file else ():
        if value := draft.text(name):
            message = f"I read the {words} {quote(value)}, but the bot writes it at the merge."
            yield draft.finding(ADDED_BY_HAND, message, field=name)
    if draft.file is not None:
        yield from check_citation_key(draft, stem_of(draft.file), context.identities)
    if draft.candidate.updates:
        message = "I could not find this paper in the list, so I treated it as new."
        yield draft.finding(NOT_LISTED, message)


def _waits_for_the_world(draft: Draft, findings: Sequence[Finding], context: ReviewContext) -> bool:
    """Tell whether all that is missing is what a service would have said, had it answered."""
    missing = {finding.code for finding in findings if finding.severity is Severity.ERROR}
    asked = context.evidence.metadata.get(metadata_key(draft.values) or "", ())
    return bool(missing) and missing <= _ASKED_ELSEWHERE and could_not_ask(asked)


def _review_conflict(draft: Draft, match: Match, context: ReviewContext) -> PaperReport:
    before = context.collection.papers[match.identity.id]
    checked = check_draft(draft, context.collection)
    findings = (
        *draft.findings,
        *match.conflicts,
        *(finding for finding in checked if finding.field in draft.given),
    )
    paper_id = _new_id(draft, context)
    return _report(draft, context, findings, Verdict.NEEDS_CHANGES, paper_id, before=before)


def _review_listed(draft: Draft, match: Match, context: ReviewContext) -> PaperReport:
    collection = context.collection
    before = collection.papers[match.identity.id]
    merge = merge_proposal(before, draft, collection)
    findings = [*draft.findings, *match.findings]
    if draft.file is not None:
        finding = duplicate_finding(draft, match)
        if merge.changed:
            finding = replace(finding, fix=_where_to_add(draft, before))
        verdict = Verdict.NEEDS_CHANGES if merge.changed else Verdict.DUPLICATE
        return _report(
            draft, context, [*findings, finding], verdict, stem_of(draft.file), before=before
        )
    taken = find_owner(draft, match, context.identities) if draft.candidate.updates else None
    if taken is not None:
        findings.append(replace(duplicate_finding(draft, taken), severity=Severity.WARNING))
        return _report(draft, context, findings, Verdict.NEEDS_MAINTAINER, before.id, before=before)
    if not merge.changed and draft.candidate.updates:
        findings += merge.findings
        verdict = Verdict.NEEDS_MAINTAINER
        return _report(draft, context, findings, verdict, before.id, before=before, merge=merge)
    if not merge.changed and not has_errors(findings):
        findings += [duplicate_finding(draft, match), *merge.findings]
        return _report(
            draft, context, findings, Verdict.DUPLICATE, before.id, before=before, merge=merge
        )
    findings += merge.findings
    return _finish_update(draft, context, findings, before, merge)


def _where_to_add(draft: Draft, before: Paper) -> str:
    listed = quote_long(path_of(before.id))
    if draft.text("arxiv") and before.arxiv is None:
        # The record takes the name of the identifier that it lacked.
        return f"Rename {listed} to {quote_long(draft.file)} and make the changes there."
    return f"Add it to {listed} and remove this file."


def _review_edit(draft: Draft, stem: str, context: ReviewContext) -> PaperReport:
    match = _match(draft, context)
    collection = context.collection
    before = collection.papers[stem]
    merge = compare_edit(before, draft, collection)
    is_taken = match is not None and match.identity.id == paper_key(draft)
    named = check_file_name(draft, listed=True, taken=is_taken)
    findings = [*draft.findings, *merge.findings, *named]
    findings += check_citation_key(draft, stem, context.identities)
    if match is not None and match.identity.id != stem:
        findings += [*match.conflicts, duplicate_finding(draft, match)]
    return _finish_update(draft, context, findings, before, merge)


def _finish_update(
    draft: Draft, context: ReviewContext, findings: list[Finding], before: Paper, merge: Merge
) -> PaperReport:
    merged = draft.with_values(merge.values)
    proposed = {*draft.candidate.given, *draft.given, "categories", None}
    if draft.file is not None:
        proposed |= {"title"}
    findings += [f for f in check_draft(merged, context.collection) if f.field in proposed]
    known = frozenset(same_address(a) for _, _, a in draft_links(_as_draft(before, draft)))
    findings += check_evidence(draft, context.evidence, known)
    verdict = Verdict.NEEDS_CHANGES if has_errors(findings) else Verdict.UPDATE
    paper_id = paper_key(merged) if merged.text("arxiv") else before.id
    return _report(draft, context, findings, verdict, paper_id, before=before, merge=merge)


def _as_draft(paper: Paper, draft: Draft) -> Draft:
    return replace(draft, values=listed_values(paper))


def _new_id(draft: Draft, context: ReviewContext) -> str:
    """Return the stem of a new record; a slug gives way to those of other papers."""
    if draft.file is not None:
        return stem_of(draft.file)
    broken = context.collection.broken
    taken = context.identities.by_id.keys() | context.taken.keys() | broken.keys()
    return paper_key(draft, taken)


def _report(
    draft: Draft,
    context: ReviewContext,
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
        findings=ordered((*findings, *not_understood(draft)), context.collection.schema),
        before=before,
        origins={name: given.origin for name, given in draft.given.items() if name in values},
        original=original,
        intent=draft.candidate.intent,
        read_from=draft.candidate.read_from,
        short_name=draft.candidate.short_name,
    )
