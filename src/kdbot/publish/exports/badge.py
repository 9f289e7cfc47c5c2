"""`badge.json`: the number of papers for shields.io, https://shields.io/badges/endpoint-badge."""

import json

BADGE = "badge.json"


def render_badge(count: int) -> str:
    """Return the badge of a list with so many papers."""
    badge = {"schemaVersion": 1, "label": "papers", "message": f"{count:,}", "color": "blue"}
    return json.dumps(badge) + "\n"
