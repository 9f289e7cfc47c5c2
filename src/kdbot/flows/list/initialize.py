"""`kdbot init`: the repository of another list, from a README that there is or from nothing.

With `--update`, the workflows of a list that exists, as this kdbot has them.
"""

import json
import re
import shlex
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import TypeAlias

from kdbot import own_version
from kdbot.flows.list import importing
from kdbot.flows.list.build import stale_files
from kdbot.flows.list.checked_list import check_list
from kdbot.flows.output import unified_diff
from kdbot.intake.importing.accounting import account
from kdbot.intake.importing.list_import import read_sections
from kdbot.intake.importing.report import build_report
from kdbot.intake.importing.rows import custom_columns
from kdbot.intake.importing.sources import read_sources
from kdbot.intake.importing.style import shown_columns, source_style
from kdbot.intake.lists.reader import heading_title
from kdbot.intake.lists.readme_prose import read_heading
from kdbot.intake.markdown.inline import parse_inline
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.model.errors import KdbotError
from kdbot.model.finding import Finding, Severity, has_errors
from kdbot.model.paper import PAPERS, is_year, path_of
from kdbot.model.regions import README
from kdbot.model.schema import parse_schema
from kdbot.model.settings import SETTINGS
from kdbot.model.taxonomy import Taxonomy
from kdbot.publish import new_list
from kdbot.publish.import_report import IMPORT_REPORT, first_lines
from kdbot.publish.markdown import escape_text, visible_text
from kdbot.publish.new_list import (
    PIN_FILE,
    WORKFLOWS,
    NewList,
    render_set_up,
    render_taxonomy,
    renew_set_up,
    renew_workflow,
)
from kdbot.publish.readme.anchors import relinked
from kdbot.publish.report import render_findings_text
from kdbot.storage.files import (
    SCHEMA,
    TAXONOMY,
    VENUES,
    read_bytes,
    read_text,
    write_files,
)
from kdbot.storage.git import published_branch
from kdbot.storage.package_data import installed_kdbot, read_shared, read_template, shared_names
from kdbot.storage.repository import load_settings

Ask: TypeAlias = Callable[[str], str]
"""Asks the person at the terminal."""

_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
_BOT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+@[0-9a-f]{40}")
_BRANCH = re.compile(r"(?!-)[^\s~^:?*\[\\]+")

