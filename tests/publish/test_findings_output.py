"""Findings and reports for the terminal, for annotations and as JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.finding import Finding, Rule, Severity
from kdbot.model.paper import Paper
from kdbot.model.report import PaperReport, Report, Verdict
from kdbot.publish.readme.render import find_headings
from kdbot.publish.reference import render_findings_table
from kdbot.publish.report import (
    render_annotations,
    render_findings_json,
    render_findings_text,
    render_report_json,
    render_text,
)
from tests.rows import each

BAD_DATE = Finding(
    code="invalid-date",
    severity=Severity.ERROR,
    message="I read `2024-13`, which is no month.",
    fix="Write the year and the month, such as `2024-02`.",
    field="date",
    file="papers/2402.12030.yaml",
    line=4,
)
BAD_DATE_PLACE = "::error file=papers/2402.12030.yaml,line=4,title=invalid-date::"
NOTICE = Finding(code="missing-link", severity=Severity.NOTICE, message="No link.")
PAPER = Paper(id="2402.12030", title="A Title", arxiv="2402.12030", categories=("a/b",))
REPORT = Report(
    verdict=Verdict.NEEDS_CHANGES,
    papers=(
        PaperReport(
            paper=PAPER,
            file="papers/2402.12030.yaml",
            verdict=Verdict.NEEDS_CHANGES,
            findings=(BAD_DATE,),
        ),
    ),
    findings=(NOTICE,),
)


def test_text_is_what_compilers_write():
    assert render_findings_text([BAD_DATE, NOTICE]) == (
        "papers/2402.12030.yaml:4: error: I read `2024-13`, which is no month. [invalid-date]\n"
        "    Write the year and the month, such as `2024-02`.\n"
        "notice: No link. [missing-link]\n"
    )


def test_text_of_a_report():
    assert render_text(REPORT) == (
        "needs changes\n"
        "notice: No link. [missing-link]\n"
        "\n"
        "papers/2402.12030.yaml: needs changes\n"
        "  A Title\n"
        "papers/2402.12030.yaml:4: error: I read `2024-13`, which is no month. [invalid-date]\n"
        "    Write the year and the month, such as `2024-02`.\n"
    )


def test_colour_is_asked_for():
    assert "\x1b" not in render_findings_text([BAD_DATE])
    assert "\x1b[31merror\x1b[0m" in render_findings_text([BAD_DATE], color=True)


@given(text=st.text())
def test_no_line_of_text_is_a_workflow_command_A14(text):
    finding = Finding(
        code="x", severity=Severity.ERROR, message=text, fix=text, file=text or None, line=1
    )
    paper = PaperReport(
        paper=Paper(id="x", title=text), file=text, verdict=Verdict.READY, findings=(finding,)
    )
    shown = render_text(Report(verdict=Verdict.READY, papers=(paper,), findings=(finding,)))
    for line in shown.splitlines():
        assert not line.lstrip().startswith("::")
    assert "\x1b" not in shown


@each(
    ("finding", "line"),
    [
        (
            BAD_DATE,
            f"{BAD_DATE_PLACE}{BAD_DATE.message}%0A{BAD_DATE.fix}\n",
        ),
        (NOTICE, "::notice title=missing-link::No link.\n"),
        pytest.param(
            Finding(
                code="x",
                severity=Severity.WARNING,
                message="100 %\n::stop-commands::y\r",
                file="papers/a:b,c\n.yaml",
                line=1,
            ),
            "::warning file=papers/a%3Ab%2Cc .yaml,line=1,title=x::100 %25 ::stop-commands::y\n",
            id="A14",
        ),
    ],
)
def test_annotation(finding, line):
    assert render_annotations([finding]) == line


@given(text=st.text())
def test_an_annotation_is_one_line_A14(text):
    finding = Finding(code="x", severity=Severity.ERROR, message=text, fix=text, file=text or None)
    (line,) = render_annotations([finding]).splitlines()
    assert line.startswith("::error ")


def test_json_of_a_report():
    assert json.loads(render_report_json(REPORT)) == {
        "verdict": "needs-changes",
        "papers": [
            {
                "paper": {"title": "A Title", "arxiv": "2402.12030", "categories": ["a/b"]},
                "file": "papers/2402.12030.yaml",
                "verdict": "needs-changes",
                "findings": [
                    {
                        "code": "invalid-date",
                        "severity": "error",
                        "field": "date",
                        "message": "I read `2024-13`, which is no month.",
                        "fix": "Write the year and the month, such as `2024-02`.",
                        "file": "papers/2402.12030.yaml",
                        "line": 4,
                    }
                ],
            }
        ],
        "findings": [
            {
                "code": "missing-link",
                "severity": "notice",
                "field": None,
                "message": "No link.",
                "fix": None,
                "file": None,
                "line": None,
            }
        ],
    }


@given(text=st.text())
def test_json_is_ascii_and_reads_back(text):
    finding = Finding(code="x", severity=Severity.ERROR, message=text)
    shown = render_findings_json([finding])
    assert shown.isascii()
    assert json.loads(shown)[0]["message"] == text


def test_the_table_of_findings_has_an_anchor_and_a_row_for_each_rule():
    rules = [
        Rule(Severity.ERROR, "z-last", "a | b.", "R `<a>`."),
        Rule(Severity.ERROR, "a-first", "S.", "R."),
        Rule(Severity.NOTICE, "a-notice", "S.", "R."),
    ]
    page = render_findings_table(rules)
    rows = [line for line in page.splitlines() if line.startswith('| <a id="')]
    assert "\n".join(rows) == (
        '| <a id="a-first"></a>[`a-first`](#a-first) | S. | R. | 0.1.0 |\n'
        '| <a id="z-last"></a>[`z-last`](#z-last) '
        "| a &#124; b. | R <code>&#60;a&#62;</code>. | 0.1.0 |\n"
        '| <a id="a-notice"></a>[`a-notice`](#a-notice) | S. | R. | 0.1.0 |'
    )
    assert page == render_findings_table(reversed(rules))
    assert "## Warnings" not in page
    assert "## Examples" not in page


@each(
    ("bad", "good", "shown"),
    [
        (
            "# papers/a.yaml\na: 1\nb: 2\nc: 3\n",
            "# papers/a.yaml\na: 1\nb: 3\nc: 3\n",
            [" # papers/a.yaml", "-b: 2", "+b: 3"],
        ),
        (
            "url: a\nvenue: B\n_updates: true\n",
            "url: c\nvenue: B\n_updates: true\n",
            ["-url: a", "+url: c", " venue: B", " # correction of a listed paper"],
        ),
        (
            "url: a\n_metadata:\n  arXiv: not-there\n",
            "url: a\n",
            [" url: a", "-# metadata services say: arXiv: not-there"],
        ),
        ("a: \u202eb\n", "a: b\n", ["-a: \\u202eb", "+a: b"]),
    ],
    ids=["file", "form", "services", "hidden"],
)
def test_an_example_shows_what_differs(bad, good, shown):
    rule = Rule(Severity.ERROR, "some-rule", "S.", "R.")
    page = render_findings_table([rule], {"some-rule": (bad, good)})
    assert "| R. [Example](#example-of-some-rule) |" in page
    assert "example-of-some-rule" in {heading.anchor for heading in find_headings(page)}
    assert page.partition("```diff\n")[2].partition("```")[0].splitlines() == shown
