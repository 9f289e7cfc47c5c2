"""What kdbot has published is read back word for word: the tables hold all that they show."""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kdbot.intake.importing.decisions import NO_DECISIONS
from kdbot.intake.importing.list_import import ImportedList, import_list
from kdbot.intake.lists.reader import parse_readme_list
from kdbot.model.collection import Collection, identities_of
from kdbot.model.paper import Paper
from kdbot.model.schema import parse_schema
from kdbot.model.settings import TableSettings
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.model.venue import Venue, Venues
from kdbot.publish.readme.tables import ShownPapers, render_tables
from tests.rows import each

ROOT = Path(__file__).parents[2]
SCHEMA = parse_schema(json.loads((ROOT / "schema/paper.schema.json").read_text("utf-8")))
COLUMNS = ("title", "venue", "date", "code", "data")
TAXONOMY = Taxonomy(
    categories=(
        Category(path="methods", title="Methods", depth=0, leaf=False),
        Category(path="methods/misc", title="Misc.", depth=1, leaf=True, note="Short."),
        Category(path="methods/c-and-d", title="C & D", depth=1, leaf=True),
        Category(path="1-empty", title="1. Empty", depth=0, leaf=True),
    )
)
VENUES = Venues(venues=(Venue(name="ICLR"), Venue(name="*SEM"), Venue(name="NeurIPS D&B")))

TITLES = st.text(
    st.one_of(
        st.sampled_from("|[]()*_$<>&#~`\\!:.,?\"'@-+ {}/=^“”"),
        st.characters(min_codepoint=0x21, max_codepoint=0x17F, exclude_categories=("C", "Z")),
        st.just(" "),
    ),
    min_size=3,
    max_size=60,
).map(lambda text: " ".join(text.split()))  # fmt: skip
ADDRESSES = st.builds(
    "https://{}/{}".format,
    st.sampled_from(["github.com/a", "gitlab.com/a", "huggingface.co/datasets/a"]),
    st.text("abz019_~-/()&=?", min_size=1, max_size=12),
)
LINKS = st.lists(ADDRESSES, max_size=3, unique=True).map(tuple)


@st.composite
def papers(draw: st.DrawFn) -> tuple[Paper, ...]:
    count = draw(st.integers(1, 4))
    return tuple(
        Paper(
            id=f"2401.{number:05}",
            arxiv=f"2401.{number:05}",
            title=f"T{number} {draw(TITLES)}".strip(),
            venue=draw(st.sampled_from([None, *VENUES.names])),
            date="2024-01",
            code=draw(LINKS),
            project=draw(st.sampled_from([(), ("https://a.github.io/b",)])),
            data=draw(LINKS),
            categories=draw(
                st.sampled_from([("methods/misc",), ("methods/misc", "methods/c-and-d")])
            ),
            withdrawn=draw(st.booleans()),
        )
        for number in range(1, count + 1)
    )


def import_again(collection: Collection) -> ImportedList:
    tables = render_tables(
        ShownPapers(collection=collection, settings=TableSettings(columns=COLUMNS)), None, {}
    )
    readme = f"# A List\n\n<!-- kdbot:begin tables -->\n{tables}\n<!-- kdbot:end tables -->\n"
    return import_list(
        parse_readme_list(readme, collection.venues),
        decisions=NO_DECISIONS,
        known=collection.venues,
        source_file="README.md",
        schema=collection.schema,
    )


@given(papers())
@settings(max_examples=80, deadline=None)
def test_published_tables_are_read_back(given_papers: tuple[Paper, ...]) -> None:
    collection = Collection(
        papers={paper.id: paper for paper in given_papers},
        identities=identities_of(given_papers),
        schema=SCHEMA,
        taxonomy=TAXONOMY,
        venues=VENUES,
    )

    again = import_again(collection)

    assert {paper.id: paper for paper in again.papers} == collection.papers
    assert again.taxonomy == TAXONOMY
    used = {paper.venue for paper in given_papers}
    assert again.venues.venues == tuple(v for v in VENUES.venues if v.name in used)


def test_columns_of_the_lists_own_schema_are_read_back() -> None:
    document = json.loads(json.dumps(SCHEMA.document))
    document["properties"]["model"] = {"type": "string", "title": "Base model"}
    document["properties"]["tasks"] = {
        "type": "array", "title": "Tasks", "items": {"type": "string"}
    }  # fmt: skip
    paper = Paper(
        id="2401.00001",
        arxiv="2401.00001",
        title="A Paper",
        date="2024-01",
        categories=("methods/misc",),
        extra=(("model", "LLaMA 7B"), ("tasks", ("QA", "NLI"))),
    )
    collection = Collection(
        papers={paper.id: paper},
        identities=identities_of([paper]),
        schema=parse_schema(document),
        taxonomy=TAXONOMY,
        venues=VENUES,
    )
    columns = ("title", "model", "tasks")
    tables = render_tables(
        ShownPapers(collection=collection, settings=TableSettings(columns=columns)), None, {}
    )

    found = import_list(
        parse_readme_list(
            f"<!-- kdbot:begin tables -->\n{tables}\n<!-- kdbot:end tables -->\n", VENUES
        ),
        decisions=NO_DECISIONS,
        known=VENUES,
        source_file="README.md",
        schema=collection.schema,
    )

    assert found.papers == (paper,)


@each("content", ["", "old\n", "| a |\n| - |\n| b |\n"])
def test_a_region_without_a_category_has_no_papers(content):
    found = parse_readme_list(
        f"<!-- kdbot:begin tables -->\n{content}<!-- kdbot:end tables -->\n", VENUES
    )
    assert (found.papers, found.sections) == ((), ())


@each(
    ("quotation", "note", "text"),
    [
        ("> Short.\n", "Short.", None),
        ("> See https://example.org/a.\n\n<!-- papers -->\n", None, "> See https://example.org/a."),
        ("> Said.\n\n<!-- papers -->\n", None, "> Said."),
        ("> Short.\n\nMore.\n\n<!-- papers -->\n", "Short.", "More."),
    ],
)
def test_a_quotation_is_a_note_where_it_can_be_one(
    quotation: str, note: str | None, text: str | None
) -> None:
    table = "| Title |\n|:--|\n| [A Paper](https://arxiv.org/abs/2401.00001) |\n"
    readme = "<!-- kdbot:begin tables -->\n## A\n\n{}\n{}<!-- kdbot:end tables -->\n"
    found = parse_readme_list(readme.format(quotation, table), VENUES)

    assert (found.notes.get(("A",)), found.texts.get(("A",))) == (note, text)
