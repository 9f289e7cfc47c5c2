"""Preprints that two sources say have been published: one pull request for all of them."""

from kdbot.flows.list.checked_list import acceptable
from kdbot.flows.push import Change, PullRequestText, Work, commit_message, propose, write_change
from kdbot.flows.run import Run
from kdbot.github.item import OwnPull
from kdbot.github.writes import update_issue
from kdbot.model.audit import Audit, EditState, apply_proposed_edit, still_applies
from kdbot.model.collection import Collection
from kdbot.publish.audit import render_upgrades, upgrades_in

BRANCH = "kdbot/venues"


def declined_upgrades(pulls: tuple[OwnPull, ...], bot_id: int) -> frozenset[str]:
    """Return the keys of the boxes whose pull request a person closed unmerged."""
    closed = (p for p in pulls if p.author.id == bot_id and not p.open and not p.merged)
    return frozenset(key for pull in closed for key in upgrades_in(pull.body))


def open_upgrades(pulls: tuple[OwnPull, ...], bot_id: int) -> OwnPull | None:
    """Return the open pull request of the venues, or None."""
    return next((pull for pull in pulls if pull.open and pull.author.id == bot_id), None)


def propose_upgrades(run: Run, audit: Audit, collection: Collection) -> str | None:
    """See that a pull request shows all venues that two sources name, and return its page.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        KdbotError: git failed.
    """
    boxes = [
        box
        for _, box in sorted(audit.boxes.items())
        if box.is_upgrade and box.state is EditState.OPEN and still_applies(box, collection.papers)
    ]
    if not boxes:
        return None
    body = render_upgrades(boxes, collection.papers, words=run.words)
    title = f"Venues of {len(boxes)} published papers" if len(boxes) > 1 else "Venue of a paper"
    pull = PullRequestText(branch=BRANCH, title=title, body=body)

    def make(_alone: bool) -> Change | None:
        papers = collection.papers
        applied = (apply_proposed_edit(box, papers).values() for box in boxes)
        changed = {paper.id: paper for after in applied for paper in after}
        texts, _ = acceptable(changed.values(), collection)
        message = commit_message("papers: venues by two sources", changed)
        return write_change(run, texts, message, alone=True)

    pushed = propose(run, Work(name="venues", pull=pull, make=make))
    if pushed is None:
        return None
    shown = open_upgrades(run.client.pulls_from(BRANCH), run.settings.bot.id)
    if shown is not None and shown.body.replace("\r\n", "\n") != body:
        run.message(f"#{shown.number}: change body")
        changes = {"body": body, "title": title}
        run.client.write(shown.number, update_issue(shown.number, changes))
    return pushed.url
