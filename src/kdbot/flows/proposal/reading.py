"""From a proposal's text to its report and comment: shared by all flows."""

from kdbot import own_version
from kdbot.intake.proposal import parse_proposal
from kdbot.model.collection import Collection
from kdbot.model.form import form_fields
from kdbot.model.proposal import Proposal
from kdbot.model.settings import Settings
from kdbot.publish.comment.context import CommentContext


def read_proposal(title: str, body: str, *, collection: Collection, settings: Settings) -> Proposal:
    """Read the proposal in an issue's title and body."""
    return parse_proposal(
        title,
        body,
        form=form_fields(settings, collection.schema, collection.taxonomy),
        taxonomy=collection.taxonomy,
        venues=collection.venues,
        listed=collection.identities,
    )


def comment_context(collection: Collection, settings: Settings) -> CommentContext:
    """Return the context of a comment as far as the list alone determines it."""
    return CommentContext(
        settings=settings,
        schema=collection.schema,
        taxonomy=collection.taxonomy,
        form=form_fields(settings, collection.schema, collection.taxonomy),
        version=own_version(),
    )
