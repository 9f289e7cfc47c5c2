"""The year of a venue, a paper's other titles, and its citation key, under review."""

from dataclasses import replace

import pytest

from kdbot.model.collection import identities_of
from kdbot.model.paper import json_values
from kdbot.model.proposal import Intent
from kdbot.model.report import Verdict
from kdbot.publish.report import proposal_digest
from kdbot.review.collection import review_collection
from kdbot.review.proposal import review
from tests.rows import each

NEW = {"title": "KnowTuning: Knowledge-aware Fine-tuning", "url": "arxiv.org/abs/2402.11176"}
FILE = """\
title: "KnowTuning: Knowledge-aware Fine-tuning for Large Language Models"
arxiv: "2402.11176"
{}date: 2024-02
categories:
  - methods/white-box/features
"""


@each(
    ("said", "venue", "year"),
    [
        ({"venue": "ICLR 2024"}, "ICLR", "2024"),
        ({"venue": "Accepted to EMNLP'23"}, "EMNLP", "2023"),
        ({"venue": "ICLR24"}, "ICLR", "2024"),
        ({"venue": "ICLR", "year": "2024"}, "ICLR", "2024"),
        ({"venue": "ICLR 2023", "year": "2024"}, "ICLR", "2024"),
        ({"venue": "Workshop of the Moon 2024"}, "Workshop of the Moon", "2024"),
        ({"venue": "arXiv 2024"}, "arXiv", None),
        ({"venue": "PMLR 2024"}, None, None),
        ({"venue": "ICLR"}, "ICLR", None),
        ({"venue": "ICLR 2023-2024"}, "ICLR", None),
    ],
)
def test_a_year_beside_a_venue_is_taken(said, venue, year, collection, form, propose):
    report = review(propose(form({**NEW, **said})), collection)
    paper = report.papers[0].paper
    assert (paper.venue, paper.year) == (venue, year)
    assert json_values(paper).get("year") == (int(year) if year else None)


@each(
    ("listed", "said", "updates", "venue", "year"),
    [
        (("arXiv", None), "NeurIPS 2024", False, "NeurIPS", "2024"),
        (("ICLR", None), "ICLR 2024", False, "ICLR", "2024"),
        (("ICLR", "2024"), "ACL 2025", False, "ICLR", "2024"),
        (("ICLR", None), "ACL 2025", False, "ICLR", None),
        (("ICLR", "2024"), "ACL 2025", True, "ACL", "2025"),
        (("ICLR", "2024"), "ACL", True, "ACL", None),
        (("ICLR", "2023"), "ICLR 2024", True, "ICLR", "2024"),
        (("ICLR", "2024"), "arXiv 2023", True, "ICLR", "2024"),
    ],
)
def test_a_year_is_never_that_of_another_venue(
    listed, said, updates, venue, year, collection, form, propose
):
    before = replace(collection.papers["2306.08543"], venue=listed[0], year=listed[1])
    changed = replace(collection, papers={**collection.papers, "2306.08543": before})
    fields = {"url": "https://arxiv.org/abs/2306.08543", "venue": said}
    paper = (
        review(propose(form(fields, intent=Intent.UPDATE if updates else Intent.ADD)), changed)
        .papers[0]
        .paper
    )
    assert (paper.venue, paper.year) == (venue, year)


@each(
    ("lines", "codes"),
    [
        ("venue: ICLR\nyear: 2024\n", []),
        ("venue: ICLR 2024\n", ["not-canonical", "not-canonical"]),
        ("venue: ICLR 2024\nyear: 2024\n", ["not-canonical"]),
        ("venue: ICLR\nyear: 1890\n", ["wrong-form"]),
        ("venue: ICLR\nyear: next\n", ["wrong-form"]),
        ("year: [2024]\n", ["wrong-shape"]),
    ],
)
def test_a_file_has_the_year_in_its_own_field(lines, codes, collection, file, propose):
    report = review(propose(file(FILE.format(lines))), collection)
    assert [finding.code for finding in report.papers[0].findings] == codes


