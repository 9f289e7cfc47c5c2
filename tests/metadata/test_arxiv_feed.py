"""Recorded and broken answers of arXiv, read without a socket."""

from __future__ import annotations

import pytest

from kdbot.model.evidence import MetadataRecord, Unavailable
from kdbot.web.http import Reply
from kdbot.web.metadata.arxiv import Feed, _parse_arxiv, _read_feed, _Rejection
from kdbot.web.services import UnusableAnswerError
from tests.metadata.server import atom_entry
from tests.rows import each

HOT_JUPITERS = (
    "Frequency of Hot Jupiters and Very Hot Jupiters from the OGLE-III Transit Surveys Toward the "
    "Galactic Bulge and Carina"
)


def reply(body: bytes, status: int = 200) -> Reply:
    return Reply(status=status, body=body)


def feed_of(*entries: str, total: str | None = None) -> bytes:
    count = f"<o:totalResults>{len(entries) if total is None else total}</o:totalResults>"
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" '
        f'xmlns:o="http://a9.com/-/spec/opensearch/1.1/">{count}{"".join(entries)}</feed>'
    ).encode()


@pytest.mark.parametrize(
    ("name", "identifier", "title", "date"),
    [
        (
            "arxiv_id_found.atom.xml",
            "1605.08386",
            "Heat-bath random walks with Markov bases",
            "2016-05",
        ),
        ("arxiv_title_zero.atom.xml", "2104.12255", "0", "2021-04"),
        (
            "arxiv_old_style_id.atom.xml",
            "astro-ph/0601001",
            HOT_JUPITERS,
            "2006-01",
        ),
    ],
)
def test_a_recorded_paper(recorded, name, identifier, title, date):
    feed = _parse_arxiv(reply(recorded(name)))
    assert isinstance(feed, Feed)
    record = feed.records[identifier]
    assert (record.title, record.date, record.withdrawn) == (title, date, False)
    assert record.authors


def test_a_recorded_feed_leaves_out_what_it_does_not_know(recorded):
    feed = _parse_arxiv(reply(recorded("arxiv_id_list_one_missing.atom.xml")))
    outcomes = _read_feed(["0808.05394", "1707.08567"], feed)
    assert outcomes["0808.05394"] is None
    assert isinstance(outcomes["1707.08567"], MetadataRecord)


def test_the_recorded_400_names_the_identifier(recorded):
    body = recorded("arxiv_id_malformed_400.atom.xml")
    assert _parse_arxiv(reply(body, 400)) == _Rejection(identifier="abc")
    assert _parse_arxiv(reply(body)) == _Rejection(identifier="abc")


def test_an_empty_recorded_feed_is_a_whole_one(recorded):
    feed = _parse_arxiv(reply(recorded("arxiv_id_not_found.atom.xml")))
    assert feed == Feed(total=0, records={})


def test_a_search_page_is_shorter_than_its_total(recorded):
    feed = _parse_arxiv(reply(recorded("arxiv_search_page.atom.xml")))
    assert isinstance(feed, Feed)
    assert len(feed.records) == 10 < feed.total


def test_a_cut_list_says_nothing_of_what_it_lacks():
    feed = _parse_arxiv(reply(feed_of(atom_entry("2306.08543"), total="2")))
    outcomes = _read_feed(["2306.08543", "2402.12030"], feed)
    assert isinstance(outcomes["2306.08543"], MetadataRecord)
    assert outcomes["2402.12030"] == Unavailable(
        source="arXiv", reason="the answer has 1 of 2 papers"
    )


BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>
<feed xmlns="http://www.w3.org/2005/Atom"><title>&b;</title></feed>"""
EXTERNAL = b"""<!DOCTYPE feed SYSTEM "file:///etc/passwd"><feed/>"""


@each(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html><body>Rate exceeded.</body></html>", id="html"),
        pytest.param(b"<!DOCTYPE html><html><p>Down<br></html>", id="html-with-doctype"),
        pytest.param(b"Rate exceeded.", id="text"),
        pytest.param(b'<rss version="2.0"></rss>', id="wrong-root"),
        pytest.param(b"<feed></feed>", id="root-without-namespace"),
        pytest.param(feed_of(atom_entry("2306.08543"))[:-30], id="truncated"),
        pytest.param(feed_of(atom_entry("2306.08543"), total=""), id="no-total"),
        pytest.param(feed_of(atom_entry("2306.08543"), total="many"), id="total-in-words"),
        pytest.param(feed_of(atom_entry("2306.08543"), total="9" * 5000), id="endless-total"),
        pytest.param(feed_of(atom_entry("2306.08543"), total="0"), id="more-than-total"),
        pytest.param(feed_of("<entry><title>x</title></entry>"), id="entry-without-id"),
        pytest.param(feed_of(atom_entry("2306.08543", " ")), id="entry-without-title"),
        pytest.param(BILLION_LAUGHS, id="entities"),
        pytest.param(EXTERNAL, id="external-entity"),
    ],
)
def test_what_is_no_whole_feed_is_unusable(body):
    with pytest.raises(UnusableAnswerError):
        _parse_arxiv(reply(body))


@each(
    ("comment", "withdrawn"),
    [
        ("This paper has been withdrawn by the authors due to an error in Lemma 2", True),
        ("Withdrawn: superseded by 2402.12030", True),
        ("arXiv admin note: this version has been withdrawn by arXiv administrators", True),
        ("The submission was withdrawn", True),
        ("12 pages; the withdrawn data set is described in an appendix", False),
        ("Accepted to ICLR 2024", False),
        ("", False),
    ],
)
def test_a_withdrawal_is_told_by_the_comment(comment, withdrawn):
    feed = _parse_arxiv(reply(feed_of(atom_entry("2306.08543", comment=comment))))
    assert isinstance(feed, Feed)
    assert feed.records["2306.08543"].withdrawn is withdrawn


def test_all_fields_are_read():
    entry = atom_entry(
        "math/0309136",
        "On  Lines\n  and Breaks",
        comment="Accepted to\n ICLR 2024",
        journal_ref="Phys. Rev. A 1 (2004)",
        doi="10.1103/PhysRevA.1",
    )
    feed = _parse_arxiv(reply(feed_of(entry)))
    assert isinstance(feed, Feed)
    record = feed.records["math/0309136"]
    assert record.title == "On Lines and Breaks"
    assert record.comment == "Accepted to ICLR 2024"
    assert record.journal_ref == "Phys. Rev. A 1 (2004)"
    assert record.doi == "10.1103/physreva.1"
    assert record.authors == ("Ada Lovelace",)
