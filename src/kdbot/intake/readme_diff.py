"""Rows that somebody added to a README by hand, as a proposal.

The importer of whole lists reads the rows; the category is the heading above each.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from kdbot.intake.lists.paper import ListedPaper, UnreadLine
from kdbot.intake.lists.reader import IN_PROSE, NO_ENTRY, NO_PAPER_LINK, read_lines
from kdbot.intake.markdown.diff import Change, Hunk, bound_hunks, parse_diff, read_change
from kdbot.intake.markdown.inline import fix_markdown, parse_inline, plain_text
from kdbot.intake.markdown.runs import is_label, is_link, role_of, says_where
from kdbot.model.finding import Finding, Rule, name_some, notice_rule, quote, warning_rule
from kdbot.model.identifiers import IdentifierKind, address_key, parse_identifier
from kdbot.model.paper import IDENTITY_NAMES, LINK_LISTS
from kdbot.model.proposal import Candidate, Given, Intent, Origin, Proposal
from kdbot.model.regions import README
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.titles import are_apart, fold_title
from kdbot.model.venue import Venues
from kdbot.text.addresses import find_addresses, is_picture, listed_key
from kdbot.text.hosts import LinkRole, is_paper_address, names_paper, role_of_address

_MAX_README = 600_000
"""Longest README that is read for its headings, in characters: GitHub shows no longer one."""

_MIN_TITLE = 15
"""Shortest title in characters that is looked for among other words."""

_MIN_REPAIRED, _MAX_REPAIRED = 6, 60
"""Fewest words of a title, and most of a line, of which one may have been misspelt."""

_MIN_SENTENCE, _MAX_CHANGED = 12, 0.2
"""Fewest words of a sentence that may get a link, and the largest share that an edit changes."""

ROW_NOT_UNDERSTOOD = warning_rule(
    "readme-row-not-understood",
    "A row added to the README gives the paper's title and a link.",
    "Propose the paper with the form, or add its file to `papers/`.",
)
ADDRESS_LEFT_OUT = notice_rule(
    "readme-address-left-out",
    "Every address in a row of the README has a field in the paper's record.",
    "Add it to the paper's file if a field fits.",
    since="0.2.0",
)
DIFF_TOO_LONG = warning_rule(
    "readme-diff-too-long",
    "A change to the README adds a limited number of rows.",
    "Propose the remaining rows separately.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeRows:
    """What a change of a README says.

    Attributes:
        proposal: the papers whose lines it adds or edits, and what was not understood.
        lines: numbers of the lines that belong to either.
    """

    proposal: Proposal
    lines: frozenset[int]


def parse_readme_diff(
    diff: str, readme: str | None, taxonomy: Taxonomy, venues: Venues
) -> Proposal:
    """Read which papers a change of a README adds.

    Args:
        diff: a unified diff, or only the added lines.
        readme: the README after the change, or before it; None where it is not at hand, and the
            headings are those that the diff itself shows.
        taxonomy: the categories, which the headings are compared with.
        venues: names to recognise in loose words.

    Returns:
        One candidate for each paper, with the categories of all its rows. An entry that was there
        before, in this place or in another, is an update of its paper.
    """
    hunks = parse_diff(diff)
    of_readme = [hunk for hunk in hunks if hunk.path.rpartition("/")[2] == README]
    return parse_readme_rows(of_readme or hunks, readme, taxonomy, venues).proposal


def parse_readme_rows(
    hunks: Sequence[Hunk], readme: str | None, taxonomy: Taxonomy, venues: Venues
) -> ReadmeRows:
    """Read what a change of a README adds, as `parse_readme_diff` does.

    Args:
        hunks: the change.
        readme: as there.
        taxonomy: as there.
        venues: as there.
    """
    bounded = bound_hunks(hunks)
    change = read_change(bounded, readme if len(readme or "") <= _MAX_README else None)
    after = read_lines("\n".join(change.lines), venues, wanted=change.added)
    found = [p for p in after.papers if any(map(_says, _added(p, change).values()))]
    known = _keys_before(change, found, venues)
    removed = [(fold_title(plain_text(line)), _identifiers(line)) for line in _removed(change)]
    gone = [line for line, named in removed if not named]
    words = " ".join(line for line, _ in removed)
    papers, clashing = _by_paper(found)
    candidates = [
        _candidate(
            [replace(p, line=change.numbers.get(p.line) or p.line) for p in group],
            taxonomy,
            _more_identifiers(group, change),
            updates=any(
                _was_there(p, known, f"{words} {_kept(p, change)}") or _is_repaired(p, gone)
                for p in group
            ),
        )
        for group in papers
    ]
    findings = list(_left_out(papers, (*after.unread, *clashing), candidates, change))
    if bounded != tuple(hunks):
        message = "The change is too long; only its first part was read."
        findings.append(DIFF_TOO_LONG.finding(message))
    entries: tuple[ListedPaper | UnreadLine, ...] = (*found, *after.unread)
    read = (number for entry in entries for number in range(entry.line, entry.end + 1))
    return ReadmeRows(
        proposal=Proposal(
            intent=_intent(candidates), candidates=tuple(candidates), findings=tuple(findings)
        ),
        lines=frozenset(change.numbers.get(number, number) for number in read),
    )


def _left_out(
    papers: Iterable[Iterable[ListedPaper]],
    unread: Iterable[UnreadLine],
    candidates: Iterable[Candidate],
    change: Change,
) -> Iterator[Finding]:
    """Name each entry on the added lines that is no candidate, and each address that none has.

    The addresses of pictures, and those of lines that are gone, are of no new paper; nor is prose
    that was there before.
    """
    gone = [url for line in _removed(change) for url in _urls(line)]
    stood = [(_word_set(line), _identifiers(line)) for line in _removed(change)]
    told = {listed_key(url) for url in (*gone, *chain.from_iterable(map(_addresses, candidates)))}
    for entry in unread:
        added = {n: line for n, line in _added(entry, change).items() if _says(line)}
        if entry.reason in {IN_PROSE, NO_ENTRY}:
            added = {n: x for n, x in added.items() if not _stood(x, stood)}
        keys = {number: _identifiers(line) for number, line in added.items()}
        first = next((n for n, found in keys.items() if found), next(iter(added), entry.line))
        # The link of a new line may be a title: no tool's does.
        is_linked = entry.reason == NO_PAPER_LINK and any("http" in x for x in added.values())
        for number, found in keys.items():
            if found - told or (number == first and (found or is_linked)):
                told |= found
                message = f"I could not read the row {quote(entry.text)}: {entry.reason}."
                yield _finding(ROW_NOT_UNDERSTOOD, message, number, change)
    for paper in chain.from_iterable(papers):
        about = quote(listed_key(min(paper.urls, key=_address_rank, default=paper.title)))
        for number, line in _added(paper, change).items():
            lost = [url for url in dict.fromkeys(_urls(line)) if listed_key(url) not in told]
            if others := [quote(listed_key(url)) for url in lost if names_paper(url)]:
                message = f"I could not read {name_some(others, 9)}: its line is about {about}."
                yield _finding(ROW_NOT_UNDERSTOOD, message, number, change)
            if rest := [quote(url) for url in lost if not names_paper(url)]:
                message = f"The record of {about} has no field for {name_some(rest, 9)}."
                yield _finding(ADDRESS_LEFT_OUT, message, number, change)


def _finding(rule: Rule, message: str, number: int, change: Change) -> Finding:
    return rule.finding(message, file=README, line=change.numbers.get(number) or None)


def _urls(line: str) -> Iterator[str]:
    """Yield the addresses of a line; those of pictures and badges lead to no paper."""
    pictures = {url for run in parse_inline(line) for url in run.images}
    found = find_addresses(fix_markdown(line))
    return (url for url in found if not (is_picture(url) or url in pictures))


def _says(line: str) -> bool:
    """Tell whether a line has words, or a badge that leads to what a record has a field for."""
    return any(
        is_link(run) and role_of(run) is not LinkRole.OTHER
        if run.images
        else is_link(run) or any(map(str.isalnum, run.text))
        for run in parse_inline(line)
    )


def _word_set(line: str) -> frozenset[str]:
    return frozenset(fold_title(plain_text(line)).split())


def _stood(line: str, before: Iterable[tuple[frozenset[str], frozenset[str]]]) -> bool:
    """Tell whether another line had nearly the same words, and the same papers or none."""
    words, papers = _word_set(line), _identifiers(line)
    return any(
        len(words ^ others) <= _MAX_CHANGED * len(words)
        and (papers <= known or (not known and len(words) >= _MIN_SENTENCE))
        for others, known in before
    )


def _addresses(candidate: Candidate) -> Iterator[str]:
    for name in (*IDENTITY_NAMES, *LINK_LISTS):
        if given := candidate.given.get(name):
            yield from [given.value] if isinstance(given.value, str) else given.value


def _added(entry: ListedPaper | UnreadLine, change: Change) -> dict[int, str]:
    """Return the added lines of an entry, by their numbers."""
    lines = enumerate(change.lines[entry.line - 1 : entry.end], entry.line)
    return {number: line for number, line in lines if number in change.added}


def _intent(candidates: list[Candidate]) -> Intent:
    if not candidates:
        return Intent.NONE
    return Intent.UPDATE if all(c.updates for c in candidates) else Intent.ADD


def _keys_before(change: Change, papers: Iterable[ListedPaper], venues: Venues) -> frozenset[str]:
    """Return what names the papers whose lines are gone or have become others.

    Of a paper after the change, the first line tells whether it is new: the lines below may have
    been another paper's.
    """
    stood = {change.kept[paper.line] for paper in papers if paper.line in change.kept}
    before = read_lines(change.before, venues, wanted=change.removed | stood)
    named = map(_identifiers, _removed(change))
    unread = (_identifiers(line.text) for line in before.unread)
    lines = change.before.split("\n")
    # The lines below an entry that stands may belong to a new one above them.
    known = (
        _keys(paper)
        if paper.line in change.removed
        else {fold_title(paper.title), *_identifiers(lines[paper.line - 1])}
        for paper in before.papers
    )
    return frozenset().union(*named, *unread, *known)


def _removed(change: Change) -> Iterator[str]:
    lines = change.before.split("\n")
    return (lines[number - 1] for number in sorted(change.removed))


def _kept(paper: ListedPaper, change: Change) -> str:
    """Return the words of a paper's lines that the change has left as they were."""
    lines = change.lines[paper.line - 1 : paper.end]
    kept = (line for number, line in enumerate(lines, paper.line) if number in change.kept)
    return " ".join(fold_title(plain_text(line)) for line in kept)


