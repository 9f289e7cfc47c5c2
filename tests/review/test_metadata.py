"""What services add to a record, and what they contradict."""

from __future__ import annotations

from pathlib import Path

import pytest

from kdbot.intake.schema_files import parse_venues
from kdbot.model.evidence import Evidence, MetadataRecord, NotFound, Unavailable
from kdbot.model.finding import Severity
from kdbot.model.proposal import Origin
from kdbot.review.metadata import complete, suggested_links, venue_upgrade
from kdbot.review.metadata_check import (
    check_metadata,
    complete_draft,
    could_not_ask,
    metadata_key,
    search_key,
)
from kdbot.review.normalize import normalize_candidate
from tests.rows import each

VENUES = parse_venues(
    (Path(__file__).parents[2] / "schema" / "venues.yaml").read_bytes(), "schema/venues.yaml"
)
TITLE = "MiniLLM: Knowledge Distillation of Large Language Models"


def found(source=Origin.ARXIV, title=TITLE, **fields):
    return MetadataRecord(source=source, title=title, **fields)


ARXIV = found(
    arxiv="2306.08543", authors=("Yuxian Gu", "Li Dong"), date="2023-06", comment="20 pages"
)
SCHOLAR = found(
    Origin.SEMANTIC_SCHOLAR,
    venues=("International Conference on Learning Representations",),
    authors=("Yuxian Gu",),
)
DBLP = found(Origin.DBLP, venues=("ICLR", "CoRR"), authors=("Yuxian Gu", "Furu Wei"))
CODE = found(
    Origin.HUGGING_FACE,
    code=("https://github.com/microsoft/LMOps",),
    data=("https://huggingface.co/datasets/a/b",),
)


def codes(values, *outcomes):
    return [finding.code for finding in check_metadata(values, outcomes, VENUES)]


def test_an_identifier_alone_is_completed_with_the_origin_of_each_value():
    completion = complete({"arxiv": "2306.08543"}, (ARXIV, SCHOLAR, DBLP), VENUES)
    assert completion.values == {
        "arxiv": "2306.08543",
        "title": TITLE,
        "authors": ("Yuxian Gu", "Li Dong"),
        "date": "2023-06",
        "venue": "ICLR",
    }
    assert completion.origins == {
        "title": Origin.ARXIV,
        "authors": Origin.ARXIV,
        "date": Origin.ARXIV,
        "venue": Origin.SEMANTIC_SCHOLAR,
    }


@each(
    ("outcomes", "venue", "origin"),
    [
        ((ARXIV,), "arXiv", Origin.ARXIV),
        ((found(comment="Accepted to ICLR 2024"),), "ICLR", Origin.ARXIV),
        ((found(journal_ref="EMNLP 2023"),), "EMNLP", Origin.ARXIV),
        ((found(Origin.DATACITE, comment="ICLR 2024"),), "ICLR", Origin.DATACITE),
        ((ARXIV, DBLP), "ICLR", Origin.DBLP),
        ((CODE,), None, None),
        ((), None, None),
    ],
)
def test_the_venue_that_nobody_wrote_comes_from_whoever_knows_it(outcomes, venue, origin):
    completion = complete({"arxiv": "2306.08543"}, outcomes, VENUES)
    assert completion.values.get("venue") == venue
    assert completion.origins.get("venue") == origin


def test_what_is_written_is_never_changed():
    written = {"title": TITLE.upper(), "venue": "arXiv", "date": "2023-07", "authors": ("A B",)}
    completion = complete(written, (ARXIV, SCHOLAR, DBLP), VENUES)
    assert completion.values == written
    assert completion.origins == {}


def test_D16_the_title_of_another_paper_is_said_with_both_and_nothing_is_taken():
    values = {"arxiv": "2306.08543", "title": "Orca: Progressive Learning from Complex Traces"}
    (finding,) = check_metadata(values, (ARXIV, SCHOLAR, CODE), VENUES)
    assert (finding.code, finding.severity) == ("title-mismatch", Severity.WARNING)
    assert "Orca: Progressive Learning" in finding.message
    assert TITLE in finding.message
    assert complete(values, (ARXIV, SCHOLAR, DBLP), VENUES).values == values
    assert list(suggested_links(values, (ARXIV, CODE))) == []


@each(
    ("title", "severity"),
    [
        (TITLE, None),
        ("minillm -- knowledge distillation of large language model", None),
        ("Knowledge Distillation of Large Language Models", Severity.NOTICE),
        ("MiniLLM: On-Policy Distillation of Large Language Models", Severity.NOTICE),
        ("MiniLLM 2: Knowledge Distillation of Large Language Models", Severity.WARNING),
        ("Orca 2: Teaching Small Language Models How to Reason", Severity.WARNING),
    ],
)
def test_D16_how_far_titles_are_apart(title, severity):
    found_ = list(check_metadata({"title": title}, (ARXIV,), VENUES))
    assert [finding.severity for finding in found_] == ([severity] if severity else [])


