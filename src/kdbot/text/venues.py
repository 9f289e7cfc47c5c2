"""Venues in what services and authors write of a paper.

The services write a venue as a name, and only a name that the list knows is taken. Authors write
it into a remark, where a name counts only beside a word of acceptance or a year. Preprint servers
are no venues here: everything on arXiv is also in CoRR.
"""

import re
from collections.abc import Iterator

from kdbot.model.venue import Venues, fold_venue

_PREPRINTS = frozenset(
    """
    arxiv|arxiv org|arxiv preprint|arxiv e prints|biorxiv|chemrxiv|computing research repository
    |corr|medrxiv|openreview|preprints org|psyarxiv|research square|ssrn|ssrn electronic journal
    |techrxiv
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_PARTS = re.compile(r"[;,]\s|\.(?=\s|$)|\s[-–—|]\s|\n")
_YEAR = re.compile(
    r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])|['’][0-9]{2}(?![0-9])|[A-Z][0-9]{2}(?![0-9])"
)
_ACCEPTED = re.compile(
    r"\b(?:accept(?:ed|ance)|appear(?:s|ed|ing)?|published|publication|camera[- ]ready|presented"
    r"|proceedings|in proc|conference paper|main conference|oral|poster|spotlight|best paper)\b",
    re.IGNORECASE,
)
_NOT_ACCEPTED = re.compile(
    r"\b(?:submitted|submission|under (?:review|consideration)|in review|rejected|withdrawn"
    r"|rebuttal|add(?:s|ed)?|results"
    r"|(?:extended|shorter|short|earlier|early|preliminary|longer|long|previous|initial|old|journal"
    r"|conference|workshop) versions? (?:of|was|were|is|has|appear\w*|accepted|published|at|in)"
    r"|(?:extends|extension of)|template|style|format)\b",
    re.IGNORECASE,
)
_FINDINGS = re.compile(r"\bfindings\b", re.IGNORECASE)
_APART = re.compile(
    r"\b(?:workshops?|symposium|tutorials?|doctoral|student research|shared task|competition"
    r"|challenge|blog ?posts?|tiny papers?|late[- ]breaking)\b",
    re.IGNORECASE,
)
_DATASETS = re.compile(r"\bd(?:atasets?)? ?(?:and|&) ?b(?:enchmarks?)?\b", re.IGNORECASE)
_DECORATION = re.compile(
    r"^\s*(?:accepted (?:by|at|to|in)|published (?:at|in)|(?:in )?proceedings of(?: the)?)\s+"
    r"|\s*[(-]?\s*\b(?:oral|posters?|spotlight|notable[- ]top[- ][0-9]+ ?%|main(?: conference)?"
    r"|long(?: papers?)?|short(?: papers?)?|conference|[0-9]{1,2})\)?\s*$",
    re.IGNORECASE,
)
_ACL = re.compile(r"(?P<year>[0-9]{4})\.(?P<event>[a-z0-9_]+)-(?P<volume>[a-z0-9_]+)\.[0-9]+")
_ACL_VOLUMES = frozenset({"main", "long", "short", "1", "2"})
# The one joint conference that the Anthology files under the name of one half.
_ACL_JOINT = {("2024", "lrec"): "LREC-COLING"}
_LONGEST_NAME = 16


def is_preprint(venue: str) -> bool:
    """Tell whether a name is that of a preprint server, which publishes nothing."""
    return fold_venue(venue) in _PREPRINTS


def venue_of_name(text: str, venues: Venues) -> str | None:
    """Return the canonical venue of a service's name, or None for a preprint or an unknown one."""
    for _ in range(4):
        if is_preprint(text):
            return None
        if (name := venues.canonical(text)) is not None:
            return None if is_preprint(name) else name
        plain = _DECORATION.sub("", text)
        if plain == text:
            break
        text = plain
    if _FINDINGS.search(text) and (name := venues.canonical(_FINDINGS.sub(" ", text))):
        return venues.canonical(f"Findings of {name}")
    return None


def venue_of_acl(acl: str, venues: Venues) -> str | None:
    """Return the venue that an ACL Anthology identifier of the new form names, or None.

    `2024.findings-acl.12` is of the Findings, `2024.eacl-long.3` of the conference; volumes for
    demonstrations, students and workshops are of neither.
    """
    match = _ACL.fullmatch(acl)
    if match is None:
        return None
    event, volume = match["event"], match["volume"]
    if event == "findings":
        return venues.canonical(f"Findings of {volume}")
    event = _ACL_JOINT.get((match["year"], event), event)
    return venues.canonical(f"{event} {volume}") or (
        venues.canonical(event) if volume in _ACL_VOLUMES else None
    )


def venues_in_remark(remark: str, venues: Venues, *, needs_cue: bool = True) -> tuple[str, ...]:
    """Return the venues at which a remark says that the paper was accepted, in its order.

    Args:
        remark: the authors' words.
        venues: the names that the list knows.
        needs_cue: whether a name counts only beside a word of acceptance or a year.
    """
    found: dict[str, None] = {}
    for part in _parts(remark):
        if _NOT_ACCEPTED.search(part) and not re.search(r"\baccepted\b", part, re.IGNORECASE):
            continue
        if needs_cue and not (_ACCEPTED.search(part) or _YEAR.search(part)):
            continue
        for name in _names_in(part, venues):
            exact = _with_track(name, part, venues)
            if exact is not None and not is_preprint(exact):
                found[exact] = None
    return tuple(found)


def _parts(remark: str) -> Iterator[str]:
    """Yield the parts of a remark; one that only names a track belongs to the part before it."""
    whole = ""
    for part in _PARTS.split(remark):
        is_track = _FINDINGS.search(part) or _APART.search(part) or _DATASETS.search(part)
        if whole and is_track and not _YEAR.search(part) and not _ACCEPTED.search(part):
            whole += f" {part}"
            continue
        if whole:
            yield whole
        whole = part
    if whole:
        yield whole


def _names_in(part: str, venues: Venues) -> Iterator[str]:
    """Yield the canonical names in a text, the longest at each place."""
    words = part.replace("/", " ").split()
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + _LONGEST_NAME), start, -1):
            text = " ".join(words[start:end])
            name = venues.canonical(text)
            # Names are written with capitals; "neural networks" is what a paper is about.
            if name is not None and any(character.isupper() for character in text):
                yield name
                start = end - 1
                break
        start += 1


def _with_track(name: str, part: str, venues: Venues) -> str | None:
    """Return the venue of a track of a conference; None for one that the list does not know."""
    if _FINDINGS.search(part) and not name.startswith("Findings"):
        return venues.canonical(f"Findings of {name}") or name
    if _APART.search(part) and not _APART.search(name):
        word = "Blog Track" if "blog" in part.lower() else "Workshop"
        return venues.canonical(f"{name} {word}")
    if _DATASETS.search(part):
        return venues.canonical(f"{name} Datasets and Benchmarks") or name
    return name
