"""The event that GitHub Actions leaves in a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kdbot.model.errors import KdbotError
from kdbot.model.json_text import parse_json
from kdbot.storage.files import read_file


def load_event(environment: Mapping[str, str]) -> Any:
    """Return the parsed payload of `GITHUB_EVENT_PATH`, or None outside of GitHub Actions.

    Raises:
        KdbotError: the file cannot be read.
    """
    path = environment.get("GITHUB_EVENT_PATH")
    if not path:
        return None
    try:
        return parse_json(read_file(Path(path)))
    except ValueError as error:
        raise KdbotError(f"the event cannot be read: {error}", where=path) from error


def load_event_repository(environment: Mapping[str, str]) -> Mapping[str, Any]:
    """Return what the event says of the repository, which is nothing outside of GitHub Actions.

    Every event has it, a schedule's too.
    https://docs.github.com/en/webhooks/webhook-events-and-payloads
    """
    payload = load_event(environment)
    repository = payload.get("repository") if isinstance(payload, Mapping) else None
    return repository if isinstance(repository, Mapping) else {}
