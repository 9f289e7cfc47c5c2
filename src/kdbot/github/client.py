"""GitHub's API as the bot uses it: few calls, own values, bounded waiting.

Every method that is one call says so; a first answer to an issue may cost eight. Reads are repeated
after a fault of the server, writes are not: a write may have taken effect before the fault, so the
caller reads the present state again and compares.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any, Literal, TypeAlias, assert_never
from urllib.parse import quote

import github

from kdbot.github import items
from kdbot.github.asking import MAX_WAIT, TRIES, BoundedRetry, asking
from kdbot.github.errors import (
    GitHubUnavailableError,
    ItemGoneError,
    RepositoryGoneError,
)
from kdbot.github.issues import IssueClient
from kdbot.github.item import Item
from kdbot.github.labels import ACCEPTED, AUDIT, BROKEN_FILE, NEW_PAPERS, Label
from kdbot.github.pulls import PullClient
from kdbot.github.reconcile import (
    AddLabels,
    Close,
    CreateComment,
    CreateReview,
    DeleteComment,
    EditComment,
    RemoveLabel,
    Reopen,
    SetStatus,
    Write,
)
from kdbot.github.settings import SettingsClient
from kdbot.model.errors import KdbotError
from kdbot.model.urls import parse_url

Reaction: TypeAlias = Literal["eyes", "+1", "confused"]

_TIMEOUT = 15  # seconds without a byte


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What may wait for a run that writes to the published branch.

    Attributes:
        accepted: open issues with the label `accepted`.
        closed: the closed ones, those that changed last.
        tracking: open issues with a label of the bot's own tracking issues.
    """

    accepted: tuple[Item, ...]
    closed: tuple[Item, ...]
    tracking: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchChanges:
    """What a branch has beyond the one that it started from.

    Attributes:
        commits: (sha, address of the author, number of parents) of each commit, oldest first.
        files: blob of each file that differs, None for one that is removed.
    """

    commits: tuple[tuple[str, str, int], ...]
    files: dict[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCommit:
    """A change that is on the published branch.

    Attributes:
        url: its page.
        files: GitHub's word for what happened to each file, such as `added` or `modified`.
    """

    url: str
    files: dict[str, str]


class GitHubClient:
    """One repository on GitHub, seen with one token.

    Args:
        repository: `owner/name`.
        token: what proves who asks.
        api_url: address of the API.
        user_agent: what the bot calls itself.
        backoff: seconds before a read that met a fault is repeated for the second time.

    Raises:
        KdbotError: the address is none.
    """

    def __init__(
        self, *, repository: str, token: str, api_url: str, user_agent: str, backoff: float = 1.0
    ) -> None:
        if parse_url(api_url) is None:
            raise KdbotError("is no address of http or https", where="GITHUB_API_URL")
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
        self._owner, _, self._name = repository.partition("/")
        self._backoff = backoff
        self.pulls = PullClient(self._api.requester, self._repository.url)
        self.issues = IssueClient(self._api.requester, self._repository.url, self._owner)
        self.settings = SettingsClient(self._api.requester, self._repository.url)

    def close(self) -> None:
        """Let go of the connection."""
        self._api.close()

    def item(self, number: int) -> Item:
        """Read an issue or a pull request with its comments and history: one call.

        Another call for each hundred comments beyond the first.

        Raises:
            ItemGoneError: it is deleted, moved or unknown.
            GitHubUnavailableError: GitHub could not be asked.
        """
        where = f"issue {number}"
        node = self._query(items.ITEM, where, number=number)["issueOrPullRequest"]
        if node is None:
            raise ItemGoneError("is not there", where=where)
        return self._whole(node, where)

    def open_items(self) -> tuple[Item, ...]:
        """Read all open issues and pull requests with comments, oldest first.

        One call for each fifty issues, and one for each twenty-five pull requests.
        """
        return tuple(
            sorted((*self.open_issues(), *self.open_pulls()), key=lambda item: item.number)
        )

    def open_issues(self) -> tuple[Item, ...]:
        """Read all open issues with comments, oldest first: one call for each fifty."""
        return tuple(self._listed(items.open_issues_query(comments=True)))

    def open_pulls(self) -> tuple[Item, ...]:
        """Read all open pull requests with comments and status, one call for each twenty-five."""
        return tuple(self._listed(items.open_pulls_query(comments=True)))

    def open_items_before(self, number: int, *, pulls: bool) -> tuple[Item, ...]:
        """Read the open issues with a lower number, without comments, oldest first.

        Args:
            number: where reading stops.
            pulls: whether to read the pull requests, too, with the paths that they add.
        """
        queries = [items.open_issues_query(comments=False)]
        if pulls:
            queries.append(items.open_pulls_query(comments=False))
        found = [
            i for q in queries for i in takewhile(lambda i: i.number < number, self._listed(q))
        ]
        return tuple(sorted(found, key=lambda item: item.number))

    def waiting(self) -> Waiting:
        """Read what waits for a run that writes to the published branch: one call."""
        found = self._query(
            items.WAITING,
            "what waits",
            accepted=[ACCEPTED],
            audit=[AUDIT],
            new=[NEW_PAPERS],
            broken=[BROKEN_FILE],
        )
        return Waiting(
            **{
                name: tuple(self._whole(node, "what waits") for node in found[name]["nodes"])
                for name in ("accepted", "closed")
            },
            tracking=tuple(
                items.read_item(node)
                for name in ("audit", "new", "broken")
                for node in found[name]["nodes"]
            ),
        )

    def issues_with(self, label: str, *, is_open: bool) -> tuple[Item, ...]:
        """Read the fifty last changed issues with a label, newest change first: one call."""
        states = ["OPEN" if is_open else "CLOSED"]
        found = self._query(
            items.WITH_LABEL, f"the issues with the label {label}", labels=[label], states=states
        )
        return tuple(items.read_item(node) for node in found["found"]["nodes"])

    def text_edits(self, node: str) -> tuple[items.TextEdit, ...]:
        """Read the last fifty edits of an issue's text, newest first: one call."""
        return items.read_edits(
            self._graphql(items.EDITS, "the edits of a text", node=node)["node"]
        )

    def _listed(self, query: str) -> Iterator[Item]:
        after, more = None, True
        while more:
            page = self._query(query, "the open issues", after=after)["found"]
            for node in page["nodes"]:
                yield self._whole(node, "the open issues")
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    def _whole(self, node: dict[str, Any], where: str) -> Item:
        """Return an item with all pages of its comments."""
        item = items.read_item(node)
        if f"/{self._full_name}/" not in item.url.lower():
            raise ItemGoneError("has moved to another repository", where=f"issue {item.number}")
        page = node.get("comments", {}).get("pageInfo", {"hasNextPage": False})
        while page["hasNextPage"]:
            found = self._graphql(items.COMMENTS, where, node=item.node, after=page["endCursor"])[
                "node"
            ]["comments"]
            item = replace(item, comments=(*item.comments, *items.read_comments(found)))
            page = found["pageInfo"]
        return item

    def _query(self, query: str, what: str, **variables: Any) -> dict[str, Any]:
        """Ask GraphQL about the repository, and hold its name against the one that is known.

        Raises:
            RepositoryGoneError: it has another name now.
        """
        answer = self._graphql(query, what, owner=self._owner, name=self._name, **variables)
        found: dict[str, Any] = answer["repository"]
        if found["nameWithOwner"].lower() != self._full_name:
            raise RepositoryGoneError(self._full_name, found["nameWithOwner"])
        return found

    def _graphql(self, query: str, what: str, **variables: Any) -> dict[str, Any]:
        """Ask GraphQL, again after a fault: nothing here changes anything.

        Raises:
            GitHubUnavailableError: it did not answer, three times.
        """
        for attempt in range(1, TRIES + 1):
            try:
                with asking(what):
                    data = self._api.requester.graphql_query(query, variables)[1]["data"]
                    return dict(data)
            except RepositoryGoneError:
                raise RepositoryGoneError(self._full_name) from None
            except GitHubUnavailableError as error:
                backoff = self._backoff * 2 ** (attempt - 1)
                wait = backoff if error.wait is None else error.wait
                if attempt == TRIES or wait > MAX_WAIT:
                    raise
                time.sleep(wait)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def account_id(self, login: str) -> int:
        """Return the number of an account, which it keeps when it is renamed: one call."""
        with asking(f"the account {login}"):
            return self._api.get_user(login).id

    def may_write(self, login: str) -> bool:
        """Tell whether an account has write permission now: one call."""
        with asking(f"the permission of {login}"):
            return self._repository.get_collaborator_permission(login) in {"admin", "write"}

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
            case Reopen():
                issue.edit(state="open", state_reason="reopened")
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

    def branch_changes(self, branch: str, base: str) -> BranchChanges:
        """Read what a branch has beyond another one, from where they parted: one call."""
        with asking(f"the commits of {branch}"):
            found = self._repository.compare(base, branch)
            return BranchChanges(
                commits=tuple(
                    (c.sha, c.commit.author.email, len(c.parents)) for c in found.commits
                ),
                files={
                    file.filename: None if file.status == "removed" else file.sha
                    for file in found.files
                },
            )

    def has_rules(self, branch: str) -> bool:
        """Tell whether a branch is protected, by rules or the older way: two calls at most.

        Rules that the bot may bypass count, too.
        https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch
        """
        with asking(f"the rules of {branch}"):
            get, url = self._api.requester.requestJsonAndCheck, self._repository.url
            name = quote(branch, safe="")
            return bool(get("GET", f"{url}/rules/branches/{name}")[1]) or bool(
                get("GET", f"{url}/branches/{name}")[1]["protected"]
            )

    def commit_for(self, path: str, number: int) -> OwnCommit | None:
        """Return the bot's commit that changed a file for an issue, or None: two calls at most.

        The bot's own subjects end with the issue's number.
        """
        with asking(f"the history of {path}"):
            for commit in self._repository.get_commits(path=path).get_page(0):
                if commit.commit.message.partition("\n")[0].endswith(f"(#{number})"):
                    whole = self._repository.get_commit(commit.sha)
                    files = {file.filename: file.status for file in whole.files}
                    return OwnCommit(url=str(commit.html_url), files=files)
            return None

    def _comment_call(self, verb: str, comment: int, body: dict[str, str] | None = None) -> None:
        # An object of PyGithub's for an own comment would be fetched first.
        url = f"{self._repository.url}/issues/comments/{comment}"
        self._api.requester.requestJsonAndCheck(verb, url, input=body)
