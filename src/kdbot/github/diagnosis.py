"""What can be wrong with a repository, told from what is known of it: pure, one check a subject.

A field of the state that is None could not be read. Nothing is concluded from it, neither that all
is well nor that something is wrong.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kdbot.github.labels import LABELS
from kdbot.github.settings import (
    PULL_REQUEST_WORKFLOW,
    WANTED_PERMISSIONS,
    Policy,
    Repository,
    Workflow,
    WorkflowRun,
)
from kdbot.model.finding import Finding, Rule, Severity, quote

_SETTINGS_FILE = "kdbot.toml"
PIN_FILE = ".github/actions/setup-kdbot/action.yml"

_PIN = re.compile(
    r"uses:\s*(?P<repository>[\w.-]+/[\w.-]+)@(?P<commit>\S+)(?:\s+#\s*(?P<version>v[\d.]+)\s*$)?",
    re.MULTILINE,
)
_VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)")
_RUN_WAIT = timedelta(minutes=10)  # in which GitHub starts the run of a new pull request
_README_WAIT = timedelta(hours=1)
_WEEK = timedelta(days=7)
_LOW_QUOTA = 10  # the part of the hourly requests below which a sweep may not come to its end

_TABLE = """
repository-gone | error
The repository exists, and the token may see it.
Correct the name, or use a token that may see the repository.

repository-name | error
The repository has the name that `kdbot.toml` gives it.
Write the new name into `kdbot.toml`, run `kdbot build` and push.

repository-archived | error | settings
The repository is not archived.
Unarchive it in its settings, under General.

default-branch | warning | settings
The branch in `kdbot.toml` is the repository's default branch.
Remove `branch` from `kdbot.toml`, or change the default branch.

fork-switched-off | error | settings/variables/actions
A list that lives in a fork has the variable `KDBOT_FORK` set to `true`.
Run `gh variable set KDBOT_FORK --body true`.

switched-off | warning | settings/variables/actions
The variable `KDBOT_ENABLED` does not switch the bot off.
Run `gh variable delete KDBOT_ENABLED`; the next sweep does what was missed.

kdbot-not-pinned | error
The workflows run a commit of kdbot that exists.
Write the commit of a release after the `@`, and its version as a comment.

kdbot-outdated | notice
The workflows run the newest release of kdbot.
Merge Dependabot's pull request, or change the commit and the version yourself.

missing-label | error | labels
The repository has every label that the bot sets.
Run `kdbot setup`, which creates them.

pages-off | notice | settings/pages
GitHub Pages publishes the searchable page. The page is optional.
Run `kdbot setup`, or choose the source GitHub Actions in the settings, under Pages.

pages-from-branch | error | settings/pages
The source of GitHub Pages is GitHub Actions, not a branch.
Run `kdbot setup`, or choose the source GitHub Actions in the settings, under Pages.

pull-requests-forbidden | error | settings/actions
GitHub Actions may create pull requests.
Run `kdbot setup`, or allow it in the settings, under Actions, General.

token-may-write | warning | settings/actions
The token of a job can only read unless its workflow says otherwise.
Run `kdbot setup`, or choose read permissions in the settings, under Actions, General.

actions-off | error | settings/actions
GitHub Actions is on, and may run the actions of GitHub itself.
Allow all actions, or those of GitHub, in the settings, under Actions, General.

actions-policy-missing | error | settings/actions/policies
An Actions policy lets `pull_request_target` start the review of pull requests.
Run `kdbot setup` with an owner's token, which creates the policy.

actions-policy-events | error | settings/actions/policies
Every Actions policy for `pull-request.yml` allows the events that start it.
Run `kdbot setup` with an owner's token, or add the events to that policy.

protected-branch | notice | settings/rules
The bot pushes to the default branch. Where it is protected, it opens pull requests.
Nothing to do; docs/maintainers.md explains who merges them, and the other ways.

signed-commits | error | settings/rules
The default branch takes commits without a signature: those of a job have none.
Remove the rule for signed commits, or use a GitHub App that may bypass it.

low-quota | warning
At least a tenth of the hourly requests to GitHub's API is left.
Wait for the hour to end; set the variable `KDBOT_SWEEP` to `nightly` if it recurs.

stale-readme | error | actions/workflows/publish.yml
The README is rebuilt within an hour of a change to the papers.
Start the workflow Publish by hand, or run `kdbot build` and push.

superseded-run | warning | actions
Every run of the last week is finished by itself or by a later one.
Start the workflow by hand.

