"""What the bot would say to real texts that are no plain additions, and to corrections.

The bounds are those that the issue asks for; a text that is answered otherwise than it is labelled
shows in the message.
"""

from pathlib import Path

import pytest
import yaml

from kdbot.model.form import correction_inputs
from kdbot.model.proposal import Intent
from tests.intake.texts import ACTS, DATA, load, outcome_of
from tests.rows import each

ROOT = Path(__file__).parents[2]
CORRECTIONS = yaml.load((DATA / "texts/corrections.yaml").read_bytes(), yaml.CSafeLoader)
REMARKS = yaml.load((DATA / "texts/remarks.yaml").read_bytes(), yaml.CSafeLoader)
REAL = load(DATA / "texts/corrections_real.jsonl")
MINILLM = "MiniLLM: Knowledge Distillation of Large Language Models"
LINK = "https://arxiv.org/abs/2306.08543"
ORCA = {
    "title": "Orca: Progressive Learning from Complex Explanation Traces of GPT-4",
    "url": "https://arxiv.org/abs/2306.02707",
}
LISTED = [
    {"title": MINILLM, "url": LINK},
    {
        "title": "DistiLLM: Towards Streamlined Distillation for Large Language Models",
        "url": "https://arxiv.org/abs/2402.03898",
    },
    {
        "title": "On-Policy Distillation of Language Models: Learning from Self-Generated Mistakes",
        "url": "https://arxiv.org/abs/2306.13649",
    },
]
CODE = "https://github.com/microsoft/LMOps"
LOUD = ACTS.index("update")


@pytest.fixture(scope="module", params=["seen", "unseen3", "unseen5"])
def answers(reader, request):
    return [(text, reader.answer(text)) for text in load(DATA / f"texts/{request.param}.jsonl")]


def test_no_addition_that_names_a_paper_is_ignored(reader):
    files = (DATA / f"additions_unseen{number}.jsonl" for number in (3, 5))
    texts = [text for file in files for text in load(file) if text["expected"]]
    silent = [text["id"] for text in texts if reader.answer(text).act == "silence"]
    assert silent == []


def test_no_text_gets_a_louder_answer_than_it_asks_for(answers):
    wrong = _too_loud(answers)
    # Of *AMiner: 读论文* the last word is *paper*.
    assert {name for name, _ in wrong} <= {"JunweiLiang/awesome_lists#4"}


def test_a_text_that_names_no_paper_is_met_with_silence(answers):
    unnamed = [(text, answer) for text, answer in answers if not text["names_a_paper"]]
    loud = [text["id"] for text, answer in unnamed if answer.act != "silence"]
    assert len(loud) <= 0.05 * len(unnamed), loud


def test_a_text_that_asks_for_something_about_a_paper_is_answered(answers):
    named = [(text, answer) for text, answer in answers if text["public_act"] != "silence"]
    silent = [text["id"] for text, answer in named if answer.act == "silence"]
    assert len(silent) <= 0.1 * len(named), silent


def test_corrections_are_right_or_left_to_people(answers, venues):
    _hold_corrections(answers, venues)


def test_corrections_of_other_lists_are_right_or_left_to_people(reader, venues):
    answers = [(text, reader.answer(text)) for text in REAL]
    # Words are exchanged in its listed title, which its label left open.
    assert {name for name, _ in _too_loud(answers)} <= {"acl-org/acl-anthology#949"}
    _hold_corrections(answers, venues)


def _too_loud(answers):
    """The texts that get a louder answer than they ask for, each with it."""
    return [
        (text["id"], answer.act)
        for text, answer in answers
        if ACTS.index(answer.act) > max(ACTS.index(text["public_act"]), LOUD - 1)
    ]


