"""The labelled proposals have the form that their README states."""

import json
import re
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
ROWS = [
    json.loads(line)
    for name in (
        "proposals2.jsonl",
        "additions.jsonl",
        "additions_unseen2.jsonl",
        "additions_unseen3.jsonl",
        "additions_unseen4.jsonl",
        "additions_unseen5.jsonl",
    )
    for line in (DATA / name).read_text("utf-8").split("\n")
    if line
]
FIELDS = {"id", "url", "kind", "title", "body", "intent", "expected", "tags"}
PAPER = {
    "title", "short_name", "arxiv_id", "doi", "acl", "openreview", "url", "code_url", "project",
    "venue", "date", "authors",
}  # fmt: skip
LOGIN = re.compile(r"(?<![\w/*.])@(?!NAME\b|(?i:article|inproceedings)\b|\s)\w")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
INVENTED = "Brandt|Doe|Falk|Lindner|Moss|Okafor|Roe|Stern|Weller"
AUTHORS = re.compile(
    rf"(?:Ann|Bo|Cy|Di|Mei|Song-Mei) \w+|[\w. -]+ (?:{INVENTED})|(?:{INVENTED}) [A-Z]"
)


def test_each_text_has_the_stated_form():
    for row in ROWS:
        assert set(row) == FIELDS, row["id"]
        thread = row["url"].replace("/pull/", "/issues/")
        assert thread == "https://github.com/" + row["id"].replace("#", "/issues/")
        assert row["kind"] in {"issue", "pr"}, row["id"]
        assert row["intent"] in {"add", "update", "removal", "none"}, row["id"]
        assert all(set(paper) == PAPER for paper in row["expected"]), row["id"]
        assert row["intent"] != "none" or not row["expected"], row["id"]


def test_no_text_is_there_twice_and_none_names_a_person():
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    texts = {row["id"]: f"{row['title']}\n{row['body']}" for row in ROWS}
    said = [name for name, text in texts.items() if LOGIN.search(text) or MAIL.search(text)]
    assert said == []
    authors = [name for row in ROWS for p in row["expected"] for name in p["authors"] or ()]
    assert all(AUTHORS.fullmatch(name) for name in authors)
