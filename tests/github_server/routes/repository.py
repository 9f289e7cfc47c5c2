"""The repository, its people, and the caller's own account."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.github_server.http import ApiError, Response, not_found
from tests.github_server.routes.call import Call, route
from tests.github_server.views.people import (
    full_repository_view,
    permission_view,
    public_user_view,
)

if TYPE_CHECKING:
    from tests.github_server.state import User


def _user(call: Call) -> User:
    user = call.world.users.get(call.parameters["username"].lower())
    if user is None:
        raise not_found()
    return user


@route("GET", ".")
def get_repository(call: Call) -> Response:
    return Response(body=full_repository_view(call.at, call.world))


@route("GET", "./collaborators/{username}")
def check_collaborator(call: Call) -> Response:
    if call.world.roles.get(call.parameters["username"].lower(), "none") == "none":
        raise not_found()
    return Response(status=204)


@route("GET", "./collaborators/{username}/permission")
def get_permission(call: Call) -> Response:
    return Response(body=permission_view(call.at, call.world, _user(call)))


@route("GET", "/users/{username}")
def get_user(call: Call) -> Response:
    return Response(body=public_user_view(call.at, _user(call)))


@route("GET", "/user")
def get_authenticated_user(call: Call) -> Response:
    if call.token.is_integration:
        raise ApiError(403, "Resource not accessible by integration")
    return Response(body=public_user_view(call.at, call.actor))


@route("GET", "/rate_limit")
def get_rate_limit(call: Call) -> Response:
    left = call.world.settings.remaining
    reset = int(time.time()) + 3600
    limit = {"limit": 5000, "used": 5000 - left, "remaining": left, "reset": reset}
    return Response(body={"resources": {"core": limit, "search": limit}, "rate": limit})
