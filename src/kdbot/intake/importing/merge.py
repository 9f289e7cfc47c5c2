"""The rows of one paper to its record, and the venues as a list writes them to names.

If the rows disagree, a rule chooses one value, and the disagreement is a finding until a maintainer
has decided.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kdbot.intake.importing import rules
from kdbot.intake.importing.decisions import Decisions, paper_key
from kdbot.intake.importing.rows import Row, first_text
from kdbot.model.finding import Finding, Rule, quote
from kdbot.model.identifiers import arxiv_month, arxiv_stem
from kdbot.model.paper import IDENTIFIER_NAMES, FieldValue, Paper
from kdbot.model.schema import PaperSchema
from kdbot.model.titles import are_apart, fold_title, is_stand_in, stand_in_title, title_slug
from kdbot.model.venue import Venues, fold_venue, year_of_venue
from kdbot.text.hosts import is_repository
from kdbot.text.names import citation_key
from kdbot.text.titles import is_title
from kdbot.text.venues import ARXIV, bare_venue, canonical_venue, is_preprint, is_publisher

_MAX_WORDS = 9
_MAX_LENGTH = 60
_PREPRINTS = frozenset({ARXIV, "bioRxiv", "medRxiv", "ChemRxiv", "SSRN"})


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueNames:
    """What each spelling of a list means.

    Attributes:
        names: canonical names by spelling; None where the words name no venue.
        unknown: canonical names that no file had, sorted: another order of papers changes nothing.
    """

    names: Mapping[str, str | None]
    unknown: tuple[str, ...]


def read_venues(spellings: Iterable[str], known: Venues) -> VenueNames:
    """Find the canonical name of each spelling; spellings that differ in case or year are one."""
    counted = Counter(spellings)
    names: dict[str, str | None] = {}
    unlisted: dict[str, str] = {}
    for spelling in counted:
        plain = _plain_name(spelling)
        names[spelling] = canonical_venue(spelling, known) or (plain and known.canonical(plain))
        if plain and names[spelling] is None:
            unlisted[spelling] = plain
    alike: dict[str, Counter[str]] = {}
    for spelling, plain in unlisted.items():
        alike.setdefault(fold_venue(plain), Counter())[plain] += counted[spelling]
    chosen = {folded: counts.most_common(1)[0][0] for folded, counts in alike.items()}
    names |= {spelling: chosen[fold_venue(plain)] for spelling, plain in unlisted.items()}
    unknown = sorted(set(chosen.values()), key=lambda name: (name.casefold(), name))
    return VenueNames(names=names, unknown=tuple(unknown))


class PaperMerger:
    """Makes one record of the rows of each paper.

    Args:
        decisions: what a person decided about the list.
        names: its venues.
        file: name of the README, for findings.
        schema: the record's schema.
        crowded: file names that the titles of several papers would get; none gets them.
    """

    def __init__(
        self,
        *,
        decisions: Decisions,
        names: VenueNames,
        file: str,
        schema: PaperSchema,
        crowded: Iterable[str] = (),
    ) -> None:
        self._schema = schema
        self.findings: list[Finding] = []
        self._decisions = decisions
        self._names = names
        self._file = file
        self._taken = set(crowded)
        self._titles: Counter[str] = Counter()
        self._keys: set[str] = set()
        self._kept: frozenset[str] = frozenset()

    def paper(self, rows: Sequence[Row], title: str) -> Paper:
        """Join the rows of one paper; values that only some rows have are all kept.

        A row with quite another title has the identifier of this paper by mistake: it gives none.
        """
        self._kept = frozenset(code for row in rows for code in row.keep)
        self._check_title(rows)
        rows = [row for row in rows if not are_apart(row.text("title"), title)]
        code, project = self._code(rows)
        arxiv = first_text(rows, "arxiv")
        venue = self._venue(rows)
        texts: dict[str, Any] = {
            name: self._text(rows, name) for name in ("doi", "acl", "openreview", "url", "note")
        }
        authors = max((row.items("authors") for row in rows), key=len)
        paper = Paper(
            id=self._id(arxiv, title),
            title=title,
            other_titles=_union(row.items("other_titles") for row in rows),
            arxiv=arxiv,
            **texts,
            venue=venue,
            year=_year(rows, venue, self._names),
            date=self._date(rows, arxiv),
            authors=authors if self._schema.fitting("authors", authors) == authors else (),
            code=self._schema.fitting("code", code),
            project=self._schema.fitting("project", project),
            data=self._schema.fitting("data", _union(row.items("data") for row in rows)),
            categories=tuple(dict.fromkeys(row.section for row in rows)),
            added=self._added(rows, title),
            **next((row.standing for row in rows if row.standing), {}),
            extra=self._extra(rows),
        )
        if paper.added:
            paper = replace(paper, key=citation_key(paper, self._keys))
            self._keys.add(str(paper.key))
        self._check_places(rows)
        self._check_paper(rows, paper)
        return paper

    def _text(self, rows: Sequence[Row], name: str) -> str | None:
        texts = [text for row in rows if (text := row.text(name))]
        return next(iter(self._schema.fitting(name, texts)), None) if texts else None

    def _extra(self, rows: Sequence[Row]) -> tuple[tuple[str, FieldValue], ...]:
        """Join the custom fields of the list, up to the limit of each."""
        values: dict[str, FieldValue] = {}
        for row in rows:
            for name, value in row.extra:
                held = values.setdefault(name, value)
                if isinstance(held, tuple) and isinstance(value, tuple):
                    values[name] = self._schema.fitting(name, dict.fromkeys((*held, *value)))
        return tuple(values.items())

    def _report(self, rule: Rule, line: int, message: str, field: str | None = None) -> None:
        if rule.code not in self._kept:
            self.findings.append(rule.finding(message, file=self._file, line=line, field=field))

    def _id(self, arxiv: str | None, title: str) -> str:
        stem = arxiv_stem(arxiv) if arxiv else ""
        if not stem or stem in self._taken:
            stem = title_slug(title, taken=self._taken, namesakes=self._titles[title])
            self._titles[title] += 1
        self._taken.add(stem)
        return stem

    def _check_title(self, rows: Sequence[Row]) -> None:
        title = _title_of(rows)
        if is_stand_in(title):
            message = f"{quote(title)} is only a name; the list does not give the paper's title."
            self._report(rules.TITLE_UNKNOWN, rows[0].line, message, "title")
        for other in dict.fromkeys(row.text("title") for row in rows):
            if other != title and not is_stand_in(other):
                line = next(row.line for row in rows if row.text("title") == other)
                self._report(
                    rules.TWO_TITLES,
                    line,
                    f"{_name(rows)} is called {quote(other)} here and {quote(title)} in line "
                    f"{next(row.line for row in rows if row.text('title') == title)}; "
                    f"{quote(title)} is used"
                    + (", and nothing else of this line." if are_apart(title, other) else "."),
                    "title",
                )

    def _venue(self, rows: Sequence[Row]) -> str | None:
        names: dict[str, int] = {}
        for row in rows:
            written = row.text("venue")
            if not written:
                continue
            name = self._names.names[written]
            if is_publisher(written):
                self._report(
                    rules.PUBLISHER,
                    row.line,
                    f"{quote(written)} is a publisher, not a venue; it is left out.",
                    "venue",
                )
                continue
            if name is None:
                message = f"{quote(written)} is not a venue; it is left out."
                self._report(rules.VENUE_UNKNOWN, row.line, message, "venue")
                continue
            names.setdefault(name, row.line)
            self._check_spelling(written, name, row.line)
        published = [name for name in names if name not in _PREPRINTS]
        chosen = next(iter(published or names), None)
        if len(names) > 1:
            spelled = ", ".join(f"{quote(n)} in line {line}" for n, line in names.items())
            message = f"{_name(rows)} has the venues {spelled}; {quote(chosen)} is used."
            self._report(rules.VENUES_DIFFER, max(names.values()), message, "venue")
        return chosen

    def _check_spelling(self, written: str, name: str, line: int) -> None:
        if name in self._names.unknown:
            message = f"The venue {quote(written)} is new; it is added as {quote(name)}."
            self._report(rules.VENUE_UNKNOWN, line, message, "venue")
        elif fold_venue(written) != fold_venue(name):
            self._report(
                rules.VENUE_ALIAS, line, f"{quote(written)} stands for {quote(name)}.", "venue"
            )

    def _date(self, rows: Sequence[Row], arxiv: str | None) -> str | None:
        written = sorted({row.text("date") for row in rows if row.text("date")})
        months = [date for date in written if len(date) > 4]
        if len(months) > 1:
            listed = ", ".join(map(quote, months))
            message = f"{_name(rows)} has the dates {listed}; the earliest is used."
            line = next(row.line for row in rows if row.text("date") == months[-1])
            self._report(rules.DATES_DIFFER, line, message, "date")
        month = arxiv_month(arxiv) if arxiv else None
        if months and month and months[0] != month:
            message = f"The list has {quote(months[0])}, but {quote(arxiv)} is from {month}."
            line = next(row.line for row in rows if row.text("date") == months[0])
            self._report(rules.MONTH_DISAGREES, line, message, "date")
        if not months and not month and written and self._schema.takes_years:
            return written[0]
        if not months and not month and written:
            message = f"{_name(rows)} has the year {quote(written[0])} but no month."
            self._report(rules.NO_MONTH, rows[0].line, message, "date")
        return months[0] if months else month

    def _code(self, rows: Sequence[Row]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        code = _union(row.items("code") for row in rows)
        project = _union(row.items("project") for row in rows)
        return code, tuple(url for url in project if url not in code)

    def _added(self, rows: Sequence[Row], title: str) -> str | None:
        if not self._decisions.added:
            return self._decisions.added_otherwise
        keys = [paper_key(title)] + [value for row in rows for _, value in row.keys]
        keys += [paper_key(row.text("title")) for row in rows]
        days = [self._decisions.added[key] for key in keys if key in self._decisions.added]
        return min(days) if days else self._decisions.added_otherwise

    def _check_places(self, rows: Sequence[Row]) -> None:
        first: dict[str, int] = {}
        for row in rows:
            self.findings += [
                replace(finding, file=self._file)
                for finding in row.findings
                if finding.code not in self._kept
            ]
            if (line := first.setdefault(row.section, row.line)) != row.line:
                message = f"{_name(rows)} is already listed in this section, in line {line}."
                self._report(rules.ROW_TWICE, row.line, message)

    def _check_paper(self, rows: Sequence[Row], paper: Paper) -> None:
        line = rows[0].line
        for url in paper.project:
            where = next((r.line for r in rows if url in r.items("project")), line)
            if not is_repository(url):
                message = f"{quote(url)} is not a repository; it moves to `project`."
                self._report(rules.NOT_A_REPOSITORY, where, message, "code")
        if not (paper.arxiv or paper.doi or paper.acl or paper.openreview or paper.url):
            message = f"{quote(paper.title)} has no link; its title will have none."
            self._report(rules.NO_LINK, line, message, "url")
        if paper.venue == ARXIV and not paper.arxiv:
            message = f"{quote(paper.title)} has the venue arXiv but links to another site."
            self._report(rules.VENUE_WITHOUT_PAPER, line, message, "venue")


def _title_of(rows: Iterable[Row]) -> str:
    """Return the title of the rows of one paper; where they differ, the one that most have."""
    counted = Counter(row.text("title") for row in rows)
    # Some lists call a paper by its authors' place in one line, and by its title in another.
    if len(counted) == 1:
        return next(iter(counted))
    return max(counted, key=lambda text: (not is_stand_in(text), is_title(text), counted[text]))


def told_apart(groups: Sequence[Sequence[Row]]) -> list[str]:
    """Return the papers' titles; one that is taken gets the identifier, since one is wrong."""
    taken: set[str] = set()
    titles = []
    for rows in groups:
        title = _title_of(rows)
        name = next((name for name in IDENTIFIER_NAMES if first_text(rows, name)), None)
        folded = fold_title(title)
        if folded in taken and name is not None:
            title = stand_in_title(title, name, str(first_text(rows, name)))
            folded = fold_title(title)
        titles.append(title)
        taken.add(folded)
    return titles


