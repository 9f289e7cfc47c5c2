"""Trim GitHub's GraphQL schema to the fields that the stand-in GitHub serves.

The source is `schema.graphql` of the npm package @octokit/graphql-schema (MIT; its licence stands
beside this file). To renew `github.graphql`, fetch and unpack the package named in `SOURCE`
(`npm pack`), then run

    python tests/data/graphql/trim.py package/schema.graphql

A field that is kept keeps all its arguments; the enumerations, input types and scalars that it
needs are kept whole. To serve one more field: name it in `FIELDS`, run this, and write its
resolver; a test holds the two together.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from graphql import (
    DefinitionNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    Node,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    Visitor,
    assert_valid_schema,
    build_schema,
    parse,
    print_ast,
    visit,
)

SOURCE = "@octokit/graphql-schema@15.26.1"

_COMMENT = (
    "author authorAssociation body createdAt editor id includesCreatedEdit lastEditedAt updatedAt "
    "url userContentEdits viewerDidAuthor reactions "
)
_ITEM = _COMMENT + (
    "activeLockReason closed closedAt comments databaseId fullDatabaseId labels locked number "
    "repository state timelineItems title "
)
_EVENT = "actor createdAt id "
_CONNECTION = "edges nodes pageInfo totalCount"
_EDGE = "cursor node"
_PAGED = (
    "Commit Issue IssueComment IssueTimelineItems Label PullRequest PullRequestChangedFile "
    "PullRequestCommit PullRequestReview PullRequestReviewComment PullRequestTimelineItems "
    "Reaction UserContentEdit"
)
_EDGE_NAMES = {
    "IssueTimelineItems": "IssueTimelineItemsEdge",
    "PullRequestTimelineItems": "PullRequestTimelineItemsEdge",
}

# Type → the fields of it that are served.
FIELDS: dict[str, str] = {
    "Query": "node nodes rateLimit repository viewer",
    "RateLimit": "cost limit nodeCount remaining resetAt used",
    "PageInfo": "endCursor hasNextPage hasPreviousPage startCursor",
    "Node": "id",
    "Actor": "login url",
    "RepositoryOwner": "id login url",
    "UniformResourceLocatable": "url",
    "Comment": (
        "author authorAssociation body createdAt editor id includesCreatedEdit lastEditedAt "
        "updatedAt userContentEdits viewerDidAuthor"
    ),
    "Labelable": "labels",
    "Closable": "closed closedAt",
    "Lockable": "activeLockReason locked",
    "Reactable": "databaseId id reactions",
    "GitObject": "abbreviatedOid id oid",
    "User": "createdAt databaseId id login url",
    "Bot": "databaseId id login url",
    "Organization": "databaseId id login url",
    "Repository": (
        "databaseId defaultBranchRef id isArchived isFork isPrivate issue issueOrPullRequest "
        "issues label labels name nameWithOwner object owner pullRequest pullRequests ref url "
        "viewerPermission"
    ),
    "Ref": "id name prefix target",
    "Blob": "abbreviatedOid byteSize id isBinary isTruncated oid text",
    "Tree": "abbreviatedOid id oid",
    "Commit": (
        "abbreviatedOid author committedDate committer id message messageHeadline oid parents "
        "status url"
    ),
    "GitActor": "email name user",
    "Status": "context contexts id state",
    "StatusContext": "context createdAt creator description id state targetUrl",
    "Label": "color description id name",
    "Issue": _ITEM + "stateReason",
    "PullRequest": (
        _ITEM + "additions baseRefName baseRefOid changedFiles closingIssuesReferences commits "
        "deletions files headRefName headRefOid headRepository headRepositoryOwner "
        "isCrossRepository isDraft mergeCommit merged mergedAt mergedBy reviews"
    ),
    "IssueOrPullRequest": "",
    "IssueComment": _COMMENT + "databaseId fullDatabaseId",
    "UserContentEdit": "createdAt deletedAt diff editedAt editor id updatedAt",
    "Reaction": "content createdAt databaseId id user",
    "PullRequestChangedFile": "additions changeType deletions path",
    "PullRequestCommit": "commit id",
    "PullRequestReview": "author body comments commit databaseId id state submittedAt",
    "PullRequestReviewComment": (
        "author body databaseId id line originalLine originalStartLine outdated path startLine"
    ),
    "IssueTimelineItems": "",
    "PullRequestTimelineItems": "",
    "Closer": "",
    "ClosedEvent": _EVENT + "closer stateReason",
    "HeadRefDeletedEvent": _EVENT + "headRefName",
    "HeadRefForcePushedEvent": _EVENT,
    "LabeledEvent": _EVENT + "label",
    "LockedEvent": _EVENT + "lockReason",
    "MergedEvent": _EVENT + "commit mergeRefName",
    "RenamedTitleEvent": _EVENT + "currentTitle previousTitle",
    "ReopenedEvent": _EVENT + "stateReason",
    "UnlabeledEvent": _EVENT + "label",
    "UnlockedEvent": _EVENT,
    **{f"{name}Connection": _CONNECTION for name in _PAGED.split()},
    **{_EDGE_NAMES.get(name, f"{name}Edge"): _EDGE for name in _PAGED.split()},
}


class _WithoutProse(Visitor):
    def enter(self, node: Node, *_: object) -> Node | None:
        bare: dict[str, object] = {}
        if getattr(node, "description", None) is not None:
            bare["description"] = None
        if getattr(node, "directives", None):
            bare["directives"] = ()
        return replace(node, **bare) if bare else None


def _name_of(node: TypeNode) -> str:
    while not isinstance(node, NamedTypeNode):
        node = node.type
    return node.name.value


class _Trimmer:
    def __init__(self, source: str) -> None:
        self.definitions: dict[str, DefinitionNode] = {
            node.name.value: node for node in parse(source).definitions if hasattr(node, "name")
        }
        self.kept: dict[str, DefinitionNode] = {}

    def _reach(self, fields: tuple[FieldDefinitionNode | InputValueDefinitionNode, ...]) -> None:
        """Keep the enumerations, inputs and scalars that fields and their arguments need."""
        for field in fields:
            for node in (field, *(getattr(field, "arguments", None) or ())):
                self._keep_leaf(_name_of(node.type))

    def _keep_leaf(self, name: str) -> None:
        node = self.definitions.get(name)
        leaves = (EnumTypeDefinitionNode, InputObjectTypeDefinitionNode, ScalarTypeDefinitionNode)
        if name in self.kept or not isinstance(node, leaves):
            return
        self.kept[name] = node
        if isinstance(node, InputObjectTypeDefinitionNode):
            self._reach(tuple(node.fields))

    def _keep(self, name: str, wanted: set[str]) -> None:
        node = self.definitions[name]
        if isinstance(node, UnionTypeDefinitionNode):
            members = tuple(kind for kind in node.types if kind.name.value in FIELDS)
            node = replace(node, types=members)
        elif isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            fields = tuple(field for field in node.fields if field.name.value in wanted)
            missing = wanted - {field.name.value for field in fields}
            if missing:
                raise SystemExit(f"{name} has no field {', '.join(sorted(missing))}")
            interfaces = tuple(
                kind
                for kind in node.interfaces or ()
                if set(FIELDS.get(kind.name.value, "-").split()) <= wanted
            )
            node = replace(node, fields=fields, interfaces=interfaces)
            self._reach(fields)
        self.kept[name] = node

    def trimmed(self) -> str:
        for name, fields in FIELDS.items():
            self._keep(name, set(fields.split()))
        nodes = [visit(self.kept[name], _WithoutProse()) for name in sorted(self.kept)]
        return "\n\n".join(print_ast(node) for node in nodes) + "\n"


def main(argv: list[str]) -> None:
    text = _Trimmer(Path(argv[1]).read_text(encoding="utf-8")).trimmed()
    assert_valid_schema(build_schema(text))
    head = f"# From {SOURCE}; written by trim.py.\n\n"
    Path(__file__).with_name("github.graphql").write_text(head + text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv)
