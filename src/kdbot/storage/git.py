"""Git: commit what was rebuilt and bring it to the branch that others write to as well."""

import base64
import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from functools import partial
from pathlib import Path

from kdbot.model.errors import KdbotError

_TIMEOUT = 120  # seconds for one command
_DEEPENING = 100  # commits of history that are fetched at a time
_DEEPENINGS = 20
_TWO = 2  # parents of a merge
_QUESTION = 10  # seconds for one that looks at nothing but the folder
_MAX_COMMITS = 500
_MAX_VERSIONS = 20  # of one file
_DEEPER = (50, 500)
"""Commits by which a shallow clone is made deeper, one step after the other."""
_COMMIT = "%H %ct %(trailers:key=Co-authored-by,valueonly,separator=%x20)"
_NOREPLY = re.compile(r"<[0-9]+\+([A-Za-z0-9-]+)@users\.noreply\.github\.com>")
_ROW = re.compile(r":\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) [A-Z]\d*\t(.+)")


class Push(Enum):
    """How a push ended."""

    DONE = "done"
    LOST_RACE = "somebody else pushed first"
    REFUSED = "the branch refuses it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who commits.

    Attributes:
        name: the account's login.
        email: its noreply address.
    """

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A file as one commit left it.

    Attributes:
        commit: full name of the commit.
        data: the file's bytes.
        time: seconds since 1970 at which it was committed.
        credit: login of the first co-author under a noreply address, or an empty text.
    """

    commit: str
    data: bytes
    time: int = 0
    credit: str = ""


def noreply_address(login: str, user_id: int) -> str:
    """Return the address that credits an account without telling its real one.

    https://docs.github.com/en/account-and-profile/reference/email-addresses-reference
    """
    return f"{user_id}+{login}@users.noreply.github.com"


def published_branch(folder: Path) -> str | None:
    """Return the branch that a clone's origin publishes, else the one that is checked out.

    Returns:
        Its short name, or None if git knows none.
    """
    name = "refs/remotes/origin/HEAD"
    try:  # every run asks, and a process costs more than the file that it would read
        origin = (folder / ".git" / name).read_text("utf-8").removeprefix("ref: ").strip()
    except (OSError, UnicodeDecodeError):
        origin = ask_git(folder, "symbolic-ref", "--quiet", name)
    published = origin.removeprefix("refs/remotes/origin/")
    return published or ask_git(folder, "branch", "--show-current") or None


