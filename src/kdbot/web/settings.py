"""The bounds of a run of the link checker."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kdbot.web.addresses import AddressGuard
from kdbot.web.schedule import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSettings:
    """Bounds of a run; the defaults suit a weekly audit."""

    timeout: float = 15.0
    """Seconds for one attempt with all its hops, from name to head; waits are not counted."""
    attempts: int = 2
    """How many attempts may fail before a link is called unreachable."""
    concurrency: int = 128
    """Requests at a time in all."""
    pace: Pace = field(default_factory=Pace)
    paces: Mapping[str, Pace] = field(default_factory=dict)
    """Hosts that ask for a slower pace."""
    longest_wait: float = 60.0
    """A `Retry-After` of at most so many seconds is obeyed; a longer one ends the matter."""
    patience: float = 0.5
    """Seconds of silence that are never out of the ordinary; see `Temper.patience`."""
    backoff: float = 1.0
    """Seconds behind an attempt that failed at once."""
    deadline: float | None = None
    """Seconds for the whole run; what is not known by then is `unreachable`."""
    guard: AddressGuard = field(default_factory=AddressGuard)
    user_agent: str = "kdbot"
