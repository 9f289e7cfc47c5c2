"""Refs, commits, blobs and commit statuses in GraphQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.github_server.clock import timestamp
from tests.github_server.graphql.asking import Ask, Resolver, connection
from tests.github_server.views.address import node_id
from tests.github_server.views.git import account_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.github_server.gitdata import CommitData, Signature
    from tests.github_server.state import Status
    from tests.github_server.world_pulls import GitHubWorld

# GitHub gives no more text of a blob than this.
_TEXT_BYTES = 512_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A full ref name and what it points to."""

    ref: str
    sha: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GitFile:
    """A blob or a tree; `kind` is git's word for it."""

    kind: str
    sha: str
    data: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusOf:
    """The statuses of a commit, the latest of each context."""

    sha: str
    latest: Mapping[str, Status]

    @property
    def state(self) -> str:
        states = {status.state for status in self.latest.values()}
        for word in ("error", "failure", "pending"):
            if word in states:
                return word.upper()
        return "SUCCESS"


def _object(world: GitHubWorld, sha: str | None) -> Any:
    kind = world.git.kind(sha) if sha else None
    if sha is None or kind is None:
        return None
    if kind == "commit":
        return world.git.commit(sha)
    data = world.git.blob(sha) if kind == "blob" else b""
    return GitFile(kind=kind, sha=sha, data=data)


def _find_object(world: GitHubWorld, ask: Ask) -> Any:
    ask.need("contents")
    oid, expression = ask.args.get("oid"), ask.args.get("expression")
    if oid is not None:
        return _object(world, oid)
    revision, colon, path = str(expression or "").partition(":")
    commit = world.git.resolve(revision)
    if commit is None:
        return None
    return _object(world, world.git.ref(f"{commit}:{path}") if colon else commit)


def _find_ref(world: GitHubWorld, ask: Ask) -> Branch | None:
    ask.need("contents")
    name = ask.args["qualifiedName"]
    names = [name] if name.startswith("refs/") else [f"refs/{name}", f"refs/heads/{name}"]
    for full in names:
        if sha := world.git.ref(full):
            return Branch(ref=full, sha=sha)
    return None


def _status(commit: CommitData, ask: Ask) -> StatusOf | None:
    ask.need("statuses")
    latest = {s.context: s for s in ask.world.statuses if s.sha == commit.sha}
    return StatusOf(sha=commit.sha, latest=latest) if latest else None


def _parents(commit: CommitData, ask: Ask) -> dict[str, Any]:
    found = connection(ask, enumerate(commit.parents), lambda pair: (pair[0],))
    if callable(found["nodes"]):
        return found
    git = ask.world.git
    edges = [{**edge, "node": git.commit(edge["node"][1])} for edge in found["edges"]]
    return {**found, "edges": edges, "nodes": [edge["node"] for edge in edges]}


@dataclass(frozen=True, slots=True)
class _GitActor:
    signature: Signature


def _is_binary(source: GitFile) -> bool:
    return b"\0" in source.data[:8000]


_OBJECT: Mapping[str, Resolver] = {
    "id": lambda source, _: node_id(type(source).__name__, source.sha),
    "oid": lambda source, _: source.sha,
    "abbreviatedOid": lambda source, _: source.sha[:7],
}

# What a repository is asked for its git.
Files: Mapping[str, Resolver] = {"object": _find_object, "ref": _find_ref}

GIT: Mapping[str, Mapping[str, Resolver]] = {
    "Ref": {
        "id": lambda ref, _: node_id("Ref", ref.ref),
        "name": lambda ref, _: ref.ref.split("/", 2)[2],
        "prefix": lambda ref, _: "/".join(ref.ref.split("/", 2)[:2]) + "/",
        "target": lambda ref, ask: _object(ask.world, ref.sha),
    },
    "Blob": {
        **_OBJECT,
        "byteSize": lambda blob, _: len(blob.data),
        "isBinary": lambda blob, _: _is_binary(blob),
        "isTruncated": lambda blob, _: len(blob.data) > _TEXT_BYTES,
        "text": lambda blob, _: (
            None if _is_binary(blob) else blob.data[:_TEXT_BYTES].decode("utf-8", "replace")
        ),
    },
    "Tree": _OBJECT,
    "Commit": {
        **_OBJECT,
        "id": lambda commit, _: node_id("Commit", commit.sha),
        "author": lambda commit, _: _GitActor(commit.author),
        "committer": lambda commit, _: _GitActor(commit.committer),
        "committedDate": lambda commit, _: timestamp(commit.committer.date),
        "message": lambda commit, _: commit.message,
        "messageHeadline": lambda commit, _: commit.message.partition("\n")[0],
        "parents": _parents,
        "status": _status,
        "url": lambda commit, ask: f"{ask.at.html}/commit/{commit.sha}",
    },
    "GitActor": {
        "name": lambda source, _: source.signature.name,
        "email": lambda source, _: source.signature.email,
        "user": lambda source, ask: _person(source.signature, ask),
    },
    "Status": {
        "id": lambda source, _: node_id("Status", source.sha),
        "state": lambda source, _: source.state,
        "contexts": lambda source, _: list(source.latest.values()),
        "context": lambda source, ask: source.latest.get(ask.args["name"]),
    },
    "StatusContext": {
        "id": lambda status, _: node_id("Status", status.id),
        "context": lambda status, _: status.context,
        "state": lambda status, _: status.state.upper(),
        "description": lambda status, _: status.description,
        "targetUrl": lambda status, _: status.target_url,
        "creator": lambda status, _: status.creator,
        "createdAt": lambda status, _: timestamp(status.created_at),
    },
}


def _person(signature: Signature, ask: Ask) -> Any:
    """Find the person behind a signature; the field holds no bot."""
    user = account_of(ask.world, signature)
    return user if user and user.kind == "User" else None
