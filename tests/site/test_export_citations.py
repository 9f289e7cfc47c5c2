"""CSL-JSON and RIS say what the records say, for every paper of the list and for odd ones."""

import json
import re

from kdbot.model.paper import Paper
from kdbot.publish.exports.citations import make_references
from kdbot.publish.exports.citations import render_csl as csl_of
from kdbot.publish.exports.citations import render_ris as ris_of
from tests.rows import each

TYPES = {"paper-conference", "article-journal", "article", "webpage"}  # of CSL 1.0.2


def render_csl(papers, venues):
    return csl_of(make_references(papers, venues))


def render_ris(papers, venues):
    return ris_of(make_references(papers, venues))


LINE = re.compile(r"(TY|ID|TI|AU|T2|PY|DA|DO|UR|N1|ER)  - (.*)")


def ris_records(text):
    records = []
    for line in text.split("\r\n")[:-1]:
        tag, value = LINE.fullmatch(line).groups()
        if tag == "TY":
            records.append({"AU": []})
        if tag == "AU":
            records[-1]["AU"].append(value)
        elif tag != "ER":
            assert tag not in records[-1]
            records[-1][tag] = value
    return records


def test_every_paper_is_one_item(listed):
    papers = list(listed.papers.values())
    items = json.loads(render_csl(papers, listed.venues))
    records = ris_records(render_ris(papers, listed.venues))
    assert [i["id"] for i in items] == [r["ID"] for r in records] == [p.key for p in papers]
    for paper, item, record in zip(papers, items, records, strict=True):
        assert item["title"] == record["TI"] == paper.title
        assert item["type"] in TYPES
        names = [f"{a['given']} {a['family']}" for a in item.get("author", ())]
        assert tuple(names) == paper.authors
        assert [" ".join(name.split(", ")[::-1]) for name in record["AU"]] == names
        year = int(paper.year or (paper.date or "")[:4])
        assert item["issued"]["date-parts"][0][0] == int(record["PY"]) == year
        assert item.get("DOI") == record.get("DO") == paper.doi


def test_a_paper_of_a_conference(listed):
    paper = listed.papers["2306.08543"]
    assert json.loads(render_csl([paper], listed.venues)) == [
        {
            "id": "gu2024minillm",
            "type": "paper-conference",
            "title": "MiniLLM: Knowledge Distillation of Large Language Models",
            "author": [
                {"family": "Gu", "given": "Yuxian"},
                {"family": "Dong", "given": "Li"},
                {"family": "Wei", "given": "Furu"},
                {"family": "Huang", "given": "Minlie"},
            ],
            "container-title": "International Conference on Learning Representations",
            "issued": {"date-parts": [[2024]]},
            "URL": "https://arxiv.org/abs/2306.08543",
        }
    ]
    assert render_ris([paper], listed.venues) == (
        "TY  - CPAPER\r\n"
        "ID  - gu2024minillm\r\n"
        "TI  - MiniLLM: Knowledge Distillation of Large Language Models\r\n"
        "AU  - Gu, Yuxian\r\nAU  - Dong, Li\r\nAU  - Wei, Furu\r\nAU  - Huang, Minlie\r\n"
        "T2  - International Conference on Learning Representations\r\n"
        "PY  - 2024\r\n"
        "UR  - https://arxiv.org/abs/2306.08543\r\n"
        "ER  - \r\n"
    )


@each(
    ("paper", "kind", "tag", "issued"),
    [
        (
            Paper(id="a", title="T", arxiv="2306.08543", date="2023-06"),
            "article",
            "UNPB",
            [2023, 6],
        ),
        (Paper(id="a", title="T", venue="TACL", year="2022"), "article-journal", "JOUR", [2022]),
        (
            Paper(id="a", title="T", url="https://a.org/", date="2023-01"),
            "webpage",
            "ELEC",
            [2023, 1],
        ),
        (Paper(id="a", title="T"), "webpage", "ELEC", None),
    ],
)
def test_the_type_follows_the_venue(collect, paper, kind, tag, issued):
    (item,) = json.loads(render_csl([paper], collect().venues))
    assert item["type"] == kind
    assert item.get("issued", {}).get("date-parts", [None])[0] == issued
    assert render_ris([paper], collect().venues).startswith(f"TY  - {tag}\r\n")


def test_odd_papers_break_no_line(papers, collect):
    venues = collect(*papers).venues
    assert len(ris_records(render_ris(papers, venues))) == len(papers)
    assert len(json.loads(render_csl(papers, venues))) == len(papers)
    assert (render_csl([], venues), render_ris([], venues)) == ("[]\n", "")
