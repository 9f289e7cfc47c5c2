"""Which titles are one paper, which may be, and which are two; and how fast that is known."""

import random
import time
from collections.abc import Callable, Mapping
from typing import Any

from kdbot.model.collection import Collection, Identities, Identity
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.proposal import Candidate, Intent, Proposal
from kdbot.model.report import PaperReport, Verdict
from kdbot.model.titles import fold_title
from kdbot.review.collection import similar_pairs
from kdbot.review.duplicates import same_paper
from kdbot.review.paper import OpenProposal
from kdbot.review.proposal import identities_in, review
from kdbot.review.similarity import are_alike, find_alike, title_of, title_ratio
from tests.rows import each

TRUE_PAIRS = [
    (
        "MiniLLM: Knowledge Distillation of Large Language Models",
        "Knowledge Distillation of Large Language Models",
    ),
    (
        "MiniLLM: Knowledge Distillation of Large Language Models",
        "MiniLLM: On-Policy Distillation of Large Language Models",
    ),
    (
        "Distilling Step-by-Step! Outperforming Larger Language Models with Less Data",
        "Distilling step by step: outperforming larger LMs with less training data",
    ),
    (
        "Self-Instruct: Aligning Language Models with Self-Generated Instructions",
        "Self-Instruct: Aligning Language Model with Self Generated Instructions",
    ),
    (
        "UltraFeedback: Boosting Language Models with High-quality Feedback",
        "UltraFeedback: Boosting Language Models with Scaled AI Feedback",
    ),
    (
        "Is ChatGPT Good at Search? Investigating Large Language Models as Re-Ranking Agents",
        "Is ChatGPT Good at Search? Investigating Large Language Models as Re-Ranking Agent",
    ),
    (
        "Zephyr: Direct Distillation of LM Alignment",
        "Zephyr: Direct Distillation of Language Model Alignment",
    ),
    (
        "Lion: Adversarial Distillation of Proprietary Large Language Models",
        "Lion: Adversarial Distillation of Closed-Source Large Language Model",
    ),
    (
        "Instruction Tuning with GPT-4 and Small Language Models",
        "Instruction Tuning with GPT4 and Small Language Models",
    ),
]

HARD_NEGATIVES = [
    (
        "Orca: Progressive Learning from Complex Explanation Traces of GPT-4",
        "Orca 2: Teaching Small Language Models How to Reason",
    ),
    (
        "Orca 2: Teaching Small Language Models How to Reason",
        "Teaching Small Language Models to Reason",
    ),
    ("Orca", "Orca 2"),
    ("Textbooks Are All You Need", "Textbooks Are All You Need II: phi-1.5 technical report"),
    ("Textbooks Are All You Need", "Textbooks Are All You Need II"),
    (
        "HuatuoGPT, towards Taming Language Model to Be a Doctor",
        "HuatuoGPT-II, One-stage Training for Medical Adaption of LLMs",
    ),
    (
        "WizardLM: Empowering Large Language Models to Follow Complex Instructions",
        "WizardCoder: Empowering Code Large Language Models with Evol-Instruct",
    ),
    (
        "WizardCoder: Empowering Code Large Language Models with Evol-Instruct",
        "WizardMath: Empowering Mathematical Reasoning for LLMs via Reinforced Evol-Instruct",
    ),
    (
        "Knowledge Fusion of Large Language Models",
        "MiniLLM: Knowledge Distillation of Large Language Models",
    ),
    (
        "Reflection-Tuning: Data Recycling Improves LLM Instruction-Tuning",
        "Selective Reflection-Tuning: Student-Selected Data Recycling for LLM Instruction-Tuning",
    ),
    (
        "DistiLLM: Towards Streamlined Distillation for Large Language Models",
        "MiniLLM: Knowledge Distillation of Large Language Models",
    ),
    (
        "Kun: Answer Polishment for Chinese Self-Alignment with Instruction Back-Translation",
        "Self-Alignment with Instruction Backtranslation",
    ),
    ("A Watermark for Large Language Models", "Unbiased Watermark for Large Language Models"),
    (
        "Llama 2: Open Foundation and Fine-Tuned Chat Models",
        "Llama 3: Open Foundation and Fine-Tuned Chat Models",
    ),
]


