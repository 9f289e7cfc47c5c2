"""Files of a list, and of the job that works on it: where they are, how to read and write them."""

import fcntl
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding
from kdbot.model.json_text import parse_json
from kdbot.model.paper import PAPERS, is_record
from kdbot.model.settings import SETTINGS

SCHEMA = "schema/paper.schema.json"
TAXONOMY = "schema/taxonomy.yaml"
VENUES = "schema/venues.yaml"
AUDIT = "audit.json"

_STAGING = ".kdbot-staging-"


def find_root(start: Path) -> Path:
    """Return the folder of the list that contains `start`.

    Raises:
        KdbotError: no folder from `start` upwards has `kdbot.toml`, or a `pyproject.toml` with
            the table `[tool.kdbot]`.
    """
    for folder in (start, *start.parents):
        if (folder / SETTINGS).exists():
            return folder
        project = folder / "pyproject.toml"
        if project.is_file() and b"[tool.kdbot" in read_file(project):
            return folder
    raise KdbotError(
        f"no {SETTINGS} here or in any folder above", where=str(start), fix="use --root DIR"
    )


def read_file(path: Path, where: str | None = None) -> bytes:
    """Return the bytes of a plain file.

    Anything else is refused before a byte of it is read, so that no run waits for the other end of
    a pipe or reads a device forever.

    Args:
        path: the file; a link to one will do.
        where: its name in a message, where that is another than its path.

    Raises:
        KdbotError: it cannot be read, or is a folder, a pipe, a socket or a device.
    """
    place = where or str(path)
    try:
        # Without O_NONBLOCK, just opening a FIFO would wait.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
        with os.fdopen(descriptor, "rb", closefd=True) as stream:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                return stream.read()
    except IsADirectoryError:
        pass
    except OSError as error:
        raise KdbotError(f"cannot be read: {error.strerror}", where=place) from error
    except ValueError as error:
        raise KdbotError(f"cannot be read: {error}", where=place) from error
    raise KdbotError(
        "is not a regular file", where=place, fix="name a file, or `-` where a command reads a pipe"
    )


def read_bytes(root: Path, name: str) -> bytes:
    """Return the bytes of a file of the list.

    Raises:
        KdbotError: it cannot be read, or is not a regular file.
    """
    return read_file(root / name, name)


def read_json(root: Path, name: str, fix: str | None = None) -> Any:
    """Return the value of a JSON file of the list.

    Args:
        root: the list.
        name: the file below it.
        fix: what to do about one that cannot be read.

    Raises:
        KdbotError: it cannot be read, or is not JSON.
    """
    return json_of(read_bytes(root, name), name, fix)


def json_of(data: bytes, where: str, fix: str | None = None) -> Any:
    """Return the value of the bytes of a JSON file.

    Raises:
        KdbotError: they are not JSON.
    """
    try:
        return parse_json(data)
    except ValueError as error:
        raise KdbotError(f"cannot be read as JSON: {error}", where=where, fix=fix) from error


def schema_error(document: Any, schema: str, part: str = "") -> Any:
    """Return the first place where a document does not match one of our own schemas, or None.

    Args:
        document: the parsed document.
        schema: the schema's file, in this package.
        part: the definition in it that counts; empty for the whole.
    """
    return next(_validator(schema, part).iter_errors(document), None)


@cache
def _validator(schema: str, part: str) -> Any:
    from jsonschema_rs import Draft202012Validator

    whole = json.loads(Path(__file__).with_name(schema).read_bytes())
    return Draft202012Validator({**whole, "$ref": f"#/$defs/{part}"} if part else whole)


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


def load_templates(root: Path, folder: str) -> Mapping[str, str]:
    """Return the templates in a folder of the list, by their names.

    What is not UTF-8 reads as U+FFFD: a broken template stops nothing.

    Raises:
        KdbotError: one of them cannot be read.
    """
    found = sorted((root / folder).glob("*.j2"))
    return {path.name: read_file(path).decode("utf-8", "replace") for path in found}


def load_event(environment: Mapping[str, str]) -> Any:
    """Return the parsed payload of `GITHUB_EVENT_PATH`, or None outside of GitHub Actions.

    Raises:
        KdbotError: the file cannot be read.
    """
    path = environment.get("GITHUB_EVENT_PATH")
    return json_of(read_file(Path(path)), path) if path else None


def load_event_repository(environment: Mapping[str, str]) -> Mapping[str, Any]:
    """Return what the event says of the repository, which is nothing outside of GitHub Actions.

    Every event has it, a schedule's too.
    https://docs.github.com/en/webhooks/webhook-events-and-payloads
    """
    payload = load_event(environment)
    repository = payload.get("repository") if isinstance(payload, Mapping) else None
    return repository if isinstance(repository, Mapping) else {}


