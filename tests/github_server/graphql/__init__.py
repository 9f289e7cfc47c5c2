"""GitHub's GraphQL, answered from the world by GitHub's published schema.

Queries are parsed, validated and executed by graphql-core over the schema that
tests/data/graphql/trim.py cuts out of the published one. What that schema does not allow, or what
GitHub refuses before it runs a query, is an error of the answer and a violation of the test.

Most failures of GraphQL come with status 200 and a list `errors`, whose entries have a `type`:
https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api.
"""

from tests.github_server.graphql.asking import Context
from tests.github_server.graphql.cost import MAX_NODES, Cost
from tests.github_server.graphql.execute import Query, load_schema
from tests.github_server.graphql.resolvers import RESOLVERS

__all__ = ["MAX_NODES", "RESOLVERS", "Context", "Cost", "Query", "load_schema"]
