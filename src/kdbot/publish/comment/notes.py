"""Short new comments for what people must get a notice of; an edited comment gives none."""

import hashlib
from collections.abc import Sequence

from kdbot.model.paper import Paper
from kdbot.model.report import PaperReport
from kdbot.publish.comment.context import CommentContext
from kdbot.publish.comment.findings import message_text
from kdbot.publish.comment.paper import render_listed, title_link, title_text
from kdbot.publish.comment.render import COMMENT_LIMIT
from kdbot.publish.comment.sections import fit_items, list_items

ACCEPTED_NOTE = "<!-- kdbot:note accepted"
"""How the note starts that says what was added."""
WAITING_NOTE = "<!-- kdbot:note waiting"
"""How the note starts that says that an accepted proposal waits in a pull request."""

_ROOM = COMMENT_LIMIT // 4
"""Characters of each of the three lists that a note of thanks may hold."""


def render_accepted(
    added: Sequence[Paper],
    updated: Sequence[Paper],
    left: Sequence[Paper],
    *,
    key: str,
    commit: str,
) -> str:
    """Return the thanks for what a commit holds, with what it does not.

    Args:
        added: papers that it brought.
        updated: papers that were listed before.
        left: papers of the proposal that it does not hold.
        key: what tells this acceptance from others; each is thanked for once.
        commit: address of the commit or of the merged pull request.
    """
    parts = [
        f"**{word}** ✅ — {_names(papers)}"
        for word, papers in (("Added", added), ("Updated", updated))
        if papers
    ]
    text = f"{'. '.join(parts)}, by [this change]({commit}). Thank you."
    if left:
        waiting = list_items([f"- {title_text(paper)}" for paper in left], _ROOM)
        text += (
            "\n\nNot part of it, since they were not ready; a new issue for them is welcome:"
            f"\n\n{waiting}"
        )
    return render_note("accepted", text, key)


def render_waiting(pull_request: str) -> str:
    """Return that an accepted proposal waits in a pull request, whose address is given."""
    return render_note(
        "waiting",
        f"**Accepted** ✅ — the branch is protected, so the change waits in [this pull request]"
        f"({pull_request}). Merging it adds the paper and closes this issue.",
        pull_request,
    )


def render_pushed_instead(commit: str) -> str:
    """Return why a pull request of the bot's own is closed: its change is on the branch."""
    return render_note(
        "pushed",
        f"The branch takes pushes again, so this change is in it already, by [this commit]"
        f"({commit}).",
    )


def render_duplicate_note(paper: PaperReport, *, context: CommentContext) -> str:
    """Return why a duplicate is closed, what it is a double of, and how to disagree."""
    known = "Already proposed" if paper.file in context.earlier else "Already listed"
    return render_note(
        "duplicate",
        f"**{known}** ↪️ — {render_listed(paper, context)} I close this issue for that reason. "
        "If it is a different paper, or says something new, reopen the issue and say so; "
        "I will not close it again.",
    )


def render_acceptance_reset(label: str, reason: str) -> str:
    """Return that `accepted` does not count.

    Args:
        label: what tells this setting of the label from others; each is told once.
        reason: a finding-like sentence, values between backticks.
    """
    return render_note(
        "acceptance-reset",
        f"**Acceptance reset** — {message_text(reason)} A maintainer needs to look at it again "
        "and set the label again.",
        label,
    )


def _names(papers: Sequence[Paper]) -> str:
    shown = fit_items([f"{title_link(paper)};" for paper in papers], _ROOM)
    more = len(papers) - len(shown)
    if not shown:
        return f"{more:,} papers"
    return f"{' '.join(shown)} and {more:,} more" if more else " ".join(shown).removesuffix(";")


def render_note(name: str, text: str, key: str | None = None) -> str:
    """Return a note that people get a notice of; its first line is what it is known by.

    Args:
        name: what it is about, in lower case with hyphens.
        text: Markdown that is safe already.
        key: what tells it from other notes about the same; each is told once.
    """
    told = "" if key is None else f" sha256={hashlib.sha256(key.encode('utf-8')).hexdigest()}"
    return f"<!-- kdbot:note {name}{told} -->\n{text}"
