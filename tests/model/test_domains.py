"""Whether two addresses are on one registrable domain."""

from __future__ import annotations

import pytest

from kdbot.model.domains import registrable_domain, same_site

DOMAINS = [
    ("example.org", "example.org"),
    ("a.b.example.org", "example.org"),
    ("WWW.Example.Org.", "example.org"),
    ("cs.ox.ac.uk", "ox.ac.uk"),
    ("nlp.tsinghua.edu.cn", "tsinghua.edu.cn"),
    ("uni.de", "uni.de"),
    ("www.uni.de", "uni.de"),
    ("alice.github.io", "alice.github.io"),
    ("x.alice.github.io", "alice.github.io"),
    ("github.io", "github.io"),
    ("127.0.0.1", "127.0.0.1"),
    ("[::1]", "[::1]"),
    ("localhost", "localhost"),
]


@pytest.mark.parametrize(("host", "domain"), DOMAINS)
def test_the_part_that_somebody_has_registered(host, domain):
    assert registrable_domain(host) == domain


PAIRS = [
    ("http://example.org/a", "https://www.example.org/b", True),
    ("https://github.com/a/b", "https://github.com/c/d", True),
    ("https://alice.github.io/x", "https://bob.github.io/x", False),
    ("https://github.com/a", "https://github.com.evil.example/a", False),
    ("https://a.ac.uk/x", "https://b.ac.uk/x", False),
    ("https://example.org/", "https://example.com/", False),
    ("https://example.org/", "javascript:alert(1)", False),
    ("https://example.org@evil.example/", "https://example.org/", False),
]


@pytest.mark.parametrize(("one", "other", "same"), PAIRS)
def test_the_same_site(one, other, same):
    assert same_site(one, other) is same
    assert same_site(other, one) is same
