"""From the rows of a list to records: one paper, one record, and a finding for each doubt."""

import re
import time
from dataclasses import replace

import pytest

from kdbot.intake.importing.accounting import account
from kdbot.intake.importing.decisions import NO_DECISIONS, parse_decisions
from kdbot.intake.importing.list_import import ImportedList, import_list
from kdbot.intake.importing.sources import read_sources
from kdbot.intake.lists.paper import ReadmeList
from kdbot.intake.lists.reader import parse_readme_list
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Severity
from kdbot.model.paper import FIELD_NAMES
from kdbot.model.schema import parse_schema
from kdbot.model.venue import Venue, Venues
from tests.rows import each

HEADER = "| Title | Venue | Date | Code | Data |\n|:--|:--:|:--:|:--:|:--:|\n"
SCHEMA = parse_schema({"properties": {name: {"type": "string"} for name in FIELD_NAMES}})


def row(
    title="A Paper of Weight", arxiv="2401.00001", venue="arXiv", date="2024-01", code="", url=""
):
    link = url or f"https://arxiv.org/abs/{arxiv}"
    return f"| [{title}]({link}) | {venue} | {date} | {code} | |\n"


@pytest.fixture
def imported(venues):
    def run(
        *rows: str, decisions: str = "", text: str = "", known: Venues | None = None
    ) -> ImportedList:
        return import_list(
            parse_readme_list(text or "## One\n\n" + HEADER + "".join(rows), venues),
            decisions=parse_decisions(decisions.encode(), "decisions.yaml")
            if decisions
            else NO_DECISIONS,
            known=venues if known is None else known,
            source_file="README.md",
            schema=SCHEMA,
        )

    return run


def codes(found: ImportedList) -> dict[str, int]:
    return {finding.code: finding.line for finding in found.findings}


def test_name_stands_in_for_a_title_that_the_list_does_not_tell(imported) -> None:
    link = "[PDF](https://arxiv.org/abs/2401.00001)"
    table = f"| Model | Paper |\n|---|---|\n| MapNet | {link} |\n"

    alone = imported(text=f"## A\n\n{table}")
    both = imported(text=f"## A\n\n{table}\n## B\n\n- Drawing Maps of Towns {link}\n")

    assert [paper.title for paper in alone.papers] == ["MapNet [arxiv:2401.00001]"]
    assert "import-title-unknown" in codes(alone)
    assert [paper.title for paper in both.papers] == ["Drawing Maps of Towns"]
    assert not codes(both)


def test_two_identifiers_of_one_title_are_two_records_that_keep_to_the_rules(imported) -> None:
    found = imported(row("One Title of Two", "2401.00001"), row("One Title of Two", "2401.00002"))

    assert [paper.title for paper in found.papers] == [
        "One Title of Two",
        "One Title of Two [arxiv:2401.00002]",
    ]
    assert codes(found) == {"import-same-title-two-identifiers": 6}


def test_a_row_with_the_identifier_of_another_paper_gives_it_nothing(imported) -> None:
    link = "[Github](https://github.com/c/d)"
    odd = row(title="Rivers Seen from Another Mountain", venue="ICLR", code=link)
    found = imported(row(venue="-"), odd)

    [paper] = found.papers
    assert (paper.title, paper.venue, paper.code) == ("A Paper of Weight", None, ())
    [finding] = found.findings
    assert finding.line == 6
    assert "and nothing else of this line" in finding.message


def test_a_record_takes_no_more_than_its_schema_allows(venues) -> None:
    properties = {name: {"type": "string"} for name in FIELD_NAMES}
    addresses = {"type": "array", "items": {"type": "string", "maxLength": 40}, "maxItems": 2}
    properties["code"] = addresses
    properties["url"] = {"type": "string", "maxLength": 40}
    links = " ".join(f"[code](https://github.com/a/{number})" for number in range(4))
    text = f"## A\n\n- [Drawing Maps of Towns](https://a.org/{'a' * 40}.pdf) {links}\n"
    [paper] = import_list(
        parse_readme_list(text, venues),
        decisions=NO_DECISIONS,
        known=venues,
        source_file="README.md",
        schema=parse_schema({"properties": properties}),
    ).papers

    assert paper.code == ("https://github.com/a/0", "https://github.com/a/1")
    assert paper.url is None


