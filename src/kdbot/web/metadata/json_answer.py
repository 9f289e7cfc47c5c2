"""The JSON of the services: read strictly as JSON, taken loosely as values.

A service may add, leave out or change a value at any time; a part of a wrong shape is as good as
none, while an answer that is no JSON at all is no answer.
"""

from collections.abc import Mapping
from typing import Any

from kdbot.model.json_text import parse_json
from kdbot.web.http import Reply
from kdbot.web.services import UnusableAnswerError

Object = Mapping[str, Any]

_ABSENT = frozenset({404, 410})


def read_json(reply: Reply) -> Any:
    """Return the value of an answer, or None where the service says that there is none.

    An absence counts only where it is told in JSON: a page in HTML that is not found is another
    page than the one that was asked for.

    Raises:
        UnusableAnswerError: no JSON, or another status.
    """
    try:
        value = parse_json(reply.body)
    except ValueError as error:
        raise UnusableAnswerError(f"the answer is no whole JSON (HTTP {reply.status})") from error
    if reply.status in _ABSENT:
        return None
    if reply.status != 200:
        raise UnusableAnswerError(f"the answer is HTTP {reply.status}")
    return value


def read_object(reply: Reply) -> Object | None:
    """Return the object of an answer, or None where the service says that there is none.

    Raises:
        UnusableAnswerError: no object, or another status.
    """
    value = read_json(reply)
    if value is not None and not isinstance(value, Mapping):
        raise UnusableAnswerError("the answer is no JSON object")
    return value


def part(value: Any, *names: str) -> Any:
    """Return what is under names within names, or None."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def text(value: Any, *names: str) -> str:
    """Return a text under names within names on one line, empty where there is none."""
    found = part(value, *names)
    return " ".join(found.split()) if isinstance(found, str) else ""


def objects(value: Any, *names: str) -> tuple[Object, ...]:
    """Return the objects of a list; one that is there alone is a list of one."""
    found = part(value, *names)
    items = found if isinstance(found, list) else [found]
    return tuple(item for item in items if isinstance(item, Mapping))


def texts(value: Any, *names: str, key: str) -> tuple[str, ...]:
    """Return the text under one key of each object of a list, the empty ones left out."""
    return tuple(filter(None, (text(item, key) for item in objects(value, *names))))


def distinct(*texts: str) -> tuple[str, ...]:
    """Return the texts that are not empty, each once."""
    return tuple(dict.fromkeys(filter(None, texts)))