def _was_there(paper: ListedPaper, known: frozenset[str], words: str) -> bool:
    """Tell whether a paper was there before, with a link or without.

    Args:
        paper: what its lines say now.
        known: what names the papers of the lines that are gone or have become others.
        words: those of the lines that are gone, and of its own that are as they were.
    """
    title = fold_title(paper.title)
    is_said = title.replace(" ", "") in words.replace(" ", "")
    return bool(known & _keys(paper)) or (len(title) >= _MIN_TITLE and is_said)


def _is_repaired(paper: ListedPaper, gone: Iterable[str]) -> bool:
    """Tell whether a line that was there had the same title but for a word, and no address."""
    title = frozenset(fold_title(paper.title).split())
    found = (line.split() for line in gone)
    return len(title) >= _MIN_REPAIRED and any(
        len(title.difference(line)) <= 1 for line in found if len(line) <= _MAX_REPAIRED
    )


def _identifiers(text: str) -> frozenset[str]:
    """Return what identifies the papers whose addresses are on a line."""
    urls = (run.address for run in parse_inline(text) if is_link(run))
    return frozenset(address_key(url) for url in urls if is_paper_address(url))


def _keys(paper: ListedPaper) -> frozenset[str]:
    return frozenset(filter(None, (*map(address_key, paper.urls), fold_title(paper.title))))


