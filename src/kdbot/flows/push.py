"""Bring changes to the published branch, through races and protection.

Accepting a proposal, publishing after a push, ticked boxes and the weekly audit all end here. A
change is made again from the newest tip whenever somebody else was faster, never rebased: what is
derived from all papers has to be derived again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from kdbot.flows.list.build import stale_files
from kdbot.flows.list.checked_list import whole_collection
from kdbot.flows.run import Run
from kdbot.github.client import OwnPull
from kdbot.model.collection import Collection, Identities
from kdbot.model.errors import KdbotError
from kdbot.model.paper import PAPERS
from kdbot.publish.report import render_findings_text
from kdbot.storage.files import write_files
from kdbot.storage.git import Push
from kdbot.storage.repository import DECLINED, readable_declined, render_declined

_TRIES = 5
_PAUSE = 2.0  # seconds after a refusal that is no protection, doubled each time


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Files that were written to the working copy.

    Attributes:
        names: the files.
        message: of the commit: subject, blank line, body.
    """

    names: tuple[str, ...]
    message: str

    def __str__(self) -> str:
        """Name the files and the subject."""
        return f"{', '.join(self.names)}: {self.message.partition(chr(10))[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequestText:
    """What a pull request of the bot's own says.

    Attributes:
        branch: its branch.
        title: its title.
        body: its text.
        asked: when a person asked for the change, or None; one that was closed before that was
            another one.
    """

    branch: str
    title: str
    body: str
    asked: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedChange:
    """Where a change is now.

    Attributes:
        url: page of the commit or of the pull request.
        on_branch: whether it is on the published branch already.
        declined: whether a person has closed the pull request with this very change.
    """

    url: str
    on_branch: bool
    declined: OwnPull | None = None

    @property
    def waits(self) -> bool:
        """Whether it waits in a pull request."""
        return not self.on_branch and self.declined is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One change that waits to be made.

    Attributes:
        name: what the log calls it.
        pull: words of its pull request, where the branch is protected.
        make: writes the change to the working copy, and returns None where there is none to make
            any more. Its argument is whether the change is for a pull request: then also without
            another one's changes, so that they can be merged in any order. Raises KdbotError
            where the change cannot be made.
    """

    name: str
    pull: PullRequestText
    make: Callable[[bool], Change | None]


Outcomes: TypeAlias = dict[str, PushedChange | KdbotError]
"""By its name where each change is, or why it could not be made; nothing where there was none."""


def push_changes(run: Run, works: Sequence[Work]) -> Outcomes:
    """Make each change, commit it, and push all commits at once.

    Where the branch is protected, or the race was lost five times, each change becomes a pull
    request of its own. A change that cannot be made does not stop the others. The
    working copy is at the tip of the published branch afterwards.

    Raises:
        KdbotError: git or GitHub failed for all of them.
    """
    branch = run.settings.branch
    for attempt in range(_TRIES):
        outcomes: Outcomes = {}
        commits = {}
        for work in works:
            commit = _commit(run, work, outcomes)
            if commit is not None:
                commits[work.name] = commit
        if not commits:
            return outcomes
        outcome = run.checkout.push(branch)
        if outcome is Push.DONE:
            for name, commit in commits.items():
                run.message(f"{name}: pushed {commit} to {branch}")
                run.output("pushed", "true")
                url = f"{run.repository_url}/commit/{commit}"
                outcomes[name] = PushedChange(url=url, on_branch=True)
            return outcomes
        run.checkout.start_from(branch)
        if outcome is Push.REFUSED and run.client.has_rules(branch):
            run.message(f"{branch} is protected: each change becomes a pull request")
            break
        if outcome is Push.REFUSED:
            run.message(f"{branch} rejected the push: trying again")
            run.client.sleep(_PAUSE * 2**attempt)
        else:
            run.message(f"{branch} has new commits: building again from its tip")
    return _propose_each(run, works)


def push_one_first(run: Run, works: Sequence[Work]) -> Outcomes:
    """Do as `push_changes`, where the branch has turned a change away before.

    One change alone shows whether it still does, before all the others are built for nothing.

    Raises:
        KdbotError: git or GitHub failed for all of them.
    """
    outcomes: Outcomes = {}
    for place, work in enumerate(works):
        outcomes |= push_changes(run, [work])
        if isinstance(pushed := outcomes.get(work.name), PushedChange):
            rest = works[place + 1 :]
            outcomes |= push_changes(run, rest) if pushed.on_branch else _propose_each(run, rest)
            break
    return outcomes


def propose(run: Run, work: Work) -> PushedChange | None:
    """Show a change to people as a pull request, and say where it is; None where there is none.

    The working copy is at the tip of the published branch afterwards.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        KdbotError: git failed, or the change cannot be made.
    """
    if run.dry_run:
        if change := work.make(True):
            run.message(f"would propose {change}")
        return None
    run.checkout.start_from(run.settings.branch)
    return _propose_from(run, work, run.checkout.head())


def closed_by_a_person(run: Run, pull: OwnPull) -> bool:
    """Tell whether a person has closed a pull request of the bot's own: one call at most.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        ItemGoneError: the pull request is not there.
    """
    if pull.closed_at is None or pull.merged_at:
        return False
    closer = run.client.item(pull.number).last_closed_by
    return closer is None or closer.id != run.client.bot


def _rebuild(run: Run, collection: Collection | None) -> tuple[str, ...]:
    """Write every derived file that is stale, unless it is a dry run, and return their names.

    Args:
        run: the run.
        collection: the list as it is on disk, where the caller has read it; None to read it.

    Raises:
        KdbotError: the list has errors, so nothing can be built from it.
    """
    if collection is None:
        collection = whole_collection(run.root, run.checkout)
    files = stale_files(run.root, collection, run.settings)
    if isinstance(files, tuple):
        raise KdbotError(f"the README cannot be built:\n{render_findings_text(files)}")
    return _write(run, {**files, **_remembered(run, collection.identities)})


def _remembered(run: Run, identities: Identities) -> Mapping[str, str]:
    """Return `declined.yaml` without what the list has taken since, where that is another text."""
    present = readable_declined(run.root, run.message)
    kept = [paper for paper in present if paper.key not in identities.by_key]
    return {DECLINED: render_declined(kept)} if len(kept) < len(present) else {}


def write_change(
    run: Run,
    files: Mapping[str, str | None],
    message: str,
    *,
    alone: bool,
    collection: Collection | None = None,
) -> Change | None:
    """Write files, and unless they go alone all that is built from them; None where all is there.

    In a dry run nothing is written, and the change names what would be.

    Args:
        run: the run.
        files: the text of each, None for one that goes.
        message: of the commit.
        alone: whether what is built from them is left to the merge.
        collection: the list as it is on disk, where the caller has read it.

    Raises:
        KdbotError: a file cannot be written, or the list has errors.
    """
    names = _write(run, files)
    if not alone:
        names += _rebuild(run, None if names else collection)
    return Change(names=names, message=message) if names else None


def _write(run: Run, files: Mapping[str, str | None]) -> tuple[str, ...]:
    return tuple(files if run.dry_run else write_files(run.root, files))


def commit_message(subject: str, paper_ids: Iterable[str], trailers: Iterable[str] = ()) -> str:
    """Return a commit message of words that are ours and identifiers alone."""
    ids = sorted(paper_ids)
    body = "".join(f"{paper_id}\n" for paper_id in ids)
    tail = "".join(f"{trailer}\n" for trailer in trailers)
    return "\n".join(part for part in (f"{subject}\n", body, tail) if part)


def _commit(run: Run, work: Work, outcomes: Outcomes) -> str | None:
    """Make and commit one change; one that fails leaves the working copy as it was."""
    present = frozenset(path.name for path in (run.root / PAPERS).iterdir())
    try:
        change = work.make(False)
    except KdbotError as error:
        run.message(f"{work.name}: {error}")
        outcomes[work.name] = error
        run.checkout.restore(PAPERS, present)
        return None
    if change is None:
        return None
    if run.dry_run:
        run.message(f"would commit {change}")
        return None
    return run.checkout.commit(change.names, change.message)


def _propose_each(run: Run, works: Sequence[Work]) -> Outcomes:
    outcomes: Outcomes = {}
    base = run.checkout.head()
    for work in works:
        try:
            shown = _propose_from(run, work, base)
        except KdbotError as error:
            run.message(f"{work.name}: {error}")
            outcomes[work.name] = error
        else:
            outcomes |= {work.name: shown} if shown else {}
    return outcomes


def _propose_from(run: Run, work: Work, base: str) -> PushedChange | None:
    """Propose one change, from a tip of the published branch that is checked out, then and now."""
    try:
        change = work.make(True)
        wanted = run.checkout.stage(change.names) if change is not None else {}
        if change is None or not wanted:
            return None
        return _open_pull_request(run, work.pull, change.message, wanted)
    finally:
        run.checkout.reset(base)


def _open_pull_request(
    run: Run, pull: PullRequestText, message: str, wanted: Mapping[str, str | None]
) -> PushedChange:
    """Put what is staged on the bot's branch and see that a pull request shows it.

    A branch with a person's work is left alone, a change that is shown already is not pushed
    again, and one that a person has closed is not opened again.
    """
    base, checkout = run.settings.branch, run.checkout
    pulls = run.client.own_pulls(pull.branch)
    shown = next((p for p in pulls if p.closed_at is None), None)
    closed = next((p for p in pulls[:1] if p.closed_at and not p.merged_at), None)
    if closed is not None and pull.asked and closed.closed_at and closed.closed_at < pull.asked:
        closed = None
    if shown is None and closed is not None:
        files = run.client.changed_files(closed.number)
        blobs = {f.filename: None if f.status == "removed" else f.sha for f in files}
        unchanged = blobs == wanted
        if unchanged and closed_by_a_person(run, closed):
            run.message(f"#{closed.number} with the same change was closed; nothing to do")
            return PushedChange(url=closed.html_url, on_branch=False, declined=closed)
    # What an open pull request shows is there; else the branch may be left from a run cut off.
    there = shown is not None or bool(checkout.remote_tip(pull.branch))
    changes = run.client.branch_changes(pull.branch, base) if there else None
    if changes is not None and changes.files == wanted:
        run.message(f"{pull.branch} already has this change")
    elif changes is not None and _is_work(run, pull.branch, changes.commits):
        run.message(f"{pull.branch} has commits by other people; left unchanged")
    else:
        checkout.commit_staged(message)
        lease = changes.tip if changes else ""
        if checkout.push(pull.branch, lease=lease) is not Push.DONE:
            raise KdbotError("the bot's own branch could not be pushed", where=pull.branch)
        run.other_branches.pop(pull.branch, None)
    if shown is not None:
        return PushedChange(url=shown.html_url, on_branch=False)
    url = run.client.open_pull_request(
        branch=pull.branch, base=base, title=pull.title, body=pull.body
    )
    return PushedChange(url=url, on_branch=False)


def _is_work(run: Run, branch: str, commits: Iterable[tuple[str, str, int]]) -> bool:
    """Tell whether a person has worked on a branch of the bot's.

    The button **Update branch** makes a merge in a person's name that changes nothing by itself.
    """
    foreign = [c for c in commits if c[1] != run.checkout.author.email]
    return any(
        parents < 2 or not run.checkout.is_clean_merge(branch, sha) for sha, _, parents in foreign
    )
