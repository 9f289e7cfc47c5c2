"""Issues and pull requests of the bot's own, through GitHub's API."""

from dataclasses import dataclass
from typing import Any

from kdbot.github.asking import asking
from kdbot.github.events import account
from kdbot.github.item import Account, Item

_PAGE = 100
_EDITOR_QUERY = """
query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) { editor { __typename login } }
  }
}
"""


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
    """

    number: int
    url: str
    author: Account
    body: str
    open: bool
    merged: bool


class IssueClient:
    """What the bot opens itself, in one repository."""

    def __init__(self, requester: Any, url: str, full_name: str) -> None:
        self._requester = requester
        self._url = url
        self._owner, _, self._name = full_name.partition("/")

    def closed_with(self, label: str) -> tuple[Item, ...]:
        """Read the closed issues that bear a label, the last changed first: one call."""
        with asking(f"the closed issues with the label {label}"):
            found = self._call(
                "GET",
                "issues",
                parameters={"state": "closed", "labels": label, "sort": "updated"},
            )
            return tuple(_item(issue) for issue in found if "pull_request" not in issue)

    def create(self, title: str, body: str, label: str) -> int:
        """Open an issue and return its number: one call."""
        with asking(f"a new issue ({title})"):
            body_and_more = {"title": title, "body": body, "labels": [label]}
            return int(self._call("POST", "issues", body=body_and_more)["number"])

    def update(self, number: int, changes: dict[str, str]) -> None:
        """Change text or state of an issue, or the text of a pull request, at once: one call."""
        with asking(f"issue {number}"):
            self._call("PATCH", f"issues/{number}", body=changes)

    def last_editor(self, number: int) -> str | None:
        """Return the login of the person who edited an issue's text last, or None: one call.

        REST does not say who edited an issue; GraphQL does.
        https://docs.github.com/en/graphql/reference/objects#issue
        """
        variables = {"owner": self._owner, "name": self._name, "number": number}
        with asking(f"issue {number}"):
            _, answer = self._requester.graphql_query(_EDITOR_QUERY, variables)
        repository = (answer.get("data") or {}).get("repository") or {}
        editor = (repository.get("issue") or {}).get("editor") or {}
        return editor["login"] if editor.get("__typename") == "User" else None

    def pulls_from(self, branch: str) -> tuple[OwnPull, ...]:
        """Read the pull requests from a branch, whatever became of them: one call."""
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


def _item(issue: dict[str, Any]) -> Item:
    return Item(
        number=issue["number"],
        url=issue["html_url"],
        title=issue["title"] or "",
        body=issue["body"] or "",
        author=account(issue["user"]),
        labels=frozenset(label["name"] for label in issue["labels"]),
        open=issue["state"] == "open",
    )
