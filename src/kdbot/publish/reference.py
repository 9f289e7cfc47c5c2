"""The reference pages that are made from the code: commands, configuration and findings."""

import argparse
import inspect
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from difflib import unified_diff
from types import MappingProxyType
from typing import Any, get_args, get_origin, get_type_hints

from kdbot.model.command import Command
from kdbot.model.finding import Rule, Severity
from kdbot.model.settings import Settings
from kdbot.publish.markdown import escape_message

_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "KDBOT_ENABLED": "`false` switches the bot off: every flow on GitHub says so and stops. "
        "Set it as a repository variable.",
        "KDBOT_FORK": "`true` switches the bot on for a list that lives in a fork. Set it as a "
        "repository variable.",
        "KDBOT_SWEEP": "`nightly` lets the sweep run by night alone, and not each hour. Set it "
        "as a repository variable.",
        "KDBOT_BOT_LOGIN": "The account that the bot writes as, where it is not the one of "
        "`bot.login`. GitHub is asked for its number, by which comments are recognised.",
        "KDBOT_PROBE_LINKS": "`false` looks at no link.",
        "KDBOT_ASK_SERVICES": "`false` asks no metadata service about a proposal.",
        "GITHUB_REPOSITORY": "The repository, whatever `repository` says. Set by GitHub Actions, "
        "as all below.",
        "GITHUB_EVENT_NAME": "The event that `kdbot act` handles.",
        "GITHUB_EVENT_PATH": "The file that holds the event; its default branch is the one that "
        "is published.",
        "GITHUB_STEP_SUMMARY": "The file of the job's summary.",
        "GITHUB_OUTPUT": "The file of the step's outputs.",
        "GITHUB_TOKEN": "The token of the job; a step is handed it in `env`.",
        "GH_TOKEN": "The token of `kdbot setup` and `kdbot doctor`, where `GITHUB_TOKEN` is not "
        "set; `gh auth token` prints an owner's.",
        "GITHUB_ACTIONS": "`true` in GitHub Actions, where a step is handed the variables of the "
        "repository.",
        "GITHUB_API_URL": "Address of GitHub's API.",
        "GITHUB_SERVER_URL": "Address of GitHub.",
        "GITHUB_RUN_ID": "The run, which comments link to.",
        "NO_COLOR": "Anything but an empty text: no colours on the terminal.",
        "FORCE_COLOR": "Anything but an empty text: colours in a pipe too; `NO_COLOR` wins.",
        "TERM": "`dumb`: a terminal without colours and progress.",
        "XDG_CACHE_HOME": "Folder for what metadata services have answered; "
        "`LOCALAPPDATA` on Windows.",
    }
)


COMMANDS_PAGE = "docs/commands.md"
CONFIGURATION_PAGE = "docs/configuration.md"

_NOTICE = "<!-- Generated from the code by `kdbot build`; edits are overwritten. -->\n"
_COMMANDS_HEAD = """
# Commands

`kdbot COMMAND`, or `python -m kdbot COMMAND`. Results go to standard output, messages to standard
error.

| Exit status | Meaning |
| :--- | :--- |
| 0 | nothing is wrong, or what is wrong is for a maintainer or the world to mend |
| 1 | there are findings of severity error, or `--check` found something stale |
| 2 | the call or the configuration is wrong, or the world outside does not answer |
"""
_COMMENTS_HEAD = """
## Commands in comments

On GitHub a comment is a command if its first line begins with one of these words. A comment in a
quotation or in code, one that was edited later, and one of a bot are none. A command is answered by
a reaction: 👀 while it is looked at, 👍 when it is done, 😕 if it is not.

| Command | Who | What it does |
| :--- | :--- | :--- |
"""
_CONFIGURATION_HEAD = """
# Configuration

`kdbot.toml` in the list's folder says what is particular to the list; in a Python project the table
`[tool.kdbot]` of `pyproject.toml` does the same. Only `title` has to be there. An unknown key, a
value of another type and the name of a field that `schema/paper.schema.json` does not know are
refused with the names that are known.
"""
_ENVIRONMENT_HEAD = """
## Environment variables

| Variable | Meaning |
| :--- | :--- |
"""
_TYPES = {str: "text", int: "number", bool: "true or false", type(None): ""}


