"""What people do with branches and pull requests, backed by the bare repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.github_server.diff import FileChange, changed_files
from tests.github_server.gitdata import ZERO
from tests.github_server.http import ApiError, unprocessable
from tests.github_server.merging import MergeMethod, merged, updated
from tests.github_server.state import Issue, Pull, User
from tests.github_server.world_repository import RepositoryWorld, signature_of

if TYPE_CHECKING:
    from collections.abc import Mapping


class GitHubWorld(RepositoryWorld):
    """The world with its pull requests."""

    def base_sha(self, issue: Issue) -> str:
        pull = _pull(issue)
        return pull.base_sha_at_merge or self.git.resolve(pull.base_ref) or ZERO

    def files_of(self, issue: Issue) -> list[FileChange]:
        """List what a pull request changes, from where it branched off."""
        base, head = self.base_sha(issue), self.head_sha(issue)
        return changed_files(self.git, self.git.merge_base(base, head) or base, head)

    def commits_of(self, issue: Issue) -> list[str]:
        """List a pull request's commits, oldest first."""
        return self.git.log(f"{self.base_sha(issue)}..{self.head_sha(issue)}")[::-1]

    def open_pull(
        self,
        user: str | User,
        title: str,
        body: str | None = None,
        *,
        files: Mapping[str, str | bytes | None] | None = None,
        head: str | None = None,
        branch: str = "patch-1",
        base: str | None = None,
        fork: bool = True,
        modes: Mapping[str, str] | None = None,
        number: int | None = None,
    ) -> Issue:
        """Open a pull request with one commit of these files, or from an existing commit."""
        author = self.user(user)
        base_ref = base or self.git.default_branch
        number = number or max(self.issues, default=0) + 1
        sha = head or self._commit(author, files or {}, title, base_ref, modes)
        self.git.set_ref(f"refs/pull/{number}/head", sha)
        if not fork:
            self.git.set_ref(f"refs/heads/{branch}", sha)
        now = self.clock.now()
        issue = Issue(
            id=self.new_id(),
            number=number,
            title=title,
            body=body,
            user=author,
            created_at=now,
            updated_at=now,
            listed_after=self.requests + self.listing_lag,
            pull=Pull(
                id=self.new_id(),
                head_owner=author if fork else self.owner,
                head_ref=branch,
                fork=f"{author.login}/{self.name}" if fork else self.full_name,
                base_ref=base_ref,
            ),
        )
        self.issues[number] = issue
        self.deliver(issue, "opened", author)
        return issue

    def push_to_pull(
        self,
        issue: Issue,
        files: Mapping[str, str | bytes | None],
        message: str = "Mend",
        *,
        modes: Mapping[str, str] | None = None,
    ) -> str:
        """Push one more commit to a pull request's head; gives the SHA."""
        pull, before = _pull(issue), self.head_sha(issue)
        author = issue.user or self.user("ghost")
        sha = self._commit(author, files, message, before, modes)
        self._move_head(issue, pull, sha)
        issue.updated_at = self.clock.now()
        self.deliver(issue, "synchronize", author, before=before, after=sha)
        return sha

    def delete_fork(self, issue: Issue) -> None:
        """Delete the repository that a pull request came from, and its owner's account."""
        pull = _pull(issue)
        pull.fork = pull.head_owner = None

    def merge_pull(self, issue: Issue, actor: str | User, method: MergeMethod = "merge") -> str:
        """Merge a pull request as one of the three buttons does; gives the SHA on the base.

        A merge into the default branch closes the issues that the pull request's text names, and
        those that the commits name which the base got.
        https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges
        """
        pull, who = _pull(issue), self.user(actor)
        if issue.state != "open":
            raise ApiError(405, "Pull Request is not mergeable")
        base = self.base_sha(issue)
        sha = merged(self, issue, who, method)
        self.git.set_ref(f"refs/heads/{pull.base_ref}", sha, old=base)
        pull.merged_at, pull.merged_by = self.clock.now(), who
        pull.merge_commit_sha, pull.base_sha_at_merge = sha, base
        self.record(issue, "merged", who, commit_id=sha)
        self.close(issue, who)
        self.deliver_push(who, pull.base_ref, base, sha)
        if pull.base_ref == self.git.default_branch:
            self.close_named(issue.body or "", who, by_pull=issue.number)
            for commit in self.git.log(f"{base}..{sha}"):
                self.close_named(self.git.commit(commit).message, who, commit_id=commit)
        return sha

    def update_branch(self, issue: Issue, actor: str | User) -> str:
        """Merge the base into a pull request's branch, as its **Update branch** button does."""
        pull, who, before = _pull(issue), self.user(actor), self.head_sha(issue)
        sha = updated(self, issue, who)
        self._move_head(issue, pull, sha)
        issue.updated_at = self.clock.now()
        self.deliver(issue, "synchronize", who, before=before, after=sha)
        return sha

    def _move_head(self, issue: Issue, pull: Pull, sha: str) -> None:
        self.git.set_ref(f"refs/pull/{issue.number}/head", sha)
        if self._in_repository(pull):
            self.git.set_ref(f"refs/heads/{pull.head_ref}", sha)

    def _commit(
        self,
        author: User,
        files: Mapping[str, str | bytes | None],
        message: str,
        parent: str,
        modes: Mapping[str, str] | None,
    ) -> str:
        tip = self.git.resolve(parent) or parent
        entries = [
            (
                path,
                (modes or {}).get(path, "100644"),
                None
                if data is None
                else data.decode()
                if (modes or {}).get(path) == "160000" and isinstance(data, bytes)
                else self.git.write_blob(data.encode() if isinstance(data, str) else data),
            )
            for path, data in files.items()
        ]
        tree = self.git.write_tree(entries, base=tip)
        return self.git.write_commit(tree, [tip], message, signature_of(self, author))

    def _in_repository(self, pull: Pull) -> bool:
        return pull.fork == self.full_name

    def create_pull(
        self, actor: User, title: str, body: str | None, *, head: str, base: str, draft: bool
    ) -> Issue:
        """Open a pull request for an existing branch, as the API does."""
        branch = head.rpartition(":")[2]
        tip, target = self.git.ref(f"refs/heads/{branch}"), self.git.ref(f"refs/heads/{base}")
        for name, sha in (("head", tip), ("base", target)):
            if sha is None:
                error = {"resource": "PullRequest", "field": name, "code": "invalid"}
                raise ApiError(422, "Validation Failed", errors=[error])
        if tip is None or target is None or not self.git.log(f"{target}..{tip}"):
            raise _refused(f"No commits between {base} and {branch}")
        for issue in self.issues.values():
            same = issue.pull and (issue.pull.head_ref, issue.pull.base_ref) == (branch, base)
            if same and issue.pull and self._in_repository(issue.pull) and issue.state == "open":
                raise _refused(f"A pull request already exists for {self.owner.login}:{branch}.")
        issue = self.open_pull(actor, title, body, head=tip, branch=branch, base=base, fork=False)
        _pull(issue).draft = draft
        return issue


def _refused(message: str) -> ApiError:
    error = {"resource": "PullRequest", "code": "custom", "message": message}
    return ApiError(422, "Validation Failed", errors=[error])


def _pull(issue: Issue) -> Pull:
    if issue.pull is None:
        raise unprocessable("this issue is no pull request")
    return issue.pull
