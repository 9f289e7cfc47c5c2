"""A list with other columns and categories, from its first issue to the page, by its own files."""

from __future__ import annotations

import csv
import io
import json
from contextlib import redirect_stdout

import pytest

from kdbot.flows.list import importing
from kdbot.flows.list.build import _site_files
from kdbot.flows.list.checked_list import check_list
from kdbot.github.labels import LABELS
from kdbot.intake.record import parse_record
from kdbot.storage.repository import load_settings, paper_of
from tests.workflows.second_list import files_of, second_list

PAPER = "papers/2405.00005.yaml"
PAGES = ".github/workflows/pages.yml"
# The deployment of the page has tests of its own.
NO_PAGES = (
    "on: {workflow_call: }\npermissions: {}\n"
    'jobs: {deploy: {runs-on: ubuntu-24.04, steps: [{run: "true"}]}}\n'
)


def form(**answers: str) -> str:
    """Return the body that GitHub writes for the answered form of this list."""
    fields = {
        "Paper link or identifier": "https://arxiv.org/abs/2405.00005",
        "Title": "Frost and the Smallest Pores",
        "Venue": "",
        "Date": "2024-05",
        "Model": "Silt",
        "Task": "heat",
        "Stars": "12",
        "Method": "probe, satellite",
        "Weights": "https://huggingface.co/octo/silt https://huggingface.co/octo/silt-small",
        "Categories": "Models > Heat",
        "Remarks": "",
    } | answers
    return "\n\n".join(f"### {k}\n\n{v or '_No response_'}" for k, v in fields.items())


@pytest.fixture
def github(github_server, workflow_harness, tmp_path):
    folder = tmp_path / "list"
    second_list(folder)
    for label in LABELS:
        github_server.world.create_label(label.name)
    files = files_of(folder) | {PAGES: NO_PAGES}
    # A job of `pull_request` checks out a merge that the stand-in does not make.
    del files[".github/workflows/ci.yml"]
    github_server.world.push("kd", files, "Start the list")
    github_server.world.deliveries.clear()
    workflow_harness.env |= {"KDBOT_PROBE_LINKS": "false", "KDBOT_ASK_SERVICES": "false"}
    return workflow_harness


def deliver(github):
    outcomes = github.deliver_all()
    assert all(outcome.succeeded for outcome in outcomes), "\n".join(o.log for o in outcomes)
    return outcomes


def comment_on(github, item):
    world = github.server.world
    (comment,) = [c.body for c in world.comments_of(item) if c.user is world.bot]
    return comment


def labels(item):
    return {label.name for label in item.labels}


def test_its_workflows_differ_from_this_repositorys_in_the_installation_alone(tmp_path):
    second_list(tmp_path)
    for path in (tmp_path / ".github/workflows").iterdir():
        text = path.read_text("utf-8")
        assert "make .venv" not in text
        assert "src/" not in text
        uses = {line.strip() for line in text.splitlines() if "setup-kdbot" in line}
        assert uses == {"- uses: $/.github/actions/setup-kdbot"}, path.name


def test_an_issue_from_its_faults_to_the_list(github):
    world, git = github.server.world, github.server.git
    world.set_role("maria", "write")

    issue = world.open_issue("alice", "New paper", form(Stars="many", Categories=""))
    deliver(github)
    comment = comment_on(github, issue)
    assert "**Needs 1 change**" in comment
    assert "**Stars**" in comment
    assert labels(issue) == {"needs changes"}

    world.edit_issue(issue, "alice", body=form())
    deliver(github)
    comment = comment_on(github, issue)
    assert "**Ready for review**" in comment
    assert "| Title | Venue | Date | Model | Task | Stars | Method | Weights |" in comment
    assert labels(issue) == {"ready"}

    github.server.clock.advance(120)
    world.add_labels(issue, ["accepted"], "maria")
    deliver(github)
    assert labels(issue) == {"accepted", "added"}
    record = git.git("show", f"main:{PAPER}")
    assert "method: [probe, satellite]\n" in record
    assert 'stars: "12"\n' in record
    assert (
        "weights: [https://huggingface.co/octo/silt, https://huggingface.co/octo/silt-small]"
        in record
    )
    row = next(
        line
        for line in git.git("show", "main:README.md").split("\n")
        if line.startswith("| [Frost and the Smallest Pores]")
    )
    assert "| Silt | heat | 12 | probe, satellite | [Hugging Face](" in row

    github.server.forget_log()
    assert github.dispatch("sweep.yml").succeeded
    assert github.server.writes == []


