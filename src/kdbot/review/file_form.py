"""Values of a file that are not in canonical form: findings, with the line that mends each."""

import re
from collections.abc import Container, Iterator
from dataclasses import replace

from kdbot.model.collection import Collection
from kdbot.model.finding import Finding, Severity, error_rule, quote, warning_rule
from kdbot.model.identifiers import LANDING_KINDS, Identifier, arxiv_from_stem, arxiv_stem
from kdbot.model.paper import IDENTIFIER_NAMES, path_of, stem_of
from kdbot.model.titles import title_slug
from kdbot.model.venue import year_of_venue
from kdbot.review.draft import Draft, Value, is_file
from kdbot.review.identifiers import IDENTIFIER_CONFLICT, field_of, read_identifier
from kdbot.text.addresses import clean_address
from kdbot.text.dates import parse_month
from kdbot.text.record import render_scalar
from kdbot.text.titles import canonical_title
from kdbot.text.venues import canonical_venue

NOT_CANONICAL = warning_rule(
    "not-canonical",
    "A file holds each value in its canonical form and under its own field.",
    "Write the canonical form.",
)

# Fields whose other forms the schema or the taxonomy refuses.
_STRICT = frozenset({"date", "categories"})
_FORM = {
    "title": "the title alone is",
    "venue": "the list calls this venue",
    "date": "written as year and month that is",
    "categories": "the path of this category is",
}


def fix_file(draft: Draft, collection: Collection) -> Draft:
    """Return the draft with canonical values, and a finding for each that was not."""
    draft = _fix_identifiers(draft)
    values = dict(draft.values)
    findings: list[Finding] = []
    for name, value in draft.values.items():
        if isinstance(value, bool) or name in IDENTIFIER_NAMES:
            continue
        items = value if isinstance(value, tuple) else (value,)
        fixed = tuple(_canonical(name, item, collection) for item in items)
        if fixed != items:
            values[name] = fixed if isinstance(value, tuple) else fixed[0]
            if is_file(draft.given[name]):
                findings.extend(_differences(draft, name, value, fixed))
    year = year_of_venue(draft.text("venue"))
    in_file = "venue" in draft.given and is_file(draft.given["venue"])
    if year and in_file and "year" not in values and "year" in collection.schema.by_name:
        findings.append(
            draft.finding(
                NOT_CANONICAL,
                f"The year {quote(year)} beside the venue has a field of its own.",
                field="venue",
                fix=f"Add {quote(f'year: {year}')}.",
            )
        )
    return replace(draft, values=values, findings=(*draft.findings, *findings))


def canonical_text(name: str, text: str, collection: Collection) -> str | None:
    """Return the canonical form of a text, or of an item of a list; None where it has none.

    Identifiers are not of this kind: they may belong under another field.
    """
    match name:
        case "venue":
            return canonical_venue(text, collection.venues)
        case "date":
            return parse_month(text)
        case "year":
            return year_of_venue(text)
        case "categories":
            named = collection.taxonomy.named(text)
            return named[0].path if len(named) == 1 else None
        case "title":
            return canonical_title(text)
    if collection.schema.lists_addresses(name):
        return clean_address(text)
    return " ".join(text.split())


def _canonical(name: str, text: str, collection: Collection) -> str:
    if name == "categories" and text in collection.taxonomy.by_path:
        return text
    return canonical_text(name, text, collection) or text


def _differences(
    draft: Draft, name: str, value: Value, fixed: tuple[str, ...]
) -> Iterator[Finding]:
    in_list = isinstance(value, tuple)
    items = value if isinstance(value, tuple) else (str(value),)
    for position, (text, canonical) in enumerate(zip(items, fixed, strict=True)):
        if text == canonical:
            continue
        item = position if in_list else None
        yield draft.finding(
            NOT_CANONICAL,
            _difference(name, text, canonical),
            field=name,
            item=item,
            fix=f"Write {quote(canonical)}.",
            replacement=draft.fixed_line(name, canonical, item=item),
            severity=Severity.ERROR if name in _STRICT else Severity.WARNING,
        )


def _difference(name: str, text: str, canonical: str) -> str:
    if " ".join(text.split()) == canonical:
        return f"{quote(text)} is not on one line, or has several blanks in a row."
    return f"I read {quote(text)}; {_FORM.get(name, 'its canonical form is')} {quote(canonical)}."


def _fix_identifiers(draft: Draft) -> Draft:
    for name in (*IDENTIFIER_NAMES, "url"):
        if text := draft.text(name):
            found = read_identifier(name, text)
            field = field_of(found)
            if field == name:
                draft = _fix_own(draft, name, text, found)
            elif field is not None:
                draft = _move(draft, name, text, field, str(found.canonical))
    return draft


def _fix_own(draft: Draft, name: str, text: str, found: Identifier) -> Draft:
    if name == "url" or text == found.canonical:
        return draft
    canonical = str(found.canonical)
    finding = draft.finding(
        NOT_CANONICAL,
        f"I read {quote(text)}; the identifier alone is {quote(canonical)}.",
        field=name,
        fix=f"Write {quote(canonical)}.",
        replacement=draft.fixed_line(name, canonical),
        severity=Severity.ERROR,
    )
    values = {**draft.values, name: canonical}
    return replace(draft, values=values, findings=(*draft.findings, finding))


