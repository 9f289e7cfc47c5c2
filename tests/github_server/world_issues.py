"""What people and bots do with issues, comments and reactions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.github_server.http import ApiError, not_found
from tests.github_server.state import Comment, Edit, Issue, Reaction, User
from tests.github_server.world import World, check_body

if TYPE_CHECKING:
    from collections.abc import Iterable


class IssueWorld(World):
    """The world with its conversations."""

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
            self._edit(issue, who, body)
        if changes:
            issue.updated_at = self.clock.now()
            self.deliver(issue, "edited", who, changes=changes)

    def _edit(self, target: Issue | Comment, who: User, text: str) -> None:
        """Change a text and keep its versions, each whole; the first edit keeps the original, too.

        https://docs.github.com/en/graphql/reference/objects#usercontentedit
        """
        now = self.clock.now()
        if not target.edits:
            target.edits.append(
                Edit(
                    id=self.new_id(),
                    editor=target.user,
                    edited_at=target.created_at,
                    text=target.body or "",
                )
            )
        target.edits.append(Edit(id=self.new_id(), editor=who, edited_at=now, text=text))
        target.body, target.last_edited_at, target.editor = text, now, who

    def close(
        self,
        issue: Issue,
        actor: str | User,
        reason: str | None = "completed",
        commit_id: str | None = None,
        by_pull: int | None = None,
    ) -> None:
        """Close an issue or pull request, or only change the reason.

        Closing words in a commit leave its `commit_id` in the event; those in the text of a pull
        request do not, which only GraphQL's `closer` tells:
        https://docs.github.com/en/rest/using-the-rest-api/issue-event-types#closed and
        https://github.com/PyGithub/PyGithub/issues/1295.
        """
        if issue.state == "closed":
            issue.state_reason = reason
            return
        who = self.user(actor)
        if issue.pull:
            self.head_sha(issue)  # what is pushed to its branch later is no part of it
        issue.state, issue.closed_by = "closed", who
        issue.state_reason = None if issue.pull else reason
        issue.closed_at = issue.updated_at = self.clock.now()
        event = self.record(
            issue, "closed", who, commit_id=commit_id, state_reason=issue.state_reason
        )
        if by_pull is not None:
            self.closers[event.id] = by_pull
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
        before = comment.body
        self._edit(comment, self.user(actor), body)
        comment.updated_at = self.clock.now()
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
