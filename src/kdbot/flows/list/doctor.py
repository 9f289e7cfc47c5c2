"""`kdbot doctor`: read all that can be wrong with a repository, and say what to do."""

import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from kdbot.flows.list.build import stale_files
from kdbot.flows.list.checked_list import check_list
from kdbot.flows.list.setup import open_client, pull_request_events, server_of
from kdbot.flows.output import use_color
from kdbot.flows.run import is_switched_off, open_run
from kdbot.github.client import GitHubClient
from kdbot.github.diagnosis import (
    PIN_FILE,
    RepositoryState,
    diagnose,
    newest_version,
    parse_pin,
    place_of,
)
from kdbot.github.errors import ForbiddenError, GitHubUnavailableError, ItemGoneError
from kdbot.github.labels import DOCTOR
from kdbot.github.reconcile import Reconciler, TrackingIssue
from kdbot.github.settings import PULL_REQUEST_WORKFLOW, Repository
from kdbot.github.writes import Write
from kdbot.model.errors import KdbotError
from kdbot.model.finding import has_errors
from kdbot.model.paper import PAPERS
from kdbot.publish.comment.words import OVERRIDES, Words
from kdbot.publish.tracking_issues import (
    DOCTOR_MARKER,
    DOCTOR_TITLE,
    Diagnosis,
    render_diagnosis,
    render_diagnosis_json,
    render_diagnosis_text,
)
from kdbot.storage.files import load_templates
from kdbot.storage.git import Author, Checkout
from kdbot.storage.package_data import shared_names
from kdbot.storage.repository import load_settings, settings_document

_T = TypeVar("_T")

_WORKFLOWS = ".github/workflows"
_WATCHED = ("publish.yml", "weekly.yml")
"""Workflows whose lost runs the list shows."""


def doctor(
    root: Path,
    environment: Mapping[str, str],
    form: str,
    *,
    repository: str | None = None,
    keep_issue: bool = False,
    now: datetime | None = None,
) -> int:
    """Print what is wrong and what is unknown, and return the exit status.

    Args:
        root: the list.
        environment: where the token, the address of GitHub and, in Actions, the variables are.
        form: `text` or `json`.
        repository: `owner/name`; None for the one that the environment or `kdbot.toml` names.
        keep_issue: whether to keep what is wrong in one tracking issue.
        now: the time; None for the clock's.

    Returns:
        1 where something is wrong, else 0: what could not be read is no fault.

    Raises:
        KdbotError: the repository or the token is not named, or the settings cannot be read.
    """
    if keep_issue and is_switched_off(environment, forks=False):
        return 0
    _, document = settings_document(root)
    asked = repository or environment.get("GITHUB_REPOSITORY") or document.get("repository")
    if not asked:
        raise KdbotError("the repository is not named", fix="name it with --repository OWNER/NAME")
    with closing(open_client(asked, environment)) as client:
        reader = _Reader(client, root, environment, now or datetime.now(UTC))
        try:
            state = reader.state(asked, document)
        except GitHubUnavailableError as error:
            print(f"kdbot: could not check: {error}", file=sys.stderr)
            return 0
    name = state.repository.full_name if state.repository else asked
    server = server_of(environment)
    diagnosis = Diagnosis(
        repository=name,
        findings=[(found, place_of(found, name, server)) for found in diagnose(state)],
        unknown=list(reader.unknown.items()),
    )
    words = Words(load_templates(root, OVERRIDES), warn=lambda text: print(text, file=sys.stderr))
    _show(diagnosis, form, environment, words)
    is_kept = (
        not keep_issue or state.repository is None or _keep(diagnosis, root, environment, words)
    )
    return 1 if not is_kept or has_errors(found for found, _ in diagnosis.findings) else 0


def _show(diagnosis: Diagnosis, form: str, environment: Mapping[str, str], words: Words) -> None:
    if form == "json":
        sys.stdout.write(render_diagnosis_json(diagnosis))
    else:
        color = use_color(sys.stdout, environment)
        sys.stdout.write(render_diagnosis_text(diagnosis, color=color))
    if summary := environment.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as stream:
            stream.write(f"{render_diagnosis(diagnosis, words=words)}\n")
    if not diagnosis.findings:
        where = " in what could be read" if diagnosis.unknown else ""
        print(f"no problems found{where}", file=sys.stderr)


def _keep(diagnosis: Diagnosis, root: Path, environment: Mapping[str, str], words: Words) -> bool:
    """Open, rewrite or close the tracking issue, and tell whether the job may do so.

    Raises:
        KdbotError: the settings cannot be read.
    """
    text = f"{DOCTOR_MARKER}\n{render_diagnosis(diagnosis, words=words)}"
    wanted = TrackingIssue(
        marker=DOCTOR_MARKER,
        label=DOCTOR,
        title=DOCTOR_TITLE,
        open=diagnosis.needs_work,
        render=lambda _: text,
    )

    def log(_number: int, write: Write) -> None:
        # Standard output has the diagnosis.
        print(f"kdbot: {write.kind}: {DOCTOR_TITLE}", file=sys.stderr)

    try:
        with closing(open_run(root, environment, dry_run=False)) as run:
            reconciler = Reconciler(
                client=run.client, bot_id=run.settings.bot.id, sleep=run.sleep, log=log
            )
            reconciler.tracking_issue(wanted)
    except (ForbiddenError, GitHubUnavailableError, ItemGoneError) as error:
        print(f"kdbot: {DOCTOR_TITLE}: {error}", file=sys.stderr)
        # A world that fails is no fault; a job that may not, or issues that are off, is one.
        return isinstance(error, GitHubUnavailableError)
    return True


