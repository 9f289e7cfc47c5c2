"""arXiv's pages, judged by metadata."""

from kdbot.model.evidence import LinkState, MetadataRecord, NotFound, Unavailable
from kdbot.model.proposal import Origin
from kdbot.model.settings import ServiceSettings
from kdbot.web.metadata.service import fetch_preprints
from kdbot.web.selection import judge_by_metadata
from kdbot.web.services import ServiceClient
from tests.rows import each

FOUND = MetadataRecord(source=Origin.ARXIV, arxiv="2402.12030", title="A")
ELSEWHERE = MetadataRecord(source=Origin.DATACITE, arxiv="2402.12030", title="A")
ABSENT = NotFound(source=Origin.ARXIV)
ABSENT_ELSEWHERE = NotFound(source=Origin.DATACITE)
SILENT = Unavailable(source=Origin.ARXIV, reason="it answered 503")


@each(
    ("outcomes", "state"),
    [
        ((FOUND,), LinkState.OK),
        ((SILENT, ELSEWHERE), LinkState.OK),
        ((ABSENT,), LinkState.DEAD),
        ((SILENT, ABSENT_ELSEWHERE), LinkState.UNREACHABLE),
        ((SILENT,), LinkState.UNREACHABLE),
        ((), LinkState.UNREACHABLE),
    ],
)
def test_only_arxiv_says_that_a_paper_is_not_there(outcomes, state):
    url = "https://arxiv.org/abs/2402.12030v2"
    (result,) = judge_by_metadata({url: "2402.12030"}, {"2402.12030": outcomes})
    assert (result.url, result.state) == (url, state)
    assert "2402.12030" in result.evidence or "503" in result.evidence or not outcomes


def test_two_pages_of_one_paper_are_one_question(origin, answer):
    feed = b"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<opensearch:totalResults>1</opensearch:totalResults>
<entry><id>http://arxiv.org/abs/2402.12030v1</id><title>A</title>
<published>2024-02-19T00:00:00Z</published><author><name>N. B.</name></author></entry></feed>"""
    path = "/api/query?id_list=2402.12030&max_results=1"
    origin.answer(path, answer(200, feed, Content_Type="application/atom+xml"))
    urls = ["https://arxiv.org/abs/2402.12030", "https://arxiv.org/pdf/2402.12030v1"]
    services = ServiceSettings(arxiv=origin.url("").rstrip("/"))
    client = ServiceClient(services, user_agent="kdbot/1")
    outcomes = fetch_preprints(["2402.12030"] * 2, client)
    client.close()
    results = judge_by_metadata(dict.fromkeys(urls, "2402.12030"), outcomes)
    assert [(result.url, result.state) for result in results] == [
        (url, LinkState.OK) for url in urls
    ]
    assert [asked.path for asked in origin.asked] == [path]