@pytest.mark.parametrize(
    ("labels", "venue"),
    [
        ("[[AAAI]]", "AAAI"),
        ("[[Blog]]", None),
        ("ICLR 2024. [Blog]", "ICLR"),
        ("[Nature]", "Nature"),
    ],
)
def test_label_of_a_link_may_be_the_venue(imported, labels: str, venue: str | None) -> None:
    known = Venues(venues=tuple(Venue(name=name) for name in ("AAAI", "Blog", "ICLR", "Nature")))
    line = f"- [A Paper of Weight](https://arxiv.org/abs/2401.00001) {labels}(https://a.org/x)"

    [paper] = imported(text=f"## A\n\n{line}\n", known=known).papers

    assert paper.venue == venue


def test_rows_of_one_paper_become_one_record_with_all_its_categories(imported) -> None:
    one = row(code="[Github](https://github.com/a/b)")
    two = row(code="[Github](https://github.com/c/d)")

    found = imported(text=f"## A\n\n{HEADER}{one}\n## B & C\n\n{HEADER}{two}")

    [paper] = found.papers
    assert paper.id == "2401.00001"
    assert paper.categories == ("a", "b-and-c")
    assert paper.code == ("https://github.com/a/b", "https://github.com/c/d")
    assert [(c.path, c.title) for c in found.taxonomy.categories] == [
        ("a", "A"),
        ("b-and-c", "B & C"),
    ]


def test_paper_without_identifier_is_filed_by_its_title(imported) -> None:
    found = imported(
        row(
            title="Koala: A Dialogue Model", url="https://bair.berkeley.edu/blog/koala/", venue="-"
        ),
        row(
            title="On EACL's Site",
            url="https://aclanthology.org/2024.eacl-long.109.pdf",
            venue="EACL",
        ),
    )

    assert [(p.id, p.acl, p.url) for p in found.papers] == [
        ("koala-a-dialogue-model", None, "https://bair.berkeley.edu/blog/koala/"),
        ("on-eacls-site", "2024.eacl-long.109", None),
    ]


def test_papers_above_the_first_sub_heading_get_a_category_of_their_own(imported) -> None:
    found = imported(
        text=f"## A\n\n{HEADER}{row()}\n### B\n\n{HEADER}{row(title='Other', arxiv='2401.00002')}"
    )

    assert [paper.categories for paper in found.papers] == [("a/general",), ("a/b",)]


QUESTIONS = {
    "import-same-identifier-two-titles": [row(), row(title="Quite Another Name")],
    "import-same-title-two-identifiers": [row(), row(arxiv="2401.00002")],
    "import-venues-differ": [row(venue="ICLR"), row()],
    "import-dates-differ": [row(), row(date="2024-02")],
    "import-row-twice-in-section": [row(), row()],
    "import-publisher-as-venue": [row(venue="PMLR")],
    "import-date-disagrees": [row(date="2024-03")],
    "import-preprint-without-identifier": [row(url="https://kaistai.github.io/SelFee/")],
}
NOTICES = {
    "import-venue-alias": [row(venue="NIPS")],
    "import-venue-unknown": [row(venue="Journal of Unheard Things")],
    "import-code-not-repository": [row(code="[Github](https://selfrag.github.io/)")],
    "import-address-unusable": [row(code="[Github](http://10.0.0.1/a)")],
    "import-date-without-month": [row(url="https://a.b.org/x.pdf", venue="ACL", date="2024")],
    "import-paper-without-link": ["| Code Alpaca: A Model | - | 2023-03 | | |\n"],
    "import-rows-out-of-order": [row(), row(title="Newer", arxiv="2402.00001", date="2024-02")],
    "import-cell-missing": ["| [A Map of Towns](https://arxiv.org/abs/2401.00001) | arXiv |\n"],
    "import-blank-in-url": ["| [Map A]( https://arxiv.org/abs/2401.00001) | - | 2024-01 | | |\n"],
    "import-second-identifier": [row(code="[Paper](https://arxiv.org/abs/2401.00009)")],
}  # fmt: skip


