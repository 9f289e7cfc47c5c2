"""Venues as services name them, as authors remark them, and who is believed."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kdbot.intake.schema_files import parse_venues
from kdbot.model.evidence import MetadataRecord
from kdbot.model.proposal import Origin
from kdbot.review.metadata import published_venues
from kdbot.text.venues import (
    published_venue,
    venue_in,
    venue_of_acl,
    venues_in_remark,
    with_year_beside,
)
from tests.rows import each

VENUES = parse_venues(
    (Path(__file__).parents[2] / "schema" / "venues.yaml").read_bytes(), "schema/venues.yaml"
)


@each(
    ("remark", "venues"),
    [
        ("Accepted to ICLR 2024", ("ICLR",)),
        ("ICLR 2024 camera-ready", ("ICLR",)),
        ("Published as a conference paper at ICLR 2024", ("ICLR",)),
        ("20 pages, 5 figures. To appear in ACL 2024", ("ACL",)),
        ("Accepted to ACL 2023 (main conference); code at https://example.org/x", ("ACL",)),
        ("EMNLP2023 main conference", ("EMNLP",)),
        ("ICML'23", ("ICML",)),
        ("Accepted to TMLR", ("TMLR",)),
        ("Published in Transactions on Machine Learning Research (01/2024)", ("TMLR",)),
        # Tracks.
        ("Accepted by EMNLP 2023 Findings", ("Findings of EMNLP",)),
        ("EMNLP 2023 (Findings)", ("Findings of EMNLP",)),
        ("ACL 2024, Findings", ("Findings of ACL",)),
        (
            "Findings of the Association for Computational Linguistics: ACL 2023",
            ("Findings of ACL",),
        ),
        ("Accepted at the NeurIPS 2023 Workshop on Instruction Tuning", ("NeurIPS Workshop",)),
        ("Accepted to NeurIPS 2023, Workshop on Efficient Models", ("NeurIPS Workshop",)),
        ("AAAI Spring Symposium 2024", ()),
        (
            "Accepted at NeurIPS 2023 Datasets and Benchmarks Track",
            ("NeurIPS Datasets and Benchmarks",),
        ),
        # Not accepted there.
        ("Submitted to ICLR 2024", ()),
        ("Under review at ICLR 2024", ()),
        ("Extended version of our ICLR 2024 paper", ()),
        ("v3: add ICLR 2024 results", ()),
        ("Uses the NeurIPS 2023 template", ()),
        # No venue.
        ("Work in progress", ()),
        ("8 pages, neural networks, 2020", ()),
        ("CoRR 2023", ()),
        ("arXiv preprint, accepted", ()),
        ("", ()),
    ],
)
def test_a_remark_names_a_venue_only_where_it_tells_of_acceptance(remark, venues):
    assert venues_in_remark(remark, VENUES) == venues


@given(st.text(max_size=200))
def test_any_remark_can_be_read(remark):
    assert set(venues_in_remark(remark, VENUES)) <= set(VENUES.names)


@each(
    ("name", "venue"),
    [
        ("ICLR", "ICLR"),
        ("ICLR (Poster)", "ICLR"),
        ("ICLR 2024 spotlight", "ICLR"),
        ("NeurIPS 2023 poster", "NeurIPS"),
        ("Accepted by TMLR", "TMLR"),
        ("ACL (1)", "ACL"),
        ("EMNLP (Findings)", "Findings of EMNLP"),
        ("NAACL-HLT (Findings)", "Findings of NAACL"),
        ("Annual Meeting of the Association for Computational Linguistics", "ACL"),
        ("Conference on Empirical Methods in Natural Language Processing", "EMNLP"),
        ("International Conference on Learning Representations", "ICLR"),
        ("Neural Information Processing Systems", "NeurIPS"),
        ("Trans. Mach. Learn. Res.", "TMLR"),
        ("CoRR", None),
        ("arXiv.org", None),
        ("arXiv", None),
        ("bioRxiv", None),
        ("ME-FoMo 2023 Poster", None),
        ("Journal of ICLR Studies", None),
        ("", None),
    ],
)
def test_a_service_s_name_is_taken_whole(name, venue):
    assert published_venue(name, VENUES) == venue


@each(
    ("venue", "date", "dated"),
    [
        ("NeurIPS", "2021", "NeurIPS 2021"),
        ("ICLR 2024", "2024", "ICLR 2024"),
        ("ICLR'24", "2023", "ICLR'24"),
        # A digit of its name or of its volume is no year.
        ("3DV", "2024", "3DV 2024"),
        ("TPAMI 45(3)", "2023", "TPAMI 45(3) 2023"),
        ("NeurIPS", "2021-06", None),
        ("arXiv", "2021", None),
        ("", "2021", None),
    ],
)
def test_a_year_beside_a_venue_is_the_venue_s(venue, date, dated):
    assert with_year_beside(venue, date) == dated


@each(
    ("acl", "venue"),
    [
        ("2024.eacl-long.109", "EACL"),
        ("2023.emnlp-main.1", "EMNLP"),
        ("2024.findings-acl.12", "Findings of ACL"),
        ("2023.findings-emnlp.9", "Findings of EMNLP"),
        ("2024.lrec-main.3", "LREC-COLING"),
        ("2023.acl-demo.3", None),
        ("2023.acl-srw.3", None),
        ("P19-1001", None),
        ("nonsense", None),
    ],
)
def test_an_anthology_identifier_names_its_venue(acl, venue):
    assert venue_of_acl(acl, VENUES) == venue


def record(source, *venues, **fields):
    return MetadataRecord(source=source, title="T", venues=venues, **fields)


S2, DBLP, ARXIV = Origin.SEMANTIC_SCHOLAR, Origin.DBLP, Origin.ARXIV


def test_two_sources_confirm_and_one_does_not():
    both = published_venues([record(S2, "ICLR"), record(DBLP, "CoRR", "ICLR")], VENUES)
    assert [(v.name, v.origins, v.is_confirmed) for v in both] == [("ICLR", (S2, DBLP), True)]
    (one,) = published_venues([record(S2, "arXiv.org"), record(DBLP, "ICLR")], VENUES)
    assert not one.is_confirmed


def test_corr_never_counts():
    assert published_venues([record(S2, "arXiv.org", "ArXiv"), record(DBLP, "CoRR")], VENUES) == ()


def test_authors_are_one_source_wherever_they_say_it():
    said = [
        record(ARXIV, comment="Accepted to ICLR 2024", journal_ref="ICLR 2024"),
        record(Origin.DATACITE, comment="Accepted to ICLR 2024"),
    ]
    (venue,) = published_venues(said, VENUES)
    assert venue.origins == (ARXIV,)


def test_most_sources_first_then_the_most_trusted():
    records = [
        record(S2, "NeurIPS"),
        record(DBLP, "ICLR"),
        record(ARXIV, comment="Accepted to NeurIPS 2023"),
    ]
    assert [v.name for v in published_venues(records, VENUES)] == ["NeurIPS", "ICLR"]
    assert [v.name for v in published_venues(records[:2], VENUES)] == ["ICLR", "NeurIPS"]


def test_findings_agree_with_the_conference_of_semantic_scholar_alone():
    named = [record(S2, "Conference on Empirical Methods in Natural Language Processing")]
    (venue,) = published_venues([*named, record(DBLP, "EMNLP (Findings)")], VENUES)
    assert (venue.name, venue.is_confirmed) == ("Findings of EMNLP", True)
    others = [record(Origin.OPENREVIEW, "EMNLP 2023 Main"), record(DBLP, "EMNLP (Findings)")]
    assert len(published_venues(others, VENUES)) == 2


def test_the_anthology_s_identifier_is_believed_before_the_name():
    (venue,) = published_venues([record(S2, "EMNLP", acl="2023.findings-emnlp.9")], VENUES)
    assert venue.name == "Findings of EMNLP"


def test_the_country_where_a_conference_was_held_is_no_venue():
    assert venue_in("ACM, New York, NY, USA, 2023, p.p. 1508–1515", VENUES) is None
