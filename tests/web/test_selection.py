"""Which links are asked, by whom, and what a run remembers."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.evidence import LinkState, expected_seconds
from kdbot.web.selection import arxiv_identifiers, cap_links, shard_links
from tests.rows import each

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


@each(("index", "count"), [(0, 2), (3, 2), (1, 0), (-1, 3)])
def test_there_is_no_such_shard(index, count):
    with pytest.raises(ValueError, match="no shard"):
        shard_links([], index=index, count=count)


@given(urls=URLS, most=st.integers(0, 30), per_host=st.integers(0, 10))
def test_E10_caps_hold_and_leave_out_no_more_than_they_must(urls, most, per_host):
    kept = cap_links(urls, limit=most, limit_per_host=per_host)
    assert len(kept) == len(set(kept)) <= most
    of_host = Counter(url.split("/")[2] for url in kept)
    assert all(count <= per_host for count in of_host.values())
    left_out = set(urls) - set(kept)
    assert len(kept) == most or all(of_host[url.split("/")[2]] == per_host for url in left_out)


@each(
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
    assert arxiv_identifiers([url]) == ({url: identifier} if identifier else {})


@each(
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
