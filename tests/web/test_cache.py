"""What the cache remembers of links."""

import json

import pytest

from kdbot.model.errors import KdbotError
from kdbot.model.evidence import LinkResult, LinkState
from kdbot.model.json_text import to_json
from kdbot.web.cache import Cache


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def open_cache(tmp_path, clock):
    opened = []

    def make(name="links.sqlite3"):
        opened.append(Cache.named(tmp_path / name, now=clock))
        return opened[-1]

    yield make
    for cache in opened:
        cache.close()


def result(name: str, state: LinkState = LinkState.OK, seconds: float = 0.5) -> LinkResult:
    return LinkResult(
        url=f"https://example.org/{name}", state=state, seconds=seconds, evidence="HEAD: 200"
    )


def test_the_cache_remembers_the_last_result_of_each_link(open_cache, clock, tmp_path):
    cache = open_cache()
    for found in (result("a", LinkState.DEAD), result("b", LinkState.DEAD), result("a")):
        cache.keep_link(found)
    cache.close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["links.sqlite3"]
    clock.now += 50.0
    cached = open_cache()
    assert cached.fresh_links(age=60.0) == {result("a").url: result("a")}
    assert cached.fresh_links(age=50.0) == {}
    assert cached.expected_seconds() == {result("a").url: 0.5, result("b").url: 1.0}


def test_a_clock_that_was_set_back_makes_nothing_fresh(open_cache, clock):
    cache = open_cache()
    cache.keep_link(result("a"))
    clock.now -= 10.0
    assert cache.fresh_links(age=60.0) == {}


def test_what_was_not_asked_for_long_is_forgotten(open_cache, clock):
    open_cache().keep_link(result("a"))
    clock.now += 119 * 86_400.0
    open_cache().close()
    assert set(open_cache().expected_seconds()) == {result("a").url}
    clock.now += 2 * 86_400.0
    open_cache().close()
    assert open_cache().expected_seconds() == {}


def test_a_run_that_is_killed_loses_nothing_that_it_knew(open_cache):
    open_cache().keep_link(result("a"))
    assert set(open_cache().expected_seconds()) == {result("a").url}


def test_half_a_character_is_kept_nowhere_and_ends_nothing(open_cache):
    cache = open_cache()
    cache.keep_link(result("\ud800"))
    cache.keep_link(result("b"))
    assert (set(cache.expected_seconds()), cache.failure) == ({result("b").url}, None)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"checked": 1.0, **to_json(result("a"), whole=True)}).encode() + b"\n",
        b"# my notes\n",
        b"SQLite format 2\0",
    ],
    ids=["json-lines-of-an-older-version", "another-file", "an-older-database"],
)
def test_a_file_that_is_no_cache_is_said_and_left_alone(open_cache, tmp_path, content):
    path = tmp_path / "links.jsonl"
    path.write_bytes(content)
    with pytest.raises(KdbotError, match="not a cache of this version") as raised:
        open_cache("links.jsonl")
    assert "remove it, or name another --cache" in str(raised.value.fix)
    assert path.read_bytes() == content


def test_a_folder_is_no_cache(open_cache, tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(KdbotError, match="not a regular file"):
        open_cache("folder")


def test_an_empty_file_is_an_empty_cache(open_cache, tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    cache = open_cache("empty")
    cache.keep_link(result("a"))
    assert set(cache.expected_seconds()) == {result("a").url}
