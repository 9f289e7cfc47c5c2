"""Whether two addresses are on the same site: on one registrable domain.

Which part of a name is registered is told by the Public Suffix List (https://publicsuffix.org), of
which this knows the parts that a list of papers meets. Where it knows too little it takes two
sites for one only if they have the same last two labels, which is what the list does for a suffix
of one label.
"""

from kdbot.model.urls import parse_url

# Under a country's domain these are no names of owners: `ac.uk`, `edu.cn`, `co.jp`.
_SECOND_LEVEL = frozenset(
    {"ac", "ad", "co", "com", "ed", "edu", "go", "gob", "gov", "gv", "ne", "net", "or", "org", "re"}
)
# Under these everybody gets a name of their own.
_SHARED = frozenset(
    {
        "4everland.app",
        "appspot.com",
        "blogspot.com",
        "cloudfront.net",
        "codeberg.page",
        "firebaseapp.com",
        "fly.dev",
        "github.io",
        "gitlab.io",
        "glitch.me",
        "herokuapp.com",
        "hf.space",
        "modelscope.cn",
        "myportfolio.com",
        "netlify.app",
        "notion.site",
        "onrender.com",
        "pages.dev",
        "r2.dev",
        "readthedocs.io",
        "rtfd.io",
        "streamlit.app",
        "surge.sh",
        "vercel.app",
        "web.app",
        "weebly.com",
        "wixsite.com",
        "wordpress.com",
        "workers.dev",
    }
)


def registrable_domain(host: str) -> str:
    """Return the part of a host's name that somebody has registered; an address stays itself."""
    labels = host.lower().strip(".").split(".")
    if host.startswith("[") or labels[-1].isdecimal():
        return host
    two = ".".join(labels[-2:])
    is_national = len(labels[-1]) == 2 and len(labels) > 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3:]) if is_national or two in _SHARED else two


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses are on one registrable domain."""
    first, second = parse_url(one), parse_url(other)
    if first is None or second is None:
        return False
    return registrable_domain(first.host) == registrable_domain(second.host)
