"""The command line: arguments in, exit status out; it wires and decides nothing.

Every flow is imported where it is called, so that a command pays only for what it uses.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from kdbot.model.errors import KdbotError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0: nothing wrong; 1: there are findings of severity error, or something is stale; 2: the call
    or the configuration is wrong.
    """
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except KdbotError as error:
        print(f"kdbot: {error}", file=sys.stderr)
        return error.exit_status
    except BrokenPipeError:
        # The reader of a pipe has gone; nothing is left to say, and Python must not say it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("kdbot: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kdbot", description="Keep a curated list of papers.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"kdbot {version('kdbot')}")
    parser.add_argument(
        "--root", type=Path, metavar="DIR", help="the list (default: the one around this folder)"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, run: Callable[[argparse.Namespace], int], says: str) -> _Parser:
        command = commands.add_parser(name, help=says, description=says, allow_abbrev=False)
        command.set_defaults(command=run)
        return command

    validate = add("validate", _validate, "check all papers, or the given files against all")
    validate.add_argument("files", nargs="*", type=Path, metavar="FILE")
    _add_format(validate, "text", "json", "github")

    build = add("build", _build, "regenerate every derived file")
    build.add_argument(
        "--check", action="store_true", help="write nothing; show what is stale and exit 1"
    )

    propose = add("propose", _propose, "answer an issue's text as the bot would")
    propose.add_argument("file", metavar="FILE", help="the text, in Markdown; - for standard input")
    propose.add_argument("--title", default="", metavar="T", help="the issue's title")
    propose.add_argument("--diff", action="store_true", help="the text is a diff of a README")
    _add_format(propose, "comment", "json", "yaml")
    propose.add_argument("--online", action="store_true", help="ask the metadata services too")
    propose.add_argument("--write", action="store_true", help="save the files of what is ready")

    identify = add("identify", _identify, "name the identifier in each line")
    identify.add_argument("texts", nargs="*", metavar="TEXT", help="default: standard input")

    links = add("links", _links, "check the links of the list, of paper files or of a plain list")
    links.add_argument("files", nargs="*", type=Path, metavar="FILE")
    _add_format(links, "text", "json", "markdown")
    links.add_argument("--urls", metavar="FILE", help="a URL a line; - for standard input")
    links.add_argument("--timeout", type=float, default=15.0, metavar="S", help="of one attempt")
    links.add_argument("--concurrency", type=int, default=128, metavar="N")
    links.add_argument("--cache", type=Path, metavar="FILE", help="what earlier runs found")
    links.add_argument("--cache-age", type=float, default=86_400.0, metavar="S")
    links.add_argument("--shard", metavar="I/N", help="look at one part of N alone")
    links.add_argument("--allow-address", action="append", default=[], metavar="CIDR")
    links.add_argument(
        "--without-arxiv", action="store_true", help="leave its pages to who asks its metadata"
    )

    enrich = add("enrich", _enrich, "fill the records from metadata services, list what differs")
    enrich.add_argument("files", nargs="*", type=Path, metavar="FILE")
    enrich.add_argument("--check", action="store_true", help="write nothing; exit 1 if it would")

    imports = add("import", _import, "turn an existing list's Markdown into paper files")
    imports.add_argument("source", type=Path, metavar="README.md")
    imports.add_argument("--out", type=Path, default=Path(), metavar="DIR")
    imports.add_argument("--decisions", type=Path, metavar="FILE", help="what a person decided")
    _add_format(imports, "text", "json")

    act = add("act", _act, "do what the event of this GitHub Actions run asks for")
    _add_dry_run(act)
    sweep = add("sweep", _sweep, "review every open proposal again, complete the accepted ones")
    _add_dry_run(sweep)
    weekly = add("weekly", _weekly, "audit the list, commit what was found and put it in one issue")
    weekly.add_argument(
        "--links",
        action="append",
        type=Path,
        metavar="PATH",
        help="what `links --format json` found, a file or a folder of them; default: ask now",
    )
    _add_dry_run(weekly)
    setup = add("setup", _setup, "create and mend the repository's labels")
    _add_dry_run(setup)
    return parser


_Parser = argparse.ArgumentParser


def _add_format(command: _Parser, *formats: str) -> None:
    command.add_argument("--format", choices=formats, default=formats[0])


def _add_dry_run(command: _Parser) -> None:
    command.add_argument("--dry-run", action="store_true", help="say what would be written")


def _root(options: argparse.Namespace) -> Path:
    from kdbot.storage.files import find_root

    return options.root.resolve() if options.root else find_root(Path.cwd())


def _validate(options: argparse.Namespace) -> int:
    from kdbot.flows.validate import validate

    return validate(_root(options), options.files, options.format, os.environ)


def _build(options: argparse.Namespace) -> int:
    from kdbot.flows.build import build

    return build(_root(options), check=options.check, environment=os.environ)


def _propose(options: argparse.Namespace) -> int:
    from kdbot.flows.propose import propose

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
    from kdbot.flows.identify import identify

    for answer in identify(options.texts or sys.stdin):
        print(answer)
    return 0


def _links(options: argparse.Namespace) -> int:
    from kdbot.flows import links
    from kdbot.flows.link_sources import load_links, parse_listed_urls
    from kdbot.storage.repository import load_settings

    settings = None
    if options.urls:
        urls = parse_listed_urls(_input(options.urls))
    else:
        root = _root(options)
        urls = load_links(root, options.files)
        settings = load_settings(root, os.environ)
    return links.run(
        urls,
        form=options.format,
        timeout=options.timeout,
        concurrency=options.concurrency,
        cache=options.cache,
        cache_age=options.cache_age,
        shard=options.shard,
        allow_address=options.allow_address,
        repository=settings.repository if settings else os.environ.get("GITHUB_REPOSITORY"),
        services=settings.services if settings else None,
        judge_arxiv=(lambda _papers: ()) if options.without_arxiv else None,
    )


def _enrich(options: argparse.Namespace) -> int:
    from kdbot.flows.enrich import enrich

    return enrich(_root(options), options.files, check=options.check, environment=os.environ)


def _import(options: argparse.Namespace) -> int:
    from kdbot.flows import importing

    return importing.run(options.source, options.out, options.decisions, options.format)


def _act(options: argparse.Namespace) -> int:
    from kdbot.flows.act import act

    return act(_root(options), os.environ, dry_run=options.dry_run)


def _sweep(options: argparse.Namespace) -> int:
    from kdbot.flows.run import is_switched_off, open_run
    from kdbot.flows.sweep import sweep

    if is_switched_off(os.environ):
        return 0
    return sweep(open_run(_root(options), os.environ, dry_run=options.dry_run))


def _weekly(options: argparse.Namespace) -> int:
    from kdbot.flows.run import is_switched_off, open_run
    from kdbot.flows.weekly import weekly

    if is_switched_off(os.environ):
        return 0
    run = open_run(_root(options), os.environ, dry_run=options.dry_run)
    return weekly(run, artifacts=options.links, environment=os.environ)


def _setup(options: argparse.Namespace) -> int:
    from kdbot.flows.run import open_run
    from kdbot.flows.setup import setup_labels

    setup_labels(open_run(_root(options), os.environ, dry_run=options.dry_run))
    return 0


def _input(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise KdbotError(f"cannot be read: {error.strerror}", where=name) from error
    return data.decode("utf-8", "replace")
