"""Whether the label `accepted` counts: who set it, when, and what they had seen.

The label stands for exactly the proposal that the bot's comment showed a minute before or longer:
an author who edits while a maintainer clicks loses that race.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from kdbot.github.item import REPORT_MARKER, Account, Comment, HistoryEvent, Item
from kdbot.github.labels import ACCEPTED

SEEN_FOR = timedelta(seconds=60)

_MARKER = re.compile(rf"{re.escape(REPORT_MARKER)} sha256=([0-9a-f]{{64}}) -->")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """The label as it was set last.

    Attributes:
        by: who set it.
        comment: the bot's comment that they had before them.
        digest: of the proposal in that comment.
    """

    by: Account
    comment: Comment
    digest: str


def find_acceptance(
    item: Item, history: Sequence[HistoryEvent], bot_id: int
) -> Acceptance | str | None:
    """Return the acceptance of a proposal, or why the label does not count.

    Whether the person may write is asked of GitHub, later.

    Args:
        item: with its comments.
        history: what happened to it, oldest first.
        bot_id: the bot's user id.

    Returns:
        The acceptance; a sentence for people; or None where the item does not bear the label.
    """
    if ACCEPTED not in item.labels:
        return None
    events = [e for e in history if e.kind == "labeled" and e.label == ACCEPTED]
    if not events:
        return "I cannot see who set the label `accepted`."
    event = events[-1]
    if event.actor.bot:
        return "The label `accepted` was set by a bot; it is a person's word."
    if event.actor.id == item.author.id:
        return "The label `accepted` was set by the proposal's own author."
    comments = item.own_comments(bot_id)
    digest = digest_of(comments[0]) if comments else None
    if digest is None:
        return "The label `accepted` was set before I had reviewed the proposal."
    if event.created - comments[0].updated < SEEN_FOR:
        return (
            "The label `accepted` was set within a minute of my last review, so it may mean an "
            "earlier version."
        )
    return Acceptance(by=event.actor, comment=comments[0], digest=digest)


def digest_of(comment: Comment) -> str | None:
    """Return the digest of the proposal that a comment of the bot's was written for."""
    marker = _MARKER.match(comment.body)
    return marker.group(1) if marker else None
