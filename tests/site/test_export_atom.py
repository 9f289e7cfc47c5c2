"""`feed.xml` keeps the rules of RFC 4287, and its ids stay."""
# ruff: noqa: S314 - what is parsed is our own

import re
from dataclasses import replace
from itertools import accumulate
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.paper import Paper, RecordChange
from kdbot.publish.exports.atom import _MAX_ENTRIES, Feeds
from kdbot.publish.readme.tables import _newest_first
from kdbot.publish.site.files import site_files
from tests.rows import each

ATOM = "{http://www.w3.org/2005/Atom}"
DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
IRI = re.compile(r"(?:https?://|urn:uuid:)[!#-;=?-\[\]_a-z~]+")
ONCE = {"id", "title", "updated"}
# Section 4.1: what a feed and an entry may hold, and what must stand in it exactly once.
CHILDREN = {
    "feed": {"id", "title", "updated", "author", "link", "entry"},
    "entry": {"id", "title", "updated", "author", "contributor", "link", "category", "content"},
}
ATTRIBUTES = {
    "link": ({"href"}, {"rel", "type"}),
    "category": ({"term"}, {"label"}),
    "content": ({"type"}, set()),
}


def render_feed(papers, collection, settings):
    return Feeds(collection=collection, settings=settings).render(_newest_first(papers))


def faults(feed):
    """Yield what a feed breaks of RFC 4287, sections 3 and 4."""
    for element in [feed, *feed.iter(f"{ATOM}entry")]:
        yield from structure_faults(element)
    for element in feed.iter():
        yield from value_faults(element)
    if feed.find(f"{ATOM}author") is None:
        yield "the feed needs an author where an entry has none"
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    if len(ids) != len(set(ids)):
        yield "two entries have one id"


def structure_faults(element):
    name = element.tag.removeprefix(ATOM)
    names = [child.tag.removeprefix(ATOM) for child in element]
    links = [(link.get("rel"), link.get("type")) for link in element.findall(f"{ATOM}link")]
    yield from (f"{name} holds {extra}" for extra in set(names) - CHILDREN[name])
    yield from (f"{name} needs one {one}" for one in ONCE if names.count(one) != 1)
    if len(links) != len(set(links)):
        yield "two links of one kind"
    if name == "entry" and "content" not in names and not links:
        yield "an entry without content needs an alternate link"


def value_faults(element):
    name = element.tag.removeprefix(ATOM)
    required, optional = ATTRIBUTES.get(name, (set(), set()))
    if name != "feed" and not required <= set(element.keys()) <= required | optional:
        yield f"attributes of {name}: {element.keys()}"
    if name == "updated" and not DATE_TIME.fullmatch(element.text):
        yield "updated is no RFC 3339 time"
    if name == "id" and not IRI.fullmatch(element.text):
        yield "id is no IRI"
    if name in {"author", "contributor"} and not element.findtext(f"{ATOM}name"):
        yield "an author needs a name"
    if not IRI.fullmatch(element.get("href", "urn:uuid:0")):
        yield f"href is no IRI: {element.get('href')}"


CHANGED = (
    ({"venue": "arXiv"}, {"venue": "NeurIPS", "year": "2024"}, "NeurIPS 2024 (before: arXiv)"),
    ({}, {"code": ("https://github.com/a/b",)}, "https://github.com/a/b"),
    ({"code": ("https://github.com/a/b",)}, {}, "removed: https://github.com/a/b"),
    ({}, {"status": "retracted", "status_date": "2024-03-18"}, "Retracted 2024-03-18"),
    ({"withdrawn": True}, {}, "No longer marked: withdrawn"),
)


@each(("before", "after", "said"), CHANGED)
def test_the_feed_of_changes_is_valid_and_credits(collect, papers, settings, before, after, said):
    paper = replace(papers[0], venue=None, year=None, code=(), withdrawn=False)
    change = RecordChange(
        before=replace(paper, **before),
        after=replace(paper, **after),
        commit="a" * 40,
        time="2024-03-19T08:00:00Z",
        credit="octocat",
    )
    nothing = replace(change, before=change.after, commit="b" * 40)
    gone = replace(change, after=replace(change.after, id="gone"), commit="c" * 40)
    feed = fromstring(
        Feeds(collection=collect(change.after), settings=settings).render_changes(
            [nothing, gone, change]
        )
    )
    assert list(faults(feed)) == []
    (entry,) = feed.findall(f"{ATOM}entry")
    assert said in entry.findtext(f"{ATOM}content")
    assert entry.findtext(f"{ATOM}contributor/{ATOM}name") == "octocat"
    assert feed.findtext(f"{ATOM}updated") == "2024-03-19T08:00:00Z"


