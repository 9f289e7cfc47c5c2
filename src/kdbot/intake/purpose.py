"""What is known of the papers and of the values in a text, as evidence of what the text is for."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from kdbot.intake.intent import asks_to_add, is_question, offers, speaks_of_paper, split_sentences
from kdbot.intake.links import find_links
from kdbot.intake.listed import ListedPapers
from kdbot.intake.markdown.blocks import Block
from kdbot.intake.markdown.lines import Line, LineCutter
from kdbot.intake.mentions import Mention
from kdbot.intake.titles import marked_ranges
from kdbot.intake.topics import any_of
from kdbot.intake.values import How, Standing, Statement
from kdbot.model.proposal import Intent

_MAX_SENTENCES = 300
_MAX_TEXT = 600
_LENGTHS = (5, 20, 60, 150)  # words around the papers
_DETAIL = (
    r" (?:(?:the|an?|extra|trailing) )?(?:\w+ ){0,2}?(?:links?|urls?|prox(?:y|ies)|spaces?|commas?"
    r"|brackets?|slash(?:es)?|quotes?|prefix|suffix|typos?|code)\b"
)
_REMOVAL = any_of(
    rf"remov(?:e[sd]?|al|ing)\b(?!{_DETAIL})|delet(?:e|ion|ing)\b|be deleted"
    r"|take (?:it |this |that )?(?:down|out)\b|(?:appears?|listed|occurs?|there) (?:twice"
    r"|two times)|duplicat\w*|doubled|retract\w*|withdr[ae]w\w*|unlist\w*"
    r"|should not (?:be|have been) (?:here|listed|included|published)"
    r"|no longer want|not (?:really )?relevant to|there are two [\"“…]|eliminar|retirar|borrar"
    r"|excluir|duplicad\w+|repetid\w+|supprimer|retirer|en double|entfern\w+|lösch\w+"
    r"|zurückgezogen|doppelt|rimuov\w+|удал\w+|отозва\w+|дубл\w+",
    r"删除|移除|撤稿|撤回|重复|刪除|重複|去重|削除|取り下げ|삭제|철회|제거|중복",
)
_CITES = any_of(
    r"cit(?:e|ing) (?:our|my|us|the following|your|it|this)\b|consider (?:to )?cit(?:e|ing)"
    r"|cites? (?:your|you|our)\b|how (?:to|should \w+|can \w+|do \w+) cite\b|(?:should"
    r"|please) cite\b|references? to (?:our|my)\b|missing (?:citation|reference)|(?:did"
    r"|do) ?(?:not|n't) cite\b",
    r"引用我们|引用一下|인용",
)
_ARTIFACTS = re.compile(
    r"hf\.co/papers|huggingface\.co/papers/submit|open-?source team at hugging ?face"
    r"|discoverability|artifacts? on hugging ?face",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"\bthank(?:s| you)\b[^.!]{0,30} for (?:remind|recommend|suggest|pointing|letting|your"
    r" (?:remind|recommend|suggest|interest|attention|contribution|pr\b|pull))"
    r"|\b(?:I|we)(?:['’]ll| will| have| just)* (?:add|merge|includ)\w* (?:this|your|the|it|them)\b"
    r"[^.]{0,60} (?:to|in|into) (?:this|the|our) (?:repo|list|survey|readme|next)",
    re.IGNORECASE,
)
_PLAIN_REQUEST = re.compile(r"please add (?:this|these) papers?[.!]?", re.IGNORECASE)
"""The sentence that the bot's comment suggests to the author of an unclear text."""
_OFFERS = frozenset({"offers", "offered"})
_NO_OFFER = frozenset(
    {"says", "says in title", "title url", "title code", "removes", "asks", "cites"}
)
_VALUES = frozenset({"value code", "value data", "value project", "value url", "value venue"})
_SURE = 0.5
_SURELY = 0.8


