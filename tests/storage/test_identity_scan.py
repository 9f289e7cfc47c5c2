"""The scan of identities says what a parser would say."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.collection import identity_of
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.paper import Paper
from kdbot.model.schema import parse_schema
from kdbot.storage.identity_scan import _REGULAR, _identity, scan_identities
from kdbot.text.record import render_record
from tests.rows import each

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = parse_schema({"properties": {"title": {"type": "string"}}})


@given(
    title=st.text(
        alphabet=st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029\r\n"),
        min_size=1,
    ),
    arxiv=st.sampled_from([None, "2402.12030", "hep-th/9901001"]),
    doi=st.sampled_from([None, "10.1145/3580305.3599790"]),
    url=st.sampled_from([None, "https://a.example/b", "https://a.example/?q=a,b&c=d#e"]),
)
def test_the_scan_agrees_with_the_record(title, arxiv, doi, url):
    paper = Paper(id="x", title=title, arxiv=arxiv, doi=doi, url=url)
    assert _identity("x.yaml", render_record(paper, SCHEMA).encode()) == identity_of(paper)


FOREIGN_FORMS = {
    "plain title": b"title: A plain title\narxiv: 2402.12030\n",
    "single quotes": b"title: 'A plain title'\narxiv: '2402.12030'\n",
    "folded": b'title: >-\n  A plain\n  title\narxiv: "2402.12030"\n',
    "flow mapping": b'{title: A plain title, arxiv: "2402.12030"}\n',
    "comment behind": b'title: "A plain title" # x\narxiv: "2402.12030"\n',
}


@each("data", FOREIGN_FORMS.values(), ids=FOREIGN_FORMS.keys())
def test_a_file_in_another_form_is_parsed(data):
    identity = _identity("2402.12030.yaml", data)
    assert identity.title == "A plain title"
    assert identity.keys == ((IdentifierKind.ARXIV, "2402.12030"),)


def test_a_file_that_cannot_be_read_is_left_to_validate(tmp_path):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.yaml").write_bytes(b"title: [\n")
    (tmp_path / "papers" / "b.yaml").write_bytes(b'title: "B"\n')
    identities, broken = scan_identities(tmp_path)
    assert [identity.id for identity in identities.all] == ["b"]
    assert list(broken) == ["a"]
    assert broken["a"].findings[0].file == "papers/a.yaml"


OTHER_KINDS = ("[a]", "{a: b}", "[[a]]", "[{a: b}]", "[a, true]", "true", "text", "\n  - a: b")
FIELDS = ("venue", "url", "arxiv", "date", "authors", "code", "categories", "withdrawn", "own")


@pytest.mark.parametrize("value", OTHER_KINDS)
@pytest.mark.parametrize("name", FIELDS)
def test_G01_a_value_of_another_kind_breaks_its_file_alone(name, value, tmp_path):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.yaml").write_text(f'title: "A"\n{name}: {value}\n')
    (tmp_path / "papers" / "b.yaml").write_text('title: "B"\n')
    is_list, is_flag = value == "[a]", value == "true"
    fits = {
        "withdrawn": is_flag,
        "own": is_list or is_flag or value == "text",
        **dict.fromkeys(("authors", "code", "categories"), is_list),
    }.get(name, value == "text")
    identities, broken = scan_identities(tmp_path)
    assert [identity.id for identity in identities.all] == (["a", "b"] if fits else ["b"])
    for one in broken.values():
        assert f"`{name}`" in one.findings[0].message
        assert one.findings[0].line == 2


def test_what_the_writer_writes_is_not_parsed():
    records = sorted((ROOT / "papers").glob("*.yaml"))
    assert all(_REGULAR.fullmatch(record.read_text("utf-8")) for record in records)
