"""Characters that a title may not hold, and words that deceive."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.characters import mixed_script_words, refused_characters


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        pytest.param("a\u202eb", ("U+202E RIGHT-TO-LEFT OVERRIDE",), id="D18-override"),
        pytest.param("a\u2066b\u2069", ("U+2066 LEFT-TO-RIGHT ISOLATE",
                                        "U+2069 POP DIRECTIONAL ISOLATE"), id="D18-isolate"),
        pytest.param("a\u200bb\u200bc", ("U+200B ZERO WIDTH SPACE",), id="D18-zero-width-once"),
        pytest.param("a\u200db", ("U+200D ZERO WIDTH JOINER",), id="D18-joiner-in-word"),
        pytest.param("👩\u200d", ("U+200D ZERO WIDTH JOINER",), id="D18-joiner-at-end"),
        pytest.param("\u200d👩", ("U+200D ZERO WIDTH JOINER",), id="D18-joiner-at-start"),
        pytest.param("a\U000e0041", ("U+E0041 TAG LATIN CAPITAL LETTER A",), id="D18-tag"),
        pytest.param("a\u00adb", ("U+00AD SOFT HYPHEN",), id="D18-soft-hyphen"),
        pytest.param("a\ufeffb", ("U+FEFF ZERO WIDTH NO-BREAK SPACE",), id="D18-bom"),
        pytest.param("a\x00b", ("U+0000",), id="D18-null"),
        pytest.param("a\nb", ("U+000A",), id="D18-newline"),
        pytest.param("a\u2028b", ("U+2028 LINE SEPARATOR",), id="D18-line-separator"),
        pytest.param("a\ue000b", ("U+E000",), id="D18-private-use"),
        pytest.param("a\ud800b", ("U+D800",), id="D18-surrogate"),
        pytest.param("a\u3164b", ("U+3164 HANGUL FILLER",), id="D18-blank-letter"),
        pytest.param("a\U000e0100b", ("U+E0100 VARIATION SELECTOR-17",), id="D18-selector"),
    ],
)  # fmt: skip
def test_refused(text, refused):
    assert refused_characters(text) == refused


@pytest.mark.parametrize(
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
    assert refused_characters(text) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Lаrge Language Models", ("Lаrge",), id="D18-cyrillic-a"),
        pytest.param("Knοwledge", ("Knοwledge",), id="D18-greek-omicron"),
        pytest.param("𝐋а𝐫𝐠𝐞 models", ("Lаrge",), id="D18-mathematical-and-cyrillic"),
        pytest.param("Orca сосо", ("сосо",), id="D18-look-alike-word"),
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
    refused_characters(text)
    mixed_script_words(text)


@pytest.mark.parametrize("unit", ["a", "а", "aа", "\u200d", "👩\u200d", "\ufe0f", "\u202e"])
def test_time_is_linear_D13(unit):
    text = (unit * 65_536)[:65_536]
    for function in (refused_characters, mixed_script_words):
        start = time.perf_counter()
        function(text)
        assert time.perf_counter() - start < 0.5
