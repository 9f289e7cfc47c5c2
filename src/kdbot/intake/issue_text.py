"""An issue in free text: its title and its body to a proposal."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kdbot.intake.correction_lines import lines_to_correct
from kdbot.intake.corrections import read_corrections, read_statements
from kdbot.intake.free_text import MAX_CANDIDATES, gather, settle, to_candidates
from kdbot.intake.intent import (
    adds_paper,
    asks_elsewhere,
    asks_to_add,
    is_list_name,
    offers,
    speaks_of_own_paper,
    speaks_of_paper,
)
from kdbot.intake.issue_title import IssueTitle, read_issue_title, with_issue_title
from kdbot.intake.links import find_links
from kdbot.intake.listed import ListedPapers, listed_papers
from kdbot.intake.markdown.blocks import (
    MAX_CHARACTERS,
    MAX_LINES,
    Block,
    BoundedText,
    parse_markdown,
)
from kdbot.intake.markdown.lines import plain_line
from kdbot.intake.markdown.mail import without_mail
from kdbot.intake.mentions import SURE, WEAK, Mention
from kdbot.intake.purpose import decide, evidence_of, is_listed, part_requests
from kdbot.intake.reading import MAX_LINKS, Reading, read_body
from kdbot.intake.scorer import Scorer, default_scorer, features_of
from kdbot.intake.sections import resolve_categories, section_categories, section_hints
from kdbot.intake.titles import quoted_titles
from kdbot.intake.values import SPEECH_BEHIND, Statement, ValueReader
from kdbot.model.collection import Identities
from kdbot.model.finding import Finding, warning_rule
from kdbot.model.proposal import Candidate, Intent, Origin, Proposal
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.titles import fold_title
from kdbot.model.venue import Venues
from kdbot.text.characters import EAST_ASIAN
from kdbot.text.hosts import LinkRole, is_paper_address, is_repository, may_be_paper
from kdbot.text.labels import label_role
from kdbot.text.titles import is_request, is_title, mask_titles

BODY_TOO_LONG = warning_rule(
    "body-too-long",
    "A proposal is short; text after the limit is not read.",
    "Put the paper's title and links near the top, and split a long list into several proposals.",
)
_SPEAKS = re.compile(
    r"\b(?:[Pp]aper|[Pp]reprint)s?\b|\bREADME\b|\b(?:I|we|you)\b|\b(?:section|typos?|404)\b"
)
_WORDS = re.compile(rf"https?://\S+|[{EAST_ASIAN}]{{1,2}}|[^\s{EAST_ASIAN}]+")
_PAGES = frozenset({"url", "project"})
_ASKS_ALONE = frozenset({"asks to add first", "length 0"})
_FEW_WORDS = 5  # beside the titles and the values of papers


def read_issue_text(
    heading: str,
    bounded: BoundedText,
    taxonomy: Taxonomy,
    venues: Venues,
    listed: Identities | None = None,
    *,
    scorer: Scorer | None = None,
) -> Proposal:
    """Return what the words of an issue propose.

    Args:
        heading: its title on one line.
        bounded: its body.
        taxonomy: the categories, whose names are recognised.
        venues: the venues that the list knows.
        listed: what tells its papers apart.
        scorer: says what it is for; None is the one of the package.
    """
    blocks = parse_markdown(without_mail(bounded.text))
    own = [block for block in blocks if not block.quoted]
    reading = read_body(own, venues)
    papers = settle(gather(reading.mentions, venues)) or _papers_mentioned(
        heading, blocks, reading, venues
    )
    said = read_issue_title(heading, venues)
    papers = with_issue_title(papers, heading, said, reading)
    quoted = (placed.title for placed in quoted_titles(heading))
    words = [w for text in reading.sentences for w in _WORDS.findall(text) if "://" not in w]
    title = mask_titles(heading, [said.title if said.marked or not words else None, *quoted])
    known = listed_papers(listed)
    reader = _Reader(heading, title, said, taxonomy, venues, known)
    statements = reader.read_statements(blocks)
    evidence = evidence_of(
        papers,
        statements,
        known,
        sentences=(title, *reading.sentences),
        offered=any(_is_offered(paper, heading, len(words)) for paper in papers),
        quoted=len(own) < len(blocks),
        words=len(words),
    )
    likely = (scorer or default_scorer()).score(features_of(title, reading.sentences, evidence))
    intent = decide(likely, evidence)
    cut = bounded.cut or reading.cut or len(papers) > MAX_CANDIDATES
    candidates: tuple[Candidate, ...] = ()
    corrected = reader.to_correct(statements, Intent.UPDATE if intent is Intent.ADD else intent)
    if intent is Intent.ADD:
        new = [paper for paper in papers if not is_listed(paper, known)]
        candidates = reader.read_both(blocks, corrected)
        if not candidates and known.is_known and papers and not new:
            is_new = "asks to add" in evidence and not any(c.given for c in corrected)
            candidates = () if is_new else corrected
        elif not candidates and "says" in evidence and len(new) < len(papers):
            # What is said to be wrong is the listed paper's.
            candidates = (*reader.to_add(new, reading.sentences, own), *corrected)
        candidates = candidates or reader.to_add(papers, reading.sentences, own)
        if not candidates and {"called 1", "called 2"} & evidence:
            candidates = corrected
    elif intent is not Intent.NONE:
        both = reader.read_both(blocks, corrected) if intent is Intent.UPDATE else ()
        candidates = both or corrected
    if intent is not Intent.NONE and all(c.intent is Intent.UNSURE for c in candidates):
        # Nobody who asks for a paper, or calls something of it wrong, is met with silence.
        is_asked = "asks for paper" in evidence or evidence >= _ASKS_ALONE
        if "called 0" in evidence or not candidates:
            asks = not {"asks to add", "offers", "offered"}.isdisjoint(evidence)
            asked = reader.to_add(papers, reading.sentences, own, Intent.UNSURE) if asks else ()
            asked = asked or _unsure(_identified(papers))
            candidates = asked or candidates or reader.to_ask(papers, statements, sure=is_asked)
        candidates = tuple(replace(c, asked=is_asked or _has_address(c)) for c in candidates)
    if not candidates:
        return Proposal(intent=Intent.NONE)
    return Proposal(intent=candidates[0].intent, candidates=candidates, findings=too_long(cut))


def _papers_mentioned(
    heading: str, blocks: Sequence[Block], reading: Reading, venues: Venues
) -> list[Mention]:
    """Return the papers of a request that are only in a quotation, or that it only mentions."""
    own = [block for block in blocks if not block.quoted]
    asks = any(asks_to_add(text) or offers(text) for text in reading.sentences)
    if asks and len(own) < len(blocks):
        papers = settle(gather(read_body(blocks, venues).mentions, venues))
        if papers:
            return papers
    return _only_link(own, heading) if asks_to_add(heading) else []


def _only_link(blocks: Iterable[Block], heading: str) -> list[Mention]:
    """Return the paper of the one link that is called *paper*, though the words only mention it."""
    lines = [line for block in blocks for line in block.lines]
    links = [link for line in lines for link in find_links(line)]
    if len(lines) == len(links) == 1 and links[0].address == lines[0].text and adds_paper(heading):
        return [Mention(papers=(links[0],))] if may_be_paper(links[0].address) else []
    links = [link for link in links if is_paper_address(link.address)]
    is_called = len(links) == 1 and not links[0].bare and label_role(links[0].text)
    return [Mention(papers=(links[0],))] if is_called is LinkRole.PAPER else []


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns what was read of an issue into candidates.

    Attributes:
        heading: the issue's title.
        masked: the same without titles of papers.
        said: what was found in it.
        taxonomy: the categories.
        venues: the venues that the list knows.
        listed: its papers.
    """

    heading: str
    masked: str
    said: IssueTitle
    taxonomy: Taxonomy
    venues: Venues
    listed: ListedPapers

    @property
    def values(self) -> ValueReader:
        """What finds the values of corrections."""
        return ValueReader(self.venues, self.taxonomy, self.listed)

    def to_add(
        self,
        papers: Sequence[Mention],
        sentences: Sequence[str],
        blocks: Sequence[Block],
        intent: Intent = Intent.ADD,
    ) -> tuple[Candidate, ...]:
        """Return the papers that are asked for, as unsure ones where it takes a person to tell."""
        papers = [_without_request(self._without_name(paper)) for paper in papers]
        links = [link.address for b in blocks for line in b.lines for link in find_links(line)]
        software = any(map(is_repository, links))
        words = (self.masked, *sentences)
        named = [p for p in papers if _is_named(p, self.said, words, software=software)]
        if not named and not software:
            # A title that is asked for may be a paper's.
            spoken = speaks_of_paper(sentences)
            named = [p for p in papers if (p.rank > WEAK or spoken) and _may_be_asked(p.title)]
            intent = Intent.UNSURE
        hints = section_hints(self.heading, sentences, self.taxonomy)
        named = [_with_categories(paper, hints, self.taxonomy) for paper in named]
        return to_candidates(named, Origin.TEXT, intent=intent)

    def _without_name(self, paper: Mention) -> Mention:
        """Drop a listed paper's name beside the identifier of another: *thanks for listing Foo*."""
        named = self.listed.only(paper.short_name or "")
        is_other = any(link.identifier for link in paper.papers) and not is_listed(
            paper, self.listed
        )
        return replace(paper, short_name=None) if named and is_other else paper

    def to_ask(
        self, papers: Sequence[Mention], statements: Sequence[Statement], *, sure: bool
    ) -> tuple[Candidate, ...]:
        """Return what may be the papers that a text is about: titles, names, or the first page.

        Args:
            papers: as an addition would have them.
            statements: the sentences with their values.
            sure: whether papers are asked for; without that word a title beside a repository may
                be a tool's.
        """
        own = [s for s in statements if not (s.heading or s.about("categories"))]
        values = [value for s in own for value in s.values if value.identity is None]
        said = [value.value for value in values if value.field == "title"]
        said += (paper.title for paper in papers if paper.title)
        titles = [t for text in said if _may_be_asked(t := SPEECH_BEHIND.sub("", text))]
        if not sure and any(is_repository(value.value) for value in values):
            titles.clear()
        pages = [v.value for v in values if v.field in _PAGES and may_be_paper(v.value)]
        pages.sort(key=is_paper_address, reverse=True)
        named = [p.short_name for p in papers if p.short_name in self.said.short_names]
        short = [n for n in named if n and not (self._is_topic(n) or is_list_name(n))]
        return _unsure(titles or pages[:1] or short)

    def _is_topic(self, name: str) -> bool:
        """Tell whether the issue's title has a name for what several papers are about."""
        behind = r"\W+(?:\d{4}|(?:(?:group|lab|team)(?:['’]s)? )?(?:[Pp]apers|[Pp]ublications)\b)"
        return bool(re.search(re.escape(name) + behind, self.heading))

    def read_statements(self, blocks: Sequence[Block]) -> tuple[Statement, ...]:
        """Return the sentences of the issue's title and of the blocks, with their values."""
        head = plain_line(self.heading)
        lines = (head, *lines_to_correct(blocks))
        return read_statements(lines, self.values, heading=1)

    def to_correct(self, statements: Sequence[Statement], intent: Intent) -> tuple[Candidate, ...]:
        """Return the corrected papers."""
        return read_corrections(statements, intent=intent)

    def read_both(
        self, blocks: Sequence[Block], corrected: Sequence[Candidate]
    ) -> tuple[Candidate, ...]:
        """Return the added papers and the corrected ones; none where the text is of one kind."""
        if not (self.listed.is_known and corrected):
            return ()
        adding, correcting = part_requests(blocks, self.listed)
        if not (adding and correcting):
            return ()
        own = [block for block in adding if not block.quoted]
        reading = read_body(own, self.venues)
        new = [
            p
            for p in settle(gather(reading.mentions, self.venues))
            if not is_listed(p, self.listed)
        ]
        added = self.to_add(new, reading.sentences, own)
        lines = tuple(lines_to_correct(correcting))
        statements = read_statements(lines, self.values)
        corrected = [c for c in self.to_correct(statements, Intent.UPDATE) if c.given]
        return (*added, *corrected) if added and corrected else ()


