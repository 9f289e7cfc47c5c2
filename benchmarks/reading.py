"""An existing list of any shape, read as `kdbot import` reads it, beside a parser of the same text.

The parser is markdown-it-py, or Python's for a table in HTML. All words are drawn again for each
line, so that no cache helps. Asked are at most 10 times the parser's CPU for 1 MB.
"""

import random
import time
from collections.abc import Callable
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from benchmarks.lists import ROOT
from kdbot.intake.importing.accounting import account
from kdbot.intake.importing.decisions import NO_DECISIONS
from kdbot.intake.importing.list_import import import_list
from kdbot.intake.importing.sources import read_sources
from kdbot.intake.schema_files import parse_venues
from kdbot.model.paper import FIELD_NAMES
from kdbot.model.schema import parse_schema

SHAPES = {
    "plain items": "- {title}, {names}, {venue} {year}\n",
    "plain items, people first": "- {initials} {title}. {venue} {year} Workshop.\n",
    "plain items without a venue": "- {title}\n",
    "labelled paragraphs": "**{title}**\nAuthors: {names}\nVenue: {venue} {year}\nPDF: {link}\n\n",
    "linked titles": "- [{title}]({link}) {names}. *{venue} {year}*\n",
    "bold titles": "- **{title}**, {names}, {venue} {year} [[paper]]({link})\n",
    "headings": "### [{title}]({link})\n\n{names}\n\n",
    "table": "| [{title}]({link}) | {names} | {venue} {year} |\n",
    "table in HTML": "<tr><td>{title}</td><td>{names}</td><td><a href='{link}'>PDF</a></td></tr>\n",
    "prose": "This section is on {title}. We found {title}.\n\n",
}
_HEADS = {
    "table": "| Title | Authors | Venue |\n|---|---|---|\n",
    "table in HTML": "<table>\n<tr><th>Title</th><th>Authors</th><th>Paper</th></tr>\n",
}
_WORDS = (
    "Adaptive", "Bayesian", "Causal", "Deep", "Efficient", "Federated", "Graph", "Hybrid",
    "Knowledge", "Language", "Modular", "Networks", "Policies", "Representations", "Segmentation",
    "Speech", "Training", "Translation", "Vision", "for", "in", "of", "the", "via", "with",
)  # fmt: skip
_NAMES = (
    "Ann", "Bo", "Carl", "Dana", "Eve", "Finn", "Gina", "Chen", "Kim", "Lee", "Mueller", "Novak",
    "Okafor", "Rossi", "Silva",
)  # fmt: skip
_VENUES = ("ICLR", "NeurIPS", "ICML", "ACL", "CVPR")
_KNOWN = parse_venues((ROOT / "schema/venues.yaml").read_bytes(), "schema/venues.yaml")
_SCHEMA = parse_schema({"properties": {name: {"type": "string"} for name in FIELD_NAMES}})


def make_text(shape: str, size: int, seed: int = 0) -> str:
    """Return a list of one shape with at least so many characters."""
    draw = random.Random(f"{shape} {seed}")
    lines, length = ["# L\n\n## A\n\n", _HEADS.get(shape, "")], 0
    while length < size:
        people = [draw.sample(_NAMES, 2) for _ in range(draw.randint(1, 5))]
        month, number = draw.randint(1, 12), draw.randint(1, 9_999)
        lines.append(
            SHAPES[shape].format(
                title=f"Learning {' '.join(draw.choices(_WORDS, k=draw.randint(4, 9)))} Models",
                names=", ".join(map(" ".join, people)),
                initials=", ".join(f"{family}, {given[0]}." for given, family in people),
                venue=draw.choice(_VENUES),
                year=draw.randint(2015, 2024),
                link=f"https://arxiv.org/abs/{draw.randint(15, 24)}{month:02}.{number:05}",
            )
        )
        length += len(lines[-1])
    return "".join(lines)


def read_list(text: str) -> int:
    """Read a list, and return how many papers it has."""
    sources = read_sources([("README.md", text)], _KNOWN)
    imported = import_list(
        sources.joined,
        decisions=NO_DECISIONS,
        known=_KNOWN,
        source_file="README.md",
        schema=_SCHEMA,
    )
    account(sources, imported.papers)
    return len(imported.papers)


def seconds(shape: str, size: int, seed: int = 0) -> tuple[float, float]:
    """Return the CPU time of the parser and of the bot, the parser's the least of three.

    The bot reads a text once: what is read again is known.
    """
    text = make_text(shape, size, seed)
    parse = HTMLParser().feed if "<table" in text else MarkdownIt().parse
    return min(_cpu(parse, text) for _ in range(3)), _cpu(read_list, text)


def main() -> None:
    print("| shape | MB | parser s | kdbot s | ratio |")
    print("| :--- | ---: | ---: | ---: | ---: |")
    for size in (100_000, 1_000_000):
        for shape in SHAPES:
            theirs, ours = seconds(shape, size)
            print(
                f"| {shape} | {size / 1e6} | {theirs:.3f} | {ours:.2f} | {ours / theirs:.1f} |",
                flush=True,
            )


def _cpu(read: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    read(text)
    return time.process_time() - start


if __name__ == "__main__":
    main()
