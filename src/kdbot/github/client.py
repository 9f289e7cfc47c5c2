"""GitHub's API as the bot uses it: few calls, own values.

Every method that is one call says so; a first answer to an issue may cost eight. A pull request's
head is read as data of one commit: its changed files, the entries of two folders and some blobs.
Blobs are asked for by their name, never by a path, since a path may lead through a symbolic link.
https://docs.github.com/en/rest/git
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, takewhile
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from urllib.parse import quote

from github.File import File
from github.GitTreeElement import GitTreeElement
from github.PullRequest import PullRequest

from kdbot.github import queries
from kdbot.github.api import PAGE, Api
from kdbot.github.errors import (
    GitHubUnavailableError,
    ItemGoneError,
    RejectedError,
    RepositoryGoneError,
)
from kdbot.github.item import Item, TextEdit
from kdbot.github.labels import ACCEPTED, AUDIT, BROKEN_FILE, DECLINED, NEW_PAPERS, STATES
from kdbot.github.writes import Write
from kdbot.model.report import Label
from kdbot.model.urls import user_agent

if TYPE_CHECKING:
    from kdbot.github.settings import SettingsClient

OwnPull: TypeAlias = PullRequest
"""A pull request from one of the bot's branches."""
Reaction: TypeAlias = Literal["eyes", "+1", "confused"]

_UNPROCESSABLE = 422
_TREE = "040000"  # mode of a folder


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchChanges:
    """What a branch has beyond the one that it started from.

    Attributes:
        tip: commit that it points to.
        commits: (sha, address of the author, number of parents) of each commit, oldest first.
        files: blob of each file that differs, None for one that is removed.
    """

    tip: str
    commits: tuple[tuple[str, str, int], ...]
    files: dict[str, str | None]


