"""The command line: arguments in, exit status out; it wires and decides nothing.

Every flow is imported where it is called, so that a command pays only for what it uses.
"""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kdbot.flows.output import discard, prepare_streams, print_failure
from kdbot.model.errors import KdbotError

_GARBAGE = 500_000
"""Objects between two looks for cycles, more than a first answer makes: with 700, as Python has it,
they are a tenth of what it costs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0: nothing wrong; 1: there are findings of severity error, or something is stale; 2: the call,
    the configuration or the machine is wrong. A fault of the world is one line; a bug keeps its
    traceback.
    """
    gc.set_threshold(_GARBAGE)
    prepare_streams()
    if sys.stdout is None:
        print_failure("standard output is closed")
        return 2
    try:
        try:
            parser = _make_parser()
            options = parser.parse_args(arguments)
            if "command" not in options:
                parser.print_help(sys.stderr)
                return 2
            command: Callable[[argparse.Namespace], int] = options.command
            return command(options)
        finally:
            # What stays in the buffer would fail when nobody is there any more to say so.
            sys.stdout.flush()
    except KdbotError as error:
        print_failure(str(error))
        return error.exit_status
    except BrokenPipeError:
        # The reader of a pipe has gone; nothing is left to say.
        discard(sys.stdout)
        return 0
    except OSError as error:
        discard(sys.stdout)
        print_failure(": ".join(str(p) for p in (error.filename, error.strerror or error) if p))
        return 2
    except KeyboardInterrupt:
        print_failure("interrupted")
        return 130


def _nearest(word: str, known: Iterable[str]) -> str:
    """Return the question for the name that a wrong one is nearest to, empty where none is near."""
    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


class _Parser(argparse.ArgumentParser):
    """A parser whose texts are UTF-8, and whose options are written out."""

    def __init__(self, **words: Any) -> None:
        super().__init__(**words, allow_abbrev=False)
        # The locale says how Python reads a call; texts of kdbot are UTF-8 whatever it says.
        self.register("type", None, lambda text: os.fsencode(text).decode("utf-8", "replace"))

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        found, unknown = self.parse_known_args(args, namespace)
        if unknown:
            parser: _Parser = getattr(found, "parser", self)
            wrong = next((word for word in unknown if word.startswith("-")), unknown[0])
            options = parser._option_string_actions
            near = _nearest(wrong.partition("=")[0], options)
            parser.error(f"unrecognized arguments: {' '.join(unknown)}{near}")
        return found

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        # argparse does this itself from Python 3.14 on (`suggest_on_error`).
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            near = _nearest(str(value), map(str, action.choices or ()))
            raise argparse.ArgumentError(action, f"{error.message}{near}") from None

    def add_flag(self, name: str, summary: str) -> None:
        """Add an option that is there or not."""
        self.add_argument(name, action="store_true", help=summary)

    def add_option(self, name: str, metavar: str, summary: str, **more: Any) -> None:
        """Add an option with a value, a text unless `more` says otherwise."""
        self.add_argument(name, metavar=metavar, help=summary, **more)

    def add_format(self, *choices: str) -> None:
        """Add the form of the output, the usual one first."""
        words = "form of the output"
        self.add_argument("--format", choices=choices, default=choices[0], help=words)

    def add_files(self) -> None:
        """Add the records to look at."""
        words = "paper files, or folders of them; default: all"
        self.add_argument("files", nargs="*", type=Path, metavar="FILE", help=words)

    def add_dry_run(self) -> None:
        """Add the option that lets a flow on GitHub write nothing."""
        self.add_flag("--dry-run", "say what would be written, and write nothing")

    def add_repository(self) -> None:
        """Add the option that names the repository."""
        words = "where the list is on GitHub (default: as kdbot.toml or GitHub Actions say)"
        self.add_option("--repository", "OWNER/NAME", words)


def _make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = _Parser(prog="kdbot", description="Keep a curated list of papers.")
    parser.add_argument("--version", action="version", version=f"kdbot {version('kdbot')}")
    parser.add_option("--root", "DIR", "the list (default: the one around this folder)", type=Path)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    # The words behind a command are read by its own parser, and once.
    commands.type = str

    def add(name: str, run: Callable[[argparse.Namespace], int], summary: str) -> _Parser:
        command: _Parser = commands.add_parser(name, help=summary, description=summary)
        command.set_defaults(command=run, parser=command)
        return command

    _add_commands_of_a_list(add)
    _add_commands_of_a_repository(add)
    words = 'print what lets a shell complete: eval "$(kdbot completion bash)", the same with zsh, '
    words += "or kdbot completion fish | source"
    completion = add("completion", _completion, words)
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")
    return parser


