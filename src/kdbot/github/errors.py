"""Errors of the GitHub API."""

from kdbot.model.errors import KdbotError


class GitHubUnavailableError(KdbotError):
    """GitHub did not answer, or asked to wait; another run will do what this one could not.

    Attributes:
        wait: seconds after which GitHub may be asked again, or None where it did not say.
    """

    exit_status = 0

    def __init__(self, what: str, *, where: str | None = None, wait: float | None = None) -> None:
        super().__init__(what, where=where, fix="the next sweep tries again")
        self.wait = wait


class ItemGoneError(KdbotError):
    """The issue or pull request was deleted, moved or never existed; there is nothing to do."""

    exit_status = 0


class RepositoryGoneError(KdbotError):
    """GitHub does not know the list's own repository by the name that the bot has for it.

    Args:
        name: that name.
        found: what the repository is called now, or None where GitHub knows none, or this token may
            not see it.
    """

    exit_status = 1

    def __init__(self, name: str, found: str | None = None) -> None:
        if found is None:
            what = f"there is no repository {name} on GitHub, or this token may not see it"
            fix = "correct `repository` in kdbot.toml; a private one needs a token that can read it"
        else:
            what = f"{name} was renamed or transferred to {found}"
            fix = (
                f'write `repository = "{found}"` into kdbot.toml, or remove the line; '
                "in Actions the next run uses the new name"
            )
        super().__init__(what, where="repository", fix=fix)


class RejectedError(KdbotError):
    """GitHub rejected one request (422), or its answer cannot be read.

    A retry would not help; other items are not affected.

    Attributes:
        status: the answer's HTTP status, or None for an answer that cannot be read.
    """

    exit_status = 1

    def __init__(self, what: str, *, where: str | None = None, status: int | None = None) -> None:
        super().__init__(what, where=where)
        self.status = status


class ForbiddenError(KdbotError):
    """GitHub does not let this token do it; `fix` says who or what could.

    Attributes:
        by_job: whether the token is that of a workflow's job, which may do less than its owner.
    """

    def __init__(
        self, what: str, *, where: str | None = None, fix: str | None = None, by_job: bool = False
    ) -> None:
        super().__init__(what, where=where, fix=fix)
        self.by_job = by_job