def _hold_corrections(answers, venues):
    outcomes = [
        (text["id"], *outcome_of(answer, paper, listed, venues))
        for text, answer in answers
        for paper, listed in _corrected(text)
    ]
    assert [row for row in outcomes if row[1] == "wrong"] == []
    right = [row for row in outcomes if row[1] == "right"]
    assert len(right) >= 0.8 * len(outcomes), [row for row in outcomes if row[1] != "right"]


def _corrected(text):
    """The corrected papers of a text, each beside its listed record."""
    listed = iter(text["listed"])
    pairs = [(p, next(listed, None)) for p in text["expected"] if p["role"] != "add"]
    return [(paper, record) for paper, record in pairs if paper["role"] == "update"]


@each("case", CORRECTIONS, ids=lambda case: case["body"][:60])
def test_a_correction_changes_what_it_states_and_nothing_else(reader, case):
    text = {"title": case["title"], "body": case["body"], "listed": LISTED, "expected": []}
    report = reader.answer(text).report
    if case["changes"] is None:
        assert report.verdict == "needs-maintainer"
        return
    (paper,) = (paper for paper in report.papers if paper.before.title == case["paper"])
    assert paper.verdict == "update"
    before, after = reader.values(paper.before), reader.values(paper.paper)
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    changed.pop("year", None)
    assert changed == case["changes"]


def test_a_venue_before_several_papers_is_that_of_each(reader):
    body = "There are also 2 papers accepted by ICML 2024, they are MiniLLM and DistiLLM."
    text = {"title": "Some papers", "body": body, "listed": LISTED, "expected": []}
    papers = reader.answer(text).report.papers
    assert [(p.verdict, p.paper.venue) for p in papers] == [("update", "ICML"), ("update", "ICML")]


@pytest.mark.parametrize(
    "body",
    [
        "Thanks for including MiniLLM! We released a new paper, FooKD ({new}), please add it too.",
        "We extended MiniLLM in a new paper, please consider adding it: {new}",
    ],
)
def test_a_new_paper_beside_a_listed_name_is_new(reader, body):
    body = body.format(new="https://arxiv.org/abs/2501.01234")
    text = {"title": "Thanks", "body": body, "listed": LISTED, "expected": []}
    (paper,) = reader.answer(text).report.papers
    assert (paper.before, paper.paper.arxiv) == (None, "2501.01234")
    assert "MiniLLM" not in str(paper.findings)


def test_a_paper_that_a_link_leads_to_is_not_corrected(reader):
    right = "https://arxiv.org/abs/2306.08544"
    body = f"MiniLLM's link leads to the DistiLLM paper. Correct link: {right}"
    text = {"title": "Wrong link", "body": body, "listed": LISTED, "expected": []}
    (paper,) = reader.answer(text).report.papers
    assert (paper.before.title, paper.paper.arxiv) == (MINILLM, "2306.08544")


def test_the_old_link_of_a_block_is_no_name_though_another_paper_has_it(reader):
    right = "https://arxiv.org/abs/2402.03899"
    body = (
        f"{MINILLM}\n\nPaper: {LINK}\nTags: small\n\n{LISTED[1]['title']}\n\n"
        f"Paper: {LINK} >>> {right}\nTags: small\n\n** ADD Code : {CODE} **"
    )
    text = {"title": "Paper link is wrong", "body": body, "listed": LISTED, "expected": []}
    first, second = reader.answer(text).report.papers
    assert (first.verdict, first.before.title) == ("needs-maintainer", MINILLM)
    assert (second.paper.arxiv, second.paper.code) == ("2402.03899", (CODE,))


def test_lines_of_a_name_and_a_value_are_corrections(reader):
    body = "MiniLLM: ICLR 2024\nDistiLLM: ICML 2024"
    text = {"title": "Missing venue", "body": body, "listed": LISTED, "expected": []}
    papers = reader.answer(text).report.papers
    assert [(p.verdict, p.paper.venue) for p in papers] == [("update", "ICLR"), ("update", "ICML")]


