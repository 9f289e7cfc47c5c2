"""An issue in free text: its title and its body to a proposal."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from kdbot.intake.bibtex import has_bibtex, parse_bibtex
from kdbot.intake.corrections import read_corrections, read_statements
from kdbot.intake.free_text import MAX_CANDIDATES, gather, settle, to_candidates
from kdbot.intake.intent import (
    asks_elsewhere,
    asks_to_add,
    is_list_name,
    offers,
    speaks_of_paper,
)
from kdbot.intake.links import find_links
from kdbot.intake.listed import ListedPapers, listed_papers
from kdbot.intake.markdown.blocks import (
    MAX_CHARACTERS,
    MAX_LINES,
    Block,
    BlockKind,
    BoundedText,
    parse_markdown,
)
from kdbot.intake.markdown.lines import Line, Run
from kdbot.intake.markdown.mail import without_mail
from kdbot.intake.mentions import SURE, WEAK, Mention, merge_mentions, merge_values
from kdbot.intake.purpose import decide, evidence_of, is_listed, part_requests
from kdbot.intake.reading import MAX_LINKS, Reading, join_lines, read_body
from kdbot.intake.scorer import Scorer, default_scorer, features_of
from kdbot.intake.sections import resolve_categories, section_categories, section_hints
from kdbot.intake.titles import (
    cited_values,
    quoted_titles,
    short_names_in,
)
from kdbot.intake.values import Statement, ValueReader
from kdbot.model.collection import Identities
from kdbot.model.finding import Finding, warning_rule
from kdbot.model.identifiers import IdentifierKind
from kdbot.model.proposal import Candidate, Intent, Origin, Proposal
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.titles import fold_title
from kdbot.model.venue import Venues
from kdbot.text.characters import EAST_ASIAN
from kdbot.text.citations import read_citation
from kdbot.text.hosts import (
    LinkRole,
    is_paper_address,
    is_repository,
    may_be_paper,
    role_of_address,
)
from kdbot.text.labels import label_role
from kdbot.text.titles import (
    clean_title,
    is_generic,
    is_request,
    is_short_name,
    is_title,
    mask_titles,
    words_of,
)
from kdbot.text.venues import bare_venue, find_venue, is_preprint

_ASKING_WORDS = (
    r"kindly|please|suggest(?:ion|ing)?|request(?:ing)?|proposal|propose|consider|could you|can you"
    r"|for|to|of|that|new|missing|recommend(?:ation|ing)?|add(?:s|ed|ing|ition)?|includ(?:e|ing)"
    r"|submit(?:ting)?|submission|upload|our|the|my|one|recent|papers?|survey|work|article|accepted|latest"
    r"|update|readme|in|with|titled|entitled"
)
_HEAD = re.compile(
    r"^(?:\[[^\]]{1,30}\]\s*|(?:re|feat|docs?|chore|papers?|request|new|add|update)(?:\([^)]*\))?"
    rf"\s*[:：]\s*|(?:{_ASKING_WORDS})\b[\s:：,\-–—]*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*[-–—(]?\s*(?<!\w)(?:(?:to|in|into|under|for|on)\s+(?:the|this|your)\s+.{1,60}|(?:to|in"
    r"|into)\s+(?:readme|list).{0,30}|papers?|reference|\(?(?:our|new) paper\)?)[\s.]*$",
    re.IGNORECASE,
)
_ADDS = re.compile(
    r"^(?:\[[^\]]{1,30}\]\s*)?(?:please |kindly )?(?:add|include)(?:ing|s|ed)?\s", re.IGNORECASE
)
_ADDS_PAPER = re.compile(
    r"\b(?:add|includ|consider|suggest|recommend)\w*\b.*\b(?:paper|survey|article|work)s?\b",
    re.IGNORECASE,
)
_PAPER = re.compile(r"\s*(?:(?:oral|accepted) )?(?:papers?|work)\b[\s:：]*", re.IGNORECASE)
_OWN_PAPER = re.compile(
    r"\b(?:our|my|this)\s+(?:[\w'’-]+\s+){0,5}(?:paper|work|survey|article|preprint)\b",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"\b(?:papers?|surveys?|works?|articles?)\s+(?:for|on|about|of|in)\s*$", re.IGNORECASE
)
_A_PAPER = re.compile(r"\b(?:paper|survey|work)s?\s*$")
_PAPERS = re.compile(r"\b(?:papers|surveys|works)\W*$")  # *Add recent diffusion papers*
_PARTS = re.compile(r"\s+[-–—|]\s+")
_DESCRIBING = frozenset({"a", "an", "some", "one", "two", "three", "several", "new"})
_NO_NAMES = frozenset({"readme", "readme.md", "license", "contributing", "more", "links", "typo"})
BODY_TOO_LONG = warning_rule(
    "body-too-long",
    "A proposal is short; text after the limit is not read.",
    "Put the paper's title and links near the top, and split a long list into several proposals.",
)
_SPEAKS = re.compile(r"\b[Pp]apers?\b|\bREADME\b|\b(?:I|we|you)\b")
_WORDS = re.compile(
    r"https?://\S+|[\u3040-\u9fff\uac00-\ud7af]{1,2}|[^\s\u3040-\u9fff\uac00-\ud7af]+"
)
_ASKS_FOR_VALUE = re.compile(
    r"\b(?:be|is|to|as|with|title|link|venue|following|follows)\s*[:：]\s*$", re.IGNORECASE
)
_PAGES = frozenset({"url", "project"})
_ASKS_ALONE = frozenset({"asks to add first", "length 0"})
_REQUEST_BEHIND = re.compile(rf"(?<=[a-z])\s*[{EAST_ASIAN}].*")  # *A Title を追加してください*
_EVIDENCE = re.compile(
    r"\W*(?:evidence|sources?|verification|verified|validation|references?|checks"
    r"|test(?:ing| plan)?)\W*",
    re.IGNORECASE,
)
_FEW_WORDS = 5  # beside the titles and the values of papers


@dataclass(frozen=True, slots=True, kw_only=True)
class _IssueTitle:
    """What was found in an issue's title.

    Attributes:
        title: title of a paper, or None.
        marked: whether quotes, or a request for a paper before it, set it apart.
        whole: whether there is nothing else.
        short_names: acronyms of papers, in their order.
        values: other fields.
    """

    title: str | None = None
    marked: bool = False
    whole: bool = False
    short_names: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)


def _read_issue_title(text: str, venues: Venues) -> _IssueTitle:
    """Read an issue's title: `Add X paper`, `X - authors - date`, `Missing paper (X)`."""
    said = _read_issue_words(text, venues)
    text = mask_titles(text, [said.title])
    venue = find_venue(text, venues)
    if venue is None or find_venue(text[venue.end :], venues) is not None:
        return said
    return replace(said, values={"venue": (venue.text,), **said.values})


