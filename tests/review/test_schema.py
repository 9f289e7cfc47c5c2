"""The schema itself: patterns that mean what they say, cannot hang, and fetch nothing."""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kdbot.model.collection import Collection
from kdbot.model.errors import KdbotError
from kdbot.model.proposal import Candidate
from kdbot.model.schema import parse_schema
from kdbot.review.checks import check_draft
from kdbot.review.collection import review_collection
from kdbot.review.normalize import normalize_candidate
from kdbot.review.schema_check import fits_schema
from kdbot.text.addresses import address_fault
from tests.rows import each

SCHEMA = json.loads((Path(__file__).parents[2] / "schema" / "paper.schema.json").read_bytes())
END = r"(?![\s\S])"
NESTED_QUANTIFIER = re.compile(r"\((?:[^()\\]|\\.)*[*+}](?:[^()\\]|\\.)*\)[*+{]")


def _specs(spec: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(spec, dict):
        yield path, spec
        for key, value in spec.items():
            yield from _specs(value, f"{path}/{key}")
    elif isinstance(spec, list):
        for index, value in enumerate(spec):
            yield from _specs(value, f"{path}/{index}")


PATTERNS = {path: spec for path, spec in _specs(SCHEMA) if isinstance(spec.get("pattern"), str)}


def test_the_schema_is_one_of_its_draft() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["additionalProperties"] is False


@each("name", SCHEMA["properties"])
def test_a_property_explains_itself(name: str) -> None:
    spec = SCHEMA["properties"][name]
    assert spec["title"]
    assert spec["description"].endswith(".")
    validator = Draft202012Validator(spec)
    assert spec["examples"]
    assert all(validator.is_valid(example) for example in spec["examples"])


@each("path", PATTERNS)
def test_D11_a_pattern_is_anchored_and_ascii(path: str) -> None:
    pattern = PATTERNS[path]["pattern"]
    assert pattern.startswith("^")
    assert pattern.endswith(END)
    middle = pattern.removeprefix("^").removesuffix(END)
    assert not re.search(r"\\[dDwWbBZAz]|\$|\|(?![^(]*\))", middle)
    assert not NESTED_QUANTIFIER.search(middle)
    assert "maxLength" in PATTERNS[path]


@each("path", [p for p, s in _specs(SCHEMA) if s.get("type") == "string"])
def test_D11_every_text_is_bounded(path: str) -> None:
    spec = dict(_specs(SCHEMA))[path]
    assert spec["maxLength"] <= 500


@each("tail", ["\n", "\r", "x", "\u2028", "\x00", " "])
@each("name", ["arxiv", "doi", "acl", "openreview", "date", "added"])
def test_D11_nothing_stands_behind_a_value(name: str, tail: str) -> None:
    spec = SCHEMA["properties"][name]
    wrong = f"{spec['examples'][0]}{tail}"
    strict = re.compile(spec["pattern"])
    lenient = name in {"doi", "openreview"} and tail in {"x", "\x00"}
    assert lenient or strict.search(wrong) is None


@each("digits", ["２４０２.１２０３０", "٢٤٠٢.١٢٠٣٠", "2402.1203０"])
def test_D11_other_digits_are_none(digits: str) -> None:
    assert re.search(SCHEMA["properties"]["arxiv"]["pattern"], digits) is None


def test_D11_addresses_are_checked_by_our_own_code_since_format_is_not() -> None:
    assert Draft202012Validator({"type": "string", "format": "uri"}).is_valid("no address at all")
    assert address_fault("no address at all")


@each("path", PATTERNS)
@each("unit", ["a", "0", "-", "0.", "a-", "[bot]", "10.1234/", "2024.a-b.", " ", "A0", "é", "\n"])
def test_D13_no_pattern_takes_long_over_any_text(path: str, unit: str) -> None:
    pattern = re.compile(PATTERNS[path]["pattern"])
    text = unit * (65_536 // len(unit)) + "\x00"
    start = time.process_time()
    pattern.search(text)
    assert time.process_time() - start < 0.05


@given(st.text(alphabet="a0-./[]bot ", max_size=300), st.sampled_from(sorted(PATTERNS)))
def test_D13_a_search_is_linear(text: str, path: str) -> None:
    start = time.process_time()
    re.search(PATTERNS[path]["pattern"], text)
    assert time.process_time() - start < 0.05


def test_D12_a_reference_that_leaves_the_schema_is_never_fetched(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    # The guard of all tests fails this one if a socket is opened.
    document = {**SCHEMA, "allOf": [{"$ref": "http://example.org/other.schema.json"}]}
    other = Collection(
        papers=collection.papers,
        identities=collection.identities,
        schema=parse_schema(document),
        taxonomy=collection.taxonomy,
        venues=collection.venues,
    )
    draft = normalize_candidate(form({"title": "A title"}), other)
    with pytest.raises(KdbotError, match=r"other\.schema\.json"):
        check_draft(draft, other)


@each(("keyword", "value"), [("pattern", "^(a"), ("maxLength", "x"), ("minItems", -1)])
def test_a_schema_that_is_none_is_told_with_its_place(
    keyword: str, value: Any, collection: Collection
) -> None:
    properties = {**SCHEMA["properties"], "note": {"type": "string", keyword: value}}
    schema = parse_schema({**SCHEMA, "properties": properties})
    with pytest.raises(KdbotError, match=f"properties/note/{keyword}"):
        review_collection((), replace(collection, schema=schema))


VALUES = st.dictionaries(
    st.sampled_from([*SCHEMA["properties"], "unknown"]),
    st.sampled_from(
        [
            *(e for spec in SCHEMA["properties"].values() for e in spec["examples"]),
            *("", "x", "2024-13", "x" * 501, [], ["x", "x"], [""], ["x" * 501], True, 1, None, [1]),
            ["https://github.com/a/b"] * 9,
        ]
    ),
    max_size=6,
)


@settings(max_examples=500)
@given(VALUES)
def test_the_validator_says_what_another_one_says(values: dict[str, Any]) -> None:
    assert fits_schema(parse_schema(SCHEMA), values) is Draft202012Validator(SCHEMA).is_valid(
        values
    )


def test_half_a_pair_of_surrogates_is_no_bug(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    draft = normalize_candidate(form({"title": "A title of \ud800"}), collection)
    assert not fits_schema(collection.schema, draft.values)
    assert "hidden-character" in {finding.code for finding in check_draft(draft, collection)}
