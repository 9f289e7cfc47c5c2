"""`kdbot init`: the repository of another list, from a README that there is or from nothing."""

import json
import shlex
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kdbot.flows.list import importing
from kdbot.flows.list.build import stale_files
from kdbot.flows.list.checked_list import check_list
from kdbot.flows.list.wishes import Ask, Wishes, start_of
from kdbot.intake.importing.own_columns import own_columns
from kdbot.intake.importing.sections import read_sections
from kdbot.intake.lists.kept_prose import read_prose
from kdbot.intake.readme_list import parse_readme_list
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Severity, has_errors
from kdbot.model.schema import parse_schema
from kdbot.model.taxonomy import Taxonomy
from kdbot.publish import new_list
from kdbot.publish.new_list import NewList
from kdbot.publish.schema_files import render_taxonomy
from kdbot.publish.text import render_findings_text
from kdbot.storage.files import (
    PAPERS,
    README,
    SCHEMA,
    SETTINGS,
    TAXONOMY,
    VENUES,
    read_bytes,
    read_text,
    write_files,
)
from kdbot.storage.git import published_branch
from kdbot.storage.package_files import read_shared, read_template, shared_names
from kdbot.storage.repository import load_settings

_WORKFLOWS = ".github/workflows"
_OWN_WORKFLOWS = frozenset({"ci.yml", "release.yml"})
SET_UP = ".github/actions/setup-kdbot/action.yml"
_SHARED_FORMS = (".github/ISSUE_TEMPLATE/bot-bug.yml", ".github/ISSUE_TEMPLATE/config.yml")
_PULL_REQUESTS = ".github/PULL_REQUEST_TEMPLATE.md"
_LICENSE = "LICENSE"
_KEPT = frozenset(
    {
        ".gitignore",
        ".github/dependabot.yml",
        "CONTRIBUTING.md",
        _LICENSE,
        _PULL_REQUESTS,
        *_SHARED_FORMS,
    }
)
"""Files that a repository may have already, and keeps as they are."""
_FIRST_CATEGORY = "Papers"


def initialize(folder: Path, wishes: Wishes, ask: Ask | None) -> int:
    """Write a list that passes its own checks, and say what is left to do.

    Nothing that is there is written over, and where anything is wrong nothing is written at all.

    Args:
        folder: where the list shall live; it may exist.
        wishes: what the call says.
        ask: puts a question to the person at the terminal; None where nobody is there.

    Returns:
        0; what cannot be started raises.

    Raises:
        KdbotError: a wish cannot be met, a file stands in the way, or nothing was understood.
    """
    with tempfile.TemporaryDirectory(prefix="kdbot-") as scratch:
        staged = Path(scratch)
        new = _stage(staged, wishes, ask)
        _check(staged, new)
        kept = _move(staged, folder)
    for name in kept:
        print(f"kept as it is: {name}")
    print(_farewell(folder, new))
    return 0


def _stage(root: Path, wishes: Wishes, ask: Ask | None) -> NewList:
    readme = _read(wishes.source) if wishes.source else ""
    new = start_of(wishes, readme, ask)
    template = read_template("schema/paper.schema.json")
    schema = parse_schema(json.loads(template))
    known = parse_venues(read_shared(VENUES).encode(), VENUES)
    found = parse_readme_list(readme, known)
    own = own_columns(
        found.papers, [text for field in schema.fields for text in (field.name, field.title)]
    )
    prose = read_prose(readme, {paper.line for paper in found.papers})
    new = replace(
        new,
        heading=new.heading if wishes.title else prose.heading or new.heading,
        head=prose.head,
        tail=prose.tail,
        columns=(*new.columns, *own),
        form=(*new.form[:-1], *own, new.form[-1]),
    )
    first = Taxonomy(categories=read_sections([(_FIRST_CATEGORY,)], {}).taxonomy.categories)
    write_files(
        root,
        {VENUES: read_shared(VENUES), SCHEMA: new_list.render_schema(template, first, own)},
    )
    if wishes.source is not None:
        if importing.run(wishes.source, root):
            raise KdbotError(
                "no paper was understood; nothing was written", where=str(wishes.source)
            )
    else:
        write_files(root, {TAXONOMY: render_taxonomy(_taxonomy(wishes, ask))})
    taxonomy = parse_taxonomy(read_bytes(root, TAXONOMY), TAXONOMY)
    write_files(
        root, _files(new, readme, taxonomy, new_list.render_schema(template, taxonomy, own))
    )
    (root / PAPERS).mkdir(exist_ok=True)
    if not any((root / PAPERS).iterdir()):
        # Git keeps no empty folder.
        write_files(root, {f"{PAPERS}/.gitkeep": ""})
    return new


