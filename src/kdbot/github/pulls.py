"""Pull requests through GitHub's API: what their heads hold, and what the bot says of a commit.

A head is read as data: its changed files, the entries of two folders and some blobs, all of one
commit. Blobs are asked for by their name, never by a path, since a path may lead through a
symbolic link. https://docs.github.com/en/rest/git
"""

import base64
from collections.abc import Iterator
from typing import Any

import github

from kdbot.github.asking import asking
from kdbot.github.errors import GitHubUnavailableError
from kdbot.github.head import ChangedFile, PullRequest, Suggested, Tree, TreeEntry
from kdbot.github.item import GHOST
from kdbot.github.items import STATUS_CONTEXT
from kdbot.github.reconcile import CreateReview, SetStatus

PAGE = 100
"""Files of a pull request that one answer holds, and the most that are ever read."""

_UNPROCESSABLE = 422


class PullClient:
    """The pull requests of one repository."""

    def __init__(self, requester: Any, url: str) -> None:
        self._requester = requester
        self._url = url

    def read(self, number: int) -> PullRequest:
        """Read a pull request: one call.

        Raises:
            ItemGoneError: it is not there.
            GitHubUnavailableError: GitHub could not be asked.
        """
        with asking(f"pull request {number}"):
            data = self._get(f"pulls/{number}")
            head = data["head"]
            return PullRequest(
                number=number,
                head_sha=head["sha"],
                head_branch=head["ref"],
                head_repository=head["repo"]["full_name"] if head["repo"] else None,
                base=data["base"]["ref"],
                changed_files=data["changed_files"],
            )

    def files(self, number: int) -> tuple[ChangedFile, ...]:
        """Read the first `PAGE` changed files, in GitHub's order: one call."""
        with asking(f"the files of pull request {number}"):
            return tuple(
                ChangedFile(
                    path=file["filename"],
                    status=file["status"],
                    previous=file.get("previous_filename"),
                    patch=file.get("patch"),
                    blob=None if file["status"] == "removed" else file["sha"],
                )
                for file in self._get(f"pulls/{number}/files", per_page=PAGE)
            )

    def tree(self, sha: str, folder: str) -> Tree:
        """Read the entries of a commit's root, and of one of its folders: two calls at most."""
        with asking(f"the files of commit {sha[:7]}"):
            root = self._entries(sha, "")
            below = next((entry for entry in root if entry.path == folder and entry.is_tree), None)
            inside = () if below is None else self._entries(below.sha, f"{folder}/")
            return Tree(entries={entry.path: entry for entry in (*root, *inside)})

    def blob(self, sha: str) -> bytes:
        """Read a blob by its name: one call."""
        with asking(f"blob {sha[:7]}"):
            return base64.b64decode(self._get(f"git/blobs/{sha}")["content"])

    def suggested(self, number: int, bot_id: int) -> tuple[Suggested, ...]:
        """Read the comments on lines that the bot wrote, oldest first: one call a page."""
        with asking(f"the reviews of pull request {number}"):
            return tuple(
                Suggested(
                    id=comment["id"], sha=comment["original_commit_id"], body=comment["body"] or ""
                )
                for comment in self._pages(f"pulls/{number}/comments")
                if (comment["user"] or {}).get("id", GHOST.id) == bot_id
            )

    def delete_suggestion(self, comment: int) -> None:
        """Delete a comment on lines: one call."""
        with asking(f"comment {comment}"):
            self._requester.requestJsonAndCheck("DELETE", f"{self._url}/pulls/comments/{comment}")

    def set_status(self, status: SetStatus) -> None:
        """Set the bot's status on a commit: one call."""
        with asking(f"the status of commit {status.sha[:7]}"):
            body = {
                "state": status.state,
                "context": STATUS_CONTEXT,
                "description": status.description,
            }
            if status.url:
                body["target_url"] = status.url
            self._post(f"statuses/{status.sha}", body)

    def create_review(self, number: int, review: CreateReview) -> None:
        """Write a review with comments on lines, none of which approves or refuses: one call.

        Raises:
            GitHubUnavailableError: GitHub cannot place it, because the head has moved away; the
                state must be read again.
        """
        comments = []
        for comment in review.comments:
            place: dict[str, Any] = {"path": comment.path, "line": comment.line, "side": "RIGHT"}
            if comment.start_line is not None:
                place |= {"start_line": comment.start_line, "start_side": "RIGHT"}
            comments.append({**place, "body": comment.body})
        words = {"commit_id": review.sha, "event": "COMMENT", "body": review.body}
        with asking(f"a review of pull request {number}"):
            try:
                self._post(f"pulls/{number}/reviews", {**words, "comments": comments})
            except github.GithubException as error:
                if error.status != _UNPROCESSABLE:
                    raise
                raise GitHubUnavailableError(
                    "GitHub found no place for the suggestions", where=f"#{number}", wait=0
                ) from error

    def _entries(self, sha: str, prefix: str) -> tuple[TreeEntry, ...]:
        """Read a tree, not those below it: any value of `recursive` means yes to GitHub."""
        return tuple(
            TreeEntry(
                path=f"{prefix}{entry['path']}",
                mode=entry["mode"],
                sha=entry["sha"],
                size=entry.get("size", 0),
            )
            for entry in self._get(f"git/trees/{sha}")["tree"]
        )

    def _pages(self, path: str) -> Iterator[Any]:
        number, full = 1, True
        while full:
            page = self._get(path, per_page=PAGE, page=number)
            yield from page
            number, full = number + 1, len(page) == PAGE

    def _get(self, path: str, **parameters: int) -> Any:
        url = f"{self._url}/{path}"
        return self._requester.requestJsonAndCheck("GET", url, parameters=parameters)[1]

    def _post(self, path: str, body: dict[str, Any]) -> None:
        self._requester.requestJsonAndCheck("POST", f"{self._url}/{path}", input=body)
