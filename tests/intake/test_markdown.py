"""Markdown as lines: what is read, what is left out, and how long it may take."""

import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdbot.intake.markdown.blocks import (
    MAX_CHARACTERS,
    MAX_LINES,
    BlockKind,
    bound_text,
    parse_markdown,
)
from kdbot.intake.markdown.inline import parse_inline
from tests.rows import each

N = 65_536
PROSE = "We propose a simple method to distil large models into small ones, and it works. "


def texts(markdown):
    return [line.text for block in parse_markdown(markdown) for line in block.lines]


def urls(markdown):
    return [
        span.url
        for block in parse_markdown(markdown)
        for line in block.lines
        for span in line.spans
        if span.url
    ]


@each(
    ("markdown", "lines"),
    [
        pytest.param("a\nb", ["a", "b"], id="soft-breaks-are-lines"),
        pytest.param("a<br>b", ["a", "b"], id="br-is-a-line"),
        pytest.param("a  \nb\\\nc", ["a", "b", "c"], id="hard-breaks-are-lines"),
        pytest.param("- a\n  - b\n- c", ["a", "b", "c"], id="items"),
        pytest.param("> a\n> b", ["a", "b"], id="quote"),
        pytest.param("**a** *b* `c` d", ["a b c d"], id="emphasis-is-no-text"),
        pytest.param("a &amp; b \\* c", ["a & b * c"], id="entities-and-escapes"),
        pytest.param("![alt](https://x.org/a.png) text", [" text"], id="images-say-nothing"),
        pytest.param(
            "[![Code](b.svg)](https://x.org)", ["Code"], id="but-name-the-link-around-them"
        ),
        pytest.param("<!-- hidden -->\nseen", ["seen"], id="C09-comment-block"),
        pytest.param("seen <!-- hidden --> too", ["seen  too"], id="C09-comment-in-a-line"),
        pytest.param("<!-- open\n\nhidden for ever", [], id="C09-open-comment"),
        pytest.param("```\n<!-- shown -->\n```", ["<!-- shown -->"], id="C09-comment-in-a-fence"),
        pytest.param("<p>a <b>b</b></p>\n<script>x</script>", ["a b"], id="html"),
        pytest.param('<p><img alt="a > b" src="x.png">c</p>', ["c"], id="html-with-a-quoted-end"),
        pytest.param('<p>a\n<a href="https://x.org/b', ["a"], id="html-with-an-open-tag"),
        pytest.param("<p>1 < 2 &amp; 3</p>", ["1 < 2 & 3"], id="html-with-a-bare-mark"),
        pytest.param("<p>a</p><style>b</style>\n<!-- c\nd", ["a"], id="html-that-is-hidden"),
        pytest.param("~~~~\n```\n~~~~\nx", ["```", "x"], id="C02-fence-in-a-fence"),
        pytest.param("```\nnever closed\n\nx", ["never closed", "x"], id="C02-open-fence"),
        pytest.param("", [], id="C06-empty"),
    ],
)
def test_lines_are_what_a_reader_sees(markdown, lines):
    assert texts(markdown) == lines


def test_addresses_stay_as_they_were_written():
    assert urls("[a](https://x.org/ä?b=c&d)") == ["https://x.org/ä?b=c&d"]
    assert urls("[a][b]\n\n[b]: https://x.org/b") == ["https://x.org/b"]
    assert urls("<https://x.org/c>") == ["https://x.org/c"]
    assert urls('<a href="https://x.org/d">d</a>') == ["https://x.org/d"]
    assert urls('<a href="https://x.org/e?a&noteId=1&amp;b">e</a>') == [
        "https://x.org/e?a&noteId=1&b"
    ]
    assert urls("[a](javascript:alert(1))") == []


@each(
    "markdown",
    [
        "**a** [b *c*](https://x.org/b) `d`",
        '<a href="https://x.org/b">b</a> <b>c</b> <ins>d</ins>',
        "[![b](c.svg)](https://x.org/b) d",
        "a<br>b<br/>c",
        "a &amp; b \\* c <!-- d -->",
        '[b](https://x.org/b "title") <https://x.org/c?d=e&f>',
        '<img alt="a > b" src="x.png"><a\thref=https://x.org/b>b</a>',
    ],
)
def test_a_line_says_the_same_in_a_list_and_in_a_proposal(markdown):
    runs = parse_inline(markdown)
    shown = " ".join("".join(r.text for r in runs if not r.is_image).split())
    bare = " ".join(" ".join(texts(markdown)).replace("https://x.org/c?d=e&f", "").split())
    assert shown == bare
    assert [run.url for run in runs if run.url] == list(dict.fromkeys(urls(markdown)))


