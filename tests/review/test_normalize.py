"""What a person wrote and the canonical value of it; what a file holds and how it is mended."""

from collections.abc import Callable
from typing import Any

from kdbot.model.collection import Collection
from kdbot.model.proposal import Candidate, Origin
from kdbot.review.normalize import normalize_candidate
from kdbot.text.addresses import address_fault, clean_address
from kdbot.text.dates import parse_month
from kdbot.text.hosts import is_repository
from kdbot.text.titles import canonical_title
from tests.rows import each

MONTHS = {
    "2024-02": "2024-02",
    "2024-2": "2024-02",
    "2024/02": "2024-02",
    "2024.07": "2024-07",
    "24.02": "2024-02",
    "23/03": "2023-03",
    "2024-02-20": "2024-02",
    "2024-02-20T10:11:12Z": "2024-02",
    "20240220": "2024-02",
    "02/2024": "2024-02",
    "20.02.2024": "2024-02",
    "02/20/2024": "2024-02",
    "20/02/2024": "2024-02",
    "20 Feb 2024": "2024-02",
    "20th February 2024": "2024-02",
    "Feb 20, 2024": "2024-02",
    "Feb 2024": "2024-02",
    "feb. 2024": "2024-02",
    "Sept 2023": "2023-09",
    "2024 May": "2024-05",
    "2024年2月": "2024-02",
    "2024年2月20日": "2024-02",
    "２０２４-０２": "2024-02",
    " 2024-02 ": "2024-02",
    "1998-11": "1998-11",
}
NO_MONTHS = [
    "",
    "2024",
    "2024-13",
    "2024-00",
    "13.2024",
    "02/03/2024",
    "02.13",
    "Spring 2024",
    "Q1 2024",
    "ICLR 2024",
    "Feb",
    "Ma 2024",
    "Feb Mar 2024",
    "2023 Feb 2024",
    "31/31/2024",
    "٢٠٢٤-٠٢-",
    "soon",
    "2024-02 and later",
    "9" * 10_000,
]


@each(("text", "month"), MONTHS.items())
def test_a_date_tells_its_month(text: str, month: str) -> None:
    assert parse_month(text) == month


@each("text", NO_MONTHS)
def test_what_tells_no_month_is_not_guessed(text: str) -> None:
    assert parse_month(text) is None


ADDRESSES = {
    "github.com/a/b": "https://github.com/a/b",
    "http://github.com/a/b": "https://github.com/a/b",
    "https://GitHub.com/a/B.git": "https://github.com/a/B",
    "git@github.com:a/b.git": "https://github.com/a/b",
    "<https://github.com/a/b>": "https://github.com/a/b",
    "https://github.com/a/b?utm_source=x": "https://github.com/a/b",
    "https://e.org/p?x=1&utm_medium=y&fbclid=z#s": "https://e.org/p?x=1#s",
    "https://e.org/p?tab=readme": "https://e.org/p?tab=readme",
    "https://e.org/p/": "https://e.org/p/",
    "http://e.org/p": "http://e.org/p",
    "https://E.org/Path": "https://e.org/Path",
    "no address": "no address",
    "2301.1": "2301.1",
    "": "",
}


@each(("text", "clean"), ADDRESSES.items())
def test_an_address_is_cleaned_and_stays_so(text: str, clean: str) -> None:
    assert clean_address(text) == clean
    assert clean_address(clean) == clean


REPOSITORIES = {
    "https://github.com/a/b": True,
    "https://github.com/a/b/tree/main/c": True,
    "https://www.github.com/a/b": True,
    "https://gitlab.com/a/b": True,
    "https://gitlab.inria.fr/a/b": True,
    "https://huggingface.co/a/b": True,
    "https://anonymous.4open.science/r/x": True,
    "https://github.com/a": False,
    "https://github.com": False,
    "https://github.com/topics/llm": False,
    "https://huggingface.co/papers/2402.12030": False,
    "https://a.github.io/b": False,
    "https://github.com.evil.org/a/b": False,
    "https://example.org/github.com/a/b": False,
    "nothing": False,
}


@each(("url", "is_one"), REPOSITORIES.items())
def test_a_repository_is_told_from_a_page(url: str, is_one: bool) -> None:
    assert is_repository(url) is is_one


