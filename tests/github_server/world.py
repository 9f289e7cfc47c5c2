"""The stand-in's world: its records and everything that people and bots can do to them.

Routes call these functions for a token's actor, tests call them for anybody. Each change is timed by
the clock, enters the history of its issue and becomes a delivery, as on GitHub.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

from tests.github_server.http import ApiError, invalid, not_found
from tests.github_server.state import (
    ACTIONS_BOT_ID,
    ACTIONS_BOT_LOGIN,
    Comment,
    Delivery,
    Issue,
    IssueEvent,
    Label,
    Reaction,
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
        self.protected: set[str] = set()
        self.labels: dict[str, Label] = {}
        self.issues: dict[int, Issue] = {}
        self.comments: dict[int, Comment] = {}
        self.statuses: list[Status] = []
        self.deliveries: list[Delivery] = []
        self.listing_lag = 0
        self.requests = 0
        self.payload: Callable[[Issue, str, User, dict[str, Any]], dict[str, Any]] = (
            lambda _issue, _action, _actor, _parts: {}
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

    # Issues

    def issue(self, number: int) -> Issue:
        """Find an issue or pull request; a missing, deleted or moved one is GitHub's answer."""
        found = self.issues.get(number)
        if found is None:
            raise not_found()
        if found.gone == "deleted":
            raise ApiError(410, "This issue was deleted")
        if found.gone == "transferred":
            raise ApiError(301, "Moved Permanently", headers={"X-Transferred": str(number)})
        return found

    def open_issue(
        self,
        user: str | User | None,
        title: str,
        body: str | None = None,
        *,
        labels: Iterable[str] = (),
        number: int | None = None,
    ) -> Issue:
        """Open an issue; labels that the repository lacks are left out, as an issue form does."""
        author = self.user(user) if user is not None else None
        now = self.clock.now()
        issue = Issue(
            id=self.new_id(),
            number=number or max(self.issues, default=0) + 1,
            title=title,
            body=body,
            user=author,
            created_at=now,
            updated_at=now,
            listed_after=self.requests + self.listing_lag,
        )
        self.issues[issue.number] = issue
        self.deliver(issue, "opened", author)
        known = [name for name in labels if name.lower() in self.labels]
        self.add_labels(issue, known, author or self.owner)
        return issue

    def edit_issue(
        self, issue: Issue, actor: str | User, *, title: str | None = None, body: str | None = None
    ) -> None:
        """Change title or body; only a new body counts as an edit of the text."""
        who = self.user(actor)
        changes: dict[str, Any] = {}
        if title is not None and title != issue.title:
            changes["title"] = {"from": issue.title}
            self.record(issue, "renamed", who, rename={"from": issue.title, "to": title})
            issue.title = title
        if body is not None and body != issue.body:
            check_body("Issue", body, required=False)
            changes["body"] = {"from": issue.body or ""}
            issue.body = body
            issue.last_edited_at = self.clock.now()
        if changes:
            issue.updated_at = self.clock.now()
            self.deliver(issue, "edited", who, changes=changes)

    def close(
        self,
        issue: Issue,
        actor: str | User,
        reason: str | None = "completed",
        commit_id: str | None = None,
    ) -> None:
        if issue.state == "closed":
            issue.state_reason = reason
            return
        who = self.user(actor)
        issue.state, issue.closed_by = "closed", who
        issue.state_reason = None if issue.pull else reason
        issue.closed_at = issue.updated_at = self.clock.now()
        self.record(issue, "closed", who, commit_id=commit_id, state_reason=issue.state_reason)
        self.deliver(issue, "closed", who)

    def reopen(self, issue: Issue, actor: str | User) -> None:
        if issue.state == "open":
            return
        who = self.user(actor)
        issue.state, issue.closed_at, issue.closed_by = "open", None, None
        issue.state_reason = None if issue.pull else "reopened"
        issue.updated_at = self.clock.now()
        self.record(issue, "reopened", who, state_reason=None)
        self.deliver(issue, "reopened", who)

    def lock(self, issue: Issue, actor: str | User, reason: str | None = None) -> None:
        issue.locked, issue.lock_reason = True, reason
        self.record(issue, "locked", self.user(actor), lock_reason=reason)

    def unlock(self, issue: Issue, actor: str | User) -> None:
        issue.locked, issue.lock_reason = False, None
        self.record(issue, "unlocked", self.user(actor), lock_reason=None)

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

    # Comments and reactions

    def comment(self, issue: Issue, user: str | User | None, body: str) -> Comment:
        check_body("IssueComment", body)
        author = self.user(user) if user is not None else None
        now = self.clock.now()
        comment = Comment(
            id=self.new_id(),
            issue=issue.number,
            user=author,
            body=body,
            created_at=now,
            updated_at=now,
        )
        self.comments[comment.id] = comment
        issue.updated_at = now
        self.deliver(issue, "created", author, comment=comment)
        return comment

    def edit_comment(self, comment: Comment, actor: str | User, body: str) -> None:
        check_body("IssueComment", body)
        before, comment.body = comment.body, body
        comment.updated_at = comment.last_edited_at = self.clock.now()
        issue = self.issues[comment.issue]
        self.deliver(
            issue, "edited", self.user(actor), comment=comment, changes={"body": {"from": before}}
        )

    def delete_comment(self, comment: Comment, actor: str | User) -> None:
        del self.comments[comment.id]
        self.deliver(self.issues[comment.issue], "deleted", self.user(actor), comment=comment)

    def comments_of(self, issue: Issue) -> list[Comment]:
        """List an issue's comments, oldest first."""
        return [c for c in self.comments.values() if c.issue == issue.number]

    def react(
        self, target: Issue | Comment, user: str | User, content: str
    ) -> tuple[Reaction, bool]:
        """Add a reaction; one account's second of a kind is the first one, and not new."""
        who = self.user(user)
        for reaction in target.reactions:
            if reaction.user is who and reaction.content == content:
                return reaction, False
        reaction = Reaction(
            id=self.new_id(), user=who, content=content, created_at=self.clock.now()
        )
        target.reactions.append(reaction)
        return reaction, True

    # History

    def record(
        self,
        issue: Issue,
        event: str,
        actor: User | None,
        *,
        commit_id: str | None = None,
        **details: Any,
    ) -> None:
        issue.events.append(
            IssueEvent(
                id=self.new_id(),
                event=event,
                actor=actor,
                created_at=self.clock.now(),
                commit_id=commit_id,
                details=details,
            )
        )

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
    """Refuse a text that GitHub refuses: blank where one is needed, or too long."""
    if required and not body.strip():
        raise invalid(resource, "body", "missing_field")
    if len(body) > MAX_BODY:
        raise invalid(
            resource, "body", "too_long", "body is too long (maximum is 65536 characters)"
        )
