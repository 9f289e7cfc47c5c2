"""Links to arXiv, judged by its metadata."""

from __future__ import annotations

from kdbot.flows.list.arxiv_links import judge_arxiv
from tests.metadata.server import Answer


def test_a_page_is_what_its_paper_is(services, client):
    services.knows("2306.08543")
    services.knows("2402.12030", comment="Withdrawn by the authors")
    urls = {
        "https://arxiv.org/abs/2306.08543": "2306.08543",
        "https://arxiv.org/pdf/2306.08543v2": "2306.08543",
        "https://arxiv.org/abs/2402.12030": "2402.12030",
        "https://arxiv.org/abs/2402.99999": "2402.99999",
    }
    results = list(judge_arxiv(urls, client))
    assert [result.url for result in results] == list(urls)
    assert [result.state for result in results] == ["ok", "ok", "ok", "dead"]
    assert services.count("arxiv") == 1


def test_E09_what_could_not_be_asked_is_not_dead(services, client):
    services.always["arxiv"] = Answer(200, b"<html>Rate exceeded</html>")
    (result,) = judge_arxiv({"https://arxiv.org/abs/2306.08543": "2306.08543"}, client)
    assert result.state == "unreachable"
