"""The comment for each verdict, word for word: one golden file each, to be read aloud."""

from dataclasses import replace

import pytest

from kdbot.model.finding import Finding, Severity, quote
from kdbot.model.form import form_fields
from kdbot.model.paper import Paper
from kdbot.model.proposal import Intent, Origin
from kdbot.model.report import PaperReport, Report, Verdict, worst
from kdbot.publish.comment.context import CommentContext, ItemKind
from kdbot.publish.comment.notes import (
    render_acceptance_reset,
    render_accepted,
    render_duplicate_note,
)
from kdbot.publish.comment.render import render_comment
from tests.rows import each

PAPER = Paper(
    id="2301.10000",
    title="Small Students of Large Teachers",
    arxiv="2301.10000",
    venue="ICLR",
    date="2023-01",
    authors=("Ada Example", "Ben Example"),
    code=("https://github.com/o/r",),
    data=("https://data.example.org/set",),
    categories=("methods/search/beam", "tasks/law"),
)
COMPLETED = replace(PAPER, added="2024-03-18")
LISTED = replace(PAPER, venue="arXiv", code=(), categories=("tasks/law",), added="2024-03-18")

BAD_IDENTIFIER = Finding(
    code="invalid-arxiv-id",
    severity=Severity.ERROR,
    message=f"I read {quote('2301.1')}. Behind the dot stand four or five digits, "
    "so a trailing zero may have been lost.",
    fix="Write for example `2301.10000`.",
    field="arxiv",
    file="papers/small-students.yaml",
    line=2,
)
DEAD_LINK = Finding(
    code="dead-link",
    severity=Severity.ERROR,
    message=f"{quote('http://github.com/a/b')} answered 404 (not found).",
    fix="Check the spelling, or leave the link out until the page is public.",
    field="code",
    file="papers/small-students.yaml",
    line=5,
)
VENUE = Finding(
    code="unknown-venue",
    severity=Severity.NOTICE,
    message=f"The list does not know the venue {quote('ICRL')}; near is `ICLR`.",
    fix="Nothing to do; a maintainer decides whether to add this venue.",
    field="venue",
)
DUPLICATE = Finding(
    code="duplicate-arxiv",
    severity=Severity.ERROR,
    message="`2301.10000` is listed.",
    field="arxiv",
)
NO_CATEGORY = Finding(
    code="missing-category",
    severity=Severity.ERROR,
    message="I read no category. The list has " + ", ".join(["`Beam`"] * 40) + ".",
    fix="Write one or more of them in the field `categories`.",
    field="categories",
)
OPEN_CATEGORY = replace(NO_CATEGORY, severity=Severity.NOTICE)
SIMILAR = Finding(
    code="category-hint",
    severity=Severity.NOTICE,
    message="Papers with similar titles are listed under `Tasks > Law`, `Methods > Beam`.",
    fix="Use any that fit; this is a guess from the titles.",
    field="categories",
)
MISSPELLED = Finding(
    code="unknown-category",
    severity=Severity.WARNING,
    message=f"I read {quote('Laws')}; the list has no such category.",
    fix="Write `Tasks > Law`.",
    field="categories",
)
UNREAD = Finding(
    code="not-understood",
    severity=Severity.WARNING,
    message="I could not read a value from `the month is off`.",
    fix="Write it as a line such as `Date: 2024-02`.",
)
NO_PAPER = Finding(
    code="no-paper-found",
    severity=Severity.ERROR,
    message="I found no paper in your text.",
    fix="Write the paper's arXiv identifier or link, or its full title.",
)
NO_ANSWER = Finding(
    code="metadata-not-checked",
    severity=Severity.NOTICE,
    message="arXiv did not answer three times.",
    fix="Nothing to do; it is asked again.",
    field="title",
)


def _report(*papers: PaperReport, findings: tuple[Finding, ...] = ()) -> Report:
    verdict = worst(p.verdict for p in papers) if papers else Verdict.NEEDS_CHANGES
    return Report(verdict=verdict, papers=papers, findings=findings)


def _paper(verdict: Verdict, *findings: Finding, paper: Paper = PAPER, **other) -> PaperReport:
    file = f"papers/{paper.id}.yaml"
    return PaperReport(paper=paper, file=file, verdict=verdict, findings=findings, **other)


REGION = Finding(
    code="readme-region-edited",
    severity=Severity.ERROR,
    message="The tables of the README are built from the files in `papers/`.",
    fix="Remove the README from this pull request.",
    file="README.md",
    line=42,
)
WRONG = replace(PAPER, id="small-students", arxiv=None, venue="ICRL")
READ = {"title": Origin.TITLE, "venue": Origin.FORM, "code": Origin.FORM, "date": Origin.ARXIV}
READY = _paper(Verdict.READY)
UNSORTED = replace(PAPER, categories=())
OPEN = _paper(
    Verdict.READY,
    OPEN_CATEGORY,
    SIMILAR,
    paper=UNSORTED,
    likely_categories=("tasks/law", "methods/search/beam"),
)


