"""The issue forms: which questions they ask, and by which labels the answers are found again."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType

from kdbot.model.json_text import from_json
from kdbot.model.schema import Field, FieldKind, PaperSchema
from kdbot.model.settings import Settings
from kdbot.model.taxonomy import Taxonomy

PAPER_FIELD = "url"
REMARKS_FIELD = "remarks"
CHANGE_FIELD = "change"
VALUE_FIELD = "value"

NOT_SURE = "I am not sure"
"""The option of the menu of categories that leaves the choice to a maintainer."""

REMOVAL = "Remove it from the list"
_FORMS = tomllib.loads((files("kdbot.model") / "forms.toml").read_text("utf-8"))
CHANGES: Mapping[str, str | None] = MappingProxyType(
    {label: name or None for label, name in _FORMS["changes"].items()}
)
"""What a correction form can report as wrong, with the record field of the right value."""

# Names that GitHub's address for a new issue keeps for itself; an input of such a name could not
# be filled in by a link.
_RESERVED = frozenset(
    {"assignees", "body", "labels", "milestone", "projects", "template", "title", "type"}
    # The form's own questions have these.
    | {"paper", "remarks"}
)


class InputKind(StrEnum):
    """The types of GitHub's issue forms that are in use."""

    INPUT = "input"
    TEXTAREA = "textarea"
    DROPDOWN = "dropdown"
    CHECKBOXES = "checkboxes"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormInput:
    """One question of a form.

    Attributes:
        id: name of the input in the form and in an address that fills it in.
        label: heading above the answer in the issue's body.
        field: record field of the answer; `url` for the paper itself, `remarks` for free words.
        kind: type of the input.
        required: whether the form can be sent without an answer.
        description: one sentence under the label.
        placeholder: an example, or an empty text.
        options: texts to choose from, where the kind has any.
        many: whether several of the options, or several values, can be given.
        asks_addresses: whether an answer is made of addresses.
    """

    id: str
    label: str
    field: str
    kind: InputKind
    required: bool = False
    description: str = ""
    placeholder: str = ""
    options: tuple[str, ...] = ()
    many: bool = False
    asks_addresses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFields:
    """The questions of both forms.

    Attributes:
        proposal: those of the form that proposes a paper.
        correction: those of the form that corrects a listed one.
        former: those that its earlier versions asked, in issues that were filed before.
    """

    proposal: tuple[FormInput, ...]
    correction: tuple[FormInput, ...]
    former: tuple[FormInput, ...] = ()


def _asked(form: str) -> tuple[FormInput, ...]:
    return tuple(from_json(FormInput, question) for question in _FORMS[form])


def form_fields(settings: Settings, schema: PaperSchema, taxonomy: Taxonomy) -> FormFields:
    """Return the questions of both forms."""
    return FormFields(
        proposal=form_inputs(settings, schema, taxonomy),
        correction=correction_inputs(),
        former=_asked("former"),
    )


def form_inputs(
    settings: Settings, schema: PaperSchema, taxonomy: Taxonomy
) -> tuple[FormInput, ...]:
    """Return the questions of the form that proposes a paper, in their order.

    The paper's link comes first, then its categories, then the other fields that the settings
    name, under the titles of the schema, then the remarks.
    """
    options = (NOT_SURE, *_category_options(taxonomy))
    names = sorted(settings.form, key=lambda name: name != "categories")
    named = (schema.by_name[name] for name in names if name in schema.by_name)
    paper, remarks = _asked("proposal")
    return (paper, *(_field_input(field, options) for field in named), remarks)


def correction_inputs() -> tuple[FormInput, ...]:
    """Return the questions of the form that corrects a listed paper."""
    options = tuple(CHANGES)
    return tuple(
        replace(question, options=options) if question.field == CHANGE_FIELD else question
        for question in _asked("correction")
    )


def _category_options(taxonomy: Taxonomy) -> Mapping[str, str]:
    """Return the form's text of each category that can list papers, with its path.

    The text is the titles from the root down. Where two categories would read the same, each
    is followed by its path.
    """
    texts = [(" > ".join(taxonomy.titles(leaf.path)), leaf.path) for leaf in taxonomy.leaves]
    seen = [text.casefold() for text, _ in texts]
    return {
        text if seen.count(text.casefold()) == 1 else f"{text} ({path})": path
        for text, path in texts
    }


def _field_input(field: Field, category_texts: tuple[str, ...]) -> FormInput:
    options: tuple[str, ...] = ()
    kind = InputKind.INPUT
    placeholder = field.example
    if field.name == "categories":
        kind, options, placeholder = InputKind.DROPDOWN, category_texts, ""
    elif field.kind is FieldKind.FLAG:
        kind, options, placeholder = InputKind.CHECKBOXES, (field.title,), ""
    elif field.choices:
        kind, options, placeholder = InputKind.DROPDOWN, field.choices, ""
    return FormInput(
        id=f"paper-{field.name}" if field.name in _RESERVED else field.name.replace("_", "-"),
        label=field.title,
        field=field.name,
        kind=kind,
        # A service knows the title of most papers, and a maintainer the categories.
        required=field.required and field.name not in {"title", "categories"},
        description=_description(field),
        placeholder=placeholder,
        options=options,
        many=field.kind is FieldKind.LIST,
        asks_addresses=field.holds_addresses,
    )


def _description(field: Field) -> str:
    if field.name == "categories":
        # The form is shown at /OWNER/NAME/issues/new.
        return (
            "One or more. The [README](../#readme) shows what is listed in each. If you are not "
            "sure, leave it to a maintainer."
        )
    if field.kind is FieldKind.LIST and not field.choices:
        between = "spaces" if field.holds_addresses else "commas"
        return f"{field.description} Separate several with {between}."
    if field.name == "venue":
        return f"{field.description} Write the year after it, such as {field.example} 2024."
    if field.name == "title":
        return f"{field.description} Leave it empty if the paper is on arXiv."
    return field.description
