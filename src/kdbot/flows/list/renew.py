"""`kdbot init --update`: the workflows of a list that exists, as this kdbot has them."""

import sys
from difflib import unified_diff
from pathlib import Path

from kdbot.flows.list.initialize import SET_UP, list_workflows
from kdbot.flows.list.wishes import pin_of
from kdbot.model.errors import KdbotError
from kdbot.publish.new_list import render_set_up, renew_set_up, renew_workflow
from kdbot.storage.files import SETTINGS, read_text, write_files
from kdbot.storage.package_files import read_template


def renew(folder: Path, bot: str | None) -> int:
    """Renew workflows and pin, show the difference, and return the exit status.

    What people wrote outside of the generated part of a workflow stays. A file whose generated part
    they have changed is left as it is, and named.

    Args:
        folder: the list.
        bot: the kdbot to pin, as `OWNER/NAME@COMMIT`; None for the one that is running.

    Returns:
        1 where a file was left as it is, else 0.

    Raises:
        KdbotError: the folder holds no list, the pin is not known, or a file cannot be read.
    """
    if not (folder / SETTINGS).is_file():
        raise KdbotError(
            f"holds no {SETTINGS}, so there is no list to update",
            where=str(folder),
            fix="start one with `kdbot init DIR`",
        )
    set_up = render_set_up(read_template("github/action.yml"), *pin_of(bot))
    changed: dict[str, str | None] = {}
    kept = []
    for name, new in sorted({**list_workflows(), SET_UP: set_up}.items()):
        present = _present(folder, name)
        renewed: str | None = new
        if present is not None:
            renewed = (renew_set_up if name == SET_UP else renew_workflow)(present, new)
        _show(name, present or "", renewed or new)
        if renewed is None:
            kept.append(name)
        else:
            changed[name] = renewed
    written = write_files(folder, changed)
    for name in kept:
        print(f"left as it is, since its generated part was changed: {name}")
    if kept:
        print(
            "The difference above is what is new there. Put your own jobs below the generated "
            "part, or move the file away, and run this again."
        )
    elif not written:
        print("everything is as this kdbot has it")
    return 1 if kept else 0


def _present(folder: Path, name: str) -> str | None:
    """Return a file of the list with line ends as git stores them, or None where there is none."""
    if not (folder / name).is_file():
        return None
    return read_text(folder, name).replace("\r\n", "\n")


def _show(name: str, old: str, new: str) -> None:
    before = f"a/{name}" if old else "/dev/null"
    lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    sys.stdout.writelines(unified_diff(*lines, before, f"b/{name}"))
