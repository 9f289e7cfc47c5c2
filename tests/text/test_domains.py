"""Whether two addresses are on one registrable domain."""

from __future__ import annotations

from kdbot.text.addresses import _registrable_domain, same_site
from tests.rows import each

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


@each(("host", "domain"), DOMAINS)
def test_the_part_that_somebody_has_registered(host, domain):
    assert _registrable_domain(host) == domain


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


@each(("one", "other", "same"), PAIRS)
def test_the_same_site(one, other, same):
    assert same_site(one, other) is same
    assert same_site(other, one) is same


TENANTS = [
    "4everland.app",
    "amplifyapp.com",
    "appspot.com",
    "azurestaticapps.net",
    "azurewebsites.net",
    "blob.core.windows.net",
    "blogspot.com",
    "carrd.co",
    "cloudfront.net",
    "codeberg.page",
    "csb.app",
    "deno.dev",
    "duckdns.org",
    "eu.org",
    "firebaseapp.com",
    "fly.dev",
    "framer.app",
    "gitbook.io",
    "github.io",
    "gitlab.io",
    "glitch.me",
    "gradio.live",
    "hashnode.dev",
    "herokuapp.com",
    "hf.space",
    "is-a.dev",
    "js.org",
    "lovable.app",
    "medium.com",
    "myportfolio.com",
    "netlify.app",
    "ngrok.io",
    "notion.site",
    "onrender.com",
    "pages.dev",
    "pythonanywhere.com",
    "r2.dev",
    "readthedocs.io",
    "repl.co",
    "replit.app",
    "s3.amazonaws.com",
    "streamlit.app",
    "substack.com",
    "surge.sh",
    "up.railway.app",
    "vercel.app",
    "web.app",
    "weebly.com",
    "webflow.io",
    "wixsite.com",
    "wordpress.com",
    "workers.dev",
]


@each("host", TENANTS)
def test_G06_two_names_that_a_service_gave_are_two_sites(host):
    alice, mallory = f"https://alice.{host}/x", f"https://www.mallory.{host}/x"
    assert same_site(alice, mallory) is False
    assert same_site(alice, f"https://www.alice.{host}/y") is True
    assert same_site(alice, f"https://{host}/alice") is False


@each(
    ("one", "other"),
    [
        ("nlp.stanford.edu", "www.stanford.edu"),
        ("ai.meta.com", "about.meta.com"),
        ("openai.com", "cdn.openai.com"),
        ("www.microsoft.com", "learn.microsoft.com"),
        ("cs.cmu.edu", "www.cs.cmu.edu"),
        ("a.u-tokyo.ac.jp", "b.u-tokyo.ac.jp"),
        ("dl.acm.org", "www.acm.org"),
        ("huggingface.co", "www.huggingface.co"),
        ("a.tsinghua.edu.cn", "b.tsinghua.edu.cn"),
        ("x.inria.fr", "gitlab.inria.fr"),
    ],
)
def test_G06_the_machines_of_one_owner_are_one_site(one, other):
    assert same_site(f"https://{one}/a", f"https://{other}/b") is True
