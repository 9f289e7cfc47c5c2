"""`kdbot links`: check links and report broken ones."""

import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TextIO

from kdbot.flows.output import ERASE_LINE, can_move
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import LinkResult, LinkState
from kdbot.model.json_text import to_json
from kdbot.model.settings import ServiceSettings
from kdbot.model.urls import user_agent
from kdbot.publish.markdown import escape_code, escape_text, visible_text
from kdbot.web.addresses import AddressGuard, IPNetwork, parse_networks
from kdbot.web.cache import Cache
from kdbot.web.http import run_in_daemon_thread
from kdbot.web.links import ProbeSettings, probe
from kdbot.web.pace import Pace
from kdbot.web.selection import arxiv_identifiers, judge_by_metadata, shard_links

# A plain list of URLs needs no YAML: what reads the collection is imported where it is used.
if TYPE_CHECKING:
    from kdbot.model.paper import Paper


_INTERRUPTED = 130
"""Exit status after Ctrl-C or SIGTERM, as a shell gives it."""

_JudgeArxiv = Callable[[Mapping[str, str]], Iterable[LinkResult]]
"""From the URLs of arXiv's pages with their identifiers to results, using only metadata."""

# What arXiv asks of programs, https://info.arxiv.org/help/api/tou.html.
_SLOW_HOSTS = dict.fromkeys(
    ("arxiv.org", "www.arxiv.org", "export.arxiv.org"), Pace(at_a_time=1, interval=3.0)
)
_HEADINGS = {
    LinkState.DEAD: "Dead",
    LinkState.MOVED: "Moved permanently",
    LinkState.REFUSED: "Not checked",
    LinkState.UNREACHABLE: "Could not check",
    LinkState.BLOCKED: "Blocks automated requests",
}


@dataclass(slots=True)
class _Gathered:
    """Results so far, and who hears of each."""

    listeners: list[Callable[[LinkResult], None]] = field(default_factory=list)
    results: dict[str, LinkResult] = field(default_factory=dict)

    def take(self, result: LinkResult) -> None:
        self.results[result.url] = result
        for listener in self.listeners:
            listener(result)


def run(
    urls: Iterable[str],
    *,
    form: str = "text",
    timeout: float = 15.0,
    concurrency: int = 128,
    cache: Path | None = None,
    cache_age: float = 86_400.0,
    shard: str | None = None,
    allow_address: Sequence[str] = (),
    repository: str | None = None,
    services: ServiceSettings | None = None,
    judge_arxiv: _JudgeArxiv | None = None,
    expected: Mapping[str, float] | None = None,
    output: TextIO | None = None,
    messages: TextIO | None = None,
) -> int:
    """Check URLs, write a report to `output` and return the exit status.

    1 where a link is dead, 130 where the run was interrupted; what was found until then is
    still reported. `shard` is `I/N`; `cache_age` is in seconds; `expected` is how many
    seconds a link may take, and the slow ones are started first. The pages of arXiv are left
    to its metadata, by `judge_arxiv` or from the address in `services`.

    Raises:
        KdbotError: an option makes no sense, or the cache cannot be read.
    """
    output, messages = output or sys.stdout, messages or sys.stderr
    agent = user_agent(repository)
    if judge_arxiv is None:
        judge_arxiv = partial(_judge_arxiv, services or ServiceSettings(), agent)
    settings = ProbeSettings(
        timeout=_positive("--timeout", timeout),
        concurrency=int(_positive("--concurrency", concurrency)),
        guard=AddressGuard(_networks(allow_address)),
        paces=_SLOW_HOSTS,
        user_agent=agent,
    )
    chosen = _shard(tuple(dict.fromkeys(urls)), shard)
    known, gathered = dict(expected or {}), _Gathered()
    kept = None if cache is None else Cache.named(cache, now=time.time)
    if kept is not None:
        known |= kept.expected_seconds()
        fresh = kept.fresh_links(age=cache_age)
        gathered.results.update((url, fresh[url]) for url in chosen if url in fresh)
        gathered.listeners.append(kept.keep_link)
    is_shown = can_move(messages, os.environ)
    if is_shown:
        gathered.listeners.append(_progress(messages, gathered, len(chosen)))
    asked = [url for url in chosen if url not in gathered.results]
    is_interrupted = _check(asked, settings, gathered, known, judge_arxiv)
    if is_shown:
        messages.write(ERASE_LINE)
    if kept is not None:
        kept.close()
        if kept.failure is not None:
            print(f"kdbot: {cache}: the cache was not written: {kept.failure}", file=messages)
    results = [gathered.results[url] for url in chosen if url in gathered.results]
    if is_interrupted:
        print(f"kdbot: interrupted, {len(results)} of {len(chosen)} links checked", file=messages)
    print(_FORMATS[form](results), file=output, end="")
    print(_render_count(results), file=messages)
    if is_interrupted:
        return _INTERRUPTED
    return int(any(result.state is LinkState.DEAD for result in results))


