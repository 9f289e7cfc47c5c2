"""`kdbot setup`: the labels of the repository as the bot knows them."""

from kdbot.flows.run import Run
from kdbot.github.labels import LABELS


def setup_labels(run: Run) -> None:
    """Create the labels that are missing and mend those that differ; leave all others alone.

    Raises:
        GitHubUnavailableError: GitHub could not be asked.
    """
    present = run.client.labels()
    for label in LABELS:
        known = present.get(label.name.casefold())
        if known == label:
            continue
        run.say(f"{'create' if known is None else 'mend'} the label {label.name}")
        if not run.dry_run:
            run.client.put_label(label, known)
