"""Rows that people add to a README by hand, as candidates."""

import json
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdbot.intake.markdown.diff import parse_diff
from kdbot.intake.readme_diff import parse_readme_diff
from kdbot.model.identifiers import parse_identifier
from kdbot.model.proposal import Candidate, Intent, Origin, Proposal
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.venue import Venues
from tests.rows import each

FACTS = (Path(__file__).parents[1] / "data/import/diffs.jsonl").read_text("utf-8")
REAL = [json.loads(line) for line in FACTS.strip().split("\n")]

HEAD = """\
# List

## KD Algorithms

### Knowledge Elicitation

#### Labeling

| Title | Venue | Date | Code |
|:--|:--:|:--:|:--:|
| [**Annollm: Making annotators**](https://arxiv.org/abs/2303.16854) | arXiv | 2023-03 |

### Distillation Algorithms

#### Divergence and Similarity

| Title | Venue | Date | Code |
|:--|:--:|:--:|:--:|
| [**MiniLLM: Knowledge Distillation**](https://arxiv.org/pdf/2306.08543.pdf) | ICLR | 2023-06 |

## Encoder-based KD
"""
ROW = (
    "| [**A New Paper of Some Weight**](https://arxiv.org/abs/2402.11890) | arXiv | 2024-02 "
    "| [Github](https://github.com/a/b) |"
)
LABELING = "kd-algorithms/knowledge-elicitation/labeling"
DIVERGENCE = "kd-algorithms/distillation-algorithms/divergence-and-similarity"


def diff_of(before: str, after: str, name: str = "README.md") -> str:
    """Write the diff as git does."""
    import difflib

    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"a/{name}", f"b/{name}", lineterm=""
    )
    return f"diff --git a/{name} b/{name}\nindex 1111111..2222222 100644\n" + "\n".join(lines)


def add_below(text: str, *rows: tuple[str, str]) -> str:
    for anchor, row in rows:
        text = text.replace(f"{anchor}\n", f"{anchor}\n{row}\n", 1)
    return text


def values(candidate: Candidate) -> dict:
    return {name: given.value for name, given in candidate.given.items()}


ANNOLLM = HEAD.splitlines()[10]
MINILLM = HEAD.splitlines()[18]


@each("marks", ["", "+"], ids=["bare", "marked"])
@each("real", REAL, ids=[real["id"] for real in REAL])
def test_real_rows_say_what_a_person_reads(
    real: dict, marks: str, taxonomy: Taxonomy, venues: Venues
) -> None:
    text = "\n".join(marks + line for line in real["added"])

    proposal = parse_readme_diff(text, None, taxonomy, venues)

    assert proposal.intent is Intent.ADD
    assert len(proposal.candidates) == len(real["expected"])
    for candidate, expected in zip(proposal.candidates, real["expected"], strict=True):
        found = values(candidate)
        identifier = parse_identifier(found["url"])
        assert found["title"] == expected["title"]
        assert found["url"] in expected["urls"]
        assert identifier.canonical in {expected["arxiv_id"], *expected["other_ids"].values()} or (
            not expected["arxiv_id"] and not expected["other_ids"]
        )
        assert found.get("venue") == expected["venue"]
        assert found.get("date") == expected["date"]
        assert found.get("code", []) == [url for url in [expected["code_url"]] if url]


@pytest.fixture
def read(taxonomy: Taxonomy, venues: Venues):
    def run(diff: str, readme: str | None) -> Proposal:
        return parse_readme_diff(diff, readme, taxonomy, venues)

    return run


@pytest.mark.parametrize("at_hand", ["after", "before", "neither"])
def test_category_is_the_heading_above(read, at_hand: str) -> None:
    after = add_below(HEAD, (MINILLM, ROW))
    readme = {"after": after, "before": HEAD, "neither": None}[at_hand]

    [candidate] = read(diff_of(HEAD, after), readme).candidates

    assert values(candidate) == {
        "title": "A New Paper of Some Weight",
        "url": "https://arxiv.org/abs/2402.11890",
        "venue": "arXiv",
        "date": "2024-02",
        "code": ["https://github.com/a/b"],
        # Three lines of context do not reach the outer headings, whose names are not needed.
        "categories": [DIVERGENCE],
    } or (at_hand == "neither" and "categories" not in candidate.given)
    assert all(given.origin is Origin.ROW for given in candidate.given.values())


