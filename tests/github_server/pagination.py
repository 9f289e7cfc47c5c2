"""Pages and their Link header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from tests.github_server.http import Request, Response

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_PER_PAGE = 30
MAX_PER_PAGE = 100

T = TypeVar("T")


def _positive(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else default


def cut(request: Request, items: Sequence[T]) -> tuple[list[T], dict[str, str]]:
    """Give the page that was asked for, and the headers that lead to the others."""
    per_page = min(_positive(request.query.get("per_page"), DEFAULT_PER_PAGE), MAX_PER_PAGE)
    page = _positive(request.query.get("page"), 1)
    last = max(1, -(-len(items) // per_page))
    wanted = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    if page >= last:
        del wanted["next"], wanted["last"]
    if page == 1:
        del wanted["prev"], wanted["first"]
    base = f"http://{request.headers.get('host', '')}{request.path}"
    links = [
        f'<{base}?{urlencode({**request.query, "page": number})}>; rel="{name}"'
        for name, number in wanted.items()
    ]
    start = (page - 1) * per_page
    return list(items[start : start + per_page]), {"Link": ", ".join(links)} if links else {}


def page_of(request: Request, items: Sequence[Any]) -> Response:
    """Answer one page of a list that is already in its JSON form."""
    body, headers = cut(request, items)
    return Response(body=body, headers=headers)
