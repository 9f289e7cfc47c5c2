"""A ticked box in one of the bot's own issues: do what it stands for, at once."""

from kdbot.flows.audit_ticks import obey_audit_ticks
from kdbot.flows.new_paper_ticks import obey_new_paper_ticks
from kdbot.flows.run import Run
from kdbot.github.events import ItemEvent
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
    item, bot = run.client.item(event.number), run.settings.bot.id
    flows = {AUDIT_MARKER: obey_audit_ticks, NEW_PAPERS_MARKER: obey_new_paper_ticks}
    obey = next((flows[marker] for marker in flows if is_standing(item, marker, bot)), None)
    if obey is None or not item.open or item.locked:
        run.say(f"#{event.number} is no open issue of boxes: left alone")
        return
    if event.sender.bot or event.sender.id == bot:
        run.say(f"#{event.number}: ticks are a person's word")
        return
    allowed = run.client.may_write(event.sender.login)
    if not allowed:
        run.say(f"#{event.number}: edited by somebody without write permission")
    obey(run, item, allowed=allowed)
