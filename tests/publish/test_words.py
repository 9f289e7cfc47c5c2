"""The templates of the bot's words: each with every verdict, escaped, and replaced by a list."""

from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import TemplateError

from kdbot.model.audit import Audit
from kdbot.model.errors import KdbotError
from kdbot.model.form import form_fields
from kdbot.model.report import Verdict
from kdbot.publish.audit import render_audit_issue
from kdbot.publish.comment import environment, notes, words
from kdbot.publish.comment.context import CommentContext, ItemKind
from kdbot.publish.comment.environment import template_names
from kdbot.publish.comment.render import (
    render_comment,
    render_no_proposal,
    render_rules_broken,
    render_status,
)
from kdbot.publish.comment.words import Words, check_templates
from kdbot.publish.markdown import Markdown, escape_text
from kdbot.publish.report import shown_records, shows_all
from kdbot.publish.tracking_issues import render_broken_files_issue
from tests.publish.test_comment_golden import CASES
from tests.publish.test_comment_safety import check, hostile_report
from tests.rows import each

TEMPLATES = Path(words.__file__).parent / "templates"
HOSTILE = "@victim #1 <!-- x --> [a](javascript:alert(1)) | *b* `c`"
READY = (TEMPLATES / "ready.md.j2").read_text("utf-8")
ANSWERS = [v for v in Verdict if v is not Verdict.NOT_A_PROPOSAL]


@pytest.fixture
def context(settings, schema, taxonomy):
    def build(**other) -> CommentContext:
        here = replace(settings, repository="o/list")
        form = form_fields(here, schema, taxonomy)
        values = {"settings": here, "schema": schema, "taxonomy": taxonomy, "form": form}
        return CommentContext(**{**values, "version": "1.4.0", **other})

    return build


@each("verdict", Verdict)
def test_every_verdict_has_a_template(verdict):
    assert f"{verdict}.md.j2" in template_names()


@each("closes", [False, True])
@each("kind", ItemKind)
@each("verdict", ANSWERS)
def test_every_template_says_something_of_every_verdict(verdict, kind, closes, context):
    report = hostile_report("A title", verdict)
    here = context(kind=kind, closes=closes)
    for papers in ((), *((paper,) for paper in report.papers), report.papers):
        text = render_comment(replace(report, papers=papers), context=here)
        assert text.partition("\n")[2].startswith("**")
        assert "  " not in text.partition("\n\n")[0]
        assert render_status(replace(report, papers=papers), context=here)


def test_no_template_is_left_out_of_the_tests(context, monkeypatch):
    used = set()
    read = environment.make_environment

    def watch(overrides):
        made = read(overrides)
        load = made.loader.load_func
        made.loader.load_func = lambda name: used.add(name) or load(name)
        return made

    monkeypatch.setattr(environment, "make_environment", watch)
    own = Words()
    monkeypatch.setattr(words, "BUILT_IN", own)
    render_audit_issue(Audit(), {}, frozenset(), words=own)
    for report, other in CASES.values():
        render_comment(report, context=context(**other, words=own))
    many = hostile_report("A title", Verdict.READY)
    render_comment(many, context=context(words=own))
    render_no_proposal(context=context(words=own))
    render_rules_broken(KdbotError("broken"), version="1", run_url=None, words=own)
    notes.render_notice("waiting", "https://github.com/o/r/pull/1", words=own)
    render_broken_files_issue([], frozenset(), "https://github.com/o/r", words=own)
    assert used == template_names()


def test_a_value_is_escaped_unless_it_is_marked_safe():
    own = Words({"rules-broken.md.j2": "{{ file }} {{ problem }}"})
    text = own.render("rules-broken.md.j2", file=HOSTILE, problem=Markdown("*ours*"))
    assert text == f"{escape_text(HOSTILE)} *ours*"


