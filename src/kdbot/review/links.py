"""The links of a record: their form, and what was found at them."""

from collections.abc import Iterator

from kdbot.model.collection import IDENTIFIER_FIELDS, Collection
from kdbot.model.evidence import Evidence, LinkResult, LinkState
from kdbot.model.finding import Finding, error_rule, notice_rule, quote, quote_long, warning_rule
from kdbot.model.paper import ADDRESS_NAMES, FIELD_NAMES, IDENTIFIER_NAMES
from kdbot.model.urls import parse_url
from kdbot.review.draft import Draft
from kdbot.review.identifiers import (
    INVALID_LINK,
    field_of,
    read_identifier,
)
from kdbot.text.addresses import address_fault, same_address
from kdbot.text.hosts import is_repository

NOT_A_REPOSITORY = warning_rule(
    "not-a-repository",
    "A code link leads to a repository; other pages are project pages.",
    "Move the address to the field `project`.",
)
DEAD_LINK = error_rule(
    "dead-link",
    "Every link in a proposal resolves.",
    "Check the spelling, or leave the link out until the page is public.",
)
MOVED_LINK = notice_rule(
    "moved-link",
    "A link that has moved permanently is written with its new address.",
    "Write the new address.",
)
LINK_NOT_CHECKED = notice_rule(
    "link-not-checked",
    "The bot checks every link in a proposal; some sites block automated requests.",
    "Nothing to do; a maintainer opens the link in a browser.",
)


def draft_links(draft: Draft) -> Iterator[tuple[str, int | None, str]]:
    """Yield the field, the position in it and the address of each link of a draft."""
    for kind, name in IDENTIFIER_FIELDS:
        if text := draft.text(name):
            yield name, None, kind.page(text)
    for name in ADDRESS_NAMES:
        if text := draft.text(name):
            yield name, None, text
        for item, address in enumerate(draft.items(name)):
            yield name, item, address
    for name in draft.values:
        if name not in FIELD_NAMES:
            for item, address in enumerate(draft.items(name)):
                if address.startswith(("https://", "http://")):
                    yield name, item, address


def check_evidence(
    draft: Draft, evidence: Evidence, known: frozenset[str] = frozenset()
) -> Iterator[Finding]:
    """Yield the results of a draft's links, except those already in the list.

    Args:
        draft: the record under review.
        evidence: what was found.
        known: canonical addresses of the listed record, which the weekly audit looks after.
    """
    for name, item, address in draft_links(draft) if evidence.links else ():
        result = evidence.links.get(address)
        if result is not None and same_address(address) not in known:
            yield from _tell(draft, name, item, result)


def _death(result: LinkResult) -> str:
    if result.status:
        return f"{quote_long(result.url)} answered {result.status} (not found)."
    asked = parse_url(result.final_url or result.url)
    name = f"the host name {quote(asked.host)}" if asked else "its host name"
    return f"{quote_long(result.url)} does not work: {name} could not be resolved."


def _tell(draft: Draft, name: str, item: int | None, result: LinkResult) -> Iterator[Finding]:
    address, said = quote_long(result.url), result.evidence.replace("`", "'").rstrip(".")
    match result.state:
        case LinkState.DEAD:
            yield draft.finding(DEAD_LINK, _death(result), field=name, item=item)
        case LinkState.MOVED if result.final_url and name not in IDENTIFIER_NAMES:
            yield draft.finding(
                MOVED_LINK,
                f"{address} has moved permanently.",
                field=name,
                item=item,
                fix=f"Write {quote_long(result.final_url)}.",
                replacement=draft.fixed_line(name, result.final_url, item=item)
                if draft.file
                else None,
            )
        case LinkState.BLOCKED | LinkState.UNREACHABLE | LinkState.REFUSED:
            reason = f": {quote_long(said)}" if said else ""
            yield draft.finding(
                LINK_NOT_CHECKED, f"I could not check {address}{reason}.", field=name, item=item
            )


def check_links(draft: Draft, collection: Collection) -> Iterator[Finding]:
    """Ask each link to be a public address, and code links to be repositories."""
    for name, item, text in _addresses(draft, collection):
        if (fault := address_fault(text)) is not None:
            message = f"I read {quote(text)}; {fault}."
            yield draft.finding(INVALID_LINK, message, field=name, item=item)
        elif name == "code" and not is_repository(text):
            message = f"{quote(text)} is a web page, not a repository."
            yield draft.finding(NOT_A_REPOSITORY, message, field=name, item=item)


def _addresses(draft: Draft, collection: Collection) -> Iterator[tuple[str, int | None, str]]:
    """Yield field, position in it and text of what should be addresses, readable or not."""
    for field in collection.schema.fields:
        if field.holds_addresses or field.name == "url":
            for item, text in enumerate(draft.items(field.name)):
                yield field.name, item, text
            text = draft.text(field.name)
            # `check_identifiers` reports identifiers and texts that are not addresses.
            if text and (field.name != "url" or field_of(read_identifier("url", text)) == "url"):
                yield field.name, None, text
