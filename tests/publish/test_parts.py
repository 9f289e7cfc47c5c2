"""The smaller parts: update log, chart, badges, audit line, diagram, issue forms."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import yaml

from kdbot.model.audit import AuditSummary
from kdbot.model.form import correction_inputs, form_inputs
from kdbot.model.paper import Paper
from kdbot.model.report import PaperReport, Report, Verdict
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.publish.audit import render_audit
from kdbot.publish.charts import DARK, LIGHT, render_growth_chart
from kdbot.publish.issue_form import render_correction_form, render_issue_form
from kdbot.publish.readme.blocks import (
    render_badges,
    render_diagram,
    render_newest,
    render_update_log,
)
from kdbot.publish.report import files_to_write, proposal_digest
from tests.rows import each

CHECKED_ONE = "Last audit, week 2025-W10: 1 paper and 1 link checked;"
FORMS = Path(__file__).resolve().parents[2] / ".github/ISSUE_TEMPLATE"


def _added(*days: str | None) -> list[Paper]:
    return [Paper(id=f"p{n}", title=f"T{n}", added=day) for n, day in enumerate(days)]


def test_the_log_has_a_line_a_day_the_newest_first_and_folds_the_rest():
    days = ["2024-01-01", "2024-01-05", None, "2024-01-05", "2023-12-31", "2024-01-03"]
    log, _, chart = render_update_log(_added(*days), "https://o.github.io/r/").rpartition("\n\n")
    assert log == (
        "- **2024-01-05**: [2 papers added](https://o.github.io/r/?q=2024-01-05)\n"
        "- **2024-01-03**: [1 paper added](https://o.github.io/r/?q=2024-01-03)\n"
        "- **2024-01-01**: [1 paper added](https://o.github.io/r/?q=2024-01-01)\n"
        "\n"
        "<details>\n<summary>Earlier day (1)</summary>\n"
        "\n"
        "- **2023-12-31**: [1 paper added](https://o.github.io/r/?q=2023-12-31)\n"
        "\n"
        "</details>"
    )
    assert 'srcset="assets/growth-dark.svg"' in chart
    assert 'alt="Growth of the list: 6 papers by 2024-01-05"' in chart


def test_a_list_that_began_with_most_of_its_papers_has_no_chart():
    grown = ["2024-01-01", "2024-01-01", "2024-01-05", "2024-02-05"]
    assert "growth-light.svg" in render_update_log(_added(*grown), None)
    assert "growth-light.svg" not in render_update_log(_added(*grown[:3]), None)


def test_without_a_page_the_log_leads_to_the_files_of_the_day():
    log = render_update_log(_added("2024-01-05"), None)
    query = parse_qs(urlsplit(log.partition("](")[2].partition(")")[0]).query)
    assert query == {"type": ["code"], "q": ['path:papers "added: 2024-01-05"']}
    assert render_update_log(_added(None), None) == ""


def test_a_log_of_many_days_stays_small():
    papers = [
        Paper(id=f"{n}", title="T" * 100, added=f"20{n // 360:02}-{n // 30 % 12 + 1:02}-{n % 30}")
        for n in range(3_600)
    ]  # fmt: skip
    log = render_update_log(papers, "https://o.github.io/r/")
    assert log.count("\n- **") + 1 == 3_600
    assert len(log) < 300_000


def test_the_newest_papers_are_those_that_entered_last():
    days = [
        "2024-01-01",
        "2024-01-05",
        None,
        "2024-01-06",
        "2023-12-31",
        "2024-01-03",
        "2024-01-04",
    ]
    papers = _added(*days)
    papers[3] = replace(papers[3], venue="ICLR", year="2024", url="https://a.org/")
    papers[6] = replace(papers[6], venue="arXiv")
    assert render_newest(papers).splitlines() == [
        "- [T3](https://a.org/) (ICLR 2024)",
        "- T1",
        "- T6 (arXiv)",
        "- T5",
        "- T0",
    ]


@each("theme", [LIGHT, DARK])
@each("count", [0, 1, 2, 217, 5_000])
def test_the_chart_is_small_well_formed_and_names_itself(count, theme):
    papers = [
        Paper(id=str(n), title="T", added=f"20{24 + n // 1_000}-{n % 12 + 1:02}-{n % 28 + 1:02}")
        for n in range(count)
    ]
    svg = render_growth_chart(papers, theme)
    assert len(svg) < 3_000
    root = ET.fromstring(svg)  # noqa: S314 - our own
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert str(title.text).startswith(f"Papers in the list: {count:,}")
    assert root.get("role") == "img"
    assert render_growth_chart(list(reversed(papers)), theme) == svg
    assert theme.line in svg or not count


def test_badges_do_not_depend_on_the_repository(settings):
    papers = _added("2024-01-05", None)
    text = render_badges(papers, settings)
    assert render_badges(papers, replace(settings, repository="o/r")) == text
    assert "badge/papers-2-blue" in text
    assert "badge/updated-2024--01--05-blue" in text


@each(
    ("audit", "line"),
    [
        (None, ""),
        (
            AuditSummary(week="2025-W10", papers=216, links=1_300),
            "Last audit, week 2025-W10: 216 papers and 1,300 links checked; no problems found.",
        ),
        (
            AuditSummary(week="2025-W10", papers=1, links=1, dead=2, moved=1, upgraded=1),
            f"{CHECKED_ONE} 2 gone, 1 moved, 1 preprint published since.",
        ),
    ],
)
def test_the_line_of_the_audit(audit, line):
    assert render_audit(audit) == line


def test_a_label_of_the_diagram_cannot_end_it():
    hostile = 'A "quoted" ]; --> `x` <b> # & ü'
    taxonomy = Taxonomy(categories=(Category(path="a", title=hostile, depth=0, leaf=True),))
    assert render_diagram(taxonomy, "List").split("\n")[3] == (
        '  list --> c0["A #34;quoted#34; #93;#59; --#62; #96;x#96; #60;b#62; #35; #38; ü"]'
    )


def test_the_form_asks_what_the_model_says(settings, schema, taxonomy):
    form = yaml.safe_load(render_issue_form(settings, schema, taxonomy))
    questions = [item for item in form["body"] if item["type"] != "markdown"]
    expected = form_inputs(settings, schema, taxonomy)
    assert [q["id"] for q in questions] == [e.id for e in expected]
    assert [q["attributes"]["label"] for q in questions] == [e.label for e in expected]
    assert [q["validations"]["required"] for q in questions] == [e.required for e in expected]
    options = {q["id"]: q["attributes"].get("options") for q in questions}
    assert [q["id"] for q in questions][:2] == ["paper", "categories"]
    assert form["title"] == "Paper: "
    assert "blank" not in render_issue_form(settings, schema, taxonomy)
    assert options["categories"] == [
        "I am not sure",
        "Methods > Search & Sampling > Beam",
        "Methods > Search & Sampling > Random",
        "Tasks > Code",
        "Tasks > Law",
        "Misc.",
    ]
    assert form["labels"] == ["new paper"]


def test_the_correction_form_asks_what_the_model_says(settings):
    form = yaml.safe_load(render_correction_form(settings))
    labels = [item["attributes"].get("label") for item in form["body"][1:]]
    assert labels == [question.label for question in correction_inputs()]


def test_forms_pass_the_schema_that_github_publishes(settings, schema, taxonomy, tmp_path):
    odd = replace(settings, title='A: "title" # of | no', form=(*settings.form, "withdrawn"))
    (tmp_path / "new-paper.yml").write_text(render_issue_form(odd, schema, taxonomy), "utf-8")
    (tmp_path / "correction.yml").write_text(render_correction_form(odd), "utf-8")
    forms = [tmp_path / "new-paper.yml", tmp_path / "correction.yml", FORMS / "bot-bug.yml"]
    for builtin, files in (
        ("vendor.github-issue-forms", forms),
        ("vendor.github-issue-config", [FORMS / "config.yml"]),
    ):
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", builtin]
        found = subprocess.run(
            [*command, *map(str, files)], capture_output=True, text=True, check=False
        )
        assert found.returncode == 0, found.stdout + found.stderr


def _ready(**fields) -> Report:
    paper = Paper(**{"id": "x", "title": "T", "categories": ("misc",), **fields})
    papers = (PaperReport(paper=paper, file=f"papers/{paper.id}.yaml", verdict=Verdict.READY),)
    return Report(verdict=Verdict.READY, papers=papers)


def test_the_digest_is_that_of_what_is_written(schema):
    report = _ready()
    digest = proposal_digest(report, schema)
    assert list(files_to_write(report, schema)) == ["papers/x.yaml"]
    assert proposal_digest(_ready(added="2024-01-01", proposed_by="someone"), schema) == digest
    others = [_ready(id="y"), _ready(title="U"), _ready(venue="ICLR"), replace(report, papers=())]
    assert digest not in {proposal_digest(other, schema) for other in others}
    two = report.papers + _ready(id="y").papers
    assert proposal_digest(replace(report, papers=two), schema) == proposal_digest(
        replace(report, papers=two[::-1]), schema
    )
