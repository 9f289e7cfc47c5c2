"""Issues and pull requests as they stand on GitHub, and the changes the bot may make to them."""

from dataclasses import dataclass
from datetime import datetime

REPORT_MARKER = "<!-- kdbot:report"
NOTE_MARKER = "<!-- kdbot:note"
FIRST_TIMERS = frozenset({"FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "NONE"})
"""What GitHub calls an author who is new to the repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who did something.

    Attributes:
        login: the login, with `[bot]` where it has one; `ghost` where the account is gone.
        id: numeric user id, the only thing to recognise an account by; 0 for a ghost.
        bot: whether GitHub says that it is no person.
    """

    login: str
    id: int
    bot: bool = False


GHOST = Account(login="ghost", id=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment.

    Attributes:
        id: its number; the lower is the older.
        node: its name in GraphQL.
        author: who wrote it.
        body: Markdown; empty where GitHub has none.
        created: when it was written.
        updated: when it was last changed.
    """

    id: int
    node: str = ""
    author: Account
    body: str
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """The present state of an issue or a pull request.

    Attributes:
        number: its number in the repository.
        url: its page.
        title: as its author wrote it.
        body: Markdown; empty where GitHub has none.
        author: who opened it.
        association: what the author is to the repository, in GitHub's words.
        labels: names of its labels.
        open: whether it is open.
        locked: whether its conversation is closed to the public.
        pull_request: whether it is a pull request.
        updated: when anything about it changed last, where that was read.
        comments: all of its comments, oldest first.
    """

    number: int
    url: str = ""
    title: str
    body: str
    author: Account
    association: str = "NONE"
    labels: frozenset[str] = frozenset()
    open: bool = True
    locked: bool = False
    pull_request: bool = False
    updated: datetime | None = None
    comments: tuple[Comment, ...] = ()

    def own_comments(self, bot_id: int, marker: str = REPORT_MARKER) -> tuple[Comment, ...]:
        """Return the bot's comments whose first line starts with the marker, oldest first.

        Anybody can write a marker; the author's id is what counts.
        """
        return tuple(
            comment
            for comment in self.comments
            if comment.author.id == bot_id and comment.body.startswith(marker)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEvent:
    """One entry of an item's history.

    Attributes:
        kind: GitHub's word, such as `labeled`, `closed` or `reopened`.
        actor: who did it.
        created: when.
        label: name of the label that was set or taken off, or None.
    """

    kind: str
    actor: Account
    created: datetime
    label: str | None = None
