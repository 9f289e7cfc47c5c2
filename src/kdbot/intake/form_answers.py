"""The answers of a form to a proposal."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from kdbot.intake.free_text import to_candidates
from kdbot.intake.issue_form import FormAnswers
from kdbot.intake.links import find_links
from kdbot.intake.markdown import parse_markdown
from kdbot.intake.mentions import Mention, merge_mentions
from kdbot.intake.reading import read_body
from kdbot.intake.sections import resolve_categories, section_hints
from kdbot.model.finding import Finding, Rule, Severity, quote
from kdbot.model.form import PAPER_FIELD, REMARKS_FIELD, FormFields, FormInput, InputKind
from kdbot.model.proposal import Candidate, Given, Intent, Origin, Proposal
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.venue import Venues

DUPLICATE_FORM_FIELD = Rule(
    code="duplicate-form-field",
    severity=Severity.ERROR,
    summary="Each heading of the form stands once.",
    remedy="Keep one heading of this name with the answer that counts, and remove the other.",
)
RULES: tuple[Rule, ...] = (DUPLICATE_FORM_FIELD,)


def read_form(
    answers: FormAnswers, *, form: FormFields, taxonomy: Taxonomy, venues: Venues
) -> Proposal:
    """Turn the answers of a form into a proposal of one paper."""
    findings = tuple(_doubled(answers, field) for field in answers.doubled)
    remarks = answers.answers.get(REMARKS_FIELD)
    if answers.correction:
        candidate = _correction(answers, taxonomy, venues)
    else:
        inputs = {i.field: i for i in form.proposal}
        given = {
            field: Given(value=value, origin=Origin.FORM)
            for field, raw in answers.answers.items()
            if field in inputs
            and field != REMARKS_FIELD
            and (value := _value(inputs[field], raw, taxonomy)) not in (None, [], "")
        }
        candidate = Candidate(given=given)
    candidates = (candidate,) if candidate.given else ()
    return Proposal(
        intent=Intent.UPDATE if answers.correction else Intent.ADD,
        candidates=candidates,
        findings=findings,
        remarks=remarks,
    )


def parse_selection(text: str, options: Sequence[str]) -> tuple[str, ...]:
    """Return the options that an answer names; words that are no option stay as they are.

    GitHub joins the chosen options by `, `, and an option may hold a comma itself, so the longest
    option that fits is taken at each place.
    """
    ordered = sorted(options, key=len, reverse=True)
    chosen: dict[str, None] = {}
    for line in text.split("\n"):
        rest = line.strip().strip(",").strip()
        while rest:
            option = next((o for o in ordered if _starts_with(rest, o)), None)
            if option is None:
                part, _, rest = rest.partition(", ")
                chosen[part.strip(" ,")] = None
            else:
                chosen[option] = None
                rest = rest[len(option) :]
            rest = rest.lstrip(" ,;")
    return tuple(chosen)


def _starts_with(text: str, option: str) -> bool:
    return text.startswith(option) and text[len(option) : len(option) + 1] in {"", ",", ";"}


def _doubled(answers: FormAnswers, field: str) -> Finding:
    label = answers.labels[field]
    return DUPLICATE_FORM_FIELD.finding(
        f"The heading {quote(label)} stands more than once, so I cannot tell which answer counts.",
        field=None if field == REMARKS_FIELD else field,
    )


def _value(question: FormInput, raw: str, taxonomy: Taxonomy) -> object:
    if question.field == PAPER_FIELD:
        return _address(raw)
    if question.field == "categories":
        options = dict(zip(question.options, (leaf.path for leaf in taxonomy.leaves), strict=False))
        picked = _checked(raw) if _is_checklist(raw) else parse_selection(raw, question.options)
        return [options.get(text, text) for text in picked]
    if question.kind is InputKind.CHECKBOXES:
        return any(text in question.options for text in _checked(raw)) or None
    if question.kind is InputKind.DROPDOWN:
        picked = parse_selection(raw, question.options)
        return list(picked) if question.many else ", ".join(picked)
    if question.many:
        return _addresses(raw) if question.asks_addresses else _names(raw)
    return " ".join(raw.split())


def _address(raw: str) -> str:
    links = _links_of(raw)
    return links[0] if len(links) == 1 else " ".join(raw.split())


def _addresses(raw: str) -> list[str]:
    return _links_of(raw) or [" ".join(raw.split())]


def _links_of(raw: str) -> list[str]:
    blocks = parse_markdown(raw)
    return list(
        dict.fromkeys(
            link.address for block in blocks for line in block.lines for link in find_links(line)
        )
    )


def _names(raw: str) -> list[str]:
    return [part.strip() for part in raw.replace("\n", ",").split(",") if part.strip()]


def _is_checklist(raw: str) -> bool:
    return raw.lstrip()[:5].lower() in {"- [ ]", "- [x]"}


def _checked(raw: str) -> list[str]:
    """Return the labels of the boxes that are ticked."""
    lines = (line.strip() for line in raw.split("\n"))
    return [line[5:].strip() for line in lines if line[:5].lower() == "- [x]"]


def _correction(answers: FormAnswers, taxonomy: Taxonomy, venues: Venues) -> Candidate:
    """Read what is wrong as values of the paper that is named."""
    which = " ".join(answers.answers.get(PAPER_FIELD, "").split())
    wrong = answers.answers.get(REMARKS_FIELD, "")
    reading = read_body(parse_markdown(wrong), venues)
    whole = reduce(merge_mentions, reading.mentions, Mention())
    hints = resolve_categories(whole.values.get("categories", ()), taxonomy)
    hints = hints or section_hints("", reading.sentences, taxonomy)
    if hints:
        whole = replace(whole, values={**whole.values, "categories": hints})
    (candidate,) = to_candidates([whole], Origin.FORM, updates=True)
    given = dict(candidate.given)
    if which:
        key = PAPER_FIELD if _links_of(which) else "title"
        given[key] = Given(value=_address(which), origin=Origin.FORM)
    return replace(candidate, given=given)
