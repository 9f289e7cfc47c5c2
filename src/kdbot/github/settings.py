"""The repository's own settings through GitHub's API: one method per call, with our own types.

A call that the token may not make raises ForbiddenError, whose reason a report can show.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any, TypeAlias, TypeVar
from urllib.parse import quote

import github.Repository
from github.GithubObject import NotSet
from github.Workflow import Workflow
from github.WorkflowRun import WorkflowRun

from kdbot.github.api import PAGE, Api
from kdbot.github.errors import ForbiddenError, ItemGoneError, RejectedError
from kdbot.publish.new_list import PULL_REQUEST_WORKFLOW, WANTED_PERMISSIONS

T = TypeVar("T")
Repository: TypeAlias = github.Repository.Repository
"""What GitHub says of a repository; a renamed one also answers under its old name."""

_POLICY_NAME = "kdbot: pull requests"
"""Name of the Actions policy that `kdbot setup` writes, by which it is found."""
_POLICIES = "actions/policies"
_POLICIES_VERSION = {"X-GitHub-Api-Version": "2026-03-10"}
_EVERY_WORKFLOW = "~ALL"
_EVENTS_RULE = "restrict_action_events"
_MANY: dict[str, str | int] = {"per_page": PAGE}


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


def policy_change(
    present: tuple[Policy, ...], events: frozenset[str]
) -> tuple[str, dict[str, Any]] | None:
    """Return the write that lets these events start the pull request workflow, or None.

    The policy is known by its name, so that it is created once and renewed when the events change.
    One that a person has written for the same file stays as it is, and may refuse what this one
    allows.

    Returns:
        The call that creates or replaces the policy, and what is sent.
    """
    include = (PULL_REQUEST_WORKFLOW,)
    known = next((policy for policy in present if policy.own and policy.name == _POLICY_NAME), None)
    wanted = (True, include, (), events)
    if known and (known.active, known.include, known.exclude, known.events) == wanted:
        return None
    rule = {"type": _EVENTS_RULE, "parameters": {"allowed_events": sorted(events)}}
    return f"PUT {_POLICIES}/{known.id}" if known else f"POST {_POLICIES}", {
        "name": _POLICY_NAME,
        "enforcement": "active",
        "conditions": {"workflow_path": {"include": list(include), "exclude": []}},
        "rules": [rule],
    }


class SettingsClient:
    """The settings of one repository; every method is one call unless it says otherwise."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def repository(self) -> Repository:
        """Read the repository; one that was renamed is found under its former name.

        Raises:
            ItemGoneError: it is not there, or the token may not see it.
        """
        return self._ask("the repository", Repository.complete)

    def allowed_actions(self) -> str:
        """Return which actions may run, or `none` where Actions is switched off.

        GitHub's words are `all`, `local_only` and `selected`.
        """
        return self._get(
            "the Actions permissions",
            "actions/permissions",
            lambda found: str(found.get("allowed_actions", "all") if found["enabled"] else "none"),
        )

    def permissions(self) -> Mapping[str, str | bool]:
        """Read what jobs may do by default, as `WANTED_PERMISSIONS` has it."""
        what, path = "the workflow permissions", "actions/permissions/workflow"
        return self._get(
            what, path, lambda found: {name: found[name] for name in WANTED_PERMISSIONS}
        )

    def topics(self) -> tuple[str, ...]:
        """Return the repository's topics."""
        return self._ask("the topics", lambda repository: tuple(repository.get_topics()))

    def page_source(self) -> str | None:
        """Return `workflow` or `legacy`, how the page is built, or None where it is off.

        A site without the key was set up before there was a choice.
        """
        try:
            return self._get(
                "Pages", "pages", lambda found: str(found.get("build_type") or "legacy")
            )
        except ItemGoneError:
            return None

    def policies(self) -> tuple[Policy, ...]:
        """Read the Actions policies that apply here, inherited ones too: one call, and one each.

        A list may leave out conditions and rules, which are then read one by one. GitHub documents
        no 403 for these calls: a token that may not look is told 404.
        https://docs.github.com/en/rest/actions/policies

        Raises:
            ForbiddenError: the token may not look.
        """
        what, path, version = "the Actions policies", _POLICIES, _POLICIES_VERSION
        wanted = {**_MANY, "has_parents": "true"}
        try:
            listed = self._get(what, path, lambda found: list(found["policies"]), wanted, version)
            whole = (
                entry
                if "rules" in entry
                else self._get(what, f"{path}/{entry['id']}", dict, headers=version)
                for entry in listed
            )
            return tuple(map(_policy_of, whole))
        except ItemGoneError as error:
            raise ForbiddenError(
                "GitHub shows them only to an owner's token",
                where=error.where,
                fix="run it with the token of `gh auth token`",
            ) from error

    def workflows(self) -> tuple[Workflow, ...]:
        """Read the workflows, at most a hundred."""
        return self._ask(
            "the workflows", lambda repository: tuple(islice(repository.get_workflows(), PAGE))
        )

    def runs(self, workflow: str, event: str | None = None) -> tuple[WorkflowRun, ...]:
        """Read the last runs of a workflow, newest first, at most a hundred.

        Args:
            workflow: name of its file.
            event: what started them; None for anything.
        """
        return self._ask(
            f"the runs of {workflow}",
            lambda repository: tuple(
                islice(repository.get_workflow(workflow).get_runs(event=event or NotSet), PAGE)
            ),
        )

    def newest_pull(self) -> datetime | None:
        """Return when a person opened the last of the open pull requests, or None.

        They are read as issues, which a job that keeps an issue may do.
        """

        def read(found: Any) -> datetime | None:
            pulls = (issue for issue in found if "pull_request" in issue)
            people = (pull for pull in pulls if (pull["user"] or {}).get("type") != "Bot")
            return next((datetime.fromisoformat(pull["created_at"]) for pull in people), None)

        wanted = {**_MANY, "state": "open", "sort": "created", "direction": "desc"}
        return self._get("the open pull requests", "issues", read, wanted)

    def rules(self, branch: str) -> frozenset[str]:
        """Return the kinds of rules that hold for a branch, such as `pull_request`."""
        path = f"rules/branches/{quote(branch, safe='')}"
        return self._get(
            f"the rules of {branch}",
            path,
            lambda found: frozenset(rule["type"] for rule in found),
            _MANY,
        )

    def tip(self, branch: str) -> tuple[str, bool]:
        """Return the commit at a branch's tip, and whether it has a branch protection.

        `protected` is also true for a ruleset; `protection` only has the older kind.
        https://github.com/hub4j/github-api/issues/2062
        """
        return self._get(
            f"the branch {branch}",
            f"branches/{quote(branch, safe='')}",
            lambda found: (str(found["commit"]["sha"]), bool(found["protection"].get("enabled"))),
        )

    def protection(self, branch: str) -> frozenset[str]:
        """Return what the protection of a branch asks for, in the words of `rules`."""
        path = f"branches/{quote(branch, safe='')}/protection"
        return self._get(f"the protection of {branch}", path, _kinds_of_rules)

    def variable(self, name: str) -> str:
        """Return the value of a variable of the repository, empty where it is not set."""
        try:
            return self._ask(
                f"the variable {name}", lambda repository: repository.get_variable(name).value
            )
        except ItemGoneError:
            return ""

    def quota(self) -> tuple[int, int, datetime]:
        """Return how many requests an hour has and how many are left, which costs none.

        Returns:
            The requests of an hour, those that are left, and when all of them are there again.
        """

        def read(found: Any) -> tuple[int, int, datetime]:
            core = found["resources"]["core"]
            reset = datetime.fromtimestamp(core["reset"]).astimezone()
            return core["limit"], core["remaining"], reset

        return self._get("the rate limit", "/rate_limit", read)

    def last_change(self, path: str) -> datetime | None:
        """Return when a file or a folder was last changed on the default branch."""
        return self._ask(
            f"the history of {path}",
            lambda repository: next(
                (one.commit.committer.date for one in repository.get_commits(path=path)), None
            ),
        )

    def tags(self, repository: str) -> tuple[str, ...]:
        """Return the names of the tags of any repository that begin with `v`."""
        return self._get(
            f"the releases of {repository}",
            f"/repos/{repository}/git/matching-refs/tags/v",
            lambda found: tuple(str(ref["ref"]).removeprefix("refs/tags/") for ref in found),
        )

    def _ask(self, what: str, read: Callable[[Repository], T]) -> T:
        """Ask as `Api.ask` does; what GitHub will not do is a refusal as in `_get`."""
        try:
            return self._api.ask(what, read)
        except RejectedError as error:
            raise _refused(error) from error

    def _get(
        self,
        what: str,
        path: str,
        read: Callable[[Any], T],
        parameters: dict[str, str | int] | None = None,
        headers: dict[str, str] | None = None,
    ) -> T:
        """Ask as `Api.get` does; what GitHub will not do is a refusal like any other.

        An organization that forbids a setting and an empty repository are a 409, a plan that lacks
        something is a 422.
        """
        try:
            return self._api.get(what, path, read, parameters, headers)
        except RejectedError as error:
            raise _refused(error) from error

    def put(self, what: str, call: str, body: Mapping[str, Any]) -> None:
        """Make a change, which answers 404 to everybody but an owner.

        Args:
            what: what is changed, for messages.
            call: verb and path, which is empty for the repository itself.
            body: what is sent.
        """
        verb, path = call.split(" ")
        headers = _POLICIES_VERSION if path.startswith(_POLICIES) else None
        try:
            self._api.send(what, verb, path, body, headers)
        except RejectedError as error:
            raise _refused(error) from error
        except ItemGoneError as error:
            fix = "run it with the token of an owner: `gh auth token`"
            raise ForbiddenError("GitHub refused (404)", where=what, fix=fix) from error


def _refused(error: RejectedError) -> ForbiddenError:
    return ForbiddenError(
        error.what.replace("GitHub rejected the request", "GitHub refused"),
        where=error.where,
        fix="an organization's settings may forbid it; its owner can allow it",
    )


def _kinds_of_rules(found: Mapping[str, Any]) -> frozenset[str]:
    kinds = {"pull_request": "required_pull_request_reviews", "update": "restrictions"}
    kinds["required_status_checks"] = "required_status_checks"
    signatures = (found.get("required_signatures") or {}).get("enabled")
    asked = {kind for kind, key in kinds.items() if key in found}
    return frozenset(asked | ({"required_signatures"} if signatures else set()))


def _policy_of(found: Mapping[str, Any]) -> Policy:
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