@each("code", QUESTIONS)
def test_question_for_a_person_is_asked_with_its_line(code: str, imported) -> None:
    found = imported(*QUESTIONS[code])

    finding = next(finding for finding in found.findings if finding.code == code)
    assert finding.severity is Severity.WARNING
    assert finding.file == "README.md"
    assert finding.line == 4 + len(QUESTIONS[code])
    assert "decisions file" in (finding.fix or "") or code == "import-row-twice-in-section"


@each("code", NOTICES)
def test_what_was_settled_by_rule_is_told(code: str, imported) -> None:
    found = imported(*NOTICES[code])

    finding = next(finding for finding in found.findings if finding.code == code)
    assert (finding.severity, finding.file) == (Severity.NOTICE, "README.md")
    assert finding.line == 4 + len(NOTICES[code])


def test_row_without_any_doubt_has_no_finding(imported) -> None:
    assert imported(row(code="[Github](https://github.com/a/b)")).findings == ()


@each(
    ("rows", "field", "value"),
    [
        ([row(venue="arXiv"), row(venue="ICLR")], "venue", "ICLR"),
        ([row(date="2024-02"), row(date="2024-01")], "date", "2024-01"),
        ([row(date="")], "date", "2024-01"),
        ([row(date="2024")], "date", "2024-01"),
        ([row(venue="NeurIPS'24 (Oral)")], "venue", "NeurIPS"),
        ([row(venue="EMNLP Findings 2023")], "venue", "Findings of EMNLP"),
        ([row(venue="PMLR")], "venue", None),
        ([row(code="[Github](https://github.com/a/b.git)")], "code", ("https://github.com/a/b",)),
        ([row(code="[Github](https://a.github.io)")], "project", ("https://a.github.io",)),
        ([row(), row(title="Odd One"), row()], "title", "A Paper of Weight"),
    ],
)
def test_one_value_is_taken_by_rule(rows: list[str], field: str, value: object, imported) -> None:
    [paper] = imported(*rows).papers

    assert getattr(paper, field) == value


def test_venue_that_no_file_has_is_added_under_its_commonest_spelling(imported) -> None:
    found = imported(
        row(venue="Things 2023"),
        row(title="B", arxiv="2401.00002", venue="THINGS"),
        row(title="C", arxiv="2401.00003", venue="Things"),
        known=Venues(venues=()),
    )

    assert found.venues.names == ("Things",)
    assert {paper.venue for paper in found.papers} == {"Things"}


DROP = """
papers:
  - match: {arxiv: "2401.00001", title: Quite Another Name}
    drop: true
    reason: There is no such paper.
"""
KEEP = """
papers:
  - match: {arxiv: "2401.00001"}
    keep: [import-date-disagrees]
    reason: So it is.
"""
MEND = """
papers:
  - match: {arxiv: "2401.00001"}
    set: {arxiv: "2401.00002", title: "The Right: One", venue: "", code: [https://github.com/a/b]}
    reason: The address was that of another paper.
added:
  - day: 2024-02-20
  - day: 2024-03-19
    papers: ["2401.00002"]
categories:
  - path: one
    note: In other words.
"""


def test_decision_drops_rows_and_tells_why(imported) -> None:
    found = imported(*QUESTIONS["import-same-identifier-two-titles"], decisions=DROP)

    assert [paper.title for paper in found.papers] == ["A Paper of Weight"]
    assert found.dropped == ((6, "Quite Another Name", "There is no such paper."),)
    assert found.findings == ()


