"""What GitHub's receiving end says no to, as a hook of the bare repository.

An `update` hook can refuse, too, but git then gives "hook declined" for a reason. A `proc-receive`
hook names the reason itself, as GitHub does, and lets git do the rest of what it allows:
https://git-scm.com/docs/githooks#proc-receive. It is switched on only where something is armed.
"""

from __future__ import annotations

import marshal
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_FILE = "refusals"

# Runs for every push while something is armed, in the repository's folder: built-in modules alone,
# which need no file to be read.
_HOOK = f"""#!{sys.executable} -IS
import marshal, sys

def packets():
    while (size := int(sys.stdin.buffer.read(4), 16)) > 4:
        yield sys.stdin.buffer.read(size - 4).decode().rstrip("\\n")

def send(text):
    data = text.encode() + b"\\n"
    sys.stdout.buffer.write(b"%04x" % (len(data) + 4) + data)

def flush():
    sys.stdout.buffer.write(b"0000")
    sys.stdout.buffer.flush()

list(packets())
send("version=1")  # and no push options
flush()
names = [command.split(" ", 2)[2] for command in packets()]
with open("{_FILE}", "rb") as file:
    armed = marshal.load(file)
for name in names:
    refusal = next((r for r in armed if r["times"] and r["ref"] in (None, name)), None)
    if refusal is None:
        send("ok " + name)
        send("option fall-through")
        continue
    refusal["times"] -= 1
    for line in refusal["words"]:
        print(line, file=sys.stderr)
    send("ng " + name + " " + refusal["reason"])
flush()
with open("{_FILE}", "wb") as file:
    marshal.dump(armed, file)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a push to a ref (or to any) is refused, and how often; -1 is always.

    `words` come before, line by line; `reason` stands in brackets after `[remote rejected]`.
    """

    reason: str
    words: tuple[str, ...] = ()
    ref: str | None = None
    times: int = -1


def install(git_dir: Path) -> None:
    """Put the hook in its place; nothing calls it yet."""
    hook = git_dir / "hooks" / "proc-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(_HOOK, encoding="utf-8")
    hook.chmod(0o755)


def arm(git_dir: Path, refusals: Iterable[Refusal]) -> None:
    """Refuse these from now on, and nothing else."""
    armed = [asdict(refusal) for refusal in refusals]
    (git_dir / _FILE).write_bytes(marshal.dumps(armed))


def left(git_dir: Path) -> list[int]:
    """Say how often each refusal that was armed will still strike."""
    file = git_dir / _FILE
    armed = marshal.loads(file.read_bytes()) if file.exists() else []  # noqa: S302 - written here
    return [one["times"] for one in armed]


def protected(branch: str, repository: str, *, by_ruleset: bool) -> Refusal:
    """Word the refusal of a branch that changes through pull requests only.

    A ruleset's words stand in public logs: https://github.com/yshavit/mdq/pull/255.
    """
    ref = f"refs/heads/{branch}"
    if not by_ruleset:
        words = (
            f"error: GH006: Protected branch update failed for {ref}.",
            "error: Changes must be made through a pull request.",
        )
        return Refusal(ref=ref, words=words, reason="protected branch hook declined")
    address = f"https://github.com/{repository}/rules"
    words = (
        f"error: GH013: Repository rule violations found for {ref}.",
        f"Review all repository rules at {address}?ref=refs%2Fheads%2F{branch}",
        "",
        "- Changes must be made through a pull request.",
        "",
    )
    return Refusal(ref=ref, words=words, reason="push declined due to repository rule violations")


def failure(reason: str, *, times: int, branch: str | None) -> Refusal:
    """Word a fault of GitHub's own: https://github.com/ship-studio/ship-studio/issues/678."""
    words = (reason, "Request ID 65EF:1EC443:289A4B:2BCFC2:6A7DD5C5")
    ref = f"refs/heads/{branch}" if branch else None
    return Refusal(ref=ref, words=words, reason=reason, times=times)
