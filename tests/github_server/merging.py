"""The commits that GitHub's buttons make: three ways to merge, and **Update branch**.

Titles are GitHub's defaults:
https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges
and .../configuring-pull-request-merges/configuring-commit-squashing-for-pull-requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tests.github_server.gitdata import GitError
from tests.github_server.http import ApiError, unprocessable
from tests.github_server.world_repository import signature_of, web_flow

if TYPE_CHECKING:
    from tests.github_server.gitdata import CommitData
    from tests.github_server.gitstore import GitStore
    from tests.github_server.state import Issue, User
    from tests.github_server.world_pulls import GitHubWorld

MergeMethod = Literal["merge", "squash", "rebase"]


def _merged_tree(git: GitStore, ours: str, theirs: str) -> str:
    """Merge two commits in memory; gives the tree, or GitHub's refusal of a conflict."""
    try:
        return git.git("merge-tree", "--write-tree", ours, theirs).split("\n")[0]
    except GitError as conflict:
        raise ApiError(405, "Pull Request is not mergeable") from conflict


def merged(world: GitHubWorld, issue: Issue, who: User, method: MergeMethod) -> str:
    """Make the commit, or commits, with which a pull request lands; gives the last one's SHA."""
    git, base, head = world.git, world.base_sha(issue), world.head_sha(issue)
    commits = [git.commit(sha) for sha in world.commits_of(issue)]
    if method == "rebase":
        return _rebased(world, base, commits, who)
    tree = _merged_tree(git, base, head)
    if method == "merge":
        pull = issue.pull
        owner = pull.head_owner.login if pull and pull.head_owner else "unknown repository"
        branch = pull.head_ref if pull else ""
        message = f"Merge pull request #{issue.number} from {owner}/{branch}\n\n{issue.title}"
        author = signature_of(world, who)
        return git.write_commit(tree, [base, head], message, author, web_flow(world))
    author = signature_of(world, issue.user) if issue.user else commits[0].author
    return git.write_commit(tree, [base], _squashed(issue, commits), author, web_flow(world))


def _squashed(issue: Issue, commits: list[CommitData]) -> str:
    """Word a squashed commit: one commit's own words, or the pull request's title and a list."""
    if len(commits) == 1:
        title, _, body = commits[0].message.partition("\n")
        return f"{title} (#{issue.number})\n{body}".rstrip("\n")
    listed = "\n\n".join(f"* {commit.message}" for commit in commits)
    return f"{issue.title} (#{issue.number})\n\n{listed}"


def _rebased(world: GitHubWorld, base: str, commits: list[CommitData], who: User) -> str:
    """Put each commit on top of the base; merges are left out, and the committer is who merges."""
    tip = base
    for commit in commits:
        if len(commit.parents) != 1:
            continue
        # The tip as if it came from the commit's parent: a merge of the two is the commit's change.
        stand_in = world.git.write_commit(world.git.commit(tip).tree, commit.parents, "Tip")
        tree = _merged_tree(world.git, stand_in, commit.sha)
        committer = signature_of(world, who)
        tip = world.git.write_commit(tree, [tip], commit.message, commit.author, committer)
    return tip


def updated(world: GitHubWorld, issue: Issue, who: User) -> str:
    """Merge the base into the head, in the name of whoever pressed the button."""
    git, base, head = world.git, world.base_sha(issue), world.head_sha(issue)
    if git.is_ancestor(base, head):
        raise unprocessable("There are no new commits on the base branch.")
    tree = _merged_tree(git, head, base)
    pull = issue.pull
    message = f"Merge branch '{pull.base_ref if pull else ''}' into {pull.head_ref if pull else ''}"
    return git.write_commit(tree, [head, base], message, signature_of(world, who), web_flow(world))
