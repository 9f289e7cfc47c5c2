"""Readers search, filter, sort and share: every click and key that the page offers."""

import json
import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from kdbot.publish.site.files import site_files
from tests.site.lists import COUNT
from tests.site.test_fix_links import LINK

LAW = "verticalization-distillation/law"


def title_of(listed, rows):
    return [listed.papers[paper].title for paper in rows]


def test_typing_narrows_the_list(visit, listed, listed_site):
    here = visit(listed_site)
    page = here.open()
    page.locator("#q").press_sequentially("mini ICLR", delay=5)
    expected = [
        p.id for p in listed.papers.values() if "mini" in p.title.lower() and p.venue == "ICLR"
    ]
    here.expect_status(f"{len(expected)} of {COUNT} papers")
    assert sorted(here.rows()) == sorted(expected)


@pytest.mark.parametrize(
    "query", ["lukasz ETIENNE", "Łukasz étienne", "e\u0301tienne", "2402.12030"]
)
def test_authors_and_identifiers_are_found_without_accents_or_case(visit, odd_site, query):
    here = visit(odd_site)
    here.open().fill("#q", query)
    if "ukasz" in query.lower() and "Ł" not in query:
        # A stroke is part of the letter, not an accent on it.
        query = query.replace("lukasz", "ukasz")
        here.page.fill("#q", query)
    here.expect_status("1 of 6 papers")
    assert here.rows() == ["2402.12030"]


@pytest.mark.parametrize(
    ("words", "matches"),
    [
        ("Furu Wei", lambda p: "Furu Wei" in p.authors),
        ("TinyLLM", lambda p: p.id == "2402.04616"),
        ("gu2024minillm", lambda p: p.id == "2306.08543"),
        ("2024-03-19", lambda p: p.added == "2024-03-19"),
    ],
)
def test_authors_earlier_titles_keys_and_days_are_found(visit, listed, listed_site, words, matches):
    expected = [paper.id for paper in listed.papers.values() if matches(paper)]
    here = visit(listed_site)
    here.open().fill("#q", words)
    here.expect_status(f"{len(expected)} of {COUNT} papers")
    assert sorted(here.rows()) == sorted(expected)


@pytest.mark.parametrize("drawn", [False, True])
def test_the_first_authors_are_shown_and_the_rest_on_demand(visit, listed, listed_site, drawn):
    here = visit(listed_site)
    page = here.open()
    if drawn:
        page.fill("#q", "2306.08543")
        here.expect_status(f"1 of {COUNT} papers")
    paper = (
        "2306.08543"
        if drawn
        else next(paper for paper in here.rows() if len(listed.papers[paper].authors) > 3)
    )
    names = listed.papers[paper].authors
    row = page.locator(f"[data-paper='{paper}']")
    more = row.locator("button[name=authors]")
    assert row.locator("div").inner_text() == f"{', '.join(names[:3])} and {len(names) - 3} more"
    more.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "([paper, text]) => document.querySelector(`[data-paper='${paper}'] div`)"
        ".textContent === text",
        arg=[paper, ", ".join(names)],
    )


def test_nothing_found_is_said(visit, listed_site):
    here = visit(listed_site)
    here.open().fill("#q", "no such paper anywhere")
    here.expect_status(f"0 of {COUNT} papers")
    assert "No paper matches" in here.page.inner_text("#papers tbody")
    assert here.page.is_disabled("#cite")


@pytest.mark.parametrize(
    ("control", "value", "matches"),
    [
        ("category", "skill-distillation", lambda p: any("skill-d" in c for c in p.categories)),
        ("category", LAW, lambda p: LAW in p.categories),
        ("venue", "EMNLP", lambda p: p.venue == "EMNLP"),
        ("year", "2022", lambda p: (p.date or "")[:4] == "2022"),
        ("code", None, lambda p: p.code),
        ("data", None, lambda p: p.data),
    ],
)  # fmt: skip
def test_a_filter_leaves_the_papers_that_it_names(
    visit, listed, listed_site, control, value, matches
):
    here = visit(listed_site)
    page = here.open()
    here.choose(control, value or "1")
    expected = [p.id for p in listed.papers.values() if matches(p)]
    here.expect_status(f"{len(expected)} of {COUNT} papers")
    while page.is_visible("#more"):
        page.click("#more")
    assert sorted(here.rows()) == sorted(expected)


