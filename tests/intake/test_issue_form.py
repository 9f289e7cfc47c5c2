"""The issue form: what stands under which heading, whatever stands there."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kdbot.intake.issue_form import _parse_selection, parse_issue_form
from kdbot.model.finding import Severity
from kdbot.model.form import (
    NOT_SURE,
    FormFields,
    FormInput,
    InputKind,
    _category_options,
)
from kdbot.model.proposal import Intent
from kdbot.model.taxonomy import Category, Taxonomy
from tests.rows import each

_PAPER_LABEL = "Paper link or identifier"
_REMARKS_LABEL = "Remarks"
_WHICH_LABEL = "Which paper"
_CHANGE_LABEL = "What should change"
_VALUE_LABEL = "The right value"
_WRONG_LABEL = "What is wrong"
ANSWERS = {
    _PAPER_LABEL: "https://arxiv.org/abs/2306.08543",
    "Title": "MiniLLM: Knowledge Distillation of Large Language Models",
    "Venue": "ICLR'24",
    "Date": "2023-06",
    "Code": "https://github.com/microsoft/LMOps https://github.com/thu-coai/MiniPLM",
    "Data": "_No response_",
    "Categories": "KD Algorithms > Distillation Algorithms > Divergence and Similarity",
    _REMARKS_LABEL: "Thank you!",
}


def render(answers):
    """An issue's body as GitHub makes it from a form."""
    return "\n\n".join(f"### {label}\n\n{answer}" for label, answer in answers.items())


def values(candidate):
    return {name: given.value for name, given in candidate.given.items()}


def test_an_answered_form_is_one_paper(propose):
    proposal = propose("", render(ANSWERS))
    (candidate,) = proposal.candidates
    assert proposal.intent is Intent.ADD
    assert proposal.remarks == "Thank you!"
    assert values(candidate) == {
        "url": "https://arxiv.org/abs/2306.08543",
        "title": "MiniLLM: Knowledge Distillation of Large Language Models",
        "venue": "ICLR'24",
        "date": "2023-06",
        "code": ["https://github.com/microsoft/LMOps", "https://github.com/thu-coai/MiniPLM"],
        "categories": ["kd-algorithms/distillation-algorithms/divergence-and-similarity"],
    }


@each(
    ("label", "field"),
    [("Title", "title"), (_PAPER_LABEL, "url"), ("Code", "code"), (_REMARKS_LABEL, None)],
)
def test_C01_a_doubled_heading_is_an_error_that_names_the_field(propose, label, field):
    body = render(ANSWERS) + f"\n\n### {label}\n\n9999.99999"
    proposal = propose("", body)
    (finding,) = proposal.findings
    assert (finding.code, finding.field) == ("duplicate-form-field", field)
    assert finding.severity is Severity.ERROR
    assert label in finding.message
    assert field is None or field not in proposal.candidates[0].given


def test_C01_a_heading_smuggled_into_remarks_never_wins(propose):
    smuggled = {**ANSWERS, _REMARKS_LABEL: "See below.\n\n### Venue\n\nNature"}
    proposal = propose("", render(smuggled))
    assert [f.field for f in proposal.findings] == ["venue"]
    assert "venue" not in proposal.candidates[0].given


@each(
    "code",
    [
        pytest.param("```\n### Venue\nfake\n```", id="C02-heading-in-a-fence"),
        pytest.param("````\n```\n### Venue\n````", id="C02-fence-of-four"),
        pytest.param("~~~\n### Venue\n~~~", id="C02-tildes"),
        pytest.param("```\nnever closed", id="C02-open-fence"),
        pytest.param("~~~ python\nnever closed\n```", id="C02-wrong-closing"),
        pytest.param("<pre>\nnever closed", id="C02-open-html"),
    ],
)
def test_no_field_is_lost_to_a_fence(propose, code):
    proposal = propose("", render({**ANSWERS, "Code": code}))
    (candidate,) = proposal.candidates
    assert proposal.findings == ()
    assert values(candidate)["venue"] == "ICLR'24"
    assert values(candidate)["categories"] == [
        "kd-algorithms/distillation-algorithms/divergence-and-similarity"
    ]
    assert proposal.remarks == "Thank you!"


@each("mark", ["\r\n", "\r", "\u2028", "\u0085"])
def test_C03_any_line_break_gives_the_same_proposal(propose, mark):
    body = render(ANSWERS)
    assert propose("", body.replace("\n", mark)) == propose("", body)


