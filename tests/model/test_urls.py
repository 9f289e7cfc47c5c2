"""The canonical form of web addresses, and which texts are none."""

from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.urls import canonical_url
from tests.rows import each


@each(
    ("text", "canonical"),
    [
        ("http://Example.COM", "https://example.com/"),
        ("https://www.example.com/Path/To/", "https://www.example.com/Path/To"),
        ("https://example.com//", "https://example.com/"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("http://example.com:80/a", "https://example.com/a"),
        ("http://example.com:443/a", "https://example.com/a"),
        ("http://example.com:8080/a", "https://example.com:8080/a"),
        ("https://example.com:/a", "https://example.com/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://example.com/a#b", "https://example.com/a"),
        ("https://example.com/a?", "https://example.com/a"),
        ("https://example.com?b=1", "https://example.com/?b=1"),
        ("https://example.com/a/?b=1&c", "https://example.com/a?b=1&c"),
        ("https://example.com/a?utm_source=x&b=1&fbclid=2&UTM_medium=y&gclid=3#z",
         "https://example.com/a?b=1"),
        ("https://example.com/a?b=1&amp;c=2", "https://example.com/a?b=1&c=2"),
        ("https://example.com/%7Euser/caf%c3%a9", "https://example.com/%7Euser/caf%c3%a9"),
        ("https://example.com/café", "https://example.com/caf%C3%A9"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com/a|b<c>", "https://example.com/a%7Cb%3Cc%3E"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("http://127.0.0.1:8000/x", "https://127.0.0.1:8000/x"),
        ("https://[2001:DB8:0::1]/x", "https://[2001:db8::1]/x"),
        ("  https://example.com/a \n", "https://example.com/a"),
    ],
)  # fmt: skip
def test_canonical_form(text, canonical):
    assert canonical_url(text) == canonical


@each(
    "text",
    [
        "",
        "example.com",
        "ftp://example.com/",
        "javascript:alert(1)",
        "https://",
        "https:///a",
        "https:example.com",
        "https://user@example.com/",
        "https://user:pass@example.com/",
        "https://example.com\\@evil.example/",
        "https://example.com/a b",
        "https://example.com/a\tb",
        "https://exam\nple.com/",
        "https://example.com/\x00",
        "https://example.com/\u202ea",
        "https://example.com/\ud800",
        "https://example.com\u3000/",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:８０/",
        "https://example.com:80a/",
        "https://-example.com/",
        "https://example..com/",
        "https://bücher.example/",
        "https://ex\u212aample.com/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://[x]/",
        "https://example.com/" + "a" * 2048,
        f"https://{'a' * 64}.com/",
    ],
)
def test_refused(text):
    assert canonical_url(text) is None


@given(st.text() | st.text("aA./?&=#%:;@-_~[]1é ").map("https://h".__add__))
def test_canonical_form_is_canonical(text):
    canonical = canonical_url(text)
    assert canonical is None or canonical_url(canonical) == canonical
