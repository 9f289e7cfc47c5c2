"""Escaped text reads as it was written, and nothing in it is alive."""

import re
from urllib.parse import unquote

import html5lib
import pytest
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kdbot.publish.markdown import (
    escape_code,
    escape_message,
    escape_text,
    is_address,
    link,
    link_target,
    visible_text,
)
from tests.rows import each

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])

HOSTILE = [
    "a | b || c",
    "`code` ``more`` `",
    "back\\slash \\| \\",
    "trailing \\",
    "<img src=x onerror=alert(1)> <!-- gone --> </td>",
    "$\\pi$-Tuning costs $5 and $10",
    "**bold** _it_ ~~gone~~ [x](javascript:alert(1)) ![i](http://x/y.png)",
    "&lt; &amp; &#60; AT&T",
    "Emoji 👩‍🔬 🎉 :x: :+1: :100:",
    "@everyone @org/team mail me@example.org",
    "#1 GH-1 owner/repo#12 Fixes #12",
    "www.example.org http://example.org/a https://x.y",
    "1. one",
    "# heading",
    "> quote",
    "- item",
    "---",
    "[ref]: http://example.org",
    "x[^1] {braces} =equal= ==mark==",
]
PIECES = st.sampled_from(
    [*"|\\`*_~<>&$@#:[]()!-.'\"{}^=+ ", "@a", "#1", "GH-1", ":x:", "www.", "http://", "&amp;"]
)
TEXTS = st.lists(
    PIECES | st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=4), max_size=12
).map("".join)


def _in_cell(markdown: str) -> tuple[str, list[str]]:
    """Return text and links of the middle cell of a row of three."""
    table = f"| A | B | C |\n| - | - | - |\n| x | {markdown} | z |\n"
    inlines = [t for t in MARKDOWN.parse(table) if t.type == "inline"][3:]
    assert [inlines[0].content, inlines[2].content] == ["x", "z"], markdown
    assert len(inlines) == 3
    children = inlines[1].children or []
    assert {t.content for t in children if t.type == "html_inline"} <= {"<span>", "</span>"}
    kinds = {"text", "html_inline", "link_open", "link_close", "text_special"}
    assert {t.type for t in children} <= kinds
    text = "".join(t.content for t in children if t.type != "html_inline")
    return text, [str(t.attrGet("href")) for t in children if t.type == "link_open"]


@each("text", HOSTILE)
def test_a_cell_reads_as_the_record(text):
    assert _in_cell(escape_text(text)) == (text, [])


@given(text=TEXTS)
def test_any_cell_reads_as_the_record(text):
    assert _in_cell(escape_text(text)) == (visible_text(text), [])


@given(text=TEXTS, path=TEXTS)
def test_any_link_reads_as_the_record(text, path):
    url = f"https://example.org/{path}"
    read, links = _in_cell(link(text, url))
    assert read == visible_text(text)
    if read:
        assert [unquote(found) for found in links] == [unquote(url)]


@each(
    ("text", "alive"),
    [
        pytest.param("@everyone @org/team @victim", r"@[0-9A-Za-z]", id="B01-mention"),
        pytest.param("see #1", r"#[0-9]", id="B02-issue"),
        pytest.param("see GH-1 and gh-22", r"(?i)gh-[0-9]", id="B02-GH"),
        pytest.param("owner/repo#1", r"#[0-9]", id="B02-repository"),
        pytest.param("owner/repo@abc1234", r"@[0-9A-Za-z]", id="B02-commit"),
        pytest.param("https://github.com/o/r/issues/1", r"https?://", id="B02-address"),
        pytest.param("www.example.org", r"(?i)www\.", id="B02-www"),
        pytest.param("a | b\nc", r"[|\n]", id="B05"),
        pytest.param("<b><!-- x --></td>", r"<(?!/?span>)|-->", id="B06"),
        pytest.param("[x](javascript:alert(1))", r"(?<!\\)[\[\]]", id="B07"),
        pytest.param("![x](http://example.org/pixel.png)", r"(?<!\\)\[|://", id="B08"),
        pytest.param("<!-- kdbot:report sha256=0 -->", r"<!--", id="B11"),
        pytest.param("a\u202eb\u200bc\U000e0041", "[\u200b-\u206f\U000e0041]", id="D18"),
        pytest.param("$x$", r"\$(?!<)", id="math"),
        pytest.param(":x: :white_check_mark:", r":[a-z\\_]+:", id="emoji"),
    ],
)  # fmt: skip
def test_nothing_stays_alive(text, alive):
    assert re.search(alive, text)
    assert not re.search(alive, escape_text(text))


