"""The page's templates, in which every value is escaped once."""

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


def render_macro(name: str, macro: str, *values: Any) -> Markup:
    """Return a macro of a template of this package, filled with values."""
    text: Markup = getattr(_module(name), macro)(*values)
    return text


def read_asset(name: str) -> str:
    """Return the text of a style sheet or script of this package."""
    return (_PACKAGE / "assets" / name).read_text("utf-8")


@cache
def _module(name: str) -> Any:
    return _environment().get_template(name).module


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