def test_blocks_know_their_list_items_and_kinds():
    blocks = parse_markdown("# h\n\n- a\n  - b\n- c\n\n> q\n\n```\ncode\n```")
    assert [block.kind for block in blocks] == [
        BlockKind.HEADING,
        *[BlockKind.TEXT] * 4,
        BlockKind.CODE,
    ]
    assert [len(block.items) for block in blocks] == [0, 1, 2, 1, 0, 0]
    assert blocks[1].items[0] == blocks[2].items[0] != blocks[3].items[0]
    assert [block.quoted for block in blocks] == [False] * 4 + [True, False]


class TestBounds:
    def test_what_is_short_is_kept_whole(self):
        bounded = bound_text(PROSE)
        assert (bounded.text, bounded.cut) == (PROSE, False)

    def test_a_word_is_never_cut_in_two(self):
        bounded = bound_text("x" * (MAX_CHARACTERS - 30) + " https://arxiv.org/abs/2306.08543 y")
        assert bounded.cut
        assert bounded.text == "x" * (MAX_CHARACTERS - 30)

    def test_one_endless_word_is_not_read(self):
        assert bound_text("x" * N).text == ""

    def test_lines_are_bounded(self):
        bounded = bound_text("a\n" * (MAX_LINES + 5))
        assert bounded.cut
        assert bounded.text.count("\n") == MAX_LINES - 1

    def test_trailing_line_breaks_are_no_cut(self):
        assert not bound_text("a\n" * MAX_LINES).cut

    @pytest.mark.parametrize("mark", ["\r\n", "\r", "\u2028", "\u2029", "\u0085"])
    def test_C03_every_line_break_is_one(self, mark):
        assert bound_text(f"a{mark}b").text == "a\nb"

    @given(st.text(max_size=300))
    def test_C03_text_with_CRLF_reads_as_text_with_LF(self, text):
        text = text.replace("\r", "")
        assert bound_text(text.replace("\n", "\r\n")).text == bound_text(text).text

    @given(st.text(st.characters(categories=["Cs", "Lu"]), max_size=20))
    def test_lone_surrogates_cannot_leave(self, text):
        bound_text(text).text.encode("utf-8")


def lists(depth):
    return "".join(" " * (2 * i) + "- a\n" for i in range(depth))


def table(columns, row):
    head = "|".join(["a"] * columns)
    return f"{head}\n{'|'.join(['-'] * columns)}\n" + row * N