def test_a_value_of_an_unknown_name_is_no_listed_papers(reader):
    body = "1. MiniLLM -> ICLR 2024\n2. DistiLLM -> ICML 2024\n3. FooKD -> CVPR 2024"
    text = {"title": "Update 3 papers", "body": body, "listed": LISTED, "expected": []}
    papers = reader.answer(text).report.papers
    assert [paper.paper.venue for paper in papers] == ["ICLR", "ICML"]
    assert any("FooKD" in f.message for paper in papers for f in paper.findings)


def test_what_is_evidence_is_no_value(reader):
    body = "- **Venue**: ICLR 2024\n\n## Evidence\n- https://openreview.net/forum?id=l1MQVgIKEU"
    text = {"title": "fix: MiniLLM entry", "body": body, "listed": LISTED, "expected": []}
    (paper,) = reader.answer(text).report.papers
    assert (paper.paper.venue, paper.paper.openreview) == ("ICLR", None)


def test_each_line_corrects_the_paper_that_it_begins_with(reader):
    body = f"1) MiniLLM -> should be ICLR 2024\n2) DistiLLM -> code link missing: {CODE}"
    report = reader.answer(
        {"title": "Errata", "body": body, "listed": LISTED, "expected": []}
    ).report
    assert [paper.verdict for paper in report.papers] == ["update", "update"]
    first, second = report.papers
    assert (first.paper.venue, first.paper.code) == ("ICLR", ())
    assert (second.paper.venue, second.paper.code) == (None, (CODE,))


@each("case", CORRECTIONS, ids=lambda case: case["body"][:60])
def test_the_form_reads_the_same_words_alike(reader, case):
    if not case["body"]:
        return
    text = _in_form(case["body"], case["paper"])
    updates = [p for p in reader.answer(text).report.papers if p.verdict == "update"]
    if case["changes"] is None:
        # The form says which paper is meant: what is said of another one is its author's word.
        assert not updates or "Tiny Students" in case["body"]
        return
    (paper,) = updates
    before, after = reader.values(paper.before), reader.values(paper.paper)
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    changed.pop("year", None)
    assert changed == case["changes"]


@each("case", REMARKS, ids=lambda case: case["title"])
def test_a_remark_adds_and_changes_nothing(reader, case):
    text = {**case, "listed": [*LISTED, ORCA], "expected": []}
    assert reader.answer(text).act in {"silence", "needs-maintainer"}


