"""A new metadata service is one module and one row: one is added to a copy of the package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kdbot.model.evidence import found_records
from kdbot.model.proposal import Origin
from kdbot.model.settings import ServiceSettings
from kdbot.web.metadata.service import Question, _metadata_services, fetch_metadata
from tests.metadata.server import serving

ROOT = Path(__file__).parents[2]
ROW = '    OPENALEX = "OpenAlex", "https://api.openalex.org", "venues by DOI."\n'
LAST_ROW = "    # fmt: on\n"
MODULE = '''"""OpenAlex (https://api.openalex.org), one DOI a question."""

from urllib.parse import quote

from kdbot.model.evidence import MetadataRecord
from kdbot.model.proposal import Origin
from kdbot.web.http import Reply
from kdbot.web.metadata.service import MetadataService, part, read_object, text


def _parse_openalex(reply: Reply, doi: str) -> MetadataRecord | None:
    """Read an answer about one work."""
    document = read_object(reply)
    if document is None:
        return None
    venue = text(part(document, "message"), "container")
    return MetadataRecord(source=Origin.OPENALEX, doi=doi, venues=(venue,))


OPENALEX = MetadataService(
    setting=Origin.OPENALEX.setting,
    interval=0.1,
    name_of=lambda question, _known: question.doi or "",
    path_of=lambda doi: f"/api/papers/{quote(doi, safe='')}",
    parse=_parse_openalex,
)
'''
SCRIPT = """
import sys
from kdbot.model.evidence import found_records
from kdbot.model.settings import ServiceSettings, parse_settings
from kdbot.publish.reference import render_configuration
from kdbot.web.metadata.service import Question, fetch_metadata
from kdbot.web.services import ServiceClient

document = {"title": "T", "services": {"openalex": sys.argv[1]}}
settings = parse_settings(document, "kdbot.toml").services
client = ServiceClient(settings, user_agent="k", sleep=lambda _: None)
question = Question(key="a", doi="10.1/x", venue=False, links=False)
for record in found_records(fetch_metadata([question], client)["a"]):
    print(record.source, *record.venues)
client.close()
print(*(line for line in render_configuration().split("\\n") if "openalex" in line))
"""
RELEVANT = ("tests/metadata/test_json_services.py", "tests/review/test_metadata.py")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the package that has one more service."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "src" / "kdbot", folder / "kdbot")
    table = folder / "kdbot" / "model" / "proposal.py"
    text = table.read_text("utf-8")
    assert text.count(LAST_ROW) == 1
    table.write_text(text.replace(LAST_ROW, ROW + LAST_ROW), "utf-8")
    (folder / "kdbot" / "web" / "metadata" / "openalex.py").write_text(MODULE, "utf-8")
    return folder


def run(copy, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        check=False,
        timeout=600,
    )


def test_the_new_service_is_asked_at_its_setting_and_stands_in_the_reference(copy):
    with serving() as world:
        world.answers["huggingface", "10.1/x"] = {"message": {"container": "JMLR"}}
        done = run(copy, "-c", SCRIPT, world.url)
    assert done.stderr == ""
    assert done.stdout.split("\n")[:2] == [
        "OpenAlex JMLR",
        '| `services.openalex` | text | `"https://api.openalex.org"` | Venues by DOI. |',
    ]


def test_the_suite_of_the_services_holds_with_it(copy):
    done = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *RELEVANT)
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_service_stands_in_the_settings_and_is_asked_in_the_order_of_the_table():
    services = _metadata_services()
    assert [service.origin for service in services] == [one for one in Origin if one.address]
    assert [service.setting for service in services] == [
        one.setting for one in Origin if one.address
    ]
    assert [*ServiceSettings.__dataclass_fields__] == [*(s.setting for s in services), "wayback"]


def test_a_service_is_given_what_those_before_it_have_said(services, client):
    services.knows("2306.08543", "A Title")
    services.answers["dblp", "A Title"] = {"result": {"status": {"@code": "200"}, "hits": {}}}
    outcomes = fetch_metadata([Question(key="a", arxiv="2306.08543", links=False)], client)["a"]
    assert [outcome.source for outcome in outcomes] == ["arXiv", "Semantic Scholar", "DBLP"]
    assert [record.title for record in found_records(outcomes)] == ["A Title"]
