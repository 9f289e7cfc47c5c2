"""Real proposals from other lists, and more in other styles, read as a person would read them."""

import json
from pathlib import Path

import pytest
import yaml

from kdbot.model.identifiers import parse_identifier
from kdbot.model.proposal import Intent
from kdbot.model.titles import fold_title
from kdbot.text.venues import canonical_venue
from tests.rows import each

DATA = Path(__file__).parents[1] / "data"
REAL = [
    json.loads(line)
    for line in (DATA / "proposals.jsonl").read_text("utf-8").split("\n")
    if line.strip()
]
WRITTEN = yaml.load((DATA / "intake/written.yaml").read_bytes(), yaml.CSafeLoader)


def name_of(candidate):
    """Identifier of a candidate as `kind:canonical`, or None."""
    given = candidate.given.get("url")
    if given is None:
        return None
    found = parse_identifier(given.value)
    return f"{found.kind}:{found.canonical}"


def expected_name(paper):
    if paper["arxiv_id"]:
        return f"arxiv:{paper['arxiv_id']}"
    for kind, value in paper["other_ids"].items():
        return f"{kind}:{value}"
    found = [parse_identifier(url) for url in paper["urls"]]
    return f"{found[0].kind}:{found[0].canonical}" if found else None


def value(candidate, name):
    given = candidate.given.get(name)
    return None if given is None else given.value


def names(candidate):
    """What a candidate is called: identifiers as `kind:canonical`, titles folded."""
    found = [parse_identifier(name) for name in (*candidate.names, str(value(candidate, "url")))]
    titles = {fold_title(name) for name in candidate.names}
    return {f"{one.kind}:{one.canonical}" for one in found} | titles


def is_called(candidate, paper):
    """Tell whether a correction names a paper."""
    known = [paper.get(key) for key in ("title", "short_name")]
    known = [paper.get("id"), *(fold_title(name or "") for name in known)]
    title = fold_title(paper.get("title") or "")
    heads = (name for name in names(candidate) if title.startswith(f"{name} "))
    return any(name in names(candidate) for name in known if name) or any(heads)


def match(candidates, paper):
    """The candidate that stands for an expected paper: by identifier, else by title or acronym."""
    wanted = expected_name(paper)
    for candidate in candidates:
        title = value(candidate, "title")
        if wanted is not None:
            if name_of(candidate) == wanted:
                return candidate
        elif paper["title"]:
            if title and fold_title(title) == fold_title(paper["title"]):
                return candidate
        elif candidate.short_name == paper["short_name"]:
            return candidate
    return None


PROPOSED = [record for record in REAL if record["intent"] == "add" and record["expected"]]


@each("record", PROPOSED, ids=lambda record: record["id"])
def test_a_real_proposal_names_the_papers_that_a_person_finds(propose, record):
    proposal = propose(record["title"], record["body"])
    found = {name_of(c) for c in proposal.candidates} - {None}
    assert found == {expected_name(paper) for paper in record["expected"]} - {None}
    assert proposal.intent is Intent.ADD
    assert len(proposal.candidates) == len(record["expected"])


@each(
    "record", [record for record in REAL if record not in PROPOSED], ids=lambda record: record["id"]
)
def test_a_text_that_adds_no_named_paper_proposes_none(propose, record):
    proposal = propose(record["title"], record["body"])
    assert {candidate.intent for candidate in proposal.candidates}.isdisjoint({Intent.ADD})


@each("record", PROPOSED, ids=lambda record: record["id"])
def test_a_real_proposal_gives_titles_and_code_to_the_right_papers(propose, record):
    proposal = propose(record["title"], record["body"])
    for paper in record["expected"]:
        candidate = match(proposal.candidates, paper)
        assert candidate is not None
        assert value(candidate, "title") == paper["title"]
        assert (value(candidate, "code") or [None])[0] == paper["code_url"]