def _move(draft: Draft, name: str, text: str, field: str, canonical: str) -> Draft:
    """Put an identifier that stands under another field into its own."""
    listed = draft.text(field)
    if listed == canonical and name == "url" and field != _landing_field(draft):
        return draft
    finding = _misplaced(draft, name, text, field, canonical)
    values = {key: value for key, value in draft.values.items() if key != name}
    given = {key: value for key, value in draft.given.items() if key != name}
    if not listed:
        values[field], given[field] = canonical, draft.given[name]
    return replace(draft, values=values, given=given, findings=(*draft.findings, finding))


def _misplaced(draft: Draft, name: str, text: str, field: str, canonical: str) -> Finding:
    listed = draft.text(field)
    if not listed:
        others = any(draft.text(other) for other in IDENTIFIER_NAMES if other != name)
        return draft.finding(
            NOT_CANONICAL,
            f"I read {quote(text)} under {quote(name)}; it is the identifier {quote(canonical)}, "
            f"which stands under {quote(field)}.",
            field=name,
            fix=f"Write {quote(f'{field}: {render_scalar(canonical, field)}')}.",
            replacement=draft.fixed_line(name, canonical, key=field),
            severity=Severity.WARNING if others else Severity.ERROR,
        )
    if listed == canonical:
        return draft.finding(
            NOT_CANONICAL,
            f"{quote(text)} leads to where the field {quote(field)} leads already.",
            field=name,
            fix="Remove the line.",
        )
    return draft.finding(
        IDENTIFIER_CONFLICT,
        f"I read {quote(listed)} under {quote(field)} and {quote(text)} under {quote(name)}; "
        "they are two papers.",
        field=name,
        fix="Keep the one that is meant.",
    )


def _landing_field(draft: Draft) -> str | None:
    """Return the identifier that the title leads to where the record has no other address."""
    return next((name for name in LANDING_KINDS if draft.text(name)), None)


WRONG_FILE_NAME = error_rule(
    "wrong-file-name",
    "A record's file is named after its arXiv identifier, or else after its title.",
    "Rename the file.",
)

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_SLUG = 69  # sixty characters, a dash and a hash of eight


def paper_key(draft: Draft, taken: Container[str] = ()) -> str:
    """Return the stem that a new record's file must have.

    Args:
        draft: the record.
        taken: stems that are not free for a slug.
    """
    arxiv = draft.text("arxiv")
    if arxiv and field_of(read_identifier("arxiv", arxiv)) == "arxiv":
        return arxiv_stem(arxiv)
    return title_slug(_name_of(draft), taken=taken)


def _name_of(draft: Draft) -> str:
    """Return the title, or what goes by its place in a record that cannot be written yet."""
    identifiers = (draft.text(name) for name in (*IDENTIFIER_NAMES, "url"))
    names = (draft.text("title"), draft.candidate.short_name, *identifiers)
    return next((name for name in names if name), "")


def check_file_name(draft: Draft, *, listed: bool, taken: bool = False) -> Iterator[Finding]:
    """Ask a file to be named after its paper.

    Args:
        draft: the record.
        listed: whether the file is on the list already; its slug stays when the title is mended.
        taken: whether the right name is that of another file with the same paper; one of the two
            has to go then, and none is to be renamed onto the other.
    """
    if draft.file is None or not draft.text("title"):
        return
    stem, key = stem_of(draft.file), paper_key(draft)
    arxiv, named = draft.text("arxiv"), arxiv_from_stem(stem)
    by_identifier = bool(arxiv) and key == arxiv_stem(arxiv)
    if arxiv and not by_identifier:
        # The identifier is told of; what it should be, the name may say and a title cannot.
        return
    if by_identifier:
        right = stem == key
    elif listed:
        right = _is_slug(stem)
    else:
        right = stem in {key, paper_key(draft, taken=(key,))}
    if right and draft.file == path_of(stem):
        return
    reason = "its arXiv identifier" if arxiv else "its title"
    fixes = [] if taken else [f"rename it to {quote(path_of(key), 160)}"]
    if named and stem != key:
        line = quote(f"arxiv: {render_scalar(named, 'arxiv')}")
        fixes = [f"if the name is right, write {line}", *(f"if not, {fix}" for fix in fixes)]
    if not fixes:
        return
    fix = "; ".join(fixes)
    yield draft.finding(
        WRONG_FILE_NAME,
        f"The file is named {quote(draft.file)}; a paper's file is named after {reason}.",
        fix=f"{fix[0].upper()}{fix[1:]}.",
    )


def _is_slug(stem: str) -> bool:
    return (
        len(stem) <= _MAX_SLUG
        and _SLUG.fullmatch(stem) is not None
        and arxiv_from_stem(stem) is None
    )
