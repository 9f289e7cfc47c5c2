"""What can go wrong between the bot and GitHub."""

from kdbot.model.errors import KdbotError


class GitHubUnavailableError(KdbotError):
    """GitHub did not answer, or asked to wait; another run will do what this one could not.

    Attributes:
        wait: seconds after which GitHub may be asked again, or None where it did not say.
    """

    exit_status = 0

    def __init__(self, what: str, *, where: str | None = None, wait: float | None = None) -> None:
        super().__init__(what, where=where, fix="the nightly sweep tries again")
        self.wait = wait


class ItemGoneError(KdbotError):
    """The issue or pull request was deleted, moved or never existed; there is nothing to do."""

    exit_status = 0


class ForbiddenError(KdbotError):
    """The token lacks a permission that the workflow should have granted."""