def _by_paper(
    papers: Iterable[ListedPaper],
) -> tuple[list[list[ListedPaper]], list[UnreadLine]]:
    """Group the places of each paper; report those that have the address of another paper."""
    groups: list[list[ListedPaper]] = []
    by_key: dict[str, list[ListedPaper]] = {}
    clashing: list[UnreadLine] = []
    for paper in papers:
        keys = _keys(paper)
        group = next((by_key[key] for key in sorted(keys) if key in by_key), None)
        if group and are_apart(group[0].title, paper.title):
            reason = f"it has the same address as {quote(group[0].title)}"
            clashing.append(
                UnreadLine(line=paper.line, end=paper.end, text=paper.title, reason=reason)
            )
            continue
        if group is None:
            group = []
            groups.append(group)
        group.append(paper)
        by_key |= {key: group for key in keys if key not in by_key}
    return groups, clashing


def _more_identifiers(papers: Iterable[ListedPaper], change: Change) -> dict[str, str]:
    """Return the addresses that identify a paper, by their fields.

    A link whose words are a name may lead to another paper.
    """
    found: dict[str, str] = {}
    for paper in papers:
        runs = (
            run for line in change.lines[paper.line - 1 : paper.end] for run in parse_inline(line)
        )
        labelled = {run.address for run in runs if is_label(run) or says_where(run)}
        for url in filter(names_paper, paper.urls):
            if url in labelled:
                found.setdefault(parse_identifier(url).kind.value, url)
    return found