def _unsure(names: Iterable[str]) -> tuple[Candidate, ...]:
    known = dict.fromkeys(names)
    return tuple(Candidate(given={}, intent=Intent.UNSURE, names=(name,)) for name in known)


def _identified(papers: Sequence[Mention]) -> Iterator[str]:
    """Yield the papers that a text names by an identifier."""
    for paper in papers[:MAX_CANDIDATES]:
        yield from (link.address for link in paper.papers if link.identifier)


def _has_address(candidate: Candidate) -> bool:
    """Tell whether a candidate has the address of a paper, which no service has to know."""
    given = candidate.given.get("url")
    return any(map(is_paper_address, (*candidate.names, *((str(given.value),) if given else ()))))


def _without_request(paper: Mention) -> Mention:
    """Drop a title that only its place suggests and that asks for something, in any language."""
    is_request = paper.title is not None and paper.rank < SURE and asks_elsewhere(paper.title)
    return replace(paper, title=None) if is_request else paper


def _is_offered(paper: Mention, heading: str, words: int) -> bool:
    """Tell whether a paper is there to be added, though no word asks for it.

    Args:
        paper: what was read of it.
        heading: the issue's title.
        words: how many words stand around the papers.
    """
    linked = any(is_paper_address(link.address) for link in paper.papers)
    if not linked:
        return bool(paper.title) and words <= _FEW_WORDS
    is_entry = paper.proposed or fold_title(paper.title or "") == fold_title(heading)
    return is_entry or words <= _FEW_WORDS