@each(("one", "other"), TRUE_PAIRS)
def test_two_spellings_of_one_paper_are_alike(one: str, other: str) -> None:
    assert are_alike(title_of(one), title_of(other))
    assert are_alike(title_of(other), title_of(one))


@each(("one", "other"), HARD_NEGATIVES)
def test_two_papers_stay_apart(one: str, other: str) -> None:
    assert not are_alike(title_of(one), title_of(other))
    assert not are_alike(title_of(other), title_of(one))


@each(("one", "other"), TRUE_PAIRS)
def test_the_index_finds_what_is_alike(one: str, other: str) -> None:
    identities = Identities(
        all=tuple(
            Identity(id=str(i), title=title)
            for i, title in enumerate(
                [one, *(negative for pair in HARD_NEGATIVES for negative in pair)]
            )
        )
    )
    equal = identities.by_title.get(fold_title(other), ())
    assert "0" in {found.id for found in (*equal, *find_alike(other, identities))}


def test_D17_identifier_blocks_and_similar_title_warns_alone(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    title = "MiniLLMs: Knowledge Distillation for Large Language Models"
    similar = _only(
        {"url": "2407.00001", "title": title, "categories": ["Features"]}, collection, form
    )
    assert (similar.verdict, [f.code for f in similar.findings]) == (
        Verdict.READY,
        ["similar-title"],
    )
    for link in ("2306.08543v4", "doi:10.48550/arXiv.2306.08543", "ar5iv.org/abs/2306.08543"):
        assert _only({"url": link}, collection, form).verdict is Verdict.DUPLICATE


@each(
    ("given", "verdict", "code"),
    [
        ({"url": "2306.08543"}, Verdict.DUPLICATE, "duplicate-arxiv"),
        (
            {"title": "minillm: knowledge distillation of LLMs"},
            Verdict.DUPLICATE,
            "duplicate-title",
        ),
        (
            {"url": "2306.08543", "title": "Unrelated Words about Gardens"},
            Verdict.NEEDS_CHANGES,
            "title-conflict",
        ),
        (
            {
                "url": "2407.00001",
                "title": "MiniLLM: Knowledge Distillation of Large Language Models",
            },
            Verdict.NEEDS_CHANGES,
            "identifier-conflict",
        ),
        (
            {"url": "2306.08543", "categories": ["Nowhere"]},
            Verdict.NEEDS_CHANGES,
            "unknown-category",
        ),
    ],
)
def test_a_listed_paper(
    given: Mapping[str, Any],
    verdict: Verdict,
    code: str,
    collection: Collection,
    form: Callable[..., Candidate],
) -> None:
    paper = _only(given, collection, form)
    assert (paper.verdict, paper.findings[0].code) == (verdict, code)
    assert paper.before is not None
    assert paper.before.id == "2306.08543"


def test_a_conference_copy_of_a_listed_preprint_adds_its_identifier(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    title = "MiniLLM: Knowledge Distillation of Large Language Models"
    paper = _only(
        {"url": "https://openreview.net/forum?id=5h0qf7IBZY", "title": title}, collection, form
    )
    assert paper.verdict is Verdict.UPDATE
    assert (paper.paper.openreview, paper.paper.arxiv) == ("5h0qf7IBZY", "2306.08543")


def test_a_person_who_says_that_it_is_another_paper_is_believed_but_for_identifiers(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    title = "MiniLLM: Knowledge Distillation of Large Language Models"
    other = {"url": "2407.00001", "title": title, "categories": ["Features"]}
    assert _only(other, collection, form, distinct=True).verdict is Verdict.READY
    assert (
        _only({"url": "2306.08543"}, collection, form, distinct=True).verdict is Verdict.DUPLICATE
    )
    slug = {
        "title": "Alpaca: A strong replicable instruction-following model",
        "categories": ["Surveys"],
    }
    second = _only(slug, collection, form, distinct=True)
    assert second.verdict is Verdict.READY
    assert second.file.startswith("papers/alpaca-")
    assert second.paper.id not in collection.papers


def test_the_older_proposal_is_the_original(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    given = {"url": "2402.11176", "title": "KnowTuning: Knowledge-aware Tuning"}
    proposal = Proposal(intent=Intent.ADD, candidates=(form(given),))
    identities = identities_in(proposal, collection)
    others = [OpenProposal(number=n, identities=identities) for n in (43, 41)]
    paper = review(proposal, collection, others=others).papers[0]
    # What is missing is not asked for: there is nothing to complete.
    assert (paper.verdict, paper.original) == (Verdict.DUPLICATE, 41)
    assert [f.code for f in paper.findings if f.severity == "error"] == ["duplicate-proposal"]


@each(
    ("one", "other", "same"),
    [
        (("A", "arxiv:1"), ("B", "arxiv:1"), True),
        (("A Title", ""), ("a title", ""), True),
        (("A Title", "arxiv:1"), ("a title", "arxiv:2"), False),
        (("A Title", "arxiv:1"), ("a title", "acl:2"), True),
        (("A", "url:https://e.org/"), ("B", "url:https://e.org/"), False),
        (("A", "url:https://e.org/p"), ("B", "url:https://e.org/p"), True),
        (("", ""), ("", ""), False),
    ],
)
def test_two_identities(one: tuple[str, str], other: tuple[str, str], same: bool) -> None:
    assert same_paper(_identity(*one), _identity(*other)) is same
    assert same_paper(_identity(*other), _identity(*one)) is same


def test_the_audit_names_each_pair_once(collection: Collection) -> None:
    titles = ["On the Same Thing in Models", "On the Same Things in Models", "Elsewhere"]
    identities = Identities(all=tuple(Identity(id=str(i), title=t) for i, t in enumerate(titles)))
    assert len(list(similar_pairs(identities))) == 1
    assert list(similar_pairs(collection.identities)) == []


def test_one_look_up_in_ten_thousand_titles_takes_under_ten_milliseconds() -> None:
    rnd = random.Random(7)  # noqa: S311 - titles, not secrets
    words = [f"{a}{b}" for a in ("dist", "mod", "teach", "stud", "lang") for b in range(60)]
    words += ["language", "models", "large", "for", "with", "distillation", "knowledge"] * 20
    identities = Identities(
        all=tuple(
            Identity(id=str(i), title=" ".join(rnd.choices(words, k=rnd.randint(5, 14))))
            for i in range(10_000)
        )
    )
    list(find_alike("warm the index", identities))
    queries = [f"{identities.all[i].title} again" for i in range(0, 10_000, 500)]
    start = time.process_time()
    for query in queries:
        list(find_alike(query, identities))
    assert (time.process_time() - start) / len(queries) < 0.010


def test_likeness_is_a_ratio_of_sorted_words() -> None:
    assert title_ratio("Models of Language", "language of models") == 100
    assert title_ratio("Knowledge Distillation", "Gardens in Spring") < 60


def _identity(title: str, key: str) -> Identity:
    kind, _, value = key.partition(":")
    return Identity(id="x", title=title, keys=((IdentifierKind(kind), value),) if key else ())


def _only(
    given: Mapping[str, Any],
    collection: Collection,
    form: Callable[..., Candidate],
    *,
    distinct: bool = False,
) -> PaperReport:
    proposal = Proposal(intent=Intent.ADD, candidates=(form(dict(given)),))
    report = review(proposal, collection, distinct=distinct)
    assert len(report.papers) == 1
    return report.papers[0]
