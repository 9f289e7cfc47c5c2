"""Files of a revision. As on GitHub, a link to a file of the repository is followed: a reader that
must not be led elsewhere reads trees and blobs instead."""

from __future__ import annotations

import base64
import posixpath
from typing import TYPE_CHECKING, Any

from tests.github_server.http import ApiError, Response, not_found, unprocessable
from tests.github_server.routes.call import Call, route
from tests.github_server.views.git import content_view, git_commit_view
from tests.github_server.world_repository import signature_of

if TYPE_CHECKING:
    from tests.github_server.gitdata import TreeEntry

INLINE_BYTES = 1024 * 1024


def _entry(call: Call, revision: str, path: str) -> TreeEntry | None:
    found = call.world.git.tree(revision, path=path)
    return found[0] if found else None


def _followed(call: Call, revision: str, entry: TreeEntry) -> TreeEntry | None:
    target = call.world.git.blob(entry.sha).decode("utf-8", "replace")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), target))
    found = None if path.startswith("../") else _entry(call, revision, path)
    return found if found and found.mode in ("100644", "100755") else None


@route("GET", "./contents/{path}")
def get_content(call: Call) -> Response:
    call.need("contents")
    git = call.world.git
    ref = call.request.query.get("ref", git.default_branch)
    revision, path = git.resolve(ref), call.parameters["path"].strip("/")
    entry = _entry(call, revision, path) if revision else None
    if revision is None or entry is None:
        raise not_found()
    if entry.kind == "tree":
        children = git.tree(revision, path=f"{path}/")
        return Response(body=[content_view(call.at, child, ref) for child in children])
    view = content_view(call.at, entry, ref)
    if entry.mode == "160000":
        return Response(body={**view, "submodule_git_url": None})
    if entry.mode == "120000":
        followed = _followed(call, revision, entry)
        if followed is None:
            return Response(body={**view, "target": git.blob(entry.sha).decode("utf-8", "replace")})
        entry = followed
        view |= {"type": "file", "size": entry.size, "sha": entry.sha}
    return Response(body={**view, **_inline(git.blob(entry.sha))})


def _inline(data: bytes) -> dict[str, str]:
    if len(data) > INLINE_BYTES:
        return {"content": "", "encoding": "none"}
    return {"content": base64.encodebytes(data).decode(), "encoding": "base64"}


@route("PUT", "./contents/{path}")
def put_content(call: Call) -> Response:
    call.need("contents")
    git, body, path = call.world.git, call.body, call.parameters["path"]
    branch = body.get("branch", git.default_branch)
    tip = git.ref(f"refs/heads/{branch}")
    if tip is None:
        raise ApiError(404, f"Branch {branch} not found")
    if not call.world.may_push(branch, call.actor):
        raise ApiError(409, "Could not create file: Changes must be made through a pull request.")
    old = _entry(call, tip, path)
    if old is not None and "sha" not in body:
        raise unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.')
    if "sha" in body and (old is None or old.sha != body["sha"]):
        raise ApiError(409, f"{path} does not match {body['sha']}")
    sha = git.commit_files(
        {path: base64.b64decode(body["content"])},
        body["message"],
        branch=branch,
        author=signature_of(call.world, call.actor),
    )
    entry = _entry(call, sha, path)
    content: dict[str, Any] | None = content_view(call.at, entry, branch) if entry else None
    commit = git_commit_view(call.at, git.commit(sha))
    return Response(status=200 if old else 201, body={"content": content, "commit": commit})
