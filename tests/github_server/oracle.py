"""GitHub's own OpenAPI description, asked about every request and every answer.

The description is closed on loading: a property that it does not name is a violation, so neither
the bot nor the stand-in can come to rely on a field that GitHub does not give.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = Path(__file__).parent.parent / "data" / "openapi"
_DESCRIPTION = _FOLDER / "github.json"
# What the published description lacks, written by hand from the REST documentation.
_FRAGMENT = _FOLDER / "actions_policies.json"

_MOVED = {"$ref": "#/$defs/basic-error"}

# Path parameters that may hold slashes.
_WIDE = {"basehead", "path", "ref"}


def _amend(description: dict[str, Any]) -> None:
    """Add what GitHub does but its description leaves out; each line is a known deviation."""
    definitions = description["$defs"]
    # Closing and reopening stand in an issue's events; the description has them in the timeline.
    definitions["issue-event-for-issue"]["anyOf"].append(
        {"$ref": "#/$defs/state-change-issue-event"}
    )
    # A rule and where it comes from are one object; closed one by one they exclude each other.
    rules = definitions["repository-rule-detailed"]
    info = definitions["repository-rule-ruleset-info"]["properties"]
    for number, variant in enumerate(rules["oneOf"]):
        rule = definitions[variant["allOf"][0]["$ref"].rpartition("/")[2]]
        rules["oneOf"][number] = {**rule, "properties": {**rule["properties"], **info}}
    # The head of a pull request whose fork was deleted has no repository, and maybe no user.
    for name in ("pull-request", "pull-request-simple"):
        head = definitions[name]["properties"]["head"]["properties"]
        for part in ("repo", "user"):
            head[part] = {"anyOf": [head[part], {"type": "null"}]}
    # A review's comment whose lines changed since has no place any more.
    placed = definitions["pull-request-review-comment"]["properties"]
    for name in ("line", "position"):
        placed[name] = {"type": ["integer", "null"]}
    # A ghost's actions have no actor.
    for definition in definitions.values():
        if "event" in definition.get("properties", {}) and "actor" in definition["properties"]:
            actor = definition["properties"]["actor"]
            definition["properties"]["actor"] = {"anyOf": [actor, {"type": "null"}]}


def _close(node: Any) -> None:
    """Forbid properties that an object's schema does not name."""
    if isinstance(node, list):
        for item in node:
            _close(item)
    elif isinstance(node, dict):
        if "properties" in node and "additionalProperties" not in node:
            node["additionalProperties"] = False
        for key, value in node.items():
            if key not in ("enum", "required", "allOf"):
                _close(list(value.values()) if key == "properties" else value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of the description: `key` is "GET /repos/{owner}/{repo}", `id` "repos/get"."""

    key: str
    id: str
    pattern: re.Pattern[str]
    query: Mapping[str, Any]
    body: Any = None
    body_required: bool = False
    responses: Mapping[str, Any] = field(default_factory=dict)


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    names = parts[1::2]
    regex = re.escape(parts[0])
    for name, literal in zip(names, parts[2::2], strict=True):
        regex += f"(?P<{name}>{'.+' if name in _WIDE else '[^/]+'})" + re.escape(literal)
    return re.compile(regex)


class Oracle:
    """Find operations and say what is wrong with their requests and answers."""

    def __init__(self, description: dict[str, Any]) -> None:
        _amend(description)
        _close(description["$defs"])
        self._definitions = description["$defs"]
        self._validators: dict[tuple[str, str], Any] = {}
        self.operations = [
            Operation(
                key=key,
                id=value["id"],
                pattern=_pattern(key.partition(" ")[2]),
                query=value["query"],
                body=value.get("body"),
                body_required=value.get("body_required", False),
                responses=value["responses"],
            )
            for key, value in description["operations"].items()
        ]
        # The most literal template wins: `./commits/{ref}/status` before `./commits/{ref}`.
        self.operations.sort(key=lambda o: -len(re.sub(r"\{\w+\}", "", o.key)))

    def match(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """Find the operation of a call, with its path parameters decoded."""
        for operation in self.operations:
            if operation.key.startswith(method + " ") and (m := operation.pattern.fullmatch(path)):
                return operation, {name: unquote(value) for name, value in m.groupdict().items()}
        return None

    def check_request(self, operation: Operation, query: Mapping[str, str], body: Any) -> list[str]:
        """Say what GitHub's description does not allow in this request."""
        found = []
        for name, text in query.items():
            if name not in operation.query:
                found.append(f"{operation.id}: no query parameter {name!r}")
            else:
                schema = operation.query[name]
                found += self._errors(
                    (operation.id, f"?{name}"), schema, _query_value(schema, text)
                )
        if body is None:
            if operation.body_required:
                found.append(f"{operation.id}: a body is required")
        elif operation.body is None:
            found.append(f"{operation.id}: takes no body")
        else:
            if operation.id in ("issues/add-labels", "issues/set-labels") and isinstance(
                body, list
            ):
                body = {"labels": body} if body else {}  # GitHub takes the bare list, too
            found += self._errors((operation.id, "body"), operation.body, body)
        return found

    def check_response(self, operation: Operation, status: int, body: Any) -> list[str]:
        """Say where this answer is not one that GitHub's description has for the operation."""
        schema = operation.responses.get(str(status))
        if str(status) not in operation.responses:
            if status in (301, 307):
                # A repository that was renamed leads elsewhere, whatever is asked of it.
                return self._errors((operation.id, str(status)), _MOVED, body)
            if status < 400:
                return [f"{operation.id}: never answers {status}"]
            errors = ("basic-error", "validation-error", "validation-error-simple")
            schema = {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in errors]}
        if schema is None:
            return (
                [] if body is None or status >= 300 else [f"{operation.id}: {status} has no body"]
            )
        if status >= 400 and "oneOf" in schema:
            schema = {"anyOf": schema["oneOf"]}  # the kinds of error overlap
        return self._errors((operation.id, str(status)), schema, body)

    def _errors(self, where: tuple[str, str], schema: Any, instance: Any) -> list[str]:
        if where not in self._validators:
            closed = json.loads(json.dumps(schema))
            _close(closed)
            self._validators[where] = jsonschema_rs.Draft202012Validator(
                {"$defs": self._definitions, "allOf": [closed]}, validate_formats=True
            )
        validator = self._validators[where]
        if validator.is_valid(instance):
            return []
        return [
            f"{' '.join(where)}: /{'/'.join(map(str, error.instance_path))}: {error.message[:300]}"
            for error in validator.iter_errors(instance)
        ]


def _query_value(schema: Mapping[str, Any], text: str) -> Any:
    kind = schema.get("type")
    if kind == "integer" and text.lstrip("-").isdigit():
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


@cache
def load_oracle() -> Oracle:
    """Read the description once for a test process."""
    description = json.loads(_DESCRIPTION.read_text(encoding="utf-8"))
    fragment = json.loads(_FRAGMENT.read_text(encoding="utf-8"))
    for part in ("operations", "$defs"):
        assert not description[part].keys() & fragment[part].keys()
        description[part] |= fragment[part]
    return Oracle(description)