def test_row_added_below_two_headings_is_one_paper_with_both_categories(read) -> None:
    after = add_below(HEAD, (ANNOLLM, ROW), (MINILLM, ROW))

    [candidate] = read(diff_of(HEAD, after), after).candidates

    assert values(candidate)["categories"] == [LABELING, DIVERGENCE]
    assert candidate.given["title"].line == after.splitlines().index(ROW) + 1


def test_links_of_all_rows_of_one_paper_are_kept(read) -> None:
    after = add_below(
        HEAD, (ANNOLLM, ROW), (MINILLM, ROW.replace("github.com/a/b", "github.com/c/d"))
    )

    [candidate] = read(diff_of(HEAD, after), after).candidates

    assert values(candidate)["code"] == ["https://github.com/a/b", "https://github.com/c/d"]


def test_unknown_heading_is_passed_on_in_its_own_words(read) -> None:
    after = HEAD + f"\n## Brand New\n\n| Title | Venue | Date | Code |\n|--|--|--|--|\n{ROW}\n"

    [candidate] = read(diff_of(HEAD, after), after).candidates

    assert values(candidate)["categories"] == ["List > Brand New"]


def test_row_in_place_of_another_row_of_the_same_paper_is_an_update(read) -> None:
    after = HEAD.replace("ICLR | 2023-06 |", "ICLR | 2023-06 | [Github](https://github.com/c/d) |")

    proposal = read(diff_of(HEAD, after), after)

    assert proposal.intent is Intent.UPDATE
    assert [c.updates for c in proposal.candidates] == [True]
    assert values(proposal.candidates[0])["code"] == ["https://github.com/c/d"]


@pytest.mark.parametrize(
    "after",
    [
        HEAD.replace("# List", "# The List"),
        HEAD.replace(MINILLM + "\n", ""),
        HEAD + "\nThanks to all who helped.\n",
    ],
    ids=["prose", "removal", "thanks"],
)
def test_change_that_adds_no_row_proposes_nothing(read, after: str) -> None:
    assert read(diff_of(HEAD, after), after) == Proposal(intent=Intent.NONE)


def test_files_that_are_no_markdown_are_passed_over(read) -> None:
    after = add_below(HEAD, (MINILLM, ROW))

    assert read(diff_of(HEAD, after, "notes.txt"), None).candidates == ()


def test_row_that_is_not_understood_is_named(read) -> None:
    row = "| | arXiv | 2024-02 | [paper](https://arxiv.org/abs/2402.11890) |"
    after = add_below(HEAD, (MINILLM, row))

    proposal = read(diff_of(HEAD, after), after)

    assert [finding.code for finding in proposal.findings] == ["readme-row-not-understood"]
    assert "no title was found" in proposal.findings[0].message


LISTED = """\
# List

## Papers

### [Old Paper of Some Weight](https://arxiv.org/abs/2401.00001)

- **Metrics:** Accuracy

## More Papers

[First of Two Old Papers](https://arxiv.org/abs/2401.00002)
[Second of Two Old Papers](https://arxiv.org/abs/2401.00003)

- Third Old Paper of Some Weight
  - Paper: https://arxiv.org/abs/2401.00004

## License

MIT
"""
NEW_LINE = "[A New Paper of Some Weight](https://arxiv.org/abs/2402.11890)"


def titles(proposal: Proposal) -> list[tuple[str, bool]]:
    return [(str(values(c)["title"]), c.updates) for c in proposal.candidates]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[Second", f"{NEW_LINE}\n[Second", [("A New Paper of Some Weight", False)]),
        ("## License", f"### {NEW_LINE}\n\n## License", [("A New Paper of Some Weight", False)]),
        ("MIT", f"MIT\n\n- {NEW_LINE}", [("A New Paper of Some Weight", False)]),
        ("- **Metrics", "- **Data:** Some\n- **Metrics", [("Old Paper of Some Weight", True)]),
        ("00004\n", "00004v2\n", [("Third Old Paper of Some Weight", True)]),
        (
            "00004\n",
            "00004\n  - Code: https://github.com/a/b\n",
            [("Third Old Paper of Some Weight", True)],
        ),
        ("[First of Two", "1. [First of Two", [("First of Two Old Papers", True)]),
        ("\n- Third", "\n\n- Third", []),
        ("MIT", "- [ ] **Paper Title** *Authors* [[paper]](link)", []),
        ("MIT", "Apache-2.0", []),
    ],
    ids=[
        *("beside a neighbour", "heading", "below the license", "part of a heading's paper"),
        *("version", "code", "number", "empty line", "template", "prose"),
    ],
)
@pytest.mark.parametrize("at_hand", ["after", "before"])
def test_only_changed_entries_are_proposed(
    read, old: str, new: str, expected: list[tuple[str, bool]], at_hand: str
) -> None:
    after = LISTED.replace(old, new, 1)

    proposal = read(diff_of(LISTED, after), after if at_hand == "after" else LISTED)

    assert titles(proposal) == expected


