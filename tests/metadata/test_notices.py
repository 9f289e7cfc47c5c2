"""What services say against a paper: withdrawals, retractions, corrections."""

from __future__ import annotations

import json
import time

from kdbot.model.evidence import MetadataRecord
from kdbot.model.proposal import Origin
from kdbot.review.metadata import gravest_notice
from kdbot.web.http import Reply
from kdbot.web.metadata.arxiv import read_withdrawal
from kdbot.web.metadata.crossref import _parse_crossref
from kdbot.web.metadata.service import Question, fetch_metadata
from tests.metadata.conftest import DATA
from tests.rows import each

ANSWER = json.loads((DATA / "crossref_works_updates.json").read_text("utf-8"))
WORKS = {work["DOI"]: work for work in ANSWER["message"]["items"]}
LANCET = "10.1016/s0140-6736(97)11096-0"

# Remarks of real papers, from the test suites of public programs that read them, cut by those.
WITHDRAWN = """
This paper has been withdrawn by the authors. This paper has been superseded by arXiv:2405.00001
This article has been withdrawn by arXiv administrators due to disputed authorship
Withdrawn due to conceptual errors highlighted by referees
Withdrawal due to errors: (1) entropy squeezing calculated with wrong information entropy
Withdrawn for revision: the manuscript requires additional scalability analysis
Withdrawn by the author due to major revision
The paper is withdrawn as some errors are noticed and they need to be fixed
Therefore, the current version is being withdrawn to prevent dissemination of inaccurate results
The manuscript is withdrawn pending additional experiments and analysis
Accordingly, I respectfully request that this work be withdrawn
Hence I seek withdrawal of this paper as it might be misleading
I am writing to request the withdrawal of my submission
We withdraw this submission since a few components of the analysis were found to be faulty
The authors have withdrawn this manuscript because institutional authorization was not obtained
After careful consideration, we have decided to withdraw the manuscript
This paper includes some not-fully-verified claims, and therefore need to be withdrawn
This submission has been withdrawn by the authors due to a fundamental error in the methodology
This submission has been withdrawn at the request of the author
WITHDRAWN
This paper as been withdrawn
This version is withdrawn as the results do not hold.
The paper was retracted
retracted due to an error in Section 5
This manuscript has been retracted from publication
Withdrew the paper, resubmit a rewritten version
The authors withdrew this submission
arXiv admin note: removed by arXiv administrators
v2: withdrawn, replaced by arXiv:2504.01234
supersedes arXiv:2011.10199; this paper has been withdrawn
We would like to withdraw this article for the following reasons: 1 this article is not satisfactory
""".strip().split("\n")
LISTED = """
It could be withdrawn if accepted in IEEE Transaction on Quantum Engineering
A previous version of this manuscript was withdrawn due to an error in interpretation.
This is a merger of the original version 1 with the withdrawn paper arXiv:2407.18191.
Replaces the withdrawn manuscript (arXiv:quant-ph:1911.03628)
This is a replacement for the previously withdrawn paper.
It is the corrected and modified version of arXiv:2105.14712, which was recently withdrawn
v2: symmetry correction (the linear envelope coupling of v1 is withdrawn)
This manuscript supersedes the earlier, withdrawn preprint arXiv:2504.15607
Section 6 (quantum-classical separation) is withdrawn. Lemma 6.1 extended the rate.
12 pages. Complete rewrite of v1, new title. Withdrawn as erroneous: the definition (Def. 4)
v3: substantive correction; v2's central claims are withdrawn
The previous version was withdrawn because of a proof error; this one fixes it.
Earlier version withdrawn. This revision corrects Theorem 3.
incorporates arXiv:2011.10199 "Super-clustering", which has been withdrawn
This manuscript supersedes arXiv:2510.26642, which has been withdrawn with the agreement of all
This paper replaces hep-th/9901001, which has been withdrawn
Withdrawal symptoms are modelled as a stochastic process.
TSI-Bench, withdrawn from ICLR'25
Accepted at the QCI 2026 workshop; withdrawn from the proceedings
""".strip().split("\n")


@each("remark", WITHDRAWN)
def test_a_remark_that_takes_the_paper_back_is_told(remark):
    found = read_withdrawal(remark, "2026-01-02T03:04:05Z")
    assert (found["withdrawn"], found["status_date"]) == (True, "2026-01-02")
    assert found["status_reason"] == remark


@each("remark", LISTED)
def test_a_remark_on_another_paper_or_version_is_none(remark):
    assert read_withdrawal(remark, "") == {}


@each(
    ("remark", "successor"),
    [
        (WITHDRAWN[0], "2405.00001"),
        ("Withdrawn: superseded by 2402.12030", "2402.12030"),
        ("Withdrawn. Merged with hep-th/9901001.", "hep-th/9901001"),
        ("Withdrawn; replaced by doi:10.1000/XYZ.", "10.1000/xyz"),
        ("Withdrawn, since arXiv:2301.00001 shows the lemma to be wrong", None),
    ],
)
def test_the_paper_that_takes_its_place_is_named(remark, successor):
    assert read_withdrawal(remark, "")["successor"] == successor


