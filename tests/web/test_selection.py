"""Which links are asked, by whom, and what a run remembers."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.errors import KdbotError
from kdbot.model.evidence import LinkResult, LinkState
from kdbot.model.link_history import expected_seconds
from kdbot.web.link_cache import CacheWriter, load_cached_links
from kdbot.web.selection import cap_links, partition_arxiv, shard_links

URLS = st.lists(
    st.builds("https://h{}.example/{}".format, st.integers(0, 9), st.integers(0, 50)), max_size=80
)


@given(urls=URLS, count=st.integers(1, 7))
def test_shards_are_a_partition_by_host(urls, count):
    shards = [shard_links(urls, index=n, count=count) for n in range(1, count + 1)]
    assert sorted(url for shard in shards for url in shard) == sorted(set(urls))
    hosts = [{url.split("/")[2] for url in shard} for shard in shards]
    assert sum(map(len, hosts)) == len(set().union(*hosts))


def test_shards_are_even_where_hosts_allow():
    urls = [f"https://h{n % 20}.example/{n}" for n in range(200)]
    assert [len(shard_links(urls, index=n, count=4)) for n in (1, 2, 3, 4)] == [50] * 4


@pytest.mark.parametrize(("index", "count"), [(0, 2), (3, 2), (1, 0), (-1, 3)])
def test_there_is_no_such_shard(index, count):
    with pytest.raises(ValueError, match="no shard"):
        shard_links([], index=index, count=count)


@given(urls=URLS, most=st.integers(0, 30), per_host=st.integers(0, 10))
def test_E10_caps_hold_and_lose_nothing(urls, most, per_host):
    kept, left_out = cap_links(urls, most=most, most_per_host=per_host)
    assert len(kept) <= most
    assert sorted(kept + left_out) == sorted(set(urls))
    for host in {url.split("/")[2] for url in kept}:
        assert sum(url.split("/")[2] == host for url in kept) <= per_host


@pytest.mark.parametrize(
    ("url", "identifier"),
    [
        ("https://arxiv.org/abs/2402.12030", "2402.12030"),
        ("https://arxiv.org/abs/2402.12030v2", "2402.12030"),
        ("https://www.arxiv.org/pdf/2402.12030.pdf", "2402.12030"),
        ("https://doi.org/10.48550/arXiv.2402.12030", "2402.12030"),
        # A front-end's page is its own.
        ("https://huggingface.co/papers/2402.12030", None),
        ("https://www.alphaxiv.org/abs/2402.12030", None),
        ("https://doi.org/10.1145/3292500.3330701", None),
        ("https://arxiv.org/list/cs.CL/recent", None),
        ("https://arxiv.org.evil.example/abs/2402.12030", None),
        ("http://[::1/", None),
    ],
)
def test_what_the_metadata_of_arxiv_answers_for(url, identifier):
    split = partition_arxiv([url])
    assert split.identifiers == ({url: identifier} if identifier else {})
    assert split.rest == (() if identifier else (url,))


@pytest.mark.parametrize(
    ("state", "seconds", "expected"),
    [
        (LinkState.OK, 0.1, 0.1),
        (LinkState.MOVED, 4.0, 4.0),
        (LinkState.DEAD, 0.1, 1.0),
        (LinkState.UNREACHABLE, 10.0, 10.0),
    ],
)
def test_what_failed_counts_as_slow(state, seconds, expected):
    assert expected_seconds(state, seconds) == expected


def result(name: str, state: LinkState = LinkState.OK, seconds: float = 0.5) -> LinkResult:
    return LinkResult(
        url=f"https://example.org/{name}", state=state, seconds=seconds, evidence="HEAD: 200"
    )


def test_the_cache_remembers(tmp_path):
    path = tmp_path / "links.jsonl"
    writer = CacheWriter(path)
    for at, found in enumerate([result("a"), result("b", LinkState.DEAD), result("a")]):
        writer.add(found, now=1000.0 + at)
    writer.finish(now=1010.0)
    cached = load_cached_links(path)
    assert cached.links[result("a").url].checked == 1002.0
    assert cached.fresh(now=1050.0, age=60.0) == {result("a").url: result("a")}
    assert cached.fresh(now=2000.0, age=60.0) == {}
    assert cached.expected_seconds() == {result("a").url: 0.5, result("b").url: 1.0}
    assert len(path.read_text().splitlines()) == 2
    assert [entry.name for entry in tmp_path.iterdir()] == ["links.jsonl"]


def test_a_killed_run_loses_no_more_than_half_a_line(tmp_path):
    path = tmp_path / "links.jsonl"
    writer = CacheWriter(path)
    writer.add(result("a"), now=1.0)
    writer.add(result("b"), now=2.0)
    writer.finish(now=3.0)
    path.write_bytes(path.read_bytes()[:-20])
    assert set(load_cached_links(path).links) == {result("a").url}
    later = CacheWriter(path)
    later.add(result("c"), now=3.0)
    assert set(load_cached_links(path).links) == {result("a").url, result("c").url}
    later.finish(now=4.0)
    assert len(path.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    "line",
    ["", "[]", "null", "{", '{"checked": 1}', '{"checked": "x"}', "[" * 5000, "\x00"],
    ids=lambda line: line[:20],
)
def test_lines_that_say_nothing_are_passed_over(tmp_path, line):
    path = tmp_path / "links.jsonl"
    path.write_text(f"{line}\n")
    assert load_cached_links(path).links == {}


def test_a_full_disk_ends_the_cache_and_not_the_run():
    writer = CacheWriter(Path("/dev/full"))
    writer.add(result("a"), now=1.0)
    assert writer.failure == "No space left on device"
    writer.add(result("b"), now=1.0)
    writer.finish(now=2.0)


def test_a_cache_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(KdbotError, match="no regular file"):
        load_cached_links(tmp_path)
    assert load_cached_links(tmp_path / "absent").links == {}