def _spoken_of(intent: Intent, **other) -> PaperReport:
    return _paper(Verdict.NEEDS_MAINTAINER, intent=intent, **other)


NEEDS = _paper(Verdict.NEEDS_CHANGES, BAD_IDENTIFIER, DEAD_LINK, VENUE, paper=WRONG, origins=READ)
CASES = {
    "needs-changes": (_report(NEEDS), {"first_timer": True}),
    "needs-changes-pull": (_report(NEEDS), {"kind": ItemKind.PULL, "head_sha": "0" * 40}),
    "no-category": (_report(OPEN), {}),
    "no-category-no-hint": (
        _report(replace(OPEN, findings=(OPEN_CATEGORY,), likely_categories=())),
        {"first_timer": True},
    ),
    "no-category-misspelled": (
        _report(replace(OPEN, findings=(MISSPELLED,), likely_categories=("tasks/law",))),
        {},
    ),
    "no-category-several": (
        _report(OPEN, replace(OPEN, paper=replace(UNSORTED, id="2301.10001", arxiv="2301.10001"))),
        {},
    ),
    "spoken-of": (_report(_spoken_of(Intent.SPOKEN_OF, before=LISTED)), {}),
    "nothing-new": (_report(_spoken_of(Intent.UPDATE, before=LISTED)), {}),
    "remove": (_report(_spoken_of(Intent.REMOVE, before=LISTED)), {}),
    "unsure": (_report(_spoken_of(Intent.UNSURE)), {}),
    "not-listed": (_report(_spoken_of(Intent.UPDATE)), {}),
    "not-understood": (
        _report(_paper(Verdict.UPDATE, UNREAD, paper=COMPLETED, before=LISTED)),
        {},
    ),
    "no-category-pull": (
        _report(_paper(Verdict.NEEDS_CHANGES, NO_CATEGORY)),
        {"kind": ItemKind.PULL},
    ),
    "no-paper": (_report(findings=(NO_PAPER,)), {}),
    "ready": (_report(_paper(Verdict.READY, VENUE)), {}),
    "ready-pull": (_report(READY), {"kind": ItemKind.PULL, "head_sha": "0" * 40}),
    "update": (_report(_paper(Verdict.UPDATE, paper=COMPLETED, before=LISTED)), {}),
    "duplicate": (_report(_paper(Verdict.DUPLICATE, DUPLICATE, before=LISTED)), {"closes": True}),
    "duplicate-reopened": (_report(_paper(Verdict.DUPLICATE, DUPLICATE, before=LISTED)), {}),
    "duplicate-open": (
        _report(_paper(Verdict.DUPLICATE, DUPLICATE)),
        {"closes": True, "earlier": {"papers/2301.10000.yaml": 41}},
    ),
    "could-not-check": (_report(_paper(Verdict.COULD_NOT_CHECK, NO_ANSWER)), {}),
    "several": (
        _report(
            READY,
            NEEDS,
            _paper(Verdict.DUPLICATE, DUPLICATE, before=LISTED),
            _paper(Verdict.UPDATE, paper=COMPLETED, before=LISTED),
        ),
        {},
    ),
    "several-ready": (_report(READY, replace(READY, file="papers/2301.10001.yaml")), {}),
    "several-pull": (
        _report(
            READY,
            NEEDS,
            _paper(Verdict.DUPLICATE, DUPLICATE, before=LISTED),
            _paper(Verdict.UPDATE, paper=COMPLETED, before=LISTED),
        ),
        {"kind": ItemKind.PULL, "head_sha": "0" * 40},
    ),
    "duplicate-pull": (
        _report(_paper(Verdict.DUPLICATE, DUPLICATE, before=LISTED)),
        {"kind": ItemKind.PULL, "head_sha": "0" * 40},
    ),
    "row-pull": (
        replace(
            _report(replace(READY, origins={"title": Origin.ROW}), findings=(REGION,)),
            verdict=Verdict.NEEDS_CHANGES,
        ),
        {
            "kind": ItemKind.PULL,
            "head_sha": "0" * 40,
            "head": ("fork/list", "patch-1"),
        },
    ),
    "prose-pull": (
        Report(verdict=Verdict.READY),
        {"kind": ItemKind.PULL, "head_sha": "0" * 40},
    ),
    "needs-a-maintainer": (
        replace(_report(READY), verdict=Verdict.NEEDS_MAINTAINER),
        {"kind": ItemKind.PULL, "head_sha": "0" * 40},
    ),
}


