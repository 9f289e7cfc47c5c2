"""Categories of papers by the heading, or the line, that they stand below."""

from tests.rows import each

LABELING = "kd-algorithms/knowledge-elicitation/labeling"
EXPANSION = "kd-algorithms/knowledge-elicitation/expansion"
ONE = "https://arxiv.org/abs/2601.02001"
OTHER = "https://arxiv.org/abs/2601.02002"


def categories(proposal):
    given = (candidate.given.get("categories") for candidate in proposal.candidates)
    return [value and value.value for value in given]


@each(
    ("body", "expected"),
    [
        (f"Please add to Labeling:\n- {ONE}\n- {OTHER}", [[LABELING], [LABELING]]),
        (f"## Labeling\n- {ONE}\n\n## Expansion\n- {OTHER}", [[LABELING], [EXPANSION]]),
        (f"**Labeling**\n\n{ONE}\n\n**Expansion**\n\n{OTHER}", [[LABELING], [EXPANSION]]),
        (f"## Papers\n\nLabeling:\n- {ONE}\n\nExpansion:\n- {OTHER}", [[LABELING], [EXPANSION]]),
        (f"## Labeling\n- {ONE}\n  - Section: Expansion", [[EXPANSION]]),
        (f"## New papers\n- {ONE}", [None]),
        (f"Labeling:\n- {ONE}\n\nAnd this one as well.\n\n{OTHER}", [[LABELING], None]),
    ],
)
def test_papers_take_the_category_of_what_announces_them(propose, body, expected):
    assert categories(propose("Add papers", body)) == expected
