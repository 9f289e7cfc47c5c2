"""The BibTeX of a paper and of a view is that of `papers.bib`, to copy and to save."""

import pytest
from pybtex.database import parse_string

from tests.site.lists import COUNT


def entries(text):
    return list(parse_string(text, "bibtex").entries)


def keys(listed, papers):
    return [listed.papers[paper].key for paper in papers]


def test_a_papers_button_shows_its_entry(visit, listed, listed_site):
    here = visit(listed_site)
    page = here.open()
    row = page.locator("[data-paper]").nth(3)
    paper = row.get_attribute("data-paper")
    row.locator("button:not([name])").click()
    page.wait_for_selector("dialog[open]")
    shown = page.inner_text("dialog pre")
    assert entries(shown) == [listed.papers[paper].key]
    assert shown.strip() in (listed_site.folder / "papers.bib").read_text("utf-8")
    page.keyboard.press("Escape")
    assert page.is_hidden("dialog")


def test_the_button_of_the_view_gives_the_entries_of_the_view(visit, listed_site, listed):
    shown = [paper for paper in listed.papers.values() if paper.venue == "NeurIPS"]
    here = visit(listed_site)
    page = here.open()
    here.choose("venue", "NeurIPS")
    here.expect_status(f"{len(shown)} of {COUNT} papers")
    page.click("#cite")
    page.wait_for_selector("dialog[open]")
    assert page.inner_text("dialog h2") == f"BibTeX of {len(shown)} papers"
    assert entries(page.inner_text("dialog pre")) == keys(listed, here.rows())


def test_the_whole_list_can_be_saved_at_once(visit, listed, listed_site, tmp_path):
    here = visit(listed_site)
    page = here.open()
    page.click("#cite")
    page.wait_for_selector("dialog[open]")
    assert f"and {COUNT - 50} more" in page.inner_text("dialog pre")
    with page.expect_download() as download:
        page.click("dialog a.button")
    download.value.save_as(tmp_path / "saved.bib")
    assert download.value.suggested_filename == "papers.bib"
    saved = (tmp_path / "saved.bib").read_text("utf-8")
    assert set(entries(saved)) == set(keys(listed, listed.papers))


@pytest.mark.parametrize("allowed", [True, False])
def test_it_is_copied_or_where_that_is_forbidden_selected(visit, listed, listed_site, allowed):
    permissions = ["clipboard-read", "clipboard-write"] if allowed else []
    here = visit(listed_site, permissions=permissions)
    page = here.open()
    if not allowed:
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    page.locator("[data-paper] button:not([name])").first.click()
    page.click("dialog [value=copy]")
    page.wait_for_selector("text=Copied" if allowed else "text=Selected")
    text = page.evaluate(
        "navigator.clipboard.readText()" if allowed else "getSelection().toString()"
    )
    assert entries(text) == keys(listed, here.rows()[:1])


def test_odd_papers_have_entries_too(visit, odd_site):
    here = visit(odd_site)
    page = here.open()
    page.click("#cite")
    page.wait_for_selector("dialog[open]")
    assert set(entries(page.inner_text("dialog pre"))) == set(here.rows())
