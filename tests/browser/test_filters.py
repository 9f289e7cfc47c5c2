"""Filters take several values, show what they leave, and can be taken off one by one."""

import re

from tests.site.lists import COUNT


def counts(page, name):
    return dict(
        page.eval_on_selector_all(
            f"[data-filter={name}] label",
            "all => all.map(one => [one.querySelector('input').value,"
            " Number(one.querySelector('.count').textContent)])",
        )
    )


def test_values_of_one_filter_add_and_filters_narrow(visit, listed, listed_site):
    here = visit(listed_site)
    page = here.open()
    here.choose("venue", "ICLR")
    here.choose("venue", "ACL")
    here.choose("code")
    papers = listed.papers.values()
    expected = [p.id for p in papers if p.venue in {"ICLR", "ACL"} and p.code]
    here.expect_status(f"{len(expected)} of {COUNT} papers")
    assert set(here.rows()) == set(expected)
    # A value counts what it would leave or add beside the other filters.
    venues = counts(page, "venue")
    for venue in ("ICLR", "NeurIPS"):
        assert venues[venue] == sum(p.venue == venue and bool(p.code) for p in papers)
    years = counts(page, "year")
    assert sum(years.values()) == len(expected)


def test_a_parent_category_counts_what_is_below_it(visit, listed, listed_site):
    here = visit(listed_site)
    page = here.open()
    before = counts(page, "category")
    here.choose("year", "2023")
    here.expect_status_with(f" of {COUNT} papers")
    here.rows()
    after = counts(page, "category")
    for path in ("kd-algorithms", "kd-algorithms/knowledge-elicitation/feature"):
        inside = [
            p
            for p in listed.papers.values()
            if any(f"{c}/".startswith(f"{path}/") for c in p.categories)
        ]
        assert before[path] == len(inside)
        assert after[path] == sum((p.date or "").startswith("2023") for p in inside)


def test_a_chip_is_taken_off_with_a_click_or_a_key(visit, listed_site):
    here = visit(listed_site)
    page = here.open("?venue=ICLR&venue=ACL&code=1")
    page.wait_for_selector("#chips button")
    assert here.chips() == ["Venue: ICLR", "Venue: ACL", "Code"]
    page.get_by_role("button", name="Remove filter Venue: ICLR").click()
    page.wait_for_url(re.compile(r"\?venue=ACL&code=1$"))
    assert here.chips() == ["Venue: ACL", "Code"]
    assert page.evaluate("document.activeElement.textContent") == "Venue: ACL ×"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    here.expect_status(f"{COUNT} papers")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.is_hidden("#clear")


def test_clear_takes_off_everything(visit, listed_site):
    here = visit(listed_site)
    page = here.open("?q=model&venue=ICLR&sort=title&paper=2306.08543")
    page.wait_for_selector("#chips button")
    page.click("#clear")
    here.expect_status(f"{COUNT} papers")
    page.wait_for_url(re.compile(r"^[^?]*$"))
    assert page.input_value("#q") == ""
    assert here.chips() == []
    assert page.get_attribute("[data-column=date]", "aria-sort") == "descending"


def test_an_address_that_asks_for_what_is_gone_says_so(visit, listed_site):
    here = visit(listed_site)
    page = here.open("?venue=Nowhere&venue=ACL&category=old/path")
    page.wait_for_selector("#chips button")
    assert page.inner_text("#gone") == (
        "Not in this list, so not used as filters: Categories “old/path”, Venue “Nowhere”."
    )
    assert here.chips() == ["Venue: ACL"]
    page.fill("#q", "model")
    assert page.is_hidden("#gone")
    here.open("?paper=9999.99999")
    page.wait_for_selector("#gone:not([hidden])")
    assert "paper “9999.99999”" in page.inner_text("#gone")
    here.expect_status(f"{COUNT} papers")


def test_category_names_and_quoted_phrases_are_searched(visit, listed, listed_site):
    here = visit(listed_site)
    page = here.open()
    page.fill("#q", '"skill distillation" translation')
    inside = [
        p
        for p in listed.papers.values()
        if any(c.startswith("skill-distillation") for c in p.categories)
    ]
    here.expect_status_with(f" of {COUNT} papers")
    found = set(here.rows())
    assert found
    assert found < {p.id for p in inside} | {
        p.id for p in listed.papers.values() if "skill distillation" in p.title.lower()
    }
    page.fill("#q", '"distillation skill"')
    here.expect_status(f"0 of {COUNT} papers")
    page.fill("#q", "distillation skill")
    here.expect_status_with(f" of {COUNT} papers")
    assert here.rows()


