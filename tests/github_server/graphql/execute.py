"""From the body of a request to the body of an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, build_schema, execute_sync, parse, validate

from tests.github_server.graphql.asking import Ask, Context, failure
from tests.github_server.graphql.cost import MAX_NODES, Cost, cost_of, sizes
from tests.github_server.graphql.resolvers import RESOLVERS, type_of
from tests.github_server.http import ApiError, Response

if TYPE_CHECKING:
    from graphql import DocumentNode, GraphQLResolveInfo, GraphQLSchema

_SCHEMA = Path(__file__).parent.parent.parent / "data" / "graphql" / "github.graphql"


@cache
def load_schema() -> GraphQLSchema:
    """Read the trimmed schema once for a test process."""
    return build_schema(_SCHEMA.read_text(encoding="utf-8"), assume_valid=True)


@lru_cache(maxsize=512)
def _checked(text: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """Parse and validate a query's text, which says the same each time it comes."""
    try:
        document = parse(text)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(load_schema(), document))


@lru_cache(maxsize=512)
def _priced(text: str, variables: tuple[tuple[str, int], ...]) -> Cost:
    """Price a valid query's text once for the same sizes."""
    document, _ = _checked(text)
    assert document is not None
    return cost_of(document, dict(variables))


class Query:
    """One query as it came: checked at once, priced, and answered when it is asked to be."""

    def __init__(self, body: Any) -> None:
        self.variables: dict[str, Any] = body.get("variables") or {}
        self.operation: str | None = body.get("operationName")
        document, self.errors = _checked(body["query"])
        self.document = None if self.errors else document
        self.cost = _priced(body["query"], sizes(self.variables)) if self.document else Cost()

    def answer(self, context: Context) -> tuple[Response, list[str]]:
        """Run the query; gives the answer, and what GitHub would not have had."""
        if self.document is None:
            return _refused(self.errors), [f"graphql: {error.message}" for error in self.errors]
        if self.cost.nodes > MAX_NODES:
            message = (
                f"This query requests up to {self.cost.nodes:,} possible nodes which exceeds the "
                f"maximum limit of {MAX_NODES:,}."
            )
            return _refused([failure("MAX_NODE_LIMIT_EXCEEDED", message)]), [f"graphql: {message}"]
        result = execute_sync(
            load_schema(),
            self.document,
            context_value=context,
            variable_values=self.variables,
            operation_name=self.operation,
            field_resolver=_resolve,
            type_resolver=lambda value, _info, _type: type_of(value),
        )
        complaints = list(context.complaints)
        for error in result.errors or ():
            if error.path is None:
                complaints.append(f"graphql: {error.message}")
            elif error.original_error and not isinstance(error.original_error, GraphQLError):
                complaints.append(f"graphql: the stand-in failed: {error.original_error!r}")
        body: dict[str, Any] = {}
        if result.data is not None or not complaints:
            body["data"] = result.data
        if result.errors:
            body["errors"] = [_view(error) for error in result.errors]
        return Response(body=body), complaints


def _refused(errors: Sequence[GraphQLError]) -> Response:
    return Response(body={"errors": [_view(error) for error in errors]})


def _view(error: GraphQLError) -> dict[str, Any]:
    """Write an error as GitHub does: its type first, where it has one."""
    out: dict[str, Any] = {}
    if kind := (error.extensions or {}).get("type"):
        out["type"] = kind
    if error.path is not None:
        out["path"] = list(error.path)
    if error.locations:
        out["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    return {**out, "message": error.message}


def _resolve(source: Any, info: GraphQLResolveInfo, **args: Any) -> Any:
    table = RESOLVERS.get(info.parent_type.name)
    if table is None:
        value = source[info.field_name] if isinstance(source, Mapping) else None
        return value(info) if callable(value) else value
    try:
        return table[info.field_name](source, Ask(context=info.context, info=info, args=args))
    except ApiError as error:
        kinds = {403: "FORBIDDEN", 404: "NOT_FOUND"}
        raise failure(kinds.get(error.status, "UNPROCESSABLE"), error.message) from error
