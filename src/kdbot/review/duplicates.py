"""Which listed paper a draft is: by identifier, by address, by title, or by its short name."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from kdbot.model.collection import (
    BROKEN_FILE_CODE,
    IDENTIFIER_FIELDS,
    BrokenFile,
    Collection,
    Identities,
    Identity,
    identity_of,
)
from kdbot.model.finding import Finding, Severity, error_rule, quote, quote_long, warning_rule
from kdbot.model.identifiers import IdentifierKind, parse_identifier
from kdbot.model.paper import IDENTIFIER_NAMES, FieldValue, paper_from_values, path_of, stem_of
from kdbot.model.titles import acronym_head, fold_title
from kdbot.review.draft import Draft
from kdbot.review.file_name import paper_key
from kdbot.review.identifiers import IDENTIFIER_CONFLICT, is_shared
from kdbot.review.similarity import OTHER_PAPER, find_alike, title_ratio

DUPLICATE_BY_KIND = {
    kind: error_rule(
        f"duplicate-{kind}",
        f"Each {kind.label} is listed once.",
        "Nothing to do. If something is missing from the listed paper, say what.",
    )
    for kind in IdentifierKind
    if kind is not IdentifierKind.NONE
}
DUPLICATE_TITLE = error_rule(
    "duplicate-title",
    "No two records have the same title, ignoring case and punctuation.",
    "If it is another paper, say so and give its identifier.",
)
DUPLICATE_KEY = error_rule(
    "duplicate-key",
    "Each citation key belongs to one paper.",
    "Remove the line from the newer file; the bot writes its key at the merge.",
    since="0.2.0",
)
REPEATED_IN_PROPOSAL = error_rule(
    "repeated-in-proposal",
    "A proposal names each paper once.",
    "Put everything about the paper in one place, and remove the other.",
)
SIMILAR_TITLE = warning_rule(
    "similar-title",
    "A maintainer checks a title that is similar to a listed one.",
    "If it is the same paper, say so; otherwise there is nothing to do.",
)
SHARED_URL = warning_rule(
    "shared-url",
    "A link points to the paper's own page, not to a site that several papers share.",
    "Write the address of the paper's own page.",
)
TITLE_CONFLICT = error_rule(
    "title-conflict",
    "A listed identifier comes with the listed title or a similar one.",
    "Check the identifier and the title against the paper's page.",
)
MATCHED_BY_NAME = warning_rule(
    "matched-by-name",
    "A maintainer confirms a paper that was named only by its short name.",
    "If another paper is meant, write its identifier.",
)
BROKEN_FILE = warning_rule(
    BROKEN_FILE_CODE,
    "A listed paper's file is readable and valid, so that a proposal can be compared with it.",
    "Nothing to do; I check again as soon as a maintainer has fixed the file.",
    since="0.2.0",
)

_MAX_SIMILAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A listed paper that a draft is, and what says so.

    Attributes:
        identity: the listed paper.
        kind: the kind of identifier that is the same; NONE where only the names are.
        conflicts: what speaks against it; a person decides where there is any.
        findings: what else a maintainer should know about the match.
    """

    identity: Identity
    kind: IdentifierKind
    conflicts: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()


def draft_identity(draft: Draft, paper_id: str) -> Identity:
    """Return what tells a draft from other papers."""
    return identity_of(paper_from_values(paper_id, {"title": "", **draft.values}))


def find_listed(draft: Draft, identities: Identities) -> Match | None:
    """Return the listed paper that a draft is, or None.

    An identifier is stronger than an address, an address stronger than a title. A paper of the
    same title with another identifier of the same kind is a match with a conflict.
    """
    if draft.candidate.names:
        return _by_names(draft, identities)
    identity = draft_identity(draft, "")
    for key in identity.keys:
        if (found := identities.by_key.get(key)) and not is_shared(key):
            return _by_key(draft, identity, found[0], key)
    folded = fold_title(identity.title)
    if folded and (named := identities.by_title.get(folded)):
        conflicts = tuple(_identifier_conflicts(draft, identity, named[0]))
        return Match(identity=named[0], kind=IdentifierKind.NONE, conflicts=conflicts)
    if draft.candidate.updates and not identity.keys:
        words = draft.text("title") or draft.candidate.short_name or ""
        return _by_name(draft, words, identities)
    return None


def find_owner(draft: Draft, match: Match, identities: Identities) -> Match | None:
    """Return the other listed paper to which a correction's new identifier or title belongs."""
    identity = draft_identity(draft, "")
    titled = identities.by_title.get(fold_title(identity.title), ()) if identity.title else ()
    owners = [(kind, o) for kind, v in identity.keys for o in identities.by_key.get((kind, v), ())]
    for kind, owner in (*owners, *((IdentifierKind.NONE, owner) for owner in titled)):
        if owner.id != match.identity.id:
            return Match(identity=owner, kind=kind)
    return None