@each(
    "text",
    [
        "{{ file ~ problem }}",
        "{{ file + problem }}",
        "{{ problem + file }}",
        "{{ file % problem }}",
        "{{ '%s' % file }}",
        "{{ file * 2 }}",
        "{{ '{}'.format(file) }}",
        "{{ problem.join([file, file]) }}",
        "{{ problem.replace('o', file) }}",
        "{{ file|safe }}",
        "{{ file.__class__ }}",
        "{{ comment.context.__class__ }}",
        "{% autoescape false %}{{ file }}{% endautoescape %}",
        "{{ nothing }}",
        "{% include 'elsewhere' %}",
        "{% import '../../words.py' as other %}",
        "{{ range(1000000000) }}",
        "{{ 9 ** 9 ** 9 ** 9 }}",
        "{{ [file] * 1000000000 }}",
        "{% for %}",
    ],
)
def test_no_text_gets_past_the_escape(text):
    told = []
    own = Words({"rules-broken.md.j2": text}, warn=told.append)
    values = {
        "file": HOSTILE,
        "problem": Markdown("ours"),
        "comment": {"context": {"version": "1", "run_url": None}},
    }
    shown = own.render("rules-broken.md.j2", **values)
    assert shown == Words().render("rules-broken.md.j2", **values)
    assert len(told) == 1
    assert own.render("rules-broken.md.j2", **values) == shown
    assert len(told) == 1


def test_autoescape_holds_for_joined_and_nested_values():
    own = Words(
        {
            "rules-broken.md.j2": "{% set one %}{{ file }}{% endset %}"
            "{% macro two(x) %}{{ x }}{% endmacro %}"
            "{{ [file, one, two(file)]|join('*') }}{{ blocks(file) }}{{ fold(file, file) }}"
        }
    )
    shown = own.render("rules-broken.md.j2", file=HOSTILE)
    safe = escape_text(HOSTILE)
    assert shown.replace(Markdown(safe), Markdown("")) == (
        "**<details>\n<summary></summary>\n\n\n\n</details>"
    )


def test_a_list_says_it_in_its_own_words(context):
    report, _ = CASES["ready"]
    text = READY.replace("A maintainer checks", "One of us checks")
    own = Words({"ready.md.j2": text}, warn=pytest.fail)
    comment = render_comment(report, context=context(words=own))
    built_in = render_comment(report, context=context())
    assert "One of us checks that" in comment
    assert comment == built_in.replace("A maintainer checks that", "One of us checks that")
    assert shows_all(comment, report, context().schema)


@pytest.mark.parametrize("verdict", ANSWERS)
def test_hostile_values_stay_text_in_a_list_s_own_words(verdict, context):
    text = "{% macro headline(comment) %}{{ comment.paper.record.title }}{% endmacro %}" + READY
    own = Words({f"{name}.md.j2": text for name in ANSWERS}, warn=pytest.fail)
    report = hostile_report(HOSTILE, verdict)
    check(render_comment(replace(report, papers=report.papers[:1]), context=context(words=own)))


def test_words_that_are_too_long_for_github_are_not_used(context):
    report, _ = CASES["ready"]
    told = []
    long = {"ready.md.j2": READY.replace("A maintainer checks", "word " * 20_000)}
    own = Words(long, warn=told.append)
    assert render_comment(report, context=context(words=own)) == render_comment(
        report, context=context()
    )
    assert [text.rpartition(": ")[2] for text in told] == ["a comment is longer than GitHub takes"]


def test_the_marker_of_a_comment_is_no_template_s(context):
    report, _ = CASES["ready"]
    own = Words({"comment.md.j2": "<!-- kdbot:report sha256=00 -->"}, warn=pytest.fail)
    comment = render_comment(report, context=context(words=own))
    assert comment.split("\n")[0] == render_comment(report, context=context()).split("\n")[0]
    assert shown_records(comment) == {}


@each(
    ("name", "text", "said"),
    [
        ("ready.md.j2", "{% macro headline( %}", "expected token"),
        ("ready.md.j2", "\n\n{{ a ~ b }}", "`~` is not known here"),
        ("ready.md.j2", "{{ a|safe }}", "safe"),
        ("raedy.md.j2", "", "There is no template `raedy.md.j2`"),
        ("ready.md.j2", READY.replace("macro status", "macro stand"), "The macro `status`"),
    ],
)
def test_what_is_wrong_with_a_template_is_told(name, text, said):
    (finding,) = check_templates({name: text})
    assert said in finding.message.replace("'", "`")
    assert finding.file == f".github/kdbot/{name}"
    assert finding.line == (3 if text.startswith("\n") else 1)


def test_kdbot_s_own_templates_are_in_order():
    own = {name: (TEMPLATES / name).read_text("utf-8") for name in template_names()}
    assert check_templates(own) == ()
    assert check_templates({}) == ()


def test_an_unknown_template_is_an_error():
    with pytest.raises(TemplateError):
        Words().render("elsewhere.md.j2")
