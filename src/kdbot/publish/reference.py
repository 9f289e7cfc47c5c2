"""What is made from the code: the pages of commands, configuration and findings; completion.

Three short scripts complete commands, options and their choices in a shell: what `shtab` would make
is no shorter to call, and would be one more dependency of every list.
"""

import argparse
import inspect
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from difflib import unified_diff
from functools import cache
from importlib.resources import files
from string import Template
from types import MappingProxyType
from typing import Any, get_args, get_origin, get_type_hints

from kdbot.model.command import Command
from kdbot.model.finding import Rule, Severity
from kdbot.model.settings import Settings
from kdbot.publish.markdown import clip, escape_message

COMMANDS_PAGE = "docs/commands.md"
CONFIGURATION_PAGE = "docs/configuration.md"

_TYPES = {str: "text", int: "number", bool: "true or false", type(None): ""}


def render_commands(parser: argparse.ArgumentParser) -> str:
    """Return the page of commands: a section for each, in the order of the help.

    Those that are given in comments on GitHub come last.
    """
    own = [action for action in _arguments_of(parser) if action.nargs != argparse.PARSER]
    parts = []
    for name, command in _commands_of(parser):
        arguments = _arguments_of(command)
        parts.append(f"\n## {name}\n\n{_sentence(command.description or '')}\n\n")
        parts.append(f"```\n{' '.join(['kdbot', name, *map(_in_call, arguments)])}\n```\n")
        if arguments:
            parts += ["\n", *_table(arguments)]
    comments = (
        f"| {', '.join(f'`{usage}`' for usage in one.usages)} | {one.asker.value} "
        f"| {_cell(one.does)} |\n"
        for one in Command
    )
    return _page("commands", arguments=_table(own), commands=parts, comments=comments)


def render_configuration() -> str:
    """Return the page of settings: a table for each table of `kdbot.toml`, then the environment."""
    hints = get_type_hints(Settings)
    parts = [*_settings(Settings, "")]
    for field in fields(Settings):
        kind = hints[field.name]
        if is_dataclass(kind) and isinstance(kind, type):
            described = _attributes(Settings)[field.name]
            parts.append(f"\n## [{field.name}]\n\n{_sentence(described)}\n")
            parts += _settings(kind, field.name)
    return _page("configuration", settings=parts)


def _page(name: str, **parts: Iterable[str]) -> str:
    """Return a page of `pages/` with what is made from the code in its places."""
    text = Template(_read(f"{name}.md"))
    return text.substitute({key: "".join(lines) for key, lines in parts.items()})


def _read(name: str) -> str:
    return (files("kdbot.publish") / "pages" / name).read_text("utf-8")


