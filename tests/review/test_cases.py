"""One good and one bad case file for each finding code; what the bad ones say stands in one file.

A case is a paper's file, its path in the first line, or the fields of a form. Fields that begin
with `_` are the circumstances: what the links answered, which older proposals wait, and so on.
"""

import importlib
import os
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import kdbot.review
from kdbot.intake.yaml_text import NOT_READABLE
from kdbot.model.collection import Collection, DeclinedPaper, Identity
from kdbot.model.evidence import (
    Evidence,
    LinkResult,
    LinkState,
    MetadataRecord,
    NotFound,
    Outcome,
    Unavailable,
)
from kdbot.model.finding import Finding, Rule
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.proposal import Candidate, Intent, Origin, Proposal
from kdbot.model.report import Report
from kdbot.model.schema import parse_schema
from kdbot.model.titles import fold_title
from kdbot.review.paper import OpenProposal
from kdbot.review.proposal import review
from kdbot.storage.identity_scan import broken_file
from tests.rows import each

CASES = Path(__file__).parents[1] / "data" / "cases"
TOLD = CASES / "findings.txt"
RULES = {
    rule.code: rule
    for module in pkgutil.iter_modules(kdbot.review.__path__, "kdbot.review.")
    for value in vars(importlib.import_module(module.name)).values()
    for rule in (value.values() if isinstance(value, dict) else (value,))
    if isinstance(rule, Rule)
}
CODES = sorted(RULES)
COMES_WITH = {"category-hint": "missing-category"}  # a hint is about a fault of its own code
NOT_SAID = ("invalid", "rejected", "failed", "you forgot", "please", "error", "!")


@pytest.fixture
def answer(
    collection: Collection, form: Callable[..., Candidate], file: Callable[..., Candidate]
) -> Callable[[Path], Report]:
    """Review a case file."""

    def run(case: Path) -> Report:
        text = case.read_text("utf-8")
        if not case.name.endswith(".form.yaml"):
            path = text.partition("\n")[0].removeprefix("# ")
            return review(Proposal(intent=Intent.ADD, candidates=(file(text, path),)), collection)
        fields = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - text alone
        return _review_form(fields, collection, form)

    return run


def _review_form(
    fields: Mapping[str, Any], collection: Collection, form: Callable[..., Candidate]
) -> Report:
    about = {name: value for name, value in fields.items() if name.startswith("_")}
    given = {name: value for name, value in fields.items() if name not in about}
    if "_authors" in about:
        given["authors"] = [f"{number} {'A' * 100}" for number in range(int(about["_authors"]))]
    candidates = [
        form(
            given,
            intent=Intent.UPDATE if "_updates" in about else Intent.ADD,
            short_name=about.get("_short_name"),
            unread=(about["_unread"],) if "_unread" in about else (),
        ),
        *([form(about["_second"])] if "_second" in about else []),
    ]
    links = {url: _link(url, state) for url, state in about.get("_links", {}).items()}
    outcomes = tuple(_outcome(*pair) for pair in about.get("_metadata", {}).items())
    older = [
        OpenProposal(
            number=int(number),
            identities=(Identity(id=arxiv, title="", keys=((IdentifierKind.ARXIV, arxiv),)),),
        )
        for number, arxiv in about.get("_older", {}).items()
    ]
    return review(
        Proposal(intent=Intent.ADD, candidates=() if "_nothing" in about else tuple(candidates)),
        _circumstances(collection, about),
        evidence=Evidence(
            links=links,
            metadata={
                "arxiv:2402.11176": outcomes,
                f"title:{fold_title(fields.get('title', ''))}": outcomes,
            },
        ),
        others=older,
    )


def _link(url: str, state: str) -> LinkResult:
    status = {"dead": 404, "ok": 200, "moved": 200}.get(state)
    said = {"unreachable": "No answer within 10 s"}.get(state, "")
    final = f"{url}-new" if state == "moved" else url
    return LinkResult(
        url=url, state=LinkState(state), status=status, final_url=final, evidence=said
    )


