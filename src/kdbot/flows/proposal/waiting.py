"""The proposals that have waited longest, for the weekly issue and the summaries of jobs."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from kdbot.github.item import Item
from kdbot.github.labels import STATES
from kdbot.model.audit import WaitingProposal

_WAITS_LONG = timedelta(days=30)
"""How long a proposal may be open before the audit names it."""
_MAX_NAMED = 20
_MAX_TOLD = 5


def long_waiting(items: Iterable[Item], now: datetime) -> tuple[WaitingProposal, ...]:
    """Return the proposals that the audit names: the oldest of those that have waited for long."""
    before = (now - _WAITS_LONG).date()
    return tuple(one for one in _oldest(items) if one.since < before)[:_MAX_NAMED]


def waiting_words(items: Iterable[Item], today: date) -> str | None:
    """Return which proposals have waited longest, and for how long, or None where none waits."""
    told = [
        f"#{one.number} ({one.label}) for {(today - one.since).days:,} days"
        for one in _oldest(items)[:_MAX_TOLD]
        if one.since < today
    ]
    return f"waiting longest: {', '.join(told)}" if told else None


def _oldest(items: Iterable[Item]) -> list[WaitingProposal]:
    waiting = [
        WaitingProposal(
            number=item.number, label=min(item.labels & STATES), since=item.created.date()
        )
        for item in items
        if not item.author.bot and item.labels & STATES and item.created
    ]
    return sorted(waiting, key=lambda one: (one.since, one.number))
