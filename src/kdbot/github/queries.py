"""Issues and pull requests as GitHub's GraphQL API tells them: one request for one, or for many.

REST needs three requests for the same and does not say when a text was edited, and by whom.
https://docs.github.com/en/graphql/reference/objects#issue
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from kdbot.github.item import GHOST, Account, Comment, HistoryEvent, Item, PullRequest, TextEdit
from kdbot.github.writes import STATUS_CONTEXT

_MANY = 50
"""Items of one answer that hold their comments: GitHub ends a query after ten seconds."""
_MANY_TEXTS = 100
"""Items of one answer without comments, GitHub's own bound."""

_TEXT = """
number url title body authorAssociation locked closed createdAt updatedAt lastEditedAt
author { ...Who ... on User { createdAt } } editor { ...Who } labels(first: 100) { nodes { name } }
"""
_COMMENTS = """
pageInfo { hasNextPage endCursor }
nodes { id databaseId body createdAt updatedAt author { ...Who } editor { ...Who } }
"""
_TALK = f"""
id comments(first: 100) {{ {_COMMENTS} }}
timelineItems(last: 100, itemTypes: [LABELED_EVENT, CLOSED_EVENT]) {{ nodes {{
  __typename
  ... on LabeledEvent {{ createdAt actor {{ ...Who }} label {{ name }} }}
  ... on ClosedEvent {{ createdAt actor {{ ...Who }} }}
}} }}
"""
_HEAD = "headRefOid headRefName headRepository { nameWithOwner } baseRefName changedFiles"
_PATHS = "files(first: 100) { nodes { path changeType } }"
_STATUS = """
commits(last: 1) { nodes { commit { oid status { contexts {
  context state description creator { ...Who }
} } } } }
"""
_WHO = """
fragment Who on Actor {
  __typename login
  ... on User { databaseId } ... on Bot { databaseId }
}
"""
_PAGE = "pageInfo { hasNextPage endCursor }"
_OLDEST_FIRST = "states: OPEN, orderBy: {field: CREATED_AT, direction: ASC}, after: $after"
_LAST_CHANGED = "orderBy: {field: UPDATED_AT, direction: DESC}"


def _query(parameters: str, fields: str) -> str:
    head = f"query($owner: String!, $name: String!{parameters})"
    inner = f"repository(owner: $owner, name: $name) {{ nameWithOwner {fields} }}"
    return f"{head} {{ {inner} }}\n{_WHO}"


ITEM = _query(
    ", $number: Int!",
    f"""issueOrPullRequest(number: $number) {{
      __typename
      ... on Issue {{ {_TEXT} stateReason {_TALK} }}
      ... on PullRequest {{ {_TEXT} {_TALK} {_HEAD} {_PATHS} {_STATUS} }}
    }}""",
)
"""One item with its comments and history."""

COMMENTS = f"""
query($node: ID!, $after: String) {{
  node(id: $node) {{
    ... on Issue {{ comments(first: 100, after: $after) {{ {_COMMENTS} }} }}
    ... on PullRequest {{ comments(first: 100, after: $after) {{ {_COMMENTS} }} }}
  }}
}}
{_WHO}"""
"""A further page of an item's comments."""


def open_issues_query(*, comments: bool) -> str:
    """Return the query for a page of open issues, oldest first."""
    size, fields = (_MANY, f"{_TEXT} stateReason {_TALK}") if comments else (_MANY_TEXTS, _TEXT)
    return _query(
        ", $after: String",
        f"found: issues(first: {size}, {_OLDEST_FIRST}) {{ {_PAGE} nodes {{ {fields} }} }}",
    )