@each(
    "text",
    [
        "ftp://e.org/x",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https://localhost/x",
        "https://127.0.0.1/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://[::1]/x",
        "https://user:pass@e.org/x",
        "https://e.org\\@evil.org/",
        "https://e.org/a b",
        "https://e.org/\x07",
        "e.org/x",
    ],
)
def test_an_address_that_is_no_public_page_has_a_fault(text: str) -> None:
    assert address_fault(text)


TITLES = {
    "  A   title ": "A title",
    "“A title”": "A title",
    "**A title**": "A title",
    '"A" and "B"': '"A" and "B"',
    "*A* and *B*": "*A* and *B*",
    "`A title`": "A title",
    "__A title__": "A title",
    "A title": "A title",
    '"': '"',
    "": "",
}


@each(("text", "title"), TITLES.items())
def test_a_title_sheds_the_marks_around_it(text: str, title: str) -> None:
    assert canonical_title(text) == title


FORMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "an arXiv link is its identifier": (
        {"url": "https://arxiv.org/pdf/2402.11176v2.pdf"},
        {"arxiv": "2402.11176", "date": "2024-02"},
    ),
    "D14 every alias of an identifier is the identifier": (
        {"url": "https://doi.org/10.48550/arXiv.math.GT/0309136"},
        {"arxiv": "math/0309136", "date": "2003-09"},
    ),
    "a DOI has its field": (
        {"url": "https://doi.org/10.1145/3637528.3671644"},
        {"doi": "10.1145/3637528.3671644"},
    ),
    "an Anthology page has its field": (
        {"url": "https://aclanthology.org/2024.eacl-long.110.pdf"},
        {"acl": "2024.eacl-long.110"},
    ),
    "a forum has its field": (
        {"url": "https://openreview.net/forum?id=abcDEF1234"},
        {"openreview": "abcDEF1234"},
    ),
    "a page stays where there is no identifier": (
        {"url": "https://github.com/a/b/blob/main/paper.pdf"},
        {"url": "https://github.com/a/b/blob/main/paper.pdf"},
    ),
    "a page goes where there is one": (
        {"url": "https://e.org/paper", "arxiv": "2402.11176"},
        {"arxiv": "2402.11176", "date": "2024-02"},
    ),
    "two identifiers of two kinds are both kept": (
        {"url": "https://aclanthology.org/2024.eacl-long.110", "arxiv": "2402.11176"},
        {"acl": "2024.eacl-long.110", "arxiv": "2402.11176", "date": "2024-02"},
    ),
    "the year alone is the identifier's month": (
        {"url": "2402.11176", "date": "2024"},
        {"arxiv": "2402.11176", "date": "2024-02"},
    ),
    "a month that was written stays": (
        {"url": "2402.11176", "date": "Mar 2024"},
        {"arxiv": "2402.11176", "date": "2024-03"},
    ),
    "a year without identifier is left for the check": ({"date": "2024"}, {"date": "2024"}),
    "a venue's alias and year": (
        {"venue": "NIPS'23"},
        {"venue": "NeurIPS", "year": "2023"},
    ),
    "an unknown venue and its year": (
        {"venue": "COLM 2024"},
        {"venue": "COLM", "year": "2024"},
    ),
    "a venue with what is said about it": (
        {"venue": "Accepted to EMNLP 24 (Main Conference)"},
        {"venue": "EMNLP"},
    ),
    "a venue's track": (
        {"venue": "EMNLP 2024 (Findings)"},
        {"venue": "Findings of EMNLP", "year": "2024"},
    ),
    "a preprint": ({"venue": "CoRR 2024"}, {"venue": "arXiv"}),
    "a venue's year of two digits": ({"venue": "ICLR 24"}, {"venue": "ICLR"}),
    "no venue": ({"venue": "-"}, {}),
    "no answer": ({"venue": "_No response_", "code": "n/a", "categories": []}, {}),
    "categories by title, id, path and option": (
        {
            "categories": [
                "features",
                "Logits and losses",
                "methods/black-box/rationales",
                "Tasks > Other",
                "surveys and overviews",
                "Features",
            ]
        },
        {
            "categories": (
                "methods/white-box/features",
                "methods/white-box/logits",
                "methods/black-box/rationales",
                "tasks/other",
                "surveys",
            )
        },
    ),
    "a title of two leaves is left for the check": (
        {"categories": ["Other"]},
        {"categories": ("Other",)},
    ),
    "categories in one text": (
        {"categories": "Features, Reasoning"},
        {"categories": ("methods/white-box/features", "tasks/reasoning")},
    ),
    "links in one text, each once": (
        {"code": "https://github.com/a/b http://github.com/a/b/ github.com/c/d"},
        {"code": ("https://github.com/a/b", "https://github.com/c/d")},
    ),
    "a mark around no link": (
        {"code": "see > https://github.com/a/b"},
        {"code": ("see", "https://github.com/a/b")},
    ),
    "a code link that is a page": (
        {"code": ["https://a.github.io/b/", "https://github.com/a/b"]},
        {"code": ("https://github.com/a/b",), "project": ("https://a.github.io/b/",)},
    ),
    "a publisher is left out": ({"venue": "PMLR"}, {}),
    "a flag": ({"withdrawn": "Yes"}, {"withdrawn": True}),
    "words in place of a link": (
        {"url": "A Slow Look at Patient Students"},
        {"title": "A Slow Look at Patient Students"},
    ),
    "a name in place of a link": (
        {"url": "SLAP", "title": "A Slow Look"},
        {"title": "A Slow Look"},
    ),
    "words that are no link": (
        {"url": "not a link", "title": "A Slow Look at Patient Students"},
        {"url": "not a link", "title": "A Slow Look at Patient Students"},
    ),
    "words that are neither a link nor a title": ({"url": "not a link"}, {"url": "not a link"}),
}


