"""A bare git repository, used through plumbing: what the git half of the API reads and writes."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.github_server import refusals
from tests.github_server.gitdata import (
    SOMEBODY,
    ZERO,
    CommitData,
    GitError,
    Signature,
    TreeEntry,
    parse_signature,
)
from tests.github_server.objects import SHA, ObjectStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BARE = """\
[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tfsync = none
[receive]
\tautogc = false
[maintenance]
\tauto = false
"""
_CLONED = """\
[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
\tlogallrefupdates = true
[remote "origin"]
\turl = {url}
\tfetch = +refs/heads/*:refs/remotes/origin/*
[branch "{branch}"]
\tremote = origin
\tmerge = refs/heads/{branch}
"""


class GitStore:
    """A bare repository in a folder, made with one empty commit on the default branch."""

    def __init__(self, path: Path, *, default_branch: str = "main") -> None:
        self.path = path
        self.default_branch = default_branch
        self._store = ObjectStore(path)
        self._answers: dict[tuple[str, ...], str | None] = {}
        if not path.exists():
            self._init()
            refusals.install(path)
            self._store.borrow()
            self.commit_files({}, "Start")

    def _init(self) -> None:
        """Make what `git init --bare` makes, and leave out what only serves a long life."""
        for folder in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
            (self.path / folder).mkdir(parents=True)
        (self.path / "HEAD").write_text(f"ref: refs/heads/{self.default_branch}\n", "utf-8")
        (self.path / "config").write_text(_BARE, "utf-8")

    def git(
        self, *args: str, stdin: str | bytes = b"", env: Mapping[str, str] | None = None
    ) -> str:
        """Run git and give its output, without the newline at the end."""
        return self.git_bytes(*args, stdin=stdin, env=env).decode("utf-8", "replace").rstrip("\n")

    def git_bytes(
        self, *args: str, stdin: str | bytes = b"", env: Mapping[str, str] | None = None
    ) -> bytes:
        done = subprocess.run(
            ["git", f"--git-dir={self.path}", *args],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            env={**self._env(), **(env or {})},
            check=False,
        )
        if done.returncode:
            raise GitError(done.stderr.decode("utf-8", "replace").strip())
        return done.stdout

    @staticmethod
    def _env() -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "LC_ALL": "C.UTF-8",
        }

    # Reading

    def resolve(self, revision: str) -> str | None:
        """Find the commit that a branch, tag, ref or SHA names."""
        if found := self._store.ref(f"refs/heads/{revision}"):
            return found
        is_sha = SHA.fullmatch(revision) is not None
        if is_sha and self._is_commit(revision):
            return revision
        # GitHub lets no branch or tag have the form of a full SHA.
        branch_or_tag = () if is_sha else (f"refs/heads/{revision}", f"refs/tags/{revision}")
        for name in (*branch_or_tag, revision):
            try:
                return self.git(
                    "rev-parse", "--verify", "-q", "--end-of-options", f"{name}^{{commit}}"
                )
            except GitError:
                continue
        return None

    def ref(self, name: str) -> str | None:
        """Give the object that the full ref name points to."""
        if found := self._store.ref(name):
            return found
        if self._store.is_plain_ref(name) and not self._store.has_packed_refs:
            return None
        commit, colon, path = name.partition(":")
        if colon and (known := self._store.at(commit, path)):
            return known
        if name.endswith("^{tree}") and (known := self._store.tree_of(name[:40])):
            return known
        try:
            return self.git("rev-parse", "--verify", "-q", "--end-of-options", name)
        except GitError:
            return None

    def tree_of(self, commit: str) -> str:
        """Give the tree of a commit."""
        return self._store.tree_of(commit) or self.git("rev-parse", f"{commit}^{{tree}}")

    def refs(self, prefix: str) -> list[tuple[str, str]]:
        """List full ref names that start with a prefix, with their objects."""
        pairs = self._store.refs()
        if pairs is None:
            lines = self.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
            pairs = [tuple(line.split(" ")) for line in lines]
        return [(name, sha) for name, sha in pairs if name.startswith(prefix)]

    def clone(self, folder: Path, url: str | None = None) -> None:
        """Make the clone that `git clone --shared` makes, without its four processes.

        `url` is another address that it calls its origin.
        """
        meta, branch = folder / ".git", self.default_branch
        refs = {
            f"refs/remotes/origin/{name.removeprefix('refs/heads/')}": sha
            for name, sha in self.refs("refs/heads/")
        } | dict(self.refs("refs/tags/"))
        files = {
            "HEAD": f"ref: refs/heads/{branch}\n",
            "config": _CLONED.format(url=url or self.path, branch=branch),
            "objects/info/alternates": f"{self.path}/objects\n",
            "packed-refs": "".join(f"{refs[name]} {name}\n" for name in sorted(refs)),
            f"refs/heads/{branch}": f"{refs[f'refs/remotes/origin/{branch}']}\n",
            "refs/remotes/origin/HEAD": f"ref: refs/remotes/origin/{branch}\n",
        }
        for name, text in files.items():
            (meta / name).parent.mkdir(parents=True, exist_ok=True)
            (meta / name).write_text(text, encoding="utf-8")
        if not self._store.check_out(refs[f"refs/remotes/origin/{branch}"], folder):
            command = ["git", "read-tree", "-mu", "HEAD"]
            subprocess.run(command, cwd=folder, check=True, env=self._env())

    def kind(self, sha: str) -> str | None:
        """Say whether an object is a blob, tree or commit; None if it is not there."""
        if known := self._store.read(sha):
            return known[0]
        try:
            return self.git("cat-file", "-t", sha)
        except GitError:
            return None

    def blob(self, sha: str) -> bytes:
        """Give the bytes of a blob, which `commit:path` may name, too."""
        commit, colon, path = sha.partition(":")
        name = self._store.at(self.resolve(commit) or "", path) if colon else sha
        known = self._store.read(name) if name else None
        if known is None or known[0] != "blob":
            return self.git_bytes("cat-file", "blob", sha)
        return known[1]

    def tree(self, revision: str, *, recursive: bool = False, path: str = "") -> list[TreeEntry]:
        """List a tree; `recursive` names subtrees and what is in them, as the API does."""
        if not path:
            known = self._store.listing(self.resolve(revision) or revision, recursive=recursive)
            if known is not None:
                return known
        flags = ["-r", "-t"] if recursive else []
        where = ["--", path] if path else []
        out = self.git_bytes("ls-tree", "-l", "-z", *flags, revision, *where)
        entries = []
        for line in filter(None, out.decode("utf-8", "replace").split("\0")):
            meta, _, name = line.partition("\t")
            mode, kind, sha, size = meta.split()
            bytes_ = int(size) if size != "-" else None
            entries.append(TreeEntry(mode=mode, kind=kind, sha=sha, size=bytes_, path=name))
        return entries

    def commit(self, sha: str) -> CommitData:
        known = self._store.read(sha)
        if known is None or known[0] != "commit":
            known = ("commit", self.git_bytes("cat-file", "commit", sha))
        raw = known[1].decode("utf-8", "replace")
        head, _, message = raw.partition("\n\n")
        fields = [line.partition(" ")[::2] for line in head.split("\n")]
        return CommitData(
            sha=sha,
            tree=dict(fields)["tree"],
            parents=tuple(value for key, value in fields if key == "parent"),
            author=parse_signature(dict(fields)["author"]),
            committer=parse_signature(dict(fields)["committer"]),
            message=message.removesuffix("\n"),
        )

    def log(self, revision: str, *, limit: int = 250, path: str = "") -> list[str]:
        """List commits that a revision (or range) reaches, newest first."""
        where = ["--", path] if path else []
        ends = "..".join(self.resolve(end) or end for end in revision.split("..")) or revision
        since, dots, tip = ends.partition("..")
        line = self._store.line(since, tip) if dots and not path else None
        if line is not None:
            return line[:limit]
        asked = ("rev-list", f"--max-count={limit}", ends, *where)
        return (self._of_commits(ends.split(".."), asked) or "").split()

    def merge_base(self, one: str, other: str) -> str | None:
        for old, new in ((one, other), (other, one)):
            if self._store.line(old, new) is not None:
                return old
        try:
            return self._of_commits([one, other], ("merge-base", one, other))
        except GitError:
            return None

    def _of_commits(self, commits: Iterable[str], question: tuple[str, ...]) -> str | None:
        """Ask git what can never change, since it is about commits that are named in full."""
        if not all(SHA.fullmatch(commit) for commit in commits):
            return self.git(*question)
        if question not in self._answers:
            self._answers[question] = self.git(*question)
        return self._answers[question]

    def _is_commit(self, sha: str) -> bool:
        known = self._store.read(sha)
        return known is not None and known[0] == "commit"

    def is_ancestor(self, old: str, new: str) -> bool:
        return self.merge_base(old, new) == old

    def read_file(self, path: str, revision: str | None = None) -> str:
        """Read a file's text at a revision, by default the default branch's tip."""
        return self.blob(f"{revision or self.default_branch}:{path}").decode()

    # Writing

    def write_blob(self, data: bytes) -> str:
        """Write a loose object, as `git hash-object -w` does, without a process for each."""
        return self._store.write("blob", data)

    def write_tree(
        self, entries: Iterable[tuple[str, str, str | None]], base: str | None = None
    ) -> str:
        """Write a tree of `(path, mode, sha)` over a base; a sha of None removes the path."""
        entries = list(entries)
        if plain := self._store.write_tree(entries, base):
            return plain
        with tempfile.TemporaryDirectory() as folder:
            env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            if base:
                self.git("read-tree", base, env=env)
            lines: list[str] = []
            for path, mode, sha in entries:
                if sha is None:
                    known = self.git("ls-files", "--", f":(literal){path}", env=env).splitlines()
                    if not known:
                        raise GitError(f"no such path: {path}")
                    lines += [f"0 {ZERO}\t{name}\0" for name in known]
                elif mode == "040000":
                    self.git("read-tree", f"--prefix={path}/", sha, env=env)
                else:
                    lines.append(f"{mode} {sha}\t{path}\0")
            if lines:
                stdin = "".join(lines)
                self.git("update-index", "-z", "--index-info", stdin=stdin, env=env)
            return self.git("write-tree", env=env)

    def write_commit(
        self,
        tree: str,
        parents: Iterable[str],
        message: str,
        author: Signature = SOMEBODY,
        committer: Signature | None = None,
    ) -> str:
        by, parents = committer or author, list(parents)
        if plain := self._store.write_commit(tree, parents, message, author, by):
            return plain
        env = {
            "GIT_AUTHOR_NAME": author.name,
            "GIT_AUTHOR_EMAIL": author.email,
            "GIT_AUTHOR_DATE": author.date.isoformat(),
            "GIT_COMMITTER_NAME": by.name,
            "GIT_COMMITTER_EMAIL": by.email,
            "GIT_COMMITTER_DATE": by.date.isoformat(),
        }
        flags = [flag for parent in parents for flag in ("-p", parent)]
        return self.git("commit-tree", tree, *flags, "-F", "-", stdin=message, env=env)

    def set_ref(self, name: str, sha: str, *, old: str | None = None) -> None:
        """Move a full ref, only from `old` where that is given (all zeros: must not exist)."""
        if not self._store.set_ref(name, sha, old):
            self.git("update-ref", name, sha, *([old] if old is not None else []))

    def delete_ref(self, name: str) -> None:
        self.git("update-ref", "-d", name)

    def commit_files(
        self,
        files: Mapping[str, str | bytes | None],
        message: str,
        *,
        branch: str | None = None,
        parent: str | None = None,
        author: Signature = SOMEBODY,
        modes: Mapping[str, str] | None = None,
    ) -> str:
        """Commit files (None removes one) on a branch, which may be new, and give the SHA.

        `parent` starts the branch again from that commit; `modes` names other modes than 100644.
        """
        name = f"refs/heads/{branch or self.default_branch}"
        tip = parent or self.ref(name) or self.ref(f"refs/heads/{self.default_branch}")
        entries = [
            (
                path,
                (modes or {}).get(path, "100644"),
                None
                if data is None
                else self.write_blob(data.encode() if isinstance(data, str) else data),
            )
            for path, data in files.items()
        ]
        tree = self.write_tree(entries, base=tip)
        sha = self.write_commit(tree, [tip] if tip else [], message, author)
        self.set_ref(name, sha)
        return sha

    def refuse(self, *armed: refusals.Refusal) -> None:
        """Refuse these pushes from now on; none refuses nothing."""
        refusals.arm(self.path, armed)
        key = ("config", "--replace-all", "receive.procReceiveRefs", "refs/heads")
        if armed:
            self.git(*key)
        elif self.git("config", "--default", "", "--get", "receive.procReceiveRefs"):
            self.git("config", "--unset-all", "receive.procReceiveRefs")

    def rename_default_branch(self, name: str) -> None:
        """Give the default branch another name; the old one is gone."""
        self.git("branch", "-m", self.default_branch, name)
        self.git("symbolic-ref", "HEAD", f"refs/heads/{name}")
        self.default_branch = name
