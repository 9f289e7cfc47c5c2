"""Everybody can use the page: by keyboard, with assistive technology, on any screen."""

import re

import pytest

from tests.site.lists import COUNT

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 740}


def violations(page, axe):
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (violation["id"], node["html"][:200], node.get("failureSummary"))
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def at_rest(page):
    page.wait_for_selector("#search:not([hidden])")


def with_filters_open(page):
    page.evaluate("document.querySelector('#filters').open = true")


def with_numbers_open(page):
    for number in range(3):
        page.locator("figcaption details").nth(number).locator("summary").click()


def with_a_search(page):
    page.fill("#q", "distill")
    page.wait_for_url(re.compile("q=distill"))
    page.wait_for_selector(f"text=of {COUNT} papers")


def with_nothing_found(page):
    page.fill("#q", "nothing at all like this")
    page.wait_for_selector(".empty")


def with_a_filter_open(page):
    with_filters_open(page)
    page.click("[data-filter=venue] summary")
    page.wait_for_selector("[data-filter=venue] input")


def with_chips(page):
    page.goto(page.url + "?venue=ICLR&venue=ACL&year=gone")
    page.wait_for_selector("#chips button")
    page.wait_for_selector("#gone:not([hidden])")


def with_the_last_added_first(page):
    page.click("#latest")
    page.wait_for_selector(".added")


def with_an_error(page):
    page.context.route("**/papers.bib*", lambda route: route.fulfill(status=503))
    page.click("#cite")
    page.wait_for_selector(".error")


def with_bibtex_open(page):
    page.locator("[data-paper] button:not([name])").first.click()
    page.wait_for_selector("dialog[open]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "state",
    [
        at_rest,
        with_filters_open,
        with_numbers_open,
        with_a_search,
        with_nothing_found,
        with_a_filter_open,
        with_chips,
        with_the_last_added_first,
        with_an_error,
        with_bibtex_open,
    ],
    ids=lambda state: state.__name__,
)
def test_axe_finds_no_violation(visit, listed_site, axe, scheme, size, state):
    here = visit(listed_site, viewport=size, color_scheme=scheme)
    page = here.open()
    state(page)
    assert violations(page, axe) == []
    here.faults[:] = [fault for fault in here.faults if "503" not in fault]


@pytest.mark.parametrize("media", [{"forced_colors": "active"}, {"media": "print"}], ids=str)
@pytest.mark.parametrize("state", [at_rest, with_numbers_open, with_a_filter_open, with_chips])
def test_axe_finds_no_violation_in_forced_colours_and_in_print(
    visit, listed_site, axe, media, state
):
    here = visit(listed_site, viewport=DESKTOP)
    page = here.open()
    state(page)
    page.emulate_media(**media)
    assert violations(page, axe) == []


def test_at_four_times_the_size_nothing_is_lost(visit, listed_site, axe):
    """WCAG 1.4.10: 1280 pixels at 400 % are 320 wide."""
    here = visit(listed_site, viewport={"width": 320, "height": 256}, device_scale_factor=4)
    page = here.open("?venue=ICLR&code=1")
    page.wait_for_selector("#chips button")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page, axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "path", ["c/kd-algorithms.html", "c/kd-algorithms/knowledge-elicitation/feature.html"]
)
def test_axe_finds_no_violation_in_a_list(visit, listed_site, axe, scheme, size, path):
    here = visit(listed_site, viewport=size, color_scheme=scheme)
    assert violations(here.open(path), axe) == []


def focused(page):
    return page.evaluate(
        "() => { const { tagName, id, textContent } = document.activeElement;"
        " return [tagName, id, textContent.trim()]; }"
    )