def render_commands(parser: argparse.ArgumentParser) -> str:
    """Return the page of commands: a section for each, in the order of the help.

    Those that are given in comments on GitHub come last.
    """
    own = [action for action in arguments_of(parser) if action.nargs != argparse.PARSER]
    parts = [_NOTICE, _COMMANDS_HEAD, "\nBefore the command:\n\n", *_table(own)]
    parts.append("| `--version` | print the version and exit | |\n")
    for name, command in commands_of(parser):
        arguments = arguments_of(command)
        parts.append(f"\n## {name}\n\n{_sentence(command.description or '')}\n\n")
        parts.append(f"```\n{' '.join(['kdbot', name, *map(_in_call, arguments)])}\n```\n")
        if arguments:
            parts += ["\n", *_table(arguments)]
    parts.append(_COMMENTS_HEAD)
    for one in Command:
        usages = ", ".join(f"`{usage}`" for usage in one.usages)
        parts.append(f"| {usages} | {one.asker.value} | {_cell(one.does)} |\n")
    return "".join(parts)


def render_configuration() -> str:
    """Return the page of settings: a table for each table of `kdbot.toml`, then the environment."""
    parts = [_NOTICE, _CONFIGURATION_HEAD, *_settings(Settings, "")]
    hints = get_type_hints(Settings)
    for field in fields(Settings):
        kind = hints[field.name]
        if is_dataclass(kind) and isinstance(kind, type):
            described = _attributes(Settings)[field.name]
            parts += [
                f"\n## [{field.name}]\n\n{_sentence(described)}\n",
                *_settings(kind, field.name),
            ]
    parts.append(_ENVIRONMENT_HEAD)
    parts += [f"| `{name}` | {_cell(described)} |\n" for name, described in _VARIABLES.items()]
    return "".join(parts)


def arguments_of(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return what a parser asks for, its help and its version aside."""
    actions = parser._actions  # noqa: SLF001 - argparse tells them in no other way
    return [action for action in actions if action.default != argparse.SUPPRESS]


def commands_of(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield the commands of a parser, each with its own, in the order of the help."""
    for action in arguments_of(parser):
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

_FINDINGS_HEAD = """\
<!-- Generated from the code by `kdbot build`; edits are overwritten. -->

# Findings

Everything that kdbot can find, with its stable code. The comment, the annotations, the terminal
and the JSON all use these codes; a link such as `docs/findings.md#dead-link` leads to a row.

- An **error** has to be mended before a paper can be added.
- A **warning** asks a maintainer to look.
- A **notice** informs and asks for nothing.

What `kdbot doctor` finds is about the repository and its settings, not about a paper: an error
there keeps the bot from its work.

The last column names the first version of kdbot that has the code.
"""
_EXAMPLES_HEAD = """\
## Examples

A line with `-` belongs to a proposal with the finding, a line with `+` to a proposal without it.
Of longer proposals, only the lines that differ are shown. A comment after `#` names the paper's
file, or says what holds around the proposal, such as what a link answered. The list in the examples
contains, among others, *MiniLLM: Knowledge Distillation of Large Language Models* (arXiv
`2306.08543`) and *Towards Cross-Tokenizer Distillation* (arXiv `2402.12030`).
"""
_LONGEST_LINE = 160
_SHORT = 3  # lines of a proposal that is shown whole
_CIRCUMSTANCES: Mapping[str, str] = MappingProxyType(
    {
        "_authors": "number of authors",
        "_broken": "listed paper whose file cannot be read",
        "_declined": "paper that a maintainer declined before, with the reason",
        "_links": "links answer",
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
_SEVERITY_HEADINGS = {
    Severity.ERROR: "Errors",
    Severity.WARNING: "Warnings",
    Severity.NOTICE: "Notices",
}


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
    parts = [_FINDINGS_HEAD]
    for severity, heading in _SEVERITY_HEADINGS.items():
        rows = [_finding_row(rule, shown) for rule in ordered if rule.severity is severity]
        if rows:
            head = (
                "| Code | What is asked for | How to mend it | Since |\n"
                "| :--- | :--- | :--- | :--- |\n"
            )
            parts.append(f"## {heading}\n\n{head}{''.join(rows)}")
    if shown:
        parts.append(_EXAMPLES_HEAD)
    parts += [
        f"### Example of `{code}`\n\n```diff\n{_difference(*examples[code])}```\n" for code in shown
    ]
    return "\n".join(parts)


def _finding_row(rule: Rule, shown: Sequence[str]) -> str:
    code = f'<a id="{rule.code}"></a>[`{rule.code}`](#{rule.code})'
    # A heading that is the code alone would take its anchor from the row.
    example = f" [Example](#example-of-{rule.code})" if rule.code in shown else ""
    return (
        f"| {code} | {escape_message(rule.summary)} | {escape_message(rule.remedy)}{example} "
        f"| {rule.since} |\n"
    )


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
        lines.append(shown if len(shown) <= _LONGEST_LINE else f"{shown[: _LONGEST_LINE - 1]}…")
    return lines
