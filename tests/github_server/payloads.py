"""Event payloads in the form that GitHub sends to workflows and webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.github_server.diff import changed_files
from tests.github_server.gitdata import ZERO
from tests.github_server.views.issues import comment_view, issue_view
from tests.github_server.views.people import label_view, repository_view, user_view
from tests.github_server.views.pulls import pull_view

if TYPE_CHECKING:
    from tests.github_server.state import Issue, User
    from tests.github_server.views.address import Address
    from tests.github_server.world_pulls import GitHubWorld

# git's name for a tree without files, against which a first commit is shown.
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def _repository(at: Address, world: GitHubWorld) -> dict[str, Any]:
    more = {"is_template": False, "web_commit_signoff_required": False, "custom_properties": {}}
    return {**repository_view(at, world), **more}


def render_payload(
    at: Address, world: GitHubWorld, issue: Issue, action: str, actor: User, parts: dict[str, Any]
) -> dict[str, Any]:
    """Write the payload of an event about an issue or pull request."""
    out: dict[str, Any] = {"action": action}
    if issue.pull and "comment" not in parts:
        out |= {"number": issue.number, "pull_request": pull_view(at, world, issue)}
    else:
        out["issue"] = issue_view(at, world, issue)
    if "comment" in parts:
        out["comment"] = comment_view(at, world, parts["comment"])
    if "label" in parts:
        out["label"] = label_view(at, parts["label"])
    out |= {name: parts[name] for name in ("changes", "before", "after") if name in parts}
    out["repository"] = _repository(at, world)
    out["sender"] = user_view(at, actor)
    return out


def render_push(
    at: Address,
    world: GitHubWorld,
    actor: User,
    branch: str,
    before: str,
    after: str,
    commits: list[str],
) -> dict[str, Any]:
    """Write the payload of a push."""
    shown = [_pushed_commit(at, world, sha) for sha in commits]
    return {
        "ref": f"refs/heads/{branch}",
        "before": before,
        "after": after,
        "created": before == ZERO,
        "deleted": False,
        "forced": False,
        "base_ref": None,
        "compare": f"{at.html}/compare/{before[:12]}...{after[:12]}",
        "commits": shown,
        "head_commit": shown[-1] if shown else None,
        "repository": {
            **_repository(at, world),
            "master_branch": world.git.default_branch,
            "stargazers": 0,
        },
        "pusher": {"name": actor.login, "email": f"{actor.login}@users.noreply.github.com"},
        "sender": user_view(at, actor),
    }


def _pushed_commit(at: Address, world: GitHubWorld, sha: str) -> dict[str, Any]:
    commit = world.git.commit(sha)
    before = commit.parents[0] if commit.parents else EMPTY_TREE
    files = changed_files(world.git, before, sha)
    by_status = {
        word: [change.path for change in files if change.status in statuses]
        for word, statuses in (
            ("added", ("added", "renamed")),
            ("removed", ("removed",)),
            ("modified", ("modified", "changed")),
        )
    }
    return {
        "id": sha,
        "tree_id": commit.tree,
        "distinct": True,
        "message": commit.message,
        "timestamp": commit.committer.date.isoformat(),
        "url": f"{at.html}/commit/{sha}",
        "author": {"name": commit.author.name, "email": commit.author.email},
        "committer": {"name": commit.committer.name, "email": commit.committer.email},
        **by_status,
    }