def test_without_changes_the_feed_is_valid_and_the_page_leads_to_it(collect, papers, settings):
    files = site_files(collect(*papers), settings)
    assert list(faults(fromstring(files["changes.xml"]))) == []
    for name in ("index.html", "c/misc.html"):
        assert re.search(
            '<link rel="alternate" type="application/atom[^>]*changes.xml">', files[name]
        )


@pytest.mark.parametrize("repository", ["Octo-Org/papers", None])
def test_the_feed_of_the_list_is_valid(listed, listed_settings, repository):
    settings = replace(listed_settings, repository=repository)
    feed = fromstring(render_feed(tuple(listed.papers.values()), listed, settings))
    assert list(faults(feed)) == []
    assert len(feed.findall(f"{ATOM}entry")) == _MAX_ENTRIES


def test_the_feed_of_odd_papers_is_valid_and_as_they_are_written(collect, papers, settings):
    dated = [replace(paper, added="2024-03-18") for paper in papers]
    feed = fromstring(render_feed(dated, collect(*dated), settings))
    assert list(faults(feed)) == []
    titles = {entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")}
    assert {papers[0].title, papers[2].title, papers[4].title} <= titles
    assert not [link for link in feed.iter() if "javascript" in (link.get("href") or "")]


def test_the_last_day_stands_first_and_dates_the_feed(collect, papers, settings):
    feed = fromstring(render_feed(papers, collect(*papers), settings))
    days = [element.text[:10] for element in feed.iter(f"{ATOM}updated")]
    assert days == ["2024-03-18", "2024-03-18", "2024-03-18", "2024-02-20"]


@pytest.mark.parametrize("repository", ["Octo-Org/papers", None])
def test_every_feed_of_the_site_is_valid_and_knows_its_place(listed, listed_settings, repository):
    settings = replace(listed_settings, repository=repository)
    files = site_files(listed, settings)
    feeds = {name: fromstring(text) for name, text in files.items() if name.endswith(".xml")}
    assert set(feeds) == {"feed.xml", "changes.xml"} | {
        f"c/{path}.xml" for path in listed.taxonomy.by_path
    }
    for name, feed in feeds.items():
        assert list(faults(feed)) == [], name
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        page = "" if "/" not in name else name.removesuffix(".xml") + ".html"
        root = "https://octo-org.github.io/papers/"
        assert links == ({"self": root + name, "alternate": root + page} if repository else {})
    assert len({feed.findtext(f"{ATOM}id") for feed in feeds.values()}) == len(feeds)


def test_a_category_and_the_branch_above_it_have_its_papers(listed, listed_settings):
    files = site_files(listed, listed_settings)
    every = _ids(files["feed.xml"])
    for path, category in listed.taxonomy.by_path.items():
        inside = [
            p
            for p in listed.papers.values()
            if path
            in {
                above
                for one in p.categories
                for above in accumulate(one.split("/"), "{}/{}".format)
            }
        ]
        entries = _ids(files[f"c/{path}.xml"])
        assert len(entries) == min(_MAX_ENTRIES, len([p for p in inside if p.added])), path
        alone = render_feed(inside, listed, listed_settings)
        assert entries == _ids(alone)
        assert f"{category.title} · " in fromstring(files[f"c/{path}.xml"]).findtext(f"{ATOM}title")
    assert len(every) == _MAX_ENTRIES


def test_each_page_names_its_feed(listed, listed_settings):
    files = site_files(listed, listed_settings)
    for name, text in files.items():
        if name.endswith(".html"):
            found = re.findall(r'<link rel="alternate" [^>]* href="([^"]+)">', text)
            up = "../" * name.count("/")
            own = [up + name.removesuffix(".html") + ".xml"] if name != "index.html" else []
            assert found == [f"{up}feed.xml", f"{up}changes.xml", *own]


def _ids(feed):
    return [e.findtext(f"{ATOM}id") for e in fromstring(feed).iter(f"{ATOM}entry")]


def test_an_empty_feed_is_valid(collect, settings):
    feed = fromstring(render_feed([], collect(), settings))
    assert list(faults(feed)) == []
    assert feed.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"


def test_an_id_outlives_every_other_change(collect, papers, settings):
    def ids(paper):
        feed = fromstring(render_feed([paper], collect(paper), settings))
        return [element.text for element in feed.iter(f"{ATOM}id")]

    changed = replace(papers[0], title="Other", venue="ICLR", arxiv=None, added="2025-01-01")
    assert ids(papers[0]) == ids(changed)
    assert ids(papers[0])[1] == "urn:uuid:" + str(ids(papers[0])[1]).removeprefix("urn:uuid:")
    assert ids(papers[0])[1] != ids(papers[1])[1]


@given(st.text(st.characters(), max_size=30))
def test_any_text_gives_well_formed_xml(collect, settings, text):
    paper = Paper(id="x", title=text, authors=(text,), categories=(text,), added="2024-01-01")
    feed = render_feed([paper], collect(), settings)
    fromstring(feed.encode("utf-8"))
