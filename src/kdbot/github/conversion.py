"""PyGithub's objects as values of ours."""

from typing import Any

from kdbot.github.item import GHOST, Account, Comment, Item


def item_of(issue: Any, comments: tuple[Comment, ...]) -> Item:
    """Return an issue or a pull request."""
    return Item(
        number=issue.number,
        url=issue.html_url,
        title=issue.title or "",
        body=issue.body or "",
        author=account_of(issue.user),
        association=issue.author_association or "NONE",
        labels=frozenset(label.name for label in issue.labels),
        open=issue.state == "open",
        locked=bool(issue.locked),
        updated=issue.updated_at,
        # A listed issue without the key `pull_request` would be fetched for it, one call each.
        pull_request="/pull/" in issue.html_url,
        comments=comments,
    )


def comment_of(comment: Any) -> Comment:
    """Return a comment."""
    return Comment(
        id=comment.id,
        node=comment.node_id,
        author=account_of(comment.user),
        body=comment.body or "",
        created=comment.created_at,
        updated=comment.updated_at,
    )


def account_of(user: Any) -> Account:
    """Return an account; one that is gone is a ghost."""
    return GHOST if user is None else Account(login=user.login, id=user.id, bot=user.type == "Bot")


def label_name_of(event: Any) -> str | None:
    """Return the label that an event of an item's history is about, or None."""
    return event.label.name if event.event in {"labeled", "unlabeled"} else None
