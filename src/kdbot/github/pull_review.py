"""What a pull request may do to listed papers, and the suggestions that it gets: pure.

What the review of its records tells is judged again by what the pull request does to the list.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kdbot.github.item import Account, PullRequest
from kdbot.github.pull_files import PullFiles
from kdbot.github.rules import (
    KEY_ORDER,
    LINK_OF_ANOTHER,
    REMOVED_PAPER,
    RENAMED_PAPER,
    RESERVED_VALUE,
)
from kdbot.github.writes import Write, create_review, line_comment
from kdbot.model.collection import Collection, Identities, Identity
from kdbot.model.finding import Finding, name_some, quote
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.paper import (
    IDENTIFIER_NAMES,
    LINK_LISTS,
    NOTICE_FIELDS,
    STAMPED,
    Paper,
    paper_values,
    path_of,
)
from kdbot.model.proposal import Candidate, Intent, Proposal
from kdbot.model.report import WRITTEN, PaperReport, Report, Verdict, worst
from kdbot.publish.comment.notes import render_review
from kdbot.publish.comment.suggestions import Suggestion, suggestion_marker
from kdbot.publish.comment.words import BUILT_IN, Words
from kdbot.publish.readme.tables import paper_address
from kdbot.review.duplicates import DUPLICATE_BY_KIND, DUPLICATE_TITLE, same_paper
from kdbot.review.proposal import identities_in
from kdbot.review.updates import ADDED_BY_HAND

_NAMED = 5  # papers that a finding names
_GUARDED = frozenset({"url", "proposed_by"})
"""Fields where any change redirects readers or credit."""
_RESERVED = ("other_titles", *NOTICE_FIELDS)
_RESERVED_ALWAYS = ("added", "key")
"""Fields that only the list writes, for every contributor."""


def without_papers(collection: Collection, gone: frozenset[str]) -> Collection:
    """Return the collection without the papers whose files a pull request removes."""
    if gone.isdisjoint(collection.identities.by_id):
        return collection
    kept = tuple(i for i in collection.identities.all if i.id not in gone)
    return replace(collection, identities=Identities(all=kept))


def other_rows(
    rows: Sequence[Candidate], files: Sequence[Candidate], collection: Collection
) -> tuple[Candidate, ...]:
    """Return the rows of papers that the same pull request does not add as files."""
    brought = [i for file in files for i in _identities(file, collection)]
    return tuple(
        row
        for row in rows
        if not any(same_paper(i, other) for i in _identities(row, collection) for other in brought)
    )


def judge_papers(
    report: Report, files: PullFiles, collection: Collection, author: Account
) -> Report:
    """Return the report with what the pull request does to listed papers taken into account.

    Args:
        report: the review of its papers against the list without those that it removes.
        files: its files.
        collection: the whole list.
        author: who opened it.
    """
    papers = tuple(_judge(paper, files, collection) for paper in report.papers)
    written = {c.file: str(c.given["url"].value) for c in files.candidates if "url" in c.given}
    noticed = [f for paper in papers for f in _check_values(paper, author, written.get(paper.file))]
    noticed += [f for c in files.candidates for f in _check_key_order(c, collection)]
    verdicts = [paper.verdict for paper in papers]
    if all(paper.verdict is not report.verdict for paper in report.papers):
        verdicts.append(report.verdict)
    verdict = worst(verdicts) if papers else report.verdict
    return Report(verdict=verdict, papers=papers, findings=(*report.findings, *noticed))


def check_lost(files: PullFiles, collection: Collection) -> Iterator[Finding]:
    """Ask for the reason if a paper's file is removed or renamed."""
    removed = sorted(files.removed - files.renamed.keys())
    if removed:
        named = name_some([_named(paper_id, collection) for paper_id in removed], _NAMED)
        yield REMOVED_PAPER.finding(f"{named} would be removed from the list.")
    renamed = sorted(files.renamed.items())
    for paper_id, path in renamed[:_NAMED]:
        yield RENAMED_PAPER.finding(
            f"{_named(paper_id, collection)} would be renamed to {quote(path)}."
        )
    if len(renamed) > _NAMED:
        yield RENAMED_PAPER.finding(f"{len(renamed) - _NAMED:,} more files would be renamed.")


def _check_key_order(candidate: Candidate, collection: Collection) -> Iterator[Finding]:
    """Check that the lines of a file are in the order of the schema."""
    names = [name for name in candidate.given if name in collection.schema.by_name]
    right = [field.name for field in collection.schema.fields if field.name in names]
    moved = next((name for name, other in zip(names, right, strict=True) if name != other), None)
    if moved is not None:
        order = ", ".join(f"`{name}`" for name in right)
        yield KEY_ORDER.finding(
            f"The lines are not in the order {order}.",
            file=candidate.file,
            line=candidate.given[moved].line,
        )


def missing_review(
    pull: PullRequest,
    suggestions: Sequence[Suggestion],
    known: Sequence[tuple[str, str]],
    words: Words = BUILT_IN,
) -> Write | None:
    """Return the review with the new suggestions, at most one review for each commit.

    Args:
        pull: the pull request.
        suggestions: those for its head.
        known: commit and text of the bot's comments on lines.
        words: the list's templates.
    """
    markers = {suggestion_marker(body) for _, body in known}
    if any(sha == pull.head_sha and suggestion_marker(body) for sha, body in known):
        return None
    new = [suggestion for suggestion in suggestions if suggestion.marker not in markers]
    if not new:
        return None
    body = render_review(len(new), words=words)
    comments = [line_comment(one.path, one.start, one.end, one.body) for one in new]
    return create_review(pull.number, pull.head_sha, body, comments)


