"""Accepted papers: their records in the bot's comment, their files, and the words of a commit."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kdbot.flows.push import commit_message
from kdbot.github.item import Account
from kdbot.intake.record import parse_record
from kdbot.model.collection import Collection, Identity
from kdbot.model.finding import Finding
from kdbot.model.paper import path_of, stem_of
from kdbot.model.proposal import Candidate, Given, Origin, Proposal
from kdbot.model.report import PaperReport, Verdict
from kdbot.publish.comment.values import shown_records
from kdbot.review.proposal import identities_in
from kdbot.storage.git import noreply_address
from kdbot.text.names import stamped
from kdbot.text.record import render_record

_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\[bot\])?")
_COMPLETED = ("title", "authors", "date", "venue", "year", "withdrawn")
"""Fields that services fill in; links are only suggested."""


def shown_values(comment: str) -> Mapping[str, Mapping[str, Given]]:
    """Return the fields of the records in a comment by the stem of their file."""
    found = {}
    for path, text in shown_records(comment).items():
        record = parse_record(text.encode("utf-8"), path)
        if not isinstance(record, Finding):
            stem = stem_of(path)
            found[stem] = {
                name: replace(given, origin=Origin.COMMENT, line=None, item_lines=())
                for name, given in record.given.items()
                if name in _COMPLETED
            }
    return found


def complete_proposal(
    proposal: Proposal, shown: Mapping[str, Mapping[str, Given]], collection: Collection
) -> Proposal:
    """Return the proposal with what its papers lack taken from the records that were shown."""
    identities = identities_in(proposal, collection)
    pairs = zip(proposal.candidates, identities, strict=True)
    candidates = tuple(_complete(candidate, identity, shown) for candidate, identity in pairs)
    return replace(proposal, candidates=candidates)


def _complete(
    candidate: Candidate, identity: Identity, shown: Mapping[str, Mapping[str, Given]]
) -> Candidate:
    missing = {
        name: given
        for name, given in shown.get(identity.id, {}).items()
        if name not in candidate.given
    }
    return replace(candidate, given={**candidate.given, **missing})


def files_of_papers(
    ready: Sequence[PaperReport],
    author: Account | None,
    collection: Collection,
    today: date | None,
) -> Mapping[str, str | None]:
    """Return the text of each file to write, None for one that is renamed.

    Args:
        ready: the papers.
        author: who proposed them, or None.
        collection: the list.
        today: the day on which new papers enter it, in UTC; None where a merge will tell.
    """
    files: dict[str, str | None] = {}
    taken = set(collection.citation_keys)
    for report in ready:
        paper = report.paper
        if report.before is None:
            credit = author.login if author is not None and _is_creditable(author) else None
            paper = replace(paper, added=None, key=None, proposed_by=credit)
            if today is not None:
                paper = stamped(paper, today.isoformat(), taken, collection.schema)
        elif report.before.id != paper.id:
            files[path_of(report.before.id)] = None
        files[report.file] = render_record(paper, collection.schema)
    return files


def papers_message(ready: Sequence[PaperReport], number: int, author: Account | None) -> str:
    """Return the message of the commit that adds papers for an issue."""
    verb = "update" if all(p.verdict is Verdict.UPDATE for p in ready) else "add"
    what = ready[0].paper.id if len(ready) == 1 else f"{len(ready)} papers"
    trailers = []
    if author is not None and _is_creditable(author):
        address = noreply_address(author.login, author.id)
        trailers.append(f"Co-authored-by: {author.login} <{address}>")
    ids = [p.paper.id for p in ready] if len(ready) > 1 else []
    return commit_message(f"papers: {verb} {what} (#{number})", ids, trailers)


def _is_creditable(author: Account) -> bool:
    return author.id != 0 and _LOGIN.fullmatch(author.login) is not None
