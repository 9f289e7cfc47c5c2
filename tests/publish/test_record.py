"""The canonical writer: one text for one record."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kdbot.intake.yaml_text import parse_yaml
from kdbot.model.paper import Paper, paper_values
from kdbot.model.schema import parse_schema
from kdbot.publish.record import render_record

SCHEMA = parse_schema(
    {
        "properties": {
            name: {"type": kind}
            for name, kind in [
                ("title", "string"),
                ("arxiv", "string"),
                ("url", "string"),
                ("venue", "string"),
                ("date", "string"),
                ("authors", "array"),
                ("code", "array"),
                ("categories", "array"),
                ("added", "string"),
                ("withdrawn", "boolean"),
                ("model", "string"),
            ]
        },
        "required": ["title"],
    }
)

PAPER = Paper(
    id="2402.12030",
    title='A "quoted" title: with a colon',
    arxiv="2402.12030",
    venue="arXiv",
    date="2024-02",
    authors=("Nicolas Boizard", "O'Brien, Jr."),
    code=("https://github.com/Nicolas-BZRD/llm-recipes",),
    categories=("a/b",),
    added="2024-03-18",
    withdrawn=True,
    extra=(("model", "7B"),),
)


def test_writes_keys_in_the_order_of_the_schema():
    assert render_record(PAPER, SCHEMA) == (
        'title: "A \\"quoted\\" title: with a colon"\n'
        'arxiv: "2402.12030"\n'
        "venue: arXiv\n"
        "date: 2024-02\n"
        'authors: [Nicolas Boizard, "O\'Brien, Jr."]\n'
        "code: [https://github.com/Nicolas-BZRD/llm-recipes]\n"
        "categories:\n"
        "  - a/b\n"
        "added: 2024-03-18\n"
        "withdrawn: true\n"
        'model: "7B"\n'
    )


def test_a_long_list_stands_one_item_a_line():
    names = tuple(f"First Lastname{i}" for i in range(8))
    text = render_record(Paper(id="x", title="Title", authors=names), SCHEMA)
    assert text.splitlines()[1:4] == ["authors:", "  - First Lastname0", "  - First Lastname1"]


AMBIGUOUS = ["NO", "yes", "true", "null", "~", "1e3", "0x1F", "12", "1:30", "- a", "a: b", "a #b"]


@pytest.mark.parametrize("text", [*AMBIGUOUS, "on", "Y", ".5", "2023-01-01x", "?", "*", " a", ""])
def test_no_reader_takes_a_text_for_anything_else(text):
    line = render_record(Paper(id="x", title="T", venue=text or None), SCHEMA)
    value = yaml.safe_load(line).get("venue")
    assert value == (text or None)


text_values = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029"), min_size=1
)


@given(title=text_values, venue=text_values, authors=st.lists(text_values, max_size=4))
def test_what_is_written_is_read_back(title, venue, authors):
    paper = Paper(id="x", title=title, venue=venue, authors=tuple(authors))
    document = parse_yaml(render_record(paper, SCHEMA).encode(), "papers/x.yaml")
    assert document.value == paper_values(paper)