def test_escape_and_a_click_elsewhere_close_a_filter(visit, listed_site):
    here = visit(listed_site)
    page = here.open()
    page.click("[data-filter=venue] summary")
    page.keyboard.press("Escape")
    assert page.locator(".filter[open]").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "Venue"
    page.click("[data-filter=venue] summary")
    page.click("h1")
    assert page.locator(".filter[open]").count() == 0


def test_every_paper_has_a_permalink(visit, listed, listed_site):
    here = visit(listed_site)
    page = here.open()
    row = page.locator("[data-paper]").nth(5)
    paper = row.get_attribute("data-paper")
    row.locator("text=Permalink").click()
    here.expect_status(f"1 of {COUNT} papers")
    assert here.rows() == [paper]
    assert here.chips() == [f"Paper: {listed.papers[paper].title}"]
    here.open("c/kd-algorithms.html")
    page.locator("text=Permalink").first.click()
    here.expect_status(f"1 of {COUNT} papers")


def test_an_error_stands_at_the_button_that_failed_and_names_its_file(visit, listed_site):
    here = visit(listed_site)
    page = here.page
    page.route("**/papers.bib*", lambda route: route.fulfill(status=503))
    here.open()
    page.locator("[data-paper] button[value]").nth(2).click()
    error = page.locator("tr:nth-child(3) .error")
    error.wait_for()
    assert "papers.bib could not be loaded (503)" in error.inner_text()
    page.click("#cite")
    page.wait_for_selector(".bar + .error")
    assert page.locator(".error").count() == 1
    page.unroute("**/papers.bib*")
    page.click("#cite")
    page.wait_for_selector("dialog[open]")
    assert page.locator(".error").count() == 0
    here.faults[:] = [fault for fault in here.faults if "503" not in fault]


def test_a_button_that_can_do_nothing_looks_so(visit, listed_site):
    here = visit(listed_site)
    page = here.open()
    look = "getComputedStyle(document.querySelector('#cite'))"
    before = page.evaluate(f"[{look}.cursor, {look}.opacity]")
    page.fill("#q", "no such paper")
    here.expect_status(f"0 of {COUNT} papers")
    assert page.evaluate(f"[{look}.cursor, {look}.opacity]") == ["not-allowed", "0.6"] != before


def test_on_a_phone_links_say_what_they_are(visit, listed_site):
    for width, shown in ((375, True), (1280, False)):
        here = visit(listed_site, viewport={"width": width, "height": 740})
        here.open("?code=1&data=1")
        here.page.wait_for_selector("#chips button")
        here.rows()
        cells = here.page.locator("[data-paper]").first.locator("td a")
        texts = cells.all_text_contents()
        assert any(text.startswith("Code: ") for text in texts)
        assert any(text.startswith("Data: ") for text in texts)
        assert all(
            (box["width"] > 2) is shown
            for box in (one.bounding_box() for one in cells.locator("span").all())
        )


def test_print_shows_the_whole_view_and_no_button(visit, listed_site):
    here = visit(listed_site)
    page = here.open()
    page.evaluate("() => { window.print = () => dispatchEvent(new Event('beforeprint')); }")
    page.keyboard.press("Control+p")
    page.wait_for_function(
        "count => document.querySelectorAll('[data-paper]').length === count", arg=COUNT
    )
    page.emulate_media(media="print")
    for selector in ("form", "#cite", "#latest", "#more", ".ways", "[data-paper] p button"):
        assert page.locator(selector).first.is_hidden(), selector
    assert page.locator("[data-paper]").last.is_visible()
    assert page.locator("thead th").all_inner_texts()[0] == "Title"


def test_forced_colours_keep_the_legend(visit, listed_site):
    here = visit(listed_site, forced_colors="active")
    page = here.open()
    swatches = page.eval_on_selector_all(
        ".legend li", "all => all.map(one => getComputedStyle(one, '::before').backgroundColor)"
    )
    assert len(set(swatches)) == len(swatches) > 1


def test_no_title_is_read_twice(visit, listed, listed_site):
    here = visit(listed_site)
    page = here.open()
    paper = here.rows()[0]
    name = page.locator("[data-paper] th").first.evaluate(
        "cell => [...cell.querySelectorAll('a, button')].map((one) =>"
        " one.getAttribute('aria-label') ?? one.textContent).join(' | ')"
    )
    assert name.count(listed.papers[paper].title) == 1
