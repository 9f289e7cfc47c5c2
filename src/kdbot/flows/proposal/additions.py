"""Papers that a review found ready, as files and as the words of a commit."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kdbot.flows.merge import commit_message
from kdbot.github.item import Account
from kdbot.model.collection import Collection
from kdbot.model.report import PaperReport, Verdict
from kdbot.storage.files import PAPERS
from kdbot.storage.git import noreply_address
from kdbot.text.record import render_record

_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\[bot\])?")


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
    for report in ready:
        paper = report.paper
        if report.before is None:
            credit = author.login if author is not None and _is_creditable(author) else None
            added = None if today is None else today.isoformat()
            paper = replace(paper, added=added, proposed_by=credit)
        elif report.before.id != paper.id:
            files[f"{PAPERS}/{report.before.id}.yaml"] = None
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