def _read_issue_words(text: str, venues: Venues) -> _IssueTitle:
    if marked := _marked_title(text):
        return _IssueTitle(title=marked, marked=True)
    head, values = _details(text, venues)
    asking = _HEAD.match(head)
    if asking and _TOPIC.search(asking[0]):
        return _IssueTitle(values=values)
    named, to, _ = _HEAD.sub("", head).partition(" to ")
    if asking and to and is_short_name(named):
        return _IssueTitle(short_names=(named,), values=values)
    stripped = clean_title(_TAIL.sub("", _HEAD.sub("", head)))
    venue = find_venue(stripped, venues)
    if venue and venue.start == 0 and (paper := _PAPER.match(stripped, venue.end)):
        stripped = stripped[paper.end() :]
    if _A_PAPER.search(head) and not asking:
        return _IssueTitle(values=values)
    whole = clean_title(head)
    titles = (whole, stripped) if not _HEAD.match(whole) else (stripped,)
    for candidate in () if _PAPERS.search(head) else titles:
        words = words_of(candidate)
        describing = bool(words) and words[0] in _DESCRIBING
        if is_title(candidate) and not is_request(candidate) and not describing:
            is_marked = asking is not None and bool(_ADDS_PAPER.search(asking[0]))
            is_whole = candidate == whole and fold_title(whole) == fold_title(text)
            return _IssueTitle(title=candidate, marked=is_marked, whole=is_whole, values=values)
    parts = (_PARTS.split(_TAIL.sub("", _HEAD.sub("", words)))[0] for words in (text, head))
    name = next((one for part in parts if _is_name(one := clean_title(part), text)), None)
    line = Line(spans=(Run(text=text),))
    names = (name,) if name else short_names_in(line, listed=False)
    names = tuple(name for name in names if venues.canonical(name) is None)
    return _IssueTitle(short_names=names, values=values)


def _marked_title(text: str) -> str | None:
    """Return the title that quotes set apart."""
    for placed in quoted_titles(text):
        if is_title(placed.title) or len(words_of(placed.title)) > 2:
            return placed.title
    return None


def _details(text: str, venues: Venues) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Split an issue's title into its main words and what they say of a paper beside a title."""
    asking = _HEAD.match(text)
    begin = asking.end() if asking else 0
    cited = read_citation(text[begin:], venues)
    if cited is None:
        return text, {}
    head = text[:begin] + text[begin:][cited.start : cited.end]
    return head, cited_values(cited, venues)


def _is_name(name: str, text: str) -> bool:
    """Tell whether what is left of a title is a method's name; `Add Hymba` names one."""
    words = name.split()
    if any(is_generic(word) for word in words) or name.casefold() in _NO_NAMES:
        return False
    if is_short_name(name):
        return all(word[0].isupper() or not word.isalpha() for word in words)
    return len(words) == 1 and len(name) > 2 and name[0].isupper() and bool(_ADDS.match(text))


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
    said = _read_issue_title(heading, venues)
    papers = _with_issue_title(papers, heading, said, reading)
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
    return _only_link(own) if asks_to_add(heading) else []


