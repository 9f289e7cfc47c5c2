"""The blocks of a list, grouped into entries: a paper's first line, and the lines below it.

Many lists give a paper more than one line: deeper items with its links, authors, keywords and a
summary, or a heading or a bold line above such items. What a line is depends on its neighbours, so
each block is looked at with those below it; no block is looked at more than twice.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kdbot.intake.lists.parts import Label, names_paper_link, read_label
from kdbot.intake.lists.signs import Sign, is_aside, sign_of_item, sign_of_text
from kdbot.intake.markdown.blocks import Block, BlockKind
from kdbot.intake.markdown.lines import Run
from kdbot.intake.markdown.readme_blocks import BOLD_LEVEL, MAX_LEVEL, Document
from kdbot.intake.markdown.runs import (
    has_paper_link,
    is_label,
    is_link,
    is_title,
    links_alone,
    own_words,
    says_where,
    words_of,
)
from kdbot.model.venue import Venues
from kdbot.text.citations import begins_with_people, read_citation
from kdbot.text.hosts import is_paper_address, may_be_paper, names_paper
from kdbot.text.labels import IGNORED, field_of_label
from kdbot.text.names import is_cut_short, names_in
from kdbot.text.titles import clean_title, is_named_title, is_sentence_case_title, trim_pictures
from kdbot.text.titles import is_title as reads_like_title

ITEM_LEVEL = MAX_LEVEL + 1
"""Level of a list item at the left edge that does a heading's work; an indented one is deeper."""

_MAX_ITEM_HEADING = 120
_TITLE_WORDS = 4
_LONG_TITLE = 30
_LEAST_PAPER_HEADINGS = 3
_MAX_PARTS = 60
_TAGS = re.compile(r"[(\[（【][^()\[\]（）【】]{0,40}[)\]）】]")
_IN_BRACKETS = re.compile(r"\[[^\[\]]*\]")
"""Labels without a link, such as `[Code][Coming soon.]`."""
_WORD_ALONE = re.compile(r"\[\[?[a-z]{3,12}\]\((https?://[^\s()]+)\)\]?")
"""A link whose one word is a label, if a misspelt one, where a citation is above: `[paepr](…)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A block that is read by itself, with what belongs to it.

    Attributes:
        block: the first line or lines.
        parts: blocks below it that say more of the same paper.
        is_paper: whether the lines below, or its neighbours, say that it is a paper.
    """

    block: Block
    parts: tuple[Block, ...] = ()
    is_paper: bool = False

    @property
    def end(self) -> int:
        """The last of its lines."""
        return (self.parts or (self.block,))[-1].end


def _is_titled(runs: Sequence[Run]) -> bool:
    """Tell whether the few words beside a paper's link are a title, not a label."""
    words = clean_title(own_words([run for run in runs if not says_where(run)]))
    return is_named_title(words) and any(is_link(r) and names_paper(r.address) for r in runs)


def _is_remark(runs: Sequence[Run]) -> bool:
    """Tell whether a label is followed by a remark: `[PDF2](…) - a longer version`."""
    filled = [run for run in runs if run.text.strip(" []")]
    remark = words_of(filled[1:]).lstrip("] ")
    is_noted = bool(filled) and is_label(filled[0]) and remark[:1] in {"-", "–", "—"}
    return is_noted and not (any(map(is_link, filled[1:])) or reads_like_title(remark[1:]))


def _stands_as_title(runs: Sequence[Run]) -> bool:
    """Tell whether a line is a title by its words, or by brackets or bold type around it."""
    words = trim_pictures(words_of(runs))
    is_marked = words[:1] + words[-1:] == "[]" or all(
        run.strong for run in runs if run.text.strip()
    )
    return is_marked or is_sentence_case_title(words)


def _are_people(runs: Sequence[Run], *, alone: bool = False) -> bool:
    """Tell whether a line without a link is authors, with or without a venue behind them."""
    text = words_of(runs)
    are_people = names_in(text, least=2) is not None or is_cut_short(text)
    is_other = any(is_link(run) or run.strong for run in runs)
    return not is_other and (are_people or (not alone and begins_with_people(text)))


