"""Titles: when two spellings are equal, what sets two apart, and the file name made of one."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.identifiers import arxiv_from_stem
from kdbot.model.titles import acronym_head, fold_title, title_numbers, title_slug
from tests.rows import each


@each(
    ("one", "other"),
    [
        pytest.param("MiniLLM: Knowledge Distillation of Large Language Models",
                     "MiniLLM – knowledge distillation of LLMs", id="D17-model-and-case"),
        pytest.param("Divide-or-Conquer?  Which Part", "Divide or Conquer - which part!",
                     id="D17-punctuation"),
        pytest.param("Large Language Models (LLMs) as Judges", "LLM as Judges", id="D17-repeated"),
        pytest.param("A Language Model’s Guide", "A Language Model's Guide", id="D17-apostrophe"),
        pytest.param("Ｓｅｌｆ－Ｉｎｓｔｒｕｃｔ", "Self-Instruct", id="D17-full-width"),
        pytest.param("𝐌𝐢𝐧𝐢𝐋𝐋𝐌", "MiniLLM", id="D17-mathematical-letters"),
        pytest.param(r"\textbf{Orca}~2: {\em Teaching}", "Orca 2: Teaching", id="D17-latex"),
        pytest.param(r"Schr{\"o}dinger's \'Etude", "Schrödinger’s Étude", id="D17-latex-accents"),
        pytest.param("Schrödinger", "Schrodinger", id="D17-accents"),
        pytest.param(r"$\pi_0$: A Flow Model", "π0: A Flow Model", id="D17-latex-greek"),
        pytest.param(r"$\beta$-VAE", "β-VAE", id="D17-greek"),
        pytest.param(r"90\% of $f$-Divergence", "90% of f-divergence", id="D17-escapes"),
        pytest.param("Search &amp; Rescue", "Search and Rescue", id="D17-ampersand"),
        pytest.param("Know\u00adledge Dis\u200btillation", "Knowledge Distillation",
                     id="D18-invisible"),
    ],
)  # fmt: skip
def test_equal_titles(one, other):
    assert fold_title(one) == fold_title(other) != ""


@each(
    ("one", "other"),
    [
        ("Orca: Progressive Learning", "Orca 2: Progressive Learning"),
        ("Textbooks Are All You Need", "Textbooks Are All You Need II"),
        ("HuatuoGPT", "HuatuoGPT-II"),
        ("WizardLM", "WizardMath"),
        ("DistiLLM", "MiniLLM"),
        ("DistiLLM", "DistiLLM+"),
        ("Reflection-Tuning", "Selective Reflection-Tuning"),
        ("A Watermark for Large Language Models", "Unbiased Watermark for Large Language Models"),
        ("知识蒸馏综述", "知识蒸馏"),
        ("か", "が"),
    ],
)
def test_different_titles_D17(one, other):
    assert fold_title(one) != fold_title(other)


@each(
    ("title", "folded"),
    [
        ("Large Language Models", "llm"),
        ("large LMs and small language models", "llm and small lm"),
        ("Vision-Language Model", "vision lm"),
        ("Languages Modelled", "languages modelled"),
        ("知识蒸馏：综述", "知识蒸馏 综述"),
        ("?!", ""),
        ("", ""),
    ],
)
def test_folded_form(title, folded):
    assert fold_title(title) == folded


@each(
    ("title", "numbers"),
    [
        ("Orca: Progressive Learning", ()),
        ("Orca 2: Teaching Small Language Models", ("2",)),
        ("Textbooks Are All You Need II: phi-1.5 technical report", ("1.5", "2")),
        ("HuatuoGPT-II", ("2",)),
        ("HuatuoGPT-Ⅱ", ("2",)),
        ("vicuna v1.5", ("1.5",)),
        ("Llama2", ("2",)),
        ("Llama 2.0", ("2",)),
        ("GPT-4 and Llama 3", ("3", "4")),
        ("Llama 3 and GPT-4", ("3", "4")),
        ("From 10,000 to 7B", ("7", "10000")),
        ("1,2,3", ("1", "2", "3")),
        ("007", ("7",)),
        ("Part XIV", ("14",)),
        ("part iii", ("3",)),
        ("I, V and X; ML, CV and MIX; Vision, xIV2", ("2",)),
        ("٣ passes", ("3",)),
        ("x² and 1" + "0" * 5000, ("2", "1" + "0" * 5000)),
    ],
)
def test_numbers_D17(title, numbers):
    assert title_numbers(title) == numbers


@each(
    ("title", "head"),
    [
        ("MiniLLM: Knowledge Distillation of LLMs", "MiniLLM"),
        ("Orca 2: Teaching Small Language Models How to Reason", "Orca 2"),
        ("Orca：Progressive Learning", "Orca"),
        ("Self-Instruct: Aligning", "Self-Instruct"),
        ("Constitutional AI: Harmlessness from AI Feedback", "Constitutional AI"),
        ("Symbolic Chain-of-Thought Distillation: Small Models", None),
        (r"\textsc{MiniLLM}: Knowledge", "MiniLLM"),
        ("DARWIN Series: Domain Specific LLMs", "DARWIN Series"),
        ("Knowledge Distillation: A Survey", None),
        ("Textbooks Are All You Need II: phi-1.5", None),
        ("The 16:9 Problem", None),
        ("MiniLLM:", None),
        (": Knowledge", None),
        ("MiniLLM", None),
    ],
)
def test_acronym_head(title, head):
    assert acronym_head(title) == head


@each(
    ("title", "slug"),
    [
        ("Stanford Alpaca: An Instruction-following LLaMA Model",
         "stanford-alpaca-an-instruction-following-llama-model"),
        ("Vicuna: An Open-Source Chatbot Impressing GPT-4 with 90%* ChatGPT Quality",
         "vicuna-an-open-source-chatbot-impressing-gpt-4-with-90"),
        ("Schrödinger’s Łódź", "schrodingers-lodz"),
        ("β-VAE", "beta-vae"),
        ("1984", "1984"),
        ("2402.13116", "2402-13116"),
        ("../etc/passwd", "etc-passwd"),
        ("-rf", "rf"),
        ("CON", "con-a3dbc4b6"),
        ("知识蒸馏", "5a140db7"),
        ("知识蒸馏 KD", "kd"),
        ("x" * 80, "x" * 60),
    ],
)  # fmt: skip
def test_slug(title, slug):
    assert title_slug(title) == slug


def test_slug_that_is_taken_gets_a_hash_D19():
    long_title = "word " * 20
    assert title_slug("Alpaca", taken={"alpaca"}) == "alpaca-0acb9e17"
    assert title_slug("Alpaca", taken={"alpaca", "alpaca-0acb9e17"}) == "alpaca-e994b743"
    slug = title_slug(long_title, taken={title_slug(long_title)})
    assert re.fullmatch("(word-)+[0-9a-f]{8}", slug)
    assert len(slug) <= 60


@given(st.text(), st.booleans())
def test_slug_is_a_safe_file_name_D19(title, is_taken):
    taken = {title_slug(title)} if is_taken else set()
    slug = title_slug(title, taken=taken)
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= 60
    assert slug not in taken | {"con", "prn", "aux", "nul", "com1", "lpt9"}
    assert arxiv_from_stem(slug) is None


LATEX = st.text(r"aI2 \{}$^_~'`" + '"αé&+-:l').map("large language models ".__add__)


@given(st.text() | LATEX)
def test_folding_is_idempotent_D17(title):
    folded = fold_title(title)
    assert fold_title(folded) == folded
    assert folded == " ".join(folded.split())


@given(st.text() | LATEX)
def test_any_title_is_answered(title):
    title_numbers(title)
    head = acronym_head(title)
    assert head is None or head.strip() == head != ""


UNITS = r"a 1 1,111 1. i $ $x \  \'{ { : α lm x- & 	ext"


@each("unit", [*UNITS.split(), " i", "\u0301", "\u200d", "large language model "])
def test_time_is_linear_D13(unit):
    title = (unit * 65_536)[:65_536]
    for function in (fold_title, title_numbers, title_slug, acronym_head):
        start = time.process_time()
        function(title)
        assert time.process_time() - start < 0.5
