"""Whole lists, brought and published: nothing is lost without a word, and it is read back."""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections import Counter
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from benchmarks.reading import seconds
from kdbot.flows.list import importing
from kdbot.flows.list.build import build
from kdbot.flows.list.checked_list import validate
from kdbot.flows.list.initialize import InitOptions, initialize
from kdbot.intake.importing.accounting import account
from kdbot.intake.importing.decisions import NO_DECISIONS
from kdbot.intake.importing.list_import import ImportedList, import_list
from kdbot.intake.importing.sources import Sources, read_sources
from kdbot.intake.schema_files import parse_taxonomy
from kdbot.model.errors import KdbotError
from kdbot.model.identifiers import parse_identifier
from kdbot.model.paper import FIELD_NAMES
from kdbot.model.schema import parse_schema
from kdbot.model.urls import canonical_url
from kdbot.model.venue import Venues

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
SHAPES = ROOT / "tests/data/import/shapes"
LISTS = [
    *sorted(SHAPES.glob("*.md")),
    ROOT / "tests/data/initialize/README.md",
    ROOT / "imports/upstream.md",
]
PIN = "octo/kdbot@0123456789abcdef0123456789abcdef01234567"
SCHEMA = parse_schema({"properties": {name: {"type": "string"} for name in FIELD_NAMES}})
ADDRESS = re.compile(r"https?://[^\s<>\"'`|\]\[\\]+")


def start(folder: Path, *sources: Path, repository: str = "octo/garden") -> Path:
    contents = tuple(source.read_bytes() for source in sources)
    for name, data in _started(sources, contents, repository).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@lru_cache(maxsize=4 * len(LISTS))
def _started(
    sources: tuple[Path, ...], _contents: tuple[bytes, ...], repository: str
) -> Mapping[str, bytes]:
    """Start a list once for all tests of a process that look at it."""
    with tempfile.TemporaryDirectory(prefix="kdbot-") as name:
        folder = Path(name) / "list"
        options = InitOptions(source=sources, bot=PIN, repository=repository)
        assert initialize(folder, options, None) == 0
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }


def records(folder: Path) -> dict[str, dict]:
    paths = (folder / "papers").glob("*.yaml")
    return {path.name: yaml.safe_load(path.read_text("utf-8")) for path in paths}


def addresses(text: str) -> set[str]:
    """Return what a plain scan of a text finds, each address by what it identifies."""
    found = set()
    for match in ADDRESS.finditer(text):
        url = match[0].rstrip(".,;:!?*_~")
        while url.endswith(")") and url.count(")") > url.count("("):
            url = url[:-1].rstrip(".,;:!?*_~")
        url = url.removesuffix(".git")
        found.add(parse_identifier(url).canonical or canonical_url(url) or url)
    return found


def told_of(folder: Path) -> set[str]:
    """Return all that stands in records, in the README and in the report."""
    texts = [path.read_text("utf-8") for path in (folder / "papers").glob("*.yaml")]
    texts += [(folder / name).read_text("utf-8") for name in ("README.md", "import-report.md")]
    identifiers = (
        r.get(n) for r in records(folder).values() for n in ("arxiv", "doi", "acl", "openreview")
    )
    return {url for text in texts for url in addresses(text)} | set(filter(None, identifiers))


@pytest.mark.parametrize("source", LISTS, ids=lambda path: path.stem)
def test_every_address_of_a_list_is_kept_or_reported(source: Path, tmp_path: Path) -> None:
    folder = start(tmp_path / "list", source)

    lost = addresses(source.read_text("utf-8")) - told_of(folder)
    assert lost == set()
    assert validate(folder, [], "text", {}) == 0
    assert build(folder, check=True, environment={}) == 0