class GitHubClient(Api):
    """One repository on GitHub, seen with one token: its calls by name.

    Attributes:
        bot: the user id of who asks; 0 where only settings are asked for.
    """

    def __init__(self, **parts: str) -> None:
        super().__init__(**parts)
        self.bot = 0
        self._writers: dict[str, bool] = {}

    @cached_property
    def settings(self) -> "SettingsClient":
        """The repository's own settings."""
        from kdbot.github.settings import SettingsClient

        return SettingsClient(self)

    def item(self, number: int) -> Item:
        """Read an issue or a pull request with its comments and history: one call.

        Another call for each hundred comments beyond the first.

        Raises:
            ItemGoneError: it is deleted, moved or unknown.
            GitHubUnavailableError: GitHub could not be asked.
        """
        where = f"issue {number}"
        node = self._query(where, queries.ITEM, number=number)["issueOrPullRequest"]
        if node is None:
            raise ItemGoneError("does not exist", where=where)
        return self._whole(node, where)

    def open_items(self) -> tuple[Item, ...]:
        """Read all open issues and pull requests with comments, oldest first.

        One call for each fifty issues, and one for each twenty-five pull requests.
        """
        return tuple(sorted((*self.open_issues(), *self.open_pulls()), key=attrgetter("number")))

    def open_issues(self) -> tuple[Item, ...]:
        """Read all open issues with comments, oldest first: one call for each fifty."""
        return tuple(self._listed(queries.open_issues_query(comments=True)))

    def open_pulls(self) -> tuple[Item, ...]:
        """Read all open pull requests with comments and status, one call for each twenty-five."""
        return tuple(self._listed(queries.open_pulls_query(comments=True)))

    def open_items_before(self, number: int, *, pulls: bool) -> tuple[Item, ...]:
        """Read the open issues with a lower number, without comments, oldest first.

        Args:
            number: where reading stops.
            pulls: whether to also read the pull requests, with the paths that they add.
        """
        kinds = [queries.open_issues_query(comments=False)]
        if pulls:
            kinds.append(queries.open_pulls_query(comments=False))
        found = [i for q in kinds for i in takewhile(lambda i: i.number < number, self._listed(q))]
        return tuple(sorted(found, key=attrgetter("number")))

    def waiting(self) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
        """Read what waits for a run that writes to the published branch: one call.

        Returns:
            Issues with the label `accepted`, all open ones and the closed ones that changed last;
            the proposals that changed last, in which a command may stand, and which a merge may
            have closed; and the open issues with a label of the bot's own tracking issues, without
            the rest of their comments.
        """
        labels = {"accepted": ACCEPTED, "audit": AUDIT, "new": NEW_PAPERS, "broken": BROKEN_FILE}
        labels["declined"] = DECLINED
        what = "what waits"
        asked = {name: [label] for name, label in labels.items()} | {"states": sorted(STATES)}
        found = self._query(what, queries.WAITING, **asked)
        return (
            tuple(
                self._whole(node, what)
                for name in ("accepted", "closed", "merged", "said", "declined", "pulls")
                for node in found[name]["nodes"]
            ),
            tuple(
                queries.read_item(node, self.bot)
                for name in ("audit", "new", "broken")
                for node in found[name]["nodes"]
            ),
        )

    def issues_with(self, label: str, *, is_open: bool) -> tuple[Item, ...]:
        """Read the fifty last changed issues with a label, newest change first: one call."""
        what, states = f"the issues with the label {label}", ["OPEN" if is_open else "CLOSED"]
        found = self._query(what, queries.WITH_LABEL, labels=[label], states=states)
        return tuple(queries.read_item(node, self.bot) for node in found["found"]["nodes"])

    def text_edits(self, node: str) -> tuple[TextEdit, ...]:
        """Read the last fifty edits of an issue's text, newest first: one call."""
        found = self.query("the edits of a text", queries.EDITS, node=node)
        return queries.read_edits(found["node"])

    def _listed(self, query: str) -> Iterator[Item]:
        after, more, what = None, True, "the open issues"
        while more:
            page = self._query(what, query, after=after)["found"]
            for node in page["nodes"]:
                yield self._whole(node, what)
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    def _whole(self, node: dict[str, Any], where: str) -> Item:
        """Return an item with all pages of its comments."""
        item = queries.read_item(node, self.bot)
        if f"/{self.repository.lower()}/" not in item.url.lower():
            raise ItemGoneError(
                "was transferred to another repository", where=f"issue {item.number}"
            )
        page = node.get("comments", {}).get("pageInfo", {"hasNextPage": False})
        while page["hasNextPage"]:
            after = page["endCursor"]
            found = self.query(where, queries.COMMENTS, node=item.node, after=after)
            comments = found["node"]["comments"]
            item = replace(item, comments=(*item.comments, *queries.read_comments(comments)))
            page = comments["pageInfo"]
        return item

    def _query(self, what: str, query: str, **variables: Any) -> dict[str, Any]:
        """Ask GraphQL about the repository, and hold its name against the one that is known.

        Raises:
            RepositoryGoneError: it has another name now.
        """
        owner, _, name = self.repository.partition("/")
        answer = self.query(what, query, owner=owner, name=name, **variables)
        found: dict[str, Any] = answer["repository"]
        if found["nameWithOwner"].lower() != self.repository.lower():
            raise RepositoryGoneError(self.repository, found["nameWithOwner"])
        return found

    def account_id(self, login: str) -> int:
        """Return the number of an account, which it keeps when it is renamed: one call."""
        path = f"/users/{quote(login, safe='')}"
        return self.get(f"the account {login}", path, lambda found: int(found["id"]))

    def may_write(self, login: str) -> bool:
        """Tell whether an account has write permission now: one call, and once in a run."""
        if login not in self._writers:
            self._writers[login] = self.ask(
                f"the permission of {login}",
                lambda repo: repo.get_collaborator_permission(login) in {"admin", "write"},
            )
        return self._writers[login]

    def react(self, comment: int, reaction: Reaction) -> None:
        """Set a reaction on a comment: one call; GitHub keeps one of each kind."""
        path = f"issues/comments/{comment}/reactions"
        self.send(f"comment {comment}", "POST", path, {"content": reaction})

    def write(self, number: int, write: Write) -> None:
        """Make one change to an item: one call.

        Raises:
            ItemGoneError: a tracking issue cannot be written, since the repository has no issues.
            GitHubUnavailableError: GitHub could not be asked and the change may have been made; or
                what it is about has changed, as a head that has moved on, so that the state must
                be read again.
        """
        what = f"issue {number}" if number else f"a new issue ({write.body['title']})"
        try:
            self.send(what, write.verb, write.path, write.body)
        except ItemGoneError as error:
            if write.kind in {"CreateIssue", "UpdateIssue"}:
                raise  # issues are switched off
            # A comment or a label that somebody removed meanwhile.
            raise GitHubUnavailableError(error.what, where=error.where, wait=0) from error
        except RejectedError as error:
            if write.kind != "CreateReview" or error.status != _UNPROCESSABLE:
                raise
            raise GitHubUnavailableError(
                "GitHub could not place the suggestions", where=f"#{number}", wait=0
            ) from error

    def labels(self) -> dict[str, Label]:
        """Read the repository's labels by their name in lower case: one call a page."""
        return self.ask(
            "the labels",
            lambda repository: {
                label.name.casefold(): Label(label.name, label.color, label.description or "")
                for label in repository.get_labels()
            },
        )

    def put_label(self, label: Label, known: Label | None) -> None:
        """Create a label, or change the one that is known by its name: one call."""
        words = label.name, label.color, label.description
        self.change(
            f"the label {label.name}",
            lambda repository: (
                repository.get_label(known.name).edit(*words)
                if known
                else repository.create_label(*words)
            ),
        )

    def own_pulls(self, branch: str) -> tuple[OwnPull, ...]:
        """Read the bot's pull requests from a branch, open or not, newest first: one call."""
        head = f"{self.repository.partition('/')[0]}:{branch}"
        return self.ask(
            f"the pull requests of {branch}",
            lambda repository: tuple(
                pull
                for pull in islice(repository.get_pulls(state="all", head=head), PAGE)
                if getattr(pull.user, "id", 0) == self.bot
            ),
        )

    def open_pull_request(self, *, branch: str, base: str, title: str, body: str) -> str:
        """Open a pull request between two branches of the repository and return its page."""
        return self.change(
            f"a pull request for {branch}",
            lambda repository: (
                repository.create_pull(base, branch, title=title, body=body).html_url
            ),
        )

    def head_sha(self, number: int) -> str:
        """Return the commit that a pull request asks to be merged: one call.

        Raises:
            ItemGoneError: it is not there.
            GitHubUnavailableError: GitHub could not be asked.
        """
        return self.ask(
            f"pull request {number}", lambda repository: repository.get_pull(number).head.sha
        )

    def changed_files(self, number: int) -> tuple[File, ...]:
        """Read the first `PAGE` changed files of a pull request, in GitHub's order: one call."""
        return self.ask(
            f"the files of pull request {number}",
            lambda repository: tuple(islice(repository.get_pull(number).get_files(), PAGE)),
        )

    def tree(self, sha: str, folder: str) -> dict[str, GitTreeElement]:
        """Read the entries of a commit's root, and of one of its folders: two calls at most.

        Returns:
            The entries by their path.
        """
        what = f"the files of commit {sha[:7]}"

        def entries(tree: str, prefix: str = "") -> dict[str, GitTreeElement]:
            return self.ask(
                what, lambda repo: {f"{prefix}{e.path}": e for e in repo.get_git_tree(tree).tree}
            )

        found = entries(sha)
        below = found.get(folder)
        is_folder = below is not None and below.mode == _TREE
        return found | entries(below.sha, f"{folder}/") if below and is_folder else found

    def blob(self, sha: str) -> bytes:
        """Read a blob by its name: one call."""
        return self.ask(
            f"blob {sha[:7]}",
            lambda repository: base64.b64decode(repository.get_git_blob(sha).content),
        )

    def suggested(self, number: int) -> tuple[tuple[str, str], ...]:
        """Read the comments on lines that the bot wrote, oldest first: one call a page.

        Returns:
            The commit that each was written for, and its text.
        """
        return self.ask(
            f"the reviews of pull request {number}",
            lambda repository: tuple(
                (comment.original_commit_id, comment.body or "")
                for comment in repository.get_pull(number).get_review_comments()
                if getattr(comment.user, "id", 0) == self.bot
            ),
        )

    def branch_changes(self, branch: str, base: str) -> BranchChanges:
        """Read what a branch has beyond another one, from where they parted: one call."""
        path = f"compare/{quote(base, safe='')}...{quote(branch, safe='')}"
        return self.get(f"the commits of {branch}", path, _branch_changes)

    def has_rules(self, branch: str) -> bool:
        """Tell whether a branch is protected, by rules or the older way: two calls at most.

        Rules that the bot may bypass also count.
        https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch
        """
        what, path = f"the rules of {branch}", f"rules/branches/{quote(branch, safe='')}"
        return self.get(what, path, bool) or self.ask(
            what, lambda repository: repository.get_branch(branch).protected
        )

    def first_commit(self, path: str) -> str | None:
        """Return the page of the commit that added a file: one call; None for a file unknown.

        Of a file with more than `PAGE` commits it is the first of the last `PAGE`.
        """
        commits = self._commits_of(path)
        return commits[-1][2] if commits else None

    def commit_for(self, path: str, number: int) -> tuple[str, dict[str, str]] | None:
        """Return the bot's commit that changed a file for an issue, or None: two calls at most.

        The bot's own subjects end with the issue's number.

        Returns:
            Its page, and the status of each file, such as `added`.
        """
        for sha, subject, _ in self._commits_of(path):
            if subject.endswith(f"(#{number})"):
                return self.get(
                    _history_of(path),
                    f"commits/{sha}",
                    lambda found: (
                        str(found["html_url"]),
                        {file["filename"]: file["status"] for file in found["files"]},
                    ),
                )
        return None

    def _commits_of(self, path: str) -> list[tuple[str, str, str]]:
        """Return hash, subject and page of the last commits of a file, newest first: one call."""
        return self.ask(
            _history_of(path),
            lambda repository: [
                (commit.sha, commit.commit.message.partition("\n")[0], commit.html_url)
                for commit in islice(repository.get_commits(path=path), PAGE)
            ],
        )


def server_of(environment: Mapping[str, str]) -> str:
    """Return the address of GitHub."""
    return environment.get("GITHUB_SERVER_URL", "https://github.com")


def connect(repository: str, token: str, environment: Mapping[str, str]) -> GitHubClient:
    """Return a client for a repository on the GitHub that the environment names."""
    return GitHubClient(
        repository=repository,
        token=token,
        api_url=environment.get("GITHUB_API_URL", "https://api.github.com"),
        user_agent=user_agent(repository, server_of(environment)),
    )


def _history_of(path: str) -> str:
    return f"the history of {path}"


def _branch_changes(found: Mapping[str, Any]) -> BranchChanges:
    """Read a comparison; of more than 250 commits it has the newest.

    https://docs.github.com/en/rest/commits/commits#compare-two-commits
    """
    commits = found["commits"]
    return BranchChanges(
        tip=(commits[-1] if commits else found["merge_base_commit"])["sha"],
        commits=tuple(
            (c["sha"], c["commit"]["author"]["email"], len(c["parents"])) for c in commits
        ),
        files={
            file["filename"]: None if file["status"] == "removed" else file["sha"]
            for file in found["files"]
        },
    )