def test_venues_dates_and_authors_of_real_proposals_come_as_written(propose):
    given = wanted = 0
    for record in REAL:
        proposal = propose(record["title"], record["body"])
        for paper in record["expected"]:
            candidate = match(proposal.candidates, paper)
            for name in ("venue", "date", "authors"):
                if paper.get(name):
                    wanted += 1
                    given += candidate is not None and value(candidate, name) == paper[name]
    assert wanted > 10
    assert given >= 0.9 * wanted


@each("case", WRITTEN, ids=lambda case: case["id"])
def test_a_proposal_in_another_style(propose, venues, case):
    proposal = propose(case["title"], case.get("body"))
    if case["intent"] == "none":
        assert proposal.intent not in {Intent.ADD, Intent.UPDATE}
        return
    assert proposal.intent.value == case["intent"]
    assert len(proposal.candidates) == len(case["papers"])
    for candidate, paper in zip(proposal.candidates, case["papers"], strict=True):
        if proposal.intent is Intent.UPDATE:
            assert is_called(candidate, paper)
        else:
            assert name_of(candidate) == paper.get("id")
            assert value(candidate, "title") == paper.get("title")
            assert paper.get("short_name") in {None, candidate.short_name}
        assert (value(candidate, "code") or [None])[0] == paper.get("code")
        if "venue" in paper:
            written = value(candidate, "venue")
            assert canonical_venue(written, venues) == venues.canonical(paper["venue"])
        if "written_venue" in paper:
            assert value(candidate, "venue") == paper["written_venue"]
        for name in ("date", "authors"):
            if name in paper:
                assert value(candidate, name) == paper[name]


@each(
    ("sentence", "category"),
    [
        ('I think it fits "Planning".', "skill-distillation/agent/planning"),
        ("Added to the Tool Using section.", "skill-distillation/agent/tool-using"),
        (
            "It also belongs in Rank Optimization.",
            "kd-algorithms/distillation-algorithms/rank-optimization",
        ),
        ('Please put it under "7.3 Speech".', "7.3 Speech"),
        ("It is about planning with tools.", None),
    ],
)
def test_a_category_counts_where_the_words_state_it(propose, sentence, category):
    proposal = propose("Add a paper", f"Please add https://arxiv.org/abs/2401.10009. {sentence}")
    (candidate,) = proposal.candidates
    assert value(candidate, "categories") == (None if category is None else [category])


def test_a_category_of_a_table_comes_as_written(propose):
    row = "A Study of Small Models | arxiv.org/abs/2401.10009 | X & Y"
    body = f"Title | Link | Category\n--|--|--\n{row}"
    (candidate,) = propose("Add", body).candidates
    assert value(candidate, "categories") == ["X & Y"]


def test_two_identifiers_of_one_paper_are_both_kept(propose):
    body = "Please add https://openreview.net/forum?id=aBcDeFgHiJ, https://arxiv.org/abs/2401.10009"
    (candidate,) = propose("Add a paper", body).candidates
    assert value(candidate, "url") == "https://arxiv.org/abs/2401.10009"
    assert value(candidate, "openreview") == "aBcDeFgHiJ"


def test_two_papers_with_one_code_link_stay_two(propose):
    body = """Please add
- [Caching Students for Fast Serving](https://arxiv.org/abs/2401.10001) [code](https://github.com/a/b)
- [Blending Students for Fast Serving](https://arxiv.org/abs/2401.10002) [code](https://github.com/a/b)
"""
    first, second = propose("Add two papers", body).candidates
    assert value(first, "code") == value(second, "code") == ["https://github.com/a/b"]


@pytest.mark.parametrize(("count", "cut"), [(50, False), (51, True), (400, True)])
def test_papers_beyond_the_bound_are_named_as_unread(propose, count, cut):
    items = (f"- https://arxiv.org/abs/2401.{number:05d}" for number in range(1, count + 1))
    proposal = propose("Add papers", "\n".join(items))
    assert len(proposal.candidates) == min(count, 50)
    assert [finding.code for finding in proposal.findings] == ["body-too-long"] * cut