_OWN_WORKFLOWS = frozenset({"ci.yml", "documents.yml", "release.yml"})
_SHARED_FORMS = (".github/ISSUE_TEMPLATE/bot-bug.yml", ".github/ISSUE_TEMPLATE/config.yml")
_PULL_REQUESTS = ".github/PULL_REQUEST_TEMPLATE.md"
_LICENSE = "LICENSE"
_DATA_LICENSE = "LICENSE-DATA"
_CC0 = "CC0-1.0"
_NO_LICENSE = "none"
_ABOUT_DATA = (
    "Put the data (papers/ and schema/) into the public domain, under CC0 1.0, so that others may "
    "reuse it? [Y/n]: "
)
_KEPT = frozenset(
    {
        ".gitignore",
        ".github/dependabot.yml",
        "CONTRIBUTING.md",
        _LICENSE,
        _DATA_LICENSE,
        _PULL_REQUESTS,
        *_SHARED_FORMS,
    }
)
"""Files that a repository may already have, and which are kept unchanged."""
_FIRST_CATEGORY = "Papers"
_NOT_ASKED = frozenset({"links", "description"})
"""Fields of an imported list that are not in its issue form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InitOptions:
    """Options of `kdbot init`; what is left open is asked for, or found out.

    Attributes:
        source: files of the list as it is now, its README first.
        title: name of the list.
        repository: `owner/name` on GitHub; an empty text for none.
        categories: titles, those of a path with ` > ` between; without a source alone.
        branch: the branch that it is published from; None for the one that git knows.
        bot: the kdbot to pin, as `OWNER/NAME@COMMIT`.
        data_license: `CC0-1.0` or `none`; None to ask, and for CC0 where nobody answers.
    """

    source: tuple[Path, ...] = ()
    title: str | None = None
    repository: str | None = None
    categories: tuple[str, ...] = ()
    branch: str | None = None
    bot: str | None = None
    data_license: str | None = None


def _start_of(options: InitOptions, readme: str, ask: Ask | None) -> NewList:
    """Return what is known of the list before its papers are.

    Args:
        options: what the call says.
        readme: the list as it is now, empty where there is none.
        ask: puts a question to the person at the terminal; None where nobody is there.

    Raises:
        KdbotError: the list has no title, or an option does not have the form it needs.
    """
    heading = read_heading(readme)
    repository = options.repository
    title = options.title or (_plain(heading) if heading else "")
    title = title or " ".join(re.split(r"[-_]+", (repository or "").partition("/")[2]))
    title = title or _answer(ask, "Title of the list: ", "the list has no title", "--title TITLE")
    if repository is None and ask is not None:
        repository = ask("Repository on GitHub, as owner/name (empty if none yet): ").strip()
    if repository and not _REPOSITORY.fullmatch(repository):
        raise KdbotError(
            f"`{repository}` is not a repository name", fix="write --repository OWNER/NAME"
        )
    if options.branch and not _BRANCH.fullmatch(options.branch):
        raise KdbotError(f"`{options.branch}` is not a branch name", fix="write --branch BRANCH")
    bot, release = _pin_of(options.bot)
    chosen = options.data_license
    if chosen is None and ask is not None and not _is_yes(ask(_ABOUT_DATA)):
        chosen = _NO_LICENSE
    return NewList(
        title=" ".join(title.split()),
        heading=escape_text(" ".join(title.split())),
        repository=repository or None,
        head="",
        tail="",
        data_license=None if chosen == _NO_LICENSE else chosen or _CC0,
        branch=options.branch,
        bot=bot,
        release=release,
    )


def _pin_of(bot: str | None) -> tuple[str, str]:
    """Return the kdbot that a list's workflows run, as `OWNER/NAME@COMMIT`, and its version.

    Args:
        bot: what the call says, or None for the kdbot that is running.

    Raises:
        KdbotError: it is no commit, or nobody knows which one is running.
    """
    own = f"v{own_version()}"
    if bot is None:
        found = installed_kdbot()
        if found is None:
            raise KdbotError(
                "this kdbot has no commit to pin in the new list",
                fix="run it with `uvx --from git+https://github.com/OWNER/kdbot@TAG kdbot`, or "
                "write --bot OWNER/kdbot@COMMIT with the commit of a release, which "
                "`git ls-remote --tags https://github.com/OWNER/kdbot` shows",
            )
        return found[0], found[1] or own
    if not _BOT.fullmatch(bot):
        raise KdbotError(f"`{bot}` is not a commit of kdbot", fix="write --bot OWNER/NAME@COMMIT")
    return bot, own


def _has_license(folder: Path) -> bool:
    """Tell whether a folder has a licence, whatever its ending."""
    return any(folder.glob("LICEN[CS]E*")) or any(folder.glob("COPYING*"))


def _answer(ask: Ask | None, question: str, missing: str, flag: str) -> str:
    answer = ask(question).strip() if ask is not None else ""
    if not answer:
        raise KdbotError(missing, fix=f"write {flag}")
    return answer


def _plain(heading: str) -> str:
    return visible_text(heading_title(parse_inline(heading)))


def initialize(folder: Path, options: InitOptions, ask: Ask | None) -> int:
    """Write a list that passes its own checks, and say what is left to do.

    Nothing that is there is written over, and where anything is wrong nothing is written at all.
    Who was asked for something is shown what will be written, and asked once.

    Args:
        folder: folder of the new list; it may exist.
        options: what the call says.
        ask: puts a question to the person at the terminal; None where nobody is there.

    Returns:
        0, or 1 where the person did not want it; what cannot be started raises.

    Raises:
        KdbotError: an option cannot be met, a file is in the way, or nothing was understood.
    """
    places = [folder, *(path.parent for path in options.source)]
    is_again = (folder / _DATA_LICENSE).exists()
    if options.data_license is None and not is_again and any(map(_has_license, places)):
        # What others have contributed under a licence is not given away under another.
        options = replace(options, data_license=_NO_LICENSE)
    asked: list[str] = []

    def put(question: str) -> str:
        asked.append(question)
        return ask(question) if ask is not None else ""

    with tempfile.TemporaryDirectory(prefix="kdbot-") as scratch:
        staged = Path(scratch)
        new, imported = _stage(staged, options, None if ask is None else put)
        before = _read(options.source[0]) if options.source else ""
        broken = _check(staged, new, before)
        told = [] if imported is None else _tell(staged, folder, options, new, imported, broken)
        files, kept = _files_to_move(staged, folder)
        if asked and not _is_yes(put(_preview(folder, new, files, told))):
            print("nothing was written")
            return 1
        write_files(folder, files)
    for name in kept:
        print(f"kept unchanged: {name}")
    if told and not asked:
        print("\n".join(told))
    print(_farewell(folder, new))
    return 0


def _stage(
    root: Path, options: InitOptions, ask: Ask | None
) -> tuple[NewList, importing.Imported | None]:
    """Write the list's files below a folder, those that are derived apart."""
    readme = _read(options.source[0]) if options.source else ""
    new = _start_of(options, readme, ask)
    template = read_template(SCHEMA)
    first = Taxonomy(categories=read_sections([(_FIRST_CATEGORY,)], {}).taxonomy.categories)
    own: Mapping[str, Mapping[str, object]] = {}
    takes_years = False
    imported = None
    if options.source:
        known = parse_venues(read_shared(VENUES).encode(), VENUES)
        texts = [(path.name, _read(path)) for path in options.source]
        sources = read_sources(texts, known)
        fields = parse_schema(json.loads(template)).fields
        own = custom_columns(sources.joined.papers, [n for f in fields for n in (f.name, f.title)])
        takes_years = any(is_year(paper.date or "") for paper in sources.joined.papers)
        prose = sources.files[0].prose
        new = replace(
            new,
            heading=new.heading if options.title else prose.heading or new.heading,
            head=prose.head,
            tail=prose.tail,
            form=(*new.form[:-1], *(n for n in own if n not in _NOT_ASKED), new.form[-1]),
        )
    schema = new_list.render_schema(template, first, own, takes_years=takes_years)
    write_files(root, {VENUES: read_shared(VENUES), SCHEMA: schema})
    if options.source:
        imported = importing.import_files(options.source, root)
        if not imported.result.papers:
            where = str(options.source[0])
            raise KdbotError("no paper was found; nothing was written", where=where)
        new = replace(
            new, columns=shown_columns(imported.result.papers, own), tables=_tables(imported)
        )
    else:
        write_files(root, {TAXONOMY: render_taxonomy(_taxonomy(options, ask))})
    taxonomy = parse_taxonomy(read_bytes(root, TAXONOMY), TAXONOMY)
    schema = new_list.render_schema(template, taxonomy, own, takes_years=takes_years)
    write_files(root, _files(new, readme, taxonomy, schema))
    (root / PAPERS).mkdir(exist_ok=True)
    if not any((root / PAPERS).iterdir()):
        # Git keeps no empty folder.
        write_files(root, {f"{PAPERS}/.gitkeep": ""})
    return new, imported