def _add_commands_of_a_list(add: Callable[..., _Parser]) -> None:
    validate = add("validate", _validate, "check all papers, or the given files against all")
    validate.add_files()
    validate.add_format("text", "json", "github")
    build = add("build", _build, "regenerate every derived file")
    build.add_flag("--check", "write nothing; show what is stale and exit 1")
    propose = add("propose", _propose, "answer an issue's text as the bot would")
    propose.add_argument("file", metavar="FILE", help="the text, in Markdown; - for standard input")
    propose.add_option("--title", "T", "the issue's title", default="")
    propose.add_flag("--diff", "the text is a diff of a README")
    words = "form of the output (default: text on a terminal, comment in a pipe)"
    propose.add_argument("--format", choices=("text", "comment", "json", "yaml"), help=words)
    propose.add_flag("--online", "ask the metadata services too")
    propose.add_flag("--write", "save the files of what is ready")
    identify = add("identify", _identify, "name the identifier in each line")
    identify.add_argument("texts", nargs="*", metavar="TEXT", help="default: standard input")
    links = add("links", _links, "check the links of the list, of paper files or of a plain list")
    links.add_files()
    links.add_format("text", "json", "markdown")
    links.add_option("--urls", "FILE", "a URL a line; - for standard input")
    links.add_option("--timeout", "S", "seconds for one attempt", type=float, default=15.0)
    words = "addresses looked at side by side"
    links.add_option("--concurrency", "N", words, type=int, default=128)
    links.add_option("--cache", "FILE", "what earlier runs found", type=Path)
    words = "seconds for which that counts"
    links.add_option("--cache-age", "S", words, type=float, default=86_400.0)
    links.add_option("--shard", "I/N", "look at one part of N alone")
    words = "look at addresses of a network that is not public"
    links.add_option("--allow-address", "CIDR", words, action="append")
    links.add_flag("--without-arxiv", "leave its pages to who asks its metadata")
    enrich = add("enrich", _enrich, "fill the records from metadata services, list what differs")
    enrich.add_files()
    enrich.add_flag("--check", "write nothing; exit 1 if it would")
    importing = add("import", _import, "turn an existing list's Markdown into paper files")
    words = "the list, its README first"
    importing.add_argument("source", type=Path, nargs="+", metavar="README.md", help=words)
    words = "folder that gets papers/ and schema/"
    importing.add_option("--out", "DIR", words, type=Path, default=Path())
    importing.add_option("--decisions", "FILE", "what a person decided", type=Path)
    importing.add_format("text", "json")
    _add_init(add("init", _init, "start another list"))


def _add_init(init: _Parser) -> None:
    words = "where it shall live; it may exist"
    init.add_argument("folder", type=Path, nargs="?", metavar="DIR", help=words)
    words = "files of the list as it is now, its README first; papers and prose are taken over"
    init.add_option("--from", "README.md", words, type=Path, nargs="+", action="extend")
    init.add_option("--title", "T", "name of the list (default: heading of the README)")
    init.add_option("--repository", "OWNER/NAME", "where it is on GitHub")
    words = "a category, as `Above > Below` where it stands below another"
    init.add_option("--category", "TITLE", words, action="append")
    words = "the branch it is published from (default: that of the folder's git, or main)"
    init.add_option("--branch", "B", words)
    words = "the kdbot that its workflows run (default: the commit that this one is of)"
    init.add_option("--bot", "OWNER/NAME@COMMIT", words)
    words = "licence of papers/ and schema/ (default: ask; CC0-1.0, unless there is a licence)"
    init.add_argument("--data-license", choices=("CC0-1.0", "none"), help=words)
    words = "renew the workflows of the list that is there, and show the difference"
    init.add_flag("--update", words)


