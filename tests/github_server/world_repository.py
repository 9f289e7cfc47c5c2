"""What people do with the repository itself: its branches, their rules, its name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from tests.github_server import refusals
from tests.github_server.closing import closing_numbers
from tests.github_server.gitdata import WEB_FLOW, ZERO, Signature
from tests.github_server.http import ApiError, unprocessable
from tests.github_server.state import Delivery, Issue, User
from tests.github_server.world_issues import IssueWorld

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.github_server.clock import Clock
    from tests.github_server.gitstore import GitStore
    from tests.github_server.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """Why a branch changes through pull requests only, and the logins that may push all the same.

    Branch protection ("classic") does not hold for administrators unless that is asked for; a
    ruleset holds for everybody who is not on its bypass list.
    """

    kind: Literal["classic", "ruleset"]
    bypass: frozenset[str] = frozenset()


def signature_of(world: World, user: User) -> Signature:
    """Give the signature of a commit made on the web or through the API."""
    email = f"{user.id}+{user.login}@users.noreply.github.com"
    return Signature(name=user.login, email=email, date=world.clock.now())


def web_flow(world: World) -> Signature:
    """Give the committer of what a button on the web made."""
    name, email = WEB_FLOW
    return Signature(name=name, email=email, date=world.clock.now())


class RepositoryWorld(IssueWorld):
    """The world with its branches."""

    # Whether "Allow GitHub Actions to create and approve pull requests" is set.
    actions_may_open_pulls = True

    # How many entries of a tree one answer holds; GitHub's own bound is 100,000.
    tree_limit = 100_000

    # Whether the repository was deleted, or hidden from whoever asks.
    gone = False

    def __init__(self, *, owner: str, name: str, clock: Clock, git: GitStore) -> None:
        super().__init__(owner=owner, name=name, clock=clock, git=git)
        self.protections: dict[str, Protection] = {}
        self.push_faults: list[refusals.Refusal] = []
        # Under which names the repository and its branches were known before.
        self.former_names: set[str] = set()
        self.former_branches: dict[str, str] = {}

    # Rules

    def protect(
        self,
        *branches: str,
        kind: Literal["classic", "ruleset"] = "classic",
        bypass: Iterable[str] = (),
    ) -> None:
        """Let these branches, and no others, change through pull requests only.

        Holds for the API and for pushes with git, which are the bot's; none lifts all protection.
        """
        rule = Protection(kind=kind, bypass=frozenset(login.lower() for login in bypass))
        self.protections = dict.fromkeys(branches, rule)
        self._arm()

    def refuse_pushes(
        self,
        reason: str = "Internal Server Error",
        *,
        times: int = 1,
        branch: str | None = None,
    ) -> None:
        """Refuse the next pushes with git for a reason that is no rule of the branch."""
        self._arm(refusals.failure(reason, times=times, branch=branch))

    def _arm(self, *more: refusals.Refusal) -> None:
        """Tell the bare repository what to refuse: what is left of its faults, and the rules."""
        counts = refusals.left(self.git.path)[: len(self.push_faults)]
        kept = zip(self.push_faults, counts, strict=True)
        self.push_faults = [replace(fault, times=left) for fault, left in kept if left]
        self.push_faults += more
        rules = [
            refusals.protected(branch, self.full_name, by_ruleset=rule.kind == "ruleset")
            for branch, rule in self.protections.items()
            if self.bot.login not in rule.bypass
        ]
        self.git.refuse(*self.push_faults, *rules)

    def may_push(self, branch: str, user: User) -> bool:
        """Say whether the branch's rules let this account push to it."""
        rule = self.protections.get(branch)
        if rule is None or user.login.lower() in rule.bypass:
            return True
        return rule.kind == "classic" and self.role(user) == "admin"

    # The repository's name and branches

    def rename(self, *, name: str | None = None, owner: str | None = None) -> None:
        """Rename or transfer the repository; its old addresses lead to it."""
        before = self.full_name
        self.former_names.add(before.lower())
        if owner is not None:
            self.owner = self.user(owner)
            self.roles.setdefault(owner.lower(), "admin")
        self.name = name or self.name
        self.former_names.discard(self.full_name.lower())
        for issue in self.issues.values():
            if issue.pull and issue.pull.fork == before:
                issue.pull.fork = self.full_name
                issue.pull.head_owner = self.owner

    def rename_default_branch(self, name: str) -> None:
        """Rename the default branch; open pull requests and protection follow it.

        https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-branches-in-your-repository/renaming-a-branch
        """
        before = self.git.default_branch
        self.git.rename_default_branch(name)
        self.former_branches[before] = name
        self.former_branches.pop(name, None)
        for issue in self.issues.values():
            if issue.pull and issue.pull.base_ref == before and issue.state == "open":
                issue.pull.base_ref = name
        if before in self.protections:
            self.protections[name] = self.protections.pop(before)
            self._arm()

    # Pushes

    def push(
        self,
        actor: str | User,
        files: Mapping[str, str | bytes | None],
        message: str = "Change files",
        *,
        branch: str | None = None,
    ) -> str:
        """Push a commit to a branch of the repository, as a person does; gives the SHA."""
        who = self.user(actor)
        name = branch or self.git.default_branch
        before = self.git.resolve(name) or ZERO
        sha = self.git.commit_files(files, message, branch=name, author=signature_of(self, who))
        self.deliver_push(who, name, before, sha)
        if name == self.git.default_branch:
            self.close_named(message, who, commit_id=sha)
        return sha

    def deliver_push(self, actor: User, branch: str, before: str, after: str) -> None:
        """Note the push event that follows a push by a person."""
        new = self.git.log(f"{before}..{after}" if before != ZERO else after)[::-1]
        self.deliveries.append(
            Delivery(
                event="push",
                action=None,
                actor=actor,
                number=None,
                payload=self.push_payload(actor, branch, before, after, new),
                starts_workflows=actor is not self.bot,
            )
        )

    def named(self, text: str) -> list[Issue]:
        """List the issues that a text names with a closing word."""
        found = (self.issues.get(n) for n in closing_numbers(text, self.full_name))
        return [issue for issue in found if issue and not issue.pull and issue.gone is None]

    def close_named(
        self, text: str, who: User, *, commit_id: str | None = None, by_pull: int | None = None
    ) -> None:
        """Close the open issues that a commit or pull request on the default branch names."""
        for issue in self.named(text):
            if issue.state == "open":
                self.close(issue, who, "completed", commit_id=commit_id, by_pull=by_pull)

    def delete_branch(self, name: str, actor: str | User) -> None:
        """Delete a branch; a pull request that is open from it closes without a merge."""
        if self.git.ref(f"refs/heads/{name}") is None:
            raise ApiError(422, "Reference does not exist")
        who = self.user(actor)
        for issue in self.issues.values():
            pull = issue.pull
            if pull is None or (pull.fork, pull.head_ref) != (self.full_name, name):
                continue
            self.head_sha(issue)  # keeps it
            if issue.state == "open":
                self.close(issue, who)
            self.record(issue, "head_ref_deleted", who)
        self.git.delete_ref(f"refs/heads/{name}")

    def head_sha(self, issue: Issue) -> str:
        """Give the head of a pull request: its branch's tip, or its last one."""
        pull = issue.pull
        if pull is None:
            raise unprocessable("this issue is no pull request")
        kept = f"refs/pull/{issue.number}/head"
        own = pull.fork == self.full_name
        tip = self.git.ref(f"refs/heads/{pull.head_ref}") if own else None
        if tip and not pull.merged_at and issue.state == "open":
            self.git.set_ref(kept, tip)
            return tip
        return self.git.ref(kept) or ZERO