@each("part", ["paper ", "withdrawn ", "we withdraw ", "superseded by 1", "v1 "])
def test_a_long_remark_is_read_in_linear_time(part):
    start = time.process_time()
    read_withdrawal(part * (50_000 // len(part)), "")
    assert time.process_time() - start < 1


def test_administrators_write_it_in_the_place_of_the_abstract(services, client):
    said = "This submission has been withdrawn by arXiv administrators because of its authorship."
    services.knows("1304.1836", "Access Points", summary=said, updated="2013-04-09T10:00:00Z")
    services.knows("2402.12030", "Money", summary="Cash is withdrawn by the authors of a bank.")
    questions = [
        Question(key=one, arxiv=one, venue=False, links=False)
        for one in ("1304.1836", "2402.12030")
    ]
    outcomes = fetch_metadata(questions, client)
    (record,) = (one for one in outcomes["1304.1836"] if one.source is Origin.ARXIV)
    assert (record.withdrawn, record.status_date) == (True, "2013-04-09")
    (other,) = (one for one in outcomes["2402.12030"] if one.source is Origin.ARXIV)
    assert not other.withdrawn


def records(*dois):
    body = json.dumps(ANSWER).encode()
    return _parse_crossref(Reply(status=200, body=body), dois)


@each(
    ("doi", "status", "day", "reason"),
    [
        # The gravest of two notices, Retraction Watch's.
        (
            LANCET,
            "retracted",
            "2010-02-06",
            "Retraction: https://doi.org/10.1016/s0140-6736(10)60175-4",
        ),
        # An addendum is nothing against a paper, and a new version is none.
        ("10.1038/s41586-020-2012-7", None, None, None),
        (
            "10.1016/j.lungcan.2026.109001",
            "expression of concern",
            "2026-02-13",
            "Expression of concern: https://doi.org/10.1016/j.lungcan.2026.109332",
        ),
        # The publisher gave the notice the number of the work; Retraction Watch has another one.
        (
            "10.1016/j.micpro.2021.104006",
            "retracted",
            "2023-08-01",
            "Retraction: https://doi.org/10.1016/j.micpro.2023.104901",
        ),
        # The notice itself is about another work.
        ("10.1016/s0140-6736(10)60175-4", None, None, None),
    ],
)
def test_the_gravest_notice_of_a_work_is_read(doi, status, day, reason):
    record = records(doi)[doi]
    assert (record.status, record.status_date, record.status_reason) == (status, day, reason)


def test_a_title_is_without_the_mark_of_its_publisher_and_the_mark_counts():
    assert records(LANCET)[LANCET].title.startswith("Ileal-lymphoid-nodular hyperplasia")
    work = {"DOI": "10.1/a", "title": ["WITHDRAWN: A work"]}
    body = json.dumps({"message": {"total-results": 1, "items": [work]}}).encode()
    found = _parse_crossref(Reply(status=200, body=body), ["10.1/a", "10.1/b"])
    assert (found["10.1/a"].withdrawn, found["10.1/a"].title) == (True, "A work")
    assert not isinstance(found["10.1/b"], MetadataRecord)


def notice(values, title, **record):
    found = MetadataRecord(source=Origin.CROSSREF, title=title, **record)
    return gravest_notice(values, (found,))


def test_a_number_that_a_service_gave_counts_for_the_same_title_alone():
    one = {"title": "One"}
    assert notice(one, "Another", status="retracted") is None
    assert notice(one, "one", status="retracted") is not None
    assert notice(one | {"doi": "10.1/a"}, "Another", status="retracted") is not None


def test_what_a_record_says_already_is_not_said_again():
    assert notice({"title": "One", "status": "retracted"}, "One", status="corrected") is None
    assert notice({"title": "One", "withdrawn": True}, "One", withdrawn=True) is None
    assert notice({"title": "One", "status": "corrected"}, "One", status="retracted") is not None


def test_works_are_asked_for_together_and_a_comma_is_not_asked_for(services, client):
    services.answers["crossref", LANCET] = WORKS[LANCET]
    questions = [
        Question(key=doi, doi=doi, venue=False, links=False)
        for doi in (LANCET, "10.1038/s41586-020-2012-7", "10.1000/a,b")
    ]
    outcomes = fetch_metadata(questions, client)
    assert services.count("crossref") == 1
    (call,) = (call for call in services.calls if call.service == "crossref")
    assert call.query["rows"] == "2"
    assert [one.status for one in outcomes[LANCET] if isinstance(one, MetadataRecord)] == [
        "retracted"
    ]
