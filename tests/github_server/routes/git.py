"""The git database: refs, commits, trees and blobs."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any

from tests.github_server.gitdata import ZERO, GitError, Signature
from tests.github_server.http import ApiError, Response, not_found, unprocessable
from tests.github_server.pagination import page_of
from tests.github_server.routes.call import Call, route
from tests.github_server.views.git import (
    blob_view,
    git_commit_view,
    ref_view,
    tree_entry_view,
)
from tests.github_server.world_repository import signature_of


def _ref_name(call: Call) -> str:
    return f"refs/{call.parameters['ref']}"


def _view(call: Call, name: str, sha: str) -> dict[str, Any]:
    return ref_view(call.at, name, sha, call.world.git.kind(sha) or "commit")


@route("GET", "./git/ref/{ref}")
def get_ref(call: Call) -> Response:
    call.need("contents")
    sha = call.world.git.ref(_ref_name(call))
    if sha is None:
        raise not_found()
    return Response(body=_view(call, _ref_name(call), sha))


@route("GET", "./git/matching-refs/{ref}")
def list_matching_refs(call: Call) -> Response:
    call.need("contents")
    refs = call.world.git.refs(_ref_name(call))
    return page_of(call.request, [_view(call, name, sha) for name, sha in refs])


@route("POST", "./git/refs")
def create_ref(call: Call) -> Response:
    call.need("contents")
    git, name, sha = call.world.git, call.body["ref"], call.body["sha"]
    if not name.startswith("refs/") or name.count("/") < 2:
        raise unprocessable("Reference name must start with 'refs/' and have two slashes")
    if git.kind(sha) is None:
        raise unprocessable("Object does not exist")
    try:
        git.set_ref(name, sha, old=ZERO)
    except GitError as error:
        exists = git.ref(name) is not None
        reason = "Reference already exists" if exists else "Reference name is not valid"
        raise unprocessable(reason) from error
    return Response(status=201, body=_view(call, name, sha))


def _refuse_protected(call: Call, name: str) -> None:
    if not call.world.may_push(name.removeprefix("refs/heads/"), call.actor):
        raise unprocessable(
            "Repository rule violations found\n\nChanges must be made through a pull request.\n\n"
        )


@route("PATCH", "./git/refs/{ref}")
def update_ref(call: Call) -> Response:
    call.need("contents")
    git, name, sha = call.world.git, _ref_name(call), call.body["sha"]
    old = git.ref(name)
    if old is None:
        raise unprocessable("Reference does not exist")
    if git.kind(sha) is None:
        raise unprocessable("Object does not exist")
    _refuse_protected(call, name)
    if not call.body.get("force") and not git.is_ancestor(old, sha):
        raise unprocessable("Update is not a fast forward")
    git.set_ref(name, sha, old=old)
    return Response(body=_view(call, name, sha))


@route("DELETE", "./git/refs/{ref}")
def delete_ref(call: Call) -> Response:
    call.need("contents")
    name = _ref_name(call)
    if call.world.git.ref(name) is None:
        raise unprocessable("Reference does not exist")
    _refuse_protected(call, name)
    if name.startswith("refs/heads/"):
        call.world.delete_branch(name.removeprefix("refs/heads/"), call.actor)
    else:
        call.world.git.delete_ref(name)
    return Response(status=204)


@route("GET", "./git/commits/{commit_sha}")
def get_commit(call: Call) -> Response:
    call.need("contents")
    sha = call.parameters["commit_sha"]
    if call.world.git.kind(sha) != "commit":
        raise not_found()
    return Response(body=git_commit_view(call.at, call.world.git.commit(sha)))


def _signature(data: dict[str, str] | None, default: Signature) -> Signature:
    if data is None:
        return default
    date = datetime.fromisoformat(data["date"]) if "date" in data else default.date
    return Signature(name=data["name"], email=data["email"], date=date)


@route("POST", "./git/commits")
def create_commit(call: Call) -> Response:
    call.need("contents")
    git, body = call.world.git, call.body
    if git.kind(body["tree"]) != "tree":
        raise unprocessable("Tree SHA does not exist")
    if any(git.kind(parent) != "commit" for parent in body.get("parents", [])):
        raise unprocessable("Parent SHA does not exist or is not a commit object")
    author = _signature(body.get("author"), signature_of(call.world, call.actor))
    committer = _signature(body.get("committer"), author)
    sha = git.write_commit(
        body["tree"], body.get("parents", []), body["message"], author, committer
    )
    return Response(status=201, body=git_commit_view(call.at, git.commit(sha)))


@route("GET", "./git/trees/{tree_sha}")
def get_tree(call: Call) -> Response:
    call.need("contents")
    git, name = call.world.git, call.parameters["tree_sha"]
    revision = name if git.kind(name) in ("tree", "commit") else git.resolve(name)
    if revision is None:
        raise not_found()
    # GitHub takes any value of `recursive` for yes, even 0 and false.
    entries = git.tree(revision, recursive="recursive" in call.request.query)
    limit = call.world.tree_limit
    shown = [tree_entry_view(call.at, entry) for entry in entries[:limit]]
    sha = git.ref(f"{revision}^{{tree}}") or revision
    return Response(
        body={
            "sha": sha,
            "url": f"{call.at.api}/git/trees/{sha}",
            "tree": shown,
            "truncated": len(entries) > limit,
        }
    )


@route("POST", "./git/trees")
def create_tree(call: Call) -> Response:
    call.need("contents")
    git = call.world.git
    entries = []
    for item in call.body["tree"]:
        sha = item.get("sha")
        if "content" in item:
            sha = git.write_blob(item["content"].encode())
        elif sha is not None and item.get("mode") != "160000" and git.kind(sha) is None:
            raise unprocessable(f"tree.sha {sha} is not a valid object")
        entries.append((item["path"], item.get("mode", "100644"), sha))
    base = call.body.get("base_tree")
    if base is not None and git.kind(base) not in ("tree", "commit"):
        raise not_found()
    try:
        sha = git.write_tree(entries, base=base)
    except GitError as error:
        raise unprocessable("GitRPC::BadObjectState") from error
    tree = [tree_entry_view(call.at, entry) for entry in git.tree(sha)]
    url = f"{call.at.api}/git/trees/{sha}"
    return Response(status=201, body={"sha": sha, "url": url, "tree": tree, "truncated": False})


@route("GET", "./git/blobs/{file_sha}")
def get_blob(call: Call) -> Response:
    call.need("contents")
    sha = call.parameters["file_sha"]
    if call.world.git.kind(sha) != "blob":
        raise not_found()
    return Response(body=blob_view(call.at, sha, call.world.git.blob(sha)))


@route("POST", "./git/blobs")
def create_blob(call: Call) -> Response:
    call.need("contents")
    content = call.body["content"]
    try:
        is_base64 = call.body.get("encoding", "utf-8") == "base64"
        data = base64.b64decode(content) if is_base64 else content.encode()
    except binascii.Error as error:
        raise ApiError(422, "content is not valid Base64", errors=[]) from error
    sha = call.world.git.write_blob(data)
    return Response(status=201, body={"sha": sha, "url": f"{call.at.api}/git/blobs/{sha}"})