def test_D16_a_title_that_one_source_still_has_is_right():
    renamed = found(title="MiniLLM: On-Policy Distillation of Large Language Models")
    assert codes({"title": TITLE}, renamed, SCHOLAR) == []
    assert codes({"title": TITLE}, renamed, DBLP) == ["title-mismatch"], "DBLP was asked by title"


def test_D17_a_withdrawn_paper_is_said_and_marked():
    outcome = found(withdrawn=True, status_reason="Withdrawn by the authors, see `Lemma 2`")
    (finding,) = check_metadata({"title": TITLE}, (outcome,), VENUES)
    assert finding.code == "withdrawn-paper"
    assert "see 'Lemma 2'" in finding.message
    assert complete({"title": TITLE}, (outcome,), VENUES).values["withdrawn"] is True


@each(
    ("outcomes", "expected"),
    [
        ((NotFound(source=Origin.ARXIV),), ["unknown-paper"]),
        (
            (Unavailable(source=Origin.ARXIV, reason="x"), NotFound(source=Origin.DATACITE)),
            ["unknown-paper", "metadata-not-checked"],
        ),
        ((NotFound(source=Origin.ARXIV), CODE), ["suggested-link"] * 2),
        ((NotFound(source=Origin.SEMANTIC_SCHOLAR),), []),
        ((Unavailable(source=Origin.ARXIV, reason="x"),), ["metadata-not-checked"]),
        ((Unavailable(source=Origin.ARXIV, reason="x"), found(Origin.DATACITE)), []),
        ((), []),
    ],
)
def test_not_there_and_could_not_ask_are_two_things(outcomes, expected):
    assert codes({"arxiv": "2306.08543"}, *outcomes) == expected


def test_could_not_ask_is_when_nobody_knows_and_somebody_might():
    failed = Unavailable(source=Origin.ARXIV, reason="x")
    assert could_not_ask([failed])
    assert could_not_ask([failed, NotFound(source=Origin.DBLP)])
    assert not could_not_ask([failed, SCHOLAR])
    assert not could_not_ask([NotFound(source=Origin.ARXIV)])
    assert not could_not_ask([])


def test_a_preprint_that_was_published_is_a_notice():
    values = {"title": TITLE, "venue": "arXiv"}
    (finding,) = check_metadata(values, (ARXIV, SCHOLAR, DBLP), VENUES)
    assert finding.code == "published-since"
    assert finding.message == "It was published at `ICLR`, per Semantic Scholar and DBLP."
    upgrade = venue_upgrade(values, (ARXIV, SCHOLAR, DBLP), VENUES)
    assert upgrade is not None
    assert upgrade.is_confirmed


def test_a_published_paper_is_not_upgraded():
    assert venue_upgrade({"title": TITLE, "venue": "NeurIPS"}, (SCHOLAR, DBLP), VENUES) is None


def test_a_namesake_found_by_title_alone_does_not_count():
    namesake = found(Origin.DBLP, venues=("CVPR",), authors=("Somebody Else",))
    values = {"title": TITLE, "venue": "arXiv"}
    assert venue_upgrade(values, (ARXIV, namesake), VENUES) is None
    assert venue_upgrade(values, (ARXIV, DBLP), VENUES).name == "ICLR"


def test_links_are_suggested_once_and_only_where_they_are_new():
    values = {"title": TITLE, "code": ("https://github.com/microsoft/LMOps/",)}
    assert list(suggested_links(values, (ARXIV, CODE, CODE))) == [
        ("data", "https://huggingface.co/datasets/a/b", Origin.HUGGING_FACE)
    ]
    assert "code" not in complete({"title": TITLE}, (CODE,), VENUES).values


def test_a_draft_is_completed_and_a_file_is_only_held_against_it(form, collection):
    evidence = Evidence(metadata={"arxiv:2306.08543": (ARXIV, SCHOLAR)})
    draft = normalize_candidate(form({"url": "https://arxiv.org/abs/2306.08543v2"}), collection)
    assert metadata_key(draft.values) == "arxiv:2306.08543"
    done = complete_draft(draft, evidence, collection)
    assert done.text("title") == TITLE
    assert done.given["title"].origin is Origin.ARXIV
    assert done.given["arxiv"].origin is Origin.FORM
    file = form({"arxiv": "2306.08543", "title": "Another"}, file="papers/2306.08543.yaml")
    checked = complete_draft(normalize_candidate(file, collection), evidence, collection)
    assert "authors" not in checked.values
    mismatch = next(f for f in checked.findings if f.code == "title-mismatch")
    assert mismatch.file == "papers/2306.08543.yaml"


def test_without_evidence_a_draft_stays_as_it_is(form, collection):
    draft = normalize_candidate(form({"url": "2306.08543"}), collection)
    assert complete_draft(draft, Evidence(), collection) is draft


