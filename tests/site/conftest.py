"""The lists that the page is built from."""

from tests.site.lists import (
    collect,
    listed,
    listed_settings,
    many,
    papers,
    schema,
    settings,
)

__all__ = ["collect", "listed", "listed_settings", "many", "papers", "schema", "settings"]
