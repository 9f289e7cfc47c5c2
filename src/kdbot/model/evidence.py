"""What was seen at the addresses of a paper: the values that links leave behind."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from kdbot.model.metadata import Outcome


class LinkState(StrEnum):
    """The six things that can be said of a link, of which only `DEAD` and `MOVED` ask for work."""

    OK = "ok"
    """Answered."""
    MOVED = "moved"
    """Answered under another address, and its server says that this is for good (301, 308)."""
    DEAD = "dead"
    """Said to be gone (404, 410) twice in a run, or its host's name does not exist."""
    BLOCKED = "blocked"
    """Answers people but not programs (401, 403, 429 after its wait): nothing is known."""
    UNREACHABLE = "unreachable"
    """Gave no usable answer (timeout, reset, TLS, 5xx): nothing is known."""
    REFUSED = "refused"
    """Not asked, because its address is not one that a stranger may send this program to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkResult:
    """What one run found at one URL."""

    url: str
    """The address as it was written."""
    state: LinkState
    status: int | None = None
    """The last HTTP status, where there was one."""
    final_url: str | None = None
    """The address that answered; for `moved` the one to write down instead."""
    attempts: int = 0
    """How often it was asked; the hops of a redirect count with the attempt they belong to."""
    seconds: float = 0.0
    """The time its requests took, without the waits between them."""
    evidence: str = ""
    """One line for people that says what happened."""

    def as_record(self) -> dict[str, str | int | float | None]:
        """Give the JSON object of this result, its keys in the order of the fields."""
        return {**asdict(self), "state": str(self.state), "seconds": round(self.seconds, 3)}


def parse_link_result(record: object) -> LinkResult:
    """Read a result back from its JSON object, which may come from another job or an old file.

    Raises:
        ValueError: a key is missing, unknown or of the wrong type.
    """
    if not isinstance(record, Mapping) or set(record) != set(LinkResult.__dataclass_fields__):
        raise ValueError("a link result must have exactly the keys of a link result")
    number, text = (int, float), (str,)
    forms: dict[str, tuple[type, ...]] = {
        "url": text,
        "state": text,
        "status": (int, type(None)),
        "final_url": (str, type(None)),
        "attempts": (int,),
        "seconds": number,
        "evidence": text,
    }
    wrong = [key for key, form in forms.items() if not _is_a(record[key], form)]
    if wrong:
        raise ValueError(f"of the wrong type in a link result: {', '.join(wrong)}")
    return LinkResult(**{**record, "state": LinkState(record["state"])})


def _is_a(value: object, form: tuple[type, ...]) -> bool:
    # To Python a boolean is an integer; to JSON it is none.
    return isinstance(value, form) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was asked of the world before a review, so that the review itself asks nobody."""

    links: Mapping[str, LinkResult] = field(default_factory=dict)
    """What was found at each address, by the address as the record has it."""
    metadata: Mapping[str, tuple[Outcome, ...]] = field(default_factory=dict)
    """What services say of each paper, by its `metadata_key`."""
