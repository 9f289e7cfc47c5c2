"""The canonical writer: one text for one record."""

from datetime import date
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kdbot.intake.record import parse_record
from kdbot.intake.yaml_text import parse_yaml
from kdbot.model.paper import Paper, json_values, paper_from_values, paper_values
from kdbot.model.schema import parse_schema
from kdbot.review.draft import Draft
from kdbot.text.record import render_record
from tests.rows import each

ROOT = Path(__file__).resolve().parents[2]

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


def test_a_year_is_a_number_to_every_reader_and_other_titles_stand_on_one_line():
    paper = Paper(id="x", title="T", other_titles=("A: B", "C " * 60 + "D"), year="2024")
    text = render_record(paper, SCHEMA)
    assert yaml.safe_load(text) == json_values(paper) == {**paper_values(paper), "year": 2024}
    assert text.count("\n") == 3
    assert parse_record(text.encode(), "papers/x.yaml").findings == ()


@each("line", ['year: "2024"', "year: 02024", "year: 2024 AD", "date: 2024"])
def test_a_year_in_another_form_is_told(line):
    read = parse_record(f"title: T\n{line}\n".encode(), "papers/x.yaml")
    assert [f.code for f in read.findings] == (["yaml-ambiguous"] if "AD" not in line else [])


AMBIGUOUS = ["NO", "yes", "true", "null", "~", "1e3", "0x1F", "12", "1:30", "- a", "a: b", "a #b"]


@each("text", [*AMBIGUOUS, "on", "Y", ".5", "2023-01-01x", "?", "*", " a", ""])
def test_no_reader_takes_a_text_for_anything_else(text):
    line = render_record(Paper(id="x", title="T", venue=text or None), SCHEMA)
    value = yaml.safe_load(line).get("venue")
    assert value == (text or None)


STRANGE = [
    *AMBIGUOUS, "y", "On", "NULL", "Null", "nan", ".nan", ".inf", "-.INF", "0o17", "017", "1_000",
    "190:20:30", "+1", "1.", "2024-02", "2024-13", "2024-02-30", "2024-02-29",
    "2024-02-29 10:00:00", "?", "a?", "https://a.b/?c=d", "a ", "a:", "a: ", "a #b", "a,b", "[a]",
    "{a}", "&a", "*a", "!a",
    "%a", "@a", "`a`", "|", ">", "-", "--- a", "...", "<<", "=", "a=b", "'a'", '"a"', "\\", "a\tb",
    "a\nb", "\x85", "\u2028", "\ufeff", "\x7f", "\U000e0041", "😀", "é", "Ⅷ", "٣", "<!-- -->",
]  # fmt: skip
values = st.one_of(
    st.sampled_from(STRANGE),
    st.text(alphabet="-?:#,[]{}&*!%@`|>'\"\\/.=+~_ \t\ny019aZé", min_size=1, max_size=12),
    st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=12),
    st.dates().map(str),
    st.integers().map(str),
    st.floats().map(str),
    st.from_regex(r"https?://[a-z]{1,3}\.[a-z]{2}/[!-~]{0,20}", fullmatch=True),
)
TEXT_FIELDS = ("title", "arxiv", "url", "venue", "date", "note", "added", "model")
LIST_FIELDS = ("authors", "code", "categories", "topics")


def as_text(value):
    """A value as PyYAML gives it; a day and a year as their texts, which are none to it."""
    if isinstance(value, list):
        return [as_text(item) for item in value]
    return str(value) if isinstance(value, date) or type(value) is int else value


@given(
    texts=st.fixed_dictionaries({}, optional=dict.fromkeys(TEXT_FIELDS, values)),
    lists=st.fixed_dictionaries(
        {}, optional=dict.fromkeys(LIST_FIELDS, st.lists(values, min_size=1, max_size=3))
    ),
)
@hypothesis_settings(max_examples=300)
def test_G11_what_is_written_is_the_same_to_PyYAML(texts, lists):
    paper = paper_from_values("x", {"title": "", **texts, **lists})
    text = render_record(paper, SCHEMA)
    read = yaml.safe_load(text)
    assert {name: as_text(value) for name, value in read.items()} == paper_values(paper)
    assert all(type(value) in {str, list, date} for value in read.values())
    assert not isinstance(read["title"], date)
    assert parse_record(text.encode(), "papers/x.yaml").findings == ()


def test_G11_what_is_written_of_the_list_is_the_same_to_PyYAML():
    for path in sorted((ROOT / "papers").iterdir()):
        data = path.read_bytes()
        ours = parse_yaml(data, path.name).value
        assert {k: as_text(v) for k, v in yaml.safe_load(data).items()} == ours
        assert parse_record(data, path.name).findings == ()


@each("text", STRANGE)
def test_G11_a_line_to_take_over_is_the_same_to_PyYAML(text):
    source = 'title: "T"\ncode: [https://a.b/c]\n'
    candidate = parse_record(source.encode(), "papers/x.yaml")
    draft = Draft(candidate=candidate, values={}, given=candidate.given)
    line = draft.fixed_line("code", text, item=0)
    assert yaml.safe_load(line) == {"code": [text]}


text_values = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029"), min_size=1
)


@given(title=text_values, venue=text_values, authors=st.lists(text_values, max_size=4))
def test_what_is_written_is_read_back(title, venue, authors):
    paper = Paper(id="x", title=title, venue=venue, authors=tuple(authors))
    document = parse_yaml(render_record(paper, SCHEMA).encode(), "papers/x.yaml")
    assert document.value == paper_values(paper)
