"""The values that pass between the HTTP server and the routes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCUMENTATION = "https://docs.github.com/rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call of a client, taken apart."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def is_write(self) -> bool:
        """Whether the call can change something (a GraphQL query is read by its own module)."""
        return self.method not in ("GET", "HEAD") and self.path != "/graphql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer: status, JSON body (None for an empty one) and extra headers."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class ApiError(Exception):
    """An answer of 3xx, 4xx or 5xx, raised where the reason is found."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: list[Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {message}")
        self.status = status
        self.message = message
        self.errors = errors
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """Write the error as GitHub words it."""
        body: dict[str, Any] = {"message": self.message, "documentation_url": DOCUMENTATION}
        if self.errors is not None:
            body["errors"] = self.errors
        else:
            body["status"] = str(self.status)
        return Response(status=self.status, body=body, headers=self.headers)


def not_found() -> ApiError:
    return ApiError(404, "Not Found")


def invalid(resource: str, name: str, code: str, message: str | None = None) -> ApiError:
    """Build the 422 that names a field."""
    error = {"resource": resource, "field": name, "code": code}
    if message:
        error["message"] = message
    return ApiError(422, "Validation Failed", errors=[error])


def unprocessable(message: str, *reasons: str) -> ApiError:
    """Build the 422 that names no field, with its reasons in words."""
    return ApiError(422, message, errors=list(reasons))