def _named(paper_id: str, collection: Collection) -> str:
    identity = collection.identities.by_id.get(paper_id)
    title = f" ({quote(identity.title, 160)})" if identity else ""
    return f"{quote(path_of(paper_id))}{title}"


def _identities(candidate: Candidate, collection: Collection) -> tuple[Identity, ...]:
    return identities_in(Proposal(intent=Intent.ADD, candidates=(candidate,)), collection)


def _judge(report: PaperReport, files: PullFiles, collection: Collection) -> PaperReport:
    stem = report.paper.id
    if report.file in files.added and stem in collection.identities.by_id:
        return _judge_twice(report, collection.papers[stem])
    before = next((old for old, path in files.renamed.items() if path == report.file), None)
    if before is not None and before in collection.identities.by_id and report.before is None:
        return _judge_renamed(report, collection.papers[before])
    return report


def _judge_twice(report: PaperReport, listed: Paper) -> PaperReport:
    """Report a new file whose name was added to the list since: git cannot merge the two."""
    new = _without_stamps(report.paper)
    old = _without_stamps(listed)
    adds = any(not _covers(old.get(name), value) for name, value in new.items())
    message = f"This paper was added to the list in the meantime: {quote(listed.title, 160)}."
    fix = None
    if adds:
        fix = "Update your branch, and change the existing file."
    rule, name = DUPLICATE_TITLE, "title"
    if report.paper.arxiv and report.paper.arxiv == listed.arxiv:
        rule, name = DUPLICATE_BY_KIND[IdentifierKind.ARXIV], "arxiv"
    finding = rule.finding(message, fix=fix, field=name, file=report.file, line=1)
    verdict = Verdict.NEEDS_CHANGES if adds else Verdict.DUPLICATE
    return replace(report, verdict=verdict, before=listed, findings=(finding, *report.findings))


def _judge_renamed(report: PaperReport, listed: Paper) -> PaperReport:
    """Treat a renamed file as the listed paper, not as a new one."""
    verdict = Verdict.UPDATE if report.verdict is Verdict.READY else report.verdict
    same_stamps = (report.paper.added, report.paper.key) == (listed.added, listed.key)
    findings = tuple(
        finding
        for finding in report.findings
        if not (same_stamps and finding.code == ADDED_BY_HAND.code)
    )
    return replace(report, verdict=verdict, before=listed, findings=findings)


def _check_values(report: PaperReport, author: Account, url: str | None) -> Iterator[Finding]:
    """Report the changes to a record that need a maintainer's decision.

    Args:
        report: the review of the record, with its values in canonical form.
        author: who opened the pull request.
        url: what its file says under `url`, which the canonical form may have elsewhere.
    """
    before, new = report.before, paper_values(report.paper)
    old = paper_values(before) if before else {}
    proposer = None if before is None else before.proposed_by
    own = proposer is not None and proposer.casefold() == author.login.casefold()
    if before is not None and report.verdict is Verdict.UPDATE and not own:
        elsewhere = tuple(_led_elsewhere(before, report.paper))
        led_by_file = url not in {None, before.url} and "url" not in elsewhere
        names = (*elsewhere, "url") if led_by_file else elsewhere
        if names:
            yield LINK_OF_ANOTHER.finding(
                f"This changes or removes {_fields(names)} of a paper that somebody else proposed: "
                f"{quote(before.title, 160)}.",
                file=report.file,
            )
    reserved = (*_RESERVED_ALWAYS, *(() if own else _RESERVED))
    names = tuple(name for name in reserved if old.get(name) != new.get(name))
    if names and report.verdict in WRITTEN:
        yield RESERVED_VALUE.finding(
            f"This sets or changes {_fields(names)} of {quote(report.paper.title, 160)}.",
            file=report.file,
        )


def _led_elsewhere(before: Paper, after: Paper) -> Iterator[str]:
    """Yield the fields of a listed paper by which a reader would come to another place.

    Links may be added behind those that are there, which readers are led to first.
    """
    old, new = paper_values(before), paper_values(after)
    address = paper_address(before)
    moved = address is not None and paper_address(after) != address
    for name in (*IDENTIFIER_NAMES, *LINK_LISTS, *sorted(_GUARDED)):
        was, now = old.get(name), new.get(name)
        if was == now:
            continue
        grown = isinstance(was, list) and isinstance(now, list) and now[: len(was)] == was
        free = grown or (was is None and name not in _GUARDED)
        if not free or (moved and name in IDENTIFIER_NAMES):
            yield name


def _fields(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _without_stamps(paper: Paper) -> dict[str, object]:
    return {name: v for name, v in paper_values(paper).items() if name not in STAMPED}


def _covers(whole: object, part: object) -> bool:
    """Tell whether a value says all that another says."""
    if part is None:
        return True
    if isinstance(whole, list) and isinstance(part, list):
        return set(part) <= set(whole)
    return whole == part
