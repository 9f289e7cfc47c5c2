"""Characters that a title may not hold, and words that deceive."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.text.characters import mixed_script_words, refused_positions
from tests.rows import each


@each(
    ("text", "refused"),
    [
        pytest.param("a\u202eb", (1,), id="D18-override"),
        pytest.param("a\u2066b\u2069", (1, 3), id="D18-isolate"),
        pytest.param("a\u200bb\u200bc", (1, 3), id="D18-zero-width"),
        pytest.param("a\u200db", (1,), id="D18-joiner-in-word"),
        pytest.param("👩\u200d", (1,), id="D18-joiner-at-end"),
        pytest.param("\u200d👩", (0,), id="D18-joiner-at-start"),
        pytest.param("a\U000e0041", (1,), id="D18-tag"),
        pytest.param("a\u00adb", (1,), id="D18-soft-hyphen"),
        pytest.param("a\ufeffb", (1,), id="D18-bom"),
        pytest.param("a\x00b", (1,), id="D18-null"),
        pytest.param("a\nb", (1,), id="D18-newline"),
        pytest.param("a\u2028b", (1,), id="D18-line-separator"),
        pytest.param("a\ue000b", (1,), id="D18-private-use"),
        pytest.param("a\ud800b", (1,), id="D18-surrogate"),
        pytest.param("a\u3164b", (1,), id="G05-hangul-filler"),
        pytest.param("a\u2800b", (1,), id="G05-blank-pattern"),
        pytest.param("a\u034fb", (1,), id="G05-grapheme-joiner"),
        pytest.param("a\u17b4b", (1,), id="G05-inherent-vowel"),
        pytest.param("a\uffa0b", (1,), id="G05-halfwidth-filler"),
        pytest.param("a\U000e0101b", (1,), id="G05-selector"),
    ],
)
def test_refused(text, refused):
    assert refused_positions(text) == refused


@each(
    "text",
    [
        "MiniLLM: Knowledge Distillation of Large Language Models",
        "Schrödinger’s “Étude” – 90% *",
        "知识蒸馏：综述",
        "蒸留 か が",
        pytest.param("👩\u200d💻 👩🏽\u200d🔬 🏳\ufe0f\u200d🌈 ❤\ufe0f", id="D18-emoji-sequences"),
    ],
)
def test_allowed(text):
    assert refused_positions(text) == ()


@each(
    ("text", "words"),
    [
        pytest.param("Lаrge Language Models", ("Lаrge",), id="D18-cyrillic-a"),
        pytest.param("Knοwledge", ("Knοwledge",), id="D18-greek-omicron"),
        pytest.param("𝐋а𝐫𝐠𝐞 models", ("Lаrge",), id="D18-mathematical-and-cyrillic"),
        pytest.param("Orca сосо", ("сосо",), id="D18-look-alike-word"),
        pytest.param("А Survey of Models", ("А",), id="G05-article"),
        pytest.param("Оrса and АІ", ("Оrса", "АІ"), id="G05-look-alike-words"),
        pytest.param("An ΑΙ of Ones Own", ("ΑΙ",), id="G05-greek-word"),
        pytest.param("ᎪᏚᎢ at Work", ("ᎪᏚᎢ",), id="G05-cherokee-word"),
        pytest.param("Рост LLM", (), id="G05-word-that-shows-its-script"),
        pytest.param("Сосо и ЛЛМ in Russian", (), id="G05-among-its-like"),
        pytest.param("ν-SVM and the ρ of α", (), id="G05-single-greek"),
        pytest.param("μTransfer, β-VAE and αNLI", (), id="D18-greek-symbols"),
        pytest.param("Дистилляция знаний", (), id="D18-one-script"),
        pytest.param("Обзор LLM", (), id="D18-two-scripts-in-two-words"),
        pytest.param("GPT模型 と Tシャツ", (), id="D18-ideographs"),
        pytest.param("Schrödinger", (), id="D18-accents"),
    ],
)
def test_mixed_script_words(text, words):
    assert mixed_script_words(text) == words


@given(st.text())
def test_any_text_is_answered(text):
    refused_positions(text)
    mixed_script_words(text)


@each("unit", ["a", "а", "aа", "\u200d", "👩\u200d", "\ufe0f", "\u202e"])
def test_time_is_linear_D13(unit):
    text = (unit * 65_536)[:65_536]
    for function in (refused_positions, mixed_script_words):
        start = time.process_time()
        function(text)
        assert time.process_time() - start < 0.5
