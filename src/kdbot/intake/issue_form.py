"""The answered issue form: its headings, what stands under them, and the proposal they make."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import islice

from markdown_it.token import Token

from kdbot.intake.free_text import to_candidates
from kdbot.intake.links import find_links
from kdbot.intake.markdown.blocks import parse_markdown, parse_tokens
from kdbot.intake.mentions import Mention, merge_mentions
from kdbot.intake.reading import read_body
from kdbot.intake.sections import resolve_categories, section_hints
from kdbot.model.finding import Finding, Rule, Severity, quote
from kdbot.model.form import PAPER_FIELD, REMARKS_FIELD, FormFields, FormInput, InputKind
from kdbot.model.proposal import Candidate, Given, Intent, Origin, Proposal
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.venue import Venues
from kdbot.text.labels import PAPER, field_of_label, fold_label, says_nothing
from kdbot.text.names import split_names

_MAX_ROUNDS = 4
_MAX_HEADINGS = 100
DUPLICATE_FORM_FIELD = Rule(
    code="duplicate-form-field",
    severity=Severity.ERROR,
    summary="Each heading of the form stands once.",
    remedy="Keep one heading of this name with the answer that counts, and remove the other.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAnswers:
    """What stands under the headings of a form.

    Attributes:
        correction: whether it is the form that corrects a listed paper.
        answers: raw text by record field; empty answers are left out.
        labels: the heading of each field, as written.
        duplicated: fields whose heading stands more than once; they have no answer.
    """

    correction: bool
    answers: Mapping[str, str]
    labels: Mapping[str, str]
    duplicated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heading:
    text: str
    first: int
    last: int


def parse_issue_form(text: str, form: FormFields) -> FormAnswers | None:
    """Return the answers of a form, or None where the text is no answered form.

    Args:
        text: the body within the bounds, with the line feed as its only line break.
        form: the questions of the forms.
    """
    if not _may_be_form(text):
        return None
    lines, headings = _headings(text, form)
    found = {fold_label(heading.text) for heading in headings}
    corrections = {fold_label(question.label): question for question in form.correction}
    if corrections and set(corrections) <= found:
        return _answers(lines, headings, corrections, correction=True)
    labels = _known_labels(form.proposal, headings)
    fields = {labels[label].field for label in found if label in labels}
    if len(fields) < 2 or not fields & {PAPER_FIELD, "title"}:
        return None
    return _answers(lines, headings, labels, correction=False)


def _may_be_form(text: str) -> bool:
    """Tell cheaply whether two lines look like headings of different names."""
    lines = (line for line in text.split("\n") if line.lstrip().startswith("###"))
    return len(set(islice(lines, _MAX_HEADINGS))) > 1


def _headings(text: str, form: FormFields) -> tuple[list[str], list[_Heading]]:
    """Return the lines without comments, and the headings of the third level.

    A fence or an HTML element that nothing closes would swallow all answers behind it: its first
    line is then read as text.
    """
    lines = text.split("\n")
    known = {fold_label(i.label) for i in (*form.proposal, *form.correction)}
    for _ in range(_MAX_ROUNDS):
        tokens = parse_tokens("\n".join(lines))
        opening = _unclosed(tokens, lines)
        if opening is None or not any(
            line.startswith("### ") and fold_label(line[4:]) in known for line in lines[opening:]
        ):
            break
        lines[opening] = "\\" + lines[opening].lstrip()
    visible = list(lines)
    headings = []
    for index, token in enumerate(tokens):
        if token.map is None:
            continue
        first, last = token.map
        if token.type == "heading_open" and token.tag == "h3" and token.level == 0:
            headings.append(_Heading(text=tokens[index + 1].content, first=first, last=last))
        elif _holds_comment(token):
            stripped = _without_comments("\n".join(lines[first:last]))
            visible[first:last] = [stripped, *[""] * (last - first - 1)]
    return visible, headings


def _unclosed(tokens: Sequence[Token], lines: Sequence[str]) -> int | None:
    for token in tokens:
        if token.map is None or token.level:
            continue
        first, last = token.map
        if token.type == "fence":
            end = lines[last - 1].strip() if last - 1 > first else ""
            if len(end) < len(token.markup) or set(end) != {token.markup[0]}:
                return first
        elif token.type == "html_block":
            comment = token.content.lstrip().startswith("<!--")
            if not comment and "\n### " in token.content:
                return first
    return None


def _holds_comment(token: Token) -> bool:
    if token.type == "html_block":
        return "<!--" in token.content
    return token.type == "inline" and any(
        child.type == "html_inline" and child.content.startswith("<!--")
        for child in token.children or ()
    )


def _without_comments(text: str) -> str:
    kept = []
    position = 0
    while (start := text.find("<!--", position)) >= 0:
        end = text.find("-->", start + 4)
        kept.append(text[position:start])
        position = len(text) if end < 0 else end + 3
    return "".join((*kept, text[position:])).strip()


def _known_labels(
    inputs: Sequence[FormInput], headings: Sequence[_Heading]
) -> Mapping[str, FormInput]:
    """Return the inputs by folded heading; an older form's heading counts for a missing one."""
    labels = {fold_label(i.label): i for i in inputs}
    by_field = {i.field: i for i in inputs}
    present = {labels[f].field for h in headings if (f := fold_label(h.text)) in labels}
    named = {field_of_label(heading.text) for heading in headings}
    paper = "title" if PAPER_FIELD in named and "title" not in named else PAPER_FIELD
    for heading in headings:
        folded = fold_label(heading.text)
        field = field_of_label(heading.text)
        field = paper if field == PAPER else field
        if folded not in labels and field in by_field and field not in present:
            labels[folded] = by_field[field]
            present.add(field)
    return labels