def test_identifier_counts_more_than_the_page_that_a_title_leads_to(read) -> None:
    links = "(https://a.github.io/b/) [[arXiv]](https://arxiv.org/abs/2402.11890)"
    row = f"- [A New Paper of Some Weight]{links}"
    after = LISTED.replace("- Third", f"{row}\n- Third")

    [candidate] = read(diff_of(LISTED, after), after).candidates

    assert values(candidate)["url"] == "https://arxiv.org/abs/2402.11890"
    assert values(candidate)["project"] == ["https://a.github.io/b/"]


def test_moved_entry_is_the_entry_it_was(read) -> None:
    line = "[First of Two Old Papers](https://arxiv.org/abs/2401.00002)"
    after = LISTED.replace(f"{line}\n", "").replace("## License", f"- {line}\n\n## License")

    assert titles(read(diff_of(LISTED, after), after)) == [("First of Two Old Papers", True)]


def test_entry_without_a_link_that_gets_one_is_an_edit(read) -> None:
    before = LISTED.replace("  - Paper: https://arxiv.org/abs/2401.00004\n", "")
    after = before.replace(
        "- Third Old Paper of Some Weight",
        "- [Third Old Paper of Some Weight](https://arxiv.org/abs/2401.00004)",
    )

    found = titles(read(diff_of(before, after), after))

    assert found == [("Third Old Paper of Some Weight", True)]


@each(
    ("old", "updates"),
    [
        ("Drawing of the small Rivers in largeTowns: a Survey ([Paper](link))", True),
        ("Drawing of the smal Rivers in large Towns: a Survey ([Paper](link))", True),
        ("Drawing of the small Rivers in large Towns: a Survey, [Paper](https://a.org/b)", True),
        ("Drawing of the deep Lakes in large Towns: a Survey ([Paper](link))", False),
        ("Drawing of the smal Rivers in large Towns [P](https://arxiv.org/abs/2401.00009)", False),
    ],
    ids=["space", "letter", "address", "other words", "another paper"],
)
def test_entry_whose_title_and_link_are_repaired_is_an_edit(read, old: str, *, updates: bool):
    new = "Drawing of the small Rivers in large Towns: a Survey [Paper](https://doi.org/10.1145/1)"
    before, after = (LISTED.replace("- Third", f"- {line}\n- Third") for line in (old, new))

    found = read(diff_of(before, after), after).candidates

    assert [c.updates for c in found] == [updates]


def test_link_below_a_title_that_stays_is_an_edit(read) -> None:
    before = LISTED.replace(
        "## License", "1. **Fourth Old Paper of Some Weight.**\n\n   *Lee A.* 2023\n\n## License"
    )
    after = before.replace("2023", "[[PDF](https://arxiv.org/abs/2401.00005)], 2023")

    assert titles(read(diff_of(before, after), after)) == [
        ("Fourth Old Paper of Some Weight", True)
    ]


@each("told", ["Good.", "Very good."], ids=["as it was", "edited"])
def test_paper_above_the_lines_of_another_is_an_addition(read, told: str) -> None:
    old = "### [Old Maps](https://arxiv.org/abs/2401.00001)\n\n{}\n\n"
    note = "Slides: https://arxiv.org/abs/2401.00002\n\nhttp://maps.example.org/old.pdf\n"
    new = "### [New Maps of the Towns](https://arxiv.org/abs/2401.00003)\n\n"
    before, after = f"{HEAD}{old.format('Good.')}{note}", f"{HEAD}{old.format(told)}{new}{note}"

    found = read(diff_of(before, after), after).candidates

    assert [values(c)["url"] for c in found if not c.updates] == [
        "https://arxiv.org/abs/2401.00003"
    ]