def evidence_of(
    papers: Sequence[Mention],
    statements: Sequence[Statement],
    listed: ListedPapers,
    *,
    sentences: Sequence[str],
    offered: bool,
    quoted: bool,
    words: int,
) -> frozenset[str]:
    """Return the evidence in a text, as features of the scorer.

    Args:
        papers: as an addition would have them.
        statements: the sentences with their values.
        listed: the papers of the list.
        sentences: the issue's title and the prose, without the titles of papers.
        offered: whether a paper is written like an entry of a list, or with few other words.
        quoted: whether there is quoted text of others.
        words: how many words are around the papers.
    """
    found = {f"papers {min(len(papers), 3)}"}
    found.add(f"length {sum(words > bound for bound in _LENGTHS)}")
    found |= set(_of_statements(statements))
    found |= set(_of_words(sentences))
    found |= {"offered"} if offered else set()
    found |= {"quoted"} if quoted else set()
    found |= {"cited"} if any(paper.cited for paper in papers) else set()
    if any(link.identifier for paper in papers for link in paper.papers):
        found.add("identified")
    if papers and not any(paper.papers for paper in papers):
        found.add("no link")
    return frozenset(
        found | (set(_of_list(papers, statements, listed)) if listed.is_known else set())
    )


def _of_statements(statements: Sequence[Statement]) -> Iterator[str]:
    for statement in statements:
        has_name = any(v.field == "title" and v.identity for v in statement.values)
        has_value = any(v.field != "title" and v.identity is None for v in statement.values)
        if has_name and has_value and not statement.speaks:
            yield "entry"
        if statement.heading:
            yield from ("named in title",) if has_name else ()
            yield from (f"title {topic}" for topic in statement.topics)
        if statement.says:
            yield "says in title" if statement.heading else "says"
            yield from (f"says {topic}" for topic in statement.topics)


def _of_words(sentences: Sequence[str]) -> Iterator[str]:
    """Yield what plain words ask for, in the issue's title and anywhere."""
    tests: Mapping[str, Callable[[str], object]] = {
        "asks to add": asks_to_add,
        "asks for paper": lambda text: asks_to_add(text) and speaks_of_paper([text]),
        "offers": offers,
        "asks": is_question,
        "removes": _REMOVAL.search,
        "cites": _CITES.search,
        "artifacts": _ARTIFACTS.search,
        "answers": _ANSWERS.search,
    }
    for number, text in enumerate(islice(sentences, _MAX_SENTENCES)):
        if _PLAIN_REQUEST.fullmatch(text.strip()):
            yield "plain request"
        for name, test in tests.items():
            if test(text[:_MAX_TEXT]):
                yield name
                if number == 0:
                    yield f"{name} first"


def _of_list(
    papers: Sequence[Mention], statements: Sequence[Statement], listed: ListedPapers
) -> Iterator[str]:
    values = [value for statement in statements for value in statement.values]
    known = [value for value in values if value.identity and value.is_listed]
    sure = {value.identity.id for value in known if value.identity and value.how is not How.SHORT}
    called = {value.identity.id for value in known if value.identity}
    yield f"listed {min(len(sure), 2)}"
    yield f"called {min(len(called), 2)}"
    new = [paper for paper in papers if not is_listed(paper, listed)]
    yield f"new {min(len(new), 2)}"
    identified = sum(any(link.identifier for link in paper.papers) for paper in new)
    yield f"new identified {min(identified, 2)}"
    for value in (value for value in values if value.identity is None):
        yield f"value {value.field}"
        if value.field != "title" and value.standing is not Standing.NONE:
            yield f"value {value.field} {value.standing.name}"


def is_listed(paper: Mention, listed: ListedPapers) -> bool:
    """Tell whether the list has a paper, by an address, by its title or by its name.

    A name beside another identifier may be that of a listed paper that is thanked for.
    """
    if any(listed.at_address(link.address) for link in paper.papers):
        return True
    is_known = any(link.identifier for link in paper.papers)
    return any(
        place.whole or place.is_most or (not is_known and place.start == 0 == len(name) - place.end)
        for name in filter(None, (paper.title, paper.short_name))
        for place in listed.find(name)
    )


