"""Issues and pull requests as they are on GitHub: what a review reads, as values."""

from dataclasses import dataclass, field
from datetime import datetime

from kdbot.publish.comment.notes import REPORT_MARKER

FIRST_TIMERS = frozenset({"FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "NONE"})
"""What GitHub calls an author who is new to the repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who did something.

    Attributes:
        login: the login, with `[bot]` where it has one; `ghost` where the account is gone.
        id: numeric user id, the only thing to recognise an account by; 0 for a ghost.
        bot: whether GitHub says that it is no person.
        created: when the account was opened, where that was read.
    """

    login: str
    id: int
    bot: bool = False
    created: datetime | None = field(default=None, compare=False)


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
class PullRequest:
    """A pull request beyond what an issue has.

    Attributes:
        number: its number.
        head_sha: the commit that it asks to be merged.
        head_branch: the branch that the commit is on, in its author's words.
        head_repository: `owner/name` of that branch's repository, or None where it is gone.
        base: the branch that it is to be merged into.
        changed_files: how many files it changes.
        new_paths: paths that it adds, of its first hundred files, where they were read.
        status: state and description that the bot gave its head, or None.
    """

    number: int
    head_sha: str
    head_branch: str
    head_repository: str | None
    base: str
    changed_files: int
    new_paths: tuple[str, ...] = ()
    status: tuple[str, str] | None = None


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
        created: when it was opened, where that was read.
        updated: when anything about it changed last, where that was read.
        edited: when its text was last edited, or None where it never was.
        editor: who edited it last, or None.
        comments: all of its comments, oldest first.
        history: who set which label, and who closed it, oldest first.
        pull: what a pull request has beyond an issue.
        bot: the bot's user id, by which it knows what it has done itself.
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
    created: datetime | None = None
    updated: datetime | None = None
    edited: datetime | None = None
    editor: Account | None = None
    comments: tuple[Comment, ...] = ()
    history: tuple[HistoryEvent, ...] = ()
    pull: PullRequest | None = None
    bot: int = 0

    @property
    def name(self) -> str:
        """What the log calls it."""
        return f"#{self.number}"

    def own_comments(self, marker: str = REPORT_MARKER) -> tuple[Comment, ...]:
        """Return the bot's comments whose first line starts with the marker, oldest first.

        Anybody can write a marker; the author's id is what counts.
        """
        return tuple(
            comment
            for comment in self.comments
            if comment.author.id == self.bot and comment.body.startswith(marker)
        )

    @property
    def report(self) -> Comment | None:
        """The report of the bot: the oldest of its comments with that marker, or None."""
        return next(iter(self.own_comments()), None)

    @property
    def is_own(self) -> bool:
        """Whether the bot has opened it."""
        return self.author.id == self.bot

    @property
    def was_closed_by_bot(self) -> bool:
        """Whether the bot has ever closed it."""
        return any(e.kind == "closed" and e.actor.id == self.bot for e in self.history)

    def last_event(self, kind: str, label: str | None = None) -> HistoryEvent | None:
        """Return the last entry of a kind, of one label where that is given, or None."""
        events = (e for e in reversed(self.history) if e.kind == kind and e.label == label)
        return next(events, None)

    @property
    def last_closed_by(self) -> Account | None:
        """Who closed it last, or None where nobody did."""
        closed = self.last_event("closed")
        return closed.actor if closed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEdit:
    """One edit of an issue's text.

    Attributes:
        editor: who made it.
        edited: when.
        body: the text that it left, or None where GitHub does not tell.
    """

    editor: Account
    edited: datetime
    body: str | None
