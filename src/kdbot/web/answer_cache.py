"""Answers of metadata services on disk, so that a second run asks nobody.

A cache may fail at any time and must never be what a run fails of: a file that cannot be read is
begun anew, and where nothing can be written the run goes on without.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from kdbot.model.evidence import CouldNotAsk, Found, NotThere, Outcome, parse_metadata_record
from kdbot.model.json_text import parse_json
from kdbot.model.proposal import Origin

FOUND_FOR = 6 * 86_400.0
"""Seconds for which a record is taken from the cache: shorter than a week, so that each weekly run
asks anew."""
NOT_THERE_FOR = 86_400.0
"""Seconds for which it is believed that a service does not know a paper."""

_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    service TEXT NOT NULL, key TEXT NOT NULL, asked REAL NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (service, key)
) WITHOUT ROWID
"""
_SELECT = "SELECT key, asked, record FROM answers WHERE service = ?"
_INSERT = "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)"


class AnswerCache:
    """What services said of papers, each with the time when they were asked."""

    def __init__(self, path: Path, *, now: Callable[[], float]) -> None:
        self._now = now
        self._database = _open(path)

    def known(self, service: str, source: Origin, keys: Iterable[str]) -> dict[str, Outcome]:
        """Return the outcomes that are young enough, by key."""
        if self._database is None:
            return {}
        wanted = frozenset(keys)
        known: dict[str, Outcome] = {}
        with suppress(sqlite3.Error):
            for key, asked, record in self._database.execute(_SELECT, (service,)):
                if key in wanted:
                    outcome = _parse(record, source)
                    # A clock that was set back must not make an answer immortal.
                    if outcome is not None and 0 <= self._now() - asked < _age(outcome):
                        known[key] = outcome
        return known

    def keep(self, service: str, outcomes: Mapping[str, Outcome]) -> None:
        """Write down outcomes; what could not be asked is no knowledge and is left out."""
        if self._database is None:
            return
        rows = [
            (service, key, self._now(), _render(outcome))
            for key, outcome in outcomes.items()
            if not isinstance(outcome, CouldNotAsk)
        ]
        with suppress(sqlite3.Error), self._database:
            self._database.executemany(_INSERT, rows)

    def close(self) -> None:
        """Close the file."""
        if self._database is not None:
            self._database.close()
            self._database = None


def cache_path(environment: Mapping[str, str]) -> Path:
    """Return where the cache lies: in the user's own folder for caches, outside of the list."""
    home = environment.get("XDG_CACHE_HOME") or environment.get("LOCALAPPDATA")
    return (Path(home) if home else Path.home() / ".cache") / "kdbot" / "metadata.sqlite3"


def _open(path: Path) -> sqlite3.Connection | None:
    for _ in range(2):
        database = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(path, timeout=5)
            database.execute(_TABLE)
            database.execute(_SELECT, ("",)).fetchall()
        except sqlite3.DatabaseError as error:
            if database is not None:
                database.close()
            if isinstance(error, sqlite3.OperationalError):
                return None
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108 - the message of a Path is no better
        except OSError:
            return None
        else:
            return database
    return None


def _age(outcome: Outcome) -> float:
    return FOUND_FOR if isinstance(outcome, Found) else NOT_THERE_FOR


def _render(outcome: Outcome) -> str:
    record = outcome.record.as_record() if isinstance(outcome, Found) else None
    return json.dumps(record, ensure_ascii=False)


def _parse(text: str, source: Origin) -> Outcome | None:
    try:
        record = parse_json(text)
        if record is None:
            return NotThere(source=source)
        return Found(record=parse_metadata_record(record))
    except (ValueError, TypeError):
        return None
