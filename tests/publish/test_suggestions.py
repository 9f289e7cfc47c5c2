"""Suggestions: for which lines there is one, what it says, and that it is known again."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kdbot.intake.record import parse_record
from kdbot.model.finding import Finding, Severity, quote
from kdbot.model.form import form_fields
from kdbot.publish.comment.context import CommentContext, ItemKind
from kdbot.publish.comment.suggestions import render_suggestions, suggestion_marker
from tests.rows import each

FILE = "papers/2301.10000.yaml"
LINES = [
    'title: "Small Students of Large Teachers"\n',
    'arxiv: "2301.10000"\n',
    "venue: NIPS\n",
    "date: 2023-01\n",
    "code:\n  - https://github.com/o/r\n",
    "categories:\n  - methods/search/beam # the best\n  - tasks/law\n",
]
TEXT = "".join(LINES)


@pytest.fixture(scope="session")
def suggest(settings, schema, taxonomy):
    here = replace(settings, repository="o/list")
    context = CommentContext(
        settings=here,
        schema=schema,
        taxonomy=taxonomy,
        form=form_fields(here, schema, taxonomy),
        version="1.4.0",
        kind=ItemKind.PULL,
        head_sha="a" * 40,
    )

    def run(text, *findings, shown=None):
        record = parse_record(text.encode(), FILE)
        lines = frozenset(range(1, text.count("\n") + 1)) if shown is None else frozenset(shown)
        return render_suggestions(
            findings, [record], {FILE: lines}, reorder="key-order", context=context
        )

    return run


def finding(line, replacement, message="I read `NIPS`.", code="not-canonical"):
    return Finding(
        code=code,
        severity=Severity.WARNING,
        message=message,
        file=FILE,
        line=line,
        replacement=replacement,
    )


ORDER = replace(finding(1, None), code="key-order")


def apply(text, suggestion):
    """The file after a click."""
    lines = text.split("\n")
    mended = suggestion.body.partition("```suggestion\n")[2].removesuffix("\n```")
    lines[suggestion.start - 1 : suggestion.end] = mended.split("\n")
    return "\n".join(lines)


def test_a_known_line_is_suggested_with_its_reason(suggest):
    (one,) = suggest(TEXT, finding(3, "venue: NeurIPS"))
    assert (one.path, one.start, one.end) == (FILE, 3, 3)
    assert apply(TEXT, one) == TEXT.replace("NIPS", "NeurIPS")
    assert one.body == (
        f"{one.marker}\nI read `NIPS`. ([not-canonical]"
        "(https://github.com/o/list/blob/main/docs/findings.md#not-canonical))\n\n"
        "```suggestion\nvenue: NeurIPS\n```"
    )


NONE = {
    "no replacement": (finding(3, None), None),
    "no line": (replace(finding(3, "x"), line=None), None),
    "another file": (replace(finding(3, "x"), file="papers/other.yaml"), None),
    "the same text": (finding(3, "venue: NIPS"), None),
    "beside the diff": (finding(3, "venue: NeurIPS"), {1, 2, 4}),
    "below the file": (finding(99, "x"), set(range(200))),
    "an order that is right": (ORDER, None),
}


@each(("told", "shown"), NONE.values(), ids=list(NONE))
def test_there_is_none_where_it_is_unsure_or_would_be_refused(suggest, told, shown):
    assert suggest(TEXT, told, shown=shown) == ()


def test_G03_a_suggestion_that_GitHub_would_not_take_is_none(suggest):
    assert len(suggest(TEXT, finding(3, "venue: " + "V" * 50_000))) == 1
    assert suggest(TEXT, finding(3, "venue: " + "V" * 60_000)) == ()


def test_of_two_for_one_line_the_first_is_made(suggest):
    (one,) = suggest(TEXT, finding(3, "venue: NeurIPS"), finding(3, "venue: ICLR"))
    assert "NeurIPS" in one.body


def test_it_is_known_again_when_its_line_has_moved(suggest):
    (here,) = suggest(TEXT, finding(3, "venue: NeurIPS"))
    (there,) = suggest(f"# a comment\n{TEXT}", finding(4, "venue: NeurIPS"))
    assert here.marker == there.marker
    assert suggestion_marker(there.body) == here.marker


OTHERS = [
    finding(3, "venue: ICLR"),
    finding(4, "venue: NeurIPS"),
    replace(finding(3, "venue: NeurIPS"), code="other"),
]


@each("other", OTHERS)
def test_another_text_line_or_reason_is_another_one(suggest, other):
    (one,) = suggest(TEXT, finding(3, "venue: NeurIPS"))
    (two,) = suggest(TEXT, other)
    assert one.marker != two.marker


def test_two_equal_lines_are_two(suggest):
    text = TEXT.replace("  - tasks/law\n", "  - x\n  - x\n")
    found = suggest(text, finding(9, "  - tasks/law"), finding(10, "  - tasks/law"))
    assert len({one.marker for one in found}) == 2


@given(order=st.permutations(range(len(LINES))))
def test_lines_of_another_order_are_moved_and_none_is_lost(suggest, order):
    text = "".join(LINES[index] for index in order)
    found = suggest(text, ORDER)
    if text == TEXT:
        assert found == ()
        return
    (one,) = found
    assert apply(text, one) == TEXT


def test_what_stands_above_the_first_field_stays_there(suggest):
    text = f"# about this file\n{LINES[1]}{LINES[0]}{''.join(LINES[2:])}"
    (one,) = suggest(text, ORDER)
    assert apply(text, one) == f"# about this file\n{TEXT}"


HOSTILE = [
    pytest.param("@everyone #1 GH-1", id="B01-B02"),
    pytest.param("<!-- kdbot:suggestion 00 --> --> <img src=x>", id="B06-B11"),
    pytest.param("``` ````` ~~~", id="B05"),
    pytest.param("[x](javascript:alert(1)) ![p](https://evil.example/x.png)", id="B07-B08"),
    pytest.param("::error::x", id="A14"),
]


@each("text", HOSTILE)
def test_what_others_wrote_stays_text(suggest, text):
    replacement = f"title: {text}"
    (one,) = suggest(TEXT, finding(1, replacement, message=f"I read {quote(text)} and {text}."))
    tokens = MarkdownIt("commonmark").parse(one.body.partition("\n")[2])
    fences = [token for token in tokens if token.type == "fence"]
    assert [(f.info, f.content) for f in fences] == [("suggestion", f"{replacement}\n")]
    assert not any(token.type == "html_block" for token in tokens)
    inline = next(token for token in tokens if token.type == "inline")
    kinds = {child.type for child in inline.children}
    assert "image" not in kinds
    links = [c.attrs["href"] for c in inline.children if c.type == "link_open"]
    assert links == ["https://github.com/o/list/blob/main/docs/findings.md#not-canonical"]
