"""Regions: what stands between the markers changes, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from kdbot.model.finding import Finding
from kdbot.publish.readme.regions import REGIONS, replace_regions, split_regions
from tests.rows import each


def marked(*names: str, inside: str = "") -> str:
    return "\n".join(
        f"<!-- kdbot:begin {name} -->\n{inside}<!-- kdbot:end {name} -->" for name in names
    )


GOOD = f"# Title\n\n{marked(*REGIONS)}\n\nThe end"


def without(line: str) -> str:
    return GOOD.replace(line + "\n", "", 1)


FAULTS = {
    "no-regions": ("# Title\n\nProse.\n", [("readme-without-regions", 1)]),
    "empty": ("", [("readme-without-regions", 1)]),
    "begin-missing": (without("<!-- kdbot:begin audit -->"), [("region-missing", 5)]),
    "end-missing": (without("<!-- kdbot:end audit -->"), [("region-missing", 5)]),
    "both-missing": (
        without("<!-- kdbot:begin audit -->").replace("<!-- kdbot:end audit -->\n", ""),
        [("region-missing", 1), ("region-missing", 1)],
    ),
    "doubled": (
        GOOD + "\n" + marked("audit"),
        [("region-doubled", 17), ("region-doubled", 18)],
    ),
    "crossed": (
        GOOD.replace(
            "<!-- kdbot:end badges -->\n<!-- kdbot:begin audit -->",
            "<!-- kdbot:begin audit -->\n<!-- kdbot:end badges -->",
        ),
        [("region-crossed", 4)],
    ),
    "end-before-begin": (
        GOOD.replace(
            "<!-- kdbot:begin audit -->\n<!-- kdbot:end audit -->",
            "<!-- kdbot:end audit -->\n<!-- kdbot:begin audit -->",
        ),
        [("region-crossed", 5)],
    ),
    "unknown": (GOOD + "\n" + marked("contens"), [("region-unknown", 17), ("region-unknown", 18)]),
}


@each("name", FAULTS)
def test_a_wrong_marker_is_named_with_line_and_fix(name):
    readme, expected = FAULTS[name]
    findings = replace_regions(readme, dict.fromkeys(REGIONS, "text"))
    assert not isinstance(findings, str)
    assert [(f.code, f.line) for f in findings] == expected
    for finding in findings:
        assert finding.file == "README.md"
        assert finding.fix


def test_the_fix_says_what_to_write():
    (finding,) = split_regions(without("<!-- kdbot:end audit -->"))
    assert isinstance(finding, Finding)
    assert finding.message == "The README has no `<!-- kdbot:end audit -->`."
    assert finding.fix == "Write `<!-- kdbot:end audit -->` on a line of its own, below line 5."


@given(
    parts=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=7, max_size=7),
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_bytes_outside_never_change(parts, text, newline):
    pairs = [
        f"{newline}<!-- kdbot:begin {n} -->{newline}old{newline}<!-- kdbot:end {n} -->{newline}"
        for n in REGIONS
    ]
    readme = "".join(part + pair for part, pair in zip(parts, [*pairs, ""], strict=True))
    out = replace_regions(readme, dict.fromkeys(REGIONS, text))
    assert isinstance(out, str)
    body = text.strip("\n").replace("\n", newline)
    body += newline if body else ""
    assert out == readme.replace(f"old{newline}", body) or "old" in "".join(parts)
    assert replace_regions(out, dict.fromkeys(REGIONS, text)) == out


def test_windows_line_ends_are_kept():
    readme = GOOD.replace("\n", "\r\n")
    out = replace_regions(readme, {"audit": "one\ntwo"})
    assert isinstance(out, str)
    assert "one\r\ntwo\r\n<!-- kdbot:end audit -->\r\n" in out
    assert out.count("\r\n") == out.count("\n")


def test_a_region_that_is_not_named_stays():
    readme = GOOD.replace("<!-- kdbot:end audit -->", "kept\n<!-- kdbot:end audit -->")
    assert replace_regions(readme, {}) == readme


def test_a_marker_inside_a_line_is_prose():
    assert replace_regions(GOOD + " `<!-- kdbot:begin audit -->`", {}) == (
        GOOD + " `<!-- kdbot:begin audit -->`"
    )
