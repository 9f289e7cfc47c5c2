"""How well labelled texts are read: identifiers, titles, venues and code, text by text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kdbot.model.identifiers import parse_identifier
from kdbot.text.addresses import same_address
from kdbot.text.titles import clean_title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kdbot.model.proposal import Proposal
    from kdbot.review.draft import Draft

DATA = Path(__file__).parents[1] / "data"
KINDS = ("arxiv", "doi", "acl", "openreview", "url")


def load(name: str) -> list[dict[str, Any]]:
    """Read labelled texts, each with the fields of `proposals2.jsonl`."""
    lines = (DATA / name).read_text("utf-8").split("\n")
    return [_of_second_form(json.loads(line)) for line in lines if line.strip()]


def _of_second_form(text: dict[str, Any]) -> dict[str, Any]:
    """Bring a text of `proposals.jsonl` into the form of `proposals2.jsonl`."""
    papers = []
    for paper in text["expected"]:
        if "other_ids" not in paper:
            papers.append(paper)
            continue
        named = paper["arxiv_id"] or paper["other_ids"]
        url = None if named or not paper["urls"] else paper["urls"][0]
        papers.append({**paper, **paper["other_ids"], "url": url})
    return {**text, "expected": papers}


def expected_names(paper: Mapping[str, Any]) -> frozenset[str]:
    """Return every name that a labelled paper has, as `kind:canonical`."""
    names = {f"{kind}:{paper[kind]}" for kind in ("acl", "openreview") if paper.get(kind)}
    if paper.get("doi"):
        names.add(f"doi:{paper['doi'].lower()}")
    if paper.get("arxiv_id"):
        names.add(f"arxiv:{paper['arxiv_id']}")
    if paper.get("url"):
        names.add(_name_of_address(paper["url"]))
    return frozenset(names)


def _name_of_address(address: str) -> str:
    found = parse_identifier(address)
    return f"{found.kind}:{found.canonical}"


def found_names(draft: Draft) -> frozenset[str]:
    """Return every name that a record has, as `kind:canonical`."""
    names = {f"{kind}:{value}" for kind in KINDS[:-1] if (value := draft.text(kind))}
    called = {_name_of_address(name) for name in draft.candidate.names}
    names |= {name for name in called if not name.startswith(("url:", "none:"))}
    return frozenset(names | ({_name_of_address(url)} if (url := draft.text("url")) else set()))


def found_title(draft: Draft) -> str:
    """Return the title of a record, or the one by which a correction calls its paper."""
    called = (name for name in draft.candidate.names if parse_identifier(name).kind == "none")
    return draft.text("title") or next(called, "")


@dataclass
class Figures:
    """Counts of what was read rightly and of what there was to read.

    Attributes:
        right: by what was read.
        all: by what was read.
        faults: what went wrong, a line each.
    """

    right: dict[str, int] = field(default_factory=dict)
    all: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def count(self, what: str, where: str, found: object, expected: object, *, good: bool) -> None:
        self.all[what] = self.all.get(what, 0) + 1
        self.right[what] = self.right.get(what, 0) + good
        if not good:
            self.faults.append(f"{what}: {where}: {found!r} for {expected!r}")

    def share(self, what: str) -> float:
        return self.right.get(what, 0) / self.all.get(what, 1)

    def __str__(self) -> str:
        return ", ".join(f"{what} {self.right[what]}/{self.all[what]}" for what in self.all)


def measure(
    texts: Iterable[Mapping[str, Any]],
    read: Callable[[Mapping[str, Any]], tuple[Proposal, list[Draft]]],
    canonical_venue: Callable[[str], str | None],
) -> Figures:
    """Hold what is read in texts against their labels."""
    figures = Figures()
    for text in texts:
        _, drafts = read(text)
        expected = [expected_names(paper) for paper in text["expected"]]
        found = [found_names(draft) for draft in drafts]
        same = {n for names in found for n in names} == {n for names in expected for n in names}
        figures.count("identifiers", text["id"], found, expected, good=same)
        for paper in text["expected"]:
            draft = match(drafts, paper)
            _measure_paper(figures, text["id"], draft, paper, canonical_venue)
        titles = {clean_title(paper["title"]) for paper in text["expected"] if paper["title"]}
        for draft in drafts:
            if title := draft.text("title"):
                figures.count("no false title", text["id"], title, titles, good=title in titles)
    return figures


def _measure_paper(
    figures: Figures,
    where: str,
    draft: Draft | None,
    paper: Mapping[str, Any],
    canonical_venue: Callable[[str], str | None],
) -> None:
    if title := paper["title"]:
        found = found_title(draft) if draft else None
        figures.count("titles", where, found, title, good=found == clean_title(title))
    if venue := paper["venue"]:
        wanted = canonical_venue(venue) or venue
        found = draft.text("venue") if draft else None
        figures.count("venues", where, found, wanted, good=found == wanted)
    if code := paper["code_url"]:
        links = draft.items("code") if draft else ()
        front = same_address(code).removesuffix("/tree/main")
        is_there = front in map(same_address, links)
        figures.count("code", where, links, code, good=is_there)


def match(drafts: list[Draft], paper: Mapping[str, Any]) -> Draft | None:
    """Return the record that stands for a labelled paper, by identifier, title or acronym."""
    names = expected_names(paper)
    for draft in drafts:
        if names and names & found_names(draft):
            return draft
    for draft in drafts:
        if not names and paper["title"] and found_title(draft) == clean_title(paper["title"]):
            return draft
        if not names and not paper["title"] and draft.candidate.short_name == paper["short_name"]:
            return draft
    return None
