"""The bot's words: Jinja2 templates in which every value is escaped for Markdown.

A template holds the sentences, Python the values. Autoescape is on: a value passes `escape_text`
unless it is `Markdown` already, which only the functions of this package and the filters return.
Operators and methods that join texts past that escape (`~`, `+`, `%`, `.format`) are refused.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from kdbot.publish.markdown import escape_code, escape_message, escape_text, link_target

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

_TEMPLATES = files("kdbot.publish.comment") / "templates"
_LINE_END = re.compile(r"\s*\n\s*")


class Markdown(Markup):
    """Markdown in which everything that others wrote is escaped; what is added to it gets escaped.

    Attributes are those of `str`.
    """

    __slots__ = ()

    @classmethod
    def escape(cls, s: Any, /) -> "Markdown":
        """Return a value as Markdown, escaped unless it is marked safe."""
        if type(s) is cls:
            return s
        return cls(s if isinstance(s, Markup) else escape_text(str(s)))


class Words:
    """The templates of one list: kdbot's own, some of them replaced by the list's.

    A replaced template that cannot be used is told once, and kdbot's own is used for it.
    """

    def __init__(
        self,
        overrides: Mapping[str, str] | None = None,
        warn: Callable[[str], None] = lambda _message: None,
    ) -> None:
        """Take the list's own templates.

        Args:
            overrides: their texts by name, such as `ready.md.j2`.
            warn: is told what is wrong with one of them.
        """
        self._overrides = dict(overrides or {})
        self._warn = warn

    @property
    def are_built_in(self) -> bool:
        """Whether no template is replaced."""
        return not self._overrides

    def render(self, template: str, **values: Any) -> Markdown:
        """Return a template filled with values.

        Args:
            template: its name.
            values: by the names that the template knows them by; texts are escaped.
        """
        return self._try(lambda found: found.get_template(template).render(values))

    def say(self, template: str, macro: str, *values: Any) -> Markdown:
        """Return what one macro of a template says; values are escaped as in `render`."""
        return self._try(lambda found: getattr(found.get_template(template).module, macro)(*values))

    def _try(self, use: Callable[["SandboxedEnvironment"], str]) -> Markdown:
        if self._overrides:
            from jinja2 import TemplateError

            try:
                return Markdown(use(self._environment))
            except (
                TemplateError,
                ArithmeticError,
                AttributeError,
                LookupError,
                TypeError,
            ) as error:
                self._warn(describe_error(error))
                # One error is told once, and the comment is the built-in one as a whole.
                self._overrides = {}
        return Markdown(use(BUILT_IN._environment))

    @cached_property
    def _environment(self) -> "SandboxedEnvironment":
        return make_environment(self._overrides)


def template_names() -> frozenset[str]:
    """Return the names of all templates, which a list may replace."""
    return frozenset(entry.name for entry in _TEMPLATES.iterdir() if entry.name.endswith(".j2"))


def describe_error(error: Exception) -> str:
    """Return where a template is wrong and why, in one line of plain text."""
    name, line = getattr(error, "name", None), getattr(error, "lineno", None)
    place = f"{name}{f', line {line}' if line else ''}: " if name else ""
    return f"{place}{' '.join(str(error).split())}"


def make_environment(overrides: Mapping[str, str]) -> "SandboxedEnvironment":
    """Return the environment of the templates; Jinja2 is imported here, where it is needed."""
    from jinja2 import FunctionLoader, StrictUndefined, Undefined
    from jinja2.compiler import CodeGenerator
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import SandboxedEnvironment

    class Generator(CodeGenerator):
        def visit_Concat(self, node: Any, _frame: Any) -> None:  # noqa: N802 - Jinja2's own name
            self.fail("`~` is not known here; write the values one after the other", node.lineno)

    class Environment(SandboxedEnvironment):
        code_generator_class = Generator
        intercepted_binops = frozenset({"+", "%", "*"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if isinstance(left, str) or isinstance(right, str):
                raise SecurityError(f"`{operator}` is for numbers; write texts one after the other")
            return super().call_binop(context, operator, left, right)

        def is_safe_attribute(self, obj: Any, attr: str, _value: Any) -> bool:
            return not attr.startswith("_") and not isinstance(obj, str)

    def read(name: str) -> str | None:
        if name in overrides:
            return overrides[name]
        return (_TEMPLATES / name).read_text("utf-8") if name in template_names() else None

    def finalize(value: Any) -> Any:
        return value if isinstance(value, Undefined) else Markdown.escape(value)

    def blocks(*parts: Any) -> Markdown:
        return _join_parts("\n\n", parts, Undefined)

    def join(parts: Iterable[Any], separator: str) -> Markdown:
        return _join_parts(separator, parts, Undefined)

    environment = Environment(
        loader=FunctionLoader(read),
        autoescape=True,
        finalize=finalize,
        undefined=StrictUndefined,
    )
    environment.globals = {"blocks": blocks, "count": _count, "each": _each, "fold": _fold}
    environment.filters = {
        "address": lambda url: Markdown(link_target(url)),
        "code": lambda text: Markdown(escape_code(text)),
        "join": join,
        "length": len,
        "message": lambda text: Markdown(escape_message(text)),
        "number": lambda number: Markdown(f"{number:,}"),
        "paragraph": paragraph,
    }
    return environment


def paragraph(text: Markup) -> Markdown:
    """Return text as one line: the lines of a template become words of one paragraph."""
    return Markdown(_LINE_END.sub(" ", Markdown.escape(text).strip()))


def _join_parts(separator: str, parts: Iterable[Any], undefined: type) -> Markdown:
    """Join what is not empty; a list counts as its parts, `x if y` without `else` as nothing."""
    found: list[Markdown] = []
    for part in parts:
        if isinstance(part, list):
            found += [Markdown.escape(one).strip("\n") for one in part]
        elif not isinstance(part, undefined) and part is not None:
            found.append(Markdown.escape(part).strip("\n"))
    return Markdown(separator).join(filter(None, found))


def _each(values: Iterable[Any], macro: Callable[[Any], str]) -> list[str]:
    return [macro(value) for value in values]


def _count(number: int, noun: str) -> Markdown:
    return Markdown(f"{number} {noun}{'' if number == 1 else 's'}")


def _fold(summary: str, body: Markup) -> Markdown:
    """Return a part that opens on a click."""
    shown = Markdown.escape(body).strip("\n")
    title = Markdown.escape(summary).strip()
    return Markdown(f"<details>\n<summary>{title}</summary>\n\n{shown}\n\n</details>")


BUILT_IN = Words()
"""The templates of kdbot itself."""
