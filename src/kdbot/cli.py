"""The command line: arguments in, exit status out; it wires and decides nothing.

Every flow is imported where it is called, so that a command pays only for what it uses.
"""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from kdbot import own_version
from kdbot.flows.output import discard, prepare_streams, print_failure
from kdbot.model.errors import KdbotError

_GARBAGE = 500_000
"""Objects between two looks for cycles, more than a first answer makes: with 700, as Python has it,
they are a tenth of what it costs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0: no errors; 1: there are findings of severity error, or a file is out of date; 2: an error in
    the arguments, the configuration or the machine. An expected error is one line; a bug keeps its
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
            # Output left in the buffer would fail later, where the error cannot be reported.
            sys.stdout.flush()
    except KdbotError as error:
        print_failure(str(error))
        return error.exit_status
    except BrokenPipeError:
        # The reader closed the pipe; there is nothing left to print.
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
    """Return `; did you mean …?` for the closest known name, or an empty text."""
    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


class _Parser(argparse.ArgumentParser):
    """A parser that reads arguments as UTF-8 and accepts no abbreviated options."""

    def __init__(self, **words: Any) -> None:
        super().__init__(**words, allow_abbrev=False)
        # Python decodes arguments by the locale; kdbot reads them as UTF-8 in every locale.
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
        """Add a flag: an option without a value."""
        self.add_argument(name, action="store_true", help=summary)

    def add_option(self, name: str, metavar: str, summary: str, **more: Any) -> None:
        """Add an option with a value, a string unless `more` says otherwise."""
        self.add_argument(name, metavar=metavar, help=summary, **more)

    def add_format(self, *choices: str) -> None:
        """Add `--format`; the first choice is the default."""
        words = "output format"
        self.add_argument("--format", choices=choices, default=choices[0], help=words)

    def add_files(self) -> None:
        """Add the paper files to read."""
        words = "paper files or folders (default: all)"
        self.add_argument("files", nargs="*", type=Path, metavar="FILE", help=words)

    def add_dry_run(self) -> None:
        """Add `--dry-run`, with which a flow writes nothing on GitHub."""
        self.add_flag("--dry-run", "show what would be written, and write nothing")

    def add_repository(self) -> None:
        """Add the option that names the repository."""
        words = "the list's repository on GitHub (default: from kdbot.toml or GitHub Actions)"
        self.add_option("--repository", "OWNER/NAME", words)


@cache
def _make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = _Parser(prog="kdbot", description="Maintain a curated list of papers.")
    parser.add_argument("--version", action="version", version=f"kdbot {own_version()}")
    parser.add_option(
        "--root",
        "DIR",
        "root folder of the list (default: found from this folder upwards)",
        type=Path,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    # The arguments after a command are parsed once, by the command's own parser.
    commands.type = str

    def add(name: str, run: Callable[[argparse.Namespace], int], summary: str) -> _Parser:
        command: _Parser = commands.add_parser(name, help=summary, description=summary)
        command.set_defaults(command=run, parser=command)
        return command

    _add_commands_of_a_list(add)
    _add_commands_of_a_repository(add)
    words = 'print a shell completion script: eval "$(kdbot completion bash)", also for zsh, '
    words += "or kdbot completion fish | source"
    completion = add("completion", _completion, words)
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="shell to complete in")
    return parser


def _add_commands_of_a_list(add: Callable[..., _Parser]) -> None:
    validate = add("validate", _validate, "check all papers, or only the given files")
    validate.add_files()
    validate.add_format("text", "json", "github")
    build = add("build", _build, "regenerate every derived file")
    build.add_flag("--check", "write nothing; show what is out of date and exit 1")
    propose = add("propose", _propose, "preview the bot's answer to an issue")
    propose.add_argument(
        "file", metavar="FILE", help="the issue's text in Markdown, or - for standard input"
    )
    propose.add_option("--title", "T", "the issue's title", default="")
    propose.add_flag("--diff", "the text is a diff of a README")
    words = "output format (default: text on a terminal, comment in a pipe)"
    propose.add_argument("--format", choices=("text", "comment", "json", "yaml"), help=words)
    propose.add_flag("--online", "also query the metadata services")
    propose.add_flag("--write", "write the files of the papers that are ready")
    identify = add("identify", _identify, "recognize the identifier in each line")
    identify.add_argument(
        "texts", nargs="*", metavar="TEXT", help="text to read (default: standard input)"
    )
    links = add("links", _links, "check the links of the list, of paper files or of a file of URLs")
    links.add_files()
    links.add_format("text", "json", "markdown")
    links.add_option("--urls", "FILE", "file with one URL per line, or - for standard input")
    links.add_option(
        "--timeout", "S", "timeout of one attempt, in seconds", type=float, default=15.0
    )
    words = "number of URLs checked at the same time"
    links.add_option("--concurrency", "N", words, type=int, default=128)
    links.add_option("--cache", "FILE", "file in which results are kept between runs", type=Path)
    words = "age in seconds after which a cached result expires"
    links.add_option("--cache-age", "S", words, type=float, default=86_400.0)
    links.add_option("--shard", "I/N", "check only part I of N")
    words = "also check URLs in this private network"
    links.add_option("--allow-address", "CIDR", words, action="append")
    links.add_flag("--without-arxiv", "do not check pages on arXiv")
    enrich = add("enrich", _enrich, "fill in records from metadata services and list differences")
    enrich.add_files()
    enrich.add_flag("--check", "write nothing; exit 1 if a file would change")
    importing = add("import", _import, "convert an existing Markdown list to paper files")
    words = "files of the list, README first"
    importing.add_argument("source", type=Path, nargs="+", metavar="README.md", help=words)
    words = "output folder for papers/ and schema/"
    importing.add_option("--out", "DIR", words, type=Path, default=Path())
    importing.add_option("--decisions", "FILE", "file with a maintainer's decisions", type=Path)
    importing.add_format("text", "json")
    _add_init(add("init", _init, "start a new list"))


def _add_init(init: _Parser) -> None:
    words = "folder of the new list; it may exist already"
    init.add_argument("folder", type=Path, nargs="?", metavar="DIR", help=words)
    words = "files of an existing list, README first; its papers and prose are imported"
    init.add_option("--from", "README.md", words, type=Path, nargs="+", action="extend")
    init.add_option("--title", "T", "title of the list (default: the README's heading)")
    init.add_option("--repository", "OWNER/NAME", "the list's repository on GitHub")
    words = "a category; write a subcategory as `Parent > Child`"
    init.add_option("--category", "TITLE", words, action="append")
    words = "the published branch (default: the folder's current git branch, or main)"
    init.add_option("--branch", "B", words)
    words = "the kdbot commit that its workflows run (default: this one's)"
    init.add_option("--bot", "OWNER/NAME@COMMIT", words)
    words = "licence of papers/ and schema/ (default: ask; else CC0-1.0, unless there is a licence)"
    init.add_argument("--data-license", choices=("CC0-1.0", "none"), help=words)
    words = "update the workflows of an existing list, and show the difference"
    init.add_flag("--update", words)


def _add_commands_of_a_repository(add: Callable[..., _Parser]) -> None:
    act = add("act", _act, "handle the event of this GitHub Actions run")
    act.add_dry_run()
    sweep = add("sweep", _sweep, "review every open proposal again, and add the accepted ones")
    sweep.add_dry_run()
    weekly = add(
        "weekly", _weekly, "audit the list, commit the results and report them in one issue"
    )
    words = "result file of `links --format json`, or a folder of them (default: check now)"
    weekly.add_option("--links", "PATH", words, action="append", type=Path)
    weekly.add_dry_run()
    words = "set up the repository: labels, Actions policy, permissions, Pages, topics, description"
    setup = add("setup", _setup, words)
    setup.add_repository()
    setup.add_dry_run()
    words = "find problems with the repository's settings, and say how to fix them"
    doctor = add("doctor", _doctor, words)
    doctor.add_format("text", "json")
    doctor.add_repository()
    doctor.add_flag("--issue", "report problems in one issue, and close it when none is left")


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
        # In `--from README.md DIR`, argparse counts DIR among the values of `--from`.
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
    # Only results go to stdout.
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()


def _act(options: argparse.Namespace) -> int:
    from kdbot.flows.act import act

    return act(_root(options), os.environ, dry_run=options.dry_run)


def _sweep(options: argparse.Namespace) -> int:
    from kdbot.flows.run import run_flow
    from kdbot.flows.sweep import sweep
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

    # Outside a checkout there is no kdbot.toml, and none is needed.
    repository = options.repository or (
        None if options.root else os.environ.get("GITHUB_REPOSITORY")
    )
    if repository:
        return setup(repository, os.environ, root=options.root, dry_run=options.dry_run)
    from kdbot.storage.repository import load_settings

    root = _root(options)
    repository = load_settings(root, os.environ).repository
    if repository is None:
        raise KdbotError("no repository is given", fix="use --repository OWNER/NAME")
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
