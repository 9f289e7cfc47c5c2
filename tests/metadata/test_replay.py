"""`kdbot enrich` from services that know what `imports/facts.yaml` names ends with these records.

The list begins as the import makes it without those facts. What a source says is put into the mouth
of the services that would: arXiv has the newest title and the authors, Semantic Scholar and DBLP
have venue, year and identifiers. Where a fact has one doubtful source, Semantic Scholar alone says
it, and nothing may come of it.
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from kdbot.flows.list import importing
from kdbot.flows.list.enrich import enrich
from kdbot.model.paper import Paper
from kdbot.storage.files import write_files
from kdbot.storage.repository import load_records, load_rules, paper_of, with_papers
from kdbot.text.record import render_record

ROOT = Path(__file__).parents[2]
DOUBTFUL = {
    "2307.08303": ("Knowledge-Based Systems", "2024", "10.1016/j.knosys.2024.112758"),
    "2310.04869": ("IUI", "2025", "10.1145/3708359.3712129"),
    "2312.17055": ("ACL", "2025", None),
}
BY_HAND = ("key", "code", "project", "data", "date")
"""Fields in which the services have no say, or only a suggestion."""
IDENTIFIERS = ("arxiv", "doi", "acl", "openreview")


@pytest.fixture(scope="module")
def committed():
    rules = load_rules(ROOT)
    return with_papers(rules, load_records(ROOT).candidates)


@pytest.fixture
def root(tmp_path, committed, monkeypatch, capsys):
    """The list before the facts were known, with what people alone decide as it is today."""
    source = tmp_path / "imports"
    source.mkdir()
    decisions = (ROOT / "imports/decisions.yaml").read_text("utf-8")
    (source / "decisions.yaml").write_text(decisions.replace("more: [facts.yaml]\n", ""), "utf-8")
    monkeypatch.chdir(ROOT)
    importing.run([ROOT / "imports/upstream.md"], tmp_path, source / "decisions.yaml")
    capsys.readouterr()
    for file in (ROOT / "schema").iterdir():
        (tmp_path / "schema" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "kdbot.toml").write_text('title = "A list"\n')
    before = (paper_of(record) for record in load_records(tmp_path).candidates)
    write_files(
        tmp_path,
        {
            f"papers/{paper.id}.yaml": render_record(
                decided_by_hand(paper, committed.papers[paper.id]), committed.schema
            )
            for paper in before
        },
    )
    return tmp_path


def decided_by_hand(before: Paper, after: Paper) -> Paper:
    # Another title than the newest one is known by people where the title was right all along.
    names = (*BY_HAND, "other_titles") if before.title == after.title else BY_HAND
    return replace(before, **{name: getattr(after, name) for name in names})


def teach(services, before: Paper, after: Paper, collection) -> None:
    """Let the services know what is published of a paper."""
    venue = collection.venues.by_name.get(after.venue or "")
    is_preprint = venue is None or venue.kind == "preprint"
    said = (venue.name, after.year, after.doi) if venue and not is_preprint else ("", None, None)
    said = DOUBTFUL.get(after.id, said)
    full = next((v.full_name for v in collection.venues.venues if v.name == said[0]), None)
    key = f"ARXIV:{after.arxiv}" if after.arxiv else None
    key = key or (f"ACL:{after.acl}" if after.acl else f"DOI:{after.doi}")
    doi, acl = said[2] or after.doi, after.acl
    services.answers["semanticscholar", key] = {
        "title": after.title,
        "authors": [{"name": name} for name in after.authors],
        "venue": full or said[0] or "arXiv.org",
        "externalIds": {
            **({"ArXiv": after.arxiv} if after.arxiv else {}),
            **({"ACL": acl} if acl else {}),
            **({"DOI": doi} if doi else {}),
        },
    }
    if after.arxiv:
        services.entries[after.arxiv] = atom_entry(after)
    links = [f"https://arxiv.org/abs/{after.arxiv}"] if after.arxiv else []
    links += [f"https://aclanthology.org/{acl}/"] if acl else []
    links += [f"https://openreview.net/forum?id={after.openreview}"] if after.openreview else []
    known = {
        "title": f"{before.title}.",
        "authors": {"author": [{"text": name} for name in after.authors]},
        "ee": links,
    }
    published = {"type": "Journal Articles", "venue": said[0], "year": said[1], "doi": after.doi}
    is_known = said[0] and after.year and after.id not in DOUBTFUL
    named = published if is_known else {"venue": "CoRR", "year": (after.date or "")[:4]}
    question = " ".join("".join(c if c.isalnum() else " " for c in before.title).split())
    services.answers["dblp", question] = {
        "result": {
            "status": {"@code": "200"},
            "hits": {"@total": "1", "@sent": "1", "hit": [{"info": {**known, **named}}]},
        }
    }
    if after.openreview:
        services.answers["openreview", after.openreview] = {
            "notes": [
                {
                    "id": after.openreview,
                    "content": {"title": {"value": after.title}, "venue": {"value": ""}},
                }
            ]
        }


def atom_entry(paper: Paper) -> str:
    names = "".join(f"<author><name>{escape(name)}</name></author>" for name in paper.authors)
    return (
        f"<entry><id>http://arxiv.org/abs/{paper.arxiv}v3</id><title>{escape(paper.title)}</title>"
        f"<published>{paper.date}-14T14:44:03Z</published>{names}</entry>\n"
    )


def test_services_that_know_the_facts_end_with_the_committed_records(
    root, committed, services, new_client
):
    before = {record.id: record for record in map(paper_of, load_records(root).candidates)}
    asked = [paper for paper in before.values() if any(getattr(paper, n) for n in IDENTIFIERS)]
    assert len(asked) > 205
    for paper in asked:
        teach(services, paper, committed.papers[paper.id], committed)
    files = [root / f"papers/{paper.id}.yaml" for paper in asked]

    def run(check):
        output = io.StringIO()
        options = {"check": check, "environment": {}, "messages": io.StringIO()}
        return enrich(root, files, output=output, client=new_client(), **options), output.getvalue()

    status, told = run(check=True)
    assert status == 1
    assert {r.id: r for r in map(paper_of, load_records(root).candidates)} == before
    assert "venue: NeurIPS -> AAAI (Semantic Scholar, DBLP)" in told
    for venue, _, _ in DOUBTFUL.values():
        assert f"not applied: venue: arXiv -> {venue} (Semantic Scholar)" in told

    run(check=False)
    after = {record.id: record for record in map(paper_of, load_records(root).candidates)}
    differing = {
        paper.id: {
            name: (getattr(after[paper.id], name), getattr(committed.papers[paper.id], name))
            for name in Paper.__slots__
            if getattr(after[paper.id], name) != getattr(committed.papers[paper.id], name)
        }
        for paper in asked
        if after[paper.id] != committed.papers[paper.id]
    }
    assert differing == {}
    assert run(check=True)[0] == 0
