"""What earlier runs found, in one sqlite file: results of links and answers of services.

Each is kept as soon as it stands, so that a run that is killed loses nothing it knew. A cache may
fail at any time and must never be what a run fails of: where nothing can be written the run goes
on without.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from kdbot.model.errors import KdbotError
from kdbot.model.evidence import (
    ALIVE,
    LinkResult,
    MetadataRecord,
    NotFound,
    Outcome,
    Unavailable,
    expected_seconds,
)
from kdbot.model.json_text import from_json, parse_json, to_json
from kdbot.model.proposal import Origin

_FOUND_FOR = 6 * 86_400.0
"""Seconds for which a record is taken from the cache: shorter than a week, so that each weekly run
asks again."""
_NOT_FOUND_FOR = 86_400.0
"""Seconds for which it is believed that a service does not know a paper."""

_LINKS_FOR = 120 * 86_400.0
_MAGIC = b"SQLite format 3\0"
_TABLES = """
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS answers (
    service TEXT NOT NULL, key TEXT NOT NULL, asked REAL NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (service, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS links (
    url TEXT NOT NULL PRIMARY KEY, checked REAL NOT NULL, result TEXT NOT NULL
) WITHOUT ROWID;
"""
_SELECT_ANSWERS = "SELECT key, asked, record FROM answers WHERE service = ?"
_SELECT_LINKS = "SELECT checked, result FROM links"


class Cache:
    """A file of what was found, each with the time when it was asked for.

    A file that is not a database is replaced. `now` gives the seconds since the epoch.
    """

    def __init__(self, path: Path, *, now: Callable[[], float]) -> None:
        self._now = now
        self.failure: str | None = None
        """Why nothing more is kept, or None."""
        self._database: sqlite3.Connection | None = None
        try:
            self._database = _open(path)
        except (sqlite3.Error, OSError) as error:
            self.failure = str(error)

    @classmethod
    def named(cls, path: Path, *, now: Callable[[], float]) -> Self:
        """Open a file that a person has named, which is never replaced.

        Raises:
            KdbotError: it exists and is not a cache.
        """
        fix = "name another --cache"
        try:
            if path.exists() and not path.is_file():
                raise KdbotError("is not a regular file", where=str(path), fix=fix)
            with suppress(FileNotFoundError), path.open("rb") as stream:
                if stream.read(len(_MAGIC)) not in {b"", _MAGIC}:
                    raise KdbotError(
                        "is not a cache of this version, which uses an SQLite file",
                        where=str(path),
                        fix=f"remove it, or {fix}",
                    )
        except OSError as error:
            raise KdbotError(
                f"cannot be read: {error.strerror}", where=str(path), fix=fix
            ) from error
        return cls(path, now=now)

    def known_answers(
        self, service: str, source: Origin, keys: Iterable[str]
    ) -> dict[str, Outcome]:
        """Return the outcomes that are young enough, by key."""
        wanted = frozenset(keys)
        known: dict[str, Outcome] = {}
        for key, asked, record in self._rows(_SELECT_ANSWERS, service):
            with suppress(ValueError, TypeError):
                outcome = _parse_outcome(record, source)
                age = _FOUND_FOR if isinstance(outcome, MetadataRecord) else _NOT_FOUND_FOR
                if key in wanted and self._is_young(asked, age):
                    known[key] = outcome
        return known

    def keep_answers(self, service: str, outcomes: Mapping[str, Outcome]) -> None:
        """Store outcomes, except those of services that could not be asked."""
        records = {
            key: None if isinstance(outcome, NotFound) else to_json(outcome)
            for key, outcome in outcomes.items()
            if not isinstance(outcome, Unavailable)
        }
        now = self._now()
        rows = [(service, k, now, json.dumps(r, ensure_ascii=False)) for k, r in records.items()]
        self._write("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", rows)

    def fresh_links(self, *, age: float) -> dict[str, LinkResult]:
        """Return the good results of the last `age` seconds; the bad ones are asked again."""
        return {
            result.url: result
            for checked, result in self._links()
            if result.state in ALIVE and self._is_young(checked, age)
        }

    def expected_seconds(self) -> dict[str, float]:
        """Return how long each link may take."""
        return {
            result.url: expected_seconds(result.state, result.seconds)
            for _, result in self._links()
        }

    def keep_link(self, result: LinkResult) -> None:
        """Keep a link's result."""
        row = (result.url, self._now(), json.dumps(to_json(result, whole=True)))
        self._write("INSERT OR REPLACE INTO links VALUES (?, ?, ?)", [row])

    def close(self) -> None:
        """Forget links that were not asked for long, and close the file."""
        if self._database is not None:
            self._write("DELETE FROM links WHERE checked < ?", [(self._now() - _LINKS_FOR,)])
            self._database.close()
            self._database = None

    def _links(self) -> Iterator[tuple[float, LinkResult]]:
        for checked, record in self._rows(_SELECT_LINKS):
            with suppress(ValueError, TypeError):
                yield checked, from_json(LinkResult, parse_json(record), whole=True)

    def _is_young(self, moment: float, age: float) -> bool:
        # A clock that was set back must not make an answer immortal.
        return 0 <= self._now() - moment < age

    def _rows(self, query: str, *values: str) -> Iterator[tuple[Any, ...]]:
        if self._database is not None:
            with suppress(sqlite3.Error):
                yield from self._database.execute(query, values)

    def _write(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        if self._database is None or self.failure is not None:
            return
        try:
            with self._database:
                self._database.executemany(statement, rows)
        except UnicodeError:
            return  # half a surrogate pair cannot be stored
        except sqlite3.Error as error:
            self.failure = str(error)


def cache_path(environment: Mapping[str, str]) -> Path:
    """Return where the services' cache lies: among the user's own caches, outside of the list.

    Of an account without a home (a container run by number) the path is one that cannot be made,
    so that nothing is kept.
    """
    home = environment.get("XDG_CACHE_HOME") or environment.get("LOCALAPPDATA")
    try:
        caches = Path(home) if home else Path.home() / ".cache"
    except RuntimeError:
        caches = Path(os.devnull)
    return caches / "kdbot" / "metadata.sqlite3"


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connect(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        os.unlink(path)  # noqa: PTH108 - the message of a Path is not better
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=5)
    try:
        database.executescript(_TABLES)
        database.execute(_SELECT_ANSWERS, ("",)).fetchall()
        database.execute(_SELECT_LINKS).fetchone()
    except sqlite3.Error:
        database.close()
        raise
    return database


def _parse_outcome(text: str, source: Origin) -> Outcome:
    record = parse_json(text)
    return NotFound(source=source) if record is None else from_json(MetadataRecord, record)
