"""JSON forms of accounts and of the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.github_server.clock import START, timestamp
from tests.github_server.views.address import HTML, Address, node_id

if TYPE_CHECKING:
    from tests.github_server.state import Label, Reaction, User
    from tests.github_server.world import World

REPOSITORY_ID = 7000

REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket")

# Role → what GitHub's older, coarser `permission` calls it.
COARSE = {"admin": "admin", "maintain": "write", "write": "write", "triage": "read"}

_USER_LINKS = {
    "followers": "/followers",
    "following": "/following{/other_user}",
    "gists": "/gists{/gist_id}",
    "starred": "/starred{/owner}{/repo}",
    "subscriptions": "/subscriptions",
    "organizations": "/orgs",
    "repos": "/repos",
    "events": "/events{/privacy}",
    "received_events": "/received_events",
}

_REPOSITORY_LINKS = {
    "archive": "/{archive_format}{/ref}",
    "assignees": "/assignees{/user}",
    "blobs": "/git/blobs{/sha}",
    "branches": "/branches{/branch}",
    "collaborators": "/collaborators{/collaborator}",
    "comments": "/comments{/number}",
    "commits": "/commits{/sha}",
    "compare": "/compare/{base}...{head}",
    "contents": "/contents/{+path}",
    "contributors": "/contributors",
    "deployments": "/deployments",
    "downloads": "/downloads",
    "events": "/events",
    "forks": "/forks",
    "git_commits": "/git/commits{/sha}",
    "git_refs": "/git/refs{/sha}",
    "git_tags": "/git/tags{/sha}",
    "hooks": "/hooks",
    "issue_comment": "/issues/comments{/number}",
    "issue_events": "/issues/events{/number}",
    "issues": "/issues{/number}",
    "keys": "/keys{/key_id}",
    "labels": "/labels{/name}",
    "languages": "/languages",
    "merges": "/merges",
    "milestones": "/milestones{/number}",
    "notifications": "/notifications{?since,all,participating}",
    "pulls": "/pulls{/number}",
    "releases": "/releases{/id}",
    "stargazers": "/stargazers",
    "statuses": "/statuses/{sha}",
    "subscribers": "/subscribers",
    "subscription": "/subscription",
    "tags": "/tags",
    "teams": "/teams",
    "trees": "/git/trees{/sha}",
}


def user_view(at: Address, user: User | None) -> dict[str, Any] | None:
    """Write a simple user; a ghost is null."""
    if user is None:
        return None
    url = f"{at.base}/users/{user.login.replace('[', '%5B').replace(']', '%5D')}"
    html = user.login.removesuffix("[bot]")
    return {
        "login": user.login,
        "id": user.id,
        "node_id": node_id(user.kind, user.id),
        "avatar_url": f"https://avatars.githubusercontent.com/u/{user.id}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{HTML}/{'apps/' if user.kind == 'Bot' else ''}{html}",
        **{f"{name}_url": url + rest for name, rest in _USER_LINKS.items()},
        "type": user.kind,
        "site_admin": False,
    }


def public_user_view(at: Address, user: User) -> dict[str, Any]:
    """Write what `GET /users/{username}` tells."""
    unknown = ("bio", "blog", "company", "email", "hireable", "location", "name")
    counts = ("followers", "following", "public_gists", "public_repos")
    return {
        **(user_view(at, user) or {}),
        **dict.fromkeys(unknown),
        **dict.fromkeys(counts, 0),
        "created_at": timestamp(START),
        "updated_at": timestamp(START),
    }


def permission_view(at: Address, world: World, user: User) -> dict[str, Any]:
    """Write someone's role in the repository."""
    role = world.role(user)
    ranks = ("read", "triage", "write", "maintain", "admin")
    rank = ranks.index(role) if role in ranks else -1
    names = zip(("pull", "triage", "push", "maintain", "admin"), range(5), strict=True)
    permissions = {name: rank >= needed for name, needed in names}
    account = {**(user_view(at, user) or {}), "permissions": permissions, "role_name": role}
    return {"permission": COARSE.get(role, role), "role_name": role, "user": account}


def repository_view(at: Address, world: World) -> dict[str, Any]:
    """Write the repository as it stands inside other answers."""
    open_issues = sum(i.state == "open" and i.gone is None for i in world.issues.values())
    return {
        "id": REPOSITORY_ID,
        "node_id": node_id("Repository", REPOSITORY_ID),
        "name": at.full_name.partition("/")[2],
        "full_name": at.full_name,
        "owner": user_view(at, world.user(at.full_name.partition("/")[0])),
        "private": world.settings.private,
        "html_url": at.html,
        "description": world.settings.description,
        "fork": world.is_fork or at.full_name != world.full_name,
        "url": at.api,
        **{f"{name}_url": at.api + rest for name, rest in _REPOSITORY_LINKS.items()},
        "git_url": f"git://github.com/{at.full_name}.git",
        "ssh_url": f"git@github.com:{at.full_name}.git",
        "clone_url": f"{at.html}.git",
        "svn_url": at.html,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "default_branch": world.git.default_branch,
        "visibility": "private" if world.settings.private else "public",
        "topics": list(world.settings.topics),
        "archived": world.settings.archived,
        "has_pages": world.settings.page_source is not None,
        **dict.fromkeys(("disabled", "has_wiki"), False),
        **dict.fromkeys(("has_issues", "has_projects", "has_downloads"), True),
        "has_discussions": False,
        **dict.fromkeys(("forks", "forks_count", "stargazers_count"), 0),
        **dict.fromkeys(("watchers", "watchers_count", "size"), 0),
        "open_issues": open_issues,
        "open_issues_count": open_issues,
        **dict.fromkeys(("pushed_at", "created_at", "updated_at"), timestamp(START)),
    }


def full_repository_view(at: Address, world: World) -> dict[str, Any]:
    """Write what `GET /repos/{owner}/{repo}` tells."""
    return {**repository_view(at, world), "network_count": 0, "subscribers_count": 0}


def label_view(at: Address, label: Label) -> dict[str, Any]:
    return {
        "id": label.id,
        "node_id": node_id("Label", label.id),
        "url": f"{at.api}/labels/{label.name.replace(' ', '%20')}",
        "name": label.name,
        "description": label.description,
        "color": label.color,
        "default": False,
    }


def reaction_view(at: Address, reaction: Reaction) -> dict[str, Any]:
    return {
        "id": reaction.id,
        "node_id": node_id("Reaction", reaction.id),
        "user": user_view(at, reaction.user),
        "content": reaction.content,
        "created_at": timestamp(reaction.created_at),
    }


def reaction_counts(url: str, reactions: list[Reaction]) -> dict[str, Any]:
    """Write how many reactions of each kind there are."""
    counts = {kind: sum(r.content == kind for r in reactions) for kind in REACTIONS}
    return {"url": f"{url}/reactions", "total_count": len(reactions), **counts}


def association(world: World, user: User | None) -> str:
    """Say what `author_association` would say now."""
    if user is None:
        return "NONE"
    if user is world.owner:
        return "OWNER"
    return "COLLABORATOR" if user.login.lower() in world.roles else "NONE"
