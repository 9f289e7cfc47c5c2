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
from kdbot.publish.new_list import NewList
from kdbot.storage.installation import installed_kdbot

Ask: TypeAlias = Callable[[str], str]
"""Puts a question to the person at the terminal."""

_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
_BOT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+@[0-9a-f]{40}")
_BRANCH = re.compile(r"(?!-)[^\s~^:?*\[\\]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person says about the list; what is left open is asked for, or found out.

    Attributes:
        source: README of the list as it is now, or None.
        title: name of the list.
        repository: `owner/name` on GitHub; an empty text for none.
        categories: titles, those of a path with ` > ` between; without a source alone.
        branch: the branch that it is published from; None for the one that git knows.
        bot: the kdbot to pin, as `OWNER/NAME@COMMIT`.
    """

    source: Path | None = None
    title: str | None = None
    repository: str | None = None
    categories: tuple[str, ...] = ()
    branch: str | None = None
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
    if wishes.branch and not _BRANCH.fullmatch(wishes.branch):
        raise KdbotError(f"`{wishes.branch}` is no branch", fix="write --branch BRANCH")
    bot, release = pin_of(wishes.bot)
    return NewList(
        title=" ".join(title.split()),
        heading=escape_text(" ".join(title.split())),
        repository=repository or None,
        head="",
        tail="",
        branch=wishes.branch,
        bot=bot,
        release=release,
    )


def pin_of(bot: str | None) -> tuple[str, str]:
    """Return the kdbot that a list's workflows run, as `OWNER/NAME@COMMIT`, and its version.

    Args:
        bot: what the call says, or None for the kdbot that is running.

    Raises:
        KdbotError: it is no commit, or nobody knows which one is running.
    """
    own = f"v{version('kdbot')}"
    if bot is None:
        found = installed_kdbot()
        if found is None:
            raise KdbotError(
                "this kdbot does not know which commit it is, and a list pins one",
                fix="run it with `uvx --from git+https://github.com/OWNER/kdbot@TAG kdbot`, or "
                "write --bot OWNER/kdbot@COMMIT with the commit of a release, which "
                "`git ls-remote --tags https://github.com/OWNER/kdbot` shows",
            )
        return found.commit, found.tag or own
    if not _BOT.fullmatch(bot):
        raise KdbotError(f"`{bot}` is no commit of kdbot", fix="write --bot OWNER/NAME@COMMIT")
    return bot, own


def _answer(ask: Ask | None, question: str, missing: str, flag: str) -> str:
    answer = ask(question).strip() if ask is not None else ""
    if not answer:
        raise KdbotError(missing, fix=f"write {flag}")
    return answer


def _plain(heading: str) -> str:
    return visible_text(heading_title(heading))
