"""Where the value of each field comes from: the world's records.

The source of a field is a record of the world: an `Issue` for issues and pull requests, a `User`
for all accounts, the world itself for its repository. A table holds one function for each field.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from tests.github_server.clock import timestamp
from tests.github_server.gitdata import CommitData
from tests.github_server.graphql.asking import MAX_FIRST, Ask, Resolver, connection, failure
from tests.github_server.graphql.git import GIT, Branch, Files, StatusOf
from tests.github_server.graphql.history import HISTORY, timeline, type_of_event
from tests.github_server.graphql.people import USERS
from tests.github_server.state import (
    Comment,
    Edit,
    Issue,
    IssueEvent,
    Label,
    Reaction,
    Review,
    ReviewComment,
    Status,
    User,
)
from tests.github_server.views.address import HTML, node_id
from tests.github_server.views.people import REPOSITORY_ID, association
from tests.github_server.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tests.github_server.state import Pull

_PERMISSIONS = {"none": None, "read": "READ", "triage": "TRIAGE", "write": "WRITE"}
_PERMISSIONS |= {"maintain": "MAINTAIN", "admin": "ADMIN"}
_REACTIONS = {"+1": "THUMBS_UP", "-1": "THUMBS_DOWN"}
_CHANGES = {"added": "ADDED", "removed": "DELETED", "modified": "MODIFIED", "renamed": "RENAMED"}


def moment(value: Any) -> str | None:
    return timestamp(value) if value else None


def item_id(issue: Issue) -> str:
    """Give the global id of an issue, or of a pull request, which has one of its own."""
    return node_id("PullRequest", issue.pull.id) if issue.pull else node_id("Issue", issue.id)


def pull_of(issue: Issue) -> Pull:
    if issue.pull is None:
        raise TypeError(f"#{issue.number} is no pull request")
    return issue.pull


# The top


def _viewer(_: Any, ask: Ask) -> User:
    return ask.context.token.actor


def _repository(_: Any, ask: Ask) -> World:
    asked = f"{ask.args['owner']}/{ask.args['name']}"
    known = asked.lower() == ask.world.full_name.lower()
    moved = ask.args["followRenames"] and asked.lower() in ask.world.former_names
    if ask.world.gone or not (known or moved):
        raise failure("NOT_FOUND", f"Could not resolve to a Repository with the name '{asked}'.")
    return ask.world


def _node(_: Any, ask: Ask) -> Any:
    return _find_node(ask, ask.args["id"])


def _nodes(_: Any, ask: Ask) -> list[Any]:
    count = len(ask.args["ids"])
    if count > MAX_FIRST:
        message = f"You may not provide more than {MAX_FIRST} node ids; you provided {count}."
        raise ask.refuse("ARGUMENT_LIMIT", message)
    return [_node_or_error(ask, wanted) for wanted in ask.args["ids"]]


def _node_or_error(ask: Ask, wanted: str) -> Any:
    try:
        return _find_node(ask, wanted)
    except GraphQLError as error:
        return error


def _find_node(ask: Ask, wanted: str) -> Any:
    """Find what a global id names."""
    world = ask.world
    try:
        kind, _, key = base64.b64decode(wanted, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        kind, key = "", ""
    found: Any = None
    if kind in ("Issue", "PullRequest"):
        items = (i for i in world.issues.values() if i.gone is None and item_id(i) == wanted)
        found = next(items, None)
        if found is not None:
            _need_item(ask, found)
    elif kind == "IssueComment" and key.isdigit():
        found = world.comments.get(int(key))
        ask.need("issues", "pull-requests")
    elif kind in ("User", "Bot", "Organization"):
        found = next((u for u in world.users.values() if str(u.id) == key), None)
    elif kind == "Label":
        found = next((x for x in world.labels.values() if str(x.id) == key), None)
    elif kind == "Repository":
        found = world
    elif kind == "Commit" and world.git.kind(key) == "commit":
        found = world.git.commit(key)
    if found is None:
        raise failure("NOT_FOUND", f"Could not resolve to a node with the global id of '{wanted}'")
    return found


# The repository


def _need_item(ask: Ask, issue: Issue) -> None:
    if issue.pull:
        ask.need("pull-requests")
    else:
        ask.need("issues", "pull-requests")


def _item(fits: Callable[[Issue], bool], name: str) -> Resolver:
    def resolve(_: Any, ask: Ask) -> Issue:
        number = ask.args["number"]
        issue = ask.world.issues.get(number)
        if issue is None or issue.gone or not fits(issue):
            raise failure("NOT_FOUND", f"Could not resolve to {name} with the number of {number}.")
        _need_item(ask, issue)
        return issue

    return resolve


def _ordered(ask: Ask, items: Iterable[Issue]) -> dict[str, Any]:
    """Page items in the order that is asked for: by creation, the oldest first, if by none."""
    order = ask.args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    keys: dict[str, Callable[[Issue], tuple[Any, ...]]] = {
        "CREATED_AT": lambda issue: (timestamp(issue.created_at), issue.number),
        "UPDATED_AT": lambda issue: (timestamp(issue.updated_at), issue.number),
        "COMMENTS": lambda issue: (len(ask.world.comments_of(issue)), issue.number),
    }
    return connection(ask, items, keys[order["field"]], descending=order["direction"] == "DESC")


def _listed(ask: Ask, *, pulls: bool, states: Iterable[str] | None) -> list[Issue]:
    labels = {name.lower() for name in ask.args.get("labels") or ()}
    return [
        issue
        for issue in ask.world.issues.values()
        if bool(issue.pull) is pulls
        and issue.gone is None
        and issue.is_listed(ask.world.requests, ask.world.clock.now())
        and (states is None or state_of(issue) in states)
        # Any of the labels will do, unlike in REST.
        and (not labels or labels & {label.name.lower() for label in issue.labels})
    ]


def _issues(_: Any, ask: Ask) -> dict[str, Any]:
    ask.need("issues", "pull-requests")
    by = dict(ask.args.get("filterBy") or {})
    by.pop("viewerSubscribed", None)
    since, creator = by.pop("since", None), by.pop("createdBy", None)
    labels = {name.lower() for name in by.pop("labels", None) or ()}
    states = by.pop("states", None) or ask.args.get("states")
    if by:
        raise ask.refuse("UNPROCESSABLE", f"the stand-in cannot filter by {', '.join(by)}")
    found = [
        issue
        for issue in _listed(ask, pulls=False, states=states)
        if (since is None or timestamp(issue.updated_at) >= since)
        and (creator is None or (issue.user and issue.user.login.lower() == creator.lower()))
        and (not labels or labels & {label.name.lower() for label in issue.labels})
    ]
    return _ordered(ask, found)


def _pulls(_: Any, ask: Ask) -> dict[str, Any]:
    ask.need("pull-requests")
    base, head = ask.args.get("baseRefName"), ask.args.get("headRefName")
    found = [
        issue
        for issue in _listed(ask, pulls=True, states=ask.args.get("states"))
        if base in (None, pull_of(issue).base_ref) and head in (None, pull_of(issue).head_ref)
    ]
    return _ordered(ask, found)


def _permission(_: World, ask: Ask) -> str | None:
    token = ask.context.token
    if token.is_integration:
        return "WRITE" if token.allows("contents", "write") else "READ"
    return _PERMISSIONS[ask.world.role(token.actor)]


def _default_branch(world: Any, ask: Ask) -> Branch | None:
    ask.need("contents")
    name = f"refs/heads/{world.git.default_branch}"
    sha = world.git.ref(name)
    return Branch(ref=name, sha=sha) if sha else None


def _labels_of(labels: Iterable[Label], ask: Ask) -> dict[str, Any]:
    wanted = (ask.args.get("query") or "").lower()
    shown = [label for label in labels if wanted in label.name.lower()]
    order = ask.args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    by_name = order["field"] == "NAME"
    return connection(
        ask,
        shown,
        lambda label: (label.name.lower() if by_name else label.id,),
        descending=order["direction"] == "DESC",
    )


class Elsewhere:
    """Another repository of which only the name is known: a fork."""

    def __init__(self, full_name: str) -> None:
        self.full_name = full_name


def _only_here(resolver: Resolver) -> Resolver:
    """Give null for what is asked of a fork: nothing of it is known but its name."""

    def resolve(source: Any, ask: Ask) -> Any:
        if isinstance(source, Elsewhere):
            raise ask.refuse("NOT_FOUND", "the stand-in knows nothing of a fork but its name")
        return resolver(source, ask)

    return resolve


REPOSITORY: dict[str, Resolver] = {
    "databaseId": lambda source, _: REPOSITORY_ID if isinstance(source, World) else 7001,
    "id": lambda source, _: node_id(
        "Repository", REPOSITORY_ID if isinstance(source, World) else source.full_name
    ),
    "isArchived": lambda _source, _: False,
    "isPrivate": lambda _source, _: False,
    "isFork": lambda source, _: isinstance(source, Elsewhere) or source.is_fork,
    "name": lambda source, _: source.full_name.partition("/")[2],
    "nameWithOwner": lambda source, _: source.full_name,
    "owner": lambda source, ask: ask.world.user(source.full_name.partition("/")[0]),
    "url": lambda source, _: f"{HTML}/{source.full_name}",
    "viewerPermission": _only_here(_permission),
    "defaultBranchRef": _only_here(_default_branch),
    "issue": _only_here(_item(lambda issue: not issue.pull, "an Issue")),
    "pullRequest": _only_here(_item(lambda issue: bool(issue.pull), "a PullRequest")),
    "issueOrPullRequest": _only_here(_item(lambda _: True, "an issue or pull request")),
    "issues": _only_here(_issues),
    "pullRequests": _only_here(_pulls),
    "label": _only_here(lambda world, ask: world.labels.get(ask.args["name"].lower())),
    "labels": _only_here(lambda world, ask: _labels_of(world.labels.values(), ask)),
}


# Issues, pull requests and comments


def state_of(issue: Issue) -> str:
    return "MERGED" if issue.pull and issue.pull.merged_at else issue.state.upper()


def _edits(source: Issue | Comment, ask: Ask) -> dict[str, Any]:
    """Page the versions of a text, the newest first."""
    return connection(ask, source.edits, lambda edit: (edit.id,), descending=True)


def _reactions(source: Issue | Comment, ask: Ask) -> dict[str, Any]:
    wanted = ask.args.get("content")
    shown = [r for r in source.reactions if wanted in (None, reaction_name(r))]
    return connection(ask, shown, lambda reaction: (reaction.id,))


def reaction_name(reaction: Reaction) -> str:
    return _REACTIONS.get(reaction.content, reaction.content.upper())


def _comments(issue: Issue, ask: Ask) -> dict[str, Any]:
    order = ask.args.get("orderBy") or {"direction": "ASC"}
    return connection(
        ask,
        ask.world.comments_of(issue),
        lambda comment: (comment.id,),
        descending=order["direction"] == "DESC",
    )


_TEXT: dict[str, Resolver] = {
    "author": lambda source, _: source.user,
    "authorAssociation": lambda source, ask: association(ask.world, source.user),
    "body": lambda source, _: source.body or "",
    "createdAt": lambda source, _: timestamp(source.created_at),
    "updatedAt": lambda source, _: timestamp(source.updated_at),
    "lastEditedAt": lambda source, _: moment(source.last_edited_at),
    "editor": lambda source, _: source.editor,
    "includesCreatedEdit": lambda source, _: bool(source.edits),
    "userContentEdits": _edits,
    "viewerDidAuthor": lambda source, ask: source.user is ask.context.token.actor,
    "reactions": _reactions,
}
_ITEM: dict[str, Resolver] = {
    **_TEXT,
    "id": lambda issue, _: item_id(issue),
    "number": lambda issue, _: issue.number,
    "title": lambda issue, _: issue.title,
    "state": lambda issue, _: state_of(issue),
    "closed": lambda issue, _: issue.state == "closed",
    "closedAt": lambda issue, _: moment(issue.closed_at),
    "locked": lambda issue, _: issue.locked,
    "activeLockReason": lambda issue, _: (
        issue.lock_reason.upper().replace("-", "_").replace(" ", "_") if issue.lock_reason else None
    ),
    "labels": lambda issue, ask: _labels_of(issue.labels, ask),
    "comments": _comments,
    "timelineItems": timeline,
    "repository": lambda _issue, ask: ask.world,
    "url": lambda issue, ask: f"{ask.at.html}/{'pull' if issue.pull else 'issues'}/{issue.number}",
}


def _head_repository(issue: Issue, ask: Ask) -> World | Elsewhere | None:
    fork = pull_of(issue).fork
    return ask.world if fork == ask.world.full_name else Elsewhere(fork) if fork else None


def _files(issue: Issue, ask: Ask) -> dict[str, Any]:
    return connection(ask, ask.world.files_of(issue), lambda change: (change.path,))


def _commits(issue: Issue, ask: Ask) -> dict[str, Any]:
    pairs = enumerate(ask.world.commits_of(issue)[:250])
    found = connection(ask, pairs, lambda pair: (pair[0],))
    if callable(found["nodes"]):
        return found
    git = ask.world.git
    edges = [{**edge, "node": _PullCommit(git.commit(edge["node"][1]))} for edge in found["edges"]]
    return {**found, "edges": edges, "nodes": [edge["node"] for edge in edges]}


class _PullCommit:
    """A commit as one of a pull request."""

    def __init__(self, commit: CommitData) -> None:
        self.commit = commit


def _merge_commit(issue: Issue, ask: Ask) -> CommitData | None:
    sha = pull_of(issue).merge_commit_sha
    return ask.world.git.commit(sha) if sha else None


def _reviews(issue: Issue, ask: Ask) -> dict[str, Any]:
    wanted, author = ask.args.get("states"), ask.args.get("author")
    shown = [
        review
        for review in pull_of(issue).reviews
        if (not wanted or review.state in wanted) and author in (None, review.user.login)
    ]
    return connection(ask, shown, lambda review: (review.id,))


def _comments_of_review(review: Review, ask: Ask) -> dict[str, Any]:
    pulls = [issue.pull for issue in ask.world.issues.values() if issue.pull]
    shown = [c for pull in pulls for c in pull.review_comments if c.review == review.id]
    return connection(ask, shown, lambda comment: (comment.id,))


def _outdated(comment: ReviewComment, ask: Ask) -> bool:
    issue = next(
        i for i in ask.world.issues.values() if i.pull and comment in i.pull.review_comments
    )
    git, head = ask.world.git, ask.world.head_sha(issue)
    before = git.ref(f"{comment.commit_id}:{comment.path}")
    return before != git.ref(f"{head}:{comment.path}")


def _unless_outdated(name: str) -> Resolver:
    return lambda comment, ask: None if _outdated(comment, ask) else getattr(comment, name)


def _closing(issue: Issue, ask: Ask) -> dict[str, Any]:
    return _ordered(ask, ask.world.named(issue.body or ""))


PULL: dict[str, Resolver] = {
    **_ITEM,
    "databaseId": lambda issue, _: pull_of(issue).id,
    "fullDatabaseId": lambda issue, _: str(pull_of(issue).id),
    "headRefOid": lambda issue, ask: ask.world.head_sha(issue),
    "headRefName": lambda issue, _: pull_of(issue).head_ref,
    "headRepository": _head_repository,
    "headRepositoryOwner": lambda issue, _: pull_of(issue).head_owner,
    "isCrossRepository": lambda issue, ask: pull_of(issue).fork != ask.world.full_name,
    "baseRefName": lambda issue, _: pull_of(issue).base_ref,
    "baseRefOid": lambda issue, ask: ask.world.base_sha(issue),
    "isDraft": lambda issue, _: pull_of(issue).draft,
    "merged": lambda issue, _: pull_of(issue).merged_at is not None,
    "mergedAt": lambda issue, _: moment(pull_of(issue).merged_at),
    "mergedBy": lambda issue, _: pull_of(issue).merged_by,
    "mergeCommit": _merge_commit,
    "additions": lambda issue, ask: sum(f.additions for f in ask.world.files_of(issue)),
    "deletions": lambda issue, ask: sum(f.deletions for f in ask.world.files_of(issue)),
    "changedFiles": lambda issue, ask: len(ask.world.files_of(issue)),
    "files": _files,
    "commits": _commits,
    "reviews": _reviews,
    "closingIssuesReferences": _closing,
}


def _state_reason(issue: Issue, ask: Ask) -> str | None:
    """Say why an issue is as it is; a duplicate is told only to those who ask for it."""
    reason = issue.state_reason.upper() if issue.state_reason else None
    return "NOT_PLANNED" if reason == "DUPLICATE" and not ask.args["enableDuplicate"] else reason


def _comment_url(comment: Comment, ask: Ask) -> str:
    kind = "pull" if ask.world.issues[comment.issue].pull else "issues"
    return f"{ask.at.html}/{kind}/{comment.issue}#issuecomment-{comment.id}"


RESOLVERS: Mapping[str, Mapping[str, Resolver]] = {
    "Query": {
        "node": _node,
        "nodes": _nodes,
        "rateLimit": lambda _, ask: ask.context.rate,
        "repository": _repository,
        "viewer": _viewer,
    },
    "Repository": {**REPOSITORY, **{name: _only_here(f) for name, f in Files.items()}},
    "Issue": {
        **_ITEM,
        "databaseId": lambda issue, _: issue.id,
        "fullDatabaseId": lambda issue, _: str(issue.id),
        "stateReason": _state_reason,
    },
    "PullRequest": PULL,
    "IssueComment": {
        **_TEXT,
        "id": lambda comment, _: node_id("IssueComment", comment.id),
        "databaseId": lambda comment, _: comment.id,
        "fullDatabaseId": lambda comment, _: str(comment.id),
        "url": _comment_url,
    },
    "UserContentEdit": {
        "id": lambda edit, _: node_id("UserContentEdit", edit.id),
        "editor": lambda edit, _: edit.editor,
        "diff": lambda edit, _: edit.text,
        "deletedAt": lambda _edit, _: None,
        **dict.fromkeys(
            ("createdAt", "editedAt", "updatedAt"), lambda edit, _: timestamp(edit.edited_at)
        ),
    },
    "Reaction": {
        "id": lambda reaction, _: node_id("Reaction", reaction.id),
        "databaseId": lambda reaction, _: reaction.id,
        "content": lambda reaction, _: reaction_name(reaction),
        "createdAt": lambda reaction, _: timestamp(reaction.created_at),
        "user": lambda reaction, _: reaction.user if reaction.user.kind == "User" else None,
    },
    "Label": {
        "id": lambda label, _: node_id("Label", label.id),
        "name": lambda label, _: label.name,
        "color": lambda label, _: label.color,
        "description": lambda label, _: label.description,
    },
    "PullRequestChangedFile": {
        "path": lambda change, _: change.path,
        "changeType": lambda change, _: _CHANGES.get(change.status, "CHANGED"),
        "additions": lambda change, _: change.additions,
        "deletions": lambda change, _: change.deletions,
    },
    "PullRequestCommit": {
        "id": lambda source, _: node_id("PullRequestCommit", source.commit.sha),
        "commit": lambda source, _: source.commit,
    },
    "PullRequestReview": {
        "id": lambda review, _: node_id("PullRequestReview", review.id),
        "databaseId": lambda review, _: review.id,
        "author": lambda review, _: review.user,
        "body": lambda review, _: review.body,
        "state": lambda review, _: review.state,
        "submittedAt": lambda review, _: timestamp(review.submitted_at),
        "commit": lambda review, ask: ask.world.git.commit(review.commit_id),
        "comments": _comments_of_review,
    },
    "PullRequestReviewComment": {
        "id": lambda comment, _: node_id("PullRequestReviewComment", comment.id),
        "databaseId": lambda comment, _: comment.id,
        "author": lambda comment, _: comment.user,
        "body": lambda comment, _: comment.body,
        "path": lambda comment, _: comment.path,
        "outdated": _outdated,
        "line": _unless_outdated("line"),
        "startLine": _unless_outdated("start_line"),
        "originalLine": lambda comment, _: comment.line,
        "originalStartLine": lambda comment, _: comment.start_line,
    },
    **USERS,
    **GIT,
    **HISTORY,
}


def type_of(value: Any) -> str:
    """Name the type of a record where the schema has a choice."""
    if isinstance(value, User):
        return value.kind
    if isinstance(value, Issue):
        return "PullRequest" if value.pull else "Issue"
    if isinstance(value, IssueEvent):
        return type_of_event(value)
    kinds: dict[type, str] = {
        Comment: "IssueComment",
        CommitData: "Commit",
        Edit: "UserContentEdit",
        Label: "Label",
        Reaction: "Reaction",
        Review: "PullRequestReview",
        ReviewComment: "PullRequestReviewComment",
        Status: "StatusContext",
        Branch: "Ref",
        StatusOf: "Status",
        _PullCommit: "PullRequestCommit",
    }
    for kind, name in kinds.items():
        if isinstance(value, kind):
            return name
    return "Repository" if isinstance(value, World) else str(getattr(value, "kind", "")).title()
