"""Hostile but valid lists, read back by readers that are not ours: nothing is alive, or lost."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import shutil
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import html5lib
import pybtex.database
import yaml
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from kdbot.flows.list.build import _site_files
from kdbot.flows.list.checked_list import check_list
from kdbot.flows.proposal.reading import comment_context
from kdbot.intake.record import parse_record
from kdbot.model.finding import Finding
from kdbot.model.paper import paper_from_values
from kdbot.model.proposal import Intent, Proposal
from kdbot.publish.comment.render import render_comment
from kdbot.publish.derived import derived_files
from kdbot.publish.exports.atom import _MAX_ENTRIES
from kdbot.publish.markdown import visible_text
from kdbot.review.proposal import review
from kdbot.storage.repository import load_rules, load_schema, load_settings
from kdbot.text.record import render_record
from tests.flows.sample_list import FILES

RECORDS = 190
EXAMPLES = 3

PIECES = """\
<script>alert(1)</script>¦<img src=x onerror=alert(1)>¦</td></tr></table>¦</title><svg onload=a()>
<!--¦-->¦<!-- kdbot:end tables -->¦<!-- kdbot:report sha256=00 -->¦]]>¦<![CDATA[¦<?xml?>¦</script>
](javascript:alert(1))¦[x](https://evil.example)¦![x](https://evil.example/x.png)
[x]: //evil.example
https://evil.example/x¦http://evil.example¦www.evil.example¦ftp://evil.example¦//evil.example
mailto:a@evil.example¦xmpp:a@evil.example¦a@evil.example¦<a@evil.example>¦<https://evil.example>
@victim¦@org/team¦(@victim)¦#1¦GH-1¦owner/repo#12¦Fixes #12¦:tada:¦$x$¦$$x$$¦$`x`$
|¦`¦```¦~~~¦\\¦\\|¦*¦**a**¦_b_¦~~c~~¦# d¦> e¦- f¦1. g¦---¦&amp;¦&lt;b&gt;¦&#64;victim¦&¦<¦>¦"¦'
{¦}¦{{ x }}¦{% x %}¦${{ github.token }}¦::error::x¦%¦%0A::error::¦\\input{x}¦\\end{document}
@comment{¦@article{a,¦#{¦=1+1¦=cmd|' /C calc'!A0¦+1¦-1¦;¦,¦: ¦ #a¦!x¦&a¦*a¦? ¦~¦null¦true¦2024-01-01
Ünïcödé¦蒸馏¦تقطير¦👩‍🔬¦π¦„“¦–¦L'Hôpital¦Straße¦a b¦model¦of¦large¦language
""".replace("\n", "¦").split("¦")[:-1]
ADDRESSES = """\
https://a.example/x_(y)
https://a.example/?q=<b>
https://a.example/|x|
https://a.example/`x`
https://a.example/'onmouseover=alert(1)'
https://a.example/]x[
https://a.example/"x"
https://a.example/*x*
https://a.example/@victim
https://a.example/#1
https://a.example/&amp;x
https://a.example/$x$
https://a.example/%22%3E
https://a.example/~~y~~
https://a.example/x,y;z
https://a.example/{x}
https://github.com/o/r/issues/1
https://github.com/o/r
HTTPS://A.example/x
https://a.example/-->
""".splitlines()
NUMBERED = st.integers(0, 2**32)

CATEGORIES = """\
categories:
  - id: methods
    title: "Methods <script>alert(1)</script> @victim"
    note: "See [x](javascript:alert(1)) | a@evil.example"
    categories:
      - id: labeling
        title: "Labels | `x` <!-- --> #1"
      - id: other
        title: "Others & <b>more</b> ](//evil.example)"
  - id: skills
    title: "Skills ${{ github.token }}"
    note: "@org/team -->"
    categories:
      - id: planning
        title: ">Planning: \\"x\\" 'y' {{ z }}"
"""
PATHS = ("methods/labeling", "methods/other", "skills/planning")
MORE_FIELDS = {
    "license": {"title": "Licence | @victim", "type": "string"},
    "weights": {"title": "Open <b>weights</b>", "type": "boolean"},
    "talks": {"title": "Talk", "type": "array", "items": {"type": "string", "format": "uri"}},
    "other_titles": {"title": "Other titles", "type": "array", "items": {"type": "string"}},
}


def words(chance, most=6):
    return " ".join(chance.choice(PIECES) for _ in range(chance.randint(1, most))).strip()


def record(chance, number):
    """The values of a paper; whether they are valid is left to the review."""
    month = f"20{18 + number % 7}-{1 + number % 12:02}"
    values = {"title": f"{words(chance)} {number}", "categories": [chance.choice(PATHS)]}
    if chance.random() < 0.8:
        values |= {"arxiv": f"{month[2:4]}{month[5:]}.{10000 + number:05}", "date": month}
    elif chance.random() < 0.7:
        values["url"] = f"{chance.choice(ADDRESSES)}{number}"
    more = {
        "authors": lambda: [words(chance, 2) for _ in range(chance.randint(1, 3))],
        "code": lambda: [chance.choice(ADDRESSES)],
        "project": lambda: [chance.choice(ADDRESSES)],
        "data": lambda: list(dict.fromkeys(chance.choices(ADDRESSES, k=2))),
        "venue": lambda: chance.choice(["ICLR", "NeurIPS", "ACL"]),
        "added": lambda: f"2024-03-{1 + number % 28:02}",
        "proposed_by": lambda: "some-login",
        "withdrawn": lambda: True,
        "note": lambda: f"{words(chance)} noted",
        # A text that is an address alone is meant to be a link in a column of its own.
        "license": lambda: f"{words(chance, 3)} MIT",
        "weights": lambda: True,
        "talks": lambda: [chance.choice(ADDRESSES)],
        "other_titles": lambda: [f"{words(chance)} again"],
    }
    return values | {name: make() for name, make in more.items() if chance.random() < 0.5}


def write_list(root, seed):
    """Write a list of hostile records, and take those out that the review refuses."""
    schema = json.loads(FILES["schema/paper.schema.json"])
    schema["properties"] |= MORE_FIELDS
    columns = 'columns = ["title", "venue", "date", "code", "data", "note", "license", "talks"]'
    files = {
        **FILES,
        "schema/paper.schema.json": json.dumps(schema),
        "schema/taxonomy.yaml": CATEGORIES,
        "kdbot.toml": f"{FILES['kdbot.toml']}\n[tables]\n{columns}\n".replace(
            "A List of Papers", "A List <script>alert(1)</script> @victim"
        ),
    }
    del files["papers/2306.08543.yaml"]
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    (root / "papers").mkdir()
    rules, chance = load_schema(root), random.Random(seed)  # noqa: S311 - no secret
    for number in range(RECORDS):
        values = record(chance, number)
        name = values.get("arxiv", f"a-{number}")
        text = render_record(paper_from_values(name, values), rules)
        (root / "papers" / f"{name}.yaml").write_text(text, "utf-8")
    for _ in range(3):
        checked = check_list(root)
        if checked.collection is not None:
            return checked.collection
        for file in {f.file for f in checked.findings if f.severity == "error" and f.file}:
            (root / file).unlink()
    raise AssertionError(checked.findings)


# What GitHub's filters or a reader's program would bring to life in a text node.
ALIVE = re.compile(
    r"(?<![\w@])@[A-Za-z0-9]|(?<!\w)#\d|\bGH-\d|(?:https?|ftp)://|\bwww\.\w|:tada:|\$\S+\$"
)
QUIET = {"code", "pre", "script", "style", "template"}


def nodes(element, quiet=False):
    """Every element with whether it, or one around it, is code."""
    quiet = quiet or element.tag in QUIET
    yield element, quiet
    for child in element:
        yield from nodes(child, quiet)


def check_tree(tree, hosts, *, prose):
    """Hold a page to: no script of others, no handler, no address of an unknown place."""
    for element, quiet in nodes(tree):
        for name, value in element.attrib.items():
            key = str(name).rpartition("}")[2].lower()
            assert not key.startswith("on"), (key, value)
            assert key != "style" or "url(" not in value
            # The page's own empty icon is the one address of data.
            if key in {"href", "src", "srcset", "action", "poster"} and value != "data:,":
                parts = urlsplit(value)
                assert parts.scheme in {"", "https", "http"}, value
                assert parts.netloc.lower() in hosts, value
        texts = [] if quiet else [element.text or ""]
        if prose:
            texts += [child.tail or "" for child in element if not quiet]
            for text in texts:
                assert not ALIVE.search(text), text


def in_markdown(text):
    """What cmark-gfm, GitHub's renderer, makes of a text, before dangerous tags are taken away."""
    page = github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    return html5lib.parseFragment(page, namespaceHTMLElements=False)


def text_of(element):
    return "".join(element.itertext())


HOSTS = {
    "", "a.example", "arxiv.org", "github.com", "redirect.github.com", "img.shields.io",
    "kd.github.io", "doi.org", "huggingface.co", "aclanthology.org", "openreview.net",
}  # fmt: skip
OWN_TAGS = {
    "a", "b", "br", "code", "details", "div", "em", "h1", "h2", "h3", "h4", "h5", "hr", "img",
    "li", "ol", "p", "picture", "pre", "source", "span", "strong", "sub", "summary", "table",
    "tbody", "td", "th", "thead", "tr", "ul", "DOCUMENT_FRAGMENT", "del", "input", "blockquote",
}  # fmt: skip


def check_readme(files, papers):
    tree = in_markdown(files["README.md"])
    check_tree(tree, HOSTS, prose=True)
    tags = {e.tag for e in tree.iter() if isinstance(e.tag, str)}
    assert tags <= OWN_TAGS, tags - OWN_TAGS
    shown = {text_of(row[0]).removesuffix(" (withdrawn)") for row in tree.iter("tr") if len(row)}
    missing = {" ".join(visible_text(p.title).split()) for p in papers} - {
        " ".join(text.split()) for text in shown
    }
    assert not missing, sorted(missing)[:3]


def check_pages(site, papers):
    seen = set()
    for name, text in site.items():
        if name.endswith(".html"):
            tree = html5lib.parse(text, namespaceHTMLElements=False)
            check_tree(tree, HOSTS, prose=False)
            scripts = list(tree.iter("script"))
            assert all("alert(1)" not in text_of(script) for script in scripts)
            seen |= {e.get("data-paper") for e in tree.iter() if e.get("data-paper")}
    assert seen == {paper.id for paper in papers}


def check_exports(site, papers):
    feed = feedparser.parse(site["feed.xml"], sanitize_html=False)
    dated = [paper for paper in papers if paper.added]
    assert not feed.bozo
    assert len(feed.entries) == min(_MAX_ENTRIES, len(dated))
    for entry in feed.entries:
        assert urlsplit(entry.get("link", "")).netloc.lower() in HOSTS
        details = (entry.title_detail, entry.get("summary_detail"), *entry.get("content", ()))
        for detail in filter(None, details):
            if detail.type != "text/plain":
                tree = html5lib.parseFragment(detail.value, namespaceHTMLElements=False)
                check_tree(tree, HOSTS, prose=False)
    rows = list(csv.DictReader(io.StringIO(site["papers.csv"])))
    assert len(rows) == len(papers)
    assert all(
        not re.match(r"[=+\-@\t\r]", value) for row in rows for value in row.values() if value
    )
    entries = pybtex.database.parse_string(site["papers.bib"], "bibtex").entries
    assert len(entries) == len(papers)
    assert len(json.loads(site["papers.json"])["papers"]) == len(papers)
    assert len(json.loads(site["index.json"])["id"]) == len(papers)


def check_derived(files):
    for name, text in files.items():
        if name.endswith(".svg"):
            tree = ET.fromstring(text)  # noqa: S314 - our own picture
            assert not [e for e in tree.iter() if "script" in str(e.tag)]
            check_tree(tree, HOSTS, prose=False)
        elif name.endswith((".yml", ".yaml", ".cff")):
            assert isinstance(yaml.safe_load(text), dict)


def check_comments(root, collection, settings_, papers):
    rules = load_rules(root)
    context = comment_context(collection, settings_)
    for start in range(0, len(papers), 25):
        candidates = []
        for paper in papers[start : start + 25]:
            file = f"papers/{paper.id}.yaml"
            read = parse_record((root / file).read_bytes(), file)
            assert not isinstance(read, Finding)
            candidates.append(read)
        report = review(Proposal(intent=Intent.ADD, candidates=tuple(candidates)), rules)
        comment = render_comment(report, context=context)
        tree = in_markdown(comment)
        check_tree(tree, HOSTS, prose=True)
        tags = {e.tag for e in tree.iter() if isinstance(e.tag, str)}
        assert tags <= OWN_TAGS, tags - OWN_TAGS
        assert comment.count("<!--") == 1


@given(NUMBERED)
@example(0)
@settings(max_examples=EXAMPLES - 1, phases=[Phase.explicit, Phase.generate], deadline=None)
def test_a_hostile_list_is_text_and_whole_for_every_reader(seed):
    root = Path(tempfile.mkdtemp(prefix="kdbot-"))
    try:
        collection = write_list(root, seed)
        papers = tuple(collection.papers.values())
        assert len(papers) * EXAMPLES >= 500
        settings_ = load_settings(root, {"GITHUB_REPOSITORY": "kd/demo"})
        files = derived_files(collection, settings_, FILES["README.md"], None, ())
        assert isinstance(files, dict), files
        check_readme(files, papers)
        check_derived(files)
        site = _site_files(collection, settings_)
        check_pages(site, papers)
        check_exports(site, papers)
        check_comments(root, collection, settings_, papers)
    finally:
        shutil.rmtree(root)
