"""The sites whose addresses carry a paper's identifier, and where in the address it stands.

Only a site that is known is believed: anyone can write an identifier into a path of their own.
To know another front-end is to add a line to a table here.
"""

import re
from typing import Literal
from urllib.parse import unquote

from kdbot.model.urls import Url, parse_url

Scheme = Literal["arxiv", "doi", "acl", "openreview"]
_Reference = tuple[Scheme, str]
"""A scheme and the text where its identifier should be, which may not be valid."""

_ASCII_CASELESS = re.IGNORECASE | re.ASCII

# --- arXiv and its front-ends ---

_ARXIV_HOST = re.compile(r"(?:(?:www|export|browse|lanl|xxx|[a-z]{2})\.)?arxiv\.org|xxx\.lanl\.gov")
_ARXIV_PATH = re.compile(
    r"/(?:(?:abs|pdf|ps|dvi|e-?print|format|tb|trackback|refs|cits|bibtex|audio"
    r"|ftp/arxiv/papers/[0-9]{4})(?:/+(?P<exact>.*))?"
    r"|(?:html|src)(?:/(?P<first>.*))?"
    r"|(?P<bare>[0-9]+\.[0-9]+[^/]*|[a-z-]+(?:\.[a-z-]+)?/[0-9]{7}[^/]*))",
    _ASCII_CASELESS,
)
_ARXIV_FRONT_ENDS = {
    "alphaxiv.org": r"(?:[a-z]{2}/)?(?:abs|pdf|html|overview|resources|audio|replicate)/",
    "ar5iv.org": r"(?:(?:abs|html|pdf)/)?(?=.*[0-9])",
    "ar5iv.labs.arxiv.org": r"(?:(?:abs|html|pdf)/)?(?=.*[0-9])",
    "arxiv-vanity.com": r"papers/(?=.)",
    "emergentmind.com": r"papers/(?=.)",
    "hf.co": r"(?:api/)?papers/(?!(?:date|week|month|trending|submit)(?:/|$))",
    "huggingface.co": r"(?:api/)?papers/(?!(?:date|week|month|trending|submit)(?:/|$))",
    "papers.cool": r"arxiv/(?=.*[0-9])",
    "scirate.com": r"arxiv/(?=.*[0-9])",
    "semanticscholar.org": r"(?:arxiv(?:/|$)|(?:.*/)?arxiv:)",
    "api.semanticscholar.org": r"(?:.*/)?arxiv:",
}
_FRONT_END_PATHS = {
    host: re.compile(rf"/{prefix}(?P<first>.*)", _ASCII_CASELESS)
    for host, prefix in _ARXIV_FRONT_ENDS.items()
}
_FIRST_ARXIV_ID = re.compile(r"[a-z-]+(?:\.[a-z-]+)?/[0-9][^/]*|[^/]*", _ASCII_CASELESS)
_FILE_ENDING = re.compile(r"\.(?:pdf|ps|dvi|html?|md|bib|gz)$", _ASCII_CASELESS)

_DBLP_HOST = re.compile(r"(?:www\.)?dblp\.org|dblp[0-9]?\.(?:uni-trier|dagstuhl)\.de")
_DBLP_KEY = re.compile(
    r"(?:.*/)?journals/corr/(?:abs-)?(?P<name>[a-z-]+|[0-9]+)-(?P<number>[0-9]+)(?:\..*)?",
    _ASCII_CASELESS,
)

# --- DOI resolvers and publishers ---

