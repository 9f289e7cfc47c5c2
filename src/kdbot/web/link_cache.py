"""Results of earlier runs in a file: what need not be asked again, and what to start with.

Each result is appended as soon as it stands, one JSON object a line, so that a run that is killed
loses nothing it knew; the next run passes over a line that was torn.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from kdbot.model.errors import KdbotError
from kdbot.model.evidence import LinkResult, LinkState, parse_link_result
from kdbot.model.json_text import parse_json
from kdbot.model.link_history import expected_seconds

_KEPT_STATES = frozenset({LinkState.OK, LinkState.MOVED})
_FORGOTTEN_AFTER = 120 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedLink:
    """A result with the moment that it was found at."""

    checked: float
    """Seconds since the epoch."""
    result: LinkResult


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedLinks:
    """What the cache file knows."""

    links: Mapping[str, CachedLink] = field(default_factory=dict)

    def fresh(self, *, now: float, age: float) -> dict[str, LinkResult]:
        """Give the good results of the last `age` seconds; the bad ones are asked again."""
        return {
            url: link.result
            for url, link in self.links.items()
            if link.result.state in _KEPT_STATES and 0 <= now - link.checked < age
        }

    def expected_seconds(self) -> dict[str, float]:
        """Give how long each link may take."""
        return {
            url: expected_seconds(link.result.state, link.result.seconds)
            for url, link in self.links.items()
        }


def load_cached_links(path: Path) -> CachedLinks:
    """Read the cache; a file that is not there yet is an empty one.

    Raises:
        KdbotError: it is there and cannot be read.
    """
    if path.exists() and not path.is_file():
        raise KdbotError("is no regular file", where=str(path), fix="name another --cache")
    links: dict[str, CachedLink] = {}
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                link = _parse_line(line)
                if link is not None:
                    links[link.result.url] = link
    except FileNotFoundError:
        return CachedLinks()
    except OSError as error:
        raise KdbotError(
            f"cannot be read: {error.strerror}", where=str(path), fix="name another --cache"
        ) from error
    return CachedLinks(links=links)


def _parse_line(line: str) -> CachedLink | None:
    try:
        record = parse_json(line)
        return CachedLink(checked=float(record.pop("checked")), result=parse_link_result(record))
    except (ValueError, KeyError, AttributeError, TypeError):
        return None


class CacheWriter:
    """Append results to the cache; a disk that fails ends the cache and not the run."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: TextIO | None = None
        self.failure: str | None = None
        """Why nothing more is written, or None."""

    def add(self, result: LinkResult, *, now: float) -> None:
        """Append a result."""
        if self.failure is not None:
            return
        try:
            if self._stream is None:
                self._stream = self._path.open("a", encoding="utf-8")
                if self._stream.tell():
                    self._stream.write("\n")  # the last run may have left half a line
            self._stream.write(_render_line(CachedLink(checked=now, result=result)))
            self._stream.flush()
        except OSError as error:
            self._fail(error)

    def finish(self, *, now: float) -> None:
        """Close the file and leave one line a link in it, the old ones forgotten."""
        try:
            if self._stream is not None:
                self._stream.close()
            if self.failure is None and self._stream is not None:
                _compact(self._path, now)
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        self.failure = error.strerror or str(error)


def _compact(path: Path, now: float) -> None:
    links = load_cached_links(path).links.values()
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8") as stream:
            stream.writelines(
                _render_line(link) for link in links if now - link.checked < _FORGOTTEN_AFTER
            )
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _render_line(link: CachedLink) -> str:
    record = {"checked": round(link.checked, 3), **link.result.as_record()}
    return json.dumps(record, ensure_ascii=False) + "\n"
