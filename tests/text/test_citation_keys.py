"""BibTeX keys: the form that people write, unique, and never empty."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.paper import Paper
from kdbot.text.names import citation_key, split_name
from tests.rows import each

MINILLM = Paper(
    id="2306.08543",
    title="MiniLLM: Knowledge Distillation of Large Language Models",
    authors=("Yuxian Gu", "Li Dong"),
    venue="ICLR",
    year="2024",
    date="2023-06",
)


@each(
    ("title", "authors", "year", "date", "key"),
    [
        (MINILLM.title, ("Yuxian Gu",), "2024", "2023-06", "gu2024minillm"),
        (MINILLM.title, ("Yuxian Gu",), None, "2023-06", "gu2023minillm"),
        (MINILLM.title, ("Yuxian Gu",), None, None, "guminillm"),
        (MINILLM.title, (), "2024", None, "minillm2024knowledge"),
        ("Is GPT-3 a Good Data Annotator?", ("Bosheng Ding",), "2023", None, "ding2023gpt"),
        ("On the Why", ("Hinrich Schütze",), "2021", None, "schutze2021on"),
        ("On-Policy Distillation", ("Nando de Freitas",), "2024", None, "defreitas2024policy"),
        ("L'été", ("Łukasz Kaiser Jr.",), "2024", None, "kaiser2024lete"),
        ("Attention", ("Vaswani, Ashish",), "2017", None, "vaswani2017attention"),
        ("7 Ways", (), "2024", None, "paper72024ways"),
        ("大模型", ("王伟",), "2024", None, "paper2024"),
    ],
)
def test_a_key_is_what_people_write(title, authors, year, date, key):
    paper = Paper(id="x", title=title, authors=authors, year=year, date=date)
    assert citation_key(paper) == key


def test_a_key_that_is_taken_gets_a_letter():
    taken: set[str] = set()
    for _ in range(28):
        taken.add(citation_key(MINILLM, taken))
    assert {"gu2024minillm", "gu2024minillma", "gu2024minillmz", "gu2024minillmaa"} <= taken
    assert len(taken) == 28


@each(
    ("name", "given", "family", "key"),
    [
        ("Jimmy Ba", "Jimmy", "Ba", "ba"),
        ("Allie del Giorno", "Allie", "del Giorno", "delgiorno"),
        ("Yann Ångström, Jr.", "Yann Jr.", "Ångström", "angstrom"),
        ("Yann Ångström III", "Yann III", "Ångström", "angstrom"),
        ("Kaiser, Łukasz", "Łukasz", "Kaiser", "kaiser"),
        ("van Gogh", "van", "Gogh", "gogh"),
        ("OpenAI", "", "OpenAI", "openai"),
        ("", "", "", ""),
    ],
)
def test_a_name_falls_into_its_parts(name, given, family, key):
    assert split_name(name) == (given, family)
    expected = f"{key}2024minillm" if key else "minillm2024knowledge"
    assert citation_key(replace(MINILLM, authors=(name,))) == expected


@given(st.text(max_size=60), st.lists(st.text(max_size=40), max_size=2))
def test_every_key_has_the_form_of_the_schema(title, authors):
    key = citation_key(Paper(id="x", title=title, authors=tuple(authors), date="2024-01"))
    assert re.fullmatch("[a-z][a-z0-9-]*", key)
    assert len(key) <= 80