class _Reader:
    """Reads the state of a repository piece by piece, and remembers what it may not read.

    Attributes:
        unknown: why a thing could not be read, by what it is.
    """

    def __init__(
        self, client: GitHubClient, root: Path, environment: Mapping[str, str], now: datetime
    ) -> None:
        self.unknown: dict[str, str] = {}
        self._client = client
        self._settings = client.settings
        self._root = root
        self._environment = environment
        self._now = now

    def state(self, asked: str, document: Mapping[str, Any]) -> RepositoryState:
        """Read everything.

        Args:
            asked: `owner/name` by which GitHub is asked.
            document: the settings as their file has them.

        Raises:
            ForbiddenError: the token is not valid.
            GitHubUnavailableError: GitHub did not answer at all.
        """
        read, settings = self._read, self._settings
        state = RepositoryState(
            now=self._now,
            asked=asked,
            repository=None,
            named=document.get("repository"),
            branch=document.get("branch"),
        )
        try:
            repository = settings.repository()
        except ItemGoneError:
            return state
        branch = repository.default_branch
        tip = read(f"branch `{branch}`", lambda: settings.tip(branch))
        state = replace(
            state,
            repository=repository,
            labels=read("labels", lambda: frozenset(self._client.labels())),
            page=self._page(repository),
            actions=read("Actions permissions", settings.allowed_actions),
            permissions=read("workflow permissions", settings.permissions),
            policies=read("Actions policies", settings.policies),
            rules=self._rules(branch, has_protection=tip is not None and tip[1]),
            fork_variable=self._variable("KDBOT_FORK") if repository.fork else "",
            enabled_variable=self._variable("KDBOT_ENABLED"),
            quota=read("requests left", settings.quota),
            workflows=read("workflows", settings.workflows),
        )
        known = {workflow.path for workflow in state.workflows or ()}
        state = replace(
            state,
            own_workflows=frozenset(f"{_WORKFLOWS}/{name}" for name in shared_names(_WORKFLOWS)),
            runs={
                name: read(f"runs of `{name}`", partial(settings.runs, name)) or ()
                for name in _WATCHED
                if f"{_WORKFLOWS}/{name}" in known
            },
            events=pull_request_events(self._root),
        )
        if state.policies is None and PULL_REQUEST_WORKFLOW in known:
            state = self._with_pulls(state)
        return self._with_files(state, repository, tip[0] if tip else None)

    def _read(self, what: str, call: Callable[[], _T]) -> _T | None:
        try:
            return call()
        except KdbotError as error:
            self.unknown[what] = error.what
            return None

    def _page(self, repository: Repository) -> str | None:
        try:
            return self._settings.page_source() or "off"
        except ForbiddenError as error:
            if not repository.has_pages:
                return "off"
            self.unknown["source of the page"] = error.what
            return "on"
        except GitHubUnavailableError as error:
            self.unknown["Pages"] = error.what
            return None

    def _rules(self, branch: str, *, has_protection: bool) -> frozenset[str] | None:
        """Read both kinds of rules: those of rulesets, and the older protection of the branch."""
        rules = self._read(f"rules of `{branch}`", lambda: self._settings.rules(branch))
        if not has_protection:
            return rules
        older = self._read(f"protection of `{branch}`", lambda: self._settings.protection(branch))
        return rules if older is None else older | (rules or frozenset())

    def _variable(self, name: str) -> str | None:
        """Return a variable's value: in Actions that of the step, whose token may not ask."""
        if self._environment.get("GITHUB_ACTIONS") == "true":
            return self._environment.get(name) or ""
        return self._read(f"variable `{name}`", lambda: self._settings.variable(name))

    def _with_pulls(self, state: RepositoryState) -> RepositoryState:
        """Read what GitHub did with the last pull requests, where the policies are unknown."""
        name = PULL_REQUEST_WORKFLOW.rpartition("/")[2]
        runs = self._read("runs", lambda: self._settings.runs(name, "pull_request_target"))
        if runs is None:
            return state
        newest = self._read("open pull requests", self._settings.newest_pull)
        return replace(state, last_pull_run=runs[0] if runs else None, newest_pull=newest)

    def _with_files(
        self, state: RepositoryState, repository: Repository, tip: str | None
    ) -> RepositoryState:
        path = self._root / PIN_FILE
        pin = parse_pin(path.read_text("utf-8")) if path.is_file() else None
        if pin is not None and not pin.is_placeholder:
            tags = self._read(
                "newest release of kdbot", lambda: self._settings.tags(pin.repository)
            )
            state = replace(state, newest=newest_version(tags or ()))
        if pin and pin.version and pin.version != f"v{version('kdbot')}":
            # Another release may build other files from the same papers.
            self.unknown["README"] = f"this is not the {pin.version} that the workflows run"
            return replace(state, pin=pin)
        changed = self._read(
            "last change of the papers", lambda: self._settings.last_change(PAPERS)
        )
        return replace(state, pin=pin, stale=self._stale(repository, tip), papers_changed=changed)

    def _stale(self, repository: Repository, tip: str | None) -> tuple[str, ...] | None:
        """Return the derived files that are stale, where this checkout is what is published."""
        checkout = Checkout(root=self._root, author=Author(name="", email=""))
        try:
            if checkout.head() != tip or not checkout.is_clean():
                self.unknown["README"] = f"this checkout is not `{repository.default_branch}`"
                return None
            checked = check_list(self._root)
            environment = {**self._environment, "GITHUB_REPOSITORY": repository.full_name}
            settings = load_settings(self._root, environment)
            if not has_errors(checked.findings):
                files = stale_files(self._root, checked.collection, settings)
                if not isinstance(files, tuple):
                    return tuple(sorted(files))
        except KdbotError as error:
            self.unknown["README"] = error.what
        else:
            self.unknown["README"] = "the list has errors, which `kdbot validate` names"
        return None
