"""What a person wishes for a list that is about to start, as flags or as answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from kdbot.intake.lists.headings import heading_title
from kdbot.intake.lists.kept_prose import read_prose
from kdbot.model.errors import KdbotError
from kdbot.publish.markdown import escape_text, visible_text
from kdbot.publish.new_list import NO_BOT, NewList
from kdbot.storage.installation import installed_commit

Ask: TypeAlias = Callable[[str], str]
"""Puts a question to the person at the terminal."""

_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
_BOT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+@[0-9a-f]{40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person says about the list; what is left open is asked for, or found out.

    Attributes:
        source: README of the list as it is now, or None.
        title: name of the list.
        repository: `owner/name` on GitHub; an empty text for none.
        categories: titles, those of a path with ` > ` between; without a source alone.
        bot: the kdbot to pin, as `OWNER/NAME@COMMIT`.
    """

    source: Path | None = None
    title: str | None = None
    repository: str | None = None
    categories: tuple[str, ...] = ()
    bot: str | None = None


def start_of(wishes: Wishes, readme: str, ask: Ask | None) -> NewList:
    """Return what is known of the list before its papers are.

    Args:
        wishes: what the call says.
        readme: the list as it is now, empty where there is none.
        ask: puts a question to the person at the terminal; None where nobody is there.

    Raises:
        KdbotError: the list has no title, or a wish has not the form that it needs.
    """
    heading = read_prose(readme, ()).heading
    title = wishes.title or (_plain(heading) if heading else "")
    title = title or _answer(ask, "Title of the list: ", "the list has no title", "--title TITLE")
    repository = wishes.repository
    if repository is None and ask is not None:
        repository = ask("Repository on GitHub, as owner/name (empty if none yet): ").strip()
    if repository and not _REPOSITORY.fullmatch(repository):
        raise KdbotError(f"`{repository}` is no repository", fix="write --repository OWNER/NAME")
    bot = wishes.bot or installed_commit() or NO_BOT
    if not _BOT.fullmatch(bot):
        raise KdbotError(f"`{bot}` is no commit of kdbot", fix="write --bot OWNER/NAME@COMMIT")
    return NewList(
        title=" ".join(title.split()),
        heading=escape_text(" ".join(title.split())),
        repository=repository or None,
        head="",
        tail="",
        bot=bot,
        version=version("kdbot"),
    )


def _answer(ask: Ask | None, question: str, missing: str, flag: str) -> str:
    answer = ask(question).strip() if ask is not None else ""
    if not answer:
        raise KdbotError(missing, fix=f"write {flag}")
    return answer


def _plain(heading: str) -> str:
    return visible_text(heading_title(heading))