@pytest.fixture
def context(settings, schema, taxonomy):
    def build(**other) -> CommentContext:
        settings_here = replace(settings, repository="o/list")
        values = {
            "settings": settings_here,
            "schema": schema,
            "taxonomy": taxonomy,
            "form": form_fields(settings_here, schema, taxonomy),
            "version": "1.4.0",
            "run_url": "https://github.com/o/list/actions/runs/7",
        }
        return CommentContext(**{**values, **other})

    return build


@each("name", CASES)
def test_comment(name, context, golden):
    report, other = CASES[name]
    golden(f"{name}.md", render_comment(report, context=context(**other)))


@each("number", [1, 2, 5, 8, 9, 20, 50])
@each("verdict", Verdict)
@each("kind", ItemKind)
def test_at_most_25_lines_stand_outside_of_a_fold(number, verdict, kind, context):
    findings = (BAD_IDENTIFIER, DEAD_LINK, NO_CATEGORY, VENUE, UNREAD)
    before = LISTED if verdict in {Verdict.UPDATE, Verdict.DUPLICATE} else None
    papers = []
    for place in range(number):
        paper = replace(UNSORTED, id=f"2301.{place:05}", arxiv=f"2301.{place:05}")
        found = [replace(f, message=f"{f.message} {place}", fix=f"{f.fix}") for f in findings]
        papers.append(_paper(verdict, *found, paper=paper, before=before))
    text = render_comment(_report(*papers), context=context(kind=kind))
    lines = text.partition("<details>")[0].splitlines()
    assert len(lines) <= 25
    assert len([line for line in _outside_folds(text) if line]) <= 25
    for paper in papers:
        if verdict not in {Verdict.NOT_A_PROPOSAL, Verdict.DUPLICATE}:
            assert paper.paper.arxiv in text


def _outside_folds(text):
    depth = 0
    for line in text.splitlines():
        depth += line.count("<details>")
        if not depth:
            yield line
        depth -= line.count("</details>")


def test_what_several_papers_need_is_said_once(context):
    papers = [
        _paper(Verdict.NEEDS_CHANGES, DEAD_LINK, paper=replace(WRONG, id=f"small-{place}"))
        for place in range(5)
    ]
    text = render_comment(_report(*papers), context=context())
    shown = "\n".join(_outside_folds(text))
    assert shown.count("answered 404") == 1
    assert "all 5 papers" in shown
    text = render_comment(_report(READY, *papers), context=context())
    assert "papers 2, 3, 4, 5, 6" in "\n".join(_outside_folds(text))


@each(
    ("known", "shown"),
    [
        ({"arxiv": "2301.10000"}, "arXiv `2301.10000`"),
        ({"doi": "10.1145/1.2"}, "DOI `10.1145/1.2`"),
        ({"url": "https://e.org/a.pdf"}, "the page `https://e.org/a.pdf`"),
        ({}, "a paper without a title"),
    ],
)
def test_what_has_no_title_is_called_what_it_is(known, shown, context):
    paper = Paper(id="a-slug-of-something", title="", **known)
    missing = Finding(code="missing-title", severity=Severity.ERROR, message="No title.")
    report = _report(_paper(Verdict.NEEDS_CHANGES, missing, paper=paper))
    first = render_comment(report, context=context()).splitlines()[1]
    assert f"proposing {shown}." in first
    assert "slug" not in first


def test_a_category_is_asked_of_maintainers_once(context):
    text = render_comment(_report(OPEN), context=context())
    assert "`/accept Law, Beam`" in text
    assert "new/main/papers" not in text


def test_what_was_not_understood_is_never_left_out(context):
    report = CASES["not-understood"][0]
    text = render_comment(report, context=context())
    assert "`the month is off`" in "\n".join(_outside_folds(text))
    assert "You do not need to do anything else" not in text


def test_nothing_is_said_where_there_is_nothing_to_say(context):
    assert render_comment(Report(verdict=Verdict.NOT_A_PROPOSAL), context=context()) == ""


def test_accepted(golden):
    added, *others = [paper.paper for paper in CASES["several"][0].papers]
    commit = "https://github.com/o/list/commit/" + "0" * 40
    note = render_accepted([added], others[:1], others[1:], key="label=1", commit=commit)
    golden("note-accepted.md", note)


def test_duplicate_note(context, golden):
    report = CASES["duplicate"][0]
    golden("note-duplicate.md", render_duplicate_note(report.papers[0], context=context()))


def test_acceptance_reset(golden):
    reason = (
        "The proposal changed after `accepted` was set (arXiv identifier: `2301.10000` → "
        "`2301.10001`)."
    )
    golden("note-acceptance-reset.md", render_acceptance_reset("2026-03-02T12:00:00Z", reason))


def test_a_misspelled_category_is_told_once(context):
    paper = replace(OPEN, findings=(MISSPELLED,), likely_categories=("tasks/law",))
    text = render_comment(_report(paper), context=context())
    assert text.count(quote("Laws")) == 1
    assert "Similar papers" not in text
    assert "`/accept Law`" in text
