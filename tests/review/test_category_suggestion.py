"""The categories of a proposal: a maintainer chooses those that its author left out."""

import pytest

from kdbot.model.evidence import Evidence, MetadataRecord
from kdbot.model.proposal import Candidate, Given, Intent, Origin, Proposal
from kdbot.model.report import Verdict
from kdbot.review.categories import likely_categories
from kdbot.review.normalize import normalize_candidate
from kdbot.review.proposal import review

TITLE = "Knowledge Distillation of Large Language Models with Another Divergence"


@pytest.fixture
def likely(form, collection):
    def named(fields):
        return likely_categories(normalize_candidate(form(fields), collection), collection)

    return named


@pytest.fixture
def reviewed(collection):
    def run(fields, origin=Origin.TEXT, intent=Intent.ADD):
        given = {name: Given(value=value, origin=origin) for name, value in fields.items()}
        candidate = Candidate(given=given, intent=intent)
        report = review(Proposal(intent=intent, candidates=(candidate,)), collection)
        return report.papers[0]

    return run


def test_no_category_is_named_that_similar_titles_do_not_vote_for(likely, collection):
    listed = next(iter(collection.papers.values()))
    assert set(likely({"title": f"{listed.title} Again"})) & set(listed.categories)
    assert likely({"title": "Zwölf Boxkämpfer jagen Viktor quer"}) == ()
    assert likely({"url": "2306.08543"}) == ()


def test_a_misspelled_category_names_the_one_that_is_meant(likely):
    assert likely({"title": "Zwölf Boxkämpfer", "categories": ["Featurs"]}) == (
        "methods/white-box/features",
    )


def test_nothing_is_named_beside_a_known_category(likely, collection):
    leaf = collection.taxonomy.leaves[0].path
    listed = next(iter(collection.papers.values()))
    assert likely({"title": f"{listed.title} Again", "categories": [leaf]}) == ()


@pytest.mark.parametrize("origin", [Origin.TEXT, Origin.FORM])
@pytest.mark.parametrize("categories", [None, ["Nowhere"], ["Other"], ["methods/white-box"]])
def test_an_issue_without_a_known_category_is_ready_and_needs_one(reviewed, origin, categories):
    fields = {"title": TITLE, "url": "https://arxiv.org/abs/2306.99999"}
    if categories:
        fields["categories"] = categories
    paper = reviewed(fields, origin)
    assert paper.verdict is Verdict.READY
    assert paper.paper.categories == ()
    assert paper.needs_categories
    codes = {finding.code for finding in paper.findings if finding.field == "categories"}
    # What is wrong with a stated category says already that there is none.
    assert ("missing-category" in codes) == (not categories)
    assert bool(codes & {"unknown-category", "category-not-a-leaf"}) == bool(categories)


def test_known_categories_are_kept_beside_an_unknown_one(reviewed):
    fields = {"title": TITLE, "url": "2306.99999", "categories": ["Nowhere", "Features"]}
    paper = reviewed(fields)
    assert paper.verdict is Verdict.READY
    assert paper.paper.categories == ("methods/white-box/features",)
    assert not paper.needs_categories
    assert "unknown-category" in {finding.code for finding in paper.findings}


def test_a_readme_row_needs_its_category(reviewed):
    paper = reviewed({"title": TITLE, "url": "2306.99999"}, Origin.ROW)
    assert paper.verdict is Verdict.NEEDS_CHANGES


def test_a_paper_with_an_identifier_alone_needs_its_title(reviewed):
    paper = reviewed({"url": "2306.99999"})
    assert paper.verdict is Verdict.NEEDS_CHANGES
    assert [f.code for f in paper.findings if f.severity == "error"] == ["missing-title"]


def test_a_correction_of_an_unlisted_paper_is_left_to_a_person(reviewed):
    paper = reviewed({"title": TITLE, "venue": "ICLR"}, intent=Intent.UPDATE)
    assert paper.verdict is Verdict.NEEDS_MAINTAINER
    assert paper.findings[0].code == "not-listed"
    assert not any(finding.severity == "error" for finding in paper.findings)


def test_a_correction_that_changes_nothing_is_no_duplicate(reviewed, collection):
    listed = next(paper for paper in collection.papers.values() if paper.arxiv)
    fields = {"url": listed.arxiv, "venue": listed.venue or "arXiv"}
    assert reviewed(fields, intent=Intent.UPDATE).verdict is Verdict.NEEDS_MAINTAINER
    assert reviewed(fields, intent=Intent.ADD).verdict is Verdict.DUPLICATE


@pytest.mark.parametrize(
    ("title", "verdict"),
    [
        (TITLE, Verdict.READY),
        ("WFGY Problem Map", Verdict.NEEDS_CHANGES),
        ("Such as papers in CVPR 2019", Verdict.NEEDS_CHANGES),
    ],
)
def test_a_short_title_alone_needs_a_link(reviewed, title, verdict):
    assert reviewed({"title": title}).verdict is verdict
    assert reviewed({"title": title, "url": "2306.99999"}).verdict is Verdict.READY


def test_a_short_name_is_the_title_where_a_service_says_so(collection):
    given = {"url": Given(value="2306.99999", origin=Origin.TEXT)}
    candidate = Candidate(given=given, short_name="Hymba")
    proposal = Proposal(intent=Intent.ADD, candidates=(candidate,))
    assert review(proposal, collection).papers[0].verdict is Verdict.NEEDS_CHANGES
    record = MetadataRecord(source=Origin.ARXIV, arxiv="2306.99999", title="Hymba")
    evidence = Evidence(metadata={"arxiv:2306.99999": (record,)})
    (paper,) = review(proposal, collection, evidence=evidence).papers
    assert paper.verdict is Verdict.READY
    assert paper.paper.title == "Hymba"


def test_a_name_alone_is_asked_for_one_thing(collection):
    proposal = Proposal(intent=Intent.ADD, candidates=(Candidate(given={}, short_name="Hymba"),))
    (paper,) = review(proposal, collection).papers
    (error,) = [finding for finding in paper.findings if finding.severity == "error"]
    assert "the paper's link, or its full title" in error.fix