@pytest.mark.parametrize("url", ["https://arxiv.org/abs/2402.11890", "https://a.org/map.pdf"])
def test_name_alone_is_no_title_where_its_paper_is_known(read, url: str) -> None:
    after = LISTED.replace("- Third", f"- [MapNet]({url})\n- Third")

    [candidate] = read(diff_of(LISTED, after), after).candidates

    assert "title" not in candidate.given
    assert candidate.short_name == "MapNet"


@pytest.mark.parametrize(
    "mark", ["{}", "**{}**", "{}, Ann Lee, Bo Kim, ICLR 2024", "Lee et al. {}"]
)
def test_link_with_a_space_before_its_address_is_a_link(read, mark: str) -> None:
    line = mark.format(NEW_LINE.replace("](", "] ("))
    after = LISTED.replace("- Third", f"- {line}\n- Third")

    assert titles(read(diff_of(LISTED, after), after)) == [("A New Paper of Some Weight", False)]


DOI = "https://doi.org/10.1145/3580305.3599790"


@pytest.mark.parametrize(
    ("more", "given", "named"),
    [
        ("[OpenReview](https://openreview.net/forum?id=aBcDeFgHiJ)", "openreview", ""),
        ("[MapNet](https://openreview.net/forum?id=aBcDeFgHiJ)", "", "aBcDeFgHiJ"),
        (f"[paper]({DOI})", "doi", ""),
        (f"[paper](https://www.google.com/url?q=&url={quote(DOI, safe='')}&usg=A)", "doi", ""),
        (f"[paper](https://scholar.google.com/scholar_url?url={DOI}&hl=de)", "doi", ""),
        ("[video](https://youtu.be/abc)", "", "https://youtu.be/abc"),
        ("![x](https://a.org/x.png)", "", ""),
    ],
)
def test_each_address_of_a_row_is_in_its_record_or_named(
    read, more: str, given: str, named: str
) -> None:
    after = LISTED.replace("- Third", f"- {NEW_LINE} {more}\n- Third")

    found = read(diff_of(LISTED, after), after)

    [candidate] = found.candidates
    assert set(candidate.given) == {"title", "url", "categories", *filter(None, [given])}
    assert [f.line for f in found.findings] == [14] * bool(named)
    assert all(f"`{named}`" in f.message for f in found.findings)


JOURNALS = "\n| Name | Impact Factor |\n|--|--|\n"


@each(
    ("row", "is_named"),
    [
        ("- UCF Dataset [[Link](https://example.org/data.html)]", False),
        ("- 从城市地图看多模态：[链接](https://mp.weixin.qq.com/s/a)", False),
        (
            (
                "- a town mapping app from Prof. Ann Lee's group [[download]]"
                "(https://drive.google.com/file/d/1/view) [[code]](https://github.com/a/b)"
            ),
            False,
        ),
        ("- [Town Mapping Tutorial](https://lee.org/towns) by Ann Lee, ICML, 2018.", False),
        (f"{JOURNALS}| [Maps](https://www.mdpi.com/journal/maps) | 2.7 |\n", False),
        (f"{JOURNALS}| [Maps](https://dl.acm.org/journal/maps) | 2.7 |\n", False),
        (f"{JOURNALS}| [Maps of the Towns](https://www.nature.com/journal/maps) | 2 |\n", False),
        (
            f"{JOURNALS}| [Maps](https://ieeexplore.ieee.org/xpl/RecentIssue.jsp?a=1) | 2 |\n",
            False,
        ),
        (
            "| Journal | IF |\n|--|--|\n| [Maps of Towns](https://www.mdpi.com/2072-4292) | 2 |\n",
            True,
        ),
        (
            (
                "- 2025.04.28: The Paper of TownNet was Accepted by CVPR 2025 "
                "([arXiv](https://arxiv.org/abs/2402.11890))."
            ),
            True,
        ),
        (
            (
                "- [2025/04] Our large survey of towns is now available "
                "[[paper](https://arxiv.org/abs/2402.11890)]"
            ),
            True,
        ),
        ("- **2024-05-12**: We add 20 papers, see [arXiv](https://arxiv.org/abs/2402.11890)", True),
        ("- **[2024.05]** We release the [paper](https://arxiv.org/abs/2402.11890) now.", True),
        ("- **[Jun 2024]** Add a section, see [TownNet](https://arxiv.org/abs/2402.11890).", True),
        (f"- 2024.05.12: {NEW_LINE} is accepted by TPAMI.", True),
        (f"If you find this useful, please cite {NEW_LINE}.", True),
        ("- [Nature Machine Intelligence](https://www.nature.com/natmachintell/)", True),
        ("> - New Maps of the Towns: TownNet (ICLR 2026), RoadNet (KDD 2025)", False),
        (
            (
                "**Contributors of this List**:\n\n[Ann Lee](https://lee.org/a), [Bo](https://bo.org/)"
                "\n\n[![arXiv](https://img.shields.io/badge/a-b-c)](https://arxiv.org/abs/2402.11890)"
            ),
            True,
        ),
    ],
)
def test_line_about_no_paper_is_passed_over(read, row: str, *, is_named: bool) -> None:
    after = LISTED.replace("- Third", f"{row}\n- Third")

    proposal = read(diff_of(LISTED, after), after)

    assert proposal.candidates == ()
    assert len(proposal.findings) == is_named