workflow-disabled | error | actions
Every workflow of the bot is enabled.
Run `gh workflow enable` with the file that is named.
"""
"""The rules: code, severity and the page of a repository where it is fixed; summary; remedy."""


def _rows() -> Iterator[tuple[Rule, str]]:
    for row in _TABLE.strip().split("\n\n"):
        head, summary, remedy = row.split("\n")
        code, severity, *place = head.split(" | ")
        rule = Rule(Severity(severity), code, summary, remedy, since="0.2.0")
        yield rule, "".join(place)


_RULES = {rule.code: rule for rule, _ in _rows()}
"""The rules by their code."""
_PLACES = {rule.code: place for rule, place in _rows() if place}


def _found(code: str, message: str, **more: Any) -> Finding:
    return _RULES[code].finding(message, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """The kdbot that a list's workflows run.

    Attributes:
        repository: `owner/name` of kdbot.
        commit: what stands after the `@`.
        version: the release beside it, such as `v0.1.0`, or None.
        line: line of `PIN_FILE`, counted from 1.
    """

    repository: str
    commit: str
    version: str | None
    line: int

    @property
    def is_placeholder(self) -> bool:
        """Whether no workflow can run by it: it is no full commit, or one of zeros alone."""
        is_commit = re.fullmatch(r"[0-9a-f]{40}", self.commit) is not None
        return not is_commit or not self.commit.strip("0")


def parse_pin(text: str) -> Pin | None:
    """Return the pin of an action's file, or None where it uses no other action."""
    match = _PIN.search(text)
    if match is None:
        return None
    return Pin(
        repository=match["repository"],
        commit=match["commit"],
        version=match["version"],
        line=text.count("\n", 0, match.start()) + 1,
    )


def newest_version(tags: tuple[str, ...]) -> str | None:
    """Return the highest of the tags that are a version (`v1.2.3`), or None."""
    return max((tag for tag in tags if _VERSION.fullmatch(tag)), key=_numbers, default=None)


def _numbers(version: str) -> tuple[int, ...]:
    match = _VERSION.fullmatch(version)
    return tuple(map(int, match.groups())) if match else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryState:
    """What is known of a repository; None for what could not be read.

    Attributes:
        now: the time, in UTC.
        asked: the name by which GitHub was asked.
        repository: what GitHub says of it; None where it is not there.
        named: the name that `kdbot.toml` gives; None where it gives none.
        branch: the branch that `kdbot.toml` names; None where it names none.
        pin: the kdbot that the workflows run; None where they install no other one.
        newest: the newest release of that kdbot.
        labels: the labels in lower case.
        page: `off`, `workflow`, `legacy`, or `on` where only that it exists is known.
        actions: which actions may run: `none`, `all`, `local_only` or `selected`.
        permissions: what jobs may do by default, as `WANTED_PERMISSIONS` has it.
        policies: the Actions policies that apply.
        events: the events that start the pull request workflow.
        newest_pull: when a person opened the newest of the open pull requests; None also without.
        last_pull_run: the last run of that workflow for a pull request; None also without.
        workflows: the workflows that GitHub knows.
        own_workflows: files of the bot's workflows.
        runs: the last runs by the file of the workflow, newest first.
        rules: the kinds of rules that hold for the default branch.
        fork_variable: value of `KDBOT_FORK`, empty where it is not set.
        enabled_variable: value of `KDBOT_ENABLED`, empty where it is not set.
        quota: the requests of an hour, those that are left, and when all are there again.
        stale: derived files that are not what the papers say.
        papers_changed: when the papers were last changed on the default branch.
    """

    now: datetime
    asked: str
    repository: Repository | None
    named: str | None = None
    branch: str | None = None
    pin: Pin | None = None
    newest: str | None = None
    labels: frozenset[str] | None = None
    page: str | None = None
    actions: str | None = None
    permissions: Mapping[str, str | bool] | None = None
    policies: tuple[Policy, ...] | None = None
    events: frozenset[str] = frozenset()
    newest_pull: datetime | None = None
    last_pull_run: WorkflowRun | None = None
    workflows: tuple[Workflow, ...] | None = None
    own_workflows: frozenset[str] = frozenset()
    runs: Mapping[str, tuple[WorkflowRun, ...]] = field(default_factory=dict)
    rules: frozenset[str] | None = None
    fork_variable: str | None = None
    enabled_variable: str | None = None
    quota: tuple[int, int, datetime] | None = None
    stale: tuple[str, ...] | None = None
    papers_changed: datetime | None = None


def diagnose(state: RepositoryState) -> tuple[Finding, ...]:
    """Return what is wrong with a repository, errors first, then by code."""
    if state.repository is None:
        message = f"GitHub knows no repository {quote(state.asked)}, or this token may not see it."
        return (_found("repository-gone", message),)
    order = tuple(Severity)
    found = [f for check in _CHECKS for f in check(state, state.repository)]
    return tuple(sorted(found, key=lambda f: (order.index(f.severity), f.code, f.message)))