def decide(likely: Mapping[Intent, float], evidence: frozenset[str]) -> Intent:
    """Return what a text that names a paper is for; unsure where nothing is likely enough."""
    asks = "asks to add" in evidence
    is_answer = evidence >= {"answers", "quoted"}
    if is_answer or "artifacts" in evidence or ("cites" in evidence and not asks):
        return Intent.NONE
    is_called = bool({"called 1", "called 2"} & evidence)
    # What is said to be wrong with a listed paper is no idle talk.
    states = bool({"says", "entry"} & evidence)
    states = states or any(one.endswith((" NEW", " DOUBT")) for one in evidence)
    is_alone = evidence >= {"offered", "length 0"} and _NO_OFFER.isdisjoint(evidence)
    is_alone = is_alone and likely[Intent.UPDATE] < _SURELY and likely[Intent.NONE] < _SURE
    is_named = is_called and (states or "listed 0" in evidence)
    if "plain request" in evidence or (is_alone and not is_named):
        return Intent.ADD
    sure = _SURE * (1 - likely[Intent.NONE]) if is_called and states else _SURE
    if likely[Intent.NONE] >= _SURELY and sure == _SURE:
        is_about = "asks for paper" in evidence or evidence >= {"says title", "value title"}
        is_about = is_about or ("named in title" in evidence and not _VALUES.isdisjoint(evidence))
        return Intent.UNSURE if is_about else Intent.NONE
    best = max((Intent.ADD, Intent.UPDATE), key=lambda intent: likely[intent])
    is_offered = not _OFFERS.isdisjoint(evidence) or likely[Intent.ADD] >= _SURELY
    is_offered = is_offered and not {"says", "says in title"} & evidence
    is_digest = "papers 3" in evidence and not {"asks to add", "offers"} & evidence
    is_doubted = any(one.endswith(" DOUBT") for one in evidence)
    is_known = "called 2" in evidence and not asks  # two listed papers are named
    is_offered = is_offered and not (is_digest or is_doubted or is_known)
    if likely[best] < sure or (best is Intent.ADD and not (asks or is_offered)):
        return Intent.UNSURE
    if best is Intent.UPDATE and "asks" in evidence and likely[best] < _SURELY:
        return Intent.UNSURE
    if "says in title" in evidence and is_called:
        best = Intent.UPDATE
    if is_doubted and is_called and "new 0" in evidence:
        best = Intent.UPDATE
    if best is Intent.UPDATE and "removes" in evidence and not asks:
        return Intent.REMOVE
    return best


def part_requests(blocks: Sequence[Block], listed: ListedPapers) -> tuple[list[Block], list[Block]]:
    """Separate the text that asks to add a paper from the text about a listed one.

    A sentence that does neither belongs to the one before it, or else to the first that does. One
    of the two parts is empty if the text is of one kind; a long text always is.

    Args:
        blocks: of a body.
        listed: the papers of the list.
    """
    placed: list[tuple[Block, Line, bool | None]] = []
    if sum(len(block.lines) for block in blocks) > _MAX_SENTENCES:
        return [], []
    for block in blocks:
        for line in block.lines:
            closed = [*((k.start, k.end) for k in find_links(line)), *marked_ranges(line)]
            closed += ((place.start, place.end) for place in listed.find(line.text))
            cutter = LineCutter(line)
            for sentence in split_sentences(line.text, closed):
                cut = cutter.cut(sentence.start, sentence.start + len(sentence.text))
                placed.append((block, cut, None if block.quoted else _adds(cut, listed)))
    parts: tuple[list[Block], list[Block]] = ([], [])
    adds = next((asked for *_, asked in placed if asked is not None), True)
    for block, cut, asked in placed:
        adds = adds if asked is None else asked
        parts[not adds].append(replace(block, lines=(cut,)))
    return parts


def _adds(line: Line, listed: ListedPapers) -> bool | None:
    """Tell whether a sentence asks to add a paper, or is about a listed one; None for neither."""
    links = find_links(line)
    if any(listed.at_address(link.address) for link in links):
        return False
    if next(listed.find(line.text), None) is not None:
        return False
    is_paper = bool(links) or speaks_of_paper([line.text])
    return True if is_paper and asks_to_add(line.text) else None