def _only_link(blocks: Iterable[Block]) -> list[Mention]:
    """Return the paper of the one link that is called *paper*, though the words only mention it."""
    links = [link for b in blocks for line in b.lines for link in find_links(line)]
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
    said: _IssueTitle
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
        titles = [t for text in said if _may_be_asked(t := _REQUEST_BEHIND.sub("", text))]
        if not sure and any(is_repository(value.value) for value in values):
            titles.clear()
        pages = [v.value for v in values if v.field in _PAGES and may_be_paper(v.value)]
        pages.sort(key=is_paper_address, reverse=True)
        named = [p.short_name for p in papers if p.short_name in self.said.short_names]
        short = [
            n for n in named if n and not re.search(rf"{re.escape(n)}\W+\d{{4}}", self.heading)
        ]
        return _unsure(titles or pages[:1] or short)

    def read_statements(self, blocks: Sequence[Block]) -> tuple[Statement, ...]:
        """Return the sentences of the issue's title and of the blocks, with their values."""
        head = Line(spans=(Run(text=self.heading),))
        lines = (head, *_lines_to_correct(blocks))
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
        lines = tuple(_lines_to_correct(correcting))
        statements = read_statements(lines, self.values)
        corrected = [c for c in self.to_correct(statements, Intent.UPDATE) if c.given]
        return (*added, *corrected) if added and corrected else ()


def _lines_to_correct(blocks: Iterable[Block]) -> Iterator[Line]:
    """Yield the lines of a correction; of an entry in BibTeX its title, which names the paper.

    A quotation is a value where the line before asks for one (*The title should be:*). Another
    leaves a gap: the text after it does not continue the text before it. What is below a heading
    like *Evidence* says how a value was found.
    """
    before, is_evidence = "", False
    for block in blocks:
        text = "\n".join(line.text for line in block.lines)
        if block.kind is BlockKind.HEADING:
            is_evidence = _EVIDENCE.fullmatch(text) is not None
        if is_evidence:
            continue
        if block.quoted and not _ASKS_FOR_VALUE.search(before):
            yield Line(spans=())
        elif has_bibtex(text):
            titles = (entry.title for entry in parse_bibtex(text) if entry.title)
            yield from (Line(spans=(Run(text=f"“{title}”"),)) for title in titles)
        else:
            yield from join_lines(block.lines)
        before = "" if block.quoted else text


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
    paper: Mention, said: _IssueTitle, sentences: Iterable[str], *, software: bool
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
    is_own = said.whole and any(map(_OWN_PAPER.search, sentences))
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
    return is_sure or any(_ADDS_PAPER.search(s) and speaks_of_paper([s]) for s in sentences)


def _with_issue_title(
    papers: list[Mention], heading: str, said: _IssueTitle, reading: Reading
) -> list[Mention]:
    """Let the issue's title say what the body leaves out; without papers, the other way round."""
    found = find_links(Line(spans=(Run(text=heading),)))
    links = tuple(link for link in found if role_of_address(link.address) is LinkRole.PAPER)
    if not papers:
        names = (None,) if said.title else said.short_names or (None,)
        values: Mapping[str, tuple[str, ...]] = {}
        for mention in reading.mentions:
            values = merge_values(values, mention.values)
        values = _with_said(values, said.values)
        if len({link.identifier for link in links}) > 1 and not said.title:
            return [Mention(papers=(link,), values=values) for link in links]
        alone = (
            Mention(title=said.title, short_name=name, papers=links, values=values)
            for name in names
        )
        return [mention for mention in alone if mention.names_paper]
    if said.title and _is_one_paper(papers, reading.sentences):
        papers = [reduce(merge_mentions, papers)]
    if len(papers) > 1:
        shared = {name: value for name, value in said.values.items() if name == "venue"}
        return [replace(paper, values=_with_said(paper.values, shared)) for paper in papers]
    paper = papers[0]
    title = _surer_title(paper, said.title)
    return [
        replace(
            paper,
            title=title,
            short_name=paper.short_name or next(iter(said.short_names), None),
            papers=paper.papers or links,
            values=_with_said(paper.values, said.values),
        )
    ]


def _is_one_paper(papers: Sequence[Mention], sentences: Iterable[str]) -> bool:
    """Tell whether two links without titles, arXiv's and another, are those of *our paper*."""
    links = [link.identifier for paper in papers for link in paper.papers]
    kinds = {identifier.kind for identifier in links if identifier}
    is_pair = len(papers) == len(links) == len(kinds) == 2 and IdentifierKind.ARXIV in kinds
    untitled = not any(paper.title or paper.short_name for paper in papers)
    return is_pair and untitled and any(map(_OWN_PAPER.search, sentences))


def _with_said(
    values: Mapping[str, tuple[str, ...]], said: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return a paper's values with those of the issue's title; a preprint server gives way."""
    venue = values.get("venue")
    is_open = "venue" in said and venue is not None and is_preprint(bare_venue(venue[0]))
    return {**said, **values, **({"venue": said["venue"]} if is_open else {})}


def _surer_title(paper: Mention, said: str | None) -> str | None:
    """Choose between a body's title and the one in the issue's title, which may be cut short."""
    if paper.title is None or said is None:
        return paper.title or said
    longer = fold_title(paper.title).startswith(fold_title(said))
    return paper.title if paper.rank > WEAK or longer else said


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
