"""A push to the published branch: stamp new papers, rebuild, commit."""

from dataclasses import replace

from kdbot.flows.checked_list import whole_collection
from kdbot.flows.merge import Change, PullRequestText, commit_message, land, rebuild
from kdbot.flows.run import Run
from kdbot.publish.record import render_record
from kdbot.storage.files import PAPERS, write_files

_PULL_REQUEST = PullRequestText(
    branch="kdbot/readme",
    title="Rebuild the README",
    body="The branch is protected, so what is built from the papers waits here. "
    "Every push updates it.",
)


def publish(run: Run) -> None:
    """Bring every derived file to what the papers say; a second run finds nothing to do.

    Raises:
        KdbotError: the list has errors, or the push did not work out.
    """
    landed = land(run, lambda: _make(run), _PULL_REQUEST)
    run.say(landed.url if landed else "everything is as it should be")


def _make(run: Run) -> Change | None:
    stamps = _stamps(run)
    if run.dry_run:
        run.say(f"would stamp {len(stamps)} papers and rebuild")
        return None
    names = (*write_files(run.root, stamps), *rebuild(run))
    if not names:
        return None
    ids = [name.removeprefix(f"{PAPERS}/").removesuffix(".yaml") for name in stamps]
    subject = "papers: rebuild what is derived"
    if ids:
        subject = f"papers: add {ids[0] if len(ids) == 1 else f'{len(ids)} papers'}"
    return Change(names=names, message=commit_message(subject, ids if len(ids) > 1 else ()))


def _stamps(run: Run) -> dict[str, str]:
    """Return the files of papers without the day they were added, with today's."""
    collection = whole_collection(run.root)
    today = run.now().date().isoformat()
    return {
        f"{PAPERS}/{paper.id}.yaml": render_record(replace(paper, added=today), collection.schema)
        for paper in collection.papers.values()
        if paper.added is None
    }