OWN = "https://arxiv.org/abs/2402.11890"
OWN_BADGE = f"[![arXiv](https://img.shields.io/badge/a-{{}}-c)]({OWN})"
OWN_SENTENCE = "This list {} from our own survey paper of towns, {}, and we update it each week."


@each(
    ("old", "new"),
    [
        (OWN_BADGE.format("b"), OWN_BADGE.format("d")),
        ("![Visits](https://komarev.com/a/?b=1)", "![Visits](https://komarev.com/a/?b=2)"),
        (
            "[![PRs](https://img.shields.io/badge/a-b-c)](https://github.com/a/b/pulls)",
            "[![PRs](https://img.shields.io/badge/a-b-c)](https://github.com/a/c/pulls)",
        ),
        ("<be>", "<br>"),
        (OWN_SENTENCE.format("orignates", f"[1]({OWN})"), OWN_SENTENCE.format("is", f"[1]({OWN})")),
        (OWN_SENTENCE.format("is", "Towns"), OWN_SENTENCE.format("is", f"[Towns]({OWN})")),
    ],
    ids=["arxiv", "counter", "pulls", "break", "sentence", "link"],
)
@each("above", ["", f"{OWN_BADGE}\n"], ids=["alone", "below a badge"])
def test_badges_pictures_and_sentences_that_change_are_passed_over(
    read, old: str, new: str, above: str
) -> None:
    before, after = (f"# List of Towns\n\n{above}{line}\n\n{LISTED}" for line in (old, new))

    found = read(diff_of(before, after), after)

    assert (found.candidates, found.findings) == ((), ())


def test_heading_with_another_space_behind_its_marks_is_the_paper_it_links_to(read) -> None:
    links = ["https://arxiv.org/abs/2401.00001", "https://arxiv.org/abs/2401.00002"]
    lines = [
        f"### [Stones of the Garden {n}]({url})\n\n- **Metrics:** F1\n"
        for n, url in enumerate(links)
    ]
    readme = HEAD + "".join(lines).replace("### ", "###\u00a0")

    found = read(diff_of(HEAD, readme), readme)

    assert [str(c.given["url"].value) for c in found.candidates] == links


def test_a_line_that_stays_is_not_named_where_another_of_its_block_changes(read) -> None:
    row = "- [T](https://arxiv.org/abs/2402.11890)\n  We like {}.\n"
    before, after = (HEAD + row.format(word) for word in ("it", "this"))

    assert read(diff_of(before, after), after).findings == ()
    assert len(read(diff_of(HEAD, after), after).findings) == 1


@pytest.mark.parametrize("name", ["Maps of Large Towns", ""], ids=["read", "named"])
def test_row_of_an_html_table_is_read_or_named_where_its_paper_is(read, name: str) -> None:
    cells = [f"<td>\n{text}\n</td>" for text in ("2024-02", f"<b>{name}</b>", "", "")]
    link = '<a href="https://arxiv.org/abs/2402.11890"><img src="https://img.shields.io/a-b-c"></a>'
    row = "\n".join(("<tr>", *cells, f"<td>\n{link}\n</td>", "</tr>"))
    readme = f"{HEAD}\n<table>\n{row}\n</table>\n"

    found = read(diff_of(HEAD, readme), readme)

    assert [values(c)["title"] for c in found.candidates] == [name] * bool(name)
    lines = [f.line for f in found.findings]
    assert lines == [readme.split("\n").index(link) + 1] * (not name)