def _arguments_of(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return what a parser asks for, its help and its version aside."""
    actions = parser._actions  # noqa: SLF001 - argparse tells them in no other way
    return [action for action in actions if action.default != argparse.SUPPRESS]


def _commands_of(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield the commands of a parser, each with its own, in the order of the help."""
    for action in _arguments_of(parser):
        if action.nargs == argparse.PARSER and isinstance(action.choices, Mapping):
            yield from action.choices.items()


def _table(arguments: Iterable[argparse.Action]) -> Iterator[str]:
    yield "| Argument | Meaning | Default |\n| :--- | :--- | :--- |\n"
    for one in arguments:
        shown = "" if one.default in (None, "", False) else f"`{one.default}`"
        yield f"| `{_cell(_shape(one))}` | {_cell(one.help or '')} | {shown} |\n"


def _in_call(argument: argparse.Action) -> str:
    is_repeated = argument.nargs == "*" or isinstance(argument, argparse._AppendAction)  # noqa: SLF001
    shape = f"{_shape(argument)}"
    shape = f"[{shape}]" if argument.option_strings or is_repeated else shape
    return f"{shape}…" if is_repeated else shape


def _shape(argument: argparse.Action) -> str:
    value = argument.metavar or "|".join(argument.choices or ())
    return " ".join(filter(None, (*argument.option_strings, str(value))))


def _settings(kind: type, table: str) -> Iterator[str]:
    yield "\n| Key | Type | Default | Meaning |\n| :--- | :--- | :--- | :--- |\n"
    hints, described = get_type_hints(kind), _attributes(kind)
    for field in fields(kind):
        if not is_dataclass(hints[field.name]):
            key = f"{table}.{field.name}" if table else field.name
            yield (
                f"| `{key}` | {_type(hints[field.name])} | {_default(field)} "
                f"| {_cell(_sentence(described[field.name]))} |\n"
            )


def _attributes(kind: type) -> Mapping[str, str]:
    """Return what the class's docstring says of each attribute."""
    text = (inspect.getdoc(kind) or "").partition("Attributes:\n")[2]
    found = re.findall(r"^    (\w+): ((?:.|\n(?!    \w+: ))*)", text, re.MULTILINE)
    return {name: " ".join(described.split()) for name, described in found}


def _type(hint: Any) -> str:
    if get_origin(hint) is Mapping:
        return "table of texts"
    if getattr(hint, "__origin__", None) is tuple:
        return f"list of {_TYPES[get_args(hint)[0]]}s"
    options = get_args(hint) or (hint,)
    return " or ".join(filter(None, (_TYPES[option] for option in options)))


def _default(field: "Field[Any]") -> str:
    if field.default is MISSING and field.default_factory is MISSING:
        return "required"
    if field.default in (None, ()) or field.default_factory is dict:
        return "none"
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    return f"`{json.dumps(default)}`"


def _sentence(text: str) -> str:
    """Return words as a sentence; a name such as arXiv keeps its small letter."""
    first = text.partition(" ")[0]
    start = text[:1] if not first.islower() else text[:1].upper()
    return f"{start}{text[1:]}{'' if text.endswith('.') else '.'}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


FINDINGS = "docs/findings.md"

_LONGEST_LINE = 160
_SHORT = 3  # lines of a proposal that is shown whole
_CIRCUMSTANCES: Mapping[str, str] = MappingProxyType(
    {
        "_authors": "number of authors",
        "_broken": "listed paper whose file cannot be read",
        "_declined": "paper that a maintainer declined before, with the reason",
        "_links": "the links answer",
        "_metadata": "metadata services say",
        "_nothing": "text without a paper",
        "_older": "older open proposals",
        "_required": "fields that this list's schema requires besides",
        "_second": "second paper of the same proposal",
        "_short_name": "the text calls the paper",
        "_unread": "the text also says",
        "_updates": "correction of a listed paper",
    }
)


def render_findings_table(
    rules: Iterable[Rule], examples: Mapping[str, tuple[str, str]] = MappingProxyType({})
) -> str:
    """Return the page: the rules by severity, then by code, each code an anchor.

    Args:
        rules: in any order.
        examples: by code, the proposal that has the finding and the one that has not, as YAML.
    """
    ordered = sorted(rules, key=lambda rule: rule.code)
    shown = [rule.code for rule in ordered if rule.code in examples]
    tables = []
    for severity in Severity:
        rows = [
            _finding_row(rule, is_shown=rule.code in examples)
            for rule in ordered
            if rule.severity is severity
        ]
        if rows:
            head = "| Code | Rule | How to fix it | Since |\n| :--- | :--- | :--- | :--- |\n"
            tables.append(f"## {severity.capitalize()}s\n\n{head}{''.join(rows)}\n")
    details = (
        f"### Example of `{code}`\n\n```diff\n{_difference(*examples[code])}```\n" for code in shown
    )
    page = _page("findings", rules=tables, examples=["\n".join(details)])
    return page if shown else page.partition("## Examples\n")[0]


@cache  # each build shows the same rules
def _finding_row(rule: Rule, *, is_shown: bool) -> str:
    code = f'<a id="{rule.code}"></a>[`{rule.code}`](#{rule.code})'
    # A heading that is the code alone would take its anchor from the row.
    example = f" [Example](#example-of-{rule.code})" if is_shown else ""
    return (
        f"| {code} | {escape_message(rule.summary)} | {escape_message(rule.remedy)}{example} "
        f"| {rule.since} |\n"
    )


@cache  # each build shows the same examples
def _difference(bad: str, good: str) -> str:
    """Return the lines of two proposals that differ, and the circumstances of both."""
    before, after = _shown_lines(bad), _shown_lines(good)
    is_short = len(before) <= _SHORT
    lines = list(unified_diff(before, after, n=len(before)))[3:]
    return "".join(
        f"{line}\n" for line in lines if is_short or line[0] != " " or line.startswith(" # ")
    )


def _shown_lines(text: str) -> list[str]:
    """Return the lines of a case; its circumstances as comments."""
    lines, words = [], None
    for line in text.splitlines():
        name, _, rest = line.partition(":")
        words = _CIRCUMSTANCES.get(name, words if line.startswith("  ") else None)
        said = line.strip() if line.startswith("  ") else rest.strip()
        if words is None:
            shown = line
        elif not said:
            continue
        else:
            shown = f"# {words}{'' if said == 'true' else f': {said}'}"
        shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shown)
        lines.append(clip(shown, _LONGEST_LINE))
    return lines