def test_a_pull_request_from_its_faults_to_the_readme(github):
    world, git = github.server.world, github.server.git
    record = (
        'title: "Frost and the Smallest Pores"\narxiv: "2405.00005"\ndate: 2024-05\n'
        "categories:\n  - models/heat\nmethod: [{}]\n"
    )
    pull = world.open_pull("alice", "Add", files={PAPER: record.format("guessing")})
    deliver(github)
    comment = comment_on(github, pull)
    assert "`guessing`" in comment
    assert "`probe`, `simulation`, `satellite`" in comment
    assert labels(pull) == {"needs changes"}

    world.push_to_pull(pull, {PAPER: record.format("probe")})
    deliver(github)
    assert labels(pull) == {"ready"}

    world.merge_pull(pull, "kd")
    assert "publish" in [job for outcome in deliver(github) for job in outcome.jobs]
    assert "| probe |" in git.git("show", "main:README.md")


def test_the_form_asks_for_its_fields(tmp_path):
    second_list(tmp_path)
    text = (tmp_path / ".github/ISSUE_TEMPLATE/new-paper.yml").read_text("utf-8")
    method = text.partition("id: method\n")[2].partition("  - type:")[0]
    assert "multiple: true" in method
    assert '- "simulation"' in method
    weights = text.partition("id: weights\n")[2].partition("  - type:")[0]
    assert "Separate several with spaces." in weights
    assert "Knowledge" not in text


def test_exports_and_page_have_its_fields(tmp_path):
    second_list(tmp_path)
    paper = tmp_path / "papers/2404.00004.yaml"
    paper.write_text(
        paper.read_text() + "method: [probe]\nweights: [https://huggingface.co/octo/sand]\n"
    )
    checked = check_list(tmp_path)
    assert checked.collection is not None, checked.findings
    site = _site_files(checked.collection, load_settings(tmp_path, {}))

    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(site["papers.csv"]))}
    assert rows["2404.00004"]["method"] == "probe"
    assert rows["2404.00004"]["model"] == "Sand"
    papers = {p["id"]: p for p in json.loads(site["papers.json"])["papers"]}
    assert papers["2404.00004"]["weights"] == ["https://huggingface.co/octo/sand"]
    assert "method" in json.loads(site["papers.schema.json"])["$defs"]["paper"]["properties"]
    index = json.loads(site["index.json"])
    assert {"model", "task", "stars", "method", "weights"} <= set(index["cells"])
    assert {"task", "method", "weights"} <= set(index["filters"])
    assert "Awesome Soil Models" in site["index.html"]


def test_its_readme_imported_again_gives_the_same_papers(tmp_path):
    folder, again = tmp_path / "list", tmp_path / "again"
    second_list(folder)
    (again / "schema").mkdir(parents=True)
    for name in ("paper.schema.json", "venues.yaml"):
        (again / "schema" / name).write_text((folder / "schema" / name).read_text("utf-8"))
    with redirect_stdout(io.StringIO()):
        assert importing.run([folder / "README.md"], again) == 0
    assert papers_of(again) == papers_of(folder)


def papers_of(folder):
    return {
        path.name: paper_of(parse_record(path.read_bytes(), f"papers/{path.name}"))
        for path in (folder / "papers").glob("*.yaml")
    }
