"""The page reads and links without a script, stays small, and takes no title for markup."""
# ruff: noqa: S314 - what is parsed is our own

import gzip
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree.ElementTree import fromstring

import pytest

from kdbot.flows.list.build import _site_files, _write_site
from kdbot.publish.site.files import _DOWNLOADS
from kdbot.publish.site.pages import _BRANCH, _NEWEST

FIRST_LOAD = ("index.html", "site.css", "site.js")
LIMIT = 30_000
VOID = {"meta", "link", "input", "br", "img"}


class Document(HTMLParser):
    """What a browser finds in a page: elements with their attributes, and the text of each row."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.rows = {}
        self.open = []
        self.row = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        assert len(values) == len(attrs), f"an attribute stands twice: {attrs}"
        self.elements.append((tag, values))
        if tag not in VOID:
            self.open.append(tag)
        if "data-paper" in values:
            self.row = self.rows.setdefault(values["data-paper"], [])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "tr":
            self.row = None

    def handle_data(self, data):
        if self.row is not None:
            self.row.append(data)

    def values(self, tag, name):
        return [values[name] for values in self.values_of(tag) if name in values]

    def values_of(self, tag):
        return [values for found, values in self.elements if found == tag]

    def values_everywhere(self, name):
        return [values[name] for _, values in self.elements if name in values]


@pytest.fixture(scope="module")
def listed_site(listed, listed_settings):
    return _site_files(listed, listed_settings)


@pytest.fixture(scope="module")
def many_site(many, listed_settings):
    return _site_files(many, listed_settings)


@pytest.fixture(scope="module")
def odd_site(collect, papers, settings):
    return _site_files(collect(*papers), settings)


def compressed(files, names=FIRST_LOAD):
    return sum(len(gzip.compress(files[name].encode(), 9)) for name in names)


def test_the_first_load_is_small(listed_site):
    assert compressed(listed_site) <= LIMIT


def test_the_first_load_is_small_at_ten_thousand_papers(many, many_site):
    assert compressed(many_site) <= LIMIT
    leaves = {f"c/{category.path}.html" for category in many.taxonomy.leaves}
    pages = (text for name, text in many_site.items() if name in leaves)
    rows = sum(len(set(re.findall(r'<tr data-paper="([^"]+)"', text))) for text in pages)
    assert rows == sum(len(paper.categories) for paper in many.papers.values())


def test_two_builds_give_the_same_bytes(collect, papers, settings, odd_site):
    shuffled = collect(*reversed(papers))
    assert _site_files(shuffled, settings) == odd_site


@pytest.mark.parametrize("site", ["listed_site", "odd_site"])
def test_every_page_is_well_formed_and_keeps_to_its_policy(site, request):
    for name, text in request.getfixturevalue(site).items():
        if not name.endswith(".html"):
            continue
        document = Document(text)
        assert document.open == []
        tags = {tag for tag, _ in document.elements}
        assert not tags & {"style", "iframe", "object", "base", "img"}
        assert not [v for _, v in document.elements if {"style", "onclick", "onerror"} & v.keys()]
        scripts = [v for tag, v in document.elements if tag == "script"]
        assert all(v["src"].startswith("site.js?") for v in scripts)
        policy = next(v["content"] for v in document.values_of("meta") if "http-equiv" in v)
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


@pytest.mark.parametrize("site", ["listed_site", "odd_site"])
def test_every_link_is_http_or_leads_to_a_file_of_the_site(site, request):
    files = request.getfixturevalue(site)
    for name, text in files.items():
        if not name.endswith(".html"):
            continue
        document = Document(text)
        ids = set(document.values_everywhere("id"))
        for href in document.values("a", "href") + document.values("link", "href"):
            target = href.partition("?")[0].partition("#")
            if re.match(r"https?://", href) or href == "data:,":
                continue
            if href.startswith("#"):
                assert href[1:] in ids
            else:
                assert resolve(name, target[0]) in files, href


def resolve(page, href):
    steps = page.split("/")[:-1]
    for step in href.split("/"):
        if step == "..":
            steps.pop()
        else:
            steps.append(step)
    return "/".join(steps)


def test_the_page_holds_the_newest_papers_and_one_search_box(listed, listed_site):
    document = Document(listed_site["index.html"])
    assert len(document.rows) == _NEWEST
    dates = [listed.papers[paper].date for paper in document.rows]
    assert dates == sorted(dates, reverse=True)
    searches = [v for v in document.values_of("input") if v.get("type") == "search"]
    assert len(searches) == 1


def test_every_paper_stands_in_the_page_of_each_of_its_categories(listed, listed_site):
    for category in listed.taxonomy.leaves:
        document = Document(listed_site[f"c/{category.path}.html"])
        expected = {p.id for p in listed.papers.values() if category.path in p.categories}
        assert set(document.rows) == expected


def test_a_branch_leads_to_its_categories_and_lists_their_papers(odd_site, listed, listed_site):
    page = Document(odd_site["c/methods.html"])
    assert "../c/methods/search/beam.html" in page.values("a", "href")
    assert "2402.12030" in page.rows
    for category in listed.taxonomy.categories:
        rows = list(Document(listed_site[f"c/{category.path}.html"]).rows)
        inside = [
            p.id
            for p in listed.papers.values()
            if any(f"{path}/".startswith(f"{category.path}/") for path in p.categories)
        ]
        assert sorted(rows) == sorted(inside)


def test_a_branch_of_very_many_papers_shows_the_newest_and_says_so(many_site):
    page = many_site["c/kd-algorithms.html"]
    assert len(Document(page).rows) == _BRANCH
    assert f"The newest {_BRANCH} of " in page


def test_every_category_has_its_bibtex(listed, listed_site):
    whole = listed_site["papers.bib"]
    for category in listed.taxonomy.categories:
        page = Document(listed_site[f"c/{category.path}.html"])
        assert f"c/{category.path}.bib" in " ".join(page.values("a", "href"))
        found = re.findall(
            r"^@\w+\{.*?^\}$", listed_site[f"c/{category.path}.bib"], re.MULTILINE | re.DOTALL
        )
        assert len(found) == len(page.rows)
        assert all(entry in whole for entry in found)


def test_the_feed_is_in_the_header_of_every_page(odd_site):
    for name, text in odd_site.items():
        if name.endswith(".html"):
            header = text[text.index("<header>") : text.index("</header>")]
            assert ">Feed</a>" in header


def test_every_export_is_there_and_linked(odd_site):
    links = Document(odd_site["index.html"]).values("a", "href")
    for name in _DOWNLOADS:
        assert name in odd_site
        assert name in links
    assert json.loads(odd_site["badge.json"])["message"] == "6"


@pytest.mark.parametrize("page", ["index.html", "c/misc.html"])
def test_a_hostile_title_is_text(odd_site, papers, page):
    rows = Document(odd_site[page]).rows
    assert papers[2].title in "".join(rows["script"])
    assert "<script>alert" not in odd_site[page]
    bidi = "".join(rows["bidi"])
    assert "Bidi \\u{202e}txet" in bidi
    assert "javascript:" not in odd_site[page]


def test_a_title_of_the_list_is_text(odd_site):
    assert (
        "<title>Examples &amp; &lt;i&gt;&#34;more&#34;&lt;/i&gt;</title>" in odd_site["index.html"]
    )


def test_the_index_holds_what_the_rows_show(listed, listed_site):
    index = json.loads(listed_site["index.json"])
    for number, paper_id in enumerate(index["id"]):
        paper = listed.papers[paper_id]
        paths = [index["categories"][category][0] for category in index["in"][number]]
        assert index["title"][number] == paper.title
        assert tuple(paths) == paper.categories
        assert (index["cells"]["venue"][number] or [""])[0] == (paper.venue or "")
        assert index["filters"]["code"][number] == ("1" if paper.code else "0")
    assert len(index["id"]) == len(listed.papers)


def test_the_index_holds_no_address_but_http(odd_site):
    assert "javascript:" not in odd_site["index.json"]


def test_the_folder_index_is_the_index_and_the_bibtex_as_a_script(odd_site):
    script = odd_site["folder.js"]
    assert odd_site["index.json"].strip() in script
    assert json.dumps(odd_site["papers.bib"], ensure_ascii=False) in script
    assert "\u2028" not in script


def test_fields_of_the_schema_alone_are_shown_and_filter(odd_site):
    document = Document(odd_site["index.html"])
    row = "".join(document.rows["2402.12030"])
    assert "Licence: MIT" in row
    assert "Open weights: yes" in row
    assert "https://example.org/t" in document.values("a", "href")
    assert document.values_everywhere("data-filter") == [
        "category",
        "venue",
        "year",
        "license",
        "weights",
        "talks",
        "code",
        "data",
    ]
    index = json.loads(odd_site["index.json"])
    assert "MIT" in index["filters"]["license"]


def test_a_column_of_the_settings_is_a_column_of_the_page(collect, papers, settings):
    tables = replace(settings.tables, columns=("title", "license", "categories", "date"))
    text = _site_files(collect(*papers), replace(settings, tables=tables))["index.html"]
    heads = [v["data-column"] for v in Document(text).values_of("th") if "data-column" in v]
    assert heads == ["title", "license", "categories", "date"]
    assert "Licence: MIT" not in text


def test_without_repository_survey_and_papers_there_is_still_a_page(collect, settings):
    bare = replace(settings, repository=None, survey=None, summary=type(settings.summary)())
    text = _site_files(collect(), bare)["index.html"]
    assert "0 papers" in text
    assert "github.com" not in text
    assert "<svg" not in text


def test_pictures_are_named_described_and_backed_by_a_table(listed_site):
    """A screen reader gets heading, description and table; the drawing would say them again."""
    figures = re.findall(r"<figure.*?</figure>", listed_site["index.html"], re.DOTALL)
    assert len(figures) == 3
    for figure in figures:
        drawing = fromstring(re.search(r"<svg.*?</svg>", figure, re.DOTALL).group())
        assert drawing.get("aria-hidden") == "true"
        (title,) = re.findall(r"<h3 .+?>(.+?)</h3>", figure)
        assert figure.count(title) == 1
        assert re.search(r"<p>.+</p>", figure)
        assert "<summary>The numbers</summary>" in figure


def contrast(one, other):
    """Contrast of two colours: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""

    def luminance(colour):
        digits = colour.removeprefix("#")
        digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
        parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_bars_and_underlines_stand_out_from_the_paper(odd_site):
    themes = [
        dict(re.findall(r"--([\w-]+): (#\w+);", block))
        for block in re.findall(r":root \{(.*?)\}", odd_site["site.css"], re.DOTALL)
    ]
    assert len(themes) == 2
    for colours in themes:
        for name in ("edge", "mark", "s0", "s1", "s2", "s3", "s4", "s5"):
            assert contrast(colours[name], colours["paper"]) >= 3, name
        for name in ("ink", "soft", "mark", "wrong"):
            assert contrast(colours[name], colours["paper"]) >= 4.5, name
    assert "underline var(--line)" not in odd_site["site.css"]


def test_the_site_is_written_and_what_is_stale_goes(tmp_path, collect, papers, settings):
    stale = tmp_path / "site/c/gone.html"
    stale.parent.mkdir(parents=True)
    stale.write_text("old")
    written = _write_site(tmp_path, collect(*papers), settings)
    assert "site/index.html" in written
    assert "site/c/gone.html" in written
    assert not stale.exists()
    assert _write_site(tmp_path, collect(*papers), settings) == []
