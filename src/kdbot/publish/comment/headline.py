"""The words of a comment that say the verdict, and what happens next."""

from kdbot.model.collection import BROKEN_FILE_CODE
from kdbot.model.paper import Paper
from kdbot.model.report import WRITTEN, PaperReport, Report, Verdict
from kdbot.publish.comment.context import CommentContext, ItemKind
from kdbot.publish.comment.findings import is_fix
from kdbot.publish.comment.paper import facts, is_row, render_listed, title_link, title_text
from kdbot.publish.markdown import escape_code

_ICONS = {
    Verdict.NEEDS_CHANGES: "⚠️",
    Verdict.COULD_NOT_CHECK: "⏳",
    Verdict.DUPLICATE: "↪️",
    Verdict.UPDATE: "✅",
    Verdict.READY: "✅",
}
_READY_WORDS = (
    "A maintainer checks that this is the right paper and adds it; nothing more is needed from you."
)
_TEXT_WORDS = (
    "This changes words of the README that are written by hand, and I found nothing to mend. A "
    "maintainer reads them; nothing more is needed from you."
)
_CHANGES = {
    ItemKind.ISSUE: "ready, changes a listed paper",
    # Whether it is ready is not the paper's matter alone: the link may be another's.
    ItemKind.PULL: "changes a listed paper",
}
_READY_AMONG_OTHERS = {
    ItemKind.ISSUE: (
        "The papers that are ready can be accepted as they stand; the others wait for you."
    ),
    ItemKind.PULL: (
        "A pull request is merged as a whole, so the papers that are ready wait for the others."
    ),
}
_READY_AMONG_KNOWN = {
    ItemKind.ISSUE: "A maintainer can accept the papers that are ready.",
    ItemKind.PULL: "Take their files out of the pull request, and a maintainer can merge the rest.",
}
_UPDATE_WORDS = "A maintainer looks at the change and makes it; nothing more is needed from you."


def render_headline(report: Report, context: CommentContext) -> str:
    """Return the first paragraph: the verdict in words, then what to do about it."""
    if context.needs_maintainer:
        read = " I have read the papers in it all the same." if report.papers else ""
        return (
            "**Needs a maintainer** 👀 — this pull request does more than add or complete papers, "
            f"so a person has to look at it.{read}"
        )
    papers = report.papers
    if len(papers) > 1:
        return _headline_of_many(report, context)
    state, words = _state(report, context)
    return f"**{state}** {_ICONS[report.verdict]} — {words}"


def render_paper_verdict(
    index: int, report: Report, context: CommentContext, *, brief: bool = False
) -> str:
    """Return the line above one of several papers: which it is, and its verdict.

    In brief, the paper is named by its file alone.
    """
    paper = report.papers[index]
    words = {
        Verdict.NEEDS_CHANGES: _needs_in_line(_fix_count(paper)),
        Verdict.COULD_NOT_CHECK: "could not be checked",
        Verdict.DUPLICATE: _already(paper, context).lower(),
        Verdict.UPDATE: _CHANGES[context.kind],
        Verdict.READY: "ready",
        Verdict.NOT_A_PROPOSAL: "nothing to do",
    }[paper.verdict]
    number = f"Paper {index + 1} of {len(report.papers)}"
    if brief:
        return f"**{number}: {words}** — {escape_code(paper.file)}"
    which = title_link(paper.paper)
    if paper.verdict is Verdict.DUPLICATE:
        which = render_listed(paper, context)
    elif paper.verdict in WRITTEN:
        which += facts(paper.paper, context)
    file = ""
    if context.kind is ItemKind.PULL and not is_row(paper):
        file = f" ({context.head_link(paper.file)})"
    return f"**{number}{file}: {words}** — {which}"


def render_next_step(report: Report, context: CommentContext) -> str:
    """Return what happens next, where the headline has not said it."""
    if context.needs_maintainer:
        return ""
    verdicts = [paper.verdict for paper in report.papers]
    if report.verdict is Verdict.NEEDS_CHANGES:
        one = len(verdicts) == 1
        everything = [*report.findings, *(f for paper in report.papers for f in paper.findings)]
        if WRITTEN.intersection(verdicts) and not (one and context.kind is ItemKind.PULL):
            return _READY_AMONG_OTHERS[context.kind]
        fine = "Everything else is fine. " if all(map(is_fix, everything)) and one else ""
        return f"{fine}After that a maintainer decides, and nothing more is needed from you."
    if report.verdict is Verdict.DUPLICATE and len(set(verdicts)) == 1:
        return _after_duplicate(context)
    return ""


