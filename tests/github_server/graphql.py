"""The little of GraphQL that is needed: when a text was last edited, and by whom.

REST has no such fields. A query is parsed properly, its fields are looked up in tables written by
hand from GitHub's public schema; a field outside the tables is an error of the answer and a
violation, for nobody has checked that GitHub has it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.github_server.clock import timestamp
from tests.github_server.http import Response
from tests.github_server.state import Comment, Issue, User
from tests.github_server.views.address import node_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.github_server.world_issues import IssueWorld

_TOKENS = re.compile(r'\.\.\.|"(?:[^"\\]|\\.)*"|\$?\w+|[{}()\[\]:!=,@]')


@dataclass(slots=True, kw_only=True)
class Selection:
    """A field of a query: what the answer calls it, its arguments, and what is asked of it."""

    name: str
    key: str
    arguments: dict[str, Any] = field(default_factory=dict)
    fields: list[Selection] = field(default_factory=list)


class _UnknownError(Exception):
    pass


class _Parser:
    def __init__(self, query: str, variables: Mapping[str, Any]) -> None:
        self.tokens = _TOKENS.findall(re.sub(r"#[^\n]*", "", query))
        self.variables = variables

    def take(self, expected: str | None = None) -> str:
        token = self.tokens.pop(0) if self.tokens else ""
        if not token or (expected and token != expected):
            raise _UnknownError(f"syntax: {token!r} where {expected or 'more'} is expected")
        return token

    def document(self) -> list[Selection]:
        while self.tokens and self.tokens[0] != "{":
            self.take()
        return self.selections()

    def selections(self) -> list[Selection]:
        self.take("{")
        out: list[Selection] = []
        while self.tokens and self.tokens[0] != "}":
            if self.tokens[0] == "...":  # an inline fragment: its fields count as ours
                del self.tokens[:3]
                out += self.selections()
            else:
                out.append(self.selection())
        self.take("}")
        return out

    def selection(self) -> Selection:
        key = name = self.take()
        if self.tokens[0] == ":":
            self.take()
            name = self.take()
        found = Selection(name=name, key=key)
        if self.tokens[0] == "(":
            self.take()
            while self.tokens[0] != ")":
                argument = self.take()
                self.take(":")
                found.arguments[argument] = self.value()
                if self.tokens[0] == ",":
                    self.take()
            self.take(")")
        if self.tokens[0] == "{":
            found.fields = self.selections()
        return found

    def value(self) -> Any:
        token = self.take()
        if token.startswith("$"):
            return self.variables[token[1:]]
        return int(token) if token.isdigit() else token.strip('"')


def _time(value: Any) -> str | None:
    return timestamp(value) if value else None


_USER: dict[str, Callable[[User], Any]] = {"login": lambda user: user.login.removesuffix("[bot]")}
_COMMENT: dict[str, Callable[[Any], Any]] = {
    "id": lambda comment: node_id("IssueComment", comment.id),
    "databaseId": lambda comment: comment.id,
    "body": lambda comment: comment.body,
    "author": lambda comment: comment.user,
    "createdAt": lambda comment: _time(comment.created_at),
    "updatedAt": lambda comment: _time(comment.updated_at),
    "lastEditedAt": lambda comment: _time(comment.last_edited_at),
    "editor": lambda comment: getattr(comment, "editor", None),
}
_ISSUE: dict[str, Callable[[Any], Any]] = {
    **_COMMENT,
    "id": lambda issue: node_id("Issue", issue.id),
    "number": lambda issue: issue.number,
    "title": lambda issue: issue.title,
    "body": lambda issue: issue.body or "",
    "state": lambda issue: "MERGED" if issue.pull and issue.pull.merged_at else issue.state.upper(),
    "locked": lambda issue: issue.locked,
}


def _fields(value: Any, selections: list[Selection]) -> Any:
    if value is None or not selections:
        return value
    table = {User: _USER, Issue: _ISSUE, Comment: _COMMENT}[type(value)]
    out = {}
    for selection in selections:
        if selection.name == "__typename":
            kinds = {User: value.kind if isinstance(value, User) else "", Comment: "IssueComment"}
            pull = isinstance(value, Issue) and value.pull
            out[selection.key] = kinds.get(type(value)) or ("PullRequest" if pull else "Issue")
        elif selection.name not in table:
            raise _UnknownError(f"Field '{selection.name}' doesn't exist on this type")
        else:
            out[selection.key] = _fields(table[selection.name](value), selection.fields)
    return out


def _item(world: IssueWorld, selection: Selection) -> Issue | None:
    issue = world.issues.get(selection.arguments["number"])
    if issue is None or issue.gone:
        return None
    fits = {"issue": not issue.pull, "pullRequest": bool(issue.pull), "issueOrPullRequest": True}
    if selection.name not in fits:
        raise _UnknownError(f"Field '{selection.name}' doesn't exist on type 'Repository'")
    return issue if fits[selection.name] else None


def _top(world: IssueWorld, top: Selection, errors: list[dict[str, Any]]) -> Any:
    if top.name == "node":
        wanted = top.arguments["id"]
        comments = world.comments.values()
        return _fields(
            next((c for c in comments if node_id("IssueComment", c.id) == wanted), None), top.fields
        )
    return _repository(world, top, errors)


def _repository(world: IssueWorld, top: Selection, errors: list[dict[str, Any]]) -> dict[str, Any]:
    if top.name != "repository":
        raise _UnknownError(f"Field '{top.name}' doesn't exist on type 'Query'")
    out = {}
    for selection in top.fields:
        found = _item(world, selection)
        if found is None:
            message = f"Could not resolve to an item with the number {selection.arguments}."
            errors.append(
                {"type": "NOT_FOUND", "path": [top.key, selection.key], "message": message}
            )
        out[selection.key] = _fields(found, selection.fields)
    return out


def answer(world: IssueWorld, body: Any) -> tuple[Response, list[str]]:
    """Answer a query, and say what in it is not known to exist."""
    errors: list[dict[str, Any]] = []
    try:
        tops = _Parser(body["query"], body.get("variables") or {}).document()
        data = {top.key: _top(world, top, errors) for top in tops}
    except _UnknownError as unknown:
        return Response(body={"errors": [{"message": str(unknown)}]}), [f"graphql: {unknown}"]
    return Response(body={"data": data} | ({"errors": errors} if errors else {})), []
