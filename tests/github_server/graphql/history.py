"""The timeline of an issue or pull request in GraphQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.github_server.clock import timestamp
from tests.github_server.graphql.asking import Ask, Resolver, connection
from tests.github_server.state import Issue, IssueEvent, Label
from tests.github_server.views.address import node_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.github_server.state import Comment, Pull

# REST's word for an event → GraphQL's type; an event without one is in no timeline.
_TYPES = {
    "closed": "ClosedEvent",
    "head_ref_deleted": "HeadRefDeletedEvent",
    "head_ref_force_pushed": "HeadRefForcePushedEvent",
    "labeled": "LabeledEvent",
    "locked": "LockedEvent",
    "merged": "MergedEvent",
    "renamed": "RenamedTitleEvent",
    "reopened": "ReopenedEvent",
    "unlabeled": "UnlabeledEvent",
    "unlocked": "UnlockedEvent",
}
_ITEM_TYPES = {"RenamedTitleEvent": "RENAMED_TITLE_EVENT", "IssueComment": "ISSUE_COMMENT"} | {
    kind: f"{word.upper()}_EVENT" for word, kind in _TYPES.items() if word != "renamed"
}


def type_of_event(event: IssueEvent) -> str:
    return _TYPES[event.event]


def timeline(issue: Issue, ask: Ask) -> dict[str, Any]:
    """Page the events and comments of an issue or pull request, the oldest first."""
    wanted = ask.args.get("itemTypes")
    since = ask.args.get("since") or ""
    if ask.args.get("skip"):
        raise ask.refuse("UNPROCESSABLE", "the stand-in cannot skip")
    every: list[IssueEvent | Comment] = [e for e in issue.events if e.event in _TYPES]
    every += ask.world.comments_of(issue)
    shown = [
        entry
        for entry in every
        if timestamp(entry.created_at) >= since
        and (wanted is None or _ITEM_TYPES[_kind(entry)] in wanted)
    ]
    return connection(ask, shown, lambda entry: (timestamp(entry.created_at), entry.id))


def _kind(entry: IssueEvent | Comment) -> str:
    return type_of_event(entry) if isinstance(entry, IssueEvent) else "IssueComment"


def _label(event: IssueEvent, ask: Ask) -> Label:
    """Give the event's label as it is, or as it was where it is gone."""
    said = event.details["label"]
    known = ask.world.labels.get(said["name"].lower())
    return known or Label(id=event.id, name=said["name"], color=said["color"])


def _closer(event: IssueEvent, ask: Ask) -> Any:
    """Say what closed an issue by itself: a pull request that was merged, or a commit."""
    number = ask.world.closers.get(event.id)
    if number is not None:
        return ask.world.issues[number]
    return ask.world.git.commit(event.commit_id) if event.commit_id else None


def _reason(event: IssueEvent, _: Ask) -> str | None:
    reason = event.details.get("state_reason")
    return reason.upper() if reason else None


def _lock_reason(event: IssueEvent, _: Ask) -> str | None:
    reason = event.details.get("lock_reason")
    return reason.upper().replace("-", "_").replace(" ", "_") if reason else None


def _pull(event: IssueEvent, ask: Ask) -> Pull:
    return next(i.pull for i in ask.world.issues.values() if i.pull and event in i.events)


def _head_ref(event: IssueEvent, ask: Ask) -> str:
    return _pull(event, ask).head_ref


def _base_ref(event: IssueEvent, ask: Ask) -> str:
    return _pull(event, ask).base_ref


def _commit(event: IssueEvent, ask: Ask) -> Any:
    return ask.world.git.commit(event.commit_id) if event.commit_id else None


_EVENT: Mapping[str, Resolver] = {
    "id": lambda event, _: node_id(type_of_event(event), event.id),
    "actor": lambda event, _: event.actor,
    "createdAt": lambda event, _: timestamp(event.created_at),
}

HISTORY: Mapping[str, Mapping[str, Resolver]] = {
    "ClosedEvent": {**_EVENT, "closer": _closer, "stateReason": _reason},
    "HeadRefDeletedEvent": {**_EVENT, "headRefName": _head_ref},
    "HeadRefForcePushedEvent": _EVENT,
    "LabeledEvent": {**_EVENT, "label": _label},
    "LockedEvent": {**_EVENT, "lockReason": _lock_reason},
    "MergedEvent": {
        **_EVENT,
        "commit": _commit,
        "mergeRefName": _base_ref,
    },
    "RenamedTitleEvent": {
        **_EVENT,
        "previousTitle": lambda event, _: event.details["rename"]["from"],
        "currentTitle": lambda event, _: event.details["rename"]["to"],
    },
    "ReopenedEvent": {**_EVENT, "stateReason": lambda _event, _: "REOPENED"},
    "UnlabeledEvent": {**_EVENT, "label": _label},
    "UnlockedEvent": _EVENT,
}
