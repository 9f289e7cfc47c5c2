"""Which of the papers in a text are proposed, and which are only spoken of."""

import yaml

from kdbot.model.proposal import Intent
from tests.intake.texts import DATA
from tests.rows import each

P = "https://arxiv.org/abs/2501.00001"
D = "https://arxiv.org/abs/2402.12345"

TEXTS = yaml.safe_load((DATA / "texts/requests.yaml").read_text("utf-8"))


def papers(proposal):
    return {c.given["url"].value for c in proposal.candidates if "url" in c.given}


@each("text", TEXTS["others"])
def test_a_paper_beside_the_proposed_one_is_no_candidate(propose, text):
    proposal = propose("Add a paper", text.format(P=P, D=D))
    assert proposal.intent is not Intent.NONE
    assert papers(proposal) == {P}


@each("text", TEXTS["both"])
def test_two_papers_are_two_candidates(propose, text):
    assert papers(propose("Add papers", text.format(P=P, D=D))) == {P, D}


@each("text", TEXTS["one"])
def test_a_request_has_many_words(propose, text):
    proposal = propose("New paper", text.format(P=P, D=D))
    assert proposal.intent is Intent.ADD
    assert papers(proposal) == {P}


@each("text", TEXTS["none"])
def test_a_question_or_a_remark_proposes_nothing(propose, text):
    proposal = propose("Question", text.format(P=P, D=D))
    assert proposal.intent not in {Intent.ADD, Intent.UPDATE}


@each("place", TEXTS["places"])
@each("title", TEXTS["titles"])
def test_the_words_of_a_title_ask_for_nothing(propose, title, place):
    proposal = propose("Add a paper", place.format(T=title, P=P))
    assert proposal.intent is Intent.ADD
    assert [c.given["title"].value for c in proposal.candidates] == [title]
    assert papers(proposal) == {P}


@each("heading", ["{T}", "Add paper: {T}", 'Add "{T}"'])
@each("title", TEXTS["titles"])
def test_nor_do_they_in_the_title_of_an_issue(propose, title, heading):
    proposal = propose(heading.format(T=title), P)
    assert proposal.intent is Intent.ADD
    assert [c.given["title"].value for c in proposal.candidates] == [title]
    assert papers(proposal) == {P}


@each("text", TEXTS["additions"], ids=lambda text: text["title"])
def test_a_request_is_one_in_any_language(propose, text):
    proposal = propose(text["title"], text["body"].format(P=P))
    assert proposal.intent is Intent.ADD
    assert papers(proposal) == {P}
    assert {c.given["title"].value for c in proposal.candidates if "title" in c.given} <= {
        "Tiny Students Learn Fast and Well"
    }


@each("text", TEXTS["remarks"], ids=lambda text: text["title"])
def test_a_question_is_one_in_any_language(propose, text):
    assert propose(text["title"], text["body"].format(P=P)).intent in {Intent.NONE, Intent.UNSURE}