IDENTIFIERS = [f"2301.{number:05d}" for number in range(1, 4_000)]
# What cost most in stock parsers, and what costs most here.
ADVERSARIES = {
    "lazy-quote": ">" * 40 + "a\n" + "b\n" * N,
    "quotes": (">" * 40 + " a\n") * N,
    "image": "![" * N,
    "bracket": "[" * N,
    "brackets": "[]" * N,
    "link": "[a](" * N,
    "link-open": "[a](<b" * N,
    "nested-links": "[a](b " * N,
    "comment": "<!--" * N,
    "comments": "x <!-- a --> " * N,
    "backtick": "`" * N,
    "backticks": "".join("`" * n + " " for n in range(1, 360)),
    "at": "a@" * N,
    "blank": " " * N,
    "tab": "\t" * N,
    "hash": "#" * N,
    "headings": "# a\n" * N,
    "line-feed": "\n" * N,
    "star": "*" * N,
    "stars": "**a*" * N,
    "underscore": "_" * N,
    "nested-emphasis": "*a _b " * N,
    "bar": "|" * N,
    "table-500": table(500, "a\n"),
    "table-rows": "| Title | Link |\n|--|--|\n" + "| A B C D | arxiv.org/abs/2301.00001 |\n" * N,
    "nested-lists": lists(300),
    "items-in-one-line": "- " * N,
    "quoted-items": "> - " * N,
    "tree": "- a\n  - b\n" * N,
    "reference": "[a]: b\n" * N,
    "reference-title": '[a]: b\n"' * N,
    "tag": "<a " * N,
    "tags": '<a href="https://arxiv.org/abs/2301.00001">x</a> ' * N,
    "blocks-of-html": "<p>\n<td>" * N,
    "declaration": "<![CDATA[" * N,
    "setext": "a\nb\n" * 900 + "===",
    "indented": "    a\n" * N,
    "fences": "```\n### Title\n" * N,
    "crossed-fences": "```\n~~~\n" * N,
    "form": "### Title\n\na\n\n### Paper link or identifier\n\nb\n\n" * N,
    "form-in-pre": "### Title\n<pre>\n### Code\n" * N,
    "scheme": "http://" * N,
    "brackets-behind-address": "http://a" + ")" * N,
    "links": "".join(f"https://arxiv.org/abs/{i} " for i in IDENTIFIERS),
    "links-in-lines": "".join(f"https://arxiv.org/abs/{i}\n" for i in IDENTIFIERS),
    "linked-titles": "".join(f"[A Title of a Paper](arxiv.org/abs/{i}) " for i in IDENTIFIERS),
    "identifiers": " ".join(IDENTIFIERS),
    "numbers": "1." * N,
    "quote-marks": '"a title of a thing ' * N,
    "titles": "A Title of a Paper\n" * N,
    "capitals": "AB " * N,
    "venues": "ICLR 2024 " * N,
    "names": "Ann Lee, " * N,
    "labels": "Title: Code: x " * N,
    "labels-in-code": "Title: ]```" * N,
    "runs-of-blanks": ("<" * 20 + " " * 300) * N,
    "bold-titles": "".join(f"**A Title of Paper {n}** " for n in range(4_000)),
    "bibtex": "@article{a, title={" * N,
    "bibtex-fields": "title={a} author={b} " * N,
    "requests": "add HOMER and " * N,
    "questions": "Add a paper? " * N,
    "mentions": "uses code of our new work " * N,
    "astral": "😀" * N,
    **{
        f"G08-{name}": unit * N
        for name, unit in {
            "code-between-stops": "！``文``",
            "longer-code-between-stops": "！``文文文``",
            "bold-between-stops": "**文文文**！",
            "underlined-between-stops": "__文文文__！",
            "code-in-brackets": "(``aaa``)！",
            "linked-between-stops": "！[文文文](https://x.yz)",
            "titles-in-code-between-stops": "！``A Title of Things``",
            "stops": "！",
            "breaks": "文文文！<br>",
            "half-stars": "文文文*！",
            "labels-in-code-between-stops": "！Title: ``a b c``",
            "identifiers-in-code-between-stops": "！`2402.12030`",
        }.items()
    },
}


@cache
def allowed(propose):
    """Seconds: five times as long as plain prose, or half a second."""
    return max(0.5, 5 * seconds(propose, PROSE * 1_000))


def seconds(propose, text):
    start = time.process_time()
    propose("Add a paper", text[:N])
    return time.process_time() - start


@each("text", ADVERSARIES.values(), ids=[f"C08-{name}" for name in ADVERSARIES])
def test_hostile_text_costs_little_more_than_prose(propose, text):
    assert any(seconds(propose, text) < allowed(propose) for _ in range(2))


@each("name", ["C08-title-bracket", "C08-title-quote-marks", "C08-title-capitals"])
def test_a_hostile_title_costs_little_more_than_prose(propose, name):
    start = time.process_time()
    propose(ADVERSARIES[name.removeprefix("C08-title-")][:N], "Please add my paper.")
    assert time.process_time() - start < allowed(propose)


PIECES = (
    *"#*_`~<>[]()!|-+:\"'\\&@.=\n\t ",
    *("1. ", "```", "```\n", "<!--", "-->", "http://", "[a]: ", "### Title\n\n"),
    *("arXiv:2301.00001 ", "Title: ", "add ", "**A Title of It** "),
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(PIECES), st.integers(1, 300)),
        min_size=1,
        max_size=8,
    ),
    st.integers(1, 200),
)
def test_C08_any_markdown_ends_in_a_proposal_in_time(propose, pieces, times):
    text = "".join(piece * count for piece, count in pieces) * times
    # A second run for the sake of a machine that is busy with something else.
    assert any(seconds(propose, text) < allowed(propose) for _ in range(2))


@given(st.text(max_size=400), st.text(max_size=80))
def test_any_text_ends_in_a_proposal(propose, body, title):
    propose(title, body)
