"""`kdbot enrich`: fill the records from metadata services, and list where they differ.

Here are also the services of a list, ready to be asked, and what there is to ask about a paper.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from kdbot.flows.list.checked_list import acceptable, check_list
from kdbot.flows.output import ERASE_LINE, can_move, use_color
from kdbot.model.collection import Collection
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import Outcome
from kdbot.model.finding import Finding, Severity, has_errors
from kdbot.model.paper import PAPERS, FieldValue, Paper, paper_values, path_of, stem_of
from kdbot.model.proposal import Origin, Proposal
from kdbot.model.settings import Settings
from kdbot.model.urls import user_agent
from kdbot.publish.markdown import clip, count
from kdbot.publish.report import render_findings_text
from kdbot.review.enrichment import Change, Enrichment, enrich_paper
from kdbot.review.metadata_check import METADATA_NOT_CHECKED, metadata_key, search_key
from kdbot.review.normalize import normalize_candidate
from kdbot.storage.files import write_files
from kdbot.storage.repository import load_settings
from kdbot.text.venues import is_preprint
from kdbot.web.cache import Cache, cache_path
from kdbot.web.metadata.service import Question, fetch_metadata
from kdbot.web.services import PATIENT, RetryPolicy, ServiceClient

_SHOWN = 80


_MAX_PAPERS = 20
"""Papers of one proposal that the services are asked about."""

_MAX_SEARCHES = 5
"""Papers of one proposal that are searched for by their title: each is a question of its own."""


def enrich(
    root: Path,
    files: Sequence[Path],
    *,
    check: bool,
    environment: Mapping[str, str],
    output: TextIO | None = None,
    messages: TextIO | None = None,
    client: ServiceClient | None = None,
) -> int:
    """Ask the services about the papers, write what they add, and return the exit status.

    1 where `check` is set and something would be written, or where a finding blocks.

    Args:
        root: the list.
        files: records to look at; none for all.
        check: whether to write nothing.
        environment: for the folder of the cache, `GITHUB_REPOSITORY` and `NO_COLOR`.
        output: where changes and differences are told.
        messages: where progress and the summary are told.
        client: the services; None for those of the list's settings.

    Raises:
        KdbotError: the list has errors, or a file is none of its records.
    """
    output, messages = output or sys.stdout, messages or sys.stderr
    settings = load_settings(root, environment)
    collection = _collection(root)
    papers = _chosen(root, files, collection)
    opened = open_services(settings, environment, retry_policy=PATIENT, messages=messages)
    with nullcontext(client) if client is not None else opened as services:
        enrichments = _enrich_papers(papers, collection, services)
    texts, refused = acceptable((one.after for one in enrichments if one.changes), collection)
    for enrichment in enrichments:
        is_changed = path_of(enrichment.paper.id) in texts
        if is_changed or enrichment.offers:
            output.write(_render(enrichment, enrichment.changes if is_changed else ()))
    findings = (*(f for one in enrichments for f in one.findings), *refused)
    output.write(render_findings_text(findings, color=use_color(output, environment)))
    if not check:
        write_files(root, texts)
    messages.write(_summary(len(papers), len(texts), findings, check=check))
    return 1 if has_errors(findings) or (check and texts) else 0


def _enrich_papers(
    papers: Sequence[Paper], collection: Collection, client: ServiceClient
) -> tuple[Enrichment, ...]:
    """Ask the services about papers of the list and return what they say of each."""
    # A listed venue is also compared, so every service with venues is asked about every paper.
    questions = [replace(question_of(paper), venue=True) for paper in papers]
    outcomes = fetch_metadata(questions, client)
    venues, schema = collection.venues, collection.schema
    return tuple(enrich_paper(paper, outcomes[paper.id], venues, schema) for paper in papers)


def _collection(root: Path) -> Collection:
    checked = check_list(root)
    errors = [f for f in checked.findings if f.severity is Severity.ERROR]
    if errors:
        more = f" (the first of {len(errors)} errors)" if len(errors) > 1 else ""
        raise KdbotError(
            f"{errors[0].message}{more}",
            where=errors[0].file,
            fix="run `kdbot validate` to list all",
        )
    return checked.collection


def _chosen(root: Path, files: Sequence[Path], collection: Collection) -> tuple[Paper, ...]:
    if not files:
        return tuple(collection.papers.values())
    chosen = {}
    folder = (root / PAPERS).resolve()
    for file in files:
        stem = stem_of(file.name)
        if stem not in collection.papers or file.resolve().parent != folder:
            raise KdbotError("is not a paper file of this list", where=str(file))
        chosen[stem] = collection.papers[stem]
    return tuple(chosen.values())


def _render(enrichment: Enrichment, changes: Iterable[Change]) -> str:
    lines = [
        path_of(enrichment.paper.id),
        *(f"  {_render_change(change)}" for change in changes),
        *(f"  not applied: {_render_change(offer)}" for offer in enrichment.offers),
    ]
    return "".join(f"{line}\n" for line in lines)


def _render_change(change: Change) -> str:
    """Return what changes and which source says so, with the sources that differ."""
    before = f"{_plain(change.before)} -> " if change.before else ""
    said = ", ".join(map(str, change.origins))
    differing = ", ".join(f"{origin}: {_plain(value)}" for origin, value in change.others)
    reason = f"{said}, preferred to {differing}" if differing else said
    return f"{change.field}: {before}{_plain(change.after) or 'none'} ({reason})"


def _plain(value: FieldValue | None) -> str:
    text = ", ".join(value) if isinstance(value, tuple) else str(value).lower()
    text = value if isinstance(value, str) else text
    text = "".join(character if character.isprintable() else " " for character in text)
    return clip(text, _SHOWN)


def _summary(papers: int, written: int, findings: Iterable[Finding], *, check: bool) -> str:
    codes = [finding.code for finding in findings]
    unknown = codes.count(METADATA_NOT_CHECKED.code)
    verb = "would change" if check else "changed"
    parts = [
        count(papers, "paper"),
        f"{written} {verb}",
        count(len(codes) - unknown, "remark"),
    ]
    if unknown:
        parts.append(f"{unknown} not fully checked")
    return f"{', '.join(parts)}\n"


@contextmanager
def open_services(
    settings: Settings,
    environment: Mapping[str, str],
    *,
    retry_policy: RetryPolicy | None = None,
    messages: TextIO | None = None,
) -> Iterator[ServiceClient]:
    """Give a client of the list's services for the length of a block.

    Args:
        settings: for the services' addresses and the list's own.
        environment: for the folder of the cache, and `TERM`.
        retry_policy: how long to wait for a service; the default suits a review.
        messages: where progress is shown, if it is a terminal.
    """
    terminal = messages if messages is not None and can_move(messages, environment) else None
    client = ServiceClient(
        settings.services,
        user_agent=user_agent(settings.repository),
        cache=Cache(cache_path(environment), now=time.time),
        retry_policy=retry_policy,
        progress=_progress(terminal) if terminal is not None else None,
    )
    try:
        yield client
    finally:
        client.close()
        if terminal is not None:
            terminal.write(ERASE_LINE)


def question_of(paper: Paper) -> Question:
    """Return what is to be found out about a listed paper: what its record lacks."""
    return _question(paper.id, paper_values(paper))


def fetch_for_proposal(
    proposal: Proposal, collection: Collection, client: ServiceClient
) -> dict[str, tuple[Outcome, ...]]:
    """Ask about the papers that a proposal names, `_MAX_PAPERS` of them at most.

    Returns:
        What `Evidence.metadata` holds.
    """
    questions: dict[str, Question] = {}
    searches: dict[str, Question] = {}
    for candidate in proposal.candidates[:_MAX_PAPERS]:
        draft = normalize_candidate(candidate, collection)
        if (key := metadata_key(draft.values)) is not None:
            questions[key] = _question(key, draft.values)
        elif (key := search_key(draft)) is not None and len(searches) < _MAX_SEARCHES:
            searches[key] = replace(_question(key, draft.values), search=True)
    return fetch_metadata([*questions.values(), *searches.values()], client)


def _question(key: str, values: Mapping[str, object]) -> Question:
    text = {name: value for name, value in values.items() if isinstance(value, str)}
    venue = text.get("venue", "")
    return Question(
        key=key,
        arxiv=text.get("arxiv"),
        acl=text.get("acl"),
        doi=text.get("doi"),
        openreview=text.get("openreview"),
        title=text.get("title", ""),
        venue=not venue or is_preprint(venue),
        links=not values.get("code"),
    )


def _progress(messages: TextIO) -> Callable[[Origin, int, int], None]:
    def show(origin: Origin, done: int, total: int) -> None:
        messages.write(f"{ERASE_LINE}asking {origin}: {done} of {total} papers")
        messages.flush()

    return show
