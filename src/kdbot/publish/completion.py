"""Scripts with which a shell completes commands, options and their choices, made from the parser.

Three short scripts need no package: what `shtab` would make is no shorter to call, and would be one
more dependency of every list.
"""

import argparse
from collections.abc import Iterable, Iterator

from kdbot.publish.reference import arguments_of, commands_of

_BASH = """\
_kdbot() {
    local current="${COMP_WORDS[COMP_CWORD]}" command="" words="" place
    for ((place = 1; place < COMP_CWORD; place++)); do
        case "${COMP_WORDS[place]}" in
            COMMANDS) command="${COMP_WORDS[place]}"; break ;;
        esac
    done
    case "$command ${COMP_WORDS[COMP_CWORD - 1]} $current" in
CASES    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _kdbot kdbot
"""
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
    names = [name for name, _ in commands_of(parser)]
    # zsh reads the words as bash does.
    script = _BASH.replace("COMMANDS", "|".join(names)).replace("CASES", "".join(_cases(parser)))
    return f"{_ZSH}{script}" if shell == "zsh" else script


def _cases(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the cases of bash: command, the word before, and the word that is begun."""
    names = [name for name, _ in commands_of(parser)]
    yield _case('" --root "*', ())
    for name, command in [("", parser), *commands_of(parser)]:
        for one in arguments_of(command):
            if one.choices and one.nargs != argparse.PARSER:
                # An option's choices stand behind it, those of an argument behind the command.
                before = one.option_strings[0] if one.option_strings else name
                yield _case(f'"{name} {before} "*', one.choices)
        options = [word for one in arguments_of(command) for word in one.option_strings]
        yield _case(f'"{name} "*" -"*', options)
    yield _case('" "*', names)


def _case(pattern: str, words: Iterable[str]) -> str:
    return f'        {pattern}) words="{" ".join(words)}" ;;\n'


def _fish(parser: argparse.ArgumentParser) -> Iterator[str]:
    commands = dict(commands_of(parser))
    first = _quote(f"not __fish_seen_subcommand_from {' '.join(commands)}")
    for name, command in [("", parser), *commands.items()]:
        seen = _quote(f"__fish_seen_subcommand_from {name}") if name else first
        if name:
            yield f"-n {first} -f -a {name} -d {_quote(command.description or '')}"
        for one in arguments_of(command):
            if one.option_strings:
                yield _fish_option(seen, one)
            elif one.choices and name:
                yield f"-n {seen} -f -a {_quote(' '.join(one.choices))}"


def _fish_option(condition: str, one: argparse.Action) -> str:
    parts = [f"-n {condition} -l {one.option_strings[-1].removeprefix('--')}"]
    if one.choices:
        parts.append(f"-x -a {_quote(' '.join(one.choices))}")
    elif one.nargs != 0:
        parts.append("-r")
    return " ".join([*parts, f"-d {_quote(one.help or '')}"])


def _quote(text: str) -> str:
    """Return a text as fish reads it between single quotes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