_DOI_HOSTS = {
    "doi.org", "dx.doi.org", "hdl.handle.net", "doi.acm.org", "doi.ieeecomputersociety.org"
}  # fmt: skip
_DOI_PATH = re.compile(r"/(?:doi:)?(?P<doi>10\..*|)", _ASCII_CASELESS)
_PUBLISHER_HOST = re.compile(
    r"dl\.acm\.org|link\.springer\.com|(?:[a-z]+\.)*onlinelibrary\.wiley\.com|(?:[a-z]+\.)?science\.org"
    r"|tandfonline\.com|journals\.sagepub\.com|pubs\.acs\.org|pubs\.aip\.org|epubs\.siam\.org|pnas\.org"
    r"|royalsocietypublishing\.org|annualreviews\.org|journals\.aps\.org|iopscience\.iop\.org"
    r"|frontiersin\.org|journals\.asm\.org|ascelibrary\.org|pubsonline\.informs\.org"
    r"|worldscientific\.com|emerald\.com|liebertpub\.com|degruyter\.com|nejm\.org|ahajournals\.org"
    r"|spiedigitallibrary\.org|joss\.theoj\.org|drops\.dagstuhl\.de"
    r"|techrxiv\.org|zenodo\.org|api\.crossref\.org|(?:api|commons)\.datacite\.org"
    r"|(?:[a-z]+\.)?(?:bio|med)rxiv\.org"
)
_PUBLISHER_PATH = re.compile(r"/(?:.*?/)?(?:doi:)?(?P<doi>10\.[0-9]{4,9}/.+)", _ASCII_CASELESS)
# Oxford and MIT Press append their own number and the title.
_NUMBERED_HOSTS = {"academic.oup.com", "direct.mit.edu"}
_NUMBERED_PATH = re.compile(
    r"/.*?/doi/(?P<doi>10\.[0-9]{4,9}/.+?)(?:/[0-9]{4,}(?:/[^/]*)?)?", _ASCII_CASELESS
)
# Publishers whose DOIs are formed of the parts of their addresses.
_NATURE = (
    r"articles/([a-z]?[0-9]+-[0-9]+-[0-9]+-[0-9a-z]+|(?:nature|ncomms|srep)[0-9]{4,5}"
    r"|[a-z]{3,8}\.[0-9]{3,4}|[0-9]{6}a0)(?:\.pdf)?"
)
_FORMED = {
    host: (re.compile(rf"/{path}(?:/.*)?", _ASCII_CASELESS), doi)
    for host, path, doi in (
        ("nature.com", _NATURE, "10.1038/{}"),
        ("pubs.rsc.org", r"[a-z-]+/content/article[a-z]+/[0-9]{4}/[a-z]{2}/([a-z][0-9][a-z0-9]{8})",
         "10.1039/{}"),
        ("hindawi.com", r"journals/[a-z]+/([0-9]{4})/([0-9]{6,7})", "10.1155/{}/{}"),
        ("downloads.hindawi.com", r"journals/[a-z]+/([0-9]{4})/([0-9]{6,7})\.pdf",
         "10.1155/{}/{}"),
        ("elifesciences.org", r"articles/([0-9]{5,6})", "10.7554/elife.{}"),
        ("ijcai.org", r"proceedings/(201[7-9]|202[0-9])/0{0,3}([1-9][0-9]{0,3})(?:\.pdf)?",
         "10.24963/ijcai.{}/{}"),
    )
}  # fmt: skip
_MDPI_PATH = re.compile(
    r"/(?P<issn>[0-9]{4}-[0-9]{3}[0-9x])/(?P<volume>[0-9]{1,3})/(?P<issue>[0-9]{1,2})"
    r"/(?P<article>[0-9]{1,5})(?:/.*)?",
    _ASCII_CASELESS,
)
_MDPI_JOURNALS = {
    "1099-4300": "e", "1422-0067": "ijms", "1424-8220": "s", "1996-1073": "en", "1999-4893": "a",
    "1999-5903": "fi", "2072-4292": "rs", "2072-6694": "cancers", "2073-431x": "computers",
    "2073-8994": "sym", "2075-4418": "diagnostics", "2076-3417": "app", "2078-2489": "info",
    "2079-9292": "electronics", "2218-6581": "robotics", "2220-9964": "ijgi", "2227-7390": "math",
    "2313-433x": "jimaging", "2504-2289": "bdcc", "2504-446x": "drones", "2504-4990": "make",
    "2673-2688": "ai",
}  # fmt: skip
# ACM numbers works that have no DOI under a prefix that no resolver knows.
_UNRESOLVABLE = "10.5555/"
_PUBLISHER_ENDING = re.compile(
    r"(?:/(?:e?pdf|full|html|abstract|summary|meta|fulltext(?:\.html)?|references|citations?|figures)"
    r"|\.(?:e?pdf|html?|full(?:\.pdf)?(?:\+html)?|full-text|abstract|short"
    r"|(?:article-(?:info|metrics)|supplementary-material)))+$",
    _ASCII_CASELESS,
)
_PREPRINT_PATH = re.compile(
    r"/content/(?:(?:bio|med)rxiv/)?early/[0-9]{4}/[0-9]{2}/[0-9]{2}/(?P<number>[0-9.]*[0-9])\b.*"
)

