"""What the audit makes of links: over time, and as boxes."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.audit import EditKind
from kdbot.model.evidence import LinkRecord, LinkResult, LinkState
from kdbot.model.paper import Paper
from kdbot.review.audit import _findings_of_links, _link_boxes, _unchecked_links, judge_links
from tests.rows import each

MONDAY = date(2026, 3, 2)
URL = "https://a.example/x"

states = st.sampled_from(LinkState)


def result(state, **parts):
    return LinkResult(url=URL, state=state, **parts)


@given(states, st.integers(0, 6), st.floats(0, 9), st.floats(0, 9))
def test_a_second_look_in_the_same_week_changes_nothing_unless_it_settles_a_death(
    state, days, first, second
):
    once = judge_links([URL], {URL: result(state, seconds=first)}, {}, MONDAY)
    later = MONDAY + timedelta(days=days)
    twice = judge_links([URL], {URL: result(state, seconds=second)}, once, later)
    if state is LinkState.DEAD and days:
        assert twice[URL].is_confirmed_dead
    else:
        assert twice == once


@given(st.lists(states, min_size=1, max_size=8))
def test_E09_dead_is_said_of_two_days_with_no_life_between(weeks):
    records: dict[str, LinkRecord] = {}
    for number, state in enumerate(weeks):
        day = MONDAY + timedelta(weeks=number)
        records = judge_links([URL], {URL: result(state)}, records, day)
    alive = [n for n, state in enumerate(weeks) if state in {LinkState.OK, LinkState.MOVED}]
    since = weeks[alive[-1] + 1 :] if alive else weeks
    expected = weeks[-1] is LinkState.DEAD and since.count(LinkState.DEAD) > 1
    assert records[URL].is_confirmed_dead is expected


def test_what_was_not_asked_stays_and_what_is_not_listed_goes():
    known = judge_links([URL, "https://b.example"], {URL: result(LinkState.DEAD)}, {}, MONDAY)
    later = judge_links([URL], {}, known, MONDAY + timedelta(weeks=1))
    assert later == known
    assert judge_links(["https://c.example"], {}, known, MONDAY) == {}


TARGETS = {
    "same-site": ("https://www.a.example/y", EditKind.MOVED, True),
    "front-page": ("https://a.example/", EditKind.MOVED, False),
    "another-site": ("https://b.example/x", EditKind.MOVED_AWAY, False),
    "no-page": ("https://127.0.0.1/x", None, None),
    "no-address": ("javascript:alert(1)", None, None),
    "the-same": (URL, None, None),
}


@each(("target", "kind", "ticked"), TARGETS.values(), ids=TARGETS)
def test_where_a_link_has_moved_to(target, kind, ticked):
    papers = {"p": Paper(id="p", title="P", code=(URL,))}
    record = LinkRecord(
        state=LinkState.MOVED, since=MONDAY, checked=MONDAY, seconds=1, final_url=target
    )
    boxes = list(_link_boxes({URL: record}, papers, {}))
    assert [(box.kind, box.ticked) for box in boxes] == ([(kind, ticked)] if kind else [])


def test_one_box_for_all_places_of_a_dead_link():
    papers = {
        "p": Paper(id="p", title="P", code=(URL,), data=(URL,)),
        "q": Paper(id="q", title="Q", url=URL),
    }
    record = LinkRecord(
        state=LinkState.DEAD,
        since=MONDAY,
        checked=MONDAY + timedelta(weeks=1),
        seconds=1,
        dead_since=MONDAY,
    )
    (box,) = _link_boxes({URL: record}, papers, {})
    assert box.kind is EditKind.DROPPED
    assert [(edit.paper, edit.field) for edit in box.edits] == [
        ("p", "code"),
        ("p", "data"),
        ("q", "url"),
    ]
    assert box.papers == ("p", "q")
    with_snapshot = _link_boxes({URL: record}, papers, {URL: "https://web.archive.org/web/1/x"})
    assert {one.kind for one in with_snapshot} == {EditKind.ARCHIVED, EditKind.DROPPED}


def test_a_dead_page_of_an_identifier_is_for_a_person():
    papers = {"p": Paper(id="p", title="P", acl="2024.acl-long.1")}
    record = LinkRecord(
        state=LinkState.DEAD,
        since=MONDAY,
        checked=MONDAY + timedelta(weeks=1),
        seconds=1,
        dead_since=MONDAY,
    )
    assert list(_link_boxes({URL: record}, papers, {})) == []
    ((paper, remark),) = _findings_of_links({URL: record}, papers, {URL: ["p"]})
    assert (paper, remark.code) == ("p", "dead-link")


def test_what_could_not_be_learned_is_counted_by_its_reason():
    links = {
        "https://a.example": result(LinkState.OK),
        "https://b.example": result(LinkState.BLOCKED),
        "https://c.example": result(LinkState.UNREACHABLE),
    }
    told = dict(_unchecked_links([*links, "https://d.example"], links))
    assert {name: one.count for name, one in told.items()} == {
        "links (blocked)": 1,
        "links (unreachable)": 1,
        "links": 1,
    }