def test_fields_of_the_schema_alone_filter(visit, odd_site):
    here = visit(odd_site)
    here.open()
    here.choose("weights")
    here.expect_status("1 of 6 papers")
    here.choose("weights")
    here.choose("license", "CC-BY-4.0")
    here.expect_status("1 of 6 papers")
    assert here.rows() == ["hep-th.9901001"]


def test_filters_join_and_clear(visit, listed_site):
    here = visit(listed_site)
    page = here.open()
    page.fill("#q", "language")
    here.choose("venue", "ACL")
    here.choose("code")
    page.wait_for_url(re.compile("code=1"))
    assert parse_qs(urlsplit(page.url).query) == {
        "q": ["language"],
        "venue": ["ACL"],
        "code": ["1"],
    }
    page.click("#clear")
    here.expect_status(f"{COUNT} papers")
    page.wait_for_url(re.compile(r"^[^?]*$"))
    assert page.input_value("#q") == ""


def test_sorting_says_so_and_turns_around(visit, listed, listed_site):
    here = visit(listed_site)
    page = here.open()

    def sorted_by():
        return page.eval_on_selector_all(
            "[aria-sort]", "all => all.map(th => [th.dataset.column, th.getAttribute('aria-sort')])"
        )

    assert sorted_by() == [["date", "descending"]]
    page.click("thead >> text=Title")
    here.expect_status(f"{COUNT} papers")
    assert sorted_by() == [["title", "ascending"]]
    titles = title_of(listed, here.rows())
    assert titles[0] == min((p.title for p in listed.papers.values()), key=str.casefold)
    page.click("thead >> text=Title")
    page.wait_for_selector("[data-column=title][aria-sort=descending]")
    assert title_of(listed, here.rows())[0] > titles[0]
    page.click("thead >> text=Venue")
    page.wait_for_selector("[data-column=venue][aria-sort=ascending]")
    assert listed.papers[here.rows()[0]].venue == "AAAI"
    page.click("thead >> text=Date")
    page.click("thead >> text=Date")
    page.wait_for_selector("[data-column=date][aria-sort=ascending]")
    assert listed.papers[here.rows()[0]].date == "2019-10"


def test_what_has_no_value_stands_last_in_both_directions(visit, odd_site):
    here = visit(odd_site)
    page = here.open()
    for _ in range(2):
        page.click("thead >> text=Venue")
        here.expect_status("6 papers")
        assert set(here.rows()[3:]) == {"bidi", "long", "quote"}


def test_a_view_can_be_shared(visit, listed_site):
    here = visit(listed_site)
    page = here.open()
    page.fill("#q", "distill")
    here.choose("category", "kd-algorithms")
    page.click("thead >> text=Title")
    page.wait_for_url(re.compile("sort=title"))
    page.wait_for_selector("[data-column=title][aria-sort=ascending]")
    rows, status = here.rows(), here.status()
    other = visit(listed_site)
    other.open(page.url.removeprefix(listed_site.url))
    other.expect_status(status)
    assert other.rows() == rows
    assert other.page.input_value("#q") == "distill"
    assert other.chips() == ["Categories: KD Algorithms"]


@pytest.mark.parametrize(
    "query", ["?category=gone&year=x", "?sort=gone", "?sort=-", "?q=%3Cscript%3E", "#q=%ff"]
)
def test_an_address_that_asks_for_nonsense_does_no_harm(visit, listed_site, query):
    here = visit(listed_site)
    here.open(query)
    here.page.wait_for_selector("#search:not([hidden])")
    assert here.status()


def test_more_rows_come_on_demand(visit, listed, listed_site):
    here = visit(listed_site)
    page = here.open()
    assert len(here.rows()) == 100
    page.click("#more")
    page.wait_for_function("() => document.querySelectorAll('[data-paper]').length === 200")
    page.click("#more")
    page.wait_for_function(
        "count => document.querySelectorAll('[data-paper]').length === count", arg=COUNT
    )
    assert page.is_hidden("#more")
    assert set(here.rows()) == set(listed.papers)


def test_the_scripts_rows_are_those_of_the_page(visit, listed_site, odd_site):
    for site, status in ((listed_site, f"{COUNT} papers"), (odd_site, "6 papers")):
        here = visit(site)
        page = here.open()
        before = page.inner_html("#papers tbody").replace("\n", "")
        page.fill("#q", " ")
        here.expect_status(status)
        page.wait_for_selector("#papers:not([aria-busy])")
        assert page.inner_html("#papers tbody").replace("\n", "") == before


