"""One phrase, one answer: whatever door a title, a venue, a date, names or a link come through."""

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from kdbot.intake.proposal import parse_proposal
from kdbot.intake.readme_diff import parse_readme_diff
from kdbot.intake.record import parse_record
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.model.collection import Collection, identities_of
from kdbot.model.form import form_fields
from kdbot.model.proposal import Candidate
from kdbot.model.schema import parse_schema
from kdbot.model.settings import parse_settings
from kdbot.review.normalize import normalize_candidate

_PAPER_LABEL = "Paper link or identifier"
ROOT = Path(__file__).parents[2]
PHRASES: dict[str, list] = {}
for name in ("doors.yaml", "doors_real.yaml"):
    data = (ROOT / "tests/data" / name).read_bytes()
    for kind, found in yaml.load(data, yaml.CSafeLoader).items():
        PHRASES.setdefault(kind, []).extend(found)
TITLE = "A Slow Look at Patient Students"
# A page of a paper whose address tells no month.
PAGE = "https://openreview.net/forum?id=aBcDeFgHiJ"
FIELDS = {"venues": "venue", "dates": "date", "authors": "authors", "titles": "title"}
COLUMNS = {"venues": "Venue", "dates": "Date", "authors": "Authors"}
LINK_FIELDS = ("code", "project", "data")

SCHEMA = parse_schema(json.loads((ROOT / "schema/paper.schema.json").read_bytes()))
TAXONOMY = parse_taxonomy((ROOT / "schema/taxonomy.yaml").read_bytes(), "schema/taxonomy.yaml")
VENUES = parse_venues((ROOT / "schema/venues.yaml").read_bytes(), "schema/venues.yaml")
SETTINGS = parse_settings(tomllib.loads((ROOT / "kdbot.toml").read_text("utf-8")), "kdbot.toml")
ASKED = ("title", "venue", "date", "authors", "code", "project", "data")
FORM = form_fields(replace(SETTINGS, form=ASKED), SCHEMA, TAXONOMY)
COLLECTION = Collection(
    papers={}, identities=identities_of(()), schema=SCHEMA, taxonomy=TAXONOMY, venues=VENUES
)


def of_issue(body: str) -> Candidate | None:
    found = parse_proposal("Add a paper", body, form=FORM, taxonomy=TAXONOMY, venues=VENUES)
    return found.candidates[0] if len(found.candidates) == 1 else None


def text(kind: str, say: str, title: str, _to: str) -> Candidate | None:
    label = FIELDS.get(kind, say).capitalize()
    value = {"links": _to, "titles": None}.get(kind, say)
    lines = [f"Title: {title}", f"Link: {PAGE}", *([f"{label}: {value}"] if value else [])]
    return of_issue("Please add this paper:\n\n" + "\n".join(lines))


def form(kind: str, say: str, title: str, to: str) -> Candidate | None:
    answers = {_PAPER_LABEL: PAGE, "Title": title}
    if kind in COLUMNS:
        answers[SCHEMA.title(FIELDS[kind])] = say
    elif kind == "links":
        answers[SCHEMA.title(say.lower())] = to
    return of_issue("\n\n".join(f"### {label}\n\n{answer}" for label, answer in answers.items()))


def of_list(lines: str) -> Candidate | None:
    diff = "".join(f"+{line}\n" for line in f"## Papers\n\n{lines}".split("\n"))
    found = parse_readme_diff(diff, None, TAXONOMY, VENUES)
    return found.candidates[0] if len(found.candidates) == 1 else None


def row(kind: str, say: str, title: str, to: str) -> Candidate | None:
    column = COLUMNS.get(kind, "Links")
    cell = f"[{say}]({to})" if kind == "links" else say if kind in COLUMNS else ""
    head = f"| Title | {column} |\n| :-- | :-- |"
    return of_list(f"{head}\n| [{title}]({PAGE}) | {cell} |")


def bullet(kind: str, say: str, title: str, to: str) -> Candidate | None:
    behind = f" [[{say}]({to})]" if kind == "links" else f". {say}" if kind in COLUMNS else ""
    return of_list(f"- [{title}]({PAGE}){behind}")


def bibtex(kind: str, say: str, title: str, _to: str) -> Candidate | None:
    name = {"venues": "booktitle", "dates": "date", "authors": "author"}.get(kind)
    more = f"  {name} = {{{say}}},\n" if name else ""
    fields = f"  title = {{{title}}},\n{more}  url = {{{PAGE}}}\n"
    return of_issue(f"```bibtex\n@inproceedings{{x,\n{fields}}}\n```")


def record(kind: str, say: str, title: str, to: str) -> Candidate | None:
    values = {"title": title, "openreview": PAGE.partition("=")[2]}
    if kind in {"venues", "dates"}:
        values[FIELDS[kind]] = say
    elif kind == "links":
        values[say.lower()] = [to]
    lines = "".join(f"{name}: {json.dumps(value)}\n" for name, value in values.items())
    found = parse_record(lines.encode(), "papers/x.yaml")
    return found if isinstance(found, Candidate) else None


DOORS = {
    "text": text, "form": form, "row": row, "bullet": bullet, "bibtex": bibtex, "yaml": record,
}  # fmt: skip
# What a door has no place for: BibTeX no code, a file no running list of names.
CLOSED = {("links", "bibtex"), ("authors", "yaml")}


def answer(kind: str, candidate: Candidate):
    values = normalize_candidate(candidate, COLLECTION).values
    if kind == "links":
        return next((name for name in LINK_FIELDS if values.get(name)), None)
    value = values.get(FIELDS[kind]) or None
    if kind == "dates":
        # A year alone, or words, are told to their author: they tell no month.
        return value if re.fullmatch(r"[0-9]{4}-(?:0[1-9]|1[0-2])", value or "") else None
    return list(value) if isinstance(value, tuple) else value


def is_open(kind: str, door: str, phrase) -> bool:
    if (kind, door) in CLOSED or door in phrase.get("not", ()):
        return False
    # A form and a file have fields, not labels, and a file's author is asked about a wrong one.
    named = str(phrase["say"]).lower() in LINK_FIELDS
    asked = named and (door == "form" or phrase["means"] == str(phrase["say"]).lower())
    return kind != "links" or door not in {"form", "yaml"} or asked


def answers(kind: str, door: str, phrase):
    """What a phrase comes to through a door, and what it means; with the year where that counts."""
    say = str(phrase["say"])
    candidate = DOORS[door](kind, say, say if kind == "titles" else TITLE, phrase.get("to", ""))
    if candidate is None:
        return "no paper", phrase["means"]
    has_year = "year" in phrase and door != "yaml"  # a file has a field of its own for it
    year = normalize_candidate(candidate, COLLECTION).values.get("year") if has_year else None
    return (answer(kind, candidate), year), (phrase["means"], phrase["year"] if has_year else None)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", PHRASES)
def test_one_phrase_has_one_answer_through_every_door(kind, door):
    phrases = [phrase for phrase in PHRASES[kind] if is_open(kind, door, phrase)]
    found = [(phrase["say"], phrase.get("to"), *answers(kind, door, phrase)) for phrase in phrases]
    assert [row for row in found if row[2] != row[3]] == []


def test_there_are_enough_phrases_and_each_has_several_doors():
    phrases = [(kind, phrase) for kind, found in PHRASES.items() for phrase in found]
    assert len(phrases) >= 150
    assert all(sum(is_open(kind, door, p) for door in DOORS) > 1 for kind, p in phrases)
