"""What the bot's own comment shows of a proposal: the values that services had added to it."""

from collections.abc import Mapping
from dataclasses import replace

from kdbot.intake.record import parse_record
from kdbot.model.collection import Collection, Identity
from kdbot.model.finding import Finding
from kdbot.model.proposal import Candidate, Given, Origin, Proposal
from kdbot.publish.comment.paper import shown_records
from kdbot.review.proposal import identities_in
from kdbot.storage.files import PAPERS

_COMPLETED = ("title", "authors", "date", "venue", "withdrawn")
"""Fields that services fill in; links are only suggested."""


def shown_values(comment: str) -> Mapping[str, Mapping[str, Given]]:
    """Return the fields of the records in a comment by the stem of their file."""
    found = {}
    for path, text in shown_records(comment).items():
        record = parse_record(text.encode("utf-8"), path)
        if not isinstance(record, Finding):
            stem = path.removeprefix(f"{PAPERS}/").removesuffix(".yaml")
            found[stem] = {
                name: replace(given, origin=Origin.COMMENT, line=None, item_lines=())
                for name, given in record.given.items()
                if name in _COMPLETED
            }
    return found


def complete_proposal(
    proposal: Proposal, shown: Mapping[str, Mapping[str, Given]], collection: Collection
) -> Proposal:
    """Return the proposal with what its papers lack taken from the records that were shown."""
    identities = identities_in(proposal, collection)
    pairs = zip(proposal.candidates, identities, strict=True)
    candidates = tuple(_complete(candidate, identity, shown) for candidate, identity in pairs)
    return replace(proposal, candidates=candidates)


def _complete(
    candidate: Candidate, identity: Identity, shown: Mapping[str, Mapping[str, Given]]
) -> Candidate:
    missing = {
        name: given
        for name, given in shown.get(identity.id, {}).items()
        if name not in candidate.given
    }
    return replace(candidate, given={**candidate.given, **missing})
