"""GitHub's API as the bot uses it: few calls, own values, bounded waiting.

Every method that is one call says so; a first answer to an issue may cost eight. Reads are repeated
after a fault of the server, writes are not: a write may have taken effect before the fault, so the
caller reads the present state again and compares.
"""

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias, assert_never
from urllib.parse import quote

import github

from kdbot.github.asking import BoundedRetry, asking
from kdbot.github.conversion import account_of, comment_of, item_of, label_name_of
from kdbot.github.errors import ForbiddenError, GitHubUnavailableError, ItemGoneError
from kdbot.github.issues import IssueClient
from kdbot.github.item import Comment, HistoryEvent, Item
from kdbot.github.labels import Label
from kdbot.github.pulls import PullClient
from kdbot.github.reconcile import (
    AddLabels,
    Close,
    CreateComment,
    CreateReview,
    DeleteComment,
    EditComment,
    RemoveLabel,
    SetStatus,
    Write,
)

Reaction: TypeAlias = Literal["eyes", "+1", "confused"]

_NO_LABEL = "`kdbot setup` creates the labels that this list lacks"
_TIMEOUT = 15  # seconds without a byte
_EDITOR_QUERY = """
query($node: ID!) {
  node(id: $node) { ... on IssueComment { author { login } editor { login } } }
}
"""