def crowded_slugs(groups: Sequence[Sequence[Row]], titles: Sequence[str]) -> frozenset[str]:
    """Return the file names that several titles would get, whichever paper came first."""
    distinct = {
        title for rows, title in zip(groups, titles, strict=True) if not first_text(rows, "arxiv")
    }
    slugs = Counter(map(title_slug, distinct))
    return frozenset(slug for slug, count in slugs.items() if count > 1)


def _year(rows: Sequence[Row], venue: str | None, names: VenueNames) -> str | None:
    """Return the year that is written beside the chosen venue."""
    if venue is None or is_preprint(venue):
        return None
    if stated := first_text(rows, "year"):
        return stated
    written = (row.text("venue") for row in rows if names.names.get(row.text("venue")) == venue)
    beside = next((year for text in written if (year := year_of_venue(text))), None)
    # A column with only a year has the year of the venue.
    return beside or next((d for row in rows if len(d := row.text("date")) == len("2013")), None)


def _union(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for items in lists for item in items))


def _name(rows: Sequence[Row]) -> str:
    """Name a paper the way a person would look for it."""
    return quote(first_text(rows, "arxiv") or rows[0].text("title"))


def _plain_name(spelling: str) -> str | None:
    """Return the name without the words around it, or None if it is too long."""
    text = bare_venue(spelling)
    if not fold_venue(text) or len(text) > _MAX_LENGTH or len(text.split()) > _MAX_WORDS:
        return None
    return text if any(c.isalpha() for c in text) and len(text) > 1 else None
