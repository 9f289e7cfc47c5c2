"""Anchors as GitHub gives them."""

from kdbot.publish.readme.render import _anchors, _slug, find_headings
from tests.rows import each

# The first column as a reader sees it; the second as GitHub writes it into the page.
SLUGS = [
    ("Medical & Healthcare", "medical--healthcare"),
    ("Misc.", "misc"),
    ("Self-Knowledge", "self-knowledge"),
    ("NLP Task Specialization", "nlp-task-specialization"),
    ("C++ / C#", "c--c"),
    ("snake_case", "snake_case"),
    ("Привет non-latin 你好", "привет-non-latin-你好"),
    ("🎉 News", "-news"),
    (":rocket: Start", "rocket-start"),
    ("I ♥ unicode", "i--unicode"),
    ("Dash—en–em", "dashenem"),
    ("¿Qué?", "qué"),
    ("a  b", "a--b"),
    ("½ ² Ⅳ", "--ⅳ"),
    ("'quotes' \"double\"", "quotes-double"),
]


@each(("text", "expected"), SLUGS)
def test_slug(text, expected):
    assert _slug(text) == expected


@each(
    ("texts", "expected"),
    [
        (["a", "a", "a"], ["a", "a-1", "a-2"]),
        (["a", "a-1", "a"], ["a", "a-1", "a-2"]),
        (["a", "a", "a-1"], ["a", "a-1", "a-1-1"]),
        (["?", "!"], ["", "-1"]),
    ],
)
def test_doubles_are_numbered(texts, expected):
    assert _anchors(texts) == expected


def test_headings_of_every_kind_count_and_code_does_not():
    markdown = (
        "# One *two* `three` [four](x)\n\nUnder\nlined\n===\n\nSecond\n---\n\n"
        "```\n# code\n```\n\n    # code\n\n<h2 align='center'>By <b>hand</b></h2>\n\n"
        "- ## In a list\n\n> ### Quoted &amp; closed ###\n\nnot # a heading\n\n#no heading\n"
    )
    assert [(h.level, h.text, h.anchor, h.line) for h in find_headings(markdown)] == [
        (1, "One two three four", "one-two-three-four", 0),
        (1, "Under\nlined", "underlined", 2),
        (2, "Second", "second", 6),
        (2, "By hand", "by-hand", 15),
        (2, "In a list", "in-a-list", 17),
        (3, "Quoted & closed", "quoted--closed", 19),
    ]
