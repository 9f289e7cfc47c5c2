"""Snapshots of dead pages in the Wayback Machine (https://archive.org/help/wayback_api.php)."""

from typing import Any
from urllib.parse import urlencode

from kdbot.model.json_text import parse_json
from kdbot.web.http import Reply
from kdbot.web.services import Service, ServiceClient, UnavailableError, UnusableAnswerError

_WAYBACK = Service(setting="wayback", interval=0.5, max_bytes=64 * 1024)


def fetch_snapshot(url: str, client: ServiceClient) -> str | None:
    """Ask for the snapshot nearest to now; None where there is none or nobody can say."""
    try:
        return client.ask(_WAYBACK, f"/wayback/available?{urlencode({'url': url})}", _read)
    except UnavailableError:
        return None


def _read(reply: Reply) -> str | None:
    try:
        return _parse_snapshot(parse_json(reply.body)) if reply.status == 200 else None
    except ValueError as error:
        raise UnusableAnswerError("the answer is no whole JSON") from error


def _parse_snapshot(document: Any) -> str | None:
    """Read the address of a snapshot that was taken of an answer and not of an error."""
    try:
        closest = document["archived_snapshots"]["closest"]
        address, status = closest["url"], closest["status"]
    except (KeyError, TypeError):
        return None
    if closest.get("available") is not True or status != "200" or not isinstance(address, str):
        return None
    secure = address.replace("http://web.archive.org/", "https://web.archive.org/", 1)
    return secure if secure.startswith("https://web.archive.org/web/") else None
