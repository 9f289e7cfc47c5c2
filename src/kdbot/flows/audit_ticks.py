"""Ticked boxes of the audit's issue."""

from dataclasses import dataclass, field, replace

from kdbot.flows.checked_list import acceptable, whole_collection
from kdbot.flows.merge import Change, PullRequestText, commit_message, land, rebuild
from kdbot.flows.run import Run
from kdbot.flows.standing_issues import audit_issue, settle_issue, tell_refusals
from kdbot.flows.upgrades import BRANCH, open_upgrades
from kdbot.github.item import Item
from kdbot.model.audit import Box, BoxState
from kdbot.model.audit_file import render_audit_file
from kdbot.model.paper import Paper
from kdbot.publish.check_boxes import chosen_boxes, ticked_boxes
from kdbot.review.box_effects import apply_box
from kdbot.storage.audit import load_audit
from kdbot.storage.files import AUDIT, write_files


def obey_audit_ticks(run: Run, item: Item, allowed: bool) -> None:
    """Apply the ticked boxes in one commit, and write the issue anew.

    Args:
        run: the run.
        item: the issue.
        allowed: whether the ticks count; if not, they are taken off again.
    """
    worker = _Ticked(run=run, body=item.body)
    landed = land(run, worker.make, _pull_request_text(item.number)) if allowed else None
    if run.dry_run:
        return
    if landed is not None and not landed.on_branch:
        tell_refusals(run, item.number, {}, waits_in=landed.url)
        return
    pulls = run.client.issues.pulls_from(BRANCH)
    shown = open_upgrades(pulls, run.settings.bot.id)
    dropped = frozenset(worker.refused) if allowed else ticked_boxes(item.body)
    wanted = audit_issue(
        load_audit(run.root),
        whole_collection(run.root).papers,
        pull_request=shown.url if shown else None,
        refused=dropped,
    )
    settle_issue(run, wanted)
    tell_refusals(run, item.number, worker.refused)


@dataclass(slots=True, kw_only=True)
class _Ticked:
    """Applies what is ticked, anew from each tip of the branch.

    Attributes:
        run: the run.
        body: the issue's text as it was read once.
        refused: why a box could not be obeyed, by its key.
    """

    run: Run
    body: str
    refused: dict[str, str] = field(default_factory=dict)

    def make(self) -> Change | None:
        """Write the changed records, `audit.json`, and what is built from them."""
        run, collection, audit = (
            self.run,
            whole_collection(self.run.root),
            load_audit(self.run.root),
        )
        self.refused = {}
        texts: dict[str, str | None] = {}
        changed: dict[str, Paper] = {}
        done: dict[str, Box] = {}
        for box in chosen_boxes(audit.boxes, self.body):
            after = apply_box(box, {**collection.papers, **changed})
            files, why = acceptable(after.values(), collection)
            if box.edits and len(files) < max(len(after), 1):
                message = why[0].message if why else "the record says something else by now"
                self.refused[box.key] = f"{_names(box)}: {message}"
                continue
            texts |= files
            changed |= after
            done[box.key] = replace(box, state=BoxState.DONE)
        if not done:
            return None
        if run.dry_run:
            run.say(f"would apply {len(done)} boxes to {', '.join(texts) or 'no record'}")
            return None
        texts[AUDIT] = render_audit_file(replace(audit, boxes={**audit.boxes, **done}))
        names = (*write_files(run.root, texts), *rebuild(run))
        return Change(names=names, message=_message(changed, len(done)))


def _message(changed: dict[str, Paper], count: int) -> str:
    if len(changed) == 1:
        return commit_message(f"papers: mend {next(iter(changed))} as ticked", ())
    what = f"mend {len(changed)} papers" if changed else f"take {count} answers"
    return commit_message(f"papers: {what} as ticked", changed)


def _names(box: Box) -> str:
    return " and ".join(f"`papers/{paper}.yaml`" for paper in box.papers)


def _pull_request_text(number: int) -> PullRequestText:
    return PullRequestText(
        branch=f"kdbot/ticked-{number}",
        title=f"Apply what is ticked in #{number}",
        body=f"A maintainer ticked boxes in #{number}; the branch is protected, so the change "
        "waits here.",
    )