def _tables(imported: importing.Imported) -> dict[str, object]:
    """Return the settings of tables that show a list in its own style, years beside venues."""
    style, others = source_style(imported.sources, imported.result)
    settings: dict[str, object] = {} if style == "table" else {"style": style}
    if others:
        settings["other_style"] = others
    if any(paper.year for paper in imported.result.papers):
        settings["venue_year"] = True
    return settings


def _tell(
    root: Path,
    folder: Path,
    options: InitOptions,
    new: NewList,
    imported: importing.Imported,
    broken: Sequence[Finding],
) -> list[str]:
    """Write the report of the import, and return its first lines."""
    left_out = {finding.file for finding in broken}
    papers = [p for p in imported.result.papers if path_of(p.id) not in left_out]
    readme = set(read_text(root, README).split("\n"))
    lines = [line for file in imported.sources.files for line in file.text.splitlines()]
    filled = [line for line in lines if line.strip()]
    report = build_report(
        imported.sources,
        imported.result,
        account(imported.sources, papers),
        imported.schema,
        broken,
        sum(line.rstrip() in readme for line in filled) / max(len(filled), 1),
    )
    addresses = importing.line_addresses(options.source, new.repository)
    importing.write_report(root, report, addresses)
    return list(first_lines(report, str(folder / IMPORT_REPORT)))