class EntryReader:
    """Puts the blocks of one document together.

    Args:
        document: where they stand.
        blocks: those that are read, in their order.
        venues: names to recognise in loose words.
    """

    def __init__(self, document: Document, blocks: Sequence[Block], venues: Venues) -> None:
        self._blocks = blocks
        self._document = document
        self._venues = venues
        self._parts_known: dict[int, bool] = {}
        self._paper_levels = self._levels_of_papers()

    def entries(self) -> Iterator[Entry]:
        """Yield all blocks, each once, with those that belong to it."""
        index = 0
        while index < len(self._blocks):
            block = self._blocks[index]
            if block.kind is BlockKind.ITEM:
                entry = self._item(index)
            elif block.kind is BlockKind.HEADING:
                entry = self._heading(index)
            elif block.kind is BlockKind.TEXT:
                entry = self._text(index)
            else:
                entry = Entry(block=block)
            yield entry
            index += 1 + len(entry.parts)

    def _runs_of(self, index: int) -> tuple[Run, ...]:
        return self._document.runs(self._blocks[index].text)

    def _item(self, index: int) -> Entry:
        """Join an item with the deeper items below it, or take it for a heading above them."""
        block = self._blocks[index]
        below = self._below(index, deeper_than=block.level)
        if not below:
            return Entry(block=block)
        runs = self._runs_of(index)
        if any(map(is_link, runs)):
            return Entry(block=block, parts=self._parts(below))
        parts = self._parts(below)
        # Links that only say *Paper* and *Code* are of what is named above them.
        is_titled = self._title_above(runs, below, is_sure=self._are_links(below))
        if len(parts) == len(below) and is_titled:
            return Entry(block=block, parts=parts, is_paper=True)
        if len(block.text) > _MAX_ITEM_HEADING or self._label_of(index) is not None:
            return Entry(block=block)
        return Entry(block=replace(block, kind=BlockKind.HEADING, level=ITEM_LEVEL + block.level))

    def _heading(self, index: int) -> Entry:
        """Read a heading as a paper if it links to one, or if only a paper's links are below it."""
        block = self._blocks[index]
        runs = self._runs_of(index)
        below = self._until_heading(index)
        is_usual = block.level in self._paper_levels
        parts = self._parts(below, are_notes=is_usual)
        if self._links_to_paper(block, runs):
            return Entry(
                block=block, parts=parts if len(parts) == len(below) else (), is_paper=True
            )
        are_linked = [any(map(is_link, self._runs_of(i))) for i in below]
        is_paper = (
            not self._is_list_title(block)
            and len(parts) == len(below)
            and self._title_above(
                runs, below, is_sure=not all(are_linked) and self._are_links(below)
            )
        )
        return Entry(block=block, parts=parts if is_paper else (), is_paper=is_paper)

    def _text(self, index: int) -> Entry:
        """Join a line with the labelled items directly below it."""
        block, below = self._blocks[index], self._below(index, deeper_than=-1)
        if not below and (self._is_bold(index) or self._is_signed(index)):
            below = self._labelled_below(index)
        if not below:
            return Entry(block=block)
        runs = self._runs_of(index)
        is_cited = self._is_cited(runs)
        word = _WORD_ALONE.fullmatch(self._blocks[below[0]].text)
        others = self._parts(below[1:])
        if is_cited and word and is_paper_address(word[1]) and len(others) == len(below) - 1:
            part = replace(self._blocks[below[0]], text=f"[paper]({word[1]})")
            return Entry(block=block, parts=(part, *others), is_paper=True)
        parts = self._parts(below)
        labels = [self._label_of(i) for i in below]
        is_labelled = all(labels) and any(x and x.field for x in labels)
        noted = (i for i in below[1:] if any(map(is_link, self._runs_of(i))))
        are_links = self._are_links(below) and (is_cited or _stands_as_title(runs))
        are_links = are_links or (is_cited and self._are_links([below[0], *noted]))
        if len(parts) < len(below) or not (is_labelled or are_links):
            return Entry(block=block)
        is_paper = self._title_above(runs, below, is_sure=are_links)
        is_joined = is_paper or sign_of_text(runs, self._venues) is Sign.PAPER
        return Entry(block=block, parts=parts if is_joined else (), is_paper=is_paper)

    def _below(self, index: int, *, deeper_than: int) -> range:
        """Return the indices of the items right below a block, as far as they are deeper."""
        end = index + 1
        while end < len(self._blocks) and end - index <= _MAX_PARTS:
            block = self._blocks[end]
            if block.kind is not BlockKind.ITEM or block.level <= deeper_than:
                break
            end += 1
        return range(index + 1, end)

    def _labelled_below(self, index: int) -> range:
        """Return the indices of the lines right below that say what they are (`Paper: …`)."""
        below = self._until_heading(index)
        ends = (i for i in below if not (self._is_part(i) and self._says_what_it_is(i)))
        return range(index + 1, next(ends, below.stop))

    def _says_what_it_is(self, index: int) -> bool:
        return self._label_of(index) is not None or self._is_detail(index)

    def _is_detail(self, index: int) -> bool:
        """Tell whether a line has only links with labels, or only people."""
        runs = self._runs_of(index)
        return links_alone(runs) or _is_remark(runs) or _are_people(runs)

    def _is_signed(self, index: int) -> bool:
        """Tell whether a line without a link is above one of people alone, as a title is."""
        has_link = any(map(is_link, self._runs_of(index))) or index + 1 == len(self._blocks)
        if has_link or self._blocks[index + 1].kind is not BlockKind.TEXT:
            return False
        return _are_people(self._runs_of(index + 1), alone=True)

    def _is_cited(self, runs: Sequence[Run]) -> bool:
        """Tell whether words are a citation as a whole: a title with people, a venue or a date."""
        found = None if any(map(is_link, runs)) else read_citation(words_of(runs), self._venues)
        return found is not None and found.is_sure and found.is_whole and is_title(found.title)

    def _names_field(self, index: int) -> bool:
        label = self._label_of(index)
        return label is not None and label.field is not None

    def _until_heading(self, index: int) -> range:
        """Return the indices of items and words below a heading, and of what is folded there."""
        end = index + 1
        folded = 0
        while end < len(self._blocks) and end - index <= _MAX_PARTS:
            block = self._blocks[end]
            if block.kind is BlockKind.HEADING and block.level > BOLD_LEVEL:
                if field_of_label(words_of(self._runs_of(end))) != IGNORED:
                    break
                folded += 1
            elif block.kind is BlockKind.CLOSING and folded:
                folded -= 1
            elif block.kind not in {BlockKind.ITEM, BlockKind.TEXT} or (
                not folded and self._is_bold(end)
            ):
                break
            elif folded:
                # What is folded below such words is no paper, whatever it leads to.
                self._parts_known[end] = True
            end += 1
        return range(index + 1, end)

    def _parts(self, below: range, *, are_notes: bool = False) -> tuple[Block, ...]:
        """Return the leading blocks of those below that are no entries of their own.

        Below a paper's own heading a note may name other papers in the middle of its words.
        """
        found = []
        for index in below:
            if not (self._is_part(index) or (are_notes and not self._opens_with_link(index))):
                break
            found.append(self._blocks[index])
        return tuple(found)

    def _opens_with_link(self, index: int) -> bool:
        first = next((run for run in self._runs_of(index) if run.text.strip() or run.images), None)
        return first is not None and is_link(first)

    def _is_part(self, index: int) -> bool:
        if index not in self._parts_known:
            runs = self._runs_of(index)
            self._parts_known[index] = (
                not any(map(is_link, runs))
                or (links_alone(runs) and not _is_titled(runs))
                or self._names_field(index)
                or _is_remark(runs)
                or sign_of_item(runs, self._venues) is Sign.NONE
            )
        return self._parts_known[index]

    def _label_of(self, index: int) -> Label | None:
        return read_label(self._runs_of(index))

    def _is_bold(self, index: int) -> bool:
        """Tell whether a line is another paper's title, in bold and by itself, or before a tag."""
        runs = [run for run in self._runs_of(index) if trim_pictures(run.text)]
        is_text = self._blocks[index].kind is BlockKind.TEXT
        others = _TAGS.sub("", words_of([run for run in runs if not run.strong]))
        is_first = bool(runs) and runs[0].strong and not any(map(is_link, runs))
        is_title_only = not others.strip(" .,:")
        return (
            is_text
            and is_first
            and (is_title_only or (is_title(runs[0].text) and self._is_cited(self._runs_of(index))))
        )

    def _title_above(self, runs: Sequence[Run], below: range, *, is_sure: bool = False) -> bool:
        """Tell whether words are the title of the one paper whose links follow below.

        Args:
            runs: the words.
            below: the blocks that follow.
            is_sure: whether these say so even of a short title.
        """
        if any(map(is_link, runs)):
            return False
        linked = (i for i in below if any(map(is_link, self._runs_of(i))))
        papers = [i for i in linked if names_paper_link(self._runs_of(i))]
        title = clean_title(words_of(runs))
        named = {words_of(self._runs_of(i)[:1]) for i in papers}
        are_versions = is_sure and is_sentence_case_title(title) and len(named) == len(papers)
        if not (len(papers) == 1 or (papers and are_versions)):
            return False
        if not title or field_of_label(title) is not None or is_aside(title):
            return False
        labels = [label.field for i in below if (label := self._label_of(i)) is not None]
        runs = () if _is_remark(self._runs_of(papers[0])) else self._runs_of(papers[0])
        own = (run for run in runs if not (is_label(run) or says_where(run)))
        if any(is_title(_IN_BRACKETS.sub("", run.text)) for run in own) or "title" in labels:
            return False
        is_long = len(title.split()) >= _TITLE_WORDS or len(title) >= _LONG_TITLE or ":" in title
        return is_long or is_sure or self._label_of(papers[0]) is not None

    def _are_links(self, below: Iterable[int]) -> bool:
        return all(map(self._is_detail, below))

    def _links_to_paper(self, block: Block, runs: Sequence[Run]) -> bool:
        links = [run for run in runs if is_link(run)]
        if self._is_list_title(block):
            return False
        if any(is_paper_address(run.address) for run in links):
            return True
        return block.level in self._paper_levels and any(
            is_title(run.text) and (may_be_paper(run.address) or reads_like_title(run.text))
            for run in links
        )

    def _is_list_title(self, block: Block) -> bool:
        """Tell whether a heading is above all papers and does not belong to one of them."""
        return block.level == 1 and block.level not in self._paper_levels

    def _levels_of_papers(self) -> frozenset[int]:
        """Return the levels on which most headings are those of single papers."""
        counts: defaultdict[int, list[bool]] = defaultdict(list)
        for index, block in enumerate(self._blocks):
            if block.kind is BlockKind.HEADING:
                has_address = "](" in block.text or "http" in block.text
                counts[block.level].append(has_address and has_paper_link(self._runs_of(index)))
        return frozenset(
            level
            for level, found in counts.items()
            if sum(found) >= _LEAST_PAPER_HEADINGS and 2 * sum(found) > len(found)
        )