def _outcome(source: str, said: Any) -> Outcome:
    origin = Origin(source)
    match said:
        case "not-there":
            return NotFound(source=origin)
        case "could-not-ask":
            return Unavailable(source=origin, reason="no answer within 30 s")
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}
    values["withdrawn"] = values.get("withdrawn") == "true"
    return MetadataRecord(source=origin, arxiv="2402.11176", **values)


def _circumstances(collection: Collection, about: Mapping[str, Any]) -> Collection:
    document = dict(collection.schema.document)
    document["required"] = [*document["required"], *about.get("_required", [])]
    files = {}
    broken = about.get("_broken")
    if broken is not None:
        file = f"papers/{broken}.yaml"
        fault = NOT_READABLE.finding("A second document starts here.", file=file, line=3)
        files[broken] = broken_file(b"---", (fault,))
    declined = tuple(
        DeclinedPaper(
            identifier=f"arxiv:{arxiv}", title="", reason=reason, day=date(2024, 3, 1), number=12
        )
        for arxiv, reason in about.get("_declined", {}).items()
    )
    schema = parse_schema(document)
    return replace(collection, schema=schema, broken=files, declined=declined)


def _case(code: str, name: str) -> Path:
    found = sorted((CASES / code).glob(f"{name}.*"))
    assert len(found) == 1, f"{code} needs exactly one {name} case"
    return found[0]


def _findings(report: Report) -> tuple[Finding, ...]:
    return (*report.findings, *(f for paper in report.papers for f in paper.findings))


def test_every_code_is_one_rule_and_has_its_cases() -> None:
    folders = {folder.name for folder in CASES.iterdir() if folder.is_dir()} - {"list"}
    assert sorted(CODES) == sorted(folders)
    assert len(CODES) == len(set(CODES))


@each("code", CODES)
def test_the_bad_case_has_the_finding_alone(code: str, answer: Callable[[Path], Report]) -> None:
    report = answer(_case(code, "bad"))
    found = _findings(report)
    assert code in {finding.code for finding in found}
    # What blocks is the fault that the case is about, and no second one.
    assert {f.code for f in found if f.severity == "error"} <= {code, COMES_WITH.get(code)}


@each("code", CODES)
def test_the_good_case_has_not(code: str, answer: Callable[[Path], Report]) -> None:
    assert code not in {finding.code for finding in _findings(answer(_case(code, "good")))}


def test_what_the_bad_cases_are_told(answer: Callable[[Path], Report]) -> None:
    lines = []
    for code in sorted(CODES):
        report = answer(_case(code, "bad"))
        for f in _findings(report):
            if f.code == code:
                place = f"{f.field or 'whole'}{f':{f.line}' if f.line else ''}"
                lines += [f"{code} ({f.severity}, {place}) -> {report.verdict}", f"  {f.message}"]
                lines += [f"  Fix: {f.fix}"]
                lines += [f"  Line: {f.replacement}"] if f.replacement is not None else []
    told = "\n".join(lines) + "\n"
    if os.environ.get("KDBOT_UPDATE_GOLDEN"):
        TOLD.write_text(told, "utf-8")
    assert told == TOLD.read_text("utf-8")


@each("code", CODES)
def test_a_finding_is_told_kindly_and_with_a_way_out(
    code: str, answer: Callable[[Path], Report]
) -> None:
    for finding in _findings(answer(_case(code, "bad"))):
        ours = "".join(f"{finding.message} {finding.fix}".split("`")[::2]).lower()
        assert not [word for word in NOT_SAID if word in ours]
        assert finding.message.endswith(".")
        assert finding.fix
        assert f"{finding.message}{finding.fix}".count("`") % 2 == 0


@each("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_rule_is_documented(rule: Any) -> None:
    assert rule.summary.endswith(".")
    assert rule.remedy.endswith(".")
    ours = f"{rule.summary} {rule.remedy}".lower()
    assert not [word for word in NOT_SAID if word in ours]