def _taxonomy(options: InitOptions, ask: Ask | None) -> Taxonomy:
    titles: Sequence[str] = options.categories
    if not titles and ask is not None:
        question = "Categories (`Parent > Child` for a subcategory), separated by commas: "
        titles = ask(question).split(",")
    paths = [tuple(part.strip() for part in title.split(">") if part.strip()) for title in titles]
    return read_sections([path for path in paths if path] or [(_FIRST_CATEGORY,)], {}).taxonomy


def _files(new: NewList, readme: str, taxonomy: Taxonomy, schema: str) -> Mapping[str, str]:
    year = datetime.now(UTC).date().year
    settings, start, contributing, license_text = (
        new_list.fill_template(read_template(name), new, taxonomy, year)
        for name in (SETTINGS, README, "CONTRIBUTING.md", _LICENSE)
    )
    return {
        SETTINGS: settings,
        SCHEMA: schema,
        README: readme if new_list.has_regions(readme) else start.rstrip("\n") + "\n",
        "CONTRIBUTING.md": contributing,
        _LICENSE: license_text,
        ".gitignore": read_template("gitignore"),
        ".github/dependabot.yml": read_template("github/dependabot.yml"),
        PIN_FILE: new_list.render_set_up(read_template("github/action.yml"), new.bot, new.release),
        **({_DATA_LICENSE: read_template(_DATA_LICENSE)} if new.data_license else {}),
        **{name: read_shared(name) for name in (_PULL_REQUESTS, *_SHARED_FORMS)},
        **_list_workflows(),
    }


def _list_workflows() -> dict[str, str]:
    """Return the workflows of a list by their paths."""
    shared = {
        name: read_shared(f"{WORKFLOWS}/{name}")
        for name in shared_names(WORKFLOWS)
        if name not in _OWN_WORKFLOWS
    }
    shared["ci.yml"] = read_template("github/ci.yml")
    return {f"{WORKFLOWS}/{name}": new_list.render_workflow(text) for name, text in shared.items()}


def _check(root: Path, new: NewList, readme: str) -> tuple[Finding, ...]:
    """Check the list against its own rules, and build the derived files.

    A paper of the old list that breaks a rule is left out and named: one bad line is no reason to
    have no list.

    Returns:
        why each of them is left out.
    """
    checked = check_list(root)
    broken = {f.file: f for f in checked.findings if f.severity is Severity.ERROR and f.file}
    is_paper = all(name.startswith(f"{PAPERS}/") for name in broken)
    if broken and is_paper:
        print("These papers break a rule and were left out; fix and add each of them:")
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
    _mend_links(root, readme, environment)
    return tuple(broken.values())


def _mend_links(root: Path, before: str, environment: Mapping[str, str]) -> None:
    """Lead the links of the prose to headings where these are now."""
    relink = relinked(read_text(root, README), before)
    present = {name: read_text(root, name) for name in (README, TAXONOMY)}
    fixed = {name: relink(text) for name, text in present.items()}
    if fixed == present or not before:
        return
    write_files(root, fixed)
    files = stale_files(root, check_list(root).collection, load_settings(root, environment))
    if not isinstance(files, tuple):
        write_files(root, files)