def _answers(
    lines: Sequence[str],
    headings: Sequence[_Heading],
    labels: Mapping[str, FormInput],
    *,
    correction: bool,
) -> FormAnswers:
    answers: dict[str, str] = {}
    names: dict[str, str] = {}
    duplicated: dict[str, None] = {}
    for found, start, end in _sections(headings, labels, len(lines)):
        text = "\n".join(lines[start:end]).strip("\n").rstrip()
        if found.field in names:
            duplicated[found.field] = None
        names[found.field] = found.label
        if not says_nothing(text):
            answers[found.field] = text
    before = "\n".join(lines[: headings[0].first]).strip() if headings else ""
    if before:
        answers[REMARKS_FIELD] = "\n\n".join(filter(None, (before, answers.get(REMARKS_FIELD))))
    return FormAnswers(
        correction=correction,
        answers={f: a for f, a in answers.items() if f not in duplicated or f == REMARKS_FIELD},
        labels=names,
        duplicated=tuple(duplicated),
    )


def _sections(
    headings: Sequence[_Heading], labels: Mapping[str, FormInput], count: int
) -> Iterator[tuple[FormInput, int, int]]:
    """Yield each known heading with the lines of its answer.

    A heading that no question has belongs to the free words in which it stands, and ends any
    other answer.
    """
    current: FormInput | None = None
    start = 0
    for heading in headings:
        found = labels.get(fold_label(heading.text))
        if found is None and (current is None or current.kind is InputKind.TEXTAREA):
            continue
        if current is not None:
            yield current, start, heading.first
        current, start = found, heading.last
    if current is not None:
        yield current, start, count


def read_form(
    answers: FormAnswers, *, form: FormFields, taxonomy: Taxonomy, venues: Venues
) -> Proposal:
    """Turn the answers of a form into a proposal of one paper."""
    findings = tuple(_duplicated(answers, field) for field in answers.duplicated)
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


def _parse_selection(text: str, options: Sequence[str]) -> tuple[str, ...]:
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


def _duplicated(answers: FormAnswers, field: str) -> Finding:
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
        picked = _checked(raw) if _is_checklist(raw) else _parse_selection(raw, question.options)
        return [options.get(text, text) for text in picked]
    if question.kind is InputKind.CHECKBOXES:
        return any(text in question.options for text in _checked(raw)) or None
    if question.kind is InputKind.DROPDOWN:
        picked = _parse_selection(raw, question.options)
        return list(picked) if question.many else ", ".join(picked)
    if question.many:
        return _addresses(raw) if question.asks_addresses else list(split_names(raw))
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
    (candidate,) = to_candidates([whole], Origin.FORM, intent=Intent.UPDATE)
    given = dict(candidate.given)
    if which:
        key = PAPER_FIELD if _links_of(which) else "title"
        given[key] = Given(value=_address(which), origin=Origin.FORM)
    return replace(candidate, given=given)
