"""What a person wrote of a document: its text without the regions that `kdbot build` generates."""

import re

_GENERATED = re.compile(r"<!-- kdbot:begin (\S+) -->.*?<!-- kdbot:end \1 -->", re.DOTALL)


def written_text(text: str) -> str:
    """Return a text without its generated regions; every other line keeps its number."""
    return _GENERATED.sub(lambda found: "\n" * found[0].count("\n"), text)
