"""Issues and pull requests of the bot's own, through GitHub's API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kdbot.github.asking import asking
from kdbot.github.events import account
from kdbot.github.item import Account

_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPull:
    """A pull request from one of the bot's branches.

    Attributes:
        number: its number.
        url: its page.
        author: who opened it.
        body: its text.
        open: whether it is open.
        merged: whether it was merged.
        closed: when it was closed or merged, or None.
        commit: the commit that it became on the branch that it was merged into, or None.
    """

    number: int
    url: str
    author: Account
    body: str
    open: bool
    merged: bool
    closed: datetime | None = None
    commit: str | None = None


class IssueClient:
    """What the bot opens itself, in one repository."""

    def __init__(self, requester: Any, url: str, owner: str) -> None:
        self._requester = requester
        self._url = url
        self._owner = owner

    def create(self, title: str, body: str, label: str) -> int:
        """Open an issue and return its number: one call."""
        with asking(f"a new issue ({title})"):
            body_and_more = {"title": title, "body": body, "labels": [label]}
            return int(self._call("POST", "issues", body=body_and_more)["number"])

    def update(self, number: int, changes: dict[str, str]) -> None:
        """Change text or state of an issue, or the text of a pull request, at once: one call."""
        with asking(f"issue {number}"):
            self._call("PATCH", f"issues/{number}", body=changes)

    def pulls_from(self, branch: str) -> tuple[OwnPull, ...]:
        """Read the pull requests from a branch, whatever became of them, newest first: one call."""
        with asking(f"the pull requests of {branch}"):
            parameters = {"state": "all", "head": f"{self._owner}:{branch}", "per_page": _PAGE}
            return tuple(
                OwnPull(
                    number=pull["number"],
                    url=pull["html_url"],
                    author=account(pull["user"]),
                    body=pull["body"] or "",
                    open=pull["state"] == "open",
                    merged=pull["merged_at"] is not None,
                    closed=_time(pull["closed_at"]),
                    commit=pull["merge_commit_sha"] if pull["merged_at"] else None,
                )
                for pull in self._call("GET", "pulls", parameters=parameters)
            )

    def _call(
        self,
        verb: str,
        path: str,
        *,
        parameters: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
    ) -> Any:
        url = f"{self._url}/{path}"
        _, data = self._requester.requestJsonAndCheck(verb, url, parameters=parameters, input=body)
        return data


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
