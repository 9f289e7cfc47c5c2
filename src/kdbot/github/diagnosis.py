"""What can be wrong with a repository: one check a subject, which reads what it judges.

What cannot be read is unknown. Nothing is concluded from it, neither that all is well nor that
something is wrong.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from kdbot.github.errors import ForbiddenError, GitHubUnavailableError, ItemGoneError
from kdbot.github.labels import LABELS
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding, Rule, Severity, quote
from kdbot.model.paper import PAPERS
from kdbot.model.settings import SETTINGS
from kdbot.publish.markdown import count
from kdbot.publish.new_list import PIN_FILE, PULL_REQUEST_WORKFLOW, WANTED_PERMISSIONS, WORKFLOWS

if TYPE_CHECKING:  # the rules below are part of a build, which needs no GitHub
    from github.Workflow import Workflow

    from kdbot.github.client import GitHubClient
    from kdbot.github.settings import Repository

_T = TypeVar("_T")

_PIN = re.compile(
    r"uses:\s*(?P<repository>[\w.-]+/[\w.-]+)@(?P<commit>\S+)(?:\s+#\s*(?P<version>v[\d.]+)\s*$)?",
    re.MULTILINE,
)
_VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)")
_RUN_WAIT = timedelta(minutes=10)  # in which GitHub starts the run of a new pull request
_README_WAIT = timedelta(hours=1)
_WEEK = timedelta(days=7)
_WATCHED = ("publish.yml", "weekly.yml")
"""Workflows whose lost runs the list shows."""
_REFUSED_ACTIONS = {
    "none": "GitHub Actions is disabled, as in every new fork, so no workflow runs.",
    "local_only": "Only actions of the same owner may run, so no job can start.",
}
_REFUSED_PERMISSIONS = {
    "can_approve_pull_request_reviews": "pull-requests-forbidden",
    "default_workflow_permissions": "token-may-write",
}
_LOW_QUOTA = 10  # the part of the hourly requests below which a sweep may not finish

_TABLE = """
repository-gone | error
The repository exists, and the token may see it.
Correct the name, or use a token that may see the repository.
There is no repository {asked} on GitHub, or this token may not see it.

repository-name | error
The repository has the name that `kdbot.toml` gives it.
Write the new name into `kdbot.toml`, run `kdbot build` and push.
The repository is now called {name}; {who} {known}.

repository-archived | error | settings
The repository is not archived.
Unarchive it in its settings, under General.
The repository is archived, so nothing can be written.

default-branch | warning | settings
The branch in `kdbot.toml` is the repository's default branch.
Remove `branch` from `kdbot.toml`, or change the default branch.
`kdbot.toml` names the branch {branch}, but the bot publishes from {default} on GitHub.

fork-switched-off | error | settings/variables/actions
A list in a fork has the variable `KDBOT_FORK` set to `true`.
Run `gh variable set KDBOT_FORK --body true`.
The repository is a fork, and the bot is switched off in forks by default.

switched-off | warning | settings/variables/actions
The variable `KDBOT_ENABLED` does not switch the bot off.
Run `gh variable delete KDBOT_ENABLED`; the next sweep catches up.
`KDBOT_ENABLED` is `false`, so the bot does nothing.

kdbot-not-pinned | error
The workflows run a commit of kdbot that exists.
Write the commit of a release after the `@`, and its version in a comment.
The workflows pin {pin}, which is not a commit, so none of them can start.

kdbot-outdated | notice
The workflows run the newest release of kdbot.
Merge Dependabot's pull request, or change the commit and the version yourself.
The workflows run {version}; {newest} is available.

missing-label | error | labels
The repository has every label that the bot sets.
Run `kdbot setup` to create them.
{count} missing: {names}.

pages-off | notice | settings/pages
GitHub Pages publishes the searchable page. The page is optional.
Run `kdbot setup`, or select GitHub Actions as the source in the settings, under Pages.
GitHub Pages is off, so the list has no searchable page.