def find_broken(draft: Draft, collection: Collection, *, distinct: bool) -> BrokenFile | None:
    """Return the file that cannot be used and seems to be the draft's paper, or None.

    It is known by its name and by the identifiers and the title that its text still shows.

    Args:
        draft: the paper.
        collection: the list.
        distinct: whether a person has said that an equal title is no reason.
    """
    if not collection.broken:
        return None
    if draft.file is not None and (same := collection.broken.get(stem_of(draft.file))):
        return same
    identity = draft_identity(draft, paper_key(draft))
    keys = {key for key in identity.keys if not is_shared(key)}
    folded = fold_title(identity.title)
    for stem, broken in collection.broken.items():
        if keys & broken.keys:
            return broken
        if not distinct and (stem == identity.id or (folded and folded in broken.titles)):
            return broken
    return None


def broken_finding(draft: Draft, broken: BrokenFile) -> Finding:
    """Return the finding that says which file of the list keeps a draft from being compared."""
    fault = broken.findings[0]
    line = f", line {fault.line}" if fault.line else ""
    message = (
        f"{quote_long(broken.file)} in the list seems to be this paper, but the file is broken"
        f"{line}: {fault.message} So I could not compare it with this proposal. "
        "The maintainers have been notified."
    )
    return draft.finding(BROKEN_FILE, message)


def duplicate_finding(draft: Draft, match: Match) -> Finding:
    """Return the finding that says which listed paper a draft is."""
    where = f"{quote_long(match.identity.title)} (`{path_of(match.identity.id)}`)"
    if match.kind is IdentifierKind.NONE:
        message = f"The list already has a paper with this title: {where}."
        return draft.finding(DUPLICATE_TITLE, message, field="title")
    field = match.kind.value
    value = dict(match.identity.keys)[match.kind]
    message = f"{quote(value)} is already in the list: {where}."
    return draft.finding(DUPLICATE_BY_KIND[match.kind], message, field=field)


def check_citation_key(draft: Draft, paper_id: str, identities: Identities) -> Iterator[Finding]:
    """Ask a citation key to be no other paper's."""
    key = draft.text("key")
    if key and key in identities.citation_keys:
        other = next(i for i in identities.all if i.citation_key == key)
        if other.id != paper_id:
            message = f"The key {quote(key)} belongs to {_named(other)}."
            yield draft.finding(DUPLICATE_KEY, message, field="key")


def check_similarity(draft: Draft, identities: Identities) -> Iterator[Finding]:
    """Yield the listed papers that a new one may be after all; never a reason to refuse it."""
    for key in draft_identity(draft, "").keys:
        if is_shared(key) and (sharing := identities.by_key.get(key)):
            yield draft.finding(
                SHARED_URL,
                f"{quote(key[1])} is also the link of {_named(sharing[0])}; a site's front page "
                "does not identify a paper.",
                field="url",
            )
    title = draft.text("title")
    if not title:
        return
    alike = tuple(find_alike(title, identities))
    for one in alike[:_MAX_SIMILAR]:
        message = f"The title is similar to that of {_named(one)}."
        yield draft.finding(SIMILAR_TITLE, message, field="title")
    if len(alike) > _MAX_SIMILAR:
        message = f"The title is similar to those of {len(alike) - _MAX_SIMILAR:,} more papers."
        yield draft.finding(SIMILAR_TITLE, message, field="title")


def _named(identity: Identity) -> str:
    return f"{quote_long(identity.title)} (`{path_of(identity.id)}`)"


def _by_key(
    draft: Draft, identity: Identity, listed: Identity, key: tuple[IdentifierKind, str]
) -> Match:
    conflicts: tuple[Finding, ...] = ()
    title = identity.title
    ratio = max(title_ratio(title, known) for known in listed.titles) if title else 100.0
    is_short = any(_is_named_short(title, known) for known in listed.titles)
    if ratio < OTHER_PAPER and not is_short:
        message = (
            f"{quote(key[1])} is listed as {quote_long(listed.title)}, "
            f"but I read the title {quote_long(identity.title)}."
        )
        conflicts = (draft.finding(TITLE_CONFLICT, message, field="title"),)
    findings = tuple(_identifier_conflicts(draft, identity, listed, severity=Severity.WARNING))
    return Match(identity=listed, kind=key[0], conflicts=conflicts, findings=findings)


def _is_named_short(title: str, listed: str) -> bool:
    """Tell whether a title is the short name, or the head, of a listed one."""
    folded = fold_title(title)
    return bool(folded) and fold_title(listed).startswith(folded)