def test_decision_mends_fields_days_and_notes(imported) -> None:
    found = imported(row(), row(title="Other", arxiv="2401.00009"), decisions=MEND)

    mended, other = found.papers
    assert (mended.id, mended.title, mended.venue) == ("2401.00002", "The Right: One", None)
    assert mended.code == ("https://github.com/a/b",)
    assert (mended.added, other.added) == ("2024-03-19", "2024-02-20")
    assert found.taxonomy.by_path["one"].note == "In other words."


def test_decision_to_keep_a_doubt_silences_it(imported) -> None:
    assert imported(row(date="2024-03"), decisions=KEEP).findings == ()


def test_decision_that_matches_nothing_is_told(imported) -> None:
    found = imported(row(), decisions=DROP.replace("2401.00001", "2401.99999"))

    assert [(f.code, f.file, f.line) for f in found.findings] == [
        ("import-decision-unused", "decisions.yaml", 3)
    ]


@each(
    ("text", "line", "message"),
    [
        ("papers:\n  - match: {}\n    reason: x\n", 2, "`match` is empty"),
        ("papers:\n  - match: {arxif: a}\n    reason: x\n", 2, "unknown key `arxif`"),
        ("papers:\n  - match: {arxiv: a}\n    set: {colour: red}\n", 3, "unknown key `colour`"),
        ("papers:\n  - match: {arxiv: a}\n", 2, "`reason` is missing"),
        ("added: 2024\n", 1, "`added` must be a list"),
        ("added:\n  - day: [a]\n", 2, "`day` is missing here or is not text"),
        ("papers: [\n", 2, "cannot be read as YAML"),
    ],
)
def test_wrong_decision_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(KdbotError, match=r"decisions\.yaml") as error:
        parse_decisions(text.encode(), "decisions.yaml")

    assert message in error.value.what
    assert error.value.where == f"decisions.yaml:{line}"


def test_papers_of_one_title_take_linear_time(venues) -> None:
    line = "- [Maps of Us](https://a.org/1.pdf), CVPR 2020"
    [first] = parse_readme_list(f"## A\n\n{line}\n", venues).papers
    papers = tuple(replace(first, line=n, urls=(f"https://a.org/{n}.pdf",)) for n in range(5_000))
    source = ReadmeList(papers=papers, unread=(), notes={})

    start = time.process_time()
    found = import_list(
        source, decisions=NO_DECISIONS, known=venues, source_file="README.md", schema=SCHEMA
    )
    assert time.process_time() - start < 15
    assert len({paper.id for paper in found.papers}) == 5_000


@each(
    ("page", "log"),
    [
        ("https://arxiv.org/abs/2401.00001", "https://arxiv.org/src/2401.00001v2/anc/log.pdf"),
        (
            "https://www.biorxiv.org/content/10.1101/2022.06.06.494991v1",
            "https://www.biorxiv.org/content/10.1101/2022.06.06.494991v1.supplementary-material",
        ),
        (
            "https://www.biorxiv.org/content/10.1101/2022.06.06.494991v1",
            "https://www.biorxiv.org/content/biorxiv/early/2022/06/06/2022.06.06.494991/DC1/a.pdf",
        ),
    ],
    ids=["arxiv", "biorxiv-page", "biorxiv-file"],
)
def test_file_that_comes_with_a_paper_is_an_address_of_its_own(venues, page, log) -> None:
    text = f"## A\n\n{HEADER}{row(url=page, code=f'[Log]({log})')}"
    sources = read_sources([("README.md", text)], venues)
    fields = {name: {"type": "string"} for name in FIELD_NAMES}
    fields["links"] = {"type": "array", "items": {"type": "string"}, "title": "Links"}

    for properties, kept in ((SCHEMA.document["properties"], 0), (fields, 1)):
        found = import_list(
            sources.joined,
            decisions=NO_DECISIONS,
            known=venues,
            source_file="README.md",
            schema=parse_schema({"properties": properties}),
        )
        assert len(found.papers) == 1
        assert dict(found.papers[0].extra).get("links", ()) == (log,) * kept
        assert [line.text for line in account(sources, found.papers).left_out] == [log] * (1 - kept)


