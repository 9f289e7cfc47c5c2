"""Strict YAML: what is read, what is refused by name, and how long it may take."""

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kdbot.intake.record import parse_record
from kdbot.intake.yaml_text import MAX_BYTES, Document, parse_yaml
from kdbot.model.finding import Finding
from tests.rows import each

N = MAX_BYTES


def read(data):
    return parse_yaml(data if isinstance(data, bytes) else data.encode(), "papers/x.yaml")


READ = [
    pytest.param("a: no", {"a": "no"}, id="D08-no-stays-text"),
    pytest.param("a: 2402.10100", {"a": "2402.10100"}, id="D08-number-stays-text"),
    pytest.param("a: 2023-01-01", {"a": "2023-01-01"}, id="D08-date-stays-text"),
    pytest.param("a: 2023-13-45", {"a": "2023-13-45"}, id="D05-impossible-date-stays-text"),
    pytest.param("a: 1:59:59", {"a": "1:59:59"}, id="D05-sexagesimal-stays-text"),
    pytest.param("a: .nan\nb: .inf", {"a": ".nan", "b": ".inf"}, id="D09-nan-stays-text"),
    pytest.param("a: True\nb: ~\nc: null", {"a": "True", "b": "~", "c": "null"}, id="D09-words"),
    pytest.param("a: true\nb: false", {"a": True, "b": False}, id="booleans"),
    pytest.param("a: 'true'\nb: \"false\"", {"a": "true", "b": "false"}, id="quoted-is-text"),
    pytest.param("a:\n", {"a": ""}, id="empty-value"),
    pytest.param("a: [b, c]\nd:\n  - e\n", {"a": ["b", "c"], "d": ["e"]}, id="lists"),
    pytest.param("a: {b: c}", {"a": {"b": "c"}}, id="mapping"),
    pytest.param("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}, id="CRLF"),
    pytest.param("a: Áron — “x” 😀", {"a": "Áron — “x” 😀"}, id="any-script"),
    pytest.param("# only a comment\n", None, id="nothing"),
]


@each(("text", "value"), READ)
def test_reads_text_lists_and_mappings(text, value):
    document = read(text)
    assert isinstance(document, Document)
    assert document.value == value


REFUSED = [
    pytest.param("a: &x [*x]", "yaml-forbidden", 1, id="D02-cycle"),
    pytest.param("a: &x 1\n", "yaml-forbidden", 1, id="anchor"),
    pytest.param("b: 1\na: *x\n", "yaml-forbidden", 2, id="alias"),
    pytest.param("<<: {a: b}", "yaml-forbidden", 1, id="D04-merge-key"),
    pytest.param("<<: [" + "*a, " * 200 + "]", "yaml-forbidden", 1, id="D04-merge-list"),
    pytest.param("a: !!python/object/apply:os.system [x]", "yaml-forbidden", 1, id="D06-python"),
    pytest.param("a: !!binary eA==", "yaml-forbidden", 1, id="D06-binary"),
    pytest.param("a: !!set {x}", "yaml-forbidden", 1, id="D06-set"),
    pytest.param("a: !mine x", "yaml-forbidden", 1, id="D06-custom"),
    pytest.param("a: !!str x", "yaml-forbidden", 1, id="D06-even-str"),
    pytest.param("? [a]\n: b", "yaml-forbidden", 1, id="key-is-a-list"),
    pytest.param("a: 1\nb: 2\na: 3", "yaml-duplicate-key", 3, id="D07-duplicate"),
    pytest.param("x: {a: 1, a: 2}", "yaml-duplicate-key", 1, id="D07-nested"),
    pytest.param("a: b\n---\nc: d", "yaml-not-readable", 2, id="D10-two-documents"),
    pytest.param("\ufeffa: b", "yaml-not-text", 1, id="D10-byte-order-mark"),
    pytest.param("a: b".encode("utf-16"), "yaml-not-text", 1, id="D10-utf-16"),
    pytest.param(b"a: b\nc: \xff", "yaml-not-text", 2, id="D10-not-utf-8"),
    pytest.param("a: b\x00", "yaml-not-text", 1, id="D10-NUL"),
    pytest.param("a: x\x85b: y", "yaml-not-text", 1, id="D10-next-line"),
    pytest.param("a: x\n\nb: \u2028y", "yaml-not-text", 3, id="D10-line-separator"),
    pytest.param("a: \u2029", "yaml-not-text", 1, id="D10-paragraph-separator"),
    pytest.param("a:\tb\n\tc: d", "yaml-not-readable", 2, id="D10-tab-indent"),
    pytest.param("a: " + "x" * N, "yaml-too-large", None, id="D10-too-many-bytes"),
    pytest.param("\n" * 1_000_000, "yaml-too-large", None, id="D10-a-million-lines"),
    pytest.param("[" * 900, "yaml-too-large", 1, id="D03-900"),
    pytest.param("[" * 20_000, "yaml-too-large", 1, id="D03-20000"),
    pytest.param("a: [" + "x," * 30_000 + "]", "yaml-too-large", 1, id="too-many-values"),
    pytest.param("a: b: c", "yaml-not-readable", 1, id="colon-in-a-plain-value"),
    pytest.param('a: "b', "yaml-not-readable", None, id="quote-not-closed"),
]


@each(("text", "code", "line"), REFUSED)
def test_refuses_by_name_and_line(text, code, line):
    finding = read(text)
    assert isinstance(finding, Finding)
    assert (finding.code, finding.file) == (code, "papers/x.yaml")
    assert finding.fix
    if line is not None:
        assert finding.line == line


def test_D07_names_both_lines():
    assert "lines 1 and 3" in read("a: 1\nb: 2\na: 3").message


def test_D01_billion_laughs_ends_at_the_first_anchor():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{k}: &{k} [{','.join(['*' + p] * 9)}]\n"
        for p, k in zip("abcdefgh", "bcdefghi", strict=True)
    )
    start = time.process_time()
    assert read(bomb).code == "yaml-forbidden"
    assert time.process_time() - start < 0.05