def _add_commands_of_a_repository(add: Callable[..., _Parser]) -> None:
    act = add("act", _act, "do what the event of this GitHub Actions run asks for")
    act.add_dry_run()
    sweep = add("sweep", _sweep, "review every open proposal again, complete the accepted ones")
    sweep.add_dry_run()
    weekly = add("weekly", _weekly, "audit the list, commit what was found and put it in one issue")
    words = "what `links --format json` found, a file or a folder of them; default: ask now"
    weekly.add_option("--links", "PATH", words, action="append", type=Path)
    weekly.add_dry_run()
    words = "set the repository up: labels, Actions policy, permissions, Pages, topics, description"
    setup = add("setup", _setup, words)
    setup.add_repository()
    setup.add_dry_run()
    words = "say what is wrong with the repository, and what to do about it"
    doctor = add("doctor", _doctor, words)
    doctor.add_format("text", "json")
    doctor.add_repository()
    doctor.add_flag("--issue", "keep what is wrong in one issue, which closes itself")


def _completion(options: argparse.Namespace) -> int:
    from kdbot.publish.reference import render_completion

    sys.stdout.write(render_completion(_make_parser(), options.shell))
    return 0


def _reference() -> dict[str, str]:
    """Return the pages of the documentation that are made from the code, by their path."""
    from kdbot.publish.reference import (
        COMMANDS_PAGE,
        CONFIGURATION_PAGE,
        render_commands,
        render_configuration,
    )

    return {
        COMMANDS_PAGE: render_commands(_make_parser()),
        CONFIGURATION_PAGE: render_configuration(),
    }


def _root(options: argparse.Namespace) -> Path:
    from kdbot.storage.files import find_root

    return options.root.resolve() if options.root else find_root(Path.cwd())


def _files(options: argparse.Namespace) -> list[Path]:
    from kdbot.storage.files import expand_folders

    return expand_folders(options.files)


def _validate(options: argparse.Namespace) -> int:
    from kdbot.flows.list.checked_list import validate

    return validate(_root(options), _files(options), options.format, os.environ)


def _build(options: argparse.Namespace) -> int:
    from kdbot.flows.list.build import build

    return build(
        _root(options), check=options.check, environment=os.environ, reference=_reference()
    )


def _propose(options: argparse.Namespace) -> int:
    from kdbot.flows.list.propose import propose

    return propose(
        _root(options),
        _input(options.file),
        title=options.title,
        diff=options.diff,
        form=options.format or ("text" if sys.stdout.isatty() else "comment"),
        write=options.write,
        online=options.online,
        environment=os.environ,
    )


def _identify(options: argparse.Namespace) -> int:
    """Print a JSON object for each line: `input`, `kind`, `canonical`, `version`."""
    import json

    from kdbot.model.identifiers import parse_identifier

    for line in options.texts or _standard_input():
        text = line.rstrip("\n")
        found = parse_identifier(text)
        answer = {
            "input": text,
            "kind": found.kind.value,
            "canonical": found.canonical,
            "version": found.version,
        }
        print(json.dumps(answer, ensure_ascii=False))
    return 0


def _links(options: argparse.Namespace) -> int:
    from kdbot.flows.list import links

    settings = None
    expected: dict[str, float] = {}
    if options.urls:
        urls = links.parse_listed_urls(_input(options.urls))
    else:
        from kdbot.storage.repository import load_settings

        root = _root(options)
        urls = links.load_links(root, _files(options))
        settings = load_settings(root, os.environ)
        expected = links.load_expected_seconds(root)
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

    return enrich(_root(options), _files(options), check=options.check, environment=os.environ)


def _import(options: argparse.Namespace) -> int:
    from kdbot.flows.list import importing

    return importing.run(options.source, options.out, options.decisions, options.format)


def _init(options: argparse.Namespace) -> int:
    from kdbot.flows.list.initialize import InitOptions, initialize, renew

    sources: list[Path] = getattr(options, "from") or []
    if options.folder is None and len(sources) > 1:
        # `--from README.md DIR`: what follows an option of several values counts to it.
        options.folder = sources.pop()
    if options.folder is None:
        raise KdbotError("the folder of the list is missing", fix="write kdbot init DIR")
    if options.update:
        return renew(options.folder, options.bot)
    wanted = InitOptions(
        source=tuple(sources),
        title=options.title,
        repository=options.repository,
        categories=tuple(options.category or ()),
        branch=options.branch,
        bot=options.bot,
        data_license=options.data_license,
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
    from kdbot.storage.files import load_event

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
