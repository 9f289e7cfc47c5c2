"""Commands in an item's comments: which ones count, and which have been answered. Pure.

Whether somebody may write is asked of GitHub, so it is handed in as a function. The result of
a command is in a note by the bot, which names the command's comment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from kdbot.github.item import Account, Comment, Item
from kdbot.intake.commands import parse_categories, parse_command
from kdbot.model.command import Asker, Command
from kdbot.model.taxonomy import Taxonomy
from kdbot.publish.comment.notes import NOTE_MARKER, has_key

_COOLDOWN = timedelta(seconds=60)

MayWrite: TypeAlias = Callable[[str], bool]
"""Tells by a login whether an account has write permission now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A command that a person gave.

    Attributes:
        command: which one, or None for a word that is none.
        argument: what is written after it.
        comment: where.
    """

    command: Command | None
    argument: str
    comment: Comment

    @property
    def by(self) -> Account:
        """Who gave it."""
        return self.comment.author

    @property
    def moment(self) -> tuple[datetime, int]:
        """When, by GitHub's clock; of one second's comments the later has the higher number."""
        return self.comment.created, self.comment.id

    @property
    def key(self) -> str:
        """What tells it from others, for the notes about it."""
        return f"comment {self.comment.id}"


def read_command(comment: Comment) -> Said | None:
    """Return the command of a comment; one that was edited, or is a bot's, gives none."""
    found = parse_command(comment.body)
    if found is None or comment.editor is not None or comment.author.bot or not comment.author.id:
        return None
    word, argument = found
    command = next((command for command in Command if command.value == word), None)
    return Said(command=command, argument=argument, comment=comment)


def may_give(said: Said, item: Item, may_write: MayWrite) -> bool:
    """Tell whether somebody may give the command on an item."""
    asker = said.command.asker if said.command else Asker.ANYBODY
    if asker is Asker.ANYBODY or (asker is Asker.AUTHOR and said.by.id == item.author.id):
        return True
    return may_write(said.by.login)


def _commands_in(item: Item, *commands: Command) -> tuple[Said, ...]:
    """Return the commands of some kinds in the comments of an item, oldest first."""
    if not any(comment.body.startswith("/") for comment in item.comments):
        return ()
    found = (read_command(comment) for comment in item.comments)
    wanted = (said for said in found if said is not None and said.command in commands)
    return tuple(sorted(wanted, key=lambda said: said.moment))


def _is_answered(item: Item, said: Said) -> bool:
    """Tell whether a note of the bot's says what a command has led to."""
    return any(has_key(note.body, said.key) for note in item.own_comments(NOTE_MARKER))


def open_decisions(item: Item, may_write: MayWrite) -> tuple[Said, ...]:
    """Return the `/accept` and `/decline` commands that have no note yet, oldest first."""
    return tuple(
        said
        for said in _commands_in(item, Command.ACCEPT, Command.DECLINE)
        if not _is_answered(item, said) and may_give(said, item, may_write)
    )


def category_command(item: Item, taxonomy: Taxonomy, may_write: MayWrite) -> Said | None:
    """Return the last `/category` that counts, or None; it names known categories alone."""
    for said in reversed(_commands_in(item, Command.CATEGORY)):
        paths, unknown = parse_categories(said.argument, taxonomy)
        if paths and not unknown and may_give(said, item, may_write):
            return said
    return None


def last_edit(item: Item, may_write: MayWrite) -> datetime | None:
    """Return when the proposal was edited last: its text, or its categories by a command."""
    said = (s for s in _commands_in(item, Command.CATEGORY) if may_give(s, item, may_write))
    times = [said.comment.created for said in said]
    return max([*times, *([item.edited] if item.edited else [])], default=None)


def is_too_soon(item: Item, said: Said, now: datetime) -> bool:
    """Tell whether the same was asked of the item within the cooldown before."""
    earlier = (s for s in _commands_in(item, Command.RECHECK) if s.moment < said.moment)
    return any(now - s.comment.created < _COOLDOWN for s in earlier)
