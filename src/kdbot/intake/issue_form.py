"""The answered issue form: headings and what stands under them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from markdown_it.token import Token

from kdbot.intake.markdown import parse_tokens
from kdbot.model.form import PAPER_FIELD, REMARKS_FIELD, FormFields, FormInput, InputKind
from kdbot.text.labels import PAPER, field_of_label, fold_label

_EMPTY = frozenset({"", "no response", "none", "n a", "null", "keine antwort", "无"})
_MAX_ROUNDS = 4
_MAX_HEADINGS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAnswers:
    """What stands under the headings of a form.

    Attributes:
        correction: whether it is the form that corrects a listed paper.
        answers: raw text by record field; empty answers are left out.
        labels: the heading of each field, as written.
        doubled: fields whose heading stands more than once; they have no answer.
    """

    correction: bool
    answers: Mapping[str, str]
    labels: Mapping[str, str]
    doubled: tuple[str, ...] = ()


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
    doubled: dict[str, None] = {}
    for found, start, end in _sections(headings, labels, len(lines)):
        text = "\n".join(lines[start:end]).strip("\n").rstrip()
        if found.field in names:
            doubled[found.field] = None
        names[found.field] = found.label
        if fold_label(text) not in _EMPTY or len(text) > 40:
            answers[found.field] = text
    before = "\n".join(lines[: headings[0].first]).strip() if headings else ""
    if before:
        answers[REMARKS_FIELD] = "\n\n".join(filter(None, (before, answers.get(REMARKS_FIELD))))
    return FormAnswers(
        correction=correction,
        answers={f: a for f, a in answers.items() if f not in doubled or f == REMARKS_FIELD},
        labels=names,
        doubled=tuple(doubled),
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
