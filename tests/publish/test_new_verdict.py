"""A new verdict is one row of the table and one template: both are added to a copy of kdbot."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = """
    WITHDRAWN = (
        "withdrawn-paper",
        Outcome(
            "withdrawn by its authors",
            Label("withdrawn", "cfd3d7", "Its authors withdrew it"),
            status="failure",
        ),
    )
    DUPLICATE = ("""
TEMPLATES = "src/kdbot/publish/comment/templates"
# What every part of the bot does with it, in the copy.
USE = """
from kdbot.flows.proposal.reading import comment_context
from kdbot.github.labels import LABELS, STATES
from kdbot.model.paper import Paper
from kdbot.model.report import PaperReport, Report, Verdict
from kdbot.publish.comment.context import ItemKind
from kdbot.publish.comment.render import render_comment, render_status
from kdbot.publish.report import render_report_json
from kdbot.publish.report import render_text
from kdbot.storage.repository import load_settings, open_collection
from dataclasses import replace
from pathlib import Path
import sys

root = Path(sys.argv[1])
context = comment_context(open_collection(root), load_settings(root, {}))
paper = PaperReport(paper=Paper(id="x", title="A Title"), file="papers/x.yaml",
                    verdict=Verdict.WITHDRAWN)
for papers in ((paper,), (paper, replace(paper, verdict=Verdict.READY))):
    report = Report(verdict=Verdict.WITHDRAWN, papers=papers)
    for kind in ItemKind:
        print(render_comment(report, context=replace(context, kind=kind)))
        print(render_status(report, context=context))
    print(render_text(report), render_report_json(report))
assert "withdrawn" in STATES and "withdrawn" in {label.name for label in LABELS}
"""


def test_a_row_and_a_template_are_all(tmp_path):
    copy = tmp_path / "src"
    shutil.copytree(ROOT / "src", copy)
    table = copy / "kdbot/model/report.py"
    text = table.read_text("utf-8")
    assert text.count("\n    DUPLICATE = (") == 1
    table.write_text(text.replace("\n    DUPLICATE = (", ROW), "utf-8")
    templates = tmp_path / TEMPLATES
    words = (templates / "needs-changes.md.j2").read_text("utf-8")
    for old, new in (
        ('**Needs {{ count(comment.fix_count, "change") }}** ⚠️', "**Withdrawn** ↩️"),
        ("waits for the first change", "withdrawn by its authors"),
        ('Needs {{ count(comment.fix_count, "change") }}; my', "Withdrawn; my"),
    ):
        assert old in words
        words = words.replace(old, new)
    (templates / "withdrawn-paper.md.j2").write_text(words, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    run = [sys.executable, "-c", USE, str(ROOT)]
    shown = subprocess.run(run, env=environment, check=True, capture_output=True, text=True)
    assert shown.stderr == ""
    assert shown.stdout.count("**Withdrawn** ↩️ — thank you for proposing *A Title*") == 2
    assert shown.stdout.count("Withdrawn; my comment says which") == 4
    assert shown.stdout.count("**Paper 1 of 2: withdrawn by its authors** — *A Title*") == 1
    assert "withdrawn by its authors\n\npapers/x.yaml: withdrawn by its authors" in shown.stdout
    assert shown.stdout.count('"verdict": "withdrawn-paper"') == 4