def _check(
    urls: Sequence[str],
    settings: ProbeSettings,
    gathered: _Gathered,
    known: Mapping[str, float],
    judge_arxiv: _JudgeArxiv,
) -> bool:
    """Check what is not known yet; True where somebody broke it off."""
    previous = None
    with suppress(ValueError):  # from another thread than the first, which hears no signals
        # A cancelled workflow sends this before it kills.
        previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        identifiers = arxiv_identifiers(urls)
        judged = run_in_daemon_thread(lambda: tuple(judge_arxiv(identifiers)))
        rest = [url for url in urls if url not in identifiers]
        probe(rest, settings, on_result=gathered.take, known=known)
        for result in judged.result():
            gathered.take(result)
    except KeyboardInterrupt:
        return True
    finally:
        if previous is not None:
            signal.signal(signal.SIGTERM, previous)
    return False


def _judge_arxiv(
    services: ServiceSettings, agent: str, identifiers: Mapping[str, str]
) -> tuple[LinkResult, ...]:
    if not identifiers:
        return ()
    from kdbot.web.metadata.service import fetch_preprints
    from kdbot.web.services import ServiceClient

    client = ServiceClient(services, user_agent=agent)
    try:
        return judge_by_metadata(identifiers, fetch_preprints(identifiers.values(), client))
    finally:
        client.close()


def _progress(messages: TextIO, gathered: _Gathered, total: int) -> Callable[[LinkResult], None]:
    last = 0.0

    def show(_: LinkResult) -> None:
        nonlocal last
        done, now = len(gathered.results), time.monotonic()
        if now - last >= 0.1:
            last = now
            width = 30 * done // total
            messages.write(f"\r[{'#' * width:30}] {done} of {total} links")
            messages.flush()

    return show


def _positive(option: str, value: float) -> float:
    if not 0 < value < 1e6:
        raise KdbotError(f"{option} must be a positive number, not {value}")
    return value


def _networks(texts: Sequence[str]) -> tuple[IPNetwork, ...]:
    try:
        return parse_networks(texts)
    except ValueError as error:
        raise KdbotError(
            f"--allow-address: {error}", fix="write a network as 127.0.0.0/8"
        ) from error


def _shard(urls: tuple[str, ...], shard: str | None) -> tuple[str, ...]:
    if shard is None:
        return urls
    index, _, count = shard.partition("/")
    try:
        return shard_links(urls, index=int(index), count=int(count))
    except ValueError as error:
        raise KdbotError(f"--shard {shard}: {error}", fix="write it as 1/4") from error


def load_links(root: Path, files: Iterable[Path] = ()) -> tuple[str, ...]:
    """Read the links of the given paper files, or of the whole collection, each once.

    Files of the collection that cannot be read, or hold no record, are left to `kdbot validate`.

    Raises:
        KdbotError: a given file cannot be read.
    """
    from kdbot.storage.files import read_file
    from kdbot.storage.repository import load_records, read_paper, unreviewed_paper_of

    papers = [read_paper(read_file(path), str(path)) for path in files]
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
    from kdbot.model.evidence import expected_seconds
    from kdbot.storage.audit import load_link_records

    records = load_link_records(root)
    return {url: expected_seconds(one.state, one.seconds) for url, one in records.items()}


def parse_listed_urls(text: str) -> tuple[str, ...]:
    """Read a plain list of URLs: one a line; empty lines and comments after `#` are skipped."""
    lines = (line.strip(" \t\r") for line in text.split("\n"))
    return tuple(line for line in lines if line and not line.startswith("#"))


def paper_links(paper: "Paper") -> tuple[str, ...]:
    """Give the addresses that a reader of the list can follow from a paper."""
    from kdbot.publish.readme.tables import paper_address

    title = paper_address(paper)
    return ((title,) if title else ()) + paper.code + paper.project + paper.data


def _render_text(results: Sequence[LinkResult]) -> str:
    """Give a line for each link that is not simply there, those that need a person first."""
    lines = []
    for state in _HEADINGS:
        for result in results:
            if result.state is state:
                target = f" -> {result.final_url}" if state is LinkState.MOVED else ""
                line = f"{state:<11} {result.url}{target}  ({result.evidence})"
                lines.append(visible_text(line))
    return "".join(f"{line}\n" for line in lines)


def _render_json(results: Sequence[LinkResult]) -> str:
    """Give one array with one object a URL, each on a line of its own."""
    objects = (json.dumps(to_json(result, whole=True), ensure_ascii=False) for result in results)
    return "[\n" + ",\n".join(objects) + "\n]\n" if results else "[]\n"


def _render_markdown(results: Sequence[LinkResult]) -> str:
    """Give a section for each state that asks for attention; the URLs are shown and not linked."""
    lines = [escape_text(_render_count(results)), ""]
    for state, heading in _HEADINGS.items():
        found = [result for result in results if result.state is state]
        if found:
            lines += [f"### {heading}", "", *map(_item, found), ""]
    return "\n".join(lines)


def _item(result: LinkResult) -> str:
    moved = result.state is LinkState.MOVED and result.final_url
    target = f" is now {escape_code(result.final_url or '')}" if moved else ""
    return f"- {escape_code(result.url)}{target} ({escape_text(result.evidence)})"


def _render_count(results: Sequence[LinkResult]) -> str:
    """Say how many links were found in which state."""
    counts = Counter(result.state for result in results)
    states = ", ".join(f"{counts[state]} {state}" for state in LinkState if counts[state])
    noun = "link" if len(results) == 1 else "links"
    return f"{len(results)} {noun}: {states}" if states else "no links"


_FORMATS: Mapping[str, Callable[[Sequence[LinkResult]], str]] = MappingProxyType(
    {"text": _render_text, "json": _render_json, "markdown": _render_markdown}
)