class _Page(HTMLParser):
    """What a rendered page can be led to, by GitHub's rule for headings, and its links to it."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.links: list[str] = []
        self._heading: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self._heading = ""
        self.targets |= {name.casefold() for k in ("id", "name") if (name := values.get(k))}
        self.links += [url for url in [values.get("href")] if tag == "a" and url and url[:1] == "#"]

    def handle_data(self, data: str) -> None:
        if self._heading is not None:
            self._heading += data

    def handle_endtag(self, tag: str) -> None:
        if re.fullmatch("h[1-6]", tag) and self._heading is not None:
            # https://docs.github.com/en/get-started/writing-on-github: section links
            slug = re.sub(r"[^\w\- \ufe0f]", "", self._heading.strip().lower()).replace(" ", "-")
            numbers = (f"{slug}-{n}" for n in range(1, 1000))
            self.targets.add(next(s for s in (slug, *numbers) if s not in self.targets))
            self._heading = None


@pytest.mark.parametrize("source", LISTS, ids=lambda path: path.stem)
def test_every_link_to_a_place_in_the_readme_leads_there(source: Path, tmp_path: Path) -> None:
    page = _Page()
    readme = (start(tmp_path / "list", source) / "README.md").read_text("utf-8")
    page.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(readme))

    assert page.links
    assert [url for url in page.links if unquote(url[1:]).casefold() not in page.targets] == []


@pytest.mark.parametrize("source", LISTS, ids=lambda path: path.stem)
def test_the_published_readme_gives_the_same_collection(source: Path, tmp_path: Path) -> None:
    first = start(tmp_path / "first", source)
    again = start(tmp_path / "again", first / "README.md")

    assert records(again) == records(first)
    names = ("schema/taxonomy.yaml", "schema/venues.yaml")
    assert [(again / n).read_text("utf-8") for n in names] == [
        (first / n).read_text("utf-8") for n in names
    ]


def test_a_readme_and_its_pages_give_the_same_collection(tmp_path: Path) -> None:
    first = start(tmp_path / "first", ROOT / "imports/upstream.md")
    settings_file = first / "kdbot.toml"
    text = settings_file.read_text("utf-8")
    settings_file.write_text(text.replace("[tables]\n", "[tables]\ntarget_bytes = 20000\n"))
    assert build(first, check=False, environment={}) == 0
    pages = sorted((first / "lists").glob("*.md"))
    assert len(pages) > 3

    again = start(tmp_path / "again", first / "README.md", *pages)

    # A paper of several categories has them in the order of the files.
    found, kept = (
        {n: {**r, "categories": sorted(r["categories"])} for n, r in records(folder).items()}
        for folder in (again, first)
    )
    assert found == kept


PIECES = st.sampled_from(
    [
        "## Part {n}",
        "# Title {n}",
        "- [A Paper of the Number {n}](https://arxiv.org/abs/2401.{n:05}) [code](https://github.com/a/p{n})",
        "- A Paper of the Number {n} [[pdf]](https://example.org/{n}.pdf)",
        "  - Code: https://github.com/a/p{n}",
        "  - [Video](https://youtu.be/v{n})",
        "  - Ann Lee, Bo Kim",
        "- tool{n}: does things [repo](https://github.com/t/t{n})",
        "| Title | Link |\n|--|--|\n| A Row of {n} | [paper](https://arxiv.org/abs/2402.{n:05}) |",
        "| Words {n} | [blog](https://blog.example.org/{n}) |",
        "![figure](https://example.org/{n}.png)",
        "Words with [a link](https://example.org/w{n}) in them, and https://example.org/bare{n}.",
        "<details><summary>Fold {n}</summary>",
        "</details>",
        "<table><tr><td>A Cell about {n}</td><td><a href='https://arxiv.org/abs/2403.{n:05}'>pdf</a></td></tr></table>",
        "[ref{n}]: https://example.org/r{n}",
        "**A Bold Title of the Number {n}**",
        "- Paper: https://arxiv.org/abs/2404.{n:05}",
        "<!-- https://example.org/hidden{n} -->",
        "```\nhttps://example.org/code{n}\n```",
        "",
    ]
)


def brought(sources: Sources) -> ImportedList:
    """The records of a list that nobody has decided anything about."""
    return import_list(
        sources.joined,
        decisions=NO_DECISIONS,
        known=Venues(venues=()),
        source_file="README.md",
        schema=SCHEMA,
    )


@given(st.lists(PIECES, max_size=30), st.sampled_from(["\n", "\n\n"]))
@settings(max_examples=150, deadline=None)
def test_generated_lists_are_accounted_for(pieces: list[str], between: str) -> None:
    text = between.join(piece.format(n=number) for number, piece in enumerate(pieces))
    sources = read_sources([("README.md", text)], Venues(venues=()))
    imported = brought(sources)
    accounting = account(sources, imported.papers)

    reported = len(accounting.left_out) + len(accounting.decorations)
    assert accounting.in_records + accounting.in_prose + reported == accounting.addresses
    assert accounting.addresses == len(addresses(text))
    assert sum(accounting.lines.values()) == sum(bool(line.strip()) for line in text.split("\n"))


def test_a_section_of_tools_keeps_its_tools_when_a_paper_stands_among_them(tmp_path: Path) -> None:
    folder = start(tmp_path / "list", SHAPES / "tools_with_one_paper.md")

    taxonomy = parse_taxonomy((folder / "schema/taxonomy.yaml").read_bytes(), "taxonomy.yaml")
    (tools,) = taxonomy.leaves
    assert tools.text is not None
    assert [line[:7] for line in tools.text.split("\n") if line.startswith("- ")] == [
        "- shove",
        "- rake:",
        "- [A ho",
    ]
    assert list(records(folder)) == ["2401.00001.yaml"]
    readme = (folder / "README.md").read_text("utf-8")
    assert readme.index("[A hose]") < readme.index("Watering Models Evenly")


def test_fields_of_a_list_stand_in_its_records_and_are_shown(tmp_path: Path) -> None:
    folder = start(tmp_path / "list", SHAPES / "heading_each_linked.md")

    cabbages = next(r for r in records(folder).values() if "Cabbages" in r["title"])
    assert (cabbages["metrics"], cabbages["datasets"]) == ("AUC", "CabbageEval, Leaf-QA")
    assert "  - Datasets: CabbageEval, Leaf-QA\n" in (folder / "README.md").read_text("utf-8")


def test_a_year_alone_is_a_date_and_that_of_the_venue(tmp_path: Path) -> None:
    folder = start(tmp_path / "list", SHAPES / "year_columns.md")

    by_title = {r["title"]: r for r in records(folder).values()}
    wheat, rye = by_title["Kernels of Wheat"], by_title["Kernels of Rye"]
    assert (wheat["venue"], wheat["year"], wheat["date"]) == ("ECCV", 2013, "2013")
    assert (rye["venue"], rye["year"], rye["date"]) == ("ICLR", 2024, "2024-01")
    readme = (folder / "README.md").read_text("utf-8")
    assert readme.index("Kernels of Rye") < readme.index("Kernels of Wheat")


def test_several_files_make_one_list(tmp_path: Path) -> None:
    chapters = tmp_path / "chapters"
    chapters.mkdir()
    line = "- [A Paper of the {}](https://arxiv.org/abs/2401.0000{})\n"
    (tmp_path / "README.md").write_text(f"# Gardens\n\n## Soil\n\n{line.format('Soil', 1)}")
    (chapters / "deep_water.md").write_text(f"## Rain\n\nAll of it.\n\n{line.format('Rain', 2)}")
    (chapters / "air.md").write_text(
        f"# Wind\n\n{line.format('Wind', 3)}- [x](https://arxiv.org/abs/2401.00004)\n"
    )

    sources = [tmp_path / "README.md", chapters / "deep_water.md", chapters / "air.md"]
    folder = start(tmp_path / "list", *sources)

    categories = {r["title"]: r["categories"] for r in records(folder).values()}
    assert categories == {
        "A Paper of the Soil": ["soil"],
        "A Paper of the Rain": ["deep-water/rain"],
        "A Paper of the Wind": ["wind"],
    }
    assert "All of it." in (folder / "README.md").read_text("utf-8")
    report = (folder / "import-report.md").read_text("utf-8")
    assert (
        "[chapters/air.md, line 4](chapters/air.md?plain=1#L4)" in report
        or "air.md, line 4" in report
    )


def test_a_list_without_a_title_takes_the_repository_s_name(tmp_path: Path) -> None:
    source = tmp_path / "old.md"
    source.write_text("## Soil\n\n- [A Paper of the Soil](https://arxiv.org/abs/2401.00001)\n")

    folder = start(tmp_path / "list", source, repository="octo/awesome-gardens")
    assert (folder / "README.md").read_text("utf-8").startswith("# awesome gardens\n")

    with pytest.raises(KdbotError, match="the list has no title"):
        initialize(tmp_path / "other", InitOptions(source=(source,), bot=PIN), None)


def test_rows_of_a_short_title_alone_are_two_papers(tmp_path: Path) -> None:
    source = tmp_path / "old.md"
    source.write_text(
        "# L\n\n## A\n\n"
        "- [Mixed Beds](https://example.org/one.pdf) Ann Lee.\n"
        "- [Mixed Beds](https://example.org/two.pdf) Bo Kim.\n"
        "- [A Longer Title of One Paper](https://example.org/three.pdf)\n"
        "- [A Longer Title of One Paper](https://arxiv.org/abs/2401.00001)\n"
    )
    sources = read_sources([("old.md", source.read_text("utf-8"))], Venues(venues=()))
    imported = brought(sources)
    assert Counter(paper.title for paper in imported.papers) == {
        "Mixed Beds": 2,
        "A Longer Title of One Paper": 1,
    }


def test_json_counts_lines_and_addresses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    importing.run([SHAPES / "decorations.md"], tmp_path, None, "json")
    report = json.loads(capsys.readouterr().out)

    assert report["lines"]["decoration"] == 1
    assert report["addresses"]["total"] == 4
    page = (tmp_path / "import-report.md").read_text("utf-8")
    assert "## Pictures and badges (2)" in page


PAPER = "- [A Paper of Some {n} Kind](https://arxiv.org/abs/2401.{n:05}) Ann Lee. *ICLR 2024*\n"
COSTLY = {
    "papers": "".join(PAPER.format(n=n) for n in range(1_000)),
    "lines below": "- [A Title of It](https://arxiv.org/abs/2401.00001)\n"
    + "  - Keyword: a b\n" * 6_000,
    "links below": "- A title\n" + "  - [code](https://github.com/a/b)\n" * 3_000,
    "one title": "".join(
        f"- [One Title of All](https://arxiv.org/abs/2401.{n:05})\n" for n in range(1_500)
    ),
    "folds": "<details><summary>s</summary>\n\n- x\n\n</details>\n" * 2_000,
    "rows": "<tr><td>a</td><td>b</td></tr>\n" * 3_500,
    "deep items": "".join("  " * (n % 60) + "- a\n" for n in range(1_500)),
    "delimiters": "|--|--|\n" * 12_000,
}


@pytest.mark.parametrize("kind", COSTLY)
def test_an_import_takes_bounded_time(kind: str) -> None:
    start_time = time.process_time()
    sources = read_sources([("README.md", f"# L\n\n## A\n\n{COSTLY[kind]}")], Venues(venues=()))
    imported = brought(sources)
    account(sources, imported.papers)
    assert time.process_time() - start_time < 5  # measured: at most 1.2 s


MOST = {
    "plain items": 45, "plain items, people first": 45, "plain items without a venue": 4,
    "labelled paragraphs": 20, "linked titles": 13, "table in HTML": 45,
}  # fmt: skip


@pytest.mark.parametrize("shape", MOST)
def test_an_import_takes_no_more_than_so_many_times_a_parsers_time(shape: str) -> None:
    """One of two texts keeps to it: another process may take the time of the first."""
    measured = (seconds(shape, 40_000, seed) for seed in (1, 2))
    assert any(ours < MOST[shape] * theirs for theirs, ours in measured)