def open_pulls_query(*, comments: bool) -> str:
    """Return the query for a page of open pull requests with their paths, oldest first."""
    size, more = (_MANY // 2, f"{_TALK} {_STATUS}") if comments else (_MANY, "")
    fields = f"{_TEXT} {_HEAD} {_PATHS} {more}"
    return _query(
        ", $after: String",
        f"found: pullRequests(first: {size}, {_OLDEST_FIRST}) {{ {_PAGE} nodes {{ {fields} }} }}",
    )


_ISSUE = f"nodes {{ {_TEXT} stateReason {_TALK} }}"
_PULL = f"nodes {{ {_TEXT} {_TALK} {_HEAD} {_PATHS} }}"

_COMMANDED = 25
"""Of the proposals those that changed last may have got a command; the sweep reads all of them."""
_WAITING = (
    ("accepted", "OPEN", "accepted", _MANY),
    ("closed", "CLOSED", "accepted", _MANY),
    ("merged", "CLOSED", "states", _COMMANDED),
    ("said", "OPEN", "states", _COMMANDED),
    ("declined", "CLOSED", "declined", 10),
    *((name, "OPEN", name, 5) for name in ("audit", "new", "broken")),
)
WAITING = _query(
    ", $accepted: [String!], $states: [String!], $declined: [String!], $audit: [String!]"
    ", $new: [String!], $broken: [String!]",
    "".join(
        f"{name}: issues(first: {size}, states: {state}, labels: ${label}, {_LAST_CHANGED}) "
        f"{{ {_ISSUE} }}\n"
        for name, state, label, size in _WAITING
    )
    + f"pulls: pullRequests(first: {_COMMANDED}, states: OPEN, labels: $states, {_LAST_CHANGED}) "
    f"{{ {_PULL} }}\n",
)
"""What waits for a run that writes to the published branch."""

WITH_LABEL = _query(
    ", $labels: [String!], $states: [IssueState!]",
    f"found: issues(first: {_MANY}, states: $states, labels: $labels, {_LAST_CHANGED}) "
    f"{{ {_ISSUE} }}",
)
"""The issues with one label, last changed first."""

EDITS = (
    """
query($node: ID!) {
  node(id: $node) { ... on Issue {
    userContentEdits(first: 50) { nodes { editedAt diff editor { ...Who } } }
  } }
}
"""
    + _WHO
)
"""Who edited an issue's text, newest first. `diff` is the whole text after the edit."""


def read_item(node: Mapping[str, Any], bot: int) -> Item:
    """Return an issue or a pull request, as the bot with a user id sees it."""
    is_pull = "headRefOid" in node
    return Item(
        number=node["number"],
        node=node.get("id", ""),
        url=node["url"],
        title=node["title"] or "",
        body=node["body"] or "",
        author=_read_account(node["author"]),
        association=node["authorAssociation"],
        labels=frozenset(label["name"] for label in node["labels"]["nodes"]),
        open=not node["closed"],
        reason=(node.get("stateReason") or "").lower() or None,
        locked=node["locked"],
        pull_request=is_pull,
        created=_time(node["createdAt"]),
        updated=_time(node["updatedAt"]),
        edited=_time(node["lastEditedAt"]),
        editor=_read_account(node["editor"]) if node["editor"] else None,
        comments=tuple(read_comments(node["comments"])) if "comments" in node else (),
        history=tuple(_history(node)),
        pull=_pull(node, bot) if is_pull else None,
        bot=bot,
    )


def read_comments(connection: Mapping[str, Any]) -> Iterator[Comment]:
    """Yield the comments of one page."""
    for node in connection["nodes"]:
        yield Comment(
            id=node["databaseId"],
            node=node["id"],
            author=_read_account(node["author"]),
            body=node["body"] or "",
            created=datetime.fromisoformat(node["createdAt"]),
            updated=datetime.fromisoformat(node["updatedAt"]),
            editor=_read_account(node["editor"]) if node["editor"] else None,
        )


def read_edits(node: Mapping[str, Any] | None) -> tuple[TextEdit, ...]:
    """Return the edits of an issue's text, newest first."""
    if node is None:
        return ()
    found = []
    for edit in node["userContentEdits"]["nodes"]:
        edited = _time(edit["editedAt"])
        if edited is not None:
            editor = _read_account(edit["editor"])
            found.append(TextEdit(editor=editor, edited=edited, body=edit["diff"]))
    return tuple(found)


def _read_account(actor: Mapping[str, Any] | None) -> Account:
    """Return an account; one that is gone is a ghost.

    GraphQL names an app `github-actions` that REST and git call `github-actions[bot]`.
    """
    if actor is None:
        return GHOST
    bot = actor["__typename"] == "Bot"
    login = f"{actor['login']}[bot]" if bot else actor["login"]
    created = _time(actor.get("createdAt"))
    return Account(login=login, id=actor.get("databaseId") or 0, bot=bot, created=created)


def _pull(node: Mapping[str, Any], bot: int) -> PullRequest:
    repository = node["headRepository"]
    return PullRequest(
        number=node["number"],
        head_sha=node["headRefOid"],
        head_branch=node["headRefName"],
        head_repository=repository["nameWithOwner"] if repository else None,
        base=node["baseRefName"],
        changed_files=node["changedFiles"],
        new_paths=tuple(
            file["path"]
            for file in (node.get("files") or {}).get("nodes") or ()
            if file["changeType"] in {"ADDED", "RENAMED", "COPIED"}
        ),
        status=next(_statuses(node, bot), None),
    )


def _statuses(node: Mapping[str, Any], bot: int) -> Iterator[tuple[str, str]]:
    for entry in (node.get("commits") or {}).get("nodes") or ():
        status = entry["commit"]["status"]
        for context in status["contexts"] if status else ():
            by = _read_account(context["creator"]).id
            if context["context"] == STATUS_CONTEXT and by == bot:
                yield context["state"].lower(), context["description"] or ""


def _history(node: Mapping[str, Any]) -> Iterator[HistoryEvent]:
    kinds = {"LabeledEvent": "labeled", "ClosedEvent": "closed"}
    for event in (node.get("timelineItems") or {}).get("nodes") or ():
        created = _time(event.get("createdAt"))
        if event["__typename"] in kinds and created is not None:
            yield HistoryEvent(
                kind=kinds[event["__typename"]],
                actor=_read_account(event["actor"]),
                created=created,
                label=event["label"]["name"] if "label" in event else None,
            )


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
