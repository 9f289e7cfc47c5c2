"""The files of a list that is about to start, from templates and what is known of it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

from kdbot.model.settings import Settings
from kdbot.model.taxonomy import Taxonomy
from kdbot.publish.markdown import escape_text

_INSTALL = "- run: make .venv/runtime\n"
_SET_UP = "- uses: $/.github/actions/setup-kdbot\n"
_OWN_PATHS = '      - "src/**"\n'
_FIRST_STAMPED = '    "added": {'
_TABLES_MARKER = re.compile(r"^[ \t]*<!-- kdbot:begin tables -->[ \t]*$", re.MULTILINE)

NO_BOT = f"OWNER/kdbot@{'0' * 40}"
"""A pin that nothing can satisfy, for where nobody knows what to pin; no workflow can run by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewList:
    """What is known of a list that is about to start.

    Attributes:
        title: its name.
        heading: Markdown of the heading that names it.
        repository: `owner/name` on GitHub, or None.
        head: prose between its name and its papers.
        tail: prose behind its papers.
        bot: the kdbot that its workflows run, as `OWNER/NAME@COMMIT`.
        version: that kdbot's version.
        columns: fields that the tables show.
        form: fields that the issue form asks for.
    """

    title: str
    heading: str
    repository: str | None
    head: str
    tail: str
    bot: str
    version: str
    columns: tuple[str, ...] = Settings(title="").tables.columns
    form: tuple[str, ...] = Settings(title="").form


def render_settings(template: str, new: NewList) -> str:
    """Return `kdbot.toml`."""
    repository = f"repository = {_toml(new.repository)}\n" if new.repository else ""
    return Template(template).substitute(
        title=_toml(new.title),
        repository=repository,
        form=_toml(new.form),
        columns=_toml(new.columns),
    )


def render_readme_start(template: str, new: NewList) -> str:
    """Return the README with its regions still empty, between the prose that there was."""
    text = Template(template).substitute(
        heading=new.heading,
        head=f"\n{new.head}\n" if new.head else "",
        tail=f"\n{new.tail}" if new.tail else "",
    )
    return text.rstrip("\n") + "\n"


def has_regions(readme: str) -> bool:
    """Tell whether a README is kdbot's already, with a place for the tables."""
    return _TABLES_MARKER.search(readme) is not None


def render_contributing(template: str, new: NewList, taxonomy: Taxonomy) -> str:
    """Return `CONTRIBUTING.md`, with the list's first category in its example."""
    record = (
        'title: "Attention Is All You Need"\narxiv: "1706.03762"\nvenue: NeurIPS\ndate: 2017-06\n'
        f"categories:\n  - {taxonomy.leaves[0].path}"
    )
    return Template(template).substitute(title=escape_text(new.title), record=record)


def render_workflow(shared: str) -> str:
    """Return a workflow of kdbot's own repository as that of a list.

    The two differ in how kdbot gets there, and in that a list has no source of it to watch.
    """
    return shared.replace(_INSTALL, _SET_UP).replace(_OWN_PATHS, "")


def render_set_up(template: str, new: NewList) -> str:
    """Return the list's own action that installs kdbot: the one place that pins it."""
    return Template(template).substitute(bot=new.bot, version=f"v{new.version}")


def render_schema(
    template: str, taxonomy: Taxonomy, own: Mapping[str, Mapping[str, object]]
) -> str:
    """Return the record's schema with the list's own fields, and a category of its own.

    Args:
        template: the schema that every list starts from.
        taxonomy: the list's categories.
        own: JSON Schema of the fields that this list alone has.
    """
    example = json.dumps([taxonomy.leaves[0].path], ensure_ascii=False)
    text = template.replace('"examples": [["papers"]]', f'"examples": [{example}]')
    fields = json.dumps(own, ensure_ascii=False, indent=2).splitlines()[1:-1] if own else []
    lines = "".join(f"  {line}\n" for line in fields)
    # Their own fields stand before those that no contributor writes.
    return text.replace(
        _FIRST_STAMPED, f"{lines.rstrip()},\n{_FIRST_STAMPED}" if own else _FIRST_STAMPED
    )


def _toml(value: object) -> str:
    """Return a text, or several, as TOML has them; JSON's escapes are TOML's."""
    return json.dumps(value, ensure_ascii=False)
