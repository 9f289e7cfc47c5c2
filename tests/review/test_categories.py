"""Which category a text names, and which are the nearest where it names none."""

from collections.abc import Callable

from kdbot.model.collection import Collection
from kdbot.model.proposal import Candidate
from kdbot.review.categories import check_categories
from kdbot.review.normalize import normalize_candidate
from kdbot.review.similarity import nearest, nearest_categories
from tests.rows import each

NAMED = {
    "methods/white-box/features": ["methods/white-box/features"],
    "methods/white-box": ["methods/white-box"],
    "Features": ["methods/white-box/features"],
    "FEATURES ": ["methods/white-box/features"],
    "logits": ["methods/white-box/logits"],
    "Logits & Losses": ["methods/white-box/logits"],
    "Methods > White-box > Features": ["methods/white-box/features"],
    "methods → features": ["methods/white-box/features"],
    "White box / Logits and losses": ["methods/white-box/logits"],
    "Surveys and overviews": ["surveys"],
    "white-box": ["methods/white-box"],
    "Other": ["methods/black-box/other", "tasks/other"],
    "Tasks > Other": ["tasks/other"],
    "Features > Methods": [],
    "Tasks > Features": [],
    "Nowhere": [],
    "": [],
    ">": [],
    "x" * 10_000: [],
}


@each(("text", "paths"), NAMED.items(), ids=[str(n)[:30] for n in NAMED])
def test_a_text_names_categories(text: str, paths: list[str], collection: Collection) -> None:
    assert [category.path for category in collection.taxonomy.named(text)] == paths


@each(
    ("text", "path"),
    [
        ("Feature", "methods/white-box/features"),
        ("Rationals", "methods/black-box/rationales"),
        ("methods/whitebox/features", "methods/white-box/features"),
        ("Losses and Logits", "methods/white-box/logits"),
        ("Task > Reasonning", "tasks/reasoning"),
        ("survey", "surveys"),
        ("Quantum Chemistry", None),
    ],
)
def test_the_nearest_category_is_offered(
    text: str, path: str | None, collection: Collection
) -> None:
    close = nearest_categories(text, collection.taxonomy)
    assert (close[0].path if close else None) == path


@each(
    ("text", "name"),
    [
        ("EMNPL", "EMNLP"),
        ("Neurlps", "NeurIPS"),
        ("findings emnlp", "Findings of EMNLP"),
        ("Z", None),
    ],
)
def test_the_nearest_venue_is_offered(text: str, name: str | None, collection: Collection) -> None:
    close = nearest(text, collection.venues.names)
    assert close == name


@each(
    ("given", "code", "told"),
    [
        ([], "missing-category", "a line such as `Categories: Features`"),
        (["Nowhere"], "unknown-category", "`Tasks`: `Reasoning`, `Other`"),
        (["Featurs"], "unknown-category", "Write `Methods > White-box > Features`."),
        (["Other"], "unknown-category", "`Methods > Black-box > Other`, `Tasks > Other`"),
        (["Black-box"], "category-not-a-leaf", "`Methods > Black-box > Rationales`"),
    ],
)
def test_the_answer_says_which_there_are(
    given: list[str],
    code: str,
    told: str,
    collection: Collection,
    form: Callable[..., Candidate],
) -> None:
    draft = normalize_candidate(form({"categories": given}), collection)
    (finding,) = check_categories(draft, collection)
    assert finding.code == code
    assert told in f"{finding.message} {finding.fix}"


def test_a_file_without_category_is_told_which_there_are(
    collection: Collection, file: Callable[..., Candidate]
) -> None:
    draft = normalize_candidate(file('title: "A"\n'), collection)
    (finding,) = check_categories(draft, collection)
    assert finding.severity == "error"
    assert "`Methods > White-box`: `Features`, `Logits and Losses`" in finding.message


@each(
    ("path", "name"),
    [
        ("methods/white-box/features", "Features"),
        ("methods/black-box/other", "Black-box > Other"),
        ("tasks/other", "Tasks > Other"),
    ],
)
def test_a_category_is_written_by_the_shortest_name_that_means_it(
    path: str, name: str, collection: Collection
) -> None:
    taxonomy = collection.taxonomy
    assert taxonomy.short_title(path) == name
    assert [category.path for category in taxonomy.named(name)] == [path]


def test_the_whole_list_of_categories_is_told_once(
    collection: Collection, form: Callable[..., Candidate]
) -> None:
    draft = normalize_candidate(form({"categories": ["Nowhere", "Elsewhere"]}), collection)
    findings = list(check_categories(draft, collection))
    assert [("It has" in finding.message) for finding in findings] == [True, False]