@each("nothing", ["_No response_", "", "   ", "*No response*", "N/A", "none", "_Keine Antwort_"])
def test_C04_no_answer_is_no_value(propose, nothing):
    (candidate,) = propose("", render({**ANSWERS, "Venue": nothing, "Code": nothing})).candidates
    assert not {"venue", "code"} & set(candidate.given)


FLAGS = FormFields(
    proposal=(
        FormInput(id="paper", label=_PAPER_LABEL, field="url", kind=InputKind.INPUT),
        FormInput(
            id="withdrawn",
            label="Withdrawn",
            field="withdrawn",
            kind=InputKind.CHECKBOXES,
            options=("Withdrawn",),
        ),
    ),
    correction=(),
)


@each(
    ("answer", "value"),
    [
        ("- [x] Withdrawn", True),
        ("- [X] Withdrawn", True),
        ("- [ ] Withdrawn", None),
        ("- [x] Withdrawn by mistake", None),
        ("- [ ] Withdrawn\n- [x] Accepted", None),
    ],
)
def test_C05_only_the_forms_own_boxes_count(taxonomy, venues, answer, value):
    from kdbot.intake.proposal import parse_proposal

    body = render({_PAPER_LABEL: "2306.08543", "Withdrawn": answer, "Title": "x"})
    proposal = parse_proposal("", body, form=FLAGS, taxonomy=taxonomy, venues=venues)
    assert values(proposal.candidates[0]).get("withdrawn") == value


def test_C06_a_missing_body_proposes_nothing(propose):
    assert propose("Question", None).intent is Intent.NONE
    assert propose("Add a paper", None).intent is Intent.NONE
    assert propose("Add a paper", None).candidates == ()


def test_C06_a_body_over_the_bound_says_so(propose):
    body = render({**ANSWERS, _REMARKS_LABEL: "word " * 13_000})
    proposal = propose("", body)
    assert [f.code for f in proposal.findings] == ["body-too-long"]
    assert values(proposal.candidates[0])["url"] == ANSWERS[_PAPER_LABEL]


def test_C06_headings_of_an_older_form_are_recognised(propose):
    older = {
        "arXiv ID": "2306.08543",
        "Paper title": "MiniLLM: Knowledge Distillation of Large Language Models",
        "Code link": "https://github.com/microsoft/LMOps",
        "Conference": "ICLR 2024",
        "Your GitHub handle": "nobody",
    }
    (candidate,) = propose("", render(older)).candidates
    assert values(candidate) == {
        "url": "2306.08543",
        "title": "MiniLLM: Knowledge Distillation of Large Language Models",
        "code": ["https://github.com/microsoft/LMOps"],
        "venue": "ICLR 2024",
    }


def test_C06_hash_marks_without_words_are_no_heading(propose):
    (candidate,) = propose("", render({**ANSWERS, "Title": "###", "Venue": "###"})).candidates
    assert values(candidate)["title"] == "###"
    assert values(candidate)["venue"] == "###"


def test_C07_a_form_is_known_by_its_headings_alone(form):
    assert parse_issue_form(render(ANSWERS), form) is not None
    assert parse_issue_form("### Title\n\nonly one heading", form) is None
    assert parse_issue_form("## Title\n\na\n\n## Code\n\nb", form) is None
    assert parse_issue_form("Please add 2306.08543", form) is None


@each(
    ("paper", "expected"),
    [
        ("<!-- 9999.99999 --> 2306.08543", "2306.08543"),
        ("2306.08543 <!-- a\nb -->", "2306.08543"),
        ("<!--\n### Title\n\nhidden\n-->\n2306.08543", "2306.08543"),
    ],
)
def test_C09_what_a_comment_hides_is_not_read(propose, paper, expected):
    proposal = propose("", render({**ANSWERS, _PAPER_LABEL: paper}))
    assert proposal.findings == ()
    assert values(proposal.candidates[0])["url"] == expected
    assert values(proposal.candidates[0])["title"] == ANSWERS["Title"]


# What a person types into a single line; an opened comment or HTML tag is C09's and C02's.
LINES = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=80).map(
    lambda text: " ".join(text.split())
)