def _taxonomy(wishes: Wishes, ask: Ask | None) -> Taxonomy:
    titles: Sequence[str] = wishes.categories
    if not titles and ask is not None:
        question = (
            "Categories (`Above > Below` where one stands below another), with commas between: "
        )
        titles = ask(question).split(",")
    paths = [tuple(part.strip() for part in title.split(">") if part.strip()) for title in titles]
    return read_sections([path for path in paths if path] or [(_FIRST_CATEGORY,)], {}).taxonomy


def _files(new: NewList, readme: str, taxonomy: Taxonomy, schema: str) -> Mapping[str, str]:
    template = read_template("README.md")
    is_ours = new_list.has_regions(readme)
    return {
        SETTINGS: new_list.render_settings(read_template("kdbot.toml"), new),
        SCHEMA: schema,
        README: readme if is_ours else new_list.render_readme_start(template, new),
        "CONTRIBUTING.md": new_list.render_contributing(
            read_template("CONTRIBUTING.md"), new, taxonomy
        ),
        ".gitignore": read_template("gitignore"),
        ".github/dependabot.yml": read_template("github/dependabot.yml"),
        SET_UP: new_list.render_set_up(read_template("github/action.yml"), new.bot, new.release),
        _LICENSE: new_list.render_license(
            read_template(_LICENSE), new, datetime.now(UTC).date().year
        ),
        **{name: read_shared(name) for name in (_PULL_REQUESTS, *_SHARED_FORMS)},
        **list_workflows(),
    }


def list_workflows() -> dict[str, str]:
    """Return the workflows of a list by their paths."""
    shared = {
        name: read_shared(f"{_WORKFLOWS}/{name}")
        for name in shared_names(_WORKFLOWS)
        if name not in _OWN_WORKFLOWS
    }
    shared["ci.yml"] = read_template("github/ci.yml")
    return {f"{_WORKFLOWS}/{name}": new_list.render_workflow(text) for name, text in shared.items()}


def _check(root: Path, new: NewList) -> None:
    """Hold the whole to the list's own rules, and build what is derived.

    A paper of the old list that breaks a rule is left out and named: one bad line is no reason to
    have no list.
    """
    checked = check_list(root)
    broken = {f.file: f for f in checked.findings if f.severity is Severity.ERROR and f.file}
    if broken and all(name.startswith(f"{PAPERS}/") for name in broken):
        print("Left out, since a rule is broken; add each when it is mended:")
        print(render_findings_text(tuple(broken.values())), end="")
        write_files(root, dict.fromkeys(broken))
        checked = check_list(root)
    if has_errors(checked.findings):
        raise KdbotError(f"nothing was written:\n{render_findings_text(checked.findings)}")
    environment = {"GITHUB_REPOSITORY": new.repository} if new.repository else {}
    files = stale_files(root, checked.collection, load_settings(root, environment))
    if isinstance(files, tuple):
        raise KdbotError(f"nothing was written:\n{render_findings_text(files)}")
    write_files(root, files)


def _move(staged: Path, folder: Path) -> list[str]:
    """Write the staged files, unless one that is there says otherwise; return those that stay."""
    files = {
        path.relative_to(staged).as_posix(): path.read_text("utf-8")
        for path in sorted(staged.rglob("*"))
        if path.is_file()
    }
    if any(folder.glob("LICEN[CS]E*")) or any(folder.glob("COPYING*")):
        # Whatever its ending: a second licence would say something else.
        files.pop(_LICENSE, None)
    differ = [
        name
        for name, text in files.items()
        if (folder / name).exists() and read_bytes(folder, name) != text.encode("utf-8")
    ]
    if in_the_way := [name for name in differ if name not in _KEPT]:
        raise KdbotError(
            f"there already, and nothing is written over: {', '.join(in_the_way)}",
            where=str(folder),
            fix="move them away (the README can then be named with --from), or name another folder",
        )
    write_files(folder, {name: text for name, text in files.items() if name not in differ})
    return differ


def _read(path: Path) -> str:
    return read_text(path.parent, path.name).removeprefix("\ufeff")


def _farewell(folder: Path, new: NewList) -> str:
    """Return what is left to do: push, two commands, and three pages to look at."""
    repository = new.repository or "OWNER/NAME"
    branch = new.branch or published_branch(folder) or "main"
    settings = f"https://github.com/{repository}/settings"
    return f"""\
{new.title} is in {folder}. Push it to {repository}, which may be empty:

    cd {shlex.quote(str(folder))}
    git init --quiet --initial-branch={shlex.quote(branch)}
    git add --all && git commit --quiet --message="Start the list"
    git remote add origin https://github.com/{repository}.git
    git push --set-upstream origin {shlex.quote(branch)}

Then two commands, as its owner; the first sets the repository up, the second says what is wrong:

    GH_TOKEN=$(gh auth token) kdbot setup --repository {repository}
    GH_TOKEN=$(gh auth token) kdbot doctor --repository {repository}

By hand it is done here:

    {settings}/actions  permissions and policies of workflows
    {settings}/pages  the page: Source, GitHub Actions
    {settings}/variables/actions  KDBOT_ENABLED and the other switches"""
