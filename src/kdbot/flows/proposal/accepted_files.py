"""Accepted papers: their records in the bot's comment, their files, and the commit message."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kdbot.flows.push import commit_message
from kdbot.github.item import Account
from kdbot.intake.record import parse_record
from kdbot.model.collection import IDENTIFIER_FIELDS, Collection, Identity
from kdbot.model.finding import Finding
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.paper import IDENTIFIER_NAMES, NOTICE_FIELDS, path_of, stem_of
from kdbot.model.proposal import Candidate, Given, Origin, Proposal
from kdbot.model.report import PaperReport, Verdict
from kdbot.model.titles import fold_title
from kdbot.publish.report import shown_records
from kdbot.review.proposal import identities_in
from kdbot.storage.git import noreply_address
from kdbot.text.names import stamped
from kdbot.text.record import render_record

_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\[bot\])?")
_KNOWN = ("title", "authors")
"""Fields in which a service's value replaces the text's."""
_COMPLETED = (*IDENTIFIER_NAMES, *_KNOWN, "date", "venue", "year", *NOTICE_FIELDS)
"""Fields that services fill in; links are only suggested."""


def shown_values(comment: str) -> Mapping[Identity, Mapping[str, Given]]:
    """Return the fields of the records in a comment that services fill in, paper by paper."""
    found = {}
    for path, text in shown_records(comment).items():
        record = parse_record(text.encode("utf-8"), path)
        if not isinstance(record, Finding):
            given = {
                name: replace(given, origin=Origin.COMMENT, line=None, item_lines=())
                for name, given in record.given.items()
                if name in _COMPLETED
            }
            keys = [(kind, str(given[n].value)) for kind, n in IDENTIFIER_FIELDS if n in given]
            title = str(given["title"].value) if "title" in given else ""
            found[Identity(id=stem_of(path), title=title, keys=tuple(keys))] = given
    return found


def complete_proposal(
    proposal: Proposal,
    shown: Mapping[Identity, Mapping[str, Given]],
    collection: Collection,
    *,
    is_unedited: bool,
) -> Proposal:
    """Return the proposal with what its papers lack taken from the records that were shown.

    Args:
        proposal: as its text has it.
        shown: the records in the bot's comment.
        collection: the list.
        is_unedited: whether the text is the one that they were made from; then a title or authors
            that differ are a service's.
    """
    identities = identities_in(proposal, collection)
    pairs = zip(proposal.candidates, identities, strict=True)
    stands = _KNOWN if is_unedited else ()
    candidates = tuple(_complete(c, _shown_for(one, shown), stands) for c, one in pairs)
    return replace(proposal, candidates=candidates)


def _shown_for(
    identity: Identity, shown: Mapping[Identity, Mapping[str, Given]]
) -> Mapping[str, Given]:
    """Return what was shown of a paper, by its file, an identifier, or the title alone."""
    named = {key for key in identity.keys if key[0] is not IdentifierKind.URL}
    title = "" if named else fold_title(identity.title)
    for other, given in shown.items():
        is_known = other.id == identity.id or not named.isdisjoint(other.keys)
        if is_known or (title and fold_title(other.title) == title):
            return given
    return {}


def _complete(candidate: Candidate, shown: Mapping[str, Given], stands: Sequence[str]) -> Candidate:
    """Return a candidate with what it lacks; what a service said in its place stands."""
    missing = {
        name: given
        for name, given in shown.items()
        if name not in candidate.given or name in stands
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
