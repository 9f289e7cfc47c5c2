"""Snapshots of dead pages in the Wayback Machine (https://archive.org/help/wayback_api.php)."""

from typing import Any


def fetch_snapshot(
    url: str, *, user_agent: str, base: str = "https://archive.org", timeout: float = 10.0
) -> str | None:
    """Ask for the snapshot nearest to now; None where there is none or nobody can say."""
    import requests

    try:
        answer = requests.get(
            f"{base}/wayback/available",
            params={"url": url},
            headers={"User-Agent": user_agent},
            timeout=timeout,
        )
        answer.raise_for_status()
        return parse_snapshot(answer.json())
    except (requests.RequestException, ValueError):
        return None


def parse_snapshot(document: Any) -> str | None:
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
