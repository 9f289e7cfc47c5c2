"""Titles and links that show one thing and hold another."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kdbot.model.collection import Collection
from kdbot.model.proposal import Candidate
from kdbot.review.checks import check_draft
from kdbot.review.normalize import normalize_candidate
from kdbot.text.characters import mixed_script_words, refused_positions
from tests.rows import each


@pytest.fixture
def codes(collection: Collection, form: Callable[..., Candidate]) -> Callable[..., set[str]]:
    """Return the codes of the findings about one field."""

    def run(field: str, value: str) -> set[str]:
        draft = normalize_candidate(form({field: value, "categories": ["Surveys"]}), collection)
        found = (*draft.findings, *check_draft(draft, collection))
        return {f.code for f in found if f.field == field and f.code != "missing-date"}

    return run


@each(
    "title",
    [
        "A \u202etitle that reads backwards",
        "A \u2066title\u2069 in isolation",
        "A ti\u200btle with a gap of no width",
        "A ti\u00adtle with a soft hyphen",
        "A title\U000e0041 with a tag",
        "A title \ue000 of private use",
        "A title\ufeff with a mark",
        "A title with a joi\u200dner outside of an emoji",
        "\u200dA title that begins with one",
        "A title that ends with one\u200d",
        "A title with a bell\x07 in it",
        "A title with a lone \ud800 surrogate",
        *(
            pytest.param(f"A ti{character}tle", id=f"G05-U+{ord(character):04X}")
            for character in "\u3164\u2800\u034f\u17b4\uffa0\U000e0101"
        ),
    ],
)
def test_D18_a_character_that_nobody_can_see_is_refused(
    title: str, codes: Callable[..., set[str]]
) -> None:
    assert codes("title", title) == {"hidden-character"}


@each(
    ("field", "value"),
    [
        ("venue", "EM\u200bNLP"),
        ("authors", ["A Person", "Another\u202e Person"]),
        ("note", "A \u2066note."),
    ],
)
def test_D18_in_any_other_field_too(field: str, value: str, codes: Callable[..., set[str]]) -> None:
    assert "hidden-character" in codes(field, value)


@each(
    "title",
    [
        "Distillation with 👩\u200d🔬 in the Loop",
        "Élèves et maîtres : une étude",
        "知识蒸馏 for Language Models",
        "α-Divergence and the β of Students",
        "Σ-Nets: Sums of Students",
        "“Quoted” – and dashed — titles…",
        "Дистилляция знаний",
        "Knowledge 知識 ナレッジ",
    ],
)
def test_D18_an_unusual_title_is_not(title: str, codes: Callable[..., set[str]]) -> None:
    assert codes("title", title) == set()


@each(
    "title",
    [
        pytest.param("Knоwledge Distillation", id="Cyrillic-o"),
        pytest.param("МiniLLM and Its Students", id="Cyrillic-M"),
        pytest.param("A ΡaLM of One's Own", id="Greek-Rho"),
        pytest.param("Ꮮarge Models", id="Cherokee-L"),
        pytest.param("ОРТ: Open Models", id="G05-whole-word"),
        pytest.param("А Survey of Models", id="G05-article"),
    ],
)
def test_D18_a_word_of_two_scripts_is_shown_to_a_person(
    title: str, codes: Callable[..., set[str]]
) -> None:
    assert codes("title", title) == {"mixed-script"}


@each(
    "link",
    [
        "https://arxiv.org.evil.com/abs/2402.12030",
        "https://arxiv.org@evil.com/abs/2402.12030",
        "https://evil.com/arxiv.org/abs/2402.12030",
        "2413.00001",
        "2402.123456",
        "2402.1203",
        "２４０２.１２０３０",
        "2402.\u200b12030",
        "https://arxiv.org/abs/2413.00001",
    ],
)
def test_D15_what_looks_like_an_identifier_is_taken_for_none(
    link: str, collection: Collection, form: Callable[..., Candidate]
) -> None:
    draft = normalize_candidate(form({"url": link}), collection)
    assert "arxiv" not in draft.values


@each(
    "alias",
    [
        "2306.08543",
        "2306.08543v3",
        "arXiv:2306.08543",
        "ARXIV:2306.08543V2",
        "https://arxiv.org/abs/2306.08543v1",
        "https://arxiv.org/pdf/2306.08543.pdf?x#y",
        "https://arxiv.org/html/2306.08543",
        "https://export.arxiv.org/abs/2306.08543",
        "10.48550/arXiv.2306.08543",
        "https://ar5iv.org/abs/2306.08543",
        "https://www.alphaxiv.org/abs/2306.08543",
        "https://huggingface.co/papers/2306.08543",
    ],
)
@each("field", ["url", "arxiv"])
def test_D14_every_alias_is_the_identifier(
    alias: str, field: str, collection: Collection, form: Callable[..., Candidate]
) -> None:
    once = normalize_candidate(form({field: alias}), collection)
    assert once.values["arxiv"] == "2306.08543"
    again = normalize_candidate(form({"arxiv": str(once.values["arxiv"])}), collection)
    assert again.values == once.values


def test_G05_no_title_that_is_known_is_refused() -> None:
    root = Path(__file__).resolve().parents[2]
    texts = [path.read_text("utf-8") for path in (root / "papers").iterdir()]
    texts += [path.read_text("utf-8") for path in (root / "tests/data/import").rglob("*.md")]
    proposals = (root / "tests/data/proposals.jsonl").read_text("utf-8").split("\n")
    texts += [json.loads(line)["body"] or "" for line in proposals if line]
    lines = {line.strip() for text in texts for line in text.split("\n") if not line.isascii()}
    assert len(lines) > 10
    assert [line for line in lines if mixed_script_words(line)] == []
    told = [line for line in lines if refused_positions(line.expandtabs())]
    assert told == []
