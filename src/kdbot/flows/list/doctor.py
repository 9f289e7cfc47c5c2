"""`kdbot doctor`: find problems with a repository's settings, and say how to fix them."""

import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from kdbot import own_version
from kdbot.flows.list.build import stale_files
from kdbot.flows.list.checked_list import check_list
from kdbot.flows.list.setup import open_client, pull_request_events
from kdbot.flows.output import use_color
from kdbot.flows.run import is_switched_off, open_run
from kdbot.github.client import server_of
from kdbot.github.diagnosis import (
    Examination,
    ListFiles,
    Pin,
    parse_pin,
    place_of,
)
from kdbot.github.errors import ForbiddenError, GitHubUnavailableError, ItemGoneError
from kdbot.github.labels import DOCTOR
from kdbot.github.reconcile import TrackingIssue
from kdbot.github.settings import Repository
from kdbot.github.writes import Write
from kdbot.model.errors import KdbotError
from kdbot.model.finding import has_errors
from kdbot.publish.comment.words import OVERRIDES, Words
from kdbot.publish.new_list import PIN_FILE, WORKFLOWS
from kdbot.publish.tracking_issues import (
    DOCTOR_MARKER,
    DOCTOR_TITLE,
    Diagnosis,
    render_diagnosis,
    render_diagnosis_json,
    render_diagnosis_text,
)
from kdbot.storage.files import load_templates
from kdbot.storage.git import Author, Checkout
from kdbot.storage.package_data import shared_names
from kdbot.storage.repository import load_settings, settings_document


def doctor(
    root: Path,
    environment: Mapping[str, str],
    form: str,
    *,
    repository: str | None = None,
    keep_issue: bool = False,
    now: datetime | None = None,
) -> int:
    """Print problems and unknown settings, and return the exit status.

    Args:
        root: the list.
        environment: where the token, the address of GitHub and, in Actions, the variables are.
        form: `text` or `json`.
        repository: `owner/name`; None for the one that the environment or `kdbot.toml` names.
        keep_issue: whether to report problems in one tracking issue.
        now: the time; None for the clock's.

    Returns:
        1 if there are errors, else 0: a setting that could not be read is not an error.

    Raises:
        KdbotError: the repository or the token is not named, or the settings cannot be read.
    """
    if keep_issue and is_switched_off(environment, forks=False):
        return 0
    _, document = settings_document(root)
    asked = repository or environment.get("GITHUB_REPOSITORY") or document.get("repository")
    if not asked:
        raise KdbotError("no repository is given", fix="use --repository OWNER/NAME")
    files = _files(root, environment, document)
    with closing(open_client(asked, environment)) as client:
        examination = Examination(client, files, environment, now or datetime.now(UTC))
        try:
            findings = examination.diagnose()
        except GitHubUnavailableError as error:
            print(f"kdbot: could not check: {error}", file=sys.stderr)
            return 0
    found = examination.repository
    name, server = found.full_name if found else asked, server_of(environment)
    diagnosis = Diagnosis(
        repository=name,
        findings=[(one, place_of(one, name, server)) for one in findings],
        unknown=list(examination.unknown.items()),
    )
    words = Words(load_templates(root, OVERRIDES), warn=lambda text: print(text, file=sys.stderr))
    _show(diagnosis, form, environment, words)
    is_kept = not keep_issue or found is None or _keep(diagnosis, root, environment, words)
    return 1 if not is_kept or has_errors(findings) else 0


def _show(diagnosis: Diagnosis, form: str, environment: Mapping[str, str], words: Words) -> None:
    if form == "json":
        sys.stdout.write(render_diagnosis_json(diagnosis))
    else:
        color = use_color(sys.stdout, environment)
        sys.stdout.write(render_diagnosis_text(diagnosis, color=color))
    if summary := environment.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as stream:
            stream.write(f"{render_diagnosis(diagnosis, words=words)}\n")
    if not diagnosis.findings:
        where = " in what could be read" if diagnosis.unknown else ""
        print(f"no problems found{where}", file=sys.stderr)


def _keep(diagnosis: Diagnosis, root: Path, environment: Mapping[str, str], words: Words) -> bool:
    """Open, rewrite or close the tracking issue, and tell whether the job may do so.

    Raises:
        KdbotError: the settings cannot be read.
    """
    text = f"{DOCTOR_MARKER}\n{render_diagnosis(diagnosis, words=words)}"
    wanted = TrackingIssue(
        marker=DOCTOR_MARKER,
        label=DOCTOR,
        title=DOCTOR_TITLE,
        open=diagnosis.needs_work,
        render=lambda _: text,
    )

    def log(_number: int, write: Write) -> None:
        # Standard output has the diagnosis.
        print(f"kdbot: {write.kind}: {DOCTOR_TITLE}", file=sys.stderr)

    try:
        with closing(open_run(root, environment, dry_run=False)) as run:
            replace(run.reconciler, log=log).tracking_issue(wanted)
    except (ForbiddenError, GitHubUnavailableError, ItemGoneError) as error:
        print(f"kdbot: {DOCTOR_TITLE}: {error}", file=sys.stderr)
        # A world that fails is no fault; a job that may not, or issues that are off, is one.
        return isinstance(error, GitHubUnavailableError)
    return True


def _files(root: Path, environment: Mapping[str, str], document: Mapping[str, Any]) -> ListFiles:
    path = root / PIN_FILE
    pin = parse_pin(path.read_text("utf-8")) if path.is_file() else None
    return ListFiles(
        named=document.get("repository"),
        branch=document.get("branch"),
        pin=pin,
        events=pull_request_events(root),
        workflows=frozenset(f"{WORKFLOWS}/{name}" for name in shared_names(WORKFLOWS)),
        stale=partial(_stale, root, environment, pin),
    )


def _stale(
    root: Path,
    environment: Mapping[str, str],
    pin: Pin | None,
    repository: Repository,
    tip: str | None,
) -> tuple[str, ...]:
    """Return the derived files that are stale.

    Raises:
        KdbotError: this checkout is not what is published, or cannot be built as that is.
    """
    if pin and pin.version and pin.version != f"v{own_version()}":
        # Another release may build other files from the same papers.
        raise KdbotError(f"this kdbot is not the {pin.version} that the workflows run")
    checkout = Checkout(root=root, author=Author(name="", email=""))
    if checkout.head() != tip or not checkout.is_clean():
        raise KdbotError(f"this checkout is not `{repository.default_branch}`")
    checked = check_list(root)
    settings = load_settings(root, {**environment, "GITHUB_REPOSITORY": repository.full_name})
    if not has_errors(checked.findings):
        files = stale_files(root, checked.collection, settings)
        if not isinstance(files, tuple):
            return tuple(sorted(files))
    raise KdbotError("the list has errors; run `kdbot validate`")
