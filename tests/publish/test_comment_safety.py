"""What others wrote stays text in a comment, however hostile, and the comment stays in bounds."""

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kdbot.model.finding import Finding, Severity, quote
from kdbot.model.form import form_fields
from kdbot.model.paper import Paper
from kdbot.model.report import PaperReport, Report, Verdict
from kdbot.publish.comment.context import CommentContext, ItemKind, comment_link
from kdbot.publish.comment.notes import (
    COMMENT_LIMIT,
    comment_length,
    render_acceptance_reset,
    render_accepted,
    render_duplicate_note,
)
from kdbot.publish.comment.render import render_comment
from kdbot.publish.comment.words import Words
from kdbot.text.characters import INVISIBLE
from tests.rows import each

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_INLINE, _PARSED = MARKDOWN.inline.parse, {}


def parse_once(source, markdown, env, tokens):
    """Parse what comments have in common, their papers' lines and the bot's words, once."""
    assert not env.get("references")  # without those, a line has one reading
    if source not in _PARSED:
        _PARSED[source] = _INLINE(source, markdown, env, [])
    tokens.extend(_PARSED[source])
    return tokens


MARKDOWN.inline.parse = parse_once
ALLOWED_TAGS = {"code", "details", "summary", "span", "sub"}
LINKED = {"arxiv.org", "github.com", "redirect.github.com", "doi.org", "huggingface.co"}

ATTACKS = [
    pytest.param("@everyone @org/team @victim", id="B01"),
    pytest.param("#1 GH-1 owner/repo#1 https://github.com/o/r/issues/1", id="B02"),
    pytest.param("Fixes #12, closes GH-12", id="B03"),
    pytest.param("a | b\n\n| c | `d` ``` e", id="B05-table"),
    pytest.param("``````\n~~~\n```yaml", id="B05-fence"),
    pytest.param("<img src=x> <details> <!-- </td> </details> <script>", id="B06"),
    pytest.param("[x](javascript:alert(1)) [y](data:text/html,z) <https://evil.example>", id="B07"),
    pytest.param("![p](https://evil.example/pixel.png)", id="B08"),
    pytest.param("<!-- kdbot:report sha256=00 --> -->", id="B11"),
    pytest.param("--> <!-- kdbot:note accepted -->", id="B11-note"),
    pytest.param("\u202eevil\u2066 zero\u200bwidth \U000e0041", id="D18"),
    pytest.param("::error::x\n::add-mask::y", id="A14"),
    pytest.param("$$x$$ :x: www.example.org ftp://a me@example.org", id="GitHub-own"),
    pytest.param("</code></sub></details>```\n# heading\n> quote\n- list\n1. x\n***", id="blocks"),
]
TEXTS = st.lists(
    st.sampled_from(
        ["`", "```", "\n", "|", "<", "-->", "<!--", "@a", "#1", "]", "[", "](", ")", "$", ":x:",
         "\\", "*", "_", "~~", "&lt;", "\u202e", "\u200b", "www.x.y", "https://a.b", "GH-1", "!["]
    )
    | st.text(max_size=5),
    max_size=15,
).map("".join)  # fmt: skip


@pytest.fixture(scope="session")
def context(settings, schema, taxonomy):
    def build(**other) -> CommentContext:
        here = replace(settings, repository="o/list")
        form = form_fields(here, schema, taxonomy)
        values = {"settings": here, "schema": schema, "taxonomy": taxonomy, "form": form}
        return CommentContext(**{**values, "version": "1.4.0", **other})

    return build


def hostile_report(text: str, verdict: Verdict, verdicts: Iterable[Verdict] = Verdict) -> Report:
    paper = Paper(
        id="2301.10000",
        title=text,
        arxiv="2301.10000",
        venue=text,
        date=text,
        authors=(text, text),
        code=(text, f"https://github.com/{text}", "https://github.com/o/r/issues/1"),
        project=(f"https://evil.example/{text}",),
        data=(text,),
        categories=("tasks/law", text),
        note=text,
        extra=(("topics", (text,)),),
    )
    before = replace(paper, title="Before", venue=None, code=(), categories=("tasks/law",))
    findings = tuple(
        Finding(
            code="some-code",
            severity=severity,
            message=f"I read {quote(text)} and {text}",
            fix=text,
            field=field,
            file=f"papers/{text}",
            line=3,
        )
        for severity in Severity
        for field in ("title", "arxiv", None)
    )
    papers = tuple(
        PaperReport(
            paper=paper,
            file="papers/2301.10000.yaml",
            verdict=of_paper,
            findings=findings,
            before=before,
        )
        for of_paper in verdicts
    )
    return Report(verdict=verdict, papers=papers, findings=findings)


