"""Trim GitHub's OpenAPI description to the operations that the stand-in GitHub serves.

The source is `generated/api.github.com.json` of the npm package @octokit/openapi (MIT; its licence
stands beside this file). To renew `github.json`, fetch and unpack the package named in `SOURCE`
(`npm pack`), then run

    python tests/data/openapi/trim.py package/generated/api.github.com.json

What is written is JSON Schema draft 2020-12: `nullable` has become the type null, also in
enumerations, and `discriminator`, which no validator reads, is gone, as is all prose.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SOURCE = "@octokit/openapi@23.0.2"

_REPOSITORY = "/repos/{owner}/{repo}"

# Path (below /repos/{owner}/{repo} where it starts with a dot) and its methods.
OPERATIONS: tuple[tuple[str, str], ...] = (
    ("/rate_limit", "get"),
    ("/user", "get"),
    ("/users/{username}", "get"),
    (".", "get patch"),
    ("./actions/permissions", "get"),
    ("./actions/permissions/workflow", "get put"),
    ("./actions/variables/{name}", "get"),
    ("./actions/workflows", "get"),
    ("./actions/workflows/{workflow_id}/runs", "get"),
    ("./branches/{branch}", "get"),
    ("./branches/{branch}/protection", "get"),
    ("./collaborators/{username}", "get"),
    ("./collaborators/{username}/permission", "get"),
    ("./commits", "get"),
    ("./commits/{ref}", "get"),
    ("./commits/{ref}/status", "get"),
    ("./commits/{ref}/statuses", "get"),
    ("./commits/{commit_sha}/pulls", "get"),
    ("./compare/{basehead}", "get"),
    ("./contents/{path}", "get put"),
    ("./git/blobs", "post"),
    ("./git/blobs/{file_sha}", "get"),
    ("./git/commits", "post"),
    ("./git/commits/{commit_sha}", "get"),
    ("./git/matching-refs/{ref}", "get"),
    ("./git/ref/{ref}", "get"),
    ("./git/refs", "post"),
    ("./git/refs/{ref}", "patch delete"),
    ("./git/trees", "post"),
    ("./git/trees/{tree_sha}", "get"),
    ("./issues", "get post"),
    ("./issues/comments/{comment_id}", "get patch delete"),
    ("./issues/comments/{comment_id}/reactions", "get post"),
    ("./issues/comments/{comment_id}/reactions/{reaction_id}", "delete"),
    ("./issues/{issue_number}", "get patch"),
    ("./issues/{issue_number}/comments", "get post"),
    ("./issues/{issue_number}/events", "get"),
    ("./issues/{issue_number}/labels", "get post put delete"),
    ("./issues/{issue_number}/labels/{name}", "delete"),
    ("./issues/{issue_number}/lock", "put delete"),
    ("./issues/{issue_number}/reactions", "get post"),
    ("./issues/{issue_number}/reactions/{reaction_id}", "delete"),
    ("./issues/{issue_number}/timeline", "get"),
    ("./labels", "get post"),
    ("./labels/{name}", "get patch delete"),
    ("./pages", "get post put"),
    ("./pulls", "get post"),
    ("./pulls/{pull_number}", "get patch"),
    ("./pulls/{pull_number}/comments", "get"),
    ("./pulls/{pull_number}/commits", "get"),
    ("./pulls/{pull_number}/files", "get"),
    ("./pulls/{pull_number}/reviews", "get post"),
    ("./pulls/{pull_number}/reviews/{review_id}/comments", "get"),
    ("./rules/branches/{branch}", "get"),
    ("./statuses/{sha}", "post"),
    ("./topics", "get put"),
)

_PROSE = {"default", "deprecated", "description", "discriminator", "example", "examples"}
_PROSE |= {"externalDocs", "nullable", "readOnly", "title", "writeOnly"}
_DEFINITIONS = "#/components/schemas/"


def json_schema(node: Any) -> Any:
    """Rewrite an OpenAPI 3.0 schema as JSON Schema draft 2020-12."""
    if isinstance(node, list):
        return [json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": node["$ref"].replace(_DEFINITIONS, "#/$defs/")}
    out: dict[str, Any] = {}
    for key, value in node.items():
        if key in _PROSE or key.startswith("x-"):
            continue
        if key == "properties":
            out[key] = {name: json_schema(schema) for name, schema in value.items()}
        elif key in ("enum", "required"):
            out[key] = list(value)
        else:
            out[key] = json_schema(value)
    return _with_null(out) if node.get("nullable") else out


def _with_null(schema: dict[str, Any]) -> dict[str, Any]:
    if "enum" in schema and None not in schema["enum"]:
        schema["enum"].append(None)
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    if {"allOf", "anyOf", "oneOf"} & schema.keys():
        return {"anyOf": [schema, {"type": "null"}]}
    return schema


def referenced(node: Any) -> set[str]:
    """Name the definitions to which a schema points."""
    if isinstance(node, list):
        return set().union(*map(referenced, node))
    if not isinstance(node, dict):
        return set()
    names = set().union(*map(referenced, node.values()))
    if isinstance(node.get("$ref"), str):
        names.add(node["$ref"].removeprefix("#/$defs/"))
    return names


class Description:
    """GitHub's description, with its references to be followed."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            target: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def json_body(self, node: dict[str, Any]) -> Any:
        content = self.resolved(node).get("content", {})
        media = content.get("application/json")
        return json_schema(media["schema"]) if media and "schema" in media else None

    def operation(self, path: str, method: str) -> dict[str, Any]:
        source = self.document["paths"][path][method]
        parameters = [self.resolved(item) for item in source.get("parameters", [])]
        out: dict[str, Any] = {
            "id": source["operationId"],
            "query": {
                item["name"]: json_schema(item["schema"])
                for item in parameters
                if item["in"] == "query"
            },
            "responses": {
                status: self.json_body(response) for status, response in source["responses"].items()
            },
        }
        if "requestBody" in source:
            body = self.resolved(source["requestBody"])
            out["body"] = self.json_body(body)
            out["body_required"] = bool(body.get("required"))
        return out

    def trimmed(self) -> dict[str, Any]:
        operations = {
            f"{method.upper()} {full}": self.operation(full, method)
            for path, methods in OPERATIONS
            for full in [_REPOSITORY + path[1:] if path.startswith(".") else path]
            for method in methods.split()
        }
        definitions: dict[str, Any] = {}
        wanted = referenced(operations)
        while wanted:
            name = min(wanted)
            definitions[name] = json_schema(self.document["components"]["schemas"][name])
            wanted = (wanted | referenced(definitions[name])) - definitions.keys()
        return {
            "source": SOURCE,
            "operations": operations,
            "$defs": dict(sorted(definitions.items())),
        }


def main(argv: list[str]) -> None:
    source = Path(argv[1])
    trimmed = Description(json.loads(source.read_text(encoding="utf-8"))).trimmed()
    target = Path(__file__).with_name("github.json")
    target.write_text(
        json.dumps(trimmed, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main(sys.argv)