def ask_git(folder: Path, *arguments: str) -> str:
    """Return git's answer to a question, or an empty text without an answer."""
    try:
        done = subprocess.run(  # noqa: S603 - git with fixed words
            ["git", "-C", str(folder), *arguments],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=_QUESTION,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A working copy whose branch is pushed to `origin`.

    Attributes:
        root: its folder.
        author: who commits.
        server: address of the server that the token belongs to.
        token: what proves the right to push, or None where git knows by itself.
    """

    root: Path
    author: Author
    server: str = "https://github.com"
    token: str | None = None

    def head(self) -> str:
        """Return the full name of the commit that is checked out."""
        return self._git("rev-parse", "HEAD").strip()

    def is_clean(self) -> bool:
        """Tell whether every file that git tracks is as it was committed."""
        return not self._git("status", "--porcelain", "--untracked-files=no")

    def commit(self, names: Iterable[str], message: str) -> str | None:
        """Commit the named files as they are in the folder.

        Returns:
            The commit, or None where nothing has changed.
        """
        return self.commit_staged(message) if self.stage(names) else None

    def stage(self, names: Iterable[str]) -> dict[str, str | None]:
        """Stage the named files as they are in the folder.

        Returns:
            The blob of each file that differs from the last commit, None for a removed one.
        """
        tracked = partial(self._git, "ls-files", "--")
        present = [name for name in names if (self.root / name).exists() or tracked(name)]
        if present:
            self._git("add", "--all", "--", *present)
        listing = self._git("diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames")
        parts = listing.rstrip("\0").split("\0")
        changed: dict[str, str | None] = {}
        for entry, name in zip(parts[::2], parts[1::2], strict=False):
            _, mode, _, blob, _ = entry.split(" ")
            changed[name] = None if mode == "000000" else blob
        return changed

    def commit_staged(self, message: str) -> str:
        """Commit what is staged and return the commit."""
        self._git("commit", "--quiet", "--no-verify", "--cleanup=verbatim", "-m", message)
        return self.head()

    def push(self, branch: str, *, lease: str | None = None) -> Push:
        """Push what is checked out to a branch of `origin`.

        Args:
            branch: its short name.
            lease: for a branch of the bot's own, the commit that it must still have to be
                overwritten; an empty text where it must not exist.

        Raises:
            KdbotError: git failed for another reason than the two that `Push` names.
        """
        ref = f"refs/heads/{branch}"
        force = [] if lease is None else [f"--force-with-lease={ref}:{lease}"]
        done = self._run("push", "--porcelain", *force, "origin", f"HEAD:{ref}")
        if done.returncode == 0:
            return Push.DONE
        output = done.stdout + done.stderr
        if "[remote rejected]" in output and "cannot lock ref" not in output:
            return Push.REFUSED
        if "[rejected]" in output or "cannot lock ref" in output:
            return Push.LOST_RACE
        raise KdbotError(f"git push failed: {_last_line(done.stderr)}", where=branch)

    def start_from(self, branch: str) -> None:
        """Fetch a branch of `origin` and check its tip out, discarding local changes."""
        self._fetch(branch)
        self._git("reset", "--quiet", "--hard", "FETCH_HEAD")

    def reset(self, commit: str = "HEAD") -> None:
        """Check a local commit out, discarding local changes."""
        self._git("reset", "--quiet", "--hard", commit)

    def remote_tip(self, branch: str) -> str:
        """Return the commit at the tip of a branch of `origin`, or an empty text without one."""
        return self._git("ls-remote", "origin", f"refs/heads/{branch}").partition("\t")[0].strip()

    def is_clean_merge(self, branch: str, commit: str) -> bool:
        """Tell whether a merge on a branch of `origin` contains nothing but its two parents."""
        self._fetch(branch)
        parents = self._git("rev-list", "--parents", "-n", "1", commit).split()[1:]
        if len(parents) != _TWO:
            return False
        self._deepen(branch)
        merged = self._run("merge-tree", "--write-tree", *parents)
        tree = self._git("rev-parse", f"{commit}^{{tree}}").strip()
        return merged.returncode == 0 and merged.stdout.split("\n")[0].strip() == tree

    def read_file(self, branch: str, name: str) -> bytes | None:
        """Return a file as it is at the tip of a branch of `origin`, or None without it."""
        if not self.remote_tip(branch):
            return None
        self._fetch(branch)
        done = self._run("show", f"FETCH_HEAD:{name}")
        return done.stdout.encode("utf-8") if done.returncode == 0 else None

    def day_added(self, name: str, branch: str) -> date | None:
        """Return the day, in UTC, on which a file came to the branch that is checked out.

        A merge counts, not the commit on the side branch. The history of a shallow clone is
        fetched as far back as is needed.

        Args:
            name: the file.
            branch: the branch's name at `origin`.
        """
        for _ in range(_DEEPENINGS):
            found = self._git(
                *("log", "--first-parent", "-m", "--diff-filter=A", "--format=%H %ct", "--", name)
            ).split("\n")[0]
            commit, _, seconds = found.partition(" ")
            if found and commit not in self._boundary():
                return datetime.fromtimestamp(int(seconds), UTC).date()
            if not self._boundary():
                return None
            self._git("fetch", "--quiet", "--no-tags", f"--deepen={_DEEPENING}", "origin", branch)
        return None

    def restore(self, folder: str, present: frozenset[str]) -> None:
        """Bring the working copy back to what was committed.

        Args:
            folder: where untracked files are removed.
            present: names of files in it that were there before and stay.
        """
        self._git("reset", "--quiet", "--hard", "HEAD")
        listing = self._git("ls-files", "-z", "--others", "--exclude-standard", "--", folder)
        for name in filter(None, listing.split("\0")):
            if name.removeprefix(f"{folder}/") not in present:
                (self.root / name).unlink()

    def versions(self, names: Sequence[str]) -> Mapping[str, tuple[Version, ...]]:
        """Return what the history of the checked-out commit has of some files, newest first.

        A shallow clone is made deeper, at most twice, until there are two versions of each: its
        oldest commit seems to have written every file. What cannot be had is left out: no error
        of git is raised.

        Args:
            names: paths below the folder; all of them are looked for in one pass.
        """
        found: dict[str, list[tuple[Version, str]]] = {}
        try:
            found = self._log(names)
            for deeper in _DEEPER:
                if all(len(found.get(name, ())) > 1 for name in names) or not self._boundary():
                    break
                self._git("fetch", "--quiet", "--no-tags", f"--deepen={deeper}", "origin", "HEAD")
                found = self._log(names)
        except KdbotError:
            pass  # what was found before the fault is better than nothing
        blobs = self._blobs({blob for rows in found.values() for _, blob in rows})
        return {
            name: tuple(replace(one, data=blobs[b]) for one, b in rows if b in blobs)
            for name, rows in found.items()
        }

    def _fetch(self, branch: str) -> None:
        self._git("fetch", "--quiet", "--no-tags", "origin", f"refs/heads/{branch}")

    def _deepen(self, branch: str) -> None:
        if self._boundary():
            self._git("fetch", "--quiet", "--no-tags", "--unshallow", "origin")
            self._fetch(branch)

    def _boundary(self) -> frozenset[str]:
        """Return the commits whose parents a shallow clone does not have."""
        path = self.root / ".git/shallow"
        if not path.parent.is_dir():  # in a worktree, or below the top folder
            path = self.root / self._git("rev-parse", "--git-path", "shallow").strip()
        return frozenset(path.read_text().split()) if path.exists() else frozenset()

    def _log(self, names: Sequence[str]) -> dict[str, list[tuple[Version, str]]]:
        """Return each version of some files, without its bytes, and its blob; newest first.

        A merge counts with what it did to its first parent: markers of a conflict come in there.
        """
        found: dict[str, list[tuple[Version, str]]] = {}
        commit = Version(commit="", data=b"")
        log = self._git(
            *("-c", "core.quotePath=false", "log", "--raw", "--no-abbrev", "--no-renames"),
            *("--relative", "--diff-merges=first-parent", f"--format={_COMMIT}"),
            *(f"--max-count={_MAX_COMMITS}", "--", *names),
        )
        for line in log.splitlines():
            if row := _ROW.fullmatch(line):
                rows = found.setdefault(row[3], [])
                # Links, folders and deletions are not versions.
                if row[1].startswith("100") and len(rows) < _MAX_VERSIONS:
                    rows.append((commit, row[2]))
            elif line:
                name, seconds, trailers = line.split(" ", 2)
                credit = _NOREPLY.search(trailers)
                commit = Version(
                    commit=name, data=b"", time=int(seconds), credit=credit[1] if credit else ""
                )
        return found

    def _blobs(self, wanted: Iterable[str]) -> dict[str, bytes]:
        """Return the contents of blobs; those that are not there are left out."""
        blobs = sorted(wanted)
        if not blobs:
            return {}
        try:
            data = self._start("cat-file", "--batch", data="\n".join(blobs).encode()).stdout
        except KdbotError:
            return {}
        found: dict[str, bytes] = {}
        position = 0
        while position < len(data):
            end = data.index(b"\n", position)
            name, kind, *size = data[position:end].decode().split()
            position = end + 1
            if size and kind == "blob":
                found[name] = data[position : position + int(size[0])]
            if size:
                position += int(size[0]) + 1
        return found

    def _git(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if done.returncode != 0:
            raise KdbotError(f"git {arguments[0]} failed: {_last_line(done.stderr)}")
        return done.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = self._start(*arguments)
        output, errors = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
        return subprocess.CompletedProcess(done.args, done.returncode, output, errors)

    def _start(self, *arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        # No hooks of the working copy run, and no garbage collection in a checkout that the job
        # throws away; a path is taken literally, whatever characters it contains.
        settings = ("-c", "core.hooksPath=/dev/null", "-c", "maintenance.auto=false")
        command = ["git", "--literal-pathspecs", *settings, *arguments]
        try:
            return subprocess.run(  # noqa: S603 - git with fixed words; names come after `--`
                command,
                cwd=self.root,
                env={**os.environ, **self._environment()},
                input=data,
                capture_output=True,
                timeout=_TIMEOUT,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise KdbotError(f"git {arguments[0]} failed: {error}") from error

    def _environment(self) -> Mapping[str, str]:
        """Name the committer; prove the right to push without a trace in files or arguments."""
        names = {
            "GIT_AUTHOR_NAME": self.author.name,
            "GIT_AUTHOR_EMAIL": self.author.email,
            "GIT_COMMITTER_NAME": self.author.name,
            "GIT_COMMITTER_EMAIL": self.author.email,
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }
        if self.token is None:
            return names
        secret = base64.b64encode(f"x-access-token:{self.token}".encode()).decode()
        return names | {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{self.server}/.extraheader",
            "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {secret}",
        }


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return re.sub(r"[^ -~]", "?", lines[-1])[:300] if lines else "no message"
