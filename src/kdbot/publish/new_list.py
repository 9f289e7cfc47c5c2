"""The files of a list: taxonomy and venues as YAML, and all of one that is about to start."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from string import Template

from kdbot.model.regions import read_markers
from kdbot.model.settings import Settings
from kdbot.model.taxonomy import Category, Taxonomy
from kdbot.model.urls import page_address
from kdbot.model.venue import Venue, Venues
from kdbot.publish.markdown import escape_text
from kdbot.text.record import render_field, render_text

_LICENSES = """
The data of this list (`papers/` and `schema/`) is in the public domain under
[CC0 1.0](LICENSE-DATA); [LICENSE](LICENSE) holds for everything else.
"""
WORKFLOWS = ".github/workflows"
PULL_REQUEST_WORKFLOW = f"{WORKFLOWS}/pull-request.yml"
PIN_FILE = ".github/actions/setup-kdbot/action.yml"
"""The one file that says which kdbot the workflows run."""
WANTED_PERMISSIONS: Mapping[str, str | bool] = {
    "default_workflow_permissions": "read",
    "can_approve_pull_request_reviews": True,
}
"""What the token of a job should be allowed where its workflow does not say, in GitHub's words.

The second is one setting for creating pull requests and for approving them.
"""

_INSTALL = "- run: make .venv/runtime\n"
_SET_UP = f"- uses: $/{PIN_FILE.rpartition('/')[0]}\n"
_OWN_PATHS = '      - "src/**"\n'
_MONTH_REQUIRED = ("-(?:0[1-9]|1[0-2])(?![\\\\s\\\\S])", "(?:-(?:0[1-9]|1[0-2]))?(?![\\\\s\\\\S])")
_MONTH_DESCRIBED = (
    "Month of the first public appearance, as YYYY-MM.",
    "Month of the first public appearance, as YYYY-MM, or only the year if the month is not known.",
)
_FIRST_STAMPED = '    "added": {'

_PIN = re.compile(r"(?P<action>[\w.-]+(?:/[\w.-]+)+)@(?P<commit>[0-9a-f]{40}) # v(?P<version>\S+)")
_NOTE = (
    "# `kdbot init --update` updates only the lines between these two markers. Put your own jobs\n"
    "# below the second one.\n"
)
_GENERATED = re.compile(
    r"(?P<before>.*?)^# kdbot:begin workflow sha256=(?P<digest>[0-9a-f]{64})\n"
    r"(?P<body>.*?)^# kdbot:end workflow\n(?P<after>.*)",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewList:
    """What is known of a list that is about to start.

    Attributes:
        title: its name.
        heading: Markdown of the heading that names it.
        repository: `owner/name` on GitHub, or None.
        head: prose between its name and its papers.
        tail: prose after its papers.
        data_license: SPDX identifier of the licence of its data, or None where it names none.
        branch: the branch that it is published from, where a person named one.
        bot: the kdbot that its workflows run, as `OWNER/NAME@COMMIT`.
        release: that kdbot's version, such as `v0.2.0`.
        columns: fields that the tables show.
        form: fields that the issue form asks for.
        tables: further settings of the tables.
    """

    title: str
    heading: str
    repository: str | None
    head: str
    tail: str
    bot: str
    release: str
    data_license: str | None = None
    branch: str | None = None
    columns: tuple[str, ...] = Settings(title="").tables.columns
    form: tuple[str, ...] = Settings(title="").form
    tables: Mapping[str, object] = field(default_factory=dict)


def fill_template(template: str, new: NewList, taxonomy: Taxonomy, year: int) -> str:
    """Return a file of the list: its settings, its README, how to contribute, or its licence.

    The regions of the README are still empty, between the prose that there was. The example of a
    record is in the list's first category. The licence is in the name of those who contribute.

    Args:
        template: the file with places for what is known.
        new: what is known.
        taxonomy: the list's categories.
        year: that of the licence.
    """
    place = {
        "repository": new.repository,
        "branch": new.branch,
        "page": page_address(new.repository),
        "data_license": new.data_license,
    }
    record = (
        'title: "Attention Is All You Need"\narxiv: "1706.03762"\nvenue: NeurIPS\ndate: 2017-06\n'
        f"categories:\n  - {taxonomy.leaves[0].path}"
    )
    return Template(template).substitute(
        title=new.title,
        escaped_title=escape_text(new.title),
        quoted_title=_toml(new.title),
        place="".join(f"{key} = {_toml(value)}\n" for key, value in place.items() if value),
        form=_toml(new.form),
        columns=_toml(new.columns),
        tables="".join(f"{key} = {_toml(value)}\n" for key, value in new.tables.items()),
        heading=new.heading,
        head=f"\n{new.head}\n" if new.head else "",
        license=_LICENSES if new.data_license else "",
        tail=f"\n{new.tail}" if new.tail else "",
        record=record,
        year=year,
    )


def has_regions(readme: str) -> bool:
    """Tell whether a README is kdbot's already, with a place for the tables."""
    return any(m.kind == "begin" and m.name == "tables" for m in read_markers(readme))


