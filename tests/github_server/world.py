"""The stand-in's world: its records and everything that people and bots can do to them.

Routes call these functions for a token's actor, tests call them for anybody. Each change is timed
by the clock, enters the history of its issue and becomes a delivery, as on GitHub.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

from tests.github_server.http import ApiError, invalid
from tests.github_server.settings import RepositorySettings
from tests.github_server.state import (
    ACTIONS_BOT_ID,
    ACTIONS_BOT_LOGIN,
    Comment,
    Delivery,
    Issue,
    IssueEvent,
    Label,
    Status,
    User,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.github_server.clock import Clock
    from tests.github_server.gitstore import GitStore

MAX_BODY = 65_536
MAX_LABEL_NAME = 50
MAX_LABEL_DESCRIPTION = 100


class World:
    """One repository with its issues, pull requests, people and history."""

    def __init__(self, *, owner: str, name: str, clock: Clock, git: GitStore) -> None:
        self.clock = clock
        self.git = git
        self.owner = User(login=owner, id=1000)
        self.name = name
        self.bot = User(login=ACTIONS_BOT_LOGIN, id=ACTIONS_BOT_ID, kind="Bot")
        self.users = {owner.lower(): self.owner, ACTIONS_BOT_LOGIN: self.bot}
        self.roles: dict[str, str] = {owner.lower(): "admin"}
        self.settings = RepositorySettings()
        self.labels: dict[str, Label] = {}
        self.issues: dict[int, Issue] = {}
        self.comments: dict[int, Comment] = {}
        self.statuses: list[Status] = []
        self.deliveries: list[Delivery] = []
        # The pull request whose merge closed an issue, by the id of the event.
        self.closers: dict[int, int] = {}
        self.is_fork = False
        # Events that the repository's Actions policy refuses to start workflows for.
        self.blocked_events: set[str] = set()
        self.listing_lag = 0
        self.requests = 0
        self.payload: Callable[[Issue, str, User, dict[str, Any]], dict[str, Any]] = (
            lambda _issue, _action, _actor, _parts: {}
        )
        self.push_payload: Callable[[User, str, str, str, list[str]], dict[str, Any]] = (
            lambda _actor, _branch, _before, _after, _commits: {}
        )
        self._ids = itertools.count(5001)

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    def new_id(self) -> int:
        return next(self._ids)

    # People

    def user(self, who: str | User) -> User:
        """Find or make an account by its login."""
        if isinstance(who, User):
            return who
        kind = "Bot" if who.endswith("[bot]") else "User"
        return self.users.setdefault(who.lower(), User(login=who, id=self.new_id(), kind=kind))

    def set_role(self, login: str, role: str) -> User:
        """Give someone a role: admin, maintain, write, triage, read or none."""
        self.roles[login.lower()] = role
        return self.user(login)

    def role(self, user: User) -> str:
        return self.roles.get(user.login.lower(), "read")

    # Labels

    def create_label(
        self, name: str, *, color: str = "ededed", description: str | None = None
    ) -> Label:
        """Create a label of the repository, or say why GitHub would not."""
        if name.lower() in self.labels:
            raise invalid("Label", "name", "already_exists")
        if not name.strip() or len(name) > MAX_LABEL_NAME:
            raise invalid("Label", "name", "invalid", "name is too long (maximum is 50 characters)")
        label = Label(id=self.new_id(), name=name)
        self.describe_label(label, color=color, description=description)
        self.labels[name.lower()] = label
        return label

    def describe_label(
        self, label: Label, *, color: str | None = None, description: str | None = None
    ) -> None:
        if color is not None and not re.fullmatch(r"[0-9A-Fa-f]{6}", color):
            raise invalid("Label", "color", "invalid")
        if description is not None and len(description) > MAX_LABEL_DESCRIPTION:
            raise invalid("Label", "description", "invalid", "description is too long")
        label.color = color.lower() if color is not None else label.color
        label.description = description if description is not None else label.description

    def delete_label(self, label: Label) -> None:
        """Delete a label, also from every issue that bears it."""
        del self.labels[label.name.lower()]
        for issue in self.issues.values():
            issue.labels = [other for other in issue.labels if other is not label]

    def add_labels(self, issue: Issue, names: Iterable[str], actor: str | User) -> None:
        """Put labels on an issue; one that the repository lacks is created, as GitHub does."""
        who = self.user(actor)
        for name in names:
            label = self.labels.get(name.lower()) or self.create_label(name)
            if label in issue.labels:
                continue
            issue.labels.append(label)
            issue.updated_at = self.clock.now()
            label_details = {"name": label.name, "color": label.color}
            self.record(issue, "labeled", who, label=label_details)
            self.deliver(issue, "labeled", who, label=label)

    def remove_label(self, issue: Issue, name: str, actor: str | User) -> None:
        label = next((label for label in issue.labels if label.name.lower() == name.lower()), None)
        if label is None:
            raise ApiError(404, "Label does not exist")
        who = self.user(actor)
        issue.labels.remove(label)
        issue.updated_at = self.clock.now()
        self.record(issue, "unlabeled", who, label={"name": label.name, "color": label.color})
        self.deliver(issue, "unlabeled", who, label=label)

    # History

    def record(
        self,
        issue: Issue,
        event: str,
        actor: User | None,
        *,
        commit_id: str | None = None,
        **details: Any,
    ) -> IssueEvent:
        entry = IssueEvent(
            id=self.new_id(),
            event=event,
            actor=actor,
            created_at=self.clock.now(),
            commit_id=commit_id,
            details=details,
        )
        issue.events.append(entry)
        return entry

    def deliver(self, issue: Issue, action: str, actor: User | None, **parts: Any) -> None:
        """Note what GitHub would send out, in the words of this moment."""
        if "comment" in parts:
            event = "issue_comment"
        else:
            event = "pull_request" if issue.pull else "issues"
        who = actor or self.user("ghost")
        self.deliveries.append(
            Delivery(
                event=event,
                action=action,
                actor=who,
                number=issue.number,
                payload=self.payload(issue, action, who, parts),
                starts_workflows=who is not self.bot,
            )
        )


def check_body(resource: str, body: str, *, required: bool = True) -> None:
    """Refuse a text that GitHub refuses: blank where one is needed, or too long.

    GitHub does not say what it counts. A text is too long here by either measure, code points or
    UTF-16 units, except for an issue's, which people can fill to the brim.
    """
    if required and not body.strip():
        raise invalid(resource, "body", "missing_field")
    units = len(body) if resource == "Issue" else len(body.encode("utf-16-le")) // 2
    if max(len(body), units) > MAX_BODY:
        message = f"Body is too long (maximum is {MAX_BODY} characters)"
        raise invalid(resource, "data", "unprocessable", message)