def check(comment: str) -> None:
    first, _, rest = comment.partition("\n")
    assert re.fullmatch(r"<!-- kdbot:(report|note [a-z-]+)( sha256=[0-9a-f]{64})? -->", first)
    assert "<!--" not in rest
    assert "-->" not in rest
    assert not INVISIBLE.search(comment)
    assert comment_length(comment) <= COMMENT_LIMIT
    assert not any(line.lstrip().startswith("::") for line in comment.split("\n"))
    tokens = MARKDOWN.parse(comment)
    assert {t.type for t in tokens} & {"heading_open", "blockquote_open", "hr"} == set()
    html = []
    for token in tokens:
        if token.type == "fence":
            assert token.markup
        elif token.type == "html_block":
            html.append(token.content)
        for child in token.children or []:
            assert child.type != "image"
            if child.type == "html_inline":
                html.append(child.content)
            elif child.type == "link_open":
                assert urlsplit(str(child.attrGet("href"))).hostname in LINKED
    tags = re.findall(r"<(/?)([a-z]+)>", "".join(html))
    assert re.sub(r"</?[a-z]+>", "", "".join(html)).count("<") == 1  # the marker
    assert {name for _, name in tags} <= ALLOWED_TAGS
    for name in ALLOWED_TAGS:
        assert tags.count(("", name)) == tags.count(("/", name))
    check_words(tokens)


def check_words(tokens) -> None:
    """No text node that GitHub would look at holds a mention, a reference or an address."""
    for token in tokens:
        in_code = in_link = False
        for child in token.children or []:
            if child.type == "html_inline" and "code>" in child.content:
                in_code = not child.content.startswith("</")
            elif child.type in {"link_open", "link_close"}:
                in_link = child.type == "link_open"
            elif child.type in {"text", "text_special"} and not (in_code or in_link):
                assert not re.search(r"@[0-9A-Za-z]|#[0-9]|(?i:gh-[0-9])|://", child.content)
                assert not re.search(r":[0-9a-z_+-]+:|.\$|\$.|(?i:www\.)", child.content)


@each("verdict", [v for v in Verdict if v is not Verdict.NOT_A_PROPOSAL])
@each("kind", ItemKind)
@each("attack", ATTACKS)
def test_an_attack_stays_text(attack, kind, verdict, context):
    sha = "0" * 40 if kind is ItemKind.PULL else None
    # Its own verdict and its neighbours in the table: so each stands beside several others.
    place, table = list(Verdict).index(verdict), list(Verdict)
    near = (table[place - 1], verdict, table[place + 1])
    report = hostile_report(attack, verdict, near)
    check(render_comment(report, context=context(kind=kind, head_sha=sha)))


@given(text=TEXTS, verdict=st.sampled_from([v for v in Verdict if v is not Verdict.NOT_A_PROPOSAL]))
@hypothesis_settings(deadline=None, max_examples=25)
def test_any_text_stays_text(text, verdict, context):
    report = hostile_report(text, verdict)
    check(render_comment(report, context=context()))
    one = replace(report, papers=report.papers[:1])
    check(render_comment(one, context=context(first_timer=True)))
    paper = report.papers[2]
    papers = [one.paper for one in report.papers]
    commit = "https://github.com/o/r/commit/0"
    check(render_accepted(papers, papers[:1], papers, key="label=1", commit=commit))
    check(render_duplicate_note(paper, context=context()))
    check(render_acceptance_reset("2026-03-02T12:00:00Z", text))


@pytest.mark.parametrize(
    ("count", "text"),
    [
        pytest.param(5_000, "e" * 200, id="B16-errors"),
        pytest.param(5_000, "`<" + "|" * 200, id="B16-escapes"),
        pytest.param(1, "`" + "<" * 70_000, id="B16-one"),
        pytest.param(400, "😀" * 100, id="B17-astral"),
    ],
)
def test_a_comment_stays_in_bounds(count, text, context):
    finding = Finding(code="some-code", severity=Severity.ERROR, message=text, field="title")
    report = hostile_report("A title", Verdict.NEEDS_CHANGES)
    paper = replace(report.papers[0], findings=(finding,) * count)
    comment = render_comment(replace(report, papers=(paper,), findings=()), context=context())
    check(comment)
    shown = comment.count("[some-code]")
    assert shown == count or f"… and {count - shown:,} more finding" in comment
    assert count == 1 or shown > 10


