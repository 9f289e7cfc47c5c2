"""Addresses in answers: the API's on this server, the reader's on github.com."""

from __future__ import annotations

import base64
from dataclasses import dataclass

HTML = "https://github.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the API is (`base`, without a slash at the end) and which repository is meant."""

    base: str
    full_name: str

    @property
    def api(self) -> str:
        return f"{self.base}/repos/{self.full_name}"

    @property
    def html(self) -> str:
        return f"{HTML}/{self.full_name}"


def node_id(kind: str, number: int | str) -> str:
    """Make an opaque global id."""
    return base64.b64encode(f"{kind}:{number}".encode()).decode()