def place_of(finding: Finding, repository: str, server: str) -> str:
    """Return where a finding is fixed: a file with its line, or a page of the repository."""
    if finding.file:
        return f"{finding.file}:{finding.line}" if finding.line else finding.file
    path = _PLACES.get(finding.code)
    return f"{server}/{repository}/{path}" if path else f"{server}/{repository}"


def _check_name(state: RepositoryState, repository: Repository) -> Iterator[Finding]:
    name = repository.full_name
    for known in dict.fromkeys(filter(None, (state.named, state.asked))):
        if known.lower() != name.lower():
            where = "`kdbot.toml` names" if known == state.named else "the call names"
            fix = _RULES["repository-name"].remedy
            if known == state.named:
                fix = (
                    f"Write {quote(f'repository = {name!r}')} into `kdbot.toml`, run `kdbot build` "
                    "and push."
                )
            yield _found(
                "repository-name",
                f"The repository is called {quote(name)} today; {where} {quote(known)}.",
                fix=fix,
                file=_SETTINGS_FILE if known == state.named else None,
            )
            return


def _check_branch(state: RepositoryState, repository: Repository) -> Iterator[Finding]:
    if state.branch and state.branch != repository.default_branch:
        yield _found(
            "default-branch",
            f"`kdbot.toml` names the branch {quote(state.branch)}, but the default branch is "
            f"{quote(repository.default_branch)}, which the bot publishes from on GitHub.",
            file=_SETTINGS_FILE,
        )


def _check_switches(state: RepositoryState, repository: Repository) -> Iterator[Finding]:
    if repository.archived:
        yield _found(
            "repository-archived", "The repository is archived, so nothing can be written."
        )
    if repository.fork and state.fork_variable is not None and not _is(state.fork_variable, "true"):
        yield _found(
            "fork-switched-off",
            "The repository is a fork, where the bot does nothing until it is switched on.",
        )
    if _is(state.enabled_variable or "", "false"):
        yield _found("switched-off", "`KDBOT_ENABLED` is `false`, so the bot does nothing.")


def _is(value: str, word: str) -> bool:
    return value.strip().lower() == word


def _check_pin(state: RepositoryState, _repository: Repository) -> Iterator[Finding]:
    pin = state.pin
    if pin is None:
        return
    if pin.is_placeholder:
        yield _found(
            "kdbot-not-pinned",
            f"The workflows would run {quote(f'{pin.repository}@{pin.commit}')}, which is no "
            "commit, so none of them can start.",
            file=PIN_FILE,
            line=pin.line,
        )
    elif pin.version and state.newest and _numbers(pin.version) < _numbers(state.newest):
        yield _found(
            "kdbot-outdated",
            f"The workflows run {quote(pin.version)}; {quote(state.newest)} is out.",
            file=PIN_FILE,
            line=pin.line,
        )


def _check_labels(state: RepositoryState, _repository: Repository) -> Iterator[Finding]:
    if state.labels is None:
        return
    missing = [label.name for label in LABELS if label.name.casefold() not in state.labels]
    if missing:
        names = ", ".join(map(quote, missing))
        yield _found("missing-label", f"{_count(len(missing), 'label')} missing: {names}.")


def _check_page(state: RepositoryState, _repository: Repository) -> Iterator[Finding]:
    if state.page == "off":
        yield _found("pages-off", "GitHub Pages is off, so the list has no searchable page.")
    elif state.page == "legacy":
        yield _found(
            "pages-from-branch",
            "GitHub Pages publishes a branch, so the page of the list cannot be deployed.",
        )


def _check_permissions(state: RepositoryState, _repository: Repository) -> Iterator[Finding]:
    if state.actions == "none":
        yield _found("actions-off", "GitHub Actions is off, as in every new fork: nothing runs.")
    elif state.actions == "local_only":
        yield _found("actions-off", "Only actions of the same owner may run, so no job can start.")
    changed = {
        name: value
        for name, value in (state.permissions or {}).items()
        if value != WANTED_PERMISSIONS[name]
    }
    if "can_approve_pull_request_reviews" in changed:
        yield _found(
            "pull-requests-forbidden",
            "GitHub Actions may not create pull requests, which the bot needs for a protected "
            "branch and for venues.",
        )
    if "default_workflow_permissions" in changed:
        yield _found(
            "token-may-write",
            "The token of a job may write by default. The bot's own jobs name what they need.",
        )


