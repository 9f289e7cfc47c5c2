"""Short new comments for what people must get a notice of; an edited comment gives none."""

from collections.abc import Sequence

from kdbot.model.paper import Paper
from kdbot.model.report import PaperReport, Report, Verdict
from kdbot.publish.comment_context import CommentContext
from kdbot.publish.comment_paper import render_listed, title_link, title_text
from kdbot.publish.markdown import escape_message

_READY = frozenset({Verdict.READY, Verdict.UPDATE})


def render_accepted(report: Report, *, digest: str, commit: str) -> str:
    """Return the thanks for papers that have been added, with those that have not.

    Args:
        report: the proposal as it was accepted.
        digest: of what was accepted; it is thanked for once.
        commit: address of the commit or pull request that holds the papers.
    """
    added = [paper.paper for paper in report.papers if paper.verdict in _READY]
    left = [paper for paper in report.papers if paper.verdict not in _READY]
    updates = {paper.verdict for paper in report.papers if paper.verdict in _READY}
    done = "Updated" if updates == {Verdict.UPDATE} else "Added"
    text = f"**{done}** ✅ — {_names(added)}, by [this change]({commit}). Thank you."
    if left:
        waiting = "\n".join(f"- {title_text(paper.paper)}" for paper in left)
        text += (
            "\n\nNot part of it, since they were not ready; a new issue for them is welcome:"
            f"\n\n{waiting}"
        )
    return _note(f"accepted sha256={digest}", text)


def render_waiting(pull_request: str) -> str:
    """Return that an accepted proposal waits in a pull request, whose address is given."""
    return _note(
        "waiting",
        f"**Accepted** ✅ — the branch is protected, so the change waits in [this pull request]"
        f"({pull_request}). Merging it adds the paper and closes this issue.",
    )


def render_duplicate_note(paper: PaperReport, *, context: CommentContext) -> str:
    """Return why a duplicate is closed, what it is a double of, and how to disagree."""
    known = "Already proposed" if paper.file in context.earlier else "Already listed"
    return _note(
        "duplicate",
        f"**{known}** ↪️ — {render_listed(paper, context)} I close this issue for that reason. "
        "If it is a different paper, or says something new, reopen the issue and say so; "
        "I will not close it again.",
    )


def render_acceptance_reset(digest: str, reason: str) -> str:
    """Return that `accepted` does not count any more.

    Args:
        digest: of the proposal as it is now; a later change is told anew.
        reason: a finding-like sentence, values between backticks.
    """
    return _note(
        f"acceptance-reset sha256={digest}",
        f"**Acceptance reset** — {escape_message(reason)} A maintainer needs to look at it again "
        "and set the label anew.",
    )


def _names(papers: Sequence[Paper]) -> str:
    return "; ".join(title_link(paper) for paper in papers)


def _note(name: str, text: str) -> str:
    return f"<!-- kdbot:note {name} -->\n{text}"
