"""Files of a list: where they are, how they are read and how they are written."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kdbot.model.errors import KdbotError

SETTINGS = "kdbot.toml"
SCHEMA = "schema/paper.schema.json"
TAXONOMY = "schema/taxonomy.yaml"
VENUES = "schema/venues.yaml"
PAPERS = "papers"
README = "README.md"
AUDIT = "audit.json"


def find_root(start: Path) -> Path:
    """Return the folder of the list that contains `start`.

    Raises:
        KdbotError: no folder from `start` upwards holds `kdbot.toml`, or a `pyproject.toml` with
            the table `[tool.kdbot]`.
    """
    for folder in (start, *start.parents):
        if (folder / SETTINGS).is_file():
            return folder
        project = folder / "pyproject.toml"
        if project.is_file() and "[tool.kdbot" in project.read_text("utf-8", "replace"):
            return folder
    raise KdbotError(
        f"no {SETTINGS} here or in any folder above", where=str(start), fix="use --root DIR"
    )


def read_bytes(root: Path, name: str) -> bytes:
    """Return the bytes of a file of the list.

    Raises:
        KdbotError: it cannot be read.
    """
    try:
        return (root / name).read_bytes()
    except OSError as error:
        raise KdbotError(f"cannot be read: {error.strerror}", where=name) from error


def read_text(root: Path, name: str) -> str:
    """Return the text of a UTF-8 file of the list, line ends as they are.

    Raises:
        KdbotError: it cannot be read, or is not UTF-8.
    """
    try:
        return read_bytes(root, name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise KdbotError(
            f"is not UTF-8: {error.reason}", where=name, fix="save as UTF-8"
        ) from error


def paper_files(root: Path) -> list[str]:
    """Return the names of all files in `papers/`, in order, hidden ones left out.

    Raises:
        KdbotError: there is no such folder, or it holds a folder or a link.
    """
    names = []
    try:
        with os.scandir(root / PAPERS) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if not entry.is_file(follow_symlinks=False):
                    where = f"{PAPERS}/{entry.name}"
                    raise KdbotError("is no regular file", where=where, fix="remove it")
                names.append(entry.name)
    except OSError as error:
        raise KdbotError(f"cannot be listed: {error.strerror}", where=PAPERS) from error
    return sorted(names)


def write_files(root: Path, files: Mapping[str, str | None]) -> list[str]:
    """Write each file whose bytes differ, and remove those that are None.

    Everything is written beside its place first and moved there when all of it is on disk, so a
    full disk changes nothing.

    Returns:
        The names that changed, in order.

    Raises:
        KdbotError: a file cannot be written.
    """
    changed = {
        name: text
        for name, text in sorted(files.items())
        if (text is not None or (root / name).exists()) and _differs(root / name, text)
    }
    staged: list[tuple[str, str]] = []
    name = ""
    try:
        for name, text in changed.items():
            if text is not None:
                staged.append((_write_beside(root / name, text), name))
        for temporary, name in staged:
            os.replace(temporary, root / name)  # noqa: PTH105 - the temporary name is text
        for name, text in changed.items():
            if text is None:
                (root / name).unlink()
    except OSError as error:
        for temporary, _ in staged:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108
        raise KdbotError(f"cannot be written: {error.strerror}", where=name) from error
    return list(changed)


def _differs(path: Path, text: str | None) -> bool:
    try:
        return text is None or path.read_bytes() != text.encode("utf-8")
    except OSError:
        # What is not there, or cannot be read, is written, and that tells the fault.
        return True


def _write_beside(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text.encode("utf-8"))
        os.chmod(temporary, mode)  # noqa: PTH101
    except OSError:
        os.unlink(temporary)  # noqa: PTH108
        raise
    return temporary
