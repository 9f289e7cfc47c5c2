"""`kdbot links`: check links and say what is wrong with which."""

import contextlib
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from kdbot.flows.list.link_report import FORMATS, render_count
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import LinkResult, LinkState
from kdbot.model.settings import ServiceSettings
from kdbot.web.addresses import AddressGuard, IPNetwork, parse_networks
from kdbot.web.arxiv_links import fetch_arxiv_links
from kdbot.web.http import render_user_agent, run_in_daemon_thread
from kdbot.web.link_cache import CacheWriter, load_cached_links
from kdbot.web.links import ProbeSettings, probe
from kdbot.web.pace import Pace

_ERASE_LINE = "\r\033[K"

INTERRUPTED = 130
"""Exit status after Ctrl-C or SIGTERM, as a shell gives it."""

JudgeArxiv = Callable[[Mapping[str, str]], Iterable[LinkResult]]
"""From the URLs of arXiv's pages with their identifiers to results, by metadata alone."""

# What arXiv asks of programs, https://info.arxiv.org/help/api/tou.html.
_SLOW_HOSTS = dict.fromkeys(
    ("arxiv.org", "www.arxiv.org", "export.arxiv.org"), Pace(at_a_time=1, interval=3.0)
)


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
    judge_arxiv: JudgeArxiv | None = None,
    expected: Mapping[str, float] | None = None,
    output: TextIO | None = None,
    messages: TextIO | None = None,
) -> int:
    """Check URLs, write a report to `output` and return the exit status.

    1 where a link is dead, 130 where the run was interrupted; what was found until then is
    reported all the same. `shard` is `I/N`; `cache_age` is in seconds; `expected` is how many
    seconds a link may take, and the slow ones are started first. The pages of arXiv are left
    to its metadata, by `judge_arxiv` or from the address in `services`.

    Raises:
        KdbotError: an option makes no sense, or the cache cannot be read.
    """
    output, messages = output or sys.stdout, messages or sys.stderr
    user_agent = render_user_agent(repository)
    settings = ProbeSettings(
        timeout=_positive("--timeout", timeout),
        concurrency=int(_positive("--concurrency", concurrency)),
        guard=AddressGuard(_networks(allow_address)),
        paces=_SLOW_HOSTS,
        user_agent=user_agent,
    )
    chosen = _shard(tuple(dict.fromkeys(urls)), shard)
    known: dict[str, float] = dict(expected or {})
    gathered = _Gathered()
    writer = None
    if cache is not None:
        cached = load_cached_links(cache)
        known |= cached.expected_seconds()
        fresh = cached.fresh(now=time.time(), age=cache_age)
        gathered.results.update((url, fresh[url]) for url in chosen if url in fresh)
        writer = CacheWriter(cache)
        gathered.listeners.append(lambda result: writer.add(result, now=time.time()))
    if messages.isatty():
        gathered.listeners.append(_progress(messages, gathered, len(chosen)))
    asked = [url for url in chosen if url not in gathered.results]
    is_interrupted = _check(
        asked,
        settings,
        gathered,
        known,
        judge_arxiv
        or (lambda papers: fetch_arxiv_links(papers, services or ServiceSettings(), user_agent)),
    )
    if messages.isatty():
        messages.write(_ERASE_LINE)
    if writer is not None:
        writer.finish(now=time.time())
        if writer.failure is not None:
            print(f"kdbot: {cache}: the cache is not kept: {writer.failure}", file=messages)
    results = [gathered.results[url] for url in chosen if url in gathered.results]
    if is_interrupted:
        print(f"kdbot: interrupted, {len(results)} of {len(chosen)} links checked", file=messages)
    print(FORMATS[form](results), file=output, end="")
    print(render_count(results), file=messages)
    if is_interrupted:
        return INTERRUPTED
    return int(any(result.state is LinkState.DEAD for result in results))


def _check(
    urls: Sequence[str],
    settings: ProbeSettings,
    gathered: _Gathered,
    known: Mapping[str, float],
    judge_arxiv: JudgeArxiv,
) -> bool:
    """Check what is not known yet; True where somebody broke it off."""
    with contextlib.suppress(ValueError):
        # A cancelled workflow sends this before it kills. Threads cannot listen to signals.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        identifiers, rest = _split(urls)
        judged = run_in_daemon_thread(
            lambda: tuple(judge_arxiv(identifiers)) if identifiers else ()
        )
        probe(rest, settings, on_result=gathered.take, known=known)
        for result in judged.result():
            gathered.take(result)
    except KeyboardInterrupt:
        return True
    return False


def _split(urls: Sequence[str]) -> tuple[Mapping[str, str], Sequence[str]]:
    if not any("arxiv" in url.lower() for url in urls):
        return {}, urls
    from kdbot.web.selection import partition_arxiv

    split = partition_arxiv(urls)
    return split.identifiers, split.rest


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
    from kdbot.web.selection import shard_links

    index, _, count = shard.partition("/")
    try:
        return shard_links(urls, index=int(index), count=int(count))
    except ValueError as error:
        raise KdbotError(f"--shard {shard}: {error}", fix="write it as 1/4") from error