# --- ACL Anthology, OpenReview, web archives ---

_ACL_HOST = re.compile(
    r"(?:preview\.)?aclanthology\.(?:org|info|(?:coli|lst)\.uni-saarland\.de)|anthology\.aclweb\.org"
)
_ACL_SEGMENT = re.compile(
    r"/(?P<id>[a-z][0-9]{2}-[0-9]{4}|(?:19|20)[0-9]{2}\.[a-z0-9]+-[a-z0-9]+\.[0-9]{1,5})"
    r"(?P<version>v[1-9][0-9]?)?(?:e[1-9])?(?:\.[a-z][a-z0-9.]*)?(?=/|$)",
    _ASCII_CASELESS,
)
_OPENREVIEW_PATHS = {"/forum", "/pdf", "/attachment"}
_SCHEME = re.compile(r"^(?:https?:)?/*", _ASCII_CASELESS)
_ENCODED_SCHEME = re.compile(r"https?%3a", _ASCII_CASELESS)
_SLASHES = re.compile(r"/{2,}")
_ARCHIVED = re.compile(
    r"(?:web\.archive\.org|archive\.org|wayback\.archive\.org)/(?:web|wayback)/"
    r"(?:[0-9]{1,14}\*?(?:[a-z]{2}_)?/|\*/)?(?P<inner>.+)"
    r"|scholar\.archive\.org/work/[^/]+/access/[^/]+/(?:[0-9]{1,14}(?:[a-z]{2}_)?/)?(?P<work>.+)"
)


def find_reference(url: Url) -> _Reference | None:
    """Find the text where a known site's address should have an identifier.

    None where the site is unknown, or the page is not one of a paper. On a page of a paper
    the text may be empty or no valid identifier: such an address names no paper.
    """
    if url.port is not None:
        return None
    if archived := _ARCHIVED.fullmatch(str(url).removeprefix("https://")):
        return _find_in_archived(archived["inner"] or archived["work"])
    host = url.host.removeprefix("www.")
    spelled = unquote(url.path)
    path = _SLASHES.sub("/", spelled)
    return (
        _find_arxiv(host, path, url.query)
        # A DOI may hold two slashes in a row.
        or _find_doi(host, "/" + spelled.lstrip("/"), url.query)
        or _find_acl(host, path)
        or _find_openreview(host, path, url.query)
    )


def find_dblp_arxiv(key: str) -> str | None:
    """Find the arXiv identifier in a DBLP key of CoRR (``journals/corr/abs-2402-13116``).

    Papers of before April 2007 are keyed by archive and subject class
    (``journals/corr/cs-CL-0001001``). None where the key is of another form.
    """
    match = _DBLP_KEY.fullmatch(key)
    if match is None:
        return None
    name, number = match["name"], match["number"]
    if name.isdecimal():
        return f"{name}.{number}"
    # A subject class is two letters after the archive's name; so is "ph" in "quant-ph".
    archive, _, subject = name.rpartition("-")
    is_class = bool(archive) and len(subject) == 2 and subject.isupper()
    return f"{archive if is_class else name}/{number}"