def completed(form, collection, *outcomes, key="arxiv:2306.08543", **given):
    candidate = form({"url": "https://arxiv.org/abs/2306.08543", **given})
    draft = normalize_candidate(candidate, collection)
    return complete_draft(draft, Evidence(metadata={key: outcomes}), collection)


@each(
    "stated",
    [
        "MiniLLM: Knowledge Distillation of LLMs",
        "Knowledge Distillation of Large Language Models",
        "our paper MiniLLM: Knowledge Distillation of Large Language Models in the list",
    ],
)
def test_the_title_and_the_authors_of_a_proposal_are_the_services_where_one_knows_it(
    form, collection, stated
):
    done = completed(form, collection, ARXIV, SCHOLAR, title=stated, authors=["Yuxian Gu"])
    assert done.text("title") == TITLE
    assert done.items("authors") == ("Yuxian Gu", "Li Dong")
    assert (done.given["title"].origin, done.given["authors"].origin) == (Origin.ARXIV,) * 2
    assert "title-mismatch" not in [finding.code for finding in done.findings]


def test_what_a_text_alone_must_say_stays_as_it_is_written(form, collection):
    links = {"code": ["https://github.com/a/b"], "venue": "ICML 2024", "date": "2023-05"}
    done = completed(form, collection, ARXIV, SCHOLAR, title=TITLE, **links)
    assert done.items("code") == ("https://github.com/a/b",)
    assert (done.text("venue"), done.text("year"), done.text("date")) == ("ICML", "2024", "2023-05")


def test_D16_a_proposal_with_another_papers_title_gets_the_identifiers_and_a_warning(
    form, collection
):
    stated = "Orca: Progressive Learning from Complex Traces"
    done = completed(form, collection, ARXIV, title=stated)
    assert done.text("title") == TITLE
    (finding,) = [f for f in done.findings if f.code == "title-mismatch"]
    assert finding.severity is Severity.WARNING
    assert stated in finding.message
    assert TITLE in finding.message


def test_a_title_without_markup_is_kept_where_the_service_has_it_with_markup(form, collection):
    marked = found(title="$\\mu$-MiniLLM: Knowledge Distillation of Large Language Models")
    stated = "$\\mu$-MiniLLM: Knowledge Distillation of Large Language Models"
    plain = "μ-MiniLLM: Knowledge Distillation of Large Language Models"
    assert completed(form, collection, marked, title=stated).text("title") == plain
    plain = "MiniLLM: Knowledge Distillation of {Large} Language Models"
    assert completed(form, collection, found(title=plain), title=TITLE).text("title") == TITLE


def by_title(form, collection, *outcomes, **given):
    draft = normalize_candidate(form({"title": TITLE, **given}), collection)
    key = search_key(draft)
    return complete_draft(draft, Evidence(metadata={key: outcomes}), collection)


def test_a_paper_that_is_found_by_its_title_is_named_as_such(form, collection):
    done = by_title(form, collection, ARXIV, SCHOLAR)
    assert done.text("arxiv") == "2306.08543"
    assert done.given["arxiv"].origin is Origin.ARXIV
    assert done.text("venue") == "ICLR"
    (finding,) = [f for f in done.findings if f.code == "found-by-title"]
    assert "`2306.08543` on arXiv" in finding.message


@each(
    "outcomes",
    [
        (),
        (NotFound(source=Origin.ARXIV), NotFound(source=Origin.SEMANTIC_SCHOLAR)),
        (found(arxiv="2306.08543", title=f"{TITLE} 2"),),
        (found(Origin.SEMANTIC_SCHOLAR),),
        (found(Origin.DBLP, arxiv="2306.08543"),),
    ],
)
def test_without_an_equal_title_with_an_identifier_nothing_is_taken_and_nothing_said(
    form, collection, outcomes
):
    done = by_title(form, collection, *outcomes)
    assert done.values == normalize_candidate(form({"title": TITLE}), collection).values
    assert done.findings == ()


def test_a_namesake_by_other_authors_is_not_taken(form, collection):
    assert by_title(form, collection, ARXIV, authors=["Somebody Else"]).text("arxiv") == ""
    assert by_title(form, collection, ARXIV, authors=["Y. Gu"]).text("arxiv") == "2306.08543"


@pytest.mark.parametrize("given", [{"title": "Mini LLM"}, {"url": "2306.08543", "title": TITLE}])
def test_two_words_and_a_paper_with_an_identifier_are_not_searched_for(form, collection, given):
    assert search_key(normalize_candidate(form(given), collection)) is None


def test_a_file_is_not_searched_for(form, collection):
    file = form({"title": TITLE}, file="papers/minillm.yaml")
    assert search_key(normalize_candidate(file, collection)) is None


def test_a_search_that_nobody_answered_is_said(form, collection):
    done = by_title(form, collection, Unavailable(source=Origin.ARXIV, reason="x"))
    assert [finding.code for finding in done.findings] == ["metadata-not-checked"]
    assert done.text("arxiv") == ""
