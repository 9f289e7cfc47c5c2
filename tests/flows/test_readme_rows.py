"""Rows that people really wrote into READMEs, as the files that the bot answers them with."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path

import pytest

from kdbot.github.pull_files import ReadmeChange, read_readme_edit
from kdbot.model.identifiers import arxiv_month
from kdbot.model.proposal import Intent, Proposal
from kdbot.publish.report import files_to_write
from kdbot.review.proposal import review
from kdbot.storage.repository import load_rules, open_collection

ROOT = Path(__file__).resolve().parents[2]
CATEGORY = "kd-algorithms/knowledge-elicitation/feature"
REAL = [
    record
    for line in (ROOT / "tests/data/proposals.jsonl").read_text("utf-8").split("\n")
    if line.strip() and (record := json.loads(line)).get("diff_added")
]
README = """\
# A list

<!-- kdbot:begin tables -->
## KD Algorithms

### Knowledge Elicitation

#### Feature

| Title | Venue | Date | Code | Data |
| :--- | :---: | :---: | :---: | :---: |
| [An Old Paper](https://arxiv.org/abs/2301.00001) | arXiv | 2023-01 | | |
{}
<!-- kdbot:end tables -->
"""


@pytest.fixture(scope="module")
def collection():
    return open_collection(ROOT)


@pytest.fixture(scope="module")
def rules():
    """The list without its papers, whose records know more than a row says."""
    return load_rules(ROOT)


def answer(added, collection):
    """The report on a pull request that adds these lines below a table of the README."""
    base, head = README.format("\n\n"), README.format("\n".join([*_gap(added), *added, "", ""]))
    lines = difflib.unified_diff(base.split("\n"), head.split("\n"), lineterm="")
    patch = "\n".join(list(lines)[2:])
    edit = read_readme_edit(ReadmeChange(patch=patch, text=head), base, collection)
    proposal = Proposal(intent=Intent.ADD, candidates=edit.candidates, findings=edit.findings)
    return review(proposal, collection)


def _gap(added):
    return [] if added[0].startswith("|") else [""]


@pytest.mark.parametrize("record", REAL, ids=lambda record: record["id"])
def test_a_real_row_comes_back_as_the_file_that_a_person_would_write(record, rules):
    report = answer(record["diff_added"], rules)
    papers = {paper.paper.title: paper for paper in report.papers}
    assert set(papers) == {expected["title"] for expected in record["expected_from_diff"]}
    for expected in record["expected_from_diff"]:
        paper = papers[expected["title"]].paper
        arxiv = expected["arxiv_id"]
        assert paper.arxiv == arxiv
        assert paper.acl == expected["other_ids"].get("acl")
        if not arxiv and not paper.acl:
            assert paper.url == expected["urls"][0]
        if expected["code_url"]:
            assert paper.code == (expected["code_url"],)
        if arxiv and not expected["date"]:
            assert paper.date == arxiv_month(arxiv)
        elif re.fullmatch(r"[0-9]{4}-[0-9]{2}", expected["date"] or ""):
            assert paper.date == expected["date"]
        venue = re.sub(r"[ ']*[0-9]{4}$", "", expected["venue_norm"] or "")
        assert (paper.venue or "") == venue
        assert CATEGORY in paper.categories


@pytest.mark.parametrize("record", REAL, ids=lambda record: record["id"])
def test_a_real_row_with_an_arxiv_identifier_is_ready_as_it_comes(record, collection):
    report = answer(record["diff_added"], collection)
    files = files_to_write(report, collection.schema)
    for paper in report.papers:
        if paper.paper.arxiv:
            listed = paper.paper.arxiv in collection.papers
            assert listed or files[f"papers/{paper.paper.arxiv}.yaml"]