def _check_policy(state: RepositoryState, repository: Repository) -> Iterator[Finding]:
    """Tell whether GitHub lets `pull_request_target` start the review.

    A public repository to which no policy applies gets GitHub's default one, which blocks the
    event; several that apply have to agree.
    https://docs.github.com/en/actions/reference/security/securely-using-pull_request_target
    """
    if repository.private:
        return
    if state.policies is None:
        yield from _infer_policy(state)
        return
    deciding = [policy for policy in state.policies if policy.decides(PULL_REQUEST_WORKFLOW)]
    if not deciding:
        yield _found(
            "actions-policy-missing",
            "No Actions policy allows `pull_request_target`, which GitHub blocks by default in "
            "public repositories: pull requests get no answer.",
        )
    for policy in deciding:
        blocked = sorted(state.events - (policy.events or frozenset()))
        if blocked:
            owner = "" if policy.own else ", which the organization or the enterprise has set,"
            yield _found(
                "actions-policy-events",
                f"The Actions policy {quote(policy.name)}{owner} does not allow "
                f"{', '.join(map(quote, blocked))}.",
            )


def _infer_policy(state: RepositoryState) -> Iterator[Finding]:
    """Conclude from what GitHub did: a refused run ends before any job, as `startup_failure`."""
    run, pull = state.last_pull_run, state.newest_pull
    if run is not None and run.conclusion == "startup_failure":
        yield _found(
            "actions-policy-missing",
            "GitHub refused to start the last run for a pull request "
            f"({quote(run.html_url, 200)}), most likely since no Actions policy allows its event.",
        )
        return
    known = [w.created_at for w in state.workflows or () if w.path == PULL_REQUEST_WORKFLOW]
    if pull is None or not known:
        return
    since = max([*known, *([run.created_at] if run else ())])
    if since < pull < state.now - _RUN_WAIT:
        yield _found(
            "actions-policy-missing",
            f"A pull request was opened on {pull:%Y-%m-%d %H:%M} UTC and started no run, most "
            "likely since no Actions policy allows its event.",
        )


def _check_rules(state: RepositoryState, repository: Repository) -> Iterator[Finding]:
    rules = state.rules or frozenset()
    branch = quote(repository.default_branch)
    if "required_signatures" in rules:
        yield _found(
            "signed-commits",
            f"The branch {branch} takes signed commits alone, so it refuses those of the bot.",
        )
    if rules & {"pull_request", "required_status_checks", "update"}:
        yield _found(
            "protected-branch",
            f"The branch {branch} is protected, so the bot opens pull requests for its changes.",
        )


def _check_quota(state: RepositoryState, _repository: Repository) -> Iterator[Finding]:
    if state.quota is None:
        return
    limit, left, reset = state.quota
    if left * _LOW_QUOTA < limit:
        until = reset.astimezone(state.now.tzinfo)
        yield _found(
            "low-quota", f"{left:,} of {limit:,} requests are left until {until:%H:%M} UTC."
        )


def _check_readme(state: RepositoryState, _repository: Repository) -> Iterator[Finding]:
    changed = state.papers_changed
    if not state.stale or changed is None or state.now - changed <= _README_WAIT:
        return
    names = ", ".join(map(quote, state.stale[:3])) + (" and more" if state.stale[3:] else "")
    yield _found(
        "stale-readme",
        f"The papers were changed on {changed:%Y-%m-%d %H:%M} UTC, and {names} "
        f"{'do' if state.stale[1:] else 'does'} not show it yet.",
    )


def _check_runs(state: RepositoryState, _repository: Repository) -> Iterator[Finding]:
    for name, runs in state.runs.items():
        cancelled = [run.created_at for run in runs if run.conclusion == "cancelled"]
        cancelled = [created for created in cancelled if state.now - created <= _WEEK]
        if not cancelled:
            continue
        is_made_up = any(r.conclusion == "success" and r.created_at > max(cancelled) for r in runs)
        yield _found(
            "superseded-run",
            f"{_count(len(cancelled), 'run')} of {quote(name)} cancelled in the last week, "
            + ("and a later run made up for it." if is_made_up else "and no later run succeeded."),
            fix="Nothing to do." if is_made_up else None,
            severity=Severity.NOTICE if is_made_up else None,
        )


def _check_workflows(state: RepositoryState, _repository: Repository) -> Iterator[Finding]:
    """Name what GitHub or a person has switched off, such as after 60 days without a commit.

    https://docs.github.com/en/actions/how-tos/manage-workflow-runs/disable-and-enable-workflows
    """
    for workflow in state.workflows or ():
        if workflow.path in state.own_workflows and workflow.state.startswith("disabled"):
            yield _found(
                "workflow-disabled",
                f"{quote(workflow.path)} does not run: GitHub calls it {quote(workflow.state)}.",
            )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{' is' if number == 1 else 's are'}"


_CHECKS: tuple[Callable[[RepositoryState, Repository], Iterator[Finding]], ...] = (
    _check_name,
    _check_branch,
    _check_switches,
    _check_pin,
    _check_labels,
    _check_page,
    _check_permissions,
    _check_policy,
    _check_rules,
    _check_quota,
    _check_readme,
    _check_runs,
    _check_workflows,
)
