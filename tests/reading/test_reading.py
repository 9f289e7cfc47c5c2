"""How well texts are read that the rules were not made with: figures, offline and online."""

from __future__ import annotations

from kdbot.model.form import PAPER_FIELD
from kdbot.model.proposal import Intent
from kdbot.text.titles import clean_title
from kdbot.text.venues import canonical_venue
from tests.reading.conftest import ROOT, true_title
from tests.reading.figures import expected_names, found_names, load, match, measure
from tests.rows import each

FILES = (
    "proposals", "proposals2", "additions", "additions_unseen2", "additions_unseen3",
    "additions_unseen4", "additions_unseen5",
)  # fmt: skip
TEXTS = [text for name in FILES for text in load(f"{name}.jsonl")]
ADDITIONS = [text for text in TEXTS if text["intent"] == "add" and text["expected"]]
MOST_SEARCHES = 5  # of one proposal
MUST_HOLD = {"identifiers": 0.98, "titles": 0.9, "venues": 0.85, "code": 0.9}


def ids(text):
    return text["id"]


def test_what_texts_say_is_read_offline(read, collection):
    """Corrections are held to their labels elsewhere; here they count with what they name."""
    figures = measure(ADDITIONS, read, lambda text: canonical_venue(text, collection.venues))
    shares = {what: figures.share(what) for what in MUST_HOLD}
    print(figures)
    assert all(shares[what] >= least for what, least in MUST_HOLD.items()), figures.faults


@each("text", ADDITIONS, ids=ids)
def test_a_paper_that_a_service_knows_has_the_services_title(read_online, text):
    _, drafts = read_online(text)
    for number, paper in enumerate(text["expected"]):
        draft = match(drafts, paper)
        is_named = bool(expected_names(paper)) and paper["url"] is None
        assert draft is not None or not is_named
        if draft is not None and is_named and draft.candidate.intent is Intent.ADD:
            assert draft.text("title") == true_title(paper, f"{text['id']} {number}")


@each("text", ADDITIONS, ids=ids)
def test_a_title_without_identifier_is_found(read_online, text):
    _, drafts = read_online(text)
    for paper in text["expected"][:MOST_SEARCHES]:
        draft = match(drafts, paper)
        # One or two words are many papers' title.
        is_searched = len((paper["title"] or "").split()) > 2 and not expected_names(paper)
        if draft is not None and is_searched and draft.candidate.intent is Intent.ADD:
            assert draft.text("doi") or draft.text("arxiv"), "a service knows it by its title"
            assert "found-by-title" in [finding.code for finding in draft.findings]


TEMPLATE = (ROOT / ".github/PULL_REQUEST_TEMPLATE.md").read_text("utf-8")


@each("text", ADDITIONS, ids=ids)
def test_a_text_says_the_same_as_the_description_of_a_pull_request(read, text):
    body = f"{TEMPLATE}\n\n{text['body'] or ''}".replace("\n", "\r\n")
    _, described = read({**text, "body": body})
    _, written = read(text)
    assert [draft.values for draft in described] == [draft.values for draft in written]


@each("text", ADDITIONS, ids=ids)
def test_a_text_ends_in_the_same_record_as_the_form(read, form, text):
    labels = {question.field: question.label for question in form.proposal}
    _, drafts = read(text)
    for draft in drafts:
        given = {name: one.value for name, one in draft.candidate.given.items()}
        is_named = given.keys() & {"title", "url"}
        if not is_named or draft.candidate.intent is not Intent.ADD:
            continue  # a short name alone, or a correction
        names = [given.pop(name, None) for name in ("url", "arxiv", "doi", "acl", "openreview")]
        answers = {PAPER_FIELD: next(filter(None, names), ""), **given}
        asked = {field: answers.get(field) for field in labels}
        _, answered = read({"title": "[Paper]", "body": _form_body(asked, labels)})
        (same,) = answered
        for name in labels.keys() - {PAPER_FIELD, "categories", "remarks"}:
            assert same.values.get(name) == draft.values.get(name), name
        assert found_names(same) <= found_names(draft)
        assert found_names(same) or not found_names(draft)


ONE_LINE = [t for t in ADDITIONS if t["body"] and "\n" not in t["body"].strip()]
REFERENCES = """
Lee, A., & Roe, B. (2024). Patient Students for Slow Teachers. In ICLR 2024. arXiv:2401.12345
Lee, Ann, and Bo Roe. "Patient Students for Teachers." arXiv preprint arXiv:2401.12345 (2024).
Ann Lee et al., Quick Students for Slow Teachers, NeurIPS 2023
**PSKD** Patient Students for Slow Teachers https://arxiv.org/abs/2401.12345 (ICML 2024)
"""
PASTED = [
    *({"id": t["id"], "title": "[Paper]", "body": t["body"]} for t in ONE_LINE),
    *({"id": t, "title": "[Paper]", "body": t} for t in REFERENCES.strip().split("\n")),
]


@each("text", PASTED, ids=ids)
def test_a_text_pasted_where_the_form_asks_for_a_link_ends_in_the_same_record(read, form, text):
    labels = {question.field: question.label for question in form.proposal}
    _, written = read(text)
    if len(written) != 1 or not written[0].candidate.given:
        return  # several papers, or a name alone
    body = _form_body(dict.fromkeys(labels) | {PAPER_FIELD: text["body"]}, labels)
    _, (answered,) = read({"title": "[Paper]", "body": body})
    for name in ("title", "venue", "year", "authors", "code", "arxiv", "url"):
        assert answered.values.get(name) == written[0].values.get(name), name


def _form_body(answers, labels):
    texts = {
        name: "\n".join(value) if isinstance(value, list) else value
        for name, value in answers.items()
    }
    return "\n\n".join(f"### {labels[n]}\n\n{t or '_No response_'}" for n, t in texts.items())


@each("text", TEXTS, ids=ids)
def test_no_sentence_address_or_slug_is_a_title(read, text):
    _, drafts = read(text)
    for draft in drafts:
        title = draft.text("title")
        assert "://" not in title
        assert not title or " " in title or title == clean_title(text["title"])
        assert not title.lower().startswith(("please", "add ", "hi ", "hello", "thank"))
