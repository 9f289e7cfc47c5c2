"""Which listed papers a text names."""

import time

import pytest

from kdbot.intake.listed import ListedPapers
from kdbot.model.collection import identities_of
from kdbot.model.paper import paper_from_values
from tests.rows import each

TITLE = "MiniLLM: Knowledge Distillation of Large Language Models"
PAPERS = [
    {"title": TITLE, "arxiv": "2306.08543"},
    {"title": "Orca: Progressive Learning from Complex Traces", "doi": "10.21105/joss.02121"},
    {"title": "Orca 2: Teaching Small Models How to Reason", "url": "https://a.org/orca.pdf"},
    {"title": "A Survey of Large Models for Speech"},
    {"title": "A Survey of Large Models for Vision"},
]


@pytest.fixture(scope="module")
def listed():
    papers = [paper_from_values(str(number), paper) for number, paper in enumerate(PAPERS)]
    return ListedPapers(identities_of(papers))


@each(
    ("text", "named"),
    [
        (f"The link of “{TITLE}” is dead.", ["0 whole"]),
        (f"更正一下{TITLE}论文链接", ["0 whole"]),
        ("minillm - knowledge distillation of large language MODELS", ["0 whole"]),
        ("The venue of MiniLLM is wrong", ["0 short"]),
        ("the code of minillm", ["0 short"]),
        ("an orca is a whale", []),
        ("Orca 2 is at ICLR, Orca is not", ["2 short", "1 short"]),
        ("Orca 3 is new", []),
        ("MiniLLM: Knowledge Distillation of Large Language", ["0 part"]),
        ("A Survey of Large Models for Robots", []),
        ("A Survey of Large Models for Vision", ["4 whole"]),
    ],
)
def test_a_title_or_a_name_is_found_between_other_words(listed, text, named):
    kinds = {(True, False): "whole", (False, True): "short", (False, False): "part"}
    found = [f"{p.identity.id} {kinds[p.whole, p.short]}" for p in listed.find(text)]
    assert found == named


@each(
    ("address", "paper"),
    [
        ("https://arxiv.org/pdf/2306.08543v2", "0"),
        ("arXiv:2306.08543", "0"),
        ("https://joss.theoj.org/papers/10.21105/joss.02121", "1"),
        ("http://a.org/orca.pdf", "2"),
        ("https://a.org/other.pdf", None),
    ],
)
def test_an_address_is_found_in_all_its_spellings(listed, address, paper):
    found = listed.at_address(address)
    assert (found.id if found else None) == paper


def test_without_a_list_nothing_is_found():
    assert list(ListedPapers(None).find(TITLE)) == []
    assert not ListedPapers(None).is_known


@each("mark", [".", "_", "-"])
def test_a_run_of_marks_behind_a_name_takes_no_time(listed, mark):
    text, start = f"a{mark * 65_000}", time.process_time()
    assert list(listed.find(text)) == []
    assert time.process_time() - start < 0.5
