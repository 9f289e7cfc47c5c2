"""The answered issue form: its headings, the answers under them, and the proposal they make."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from markdown_it.token import Token

from kdbot.intake.links import find_links
from kdbot.intake.markdown.blocks import parse_markdown, parse_tokens
from kdbot.model.collection import Identities
from kdbot.model.finding import Finding, error_rule, quote
from kdbot.model.form import (
    CHANGE_FIELD,
    CHANGES,
    NOT_SURE,
    PAPER_FIELD,
    REMARKS_FIELD,
    REMOVAL,
    VALUE_FIELD,
    FormFields,
    FormInput,
    InputKind,
)
from kdbot.model.proposal import Candidate, Given, Intent, Origin, Proposal
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.venue import Venues
from kdbot.text.hosts import LinkRole, role_of_address
from kdbot.text.labels import IGNORED, PAPER, field_of_label, fold_label, says_nothing
from kdbot.text.names import split_names

_MAX_ROUNDS = 4
_FEWEST_WORDS = 3
"""Fewer words are a link, an identifier or a short name."""
_MAX_HEADINGS = 100
_MAX_UNREAD = 300
_MENU_REPLACES = frozenset({"code", "project", "data", "authors"})
_ADDRESS = re.compile(r"https?://|\barxiv\b|\bdoi\b|\b\d{4}\.\d", re.IGNORECASE)
DUPLICATE_FORM_FIELD = error_rule(
    "duplicate-form-field",
    "Each heading of the form appears once.",
    "Keep the heading with the right answer, and remove the other one.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAnswers:
    """The answers under the headings of a form.

    Attributes:
        correction: whether it is the form that corrects a listed paper.
        answers: raw text by record field; empty answers are left out.
        labels: the heading of each field, as written.
        duplicated: fields whose heading appears more than once; they have no answer.
        unread: answers with an address under headings that no form has, as written.
    """

    correction: bool
    answers: Mapping[str, str]
    labels: Mapping[str, str]
    duplicated: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


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
    corrections = {fold_label(i.label): i for i in (*form.former, *form.correction)}
    asked = {corrections[label].field for label in found & corrections.keys()}
    if PAPER_FIELD in asked and asked & {CHANGE_FIELD, VALUE_FIELD}:
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
    inputs = (*form.proposal, *form.correction, *form.former)
    known = {fold_label(i.label) for i in inputs}
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
            if title := tokens[index + 1].content:
                headings.append(_Heading(text=title, first=first, last=last))
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
        unread=tuple(_unread(lines, headings, labels)),
    )


def _unread(
    lines: Sequence[str], headings: Sequence[_Heading], labels: Mapping[str, FormInput]
) -> Iterator[str]:
    """Yield what an older or another form asked, where the answer may be a link to the paper."""
    ends = [*(heading.first for heading in headings[1:]), len(lines)]
    for heading, end in zip(headings, ends, strict=False):
        text = " ".join(" ".join(lines[heading.last : end]).split())
        known = fold_label(heading.text) in labels or field_of_label(heading.text) == IGNORED
        if not known and _ADDRESS.search(text):
            yield f"{heading.text}: {text}"[:_MAX_UNREAD]


def _sections(
    headings: Sequence[_Heading], labels: Mapping[str, FormInput], count: int
) -> Iterator[tuple[FormInput, int, int]]:
    """Yield each known heading with the lines of its answer.

    A heading that is not in the form belongs to the free text around it, and ends any other
    answer.
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
    answers: FormAnswers,
    *,
    form: FormFields,
    taxonomy: Taxonomy,
    venues: Venues,
    listed: Identities | None,
) -> Proposal:
    """Turn the answers of a form into a proposal of one paper."""
    findings = tuple(_duplicated(answers, field) for field in answers.duplicated)
    remarks = answers.answers.get(REMARKS_FIELD)
    candidates: tuple[Candidate, ...]
    if answers.correction:
        candidates = _correct(answers, taxonomy, venues, listed)
    else:
        inputs = {i.field: i for i in form.proposal}
        given = {
            field: Given(value=value, origin=Origin.FORM)
            for field, raw in answers.answers.items()
            if field in inputs
            and field != REMARKS_FIELD
            and (value := _value(inputs[field], raw, taxonomy)) not in (None, [], "")
        }
        pasted = _pasted(answers.answers.get(PAPER_FIELD, ""), venues)
        if pasted is not None:
            own = {name: one for name, one in given.items() if name != PAPER_FIELD}
            given = {**pasted.given, **own}
        unread = answers.unread
        if PAPER_FIELD not in given and (link := _only_paper(unread)):
            given[PAPER_FIELD], unread = Given(value=link, origin=Origin.FORM), ()
        name = pasted.short_name if pasted is not None else None
        candidate = Candidate(given=given, short_name=name, unread=unread, read_from=Origin.FORM)
        candidates = (candidate,) if given else ()
    return Proposal(
        intent=Intent.UPDATE if answers.correction else Intent.ADD,
        candidates=candidates,
        findings=findings,
        remarks=remarks,
    )