def _files_to_move(staged: Path, folder: Path) -> tuple[dict[str, str], list[str]]:
    """Return the staged files that are to be written, and the names of those that stay as they are.

    Raises:
        KdbotError: one that is there is neither the same nor one that may stay.
    """
    files = {
        path.relative_to(staged).as_posix(): path.read_text("utf-8")
        for path in sorted(staged.rglob("*"))
        if path.is_file()
    }
    if _has_license(folder):
        # A second licence would say something else.
        files.pop(_LICENSE, None)
    differ = [
        name
        for name, text in files.items()
        if (folder / name).exists() and read_bytes(folder, name) != text.encode("utf-8")
    ]
    if in_the_way := [name for name in differ if name not in _KEPT]:
        raise KdbotError(
            f"these files already exist and are not overwritten: {', '.join(in_the_way)}",
            where=str(folder),
            fix="move them (and import the README with --from), or choose another folder",
        )
    return {name: text for name, text in files.items() if name not in differ}, differ


def _is_yes(answer: str) -> bool:
    """Tell whether a line says yes, as an empty one does; the end of the input says nothing."""
    return answer.endswith("\n") and answer.strip().lower() in {"", "y", "yes"}


def _preview(folder: Path, new: NewList, files: Mapping[str, str], of_import: Sequence[str]) -> str:
    """Return what will be written, a line for each file or folder, and the question behind it."""
    heads = Counter(name.partition("/")[0] + ("/" if "/" in name else "") for name in files)
    lines = [
        f"    {head}{f' ({count} files)' if count > 1 else ''}"
        for head, count in sorted(heads.items())
    ]
    where = f"the repository {new.repository}" if new.repository else "no repository yet"
    told = [f"\n{visible_text(new.title)}, for {where}, run by {new.bot}:\n", *lines]
    told += ["", *of_import] if of_import else []
    return "\n".join([*told, f"\nWrite this to {folder}? [Y/n] "])


def _read(path: Path) -> str:
    return read_text(path.parent, path.name).removeprefix("\ufeff")


def _farewell(folder: Path, new: NewList) -> str:
    """Return what is left to do: push, two commands, and three pages to look at."""
    repository = new.repository or "OWNER/NAME"
    branch = new.branch or published_branch(folder) or "main"
    return (
        Template(read_template("init.txt"))
        .substitute(
            title=new.title,
            folder=folder,
            quoted_folder=shlex.quote(str(folder)),
            repository=repository,
            quoted_branch=shlex.quote(branch),
        )
        .rstrip("\n")
    )


def renew(folder: Path, bot: str | None) -> int:
    """Renew workflows and pin, show the difference, and return the exit status.

    What people wrote outside of the generated part of a workflow stays. A file whose generated part
    they have changed is left as it is, and named.

    Args:
        folder: the list.
        bot: the kdbot to pin, as `OWNER/NAME@COMMIT`; None for the one that is running.

    Returns:
        1 where a file was left as it is, else 0.

    Raises:
        KdbotError: the folder contains no list, the pin is not known, or a file cannot be read.
    """
    if not (folder / SETTINGS).is_file():
        raise KdbotError(
            f"contains no {SETTINGS}, so there is no list to update",
            where=str(folder),
            fix="start one with `kdbot init DIR`",
        )
    set_up = render_set_up(read_template("github/action.yml"), *_pin_of(bot))
    changed: dict[str, str | None] = {}
    kept = []
    for name, new in sorted({**_list_workflows(), PIN_FILE: set_up}.items()):
        present = _present(folder, name)
        renewed: str | None = new
        if present is not None:
            renewed = (renew_set_up if name == PIN_FILE else renew_workflow)(present, new)
        sys.stdout.writelines(unified_diff(name, present or None, renewed or new))
        if renewed is None:
            kept.append(name)
        else:
            changed[name] = renewed
    written = write_files(folder, changed)
    for name in kept:
        print(f"not updated, since its generated part was edited: {name}")
    if kept:
        print(
            "The difference above shows the update. Put your own jobs below the generated "
            "part, or move the file, and run this again."
        )
    elif not written:
        print("everything is up to date")
    return 1 if kept else 0


def _present(folder: Path, name: str) -> str | None:
    """Return a file of the list with line ends as git stores them, or None where there is none."""
    if not (folder / name).is_file():
        return None
    return read_text(folder, name).replace("\r\n", "\n")