@each(
    ("body", "unread"),
    [
        (f"The code is at {CODE} now. The month is wrong, it was July.",
         ("The month is wrong, it was July.",)),
        ("The author list is incorrect.", ("The author list is incorrect.",)),
        (f"Thanks! The code of our paper is public: {CODE}", ()),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_kept(propose, body, unread):
    (candidate,) = propose(f"Correction of {LINK}", body).candidates
    assert candidate.unread == unread


@each(
    "body",
    [
        f"The code of MiniLLM is broken: https://github.com/a/minillm is dead, so is {CODE}",
        f"The code of MiniLLM is at https://github.com/a/minillm or at {CODE}.",
        "The venue of MiniLLM is ICLR 2024, or is it ICML 2024?",
        "MiniLLM: venue ICLR 2024 or ICML 2024",
        "MiniLLM was perhaps published at ICLR 2024.",
        "For MiniLLM the month might be 2023-07.",
        "MiniLLM has a typo somewhere in the title.",
        "MiniLLM: the authors are in the wrong order.",
    ],
)
def test_a_sentence_that_gives_no_value_is_told(reader, body):
    free = {"title": "A remark on an entry", "body": body, "listed": LISTED, "expected": []}
    for text in (free, _in_form(body, MINILLM)):
        report = reader.answer(text).report
        assert report.verdict == "needs-maintainer"
        assert [f.code for p in report.papers for f in p.findings if body in f.message] == [
            "not-understood"
        ]


def test_a_value_beside_one_that_is_taken_is_told(reader):
    body = 'It is published in ICLR 2024, where "Small Students of Large Teachers" is on the page.'
    text = {"title": "MiniLLM", "body": body, "listed": LISTED, "expected": []}
    (paper,) = reader.answer(text).report.papers
    assert (paper.paper.venue, paper.paper.title) == ("ICLR", MINILLM)
    assert any(body in finding.message for finding in paper.findings)


@each(
    ("title", "body"),
    [
        ("Update SFN code link", ""),
        ("update the code link of Rational Teachers Listen", ""),
        ("fixed the link of the paper Rational Teachers Listen to Sl…", "The link was broken."),
        ("wrong PDF link", "wrong PDF link for\nRational Teachers Listen"),
    ],
)
def test_a_listed_paper_is_meant_by_its_nickname_and_by_its_cut_title(reader, title, body):
    listed = [
        {"title": "Rational Teachers Listen to Slow Students (SFN)", "url": None},
        {"title": "Rational Teachers Speak to Slow Students", "url": None},
    ]
    answer = reader.answer({"title": title, "body": body, "listed": listed, "expected": []})
    assert answer.act == "needs-maintainer"
    assert [paper.before.title for paper in answer.report.papers] == [listed[0]["title"]]


@each(
    ("title", "body"),
    [
        ("The code of Rational Teachers Listen with Care is wrong", ""),
        ("Rational Teachers Listen-and-Speak has a dead link", ""),
        ("Rational Teachers is not a preprint", "It is published in the ICLR proceedings."),
        ("update and add Lindner group publications", "- adapt changed titles"),
    ],
)
def test_what_is_no_listed_papers_name_is_not_answered(reader, title, body):
    listed = [{"title": "Rational Teachers Listen to Slow Students", "url": None}]
    text = {"title": title, "body": body, "listed": listed, "expected": []}
    assert reader.answer(text).act == "silence"


@each(
    "body",
    [
        f"The code of MiniLLM moved: https://github.com/a/minillm is dead, it is now {CODE}",
        f"The code of MiniLLM moved, https://github.com/a/minillm is dead. It is now at {CODE}.",
        f"MiniLLM: https://github.com/a/minillm gives 404, the code is now hosted at {CODE}",
    ],
)
def test_what_is_now_there_is_new(reader, body):
    free = {"title": "Code link", "body": body, "listed": LISTED, "expected": []}
    for text in (free, _in_form(body, MINILLM)):
        (paper,) = reader.answer(text).report.papers
        assert (paper.verdict, paper.paper.code) == ("update", (CODE,))


def _in_form(value, paper):
    """The text of a correction form."""
    answers = {"paper": paper, "change": "Something else", "value": value}
    parts = (f"### {i.label}\n\n{answers.get(i.id, '_No response_')}" for i in correction_inputs())
    return {"title": "Correction", "body": "\n\n".join(parts), "listed": LISTED, "expected": []}


@each(
    ("title", "body"),
    [
        ("Request to add new paper", "I would add our new work: https://a.edu/~b/fookd/index.html"),
        ("Nice list!", "Happy to recommend our previous work [FooKD](https://foo.github.io/kd/)"),
        ("Add new conferences and papers", ("I suggest adding 2 papers:\n1) Learning Tiny Students"
         " through Distributed Representations: learning the representation of a student")),
        ("[New Entry Suggestion] Lindner, Moss. Architecture of Tiny Students. Foundations (2007)",
         "Following is the link to the text - https://dsf.a.edu/papers/fntdb07.pdf"),
        ("Add July 2026 distillation papers", ("Adds two July 2026 papers to the index:\n\n"
         "- Distillation Is All You Need For Tiny Students under Compression\n")),
        ("Adding Qrlew", "Based on a [paper](https://arxiv.org/pdf/2401.06273.pdf) shown there"),
        ("add thesis from Arkansas", "Achieving Causal Fairness in Machine Learning\nLindner, I."),
        ("add Malcom, ICDM2020 paper", "I hope you can add this paper to the list. Thanks."),
        ("add StableFace", "add StableFace"),
    ],
)  # fmt: skip
def test_who_asks_for_a_paper_and_names_one_is_not_ignored(reader, title, body):
    text = {"title": title, "body": body, "listed": [], "expected": []}
    assert reader.answer(text).act != "silence"


@each(
    ("title", "body"),
    [
        ("arXiv ID shown in README is incorrect", "See https://arxiv.org/abs/2502.20586"),
        (
            "Add DOIs to paper.bib and correct two stale entries",
            "Verified:\n\n  name2024entangle -> 10.1103/yyvr-dtsb\n\nIt had incorrect metadata.",
        ),
        (
            "Latest 3 Papers - March 17, 2025",
            "\n".join(
                f"| **[{name} Students Learn Well](http://arxiv.org/abs/2410.1499{n}v2)** |"
                for n, name in enumerate(("Small", "Large", "Lazy"))
            ),
        ),
        (
            "Research paper",
            "I believe that this is the [paper](https://arxiv.org/pdf/2304.06194.pdf)",
        ),
        (
            "Linked bioRxiv going to another manuscript",
            "[bioRxiv](https://doi.org/10.1101/2022.02.20.480758) is not going to your manuscript.",
        ),
        (
            "Add reference to README page",
            "May I suggest that you reference your paper https://doi.org/10.1021/acscentsci.3c01521",
        ),
        (
            "wrong publication",
            "The correct one is https://academic.oup.com/bioinformatics/article/33/21/3373/3923794",
        ),
    ],
)
def test_papers_that_nobody_asks_for_are_left_to_people(reader, title, body):
    text = {"title": title, "body": body, "listed": [], "expected": []}
    assert reader.answer(text).act == "needs-maintainer"


def test_no_request_is_told_as_a_part_of_a_title(reader):
    body = "Tiny Students Learn Fast and Well を追加してください"
    text = {"title": "論文の追加", "body": body, "listed": [], "expected": []}
    (paper,) = reader.answer(text).report.papers
    assert (paper.verdict, paper.paper.title) == ("needs-maintainer", body.partition(" を")[0])


@each(
    ("title", "body"),
    [
        ("Paper list too long", "I suggest only keeping the latest 50 papers on README.MD."),
        ("Welcome contributions", ("If there are any papers that we missed, please tell us:\n"
         "* The title of the paper.\n* (Optional) The paper link\n")),
        ("Add our tool", "Please consider adding FooTool (https://footool.io), a paper manager."),
        ("Proposal: Add FooClaw - AI Paper Generator", ("FooClaw is a paper generator that produces"
         " IMRaD-structured manuscripts.\n\n**Live demo:** https://www.foo.com/silicon")),
        ("New paper", ("Thanks for reminding us, I will add this paper to this repository."
         " Besides, I recommend our new survey https://arxiv.org/abs/2406.11138\n\n> add mine")),
        ("Suggest a paper", "Do You want to include papers from the Graph Workshops of KDD?"),
    ],
)  # fmt: skip
def test_who_asks_for_papers_and_names_none_is_met_with_silence(reader, title, body):
    text = {"title": title, "body": body, "listed": [], "expected": []}
    assert reader.answer(text).act == "silence"


@each(
    "body",
    [
        "Our new method FooKD improves on MiniLLM. Code is available at https://github.com/a/foo.",
        "FooKD outperforms MiniLLM and was accepted at ICML 2025: https://github.com/a/foo",
        f"Our paper builds on MiniLLM ({LINK}). The code is public: https://github.com/a/foo",
        (
            "We built a toolkit on top of MiniLLM, available at https://github.com/a/foo."
            " It fixes errors of the original code."
        ),
        "I wrote a reimplementation of MiniLLM. The code is public now: https://github.com/a/foo",
        "We compared FooKD with MiniLLM. The code is now public at https://github.com/a/foo",
    ],
)
def test_a_paper_that_is_compared_with_is_not_corrected(reader, body):
    text = {"title": "FooKD code", "body": body, "listed": LISTED, "expected": []}
    assert reader.answer(text).act in {"silence", "needs-maintainer"}


@pytest.mark.parametrize(
    "body",
    [
        "The link of MiniLLM is wrong, the correct link is https://arxiv.org/abs/2402.03898",
        (
            "The title of MiniLLM is wrong, the correct title is "
            '"DistiLLM: Towards Streamlined Distillation for Large Language Models".'
        ),
    ],
)
def test_no_paper_takes_the_identity_of_another(reader, body):
    text = {"title": "Wrong", "body": body, "listed": LISTED, "expected": []}
    assert reader.answer(text).act == "needs-maintainer"


def test_several_papers_with_one_fix_each_are_several_updates(propose):
    body = (
        "Please update the venues:\n- MiniLLM (arXiv:2306.08543): ICLR 2024\n"
        "- GKD (arXiv:2306.13649): ICLR 2024\n"
    )
    found = propose("Update accepted venues", body).candidates
    assert [c.intent for c in found] == [Intent.UPDATE, Intent.UPDATE]
    assert [c.given["venue"].value for c in found] == ["ICLR 2024", "ICLR 2024"]


def test_a_correction_of_an_unlisted_paper_is_no_new_paper(reader):
    body = 'The code link of "Tiny Students Learn Fast and Well" is wrong, the right one is ' + CODE
    text = {"title": "Wrong code link", "body": body, "listed": [], "expected": []}
    report = reader.answer(text).report
    assert report.verdict == "needs-maintainer"
    assert [f.code for f in report.papers[0].findings] == ["not-listed"]


@pytest.mark.parametrize(
    "unit",
    [
        "the link is not at not at ", "from to from to ", '"a ', "should be A of A of A of ",
        "change a the a the ", "add the the the the ", "code is is is ", "2023-01 month ",
        "the correct the correct ", "title in: ", "MiniLLM: ", "OLD title: ", "not a b c, ",
    ],
)  # fmt: skip
def test_time_grows_with_the_text(propose, unit):
    from time import process_time

    text = "Correct the link of MiniLLM. " + unit * (18_000 // len(unit))
    start = process_time()
    propose(f"Wrong link {unit * 30}", text)
    assert process_time() - start < 2


@each(
    "body",
    [
        "Please add our paper {new}. The venue of MiniLLM is wrong, it should be ICLR 2024.",
        "The venue of MiniLLM should be ICLR 2024.\n\nPlease also add our paper {new}.",
        "Please add our paper {new}\n\nBTW the venue of MiniLLM is not right, it was ICLR 2024.",
    ],
)  # fmt: skip
def test_a_text_that_adds_one_paper_and_corrects_another_is_read_as_both(reader, body):
    new = "https://arxiv.org/abs/2501.01234"
    text = {"title": "Two things", "body": body.format(new=new), "listed": LISTED, "expected": []}
    added, corrected = reader.answer(text).report.papers
    assert (added.paper.arxiv, added.before) == ("2501.01234", None)
    assert (corrected.verdict, corrected.before.title) == ("update", MINILLM)
    assert corrected.paper.venue == "ICLR"


def test_values_go_to_the_paper_that_is_named_right_before_them(reader):
    other = "https://github.com/jongwooko/distillm"
    body = f"The code of MiniLLM should be {CODE} and the code of DistiLLM should be {other}."
    text = {"title": "A few errors", "body": body, "listed": LISTED, "expected": []}
    papers = reader.answer(text).report.papers
    assert [paper.paper.code for paper in papers] == [(CODE,), (other,)]
    body = f"The code links of MiniLLM and DistiLLM should be {CODE} and {other} respectively."
    report = reader.answer({**text, "body": body}).report
    assert report.verdict == "needs-maintainer"


@pytest.mark.parametrize(
    ("listed", "other", "expected"),
    [
        (MINILLM, "MiniLLM: On-Policy Distillation of Large Language Models", "update"),
        ("Some Other Paper of the List", MINILLM, "needs-maintainer"),
    ],
)
def test_of_two_titles_the_one_that_is_not_listed_is_new(reader, listed, other, expected):
    body = f"The titles differ.\n- title in the README: {listed}\n- title on arXiv: {other}"
    text = {"title": "Wrong title of 2306.08543", "body": body, "listed": LISTED, "expected": []}
    report = reader.answer(text).report
    assert report.verdict == expected
    if expected == "update":
        assert [paper.paper.title for paper in report.papers] == [other]


def test_a_name_that_begins_another_one_is_another_paper(reader):
    second = {
        "title": "Orca 2: Teaching Small Language Models How to Reason",
        "url": "https://arxiv.org/abs/2311.11045",
    }
    body = f"Orca: the code link should be {CODE}\nOrca 2: the venue should be ICLR 2024"
    text = {"title": "Two errors", "body": body, "listed": [ORCA, second], "expected": []}
    first, other = reader.answer(text).report.papers
    assert (first.paper.code, first.paper.venue) == ((CODE,), None)
    assert (other.paper.code, other.paper.venue) == ((), "ICLR")


def test_the_words_of_the_form_may_correct_another_listed_paper(reader):
    value = f"The code of DistiLLM should be {CODE}"
    (paper,) = reader.answer(_in_form(value, MINILLM)).report.papers
    assert (paper.verdict, paper.before.title[:8]) == ("update", "DistiLLM")


def test_an_address_beside_a_correction_is_told(reader):
    page = "https://openreview.net/forum?id=5h0qf7IBZZ"
    body = f'Our paper "{MINILLM}" was accepted at ICLR 2024. Please update it.\n\n{page}'
    text = {"title": "Update MiniLLM", "body": body, "listed": LISTED, "expected": []}
    (paper,) = reader.answer(text).report.papers
    assert (paper.verdict, paper.paper.venue) == ("update", "ICLR")
    assert [f.code for f in paper.findings if page in f.message] == ["not-understood"]


def test_two_listed_titles_in_one_correction_are_left_to_people(reader):
    orca, minillm = ORCA["title"], MINILLM
    body = (
        f'"{orca}" is not one paper of 2023, but one of a workshop\n\n'
        f'The name of paper "{minillm}" should be "Small Students for Slow Teachers"'
    )
    text = {"title": "Update", "body": body, "expected": [], "listed": [ORCA, *LISTED]}
    updates = [p for p in reader.answer(text).report.papers if p.verdict == "update"]
    assert all(paper.before.title != orca for paper in updates)


TOOLS = {
    "Add citecheck to Bibliography": """\
Adds [citecheck](https://github.com/a/citecheck) to the **Bibliography** section.

It tells whether a paper has been retracted since you cited it.""",
    "Add OpenDraft to Writing": """\
Adds **OpenDraft** (https://opendraft.dev) to the Writing section.

It is a research-paper writer that checks every citation.""",
}


@pytest.mark.parametrize("title", TOOLS)
def test_a_tool_that_is_added_is_no_paper(reader, title):
    text = {"title": title, "body": TOOLS[title], "expected": [], "listed": []}
    assert reader.answer(text).act == "silence"


def test_a_relevant_paper_that_may_be_cited_is_no_entry(reader):
    body = "This paper (https://arxiv.org/abs/2409.01234) is very relevant to your survey."
    text = {"title": "Related research", "expected": [], "listed": []}
    assert reader.answer({**text, "body": f"{body} Feel free to cite it."}).act == "silence"
    assert reader.answer({**text, "body": f"{body} Feel free to add it."}).act != "silence"
