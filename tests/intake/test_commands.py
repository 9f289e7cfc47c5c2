"""The first line of a comment, and the names of categories in it."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from kdbot.intake.commands import parse_categories, parse_command, with_categories
from kdbot.model.proposal import Candidate, Given, Intent, Origin, Proposal
from kdbot.model.taxonomy import Category, Taxonomy
from tests.rows import each

TAXONOMY = Taxonomy(
    categories=(
        Category(path="methods", title="Methods", depth=0, leaf=False),
        Category(path="methods/label", title="Labeling, and Curation", depth=1, leaf=True),
        Category(path="methods/other", title="Other", depth=1, leaf=True),
        Category(path="skills", title="Skills", depth=0, leaf=False),
        Category(path="skills/plan", title="Planning", depth=1, leaf=True),
        Category(path="skills/other", title="Other", depth=1, leaf=True),
    )
)

NAMES = [
    ("Planning", ("skills/plan",), ()),
    ("planning; Labeling, and Curation", ("skills/plan", "methods/label"), ()),
    ("Labeling, and Curation, Planning, planning", ("methods/label", "skills/plan"), ()),
    ("Skills > Other, methods/other", ("skills/other", "methods/other"), ()),
    ("Other", (), ("Other",)),
    ("Methods, Planning", ("skills/plan",), ("Methods",)),
    ("Labeling", (), ("Labeling",)),
    ("", (), ()),
    (" , ;", (), ()),
]


@each(("text", "paths", "unknown"), NAMES)
def test_names_of_categories(text, paths, unknown):
    assert parse_categories(text, TAXONOMY) == (paths, unknown)


@given(st.text())
def test_any_comment_is_read(body):
    found = parse_command(body)
    assert found is None or (body.startswith(found[0]) and "\n" not in found[1])
    parse_categories(body, TAXONOMY)


@each("part", ["/", "/a", "/a ", "a, ", ";", "/accept ,", "-", "\t"])
def test_C08_long_comments_are_read_in_linear_time(part):
    start = time.process_time()
    for body in (part * 30_000, f"/accept {part * 30_000}"):
        found = parse_command(body)
        if found is not None:
            parse_categories(found[1], TAXONOMY)
    assert time.process_time() - start < 1


def paper(*categories, intent=Intent.ADD):
    given = {"title": Given(value="A Paper", origin=Origin.TEXT)}
    if categories:
        given["categories"] = Given(value=list(categories), origin=Origin.TEXT)
    return Candidate(given=given, intent=intent)


LACKING = [
    ([paper()], [["skills/plan"]]),
    ([paper("Labeling, and Curation")], [["skills/plan"]]),
    ([paper("Nothing")], [["skills/plan"]]),
    ([paper("Other"), paper("Skills > Other")], [["skills/plan"], ["Skills > Other"]]),
    ([paper("Planning"), paper()], [["Planning"], ["skills/plan"]]),
    ([paper(), paper(intent=Intent.REMOVE)], [["skills/plan"], None]),
]


@each(("papers", "expected"), LACKING)
def test_a_command_sets_what_is_lacking_else_all(papers, expected):
    proposal = Proposal(intent=Intent.ADD, candidates=tuple(papers))
    found = with_categories(proposal, ("skills/plan",), TAXONOMY).candidates
    assert [c.given["categories"].value if "categories" in c.given else None for c in found] == (
        expected
    )