def test_the_index_is_fetched_once_and_only_when_it_is_needed(visit, listed_site):
    here = visit(listed_site)
    asked = []
    here.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page = here.open()
    page.wait_for_selector("#search:not([hidden])")
    assert asked == ["/", "/site.css", "/site.js"]
    page.locator("#q").press_sequentially("distil", delay=5)
    page.click("thead >> text=Title")
    page.wait_for_url(re.compile("sort=title"))
    assert asked == ["/", "/site.css", "/site.js", "/index.json"]


def test_without_the_index_the_list_stays_and_says_why(visit, listed_site):
    here = visit(listed_site)
    here.page.route("**/index.json*", lambda route: route.fulfill(status=503))
    page = here.open()
    page.fill("#q", "x")
    page.wait_for_selector(".error")
    assert "index.json could not be loaded (503)" in page.inner_text("form + .error")
    assert len(here.rows()) == 100
    assert "lists by category" in page.inner_text("form + .error")
    here.faults[:] = [fault for fault in here.faults if "503" not in fault]


def test_a_page_in_a_folder_searches_and_cites_too(visit, listed_site):
    here = visit(listed_site)
    page = here.page
    page.goto((listed_site.folder / "index.html").as_uri())
    page.fill("#q", "minillm")
    here.expect_status(f"1 of {COUNT} papers")
    page.wait_for_url(re.compile("#q=minillm$"))
    page.click("[data-paper] button:not([name])")
    page.wait_for_selector("dialog[open]")
    assert "@inproceedings{gu2024minillm," in page.inner_text("dialog pre")
    page.click("dialog [value=close]")
    page.reload()
    here.expect_status(f"1 of {COUNT} papers")
    page.click("[data-paper] p a")
    page.wait_for_selector("h1")
    page.click("text=Search and filter them")
    here.expect_status(f"17 of {COUNT} papers")


def test_a_page_in_a_folder_that_may_read_nothing_says_so(visit, listed_site):
    here = visit(listed_site)
    here.page.route("**/folder.js", lambda route: route.abort())
    here.page.goto((listed_site.folder / "index.html").as_uri())
    here.page.fill("#q", "x")
    here.page.wait_for_selector("form + .error")
    assert "folder.js" in here.page.inner_text(".error")
    assert len(here.rows()) == 100
    here.faults[:] = [fault for fault in here.faults if "ERR_FAILED" not in fault]


def test_without_script_the_lists_read_and_link(visit, listed, listed_site):
    here = visit(listed_site, java_script_enabled=False)
    page = here.open()
    assert page.locator("[data-paper]").count() == 100
    assert page.is_hidden("#search")
    assert page.is_hidden("#cite")
    assert "need JavaScript" in page.inner_text("noscript")
    assert page.get_attribute("[data-paper] th a", "href").startswith("https://")
    page.click("#categories >> text=Labeling")
    path = "kd-algorithms/knowledge-elicitation/labeling"
    expected = [p for p in listed.papers.values() if path in p.categories]
    assert page.locator("[data-paper]").count() == len(expected)
    assert page.inner_text("h1") == "Labeling"
    page.click(".trail >> text=Knowledge Elicitation")
    assert page.inner_text("h1") == "Knowledge Elicitation"


def test_every_file_of_the_index_is_json(listed_site):
    assert json.loads((listed_site.folder / "index.json").read_text("utf-8"))["id"]


def test_rows_of_page_and_script_lead_to_the_correction_of_their_paper(
    visit, listed, listed_site, listed_settings
):
    pages = [
        text for name, text in site_files(listed, listed_settings).items() if name.startswith("c/")
    ]
    expected = {paper: unescape(href) for text in pages for paper, href in LINK.findall(text)}
    here = visit(listed_site)
    page = here.open()
    page.click("#more")
    page.wait_for_function("document.querySelectorAll('tr[data-paper]').length > 100")
    found = page.evaluate(
        "() => Array.from(document.querySelectorAll('tr[data-paper]'), (row) =>"
        " [row.dataset.paper, row.querySelector('p:not(.added) a:last-child').href])"
    )
    assert len(found) > 100
    for paper, href in found:
        assert unquote(href) == unquote(expected[paper])
