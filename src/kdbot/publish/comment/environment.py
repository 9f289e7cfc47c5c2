"""The Jinja2 environment of the bot's words; imported only where a template is used."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any, NoReturn

from jinja2 import FunctionLoader, StrictUndefined, Undefined
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from kdbot.publish.markdown import (
    Markdown,
    clip,
    count,
    escape_code,
    escape_message,
    link_target,
    paragraph,
)

_TEMPLATES = files("kdbot.publish.comment") / "templates"


def make_environment(overrides: Mapping[str, str]) -> SandboxedEnvironment:
    """Return an environment in which some of kdbot's own templates are replaced.

    Args:
        overrides: texts by the names of the templates.
    """

    def load(name: str) -> str | None:
        if name in overrides:
            return overrides[name]
        return read_template(name) if name in template_names() else None

    environment = _Environment(
        loader=FunctionLoader(load),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        optimized=False,  # a first answer fills each template once, and pays for compiling it
    )
    environment.globals = {
        "blocks": lambda *parts: _join("\n\n", parts),
        "count": lambda number, noun: Markdown(count(number, noun)),
        "each": lambda values, macro: [macro(value) for value in values],
        "fold": _fold,
    }
    environment.filters = {
        "address": lambda url: Markdown(link_target(url)),
        "clip": lambda text: clip(text or ""),
        "code": lambda text: Markdown(escape_code(text)),
        "join": lambda parts, separator: _join(separator, parts),
        "length": len,
        "message": lambda text: Markdown(escape_message(text)),
        "number": lambda number: Markdown(f"{number:,}"),
        "paragraph": paragraph,
    }
    return environment


def template_names() -> frozenset[str]:
    """Return the names of all templates, which a list may replace."""
    return frozenset(entry.name for entry in _TEMPLATES.iterdir() if entry.name.endswith(".j2"))


def read_template(name: str) -> str:
    """Return the text of one of kdbot's own templates."""
    return (_TEMPLATES / name).read_text("utf-8")


class _Generator(CodeGenerator):
    def visit_Concat(self, node: Any, _frame: Any) -> NoReturn:  # noqa: N802 - Jinja2's own name
        self.fail("`~` is not known here; write the values one after the other", node.lineno)

    def visit_ScopedEvalContextModifier(self, node: Any, _frame: Any) -> NoReturn:  # noqa: N802
        self.fail("`autoescape` cannot be switched off", node.lineno)


class _Environment(SandboxedEnvironment):
    """Refuses what would join texts by the rules of HTML, as Jinja2 itself does."""

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "%", "*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not (isinstance(left, int) and isinstance(right, int)):
            raise SecurityError(f"`{operator}` is not for this; write texts one after the other")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, _value: Any) -> bool:
        return not attr.startswith("_") and not isinstance(obj, str)

    def wrap_str_format(self, _value: Any) -> None:
        return None  # so that `.format` is refused like every other method of a text


def _finalize(value: Any) -> Any:
    return value if isinstance(value, Undefined) else Markdown.escape(value)


def _join(separator: str, parts: Iterable[Any]) -> Markdown:
    """Join what is not empty; a list counts as its parts, `x if y` without `else` as nothing."""
    found: list[Markdown] = []
    for part in parts:
        if isinstance(part, list):
            found += [Markdown.escape(one).strip("\n") for one in part]
        elif not isinstance(part, Undefined) and part is not None:
            found.append(Markdown.escape(part).strip("\n"))
    return Markdown(separator).join(filter(None, found))


def _fold(summary: str, body: Markup) -> Markdown:
    """Return a part that opens on a click."""
    shown = Markdown.escape(body).strip("\n")
    title = Markdown.escape(summary).strip()
    return Markdown(f"<details>\n<summary>{title}</summary>\n\n{shown}\n\n</details>")