@given(title=LINES, venue=LINES, note=st.lists(LINES, max_size=6).map("\n".join))
def test_C10_what_was_typed_is_what_is_read(propose, title, venue, note):
    from kdbot.text.labels import says_nothing

    assume("<" not in title + venue + note)
    lines = (title, venue, *note.split("\n"))
    assume(not any(line.startswith("###") and line.strip("# ") for line in lines))
    typed = {**ANSWERS, "Title": title, "Venue": venue, _REMARKS_LABEL: note}
    proposal = propose("", render(typed))
    read = values(proposal.candidates[0])
    assert read.get("title", "") == ("" if says_nothing(title) else title)
    assert read.get("venue", "") == ("" if says_nothing(venue) else venue)
    assert (proposal.remarks or "") == ("" if says_nothing(note) else note.strip("\n"))
    assert proposal.findings == ()


OPTIONS = ("Law", "Law, Order", "Medical & Healthcare", "Order", "A > B", "A > B, C")


@each(
    ("answer", "chosen"),
    [
        ("Law", ("Law",)),
        ("Law, Order", ("Law, Order",)),
        ("Law, Medical & Healthcare", ("Law", "Medical & Healthcare")),
        ("A > B, C, A > B", ("A > B, C", "A > B")),
        ("A > B, Law", ("A > B", "Law")),
        ("Laws", ("Laws",)),
        ("Law, Poetry, Order", ("Law", "Poetry", "Order")),
        ("Law\nOrder", ("Law", "Order")),
        ("", ()),
    ],
)
def test_options_are_resolved_and_never_split_at_their_commas(answer, chosen):
    assert _parse_selection(answer, OPTIONS) == chosen


@given(st.lists(st.sampled_from(["A", "B, C", "D > E, F", "G & H"]), unique=True))
def test_a_selection_comes_back(chosen):
    options = ("A", "B, C", "D > E, F", "G & H")
    assert _parse_selection(", ".join(chosen), options) == tuple(chosen)


def test_options_of_equal_titles_show_their_paths():
    leaves = [("a/x", "X"), ("b/x", "X")]
    taxonomy = Taxonomy(
        categories=(
            Category(path="a", title="P", depth=0, leaf=False),
            Category(path="a/x", title="X", depth=1, leaf=True),
            Category(path="b", title="P", depth=0, leaf=False),
            Category(path="b/x", title="X", depth=1, leaf=True),
        )
    )
    assert dict(_category_options(taxonomy)) == {
        f"P > {title} ({path})": path for path, title in leaves
    }


def test_the_forms_inputs_have_names_that_github_does_not_keep_for_itself(form):
    names = [question.id for question in form.proposal]
    assert len(names) == len(set(names))
    assert not {"title", "body", "labels", "template"} & set(names)
    assert [question.label for question in form.proposal][:3] == [
        _PAPER_LABEL,
        "Categories",
        "Title",
    ]
    assert form.proposal[-1].label == _REMARKS_LABEL


def test_not_sure_is_no_category(propose):
    (candidate,) = propose("", render({**ANSWERS, "Categories": NOT_SURE})).candidates
    assert "categories" not in candidate.given
    both = f"{NOT_SURE}, {ANSWERS['Categories']}"
    (candidate,) = propose("", render({**ANSWERS, "Categories": both})).candidates
    assert values(candidate)["categories"] == [
        "kd-algorithms/distillation-algorithms/divergence-and-similarity"
    ]


@each("answer", ["https://arxiv.org/abs/2306.085", "arXiv 2306.085", "https://arxiv.org/pdf/x"])
def test_a_link_under_an_unknown_heading_is_never_dropped(propose, answer):
    body = render({**ANSWERS, "Preprint server page": answer})
    (candidate,) = propose("", body).candidates
    assert candidate.unread == (f"Preprint server page: {answer}",)


@pytest.mark.parametrize(
    "link", ["https://arxiv.org/abs/2306.08543", "https://arxiv.org/abs/2306.8"]
)
def test_the_only_link_to_a_paper_is_the_paper_under_any_heading(propose, link):
    without = {label: text for label, text in ANSWERS.items() if label != _PAPER_LABEL}
    (candidate,) = propose("", render({**without, "Preprint server page": link})).candidates
    assert candidate.given["url"].value == link
    assert candidate.unread == ()


MINILLM = "MiniLLM: Knowledge Distillation of Large Language Models"
NEW_TITLE = "MiniLLM: On-Policy Distillation of Large Language Models"
REPOSITORY = "https://github.com/microsoft/LMOps"


def correct(which, change, value):
    answers = {_WHICH_LABEL: which, _CHANGE_LABEL: change, _VALUE_LABEL: value or "_No response_"}
    return render({**answers, _REMARKS_LABEL: "_No response_"})