def _candidate(
    papers: list[ListedPaper], taxonomy: Taxonomy, more: Mapping[str, str], *, updates: bool
) -> Candidate:
    given: dict[str, Given] = {}
    names = [paper.title for paper in papers if paper.is_named]
    url = min((url for paper in papers for url in paper.urls), key=_address_rank, default="")
    own = parse_identifier(url).kind.value
    for paper in papers:
        values = {
            "title": "" if paper.is_named else paper.title,
            "url": url if url in paper.urls else "",
            "venue": paper.venue,
            "date": paper.date,
            "authors": paper.authors,
            "code": paper.code,
            "project": (*paper.project, *_pages(paper)),
            "data": paper.data,
            **{name: value for name, value in more.items() if name != own and value in paper.urls},
        }
        for name, value in values.items():
            if value and name not in given:
                shown = list(value) if isinstance(value, tuple) else value
                given[name] = Given(value=shown, origin=Origin.ROW, line=paper.line)
            elif value and name in LINK_LISTS:
                held = given[name].value
                given[name] = replace(given[name], value=list(dict.fromkeys((*held, *value))))
    named = [(_category(p.section, taxonomy), p.line) for p in papers if p.section]
    categories = dict(reversed(named))
    if categories:
        paths = list(dict.fromkeys(path for path, _ in named))
        given["categories"] = Given(
            value=paths,
            origin=Origin.ROW,
            line=papers[0].line,
            item_lines=tuple(categories[path] for path in paths),
        )
    return Candidate(
        given=given,
        short_name=names[0] if names and "title" not in given else None,
        intent=Intent.UPDATE if updates else Intent.ADD,
    )


def _address_rank(url: str) -> int:
    """Return how surely an address identifies the paper; its identifier first, as in a record."""
    kind = parse_identifier(url).kind
    if kind is IdentifierKind.ARXIV:
        return 0
    return 1 if names_paper(url) else 2 if is_paper_address(url) else 3


def _pages(paper: ListedPaper) -> Iterator[str]:
    """Yield the pages that a title leads to in place of the paper's own address."""
    best = min(map(_address_rank, paper.urls), default=3)
    pages = (url for url in paper.urls if role_of_address(url) is LinkRole.PROJECT)
    return (url for url in pages if best < _address_rank(url) and url not in paper.project)


def _category(section: tuple[str, ...], taxonomy: Taxonomy) -> str:
    """Return the path of the category that the headings name, else their words for the review."""
    for start in range(len(section)):
        named = taxonomy.named(" > ".join(section[start:]))
        if len(named) == 1:
            return named[0].path
    return " > ".join(section)