def _pasted(text: str, venues: Venues) -> Candidate | None:
    """Return what a text says that was pasted into the field for a link, or None for a link."""
    if len(text.split()) < _FEWEST_WORDS:
        return None
    from kdbot.intake.free_text import read_pasted

    return read_pasted(text, venues)


def _only_paper(unread: Sequence[str]) -> str | None:
    """Return the one link to a paper under headings that the form does not have, or None."""
    links = [link for text in unread for link in _links_of(text)]
    is_paper = len(links) == 1 and role_of_address(links[0]) is LinkRole.PAPER
    return links[0] if is_paper else None


def _parse_selection(text: str, options: Sequence[str]) -> tuple[str, ...]:
    """Return the options that an answer names; words that are no option stay as they are.

    GitHub joins the chosen options by `, `, and an option may contain a comma, so the longest
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
        f"The heading {quote(label)} appears more than once. I cannot tell which answer to use.",
        field=None if field == REMARKS_FIELD else field,
    )


def _value(question: FormInput, raw: str, taxonomy: Taxonomy) -> object:
    if question.field == PAPER_FIELD:
        return _address(raw)
    if question.field == "categories":
        named = (option for option in question.options if option != NOT_SURE)
        options = dict(zip(named, (leaf.path for leaf in taxonomy.leaves), strict=False))
        picked = _checked(raw) if _is_checklist(raw) else _parse_selection(raw, question.options)
        return [options.get(text, text) for text in picked if text != NOT_SURE]
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


def _correct(
    answers: FormAnswers, taxonomy: Taxonomy, venues: Venues, listed: Identities | None
) -> tuple[Candidate, ...]:
    """Read which field of the named paper the menu calls wrong, and the right value."""
    which = " ".join(answers.answers.get(PAPER_FIELD, "").split())
    change = answers.answers.get(CHANGE_FIELD, "").strip()
    value = answers.answers.get(VALUE_FIELD, "")
    intent = Intent.REMOVE if change == REMOVAL else Intent.UPDATE

    def read(text: str) -> tuple[Candidate, ...]:
        # The reader of free text is loaded only for forms that have some.
        from kdbot.intake.corrections import AnsweredForm, read_corrections, read_statements
        from kdbot.intake.listed import listed_papers
        from kdbot.intake.values import ValueReader

        known = listed_papers(listed)
        lines = (line for block in parse_markdown(text) for line in block.lines)
        statements = read_statements(lines, ValueReader(venues, taxonomy, known))
        named = known.at_address(_address(which)) or known.only(which)
        form = AnsweredForm(
            names=(_address(which),) if which else (),
            title=named.title if named else None,
            field=CHANGES.get(change) or "",
        )
        return read_corrections(statements, intent=intent, form=form)

    candidates = read(value)
    field = CHANGES.get(change)
    if field and value.strip() and not any(field in candidate.given for candidate in candidates):
        # A bare value stands for the line that the menu would begin.
        labelled = read(f"{_LABELS.get(field, field)}: {value.strip()}")
        if any(field in candidate.given for candidate in labelled):
            candidates = labelled
    return tuple(
        replace(
            candidate,
            # The right link of a menu takes the place of the listed one, if there is one alone.
            replaced={**_replaced(field, candidate), **candidate.replaced},
            unread=() if intent is Intent.REMOVE else (*candidate.unread, *answers.unread),
            read_from=Origin.FORM,
        )
        for candidate in candidates
    )


_LABELS = {"categories": "category", "url": "link"}


def _replaced(field: str | None, candidate: Candidate) -> Mapping[str, tuple[str, ...]]:
    return {field: ()} if field in _MENU_REPLACES and field in candidate.given else {}
