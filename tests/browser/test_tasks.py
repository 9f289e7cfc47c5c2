"""Five tasks that readers bring, with the clicks that each may cost."""

import re

from tests.site.lists import COUNT


class Clicks:
    """A reader who clicks, and counts; keys are free."""

    def __init__(self, page):
        self.page = page
        self.count = 0

    def __call__(self, selector):
        self.page.locator(selector).first.click()
        self.count += 1


def test_papers_of_iclr_2024_with_code_about_alignment_and_their_bibtex(visit, listed, listed_site):
    expected = [
        paper
        for paper in listed.papers.values()
        if (paper.venue, paper.year) == ("ICLR", "2024")
        and paper.code
        and any("/alignment/" in category for category in paper.categories)
    ]
    assert expected
    here = visit(listed_site, viewport={"width": 1280, "height": 900})
    page = here.open()
    click = Clicks(page)
    click("#q")
    page.keyboard.type('"iclr 2024"')
    click("[data-filter=category] summary")
    click("[data-filter=category] input[value='skill-distillation/alignment']")
    page.keyboard.press("Escape")
    click("[data-filter=code] input")
    here.expect_status(f"{len(expected)} of {COUNT} papers")
    assert set(here.rows()) == {paper.id for paper in expected}
    click("#cite")
    page.wait_for_selector("dialog[open]")
    assert all(paper.key in page.inner_text("dialog pre") for paper in expected)
    assert click.count <= 6


def test_a_view_is_shared_by_its_address(visit, listed_site):
    here = visit(listed_site)
    page = here.open()
    here.choose("venue", "ICLR")
    here.choose("venue", "ACL")
    page.wait_for_url(re.compile("venue=ICLR&venue=ACL|venue=ACL&venue=ICLR"))
    rows = here.rows()
    other = visit(listed_site)
    other.open(page.url.removeprefix(listed_site.url))
    other.page.wait_for_selector("#chips button")
    assert other.rows() == rows
    assert other.chips() == here.chips()


def test_the_list_is_followed(visit, listed_site):
    here = visit(listed_site)
    # A feed names no icon, so that the browser looks for one of the whole site.
    here.page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    page = here.open()
    click = Clicks(page)
    with page.expect_response("**/feed.xml") as answer:
        click("header >> text=Feed")
    assert answer.value.ok
    assert click.count == 1


def test_an_author_is_found(visit, listed, listed_site):
    expected = {p.id for p in listed.papers.values() if "Furu Wei" in p.authors}
    here = visit(listed_site)
    page = here.open()
    click = Clicks(page)
    click("#q")
    page.keyboard.type('"furu wei"')
    here.expect_status(f"{len(expected)} of {COUNT} papers")
    assert set(here.rows()) == expected
    assert click.count == 1


def test_what_is_new_this_month(visit, collect, papers, settings, serve):
    from dataclasses import replace
    from datetime import UTC, datetime, timedelta

    today = datetime.now(UTC).date()
    days = [today - timedelta(days=days) for days in (400, 3, 40, 29, 90, 200)]
    listed = [replace(p, added=str(day)) for p, day in zip(papers, days, strict=True)]
    here = visit(serve(collect(*listed), settings))
    page = here.open()
    click = Clicks(page)
    click("#latest")
    page.wait_for_url(re.compile("sort=-added"))
    page.wait_for_selector("#latest[aria-pressed=true]")
    order = [p.id for p in sorted(listed, key=lambda p: p.added, reverse=True)]
    assert here.rows() == order
    marked = page.eval_on_selector_all("tr:has(.new)", "rows => rows.map(row => row.dataset.paper)")
    assert marked == order[:2]
    assert page.locator("time[datetime]").all_inner_texts()[1:3] == [str(days[1]), str(days[3])]
    assert click.count == 1
