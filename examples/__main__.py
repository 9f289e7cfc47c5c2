"""`make run`, or `python examples`: the main job on real input, in a scratch copy of this list.

Three proposals are answered as the bot would answer them on GitHub; what is ready is written, the
derived files are rebuilt, and the difference is shown. The work tree is not touched.
"""

import io
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path

from kdbot.flows.list.build import build
from kdbot.flows.list.propose import propose
from kdbot.flows.output import unified_diff
from kdbot.model.errors import KdbotError
from kdbot.storage.files import find_root, read_text

_STEPS = (
    (
        "A person writes in free words; one thing is missing",
        "free-text.md",
        "Please add our paper",
        False,
    ),
    ("The same paper through the form, with a category", "form.md", "[New paper]", True),
    (
        "Somebody proposes a paper that is listed already",
        "listed.md",
        "Missing paper",
        False,
    ),
)
_NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "node_modules", "site", "src", "tests", ".*")


def _demonstrate(root: Path, environment: Mapping[str, str]) -> None:
    """Print the answers to the examples, and what the accepted one changes in the list.

    Args:
        root: a list with its `examples/`.
        environment: passed on to the commands.
    """
    with tempfile.TemporaryDirectory(prefix="kdbot-") as folder:
        scratch = Path(folder) / "list"
        shutil.copytree(root, scratch, ignore=_NOT_COPIED)
        _build(scratch, environment)
        before = _texts(scratch)
        for number, (what, name, title, write) in enumerate(_STEPS, start=1):
            _heading(f"{number}. {what}: examples/{name}")
            propose(
                scratch,
                read_text(root, f"examples/{name}"),
                title=title,
                diff=False,
                form="comment",
                write=write,
                online=False,
                environment=environment,
            )
        _heading("What adding the second one changes: its file, and what is built from it")
        _build(scratch, environment)
        for name, text in _texts(scratch).items():
            sys.stdout.writelines(unified_diff(name, before.get(name, ""), text, context=1))


def _build(root: Path, environment: Mapping[str, str]) -> None:
    with redirect_stdout(io.StringIO()):
        build(root, check=False, environment=environment)


def _heading(text: str) -> None:
    print(f"\n{'─' * 78}\n{text}\n{'─' * 78}\n")


def _texts(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for path in sorted(root.rglob("*"))
        if "site" not in path.relative_to(root).parts
        and path.suffix in {".md", ".yaml", ".yml", ".svg"}
    }


if __name__ == "__main__":
    import os

    try:
        _demonstrate(find_root(Path.cwd()), os.environ)
    except KdbotError as error:
        sys.exit(f"kdbot: {error}")