def _find_in_archived(inner: str) -> _Reference | None:
    inner = unquote(inner) if _ENCODED_SCHEME.match(inner) else inner
    # Archives and browsers collapse the two slashes after the scheme.
    url = parse_url("https://" + _SCHEME.sub("", inner, count=1))
    return None if url is None else find_reference(url)


def _find_arxiv(host: str, path: str, query: str) -> _Reference | None:
    text: str | None = None
    if _ARXIV_HOST.fullmatch(host):
        if path == "/api/query":
            text = _only_parameter(query, "id_list")
        elif match := _ARXIV_PATH.fullmatch(path):
            first = match["first"]
            text = match["exact"] or match["bare"] or (_first_arxiv_id(first) if first else "")
    elif pattern := _FRONT_END_PATHS.get(host):
        if match := pattern.fullmatch(path):
            text = _first_arxiv_id(match["first"])
    elif _DBLP_HOST.fullmatch(host):
        text = find_dblp_arxiv(path.removeprefix("/"))
    if text is None:
        return None
    return "arxiv", _FILE_ENDING.sub("", text.strip().strip("/"))


def _first_arxiv_id(text: str) -> str:
    match = _FIRST_ARXIV_ID.match(text)
    return match[0] if match else ""


def _find_doi(host: str, path: str, query: str) -> _Reference | None:
    if host in _DOI_HOSTS:
        match = _DOI_PATH.fullmatch(path)
        return ("doi", match["doi"]) if match else None
    if host == "journals.plos.org":
        doi = _only_parameter(query, "id")
        return ("doi", doi) if doi and doi.startswith("10.") else None
    if host == "api.semanticscholar.org":
        _, found, doi = path.partition("/DOI:")
        return ("doi", doi) if found else None
    if host in _NUMBERED_HOSTS:
        match = _NUMBERED_PATH.fullmatch(path)
        return ("doi", match["doi"]) if match else None
    return _find_publisher_doi(host, path) or _find_formed_doi(host, path)


def _find_formed_doi(host: str, path: str) -> _Reference | None:
    if host in _FORMED:
        pattern, doi = _FORMED[host]
        match = pattern.fullmatch(path)
        return ("doi", doi.format(*match.groups())) if match else None
    match = _MDPI_PATH.fullmatch(path) if host == "mdpi.com" else None
    journal = _MDPI_JOURNALS.get(match["issn"].lower()) if match else None
    if match is None or journal is None:
        return None
    number = f"{match['issue']:0>2}{match['article']:0>4}"
    return "doi", f"10.3390/{journal}{match['volume']}{number}"


def _find_publisher_doi(host: str, path: str) -> _Reference | None:
    if _PUBLISHER_HOST.fullmatch(host) is None:
        return None
    if match := _PREPRINT_PATH.fullmatch(path):
        return "doi", f"10.1101/{match['number']}"
    match = _PUBLISHER_PATH.fullmatch(path)
    if match is None or match["doi"].startswith(_UNRESOLVABLE):
        return None
    return "doi", _PUBLISHER_ENDING.sub("", match["doi"])


def _find_acl(host: str, path: str) -> _Reference | None:
    is_anthology = host == "aclweb.org" and path.startswith("/anthology")
    if not is_anthology and _ACL_HOST.fullmatch(host) is None:
        return None
    match = _ACL_SEGMENT.search(path)
    return ("acl", match["id"] + (match["version"] or "")) if match else None


def _find_openreview(host: str, path: str, query: str) -> _Reference | None:
    if host != "openreview.net" or path not in _OPENREVIEW_PATHS:
        return None
    return "openreview", _only_parameter(query, "id") or ""


def _only_parameter(query: str, name: str) -> str | None:
    """Return the one value of a parameter, empty where several differ; None where it is absent."""
    pairs = (part.partition("=") for part in query.split("&"))
    values = {unquote(value) for key, _, value in pairs if key == name}
    return values.pop() if len(values) == 1 else ("" if values else None)