def render_workflow(shared: str) -> str:
    """Return a workflow of kdbot's own repository as that of a list.

    The two differ in how kdbot gets there, and in that a list has no source of it to watch.
    """
    return _sealed(_NOTE + shared.replace(_INSTALL, _SET_UP).replace(_OWN_PATHS, ""))


def renew_workflow(present: str, new: str) -> str | None:
    """Return a list's workflow with its generated part renewed, or None where people changed it.

    The text outside that part is kept, and so is a newer version of an action.

    Args:
        present: the workflow as the list has it.
        new: the whole workflow as `render_workflow` returns it.
    """
    old, fresh = _GENERATED.fullmatch(present), _GENERATED.fullmatch(new)
    if old is None or fresh is None or old["digest"] != _digest(old["body"]):
        return None
    known = {pin["action"]: pin for pin in _PIN.finditer(old["body"])}

    def newer(pin: re.Match[str]) -> str:
        other = known.get(pin["action"])
        return other[0] if other and _numbers(other) > _numbers(pin) else pin[0]

    return old["before"] + _sealed(_PIN.sub(newer, fresh["body"])) + old["after"]


def renew_set_up(present: str, new: str) -> str | None:
    """Return the action that installs kdbot with the new pin, or None where people changed it."""
    return new if _PIN.sub("", present) == _PIN.sub("", new) else None


def render_set_up(template: str, bot: str, release: str) -> str:
    """Return the list's own action that installs kdbot: the one place that pins it.

    Args:
        template: the action without its pin.
        bot: the kdbot to pin, as `OWNER/NAME@COMMIT`.
        release: its version, such as `v0.2.0`.
    """
    return Template(template).substitute(bot=bot, version=release)


def render_schema(
    template: str,
    taxonomy: Taxonomy,
    own: Mapping[str, Mapping[str, object]],
    *,
    takes_years: bool = False,
) -> str:
    """Return the record's schema with the list's own fields, and a category of its own.

    Args:
        template: the schema that every list starts from.
        taxonomy: the list's categories.
        own: JSON Schema of the fields that this list alone has.
        takes_years: whether a date may be a year alone.
    """
    if takes_years:
        template = template.replace(*_MONTH_REQUIRED).replace(*_MONTH_DESCRIBED)
    example = json.dumps([taxonomy.leaves[0].path], ensure_ascii=False)
    text = template.replace('"examples": [["papers"]]', f'"examples": [{example}]')
    fields = json.dumps(own, ensure_ascii=False, indent=2).splitlines()[1:-1] if own else []
    lines = "".join(f"  {line}\n" for line in fields)
    # Their own fields are before those that no contributor writes.
    return text.replace(
        _FIRST_STAMPED, f"{lines.rstrip()},\n{_FIRST_STAMPED}" if own else _FIRST_STAMPED
    )


def _sealed(body: str) -> str:
    """Return a generated part between its marks, with its digest."""
    return f"# kdbot:begin workflow sha256={_digest(body)}\n{body}# kdbot:end workflow\n"


def _digest(body: str) -> str:
    """Return a digest that stays when Dependabot moves a pin."""
    return sha256(_PIN.sub(r"\g<action>", body).encode("utf-8")).hexdigest()


def _numbers(pin: re.Match[str]) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", pin["version"])]


def _toml(value: object) -> str:
    """Return a text, or several, as TOML has them; JSON's escapes are TOML's."""
    return json.dumps(value, ensure_ascii=False)


def render_taxonomy(taxonomy: Taxonomy) -> str:
    """Return `schema/taxonomy.yaml`: categories nested as they stand."""
    roots = [category for category in taxonomy.categories if category.depth == 0]
    if not roots:
        return "categories: []\n"
    return "categories:\n" + "".join(_category(taxonomy, root) for root in roots)


def render_venues(venues: Venues) -> str:
    """Return `schema/venues.yaml`."""
    if not venues.venues:
        return "venues: []\n"
    return "venues:\n" + render_venue_items(venues.venues)


def render_venue_items(venues: Iterable[Venue]) -> str:
    """Return venues as items of the list in `schema/venues.yaml`, to be put at its end."""
    return "".join(
        _item(_fields(name=v.name, aliases=v.aliases, full_name=v.full_name, kind=v.kind), 2)
        for v in venues
    )


def _category(taxonomy: Taxonomy, category: Category) -> str:
    indent, own_id = 2 + 4 * category.depth, category.path.rpartition("/")[2]
    fields = [*_fields(id=own_id, title=category.title, note=category.note)]
    if category.text:
        fields.append(render_text("text", category.text))
    text = _item(fields, indent)
    if category.leaf:
        return text
    children = [c for c in taxonomy.categories if c.parent == category.path]
    below = "".join(_category(taxonomy, child) for child in children)
    return f"{text}{' ' * (indent + 2)}categories:\n{below}"


def _fields(**values: str | tuple[str, ...] | None) -> Iterable[str]:
    return (render_field(name, value) for name, value in values.items() if value)


def _item(fields: Iterable[str], indent: int) -> str:
    """Indent the lines of one list item and put the dash before its first."""
    lines = "".join(fields).splitlines(keepends=True)
    first, *rest = lines
    deeper = (" " * (indent + 2) + line if line.strip() else line for line in rest)
    return " " * indent + "- " + first + "".join(deeper)