def _identifier_conflicts(
    draft: Draft, identity: Identity, listed: Identity, severity: Severity = Severity.ERROR
) -> Iterator[Finding]:
    known = dict(listed.keys)
    for kind, value in identity.keys:
        other = known.get(kind)
        if other is not None and other != value and kind.value in IDENTIFIER_NAMES:
            yield draft.finding(
                IDENTIFIER_CONFLICT,
                f"{_named(listed)} is listed with {quote(other)}, but I read {quote(value)}.",
                field=kind.value,
                severity=severity,
            )


def _by_names(draft: Draft, identities: Identities) -> Match | None:
    """Return the listed paper that a correction means: by the first name that the list knows."""
    matches = (_by_name(draft, words, identities) for words in draft.candidate.names)
    return next(filter(None, matches), None)


def _by_name(draft: Draft, words: str, identities: Identities) -> Match | None:
    """Return the one listed paper that is called so, or None."""
    named = _find_named(words, identities)
    if len(named) != 1:
        return None
    kind = parse_identifier(words).kind
    findings: tuple[Finding, ...] = ()
    if kind is IdentifierKind.NONE and fold_title(words) != fold_title(named[0].title):
        message = f"I assume that {quote(words)} means {_named(named[0])}."
        findings = (draft.finding(MATCHED_BY_NAME, message, field="title"),)
    return Match(identity=named[0], kind=kind, findings=findings)


def _find_named(name: str, identities: Identities) -> tuple[Identity, ...]:
    """Return the listed papers that a name may mean; a correction needs exactly one.

    Args:
        name: a title, an identifier, an address, or the name before a title's colon.
        identities: those of the list.
    """
    found = parse_identifier(name)
    if found.kind is not IdentifierKind.NONE and found.canonical is not None:
        key = (found.kind, found.canonical)
        return () if is_shared(key) else identities.by_key.get(key, ())
    folded = fold_title(name)
    if not folded:
        return ()
    return (
        identities.by_title.get(folded)
        or _papers_called(name, identities)
        or tuple(find_alike(name, identities))
    )


def _papers_called(words: str, identities: Identities) -> tuple[Identity, ...]:
    """Return the listed papers whose name before the colon, or whose title, is these words."""
    folded = fold_title(words)
    titles = identities.by_word.get(folded.split()[0], ()) if folded else ()
    listed = (pair for title in titles for pair in identities.by_any_title[title])
    named = {i.id: i for i, title in listed if fold_title(acronym_head(title) or title) == folded}
    return tuple(named.values())


def same_paper(one: Identity, other: Identity) -> bool:
    """Tell whether two identities are of one paper beyond doubt."""
    shared = {key for key in one.keys if not is_shared(key)} & set(other.keys)
    if shared:
        return True
    folded = fold_title(one.title)
    if not folded or folded != fold_title(other.title):
        return False
    known = dict(other.keys)
    return all(known.get(kind, value) == value for kind, value in one.keys if kind in _STRONG)


_STRONG = frozenset(kind for kind, _ in IDENTIFIER_FIELDS)


def unite_repeats(drafts: Iterable[Draft], listed_as: Callable[[Draft], str | None]) -> list[Draft]:
    """Return the drafts, with those of one paper merged unless they are files.

    A paper in several sections of a README is several rows, but one record. If it is named by two
    identifiers and no draft has both, the list shows that they are the same paper.

    Args:
        drafts: in the order of the proposal.
        listed_as: gives the stem of the listed paper that a draft is, or None.
    """
    united: list[Draft] = []
    stems: list[str | None] = []
    for draft in drafts:
        stem = listed_as(draft) if draft.file is None else None
        known = (
            index
            for index, other in enumerate(united)
            if (stem is not None and stem == stems[index]) or _are_one(draft, other)
        )
        first = next(known, None)
        if first is None:
            united.append(draft)
            stems.append(stem)
        else:
            united[first] = _unite(united[first], draft)
    return united


def _are_one(one: Draft, other: Draft) -> bool:
    if one.file is not None or other.file is not None:
        return False
    return same_paper(draft_identity(one, ""), draft_identity(other, ""))


def _unite(first: Draft, other: Draft) -> Draft:
    values: dict[str, FieldValue] = {**other.values, **first.values}
    for name, value in other.values.items():
        listed = first.values.get(name)
        if isinstance(value, tuple) and isinstance(listed, tuple):
            values[name] = tuple(dict.fromkeys((*listed, *value)))
    note = REPEATED_IN_PROPOSAL.finding(
        "This paper is named more than once; I merged everything about it.",
        fix="Nothing to do.",
        severity=Severity.NOTICE,
    )
    return replace(
        first,
        values=values,
        given={**other.given, **first.given},
        findings=(*first.findings, *other.findings, note),
    )
