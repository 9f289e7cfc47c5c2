"""What holds for every proposal, however strange: an answer, the same answer, in order."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kdbot.model.collection import Collection
from kdbot.model.finding import Severity, has_errors
from kdbot.model.proposal import Candidate, Given, Intent, Origin, Proposal
from kdbot.model.report import Verdict, worst
from kdbot.review.normalize import normalize_candidate
from kdbot.review.proposal import review

_SOME = 4 * settings.default.max_examples  # so that the profile "deep" looks deeper here, too
NAMES = [
    *("title", "arxiv", "doi", "acl", "openreview", "url", "venue", "date", "authors", "code"),
    *("project", "data", "categories", "added", "proposed_by", "withdrawn", "note", "unknown"),
]
WORDS = st.sampled_from(
    [
        "2306.08543",
        "2402.11176v2",
        "2301.1",
        "arXiv:2402.11176",
        "https://arxiv.org/abs/2402.12030",
        "https://github.com/a/b",
        "https://a.github.io/",
        "https://www.example.org",
        "10.1145/3580305.3599790",
        "2024.eacl-long.109",
        "5h0qf7IBZZ",
        "MiniLLM",
        "MiniLLM: Knowledge Distillation of Large Language Models",
        "Features",
        "Tasks > Other",
        "NIPS'23",
        "PMLR",
        "2024",
        "Feb 2024",
        "-",
        "",
    ]
)
TEXTS = WORDS | st.text(max_size=40)
VALUES = st.recursive(
    TEXTS | st.booleans() | st.none() | st.integers() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=5,
)


def givens(origins: st.SearchStrategy[Origin]) -> st.SearchStrategy[Mapping[str, Given]]:
    values = TEXTS | st.lists(TEXTS, max_size=3) | VALUES
    given_value = st.builds(Given, value=values, origin=origins, line=st.integers(1, 9))
    return st.dictionaries(st.sampled_from(NAMES), given_value, max_size=8)


PATHS = st.sampled_from(["papers/2402.11176.yaml", "papers/2306.08543.yaml", "papers/x.yaml", "x"])
CANDIDATES = st.builds(
    Candidate,
    given=givens(st.sampled_from(sorted(set(Origin) - {Origin.FILE}))),
    short_name=st.none() | TEXTS,
    intent=st.sampled_from(Intent),
    names=st.lists(TEXTS, max_size=2).map(tuple),
) | st.builds(
    Candidate,
    given=givens(st.just(Origin.FILE)),
    file=PATHS,
    source=st.none() | st.text(max_size=60),
)
PROPOSALS = st.builds(
    Proposal,
    intent=st.sampled_from(Intent),
    candidates=st.lists(CANDIDATES, max_size=3).map(tuple),
)


@settings(max_examples=_SOME)
@given(PROPOSALS)
def test_every_proposal_has_an_answer(collection: Collection, proposal: Proposal) -> None:
    report = review(proposal, collection)
    assert report == review(proposal, collection)
    if report.papers:
        assert report.verdict is worst(paper.verdict for paper in report.papers)
    for paper in report.papers:
        ranks = [list(Severity).index(finding.severity) for finding in paper.findings]
        assert ranks == sorted(ranks)
        assert paper.file
        if paper.verdict in {Verdict.READY, Verdict.UPDATE}:
            assert not has_errors(paper.findings)
            assert paper.paper.title
            assert paper.paper.categories or paper.needs_categories
        elif paper.verdict is not Verdict.NEEDS_MAINTAINER:
            assert has_errors(paper.findings)
        if paper.verdict in {Verdict.UPDATE, Verdict.DUPLICATE}:
            assert paper.before is not None


@settings(max_examples=_SOME)
@given(CANDIDATES)
def test_normalizing_twice_is_normalizing_once(
    collection: Collection, candidate: Candidate
) -> None:
    once = normalize_candidate(candidate, collection)
    again = normalize_candidate(
        Candidate(
            given={
                name: Given(
                    value=list(value) if isinstance(value, tuple) else value,
                    origin=candidate_origin(candidate),
                )
                for name, value in once.values.items()
            },
            file=candidate.file,
        ),
        collection,
    )
    assert again.values == once.values


def candidate_origin(candidate: Candidate) -> Origin:
    return Origin.FILE if candidate.file else Origin.FORM


@given(givens(st.just(Origin.FORM)), st.permutations(NAMES))
def test_the_order_of_the_fields_does_not_matter(
    collection: Collection,
    fields: Mapping[str, Given],
    order: list[str],
) -> None:
    def answer(names: Any) -> Any:
        given_fields = {name: fields[name] for name in names if name in fields}
        proposal = Proposal(intent=Intent.ADD, candidates=(Candidate(given=given_fields),))
        report = review(proposal, collection)
        return report.verdict, report.papers[0].paper, sorted(map(str, report.papers[0].findings))

    assert answer(NAMES) == answer(order)
