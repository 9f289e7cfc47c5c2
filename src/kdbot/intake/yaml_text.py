"""Strict YAML: text, lists, mappings, and nothing that a record does not need.

PyYAML's own loaders change this data silently (`2402.10100` becomes a number, a doubled key
vanishes), and its C composer recurses without limit. So the value is built here from the parser's
events, one at a time, and every limit is checked at each of them. Scalars stay text; only the plain
words `true` and `false` become booleans.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

import yaml

from kdbot.model.finding import Finding, Rule, error_rule, quote, warning_rule
from kdbot.model.paper import NUMBERS, is_year
from kdbot.text.record import double_quoted, is_day, is_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much of a file is read.

    Attributes:
        bytes: its size.
        depth: how deep values may be nested.
        nodes: how many values it may contain.
    """

    bytes: int
    depth: int
    nodes: int


MAX_BYTES = 64 * 1024
_MAX_DEPTH = 8
_MAX_NODES = 4_000

_RECORD = Bounds(bytes=MAX_BYTES, depth=_MAX_DEPTH, nodes=_MAX_NODES)
"""Bounds of a record, which is untrusted."""
MAINTAINED = Bounds(bytes=1024 * 1024, depth=40, nodes=100_000)
"""Bounds of what the list's maintainers write: taxonomy, venues, decisions."""

Path: TypeAlias = tuple[str | int, ...]

NOT_TEXT = error_rule(
    "yaml-not-text",
    "A data file is UTF-8 text without byte order mark, control characters or unusual line breaks.",
    "Save the file as UTF-8 without a byte order mark, with ordinary line breaks.",
)
TOO_LARGE = error_rule(
    "yaml-too-large",
    "A data file is small, not deeply nested, and has a limited number of values.",
    "Use only the fields of a record; a paper's file has about ten lines.",
)
NOT_READABLE = error_rule(
    "yaml-not-readable",
    "A data file is one valid YAML document.",
    "Fix the named line; a value with `: `, `#` or brackets needs double quotes.",
)
FORBIDDEN = error_rule(
    "yaml-forbidden",
    "A data file has no anchors, aliases, tags or merge keys, and its keys are text.",
    "Write the value in full; if it starts with `&`, `*` or `!`, put it in double quotes.",
)
DUPLICATE_KEY = error_rule(
    "yaml-duplicate-key", "Each key appears once.", "Remove one of the two lines."
)
AMBIGUOUS = warning_rule(
    "yaml-ambiguous",
    "Every YAML reader reads a value as the same text, not as a number or a date.",
    "Put the value in double quotes.",
    since="0.2.0",
)

