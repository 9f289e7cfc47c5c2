"""Issues and pull requests as they stand on GitHub, and the changes the bot may make to them."""

from dataclasses import dataclass
from datetime import datetime

from kdbot.github.head import PullRequest

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
        editor: who edited it last, or None where nobody did.
    """

    id: int
    node: str = ""
    author: Account
    body: str
    created: datetime
    updated: datetime
    editor: Account | None = None

    @property
    def is_as_written(self) -> bool:
        """Whether nobody but its author has edited it."""
        return self.editor is None or self.editor.id == self.author.id


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEvent:
    """One entry of an item's history.

    Attributes:
        kind: `labeled` or `closed`.
        actor: who did it.
        created: when.
        label: name of the label that was set, or None.
    """

    kind: str
    actor: Account
    created: datetime
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """The present state of an issue or a pull request.

    Attributes:
        number: its number in the repository.
        node: its name in GraphQL.
        url: its page.
        title: as its author wrote it.
        body: Markdown; empty where GitHub has none.
        author: who opened it.
        association: what the author is to the repository, in GitHub's words.
        labels: names of its labels.
        open: whether it is open.
        reason: why an issue was closed or opened again, in GitHub's words, or None.
        locked: whether its conversation is closed to the public.
        pull_request: whether it is a pull request.
        updated: when anything about it changed last, where that was read.
        edited: when its text was last edited, or None where it never was.
        editor: who edited it last, or None.
        comments: all of its comments, oldest first.
        history: who set which label, and who closed it, oldest first.
        pull: what a pull request has beyond an issue.
    """

    number: int
    node: str = ""
    url: str = ""
    title: str
    body: str
    author: Account
    association: str = "NONE"
    labels: frozenset[str] = frozenset()
    open: bool = True
    reason: str | None = None
    locked: bool = False
    pull_request: bool = False
    updated: datetime | None = None
    edited: datetime | None = None
    editor: Account | None = None
    comments: tuple[Comment, ...] = ()
    history: tuple[HistoryEvent, ...] = ()
    pull: PullRequest | None = None

    def own_comments(self, bot_id: int, marker: str = REPORT_MARKER) -> tuple[Comment, ...]:
        """Return the bot's comments whose first line starts with the marker, oldest first.

        Anybody can write a marker; the author's id is what counts.
        """
        return tuple(
            comment
            for comment in self.comments
            if comment.author.id == bot_id and comment.body.startswith(marker)
        )

    def closed_by(self, account: int) -> bool:
        """Tell whether an account has ever closed it."""
        return any(e.kind == "closed" and e.actor.id == account for e in self.history)

    @property
    def last_closed_by(self) -> Account | None:
        """Who closed it last, or None where nobody did."""
        return next((e.actor for e in reversed(self.history) if e.kind == "closed"), None)