@each(
    ("text", "shown"),
    [
        ("a\u202eb", r"a\u{202e}b"),
        ("soft\xadhyphen", r"soft\u{ad}hyphen"),
        ("lone \ud800", r"lone \u{d800}"),
        ("two\r\nlines\u2028three", "two lines three"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("a\u200db", r"a\u{200d}b"),
        ("naïve Ελλάδα 日本", "naïve Ελλάδα 日本"),
    ],
)
def test_what_cannot_be_seen_is_shown(text, shown):
    assert visible_text(text) == shown
    assert _in_cell(escape_text(text))[0] == shown


@given(text=TEXTS)
def test_code_stays_one_element_in_any_cell(text):
    markdown = escape_code(text)
    table = f"| A |\n| - |\n| {markdown} |\n"
    children = [t for t in MARKDOWN.parse(table) if t.type == "inline"][1].children or []
    read = "".join(t.content for t in children if t.type != "html_inline")
    if [t.type for t in children] != ["code_inline"]:
        tags = [t.content for t in children if t.type == "html_inline"]
        assert [tag for tag in tags if "span" not in tag] == ["<code>", "</code>"]
        assert {t.type for t in children} <= {"text", "text_special", "html_inline"}
        assert markdown.count("<") == 2 + 2 * text.count("@")
    assert read == visible_text(text)


@each(
    ("url", "target"),
    [
        ("https://example.org/a(b) c", "https://example.org/a%28b%29%20c"),
        ("https://example.org/?a=1&copy=2", "https://example.org/?a=1&amp;copy=2"),
        ("https://example.org/%28", "https://example.org/%28"),
        ('https://example.org/<">`|\\', "https://example.org/%3C%22%3E%60%7C%5C"),
        ("https://example.org/ü", "https://example.org/%C3%BC"),
        ("https://example.org/$x$", "https://example.org/%24x%24"),
    ],
)
def test_a_target_is_percent_encoded(url, target):
    assert link_target(url) == target
    assert link_target(target.replace("&amp;", "&")) == target


@each("url", ["javascript:alert(1)", "data:text/html,x", "ftp://x/y", "//x/y", "", "https://"])
def test_only_web_addresses_are_linked_B07(url):
    assert not is_address(url)
    assert link("title", url) == "title"


MAIL = [
    "mailto:a@b.com",
    "xmpp:a@b.com/x",
    "a.b+c@d-e.co.uk",
    "`a@b.com` and mailto:a@b.com",
    "_a@b.com_ <b@c.org>",
    "https://evil.example/a@b.com",
    "`www.evil.example` ftp://evil.example/x",
    "a@b.com`xmpp:c@d.org`",
]


def rendered(markdown: str):
    """What GitHub's own renderer makes of a text, before it takes dangerous tags away."""
    text = github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE)
    return html5lib.parseFragment(text, namespaceHTMLElements=False)


@each("text", MAIL)
def test_G19_no_address_becomes_a_link_in_githubs_renderer(text):
    for escape in (escape_text, escape_code, escape_message):
        page = rendered(f"| A | B |\n| - | - |\n| x | {escape(text)} |\n\n{escape(text)}\n")
        assert page.findall(".//a") == [], escape
        assert not page.findall(".//img")


@given(TEXTS | st.lists(st.sampled_from([*MAIL, *"` <\\|"])).map("".join))
def test_G19_text_and_code_never_link_in_githubs_renderer(text):
    for escape in (escape_text, escape_code):
        page = rendered(f"| A | B | C |\n| - | - | - |\n| x | {escape(text)} | z |\n")
        assert page.findall(".//a") == []
        cells = [cell for row in page.iter("tr") for cell in row]
        assert len(cells) == 6
