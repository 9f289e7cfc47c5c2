"""What goes to the terminal, and how."""

import difflib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TextIO

ERASE_LINE = "\r\033[K"
"""Goes back over what the last line of a terminal shows."""


def use_color(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Tell whether to colour: on a terminal that can, unless the environment says otherwise.

    `NO_COLOR` (https://no-color.org) wins over `FORCE_COLOR` (https://force-color.org), as in
    Python's own output (https://docs.python.org/3/using/cmdline.html#controlling-color).
    """
    if environment.get("NO_COLOR"):
        return False
    return bool(environment.get("FORCE_COLOR")) or can_move(stream, environment)


def can_move(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Tell whether a stream is a terminal with escape sequences; `TERM=dumb` has none."""
    return stream.isatty() and environment.get("TERM") != "dumb"


def prepare_streams() -> None:
    """Make the three streams UTF-8 in every locale, so that no text fails to print.

    Text read from bytes that are not UTF-8 is shown with escapes. Messages of a process without
    standard error are discarded; `print` would write them to standard output.
    """
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def unified_diff(name: str, before: str | None, after: str, *, context: int = 3) -> Iterator[str]:
    """Return the lines of a unified diff of one file, as git shows it.

    Args:
        name: the file's path.
        before: its text; None for a new file.
        after: its new text, empty for a deleted file.
        context: number of equal lines shown around a difference.
    """
    old = "/dev/null" if before is None else f"a/{name}"
    first, second = (before or "").splitlines(keepends=True), after.splitlines(keepends=True)
    for line in difflib.unified_diff(first, second, old, f"b/{name}", n=context):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def print_failure(text: str) -> None:
    """Print on standard error why a command ends."""
    try:
        print(f"kdbot: {text}", file=sys.stderr, flush=True)
    except OSError:
        discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Discard what is left in a stream's buffer, so that it does not fail again at exit."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
