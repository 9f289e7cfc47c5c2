"""Bring a change to the published branch, through races and protection.

Accepting a proposal, publishing after a push and the weekly audit all end here. The change is made
anew from the newest tip whenever somebody else was faster, never rebased: what is derived from all
papers has to be derived again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kdbot.flows.build import stale_files
from kdbot.flows.checked_list import whole_collection
from kdbot.flows.run import Run
from kdbot.model.errors import KdbotError
from kdbot.publish.text import render_findings_text
from kdbot.storage.files import write_files
from kdbot.storage.git import Push

_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Files that were written to the working copy.

    Attributes:
        names: the files.
        message: of the commit: subject, blank line, body.
    """

    names: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """Where a change is now.

    Attributes:
        url: page of the commit or of the pull request.
        on_branch: whether it is on the published branch already.
    """

    url: str
    on_branch: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequestText:
    """What a pull request of the bot's own says.

    Attributes:
        branch: its branch.
        title: its title.
        body: its text.
    """

    branch: str
    title: str
    body: str


def land(run: Run, make: Callable[[], Change | None], pull: PullRequestText) -> Landed | None:
    """Make the change, commit it and push it; where the branch is protected, open a pull request.

    Args:
        run: the run.
        make: writes the change to the working copy, which stands at the branch's tip; None where
            there is none to make any more.
        pull: words of the pull request.

    Returns:
        Where the change is, or None where nothing had to be changed.

    Raises:
        KdbotError: the race was lost five times, or git failed.
    """
    branch = run.settings.branch
    for _ in range(_TRIES):
        change = make()
        if change is None:
            return None
        if run.dry_run:
            run.say(f"would commit {', '.join(change.names)}: {change.message.splitlines()[0]}")
            return None
        commit = run.checkout.commit(change.names, change.message)
        if commit is None:
            return None
        pushed = run.checkout.push(branch)
        if pushed is Push.DONE:
            run.say(f"pushed {commit} to {branch}")
            return Landed(url=f"{_repository_url(run)}/commit/{commit}", on_branch=True)
        if pushed is Push.REFUSED:
            run.say(f"{branch} is protected: the change goes to {pull.branch}")
            return _open_pull_request(run, pull)
        run.say(f"{branch} has moved on: building anew from its tip")
        run.checkout.start_from(branch)
    raise KdbotError(f"{branch} moved on {_TRIES} times while the change was built")


def propose(run: Run, make: Callable[[], Change | None], pull: PullRequestText) -> Landed | None:
    """Make the change on the branch's tip and show it to people as a pull request.

    The working copy stands at the tip again afterwards. Arguments are those of `land`.

    Raises:
        KdbotError: git failed.
    """
    if not run.dry_run:
        # Where the branch is protected, what was to land before stands here, and not there.
        run.checkout.start_from(run.settings.branch)
    change = make()
    if change is None:
        return None
    if run.dry_run:
        run.say(f"would propose {', '.join(change.names)}: {change.message.splitlines()[0]}")
        return None
    commit = run.checkout.commit(change.names, change.message)
    landed = None if commit is None else _open_pull_request(run, pull)
    run.checkout.start_from(run.settings.branch)
    return landed


def rebuild(run: Run) -> tuple[str, ...]:
    """Write every derived file that is stale and return their names.

    Raises:
        KdbotError: the list has errors, so nothing can be built from it.
    """
    files = stale_files(run.root, whole_collection(run.root), run.settings)
    if isinstance(files, tuple):
        raise KdbotError(f"the README cannot be built:\n{render_findings_text(files)}")
    return tuple(write_files(run.root, files))


def commit_message(subject: str, paper_ids: Iterable[str], trailers: Iterable[str] = ()) -> str:
    """Return a commit message of words that are ours and identifiers alone."""
    ids = sorted(paper_ids)
    body = "".join(f"{paper_id}\n" for paper_id in ids)
    tail = "".join(f"{trailer}\n" for trailer in trailers)
    return "\n".join(part for part in (f"{subject}\n", body, tail) if part)


def _open_pull_request(run: Run, pull: PullRequestText) -> Landed | None:
    """Put the commit on the bot's branch and see that a pull request shows it.

    A branch that bears a person's commit is left alone: somebody works on it.
    """
    base, checkout = run.settings.branch, run.checkout
    tip = checkout.remote_tip(pull.branch)
    if tip and checkout.same_tree(pull.branch):
        run.say(f"{pull.branch} holds this change already")
    elif tip and run.client.holds_foreign_commits(pull.branch, base, checkout.author.email):
        run.say(f"{pull.branch} holds a person's commits: left as it is")
    elif checkout.push(pull.branch, lease=tip) is not Push.DONE:
        raise KdbotError("the bot's own branch could not be pushed", where=pull.branch)
    url = run.client.pull_request_of(pull.branch)
    if url is None:
        url = run.client.open_pull_request(
            branch=pull.branch, base=base, title=pull.title, body=pull.body
        )
    return Landed(url=url, on_branch=False)


def _repository_url(run: Run) -> str:
    return f"{run.checkout.server}/{run.settings.repository}"