@each(
    ("change", "value", "given"),
    [
        ("Link to code", REPOSITORY, {"code": [REPOSITORY]}),
        ("Link to code", f"It moved to {REPOSITORY}", {"code": [REPOSITORY]}),
        ("Link to the paper", "https://arxiv.org/abs/2306.08543", "url"),
        ("Project page", "https://a.github.io/b", {"project": ["https://a.github.io/b"]}),
        ("Title", NEW_TITLE, {"title": NEW_TITLE}),
        ("Title", f"The title should be “{NEW_TITLE}”.", {"title": NEW_TITLE}),
        ("Venue", "NeurIPS 2024", "venue"),
        ("Venue", "It was accepted at NeurIPS 2024.", "venue"),
        ("Date", "2023-07", {"date": "2023-07"}),
        ("Date", "it was July 2023", {"date": "2023-07"}),
        ("Category", "Planning", {"categories": ["skill-distillation/agent/planning"]}),
        ("Authors", "Ada Example, Ben Example", {"authors": ["Ada Example", "Ben Example"]}),
        ("Something else", f"The code is public now: {REPOSITORY}", {"code": [REPOSITORY]}),
    ],
)
def test_the_menu_says_what_the_value_is(propose, change, value, given):
    (candidate,) = propose("Correction: ", correct("2306.08543", change, value)).candidates
    assert candidate.intent is Intent.UPDATE
    assert candidate.names[0] == "2306.08543"
    if isinstance(given, str):
        assert set(candidate.given) == {given}
    else:
        assert values(candidate) == given
    assert candidate.unread == ()


@each(
    ("change", "value", "intent"),
    [
        ("Link to code", "the code link is dead", Intent.SPOKEN_OF),
        ("Date", "month is wrong, it was July", Intent.SPOKEN_OF),
        ("Venue", "it is a preprint", Intent.SPOKEN_OF),
        ("Link to the paper", "404", Intent.SPOKEN_OF),
        ("Link to code", "", Intent.SPOKEN_OF),
        ("Remove it from the list", "retracted", Intent.REMOVE),
        ("Remove it from the list", "", Intent.REMOVE),
    ],
)
def test_plain_words_are_no_value_and_are_kept(propose, change, value, intent):
    (candidate,) = propose("", correct("2306.08543", change, value)).candidates
    assert candidate.intent is intent
    assert candidate.given == {}
    assert bool(candidate.unread) == (bool(value) and intent is not Intent.REMOVE)


def test_several_changes_stand_on_a_line_each(propose):
    value = f"NeurIPS 2024\nDate: 2023-07\nCode: {REPOSITORY}"
    (candidate,) = propose("", correct("2306.08543", "Venue", value)).candidates
    assert set(candidate.given) == {"venue", "date", "code"}


def test_the_right_link_of_the_menu_takes_the_place_of_the_listed_one(propose):
    (candidate,) = propose("", correct("2306.08543", "Link to code", REPOSITORY)).candidates
    assert dict(candidate.replaced) == {"code": ()}
    (candidate,) = propose("", correct("2306.08543", "Category", "Planning")).candidates
    assert dict(candidate.replaced) == {}


@each(
    ("which", "wrong", "given"),
    [
        ("2306.08543", "Venue: ICLR 2024\nCode: " + REPOSITORY, {"venue", "code"}),
        ("https://arxiv.org/abs/2306.08543", f"The code is public: {REPOSITORY}", {"code"}),
        (MINILLM, "It was accepted at ICLR 2024.", {"venue"}),
        ("2306.08543", f"Title: {NEW_TITLE}", {"title"}),
        ("2306.08543", "It also belongs in Planning.", {"categories"}),
        (
            "2306.08543",
            f"Code: {REPOSITORY} and the month should be 2023-07",
            {"code", "date"},
        ),
        ("2306.08543", "The date is odd.", set()),
        ("2306.08543", "the code link is dead", set()),
        ("2306.08543", "please remove, retracted", set()),
        ("2306.08543", f"Code: {REPOSITORY} but the month is not right", {"code"}),
        ("2306.08543", "The month is not right and the venue should be ICLR 2024.", {"venue"}),
    ],
)
def test_an_earlier_form_is_still_read(propose, which, wrong, given):
    proposal = propose("", render({_WHICH_LABEL: which, _WRONG_LABEL: wrong}))
    (candidate,) = proposal.candidates
    assert proposal.intent is Intent.UPDATE
    assert candidate.names[0] == which
    assert set(candidate.given) == given
    assert candidate.updates == bool(given)
    assert bool(candidate.unread) == (not given or "not right" in wrong)