class GitHubClient:
    """One repository on GitHub, seen with one token.

    Args:
        repository: `owner/name`.
        token: what proves who asks.
        api_url: address of the API.
        user_agent: what the bot calls itself.
        backoff: seconds before a read that met a fault is repeated for the second time.
    """

    def __init__(
        self, *, repository: str, token: str, api_url: str, user_agent: str, backoff: float = 1.0
    ) -> None:
        self._api = github.Github(
            auth=github.Auth.Token(token),
            base_url=api_url,
            lazy=True,
            per_page=100,
            retry=BoundedRetry.for_reads(backoff),
            seconds_between_requests=None,
            seconds_between_writes=None,
            timeout=_TIMEOUT,
            user_agent=user_agent,
        )
        self._repository = self._api.get_repo(repository)
        self._full_name = repository.lower()
        self.pulls = PullClient(self._api.requester, self._repository.url)
        self.issues = IssueClient(self._api.requester, self._repository.url, self._full_name)

    def close(self) -> None:
        """Let go of the connection."""
        self._api.close()

    def item(self, number: int) -> Item:
        """Read an issue or a pull request with all of its comments: one call and one a page.

        Raises:
            ItemGoneError: it is deleted, moved or unknown.
            GitHubUnavailableError: GitHub could not be asked.
        """
        with asking(f"issue {number}"):
            issue = self._repository.get_issue(number)
            if f"/{self._full_name}/" not in issue.html_url.lower():
                raise ItemGoneError("has moved to another repository", where=f"issue {number}")
            comments = tuple(comment_of(comment) for comment in issue.get_comments())
            return item_of(issue, comments)

    def open_items_before(self, number: int) -> Iterator[Item]:
        """Yield the open issues and pull requests with a lower number, oldest first.

        One call a page; reading stops at `number`. Comments are not read.
        """
        with asking("the open issues"):
            for issue in self._repository.get_issues(state="open", sort="created", direction="asc"):
                if issue.number >= number:
                    return
                yield item_of(issue, ())

    def open_items(self) -> tuple[Item, ...]:
        """Read all open issues and pull requests, oldest first, without comments."""
        with asking("the open issues"):
            issues = self._repository.get_issues(state="open", sort="created", direction="asc")
            return tuple(item_of(issue, ()) for issue in issues)

    def history(self, number: int) -> tuple[HistoryEvent, ...]:
        """Read what happened to an item, oldest first: one call a page."""
        with asking(f"the history of {number}"):
            return tuple(
                HistoryEvent(
                    kind=event.event,
                    actor=account_of(event.actor),
                    created=event.created_at,
                    label=label_name_of(event),
                )
                for event in self._repository.get_issue(number).get_events()
            )

    def account_id(self, login: str) -> int:
        """Return the number of an account, which it keeps when it is renamed: one call."""
        with asking(f"the account {login}"):
            return self._api.get_user(login).id

    def may_write(self, login: str) -> bool:
        """Tell whether an account has write permission now: one call."""
        with asking(f"the permission of {login}"):
            return self._repository.get_collaborator_permission(login) in {"admin", "write"}

    def is_as_its_author_left_it(self, comment: Comment) -> bool:
        """Tell whether nobody but its author has edited a comment: one call.

        REST does not say who edited a comment; GraphQL does.
        https://docs.github.com/en/graphql/reference/objects#issuecomment
        """
        with asking(f"comment {comment.id}"):
            _, answer = self._api.requester.graphql_query(_EDITOR_QUERY, {"node": comment.node})
        node = (answer.get("data") or {}).get("node") or {}
        author, editor = node.get("author"), node.get("editor")
        return author is not None and (editor is None or editor["login"] == author["login"])

    def react(self, comment: int, reaction: Reaction) -> None:
        """Set a reaction on a comment: one call; GitHub keeps one of each kind."""
        with asking(f"comment {comment}"):
            url = f"{self._repository.url}/issues/comments/{comment}/reactions"
            self._api.requester.requestJsonAndCheck("POST", url, input={"content": reaction})

    def write(self, number: int, write: Write) -> None:
        """Make one change to an item: one call.

        Raises:
            GitHubUnavailableError: GitHub could not be asked; the change may have been made.
        """
        try:
            with asking(f"issue {number}"):
                self._write(self._repository.get_issue(number), write)
        except ForbiddenError as error:
            if isinstance(write, AddLabels):
                # A job that may not write issues cannot create a label on the way.
                raise ForbiddenError(error.what, where=error.where, fix=_NO_LABEL) from error
            raise
        except ItemGoneError as error:
            # A comment or a label that somebody removed meanwhile: the state must be read again.
            raise GitHubUnavailableError(error.what, where=error.where, wait=0) from error

    def _write(self, issue: Any, write: Write) -> None:
        match write:
            case CreateComment():
                issue.create_comment(write.body)
            case EditComment():
                self._comment_call("PATCH", write.id, {"body": write.body})
            case DeleteComment():
                self._comment_call("DELETE", write.id)
            case AddLabels():
                issue.add_to_labels(*write.names)
            case RemoveLabel():
                issue.remove_from_labels(write.name)
            case Close():
                issue.edit(state="closed", state_reason=write.reason)
            case SetStatus():
                self.pulls.set_status(write)
            case CreateReview():
                self.pulls.create_review(issue.number, write)
            case _:
                assert_never(write)

    def labels(self) -> dict[str, Label]:
        """Read the repository's labels by their name in lower case: one call a page."""
        with asking("the labels"):
            return {
                label.name.casefold(): Label(
                    name=label.name, color=label.color, description=label.description or ""
                )
                for label in self._repository.get_labels()
            }

    def put_label(self, label: Label, known: Label | None) -> None:
        """Create a label, or change the one that is known by its name: one call."""
        with asking(f"the label {label.name}"):
            words = {"color": label.color, "description": label.description}
            if known is None:
                self._repository.create_label(label.name, **words)
                return
            url = f"{self._repository.url}/labels/{quote(known.name, safe='')}"
            body = {"new_name": label.name, **words}
            self._api.requester.requestJsonAndCheck("PATCH", url, input=body)

    def pull_request_of(self, branch: str) -> str | None:
        """Return the page of the open pull request from a branch, or None: one call."""
        owner = self._full_name.partition("/")[0]
        with asking(f"the pull request of {branch}"):
            found = self._repository.get_pulls(state="open", head=f"{owner}:{branch}")
            return next((pull.html_url for pull in found), None)

    def open_pull_request(self, *, branch: str, base: str, title: str, body: str) -> str:
        """Open a pull request between two branches of the repository and return its page."""
        with asking(f"a pull request for {branch}"):
            return self._repository.create_pull(base, branch, title=title, body=body).html_url

    def holds_foreign_commits(self, branch: str, base: str, email: str) -> bool:
        """Tell whether a branch has commits that another address wrote: one call."""
        with asking(f"the commits of {branch}"):
            commits = self._repository.compare(base, branch).commits
            return any(commit.commit.author.email != email for commit in commits)

    def commit_for(self, path: str, number: int) -> str | None:
        """Return the page of the commit that changed a file for an issue, or None: one call.

        The bot's own subjects end with the issue's number.
        """
        with asking(f"the history of {path}"):
            for commit in self._repository.get_commits(path=path).get_page(0):
                if commit.commit.message.partition("\n")[0].endswith(f"(#{number})"):
                    return str(commit.html_url)
            return None

    def _comment_call(self, verb: str, comment: int, body: dict[str, str] | None = None) -> None:
        # An object of PyGithub's for an own comment would be fetched first.
        url = f"{self._repository.url}/issues/comments/{comment}"
        self._api.requester.requestJsonAndCheck(verb, url, input=body)
