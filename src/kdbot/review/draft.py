"""A record under review: its values in canonical form, with the places where they were read."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kdbot.model.finding import Finding, Rule, Severity
from kdbot.model.paper import FieldValue, as_number
from kdbot.model.proposal import Candidate, Given, Origin
from kdbot.model.schema import PaperSchema
from kdbot.text.addresses import same_address
from kdbot.text.record import render_scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A candidate after its values were brought into canonical form.

    Attributes:
        candidate: what was proposed.
        values: canonical values by field, each of the shape that the schema gives the field; a
            list from a file keeps its order and length.
        given: where each of them was read, by the same names.
        findings: what was noticed on the way.
    """

    candidate: Candidate
    values: Mapping[str, FieldValue]
    given: Mapping[str, Given]
    findings: tuple[Finding, ...] = ()

    @property
    def file(self) -> str | None:
        """Path of the record, where the proposal is a file."""
        return self.candidate.file

    @property
    def in_pull_request(self) -> bool:
        """Whether it is a file or a README row, which only its author can complete."""
        origins = (given.origin for given in self.candidate.given.values())
        return self.file is not None or any(origin is Origin.ROW for origin in origins)

    def text(self, name: str) -> str:
        """Return the value of a text field, empty if there is none."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def items(self, name: str) -> tuple[str, ...]:
        """Return the values of a list field, empty if there are none."""
        value = self.values.get(name, ())
        return value if isinstance(value, tuple) else ()

    def has_error(self, name: str) -> bool:
        """Tell whether a field was found to be wrong already, so that it is not also missing."""
        return any(f.field == name and f.severity is Severity.ERROR for f in self.findings)

    def finding(
        self,
        rule: Rule,
        message: str,
        *,
        field: str | None = None,
        item: int | None = None,
        fix: str | None = None,
        replacement: str | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        """Return a finding at the place where the field, or an item of it, was read."""
        return rule.finding(
            message,
            fix=fix,
            field=field,
            file=self.file,
            line=self.line(field, item),
            replacement=replacement,
            severity=severity,
        )

    def line(self, field: str | None, item: int | None = None) -> int | None:
        """Return the line of a field or of an item of it; the first of the file for the whole."""
        if self.file is None:
            return None
        given = self.given.get(field or "") or self.candidate.given.get(field or "")
        if given is None:
            return 1
        if item is not None and item < len(given.item_lines):
            return given.item_lines[item]
        return given.line

    def fixed_line(
        self, field: str, value: str, *, item: int | None = None, key: str | None = None
    ) -> str | None:
        """Return the line of the file with the canonical value in it, or None where that is unsure.

        Args:
            field: the field as it was read.
            value: the value that belongs there.
            item: position in a list, where the value is an item of one.
            key: name of the field that the line should have instead.
        """
        given = self.candidate.given.get(field)
        if given is None or given.line is None or self.file is None:
            return None
        raw = given.value if item is None else given.value[item]
        if self.candidate.source is not None and isinstance(raw, str):
            line = self.line(field, item) or 1
            return _fix_line(self.candidate.source, line, raw, value, (field, key or field))
        if item is None:
            return f"{key or field}: {render_scalar(value, key or field)}"
        in_block = len({given.line, *given.item_lines}) == len(given.item_lines) + 1
        return f"  - {render_scalar(value, field)}" if in_block else None

    def with_values(self, values: Mapping[str, FieldValue]) -> "Draft":
        """Return the draft with other values."""
        return replace(self, values=values)

    def with_value(self, name: str, value: FieldValue, given: Given | None = None) -> "Draft":
        """Return the draft with one other value, and where it was read if that is known."""
        places = {**self.given, name: given} if given else self.given
        return replace(self, values={**self.values, name: value}, given=places)

    def without(self, name: str) -> "Draft":
        """Return the draft without a value."""
        values = {key: value for key, value in self.values.items() if key != name}
        given = {key: place for key, place in self.given.items() if key != name}
        return replace(self, values=values, given=given)

    def noting(self, *findings: Finding) -> "Draft":
        """Return the draft with more findings."""
        return replace(self, findings=(*self.findings, *findings))


def item_form(name: str, schema: PaperSchema) -> Callable[[str], str]:
    """Return what tells two items of a list field apart: an address is one in all its spellings."""
    return same_address if schema.lists_addresses(name) else str


def is_file(given: Given) -> bool:
    """Tell whether a value comes from a file, which its author fixes and not the bot."""
    return given.origin is Origin.FILE


def _fix_line(source: str, line: int, raw: str, value: str, keys: tuple[str, str]) -> str | None:
    """Replace a value, and its key, in one line of a file."""
    lines = source.split("\n")
    text = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    for spelling in (json.dumps(raw, ensure_ascii=False), f"'{raw}'", raw):
        if raw and text.count(spelling) == 1:
            before, after = text.split(spelling)
            old, new = keys
            if old != new:
                before = before.replace(f"{old}:", f"{new}:", 1)
            return f"{before}{render_scalar(value, new)}{after}"
    return None


def plain_values(values: Mapping[str, FieldValue]) -> dict[str, Any]:
    """Return values as JSON has them, for a JSON Schema validator."""
    return {k: list(v) if isinstance(v, tuple) else as_number(k, v) for k, v in values.items()}


_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def ordered(findings: Iterable[Finding], schema: PaperSchema) -> tuple[Finding, ...]:
    """Return findings, each once: errors first, then by field, line and code."""
    position = {name: index for index, name in enumerate(schema.by_name)}
    last = len(position)

    def key(finding: Finding) -> tuple[int, int, int, str]:
        place = position.get(finding.field or "", last)
        return _RANK[finding.severity], place, finding.line or 0, finding.code

    return tuple(sorted(dict.fromkeys(findings), key=key))
