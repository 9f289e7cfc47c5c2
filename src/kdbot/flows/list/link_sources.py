"""Where the links to check come from: the collection, some of its files, or a plain list."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kdbot.model.errors import KdbotError

if TYPE_CHECKING:
    from kdbot.model.paper import Paper


def load_links(root: Path, files: Iterable[Path] = ()) -> tuple[str, ...]:
    """Read the links of the given paper files, or of the whole collection, each once.

    Files of the collection that cannot be read, or hold no record, are left to `kdbot validate`.

    Raises:
        KdbotError: a given file cannot be read.
    """
    from kdbot.storage.repository import load_records, unreviewed_paper_of

    papers = [_load_paper(path) for path in files]
    if not papers:
        for candidate in load_records(root).candidates:
            with suppress(KdbotError):
                papers.append(unreviewed_paper_of(candidate))
    return tuple(dict.fromkeys(url for paper in papers for url in paper_links(paper)))


def load_expected_seconds(root: Path) -> dict[str, float]:
    """Return how long each link may take, by what the last audit saw.

    Raises:
        KdbotError: `audit.json` is there and cannot be read.
    """
    from kdbot.model.link_history import expected_seconds
    from kdbot.storage.audit import load_link_records

    records = load_link_records(root)
    return {url: expected_seconds(one.state, one.seconds) for url, one in records.items()}


def _load_paper(path: Path) -> "Paper":
    from kdbot.intake.record import parse_record
    from kdbot.model.finding import Finding
    from kdbot.storage.files import read_file
    from kdbot.storage.repository import unreviewed_paper_of

    read = parse_record(read_file(path), str(path))
    if isinstance(read, Finding):
        raise KdbotError(read.message, where=str(path), fix=read.fix)
    return unreviewed_paper_of(read)


def parse_listed_urls(text: str) -> tuple[str, ...]:
    """Read a plain list of URLs: one a line; empty lines and those behind `#` say nothing."""
    lines = (line.strip(" \t\r") for line in text.split("\n"))
    return tuple(line for line in lines if line and not line.startswith("#"))


def paper_links(paper: "Paper") -> tuple[str, ...]:
    """Give the addresses that a reader of the list can follow from a paper."""
    from kdbot.publish.readme.tables import paper_address

    title = paper_address(paper)
    return ((title,) if title else ()) + paper.code + paper.project + paper.data
