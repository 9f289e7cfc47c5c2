"""The page's own templates and assets, filled with values."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from jinja2 import Environment

_PACKAGE = files("kdbot.publish.site")


def render_template(name: str, **values: Any) -> str:
    """Return a template of this package filled with values.

    A value that the template names and nobody gives is an error.
    """
    return _environment().get_template(name).render(values)


def template_macro(template: str, name: str) -> Callable[..., Markup]:
    """Return a macro of a template of this package as a function."""
    found: Callable[..., Markup] = getattr(_environment().get_template(template).module, name)
    return found


def read_asset(name: str) -> str:
    """Return the text of a style sheet or script of this package."""
    return (_PACKAGE / "assets" / name).read_text("utf-8")


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    def read(name: str) -> str:
        return (_PACKAGE / "templates" / name).read_text("utf-8")

    return Environment(
        loader=FunctionLoader(read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
