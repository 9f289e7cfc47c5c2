"""The repository's own settings through GitHub's API: one method a call, values of ours.

A call that the token may not make raises ForbiddenError, whose reason a report can show.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote

from kdbot.github.asking import asking
from kdbot.github.errors import ForbiddenError, ItemGoneError, RejectedError

POLICY_NAME = "kdbot: pull requests"
"""Name of the Actions policy that `kdbot setup` writes, by which it is found again."""
PULL_REQUEST_WORKFLOW = ".github/workflows/pull-request.yml"

_PAGE = 100
_POLICIES_VERSION = {"X-GitHub-Api-Version": "2026-03-10"}
_EVERY_WORKFLOW = "~ALL"
_EVENTS_RULE = "restrict_action_events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """What GitHub says of a repository.

    Attributes:
        full_name: `owner/name` as it is today; a renamed one answers under its former name, too.
        default_branch: the branch that workflows of most events run from.
        private: whether it is hidden from the public (`internal` counts as that).
        fork: whether it was made as a fork of another one.
        archived: whether it can only be read.
        has_pages: whether a page is published from it.
    """

    full_name: str
    default_branch: str
    private: bool
    fork: bool
    archived: bool
    has_pages: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowPermissions:
    """What the token of a job may do where its workflow does not say.

    Attributes:
        default: `read` or `write`.
        may_open_pulls: whether GitHub Actions may create (and approve) pull requests.
    """

    default: str
    may_open_pulls: bool


WANTED_PERMISSIONS = WorkflowPermissions(default="read", may_open_pulls=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """An Actions policy: an allow list of events for the workflows that it covers.

    https://docs.github.com/en/rest/actions/policies

    Attributes:
        id: GitHub's number.
        name: its name.
        own: whether it is the repository's, not one of an organization or an enterprise.
        active: whether it refuses runs; an `evaluate` or `disabled` one does not.
        include: paths or patterns of workflow files; none, or `~ALL`, for all.
        exclude: patterns of workflow files that it does not cover.
        events: the events that it allows, or None where it does not restrict events.
    """

    id: int
    name: str
    own: bool
    active: bool
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    events: frozenset[str] | None

    def decides(self, workflow: str) -> bool:
        """Tell whether it decides which events start the workflow of this path."""
        if not self.active or self.events is None or _matches(workflow, self.exclude):
            return False
        return not self.include or _matches(workflow, self.include)


def _matches(path: str, patterns: tuple[str, ...]) -> bool:
    return any(pattern == _EVERY_WORKFLOW or fnmatchcase(path, pattern) for pattern in patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """The write that gives the repository its policy.

    Attributes:
        id: number of the one to be replaced, or None to create it.
        body: what is sent.
    """

    id: int | None
    body: dict[str, Any]


def policy_change(present: tuple[Policy, ...], events: frozenset[str]) -> PolicyChange | None:
    """Return the write that lets these events start the pull request workflow, or None.

    The policy is known by its name, so that it is created once and renewed when the events change.
    One that a person has written for the same file stays as it is, and may refuse what this one
    allows.
    """
    include = (PULL_REQUEST_WORKFLOW,)
    known = next((policy for policy in present if policy.own and policy.name == POLICY_NAME), None)
    if known and (known.active, known.include, known.exclude, known.events) == (
        True,
        include,
        (),
        events,
    ):
        return None
    rule = {"type": _EVENTS_RULE, "parameters": {"allowed_events": sorted(events)}}
    return PolicyChange(
        id=known.id if known else None,
        body={
            "name": POLICY_NAME,
            "enforcement": "active",
            "conditions": {"workflow_path": {"include": list(include), "exclude": []}},
            "rules": [rule],
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A workflow that GitHub knows.

    Attributes:
        path: its file.
        state: `active`, or how it came to rest, such as `disabled_inactivity`.
        created: when GitHub first saw it.
    """

    path: str
    state: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowRun:
    """One run of a workflow.

    Attributes:
        conclusion: GitHub's word for how it ended, or None while it has not.
        created: when it was started.
        url: its page.
    """

    conclusion: str | None
    created: datetime
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Requests to the API within an hour.

    Attributes:
        limit: how many there are.
        remaining: how many are left.
        reset: when all of them are there again.
    """

    limit: int
    remaining: int
    reset: datetime


class SettingsClient:
    """The settings of one repository."""

    def __init__(self, requester: Any, url: str) -> None:
        self._requester = requester
        self._url = url

    def repository(self) -> Repository:
        """Read the repository; one that was renamed is found under its former name: one call.

        Raises:
            ItemGoneError: it is not there, or the token may not see it.
        """
        with _asking("the repository"):
            found = self._get("")
            return Repository(
                full_name=found["full_name"],
                default_branch=found["default_branch"],
                private=bool(found["private"]),
                fork=bool(found["fork"]),
                archived=bool(found["archived"]),
                has_pages=bool(found["has_pages"]),
            )

    def allowed_actions(self) -> str:
        """Return which actions may run, or `none` where Actions is switched off: one call.

        GitHub's words are `all`, `local_only` and `selected`.
        """
        with _asking("the Actions permissions"):
            found = self._get("/actions/permissions")
            return str(found.get("allowed_actions", "all")) if found["enabled"] else "none"

    def permissions(self) -> WorkflowPermissions:
        """Read what jobs may do by default: one call."""
        with _asking("the workflow permissions"):
            found = self._get("/actions/permissions/workflow")
            return WorkflowPermissions(
                default=found["default_workflow_permissions"],
                may_open_pulls=bool(found["can_approve_pull_request_reviews"]),
            )

    def put_permissions(self, wanted: WorkflowPermissions) -> None:
        """Set what jobs may do by default: one call."""
        body = {
            "default_workflow_permissions": wanted.default,
            "can_approve_pull_request_reviews": wanted.may_open_pulls,
        }
        with _changing("the workflow permissions"):
            self._send("PUT", "/actions/permissions/workflow", body)

    def page_source(self) -> str | None:
        """Return `workflow` or `legacy`, how the page is built, or None where it is off: one call.

        A site without the key was set up before there was a choice.
        """
        try:
            with _asking("Pages"):
                return str(self._get("/pages").get("build_type") or "legacy")
        except ItemGoneError:
            return None

    def put_page_source(self, known: str | None) -> None:
        """Let Actions publish the page: one call.

        Args:
            known: the present source, or None where there is no page yet.
        """
        with _changing("Pages"):
            self._send("POST" if known is None else "PUT", "/pages", {"build_type": "workflow"})

    def policies(self) -> tuple[Policy, ...]:
        """Read the Actions policies that apply here, inherited ones too: one call, and one each.

        A list may leave out conditions and rules, which are then read one by one. GitHub documents
        no 403 for these calls: a token that may not look is told 404.
        https://docs.github.com/en/rest/actions/policies

        Raises:
            ForbiddenError: the token may not look.
        """
        parameters = {"per_page": _PAGE, "has_parents": "true"}
        try:
            with _asking("the Actions policies"):
                listed = self._get("/actions/policies", parameters, _POLICIES_VERSION)["policies"]
                return tuple(
                    _policy_of(
                        entry
                        if "rules" in entry
                        else self._get(f"/actions/policies/{entry['id']}", None, _POLICIES_VERSION)
                    )
                    for entry in listed
                )
        except ItemGoneError as error:
            raise ForbiddenError(
                "GitHub shows them to an owner's token alone",
                where=error.where,
                fix="run it with the token of `gh auth token`",
            ) from error

    def put_policy(self, change: PolicyChange) -> None:
        """Create or replace an Actions policy: one call."""
        with _changing("the Actions policy"):
            if change.id is None:
                self._send("POST", "/actions/policies", change.body, _POLICIES_VERSION)
            else:
                path = f"/actions/policies/{change.id}"
                self._send("PUT", path, change.body, _POLICIES_VERSION)

    def workflows(self) -> tuple[Workflow, ...]:
        """Read the workflows, at most a hundred: one call."""
        with _asking("the workflows"):
            return tuple(
                Workflow(
                    path=found["path"], state=found["state"], created=_time(found["created_at"])
                )
                for found in self._get("/actions/workflows", {"per_page": _PAGE})["workflows"]
            )

    def runs(self, workflow: str, event: str | None = None) -> tuple[WorkflowRun, ...]:
        """Read the last runs of a workflow, newest first, at most a hundred: one call.

        Args:
            workflow: name of its file.
            event: what started them; None for anything.
        """
        parameters: dict[str, Any] = {"per_page": _PAGE}
        if event:
            parameters["event"] = event
        with _asking(f"the runs of {workflow}"):
            found = self._get(f"/actions/workflows/{quote(workflow)}/runs", parameters)
            return tuple(
                WorkflowRun(
                    conclusion=run["conclusion"],
                    created=_time(run["created_at"]),
                    url=run["html_url"],
                )
                for run in found["workflow_runs"]
            )

    def newest_pull(self) -> datetime | None:
        """Return when a person opened the last of the open pull requests, or None: one call.

        They are read as issues, which a job that keeps an issue may do.
        """
        parameters = {"state": "open", "sort": "created", "direction": "desc", "per_page": _PAGE}
        with _asking("the open pull requests"):
            for issue in self._get("/issues", parameters):
                if "pull_request" in issue and (issue["user"] or {}).get("type") != "Bot":
                    return _time(issue["created_at"])
            return None

    def rules(self, branch: str) -> frozenset[str]:
        """Return the kinds of rules that hold for a branch, such as `pull_request`: one call."""
        with _asking(f"the rules of {branch}"):
            found = self._get(f"/rules/branches/{quote(branch, safe='')}", {"per_page": _PAGE})
            return frozenset(rule["type"] for rule in found)

    def tip(self, branch: str) -> tuple[str, bool]:
        """Return the commit at a branch's tip, and whether it has a branch protection: one call.

        `protected` is true for a ruleset, too; `protection` tells of the older kind alone.
        https://github.com/hub4j/github-api/issues/2062
        """
        with _asking(f"the branch {branch}"):
            found = self._get(f"/branches/{quote(branch, safe='')}")
            return str(found["commit"]["sha"]), bool(found["protection"].get("enabled"))

    def protection(self, branch: str) -> frozenset[str]:
        """Return what the protection of a branch asks for, in the words of `rules`: one call."""
        with _asking(f"the protection of {branch}"):
            found = self._get(f"/branches/{quote(branch, safe='')}/protection")
        kinds = {"update"} if "restrictions" in found else set()
        if "required_pull_request_reviews" in found:
            kinds.add("pull_request")
        if "required_status_checks" in found:
            kinds.add("required_status_checks")
        if (found.get("required_signatures") or {}).get("enabled"):
            kinds.add("required_signatures")
        return frozenset(kinds)

    def variable(self, name: str) -> str:
        """Return the value of a variable of the repository, empty where it is not set: one call."""
        try:
            with _asking(f"the variable {name}"):
                return str(self._get(f"/actions/variables/{quote(name)}")["value"])
        except ItemGoneError:
            return ""

    def quota(self) -> Quota:
        """Read how many requests are left, which costs none: one call."""
        with _asking("the rate limit"):
            _, found = self._requester.requestJsonAndCheck("GET", "/rate_limit")
            core = found["resources"]["core"]
            return Quota(
                limit=core["limit"],
                remaining=core["remaining"],
                reset=datetime.fromtimestamp(core["reset"]).astimezone(),
            )

    def last_change(self, path: str) -> datetime | None:
        """Return when a file or a folder was last changed on the default branch: one call."""
        with _asking(f"the history of {path}"):
            found = self._get("/commits", {"path": path, "per_page": 1})
            return _time(found[0]["commit"]["committer"]["date"]) if found else None

    def tags(self, repository: str) -> tuple[str, ...]:
        """Return the names of the tags of any repository that begin with `v`: one call."""
        with _asking(f"the releases of {repository}"):
            _, found = self._requester.requestJsonAndCheck(
                "GET", f"/repos/{repository}/git/matching-refs/tags/v"
            )
            return tuple(str(ref["ref"]).removeprefix("refs/tags/") for ref in found)

    def _get(
        self,
        path: str,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        _, data = self._requester.requestJsonAndCheck(
            "GET", self._url + path, parameters=parameters, headers=headers
        )
        return data

    def _send(
        self, verb: str, path: str, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        self._requester.requestJsonAndCheck(verb, self._url + path, headers=headers, input=body)


@contextmanager
def _asking(what: str) -> Iterator[None]:
    """Ask as `asking` does; what GitHub will not do is a refusal like any other.

    An organization that forbids a setting and an empty repository are a 409, a plan that lacks
    something is a 422.
    """
    try:
        with asking(what):
            yield
    except RejectedError as error:
        raise ForbiddenError(
            error.what.replace("GitHub rejected the request", "GitHub refused"),
            where=what,
            fix="an organization's settings may forbid it; its owner can allow it",
        ) from error


@contextmanager
def _changing(what: str) -> Iterator[None]:
    """Ask for a change, which answers 404 to everybody but an owner."""
    try:
        with _asking(what):
            yield
    except ItemGoneError as error:
        fix = "run it with the token of an owner: `gh auth token`"
        raise ForbiddenError("GitHub refused (404)", where=what, fix=fix) from error


def _policy_of(found: dict[str, Any]) -> Policy:
    paths = (found.get("conditions") or {}).get("workflow_path") or {}
    events = [
        rule["parameters"]["allowed_events"]
        for rule in found.get("rules") or ()
        if rule["type"] == _EVENTS_RULE
    ]
    return Policy(
        id=found["id"],
        name=found["name"],
        own=found["source_type"] == "Repository",
        active=found["enforcement"] == "active",
        include=tuple(paths.get("include") or ()),
        exclude=tuple(paths.get("exclude") or ()),
        events=frozenset.intersection(*map(frozenset, events)) if events else None,
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
