"""A ticked box in one of the bot's own issues: do what it stands for, at once."""

from collections.abc import Callable

from kdbot.flows.audit_ticks import obey_audit_ticks
from kdbot.flows.new_paper_ticks import obey_new_paper_ticks
from kdbot.flows.run import Run
from kdbot.github.events import ItemEvent
from kdbot.github.item import Item
from kdbot.github.standing import is_standing
from kdbot.publish.audit_issue import AUDIT_MARKER
from kdbot.publish.new_papers_issue import NEW_PAPERS_MARKER


def obey_ticks(run: Run, event: ItemEvent) -> None:
    """Do what the ticked boxes of an edited issue stand for.

    Only which boxes are ticked is read from the issue; what each does stands in `audit.json`. A
    run that was cut off is completed by the next one: a box that is done is not done again, and
    the issue is written anew whenever it differs.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        ItemGoneError: the issue is not there.
        KdbotError: the list has errors, or the push did not work out.
    """
    if event.sender.bot or event.sender.id == run.settings.bot.id:
        run.say(f"#{event.number}: ticks are a person's word")
        return
    _obey(run, run.client.item(event.number), event.sender.login)


def has_boxes(item: Item, bot_id: int) -> bool:
    """Tell whether an item is one of the bot's issues of boxes."""
    return _flow(item, bot_id) is not None


def complete_ticks(run: Run, number: int) -> None:
    """Do what the run of a lost event would have done, if a person has edited the issue last.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
        ItemGoneError: the issue is not there.
        KdbotError: the list has errors, or the push did not work out.
    """
    editor = run.client.issues.last_editor(number)
    if editor is not None:
        _obey(run, run.client.item(number), editor)


def _obey(run: Run, item: Item, login: str) -> None:
    obey = _flow(item, run.settings.bot.id)
    if obey is None or not item.open or item.locked:
        run.say(f"#{item.number} is no open issue of boxes: left alone")
        return
    allowed = run.client.may_write(login)
    if not allowed:
        run.say(f"#{item.number}: edited by somebody without write permission")
    obey(run, item, allowed)


def _flow(item: Item, bot_id: int) -> Callable[[Run, Item, bool], None] | None:
    flows = {AUDIT_MARKER: obey_audit_ticks, NEW_PAPERS_MARKER: obey_new_paper_ticks}
    return next((flows[marker] for marker in flows if is_standing(item, marker, bot_id)), None)