def test_second_paper_of_a_line_is_named(read) -> None:
    more = "[**A New Paper of Some Weight**](https://arxiv.org/abs/2402.11890) | arXiv | 2024-02"
    row = f"| {more} | [Paper](https://arxiv.org/abs/2402.11899) |"
    readme = add_below(HEAD, ("#### Labeling", row))

    found = read(diff_of(HEAD, readme), readme)

    assert [str(c.given["url"].value) for c in found.candidates] == [
        "https://arxiv.org/abs/2402.11890"
    ]
    [finding] = found.findings
    assert "`2402.11899`: its line is about `2402.11890`" in finding.message
    assert finding.line == readme.split("\n").index(row) + 1


def test_two_titles_with_one_address_are_not_one_paper(read) -> None:
    other = "[Rivers Seen from Another Mountain](https://arxiv.org/abs/2402.11890)"
    after = LISTED.replace("- Third", f"- {NEW_LINE}\n- {other}\n- Third")

    proposal = read(diff_of(LISTED, after), after)

    assert titles(proposal) == [("A New Paper of Some Weight", False)]
    [finding] = proposal.findings
    assert "has the same address as" in finding.message
    assert other in after.split("\n")[finding.line - 1]


def test_line_that_is_not_understood_is_named_with_its_number(read) -> None:
    after = LISTED.replace(
        "- Third", "We follow https://arxiv.org/abs/2402.00009 in all.\n\n- Third"
    )

    [finding] = read(diff_of(LISTED, after), after).findings

    assert after.split("\n")[finding.line - 1].startswith("We follow")
    assert finding.file == "README.md"


def test_other_files_of_the_change_are_left_out_where_it_changes_the_readme(read) -> None:
    after = LISTED.replace("[Second", f"{NEW_LINE}\n[Second")
    other = diff_of("# A\n", f"# A\n\n- {NEW_LINE.replace('A New', 'No')}\n", "CONTRIBUTING.md")

    found = titles(read(f"{other}\n{diff_of(LISTED, after)}", after))

    assert found == [("A New Paper of Some Weight", False)]


def test_long_change_is_read_to_the_bound(read) -> None:
    numbered = [ROW.replace("2402.11890", f"2402.{n:05}") for n in range(1, 1_000)]
    rows = [row.replace("A New", f"No {n}") for n, row in enumerate(numbered)]
    after = add_below(HEAD, (MINILLM, "\n".join(rows)))

    proposal = read(diff_of(HEAD, after), after)

    assert "readme-diff-too-long" in {finding.code for finding in proposal.findings}
    assert 500 < len(proposal.candidates) < 999


DIFF_LINES = [
    "@@ -1 +1 @@",
    "@@ -1,2 +1,900 @@ ## A",
    "+++ b/README.md",
    "--- a/x.md",
    "\\ No newline at end of file",
    *(mark + ROW for mark in "+- "),
    "+",
    "-",
]


@given(
    st.lists(st.sampled_from(DIFF_LINES) | st.text(max_size=30), max_size=20).map("\n".join),
    st.one_of(st.none(), st.just(HEAD), st.text(max_size=80)),
)
@settings(max_examples=120, deadline=None)
def test_any_text_is_read(diff: str, readme: str | None) -> None:
    proposal = parse_readme_diff(diff, readme, Taxonomy(categories=()), Venues(venues=()))

    assert all(candidate.given["title"].value for candidate in proposal.candidates)


@pytest.mark.parametrize(
    "filler", ["[", "| a ", "<tr>", "$a", "- [a](https://arxiv.org/abs/2401.00001)\n"]
)
def test_reading_takes_bounded_time(read, filler: str) -> None:
    text = filler * (65_536 // len(filler))
    start = time.process_time()
    read(text, text)

    assert time.process_time() - start < 1.5  # measured: at most 0.3 s


@each(
    ("diff", "after"),
    [
        ("@@ -5,2 +4,0 @@\n-a\n-b", [5, 5]),
        ("@@ -5,3 +5,2 @@\n a\n-b\n c", [5, 6, 6]),
        ("@@ -0,0 +1,2 @@\n+a\n+b", [1, 2]),
        ("@@ -1,2 +1 @@\n a\n-b\n\\ No newline at end of file", [1, 2]),
    ],
    ids=["gone-without-context", "gone-between", "new", "gone-at-the-end"],
)
def test_a_line_that_is_gone_has_the_number_of_the_line_that_follows(diff, after):
    (hunk,) = parse_diff(diff)
    assert [line.new for line in hunk.lines] == after
