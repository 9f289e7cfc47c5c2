"""What is asked of the world for the weekly audit."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from kdbot.flows.list.ask_services import question_of
from kdbot.flows.list.links import paper_links
from kdbot.flows.run import Run
from kdbot.github.item import Item
from kdbot.github.labels import STATES
from kdbot.model.audit import Audit, BoxKind, Unchecked, WaitingProposal
from kdbot.model.collection import Collection
from kdbot.model.evidence import LinkResult, MetadataRecord, Outcome
from kdbot.model.paper import Paper
from kdbot.review.audit import AuditEvidence, judge_links
from kdbot.storage.audit import load_link_results
from kdbot.web.child import PASSED_ENVIRONMENT
from kdbot.web.metadata.arxiv import search_arxiv
from kdbot.web.metadata.service import fetch_metadata, fetch_preprints
from kdbot.web.selection import judge_by_metadata, partition_arxiv
from kdbot.web.services import ServiceClient, UnavailableError
from kdbot.web.wayback import fetch_snapshot

_WAITS_LONG = timedelta(days=30)
"""How long an open proposal may lie before the audit names it."""

_MAX_FOUND = 100
_MAX_SECONDS = 3 * 3600  # for the links of a list of ten thousand
_MAX_SNAPSHOTS = 50
"""Snapshots that are asked for in one run; the rest waits for the next."""


def links_of(papers: Iterable[Paper]) -> dict[str, list[str]]:
    """Return every address of some papers with the ids of those that have it."""
    urls: dict[str, list[str]] = {}
    for paper in papers:
        for url in dict.fromkeys(paper_links(paper)):
            urls.setdefault(url, []).append(paper.id)
    return urls


def gather_evidence(
    run: Run,
    collection: Collection,
    probed: Mapping[str, LinkResult],
    previous: Audit,
    client: ServiceClient,
    *,
    items: Iterable[Item],
    declined: frozenset[str],
) -> AuditEvidence:
    """Ask the services about all papers, and the rest of the world about what is left.

    Args:
        run: the run.
        collection: the list.
        probed: what was found at its links, those of arXiv's pages aside.
        previous: the audit before.
        client: the services.
        items: the open issues and pull requests.
        declined: what a person has said no to.
    """
    papers = collection.papers.values()
    metadata = fetch_metadata([question_of(paper) for paper in papers], client)
    urls = links_of(papers)
    links = {**probed, **_arxiv_links(urls, papers, metadata, client)}
    found, unchecked = _search(run, client)
    return AuditEvidence(
        links=links,
        metadata=metadata,
        snapshots=_snapshots(run, urls, links, previous, client),
        found=found,
        unchecked=unchecked,
        waiting=_waiting_proposals(run, items),
        declined=declined,
    )


def _waiting_proposals(run: Run, items: Iterable[Item]) -> tuple[WaitingProposal, ...]:
    """Return the open proposals in which nothing has happened for long, by number."""
    before = run.now() - _WAITS_LONG
    return tuple(
        WaitingProposal(
            number=item.number, label=min(item.labels & STATES), since=item.updated.date()
        )
        for item in sorted(items, key=lambda item: item.number)
        if not item.author.bot and item.labels & STATES and item.updated and item.updated < before
    )


def _arxiv_links(
    urls: Iterable[str],
    papers: Iterable[Paper],
    metadata: Mapping[str, tuple[Outcome, ...]],
    client: ServiceClient,
) -> dict[str, LinkResult]:
    """Judge arXiv's pages by what its metadata has said already."""
    identifiers = partition_arxiv(urls).identifiers
    outcomes = {paper.arxiv: metadata[paper.id] for paper in papers if paper.arxiv}
    others = dict.fromkeys(one for one in identifiers.values() if one not in outcomes)
    if others:
        outcomes.update(fetch_preprints(others, client))
    return {result.url: result for result in judge_by_metadata(identifiers, outcomes)}


def _search(
    run: Run, client: ServiceClient
) -> tuple[tuple[MetadataRecord, ...], dict[str, Unchecked]]:
    if not run.settings.query:
        return (), {}
    try:
        feed = search_arxiv(run.settings.query, client, limit=_MAX_FOUND)
    except UnavailableError as error:
        return (), {"arXiv's search": Unchecked(count=1, reason=str(error))}
    return tuple(feed.records.values()), {}


def _snapshots(
    run: Run,
    urls: Iterable[str],
    links: Mapping[str, LinkResult],
    previous: Audit,
    client: ServiceClient,
) -> dict[str, str]:
    """Return a snapshot of each address that is gone, as far as one is known."""
    known = {
        edit.before: edit.after
        for box in previous.boxes.values()
        if box.kind is BoxKind.ARCHIVED
        for edit in box.edits
        if edit.before and edit.after
    }
    records = judge_links(urls, links, previous.links, run.now().date())
    gone = [url for url, record in records.items() if record.is_confirmed_dead]
    for url in [url for url in gone if url not in known][:_MAX_SNAPSHOTS]:
        snapshot = fetch_snapshot(url, client)
        if snapshot is not None:
            known[url] = snapshot
    return {url: known[url] for url in gone if url in known}


def probe_links(
    root: Path, artifacts: Sequence[Path] | None, environment: Mapping[str, str]
) -> dict[str, LinkResult]:
    """Return what the probe found, from its artifacts or by asking now.

    Args:
        root: the list.
        artifacts: results of the probe's shards, or folders of them; None to ask now.
        environment: where the few harmless variables of the process are taken from.

    Raises:
        KdbotError: an artifact has not the form that it should have.
    """
    if artifacts is not None:
        files = (
            [path] if path.suffix == ".json" else sorted(path.rglob("*.json")) for path in artifacts
        )
        return load_link_results(file for group in files for file in group)
    if environment.get("KDBOT_PROBE_LINKS", "").strip().lower() == "false":
        return {}
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "links.json"
        with result.open("wb") as stream:
            _ask_links(root, stream.fileno(), environment)
        return load_link_results([result] if result.stat().st_size else [])


def _ask_links(root: Path, output: int, environment: Mapping[str, str]) -> None:
    command = [sys.executable, "-I", "-m", "kdbot", "--root", str(root)]
    command += ["links", "--format", "json", "--without-arxiv"]
    names = {name: environment[name] for name in PASSED_ENVIRONMENT if name in environment}
    subprocess.run(command, env=names, stdout=output, timeout=_MAX_SECONDS, check=False)  # noqa: S603
