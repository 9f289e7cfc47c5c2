"""`CITATION.cff` is valid, and the same wherever it is built."""

from dataclasses import replace

import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema import validators

from kdbot.model.urls import encode_address, page_address
from kdbot.publish.exports.citations import _MAX_REFERENCES, render_citation
from tests.rows import each


def errors(text):
    schema = get_builtin_schema("vendor.citation-file-format")
    document = yaml.safe_load(text)
    document["date-released"] = str(document.get("date-released", "2024-01-01"))
    return [e.message for e in validators.validator_for(schema)(schema).iter_errors(document)]


@pytest.fixture
def venues(collect):
    return collect().venues


@pytest.mark.parametrize("survey", ["2402.13116", "hep-th/9901001", None])
@pytest.mark.parametrize("dated", [True, False])
def test_it_is_valid(papers, venues, settings, survey, dated):
    chosen = [p if dated else replace(p, added=None) for p in papers]
    text = render_citation(chosen, venues, replace(settings, survey=survey))
    assert errors(text) == []


def test_it_names_the_list_its_paper_and_its_last_day(papers, venues, settings):
    document = yaml.safe_load(render_citation(papers, venues, settings))
    assert document["title"] == settings.title
    assert str(document["date-released"]) == "2024-03-18"
    assert document["identifiers"][0]["value"] == "10.48550/arXiv.2402.13116"


def test_it_names_the_licence_of_the_data(papers, venues, settings):
    text = render_citation(papers, venues, replace(settings, data_license="CC0-1.0"))
    assert errors(text) == []
    assert yaml.safe_load(text)["license"] == "CC0-1.0"


def test_it_does_not_depend_on_where_it_is_built(papers, venues, settings):
    elsewhere = replace(settings, repository=None)
    assert render_citation(papers, venues, settings) == render_citation(papers, venues, elsewhere)


def test_the_papers_of_this_list_are_its_references(listed, listed_settings):
    text = render_citation(listed.papers.values(), listed.venues, listed_settings)
    assert errors(text) == []
    references = {one["title"]: one for one in yaml.safe_load(text)["references"]}
    assert len(references) == sum(1 for paper in listed.papers.values() if paper.authors)
    assert references["MiniLLM: Knowledge Distillation of Large Language Models"] == {
        "type": "conference-paper",
        "title": "MiniLLM: Knowledge Distillation of Large Language Models",
        "authors": [
            {"family-names": "Gu", "given-names": "Yuxian"},
            {"family-names": "Dong", "given-names": "Li"},
            {"family-names": "Wei", "given-names": "Furu"},
            {"family-names": "Huang", "given-names": "Minlie"},
        ],
        "conference": {"name": "International Conference on Learning Representations"},
        "year": 2024,
        "url": "https://arxiv.org/abs/2306.08543",
    }


def test_a_large_list_names_those_that_entered_last(many, listed_settings):
    text = render_citation(many.papers.values(), many.venues, listed_settings)
    assert text.count("  - type: ") == _MAX_REFERENCES + 1


@each(
    ("repository", "address"),
    [
        ("Octo-Org/Papers", "https://octo-org.github.io/Papers/"),
        ("Octo/octo.github.io", "https://octo.github.io/"),
        (None, None),
    ],
)
def test_the_page_of_a_repository(repository, address):
    assert page_address(repository) == address


@pytest.mark.parametrize(
    ("url", "encoded"),
    [
        ("https://a.org/b?c=1&d=%20#e", "https://a.org/b?c=1&d=%20#e"),
        ('https://a.org/b c{}<>"\\^`|é', "https://a.org/b%20c%7B%7D%3C%3E%22%5C%5E%60%7C%C3%A9"),
    ],
)
def test_an_address_in_plain_characters(url, encoded):
    assert encode_address(url) == encoded