def test_the_keyboard_leads_from_search_to_row_to_bibtex_and_back(visit, listed, listed_site):
    here = visit(listed_site)
    page = here.open()
    page.keyboard.press("/")
    assert focused(page)[:2] == ["INPUT", "q"]
    page.keyboard.type("minillm")
    here.expect_status(f"1 of {COUNT} papers")
    page.keyboard.press("ArrowDown")
    assert focused(page) == ["A", "", listed.papers["2306.08543"].title]
    page.keyboard.press("Tab")
    assert focused(page)[2] == "and 1 more"
    for _ in range(10):
        page.keyboard.press("Tab")
        if focused(page)[2] == "BibTeX":
            break
    assert focused(page)[2] == "BibTeX"
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    assert focused(page)[2] == "Copy"
    page.keyboard.press("Escape")
    assert focused(page)[2] == "BibTeX"
    page.keyboard.press("ArrowUp")
    assert focused(page)[:2] == ["INPUT", "q"]


def test_arrows_walk_through_the_rows(visit, listed_site):
    here = visit(listed_site)
    page = here.open()
    page.focus("#q")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    inside = "document.activeElement.closest('[data-paper]').dataset.paper"
    assert page.evaluate(inside) == here.rows()[2]
    page.keyboard.press("ArrowUp")
    assert page.evaluate(inside) == here.rows()[1]


def test_tab_reaches_every_control_in_reading_order(visit, listed_site):
    here = visit(listed_site)
    page = here.open()
    page.keyboard.press("Tab")
    assert focused(page)[2] == "Skip to the papers"
    names = []
    for _ in range(24):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                "document.activeElement.name || document.activeElement.textContent"
                " || document.activeElement.parentElement.dataset.filter"
            )
        )
    wanted = [
        "q",
        "Categories",
        "Venue",
        "Year",
        "code",
        "data",
        "Last added first",
        "BibTeX of this view",
        "Title",
    ]
    names = names[names.index("q") : names.index("Title") + 1]
    assert [name for name in names if name in wanted] == wanted


def test_sorting_works_with_the_keyboard(visit, listed_site):
    here = visit(listed_site)
    page = here.open()
    page.focus("[data-column=title] button")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-column=title][aria-sort=ascending]")
    assert focused(page)[2] == "Title"


def test_more_rows_take_the_focus_along(visit, listed_site):
    here = visit(listed_site)
    page = here.open()
    page.focus("#more")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelectorAll('[data-paper]').length === 200")
    inside = "document.activeElement.closest('[data-paper]')?.dataset.paper"
    assert page.evaluate(inside) == here.rows()[100]


@pytest.mark.parametrize("width", [320, 375, 768, 1024, 1920])
@pytest.mark.parametrize("which", ["listed_site", "odd_site"])
def test_nothing_is_wider_than_the_screen(visit, request, which, width):
    here = visit(request.getfixturevalue(which), viewport={"width": width, "height": 800})
    page = here.open()
    page.wait_for_selector("#search:not([hidden])")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.fill("#q", "w")
    here.expect_status_with(" of ")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_titles_stay_text(visit, odd_site, papers):
    here = visit(odd_site)
    page = here.open()
    for query in ("", "script", "bidi", "www"):
        page.fill("#q", query)
        here.expect_status_with("papers")
        page.wait_for_timeout(50)
        assert page.locator("#papers img, #papers script").count() == 0
        assert page.locator("a[href^=javascript]").count() == 0
    page.fill("#q", "")
    here.expect_status("6 papers")
    titles = page.locator("[data-paper] th > :first-child").all_inner_texts()
    assert {papers[1].title, papers[2].title, papers[4].title} <= set(titles)
    assert any("\\u{202e}" in title for title in titles)


def test_hostile_text_in_the_search_box_stays_text(visit, odd_site):
    here = visit(odd_site)
    page = here.open()
    page.fill("#q", '"><img src=x onerror=alert(1)>')
    page.wait_for_url(re.compile("onerror"))
    here.expect_status("1 of 6 papers")
    page.reload()
    here.expect_status("1 of 6 papers")
    assert page.locator("img").count() == 0
