"""`kdbot import`: nothing of the original list is lost, and nothing is written over."""

import json
from pathlib import Path

import pytest

from kdbot.flows.list import importing
from kdbot.intake.record import parse_record
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding
from kdbot.model.identifiers import parse_identifier
from kdbot.model.paper import Paper
from kdbot.model.titles import fold_title
from kdbot.storage.repository import paper_of

ROOT = Path(__file__).parents[2]
UPSTREAM = ROOT / "imports/upstream.md"
DECISIONS = ROOT / "imports/decisions.yaml"
FACTS = ROOT / "tests/data/import/upstream_rows.jsonl"
LIST = """\
## Surveys

- [A Survey of Everything That Is](https://arxiv.org/abs/2401.00001) ICLR 2024
- [[paper](https://arxiv.org/abs/2401.00002)]
"""


def load_papers(out: Path) -> list[Paper]:
    papers = []
    for path in sorted((out / "papers").iterdir()):
        record = parse_record(path.read_bytes(), f"papers/{path.name}")
        assert not isinstance(record, Finding), record
        papers.append(paper_of(record))
    return papers


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh import of the committed copy of the original list."""
    out = tmp_path_factory.mktemp("original")
    assert importing.run([UPSTREAM], out, DECISIONS) == 0
    return out


def test_every_paper_of_the_original_list_stands_in_each_of_its_sections(original: Path) -> None:
    taxonomy = parse_taxonomy((original / "schema/taxonomy.yaml").read_bytes(), "taxonomy.yaml")
    places: dict[str, set[str]] = {}
    for paper in load_papers(original):
        sections = {" > ".join(taxonomy.titles(path)) for path in paper.categories}
        titles = map(fold_title, (paper.title, *paper.other_titles))
        for key in (paper.arxiv, paper.acl, paper.doi, paper.url, *titles):
            if key:
                places.setdefault(key, set()).update(sections)
    rows = [json.loads(line) for line in FACTS.read_text("utf-8").strip().split("\n")]

    lost = []
    for section, title, url, *_ in rows:
        found = parse_identifier(url or "")
        stands = places.get(found.canonical or "", set()) | places.get(fold_title(title), set())
        if section not in stands or title.startswith("Self-Improvement of Large Language Models"):
            lost.append(title)

    assert len(rows) == 345
    assert lost == [
        "Self-Improvement of Large Language Models via Reinforcement Learning from Human Feedback"
    ]


def test_decisions_leave_no_question_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    importing.run([UPSTREAM], tmp_path, DECISIONS, "json")
    report = json.loads(capsys.readouterr().out)

    assert report["papers"] == 216
    assert (report["lines"]["understood"], report["lines"]["not_understood"]) == (345, [])
    # A decision put another identifier in the place of this one.
    assert [a["text"][-10:] for a in report["addresses"]["left_out"]] == ["2310.02421"]
    assert [entry["line"] for entry in report["dropped"]] == [133]
    assert {finding["severity"] for finding in report["findings"]} == {"notice"}


def test_without_decisions_each_question_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    importing.run([UPSTREAM], tmp_path, None, "json")
    findings = json.loads(capsys.readouterr().out)["findings"]

    asked = [(f["code"], f["line"]) for f in findings if f["severity"] == "warning"]
    assert asked == [
        ("import-publisher-as-venue", 90),
        ("import-preprint-without-identifier", 113),
        ("import-same-identifier-two-titles", 132),
        ("import-same-identifier-two-titles", 133),
        ("import-date-disagrees", 170),
        ("import-row-twice-in-section", 181),
        ("import-publisher-as-venue", 185),
        ("import-same-identifier-two-titles", 213),
        ("import-venues-differ", 279),
        ("import-same-identifier-two-titles", 280),
        ("import-same-identifier-two-titles", 283),
        ("import-publisher-as-venue", 322),
        ("import-publisher-as-venue", 323),
    ]


def test_import_is_repeatable(original: Path, tmp_path: Path) -> None:
    importing.run([UPSTREAM], tmp_path, DECISIONS)

    names = sorted(str(p.relative_to(original)) for p in original.rglob("*") if p.is_file())
    assert names == sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file())
    assert all((original / n).read_bytes() == (tmp_path / n).read_bytes() for n in names)


def test_import_into_its_own_result_changes_nothing(tmp_path: Path) -> None:
    importing.run([UPSTREAM], tmp_path, DECISIONS)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.yaml")}

    assert importing.run([UPSTREAM], tmp_path, DECISIONS) == 0
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.yaml")} == before


def test_the_list_is_what_the_import_and_the_decisions_make(original: Path) -> None:
    made = sorted(path.read_text("utf-8") for path in (original / "papers").iterdir())
    kept = sorted(path.read_text("utf-8") for path in (ROOT / "papers").iterdir())
    # A paper without arXiv identifier keeps its file's name when its title is corrected.
    assert made == kept


@pytest.mark.parametrize(
    ("text", "message"),
    [("more: [none.yaml]", "none.yaml"), ("more: [../x.yaml]", "same folder"), ("more: a", "list")],
)
def test_files_beside_the_decisions_are_named_rightly(
    source: Path, tmp_path: Path, text: str, message: str
) -> None:
    decisions = tmp_path / "decisions.yaml"
    decisions.write_text(text, "utf-8")
    with pytest.raises(KdbotError, match=message):
        importing.run([source], tmp_path / "out", decisions)


def test_the_year_beside_a_venue_and_a_key_beside_the_day_are_taken(
    source: Path, tmp_path: Path
) -> None:
    decisions = tmp_path / "decisions.yaml"
    decisions.write_text("more: [days.yaml]", "utf-8")
    (tmp_path / "days.yaml").write_text("added: [{day: 2024-05-01}]", "utf-8")
    importing.run([source], tmp_path / "out", decisions)
    (paper,) = load_papers(tmp_path / "out")
    assert (paper.venue, paper.year, paper.key) == ("ICLR", "2024", "survey2024everything")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "README.md"
    path.write_text(LIST, "utf-8")
    return path


def test_report_names_what_was_not_understood(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert importing.run([source], tmp_path / "out", None, "json") == 0
    report = json.loads(capsys.readouterr().out)

    assert report == {
        "papers": 1,
        "lines": {
            "understood": 1,
            "not_understood": [
                {
                    "file": "README.md",
                    "line": 4,
                    "text": "[[paper](https://arxiv.org/abs/2401.00002)]",
                    "reason": "no title was found",
                }
            ],
            "fraction": 1.0,
            "generated": 1,
            "prose": 1,
            "record": 1,
        },
        "addresses": {"total": 2, "in_records": 1, "in_prose": 1, "left_out": []},
        "dropped": [],
        "findings": [],
    }


def test_text_report_says_the_same(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    importing.run([source], tmp_path / "out")

    assert capsys.readouterr().out.splitlines() == [
        "1 papers in 1 categories, from 1 places in the source.",
        "2 addresses: 1 in records, 1 in prose, 0 in this report; 100.0% kept.",
        (
            "3 lines: 1 are in records, 1 stay as prose, 1 are generated "
            "(headings, table headers, contents), 0 are decoration."
        ),
        (
            "Lines that look like a paper: 1, such as README.md:4: "
            "[[paper](https://arxiv.org/abs/2401.00002)]"
        ),
        f"See {tmp_path / 'out/import-report.md'} for all of them",
    ]
    page = (tmp_path / "out/import-report.md").read_text("utf-8")
    assert "[README.md, line 4](README.md?plain=1#L4)" in page


def test_other_list_gets_its_own_taxonomy_and_the_venues_it_uses(
    source: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    importing.run([source], out)

    taxonomy = parse_taxonomy((out / "schema/taxonomy.yaml").read_bytes(), "taxonomy.yaml")
    venues = parse_venues((out / "schema/venues.yaml").read_bytes(), "venues.yaml")
    assert [(c.path, c.title) for c in taxonomy.categories] == [("surveys", "Surveys")]
    assert venues.names == ("ICLR",)


def test_venues_that_a_file_lacks_are_put_at_its_end(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "schema").mkdir(parents=True)
    kept = "# Kept as it is.\nvenues:\n  - name: ACL\n    aliases: [Association]\n"
    (out / "schema/venues.yaml").write_text(kept, "utf-8")

    importing.run([source], out)

    text = (out / "schema/venues.yaml").read_text("utf-8")
    assert text.startswith(kept + "  - name: ICLR\n")
    assert text.count("- name:") == 2


def test_record_that_says_otherwise_is_not_written_over(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    importing.run([source], out)
    record = out / "papers/2401.00001.yaml"
    record.write_text(record.read_text("utf-8") + "note: mine\n", "utf-8")

    with pytest.raises(KdbotError, match="differs") as error:
        importing.run([source], out)

    assert error.value.where == str(record)
    assert record.read_text("utf-8").endswith("note: mine\n")


def test_category_that_the_taxonomy_lacks_is_refused(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "schema").mkdir(parents=True)
    (out / "schema/taxonomy.yaml").write_text("categories:\n  - {id: a, title: A}\n", "utf-8")

    with pytest.raises(KdbotError, match="has no category `surveys`"):
        importing.run([source], out)

    assert not (out / "papers").exists()


def test_source_without_papers_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "README.md"
    source.write_text("# Nothing here\n", "utf-8")

    assert importing.run([source], tmp_path / "out", None, "json") == 1
    [finding] = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["code"], finding["severity"]) == ("import-nothing-found", "error")


@pytest.mark.parametrize("missing", ["README.md", "decisions.yaml"])
def test_file_that_cannot_be_read_is_named(missing: str, source: Path, tmp_path: Path) -> None:
    absent = tmp_path / "absent" / missing
    files = (absent, None) if missing == "README.md" else (source, absent)

    with pytest.raises(KdbotError, match="cannot be read") as error:
        importing.run([files[0]], tmp_path / "out", files[1])

    assert error.value.where == str(absent)


def test_G15_a_second_import_changes_no_byte(tmp_path):
    """PMLR publishes the proceedings of ICML, so its name goes where a paper names both."""
    source = tmp_path / "list.md"
    rows = "| MiniPLM | PMLR | 2024-10 | [p](https://arxiv.org/abs/2410.17215) |\n"
    rows += "| MiniPLM | ICML | 2024-10 | [p](https://arxiv.org/abs/2410.17215) |\n"
    rows += "| DistiLLM | A Venue of Ours | 2024-02 | [p](https://arxiv.org/abs/2402.03898) |\n"
    head = "# List\n\n## Methods\n\n| Title | Venue | Date | Link |\n|---|---|---|---|\n"
    source.write_text(head + rows)
    out = tmp_path / "out"
    states = []
    for _ in range(2):
        assert importing.run([source], out) == 0
        states.append({p: (p.read_bytes(), p.stat().st_mtime_ns) for p in out.rglob("*.yaml")})
    assert len(states[0]) == 4
    assert states[0] == states[1]


def test_G15_the_committed_list_is_imported_twice_with_one_result(tmp_path):
    states = []
    for _ in range(2):
        assert importing.run([UPSTREAM], tmp_path / "out") == 0
        states.append({p: p.read_bytes() for p in (tmp_path / "out").rglob("*.yaml")})
    assert states[0] == states[1]
