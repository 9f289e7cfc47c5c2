"""Corrections of listed papers in words: which papers are meant, and the new values of each.

A form's answer and a free text are read alike. What was not understood is kept as written, so that
the answer can list it; nothing that is in doubt becomes a value.
"""

from collections.abc import Sequence

from kdbot.intake.corrected import ADDRESSES, MANY, CorrectedPaper, CorrectionReader, key_of
from kdbot.intake.markdown.lines import Line
from kdbot.model.proposal import Candidate, Given, Intent, Origin
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.venue import Venues
from kdbot.text.venues import bare_venue, is_preprint

_MAX_UNREAD = 8
_MAX_QUOTED = 300
_MAX_CONTEXT = 4_000


def read_corrections(
    lines: Sequence[Line],
    venues: Venues,
    taxonomy: Taxonomy,
    origin: Origin,
    *,
    intent: Intent,
    heading: int = 0,
    everything: bool = False,
    names: Sequence[str] = (),
) -> tuple[Candidate, ...]:
    """Return what a text says of listed papers, one candidate each.

    Args:
        lines: the issue's title, if any, and the own lines of the body.
        venues: the names that the list knows.
        taxonomy: the categories, whose names are recognised.
        origin: where the text stands.
        intent: what the text is for; an update without a value only speaks of a paper.
        heading: how many of the lines are the issue's title.
        everything: whether each sentence states a correction, as those of the form do.
        names: what is known of the paper beforehand: the form asks for it.
    """
    reader = CorrectionReader(venues, taxonomy, everything=everything)
    papers = reader.read(lines, heading=heading)
    for paper in papers:
        paper.names += names  # what the words call another paper is that one, if it is listed
    if len(papers) > 1:
        papers = [p for p in papers if p.values or p.faulty or p.unread] or papers[:1]
    context = "\n".join(reader.about)[:_MAX_CONTEXT]
    if intent is Intent.UNSURE:
        context = ""  # who only mentions a name has said nothing about its paper
    is_alone = len(papers) == 1
    found = (
        _candidate(p, origin, intent, context if is_alone or not p.names else "") for p in papers
    )
    return tuple(one for one in found if one.names or one.context)


def _candidate(paper: CorrectedPaper, origin: Origin, intent: Intent, context: str) -> Candidate:
    values = {
        name: items
        for name, items in paper.values.items()
        if intent is Intent.UPDATE and (name in MANY or _are_one(name, items))
    }
    # Of two addresses that are both called right, neither is.
    given = {
        name: Given(value=list(items) if name in MANY else _surest(name, items), origin=origin)
        for name, items in values.items()
    }
    # Beside a value in running words, a sentence without a subject of its own is courtesy.
    is_subject = origin is Origin.FORM or not given
    said = values.keys() | (ADDRESSES if values.keys() & ADDRESSES else frozenset())
    unread = [text for text, topics in paper.unread if (topics - said if topics else is_subject)]
    doubted = [", ".join(items) for name, items in paper.values.items() if name not in values]
    if intent is Intent.UPDATE and not given:
        intent = Intent.REMOVE if paper.unwanted else Intent.SPOKEN_OF
    if paper.heading and not given and not unread:
        unread = [paper.heading]
    titles = paper.values.get("title", ())
    return Candidate(
        given=given,
        intent=intent,
        names=tuple(dict.fromkeys((*paper.names, *paper.former, *titles))),
        replaced={name: tuple(items) for name, items in paper.replaced.items() if name in values},
        unsettled={n: tuple(v) for n, v in paper.unsettled.items()},
        unread=tuple(dict.fromkeys(t[:_MAX_QUOTED] for t in (*unread, *doubted)))[:_MAX_UNREAD],
        context=context,
    )


def _surest(name: str, items: Sequence[str]) -> str:
    """Return the longest value; a preprint server gives way to another venue."""
    return max(
        items, key=lambda item: (name != "venue" or not is_preprint(bare_venue(item)), len(item))
    )


def _are_one(name: str, items: Sequence[str]) -> bool:
    """Tell whether the values are one; a venue may be said with its year and without.

    A preprint server beside another venue is what the paper leaves.
    """
    published = [item for item in items if not is_preprint(bare_venue(item))]
    keys = {key_of(item) for item in (name == "venue" and published) or items}
    longest = max(keys, key=len)
    return len(keys) == 1 or (name == "venue" and all(longest.startswith(key) for key in keys))
