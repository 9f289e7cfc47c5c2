"""JSON forms of git objects, diffs and commit statuses."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.github_server.clock import timestamp
from tests.github_server.views.address import Address, node_id
from tests.github_server.views.people import user_view

if TYPE_CHECKING:
    from tests.github_server.diff import FileChange
    from tests.github_server.gitdata import CommitData, Signature, TreeEntry
    from tests.github_server.state import Status, User
    from tests.github_server.world import World

UNSIGNED = {
    "verified": False,
    "reason": "unsigned",
    "signature": None,
    "payload": None,
    "verified_at": None,
}
_NOREPLY = re.compile(r"(?:\d+\+)?(.+)@users\.noreply\.github\.com")
_CONTENT_TYPES = {"040000": "dir", "120000": "symlink", "160000": "submodule"}


def signature_view(signature: Signature) -> dict[str, Any]:
    return {
        "name": signature.name,
        "email": signature.email,
        "date": timestamp(signature.date),
    }


def account_of(world: World, signature: Signature) -> User | None:
    """Find the account that GitHub would link a signature to."""
    found = _NOREPLY.fullmatch(signature.email)
    return world.users.get(found[1].lower()) if found else None


def _parents(at: Address, commit: CommitData, kind: str) -> list[dict[str, Any]]:
    return [
        {"sha": sha, "url": f"{at.api}/{kind}/{sha}", "html_url": f"{at.html}/commit/{sha}"}
        for sha in commit.parents
    ]


def git_commit_view(at: Address, commit: CommitData) -> dict[str, Any]:
    """Write a commit as the git database shows it."""
    return {
        "sha": commit.sha,
        "node_id": node_id("Commit", commit.sha),
        "url": f"{at.api}/git/commits/{commit.sha}",
        "html_url": f"{at.html}/commit/{commit.sha}",
        "author": signature_view(commit.author),
        "committer": signature_view(commit.committer),
        "tree": {"sha": commit.tree, "url": f"{at.api}/git/trees/{commit.tree}"},
        "message": commit.message,
        "parents": _parents(at, commit, "git/commits"),
        "verification": UNSIGNED,
    }


def commit_view(at: Address, world: World, commit: CommitData) -> dict[str, Any]:
    """Write a commit as the repository shows it, without its files."""
    url = f"{at.api}/commits/{commit.sha}"
    return {
        "sha": commit.sha,
        "node_id": node_id("Commit", commit.sha),
        "url": url,
        "html_url": f"{at.html}/commit/{commit.sha}",
        "comments_url": f"{url}/comments",
        "commit": {
            "url": f"{at.api}/git/commits/{commit.sha}",
            "author": signature_view(commit.author),
            "committer": signature_view(commit.committer),
            "message": commit.message,
            "tree": {"sha": commit.tree, "url": f"{at.api}/git/trees/{commit.tree}"},
            "comment_count": 0,
            "verification": UNSIGNED,
        },
        "author": user_view(at, account_of(world, commit.author)),
        "committer": user_view(at, account_of(world, commit.committer)),
        "parents": _parents(at, commit, "commits"),
    }


def file_view(at: Address, change: FileChange, head: str) -> dict[str, Any]:
    """Write one file of a diff."""
    path = quote(change.path)
    out = {
        "sha": change.sha,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{at.html}/blob/{head}/{path}",
        "raw_url": f"{at.html}/raw/{head}/{path}",
        "contents_url": f"{at.api}/contents/{path}?ref={head}",
    }
    if change.patch is not None:
        out["patch"] = change.patch
    if change.previous is not None:
        out["previous_filename"] = change.previous
    return out


def tree_entry_view(at: Address, entry: TreeEntry) -> dict[str, Any]:
    out: dict[str, Any] = {
        "path": entry.path,
        "mode": entry.mode,
        "type": entry.kind,
        "sha": entry.sha,
    }
    if entry.size is not None:
        out["size"] = entry.size
    if entry.kind != "commit":
        out["url"] = f"{at.api}/git/{entry.kind}s/{entry.sha}"
    return out


def blob_view(at: Address, sha: str, data: bytes) -> dict[str, Any]:
    return {
        "sha": sha,
        "node_id": node_id("Blob", sha),
        "size": len(data),
        "url": f"{at.api}/git/blobs/{sha}",
        "content": base64.encodebytes(data).decode(),
        "encoding": "base64",
    }


def ref_view(at: Address, name: str, sha: str, kind: str) -> dict[str, Any]:
    return {
        "ref": name,
        "node_id": node_id("Ref", name),
        "url": f"{at.api}/git/{name}",
        "object": {"sha": sha, "type": kind, "url": f"{at.api}/git/{kind}s/{sha}"},
    }


def content_view(at: Address, entry: TreeEntry, ref: str) -> dict[str, Any]:
    """Write an entry of the contents API, without the content itself."""
    kind = _CONTENT_TYPES.get(entry.mode, "file")
    path = quote(entry.path)
    url = f"{at.api}/contents/{path}?ref={quote(ref)}"
    git_kind = "trees" if kind == "dir" else "blobs"
    git_url = None if kind == "submodule" else f"{at.api}/git/{git_kind}/{entry.sha}"
    html_url = f"{at.html}/{'tree' if kind == 'dir' else 'blob'}/{quote(ref)}/{path}"
    raw = f"https://raw.githubusercontent.com/{at.full_name}/{quote(ref)}/{path}"
    return {
        "name": entry.path.rpartition("/")[2],
        "path": entry.path,
        "sha": entry.sha,
        "size": entry.size or 0,
        "type": kind,
        "url": url,
        "html_url": html_url,
        "git_url": git_url,
        "download_url": raw if kind in ("file", "symlink") else None,
        "_links": {"self": url, "git": git_url, "html": html_url},
    }


def status_view(at: Address, status: Status, *, simple: bool = False) -> dict[str, Any]:
    """Write a commit status; `simple` is its form inside the combined status."""
    out = {
        "url": f"{at.api}/statuses/{status.sha}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{status.creator.id}?v=4",
        "id": status.id,
        "node_id": node_id("Status", status.id),
        "state": status.state,
        "description": status.description,
        "target_url": status.target_url,
        "context": status.context,
        "created_at": timestamp(status.created_at),
        "updated_at": timestamp(status.created_at),
    }
    return out if simple else {**out, "creator": user_view(at, status.creator)}