@pytest.mark.parametrize(("count", "most"), [(1, 1), (90, 14)])
def test_an_extent_is_tried_once(count, most, context):
    tried = []

    class Counted(Words):
        def render(self, template, **values):
            tried.append(values["comment"].extent)
            return super().render(template, **values)

    paper = Paper(id="x", title="T", authors=("A" * 120,) * 20, categories=("tasks/law",))
    report = PaperReport(paper=paper, file="papers/x.yaml", verdict=Verdict.READY)
    whole = Report(verdict=Verdict.READY, papers=(report,) * count)
    check(render_comment(whole, context=context(words=Counted())))
    assert len(tried) == len(set(tried)) <= most


def test_many_long_papers_stay_in_bounds_B16(context):
    paper = Paper(id="x", title="$" * 300, authors=("😀" * 120,) * 500, categories=("tasks/law",))
    report = PaperReport(paper=paper, file="papers/x.yaml", verdict=Verdict.READY)
    comment = render_comment(
        Report(verdict=Verdict.READY, papers=(report,) * 90), context=context()
    )
    check(comment)
    assert "… and 90 more records that did not fit here." in comment


@pytest.mark.parametrize("text", ["$" * 400, "😀" * 400, "\U000e0041" * 400, "a" * 400])
@pytest.mark.parametrize("count", [1, 2, 48, 400])
def test_G03_a_note_of_many_papers_stays_in_bounds(count, text, context):
    paper = Paper(id="x", title=text, url=f"https://evil.example/{text}", categories=(text,) * 900)
    papers = [paper] * count
    commit = "https://github.com/o/r/commit/0"
    note = render_accepted(papers, papers, papers, key="label=1", commit=commit)
    check(note)
    if count == 400:
        assert re.search(r"; and [0-9]{3} more, by \[this change\]", note)
        assert re.search(r"\n- and [0-9]{3} more$", note)
    report = PaperReport(paper=paper, file="papers/x.yaml", verdict=Verdict.DUPLICATE, before=paper)
    check(render_duplicate_note(report, context=context()))
    check(render_acceptance_reset("2026-03-02T12:00:00Z", text * 400))


def test_G04_records_that_are_dropped_are_counted(context):
    paper = Paper(id="x", title="T", authors=("A" * 120,) * 200, categories=("tasks/law",))
    report = PaperReport(paper=paper, file="papers/x.yaml", verdict=Verdict.READY)
    whole = Report(verdict=Verdict.READY, papers=(report,) * 20)
    comment = render_comment(whole, context=context())
    check(comment)
    shown = comment.count("```yaml")
    assert 1 <= shown < 20
    assert f"… and {20 - shown} more records that did not fit" in comment


def test_the_astral_planes_count_twice_B17():
    assert comment_length("😀" * 40_000) == 80_000
    assert comment_length("é" * 40_000) == 40_000


@each(
    ("url", "shown"),
    [
        ("https://arxiv.org/abs/1", "[T](https://arxiv.org/abs/1)"),
        ("https://www.github.com/o/r", "[T](https://www.github.com/o/r)"),
        ("https://github.com/o/r/issues/1", "[T](https://redirect.github.com/o/r/issues/1)"),

        ("http://arxiv.org/abs/1", "T (`http://arxiv.org/abs/1`)"),
        ("https://arxiv.org.evil.example/", "T (`https://arxiv.org.evil.example/`)"),
        ("https://arxiv.org@evil.example/", "T (`https://arxiv.org@evil.example/`)"),
        ("https://user@arxiv.org/", "T (`https://user@arxiv.org/`)"),
        ("https://arxiv.org:8443/", "T (`https://arxiv.org:8443/`)"),
        ("javascript:alert(1)", "T (`javascript:alert(1)`)"),
        ("https://[arxiv.org/", "T (`https://[arxiv.org/`)"),
    ],
)  # fmt: skip
def test_only_known_hosts_are_linked_B07(url, shown):
    assert comment_link("T", url) == shown
