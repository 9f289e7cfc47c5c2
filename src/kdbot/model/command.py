"""The commands of comments: the one table of what each does, and of who may give it."""

from enum import Enum
from typing import Self


class Asker(Enum):
    """Who may give a command, in words."""

    ANYBODY = "everybody"
    AUTHOR = "the author of the proposal, and people with write permission"
    WRITER = "people with write permission"


class Command(Enum):
    """A command: the first word of a comment's first line.

    Attributes:
        usages: how it is written, each with its arguments.
        asker: who may give it.
        does: what it does, one sentence.
    """

    usages: tuple[str, ...]
    asker: Asker
    does: str

    def __new__(cls, word: str, arguments: tuple[str, ...], asker: Asker, does: str) -> Self:
        """Make a command of its row."""
        command = object.__new__(cls)
        command._value_ = word
        command.usages = tuple(f"{word} {shown}".rstrip() for shown in arguments)
        command.asker, command.does = asker, does
        return command

    RECHECK = "/recheck", ("",), Asker.ANYBODY, "Checks the proposal again."
    CATEGORY = (
        "/category",
        ("NAME, NAME",),
        Asker.AUTHOR,
        "Sets the categories of the proposed paper, whatever the proposal says.",
    )
    ACCEPT = (
        "/accept",
        ("", "NAME, NAME"),
        Asker.WRITER,
        (
            "Adds what my comment shows to the list, in the categories that you name. "
            "On a pull request, merging does that."
        ),
    )
    DECLINE = (
        "/decline",
        ("REASON",),
        Asker.WRITER,
        (
            "Closes the proposal with the reason. Later proposals of the same paper show it. "
            "You can name a criterion of `kdbot.toml`, such as `/decline scope`; "
            "`/decline spam` is not remembered."
        ),
    )
    HELP = "/help", ("",), Asker.ANYBODY, "Lists these commands."
