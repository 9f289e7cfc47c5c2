"""On what terms a metadata service is asked, and how a question to it can fail."""

from dataclasses import dataclass

from kdbot.model.proposal import Origin


class CouldNotAskError(Exception):
    """No answer that can be relied on; the text says why, without a full stop."""


class UnusableAnswerError(Exception):
    """A parser's word for an answer of a wrong form; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A metadata service and how it wants to be asked.

    Attributes:
        origin: its name for people.
        setting: the key of its base address in `[services]`.
        interval: least seconds from the end of one answer to the next question.
        accept: media type of its answers.
        most_bytes: size past which an answer is given up.
        hides_papers: whether a refusal (401, 403) is about one paper and not about who asks.
    """

    origin: Origin
    setting: str
    interval: float
    accept: str = "application/json"
    most_bytes: int = 8 * 1024 * 1024
    hides_papers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a run bears with a service; the defaults suit a review that somebody waits for.

    Attributes:
        timeout: seconds for one answer.
        attempts: how often one question is asked at most.
        backoff: seconds before the second attempt where the service does not say; each further
            wait is four times as long.
        longest_wait: a wait past it ends the matter, told or not.
    """

    timeout: float = 20.0
    attempts: int = 3
    backoff: float = 5.0
    longest_wait: float = 60.0