def _may_be_asked(title: str | None) -> bool:
    """Tell whether words may be a title that is asked for, and are not about the list."""
    if title is None or len(title.split()) < _FEW_WORDS or not is_title(title):
        return False
    words = title.replace("You Need", "")  # *Attention Is All You Need* speaks to nobody
    is_of_people = title.endswith(("et al", "et al."))
    return not (is_of_people or is_list_name(title) or is_request(title) or _SPEAKS.search(words))


def _is_named(
    paper: Mention, said: IssueTitle, sentences: Iterable[str], *, software: bool
) -> bool:
    """Tell whether a paper that is to be added is surely one.

    A title counts without a link, a labelled one unless a repository is next to it; a name, a page
    or a repository only if the text has the word *paper*. The issue's title is a paper's only if
    marks set it apart.
    """
    if any(is_paper_address(link.address) for link in paper.papers):
        return True
    pages = [link for link in paper.papers if not is_repository(link.address)]
    name = paper.title or paper.short_name or ""
    if is_list_name(name) or _SPEAKS.search(name) or not (name or pages):
        return False
    if paper.title and paper.labelled and not software:
        return True
    is_own = said.whole and speaks_of_own_paper(sentences)
    is_said = paper.title == said.title and (said.marked or is_own)
    if paper.title and not pages:
        is_sure = paper.rank > WEAK or is_said
        if not is_sure and paper.title == said.title:
            return False
    is_sure = (is_said and is_title(name)) or bool(name and pages) or "venue" in paper.values
    cited = re.compile(rf"{re.escape(paper.short_name or '$^')}(?: et al\.?)?,? \(?(?:19|20)\d\d\b")
    if not (is_sure or paper.title or pages) and any(map(cited.search, sentences)):
        return False  # *Lee et al. 2021* are people
    if paper.title or pages:
        return is_sure or speaks_of_paper(sentences)
    # A name beside a repository may be a tool's.
    return is_sure or any(adds_paper(s) and speaks_of_paper([s]) for s in sentences)


def _with_categories(paper: Mention, hints: tuple[str, ...], taxonomy: Taxonomy) -> Mention:
    stated = paper.values.get("categories")
    if stated:
        categories = resolve_categories(stated, taxonomy)
    else:
        categories = section_categories(paper.section, taxonomy) or hints
    return (
        replace(paper, values={**paper.values, "categories": categories}) if categories else paper
    )


def too_long(cut: bool) -> tuple[Finding, ...]:
    """Return that not all of a text was read, where that is so."""
    if not cut:
        return ()
    return (
        BODY_TOO_LONG.finding(
            f"I read at most {MAX_CHARACTERS:,} characters, {MAX_LINES:,} lines, {MAX_LINKS} links "
            f"and {MAX_CANDIDATES} papers of a proposal. I did not read the rest."
        ),
    )