def _state(report: Report, context: CommentContext) -> tuple[str, str]:
    paper = report.papers[0] if report.papers else None
    if paper is None and report.verdict is Verdict.READY:
        return "Ready for review", f"thank you. {_TEXT_WORDS}"
    if report.verdict is Verdict.NEEDS_CHANGES or paper is None:
        count = sum(map(is_fix, report.findings)) + (_fix_count(paper) if paper else 0)
        subject = f"proposing {title_text(paper.paper)}" if paper else "your proposal"
        return _needs(count), f"thank you for {subject}. {_how_to_mend(context)}"
    if report.verdict is Verdict.READY:
        words = f"thank you for {title_link(paper.paper)}{facts(paper.paper, context)}. "
        return "Ready for review", words + _READY_WORDS
    if report.verdict is Verdict.UPDATE:
        words = f"thank you. This changes what the list says about {title_link(_listed(paper))}. "
        return "Ready for review", words + _UPDATE_WORDS
    if report.verdict is Verdict.DUPLICATE:
        return _already(paper, context), "thank you all the same. Here is where it stands."
    return "Could not check", _on_my_side(f"{title_text(paper.paper)} stays as it was", report)


def _headline_of_many(report: Report, context: CommentContext) -> str:
    total = len(report.papers)
    found = [paper.verdict for paper in report.papers]
    count = found.count(report.verdict)
    which = f"{count} of {total} papers" if count < total else f"{total} papers"
    if report.verdict is Verdict.NEEDS_CHANGES:
        fixes = sum(map(_fix_count, report.papers)) + sum(map(is_fix, report.findings))
        verb = "needs" if count == 1 else "need"
        state = f"{which} {verb} changes" if count else _needs(fixes)
        words = f"thank you for your proposal. {_how_to_mend(context)}"
    elif report.verdict is Verdict.COULD_NOT_CHECK:
        state = f"Could not check {which}"
        words = _on_my_side("your proposal stays as it was", report)
    elif report.verdict is Verdict.DUPLICATE:
        state = f"{which} {'is' if count == 1 else 'are'} already known"
        words = "thank you all the same. Here is where each of them stands."
        if WRITTEN.intersection(found):
            words += f" {_READY_AMONG_KNOWN[context.kind]}"
    else:
        state = f"{total} papers ready for review"
        words = (
            "thank you. A maintainer checks that these are the right papers and takes them from "
            "here; nothing more is needed from you."
        )
    return f"**{state}** {_ICONS[report.verdict]} — {words}"


def _listed(paper: PaperReport) -> Paper:
    return paper.before or paper.paper


def _needs(count: int) -> str:
    return "Needs 1 change" if count == 1 else f"Needs {count} changes"


def _needs_in_line(count: int) -> str:
    # A paper that has no fault of its own waits for what is asked of the proposal.
    return _needs(count).lower() if count else "waits for the change above"


def _fix_count(paper: PaperReport) -> int:
    return sum(map(is_fix, paper.findings))


def _already(paper: PaperReport, context: CommentContext) -> str:
    return "Already proposed" if paper.file in context.earlier else "Already listed"


def _how_to_mend(context: CommentContext) -> str:
    if context.kind is ItemKind.PULL:
        return "Push the change to this branch and I will look again."
    git = "; no git is needed" if context.first_timer else ""
    return f"Edit your issue (⋯ → Edit) and I will look again within a minute or two{git}."


def _on_my_side(unchanged: str, report: Report) -> str:
    codes = {finding.code for paper in report.papers for finding in paper.findings}
    cause = "a service that I ask did not answer"
    if BROKEN_FILE_CODE in codes:
        cause = "a file of the list is broken"
    return (
        f"this is on my side: {cause}. {unchanged}. I will try again tonight; you do not need to "
        "do anything."
    )


def _after_duplicate(context: CommentContext) -> str:
    if context.kind is ItemKind.PULL:
        return (
            "If yours is a different paper, or says something that the list does not say yet, "
            "tell us here and a maintainer looks at it."
        )
    closing = "So I have closed this issue. " if context.closes else ""
    reopen = "reopen the issue and say so; I will not close it again" if context.closes else (
        "say so here, and a maintainer looks at it"
    )  # fmt: skip
    return (
        f"{closing}If yours is a different paper, or says something that the list does not say yet "
        f"(a code link, a venue, one more category), {reopen}."
    )
