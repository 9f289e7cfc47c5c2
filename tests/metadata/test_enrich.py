"""`kdbot enrich` on a small list: fill, upgrade, tell, and leave alone."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from kdbot.flows.list.enrich import enrich, fetch_for_proposal, question_of
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import MetadataRecord, found_records
from kdbot.model.proposal import Candidate, Given, Intent, Origin, Proposal
from kdbot.review.metadata_check import check_title
from kdbot.storage.repository import open_collection
from kdbot.web.metadata.arxiv import ARXIV
from kdbot.web.metadata.service import Question, fetch_metadata
from tests.metadata.server import Answer

ROOT = Path(__file__).parents[2]
MINILLM = "MiniLLM: Knowledge Distillation of Large Language Models"
CATEGORY = "kd-algorithms/distillation-algorithms/divergence-and-similarity"


def record(title, arxiv, *lines):
    fields = [f'title: "{title}"', f'arxiv: "{arxiv}"', *lines, "categories:", f"  - {CATEGORY}"]
    return "".join(f"{line}\n" for line in fields)


@pytest.fixture
def root(tmp_path):
    (tmp_path / "papers").mkdir()
    (tmp_path / "schema").mkdir()
    for file in (ROOT / "schema").iterdir():
        (tmp_path / "schema" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "kdbot.toml").write_text('title = "A list"\n')
    (tmp_path / "papers" / "2306.08543.yaml").write_text(
        record(MINILLM, "2306.08543", "venue: arXiv", "date: 2023-06")
    )
    (tmp_path / "papers" / "2402.12030.yaml").write_text(
        record("Towards Cross-Tokenizer Distillation", "2402.12030", "date: 2024-02")
    )
    return tmp_path


@pytest.fixture
def known(services):
    """Two papers of which the services know, the first of them published."""
    services.knows("2306.08543", MINILLM)
    services.knows("2402.12030", "Towards Cross-Tokenizer Distillation")
    services.answers["semanticscholar", "ARXIV:2306.08543"] = {
        "title": MINILLM,
        "venue": "International Conference on Learning Representations",
        "externalIds": {"ArXiv": "2306.08543"},
    }
    services.answers["dblp", MINILLM.replace(":", "")] = {
        "result": {
            "status": {"@code": "200"},
            "hits": {"@total": "1", "@sent": "1", "hit": [{"info": _iclr()}]},
        }
    }
    services.answers["huggingface", "2306.08543"] = {
        "id": "2306.08543",
        "title": MINILLM,
        "githubRepo": "https://github.com/microsoft/LMOps",
    }
    return services


def _iclr():
    return {
        "authors": {"author": {"text": "Ada Lovelace 0001"}},
        "title": f"{MINILLM}.",
        "venue": "ICLR",
        "year": "2024",
        "type": "Conference and Workshop Papers",
    }


@pytest.fixture
def run(root, new_client):
    def go(*files, check=False):
        output, messages = io.StringIO(), io.StringIO()
        status = enrich(
            root,
            [root / "papers" / file for file in files],
            check=check,
            environment={},
            output=output,
            messages=messages,
            client=new_client(),
        )
        return status, output.getvalue(), messages.getvalue()

    return go


def texts(root):
    return {path.name: path.read_text() for path in sorted((root / "papers").iterdir())}


@pytest.mark.usefixtures("known")
def test_what_is_missing_is_filled_and_a_preprint_upgraded(root, run):
    status, output, messages = run()
    assert status == 0
    assert "venue: arXiv -> ICLR (Semantic Scholar, DBLP)" in output
    assert "authors: Ada Lovelace (arXiv)" in output
    assert "suggested-link" in output
    assert messages == "2 papers, 2 changed, 1 remark\n"
    files = texts(root)
    assert files["2306.08543.yaml"] == record(
        MINILLM,
        "2306.08543",
        "venue: ICLR",
        "year: 2024",
        "date: 2023-06",
        "authors: [Ada Lovelace]",
    )
    assert files["2402.12030.yaml"].count("venue: arXiv\n") == 1


@pytest.mark.usefixtures("known")
def test_a_second_run_changes_nothing(root, run):
    run()
    before = texts(root)
    status, _, messages = run()
    assert (status, texts(root)) == (0, before)
    assert "2 papers, 0 changed" in messages


@pytest.mark.usefixtures("known")
def test_check_writes_nothing_and_tells_by_its_status(root, run):
    before = texts(root)
    status, output, messages = run(check=True)
    assert (status, texts(root)) == (1, before)
    assert "venue: arXiv -> ICLR" in output
    assert "2 would change" in messages
    run()
    assert run(check=True)[0] == 0


def test_one_source_is_told_and_not_written(known, root, run):
    known.always["dblp"] = Answer(503)
    status, output, _ = run()
    assert status == 0
    assert "published-since" in output
    assert "venue: arXiv\n" in texts(root)["2306.08543.yaml"]


def test_one_service_down_keeps_the_results_of_the_others(known, root, run):
    known.always["semanticscholar"] = Answer(200, b"<html>Down</html>")
    known.always["huggingface"] = Answer(429)
    status, output, messages = run()
    assert status == 0
    assert "metadata-not-checked" in output
    assert "Semantic Scholar" in output
    assert "2 not fully checked" in messages
    assert "Ada Lovelace" in texts(root)["2306.08543.yaml"]


def test_datacite_stands_in_for_arxiv(known, root, run):
    known.always["arxiv"] = Answer(429)
    known.answers["datacite", "10.48550/arXiv.2306.08543"] = {
        "data": {
            "attributes": {
                "doi": "10.48550/arxiv.2306.08543",
                "titles": [{"title": MINILLM}],
                "creators": [{"name": "Gu, Yuxian"}],
            }
        }
    }
    run("2306.08543.yaml")
    assert "authors: [Yuxian Gu]" in texts(root)["2306.08543.yaml"]


@pytest.mark.usefixtures("known")
def test_only_the_named_records(root, run):
    before = texts(root)
    run("2402.12030.yaml")
    after = texts(root)
    assert after["2306.08543.yaml"] == before["2306.08543.yaml"]
    assert after["2402.12030.yaml"] != before["2402.12030.yaml"]


@pytest.mark.usefixtures("root")
def test_a_file_that_is_no_record_is_an_error(run):
    with pytest.raises(KdbotError, match="is not a paper file"):
        run("2401.00001.yaml")


def test_D16_another_paper_s_metadata_is_not_taken(services, root, run):
    services.knows("2306.08543", "Symbolic Chain-of-Thought Distillation")
    services.knows("2402.12030", "Towards Cross-Tokenizer Distillation")
    before = texts(root)["2306.08543.yaml"]
    status, output, _ = run()
    assert status == 0
    assert "title-mismatch" in output
    assert texts(root)["2306.08543.yaml"] == before


def test_a_name_that_stands_in_for_a_title_gives_way_to_one_service(services, root, run):
    name = "MapNet [arxiv:2306.08543]"
    (root / "papers" / "2306.08543.yaml").write_text(record(name, "2306.08543"))
    services.knows("2306.08543", MINILLM)
    services.knows("2402.12030", "Towards Cross-Tokenizer Distillation")
    _, output, _ = run()
    assert "title-mismatch" not in output
    written = texts(root)["2306.08543.yaml"]
    assert MINILLM in written
    assert "MapNet" not in written


def test_D17_a_withdrawn_paper_is_marked(known, root, run):
    known.knows(
        "2402.12030", "Towards Cross-Tokenizer Distillation", comment="Withdrawn by authors"
    )
    assert "withdrawn-paper" in run()[1]
    assert "withdrawn: true\n" in texts(root)["2402.12030.yaml"]
    assert "withdrawn-paper" not in run()[1]


@pytest.mark.usefixtures("root")
def test_an_identifier_that_arxiv_does_not_know_is_an_error(services, run):
    services.knows("2306.08543", MINILLM)
    status, output, _ = run()
    assert status == 1
    assert "unknown-paper" in output


def test_a_service_s_value_is_held_to_the_schema_too(known, root, run):
    long = known.entries["2402.12030"].replace("Ada Lovelace", "A" * 200)
    known.entries["2402.12030"] = long
    before = texts(root)["2402.12030.yaml"]
    status, output, messages = run()
    assert status == 1
    assert "too-long" in output
    assert texts(root)["2402.12030.yaml"] == before
    assert "1 changed" in messages


@pytest.mark.usefixtures("known")
def test_links_are_asked_for_only_where_a_record_lacks_them(root, run, services):
    path = root / "papers" / "2306.08543.yaml"
    path.write_text(
        record(
            MINILLM,
            "2306.08543",
            "venue: ICLR",
            "date: 2023-06",
            "authors: [Ada Lovelace]",
            "code: [https://github.com/microsoft/LMOps]",
        )
    )
    run("2306.08543.yaml")
    assert {call.service for call in services.calls} == {"arxiv", "semanticscholar", "dblp"}


def test_the_collection_is_asked_about_in_three_questions(services, new_client):
    papers = open_collection(ROOT).papers.values()
    questions = [question_of(paper) for paper in papers]
    for paper in papers:
        if paper.arxiv:
            services.knows(paper.arxiv, paper.title)
    outcomes = fetch_metadata(questions, new_client())
    assert services.count("arxiv") <= 3
    assert services.count("semanticscholar") == 1
    findings = [check_title(p.title, found_records(outcomes[p.id])) for p in papers]
    assert set(findings) == {None}


def test_the_openreview_forum_that_dblp_names_is_asked(known, new_client):
    hit = _iclr() | {"ee": "https://openreview.net/forum?id=5h0qf7IBZZ"}
    answer = known.answers["dblp", MINILLM.replace(":", "")]
    answer["result"]["hits"]["hit"] = [{"info": hit}]
    content = {"title": {"value": MINILLM}, "venue": {"value": "ICLR 2024 poster"}}
    note = {"id": "5h0qf7IBZZ", "content": content}
    known.answers["openreview", "5h0qf7IBZZ"] = {"notes": [note]}
    question = Question(key="a", arxiv="2306.08543", links=False)
    outcomes = fetch_metadata([question], new_client())["a"]
    assert [o.source for o in outcomes if isinstance(o, MetadataRecord)] == [
        "arXiv",
        "Semantic Scholar",
        "DBLP",
        "OpenReview",
    ]


@pytest.mark.usefixtures("services")
def test_E10_a_proposal_of_many_papers_is_asked_about_up_to_a_bound(root, new_client):
    given = [
        {"url": Given(value=f"https://arxiv.org/abs/2306.{n:05}", origin=Origin.TEXT)}
        for n in range(1, 60)
    ]
    proposal = Proposal(intent=Intent.ADD, candidates=tuple(Candidate(given=g) for g in given))
    metadata = fetch_for_proposal(proposal, open_collection(root), new_client())
    assert len(metadata) == 20
    assert next(iter(metadata)) == "arxiv:2306.00001"


# The rows of the list as people left them, against the titles that arXiv has.

TRUE_TITLES = {
    "2306.14050": (
        'Symbolic Chain-of-Thought Distillation: Small Models Can Also "Think" Step-by-Step'
    ),
    "2310.02421": "Can a student Large Language Model perform as well as it's teacher?",
    "2307.12950": (
        "RLCD: Reinforcement Learning from Contrastive Distillation for Language Model Alignment"
    ),
    "2212.08073": "Constitutional AI: Harmlessness from AI Feedback",
    "2305.13735": "Aligning Large Language Models through Synthetic Feedback",
    "2310.16944": "Zephyr: Direct Distillation of LM Alignment",
    "2309.11235": "OpenChat: Advancing Open-source Language Models with Mixed-Quality Data",
}
_ROW = re.compile(r"\| \[\*\*(?P<title>.+?)\*\*\]\(https://arxiv\.org/\w+/(?P<arxiv>[0-9.]+[0-9])")


@pytest.mark.parametrize(
    ("arxiv", "severities"),
    [
        pytest.param("2306.14050", {None, "warning"}, id="D16-a-paper-that-does-not-exist"),
        pytest.param("2310.02421", {"warning"}, id="D16-another-paper-s-identifier"),
        pytest.param("2307.12950", {"notice"}, id="D16-one-paper-under-two-names"),
        pytest.param("2212.08073", {None, "notice"}, id="a-slip-of-the-pen"),
        pytest.param("2305.13735", {None, "notice"}, id="a-plural"),
        pytest.param("2309.11235", {None}, id="capitals-alone"),
    ],
)
def test_the_wrong_identifiers_and_titles_of_the_list_are_found(
    services, client, arxiv, severities
):
    services.knows(arxiv, TRUE_TITLES[arxiv])
    records = found_records(ARXIV.fetch([arxiv], client).values())
    rows = _ROW.finditer((ROOT / "imports" / "upstream.md").read_text())
    titles = {row["title"] for row in rows if row["arxiv"] == arxiv}
    findings = [check_title(title, records) for title in titles]
    assert {finding and str(finding.severity) for finding in findings} == severities


DBLP_TITLE = MINILLM.replace(":", "")


def says(services, *, scholar=None, dblp=None, forum=None, title=MINILLM, **ids):
    """Let services say where the first paper was published, and under which identifiers."""
    services.knows("2306.08543", title)
    if scholar is not None:
        services.answers["semanticscholar", "ARXIV:2306.08543"] = {
            "title": title,
            "venue": scholar,
            "externalIds": {"ArXiv": "2306.08543", **ids},
        }
    if dblp is not None:
        links = ["https://arxiv.org/abs/2306.08543"]
        links += [f"https://openreview.net/forum?id={forum}"] if forum else []
        info = {**_iclr(), "venue": dblp, "doi": ids.get("DOI"), "ee": links}
        services.answers["dblp", DBLP_TITLE] = {
            "result": {
                "status": {"@code": "200"},
                "hits": {"@total": "1", "@sent": "1", "hit": [{"info": info}]},
            }
        }


def first_record(*lines, title=MINILLM):
    return record(title, "2306.08543", *lines, "authors: [Ada Lovelace]")


@pytest.mark.parametrize(
    ("listed", "scholar", "dblp", "after", "told"),
    [
        (["venue: arXiv"], "ICLR", "ICLR", ["venue: ICLR", "year: 2024"], "arXiv -> ICLR (Sem"),
        (["venue: arXiv"], "ICLR", "CoRR", ["venue: arXiv"], "not applied: venue: arXiv -> ICLR"),
        (["venue: NeurIPS"], "ICLR", "ICLR", ["venue: ICLR", "year: 2024"], "NeurIPS -> ICLR"),
        (["venue: NeurIPS"], "ICLR", "CoRR", ["venue: NeurIPS"], "not applied: venue: NeurIPS ->"),
        (["venue: ICLR"], "ICLR", "ICLR", ["venue: ICLR", "year: 2024"], "year: 2024 (Semantic"),
        (["venue: ICLR"], "arXiv.org", "ICLR", ["venue: ICLR"], "not applied: year: 2024 (DBLP)"),
        (["venue: ICLR", "year: 2023"], "ICLR", "ICLR", ["venue: ICLR", "year: 2023"],
         "not applied: year: 2023 -> 2024"),
        (["venue: ICLR", "year: 2024"], "NeurIPS", "ICLR", ["venue: ICLR", "year: 2024"], ""),
        (["venue: NeurIPS", "year: 2023"], "ICLR", "ICLR", ["venue: ICLR", "year: 2024"],
         "year: 2023 -> 2024"),
    ],
)  # fmt: skip
def test_two_services_that_agree_are_applied_and_one_is_offered(
    root, run, services, listed, scholar, dblp, after, told
):
    path = root / "papers" / "2306.08543.yaml"
    path.write_text(first_record(*listed, "date: 2023-06"))
    says(services, scholar=scholar, dblp=dblp)
    _, output, _ = run("2306.08543.yaml")
    assert path.read_text() == first_record(*after, "date: 2023-06")
    assert told in output
    assert bool(output) == bool(told)


def test_the_decision_of_the_conference_itself_is_enough(root, run, services):
    path = root / "papers" / "2306.08543.yaml"
    path.write_text(first_record("openreview: 5h0qf7IBZZ", "venue: arXiv", "date: 2023-06"))
    says(services)
    services.answers["openreview", "5h0qf7IBZZ"] = {
        "notes": [{"id": "5h0qf7IBZZ", "content": {"venue": {"value": "ICLR 2024 poster"}}}]
    }
    run("2306.08543.yaml")
    assert "venue: ICLR\nyear: 2024\n" in path.read_text()


def test_an_identifier_takes_two_services(root, run, services):
    path = root / "papers" / "2306.08543.yaml"
    path.write_text(first_record("venue: ICLR", "year: 2024", "date: 2023-06"))
    says(services, scholar="ICLR", DOI="10.1145/3580305.3599790")
    _, output, _ = run("2306.08543.yaml")
    assert "  not applied: doi: 10.1145/3580305.3599790 (Semantic Scholar)\n" in output
    assert "doi:" not in path.read_text()

    says(services, scholar="ICLR", dblp="ICLR", forum="5h0qf7IBZZ", DOI="10.1145/3580305.3599790")
    services.answers["openreview", "5h0qf7IBZZ"] = {"notes": [{"id": "5h0qf7IBZZ", "content": {}}]}
    run("2306.08543.yaml")
    text = path.read_text()
    assert 'doi: "10.1145/3580305.3599790"\nopenreview: "5h0qf7IBZZ"\n' in text


def test_a_doi_of_the_anthology_is_its_identifier_there(root, run, services):
    path = root / "papers" / "2306.08543.yaml"
    path.write_text(first_record("venue: ACL", "year: 2024", "date: 2023-06"))
    says(services, scholar="ACL", dblp="ACL", DOI="10.18653/v1/2024.acl-long.7")
    run("2306.08543.yaml")
    assert 'acl: "2024.acl-long.7"\n' in path.read_text()
    assert "doi:" not in path.read_text()


NEW_TITLE = "MiniLLM: On-Policy Distillation of Large Language Models"


def test_a_title_on_which_two_services_agree_keeps_the_old_one(root, run, services):
    path = root / "papers" / "2306.08543.yaml"
    path.write_text(first_record("venue: ICLR", "year: 2024", "date: 2023-06"))
    says(services, scholar="ICLR", dblp="ICLR", title=NEW_TITLE)
    _, output, _ = run("2306.08543.yaml")
    assert path.read_text().startswith(f'title: "{NEW_TITLE}"\nother_titles: ["{MINILLM}"]\n')
    assert "title-mismatch" not in output
    assert run("2306.08543.yaml")[:2] == (0, "")


def test_a_title_of_another_paper_changes_nothing(root, run, services):
    path = root / "papers" / "2306.08543.yaml"
    before = first_record("venue: arXiv", "date: 2023-06")
    path.write_text(before)
    # Nobody knows the listed title under this identifier: the identifier may be the wrong one.
    says(services, scholar="NeurIPS", title="A Cure for the Common Cold")
    _, output, _ = run("2306.08543.yaml")
    assert path.read_text() == before
    assert "title-mismatch" in output


def test_who_differs_is_told(root, run, services):
    path = root / "papers" / "2306.08543.yaml"
    path.write_text(record(MINILLM, "2306.08543", "venue: ICLR", "year: 2024", "date: 2023-06"))
    says(services, scholar="ICLR")
    services.answers["semanticscholar", "ARXIV:2306.08543"]["authors"] = [
        {"name": "Ada Lovelace"},
        {"name": "Charles Babbage"},
    ]
    _, output, _ = run("2306.08543.yaml")
    assert (
        "  authors: Ada Lovelace (arXiv, preferred to Semantic Scholar: "
        "Ada Lovelace, Charles Babbage)\n"
    ) in output


def test_a_list_whose_schema_has_no_year_gets_none(root, run, services):
    schema = json.loads((root / "schema/paper.schema.json").read_text())
    for name in ("year", "key", "other_titles"):
        del schema["properties"][name]
    (root / "schema/paper.schema.json").write_text(json.dumps(schema))
    path = root / "papers" / "2306.08543.yaml"
    path.write_text(first_record("venue: arXiv", "date: 2023-06"))
    says(services, scholar="ICLR", dblp="ICLR")
    run("2306.08543.yaml")
    assert path.read_text() == first_record("venue: ICLR", "date: 2023-06")