pages-from-branch | error | settings/pages
The source of GitHub Pages is GitHub Actions, not a branch.
Run `kdbot setup`, or select GitHub Actions as the source in the settings, under Pages.
GitHub Pages publishes a branch, so the page of the list cannot be deployed.

pull-requests-forbidden | error | settings/actions
GitHub Actions may create pull requests.
Run `kdbot setup`, or allow it in the settings, under Actions, General.
GitHub Actions may not create pull requests; a protected branch and venues need them.

token-may-write | warning | settings/actions
The token of a job is read-only by default.
Run `kdbot setup`, or select read permissions in the settings, under Actions, General.
The token of a job may write by default. The bot's jobs declare the permissions that they need.

actions-off | error | settings/actions
GitHub Actions is enabled, and may run GitHub's own actions.
Allow all actions, or those of GitHub, in the settings, under Actions, General.
{reason}

actions-policy-missing | error | settings/actions/policies
An Actions policy lets `pull_request_target` start the review of pull requests.
Run `kdbot setup` with an owner's token to create the policy.
{reason}

actions-policy-events | error | settings/actions/policies
Every Actions policy for `pull-request.yml` allows the events that start it.
Run `kdbot setup` with an owner's token, or add the events to that policy.
The Actions policy {policy}{owner} does not allow {blocked}.

protected-branch | notice | settings/rules
The bot pushes to the default branch. Where it is protected, it opens pull requests.
Nothing to do; docs/maintainers.md explains who merges them, and the alternatives.
The branch {branch} is protected, so the bot opens pull requests for its changes.

signed-commits | error | settings/rules
The default branch accepts unsigned commits, since the commits of a job are not signed.
Remove the rule that requires signed commits, or use a GitHub App that may bypass it.
The branch {branch} requires signed commits, so it rejects those of the bot.

low-quota | warning
At least a tenth of the hourly rate limit of GitHub's API is left.
Wait until the limit resets; set the variable `KDBOT_SWEEP` to `nightly` if it recurs.
{left:,} of {limit:,} API requests are left until {reset:%H:%M} UTC.

stale-readme | error | actions/workflows/publish.yml
The README is rebuilt within an hour of a change to the papers.
Run the workflow Publish by hand, or run `kdbot build` and push.
The papers were changed on {changed:%Y-%m-%d %H:%M} UTC, and {names} not show it yet.

superseded-run | warning | actions
Every run of the last week finished, or a later run did its work.
Run the workflow by hand.
{count} of {workflow} in the last week, and {end}.

workflow-disabled | error | actions
Every workflow of the bot is enabled.
Run `gh workflow enable` with the name of that file.
{path} does not run: GitHub calls it {state}.
"""
"""The rules: code, severity and page where it is fixed; summary, remedy and message."""


_RULES: dict[str, Rule] = {}
"""The rules by their code."""
_MESSAGES: dict[str, str] = {}
_PLACES: dict[str, str] = {}
for _row in _TABLE.strip().split("\n\n"):
    _head, _summary, _remedy, _message = _row.split("\n")
    _code, _severity, *_place = _head.split(" | ")
    _RULES[_code] = Rule(Severity(_severity), _code, _summary, _remedy, since="0.2.0")
    _MESSAGES[_code], _PLACES[_code] = _message, "".join(_place)


_NONE: Mapping[str, Any] = MappingProxyType({})


def _found(code: str, words: Mapping[str, Any] = _NONE, **of_rule: Any) -> Finding:
    """Return the finding of a rule: with the words of its message, and what differs from it."""
    return _RULES[code].finding(_MESSAGES[code].format(**words), **of_rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """The kdbot that a list's workflows run.

    Attributes:
        repository: `owner/name` of kdbot.
        commit: the part after the `@`.
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


def _newest(tags: tuple[str, ...]) -> str | None:
    """Return the highest of the tags that are a version (`v1.2.3`), or None."""
    return max((tag for tag in tags if _VERSION.fullmatch(tag)), key=_numbers, default=None)