@pytest.fixture
def renamed(collection):
    """The list after a paper got another title."""
    paper = collection.papers["2306.08543"]
    new = replace(paper, title="On the Students of Giants", other_titles=(paper.title,))
    papers = {**collection.papers, paper.id: new}
    return replace(collection, papers=papers, identities=identities_of(papers.values()))


OLD_TITLE = "MiniLLM: Knowledge Distillation of Large Language Models"


def test_an_earlier_title_is_like_the_listed_one_and_closes_nothing(renamed, form, propose):
    fields = {"title": OLD_TITLE, "venue": "ICLR", "categories": "methods/white-box/logits"}
    (paper,) = review(propose(form(fields)), renamed).papers
    assert paper.verdict is not Verdict.DUPLICATE
    (finding,) = [f for f in paper.findings if f.code == "similar-title"]
    assert "On the Students of Giants" in finding.message


def test_an_identifier_with_an_earlier_title_is_that_paper(renamed, form, propose):
    fields = {"title": OLD_TITLE, "url": "https://arxiv.org/abs/2306.08543"}
    (paper,) = review(propose(form(fields)), renamed).papers
    assert paper.verdict is Verdict.DUPLICATE
    assert paper.paper.title == "On the Students of Giants"
    assert "title-conflict" not in {f.code for f in paper.findings}


def test_a_correction_finds_a_paper_by_its_earlier_name(renamed, form, propose):
    fields = {"title": "MiniLLM", "venue": "NeurIPS 2024"}
    (paper,) = review(propose(form(fields, intent=Intent.UPDATE)), renamed).papers
    assert (paper.before.id, paper.verdict) == ("2306.08543", Verdict.UPDATE)
    assert "matched-by-name" in {f.code for f in paper.findings}


@pytest.fixture
def keyed(collection):
    """The list with a key in one of its papers."""
    paper = replace(collection.papers["2306.08543"], key="gu2024minillm")
    papers = {**collection.papers, paper.id: paper}
    return replace(collection, papers=papers, identities=identities_of(papers.values()))


def test_a_key_is_no_part_of_a_proposal(keyed, file, form, propose):
    collection = keyed
    new = review(propose(file(FILE.format("") + "key: lyu2024knowtuning\n")), collection)
    assert [f.code for f in new.papers[0].findings] == ["added-by-hand"]
    without = review(propose(file(FILE.format(""))), collection)
    schema = collection.schema
    assert proposal_digest(new, schema) == proposal_digest(without, schema)

    fields = {"url": "https://arxiv.org/abs/2306.08543", "key": "mine2024", "venue": "ACL"}
    paper = review(propose(form(fields, intent=Intent.UPDATE)), collection).papers[0].paper
    assert paper.key == "gu2024minillm"


def test_a_changed_key_is_told(keyed, file, propose):
    text = (
        'title: "MiniLLM: Knowledge Distillation of Large Language Models"\n'
        'arxiv: "2306.08543"\nvenue: ICLR\ndate: 2023-06\n'
        "code: [https://github.com/microsoft/LMOps/tree/main/minillm]\n"
        "categories:\n  - methods/white-box/logits\nadded: 2024-01-05\nkey: mine2024\n"
    )
    report = review(propose(file(text, "papers/2306.08543.yaml")), keyed)
    assert [(f.code, f.field) for f in report.papers[0].findings] == [("added-by-hand", "key")]


def test_two_files_of_a_list_do_not_share_a_key(collection, records, file):
    other = file(FILE.format("") + "added: 2024-03-01\nkey: notes2024teaching\n")
    found = review_collection((*records, other), collection)
    assert [(f.code, f.file) for f in found if f.code == "duplicate-key"] == [
        ("duplicate-key", "papers/2402.11176.yaml")
    ]
