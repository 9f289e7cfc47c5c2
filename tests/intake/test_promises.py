"""What the bot's comment tells an author to write is read as it says."""

import re

from kdbot.model.proposal import Intent
from kdbot.publish.comment.environment import read_template
from tests.rows import each

PAPER = "https://arxiv.org/abs/2306.08543"
TEMPLATE = read_template("needs-maintainer.md.j2")
UNCLEAR = [
    ("Wrong author list", f"The authors of {PAPER} are wrong."),
    ("Paper was retracted", f"Why was the paper retracted? {PAPER}"),
    ("Broken link", f"{PAPER} does not open."),
    ("Question", f"Is {PAPER} in the list?"),
]


@each(("title", "body"), UNCLEAR)
def test_the_offered_sentence_makes_an_addition(propose, title, body):
    (sentence,) = set(re.findall(r"`(Please add[^`]*)`", TEMPLATE))
    proposal = propose(title, f"{body}\n\n{sentence}")
    assert proposal.intent is Intent.ADD
    assert [c.given["url"].value for c in proposal.candidates] == [PAPER]


@each("line", re.findall(r"`((?:Code|Venue|Date): [^`]*)`", TEMPLATE))
def test_an_offered_line_states_a_value(propose, line):
    title, body = UNCLEAR[2]
    line = line.replace("…", "github.com/owner/name")
    (candidate,) = propose(title, f"{body}\n\n{line}").candidates
    assert candidate.intent is Intent.UPDATE
    assert line.partition(":")[0].lower() in candidate.given


VALUES = {
    "Title": "A Method Nobody Knows: With a Long Title",
    "Categories": "Planning",
    "Venue": "ICLR 2024",
    "Date": "2023-07",
    "Code": "https://github.com/a/b",
}


@each(("label", "value"), VALUES.items())
def test_the_line_that_a_fix_asks_for_is_read(propose, label, value):
    (candidate,) = propose("Please add our paper", f"{PAPER}\n\n{label}: {value}").candidates
    assert label.lower() in candidate.given


@each("name", ["Orca", "MiniLLM", "Hymba"])
def test_a_short_name_that_is_marked_as_the_title_is_one(propose, name):
    body = f"Please add our paper.\n\nTitle: {name}\nPaper: {PAPER}"
    (candidate,) = propose("New paper", body).candidates
    assert candidate.given["title"].value == name


def test_a_title_that_is_asked_for_without_the_word_paper_is_left_to_people(propose):
    text = 'Please add "Distilling the Knowledge of Llamas".'
    assert propose("New entry", text).intent is Intent.UNSURE
    software = f"{text} Its repository is https://github.com/o/r"
    assert propose("New entry", software).intent is Intent.NONE


def test_a_request_that_is_not_surely_one_is_left_to_people(propose):
    heading = "ScanKD: 3D talking heads from unregistered teachers"
    text = "Can you please add {} to this repo, the code is available"
    (candidate,) = propose(heading, text.format("the ECCV 2024 Paper")).candidates
    assert (candidate.intent, candidate.given["title"].value) == (Intent.UNSURE, heading)
    (candidate,) = propose(heading, text.format("our ECCV 2024 Paper")).candidates
    assert (candidate.intent, candidate.given["title"].value) == (Intent.ADD, heading)
    assert candidate.given["venue"].value == "ECCV 2024"


def test_a_labelled_title_is_an_addition(propose):
    text = "Title: Distilling the Knowledge of Llamas\nCategory: Feature"
    assert propose("New entry", text).intent is Intent.ADD
