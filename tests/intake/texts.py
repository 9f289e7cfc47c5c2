"""Real texts, each read and reviewed beside the papers that its own list has."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from kdbot.intake.proposal import parse_proposal
from kdbot.model.collection import Collection, identities_of
from kdbot.model.form import form_fields
from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.model.paper import IDENTIFIER_NAMES, json_values, paper_from_values
from kdbot.model.taxonomy import Category
from kdbot.model.titles import fold_title
from kdbot.review.proposal import review
from kdbot.text.venues import canonical_venue, find_venue

DATA = Path(__file__).parents[1] / "data"
ACTS = ("silence", "needs-maintainer", "update", "ready")
_ACT_OF = {
    "not-a-proposal": "silence",
    "needs-maintainer": "needs-maintainer",
    "could-not-check": "needs-maintainer",
    "update": "update",
    "ready": "ready",
    "needs-changes": "ready",
    "duplicate": "ready",
}
_FIELDS = {"code_url": "code", "category": "categories"}


def load(path):
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


@dataclass
class Answer:
    """What the bot says to one text.

    Attributes:
        act: what it comes to in public, of ACTS.
        proposal: what was read.
        report: the verdict.
    """

    act: str
    proposal: object
    report: object


class Reader:
    """Answers texts with the project's own settings, schema and venues."""

    def __init__(self, settings, schema, taxonomy, venues):
        self.schema, self.taxonomy, self.venues = schema, taxonomy, venues
        self.settings, self.form = settings, form_fields(settings, schema, taxonomy)

    def values(self, paper):
        """A record's values as JSON has them."""
        return json_values(paper)

    def answer(self, text):
        taxonomy = _with_categories(self.taxonomy, text)
        form = self.form
        if taxonomy is not self.taxonomy:
            form = form_fields(self.settings, self.schema, taxonomy)
        papers = {paper.id: paper for paper in map(listed_paper, text.get("listed", ()))}
        collection = Collection(
            papers=papers,
            identities=identities_of(papers.values()),
            schema=self.schema,
            taxonomy=taxonomy,
            venues=self.venues,
        )
        proposal = parse_proposal(
            text["title"],
            text["body"],
            form=form,
            taxonomy=taxonomy,
            venues=self.venues,
            listed=collection.identities,
        )
        report = review(proposal, collection)
        return Answer(act=_ACT_OF[report.verdict], proposal=proposal, report=report)


def _with_categories(taxonomy, text):
    """The list's taxonomy with the categories that a text names of its own list."""
    changes = [c for paper in text["expected"] for c in paper.get("changes", ())]
    names = [n for c in changes if c["field"] == "category" for n in (c["value"], c["old"]) if n]
    more = tuple(Category(path=f"more-{n}", title=n, depth=0, leaf=True) for n in names)
    return replace(taxonomy, categories=(*taxonomy.categories, *more)) if more else taxonomy


def listed_paper(paper):
    """The record of a paper of a list, by its title and its address or None."""
    found = parse_identifier(paper["url"] or "")
    kind = found.kind.value if found.kind is not IdentifierKind.NONE else "url"
    url = paper["url"] or "https://example.org/" + fold_title(paper["title"]).replace(" ", "-")
    values = {
        "title": paper["title"],
        "date": "2020-01",
        "categories": ["kd-algorithms/knowledge-elicitation/feature"],
        kind: found.canonical if kind != "url" else url,
    }
    stem = found.canonical if kind == "arxiv" else fold_title(paper["title"]).replace(" ", "-")
    return paper_from_values(stem[:60], values)


def outcome_of(answer, paper, listed, venues):
    """How one correction came out: `right`, `left` to a person, or `wrong`, with the reason.

    A field that has another value than the text states is wrong; one that is as before, and what
    the comment says that nobody could read, are left to a person.
    """
    updates = [p for p in answer.report.papers if p.verdict == "update"]
    mine = [p for p in updates if p.before.title == listed["title"]]
    if not mine:
        return "left", ""
    if len(mine) > 1:
        return "wrong", "twice"
    before, after = json_values(mine[0].before), json_values(mine[0].paper)
    changed = {n for n in {**before, **after} if before.get(n) != after.get(n)} - {"id"}
    wanted = {c["field"]: c for c in paper["changes"]}
    said = _said_fields(wanted) | ({"venue", "year"} if paper["venue"] else set())
    if more := changed - said:
        return "wrong", f"changes {sorted(more)}"
    for change in wanted.values():
        if not _holds(change, after, venues):
            field = _FIELDS.get(change["field"], change["field"])
            fields = {*IDENTIFIER_NAMES, "url"} if field == "url" else {field}
            is_told = mine[0].findings and not fields & changed
            return ("left" if is_told else "wrong"), f"{change} not in {after}"
    return "right", ""


def _said_fields(wanted):
    fields = {_FIELDS.get(name, name) for name in wanted}
    if "project" in wanted:
        fields.add("code")  # a repository that is called the project's page
    if "url" in wanted:
        fields |= {*IDENTIFIER_NAMES, "date"}
    if "venue" in wanted:
        fields.add("year")
    return fields


def _holds(change, after, venues):
    name, value = _FIELDS.get(change["field"], change["field"]), change["value"]
    if name in {"url", "doi"}:
        found = parse_identifier(value)
        addresses = {after.get("url"), *(after.get(kind) for kind in IDENTIFIER_NAMES)}
        known = {parse_identifier(a).canonical for a in addresses if a}
        return found.canonical in known | addresses
    got = after.get(name)
    if name == "venue":
        found = find_venue(value, venues)
        names = (value, canonical_venue(found.text if found else value, venues) or value)
        return fold_title(got or "") in map(fold_title, names)
    if name == "title":
        return fold_title(got or "") == fold_title(value)
    if name == "categories":
        return f"more-{value}" in got
    if name == "date":
        return (got or "").startswith(value)
    found = (*(got or ()), *(after.get("code", ()) if name == "project" else ()))
    return value in found or value.removesuffix("/tree/main") in found  # the same repository
