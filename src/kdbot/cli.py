"""The command line: arguments in, exit status out; it wires and decides nothing.

Every flow is imported where it is called, so that a command pays only for what it uses.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kdbot.flows.output import discard, prepare_streams, say_failure
from kdbot.model.command_line import COMMANDS, ROOT, Argument
from kdbot.model.errors import KdbotError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0: nothing wrong; 1: there are findings of severity error, or something is stale; 2: the call,
    the configuration or the machine is wrong. A fault of the world is one line; a bug keeps its
    traceback.
    """
    prepare_streams()
    if sys.stdout is None:
        say_failure("standard output is closed")
        return 2
    try:
        try:
            options = make_parser().parse_args(arguments)
            command: Callable[[argparse.Namespace], int] = options.command
            return command(options)
        finally:
            # What stays in the buffer would fail when nobody is there any more to say so.
            sys.stdout.flush()
    except KdbotError as error:
        say_failure(str(error))
        return error.exit_status
    except BrokenPipeError:
        # The reader of a pipe has gone; nothing is left to say.
        discard(sys.stdout)
        return 0
    except OSError as error:
        discard(sys.stdout)
        say_failure(": ".join(str(p) for p in (error.filename, error.strerror or error) if p))
        return 2
    except KeyboardInterrupt:
        say_failure("interrupted")
        return 130


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="kdbot", description="Keep a curated list of papers.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"kdbot {version('kdbot')}")
    _add_argument(parser, ROOT)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        added = commands.add_parser(
            command.name, help=command.says, description=command.says, allow_abbrev=False
        )
        added.set_defaults(command=_RUN[command.name])
        for argument in command.arguments:
            _add_argument(added, argument)
    return parser


def _add_argument(parser: argparse.ArgumentParser, argument: Argument) -> None:
    if argument.is_flag:
        parser.add_argument(argument.name, action="store_true", help=argument.says)
        return
    more: dict[str, Any] = {"help": argument.says, "default": argument.default}
    read = _text if argument.read is str else argument.read
    more |= {"choices": argument.choices} if argument.choices else {"type": read}
    if argument.metavar:
        more["metavar"] = argument.metavar
    if argument.many:
        more |= {"action": "append"} if argument.is_option else {"nargs": "*"}
    parser.add_argument(argument.name, **more)


def _text(argument: str) -> str:
    # The locale says how Python reads a call; texts of kdbot are UTF-8 whatever it says.
    return os.fsencode(argument).decode("utf-8", "replace")


def _root(options: argparse.Namespace) -> Path:
    from kdbot.storage.files import find_root

    return options.root.resolve() if options.root else find_root(Path.cwd())


def _validate(options: argparse.Namespace) -> int:
    from kdbot.flows.list.validate import validate

    return validate(_root(options), options.files, options.format, os.environ)


def _build(options: argparse.Namespace) -> int:
    from kdbot.flows.list.build import build

    return build(_root(options), check=options.check, environment=os.environ)


def _propose(options: argparse.Namespace) -> int:
    from kdbot.flows.list.propose import propose

    return propose(
        _root(options),
        _input(options.file),
        title=options.title,
        diff=options.diff,
        form=options.format,
        write=options.write,
        online=options.online,
        environment=os.environ,
    )


def _identify(options: argparse.Namespace) -> int:
    from kdbot.flows.list.identify import identify

    for answer in identify(options.texts or _standard_input()):
        print(answer)
    return 0