def _numbers(version: str) -> tuple[int, ...]:
    match = _VERSION.fullmatch(version)
    return tuple(map(int, match.groups())) if match else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFiles:
    """What the checkout of a list says about itself.

    Attributes:
        named: the repository's name in `kdbot.toml`, or None.
        branch: the branch in `kdbot.toml`, or None.
        pin: the kdbot that the workflows run; None where they install no other one.
        events: the events that start the pull request workflow.
        workflows: files of the bot's workflows.
        stale: returns the derived files that are not what the papers say, for the repository and
            the commit at the tip of its default branch; raises KdbotError where that is unknown.
    """

    named: str | None
    branch: str | None
    pin: Pin | None
    events: frozenset[str]
    workflows: frozenset[str]
    stale: "Callable[[Repository, str | None], tuple[str, ...]]"


def place_of(finding: Finding, repository: str, server: str) -> str:
    """Return where a finding is fixed: a file with its line, or a page of the repository."""
    if finding.file:
        return f"{finding.file}:{finding.line}" if finding.line else finding.file
    path = _PLACES.get(finding.code)
    return f"{server}/{repository}/{path}" if path else f"{server}/{repository}"


class Examination:
    """A repository under examination.

    Attributes:
        asked: the name by which GitHub is asked.
        repository: what GitHub says about it; None if it does not exist or cannot be seen.
        unknown: why each setting could not be read, by its name.
    """

    def __init__(
        self,
        client: "GitHubClient",
        files: ListFiles,
        environment: Mapping[str, str],
        now: datetime,
    ) -> None:
        self.asked = client.repository
        self.repository: Repository | None = None
        self.unknown: dict[str, str] = {}
        self._client = client
        self._settings = client.settings
        self._files = files
        self._environment = environment
        self._now = now

    def diagnose(self) -> tuple[Finding, ...]:
        """Return the problems of the repository, errors first, then by code.

        Raises:
            ForbiddenError: the token is not valid.
            GitHubUnavailableError: GitHub did not answer at all.
        """
        try:
            repository = self.repository = self._settings.repository()
        except ItemGoneError:
            return (_found("repository-gone", {"asked": quote(self.asked)}),)
        order = tuple(Severity)
        checks = (
            self._check_name,
            self._check_branch,
            self._check_switches,
            self._check_pin,
            self._check_labels,
            self._check_page,
            self._check_permissions,
            self._check_policy,
            self._check_rules,
            self._check_quota,
            self._check_readme,
            self._check_runs,
            self._check_workflows,
        )
        found = [finding for check in checks for finding in check(repository)]
        return tuple(sorted(found, key=lambda f: (order.index(f.severity), f.code, f.message)))

    def _read(self, what: str, call: Callable[[], _T]) -> _T | None:
        try:
            return call()
        except KdbotError as error:
            self.unknown[what] = error.what
            return None

    @cached_property
    def _workflows(self) -> "tuple[Workflow, ...]":
        return self._read("workflows", self._settings.workflows) or ()

    @cached_property
    def _tip(self) -> tuple[str | None, bool]:
        """The commit at the tip of the default branch, and whether that has a protection."""
        branch = self.repository.default_branch if self.repository else ""
        return self._read(f"branch `{branch}`", lambda: self._settings.tip(branch)) or (None, False)

    def _variable(self, name: str) -> str | None:
        """Return a variable's value in lower case.

        In Actions it is that of the step, whose token may not ask.
        """
        if self._environment.get("GITHUB_ACTIONS") == "true":
            value: str | None = self._environment.get(name) or ""
        else:
            value = self._read(f"variable `{name}`", lambda: self._settings.variable(name))
        return value.strip().lower() if value is not None else None

    def _check_name(self, repository: "Repository") -> Iterator[Finding]:
        name, named = repository.full_name, self._files.named
        known = next((k for k in (named, self.asked) if k and k.lower() != name.lower()), None)
        if known is None:
            return
        who, of_rule = "the call names", _NONE
        if known == named:
            row = quote(f"repository = {name!r}")
            fix = f"Write {row} into `kdbot.toml`, run `kdbot build` and push."
            who, of_rule = "`kdbot.toml` names", {"fix": fix, "file": SETTINGS}
        words = {"name": quote(name), "known": quote(known), "who": who}
        yield _found("repository-name", words, **of_rule)

    def _check_branch(self, repository: "Repository") -> Iterator[Finding]:
        branch, default = self._files.branch, repository.default_branch
        if branch and branch != default:
            words = {"branch": quote(branch), "default": quote(default)}
            yield _found("default-branch", words, file=SETTINGS)

    def _check_switches(self, repository: "Repository") -> Iterator[Finding]:
        if repository.archived:
            yield _found("repository-archived")
        if repository.fork and self._variable("KDBOT_FORK") not in {None, "true"}:
            yield _found("fork-switched-off")
        if self._variable("KDBOT_ENABLED") == "false":
            yield _found("switched-off")

    def _check_pin(self, _repository: "Repository") -> Iterator[Finding]:
        pin = self._files.pin
        if pin is None:
            return
        place = {"file": PIN_FILE, "line": pin.line}
        if pin.is_placeholder:
            name = quote(f"{pin.repository}@{pin.commit}")
            yield _found("kdbot-not-pinned", {"pin": name}, **place)
            return
        tags = self._read("newest release of kdbot", lambda: self._settings.tags(pin.repository))
        newest = _newest(tags or ())
        if pin.version and newest and _numbers(pin.version) < _numbers(newest):
            words = {"version": quote(pin.version), "newest": quote(newest)}
            yield _found("kdbot-outdated", words, **place)

    def _check_labels(self, _repository: "Repository") -> Iterator[Finding]:
        present = self._read("labels", self._client.labels)
        missing = [
            quote(label.name)
            for label in LABELS
            if present is not None and label.name.casefold() not in present
        ]
        if missing:
            lacking = f"{len(missing)} labels are" if missing[1:] else "1 label is"
            yield _found("missing-label", {"count": lacking, "names": ", ".join(missing)})

    def _check_page(self, repository: "Repository") -> Iterator[Finding]:
        try:
            source = self._settings.page_source()
        except ForbiddenError as error:
            source = None
            if repository.has_pages:
                self.unknown["source of the page"] = error.what
                return
        except GitHubUnavailableError as error:
            self.unknown["Pages"] = error.what
            return
        if source is None:
            yield _found("pages-off")
        elif source == "legacy":
            yield _found("pages-from-branch")

    def _check_permissions(self, _repository: "Repository") -> Iterator[Finding]:
        actions = self._read("Actions permissions", self._settings.allowed_actions)
        if actions in _REFUSED_ACTIONS:
            yield _found("actions-off", {"reason": _REFUSED_ACTIONS[actions]})
        found = self._read("workflow permissions", self._settings.permissions) or {}
        for name, value in found.items():
            if value != WANTED_PERMISSIONS[name]:
                yield _found(_REFUSED_PERMISSIONS[name])

    def _check_policy(self, repository: "Repository") -> Iterator[Finding]:
        """Tell whether GitHub lets `pull_request_target` start the review.

        A public repository to which no policy applies gets GitHub's default one, which blocks the
        event; several that apply have to agree.
        https://docs.github.com/en/actions/reference/security/securely-using-pull_request_target
        """
        if repository.private:
            return
        policies = self._read("Actions policies", self._settings.policies)
        if policies is None:
            if reason := self._inferred_reason():
                yield _found("actions-policy-missing", {"reason": reason})
            return
        deciding = [policy for policy in policies if policy.decides(PULL_REQUEST_WORKFLOW)]
        if not deciding:
            reason = (
                "No Actions policy allows `pull_request_target`, which GitHub blocks by default "
                "in public repositories, so pull requests get no answer."
            )
            yield _found("actions-policy-missing", {"reason": reason})
        for policy in deciding:
            blocked = sorted(self._files.events - (policy.events or frozenset()))
            if blocked:
                owner = "" if policy.own else ", set by the organization or the enterprise,"
                words = {
                    "policy": quote(policy.name),
                    "blocked": ", ".join(map(quote, blocked)),
                }
                yield _found("actions-policy-events", {**words, "owner": owner})

    def _inferred_reason(self) -> str | None:
        """Return what GitHub did with the last pull requests, where a missing policy explains it.

        A refused run ends before any job, as `startup_failure`.
        """
        known = [w.created_at for w in self._workflows if w.path == PULL_REQUEST_WORKFLOW]
        name, event = PULL_REQUEST_WORKFLOW.rpartition("/")[2], "pull_request_target"
        runs = self._read("runs", lambda: self._settings.runs(name, event)) if known else None
        if runs is None:
            return None
        why = "probably because no Actions policy allows its event."
        if runs and runs[0].conclusion == "startup_failure":
            page = quote(runs[0].html_url, 200)
            return f"GitHub refused to start the last run for a pull request ({page}), {why}"
        pull = self._read("open pull requests", self._settings.newest_pull)
        since = max([*known, *(run.created_at for run in runs[:1])])
        if pull is None or not since < pull < self._now - _RUN_WAIT:
            return None
        return f"A pull request was opened on {pull:%Y-%m-%d %H:%M} UTC and started no run, {why}"

    def _check_rules(self, repository: "Repository") -> Iterator[Finding]:
        """Read both kinds of rules: those of rulesets, and the older protection of the branch."""
        name, settings = repository.default_branch, self._settings
        rules = self._read(f"rules of `{name}`", lambda: settings.rules(name)) or frozenset()
        if self._tip[1]:
            what = f"protection of `{name}`"
            rules |= self._read(what, lambda: settings.protection(name)) or frozenset()
        if "required_signatures" in rules:
            yield _found("signed-commits", {"branch": quote(name)})
        if rules & {"pull_request", "required_status_checks", "update"}:
            yield _found("protected-branch", {"branch": quote(name)})

    def _check_quota(self, _repository: "Repository") -> Iterator[Finding]:
        quota = self._read("requests left", self._settings.quota)
        if quota is not None and quota[1] * _LOW_QUOTA < quota[0]:
            limit, left, reset = quota
            until = reset.astimezone(self._now.tzinfo)
            yield _found("low-quota", {"limit": limit, "left": left, "reset": until})

    def _check_readme(self, repository: "Repository") -> Iterator[Finding]:
        stale = self._read("README", lambda: self._files.stale(repository, self._tip[0]))
        what = "last change of the papers"
        changed = self._read(what, lambda: self._settings.last_change(PAPERS))
        if stale and changed is not None and self._now - changed > _README_WAIT:
            names = ", ".join(map(quote, stale[:3])) + (" and more" if stale[3:] else "")
            names = f"{names} {'do' if stale[1:] else 'does'}"
            yield _found("stale-readme", {"changed": changed, "names": names})

    def _check_runs(self, _repository: "Repository") -> Iterator[Finding]:
        known = {workflow.path for workflow in self._workflows}
        for name in (name for name in _WATCHED if f"{WORKFLOWS}/{name}" in known):
            runs = self._read(f"runs of `{name}`", partial(self._settings.runs, name)) or ()
            cancelled = [run.created_at for run in runs if run.conclusion == "cancelled"]
            cancelled = [created for created in cancelled if self._now - created <= _WEEK]
            if not cancelled:
                continue
            end, of_rule = "no later run succeeded", _NONE
            later = (run for run in runs if run.created_at > max(cancelled))
            if any(run.conclusion == "success" for run in later):
                end = "a later run did its work"
                of_rule = {"fix": "Nothing to do.", "severity": Severity.NOTICE}
            runs_lost = count(len(cancelled), "cancelled run")
            words = {"count": runs_lost, "workflow": quote(name), "end": end}
            yield _found("superseded-run", words, **of_rule)

    def _check_workflows(self, _repository: "Repository") -> Iterator[Finding]:
        """Name what GitHub or a person has switched off, such as after 60 days without a commit.

        https://docs.github.com/en/actions/how-tos/manage-workflow-runs/disable-and-enable-workflows
        """
        for workflow in self._workflows:
            if workflow.path in self._files.workflows and workflow.state.startswith("disabled"):
                words = {"path": quote(workflow.path), "state": quote(workflow.state)}
                yield _found("workflow-disabled", words)
