"""The bot's words: Jinja2 templates in which every value is escaped for Markdown.

A template contains the sentences, Python the values. Autoescape is on: a value passes `escape_text`
unless it is `Markdown` already, which only the functions of this package and the filters return.
Operators and methods that join texts past that escape (`~`, `+`, `%`, `.format`) are refused.
"""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kdbot.model.finding import Finding, error_rule, quote
from kdbot.publish.markdown import Markdown

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

OVERRIDES = ".github/kdbot"
"""Folder of a list in which a template replaces kdbot's own of the same name."""

TEMPLATE_BROKEN = error_rule(
    "template-broken",
    "Every template in `.github/kdbot/` replaces one of kdbot's own and is valid.",
    "Compare it with kdbot's own, which is used until this one is fixed.",
    since="0.2.0",
)


class Words:
    """The templates of one list: kdbot's own, some of them replaced by the list's.

    If a replaced template fails, kdbot says so once and uses its own templates from then on.
    """

    def __init__(
        self,
        overrides: Mapping[str, str] | None = None,
        warn: Callable[[str], None] = lambda _message: None,
    ) -> None:
        """Take the list's own templates.

        Args:
            overrides: their texts by name, such as `ready.md.j2`.
            warn: called with the problem of a template.
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

    def give_up(self, reason: str) -> None:
        """Use kdbot's own templates from now on, and say why."""
        self._overrides = {}
        self._warn(
            f"a template in {OVERRIDES} cannot be used, so kdbot's own templates are used: {reason}"
        )

    def _try(self, use: Callable[["SandboxedEnvironment"], str]) -> Markdown:
        if self._overrides:
            try:
                return Markdown(use(self._environment))
            except Exception as error:  # noqa: BLE001 - a template can fail in as many ways as code
                self.give_up(_describe(error))
        return Markdown(use(BUILT_IN._environment))

    @cached_property
    def _environment(self) -> "SandboxedEnvironment":
        from kdbot.publish.comment.environment import make_environment

        return make_environment(self._overrides)


def check_templates(overrides: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return the problems with the list's own templates that can be found before use.

    Args:
        overrides: their texts by name.
    """
    if not overrides:
        return ()
    from jinja2 import TemplateError

    from kdbot.publish.comment.environment import make_environment, read_template, template_names

    environment = make_environment(overrides)
    found: list[Finding] = []
    for name, text in sorted(overrides.items()):
        file = f"{OVERRIDES}/{name}"
        if name not in template_names():
            near = get_close_matches(name, template_names(), n=1)
            fix = f"Rename it to {quote(near[0])}." if near else None
            message = f"There is no template {quote(name)} to replace."
            found.append(TEMPLATE_BROKEN.finding(message, fix=fix, file=file, line=1))
            continue
        try:
            environment.compile(text, name)
            known = _macros(environment, read_template(name))
            for missing in sorted(known - _macros(environment, text)):
                message = f"The macro {quote(missing)} is missing."
                fix = f"Copy it from kdbot's own {quote(name)}."
                found.append(TEMPLATE_BROKEN.finding(message, fix=fix, file=file, line=1))
        except TemplateError as error:
            line = getattr(error, "lineno", None) or 1
            found.append(TEMPLATE_BROKEN.finding(f"{quote(error, 300)}.", file=file, line=line))
    return tuple(found)


def _macros(environment: "SandboxedEnvironment", text: str) -> frozenset[str]:
    """Return the macros of a template that others call: a name with `_` in front is its own."""
    from jinja2.nodes import Macro

    names = (found.name for found in environment.parse(text).find_all(Macro))
    return frozenset(name for name in names if not name.startswith("_"))


def _describe(error: Exception) -> str:
    """Return where a template is wrong and why, in one line of plain text."""
    name, line = getattr(error, "name", None), getattr(error, "lineno", None)
    place = f"{name}{f', line {line}' if line else ''}: " if name else ""
    return f"{place}{' '.join(str(error).split()) or type(error).__name__}"


BUILT_IN = Words()
"""The templates of kdbot itself."""
