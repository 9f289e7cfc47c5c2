"""*Fix this*: each paper's link opens the form Correction, and the form names that very paper."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from kdbot.intake.proposal import parse_proposal
from kdbot.model.form import form_fields
from kdbot.publish.issue_form import CORRECTION_FORM, render_correction_form
from kdbot.publish.site.files import site_files
from kdbot.review.proposal import review

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r'<tr data-paper="([^"]+)"[^>]*>.*?<a href="([^"]+)">Fix this</a>')


@pytest.fixture(scope="module")
def settings(listed_settings):
    return replace(listed_settings, repository="octo/list")


@pytest.fixture(scope="module")
def links(listed, settings):
    """The link of each paper, by its id."""
    pages = [text for name, text in site_files(listed, settings).items() if name.startswith("c/")]
    return {i: unescape(href) for text in pages for i, href in LINK.findall(text)}


def test_every_paper_has_one_to_a_form_and_a_question_that_are_there(links, listed, settings):
    assert set(links) == set(listed.papers)
    questions = {one.get("id") for one in yaml.safe_load(render_correction_form(settings))["body"]}
    for link in links.values():
        parts = urlsplit(link)
        assert parts._replace(query="").geturl() == "https://github.com/octo/list/issues/new"
        query = parse_qs(parts.query, strict_parsing=True)
        assert query.pop("template") == [Path(CORRECTION_FORM).name]
        assert set(query) <= questions
        assert len(query) == 1


def test_what_is_filled_in_is_read_as_that_very_paper(links, listed, settings):
    form = form_fields(settings, listed.schema, listed.taxonomy)
    which, _, wrong, _ = form.correction
    for paper, link in links.items():
        (named,) = parse_qs(urlsplit(link).query)[which.id]
        body = f"### {which.label}\n\n{named}\n\n### {wrong.label}\n\nVenue: A Venue Nobody Knows"
        proposal = parse_proposal(
            "", body, form=form, taxonomy=listed.taxonomy, venues=listed.venues
        )
        (report,) = review(proposal, listed).papers
        assert report.before is not None, named
        assert report.before.id == paper


def test_the_script_makes_the_same_link(listed, settings):
    page = site_files(listed, settings)["index.html"]
    (start,) = re.findall(r'data-fix="([^"]+)"', page)
    assert (
        unescape(start) == "https://github.com/octo/list/issues/new?template=correction.yml&paper="
    )


def test_a_list_without_a_repository_has_none(listed, listed_settings):
    files = site_files(listed, replace(listed_settings, repository=None))
    assert 'data-fix=""' in files["index.html"]
    assert not [name for name, text in files.items() if ">Fix this<" in text]
