"""`kdbot identify`: identifiers and links, line by line, to their canonical form."""

import json
from collections.abc import Iterable, Iterator

from kdbot.model.identifiers import parse_identifier


def identify(lines: Iterable[str]) -> Iterator[str]:
    """Yield one JSON object for each line: `input`, `kind`, `canonical`, `version`."""
    for line in lines:
        text = line.rstrip("\n")
        found = parse_identifier(text)
        answer = {
            "input": text,
            "kind": found.kind.value,
            "canonical": found.canonical,
            "version": found.version,
        }
        yield json.dumps(answer, ensure_ascii=False)