@each(("given", "values"), FORMS.values(), ids=FORMS.keys())
def test_a_form_becomes_canonical_without_a_word(
    given: dict[str, Any],
    values: dict[str, Any],
    collection: Collection,
    form: Callable[..., Candidate],
) -> None:
    assert dict(normalize_candidate(form(given), collection).values) == values


def test_the_origin_of_a_value_is_where_it_was_read(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    draft = normalize_candidate(form({"url": "2402.11176"}), collection)
    assert draft.given["arxiv"].origin is Origin.FORM
    assert draft.given["date"].origin is Origin.IDENTIFIER


FIXED = {
    "arxiv: https://arxiv.org/abs/2402.11176v1": 'arxiv: "2402.11176"',
    "arxiv: '2402.11176v2'   # second version": 'arxiv: "2402.11176"   # second version',
    "url: https://arxiv.org/abs/2402.11176": 'arxiv: "2402.11176"',
    "venue: NIPS": "venue: NeurIPS",
    'venue: "NIPS 2023"': "venue: NeurIPS",
    "date: Feb 2024": "date: 2024-02",
    "categories: [Features]": "categories: [methods/white-box/features]",
    "categories:\n  - Features": "  - methods/white-box/features",
    "categories:\n- Features # by title": "- methods/white-box/features # by title",
    "code: [https://github.com/a/b.git]": "code: [https://github.com/a/b]",
    'title: "  A title"': 'title: "A title"',
    "vennue: EMNLP": "venue: EMNLP",
}


@each(("text", "line"), FIXED.items())
def test_a_line_of_a_file_is_mended_in_its_place(
    text: str, line: str, collection: Collection, file: Callable[..., Candidate]
) -> None:
    draft = normalize_candidate(file(f"# first\n{text}\n"), collection)
    finding = next(f for f in draft.findings if f.replacement is not None)
    assert finding.replacement == line
    assert finding.line == 2 + text.count("\n")


@each(
    ("text", "line"),
    [
        ("venue: NIPS", "venue: NeurIPS"),
        ("categories:\n  - Features", "  - methods/white-box/features"),
        ("categories: [Features]", None),
    ],
)
def test_without_the_text_of_the_file_only_a_sure_line_is_made(
    text: str, line: str | None, collection: Collection, file: Callable[..., Candidate]
) -> None:
    draft = normalize_candidate(file(text, source=False), collection)
    assert draft.findings[0].replacement == line


@each(
    ("text", "value"),
    [("arxiv: 2301.10000", "2301.10000"), ("venue: no", "no"), ("date: 2023-01", "2023-01")],
    ids=["D08-float", "D08-boolean", "D08-date"],
)
def test_D08_text_stays_text(
    text: str, value: str, collection: Collection, file: Callable[..., Candidate]
) -> None:
    name = text.partition(":")[0]
    assert normalize_candidate(file(text), collection).values[name] == value


@each("value", [float("nan"), float("inf"), 1, True, {"a": 1}, [["x"]], None])
@each("name", ["title", "arxiv", "code", "categories"])
def test_D09_what_is_no_text_is_told_and_left_out(
    name: str, value: Any, collection: Collection, form: Callable[..., Candidate]
) -> None:
    assert name not in normalize_candidate(form({name: value}), collection).values
