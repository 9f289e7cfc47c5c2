"""Loose objects and refs of a bare repository, read and written without a process for each.

Formats: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects and
https://git-scm.com/docs/gitrepository-layout. Whatever is not plain (packed, oddly named, locked)
is None or False here, and the caller asks git itself.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import shutil
import struct
import tempfile
import zlib
from functools import cache
from typing import TYPE_CHECKING

from tests.github_server.gitdata import ZERO, TreeEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from tests.github_server.gitdata import Signature

SHA = re.compile(r"[0-9a-f]{40}")
_TREE = "40000"
_PARENT = re.compile(rb"^parent ([0-9a-f]{40})$", re.MULTILINE)
_PLAIN_REF = re.compile(r"(?!.*\.\.)refs/(heads|pull|tags)(/(?!\.)[\w-][\w.-]*(?<!\.lock)(?<!\.))+")
_PLAIN_PERSON = re.compile(r"[\w@+\[\]-]([\w@+\[\]. -]*[\w@+\[\]-])?", re.ASCII)
_MODES = ("100644", "100755", "120000")
# Names that git refuses to put into an index, on some system at least.
_RESERVED = re.compile(
    r"\.{0,2}|\.?git[ .:~].*|\.git|.*[\\:\x00-\x1f].*", re.IGNORECASE | re.DOTALL
)


@cache
def _shared_objects() -> str:
    """Give the folder of objects that the repositories of this process borrow from."""
    folder = tempfile.mkdtemp(prefix="kdbot-objects-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class ObjectStore:
    """The objects below a bare repository's folder. What was read once is remembered."""

    def __init__(self, git_dir: Path) -> None:
        self._git_dir = git_dir
        self._shared = _shared_objects()
        self._objects: dict[str, tuple[str, bytes]] = {}
        self._trees: dict[str, dict[str, tuple[str, str]]] = {}

    def read(self, sha: str) -> tuple[str, bytes] | None:
        """Give kind and content of a loose object; None where there is none."""
        if sha not in self._objects:
            try:
                raw = zlib.decompress((self._git_dir / "objects" / sha[:2] / sha[2:]).read_bytes())
            except OSError:
                return None
            head, _, data = raw.partition(b"\0")
            self._objects[sha] = (head.split()[0].decode(), data)
        return self._objects[sha]

    def borrow(self) -> None:
        """Let git find the objects that are written here (`man gitrepository-layout`)."""
        info = self._git_dir / "objects/info"
        info.mkdir(exist_ok=True)
        (info / "alternates").write_text(f"{self._shared}\n", encoding="utf-8")

    def remember(self, sha: str, kind: str, data: bytes) -> None:
        """Keep an object that git itself was asked for."""
        self._objects[sha] = (kind, data)

    def write(self, kind: str, data: bytes) -> str:
        """Write a loose object, as `git hash-object -w` does, where every repository sees it.

        A test that begins with the same list as the one before writes nothing again.
        """
        raw = f"{kind} {len(data)}\0".encode() + data
        sha = hashlib.sha1(raw, usedforsecurity=False).hexdigest()
        path = f"{self._shared}/{sha[:2]}/{sha[2:]}"
        if sha not in self._objects and not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as stream:
                stream.write(zlib.compress(raw, 1))
        self._objects[sha] = (kind, data)
        return sha

    # Trees

    def tree_of(self, sha: str) -> str | None:
        """Give the tree of a commit, or a tree itself."""
        found = self.read(sha)
        if found is None or found[0] not in ("commit", "tree"):
            return None
        return found[1][5:45].decode() if found[0] == "commit" else sha

    def entries(self, tree: str) -> dict[str, tuple[str, str]] | None:
        """Give mode and object of each name in a tree, in its order; None without the tree."""
        if tree not in self._trees:
            found = self.read(tree)
            if found is None or found[0] != "tree":
                return None
            self._trees[tree] = dict(_entries(found[1]))
        return self._trees[tree]

    def at(self, revision: str, path: str) -> str | None:
        """Give the object of a path in a commit or tree."""
        here = self.tree_of(revision)
        for part in path.split("/"):
            entries = self.entries(here) if here else None
            here = entries[part][1] if entries and part in entries else None
        return here

    def listing(self, revision: str, *, recursive: bool) -> list[TreeEntry] | None:
        """List a tree as `git ls-tree -l` does; None where not all of it is known."""
        root = self.tree_of(revision)
        out: list[TreeEntry] = []
        return out if root and self._list(root, "", out, recursive=recursive) else None

    def _list(self, tree: str, start: str, out: list[TreeEntry], *, recursive: bool) -> bool:
        entries = self.entries(tree)
        for name, (mode, sha) in (entries or {}).items():
            kind = {_TREE: "tree", "160000": "commit"}.get(mode, "blob")
            found = self.read(sha) if kind == "blob" else None
            if kind == "blob" and found is None:
                return False
            size = len(found[1]) if found else None
            path = f"{start}{name}"
            out.append(TreeEntry(mode=mode.zfill(6), kind=kind, sha=sha, size=size, path=path))
            if (
                recursive
                and kind == "tree"
                and not self._list(sha, f"{path}/", out, recursive=True)
            ):
                return False
        return entries is not None

    def check_out(self, commit: str, folder: Path) -> bool:
        """Write a commit's files and their index; False where git itself must do it.

        The index: https://git-scm.com/docs/index-format
        """
        files = self.listing(commit, recursive=True)
        if files is None or not {file.mode for file in files} <= {"040000", *_MODES[:2]}:
            return False
        index = [struct.pack(">4sII", b"DIRC", 2, sum(file.kind == "blob" for file in files))]
        for file in sorted(files, key=lambda file: os.fsencode(file.path)):
            place = os.path.join(folder, file.path)
            if file.kind == "tree":
                os.mkdir(place)
                continue
            with open(place, "wb") as stream:
                stream.write(self._objects[file.sha][1])
            if file.mode == "100755":
                os.chmod(place, 0o755)  # noqa: S103 - as git does
            index.append(_index_entry(file, os.lstat(place)))
        data = b"".join(index)
        digest = hashlib.sha1(data, usedforsecurity=False).digest()
        (folder / ".git/index").write_bytes(data + digest)
        return True

    def write_tree(
        self, entries: Iterable[tuple[str, str, str | None]], base: str | None
    ) -> str | None:
        """Write a tree of `(path, mode, sha)` over a base; None where git itself must judge."""
        root = self.tree_of(base) if base else None
        if base and root is None:
            return None
        changes: dict[str, tuple[str, str] | None] = {}
        for path, mode, sha in entries:
            if any(_RESERVED.fullmatch(part) for part in path.split("/")):
                return None
            if sha is None:
                if root is None or self.at(root, path) is None:
                    return None
                changes[path] = None
            elif mode in _MODES and (self.read(sha) or ("",))[0] == "blob":
                changes[path] = (mode, sha)
            else:
                return None
        return self._merged(root, changes) or self.write("tree", b"")

    def _merged(
        self, tree: str | None, changes: Mapping[str, tuple[str, str] | None]
    ) -> str | None:
        """Write a tree with changes; None where nothing is left of it."""
        entries = dict((self.entries(tree) or {}) if tree else {})
        below: dict[str, dict[str, tuple[str, str] | None]] = {}
        for path, change in changes.items():
            name, slash, rest = path.partition("/")
            if slash:
                below.setdefault(name, {})[rest] = change
            elif change is None:
                entries.pop(name, None)
            else:
                entries[name] = change
        for name, inner in below.items():
            mode, sha = entries.pop(name, ("", ""))
            if merged := self._merged(sha if mode == _TREE else None, inner):
                entries[name] = (_TREE, merged)
        if not entries:
            return None
        parts = [
            f"{mode} {name}\0".encode("utf-8", "surrogateescape") + bytes.fromhex(sha)
            for name, (mode, sha) in sorted(entries.items(), key=_sort_key)
        ]
        return self.write("tree", b"".join(parts))

    # Commits

    def write_commit(
        self,
        tree: str,
        parents: Iterable[str],
        message: str,
        author: Signature,
        committer: Signature,
    ) -> str | None:
        """Write a commit; None where git itself must judge."""
        people = (author, committer)
        plain = all(_PLAIN_PERSON.fullmatch(t) for one in people for t in (one.name, one.email))
        known = [self.read(tree), *(self.read(parent) for parent in parents)]
        kinds = ["tree", *("commit" for _ in parents)]
        if not plain or [one and one[0] for one in known] != kinds or "\0" in message:
            return None
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in dict.fromkeys(parents))]
        for role, one in zip(("author", "committer"), people, strict=True):
            when = f"{int(one.date.timestamp())} {one.date:%z}"
            lines.append(f"{role} {one.name} <{one.email}> {when}")
        return self.write("commit", "\n".join([*lines, "", message]).encode())

    def line(self, old: str, new: str) -> list[str] | None:
        """List the commits from a new one back to an old one; None unless each has one parent."""
        found: list[str] = []
        while new != old:
            commit = self.read(new) if SHA.fullmatch(new) else None
            parents = _PARENT.findall(commit[1].partition(b"\n\n")[0]) if commit else []
            if len(parents) != 1:
                return None
            found.append(new)
            new = parents[0].decode()
        return found

    # Refs

    def ref(self, name: str) -> str | None:
        """Give what a loose ref holds; None without it, and for what is no plain ref."""
        if not _PLAIN_REF.fullmatch(name):
            return None
        try:
            held = (self._git_dir / name).read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return held if SHA.fullmatch(held) else None

    def refs(self) -> list[tuple[str, str]] | None:
        """List full ref names with what they hold, in order; None where git itself must look."""
        if self.has_packed_refs:
            return None
        files = (path for path in (self._git_dir / "refs").rglob("*") if path.is_file())
        names = sorted(path.relative_to(self._git_dir).as_posix() for path in files)
        found = [(name, sha) for name in names if (sha := self.ref(name))]
        return found if len(found) == len(names) else None

    @property
    def has_packed_refs(self) -> bool:
        return (self._git_dir / "packed-refs").exists()

    def is_plain_ref(self, name: str) -> bool:
        """Tell whether a ref's name is one that is a file and nothing else."""
        return bool(_PLAIN_REF.fullmatch(name))

    def set_ref(self, name: str, sha: str, old: str | None) -> bool:
        """Move a ref under its lock, as git does; False where git itself must judge."""
        found = self.read(sha)
        if not self.is_plain_ref(name) or self.has_packed_refs or not found:
            return False
        if found[0] != "commit":
            return False
        path, lock = self._git_dir / name, self._git_dir / f"{name}.lock"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except OSError:
            return False
        try:
            with os.fdopen(handle, "w") as file:
                file.write(f"{sha}\n")
            if path.is_dir() or (old is not None and (self.ref(name) or ZERO) != old):
                return False
            lock.rename(path)
        finally:
            lock.unlink(missing_ok=True)
        return True


def _entries(data: bytes) -> Iterator[tuple[str, tuple[str, str]]]:
    position = 0
    while position < len(data):
        end = data.index(b"\0", position)
        mode, _, name = data[position:end].decode("utf-8", "surrogateescape").partition(" ")
        yield name, (mode, data[end + 1 : end + 21].hex())
        position = end + 21


def _index_entry(file: TreeEntry, about: os.stat_result) -> bytes:
    numbers = (
        *divmod(about.st_ctime_ns, 10**9),
        *divmod(about.st_mtime_ns, 10**9),
        *(about.st_dev, about.st_ino, int(file.mode, 8), about.st_uid, about.st_gid, about.st_size),
    )
    name = os.fsencode(file.path)
    head = struct.pack(">10I", *(number & 0xFFFFFFFF for number in numbers))
    entry = head + bytes.fromhex(file.sha) + struct.pack(">H", min(len(name), 0xFFF)) + name
    return entry + b"\0" * (8 - len(entry) % 8)


def _sort_key(entry: tuple[str, tuple[str, str]]) -> bytes:
    """Sort as git does: a folder as if its name ended with a slash."""
    name, (mode, _) = entry
    return f"{name}/".encode("utf-8", "surrogateescape")[: None if mode == _TREE else -1]
