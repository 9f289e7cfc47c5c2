"""The cache on disk: what it keeps, how long, and that no state of it breaks a run."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.evidence import MetadataRecord, NotFound, Unavailable
from kdbot.model.json_text import from_json, to_json
from kdbot.model.proposal import Origin
from kdbot.web.cache import _FOUND_FOR, _NOT_FOUND_FOR, Cache, cache_path
from tests.rows import each

FOUND = MetadataRecord(source=Origin.ARXIV, arxiv="2306.08543", title="T", authors=("A",))
ABSENT = NotFound(source=Origin.ARXIV)
FAILED = Unavailable(source=Origin.ARXIV, reason="x")
KEYS = ["found", "absent", "failed", "other"]


@pytest.fixture
def open_cache(tmp_path, time):
    opened = []

    def make(path=tmp_path / "deep" / "cache.sqlite3"):
        opened.append(Cache(path, now=time.clock))
        return opened[-1]

    yield make
    for cache in opened:
        cache.close()


def known(cache, service="arXiv https://export.arxiv.org"):
    return cache.known_answers(service, Origin.ARXIV, KEYS)


def keep(cache, service="arXiv https://export.arxiv.org"):
    cache.keep_answers(service, {"found": FOUND, "absent": ABSENT, "failed": FAILED})


def test_knowledge_is_kept_and_a_failure_is_not(open_cache):
    keep(open_cache())
    assert known(open_cache()) == {"found": FOUND, "absent": ABSENT}


def test_another_address_is_another_service(open_cache):
    keep(open_cache())
    assert known(open_cache(), "arXiv http://127.0.0.1:1") == {}


def test_knowledge_ages(open_cache, time):
    cache = open_cache()
    keep(cache)
    time.seconds += _NOT_FOUND_FOR
    assert known(cache) == {"found": FOUND}
    time.seconds += _FOUND_FOR - _NOT_FOUND_FOR
    assert known(cache) == {}
    assert _FOUND_FOR < 7 * 86_400, "a weekly run must ask again"


def test_a_clock_that_was_set_back_makes_nothing_immortal(open_cache, time):
    cache = open_cache()
    keep(cache)
    time.seconds -= 10
    assert known(cache) == {}


def test_a_file_that_is_no_database_is_begun_anew(open_cache, tmp_path):
    path = tmp_path / "cache.sqlite3"
    path.write_bytes(b"no database at all, " * 100)
    cache = open_cache(path)
    keep(cache)
    assert known(cache)


def test_a_record_of_an_older_form_is_forgotten(open_cache, tmp_path):
    path = tmp_path / "cache.sqlite3"
    cache = open_cache(path)
    keep(cache)
    database = sqlite3.connect(path)
    with database:
        database.execute("""UPDATE answers SET record = '{"colour": "red"}' WHERE key = 'found'""")
    database.close()
    assert known(cache) == {"absent": ABSENT}


def test_where_nothing_can_be_written_a_run_goes_on(open_cache, tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "cache.sqlite3", tmp_path):
        cache = open_cache(path)
        keep(cache)
        assert known(cache) == {}


def test_it_lies_among_the_user_s_caches():
    assert (
        str(cache_path({"XDG_CACHE_HOME": "/c"})).replace("\\", "/") == "/c/kdbot/metadata.sqlite3"
    )
    assert cache_path({}).parts[-3:] == (".cache", "kdbot", "metadata.sqlite3")


TEXTS = st.text(max_size=20)
RECORDS = st.builds(
    MetadataRecord,
    source=st.sampled_from(Origin),
    title=TEXTS,
    authors=st.lists(TEXTS, max_size=3).map(tuple),
    venues=st.lists(TEXTS, max_size=3).map(tuple),
    comment=st.none() | TEXTS.filter(bool),
    withdrawn=st.booleans(),
)


@given(record=RECORDS)
def test_a_record_survives_its_json(record):
    assert from_json(MetadataRecord, to_json(record)) == record


@each(
    "record",
    [
        None,
        [],
        {},
        {"source": "arXiv", "colour": "red"},
        {"source": "Nobody"},
        {"source": "arXiv", "title": 3},
        {"source": "arXiv", "authors": "Ada"},
        {"source": "arXiv", "authors": [1]},
        {"source": "arXiv", "withdrawn": "yes"},
    ],
)
def test_what_is_no_record_is_refused(record):
    with pytest.raises(ValueError):
        from_json(MetadataRecord, record)