# libyaml takes U+0085, U+2028 and U+2029 for line breaks, which would smuggle in a key.
_FORBIDDEN_CHARACTER = re.compile("[^\n\r\t -~\xa0-\u2027\u202a-\ufefe\uff00-\U0010ffff]")
# A line as `render_record` writes it: a key or a dash, then text in quotes, a list or bare text.
_ITEM = r"""(?:"[^"\\\r\n]*"|[^]["',\s][^]["',\r\n]*)"""
_WRITTEN_LINE = re.compile(
    rf"""^(?:([a-z][a-z0-9_]*):|  -)"""
    rf"""(?: (?:"([^"\\\r\n]*)"|\[({_ITEM}(?:, {_ITEM})*)\]|([^"[\r\n][^\r\n]*)))?$\n""",
    re.MULTILINE,
)
_LISTED = re.compile(r"""(?:"([^"]*)"|([^"',\s][^"',]*))(?:, |$)""")
_TAKEN_FOR = {"bool": "a boolean", "float": "a number", "int": "a number", "null": "nothing"}
_BREAKS = {"\ufeff": "a byte order mark", "\x85": "U+0085", "\u2028": "U+2028", "\u2029": "U+2029"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A YAML file as plain values.

    Attributes:
        value: text, booleans, lists and dicts.
        lines: line of each value by its path, counted from 1.
        is_usual: whether all of its scalars are of the forms that no reader takes for another
            value.
    """

    value: Any
    lines: dict[Path, int]
    is_usual: bool = True


class _RefusedError(Exception):
    """Carries the finding that ends the reading."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def parse_yaml(data: bytes, file: str, bounds: Bounds = _RECORD) -> Document | Finding:
    """Read one strict YAML document.

    Args:
        data: the file's bytes.
        file: its path, for the finding.
        bounds: how much of it is read.

    Returns:
        The document, or the one finding that says why it cannot be read. No input raises.
    """
    text = _decode(data, file, bounds)
    if isinstance(text, Finding):
        return text
    if len(text) <= bounds.nodes and (written := _read_written(text)):
        return written
    parser = yaml.CSafeLoader(text)
    try:
        return _Builder(parser, file, bounds).document()
    except _RefusedError as refused:
        return refused.finding
    except yaml.YAMLError as error:
        return _unreadable(error, file)
    finally:
        parser.dispose()


def _read_written(text: str) -> Document | None:
    """Read a file in which every line is as `render_record` writes it, or return None.

    Such a file reads the same without a parser, in a fifth of the time.
    """
    value: dict[str, Any] = {}
    lines: dict[Path, int] = {(): 1}
    written = _WRITTEN_LINE.findall(text)
    if len(written) != text.count("\n") or text[-1:] != "\n":
        return None
    name, below = "", list[Any]()  # the last key, and its values where each has a line
    for number, (key, quoted, listed, bare) in enumerate(written, 1):
        found: Any = quoted or None
        if key in value or (key and not is_plain(key)) or not (key or value.get(name) is below):
            return None
        name = key or name
        path: Path = (name,) if key else (name, len(below))
        lines[path] = number
        if bare:
            found = _bare_value(bare, path)
        elif listed and key:
            found = [q or _bare_value(b, (key, 0)) for q, b in _LISTED.findall(listed)]
            lines.update(((key, index), number) for index in range(len(found)))
        elif key and not quoted and not listed:
            found = below = []
        elif _is_number(path, quoted):
            return None
        if found is None or (listed and None in found):
            return None
        if key:
            value[key] = found
        else:
            below.append(found)
    return Document(value=value, lines=lines) if value and [] not in value.values() else None


def _bare_value(text: str, path: Path) -> str | bool | None:
    """Return the value of a bare text, or None where readers may take it for another value."""
    if text in {"true", "false"}:
        return text == "true"
    return text if is_plain(text) or is_day(text) or _is_number(path, text) else None


def check_other_readers(data: bytes, file: str, document: Document) -> Iterator[Finding]:
    """Find the values of a file that another reader of YAML 1.1 would read differently.

    PyYAML's own parser and resolver stand for all of them; no value is built from what they find.

    Args:
        data: the file's bytes.
        file: its path, for the findings.
        document: what `parse_yaml` made of it.
    """
    if document.is_usual:
        return
    try:
        root = yaml.compose(data.decode("utf-8"), Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        told = _unreadable(error, file)
        message = "Some YAML readers cannot read this line, since a value in it has no quotes."
        yield AMBIGUOUS.finding(message, file=file, line=told.line)
        return
    for path, text, taken_for in _differences(root, document.value, ()):
        is_number = _is_number(path, text)
        field = next((str(part) for part in path if isinstance(part, str)), None)
        yield AMBIGUOUS.finding(
            f"Some YAML readers read {quote(text)} as {taken_for}; "
            f"{'a number' if is_number else 'text'} is meant.",
            fix=f"Write {quote(text if is_number else double_quoted(text), 300)}.",
            field=field,
            file=file,
            line=document.lines.get(path),
        )


def _differences(node: Any, value: Any, path: Path) -> Iterator[tuple[Path, str, str]]:
    """Yield each text that PyYAML reads as another value: its path, the text, the type."""
    if isinstance(node, yaml.MappingNode) and isinstance(value, dict):
        for (key_node, child), (key, below) in zip(node.value, value.items(), strict=False):
            yield from _differences(key_node, key, (*path, key))
            yield from _differences(child, below, (*path, key))
    elif isinstance(node, yaml.SequenceNode) and isinstance(value, list):
        for index, (child, below) in enumerate(zip(node.value, value, strict=False)):
            yield from _differences(child, below, (*path, index))
    else:
        kind = str(node.tag).rpartition(":")[2]
        is_same = kind == "str" and node.value == value
        if _is_number(path, str(value)):
            if is_same:
                yield path, str(value), "a text"
        elif not (is_same or value in ("", True, False) or is_day(str(node.value))):
            yield path, str(value), _TAKEN_FOR.get(kind, "something else")


def _is_number(path: Path, text: str) -> bool:
    return len(path) == 1 and path[0] in NUMBERS and is_year(text)


def _is_usual(event: Any, path: Path) -> bool:
    """Tell whether a scalar is on one line, and in quotes where its bare text could mislead."""
    if event.start_mark.line != event.end_mark.line:
        return False
    text = event.value
    if event.style:
        return event.style in {'"', "'"} and not _is_number(path, text)
    return is_plain(text) or text in {"true", "false"} or is_day(text) or _is_number(path, text)


def _decode(data: bytes, file: str, bounds: Bounds) -> str | Finding:
    if len(data) > bounds.bytes:
        return TOO_LARGE.finding(
            f"The file has {len(data):,} bytes; at most {bounds.bytes:,} are read.", file=file
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return NOT_TEXT.finding(
            f"Byte {error.start + 1} (`0x{data[error.start]:02x}`) is not UTF-8.",
            file=file,
            line=line,
        )
    forbidden = _FORBIDDEN_CHARACTER.search(text)
    if forbidden is None:
        return text
    character = forbidden.group()
    name = _BREAKS.get(character) or f"the control character U+{ord(character):04X}"
    return NOT_TEXT.finding(
        f"The text contains {name}.",
        file=file,
        line=text.count("\n", 0, forbidden.start()) + 1,
    )


def _unreadable(error: yaml.YAMLError, file: str) -> Finding:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    return NOT_READABLE.finding(
        f"The file cannot be read as YAML: {problem}.".replace("`", "'"),
        file=file,
        line=None if mark is None else mark.line + 1,
    )


class _Builder:
    """Builds the value of one document while it counts what it has seen."""

    def __init__(self, parser: yaml.CSafeLoader, file: str, bounds: Bounds) -> None:
        self._events: Iterator[Any] = iter(parser.get_event, None)
        self._file = file
        self._bounds = bounds
        self._lines: dict[Path, int] = {}
        self._nodes = 0
        self._is_usual = True

    def document(self) -> Document:
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            return Document(value=None, lines={})
        value = self._node(next(self._events), ())
        next(self._events)
        end = next(self._events)
        if not isinstance(end, yaml.StreamEndEvent):
            self._refuse(NOT_READABLE, end, "A second document starts here; a file has only one.")
        return Document(value=value, lines=self._lines, is_usual=self._is_usual)

    def _node(self, event: Any, path: Path) -> Any:
        """Build one node; the recursion is as deep as the bounds allow."""
        self._check(event, path)
        self._lines[path] = _line(event)
        if isinstance(event, yaml.ScalarEvent):
            self._is_usual = self._is_usual and _is_usual(event, path)
            if event.implicit[0] and event.value in {"true", "false"}:
                return event.value == "true"
            return event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, path, mapping)
            mapping[key] = self._node(next(self._events), (*path, key))
            # A value may be below its key; the finding points at the key.
            self._lines[(*path, key)] = _line(event)
        return mapping

    def _key(self, event: Any, path: Path, mapping: dict[str, Any]) -> str:
        self._check(event, path)
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse(FORBIDDEN, event, "A key here is a list or a mapping, not text.")
        key: str = event.value
        self._is_usual = self._is_usual and _is_usual(event, ())
        if key == "<<":
            self._refuse(FORBIDDEN, event, "There is a merge key (`<<`) here.")
        if key in mapping:
            lines = f"lines {self._lines[(*path, key)]} and {_line(event)}"
            message = f"The key {quote(key)} appears twice, in {lines}; only one can count."
            self._refuse(DUPLICATE_KEY, event, message)
        return key

    def _check(self, event: Any, path: Path) -> None:
        self._nodes += 1
        if self._nodes > self._bounds.nodes:
            self._refuse(TOO_LARGE, event, f"The file has more than {self._bounds.nodes:,} values.")
        if len(path) > self._bounds.depth:
            self._refuse(
                TOO_LARGE, event, f"Values are nested deeper than {self._bounds.depth} levels."
            )
        if event.anchor is not None:
            alias = isinstance(event, yaml.AliasEvent)
            name = quote(("*" if alias else "&") + str(event.anchor))
            self._refuse(FORBIDDEN, event, f"An {'alias' if alias else 'anchor'} ({name}) is used.")
        if not isinstance(event, yaml.AliasEvent) and event.tag is not None:
            self._refuse(FORBIDDEN, event, f"A tag ({quote(event.tag)}) is used.")

    def _refuse(self, rule: Rule, event: Any, message: str) -> NoReturn:
        raise _RefusedError(rule.finding(message, file=self._file, line=_line(event)))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
