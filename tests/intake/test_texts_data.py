"""The texts that are no plain additions have the form that their README states."""

import json
import re
from itertools import chain
from pathlib import Path

TEXTS = Path(__file__).parents[1] / "data/texts"


def rows(name):
    return [json.loads(line) for line in (TEXTS / name).read_text("utf-8").split("\n") if line]


SEEN, REAL = rows("seen.jsonl"), rows("corrections_real.jsonl")
UNSEEN = [rows(f"unseen{number}.jsonl") for number in (2, 3, 4, 5)]
ALL = [*SEEN, *REAL, *chain.from_iterable(UNSEEN)]
FIELDS = {
    "id": str,
    "url": str,
    "kind": str,
    "language": str,
    "title": str,
    "body": str,
    "intent": str,
    "expected": list,
    "listed": list,
    "names_a_paper": bool,
    "public_act": str,
    "tags": list,
}
PAPER = {
    "role",
    "changes",
    "title",
    "short_name",
    "arxiv_id",
    "doi",
    "acl",
    "openreview",
    "url",
    "code_url",
    "project",
    "venue",
    "date",
    "authors",
}
CHANGED = {"title", "url", "code_url", "project", "venue", "date", "category", "doi"}
INTENTS = {
    "add",
    "update",
    "mixed",
    "removal",
    "category",
    "question",
    "thanks",
    "advert",
    "citation-request",
    "artifacts",
    "duplicate-report",
    "broken-link",
    "none",
}
ACTS = {"silence", "needs-maintainer", "update", "ready"}


def faults(row):
    """What is wrong with the form of one text, by field."""
    thread = row["id"].partition("/comment-")[0].replace("#", "/issues/")
    papers = row["expected"]
    checks = {
        "fields": {name: type(value) for name, value in row.items()} == FIELDS,
        "url": row["url"].replace("/pull/", "/issues/") == f"https://github.com/{thread}",
        "kind": row["kind"] == ("comment" if "/comment-" in row["id"] else row["kind"])
        and row["kind"] in {"issue", "pr", "comment"},
        "language": re.fullmatch("[a-z]{2}", row["language"]),
        "title": row["title"],
        "intent": row["intent"] in INTENTS,
        "public_act": row["public_act"] in ACTS,
        "expected": all(set(paper) == PAPER for paper in papers),
        "role": all(paper["role"] in {"add", "update", "remove", "spoken-of"} for paper in papers),
        "changes": all(
            set(change) == {"field", "value", "old"}
            and change["field"] in CHANGED
            and change["value"]
            and change["value"] != change["old"]
            for paper in papers
            for change in paper["changes"]
        ),
        "listed": all(set(paper) == {"title", "url"} and paper["title"] for paper in row["listed"]),
    }
    return [name for name, holds in checks.items() if not holds]


def test_each_text_has_the_stated_form():
    assert {row["id"]: found for row in ALL if (found := faults(row))} == {}


def test_no_text_is_there_twice():
    assert len({row["id"] for row in ALL}) == len(ALL)


def test_no_text_has_a_mail_address_or_a_login():
    mail = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
    login = re.compile(r"(?<![\w/*])@(?!NAME\b|(?i:article|book|misc|phdthesis|inproceedings)\b)\w")
    texts = {row["id"]: f"{row['title']}\n{row['body']}" for row in ALL}
    assert not [name for name, text in texts.items() if mail.search(text) or login.search(text)]


def test_an_act_stands_on_what_the_text_names():
    """Nothing is said of no paper, `update` rests on a stated value, `ready` on a new paper."""
    for row in ALL:
        roles = {paper["role"] for paper in row["expected"]}
        if not row["names_a_paper"]:
            assert (row["public_act"], row["expected"]) == ("silence", []), row["id"]
        if row["public_act"] == "update":
            assert "update" in roles, row["id"]
            assert row["listed"], row["id"]
        if row["public_act"] == "ready":
            assert "add" in roles, row["id"]


def test_a_paper_has_changes_exactly_where_a_new_value_is_stated():
    papers = [(row["id"], paper) for row in ALL for paper in row["expected"]]
    assert not [
        name for name, paper in papers if (paper["role"] == "update") != bool(paper["changes"])
    ]


def test_half_a_hundred_corrections_are_there_beside_the_others():
    assert len(REAL) >= 50
    assert sum(paper["role"] == "update" for row in REAL for paper in row["expected"]) >= 25
    assert any(row["public_act"] == "needs-maintainer" for row in REAL)


def test_the_second_unseen_set_has_each_kind_in_number():
    """Counted by what a text asks for: the figure that is reported at the end rests on it."""
    second, *_ = UNSEEN
    roles = [{paper["role"] for paper in row["expected"]} for row in second]
    changed = sum(paper["role"] == "update" for row in second for paper in row["expected"])
    assert len(second) >= 130
    assert changed >= 30
    assert sum("spoken-of" in found and "update" not in found for found in roles) >= 25
    assert sum(row["intent"] == "removal" for row in second) >= 15
    assert sum(not row["names_a_paper"] for row in second) >= 40


def test_the_kinds_of_text_are_all_there():
    assert len(ALL) >= 150
    assert {row["intent"] for row in ALL} == INTENTS
    assert sum(row["language"] != "en" for row in ALL) >= 30
    assert sum("quotes" in row["tags"] for row in ALL) >= 25
    assert sum(row["intent"] == "mixed" for row in ALL) >= 15