_ZSH = """\
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
autoload -Uz bashcompinit && bashcompinit
"""


def render_completion(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return the script of `bash`, `zsh` or `fish`.

    Where no word of kdbot's can stand, the shell completes files.
    """
    if shell == "fish":
        return "".join(f"complete -c kdbot {line}\n" for line in _fish(parser))
    names = [name for name, _ in _commands_of(parser)]
    # zsh reads the words as bash does.
    script = (
        _read("completion.bash")
        .replace("COMMANDS", "|".join(names))
        .replace("CASES", "".join(_cases(parser)))
    )
    return f"{_ZSH}{script}" if shell == "zsh" else script


def _cases(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the cases of bash: command, the word before, and the word that is begun."""
    names = [name for name, _ in _commands_of(parser)]
    yield _case('" --root "*', ())
    for name, command in [("", parser), *_commands_of(parser)]:
        for one in _arguments_of(command):
            if one.choices and one.nargs != argparse.PARSER:
                # An option's choices follow the option, those of an argument follow the command.
                before = one.option_strings[0] if one.option_strings else name
                yield _case(f'"{name} {before} "*', one.choices)
        options = [word for one in _arguments_of(command) for word in one.option_strings]
        yield _case(f'"{name} "*" -"*', options)
    yield _case('" "*', names)


def _case(pattern: str, words: Iterable[str]) -> str:
    return f'        {pattern}) words="{" ".join(words)}" ;;\n'


def _fish(parser: argparse.ArgumentParser) -> Iterator[str]:
    commands = dict(_commands_of(parser))
    first = _quote_fish(f"not __fish_seen_subcommand_from {' '.join(commands)}")
    for name, command in [("", parser), *commands.items()]:
        seen = _quote_fish(f"__fish_seen_subcommand_from {name}") if name else first
        if name:
            yield f"-n {first} -f -a {name} -d {_quote_fish(command.description or '')}"
        for one in _arguments_of(command):
            if one.option_strings:
                yield _fish_option(seen, one)
            elif one.choices and name:
                yield f"-n {seen} -f -a {_quote_fish(' '.join(one.choices))}"


def _fish_option(condition: str, one: argparse.Action) -> str:
    parts = [f"-n {condition} -l {one.option_strings[-1].removeprefix('--')}"]
    if one.choices:
        parts.append(f"-x -a {_quote_fish(' '.join(one.choices))}")
    elif one.nargs != 0:
        parts.append("-r")
    return " ".join([*parts, f"-d {_quote_fish(one.help or '')}"])


def _quote_fish(text: str) -> str:
    """Return a text as fish reads it between single quotes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