ADVERSARIES = {
    "D03-brackets": "[" * N,
    "D03-braces": "{" * N,
    "D03-dashes": "- " * (N // 2),
    "D03-question-marks": "? " * (N // 2),
    "D03-pairs": "{a: " * (N // 4),
    "D05-sexagesimal": "x: 1" + ":59" * 20_000,
    "D05-digits": "x: " + "9" * 60_000,
    "quotes": '"' * N,
    "anchors": "&a " * (N // 3),
    "newlines": "\n" * N,
    "comments": "#" * N,
    "colons": ":" * N,
    "spaces": " " * N,
    "tabs": "\t" * N,
    "percent": "%" * N,
    "bangs": "!" * N,
    "backslashes": 'a: "' + "\\" * (N - 4),
    "block-scalar": "a: |\n" + " x\n" * 21_000,
    "keys": "".join(f"k{i}: v\n" for i in range(6_000)),
    "lists": "- a\n" * (N // 4),
    "commas": "[" + "," * (N - 1),
}


@each("text", ADVERSARIES.values(), ids=ADVERSARIES.keys())
def test_every_adversary_ends_soon(text):
    start = time.process_time()
    read(text)
    assert time.process_time() - start < 0.5


@given(st.binary(max_size=400))
def test_any_bytes_end_in_a_value_or_a_finding(data):
    assert isinstance(read(data), Document | Finding)


YAML_LIKE = st.text(alphabet="ab:-[]{},&*!?|>'\"%@`# \n\t\\x0\ufeff\x85", max_size=200)


@given(YAML_LIKE)
def test_what_looks_like_yaml_ends_in_a_value_or_a_finding(text):
    assert isinstance(read(text), Document | Finding)


@given(
    st.dictionaries(
        st.sampled_from(["title", "note", "venue"]),
        st.text(
            alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40
        ),
        min_size=1,
    )
)
def test_reads_what_another_writer_wrote(mapping):
    text = yaml.safe_dump(mapping, allow_unicode=False)
    if "!!" not in text:
        assert read(text).value == mapping


def test_lines_point_at_keys_and_items():
    document = read("a: b\n\nc:\n  - d\n\n  - e\nf: [g,\n  h]\n")
    assert document.lines[("c",)] == 3
    assert document.lines[("c", 1)] == 6
    assert document.lines[("f", 1)] == 8


@each(
    ("line", "told"),
    [
        ("arxiv: 2402.10100", ("arxiv", "`2402.10100` as a number", '`"2402.10100"`')),
        ("venue: NO", ("venue", "`NO` as a boolean", '`"NO"`')),
        ("venue: ~", ("venue", "`~` as nothing", '`"~"`')),
        ("venue: 1:30", ("venue", "`1:30` as a number", '`"1:30"`')),
        ("added: 2024-02-29 10:00:00", ("added", "as something else", "10:00:00")),
        ("code: [https://a.b/c, 12]", ("code", "`12` as a number", '`"12"`')),
        ("code:\n  - a\n  - 1.5e+3", ("code", "`1.5e+3` as", "1.5e+3")),
        ("on: x", ("on", "`on` as a boolean", '`"on"`')),
        ("code: [https://a.b/?c=d]", (None, "Some YAML readers cannot read this line", "quotes")),
    ],
)
def test_G11_what_PyYAML_reads_differently_is_told(line, told):
    text = f'title: "A title"\n{line}\n'
    candidate = parse_record(text.encode(), "papers/x.yaml")
    (finding,) = candidate.findings
    field, message, fix = told
    assert (finding.code, finding.severity, finding.field) == ("yaml-ambiguous", "warning", field)
    assert message in finding.message
    assert fix in finding.fix
    assert 2 <= finding.line <= text.count("\n")
    assert finding.file == "papers/x.yaml"


@each(
    "line",
    [
        "date: 2024-02", "added: 2024-02-29", "withdrawn: true", "note:", "code: []",
        "note: 'it''s'", "url: https://a.b/?c=d", "note: a, b", "note: |\n  two\n  lines",
        "note: >-\n  a\n  b",
        "note: two\n  lines", "note: 'two\n  lines'", "note: a # remark", "code: [a,\n  b]",
    ],
)  # fmt: skip
def test_G11_what_PyYAML_reads_in_the_same_way_is_not_told(line):
    data = f'title: "A title"\n{line}\n'.encode()
    assert parse_record(data, "papers/x.yaml").findings == ()


@given(
    st.lists(
        st.sampled_from(
            [
                "a: ",
                "b: ",
                "[",
                "]",
                ", ",
                "?",
                ":",
                "- ",
                "x",
                "1",
                "no",
                "~",
                '"',
                "'",
                "\n",
                "  ",
            ]
        ),
        max_size=20,
    ).map("".join)
)
def test_G11_a_file_without_that_remark_is_the_same_to_PyYAML(text):
    read = parse_record(text.encode(), "papers/x.yaml")
    if isinstance(read, Finding) or read.findings:
        return
    other = yaml.safe_load(text)
    assert {name or "": value or "" for name, value in other.items()} == {
        name: given.value or "" for name, given in read.given.items()
    }


def test_G11_D05_the_second_reading_takes_no_long_time_either():
    data = ("a: 1" + ":59" * 20_000 + "\n").encode()
    started = time.process_time()
    assert parse_record(data, "papers/x.yaml").findings[0].code == "yaml-ambiguous"
    assert time.process_time() - started < 1


def test_what_our_writer_writes_needs_no_second_reading():
    text = 'title: "A title"\narxiv: "2402.12030"\ndate: 2024-02\nadded: 2024-03-18\nvenue: TMLR\n'
    assert parse_yaml(text.encode(), "papers/2402.12030.yaml").is_usual
    assert not parse_yaml(b"title: yes\n", "papers/a.yaml").is_usual


LINES = st.builds(
    str.format,
    st.sampled_from(["{}: {}\n", "{1}: {0}\n", "  - {1}\n", "{0}:\n", "{}:{}\n", "{}: [{}, {}]\n"]),
    st.sampled_from(["title", "year", "added", "y", "categories", "a_b", '"a"', "a b", "<<"]),
    st.sampled_from(
        [
            '"a"',
            '"b, c"',
            '""',
            '"2024"',
            '"t\\t"',
            '"é"',
            "'a'",
            "a-b",
            "2024",
            "2024-02-01",
            "2024-02",
            "true",
            "null",
            "[a]",
            "[]",
            "a]",
            "a: b",
            "a #b",
            "[a, b]",
            '["a, b", c]',
            " a",
            "a ",
            "&a",
            "x, y",
            "|",
            "a\rb",
        ]
    ),
    st.sampled_from(["a", "b", '"c, d"', "'e'", "true", "2024", "a: b", "f]", ""]),
)


@given(st.lists(LINES, max_size=6).map("".join))
def test_what_needs_no_parser_reads_the_same_with_one(text):
    # A comment is no line of our writer's, so that the parser has to read it.
    parsed = read(f"{text}# a comment\n")
    if isinstance(parsed, Document) and parsed.value is not None:
        assert read(text) == parsed
