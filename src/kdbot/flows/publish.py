"""What is derived from the papers, brought to what they say: stamp new papers, rebuild, commit."""

from dataclasses import dataclass, replace

from kdbot.flows.list.checked_list import whole_collection
from kdbot.flows.merge import Change, PullRequestText, commit_message, rebuild
from kdbot.flows.run import Run
from kdbot.model.collection import Collection
from kdbot.storage.files import PAPERS, write_files
from kdbot.text.record import render_record

NAME = "publish"

_PULL_REQUEST = PullRequestText(
    branch="kdbot/readme",
    title="Rebuild the README",
    body="The branch is protected, so what is built from the papers waits here. "
    "Every push updates it.",
)


@dataclass(slots=True, kw_only=True)
class Publication:
    """Stamps papers with the day on which they came to the branch, and rebuilds what is stale.

    Attributes:
        run: the run.
        is_broken: whether a file of the list could not be read or built from.
    """

    run: Run
    name: str = NAME
    pull: PullRequestText = _PULL_REQUEST
    is_broken: bool = True

    def make(self, *, alone: bool) -> Change | None:  # noqa: ARG002 - all of it is derived
        """Write the stamped papers and every derived file that is stale."""
        collection = whole_collection(self.run.root, self.run.checkout)
        stamps = self._stamps(collection)
        if self.run.dry_run and stamps:
            self.run.say(f"would stamp {len(stamps)} papers and rebuild")
            return None
        stamped = write_files(self.run.root, stamps)
        names = (*stamped, *rebuild(self.run, None if stamped else collection))
        if not names:
            return None
        ids = [name.removeprefix(f"{PAPERS}/").removesuffix(".yaml") for name in stamps]
        subject = "papers: rebuild what is derived"
        if ids:
            subject = f"papers: add {ids[0] if len(ids) == 1 else f'{len(ids)} papers'}"
        return Change(names=names, message=commit_message(subject, ids if len(ids) > 1 else ()))

    def _stamps(self, collection: Collection) -> dict[str, str]:
        """Return the files of papers without the day they were added, with that day.

        The day is that of the merge, whenever this runs, so that a late run writes what an early
        one would have written.
        """
        self.is_broken = bool(collection.broken)
        stamps = {}
        for paper in collection.papers.values():
            if paper.added is None and paper.id not in collection.broken:
                name = f"{PAPERS}/{paper.id}.yaml"
                day = self.run.checkout.day_added(name, self.run.settings.branch)
                added = (day or self.run.now().date()).isoformat()
                stamps[name] = render_record(replace(paper, added=added), collection.schema)
        return stamps
