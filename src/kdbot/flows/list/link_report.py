"""What was found at links, as text, as JSON and as Markdown."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from kdbot.model.evidence import LinkResult, LinkState
from kdbot.publish.markdown import escape_code, escape_text, visible_text

_HEADINGS = {
    LinkState.DEAD: "Dead",
    LinkState.MOVED: "Moved for good",
    LinkState.REFUSED: "Not asked",
    LinkState.UNREACHABLE: "Could not be checked",
    LinkState.BLOCKED: "Closed to programs",
}


def render_text(results: Sequence[LinkResult]) -> str:
    """Give a line for each link that is not simply there, those that need a person first."""
    lines = []
    for state in _HEADINGS:
        for result in results:
            if result.state is state:
                target = f" -> {result.final_url}" if state is LinkState.MOVED else ""
                line = f"{state:<11} {result.url}{target}  ({result.evidence})"
                lines.append(visible_text(line))
    return "".join(f"{line}\n" for line in lines)


def render_json(results: Sequence[LinkResult]) -> str:
    """Give one array with one object a URL, each on a line of its own."""
    objects = (json.dumps(result.as_record(), ensure_ascii=False) for result in results)
    return "[\n" + ",\n".join(objects) + "\n]\n" if results else "[]\n"


def render_markdown(results: Sequence[LinkResult]) -> str:
    """Give a section for each state that asks for attention; the URLs are shown and not linked."""
    lines = [escape_text(render_count(results)), ""]
    for state, heading in _HEADINGS.items():
        found = [result for result in results if result.state is state]
        if found:
            lines += [f"### {heading}", "", *map(_item, found), ""]
    return "\n".join(lines)


def _item(result: LinkResult) -> str:
    moved = result.state is LinkState.MOVED and result.final_url
    target = f" is now {escape_code(result.final_url or '')}" if moved else ""
    return f"- {escape_code(result.url)}{target} ({escape_text(result.evidence)})"


def render_count(results: Sequence[LinkResult]) -> str:
    """Say how many links were found in which state."""
    counts = Counter(result.state for result in results)
    states = ", ".join(f"{counts[state]} {state}" for state in LinkState if counts[state])
    noun = "link" if len(results) == 1 else "links"
    return f"{len(results)} {noun}: {states}" if states else "no links"


FORMATS: Mapping[str, Callable[[Sequence[LinkResult]], str]] = MappingProxyType(
    {"text": render_text, "json": render_json, "markdown": render_markdown}
)
