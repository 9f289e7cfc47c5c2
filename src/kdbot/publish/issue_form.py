"""The issue forms, in GitHub's own schema for them."""

from collections.abc import Iterable

from kdbot.model.form import FormInput, InputKind, correction_inputs, form_inputs
from kdbot.model.schema import PaperSchema
from kdbot.model.settings import Settings
from kdbot.model.taxonomy import Taxonomy
from kdbot.text.record import double_quoted

NEW_PAPER_FORM = ".github/ISSUE_TEMPLATE/new-paper.yml"
CORRECTION_FORM = ".github/ISSUE_TEMPLATE/correction.yml"
NEW_PAPER = "new paper"
"""The label that the form of a new paper sets."""

_NOTICE = "# Generated from schema/ and kdbot.toml by `kdbot build`; edits are overwritten.\n"
_ONE_PAPER = (
    "A link is enough: title, authors and date of most papers are filled in for you, and a "
    "maintainer can choose the category. A comment shows what was understood within a minute or "
    "two; edit the issue and it is checked again."
)
_ONE_CORRECTION = (
    "Name the paper, and write the right value. A comment shows the change before "
    "a maintainer decides."
)


def render_issue_form(settings: Settings, schema: PaperSchema, taxonomy: Taxonomy) -> str:
    """Return the form that proposes a paper, with what a paper has to be."""
    items = "".join(f"\n- **{name}**: {text}" for name, text in settings.criteria.items())
    criteria = f"\n\nCriteria for papers in this list:\n{items}" if items else ""
    return _form(
        ("New paper", f"Propose a paper for {settings.title}.", "Paper: ", NEW_PAPER),
        _ONE_PAPER + criteria,
        form_inputs(settings, schema, taxonomy),
    )


def render_correction_form(settings: Settings) -> str:
    """Return the form that corrects a listed paper."""
    description = f"Correct or complete a paper of {settings.title}."
    head = ("Correction", description, "Correction: ", "")
    return _form(head, _ONE_CORRECTION, correction_inputs())


def _form(head: tuple[str, str, str, str], intro: str, inputs: Iterable[FormInput]) -> str:
    """Return a form of a name, a description, a start of the title, and a label or none."""
    name, description, title, label = map(double_quoted, head)
    lines = [
        f"name: {name}",
        f"description: {description}",
        f"title: {title}",
        *([f"labels: [{label}]"] if head[3] else []),
        "body:",
        "  - type: markdown",
        "    attributes:",
        f"      value: {double_quoted(intro)}",
        *(line for question in inputs for line in _question(question)),
    ]
    return _NOTICE + "\n".join(lines) + "\n"


def _question(question: FormInput) -> Iterable[str]:
    yield f"  - type: {question.kind}"
    yield f"    id: {question.id}"
    yield "    attributes:"
    yield f"      label: {double_quoted(question.label)}"
    if question.description:
        yield f"      description: {double_quoted(question.description)}"
    if question.placeholder and question.kind in {InputKind.INPUT, InputKind.TEXTAREA}:
        yield f"      placeholder: {double_quoted(question.placeholder)}"
    if question.kind is InputKind.DROPDOWN:
        yield f"      multiple: {str(question.many).lower()}"
    if question.options:
        yield "      options:"
        item = "label: " if question.kind is InputKind.CHECKBOXES else ""
        yield from (f"        - {item}{double_quoted(option)}" for option in question.options)
    if question.kind is not InputKind.CHECKBOXES:
        yield "    validations:"
        yield f"      required: {str(question.required).lower()}"
