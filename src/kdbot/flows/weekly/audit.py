"""`kdbot weekly`: audit the list, commit the results, and report it in one issue."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from kdbot.flows.job import is_set
from kdbot.flows.list.checked_list import whole_collection
from kdbot.flows.list.enrich import open_services, question_of
from kdbot.flows.list.links import paper_links
from kdbot.flows.push import Change, Work, push_changes
from kdbot.flows.run import Run
from kdbot.flows.weekly.tracking_issues import (
    VENUES_BRANCH,
    WEEKLY_PULL,
    audit_issue,
    current_audit,
    declined_upgrades,
    long_waiting,
    new_papers_issue,
    open_upgrades,
    propose_upgrades,
    waiting_words,
    write_audit,
)
from kdbot.github.errors import GitHubUnavailableError
from kdbot.github.item import Item
from kdbot.github.labels import AUDIT as AUDIT_LABEL
from kdbot.github.labels import NEW_PAPERS as NEW_PAPERS_LABEL
from kdbot.github.reconcile import read_tracking_issue
from kdbot.model.audit import Audit, EditKind, Unchecked
from kdbot.model.collection import Collection
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import LinkResult, MetadataRecord, Outcome
from kdbot.model.paper import Paper
from kdbot.publish.audit import AUDIT_MARKER, offered_boxes
from kdbot.publish.tracking_issues import NEW_PAPERS_MARKER
from kdbot.review.audit import AuditEvidence, audit_collection, judge_links
from kdbot.storage.audit import load_link_results
from kdbot.storage.repository import readable_declined
from kdbot.web.child import PASSED_ENVIRONMENT
from kdbot.web.metadata.arxiv import search_arxiv
from kdbot.web.metadata.service import fetch_metadata, fetch_preprints
from kdbot.web.selection import arxiv_identifiers, judge_by_metadata
from kdbot.web.services import PATIENT, ServiceClient, UnavailableError, fetch_snapshot

_OpenServices = Callable[[], AbstractContextManager[ServiceClient]]


_MAX_FOUND = 100
_MAX_SECONDS = 3 * 3600  # for the links of a list of ten thousand
_MAX_SNAPSHOTS = 50
"""Snapshots requested in one run; the others wait for the next run."""


def weekly(
    run: Run,
    *,
    artifacts: Sequence[Path] | None,
    environment: Mapping[str, str],
    services: _OpenServices | None = None,
) -> int:
    """Audit the list and return the exit status: 1 where a part of it could not be done.

    A second run in the same week on the same state writes nothing, neither to git nor to GitHub.

    Args:
        run: the run.
        artifacts: what the shards of the probe found; None to ask the links now.
        environment: for the folder of the cache and the process that asks the links.
        services: opens the metadata services; None for those of the list's settings.

    Raises:
        GitHubUnavailableError: GitHub could not be asked at all.
        KdbotError: the list has errors, the working copy has uncommitted changes, or the push
            failed.
    """
    if not run.dry_run and not run.checkout.is_clean():
        raise KdbotError(
            "the working copy has uncommitted changes", fix="commit them, or use a fresh clone"
        )
    open_client = services or (
        lambda: open_services(run.settings, environment, retry_policy=PATIENT)
    )
    previous, collection = current_audit(run), whole_collection(run.root, run.checkout)
    # Asked first: of a repository that is gone GraphQL says so, where REST says 404 of any item.
    items = run.client.open_items()
    if waiting := waiting_words(items, run.now().date()):
        run.message(waiting)
    upgrades = run.client.own_pulls(VENUES_BRANCH)
    declined = _declined(run) | declined_upgrades(upgrades)
    declined |= {paper.key[1] for paper in readable_declined(run.root, run.message)}
    probed = _probe_links(run.root, artifacts, environment)
    with open_client() as client:
        evidence = _gather_evidence(
            run, collection, probed, previous, client, items=items, declined=declined
        )
    audit, shown = Audit(), open_upgrades(upgrades)
    page = shown.html_url if shown else None

    def make(alone: bool) -> Change | None:
        """Audit again from each new tip of the branch."""
        nonlocal audit, collection
        collection = whole_collection(run.root, run.checkout)
        urls = _links_of(collection.papers.values())
        known = current_audit(run, refresh=True)
        audit = audit_collection(collection, urls, evidence, known, run.now().date())
        return write_audit(run, audit, alone)

    pushed = push_changes(run, [Work(name="audit", pull=WEEKLY_PULL, make=make)]).get("audit")
    if isinstance(pushed, KdbotError):
        raise pushed
    run.message(pushed.url if pushed else "nothing new to commit")

    def propose() -> None:
        nonlocal page
        page = propose_upgrades(run, audit, collection) or page

    keep, words = run.reconciler.tracking_issue, run.words
    steps: Mapping[str, Callable[[], None]] = {
        "the pull request of the venues": propose,
        "the issue of the audit": lambda: keep(
            audit_issue(audit, collection.papers, words, pull_request=page)
        ),
        "the issue of new papers": lambda: keep(
            new_papers_issue(audit, collection.taxonomy, words)
        ),
    }
    done = [_attempt(run, what, do) for what, do in steps.items()]
    return 0 if all(done) else 1


def _declined(run: Run) -> frozenset[str]:
    """Return what a person said no to by closing an issue: all boxes that it held then."""
    declined: set[str] = set()
    for marker, label in ((AUDIT_MARKER, AUDIT_LABEL), (NEW_PAPERS_MARKER, NEW_PAPERS_LABEL)):
        issue = read_tracking_issue(run.client, marker, label)
        if issue is None or issue.open:
            continue
        if issue.last_closed_by is not None and issue.last_closed_by.id != issue.bot:
            declined |= {key.removeprefix("new:") for key in offered_boxes(issue.body)}
    return frozenset(declined)


def _attempt(run: Run, what: str, do: Callable[[], None]) -> bool:
    """Do one of several things that do not depend on each other."""
    try:
        do()
    except (GitHubUnavailableError, KdbotError) as error:
        run.message(f"{what}: {error}")
        return False
    return True


def _links_of(papers: Iterable[Paper]) -> dict[str, list[str]]:
    """Return every address of some papers with the ids of those that have it."""
    urls: dict[str, list[str]] = {}
    for paper in papers:
        for url in dict.fromkeys(paper_links(paper)):
            urls.setdefault(url, []).append(paper.id)
    return urls


def _gather_evidence(
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
    urls = _links_of(papers)
    links = {**probed, **_arxiv_links(urls, papers, metadata, client)}
    found, unchecked = _search(run, client)
    return AuditEvidence(
        links=links,
        metadata=metadata,
        snapshots=_snapshots(run, urls, links, previous, client),
        found=found,
        unchecked=unchecked,
        waiting=long_waiting(items, run.now()),
        declined=declined,
    )


def _arxiv_links(
    urls: Iterable[str],
    papers: Iterable[Paper],
    metadata: Mapping[str, tuple[Outcome, ...]],
    client: ServiceClient,
) -> dict[str, LinkResult]:
    """Judge arXiv's pages by what its metadata has said already."""
    identifiers = arxiv_identifiers(urls)
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
        if box.kind is EditKind.ARCHIVED
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


def _probe_links(
    root: Path, artifacts: Sequence[Path] | None, environment: Mapping[str, str]
) -> dict[str, LinkResult]:
    """Return what the probe found, from its artifacts or by asking now.

    Args:
        root: the list.
        artifacts: results of the probe's shards, or folders of them; None to ask now.
        environment: where the few harmless variables of the process are taken from.

    Raises:
        KdbotError: an artifact does not match its schema.
    """
    if artifacts is not None:
        files = (
            [path] if path.suffix == ".json" else sorted(path.rglob("*.json")) for path in artifacts
        )
        return load_link_results(file for group in files for file in group)
    if is_set(environment, "KDBOT_PROBE_LINKS", "false"):
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
