"""The commands of `kdbot` with their arguments: what the parser is made of, and the reference."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument of a command.

    Attributes:
        name: `--option`, or the name of a positional argument.
        says: what it does, in a few words without a full stop.
        metavar: stands for its value; empty for an option that is there or not.
        read: makes the value of the text.
        default: the value where it is not given.
        choices: the only texts that it takes; none for any.
        many: whether it may be given any number of times, none included.
        required: whether a positional argument must be there.
    """

    name: str
    says: str
    metavar: str = ""
    read: Callable[[str], Any] = str
    default: Any = None
    choices: tuple[str, ...] = ()
    many: bool = False
    required: bool = True

    @property
    def is_option(self) -> bool:
        """Whether it is known by its name and not by its place."""
        return self.name.startswith("--")

    @property
    def is_flag(self) -> bool:
        """Whether it has no value: it is there or not."""
        return self.is_option and not self.metavar and not self.choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command.

    Attributes:
        name: first word of the call.
        says: what it does, in a few words without a full stop.
        arguments: in the order of the help.
    """

    name: str
    says: str
    arguments: tuple[Argument, ...] = ()


def _formats(*choices: str) -> Argument:
    return Argument(name="--format", says="form of the output", choices=choices, default=choices[0])


def _files(says: str) -> Argument:
    return Argument(name="files", says=says, metavar="FILE", read=Path, many=True)


_REPOSITORY = Argument(
    name="--repository",
    says="where the list is on GitHub (default: as kdbot.toml or GitHub Actions say)",
    metavar="OWNER/NAME",
)
_DRY_RUN = Argument(name="--dry-run", says="say what would be written, and write nothing")

ROOT = Argument(
    name="--root", says="the list (default: the one around this folder)", metavar="DIR", read=Path
)
"""The argument that stands before the command."""

COMMANDS = (
    Command(
        name="validate",
        says="check all papers, or the given files against all",
        arguments=(_files("paper files; default: all"), _formats("text", "json", "github")),
    ),
    Command(
        name="build",
        says="regenerate every derived file",
        arguments=(Argument(name="--check", says="write nothing; show what is stale and exit 1"),),
    ),
    Command(
        name="propose",
        says="answer an issue's text as the bot would",
        arguments=(
            Argument(
                name="file", says="the text, in Markdown; - for standard input", metavar="FILE"
            ),
            Argument(name="--title", says="the issue's title", metavar="T", default=""),
            Argument(name="--diff", says="the text is a diff of a README"),
            _formats("comment", "json", "yaml"),
            Argument(name="--online", says="ask the metadata services too"),
            Argument(name="--write", says="save the files of what is ready"),
        ),
    ),
    Command(
        name="identify",
        says="name the identifier in each line",
        arguments=(
            Argument(name="texts", says="default: standard input", metavar="TEXT", many=True),
        ),
    ),
    Command(
        name="links",
        says="check the links of the list, of paper files or of a plain list",
        arguments=(
            _files("paper files; default: all"),
            _formats("text", "json", "markdown"),
            Argument(name="--urls", says="a URL a line; - for standard input", metavar="FILE"),
            Argument(
                name="--timeout",
                says="seconds for one attempt",
                metavar="S",
                read=float,
                default=15.0,
            ),
            Argument(
                name="--concurrency",
                says="addresses looked at side by side",
                metavar="N",
                read=int,
                default=128,
            ),
            Argument(name="--cache", says="what earlier runs found", metavar="FILE", read=Path),
            Argument(
                name="--cache-age",
                says="seconds for which that counts",
                metavar="S",
                read=float,
                default=86_400.0,
            ),
            Argument(name="--shard", says="look at one part of N alone", metavar="I/N"),
            Argument(
                name="--allow-address",
                says="look at addresses of a network that is not public",
                metavar="CIDR",
                many=True,
            ),
            Argument(name="--without-arxiv", says="leave its pages to who asks its metadata"),
        ),
    ),
    Command(
        name="enrich",
        says="fill the records from metadata services, list what differs",
        arguments=(
            _files("paper files; default: all"),
            Argument(name="--check", says="write nothing; exit 1 if it would"),
        ),
    ),
    Command(
        name="import",
        says="turn an existing list's Markdown into paper files",
        arguments=(
            Argument(name="source", says="the list", metavar="README.md", read=Path),
            Argument(
                name="--out",
                says="folder that gets papers/ and schema/",
                metavar="DIR",
                read=Path,
                default=Path(),
            ),
            Argument(name="--decisions", says="what a person decided", metavar="FILE", read=Path),
            _formats("text", "json"),
        ),
    ),
    Command(
        name="init",
        says="start another list",
        arguments=(
            Argument(
                name="folder", says="where it shall live; it may exist", metavar="DIR", read=Path
            ),
            Argument(
                name="--from",
                says="README of the list as it is now; its papers and its prose are taken over",
                metavar="README.md",
                read=Path,
            ),
            Argument(
                name="--title",
                says="name of the list (default: heading of the README)",
                metavar="T",
            ),
            Argument(name="--repository", says="where it is on GitHub", metavar="OWNER/NAME"),
            Argument(
                name="--category",
                says="a category, as `Above > Below` where it stands below another",
                metavar="TITLE",
                many=True,
            ),
            Argument(
                name="--branch",
                says="the branch it is published from (default: that of the folder's git, or main)",
                metavar="B",
            ),
            Argument(
                name="--bot",
                says="the kdbot that its workflows run (default: the commit that this one is of)",
                metavar="OWNER/NAME@COMMIT",
            ),
            Argument(
                name="--update",
                says="renew the workflows of the list that is there, and show the difference",
            ),
        ),
    ),
    Command(
        name="act",
        says="do what the event of this GitHub Actions run asks for",
        arguments=(_DRY_RUN,),
    ),
    Command(
        name="sweep",
        says="review every open proposal again, complete the accepted ones",
        arguments=(_DRY_RUN,),
    ),
    Command(
        name="weekly",
        says="audit the list, commit what was found and put it in one issue",
        arguments=(
            Argument(
                name="--links",
                says="what `links --format json` found, a file or a folder of them; "
                "default: ask now",
                metavar="PATH",
                read=Path,
                many=True,
            ),
            _DRY_RUN,
        ),
    ),
    Command(
        name="setup",
        says="set the repository up: labels, Actions policy, permissions, Pages",
        arguments=(_REPOSITORY, _DRY_RUN),
    ),
    Command(
        name="doctor",
        says="say what is wrong with the repository, and what to do about it",
        arguments=(
            _formats("text", "json"),
            _REPOSITORY,
            Argument(name="--issue", says="keep what is wrong in one issue, which closes itself"),
        ),
    ),
)
