"""Git: commit what was rebuilt and bring it to the branch that others write to as well."""

import base64
import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from kdbot.model.errors import KdbotError

_TIMEOUT = 120  # seconds for one command


class Push(Enum):
    """How a push ended."""

    DONE = "done"
    LOST_RACE = "somebody else pushed first"
    REFUSED = "the branch does not take it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who commits.

    Attributes:
        name: the account's login.
        email: its noreply address.
    """

    name: str
    email: str


def noreply_address(login: str, user_id: int) -> str:
    """Return the address that credits an account without telling its real one.

    https://docs.github.com/en/account-and-profile/reference/email-addresses-reference
    """
    return f"{user_id}+{login}@users.noreply.github.com"


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
        present = [name for name in names if (self.root / name).exists() or self._tracks(name)]
        if present:
            self._git("add", "--all", "--", *present)
        if not self._git("diff", "--cached", "--name-only"):
            return None
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
        said = done.stdout + done.stderr
        if "[remote rejected]" in said and "cannot lock ref" not in said:
            return Push.REFUSED
        if "[rejected]" in said or "cannot lock ref" in said:
            return Push.LOST_RACE
        raise KdbotError(f"git push failed: {_last_line(done.stderr)}", where=branch)

    def start_from(self, branch: str) -> None:
        """Fetch a branch of `origin` and check its tip out; what stands in the way is dropped."""
        self._git("fetch", "--quiet", "--no-tags", "origin", f"refs/heads/{branch}")
        self._git("reset", "--quiet", "--hard", "FETCH_HEAD")

    def remote_tip(self, branch: str) -> str:
        """Return the commit at the tip of a branch of `origin`, or an empty text without one."""
        return self._git("ls-remote", "origin", f"refs/heads/{branch}").partition("\t")[0].strip()

    def same_tree(self, branch: str) -> bool:
        """Tell whether a branch of `origin` holds the very files that are checked out."""
        self._git("fetch", "--quiet", "--no-tags", "origin", f"refs/heads/{branch}")
        trees = self._git("rev-parse", "HEAD^{tree}", "FETCH_HEAD^{tree}").split()
        return trees[0] == trees[1]

    def _tracks(self, name: str) -> bool:
        return bool(self._git("ls-files", "--", name))

    def _git(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if done.returncode != 0:
            raise KdbotError(f"git {arguments[0]} failed: {_last_line(done.stderr)}")
        return done.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        # Hooks of the working copy are nobody's; a path is a path, whatever characters it holds.
        command = ["git", "--literal-pathspecs", "-c", "core.hooksPath=/dev/null", *arguments]
        try:
            return subprocess.run(  # noqa: S603 - git with fixed words; names come after `--`
                command,
                cwd=self.root,
                env={**os.environ, **self._environment()},
                capture_output=True,
                text=True,
                errors="replace",
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
