"""Events in, runs of the repository's own workflow files out.

The harness judges what act ignores: `on:` filters, concurrency, the scopes of each job, and that
nothing starts from what a job's own token did. Workflow files are those of the default branch in
the bare origin, as on GitHub for issues, comments, `pull_request_target`, schedules and pushes.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from tests.github_server import job_permissions
from tests.github_server.views.people import repository_view, user_view
from tests.workflows.act import Call, Outcome, run_act
from tests.workflows.concurrency import Group, group_of, survivors
from tests.workflows.filters import Event, events_of, refusal
from tests.workflows.workflow_file import excess, load_workflow, rewrite

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.github_server import Delivery, GitHubServer

_FOLDER = ".github/workflows"

_RUN_ALONE: set[tuple[str, str]] = set()
"""Workflows and events that this process has run with a kdbot of their own."""


def blocked(workflow: str, event: str) -> Outcome:
    """Give the run that fails before its first job because a policy refuses its event.

    https://docs.github.com/en/actions/concepts/about-actions-policies
    """
    file = f"{_FOLDER}/{workflow}"
    message = (
        f"Event '{event}' is not allowed to trigger Actions workflows. Workflow file: '{file}'."
    )
    return Outcome(workflow=workflow, exit_code=1, log=message)


class WorkflowHarness:
    """Runs the workflows of a stand-in GitHub's repository.

    `env` is added to every step's, `repository` to what each event says of the repository.
    `own_process` gives every run a kdbot that is started for it; else the first of a kind has one.
    """

    def __init__(self, server: GitHubServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.variables: dict[str, str] = {}
        self.env: dict[str, str] = {}
        self.own_process = False
        self.repository: dict[str, Any] = {"has_pages": True}
        self.runs: list[Outcome] = []
        self._count = 0
        self._read_at = ""
        self._workflows: dict[str, dict[str, Any]] = {}
        self._delivered = 0
        folder.mkdir(parents=True, exist_ok=True)
        self.git_config = folder / "gitconfig"
        self._map_names()

    def _map_names(self) -> None:
        """Let git find the origin under the repository's name, and under its former ones."""
        names = {self.server.world.full_name, *self.server.world.former_names}
        mapped = "".join(
            f"\tinsteadOf = https://github.com/{name}{end}\n"
            for name in sorted(names)
            for end in (".git", "")
        )
        self.git_config.write_text(
            f'[url "file://{self.server.git.path}"]\n{mapped}'
            "[safe]\n\tdirectory = *\n[core]\n\tpager = cat\n[advice]\n\tdetachedHead = false\n",
            encoding="utf-8",
        )

    def workflows(self) -> dict[str, dict[str, Any]]:
        """Read the workflow files of the default branch, by their file names."""
        git = self.server.git
        tip = git.resolve(git.default_branch)
        if tip is not None and tip != self._read_at:
            self._read_at = tip
            self._workflows = {
                entry.path.rpartition("/")[2]: load_workflow(git.blob(entry.sha).decode())
                for entry in git.tree(tip, path=f"{_FOLDER}/")
                if entry.path.endswith((".yml", ".yaml"))
            }
        return self._workflows

    def run_event(
        self,
        workflow: str,
        event: Event,
        *,
        inputs: Mapping[str, str] | None = None,
        without: frozenset[str] = frozenset(),
    ) -> Outcome:
        """Run one workflow file for an event, if its `on:` lets it start."""
        reason = refusal(self.workflows()[workflow]["on"], event)
        if reason is not None:
            return Outcome(workflow=workflow, not_started=reason)
        if event.name in self.server.world.blocked_events:
            outcome = blocked(workflow, event.name)
            self.runs.append(outcome)
            return outcome
        outcome = self._act(workflow, event, inputs=inputs or {}, without=without)
        self.runs.append(outcome)
        return outcome

    def deliver(self, delivery: Delivery) -> list[Outcome]:
        """Run every workflow that starts from a delivery."""
        outcomes = []
        for event in events_of(delivery):
            for name in self.workflows():
                outcome = self.run_event(name, event)
                if outcome.not_started is None:
                    outcomes.append(outcome)
        return outcomes

    def deliver_all(self) -> list[Outcome]:
        """Deliver what happened since the last call, in order, until nothing new happens."""
        outcomes = []
        deliveries = self.server.world.deliveries
        while self._delivered < len(deliveries):
            self._delivered += 1
            outcomes += self.deliver(deliveries[self._delivered - 1])
        return outcomes

    def dispatch(self, workflow: str, inputs: Mapping[str, str] | None = None) -> Outcome:
        """Start a workflow by hand, as the owner."""
        payload = {**self._surroundings(), "inputs": dict(inputs or {})}
        payload["ref"] = f"refs/heads/{self.server.git.default_branch}"
        actor = self.server.world.owner.login
        event = Event(name="workflow_dispatch", payload=payload, actor=actor)
        return self.run_event(workflow, event, inputs=inputs)

    def schedule(self, workflow: str) -> Outcome:
        """Start a workflow by its schedule."""
        (entry, *_) = self.workflows()[workflow]["on"]["schedule"]
        payload = {**self._surroundings(), "schedule": entry["cron"]}
        actor = self.server.world.owner.login
        return self.run_event(workflow, Event(name="schedule", payload=payload, actor=actor))

    def run_burst(self, workflow: str, events: Sequence[Event]) -> list[Outcome]:
        """Run events that arrive while the first is still running, as their groups allow.

        A job that is skipped by its `if` enters no group of its own; a workflow's group is entered
        by every event that starts it.
        """
        data = self.workflows()[workflow]
        started = [event for event in events if refusal(data["on"], event) is None]
        contexts = [self._context(data, event) for event in started]
        alive = survivors([group_of(data.get("concurrency"), context) for context in contexts])
        entered = [
            self._planned(workflow, event) if lives else set()
            for event, lives in zip(started, alive, strict=True)
        ]
        lost: list[set[str]] = [set() for _ in started]
        for name, job in data["jobs"].items():
            groups: list[Group | None] = [
                group_of(job.get("concurrency"), context) if name in jobs else None
                for context, jobs in zip(contexts, entered, strict=True)
            ]
            for index, survives in enumerate(survivors(groups)):
                if not survives:
                    lost[index].add(name)
        return [
            self.run_event(workflow, event, without=frozenset(jobs))
            if lives
            else Outcome(workflow=workflow, not_started="superseded in its concurrency group")
            for event, lives, jobs in zip(started, alive, lost, strict=True)
        ]

    def _planned(self, workflow: str, event: Event) -> set[str]:
        """Ask act which jobs an event would run."""
        return set(self._act(workflow, event, inputs={}, dry_run=True).jobs)

    def _context(self, workflow: Mapping[str, Any], event: Event) -> dict[str, Any]:
        github = {
            "event": event.payload,
            "event_name": event.name,
            "repository": self.server.world.full_name,
            "workflow": workflow.get("name", ""),
            "ref": f"refs/heads/{event.branch or self.server.git.default_branch}",
            "ref_name": event.branch or self.server.git.default_branch,
            "actor": event.actor,
        }
        return {"github": github, "vars": self.variables}

    def _surroundings(self) -> dict[str, Any]:
        world, at = self.server.world, self.server.address
        return {
            "repository": repository_view(at, world),
            "sender": user_view(at, world.owner),
        }

    def _act(
        self,
        workflow: str,
        event: Event,
        *,
        inputs: Mapping[str, str],
        without: frozenset[str] = frozenset(),
        dry_run: bool = False,
    ) -> Outcome:
        self._count += 1
        payload = {**event.payload}
        if "repository" in payload:
            payload["repository"] = {**payload["repository"], **self.repository}
        self._map_names()
        home = self.folder / f"run-{self._count}"
        home.mkdir()
        clone = home / "clone"
        self.server.git.clone(clone, f"https://github.com/{self.server.world.full_name}")
        workflows = self.workflows()
        scopes = {
            name: {job: job_permissions(data, job) for job in data["jobs"]}
            for name, data in workflows.items()
        }
        if too_much := excess(workflows, scopes):
            raise ValueError("; ".join(too_much))
        granted: list[str] = []
        stand_ins: dict[str, Path] = {}
        for name, data in workflows.items():
            tokens = {job: f"ghs-{self._count}-{name}-{job}" for job in data["jobs"]}
            rewritten = rewrite(
                data,
                tokens=tokens,
                without=without if name == workflow else frozenset(),
            )
            (clone / _FOLDER / name).write_text(rewritten.text, encoding="utf-8")
            stand_ins.update(rewritten.stand_ins)
            granted += [self.server.grant(tokens[job], scopes[name][job]) for job in tokens]
        pushers = home / "pushers"
        may_push = [
            token for token in granted if self.server.tokens[token].allows("contents", "write")
        ]
        pushers.write_text("".join(f"{token}\n" for token in may_push), encoding="utf-8")
        kind = workflow, event.name
        is_first = kind not in _RUN_ALONE
        _RUN_ALONE.add(kind)
        outcome = run_act(
            Call(
                home=home,
                clone=clone,
                workflow=workflow,
                event=event.name,
                payload=payload,
                actor=event.actor,
                api_url=self.server.base_url,
                git_config=self.git_config,
                stand_ins=stand_ins,
                env={
                    **self.env,
                    "STAND_IN_PUSHERS": str(pushers),
                    "STAND_IN_REPOSITORY": self.server.world.full_name,
                },
                variables=self.variables,
                inputs=inputs,
                dry_run=dry_run,
                own_process=self.own_process or is_first,
            )
        )
        for token in granted:
            del self.server.tokens[token]
        shutil.rmtree(clone)
        return outcome