def test_every_line_of_a_table_is_in_a_record_or_reported(venues) -> None:
    html = "<td><b>Date</b></td><td><b>Paper</b></td><td><b>Links</b></td>"
    note = "<td colspan='3'>It draws maps of towns, part {n}.</td>"
    cells = "<td>2025</td><td>{b}</td><td><a href='{url}'>x</a></td>"
    rows = (
        (
            "<b>How to draw maps: A study of Towns and Streets</b>",
            "https://arxiv.org/abs/2401.00001",
        ),
        ("", "https://arxiv.org/abs/2401.00002"),
        ("<b>Rivers and Their Old Maps</b>", "https://a.org/rivers"),
    )
    for n, (title, url) in enumerate(rows):
        html += f"\n</tr>\n<tr>\n{cells.format(b=title, url=url)}\n</tr>\n<tr>\n"
        html += note.format(n=n)
    loose = "<tr>\n<td>2020</td>\n<td>Hills</td>\n</tr>\n" * 3
    divider = "| **Old Ones** | | | | |\n"
    text = f"## A\n\n{HEADER}{row()}{divider}\n<table>\n<tr>\n{html}\n</tr>\n{loose}</table>\n"
    sources = read_sources([("README.md", text)], venues)
    [file] = sources.files

    assert [paper.title for paper in sources.joined.papers] == [
        "A Paper of Weight",
        "How to draw maps: A study of Towns and Streets",
    ]
    told = account(sources, ()).cells
    assert [line.text for line in told] == ["Old Ones", *["2020 | Hills"] * 3]
    found = (*file.found.papers, *file.found.unread, *told)
    kept = {n for entry in found for n in range(entry.line, entry.end + 1)}
    lines = enumerate(text.split("\n"), 1)
    lost = [line for n, line in lines if n not in kept and re.search(r">\w|\*\w", line)]
    assert lost == ["<td><b>Date</b></td><td><b>Paper</b></td><td><b>Links</b></td>"]


def test_brackets_around_addresses_are_none_of_them(venues) -> None:
    text = (
        "## A\n\n- [A Paper of Weight](https://arxiv.org/abs/2401.00001)/[b](https://example.org/b_(c))"
        "，[c](https://github.com/a/b)*see (https://github.com/c/d)(https://github.com/e/f)\n"
    )
    sources = read_sources([("README.md", text)], venues)

    found = [line.text for line in account(sources, ()).left_out]
    assert found == [
        "https://arxiv.org/abs/2401.00001",
        "https://example.org/b_(c)",
        "https://github.com/a/b",
        "https://github.com/c/d",
        "https://github.com/e/f",
    ]


def test_the_path_of_a_deep_category_fits_into_a_record(imported) -> None:
    name = "A heading of a list of papers that says all that it holds, number {}"
    headings = "".join(f"{'#' * level} {name.format(level)}\n\n" for level in range(1, 7))
    deep = imported(text=f"# List\n\n{headings}{HEADER}{row()}")
    (paper,) = deep.papers
    assert all(len(path) <= 200 for path in paper.categories)
    assert paper.categories[0] in {category.path for category in deep.taxonomy.leaves}


def test_a_name_with_its_acronym_behind_it_is_the_venue_that_is_known(imported, venues) -> None:
    known = replace(
        venues,
        venues=(
            *venues.venues,
            Venue(name="IEEE S&P", aliases=("IEEE Symposium on Security and Privacy",)),
        ),
    )
    found = imported(row(venue="IEEE Symposium on Security and Privacy (SP)"), known=known)
    assert [paper.venue for paper in found.papers] == ["IEEE S&P"]
    assert "IEEE S&P" in found.venues.names