def paper_files(root: Path) -> tuple[list[str], list[Finding]]:
    """List `papers/`, hidden files left out.

    Returns:
        The names of all regular files, in order, and a finding for each folder, link or pipe.

    Raises:
        KdbotError: there is no such folder.
    """
    names, odd = [], []
    try:
        with os.scandir(root / PAPERS) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if not entry.is_file(follow_symlinks=False):
                    odd.append(entry.name)
                    continue
                names.append(entry.name)
    except OSError as error:
        raise KdbotError(f"cannot be listed: {error.strerror}", where=PAPERS) from error
    if not odd:
        return sorted(names), []
    from kdbot.intake.yaml_text import NOT_READABLE

    findings = [
        NOT_READABLE.finding(
            "This is a folder, a link or a pipe.",
            fix="Put a regular file in its place, or remove it.",
            file=f"{PAPERS}/{name}",
        )
        for name in sorted(odd)
    ]
    return sorted(names), findings


def expand_folders(paths: Iterable[Path]) -> list[Path]:
    """Return paths with each folder's paper files, in order, in its place; each once.

    Raises:
        KdbotError: a folder has none, or cannot be listed.
    """
    files: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        found = sorted(f for f in path.glob("*.yaml") if not f.name.startswith("."))
        if not found:
            raise KdbotError("is a folder without paper files", where=str(path))
        files += found
    return list(dict.fromkeys(files))


def write_files(root: Path, files: Mapping[str, str | None]) -> list[str]:
    """Write each file whose bytes differ, and remove those that are None.

    Everything is written into a folder of its own first and moved from there when all of it is on
    disk, so a full disk changes nothing. What a run that was killed has left of such a folder, the
    next one removes.

    Returns:
        The names that changed, in order.

    Raises:
        KdbotError: a file cannot be written, or is a paper's that cannot be read: what a person
            wrote there is not to be lost.
    """
    changed = _changes(root, files)
    _remove_left(root)
    if not changed:
        return []
    name = ""
    try:
        for name in changed:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
        with _staging(root) as folder:
            staged: list[tuple[str, str]] = []
            for name, text in changed.items():
                if text is not None:
                    temporary = os.path.join(folder, str(len(staged)))  # noqa: PTH118
                    _write(temporary, text, root / name)
                    staged.append((temporary, name))
            for temporary, name in staged:
                # A rename; a copy where a folder of the list lies on another file system.
                shutil.move(temporary, root / name)
        for name, text in changed.items():
            if text is None:
                (root / name).unlink()
    except OSError as error:
        raise KdbotError(f"cannot be written: {error.strerror}", where=name) from error
    return list(changed)


def _changes(root: Path, files: Mapping[str, str | None]) -> dict[str, str | None]:
    changed = {}
    for name, text in sorted(files.items()):
        path, of_paper = root / name, is_record(name)
        if of_paper and (path.is_symlink() or (path.exists() and not path.is_file())):
            raise KdbotError("is not a regular file, so it is not overwritten", where=name)
        # Only a regular file can be overwritten.
        present = read_bytes(root, name) if path.exists() else None
        if present == (None if text is None else text.encode("utf-8")):
            continue
        if of_paper and present is not None:
            _refuse_broken(name, present)
        changed[name] = text
    return changed


def _refuse_broken(name: str, data: bytes) -> None:
    from kdbot.intake.record import parse_record

    read = parse_record(data, name)
    if isinstance(read, Finding):
        where = f"{name}:{read.line}" if read.line else name
        raise KdbotError(
            f"cannot be read, so it is not overwritten: {read.message}", where=where, fix=read.fix
        )


def _write(temporary: str, text: str, place: Path) -> None:
    mode = place.stat().st_mode & 0o777 if place.exists() else 0o644
    with open(temporary, "wb") as stream:  # noqa: PTH123 - the temporary name is text
        stream.write(text.encode("utf-8"))
    os.chmod(temporary, mode)  # noqa: PTH101


@contextmanager
def _staging(root: Path) -> Iterator[str]:
    """Return a new hidden folder below the list, locked while this process lives.

    It lies on the file system that its files are moved on; the lock goes with the process, however
    that ends, and tells the folder of a run under way from one that was left.
    """
    folder = tempfile.mkdtemp(prefix=_STAGING, dir=root)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _remove_left(root: Path) -> None:
    """Remove the staging folders whose runs are gone."""
    with suppress(OSError), os.scandir(root) as entries:
        left = [entry.path for entry in entries if entry.name.startswith(_STAGING)]
        for folder in left:
            descriptor = os.open(folder, os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            except BlockingIOError:
                continue
            finally:
                os.close(descriptor)
