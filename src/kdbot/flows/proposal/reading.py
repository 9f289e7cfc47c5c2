"""A proposal's text to its report, and the words around it: what every occasion shares."""

import hashlib
from importlib.metadata import version
from pathlib import Path

from kdbot.intake.proposal import parse_proposal
from kdbot.model.collection import Collection
from kdbot.model.form import form_fields
from kdbot.model.proposal import Proposal
from kdbot.model.settings import Settings
from kdbot.publish.comment.context import CommentContext
from kdbot.storage.files import SCHEMA, TAXONOMY, VENUES, read_bytes


def read_proposal(title: str, body: str, *, collection: Collection, settings: Settings) -> Proposal:
    """Read the proposal in an issue's title and body."""
    return parse_proposal(
        title,
        body,
        form=form_fields(settings, collection.schema, collection.taxonomy),
        taxonomy=collection.taxonomy,
        venues=collection.venues,
    )


def comment_context(collection: Collection, settings: Settings) -> CommentContext:
    """Return the context of a comment as far as the list alone determines it."""
    return CommentContext(
        settings=settings,
        schema=collection.schema,
        taxonomy=collection.taxonomy,
        form=form_fields(settings, collection.schema, collection.taxonomy),
        version=version("kdbot"),
    )


def input_digest(root: Path, *parts: str) -> str:
    """Return the sha256 of all that a review reads: the list's rules and the given parts."""
    digest = hashlib.sha256(_rules_digest(root))
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _rules_digest(root: Path) -> bytes:
    digest = hashlib.sha256()
    for name in (SCHEMA, TAXONOMY, VENUES):
        digest.update(hashlib.sha256(read_bytes(root, name)).digest())
    return digest.digest()
