"""Verdicts: what a proposal is answered, and what stands in the list afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from kdbot.flows.proposal.reading import comment_context
from kdbot.model.collection import Collection, identities_of
from kdbot.model.evidence import (
    Evidence,
    LinkResult,
    LinkState,
    MetadataRecord,
    Outcome,
    Unavailable,
)
from kdbot.model.finding import Severity
from kdbot.model.paper import paper_values
from kdbot.model.proposal import Candidate, Given, Intent, Origin, Proposal
from kdbot.model.report import WRITTEN, PaperReport, Report, Verdict
from kdbot.model.settings import Settings
from kdbot.publish.comment.notes import COMMENT_LIMIT, comment_length
from kdbot.publish.comment.render import render_comment
from kdbot.publish.report import files_to_write, proposal_digest, shows_all
from kdbot.review.proposal import _RECORDS_ROOM, NO_PAPER_FOUND, _room_of, review
from kdbot.text.record import render_record
from tests.rows import each

NEW = {
    "url": "https://arxiv.org/abs/2402.11176",
    "title": "KnowTuning: Knowledge-aware Fine-tuning for Large Language Models",
    "categories": ["Features"],
}
LISTED = {"url": "https://arxiv.org/abs/2306.08543v3"}


@pytest.fixture
def answer(collection: Collection, form: Callable[..., Candidate]) -> Callable[..., PaperReport]:
    def run(
        given: Mapping[str, Any], evidence: Mapping[str, LinkResult] | None = None, **known: Any
    ) -> PaperReport:
        proposal = Proposal(intent=Intent.ADD, candidates=(form(dict(given), **known),))
        report = review(proposal, collection, evidence=Evidence(links=evidence or {}))
        assert report.verdict is report.papers[0].verdict
        return report.papers[0]

    return run


@pytest.fixture
def answer_file(
    collection: Collection, file: Callable[..., Candidate]
) -> Callable[[str, str], PaperReport]:
    def run(text: str, path: str) -> PaperReport:
        proposal = Proposal(intent=Intent.ADD, candidates=(file(text, path),))
        return review(proposal, collection).papers[0]

    return run


@each(
    ("given", "verdict"),
    [
        (NEW, Verdict.READY),
        ({**NEW, "categories": []}, Verdict.READY),
        ({**NEW, "date": "2024-13"}, Verdict.NEEDS_CHANGES),
        ({**NEW, "venue": "A Venue of Its Own"}, Verdict.READY),
        (LISTED, Verdict.DUPLICATE),
        ({**LISTED, "categories": ["Logits and Losses"], "venue": "ICLR"}, Verdict.DUPLICATE),
        ({**LISTED, "venue": "arXiv"}, Verdict.DUPLICATE),
        ({**LISTED, "date": "2024-05"}, Verdict.DUPLICATE),
        ({**LISTED, "categories": ["Reasoning"]}, Verdict.UPDATE),
        ({**LISTED, "code": ["https://github.com/microsoft/minillm"]}, Verdict.UPDATE),
        ({**LISTED, "url": "2402.12030", "venue": "ACL 2024"}, Verdict.UPDATE),
        ({**LISTED, "categories": ["Nowhere"]}, Verdict.NEEDS_CHANGES),
        ({**LISTED, "code": ["javascript:alert(1)"]}, Verdict.NEEDS_CHANGES),
    ],
)
def test_the_verdict_on_one_paper(
    given: Mapping[str, Any], verdict: Verdict, answer: Callable[..., PaperReport]
) -> None:
    assert answer(given).verdict is verdict


def test_a_new_paper_becomes_a_record_at_its_place(answer: Callable[..., PaperReport]) -> None:
    paper = answer({**NEW, "venue": "EMNLP'24", "code": ["github.com/youganglyu/KnowTuning"]})
    assert paper.file == "papers/2402.11176.yaml"
    assert paper_values(paper.paper) == {
        "title": NEW["title"],
        "arxiv": "2402.11176",
        "venue": "EMNLP",
        "year": "2024",
        "date": "2024-02",
        "code": ["https://github.com/youganglyu/KnowTuning"],
        "categories": ["methods/white-box/features"],
    }
    assert paper.origins["date"] is Origin.IDENTIFIER
    assert paper.findings == ()


def test_a_paper_without_identifier_is_named_after_its_title(
    answer: Callable[..., PaperReport],
) -> None:
    paper = answer({"title": "A Slow Look", "categories": ["Surveys"], "date": "2023-01"})
    assert (paper.verdict, paper.file) == (Verdict.READY, "papers/a-slow-look.yaml")
    assert [f.code for f in paper.findings] == ["missing-link"]


def test_an_update_unites_lists_and_keeps_the_rest(answer: Callable[..., PaperReport]) -> None:
    paper = answer(
        {
            **LISTED,
            "title": "MiniLLM",
            "date": "2024-01",
            "venue": "ACL",
            "categories": ["Reasoning"],
            "code": ["http://github.com/microsoft/LMOps/tree/main/minillm/"],
        }
    )
    assert paper.verdict is Verdict.UPDATE
    assert paper.before is not None
    assert paper.paper == replace(
        paper.before, categories=(*paper.before.categories, "tasks/reasoning")
    )
    assert [(f.code, f.field) for f in paper.findings] == [
        ("kept-value", "venue"),
        ("kept-value", "date"),
    ]


def test_words_that_speak_of_a_listed_paper_change_its_values(
    answer: Callable[..., PaperReport],
) -> None:
    title = "MiniLLM: On-Policy Distillation of Large Language Models"
    paper = answer({**LISTED, "title": title, "venue": "ACL"}, intent=Intent.UPDATE)
    assert (paper.paper.title, paper.paper.venue) == (title, "ACL")
    assert [(f.code, f.severity) for f in paper.findings] == [
        ("changed-value", Severity.WARNING),
        ("changed-value", Severity.WARNING),
    ]


def test_an_identifier_that_comes_later_renames_the_file(
    answer: Callable[..., PaperReport],
) -> None:
    title = "Alpaca: A Strong, Replicable Instruction-Following Model"
    paper = answer({"title": title, "arxiv": "2303.00001"}, intent=Intent.UPDATE)
    assert paper.verdict is Verdict.UPDATE
    assert paper.file == "papers/2303.00001.yaml"
    assert paper.before is not None
    assert paper.before.id.startswith("alpaca-")


@each("name", ["MiniLLM", "minillm", "MiniLLMs: Knowledge Distillation of LLMs"])
def test_a_correction_may_name_the_paper_loosely(
    name: str, answer: Callable[..., PaperReport]
) -> None:
    paper = answer({"url": name, "categories": ["Reasoning"]}, intent=Intent.UPDATE)
    assert (paper.verdict, paper.paper.id) == (Verdict.UPDATE, "2306.08543")
    assert "matched-by-name" in {f.code for f in paper.findings}


def test_a_short_name_is_not_a_listed_paper_where_a_new_one_is_proposed(
    answer: Callable[..., PaperReport],
) -> None:
    paper = answer({"categories": ["Reasoning"]}, short_name="MiniLLM")
    assert (paper.verdict, paper.findings[0].code) == (Verdict.NEEDS_CHANGES, "short-title")


MINILLM = """title: "MiniLLM: Knowledge Distillation of Large Language Models"
arxiv: "2306.08543"
venue: ICLR
date: 2023-06
code: [https://github.com/microsoft/LMOps/tree/main/minillm]
categories:
  - methods/white-box/logits
added: 2024-01-05
"""


@pytest.mark.parametrize(
    ("before", "after", "codes"),
    [
        ("  - methods/white-box/logits\n", "  - methods/white-box/logits\n  - surveys\n", []),
        ("microsoft/LMOps/tree/main/minillm", "spam/spam", ["changed-value"]),
        ("code: [https://github.com/microsoft/LMOps/tree/main/minillm]\n", "", ["removed-value"]),
        ("venue: ICLR", "venue: ACL", ["changed-value"]),
        ("2024-01-05", "2023-01-05", ["added-by-hand"]),
    ],
    ids=["D22-added", "D22-link", "D22-removed", "D22-venue", "D22-stamp"],
)
def test_D22_an_edit_of_a_file_shows_what_it_changes(
    before: str, after: str, codes: list[str], answer_file: Callable[[str, str], PaperReport]
) -> None:
    paper = answer_file(MINILLM.replace(before, after), "papers/2306.08543.yaml")
    assert paper.verdict is Verdict.UPDATE
    assert [f.code for f in paper.findings] == codes
    assert paper.before is not None


def test_a_file_for_a_listed_paper_is_sent_to_the_listed_file(
    answer_file: Callable[[str, str], PaperReport],
) -> None:
    text = MINILLM.replace('arxiv: "2306.08543"\n', "").replace("added: 2024-01-05\n", "")
    path = "papers/minillm-knowledge-distillation-of-large-language-models.yaml"
    same = answer_file(text, path)
    assert (same.verdict, same.findings[0].code) == (Verdict.DUPLICATE, "duplicate-title")
    more = answer_file(text + "  - surveys\n", path)
    assert more.verdict is Verdict.NEEDS_CHANGES
    assert "papers/2306.08543.yaml" in str(more.findings[0].fix)


def test_a_file_that_brings_the_identifier_of_a_listed_slug_asks_for_a_rename(
    answer_file: Callable[[str, str], PaperReport],
) -> None:
    text = (
        'title: "Alpaca: A Strong, Replicable Instruction-Following Model"\n'
        'arxiv: "2303.00001"\ndate: 2023-03\ncategories:\n  - surveys\n'
    )
    paper = answer_file(text, "papers/2303.00001.yaml")
    assert paper.verdict is Verdict.NEEDS_CHANGES
    fix = str(paper.findings[0].fix)
    assert fix.startswith("Rename `papers/alpaca-")
    assert "`papers/2303.00001.yaml`" in fix


def test_an_edit_that_takes_the_identifier_of_another_paper_is_a_duplicate_of_it(
    answer_file: Callable[[str, str], PaperReport],
) -> None:
    paper = answer_file(MINILLM.replace("2306.08543", "2402.12030"), "papers/2306.08543.yaml")
    assert paper.verdict is Verdict.NEEDS_CHANGES
    assert {"duplicate-arxiv", "wrong-file-name"} <= {f.code for f in paper.findings}


def test_a_file_that_cannot_be_read_has_that_finding_alone(
    answer_file: Callable[[str, str], PaperReport],
) -> None:
    paper = answer_file("title: [", "papers/2402.11176.yaml")
    assert paper.verdict is Verdict.NEEDS_CHANGES
    assert [f.code for f in paper.findings] == ["yaml-not-readable"]


def test_two_files_of_one_proposal_are_held_against_each_other(
    collection: Collection, file: Callable[..., Candidate]
) -> None:
    text = 'title: "A New Title"\narxiv: "2402.11176"\ndate: 2024-02\ncategories:\n  - surveys\n'
    files = (file(text), file(text.replace('arxiv: "2402.11176"\n', ""), "papers/a-new-title.yaml"))
    report = review(Proposal(intent=Intent.ADD, candidates=files), collection)
    assert [paper.verdict for paper in report.papers] == [Verdict.READY, Verdict.NEEDS_CHANGES]
    assert report.papers[1].findings[0].code == "repeated-in-proposal"
    assert "papers/2402.11176.yaml" in report.papers[1].findings[0].message


def test_rows_of_one_paper_are_one_paper_with_the_categories_of_all(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    rows = [form({**NEW, "categories": [name]}) for name in ("Features", "Reasoning", "Features")]
    report = review(Proposal(intent=Intent.ADD, candidates=tuple(rows)), collection)
    assert [paper.verdict for paper in report.papers] == [Verdict.READY]
    assert report.papers[0].paper.categories == ("methods/white-box/features", "tasks/reasoning")


@pytest.mark.parametrize("is_reversed", [False, True])
def test_G07_a_listed_paper_named_by_two_identifiers_is_one_update(
    collection: Collection, form: Callable[..., Candidate], *, is_reversed: bool
) -> None:
    before = replace(collection.papers["2306.08543"], doi="10.1145/1.2")
    listed = replace(
        collection,
        papers={**collection.papers, before.id: before},
        identities=identities_of({**collection.papers, before.id: before}.values()),
    )
    given = [
        {**LISTED, "code": ["https://github.com/microsoft/minillm"]},
        {"url": "https://doi.org/10.1145/1.2", "categories": ["Reasoning"]},
        {"title": before.title, "data": ["https://huggingface.co/datasets/a/b"]},
    ]
    candidates = [form(fields) for fields in (given[::-1] if is_reversed else given)]
    report = review(Proposal(intent=Intent.ADD, candidates=tuple(candidates)), listed)
    (paper,) = report.papers
    assert (paper.verdict, paper.file) == (Verdict.UPDATE, "papers/2306.08543.yaml")
    assert "https://github.com/microsoft/minillm" in paper.paper.code
    assert paper.paper.data == ("https://huggingface.co/datasets/a/b",)
    assert "tasks/reasoning" in paper.paper.categories
    assert "repeated-in-proposal" in [f.code for f in paper.findings]


def test_G07_what_a_service_tells_of_an_identifier_counts_too(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    given = [
        {**LISTED, "code": ["https://github.com/microsoft/minillm"]},
        {"url": "https://doi.org/10.1145/1.2", "categories": ["Reasoning"]},
    ]
    found = MetadataRecord(source=Origin.SEMANTIC_SCHOLAR, arxiv="2306.08543")
    report = review(
        Proposal(intent=Intent.ADD, candidates=tuple(map(form, given))),
        collection,
        evidence=Evidence(metadata={"doi:10.1145/1.2": (found,)}),
    )
    files = [p.file for p in report.papers if p.verdict in WRITTEN]
    assert len(files) == len(set(files))


def test_the_worst_paper_decides(collection: Collection, form: Callable[..., Candidate]) -> None:
    candidates = {
        Verdict.READY: form(NEW),
        Verdict.UPDATE: form({**LISTED, "categories": ["Reasoning"]}),
        Verdict.DUPLICATE: form({"url": "2402.12030"}),
        Verdict.NEEDS_CHANGES: form({"title": "A Paper without a Link"}),
    }
    proposed: list[Candidate] = []
    for verdict, candidate in candidates.items():
        proposed.append(candidate)
        proposal = Proposal(intent=Intent.ADD, candidates=tuple(proposed))
        assert review(proposal, collection).verdict is verdict


def test_what_proposes_no_paper_is_no_proposal(collection: Collection) -> None:
    assert review(Proposal(intent=Intent.NONE), collection).verdict is Verdict.NOT_A_PROPOSAL


@pytest.mark.parametrize("intent", [Intent.ADD, Intent.UPDATE])
def test_a_proposal_without_a_paper_is_asked_for_one(
    intent: Intent, collection: Collection
) -> None:
    report = review(Proposal(intent=intent), collection)
    assert report.verdict is Verdict.NEEDS_CHANGES
    assert [f.code for f in report.findings] == [NO_PAPER_FOUND.code]


def test_a_fault_of_the_whole_text_blocks(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    whole = NO_PAPER_FOUND.finding("Something about the whole.")
    proposal = Proposal(intent=Intent.ADD, candidates=(form(NEW),), findings=(whole,))
    report = review(proposal, collection)
    assert report.verdict is Verdict.NEEDS_CHANGES
    assert report.findings == (whole,)


def test_findings_stand_in_order_of_weight_then_of_the_form(
    answer: Callable[..., PaperReport],
) -> None:
    paper = answer({"venue": "EMNPL", "date": "soon", "code": ["x"], "url": "2301.1"})
    assert [(f.severity, f.field) for f in paper.findings] == [
        (Severity.ERROR, "url"),
        (Severity.ERROR, "date"),
        (Severity.ERROR, "code"),
        (Severity.NOTICE, "venue"),
        (Severity.NOTICE, "categories"),
    ]


REPOSITORY = "https://github.com/youganglyu/KnowTuning"


@each(
    ("state", "verdict", "codes"),
    [
        (LinkState.OK, Verdict.READY, []),
        (LinkState.DEAD, Verdict.NEEDS_CHANGES, ["dead-link"]),
        (LinkState.BLOCKED, Verdict.READY, ["link-not-checked"]),
        (LinkState.UNREACHABLE, Verdict.READY, ["link-not-checked"]),
        (LinkState.REFUSED, Verdict.READY, ["link-not-checked"]),
    ],
)
def test_what_a_link_answered(
    state: LinkState, verdict: Verdict, codes: list[str], answer: Callable[..., PaperReport]
) -> None:
    evidence = {REPOSITORY: LinkResult(url=REPOSITORY, state=state, status=404)}
    paper = answer({**NEW, "code": [REPOSITORY]}, evidence)
    assert (paper.verdict, [f.code for f in paper.findings]) == (verdict, codes)


def test_G21_a_link_without_a_host_names_the_host(answer: Callable[..., PaperReport]) -> None:
    gone = LinkResult(url=REPOSITORY, state=LinkState.DEAD, final_url="https://gone.example/x")
    (found,) = answer({**NEW, "code": [REPOSITORY]}, {REPOSITORY: gone}).findings
    assert "the host name `gone.example` could not be resolved" in found.message
    assert "no host" not in found.message


def test_a_link_that_the_list_has_already_is_the_audits_matter(
    answer: Callable[..., PaperReport],
) -> None:
    url = "https://github.com/microsoft/LMOps/tree/main/minillm"
    dead = {url: LinkResult(url=url, state=LinkState.DEAD, status=404)}
    assert answer({**LISTED, "code": [url]}, dead).verdict is Verdict.DUPLICATE
    assert (
        answer({**LISTED, "code": [url], "venue": "x", "categories": ["Reasoning"]}, dead).verdict
        is Verdict.UPDATE
    )


def test_values_from_a_metadata_service_are_not_held_against_the_author(
    collection: Collection, file: Callable[..., Candidate]
) -> None:
    text = 'title: "A New Title"\narxiv: "2402.11176"\ncategories:\n  - surveys\n'
    candidate = file(text)
    given = {**candidate.given, "venue": Given(value="NIPS 2023", origin=Origin.DBLP)}
    proposal = Proposal(intent=Intent.ADD, candidates=(replace(candidate, given=given),))
    paper = review(proposal, collection).papers[0]
    assert paper.paper.venue == "NeurIPS"
    assert "not-canonical" not in {f.code for f in paper.findings}


def test_what_a_service_knows_completes_a_new_paper(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    record = MetadataRecord(
        source=Origin.ARXIV, arxiv="2402.11176", title=NEW["title"], date="2024-02"
    )
    paper = _with_metadata(record, collection, form({**NEW, "title": ""}))
    assert (paper.verdict, paper.paper.title) == (Verdict.READY, NEW["title"])
    assert paper.origins["title"] is Origin.ARXIV


def test_what_a_service_knows_is_no_update_of_a_listed_paper(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    record = MetadataRecord(source=Origin.ARXIV, arxiv="2306.08543", title="x", authors=("A B",))
    paper = _with_metadata(record, collection, form(LISTED), "arxiv:2306.08543")
    assert paper.verdict is Verdict.DUPLICATE


def test_a_title_that_a_service_tells_may_be_a_listed_one(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    title = "Alpaca: A Strong, Replicable Instruction-Following Model"
    record = MetadataRecord(source=Origin.ARXIV, arxiv="2402.11176", title=title)
    paper = _with_metadata(record, collection, form({"url": "2402.11176"}))
    assert paper.verdict is Verdict.UPDATE
    assert paper.before is not None
    assert paper.before.id.startswith("alpaca-")


def test_a_title_that_nobody_could_be_asked_for_blames_nobody(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    silent = Unavailable(source=Origin.ARXIV, reason="no answer")
    paper = _with_metadata(silent, collection, form({**NEW, "title": ""}))
    assert paper.verdict is Verdict.COULD_NOT_CHECK
    assert [f.code for f in paper.findings] == ["metadata-not-checked"]
    lacking = form({"url": NEW["url"], "date": "2024-13"})
    assert _with_metadata(silent, collection, lacking).verdict is Verdict.NEEDS_CHANGES


def test_D16_a_title_of_another_paper_is_shown_to_a_person(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    record = MetadataRecord(source=Origin.ARXIV, arxiv="2402.11176", title="A Garden of Paths")
    paper = _with_metadata(record, collection, form(NEW))
    assert paper.verdict is Verdict.READY
    assert [(f.code, f.severity) for f in paper.findings] == [("title-mismatch", Severity.WARNING)]


def _with_metadata(
    outcome: Outcome, collection: Collection, candidate: Candidate, key: str = "arxiv:2402.11176"
) -> PaperReport:
    proposal = Proposal(intent=Intent.ADD, candidates=(candidate,))
    evidence = Evidence(metadata={key: (outcome,)})
    return review(proposal, collection, evidence=evidence).papers[0]


@pytest.mark.parametrize("title", ["$" * 250, "😀 " * 140, "<!-- --> " * 30, "`" * 200, "A " * 140])
@pytest.mark.parametrize("count", [1, 2, 24])
def test_G04_what_is_ready_stands_whole_in_its_comment(
    collection: Collection, form: Callable[..., Candidate], title: str, count: int
) -> None:
    def report_with(authors: int) -> Report:
        candidates = tuple(
            form(
                {
                    "url": f"https://arxiv.org/abs/2402.{number:05}",
                    "title": f"Paper {number} about {title}",
                    "venue": "A Venue that Nobody Knows and that Goes on",
                    "authors": [f"😀 Some Author {n} {'x' * 90}" for n in range(authors)],
                    "categories": ["Features", "Reasoning"],
                }
            )
            for number in range(20_000, 20_000 + count)
        )
        return review(Proposal(intent=Intent.ADD, candidates=candidates), collection)

    def room_of(authors: int) -> int:
        papers = report_with(authors).papers
        return sum(_room_of(render_record(paper.paper, collection.schema)) for paper in papers)

    # Each author takes about as much room as the one before: the guess is right, or nearly so.
    some = 250 // count
    room = room_of(some)
    most = some + (_RECORDS_ROOM - room) // (room_of(some + 1) - room)
    while report_with(most).verdict is not Verdict.READY:
        most -= 1
    too_many = most + 1
    while report_with(too_many).verdict is Verdict.READY:
        most, too_many = too_many, too_many + 1
    settings = Settings(title="A List of Papers", repository="some-owner/some-repository")
    context = replace(comment_context(collection, settings), first_timer=True)

    report = report_with(most)
    assert report.verdict is Verdict.READY
    comment = render_comment(report, context=context)
    digest = proposal_digest(report, collection.schema)
    assert comment.startswith(f"<!-- kdbot:report sha256={digest} -->\n")
    assert shows_all(comment, report, collection.schema)
    assert shows_all(comment.replace("\n", "\r\n"), report, collection.schema)
    assert comment_length(comment) <= COMMENT_LIMIT
    last = report.papers[-1]
    other = replace(last, paper=replace(last.paper, note="and more"))
    told = replace(report, papers=(*report.papers[:-1], other))
    assert not shows_all(comment, told, collection.schema)

    report = report_with(too_many)
    assert report.verdict is Verdict.NEEDS_CHANGES
    assert {finding.code for finding in report.findings} == {"too-many-records"}
    assert not WRITTEN.intersection(paper.verdict for paper in report.papers)
    assert files_to_write(report, collection.schema) == {}
    comment = render_comment(report, context=context)
    assert "Split it into two proposals" in comment
    assert comment_length(comment) <= COMMENT_LIMIT


def test_G04_what_comes_as_files_or_rows_is_read_there(
    collection: Collection,
) -> None:
    def verdict(origin: Origin, path: str | None) -> Verdict:
        given = {
            **NEW,
            "url": "2402.11176",
            "categories": ["methods/white-box/features"],
            "authors": [f"{n} {'A' * 100}" for n in range(450)],
        }
        if path:
            given["arxiv"] = given.pop("url")
        fields = {name: Given(value=value, origin=origin) for name, value in given.items()}
        candidate = Candidate(given=fields, file=path)
        return review(Proposal(intent=Intent.ADD, candidates=(candidate,)), collection).verdict

    assert verdict(Origin.FILE, "papers/2402.11176.yaml") is Verdict.READY
    assert verdict(Origin.ROW, None) is Verdict.READY
    assert verdict(Origin.TEXT, None) is Verdict.NEEDS_CHANGES


@each("intent", [Intent.REMOVE, Intent.SPOKEN_OF, Intent.UNSURE])
@each("name", ["2306.08543", "https://arxiv.org/abs/2306.08543v2", "MiniLLM"])
def test_what_states_no_value_is_left_to_people(
    intent: Intent, name: str, answer: Callable[..., PaperReport]
) -> None:
    paper = answer({}, intent=intent, names=(name,))
    assert paper.verdict is Verdict.NEEDS_MAINTAINER
    assert paper.before is not None
    assert paper.before.id == "2306.08543"


def test_a_paper_that_no_name_tells_is_left_to_people(answer: Callable[..., PaperReport]) -> None:
    paper = answer({}, intent=Intent.UNSURE, names=("A Paper Nobody Listed",))
    assert (paper.verdict, paper.before) == (Verdict.NEEDS_MAINTAINER, None)


def test_a_correction_finds_its_paper_by_the_names_and_gives_the_values(
    answer: Callable[..., PaperReport],
) -> None:
    names = ("A Paper Nobody Listed", "MiniLLM")
    paper = answer({"venue": "TMLR 2025"}, intent=Intent.UPDATE, names=names)
    assert (paper.verdict, paper.paper.id) == (Verdict.UPDATE, "2306.08543")
    assert (paper.paper.venue, paper.paper.year) == ("TMLR", "2025")


def test_a_correction_by_title_says_nothing_of_a_listed_date(
    collection: Collection,
) -> None:
    listed = collection.papers["2306.08543"]
    earlier = replace(
        collection, papers={**collection.papers, listed.id: replace(listed, date="2022-12")}
    )
    candidate = Candidate(
        given={"venue": Given(value="TMLR 2025", origin=Origin.TEXT)},
        intent=Intent.UPDATE,
        names=(listed.title,),
    )
    report = review(Proposal(intent=Intent.UPDATE, candidates=(candidate,)), earlier)
    assert report.verdict is Verdict.UPDATE
    assert "date-disagrees" not in {f.code for f in report.papers[0].findings}
