"""`kdbot setup`: apply the settings that the bot needs to a repository, step by step."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from kdbot.github.client import GitHubClient, connect
from kdbot.github.errors import ForbiddenError, GitHubUnavailableError, ItemGoneError
from kdbot.github.labels import label_changes
from kdbot.github.settings import Repository, policy_change
from kdbot.intake.yaml_values import YamlValues
from kdbot.model.errors import KdbotError
from kdbot.model.settings import SETTINGS
from kdbot.publish.new_list import PULL_REQUEST_WORKFLOW, WANTED_PERMISSIONS
from kdbot.storage.package_data import read_shared
from kdbot.storage.repository import load_settings

_TOPICS = ("awesome-list", "papers", "bibliography")
_LONGEST_DESCRIPTION = 350  # characters; GitHub refuses more

_Changes: TypeAlias = Iterator[tuple[str, Callable[[], None]]]
"""What a step would change, in words, and what changes it."""


def setup(
    repository: str, environment: Mapping[str, str], *, root: Path | None = None, dry_run: bool
) -> int:
    """Set a repository up and say of each step what it did, skipped or could not do.

    Args:
        repository: `owner/name` on GitHub.
        environment: where the token and the address of GitHub come from.
        root: the list, where there is a checkout; its workflows say which events are needed.
        dry_run: whether to say what would be done, and to write nothing.

    Returns:
        0 where nothing is left to do, or only what the token of a workflow's job may not do;
        1 where a step could not be done.

    Raises:
        KdbotError: there is no token, or the name is not one of a repository.
    """
    with closing(open_client(repository, environment)) as client:
        try:
            found = client.settings.repository()
        except (ItemGoneError, ForbiddenError, GitHubUnavailableError) as error:
            print(f"kdbot: {repository}: {error}", file=sys.stderr)
            return 1
        if found.full_name.lower() != repository.lower():
            print(
                f"kdbot: {repository} was renamed to {found.full_name}; use that name "
                f"(`--repository {found.full_name}`, and `repository` in kdbot.toml)",
                file=sys.stderr,
            )
            return 1
        steps = _Steps(client, found, pull_request_events(root), _title(root, repository))
        failures = [
            _take(name, changes, dry_run=dry_run) for name, changes in steps.by_name().items()
        ]
    refusals = [failure for failure in failures if isinstance(failure, ForbiddenError)]
    if any(refusal.by_job for refusal in refusals):
        # A job has done what a job may.
        return 0 if len(refusals) == len([f for f in failures if f]) else 1
    return 1 if any(failures) else 0


def _take(name: str, changes: _Changes, *, dry_run: bool) -> KdbotError | None:
    """Make the changes of one step, tell of them, and return what ended the step early."""
    done: list[str] = []
    failure: KdbotError | None = None
    try:
        for words, write in changes:
            if not dry_run:
                write()
            done.append(words)
    except KdbotError as error:
        failure = error
    if done:
        print(f"{name}: {'would' if dry_run else 'done:'} {', '.join(done)}")
    if failure is not None:
        is_fault = isinstance(failure, GitHubUnavailableError)
        fix = "run `kdbot setup` again" if is_fault else failure.fix
        print(f"{name}: could not: {failure.what}{f' ({fix})' if fix else ''}")
    elif not done:
        print(f"{name}: nothing to do")
    return failure


@dataclass(frozen=True, slots=True)
class _Steps:
    """The steps of one repository; `title` is that of the list, where it is known."""

    client: GitHubClient
    repository: Repository
    events: frozenset[str]
    title: str | None

    def by_name(self) -> Mapping[str, _Changes]:
        return {
            "labels": self._labels(),
            "Actions policy": self._policy(),
            "workflow permissions": self._permissions(),
            "Pages": self._page(),
            "topics": self._topics(),
            "description": self._description(),
        }

    def _put(self, what: str, call: str, body: Mapping[str, Any]) -> Callable[[], None]:
        return partial(self.client.settings.put, what, call, body)

    def _labels(self) -> _Changes:
        for label, known in label_changes(self.client.labels()):
            words = f"{'create' if known is None else 'change'} `{label.name}`"
            yield words, partial(self.client.put_label, label, known)

    def _policy(self) -> _Changes:
        # GitHub's default policy blocks nothing in a private repository, and not every plan has
        # others.
        if self.repository.private:
            return
        change = policy_change(self.client.settings.policies(), self.events)
        if change is not None:
            verb, names = (
                "renew" if "PUT" in change[0] else "create",
                ", ".join(sorted(self.events)),
            )
            words = f"{verb} the policy for `{PULL_REQUEST_WORKFLOW}` ({names})"
            yield words, self._put("the Actions policy", *change)

    def _permissions(self) -> _Changes:
        if self.client.settings.permissions() != WANTED_PERMISSIONS:
            what, call = "the workflow permissions", "PUT actions/permissions/workflow"
            words = "let jobs read by default, and create pull requests"
            yield words, self._put(what, call, WANTED_PERMISSIONS)

    def _page(self) -> _Changes:
        source = self.client.settings.page_source()
        if source != "workflow":
            verb = "enable Pages" if source is None else "publish Pages"
            call = "POST pages" if source is None else "PUT pages"
            write = self._put("Pages", call, {"build_type": "workflow"})
            yield f"{verb} with the source GitHub Actions", write

    def _topics(self) -> _Changes:
        if not self.client.settings.topics():
            words = f"set the topics {', '.join(f'`{topic}`' for topic in _TOPICS)}"
            yield words, self._put("the topics", "PUT topics", {"names": list(_TOPICS)})

    def _description(self) -> _Changes:
        # An existing description is kept.
        if self.title and not self.repository.description:
            text = f"{self.title}: a list of papers, maintained by its readers"[
                :_LONGEST_DESCRIPTION
            ]
            write = self._put("the description", "PATCH ", {"description": text})
            yield f"describe the repository as `{text}`", write


def _title(root: Path | None, repository: str) -> str | None:
    """Return the title of the list, where a checkout of it is at hand, or None.

    Without a named folder, that of the caller counts if its settings name this very repository.
    """
    folder = root or Path.cwd()
    if not (folder / SETTINGS).is_file():
        return None
    settings = load_settings(folder, {})
    is_own = (settings.repository or "").lower() == repository.lower()
    return settings.title if root or is_own else None


def pull_request_events(root: Path | None) -> frozenset[str]:
    """Return the events that start the pull request workflow, as its own file names them.

    Args:
        root: the list; None, or one without the file, for the file that comes with kdbot.

    Raises:
        KdbotError: the file cannot be read.
    """
    path = root / PULL_REQUEST_WORKFLOW if root else None
    text = (
        path.read_text("utf-8") if path and path.is_file() else read_shared(PULL_REQUEST_WORKFLOW)
    )
    workflow = YamlValues(text.encode("utf-8"), PULL_REQUEST_WORKFLOW).root
    on = workflow.get("on") if isinstance(workflow, dict) else None
    if not on:
        raise KdbotError("names no event", where=PULL_REQUEST_WORKFLOW)
    return frozenset([on] if isinstance(on, str) else on)


def open_client(repository: str, environment: Mapping[str, str]) -> GitHubClient:
    """Return a client for a repository, with the token of the environment.

    Raises:
        KdbotError: there is no token, or the name is not one of a repository.
    """
    owner, _, name = repository.partition("/")
    if not owner or not name or "/" in name:
        raise KdbotError(f"{repository!r} is not a repository name", fix="write it as OWNER/NAME")
    token = environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN")
    if not token:
        raise KdbotError(
            "GITHUB_TOKEN and GH_TOKEN are not set",
            fix="run `GITHUB_TOKEN=$(gh auth token) kdbot …`",
        )
    return connect(repository, token, environment)
