"""The README as a whole: a pure function of the papers, the taxonomy and the prose."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kdbot.model.audit import AuditSummary
from kdbot.model.paper import Paper
from kdbot.model.regions import README
from kdbot.model.schema import parse_schema
from kdbot.model.settings import SummarySettings, TableSettings
from kdbot.publish.derived import derived_files
from kdbot.publish.markdown import is_address, visible_text
from kdbot.publish.readme.render import find_headings, render_readme
from kdbot.publish.readme.tables import _newest_first, paper_address

MARKDOWN = MarkdownIt("commonmark").enable("table")


def cells(markdown: str) -> list[list[tuple[str, list[str]]]]:
    """Return text and links of every cell of every body row."""
    rows = []
    inside = False
    for token in MARKDOWN.parse(markdown):
        inside = (inside or token.type == "tbody_open") and token.type != "tbody_close"
        if inside and token.type == "tr_open":
            rows.append([])
        elif inside and token.type == "inline":
            children = token.children or []
            text = "".join(t.content for t in children if t.type in {"text", "text_special"})
            links = [str(t.attrGet("href")) for t in children if t.type == "link_open"]
            rows[-1].append((text, links))
    return rows


def region(readme: str, name: str) -> str:
    found = re.search(f"<!-- kdbot:begin {name} -->\n(.*?)<!-- kdbot:end", readme, re.DOTALL)
    assert found
    return found[1]


def test_the_whole_readme(readme, papers, collect, settings, golden):
    audit = AuditSummary(week="2025-W10", papers=5, links=7, dead=1, moved=2)
    rendered = render_readme(readme, collect(*papers), settings, audit)
    assert list(rendered) == [README]
    golden("readme.md", rendered[README])


def test_a_second_rendering_changes_nothing(readme, papers, collect, settings):
    once = render_readme(readme, collect(*papers), settings, None)
    assert render_readme(once[README], collect(*papers), settings, None) == once


def test_the_order_of_the_files_is_nothing(readme, papers, collect, settings):
    one = render_readme(readme, collect(*papers), settings, None)
    assert render_readme(readme, collect(*reversed(papers)), settings, None) == one


def test_windows_line_ends_stay(readme, papers, collect, settings):
    rendered = render_readme(readme.replace("\n", "\r\n"), collect(*papers), settings, None)
    unix = render_readme(readme, collect(*papers), settings, None)
    assert rendered[README] == unix[README].replace("\n", "\r\n")


def test_every_link_of_the_contents_leads_to_its_heading(readme, papers, collect, settings):
    rendered = render_readme(readme, collect(*papers), settings, None)
    anchors = {h.anchor: h for h in find_headings(rendered[README])}
    links = re.findall(r"- \[(.*?)\]\(#(.*?)\)", region(rendered[README], "contents"))
    assert len(links) == 8 + 5
    for text, anchor in links:
        assert anchors[anchor].text == text
    # The categories' headings come after the prose that bears the same names.
    assert [anchor for text, anchor in links if text in {"Methods", "Code"}] == [
        "methods",
        "code",
        "methods-1",
        "code-1",
    ]


def test_a_marker_that_is_missing_renders_nothing(readme, papers, collect, settings):
    broken = readme.replace("<!-- kdbot:end audit -->\n", "")
    findings = render_readme(broken, collect(*papers), settings, None)
    assert isinstance(findings, tuple)
    assert [(f.code, f.line) for f in findings] == [("region-missing", 5)]
    assert derived_files(collect(*papers), settings, broken, None, ()) == findings


def test_a_list_without_a_summary_needs_no_region_for_it(readme, papers, collect, settings):
    plain = re.sub("<!-- kdbot:(begin|end) (summary|taxonomy) -->\n", "", readme)
    without = replace(settings, summary=SummarySettings())
    assert README in render_readme(plain, collect(*papers), without, None)
    assert isinstance(render_readme(plain, collect(*papers), settings, None), tuple)


def test_newest_first_ties_by_title_then_id_and_the_undated_last():
    papers = [
        Paper(id="3", title="b", date="2024-01"),
        Paper(id="2", title="A", date="2024-01"),
        Paper(id="1", title="a", date="2024-01"),
        Paper(id="0", title="a", date="2024-01"),
        Paper(id="5", title="0"),
        Paper(id="4", title="z", date="2024-02"),
    ]
    assert [p.id for p in _newest_first(papers)] == ["4", "2", "0", "1", "3", "5"]


TITLES = st.text(min_size=1, max_size=30) | st.lists(
    st.sampled_from(
        ["|", "\\", "`", "<", "*", "$", "@a", "#1", ":x:", "&amp;", "[", "](x)", "-->", " ", "~~"]
    ),
    min_size=1,
    max_size=8,
).map("".join)
TITLES = TITLES.filter(lambda text: visible_text(text) != "")
ADDRESSES = TITLES.map(lambda text: f"https://example.org/{text}")


@given(
    records=st.lists(
        st.builds(
            Paper,
            id=st.text("abc0123", min_size=1, max_size=6),
            title=TITLES,
            url=st.none() | ADDRESSES,
            venue=st.none() | TITLES,
            date=st.none() | st.sampled_from(["2023-01", "2024-02"]),
            code=st.lists(ADDRESSES, max_size=2).map(tuple),
            project=st.lists(ADDRESSES, max_size=1).map(tuple),
            data=st.lists(ADDRESSES, max_size=2).map(tuple),
            categories=st.just(("misc",)),
            added=st.none() | st.sampled_from(["2024-01-01", "2024-02-02"]),
        ),
        max_size=4,
        unique_by=lambda paper: paper.id,
    )
)
@example(
    records=[Paper(id="0", title="0", data=("https://example.org/a b",), categories=("misc",))]
)
@hypothesis_settings(deadline=None, max_examples=50)
def test_every_cell_reads_as_the_record(records, readme, collect, settings):
    rendered = render_readme(readme, collect(*records), settings, None)
    rows = cells(region(rendered[README], "tables"))
    assert len(rows) == len(records)
    # A column in which no paper of the category has anything is not shown.
    filled = {
        "title": True,
        "venue": any(paper.venue for paper in records),
        "date": any(paper.date for paper in records),
        "code": any(paper.code or paper.project for paper in records),
        "data": any(paper.data for paper in records),
    }
    columns = [name for name, has in filled.items() if has]
    for cells_of_row, paper in zip(rows, _newest_first(records), strict=True):
        row = dict.fromkeys(filled, ("", [])) | dict(zip(columns, cells_of_row, strict=True))
        assert [row[name][0] for name in ("title", "venue", "date")] == [
            visible_text(paper.title),
            visible_text(paper.venue or ""),
            paper.date or "",
        ]
        address = paper_address(paper)
        assert _decoded(row["title"][1]) == _decoded(
            [address] if address and row["title"][0] else []
        )
        assert _decoded(row["code"][1]) == _decoded([*paper.code, *paper.project])
        assert _decoded(row["data"][1]) == _decoded(paper.data)
    again = render_readme(rendered[README], collect(*records), settings, None)
    assert again == rendered


def _decoded(urls) -> list[str]:
    return [unquote(url, errors="replace") for url in urls if is_address(url)]


def test_columns_of_this_lists_schema_alone_need_no_code(readme, collect, settings, schema):
    document = dict(schema.document)
    document["properties"] = {
        **document["properties"],
        "license": {"type": "string", "title": "Licence"},
        "videos": {"type": "array", "title": "Video"},
        "topics": {"type": "array", "title": "Topics"},
        "open": {"type": "boolean", "title": "Open"},
    }
    names = ("title", "license", "videos", "topics", "open", "authors")
    paper = Paper(
        id="x",
        title="T",
        categories=("misc",),
        authors=("A | B", "C"),
        extra=(
            ("license", "MIT_or | BSD"),
            ("videos", ("https://youtube.com/1", "https://youtube.com/2")),
            ("topics", ("one", "t*o", "https://example.org/")),
            ("open", True),
        ),
    )
    rendered = render_readme(
        readme,
        collect(paper, schema=parse_schema(document)),
        replace(settings, tables=TableSettings(columns=names)),
        None,
    )
    table = region(rendered[README], "tables")
    assert "| Title | Licence | Video | Topics | Open | Authors |" in table
    assert cells(table) == [
        [
            ("T", []),
            ("MIT_or | BSD", []),
            ("Video, Video 2", ["https://youtube.com/1", "https://youtube.com/2"]),
            ("one, t*o, Topics", ["https://example.org/"]),
            ("yes", []),
            ("A | B, C", []),
        ]
    ]


def _many(count: int) -> list[Paper]:
    return [
        Paper(
            id=f"p{n:05}",
            title=f"Paper number {n:05}",
            arxiv=f"24{n % 12 + 1:02}.{n:05}",
            date=f"2024-{n % 12 + 1:02}",
            categories=("methods/search/beam", "tasks/law") if n % 2 else ("misc",),
            added="2024-12-31",
        )
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("count", "target", "newest"),
    [(40, 400_000, None), (1_000, 30_000, 50), (1_000, 80_000, 100), (1_000, 1_000, 1)],
)
def test_the_readme_shows_as_many_as_fit(count, target, newest, readme, collect, settings):
    tables = TableSettings(target_bytes=target)
    rendered = render_readme(readme, collect(*_many(count)), replace(settings, tables=tables), None)
    if newest is None:
        assert list(rendered) == [README]
        return
    assert target < 10_000 or len(rendered[README].encode()) <= target
    assert sorted(rendered) == [
        README,
        "lists/methods--search--beam.md",
        "lists/misc.md",
        "lists/summary.md",
        "lists/tasks--law.md",
    ]
    table = region(rendered[README], "tables")
    assert f"{newest} of 500 papers; [all of them](lists/misc.md)." in table
    assert len(cells(table)) == 3 * newest
    assert len(cells(region(rendered[README], "summary"))) == newest
    page = rendered["lists/misc.md"]
    assert len(cells(page)) == 500
    assert "[Back to the list](../README.md#misc)" in page
    assert cells(page)[:newest] == cells(table)[2 * newest :]


def test_a_readme_beyond_the_limit_is_an_error(readme, collect, settings):
    tables = TableSettings(target_bytes=100, limit_bytes=1_000)
    (finding,) = render_readme(readme, collect(*_many(100)), replace(settings, tables=tables), None)
    assert finding.code == "readme-too-large"
    assert finding.file == "README.md"
    assert "with 1 papers per category; the limit is 1,000" in finding.message


PROGRAM = """
import hashlib, json, sys
from pathlib import Path
from kdbot.flows.list.checked_list import check_list
from kdbot.flows.rules import ALL_RULES
from kdbot.publish.derived import derived_files
from kdbot.storage.repository import load_settings
root = Path(sys.argv[1])
readme = (root / "README.md").read_bytes().decode()
files = derived_files(check_list(root).collection, load_settings(root, {}), readme, None, ALL_RULES)
print(hashlib.sha256(json.dumps(sorted(files.items())).encode()).hexdigest())
"""


def test_the_same_bytes_everywhere_F15(pytestconfig):
    digests = set()
    for seed, zone, locale in (
        ("0", "Pacific/Kiritimati", "C"),
        ("42", "America/Los_Angeles", "tr_TR.UTF-8"),
    ):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        found = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(pytestconfig.rootpath)],
            env=environment,
            capture_output=True,
            check=True,
            text=True,
        )
        digests.add(found.stdout)
    assert len(digests) == 1
