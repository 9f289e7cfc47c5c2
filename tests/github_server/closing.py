"""The words with which a pull request or a commit closes an issue.

https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
"""

from __future__ import annotations

import re

_CLOSING = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+"
    r"(?:(?P<repository>[\w.-]+/[\w.-]+)?#|https://github\.com/(?P<url>[\w.-]+/[\w.-]+)/issues/)"
    r"(?P<number>\d+)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"```.*?```|`[^`\n]*`|<!--.*?-->", re.DOTALL)


def closing_numbers(text: str, full_name: str) -> list[int]:
    """List the issues of this repository that a text closes, each once, in its order."""
    found: dict[int, None] = {}
    for match in _CLOSING.finditer(_CODE.sub("", text)):
        named = match["repository"] or match["url"]
        if named is None or named.lower() == full_name.lower():
            found[int(match["number"])] = None
    return list(found)