def _links(options: argparse.Namespace) -> int:
    from kdbot.flows.list import links
    from kdbot.flows.list.link_sources import load_expected_seconds, load_links, parse_listed_urls
    from kdbot.storage.repository import load_settings

    settings = None
    expected: dict[str, float] = {}
    if options.urls:
        urls = parse_listed_urls(_input(options.urls))
    else:
        root = _root(options)
        urls = load_links(root, options.files)
        settings = load_settings(root, os.environ)
        expected = load_expected_seconds(root)
    return links.run(
        urls,
        form=options.format,
        timeout=options.timeout,
        concurrency=options.concurrency,
        cache=options.cache,
        cache_age=options.cache_age,
        shard=options.shard,
        allow_address=options.allow_address or (),
        repository=settings.repository if settings else os.environ.get("GITHUB_REPOSITORY"),
        services=settings.services if settings else None,
        expected=expected,
        judge_arxiv=(lambda _papers: ()) if options.without_arxiv else None,
    )


def _enrich(options: argparse.Namespace) -> int:
    from kdbot.flows.list.enrich import enrich

    return enrich(_root(options), options.files, check=options.check, environment=os.environ)


def _import(options: argparse.Namespace) -> int:
    from kdbot.flows.list import importing

    return importing.run(options.source, options.out, options.decisions, options.format)


def _init(options: argparse.Namespace) -> int:
    from kdbot.flows.list.initialize import InitOptions, initialize, renew

    if options.update:
        return renew(options.folder, options.bot)
    wanted = InitOptions(
        source=getattr(options, "from"),
        title=options.title,
        repository=options.repository,
        categories=tuple(options.category or ()),
        branch=options.branch,
        bot=options.bot,
    )
    is_at_terminal = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
    return initialize(options.folder, wanted, _ask if is_at_terminal else None)


def _ask(question: str) -> str:
    # Results go to stdout; a question is none.
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()


def _act(options: argparse.Namespace) -> int:
    from kdbot.flows.act import act

    return act(_root(options), os.environ, dry_run=options.dry_run)


def _sweep(options: argparse.Namespace) -> int:
    from kdbot.flows.proposal.sweep import sweep
    from kdbot.flows.run import run_flow
    from kdbot.storage.event import load_event

    event = load_event(os.environ)
    return run_flow(
        _root(options), os.environ, lambda run: sweep(run, event), dry_run=options.dry_run
    )


def _weekly(options: argparse.Namespace) -> int:
    from kdbot.flows.run import run_flow
    from kdbot.flows.weekly.audit import weekly

    return run_flow(
        _root(options),
        os.environ,
        lambda run: weekly(run, artifacts=options.links, environment=os.environ),
        dry_run=options.dry_run,
    )


def _setup(options: argparse.Namespace) -> int:
    from kdbot.flows.list.setup import setup

    # Outside of a checkout there is no kdbot.toml, and nothing of one is needed.
    repository = options.repository or (
        None if options.root else os.environ.get("GITHUB_REPOSITORY")
    )
    if repository:
        return setup(repository, os.environ, root=options.root, dry_run=options.dry_run)
    from kdbot.storage.repository import load_settings

    root = _root(options)
    repository = load_settings(root, os.environ).repository
    if repository is None:
        raise KdbotError("the repository is not named", fix="name it with --repository OWNER/NAME")
    return setup(repository, os.environ, root=root, dry_run=options.dry_run)


def _doctor(options: argparse.Namespace) -> int:
    from kdbot.flows.list.doctor import doctor

    return doctor(
        _root(options),
        os.environ,
        options.format,
        repository=options.repository,
        keep_issue=options.issue,
    )


def _input(name: str) -> str:
    from kdbot.storage.files import read_file

    data = _standard_input().buffer.read() if name == "-" else read_file(Path(name))
    return data.decode("utf-8", "replace")


def _standard_input() -> Any:
    if sys.stdin is None:
        raise KdbotError("is closed", where="standard input")
    return sys.stdin


_RUN: dict[str, Callable[[argparse.Namespace], int]] = {
    "validate": _validate,
    "build": _build,
    "propose": _propose,
    "identify": _identify,
    "links": _links,
    "enrich": _enrich,
    "import": _import,
    "init": _init,
    "act": _act,
    "sweep": _sweep,
    "weekly": _weekly,
    "setup": _setup,
    "doctor": _doctor,
}
